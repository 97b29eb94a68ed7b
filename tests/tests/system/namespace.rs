//! The phone on a cable of its own: a network namespace with the real ports 80 and 69 and a
//! phone that gave itself 169.254.168.234 (case C11). No root is needed: the test enters a
//! user and network namespace of its own, and every packet stays in it.

use std::process::Command;

use tests::programs::path;
use tests::recovery::firmware;

/// `$1` hookflash, `$2` the simulated phone, `$3` the firmware.
const CABLE: &str = r#"
set -eu
ip link set lo up
unshare --net sleep 300 > /dev/null & room=$!
trap 'kill $room $phone 2>/dev/null || true' EXIT
phone=
# The room is a namespace of its own once its net differs from ours.
while [ "$(readlink /proc/$room/ns/net)" = "$(readlink /proc/$$/ns/net)" ]; do sleep 0.05; done
ip link add cable type veth peer name phone netns $room
ip addr add 169.254.168.233/16 dev cable
ip link set cable up
inside() { nsenter --target $room --net "$@"; }
inside ip link set lo up
inside ip addr add 169.254.168.234/16 dev phone
inside ip link set phone up
# Not through the function: the trap must kill the phone, not a shell around it.
nsenter --target $room --net "$2" --bind 169.254.168.234:80 --fast > "$3.phone" & phone=$!
until grep -q '"event":"ready"' "$3.phone" 2>/dev/null; do sleep 0.05; done
# Not -brief, which tells the state of the link as well: that may lag behind the cable.
before=$(ip -4 -oneline addr)
code=0; "$1" recover --phone 169.254.168.234 --firmware "$3" --yes --json || code=$?
[ "$before" = "$(ip -4 -oneline addr)" ] || { echo "the addresses of this computer were changed" >&2; exit 99; }
exit $code
"#;

#[test]
fn a_phone_at_its_link_local_address_is_recovered_over_the_real_ports() {
    let folder = tempfile::tempdir().unwrap();
    let file = firmware(folder.path(), "57i.st", 2_637_219);
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--net", "--", "sh", "-c", CABLE, "cable"])
        .args([path("hookflash"), path("simulated-phone"), file])
        .output()
        .expect("unshare starts");
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{said}\n{complained}");
    let last = said.lines().last().unwrap_or_default();
    assert!(last.contains(r#""outcome":"verified""#), "{last}");
    assert!(said.contains("at 169.254.168.233 by tftp, port 69"), "{said}");
}
