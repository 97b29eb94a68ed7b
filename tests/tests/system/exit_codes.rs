//! The table of exit codes: every way it can end, each with its failure code and next step,
//! and nothing left behind.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::path::Path;
use std::process::Command;

use tests::phone::SimulatedPhone;
use tests::programs::{Program, path};
use tests::recovery::{Recovery, firmware};

const BYTES: usize = 1_600_000;

#[track_caller]
fn check(phone_options: &[&str], options: &[&str], exit: i32, code: &str) -> (SimulatedPhone, Recovery) {
    let folder = tempfile::tempdir().unwrap();
    let file = firmware(folder.path(), "57i.st", BYTES);
    let phone = SimulatedPhone::start(phone_options);
    let recovery = Recovery::of(&phone, &file, options);
    recovery.assert_failed(exit, code);
    // Nothing is left behind: our port is free again.
    UdpSocket::bind((Ipv4Addr::LOCALHOST, phone.tftp_port)).unwrap();
    (phone, recovery)
}

fn touched(phone: &SimulatedPhone) -> bool {
    phone.events().iter().any(|event| event["method"] == "POST")
}

#[test]
fn exit_2_for_a_command_line_that_says_nothing_we_know() {
    for line in [
        "recover --firmware 57i.st",
        "recover --phone 192.168.6 --firmware 57i.st",
        "recover --phone 127.0.0.1 --firmware 57i.st --model 99i",
        "recover --phone 127.0.0.1 --firmware 57i.st --protocol smtp",
        "recover --phone 127.0.0.1 --firmware 57i.st --write-timeout 0",
        "dance",
    ] {
        let output = Command::new(path("hookflash")).args(line.split_whitespace()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{line}");
        assert!(!output.stderr.is_empty(), "{line}");
    }
}

#[test]
fn exit_10_for_a_file_that_is_surely_not_this_phones_firmware() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("empty.st", b"");
    write("tiny.st", &[7; 100]);
    write("page.st", b"<!DOCTYPE html><html><body>Sign in</body></html>");
    write("packed.st", &[b"PK\x03\x04".as_slice(), &[9; 4000]].concat());
    write("53i.st", &firmware_bytes(folder.path()));
    let phone = SimulatedPhone::start(&[]);
    for (name, code) in [
        ("none.st", "firmware::missing"),
        (".", "firmware::unreadable"),
        ("empty.st", "firmware::empty"),
        ("tiny.st", "firmware::too_small"),
        ("page.st", "firmware::not_firmware"),
        ("packed.st", "firmware::archive"),
        ("53i.st", "firmware::other_model"),
    ] {
        let recovery = Recovery::of(&phone, &folder.path().join(name), &["--model", "57i"]);
        recovery.assert_failed(10, code);
        assert_eq!(recovery.phases(), ["prepare"], "{name}: the phone is not even looked at");
    }
    assert_eq!(phone.events_of("request").len(), 0);
}

fn firmware_bytes(folder: &Path) -> Vec<u8> {
    std::fs::read(firmware(folder, "any.st", BYTES)).unwrap()
}

#[test]
fn exit_11_when_another_program_has_the_port_that_the_phone_asks() {
    let folder = tempfile::tempdir().unwrap();
    let file = firmware(folder.path(), "57i.st", BYTES);
    let phone = SimulatedPhone::start(&["--quirk", "form=tftp-only"]);
    let _taken = UdpSocket::bind((Ipv4Addr::LOCALHOST, phone.tftp_port)).unwrap();
    let recovery = Recovery::of(&phone, &file, &[]);
    recovery.assert_failed(11, "pc::port_taken");
    assert_eq!(recovery.check("serving"), Some("fail"));
    assert!(!touched(&phone));
}

#[test]
fn a_port_that_another_program_has_costs_one_way_of_fetching_and_not_the_phone() {
    let folder = tempfile::tempdir().unwrap();
    let file = firmware(folder.path(), "57i.st", BYTES);
    let phone = SimulatedPhone::start(&[]);
    let _taken = UdpSocket::bind((Ipv4Addr::LOCALHOST, phone.tftp_port)).unwrap();
    let recovery = Recovery::of(&phone, &file, &[]);
    recovery.assert_verified();
    let checks = recovery.events_of("check");
    let warned = checks.iter().any(|check| check["name"] == "serving" && check["result"] == "warn");
    assert!(warned, "{recovery:#?}");
    assert_eq!(phone.events_of("file_requested")[0]["protocol"], "http");
}

#[test]
fn exit_12_when_nothing_answers() {
    let folder = tempfile::tempdir().unwrap();
    let file = firmware(folder.path(), "57i.st", BYTES);
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    for phone in [closed.as_str(), "no-such-phone.invalid:80"] {
        let recovery =
            Recovery::run(&["--phone", phone, "--firmware", &file.to_string_lossy(), "--tftp-port", "0"]);
        recovery.assert_failed(12, "phone::not_found");
        assert_eq!(recovery.phases(), ["prepare", "find"]);
    }
}

#[test]
fn exit_12_when_what_answers_is_no_phone() {
    let folder = tempfile::tempdir().unwrap();
    let file = firmware(folder.path(), "57i.st", BYTES);
    for page in [
        "HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\n<title>Printer</title>Toner",
        "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"Router\"\r\nConnection: close\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "\0\u{1}\u{2}",
    ] {
        let stranger = stranger(page);
        let recovery =
            Recovery::run(&["--phone", &stranger, "--firmware", &file.to_string_lossy(), "--tftp-port", "0"]);
        recovery.assert_failed(12, "phone::not_a_phone");
    }
}

