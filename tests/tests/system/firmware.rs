//! What the person has for firmware: known before the phone gets it, and refused with the reason
//! when it must not.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tests::inspection::Inspected;
use tests::many::each;
use tests::phone::SimulatedPhone;
use tests::programs::path;
use tests::recovery::{Recovery, firmware};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const BYTES: usize = 1_600_000;

/// Bytes of our own making, with a text at their beginning.
fn image(folder: &Path, text: &str) -> Vec<u8> {
    let mut bytes = std::fs::read(firmware(folder, "any.bin", BYTES)).unwrap();
    bytes[..4].copy_from_slice(&[0xa7, 0, 1, 0]);
    bytes[4..4 + text.len()].copy_from_slice(text.as_bytes());
    bytes[4 + text.len()] = 0;
    bytes
}

fn written(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn tar_gz(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, *bytes).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap()
}

/// Model, the file of its firmware, and how sure that is (domain.md 3.1), for all models of the
/// thread.
const THREAD: [(&str, &str, &str); 9] = [
    ("57i", "57i.st", "documented"),
    ("6757i", "57i.st", "documented"),
    ("51i", "51i.st", "documented"),
    ("53i", "53i.st", "documented"),
    ("6753i", "53i.st", "documented"),
    ("55i", "55i.st", "documented"),
    ("6755i", "55i.st", "documented"),
    ("9480i CT", "9480iCT.st", "inferred"),
    ("6867i", "6867i.st", "documented"),
];

#[test]
fn c26_every_model_of_the_thread_is_in_the_catalogue_with_its_file() {
    for (model, file, confidence) in THREAD {
        let place = Inspected::run(&["--model", model]);
        assert_eq!(place.exit, 0);
        assert_eq!((&place.told["file"], &place.told["file_confidence"]), (&file.into(), &confidence.into()));
        // And its file is recognised by that name.
        let folder = tempfile::tempdir().unwrap();
        let inspected = Inspected::of(&firmware(folder.path(), file, BYTES), &["--model", model]);
        inspected.assert_taken();
        assert_eq!(inspected.told["firmware"]["model"], place.told["model"], "{model}");
    }
}

#[test]
fn c30_where_to_get_it_is_told_by_name_version_size_and_sum_without_a_link() {
    let place = Inspected::run(&["--model", "57i"]).told;
    let archives = place["archives"].as_array().unwrap();
    let known = |set: &str, bytes: u64, sha1: &str| {
        archives
            .iter()
            .any(|archive| archive["set"] == set && archive["bytes"] == bytes && archive["sha1"] == sha1)
    };
    // domain.md 3.2.
    assert!(known("2.6.0.2019", 2_637_299, "c0c2a3355402c0b8e442688bb5d58df27666bee5"), "{place}");
    assert!(known("3.3.1-SP4", 47_398_699, "ee7dc225c0d577088b0f32a0a5ebc231dc9608a8"), "{place}");
    assert!(place["search"].as_array().unwrap().contains(&"57i.st".into()));
    // A person reads the same.
    let output = Command::new(path("hookflash")).args(["inspect", "--model", "57i"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for told in ["57i.st", "6757i-fw.zip", "2637299 bytes", "c0c2a3355402c0b8e442688bb5d58df27666bee5"] {
        assert!(text.contains(told), "{told} in {text}");
    }
    assert!(!text.contains("http"), "{text}");
}

#[test]
fn c30_the_makers_zip_or_tar_gz_frees_the_phone_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let image = image(folder.path(), "Aastra 57i\0 3.3.1.4365");
    let inner = zip(&[("57i.st", &image)]);
    let files = [
        written(folder.path(), "6757i-fw.zip", &zip(&[("readme.txt", b"hello"), ("57i.st", &image)])),
        written(folder.path(), "57i.tar.gz", &tar_gz(&[("57i.st", &image)])),
        written(
            folder.path(),
            "from a forum.zip",
            &zip(&[("6757i-fw.zip", &inner), ("53i.st", &image[..99_000])]),
        ),
    ];
    each(files, |file| {
        let phone = SimulatedPhone::start(&["--model", "6757i"]);
        let recovery = Recovery::of(&phone, &file, &["--model", "57i"]);
        recovery.assert_verified();
        let received = &phone.events_of("file_received")[0];
        let inspected = Inspected::of(&file, &["--model", "57i"]).told;
        assert_eq!(received["sha256"], inspected["firmware"]["id"], "{}", file.display());
        assert_eq!(phone.events_of("file_requested")[0]["name"], "57i.st");
    });
}

#[test]
fn c20_one_bundle_serves_three_phones_and_each_gets_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let sizes = [("57i", BYTES), ("53i", BYTES - 4_000), ("6731i", BYTES - 8_000)];
    let whole = image(folder.path(), "67XXi");
    let names: Vec<String> = sizes.iter().map(|(model, _)| format!("fw/{model}.st")).collect();
    let files: Vec<(&str, &[u8])> =
        names.iter().zip(sizes).map(|(name, (_, bytes))| (name.as_str(), &whole[..bytes])).collect();
    let bundle = written(folder.path(), "67XXi-fw.zip", &zip(&files));
    each(sizes, |(model, bytes)| {
        let phone = SimulatedPhone::start(&["--model", model]);
        Recovery::of(&phone, &bundle, &["--model", model]).assert_verified();
        assert_eq!(phone.events_of("file_received")[0]["bytes"], bytes, "{model}");
    });
    // Without a model nobody guesses: all are named.
    let phone = SimulatedPhone::start(&[]);
    let recovery = Recovery::of(&phone, &bundle, &[]);
    recovery.assert_failed(10, "firmware::several");
    let seen = recovery.finished()["seen"].as_str().unwrap();
    assert!(names.iter().all(|name| seen.contains(name.as_str())), "{seen}");
    assert_eq!(phone.events_of("request").len(), 0);
    let told = Inspected::of(&bundle, &[]);
    // Nothing is wrong with it: the person has the choice.
    told.assert_taken();
    assert_eq!(told.told["firmware"], Value::Null);
    let members = told.told["members"].as_array().unwrap();
    assert_eq!(members.len(), 3);
    assert!(members.iter().all(|member| member["sha1"].as_str().is_some_and(|sha1| sha1.len() == 40)));
}

