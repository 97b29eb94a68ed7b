//! The store on a real disk: what stays, what goes, and what never gets out.

use std::thread;
use std::time::SystemTime;

use super::disk::PART;
use super::upkeep::{ABANDONED, LOCK};
use super::*;

fn firmware(name: &str, seed: u8, bytes: usize) -> Firmware {
    let bytes = (0..bytes).map(|i| (i * 7 % 251) as u8 ^ seed).collect();
    Firmware::from_bytes(name, bytes).unwrap()
}

fn store(folder: &Path) -> Store {
    Store::open(folder, Limits::default()).unwrap()
}

fn names(store: &Store) -> Vec<String> {
    store.list().into_iter().map(|kept| kept.file.name).collect()
}

/// Every file of the folder but the lock.
fn on_disk(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != LOCK)
        .collect();
    names.sort();
    names
}

#[test]
fn what_was_put_is_there_for_the_next_run_with_its_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("not").join("yet");
    let (one, other) = (firmware("57i.st", 0, 5_000), firmware("53i.st", 1, 6_000));
    let before = store(&place);
    before.put(&one, 10).unwrap();
    before.put(&other, 20).unwrap();
    let after = store(&place);
    let expected = [&one, &other].map(|file| KeptFirmware { file: file.view.clone(), worked: Vec::new() });
    assert_eq!(after.list(), expected);
    let loaded = after.load(&one.view.id, 30).unwrap();
    assert_eq!((loaded.view, loaded.bytes), (one.view, one.bytes));
    assert_eq!(names(&after), ["53i.st", "57i.st"], "the one that was used last is at the end");
}

#[test]
fn the_same_bytes_are_one_file_and_keep_what_is_known_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let file = firmware("57i (1).st", 0, 5_000);
    store.put(&file, 10).unwrap();
    store.worked(&file.view.id, "57i", 11);
    store.put(&firmware("57i.st", 0, 5_000), 20).unwrap();
    let list = store.list();
    assert_eq!((list.len(), list[0].file.name.as_str()), (1, "57i.st"), "by its last name");
    assert_eq!(list[0].worked, [shared::protocol::Worked { model: "57i".into(), at_ms: 11 }]);
    assert_eq!(on_disk(folder.path()).len(), 2, "its bytes and its note");
}

#[test]
fn each_model_that_came_back_is_noted_once_and_the_last_one_first() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let file = firmware("51i.st", 0, 5_000);
    store.put(&file, 1).unwrap();
    for (model, at_ms) in [("51i", 2), ("53i", 3), ("51i", 4)] {
        store.worked(&file.view.id, model, at_ms);
    }
    for seed in 0..20_u64 {
        store.worked(&"0".repeat(64), "57i", seed);
    }
    let worked: Vec<_> =
        store.list().remove(0).worked.into_iter().map(|worked| (worked.model, worked.at_ms)).collect();
    assert_eq!(worked, [("51i".to_owned(), 4), ("53i".to_owned(), 3)]);
    assert_eq!(store.list().len(), 1, "a file that is not here is not noted");
}

#[test]
fn a_damaged_file_is_told_and_removed_and_never_given_out() {
    let resize = |path: &Path, bytes| File::options().write(true).open(path).unwrap().set_len(bytes).unwrap();
    let damages: [&dyn Fn(&Path); 4] = [
        &|path| {
            let mut bytes = fs::read(path).unwrap();
            bytes[2_500] ^= 1;
            fs::write(path, bytes).unwrap();
        },
        &|path| resize(path, 0),
        &|path| resize(path, 4_999),
        &|path| resize(path, 5_001),
    ];
    for (number, damage) in damages.into_iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let (good, bad) = (firmware("53i.st", 1, 5_000), firmware("57i.st", 0, 5_000));
        store.put(&good, 1).unwrap();
        store.put(&bad, 2).unwrap();
        damage(&store.path(&bad.view.id, FILE));
        let failure = store.load(&bad.view.id, 3).unwrap_err();
        assert_eq!(failure.code, FailureCode::FirmwareKeptDamaged, "{number}");
        assert!(failure.seen.contains("57i.st"), "{}", failure.seen);
        assert_eq!(names(&store), ["53i.st"], "{number}");
        assert_eq!(on_disk(folder.path()).len(), 2, "{number}");
        assert_eq!(store.load(&bad.view.id, 4).unwrap_err().code, FailureCode::FirmwareMissing);
        // And it can be put right, also without being noticed before.
        store.put(&bad, 5).unwrap();
        damage(&store.path(&bad.view.id, FILE));
        store.put(&bad, 6).unwrap();
        assert_eq!(store.load(&bad.view.id, 7).unwrap().bytes, bad.bytes);
    }
}

