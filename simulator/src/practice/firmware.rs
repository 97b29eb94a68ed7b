//! A file that stands for a firmware: ours from the first byte to the last, nothing of any
//! vendor's. What it shares with real ones is what domain.md 3.2 and 3.3 tell: about 2.6 MB, a
//! header of 347 bytes, then a body; a model name and a version in plain text.

use crate::{Model, random::Random};

/// The version inside: the last one of the 67xx line (domain.md 3.2).
pub const PRACTICE_VERSION: &str = "3.3.1.4365";

/// Bytes; a 57i's archive of 2.6.0.2019 has 2,637,299 (domain.md 3.2). Not a multiple of 512.
const LENGTH: usize = 2_637_219;
/// Bytes; where the first known content of a real file lies (domain.md 3.3).
const HEADER: usize = 347;
/// First bytes: none of the magics that a careful helper refuses (zip, gzip, PDF, HTML, text).
const MAGIC: &[u8] = &[0xA7, 0x01, 0x5E, 0xF1, 0x00, 0x00, 0x01, 0x5B];
/// Where the model's name stands.
const MODEL_AT: usize = 16;
/// Where the version stands.
const VERSION_AT: usize = 64;
/// Where the note stands that this is no real firmware.
const NOTE_AT: usize = 96;
/// The note.
const NOTE: &[u8] = b"practice image of hookflash, not for a real telephone";

/// The same bytes for the same model, every time.
pub fn practice_firmware(model: &Model) -> Vec<u8> {
    let name = model.firmware_name();
    let mut bytes = vec![0; HEADER];
    put(&mut bytes, 0, MAGIC);
    put(&mut bytes, MODEL_AT, format!("Aastra {name}").as_bytes());
    put(&mut bytes, VERSION_AT, PRACTICE_VERSION.as_bytes());
    put(&mut bytes, NOTE_AT, NOTE);
    let mut random = Random::new(seed(name));
    while bytes.len() < LENGTH {
        bytes.extend_from_slice(&random.next().to_le_bytes());
    }
    bytes.truncate(LENGTH);
    bytes
}

fn put(bytes: &mut [u8], at: usize, text: &[u8]) {
    for (place, byte) in bytes.iter_mut().skip(at).zip(text) {
        *place = *byte;
    }
}

/// Each model has a file of its own.
fn seed(name: &str) -> u64 {
    name.bytes().fold(0x68_6f_6f_6b, |sum, byte| sum * 31 + u64::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(bytes: &[u8], text: &str) -> bool {
        bytes.windows(text.len()).any(|part| part == text.as_bytes())
    }

    #[test]
    fn it_is_the_same_every_time_and_differs_by_model() {
        let model: Model = "57i".parse().unwrap();
        let other: Model = "53i".parse().unwrap();
        assert_eq!(practice_firmware(&model), practice_firmware(&model));
        assert_ne!(practice_firmware(&model), practice_firmware(&other));
    }

    #[test]
    fn it_looks_like_a_firmware() {
        let bytes = practice_firmware(&"57i CT".parse().unwrap());
        assert_eq!(bytes.len(), LENGTH);
        assert!(holds(&bytes[..HEADER], "57iCT"));
        assert!(holds(&bytes[..HEADER], PRACTICE_VERSION));
        let mut counts = [0_usize; 256];
        bytes[HEADER..].iter().for_each(|byte| counts[usize::from(*byte)] += 1);
        let expected = (LENGTH - HEADER) / 256;
        assert!(counts.iter().all(|count| count.abs_diff(expected) < expected / 10));
    }
}
