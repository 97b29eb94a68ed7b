//! The journey of one phone: `hookflash recover --json` against a simulated phone in another
//! process.

use tests::phone::SimulatedPhone;
use tests::recovery::{Recovery, firmware};

const WHOLE_JOURNEY: [&str; 10] =
    ["prepare", "find", "preflight", "send", "transfer", "write", "restart", "verify", "wipe", "done"];

/// 2.6 MB, as a 57i's, and no multiple of the block size.
const BYTES: usize = 2_637_219;

fn recover(phone_options: &[&str], options: &[&str]) -> (SimulatedPhone, Recovery) {
    let folder = tempfile::tempdir().unwrap();
    let file = firmware(folder.path(), "57i.st", BYTES);
    let phone = SimulatedPhone::start(phone_options);
    let recovery = Recovery::of(&phone, &file, options);
    (phone, recovery)
}

#[test]
fn c01_a_locked_57i_is_back_with_the_factory_password_verified_and_empty() {
    let (phone, recovery) = recover(&[], &[]);
    recovery.assert_verified();
    assert_eq!(recovery.phases(), WHOLE_JOURNEY);
    assert_eq!(recovery.check("login"), Some("pass"));
    assert_eq!(recovery.check("identity"), Some("pass"));
    assert_eq!(recovery.check("local_configuration"), Some("pass"));

    let received = phone.events_of("file_received");
    assert_eq!(received.len(), 1, "{received:?}");
    assert_eq!(received[0]["bytes"], BYTES);
    let resets: Vec<_> = phone.events_of("reset").iter().map(|event| event["option"].clone()).collect();
    assert_eq!(resets, [1, 2], "factory defaults, then the local configuration");
}

#[test]
fn the_lines_are_those_of_the_stable_command_line() {
    let (_phone, recovery) = recover(&[], &[]);
    recovery.assert_verified();
    let times: Vec<u64> = recovery.lines.iter().map(|line| line["at_ms"].as_u64().unwrap()).collect();
    assert!(times.is_sorted(), "{times:?}");
    let progress = recovery.events_of("progress");
    let bytes: Vec<u64> = progress.iter().map(|line| line["bytes"].as_u64().unwrap()).collect();
    assert!(bytes.is_sorted(), "{bytes:?}");
    assert_eq!(bytes.last(), Some(&(BYTES as u64)));
    assert!(progress.iter().all(|line| line["total"] == BYTES));
    assert_eq!(recovery.events_of("finished").len(), 1);
    for check in recovery.events_of("check") {
        assert!(matches!(check["result"].as_str(), Some("pass" | "warn" | "fail" | "unknown")), "{check}");
        assert!(check["name"].is_string() && check["detail"].is_string(), "{check}");
    }
}

#[test]
fn c02_c04_the_form_goes_out_as_firefox_2_sent_it_and_is_taken_at_once() {
    let (phone, recovery) = recover(&[], &[]);
    recovery.assert_verified();
    let rungs: Vec<_> = recovery.events_of("rung").iter().map(|line| line["rung"].clone()).collect();
    assert_eq!(rungs, ["R1"]);
    assert_eq!(phone.events_of("post_refused").len(), 0);
}

#[test]
fn c03_invalid_parameters_is_answered_with_another_way_until_the_phone_fetches() {
    let (phone, recovery) = recover(&["--quirk", "refuses-first=2"], &[]);
    recovery.assert_verified();
    let rungs: Vec<_> = recovery.events_of("rung").iter().map(|line| line["rung"].clone()).collect();
    assert_eq!(rungs.len(), 3, "{rungs:?}");
    assert_eq!(phone.events_of("post_refused").len(), 2);
}

#[test]
fn c05_a_phone_that_asks_several_times_is_served_each_time() {
    // Twice at once, and seconds late.
    for quirk in ["asks-twice", "late=3"] {
        let (phone, recovery) = recover(&["--quirk", quirk], &[]);
        recovery.assert_verified();
        assert_eq!(phone.events_of("file_received").len(), 1, "{quirk}");
    }
}

#[test]
fn c06_the_path_goes_out_blank() {
    let (_phone, recovery) = recover(&["--quirk", "blank-path"], &[]);
    recovery.assert_verified();
    let form = recovery.events_of("form")[0].clone();
    let paths: Vec<_> = form["fields"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|field| field["name"].as_str().is_some_and(|name| name.contains("path")))
        .map(|field| field["value"].clone())
        .collect();
    assert!(!paths.is_empty(), "{form}");
    assert!(paths.iter().all(|path| path == ""), "{paths:?}");
}

#[test]
fn c15_while_the_phone_writes_it_is_left_alone_until_it_is_really_back() {
    let (phone, recovery) = recover(&["--write-ms", "3000", "--dark-ms", "2500"], &[]);
    recovery.assert_verified();
    assert_eq!(recovery.phases(), WHOLE_JOURNEY);
    let events = phone.events();
    let at = |kind: &str| events.iter().position(|event| event["event"] == kind).unwrap();
    let (writing, back) = (at("writing_flash"), at("back"));
    let posts = events[writing..back].iter().filter(|event| event["method"] == "POST").count();
    assert_eq!(posts, 0, "nothing but looking while it writes");
}

#[test]
fn a_setting_that_comes_back_once_is_removed_again() {
    let (_phone, recovery) = recover(&["--scenario", "leftover-configuration"], &[]);
    recovery.assert_verified();
    assert_eq!(recovery.check("local_configuration"), Some("pass"));
}

#[test]
fn keep_config_leaves_the_settings_alone() {
    let (phone, recovery) = recover(&[], &["--keep-config"]);
    recovery.assert_verified();
    assert!(!recovery.phases().contains(&"wipe"));
    assert_eq!(phone.events_of("reset").len(), 0);
}

#[test]
fn the_file_goes_out_under_the_models_own_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = firmware(folder.path(), "download (3).bin", BYTES);
    let phone = SimulatedPhone::start(&[]);
    let recovery = Recovery::of(&phone, &file, &["--model", "6757i"]);
    recovery.assert_verified();
    let asked = phone.events_of("file_requested");
    assert_eq!(
        asked[0]["name"].as_str().map(|name| name.trim_start_matches('/')),
        Some("57i.st"),
        "{asked:?}"
    );
}