#[test]
fn exit_12_when_what_answers_tries_to_exhaust_us() {
    let folder = tempfile::tempdir().unwrap();
    let file = firmware(folder.path(), "57i.st", BYTES);
    let nested = format!("HTTP/1.0 200 OK\r\n\r\n{}", "<b><i><div>".repeat(100_000));
    let stranger = stranger(nested.leak());
    let recovery =
        Recovery::run(&["--phone", &stranger, "--firmware", &file.to_string_lossy(), "--tftp-port", "0"]);
    recovery.assert_failed(12, "phone::not_a_phone");
}

/// Something that answers every connection with the same bytes.
fn stranger(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

#[test]
fn exit_12_when_the_phone_started_as_usual() {
    // With the factory password it would be reset as it is.
    let options = ["--start", "normal", "--quirk", "other-password"];
    let (phone, recovery) = check(&options, &[], 12, "phone::normal_mode");
    assert_eq!(recovery.check("recovery_mode"), Some("fail"));
    assert!(phone.events_of("login").len() <= 3, "never more than three tries");
    assert_eq!(phone.events_of("reset").len(), 0);
}

#[test]
fn exit_13_when_the_phone_refuses_every_way_of_sending_the_form() {
    let (phone, recovery) = check(&["--quirk", "refuses-first=99"], &[], 13, "phone::form_refused");
    assert!(recovery.events_of("rung").len() > 1);
    assert_eq!(phone.events_of("file_requested").len(), 0);
}

#[test]
fn exit_13_when_the_form_lacks_what_was_asked_for() {
    let (phone, _recovery) =
        check(&["--quirk", "form=tftp-only"], &["--protocol", "ftp"], 13, "phone::no_protocol");
    assert!(!touched(&phone));
}

#[test]
fn exit_13_when_nobody_can_tell_the_fields_apart_and_nothing_is_sent() {
    let (phone, _recovery) = check(&["--scenario", "unknown-form"], &[], 13, "phone::form_unknown");
    assert!(!touched(&phone));
}

#[test]
fn exit_14_when_the_phone_takes_the_form_and_never_asks() {
    check(&["--scenario", "no-request"], &[], 14, "phone::no_request");
}

#[test]
fn exit_15_when_the_phone_refuses_the_file() {
    let (_phone, recovery) = check(&["--quirk", "error-at=500000"], &[], 15, "phone::refused_file");
    let seen = recovery.finished()["seen"].as_str().unwrap().to_owned();
    assert!(seen.contains("error 0") && seen.contains("of 1600000 bytes"), "{seen}");
}

#[test]
fn exit_16_when_the_phone_does_not_come_back() {
    let (_phone, recovery) =
        check(&["--scenario", "never-back"], &["--write-timeout", "5"], 16, "phone::did_not_return");
    assert_eq!(recovery.phases().last(), Some(&"restart"));
}

#[test]
fn exit_16_when_the_phone_is_in_recovery_again() {
    check(
        &["--scenario", "back-in-recovery", "--dark-ms", "3000"],
        &["--write-timeout", "15"],
        16,
        "phone::back_in_recovery",
    );
}

#[test]
fn exit_17_when_the_password_is_another() {
    let (phone, recovery) = check(&["--scenario", "other-password"], &[], 17, "phone::other_password");
    assert_eq!(recovery.check("login"), Some("fail"));
    assert!(phone.events_of("login").len() <= 3, "never more than three tries");
}

#[test]
fn exit_17_when_another_phone_answers_and_it_is_not_wiped() {
    let (phone, recovery) = check(&["--quirk", "other-model=53i"], &[], 17, "phone::other_model");
    assert_eq!(recovery.check("identity"), Some("fail"));
    assert_eq!(phone.events_of("reset").len(), 0);
}

#[test]
fn exit_130_when_it_is_stopped_and_the_phone_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = firmware(folder.path(), "57i.st", 2_600_000);
    // Slow enough to be stopped in the middle.
    let phone = SimulatedPhone::start(&["--quirk", "stall-at=300000"]);
    let mut command = Command::new(path("hookflash"));
    command.args(["recover", "--json", "--phone", &phone.address, "--firmware"]).arg(&file);
    command.args(["--tftp-port", &phone.tftp_port.to_string()]);
    let mut running = Program::start(&mut command);
    running.line_with(|line| line.contains(r#""event":"progress""#).then_some(()));
    Command::new("kill").arg(running.id().to_string()).status().unwrap();
    let last = running.line_with(|line| line.contains(r#""event":"finished""#).then(|| line.to_owned()));
    assert!(last.contains("session::cancelled"), "{last}");
    assert_eq!(running.exit_code(), Some(130));
    phone.wait_for("download_failed");
    let failed = phone.events_of("download_failed");
    assert!(failed[0].to_string().contains("error"), "{failed:?}");
}

#[test]
fn exit_17_when_settings_that_lock_come_back_every_time() {
    check(&["--quirk", "leftover-config", "--quirk", "sticky-config=9"], &[], 17, "phone::settings_remain");
}
