//! The phone is back: with another password (C16), with old settings (C17), or its old provider
//! locks it again (C18).

use tests::many::each;
use tests::phone::SimulatedPhone;
use tests::recovery::{Recovery, firmware};

/// A phone that never comes back shall not hold up the others for ten minutes.
const WRITE_TIMEOUT: [&str; 2] = ["--write-timeout", "60"];

fn recover(phone_options: &[&str]) -> (SimulatedPhone, Recovery) {
    let folder = tempfile::tempdir().unwrap();
    let file = firmware(folder.path(), "57i.st", 1_600_000);
    let phone = SimulatedPhone::start(phone_options);
    let recovery = Recovery::of(&phone, &file, &WRITE_TIMEOUT);
    (phone, recovery)
}

/// All that a person is told about how it ended.
fn told(recovery: &Recovery) -> String {
    ["heading", "meaning", "seen", "next"].map(|key| recovery.finished()[key].as_str().unwrap()).join("\n")
}

#[test]
fn c16_another_password_is_not_guessed_at_and_what_to_do_is_told() {
    each(
        [&["--quirk", "other-password"][..], &["--quirk", "other-password", "--quirk", "lock-out=3"]],
        |quirks| {
            let (phone, recovery) = recover(quirks);
            recovery.assert_failed(17, "phone::other_password");
            assert_eq!(recovery.check("login"), Some("fail"));
            let logins = phone.events_of("login");
            assert!(logins.len() <= 3, "at most three times: {logins:?}");
            assert!(logins.iter().all(|login| login["user"] == "admin"), "{logins:?}");
            assert_eq!(phone.events_of("reset").len(), 0, "nobody came in");
            assert!(told(&recovery).contains("22222") || told(&recovery).contains("factory password"));
        },
    );
}

#[test]
fn c16_one_false_refusal_after_a_start_is_normal() {
    let (_phone, recovery) = recover(&["--quirk", "login-refusals=2"]);
    recovery.assert_verified();
}

#[test]
fn c17_what_survives_the_recovery_is_removed_until_it_is_gone() {
    each(["leftover-config", "sticky-config=1", "keeps-md5", "no-restart", "reset-drops"], |quirk| {
        let (phone, recovery) = recover(&["--quirk", "leftover-config", "--quirk", quirk]);
        recovery.assert_verified();
        assert!(matches!(recovery.check("local_configuration"), Some("pass" | "warn")), "{quirk}");
        let resets: Vec<u64> =
            phone.events_of("reset").iter().map(|event| event["option"].as_u64().unwrap()).collect();
        assert!(resets.contains(&1) && resets.contains(&2), "{quirk}: {resets:?}");
        let last_reset = phone.events().iter().rposition(|event| event["event"] == "reset").unwrap();
        let after = &phone.events()[last_reset..];
        assert!(after.iter().any(|event| event["event"] == "back"), "{quirk}: a restart after the last");
        assert!(
            after.iter().any(|event| event["target"] == "/localcfg.html"),
            "{quirk}: looked at again after it"
        );
    });
}

#[test]
fn c17_what_comes_back_every_time_is_told_by_name() {
    let (_phone, recovery) = recover(&["--quirk", "leftover-config", "--quirk", "sticky-config=9"]);
    recovery.assert_failed(17, "phone::settings_remain");
    assert!(told(&recovery).contains("configuration server"), "{}", told(&recovery));
}

#[test]
fn c18_a_phone_that_asks_for_its_configuration_is_told_to_stay_away_from_its_provider() {
    each(
        [
            ("re-provisioned", "tftp"),
            ("needs-config", "tftp"),
            ("asks-config", "tftp"),
            ("asks-config-http", "http"),
        ],
        |(quirk, over)| {
            let (phone, recovery) = recover(&["--quirk", quirk]);
            recovery.assert_verified();
            assert_eq!(phone.events_of("provisioned_again").len(), 0, "{quirk}");
            let asked = phone.events_of("configuration_requested");
            for (name, served) in [("startup.cfg", true), ("aastra.cfg", true), ("00085D19E401.cfg", false)] {
                let of_name: Vec<_> = asked.iter().filter(|event| event["name"] == name).collect();
                assert!(!of_name.is_empty(), "{quirk} over {over}: {name} was never asked for");
                for event in of_name {
                    assert_eq!(event["bytes"].is_u64(), served, "{quirk} over {over}: {event}");
                }
            }
            // Who would lock it again is seen from what it asks for.
            let said = recovery.lines.iter().map(ToString::to_string).collect::<String>();
            assert!(said.contains("aastra.cfg") && said.contains("00085D19E401.cfg"), "{quirk}: {said}");
        },
    );
}

#[test]
fn c18_a_provider_that_wins_all_the_same_is_named_as_the_reason() {
    let (phone, recovery) = recover(&["--quirk", "provider-wins"]);
    recovery.assert_failed(17, "phone::other_password");
    assert!(!phone.events_of("provisioned_again").is_empty());
    let told = told(&recovery);
    assert!(told.contains("provider"), "{told}");
    assert!(told.contains(".cfg"), "it was seen to ask for its configuration: {told}");
}