#[test]
fn two_versions_for_one_phone_are_never_chosen_between() {
    let folder = tempfile::tempdir().unwrap();
    let image = image(folder.path(), "Aastra 57i");
    let archive = zip(&[("old/57i.st", &image[..BYTES - 9]), ("new/57i.st", &image)]);
    let file = written(folder.path(), "57i.zip", &archive);
    for options in [&[][..], &["--model", "57i"]] {
        let inspected = Inspected::of(&file, options);
        inspected.assert_refused("firmware::several");
        let seen = inspected.told["refused"]["seen"].as_str().unwrap();
        assert!(seen.contains("old/57i.st") && seen.contains("new/57i.st"), "{seen}");
    }
}

#[test]
fn c07_a_file_that_would_fail_over_and_over_is_refused_before_the_phone_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let image = image(folder.path(), "Aastra 57i");
    let whole = zip(&[("57i.st", &image)]);
    let write = |name: &str, bytes: &[u8]| written(folder.path(), name, bytes);
    let phone = SimulatedPhone::start(&[]);
    for (file, code, words) in [
        (write("half.zip", &whole[..whole.len() / 2]), "firmware::damaged", "cut off"),
        (write("57i.st.crdownload", &image), "firmware::growing", ".crdownload"),
        (write("page.st", "<html>Log in</html>".repeat(99).as_bytes()), "firmware::not_firmware", "web page"),
        (write("6753i-fw.zip", &zip(&[("53i.st", &image)])), "firmware::other_model", "53i"),
        (write("lang.zip", &zip(&[("lang_de.txt", b"hello")])), "firmware::not_in_archive", "lang_de.txt"),
        (write("57i.rar", &[b"Rar!\x1a\x07".as_slice(), &image].concat()), "firmware::archive", "rar"),
    ] {
        let options = ["--model", "57i"];
        let recovery = Recovery::of(&phone, &file, &options);
        recovery.assert_failed(10, code);
        let seen = recovery.finished()["seen"].as_str().unwrap();
        assert!(seen.contains(words), "{seen}");
        let inspected = Inspected::of(&file, &options);
        inspected.assert_refused(code);
        assert_eq!(inspected.told["refused"]["seen"], seen, "inspect says the same");
    }
    assert_eq!(phone.events_of("request").len(), 0);
}

#[test]
fn what_a_file_is_comes_with_sums_evidence_and_confidence() {
    let folder = tempfile::tempdir().unwrap();
    let image = image(folder.path(), "Aastra 57i\0 3.3.1.4365");
    let archive = zip(&[("57i.st", &image)]);
    let told = Inspected::of(&written(folder.path(), "a.zip", &archive), &[]);
    told.assert_taken();
    let Value::Object(told) = told.told else { panic!() };
    assert_eq!((&told["name"], &told["bytes"]), (&"a.zip".into(), &archive.len().into()));
    let hex = |value: &Value| value.as_str().map(str::len);
    assert_eq!((hex(&told["sha1"]), hex(&told["sha256"])), (Some(40), Some(64)));
    let firmware = &told["firmware"];
    assert_eq!(firmware["taken_from"], "a.zip > 57i.st");
    assert_eq!((&firmware["model"], &firmware["model_inside"]), (&"57i".into(), &"57i".into()));
    assert_eq!(firmware["versions"], serde_json::json!(["3.3.1.4365"]));
    for finding in told["findings"].as_array().unwrap().iter().chain(firmware["findings"].as_array().unwrap())
    {
        let confidence = finding["confidence"].as_str().unwrap();
        assert!(["documented", "observed", "inferred", "unknown"].contains(&confidence), "{finding}");
        assert!(finding["evidence"].as_str().unwrap().len() > 5, "{finding}");
    }
    // The same file bare has the sums of the one in the archive.
    let bare = Inspected::of(&written(folder.path(), "57i.st", &image), &[]).told;
    assert_eq!((&bare["sha1"], &bare["sha256"]), (&firmware["sha1"], &firmware["id"]));
}