/// What somebody puts in the place of a file is not followed: not a link, not a pipe.
#[cfg(unix)]
#[test]
fn links_and_folders_in_the_place_of_a_file_are_no_files() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let (one, other) = (firmware("57i.st", 0, 5_000), firmware("53i.st", 1, 5_000));
    for file in [&one, &other] {
        store.put(file, 1).unwrap();
        fs::remove_file(store.path(&file.view.id, FILE)).unwrap();
    }
    let secret = folder.path().join("secret");
    fs::write(&secret, &**one.bytes).unwrap();
    std::os::unix::fs::symlink(&secret, store.path(&one.view.id, FILE)).unwrap();
    fs::create_dir(store.path(&other.view.id, FILE)).unwrap();
    assert_eq!(store.list(), []);
    for file in [&one, &other] {
        assert!(!store.has(&file.view.id));
        assert_eq!(store.load(&file.view.id, 2).unwrap_err().code, FailureCode::FirmwareMissing);
    }
    store.put(&one, 3).unwrap();
    assert_eq!(fs::read(&secret).unwrap(), *one.bytes, "the link was replaced, not written through");
    assert!(store.load(&one.view.id, 4).is_ok());
}

#[test]
fn a_key_is_never_a_path() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("store");
    let store = store(&place);
    let outside = folder.path().join("57i.st");
    fs::write(&outside, b"mine").unwrap();
    fs::write(folder.path().join("57i.json"), br#"{"name":"57i.st","used_ms":1}"#).unwrap();
    for id in ["", "../57i", "..", "/etc/passwd", &"A".repeat(64), &"0".repeat(63)] {
        assert!(!store.has(id), "{id}");
        assert!(!store.remove(id).unwrap(), "{id}");
        assert_eq!(store.load(id, 1).unwrap_err().code, FailureCode::FirmwareMissing, "{id}");
        store.worked(id, "57i", 1);
    }
    assert_eq!(fs::read(outside).unwrap(), b"mine");
}

#[test]
fn what_was_not_used_for_the_longest_time_goes_first() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Limits { bytes: 20_000, files: 3 }).unwrap();
    let files: Vec<_> = (0..4).map(|seed| firmware(&format!("{seed}.st"), seed, 5_000)).collect();
    for (at, file) in files[..3].iter().enumerate() {
        store.put(file, at as u64).unwrap();
    }
    // The oldest is used once more, so the second one is the oldest now.
    store.load(&files[0].view.id, 10).unwrap();
    store.put(&files[3], 11).unwrap();
    assert_eq!(names(&store), ["2.st", "0.st", "3.st"], "three files are allowed");
    store.worked(&files[2].view.id, "57i", 12);
    let large = firmware("large.st", 9, 12_000);
    store.put(&large, 13).unwrap();
    assert_eq!(names(&store), ["2.st", "large.st"], "20000 bytes are allowed");
    store.put(&firmware("huge.st", 8, 30_000), 14).unwrap();
    assert_eq!(names(&store), ["huge.st"], "the newest stays, whatever its size");
    assert_eq!(on_disk(folder.path()).len(), 2, "bytes and notes went together");
}

#[test]
fn a_removed_file_is_gone_from_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let file = firmware("57i.st", 0, 5_000);
    store.put(&file, 1).unwrap();
    assert!(store.remove(&file.view.id).unwrap());
    assert!(!store.remove(&file.view.id).unwrap());
    assert_eq!(on_disk(folder.path()), [] as [String; 0]);
}

#[test]
fn what_a_crash_left_is_removed_and_what_is_not_ours_stays() {
    let folder = tempfile::tempdir().unwrap();
    let before = store(folder.path());
    let (whole, no_note, no_bytes) =
        (firmware("57i.st", 0, 5_000), firmware("53i.st", 1, 5_000), firmware("51i.st", 2, 5_000));
    for file in [&whole, &no_note, &no_bytes] {
        before.put(file, 1).unwrap();
    }
    fs::remove_file(before.path(&no_note.view.id, NOTE)).unwrap();
    fs::remove_file(before.path(&no_bytes.view.id, FILE)).unwrap();
    assert_eq!(names(&before), ["57i.st"], "half a file is not shown either");
    let (old, young, theirs) = (
        folder.path().join("old.part"),
        folder.path().join("young.part"),
        folder.path().join("holiday.json"),
    );
    for path in [&old, &young, &theirs] {
        fs::write(path, b"half of it").unwrap();
    }
    let long_ago = SystemTime::now() - 2 * ABANDONED;
    File::options().write(true).open(&old).unwrap().set_modified(long_ago).unwrap();
    let after = store(folder.path());
    assert_eq!(names(&after), ["57i.st"]);
    let id = &whole.view.id;
    let mut left = vec![format!("{id}.json"), format!("{id}.st"), "holiday.json".into(), "young.part".into()];
    left.sort();
    assert_eq!(on_disk(folder.path()), left, "another helper may be writing the young one");
}

