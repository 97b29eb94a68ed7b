//! `hookflash inspect --json` as a process, and what it said.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::programs::path;

/// What an inspection said and how it ended.
#[derive(Debug)]
pub struct Inspected {
    /// The one object of standard output.
    pub told: Value,
    /// The exit code.
    pub exit: i32,
}

impl Inspected {
    /// Inspects a file with these options.
    pub fn of(file: &Path, options: &[&str]) -> Self {
        let file = file.to_string_lossy();
        Self::run(&[&[&*file], options].concat())
    }

    /// Runs `hookflash inspect --json` with these options.
    pub fn run(options: &[&str]) -> Self {
        let output = Command::new(path("hookflash"))
            .args(["inspect", "--json"])
            .args(options)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .expect("hookflash starts");
        let told = serde_json::from_slice(&output.stdout).expect("one JSON object");
        Self { told, exit: output.status.code().expect("it ends by itself") }
    }

    /// That it was refused with this code, and said what was seen and what to do.
    #[track_caller]
    pub fn assert_refused(&self, code: &str) {
        let refused = &self.told["refused"];
        assert_eq!((self.exit, refused["code"].as_str()), (10, Some(code)), "{self:#?}");
        assert_eq!(self.told["exit"], 10);
        for words in ["seen", "heading", "meaning", "next"] {
            assert!(refused[words].as_str().is_some_and(|text| text.len() > 3), "{words}: {refused}");
        }
    }

    /// That nothing speaks against it.
    #[track_caller]
    pub fn assert_taken(&self) {
        assert_eq!((self.exit, &self.told["refused"]), (0, &Value::Null), "{self:#?}");
        assert_eq!(self.told["exit"], 0);
    }
}