#[test]
fn two_gigabytes_are_refused_by_their_size_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("57i.st");
    std::fs::File::create(&path).unwrap().set_len(2 << 30).unwrap();
    let inspected = Inspected::of(&path, &[]);
    inspected.assert_refused("firmware::too_large");
    assert_eq!((&inspected.told["bytes"], &inspected.told["sha1"]), (&(2_u64 << 30).into(), &Value::Null));
}

#[test]
fn a_file_that_is_still_being_written_is_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let path = firmware(folder.path(), "57i.st", 4 * BYTES);
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                file.write_all(&[7; 16]).unwrap();
            }
        });
        let inspected = Inspected::of(&path, &[]);
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        inspected.assert_refused("firmware::growing");
    });
}

/// A 68xx whose form takes the file itself, and a file of 5.0.0 SP2.
fn five(folder: &Path, options: &[&str]) -> (SimulatedPhone, Recovery) {
    let file = written(folder, "6867i.st", &image(folder, "Mitel 6867i\0 5.0.0.2036"));
    let phone = SimulatedPhone::start(&["--model", "6867i", "--quirk", "form=upload"]);
    let all = [&["--model", "6867i"], options].concat();
    let recovery = Recovery::of(&phone, &file, &all);
    (phone, recovery)
}

#[test]
fn five_on_a_68xx_is_refused_whatever_is_answered_with_yes() {
    let folder = tempfile::tempdir().unwrap();
    for (options, code) in [
        (&[][..], "firmware::present_version_unknown"),
        (&["--confirm-model", "6867i"], "firmware::present_version_unknown"),
        (&["--present-version", "4.1.0.128", "--confirm-model", "6867i"], "firmware::makes_unusable"),
        (&["--present-version", "4.2.0.2023"], "firmware::not_confirmed"),
        (&["--present-version", "4.2.0.2023", "--confirm-model", "6869i"], "firmware::not_confirmed"),
    ] {
        let (phone, recovery) = five(folder.path(), options);
        recovery.assert_failed(10, code);
        assert_eq!(recovery.check("firmware_rules"), Some("fail"));
        assert_eq!(phone.events_of("request").len(), 0, "{options:?}: the phone is not even looked at");
    }
}

#[test]
fn five_on_a_68xx_with_four_two_and_its_name_typed_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let confirmed = ["--present-version", "4.2.0.2023", "--confirm-model", "6867i"];
    let (_phone, recovery) = five(folder.path(), &confirmed);
    recovery.assert_verified();
    assert_eq!(recovery.check("firmware_rules"), Some("warn"));
}

#[test]
fn a_68xx_file_of_unknown_version_is_said_to_be_unknown_and_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let file = firmware(folder.path(), "6867i.st", BYTES);
    let phone = SimulatedPhone::start(&["--model", "6867i", "--quirk", "form=upload"]);
    let recovery = Recovery::of(&phone, &file, &["--model", "6867i"]);
    recovery.assert_verified();
    assert_eq!(recovery.check("firmware_rules"), Some("unknown"));
}

#[test]
fn inspect_tells_the_rules_and_refuses_once_the_version_on_the_phone_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path(), "6867i.st", &image(folder.path(), "Mitel 6867i\0 5.0.0.2036"));
    let says = |inspected: &Inspected, name: &str| {
        let rules = inspected.told["rules"].as_array().unwrap();
        rules.iter().find(|rule| rule["name"] == name).map(|rule| rule["says"].clone())
    };
    let unknown = Inspected::of(&file, &[]);
    unknown.assert_taken();
    assert_eq!(says(&unknown, "unusable"), Some("refuse".into()));
    let old = Inspected::of(&file, &["--model", "6867i", "--present-version", "4.1.0"]);
    old.assert_refused("firmware::makes_unusable");
    let enough = Inspected::of(&file, &["--model", "6867i", "--present-version", "4.2.0"]);
    enough.assert_taken();
    let other = Inspected::of(&written(folder.path(), "57i.st", &image(folder.path(), "57i")), &[]);
    assert_eq!(says(&other, "unusable"), None);
}