#[test]
fn a_note_that_cannot_be_read_is_none_and_its_file_goes() {
    for bad in [b"{ half a".to_vec(), b"[]".to_vec(), vec![b' '; 70_000]] {
        let folder = tempfile::tempdir().unwrap();
        let file = firmware("57i.st", 0, 5_000);
        let before = store(folder.path());
        before.put(&file, 1).unwrap();
        fs::write(before.path(&file.view.id, NOTE), &bad).unwrap();
        assert_eq!(before.list(), []);
        assert_eq!(store(folder.path()).list(), []);
        assert_eq!(on_disk(folder.path()), [] as [String; 0]);
    }
}

/// A later version says more of a file than the note does: it is looked at again, once.
#[test]
fn a_note_of_another_version_is_written_anew() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let file = firmware("57i.st", 0, 5_000);
    store.put(&file, 1).unwrap();
    let note = store.path(&file.view.id, NOTE);
    fs::write(&note, br#"{"name":"57i.st","used_ms":1,"view":{"shape":"of long ago"}}"#).unwrap();
    assert_eq!(store.list().remove(0).file, file.view);
    assert!(fs::read_to_string(&note).unwrap().contains(&file.view.sha1));
}

/// Two helpers, here two stores with a lock of their own each, add and use and remove the same
/// files as fast as they can: what is there in the end is whole, and no note is lost.
#[test]
fn two_helpers_at_once_cannot_harm_each_other() {
    const ROUNDS: u8 = 12;
    let folder = tempfile::tempdir().unwrap();
    let shared_file = firmware("shared.st", 200, 5_000);
    store(folder.path()).put(&shared_file, 1).unwrap();
    thread::scope(|scope| {
        for helper in 0..3_u64 {
            let (folder, shared_file) = (folder.path(), &shared_file);
            scope.spawn(move || {
                let store = store(folder);
                for round in 0..ROUNDS {
                    let file = firmware("57i.st", round % 4, 5_000);
                    store.put(&file, 1_000 + u64::from(round)).unwrap();
                    match store.load(&file.view.id, 2_000) {
                        Ok(found) => assert_eq!(found.bytes, file.bytes),
                        // The other one removed it meanwhile, and that is no damage.
                        Err(failure) => assert_eq!(failure.code, FailureCode::FirmwareMissing),
                    }
                    store.worked(&shared_file.view.id, &format!("{helper}.{}", round % 2), 3_000);
                    store.remove(&file.view.id).unwrap();
                }
            });
        }
    });
    let left = store(folder.path());
    let list = left.list();
    let kept = list.iter().find(|kept| kept.file.id == shared_file.view.id).unwrap();
    let mut noted: Vec<_> = kept.worked.iter().map(|worked| worked.model.as_str()).collect();
    noted.sort_unstable();
    assert_eq!(noted, ["0.0", "0.1", "1.0", "1.1", "2.0", "2.1"], "no note was lost");
    for kept in &list {
        assert!(left.load(&kept.file.id, 4_000).is_ok(), "{}", kept.file.name);
    }
    assert!(on_disk(folder.path()).iter().all(|name| !name.ends_with(PART)));
}

#[test]
fn a_file_that_is_not_there_whole_never_takes_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let file = firmware("57i.st", 0, 5_000);
    let part = store.part(&file.bytes[..2_500]).unwrap();
    assert_eq!(store.list(), [], "what is being written is not shown");
    assert_eq!(on_disk(folder.path()).len(), 1);
    drop(part);
    assert_eq!(on_disk(folder.path()), [] as [String; 0]);
}

#[cfg(unix)]
#[test]
fn a_place_that_cannot_be_written_is_an_error_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let in_the_way = folder.path().join("file");
    fs::write(&in_the_way, b"mine").unwrap();
    assert!(Store::open(&in_the_way, Limits::default()).is_err());
    assert_eq!(fs::read(&in_the_way).unwrap(), b"mine");
    let store = store(&folder.path().join("store"));
    fs::remove_dir_all(folder.path().join("store")).unwrap();
    assert!(store.put(&firmware("57i.st", 0, 5_000), 1).is_err());
    assert_eq!(store.list(), []);
}
