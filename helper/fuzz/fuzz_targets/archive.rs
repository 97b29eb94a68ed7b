//! Arbitrary bytes as an archive, bare and packed once more: there is either firmware or a reason,
//! never more is unpacked than the limits say, and what is taken is what its sum says.
//!
//! `cargo fuzz run --sanitizer none archive`

#![no_main]

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use hookflash::firmware::archive::limits::MOST_UNPACKED_BYTES;
use hookflash::firmware::inspect::inspect;
use libfuzzer_sys::fuzz_target;
use shared::model::Model;

fuzz_target!(|bytes: &[u8]| {
    look("57i.zip", bytes);
    // The inside of a gz is hard to reach by chance.
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).expect("memory takes it");
    look("57i.tar.gz", &packed.finish().expect("memory takes it"));
});

fn look(name: &str, bytes: &[u8]) {
    for model in [None, Model::find("57i")] {
        let inspected = inspect(name, bytes.len() as u64, Cursor::new(bytes), model);
        assert!(inspected.unpacked <= MOST_UNPACKED_BYTES);
        assert_eq!(inspected.firmware.is_some(), inspected.report.refused.is_none());
        for member in &inspected.report.members {
            assert!(!member.path.chars().any(char::is_control), "{}", member.path);
            assert!(!member.path.split(['/', '\\']).any(|part| part == ".."), "{}", member.path);
        }
        if let Ok(firmware) = inspected.into_firmware() {
            assert_eq!(firmware.view.bytes, firmware.bytes.len() as u64);
            assert!(!firmware.view.name.contains('/'));
        }
    }
}
