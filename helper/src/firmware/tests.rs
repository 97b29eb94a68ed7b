use shared::failure::FailureCode;

use super::*;

fn some_bytes() -> Vec<u8> {
    (0..5000_u32).map(|i| (i * 7 % 253) as u8).collect()
}

#[test]
fn a_loaded_file_has_its_name_its_size_and_its_sums() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("57i.st");
    std::fs::write(&path, some_bytes()).unwrap();
    let firmware = Firmware::load(&path).unwrap();
    assert_eq!((firmware.view.name.as_str(), firmware.view.bytes), ("57i.st", 5000));
    assert_eq!(firmware.view.model.as_deref(), Some("57i"));
    assert_eq!(firmware.view.taken_from, None);
    assert_eq!(*firmware.bytes, some_bytes());
    assert_eq!((firmware.view.id.len(), firmware.view.sha1.len()), (64, 40));
}

#[test]
fn what_cannot_be_loaded_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.st");
    std::fs::write(&empty, b"").unwrap();
    let zip = folder.path().join("57i.zip");
    std::fs::write(&zip, [b"PK\x03\x04".as_slice(), &some_bytes()].concat()).unwrap();
    for (path, code) in [
        (folder.path().join("none.st"), FailureCode::FirmwareMissing),
        (folder.path().to_owned(), FailureCode::FirmwareUnreadable),
        (empty, FailureCode::FirmwareEmpty),
        (zip, FailureCode::FirmwareArchive),
    ] {
        let failure = Firmware::load(&path).unwrap_err();
        assert_eq!(failure.code, code, "{}", path.display());
        assert!(!failure.seen.is_empty());
    }
}

#[test]
fn a_gigabyte_is_refused_without_being_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.st");
    std::fs::File::create(&path).unwrap().set_len(2 << 30).unwrap();
    let inspected = on_disk::inspect_file(&path, None);
    assert_eq!(inspected.report.sha1, None, "nothing of it was read");
    assert_eq!(inspected.report.bytes, Some(2 << 30));
    assert_eq!(inspected.into_firmware().unwrap_err().code, FailureCode::FirmwareTooLarge);
}

#[test]
fn an_uploaded_name_is_only_a_name() {
    let name = |given: &str| Firmware::from_bytes(given, some_bytes()).unwrap().view.name;
    assert_eq!(name("../../etc/57i.st"), "57i.st");
    assert_eq!(name("C:\\fakepath\\57i.st"), "57i.st");
    assert_eq!(name("57\n\u{7}i.st"), "57i.st");
    assert_eq!(name(&"x".repeat(1000)).len(), 255);
}

/// A reader that has more to give each time it is read to its end.
struct Growing(Cursor<Vec<u8>>);

impl std::io::Read for Growing {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.0.read(buffer)?;
        if read == 0 {
            let at = self.0.position();
            self.0.get_mut().extend_from_slice(&[7; 100]);
            self.0.set_position(at);
        }
        Ok(read)
    }
}

impl std::io::Seek for Growing {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn a_file_that_has_another_size_than_it_had_is_not_finished() {
    let mut growing = Growing(Cursor::new(some_bytes()));
    growing.0.get_mut().push(7);
    let inspected = inspect::inspect("57i.st", 5000, growing, None);
    assert_eq!(inspected.into_firmware().unwrap_err().code, FailureCode::FirmwareGrowing);
}

#[test]
fn a_download_that_a_browser_has_not_finished_is_known_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, some_bytes()).unwrap();
        path
    };
    let code = |path: &Path| Firmware::load(path).err().map(|failure| failure.code);
    assert_eq!(code(&write("57i.st")), None);
    for unfinished in ["Unconfirmed 1.crdownload", "53i.st.PART", "a.download"] {
        assert_eq!(code(&write(unfinished)), Some(FailureCode::FirmwareGrowing), "{unfinished}");
    }
    // Firefox: an empty file of the right name, and its bytes beside it.
    let placeholder = folder.path().join("55i.st");
    std::fs::write(&placeholder, b"").unwrap();
    assert_eq!(code(&placeholder), Some(FailureCode::FirmwareEmpty));
    write("55i.st.part");
    assert_eq!(code(&placeholder), Some(FailureCode::FirmwareGrowing));
}
