//! One phone of the table: two processes, and how it ended.

use std::fmt::Write;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::Value;
use simulator::practice_firmware;
use tests::phone::SimulatedPhone;
use tests::programs::path;

use crate::combination::Combination;
use crate::expectation::Expected;

/// Bytes of the file: beyond every number at which a switch does something, and no more, for
/// thousands of phones fetch it.
const BYTES: usize = 160_000;
/// Seconds from the file to the phone in normal mode: ten times what the slowest needs.
const WRITE_TIMEOUT: &str = "30";
/// A program that has not ended by then never does; no budget. The longest waits are 30 s for a
/// request, once for each protocol.
const NEVER_ENDS: Duration = Duration::from_secs(420);

/// What all phones of the table share.
#[derive(Debug)]
pub(crate) struct Table {
    _folder: tempfile::TempDir,
    firmware: PathBuf,
}

/// How one phone ended.
#[derive(Debug)]
pub(crate) struct Played {
    pub(crate) name: String,
    pub(crate) expected: Expected,
    /// Exit code and failure code; none: the program did not end.
    pub(crate) end: Option<(i32, Option<String>)>,
    /// The rungs that were climbed.
    pub(crate) rungs: Vec<String>,
    pub(crate) took: Duration,
    /// What it takes to see it again, and what was seen.
    story: String,
}

impl Table {
    pub(crate) fn set_up() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let firmware = folder.path().join("57i.st");
        let mut bytes = practice_firmware(&simulator::Model::default());
        bytes.truncate(BYTES);
        std::fs::write(&firmware, bytes).unwrap();
        Self { _folder: folder, firmware }
    }

    /// Plays one phone to its end.
    pub(crate) fn play(&self, combination: &Combination) -> Played {
        let started = Instant::now();
        let options = combination.options();
        let told = combination.told();
        let phone = SimulatedPhone::start(&options);
        let ports = [
            ("--tftp-port", phone.tftp_port),
            ("--http-port", phone.http_port),
            ("--ftp-port", phone.ftp_port),
        ];
        let ports: Vec<String> =
            ports.iter().flat_map(|(name, port)| [(*name).to_owned(), port.to_string()]).collect();
        let ports: Vec<&str> = ports.iter().map(String::as_str).collect();
        let all = [ports.as_slice(), &told].concat();
        let (said, exit) = self.recover(&phone.address, &all);
        let lines: Vec<Value> = said.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let finished = lines.last().filter(|line| line["event"] == "finished");
        let code = finished.and_then(|line| line["code"].as_str()).map(str::to_owned);
        let rungs = lines.iter().filter(|line| line["event"] == "rung");
        let rungs: Vec<String> = rungs.map(|line| line["rung"].as_str().unwrap_or("?").to_owned()).collect();
        let mut story = format!(
            "simulated-phone --fast --bind {} {} {}\n    hookflash recover --json --yes --phone {} \
             --firmware 57i.st --write-timeout {WRITE_TIMEOUT} {}",
            phone.address,
            ports.join(" "),
            options.join(" "),
            phone.address,
            all.join(" "),
        );
        let seen = finished.and_then(|line| line["seen"].as_str()).unwrap_or("nothing");
        // Writing to a String cannot fail.
        let _ = write!(story, "\n    rungs {}; seen: {seen}", rungs.join(" "));
        let refusals = phone.events_of("post_refused");
        let refusals: Vec<String> =
            refusals.iter().map(|event| format!("{} {}", event["why"], event["what"])).collect();
        let _ = write!(story, "\n    the phone refused: {}", refusals.join(" "));
        Played {
            name: combination.to_string(),
            expected: combination.expected(),
            end: exit.map(|exit| (exit, code)),
            rungs,
            took: started.elapsed(),
            story,
        }
    }

    /// Runs the program; none: it had to be killed.
    fn recover(&self, phone: &str, more: &[&str]) -> (String, Option<i32>) {
        let mut child = Command::new(path("hookflash"))
            // No folder can be made below a file: no phone is remembered for the next.
            .env("HOME", &self.firmware)
            .env("XDG_DATA_HOME", &self.firmware)
            .args(["recover", "--json", "--yes", "--phone", phone, "--write-timeout", WRITE_TIMEOUT])
            .arg("--firmware")
            .arg(&self.firmware)
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("hookflash starts");
        let mut out = child.stdout.take().expect("its output is ours");
        let (send, receive) = mpsc::channel();
        std::thread::spawn(move || {
            let mut said = String::new();
            let read = out.read_to_string(&mut said).is_ok();
            // Nobody listens any more when it was killed.
            let _ = send.send(if read { said } else { String::new() });
        });
        let said = receive.recv_timeout(NEVER_ENDS);
        if said.is_err() {
            child.kill().expect("it can be killed");
        }
        let exit = child.wait().expect("it can be waited for").code();
        match said {
            Ok(said) => (said, exit),
            Err(_) => (String::new(), None),
        }
    }
}

impl Played {
    /// Whether the phone was recovered.
    pub(crate) fn is_recovered(&self) -> bool {
        self.end == Some((0, None))
    }

    /// Whether it ended as it must.
    pub(crate) fn is_as_expected(&self) -> bool {
        match (&self.expected, &self.end) {
            (Expected::Verified, _) => self.is_recovered(),
            (Expected::Failed(ends), Some((exit, Some(code)))) => ends.contains(&(*exit, code.as_str())),
            (Expected::Failed(_), _) => false,
        }
    }

    /// What a person needs to see it again.
    pub(crate) fn story(&self) -> String {
        format!("{}\n    must end {:?}, ended {:?}\n    {}", self.name, self.expected, self.end, self.story)
    }
}
