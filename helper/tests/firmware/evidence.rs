//! What is said of a file, each with what speaks for it.

use shared::catalogue::Confidence;
use shared::firmware::{Finding, Subject};

use super::look;
use super::make::*;

fn findings(name: &str, bytes: &[u8], about: Subject) -> Vec<Finding> {
    let firmware = look(name, bytes, None).report.firmware.unwrap();
    assert!(firmware.findings.iter().all(|finding| !finding.says.is_empty() && finding.evidence.len() > 5));
    firmware.findings.into_iter().filter(|finding| finding.about == about).collect()
}

#[track_caller]
fn check(name: &str, bytes: &[u8], about: Subject, expected: &[(&str, Confidence)]) {
    let found = findings(name, bytes, about);
    let found: Vec<_> = found.iter().map(|finding| (finding.says.as_str(), finding.confidence)).collect();
    assert_eq!(found, expected, "{name}");
}

#[test]
fn the_model_is_told_by_the_name_and_by_the_strings() {
    use Confidence::{Documented, Inferred, Unknown};
    check("57i.st", &image_of("57i"), Subject::Model, &[("57i", Documented), ("57i", Inferred)]);
    check("57iCT.st", &image("", 9_000), Subject::Model, &[("57i CT", Inferred), ("unknown", Unknown)]);
    check("a.bin", &image_of("6867i"), Subject::Model, &[("unknown", Unknown), ("6867i", Inferred)]);
    check(
        "a.bin",
        &image("6867i 6869i", 9_000),
        Subject::Model,
        &[("unknown", Unknown), ("6867i, 6869i", Unknown)],
    );
}

#[test]
fn the_version_is_told_by_strings_and_names_or_is_unknown() {
    use Confidence::{Inferred, Unknown};
    check("57i.st", &image_of("57i"), Subject::Version, &[("3.3.1.4365", Inferred)]);
    check("57i.st", &image("", 9_000), Subject::Version, &[("unknown", Unknown)]);
    check("57i_3.2.2.st", &image("", 9_000), Subject::Version, &[("3.2.2", Inferred)]);
    let archive = zip(&[("57i.st", &image("", 9_000))]);
    check("sip_3_3_1_4365_8215_sp4.zip", &archive, Subject::Version, &[("3.3.1.4365", Inferred)]);
    let firmware = look("57i.st", &image("", 9_000), None).into_firmware().unwrap();
    assert_eq!(firmware.view.versions, Vec::<String>::new(), "unknown is no version");
}

#[test]
fn the_kind_is_unknown_where_no_format_is_published() {
    check("57i.st", &image_of("57i"), Subject::Kind, &[("unknown", Confidence::Unknown)]);
    let mut linux = image_of("6867i");
    linux[347..351].copy_from_slice(b"Linu");
    check("6867i.st", &linux, Subject::Kind, &[("an image with Linux in it", Confidence::Documented)]);
    check("57i.st", &[0xff; 40_000], Subject::Kind, &[("hardly firmware", Confidence::Inferred)]);
}

#[test]
fn an_unusual_size_is_told_and_refuses_nothing() {
    check("57i.st", &image_of("57i"), Subject::Size, &[("unusual", Confidence::Inferred)]);
    check("57i.st", &image("", 2_000_000), Subject::Size, &[("usual", Confidence::Inferred)]);
    check("480i.st", &image("", 2_000_000), Subject::Size, &[("unknown", Confidence::Unknown)]);
    check("a.bin", &image("", 2_000_000), Subject::Size, &[]);
}

#[test]
fn an_archive_that_is_not_known_says_so_and_a_namesake_is_noticed() {
    let report = look("6757i-fw.zip", &zip(&[("57i.st", &image_of("57i"))]), None).report;
    let archive: Vec<_> =
        report.findings.iter().filter(|finding| finding.about == Subject::Archive).collect();
    assert_eq!(archive[0].says, "unknown");
    assert!(archive[0].evidence.contains("150"), "{}", archive[0].evidence);
    assert!(archive[1].evidence.contains("2637299"), "{}", archive[1].evidence);
    assert_eq!(report.findings[0].says, "a zip archive");
}
