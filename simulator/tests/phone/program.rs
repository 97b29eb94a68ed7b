//! The program: its first line, its lists, its commands.

use std::process::Stdio;

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::Command,
};

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_simulated-phone"));
    command.args(arguments).kill_on_drop(true).stdout(Stdio::piped()).stdin(Stdio::null());
    command
}

#[tokio::test]
async fn the_first_line_tells_the_address() {
    let mut phone = program(&["--fast", "--quirk", "get-first", "--quirk", "form=radio"]).spawn().unwrap();
    let mut lines = BufReader::new(phone.stdout.take().unwrap()).lines();
    let first = lines.next_line().await.unwrap().unwrap();
    assert!(first.starts_with("{\"event\":\"ready\",\"address\":\"127.0.0.1:"), "{first}");
    let second = lines.next_line().await.unwrap().unwrap();
    assert!(second.starts_with("{\"event\":\"up\",\"mode\":\"recovery\""), "{second}");
}

#[tokio::test]
async fn the_plug_is_on_stdin() {
    let mut command = program(&["--fast", "--commands", "--start", "dark"]);
    let mut phone = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(phone.stdout.take().unwrap()).lines();
    phone.stdin.as_mut().unwrap().write_all(b"plug-with-keys\n").await.unwrap();
    loop {
        let line = lines.next_line().await.unwrap().unwrap();
        if line.starts_with("{\"event\":\"back\",\"mode\":\"recovery\"") {
            break;
        }
    }
}

#[tokio::test]
async fn lists_and_mistakes() {
    let listed = program(&["--list-quirks"]).output().await.unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    for entry in simulator::quirks::entries() {
        assert!(listed.lines().any(|line| line.starts_with(entry.name)), "{}", entry.name);
    }
    let scenarios = program(&["--list-scenarios"]).output().await.unwrap();
    let scenarios = String::from_utf8(scenarios.stdout).unwrap();
    assert_eq!(scenarios.lines().count(), simulator::Scenario::all().len());
    let wrong = program(&["--quirk", "nonsense"]).stderr(Stdio::piped()).output().await.unwrap();
    assert!(!wrong.status.success());
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("no quirk is called"));
}
