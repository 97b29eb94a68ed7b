//! What is surely no firmware, and what fits a phone.

use super::*;

#[test]
fn findings_survive_the_wire() {
    for about in Subject::ALL {
        for confidence in Confidence::ALL {
            let finding = Finding::new(about, "57i", "its name", confidence);
            let text = serde_json::to_string(&finding).unwrap();
            assert_eq!(serde_json::from_str::<Finding>(&text).unwrap(), finding, "{text}");
        }
    }
    for nonsense in [r#"["model","57i","its name"]"#, r#"["weather","57i","its name","inferred"]"#] {
        assert!(serde_json::from_str::<Finding>(nonsense).is_err());
    }
}

#[track_caller]
fn check(head: &[u8], bytes: u64, expected: Option<FailureCode>) {
    assert_eq!(refusal(head, bytes).map(|(code, _)| code), expected);
}

#[test]
fn names_what_is_surely_not_firmware() {
    check(b"", 0, Some(FailureCode::FirmwareEmpty));
    check(&[0; 100], 100, Some(FailureCode::FirmwareTooSmall));
    check(&[0; 4096], 3 << 30, Some(FailureCode::FirmwareTooLarge));
    check(b"PK\x03\x04 and more", 2_600_000, Some(FailureCode::FirmwareArchive));
    check(b"\x1f\x8b\x08 and more", 2_600_000, Some(FailureCode::FirmwareArchive));
    check(b"%PDF-1.4", 2_600_000, Some(FailureCode::FirmwareNotFirmware));
    check(b"\n<HTML><head>", 5_000, Some(FailureCode::FirmwareNotFirmware));
    check("\u{feff}<!DOCTYPE html>".as_bytes(), 5_000, Some(FailureCode::FirmwareNotFirmware));
    check(&b"just words, ".repeat(400), 4_800, Some(FailureCode::FirmwareNotFirmware));
}

#[test]
fn lets_unknown_bytes_pass_because_no_format_is_published() {
    let counted: Vec<u8> = (0..4096_u32).map(|i| (i * 7 % 251) as u8).collect();
    check(&counted, 2_600_000, None);
    check(&[0xff; 4096], 2_600_000, None);
    check(&[0; 4096], 2_600_000, None);
}

#[test]
fn a_tar_is_an_archive_wherever_its_magic_stands() {
    let mut head = vec![0_u8; 512];
    head[257..262].copy_from_slice(b"ustar");
    check(&head, 1 << 20, Some(FailureCode::FirmwareArchive));
}

#[test]
fn a_file_of_another_model_is_noticed_by_its_name() {
    let phone = Model::find("57i").unwrap();
    assert_eq!(other_model("53i.st", phone).map(|m| m.name), Some("53i"));
    assert_eq!(other_model("57I.ST", phone), None);
    assert_eq!(other_model("recovery.bin", phone), None);
}
