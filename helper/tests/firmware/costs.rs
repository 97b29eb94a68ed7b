//! Hostile archives cost what the limits say, and no more.

use hookflash::firmware::archive::limits::{GROWTH_FLOOR_BYTES, MOST_GROWTH, MOST_UNPACKED_BYTES};
use shared::failure::FailureCode;

use super::look;
use super::make::*;

/// One read of the decompressor: it is stopped between two.
const SLACK: u64 = 64 * 1024;

#[test]
fn a_bomb_is_stopped_at_its_growth() {
    let zeros = vec![0; 100_000_000];
    for bomb in [zip(&[("57i.st", &zeros)]), gz(None, &zeros)] {
        let inspected = look("57i.zip", &bomb, None);
        let allowed = (bomb.len() as u64 * MOST_GROWTH).max(GROWTH_FLOOR_BYTES);
        assert!(inspected.unpacked <= allowed + SLACK, "{} of {allowed}", inspected.unpacked);
        assert_eq!(inspected.report.refused.unwrap().code, FailureCode::FirmwareArchiveTooLarge);
    }
}

#[test]
fn many_small_bombs_are_stopped_at_the_sum() {
    // Each stays below what one may grow, and all together do not.
    let zeros = vec![0; 15_000_000];
    let names: Vec<String> = (0..60).map(|number| format!("{number}.st")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), zeros.as_slice())).collect();
    let inspected = look("57i.zip", &zip(&files), None);
    assert!(inspected.unpacked <= MOST_UNPACKED_BYTES + SLACK, "{}", inspected.unpacked);
    assert_eq!(inspected.report.refused.unwrap().code, FailureCode::FirmwareArchiveTooLarge);
}

#[test]
fn what_cannot_be_firmware_is_not_unpacked() {
    let inspected =
        look("57i.zip", &zip(&[("photo.jpg", &vec![0; 9_000_000]), ("57i.st", &image_of("57i"))]), None);
    assert!(inspected.unpacked < 100_000, "{}", inspected.unpacked);
    assert!(inspected.firmware.is_some());
}
