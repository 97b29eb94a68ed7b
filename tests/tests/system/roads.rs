//! By which road the file goes: TFTP with a phone that asks when and how it likes (C05), FTP to
//! any home (C28), another protocol when TFTP does not get through (C32), and the page itself,
//! which takes the file (C25).

use tests::many::each;
use tests::phone::SimulatedPhone;
use tests::recovery::{Recovery, firmware};

/// A phone that never comes back shall not hold up the others for ten minutes.
const WRITE_TIMEOUT: [&str; 2] = ["--write-timeout", "60"];

const BYTES: usize = 1_600_000;

fn recover(phone_options: &[&str], options: &[&str]) -> (SimulatedPhone, Recovery) {
    let folder = tempfile::tempdir().unwrap();
    let file = firmware(folder.path(), "57i.st", BYTES);
    let phone = SimulatedPhone::start(phone_options);
    let recovery = Recovery::of(&phone, &file, &[&WRITE_TIMEOUT[..], options].concat());
    (phone, recovery)
}

/// By which protocol the phone got the file.
#[track_caller]
fn road(phone: &SimulatedPhone) -> String {
    let received = phone.events_of("file_received");
    assert_eq!(received.len(), 1, "{received:?}");
    assert_eq!(received[0]["bytes"], BYTES);
    received[0]["protocol"].as_str().unwrap().to_owned()
}

#[test]
fn c05_the_server_is_up_before_the_form_goes_out_and_long_after() {
    each([["--quirk", "late=10"], ["--quirk", "lossy=2"]], |quirks| {
        let (phone, recovery) = recover(&quirks, &[]);
        recovery.assert_verified();
        assert_eq!(road(&phone), "tftp");
        let at = |kind: &str, name: &str| {
            recovery.lines.iter().position(|line| line["event"] == kind && line["name"] == name)
        };
        let form = recovery.lines.iter().position(|line| line["event"] == "rung").unwrap();
        assert!(at("check", "serving").unwrap() < form, "{:#?}", recovery.lines);
    });
}

#[test]
fn c28_ftp_serves_any_user_from_a_blank_path_whatever_its_client_does() {
    each(["passive", "active", "epsv", "eprt"], |client| {
        let client = format!("ftp={client}");
        let (phone, recovery) = recover(&["--quirk", "only=ftp", "--quirk", &client], &["--protocol", "ftp"]);
        recovery.assert_verified();
        assert_eq!(road(&phone), "ftp", "{client}");
        let asked = phone.events_of("file_requested");
        assert_eq!(asked[0]["name"], "57i.st", "in the user's home: {client}");
    });
}

#[test]
fn c28_a_phone_that_goes_to_a_folder_finds_the_file_there_too() {
    let (phone, recovery) =
        recover(&["--quirk", "only=ftp", "--quirk", "asks=folder"], &["--protocol", "ftp"]);
    recovery.assert_verified();
    assert_eq!(phone.events_of("file_requested")[0]["name"], "Aastra/57i.st");
}

#[test]
fn c32_where_tftp_does_not_get_through_the_next_protocol_is_tried_by_itself() {
    each([("blocks-tftp", ["http", "ftp"].as_slice()), ("only=ftp", &["ftp"])], |(quirk, protocols)| {
        let (phone, recovery) = recover(&["--quirk", quirk], &[]);
        recovery.assert_verified();
        assert!(protocols.contains(&road(&phone).as_str()), "{quirk}");
        let asked = phone.events_of("post_accepted");
        assert_eq!(asked[0]["protocol"], "tftp", "{quirk}: TFTP is tried first");
    });
}

#[test]
fn c32_where_the_form_offers_nothing_but_tftp_the_reason_is_told() {
    let (_phone, recovery) = recover(&["--quirk", "form=tftp-only", "--quirk", "no-request"], &[]);
    recovery.assert_failed(14, "phone::no_request");
    let next = recovery.finished()["next"].as_str().unwrap();
    assert!(next.contains("firewall"), "{next}");
}

#[test]
fn a_protocol_that_was_asked_for_is_the_only_one_that_is_tried() {
    each([("http", "ftp"), ("ftp", "http"), ("tftp", "http")], |(protocol, other)| {
        let (phone, recovery) = recover(&[], &["--protocol", protocol]);
        recovery.assert_verified();
        assert_eq!(road(&phone), protocol);
        let taken = phone.events_of("post_accepted");
        assert!(taken.iter().all(|event| event["protocol"] != other), "{taken:?}");
    });
}

#[test]
fn c25_a_page_that_takes_the_file_is_given_it() {
    each(["form=upload", "form=upload-token"], |quirk| {
        let folder = tempfile::tempdir().unwrap();
        // The smallest of that generation has about 11 MB (domain.md 3.2).
        let bytes = 11_336_808;
        let file = firmware(folder.path(), "6867i.st", bytes);
        let phone = SimulatedPhone::start(&["--model", "6867i", "--quirk", quirk]);
        let recovery = Recovery::of(&phone, &file, &[&WRITE_TIMEOUT[..], &["--model", "6867i"]].concat());
        recovery.assert_verified();
        let received = phone.events_of("file_received");
        assert_eq!(received.len(), 1, "{received:?}");
        assert_eq!((&received[0]["protocol"], &received[0]["bytes"]), (&"upload".into(), &bytes.into()));
        let progress: Vec<u64> =
            recovery.events_of("progress").iter().map(|line| line["bytes"].as_u64().unwrap()).collect();
        assert!(progress.is_sorted() && progress.last() == Some(&(bytes as u64)), "{progress:?}");
        assert!(progress.len() > 2, "it is told while it goes: {progress:?}");
        let asked = phone.events_of("file_requested");
        assert_eq!(asked.len(), 0, "no server was needed: {asked:?}");
    });
}
