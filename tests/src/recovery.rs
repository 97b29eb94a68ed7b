//! `hookflash recover --json` as a process, and what it said.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::phone::SimulatedPhone;
use crate::programs::path;

/// What a run said and how it ended.
#[derive(Debug)]
pub struct Recovery {
    /// Every line of standard output.
    pub lines: Vec<Value>,
    /// The exit code.
    pub exit: i32,
}

/// A firmware of our own making: bytes that look like nothing in particular.
pub fn firmware(folder: &Path, name: &str, bytes: usize) -> PathBuf {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let content: Vec<u8> = (0..bytes)
        .map(|_| {
            // xorshift64, Marsaglia 2003: no pattern that a sniffer could mistake for text.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[0]
        })
        .collect();
    let path = folder.join(name);
    std::fs::write(&path, content).expect("the folder takes a file");
    path
}

/// The options for a simulated phone.
pub fn options_for(phone: &SimulatedPhone, firmware: &str, options: &[&str]) -> Vec<String> {
    let ports = [phone.tftp_port, phone.http_port, phone.ftp_port].map(|port| port.to_string());
    let mut all = vec!["--phone", phone.address.as_str(), "--firmware", firmware];
    for (option, port) in ["--tftp-port", "--http-port", "--ftp-port"].into_iter().zip(&ports) {
        all.extend([option, port]);
    }
    all.push("--yes");
    all.iter().chain(options).map(|option| (*option).to_owned()).collect()
}

impl Recovery {
    /// Recovers a simulated phone.
    pub fn of(phone: &SimulatedPhone, firmware: &Path, options: &[&str]) -> Self {
        let all = options_for(phone, &firmware.to_string_lossy(), options);
        Self::run(&all.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Runs `hookflash recover --json` with these options.
    pub fn run(options: &[&str]) -> Self {
        let home = tempfile::tempdir().expect("a folder for what is remembered");
        let mut command = Command::new(path("hookflash"));
        Self::by(command.env("HOME", home.path()).env("XDG_DATA_HOME", home.path()), options)
    }

    /// The same with a program that is not this system's.
    pub fn by<O: AsRef<OsStr>>(hookflash: &mut Command, options: &[O]) -> Self {
        let output = hookflash
            .args(["recover", "--json"])
            .args(options)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .expect("hookflash starts");
        let text = String::from_utf8(output.stdout).expect("the lines are text");
        let lines = text
            .lines()
            .map(|line| serde_json::from_str(line).expect("every line is a JSON object"))
            .collect();
        Self { lines, exit: output.status.code().expect("it ends by itself") }
    }

    /// The events of one kind, in order.
    pub fn events_of(&self, kind: &str) -> Vec<&Value> {
        self.lines.iter().filter(|line| line["event"] == kind).collect()
    }

    /// The phases, in order.
    pub fn phases(&self) -> Vec<&str> {
        self.events_of("phase").into_iter().filter_map(|line| line["phase"].as_str()).collect()
    }

    /// The last line.
    pub fn finished(&self) -> &Value {
        let last = self.lines.last().expect("it says something");
        assert_eq!(last["event"], "finished", "{last}");
        last
    }

    /// What a check found, the last time it was made.
    pub fn check(&self, name: &str) -> Option<&str> {
        self.events_of("check").into_iter().rev().find(|line| line["name"] == name)?["result"].as_str()
    }

    /// That it ended well.
    #[track_caller]
    pub fn assert_verified(&self) {
        assert_eq!((self.exit, self.finished()["outcome"].as_str()), (0, Some("verified")), "{self:#?}");
        assert_eq!(self.finished()["exit"], 0);
    }

    /// That it ended with this exit code and failure, and said what to do next.
    #[track_caller]
    pub fn assert_failed(&self, exit: i32, code: &str) {
        let finished = self.finished();
        assert_eq!((self.exit, finished["code"].as_str()), (exit, Some(code)), "{self:#?}");
        assert_eq!(finished["outcome"], "failed");
        assert_eq!(finished["exit"], exit);
        assert!(finished["next"].as_str().is_some_and(|next| next.len() > 20), "{finished}");
        assert!(finished["seen"].as_str().is_some_and(|seen| !seen.is_empty()), "{finished}");
    }
}
