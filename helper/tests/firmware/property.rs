//! However a file was packed, exactly its bytes come out; and whatever a file is, there is either
//! firmware or a reason, and the sums are those of the bytes.

use hookflash::firmware::archive::limits::MOST_UNPACKED_BYTES;
use hookflash::firmware::strings::Strings;
use proptest::collection::vec;
use proptest::prelude::*;
use shared::catalogue::version::Version;

use super::look;
use super::make::*;

/// One layer around a file.
#[derive(Debug, Clone, Copy)]
enum Layer {
    Zip,
    Tar,
    TarGz,
}

fn packed(layers: &[Layer], image: &[u8]) -> Vec<u8> {
    let mut name = "57i.st".to_owned();
    let mut bytes = image.to_vec();
    for layer in layers {
        let files: &[(&str, &[u8])] = &[("notes.txt", b"hello"), (&name, &bytes)];
        (bytes, name) = match layer {
            Layer::Zip => (zip(files), "a.zip".to_owned()),
            Layer::Tar => (tar(files), "a.tar".to_owned()),
            Layer::TarGz => (gz(None, &tar(files)), "a.tar.gz".to_owned()),
        };
    }
    bytes
}

fn layers() -> impl Strategy<Value = Vec<Layer>> {
    // Two layers: a tar.gz counts twice, and four are the most.
    vec(prop_oneof![Just(Layer::Zip), Just(Layer::Tar), Just(Layer::TarGz)], 0..=2)
}

fn image_bytes() -> impl Strategy<Value = Vec<u8>> {
    // The first byte is none that any other kind of file begins with.
    vec(any::<u8>(), 1_100..4_000).prop_map(|bytes| [vec![0xa7, 0, 1], bytes].concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_packed_comes_out_byte_by_byte(layers in layers(), image in image_bytes()) {
        let firmware = look("a", &packed(&layers, &image), None).into_firmware().unwrap();
        prop_assert_eq!(&*firmware.bytes, &image);
        prop_assert_eq!(firmware.view.bytes, image.len() as u64);
    }

    /// A download that stopped anywhere never gives other bytes than the whole.
    #[test]
    fn a_cut_off_archive_gives_the_same_bytes_or_none(
        layers in layers(), image in image_bytes(), cut in any::<prop::sample::Index>(),
    ) {
        let whole = packed(&layers, &image);
        prop_assume!(!layers.is_empty());
        let cut = &whole[..cut.index(whole.len())];
        if let Ok(firmware) = look("a", cut, None).into_firmware() {
            prop_assert_eq!(&*firmware.bytes, &image);
        }
    }

    /// One wrong bit in what has a sum never gives other bytes.
    #[test]
    fn a_wrong_bit_in_an_archive_gives_the_same_bytes_or_none(
        layer in prop_oneof![Just(Layer::Zip), Just(Layer::TarGz)],
        image in image_bytes(),
        at in any::<prop::sample::Index>(),
        bit in 0..8_u32,
    ) {
        let mut bytes = packed(&[layer], &image);
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        // A wrong bit in the first bytes makes it no archive at all.
        prop_assume!(shared::firmware::Container::of(&bytes).is_some());
        if let Ok(firmware) = look("a", &bytes, None).into_firmware() {
            prop_assert_eq!(&*firmware.bytes, &image);
        }
    }

    #[test]
    fn anything_gets_an_answer_within_bounds(
        begin in prop_oneof![
            Just(&b""[..]), Just(&b"PK\x03\x04\x14\0\0\0\x08\0"[..]), Just(&b"PK\x05\x06"[..]),
            Just(&b"\x1f\x8b\x08"[..]), Just(&b"\x1f\x8b\x08\x08\0\0\0\0\0\x03"[..]),
        ],
        bytes in vec(any::<u8>(), 0..3_000),
    ) {
        let bytes = [begin.to_vec(), bytes].concat();
        let inspected = look("57i.st", &bytes, Some("57i"));
        prop_assert!(inspected.unpacked <= MOST_UNPACKED_BYTES);
        prop_assert_eq!(inspected.firmware.is_some(), inspected.report.refused.is_none());
        prop_assert_eq!(inspected.report.bytes, Some(bytes.len() as u64));
        if let Ok(firmware) = inspected.into_firmware() {
            prop_assert_eq!(firmware.view.bytes, firmware.bytes.len() as u64);
            prop_assert_eq!(firmware.view.id.len(), 64);
        }
    }

    /// Strings are found wherever they stand, and nothing is found in what has none.
    #[test]
    fn a_version_is_found_wherever_it_stands(before in vec(0x80_u8.., 0..600), build in 100..10_000_u32) {
        let version = Version::new([5, 0, 0], Some(build));
        let bytes = [before.clone(), b"\0Aastra 6867i ".to_vec(), version.to_string().into_bytes(), before].concat();
        let strings = Strings::of(&bytes);
        prop_assert_eq!(strings.versions.len(), 1);
        prop_assert_eq!(strings.versions[0].what, version);
        prop_assert_eq!(strings.only_model().map(|model| model.name), Some("6867i"));
        let at = strings.versions[0].at;
        prop_assert!(bytes[at..].starts_with(version.to_string().as_bytes()));
    }
}
