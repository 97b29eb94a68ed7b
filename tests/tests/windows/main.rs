//! The program for Windows, run by wine on the builder: what it lists, what it says of a file, a
//! recovery from start to end, and the page. What wine has no part of (PowerShell, netsh, the
//! firewall) is asserted as data in `pc::windows`.

#![cfg(all(target_os = "linux", target_arch = "x86_64"))]
#![allow(clippy::unwrap_used, reason = "tests end with the first surprise")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use serde_json::Value;
use tests::phone::SimulatedPhone;
use tests::programs::Program;
use tests::recovery::{Recovery, firmware, options_for};
use tests::wine;

/// Runs it to its end; its lines, and its exit code.
fn run(options: &[&str]) -> (Vec<Value>, i32) {
    let output = wine::command("hookflash").args(options).stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let lines = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (lines, output.status.code().unwrap())
}

/// The interfaces of this computer that have an IPv4 address, as the system itself lists them.
fn interfaces() -> Vec<String> {
    let output = Command::new("ip").args(["-4", "-oneline", "address"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let names = said.lines().filter_map(|line| line.split_whitespace().nth(1));
    names.filter(|name| *name != "lo").map(str::to_owned).collect()
}

#[test]
fn a_check_lists_the_interfaces_and_knows_what_it_does_not_know() {
    let (lines, exit) = run(&["check", "--json"]);
    let find = |name: &str| lines.iter().find(|line| line["name"] == name).unwrap();
    let cable = find("cable");
    let interfaces = interfaces();
    for interface in &interfaces {
        assert!(cable["detail"].as_str().unwrap().contains(interface.as_str()), "{interface}: {cable}");
    }
    // Without PowerShell nobody says whether a cable is in; without an interface there is none.
    let (result, ends) = if interfaces.is_empty() { ("fail", 11) } else { ("unknown", 0) };
    assert_eq!((cable["result"].as_str(), exit), (Some(result), ends), "{lines:#?}");
    for (name, results) in [
        ("ports", &["pass", "warn", "unknown"][..]),
        ("firewall", &["unknown"][..]),
        ("disk", &["pass", "warn"][..]),
        // The call of the system works; what wine says of lid and mains is its own affair.
        ("sleep", &["pass", "warn", "unknown"][..]),
    ] {
        let line = find(name);
        assert!(results.contains(&line["result"].as_str().unwrap()), "{line}");
    }
    let sleep = find("sleep")["detail"].as_str().unwrap();
    assert!(sleep.contains("it is kept awake while a phone is brought back"), "{sleep}");
    // Here, and not in a test of its own: a check begins a journal for a moment.
    let output = wine::command("hookflash").arg("undo").output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && said.contains("Nothing is left"), "{said}");
}

#[test]
fn a_file_is_inspected_by_its_name_of_windows() {
    let folder = tempfile::tempdir().unwrap();
    let file = firmware(folder.path(), "57i.st", 2_000_000);
    let (lines, exit) = run(&["inspect", &wine::name(&file), "--json"]);
    assert_eq!((lines.len(), exit), (1, 0), "{lines:?}");
    let found = &lines[0];
    assert_eq!((found["name"].as_str(), found["bytes"].as_u64()), (Some("57i.st"), Some(2_000_000)));
    assert_eq!(found["firmware"]["model"], "57i", "{found}");
}

#[test]
fn a_phone_is_recovered() {
    let folder = tempfile::tempdir().unwrap();
    let file = wine::name(&firmware(folder.path(), "57i.st", 2_000_000));
    let phone = SimulatedPhone::start(&[]);
    let options = options_for(&phone, &file, &[]);
    Recovery::by(&mut wine::command("hookflash"), &options).assert_verified();
    let received = phone.events_of("file_received");
    assert_eq!(received.len(), 1, "{received:?}");
}

#[test]
fn practice_plays_the_whole_journey() {
    let mut practice = wine::command("hookflash");
    let output = practice.args(["practice", "--unattended"]).stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("Your phone is like new"), "{said}");
}

#[test]
fn the_page_is_served() {
    let mut helper = Program::start(wine::command("hookflash").args(["serve", "--no-open", "--no-look"]));
    let page = helper.line_with(|line| Some(line.strip_prefix("http://")?.to_owned()));
    let host = page.split('/').next().unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains("<title>hookflash</title>"), "{answer}");
}
