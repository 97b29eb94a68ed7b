//! The phone is not in Web Recovery: the keys did nothing (C22), they were the wrong ones and it
//! is in the factory's test mode (C23), or it has left its recovery (C24).

use std::process::Command;

use serde_json::Value;
use tests::many::each;
use tests::phone::SimulatedPhone;
use tests::programs::path;
use tests::recovery::{Recovery, firmware};

fn recover(phone: &SimulatedPhone) -> Recovery {
    let folder = tempfile::tempdir().unwrap();
    let file = firmware(folder.path(), "57i.st", 1_600_000);
    Recovery::of(phone, &file, &[])
}

#[track_caller]
fn assert_told_the_keys(finished: &Value) {
    let next = finished["next"].as_str().unwrap();
    assert!(next.contains("1 and #"), "{next}");
}

#[test]
fn c22_a_phone_that_started_as_usual_is_told_from_one_in_recovery() {
    let phone = SimulatedPhone::start(&["--start", "normal", "--quirk", "other-password"]);
    let recovery = recover(&phone);
    recovery.assert_failed(12, "phone::normal_mode");
    assert_eq!(recovery.check("recovery_mode"), Some("fail"));
    assert_told_the_keys(recovery.finished());
    assert!(phone.events().iter().all(|event| event["method"] != "POST"), "nothing was sent");
}

#[test]
fn c24_a_phone_that_is_plugged_in_without_the_keys_is_seen_to_have_left_its_recovery() {
    let phone = SimulatedPhone::start(&["--commands", "--quirk", "other-password"]);
    phone.tell("unplug");
    phone.wait_for("dark");
    phone.tell("plug");
    phone.wait_for("back");
    let recovery = recover(&phone);
    recovery.assert_failed(12, "phone::normal_mode");
    let heading = recovery.finished()["heading"].as_str().unwrap();
    assert_eq!(heading, "The phone started as usual");
}

/// `$1` hookflash, `$2` the simulated phone, `$3` the firmware, `$4` how the phone starts. The
/// cable and the phone at the far end of it are in namespaces of the test's own.
const TEST_MODE: &str = r#"
set -eu
ip link set lo up
phone=
unshare --net sleep 300 > /dev/null & room=$!
trap 'kill $room $phone 2>/dev/null || true' EXIT
while [ "$(readlink /proc/$room/ns/net)" = "$(readlink /proc/$$/ns/net)" ]; do sleep 0.05; done
ip link add cable type veth peer name phone netns $room
ip addr add 10.30.102.1/24 dev cable
ip link set cable up
nsenter --target $room --net ip link set lo up
nsenter --target $room --net ip addr add 10.30.102.102/24 dev phone
nsenter --target $room --net ip link set phone up
nsenter --target $room --net "$2" --bind 10.30.102.102:80 --fast --start "$4" > "$3.phone" & phone=$!
until grep -q '"event":"ready"' "$3.phone" 2>/dev/null; do sleep 0.05; done
code=0; "$1" recover --phone 10.30.102.102 --firmware "$3" --yes --json || code=$?
exit $code
"#;

#[test]
fn c23_the_wrong_keys_are_known_by_the_address_of_the_test_mode() {
    // What a phone in test mode shows on its page is unknown: a login, or nothing at all.
    each(["normal", "dark"], |start| {
        let folder = tempfile::tempdir().unwrap();
        let file = firmware(folder.path(), "57i.st", 1_600_000);
        let output = Command::new("unshare")
            .args(["--user", "--map-root-user", "--net", "--", "sh", "-c", TEST_MODE, "test-mode"])
            .args([path("hookflash"), path("simulated-phone"), file])
            .arg(start)
            .output()
            .expect("unshare starts");
        let (said, complained) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(12), "{start}: {said}\n{complained}");
        let last: Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
        let told = last.to_string();
        assert!(told.contains("test mode"), "{start}: {told}");
        assert_told_the_keys(&last);
    });
}
