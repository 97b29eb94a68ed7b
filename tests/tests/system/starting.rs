//! Starting the program: practice in the terminal, one helper for a person, words without
//! jargon.

use std::process::Command;

use tests::phone::SimulatedPhone;
use tests::programs::{Program, path};
use tests::recovery::firmware;

/// hookflash with a home of its own, so that a helper of the person is not in the way.
fn hookflash(home: &std::path::Path) -> Command {
    let mut command = Command::new(path("hookflash"));
    command.env("XDG_RUNTIME_DIR", home).env("HOME", home);
    command
}

fn address(line: &str) -> Option<String> {
    line.starts_with("http://127.0.0.1:").then(|| line.to_owned())
}

#[test]
fn practice_plays_the_whole_journey_in_the_terminal() {
    let output = Command::new(path("hookflash")).args(["practice", "--unattended"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("Your phone is like new"), "{text}");
}

#[test]
fn practice_with_a_phone_that_stays_locked_says_so_and_how_it_ended() {
    let output = Command::new(path("hookflash"))
        .args(["practice", "--unattended", "--scenario", "normal-mode"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(12));
    assert!(String::from_utf8(output.stdout).unwrap().contains("Next: "));
}

#[test]
fn a_second_start_opens_the_first_ones_page() {
    let home = tempfile::tempdir().unwrap();
    let mut first = Program::start(hookflash(home.path()).args(["serve", "--no-open", "--no-look"]));
    let page = first.line_with(address);
    let mut second = Program::start(hookflash(home.path()).args(["serve", "--no-open", "--no-look"]));
    assert_eq!(second.line_with(address), page);
    assert_eq!(second.exit_code(), Some(0));
}

#[test]
fn a_note_that_a_crash_left_is_no_helper() {
    let home = tempfile::tempdir().unwrap();
    let mut first = Program::start(hookflash(home.path()).args(["serve", "--no-open", "--no-look"]));
    let page = first.line_with(address);
    // Killed, not ended: its note stays.
    drop(first);
    let mut second = Program::start(hookflash(home.path()).args(["serve", "--no-open", "--no-look"]));
    assert_ne!(second.line_with(address), page);
}

#[test]
fn c31_the_terminal_speaks_without_jargon() {
    let folder = tempfile::tempdir().unwrap();
    let file = firmware(folder.path(), "57i.st", 1_600_000);
    let phone = SimulatedPhone::start(&[]);
    let output = Command::new(path("hookflash"))
        .args(["recover", "--phone", &phone.address, "--yes", "--tftp-port", &phone.tftp_port.to_string()])
        .arg("--firmware")
        .arg(&file)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    // What was looked at is evidence, marked, and may be technical; the sentences may not.
    let sentences = text.lines().filter(|line| !line.trim_start().starts_with(['✓', '!', '✗', '?']));
    for line in sentences {
        for word in ["TFTP", "tftp", "subnet", "RRQ", "UDP", "socket", "octet"] {
            assert!(!line.contains(word), "{word} in {line:?}");
        }
    }
    assert!(text.contains("Leave it plugged in."), "{text}");
}
