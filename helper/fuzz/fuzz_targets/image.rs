//! Arbitrary bytes as an image: its strings are found where they are said to stand, what is found
//! is held in bounds, and every finding has its evidence.
//!
//! `cargo fuzz run --sanitizer none image`

#![no_main]

use std::io::Cursor;

use hookflash::firmware::inspect::inspect;
use hookflash::firmware::strings::Strings;
use libfuzzer_sys::fuzz_target;
use shared::catalogue::rules::{Case, judge};
use shared::catalogue::version::Version;
use shared::model::MODELS;

fuzz_target!(|bytes: &[u8]| {
    let strings = Strings::of(bytes);
    assert!(strings.models.len() <= 16 && strings.versions.len() <= 16);
    for found in &strings.versions {
        assert!(bytes[found.at..].starts_with(&found.what.to_string().as_bytes()[..6]));
    }
    for found in &strings.models {
        let digit = bytes[found.at];
        assert!(found.what.names().any(|name| name.as_bytes()[0] == digit));
    }
    let versions: Vec<Version> = strings.versions.iter().map(|found| found.what).collect();
    for model in MODELS {
        judge(&Case { models: &[model], file: &versions, ..Case::default() });
    }
    let inspected = inspect("57i.st", bytes.len() as u64, Cursor::new(bytes), None);
    let report = &inspected.report;
    let of_firmware = report.firmware.iter().flat_map(|firmware| &firmware.findings);
    for finding in report.findings.iter().chain(of_firmware) {
        assert!(!finding.says.is_empty() && !finding.evidence.is_empty());
        assert!(!finding.evidence.chars().any(char::is_control));
    }
});
