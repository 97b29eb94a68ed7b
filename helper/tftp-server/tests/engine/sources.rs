//! Which file a name gets, and that nothing else is reachable.

use std::io::Write;

use tftp_server::{Content, FileSource, Memory, Refusal, Request, Source, Staged};

use crate::rig::{Pattern, rrq};

fn open(source: &dyn Source, name: &str) -> Result<Box<dyn Content>, Refusal> {
    let request = Request::parse(&rrq(name, "octet", &[])).unwrap().1.unwrap();
    source.open(&request, ([127, 0, 0, 1], 1).into())
}

#[test]
fn one_staged_file_answers_to_every_spelling_of_its_name_and_to_no_other() {
    let staged = Staged::new("57i.st", Memory::new(*b"firmware")).alias("backup/6757i.st");
    for name in [
        "57i.st",
        "/57i.st",
        "\\57i.st",
        "./57i.st",
        "//57i.st",
        "57I.ST",
        "Aastra/57i.st",
        "C:\\TFTP-Root\\57i.St",
        "/a/b\\c/57i.st",
        "../../57i.st",
        " 57i.st ",
        "6757i.st",
        "/6757I.ST",
    ] {
        assert!(open(&staged, name).is_ok(), "{name}");
    }
    for name in ["55i.st", "57i.st/", "57i", "57i.st.bak", "x57i.st", "/", "\\", "57i.st\u{fffd}", "backup"] {
        assert_eq!(open(&staged, name).err(), Some(Refusal::NotFound), "{name}");
    }
}

#[test]
fn an_empty_name_is_never_answered() {
    let staged = Staged::new("", Memory::new(*b"x"));
    assert!(open(&staged, "/").is_err());
}

#[test]
fn strange_names_are_names_like_any_other() {
    for name in ["Gerät Ω.st", "a b.st", "emoji 📞.st", "semi;colon&.st"] {
        let staged = Staged::new(name, Memory::new(*b"x"));
        assert!(open(&staged, &format!("/folder/{}", name.to_uppercase())).is_ok(), "{name}");
    }
}

#[test]
fn a_file_is_read_by_position_and_a_folder_or_nothing_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("57i.st");
    std::fs::File::create(&path).unwrap().write_all(b"0123456789").unwrap();
    let mut content = open(&FileSource::new(&path), "whatever").unwrap();
    assert_eq!((content.len(), content.is_empty()), (10, false));
    let mut buffer = [0; 4];
    assert_eq!(content.read_at(8, &mut buffer).unwrap(), 2);
    assert_eq!(&buffer[..2], b"89");
    assert_eq!(content.read_at(1, &mut buffer).unwrap(), 4);
    assert_eq!(&buffer, b"1234");
    assert_eq!(content.read_at(10, &mut buffer).unwrap(), 0);
    let missing = FileSource::new(folder.path().join("none"));
    assert_eq!(open(&missing, "x").err(), Some(Refusal::NotFound));
    assert!(matches!(open(&FileSource::new(folder.path()), "x"), Err(Refusal::Failed(_))));
}

/// The file is read ahead in pieces of 16 KiB; blocks cross their borders, come again after a
/// resend, and may be larger than a piece.
#[test]
fn a_file_reads_the_same_in_any_order_and_in_pieces_of_any_size() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("57i.st");
    let bytes = Pattern(100_000).bytes();
    std::fs::write(&path, &bytes).unwrap();
    let mut content = open(&FileSource::new(&path), "x").unwrap();
    let mut whole = |offset: usize, length: usize| {
        let mut buffer = vec![0; length];
        let mut done = 0;
        while done < length {
            match content.read_at((offset + done) as u64, &mut buffer[done..]).unwrap() {
                0 => break,
                count => done += count,
            }
        }
        buffer.truncate(done);
        assert_eq!(
            buffer,
            bytes[offset.min(bytes.len())..(offset + done).min(bytes.len())],
            "{offset} {length}"
        );
        done
    };
    for (offset, length, wanted) in [
        (0, 512, 512),
        // Across the end of a piece, and back before it.
        (16_000, 1428, 1428),
        (16_384, 512, 512),
        (16_383, 2, 2),
        (15_872, 512, 512),
        (0, 1, 1),
        // Larger than a piece, and exactly one.
        (20_000, 65_464, 65_464),
        (16_384, 16_384, 16_384),
        // At the end and behind it.
        (99_990, 512, 10),
        (100_000, 512, 0),
        (200_000, 20_000, 0),
        (99_999, 65_464, 1),
    ] {
        assert_eq!(whole(offset, length), wanted, "{offset} {length}");
    }
}

#[test]
fn memory_takes_whatever_holds_bytes() {
    let mut content = open(&Memory::new(vec![7_u8; 3]), "x").unwrap();
    let mut buffer = [0; 8];
    assert_eq!(content.read_at(0, &mut buffer).unwrap(), 3);
    assert_eq!(content.read_at(u64::MAX, &mut buffer).unwrap(), 0);
    assert!(open(&Memory::new("text"), "x").is_ok());
}
