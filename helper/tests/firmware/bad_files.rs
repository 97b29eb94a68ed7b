//! Bad files, each with the reason it must get. The words in the last column must stand in what was
//! seen: a reason that does not name its evidence is no reason.

use std::collections::BTreeSet;

use shared::failure::FailureCode::{self, *};
use tar::EntryType;
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use super::look;
use super::make::*;

/// What it is, the name it comes under, its bytes, the phone's model, and what must be said.
struct Bad {
    what: &'static str,
    name: &'static str,
    bytes: Vec<u8>,
    model: Option<&'static str>,
    code: FailureCode,
    words: &'static str,
}

fn bad(
    what: &'static str,
    name: &'static str,
    bytes: impl Into<Vec<u8>>,
    code: FailureCode,
    words: &'static str,
) -> Bad {
    Bad { what, name, bytes: bytes.into(), model: None, code, words }
}

fn for_a(model: &'static str, bad: Bad) -> Bad {
    Bad { model: Some(model), ..bad }
}

/// Bytes with this at their beginning.
fn magic(begin: &[u8]) -> Vec<u8> {
    [begin, &image("", 9_000)].concat()
}

fn not_archives() -> Vec<Bad> {
    let html = "<!DOCTYPE html><html><title>Sign in</title></html>".repeat(50);
    let late = format!("\u{feff}\r\n<!-- saved -->\n<HTML><BODY>{}", "x".repeat(3_000));
    let mut film = image("", 9_000);
    film[4..8].copy_from_slice(b"ftyp");
    let utf16: Vec<u8> = "model: 57i\r\n".repeat(200).encode_utf16().flat_map(u16::to_le_bytes).collect();
    vec![
        bad("nothing", "57i.st", b"", FirmwareEmpty, "0 bytes"),
        bad("a few bytes", "57i.st", [7; 100], FirmwareTooSmall, "100 bytes"),
        bad("one byte too few", "57i.st", image("", 1_023), FirmwareTooSmall, "1023"),
        bad("the download page", "57i.st", html.as_str(), FirmwareNotFirmware, "web page"),
        bad("a page after a mark and a remark", "57i.st", late.as_str(), FirmwareNotFirmware, "web page"),
        bad("a short page", "57i.st", "<html>no</html>", FirmwareNotFirmware, "web page"),
        bad("a manual", "57i.st", magic(b"%PDF-1.4\n"), FirmwareNotFirmware, "PDF"),
        bad("a Windows program", "57i.st", magic(b"MZ"), FirmwareNotFirmware, "Windows program"),
        bad("a Linux program", "57i.st", magic(b"\x7fELF"), FirmwareNotFirmware, "Linux program"),
        bad("a macOS program", "57i.st", magic(b"\xcf\xfa\xed\xfe"), FirmwareNotFirmware, "macOS program"),
        bad("a photo", "57i.st", magic(b"\xff\xd8\xff\xe0"), FirmwareNotFirmware, "picture"),
        bad("a screen shot", "57i.st", magic(b"\x89PNG\r\n\x1a\n"), FirmwareNotFirmware, "picture"),
        bad("a film", "57i.st", film, FirmwareNotFirmware, "film"),
        bad(
            "a document",
            "57i.st",
            magic(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
            FirmwareNotFirmware,
            "Office",
        ),
        bad(
            "a configuration",
            "aastra.cfg",
            "sip proxy ip: 1.2.3.4\n".repeat(90),
            FirmwareNotFirmware,
            "text",
        ),
        bad("a text of old", "57i.st", b"Gr\xfc\xdfe, M\xfcller\r\n".repeat(90), FirmwareNotFirmware, "text"),
        bad(
            "a text in UTF-16",
            "57i.st",
            [b"\xff\xfe".to_vec(), utf16].concat(),
            FirmwareNotFirmware,
            "text",
        ),
        for_a("57i", bad("another model", "53i.st", image_of("53i"), FirmwareOtherModel, "53i")),
    ]
}

fn other_archives() -> Vec<Bad> {
    vec![
        bad("a 7z", "57i.7z", magic(b"7z\xbc\xaf\x27\x1c"), FirmwareArchive, "7z"),
        bad("a rar", "57i.st", magic(b"Rar!\x1a\x07\0"), FirmwareArchive, "rar"),
        bad("an xz", "57i.st", magic(b"\xfd7zXZ\0"), FirmwareArchive, "xz"),
        bad("a bzip2", "57i.st", magic(b"BZh91AY"), FirmwareArchive, "bzip2"),
        bad("a zstd", "57i.st", magic(b"\x28\xb5\x2f\xfd"), FirmwareArchive, "zstd"),
        bad("a cabinet", "57i.st", magic(b"MSCF\0\0\0\0"), FirmwareArchive, "cabinet"),
        bad("a Debian package", "57i.st", magic(b"!<arch>\n"), FirmwareArchive, "Debian"),
        bad(
            "what only begins like a zip",
            "57i.zip",
            magic(b"PK\x03\x04\xff\xff"),
            FirmwareArchive,
            "begins like",
        ),
        bad("a gzip of another method", "57i.gz", magic(b"\x1f\x8b\x07"), FirmwareArchive, "gzip"),
        for_a(
            "57i",
            bad(
                "a zip with a page in it",
                "57i.zip",
                zip(&[("57i.st", "<html>x</html>".repeat(99).as_bytes())]),
                FirmwareNotFirmware,
                "web page",
            ),
        ),
        bad(
            "a gz with a page in it",
            "57i.st",
            gz(None, "<html>x</html>".repeat(99).as_bytes()),
            FirmwareNotFirmware,
            "web page",
        ),
        bad(
            "a zip with an empty file",
            "57i.zip",
            zip(&[("57i.st", b"")]),
            FirmwareEmpty,
            "57i.zip > 57i.st",
        ),
    ]
}

fn nothing_in_it() -> Vec<Bad> {
    let (one, two) = (image_of("57i"), image("Aastra 57i\0 3.2.2.3077", 40_000));
    let all = |names: &[&str]| {
        let images: Vec<_> = names.iter().map(|name| image(name, 9_000)).collect();
        let files: Vec<_> = names.iter().copied().zip(images.iter().map(Vec::as_slice)).collect();
        zip(&files)
    };
    vec![
        bad("an empty zip", "57i.zip", zip(&[]), FirmwareNotInArchive, "empty"),
        bad("an empty tar.gz", "57i.tar.gz", gz(None, &tar(&[])), FirmwareNotInArchive, "57i.tar"),
        bad(
            "language files",
            "lang.zip",
            zip(&[("lang_de.txt", b"hello"), ("lang_fr.txt", b"hello")]),
            FirmwareNotInArchive,
            "lang_de.txt",
        ),
        for_a(
            "57i",
            bad(
                "a bundle of other phones",
                "all.zip",
                all(&["53i.st", "55i.st"]),
                FirmwareNotInArchive,
                "57i.st, and holds 53i.st",
            ),
        ),
        for_a(
            "57i",
            bad("the zip of another phone", "6753i-fw.zip", all(&["53i.st"]), FirmwareOtherModel, "53i"),
        ),
        for_a(
            "57i",
            bad(
                "another phone's and a nameless one",
                "all.zip",
                all(&["53i.st", "new.st"]),
                FirmwareNotInArchive,
                "new.st",
            ),
        ),
        bad(
            "a bundle and no model",
            "67XXi-fw.zip",
            all(&["53i.st", "57i.st", "57iCT.st"]),
            FirmwareSeveral,
            "57iCT.st",
        ),
        for_a(
            "57i",
            bad(
                "two versions",
                "57i.zip",
                zip(&[("old/57i.st", &two), ("new/57i.st", &one)]),
                FirmwareSeveral,
                "old/57i.st",
            ),
        ),
        for_a(
            "57i",
            bad(
                "two nameless ones",
                "57i.zip",
                zip(&[("a.st", &two), ("b.st", &one)]),
                FirmwareSeveral,
                "a.st",
            ),
        ),
    ]
}

fn damaged() -> Vec<Bad> {
    let image = image_of("57i");
    let whole = zip(&[("57i.st", &image), ("53i.st", &image)]);
    let stored = zip_with(&[("57i.st", &image)], CompressionMethod::Stored, |_| {});
    let mut flipped = stored.clone();
    flipped[20_000] ^= 1;
    let packed = gz(None, &tar(&[("57i.st", &image)]));
    let mut wrong_sum = packed.clone();
    let sum = wrong_sum.len() - 8;
    wrong_sum[sum] ^= 1;
    let bare_tar = tar(&[("57i.st", &image)]);
    let mut no_front = whole.clone();
    no_front.drain(4_000..9_000);
    vec![
        bad("a zip without its end", "57i.zip", &whole[..whole.len() / 2], FirmwareDamaged, "cut off"),
        bad("a zip without its last byte", "57i.zip", &whole[..whole.len() - 1], FirmwareDamaged, "cut off"),
        bad("a zip with a hole", "57i.zip", no_front, FirmwareDamaged, "57i.zip"),
        bad("a zip with one wrong bit", "57i.zip", flipped, FirmwareDamaged, "57i.st"),
        bad(
            "a tar.gz without its end",
            "57i.tar.gz",
            &packed[..packed.len() / 2],
            FirmwareDamaged,
            "57i.tar.gz",
        ),
        bad(
            "a tar.gz without its last byte",
            "57i.tar.gz",
            &packed[..packed.len() - 1],
            FirmwareDamaged,
            "cut off",
        ),
        bad("a tar.gz with a wrong sum", "57i.tar.gz", wrong_sum, FirmwareDamaged, "57i.tar.gz"),
        bad("the head of a gz", "57i.st.gz", &packed[..5], FirmwareDamaged, "cut off"),
        bad("a tar without its end", "57i.tar", &bare_tar[..30_000], FirmwareDamaged, "57i.tar"),
        bad(
            "a tar without the mark at its end",
            "57i.tar",
            &bare_tar[..512 + 40_448],
            FirmwareDamaged,
            "cut off",
        ),
        bad(
            "a zip in a zip, cut off",
            "all.zip",
            zip(&[("57i.zip", &whole[..9_000])]),
            FirmwareDamaged,
            "all.zip > 57i.zip",
        ),
    ]
}

fn hostile() -> Vec<Bad> {
    let image = image_of("57i");
    let linked = |target: &str| {
        zip_with(&[("57i.st", &image)], CompressionMethod::Deflated, |zip| {
            zip.add_symlink("53i.st", target, SimpleFileOptions::default()).unwrap();
        })
    };
    let special = |kind| tar_of(&[("57i.st", EntryType::Regular, &image[..]), ("other", kind, b"")]);
    let named = |name: &str| tar_of(&[(name, EntryType::Regular, &image[..])]);
    let many: Vec<String> = (0..5_000).map(|number| format!("{number}.txt")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    let deep = (0..6).fold(zip(&[("57i.st", &image)]), |inner, _| zip(&[("inner.zip", &inner)]));
    let bomb = vec![0; 60_000_000];
    let mut claims = zip_with(&[("57i.st", &image)], CompressionMethod::Stored, |_| {});
    // The size in the directory (APPNOTE.TXT 4.3.12, offset 24).
    let at = claims.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
    claims[at + 24..at + 28].copy_from_slice(&0x7fff_0000_u32.to_le_bytes());
    let mut locked = zip(&[("57i.st", &image)]);
    for (signature, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let at = locked.windows(4).rposition(|four| four == signature).unwrap();
        // Bit 0: encrypted (4.4.4).
        locked[at + flags] |= 1;
    }
    let twice = replaced(&zip(&[("57i.st", &image), ("58i.st", b"another")]), b"58i.st", b"57i.st");
    let long = "n".repeat(2_000);
    let up = replaced(&zip(&[("xx/57i.st", &image)]), b"xx/57i.st", b"../57i.st");
    let up_windows = replaced(&zip(&[("xx/57i.st", &image)]), b"xx/57i.st", b"..\\57i.st");
    let root = replaced(&zip(&[("x/57i.st", &image)]), b"x/57i.st", b"//57i.st");
    let drive = replaced(&zip(&[("xyz57i.st", &image)]), b"xyz57i.st", b"C:\\57i.st");
    vec![
        bad("a password", "57i.zip", locked, FirmwareEncrypted, "57i.st"),
        bad("a way out", "57i.zip", up, FirmwareUnsafeArchive, "../57i.st"),
        bad("a way out, as Windows writes it", "57i.zip", up_windows, FirmwareUnsafeArchive, "../57i.st"),
        bad("a place at the root", "57i.zip", root, FirmwareUnsafeArchive, "//57i.st"),
        bad("a place on a drive", "57i.zip", drive, FirmwareUnsafeArchive, "C:/57i.st"),
        bad("a link in a zip", "57i.zip", linked("/etc/passwd"), FirmwareUnsafeArchive, "link"),
        bad("two of one name", "57i.zip", twice, FirmwareUnsafeArchive, "same name"),
        bad("a way out of a tar", "57i.tar", named("../57i.st"), FirmwareUnsafeArchive, "../57i.st"),
        bad(
            "the root in a tar",
            "57i.tar.gz",
            gz(None, &named("/tmp/57i.st")),
            FirmwareUnsafeArchive,
            "/tmp/57i.st",
        ),
        bad(
            "a way out in the name of a gz",
            "57i.gz",
            gz(Some("../../57i.st"), &image),
            FirmwareUnsafeArchive,
            "../../57i.st",
        ),
        bad("a link in a tar", "57i.tar", special(EntryType::Symlink), FirmwareUnsafeArchive, "link"),
        bad("a hard link in a tar", "57i.tar", special(EntryType::Link), FirmwareUnsafeArchive, "link"),
        bad("a disk in a tar", "57i.tar", special(EntryType::Block), FirmwareUnsafeArchive, "device"),
        bad("a terminal in a tar", "57i.tar", special(EntryType::Char), FirmwareUnsafeArchive, "device"),
        bad(
            "a pipe in a tar.gz",
            "57i.tgz",
            gz(None, &special(EntryType::Fifo)),
            FirmwareUnsafeArchive,
            "device",
        ),
        bad("a file with holes in a tar", "57i.tar", special(EntryType::GNUSparse), FirmwareArchive, "holes"),
        bad("an endless name", "57i.zip", zip(&[(long.as_str(), b"x")]), FirmwareUnsafeArchive, "2000 bytes"),
        bad("five thousand files", "57i.zip", zip(&many), FirmwareArchiveTooLarge, "4096"),
        bad("five thousand files in a tar", "57i.tar", tar(&many), FirmwareArchiveTooLarge, "4096"),
        bad("seven zips in one another", "57i.zip", deep, FirmwareArchiveTooLarge, "in one another"),
        bad(
            "sixty million zeros",
            "57i.zip",
            zip(&[("57i.st", &bomb)]),
            FirmwareArchiveTooLarge,
            "unpack to more",
        ),
        bad(
            "sixty million zeros in a gz",
            "57i.gz",
            gz(None, &bomb),
            FirmwareArchiveTooLarge,
            "unpack to more",
        ),
        bad(
            "sixty million zeros in a tar.gz",
            "57i.tgz",
            gz(None, &tar(&[("57i.st", &bomb)])),
            FirmwareArchiveTooLarge,
            "unpack to more",
        ),
        bad("two gigabytes by its own word", "57i.zip", claims, FirmwareTooLarge, "2147418112"),
    ]
}

#[test]
fn every_bad_file_gets_its_reason() {
    let tables = [not_archives(), other_archives(), nothing_in_it(), damaged(), hostile()];
    let files: Vec<Bad> = tables.into_iter().flatten().collect();
    assert!(files.len() >= 40, "{}", files.len());
    let mut wrong = Vec::new();
    for Bad { what, name, bytes, model, code, words } in &files {
        let inspected = look(name, bytes, *model);
        match &inspected.report.refused {
            Some(failure) if failure.code == *code && failure.seen.contains(words) => {}
            other => wrong.push(format!("{what}: {other:?}, not {code:?} with \"{words}\"")),
        }
        if inspected.firmware.is_some() {
            wrong.push(format!("{what}: it would reach a phone"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // Every reason that a file alone can get has its bad file.
    let met: BTreeSet<&str> = files.iter().map(|bad| bad.code.name()).collect();
    let elsewhere = [
        // In the file system, and by the rules about versions.
        FirmwareMissing,
        FirmwareUnreadable,
        FirmwareGrowing,
        FirmwareMakesUnusable,
        FirmwarePresentUnknown,
        FirmwareNotConfirmed,
        FirmwareStepFirst,
        // On the way from the page, and in the store.
        FirmwareChanged,
        FirmwareKeptDamaged,
        FirmwareNoRoom,
    ];
    for code in FailureCode::ALL.iter().filter(|code| code.exit_code() == 10 && !elsewhere.contains(code)) {
        assert!(met.contains(code.name()), "{}", code.name());
    }
}
