//! The models of the thread, each with the file that it wants (C26).

use tests::phone::SimulatedPhone;
use tests::recovery::{Recovery, firmware};

/// Model, and the file of its firmware (domain.md 3.1).
const MODELS: [(&str, &str); 9] = [
    ("57i", "57i.st"),
    ("6757i", "57i.st"),
    ("51i", "51i.st"),
    ("53i", "53i.st"),
    ("6753i", "53i.st"),
    ("55i", "55i.st"),
    ("6755i", "55i.st"),
    ("9480i CT", "9480iCT.st"),
    ("6867i", "6867i.st"),
];

#[test]
fn c26_every_model_of_the_thread_gets_the_file_that_it_wants() {
    let folder = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for (model, name) in MODELS {
            let folder = &folder;
            scope.spawn(move || {
                // The person's own name for it says nothing: the phone must hear the right one.
                let file = firmware(folder.path(), &format!("download of {model}.bin"), 1_600_000);
                let phone = SimulatedPhone::start(&["--model", model]);
                let recovery = Recovery::of(&phone, &file, &["--model", model]);
                recovery.assert_verified();
                let asked = phone.events_of("file_requested");
                assert_eq!(asked[0]["name"], name, "{model}");
                let platform = recovery.events_of("identity")[0]["platform"].clone();
                assert!(platform.as_str().is_some_and(|text| text.starts_with(model)), "{model}: {platform}");
            });
        }
    });
}

#[test]
fn c26_the_file_of_one_is_refused_for_another() {
    let folder = tempfile::tempdir().unwrap();
    for (model, _) in MODELS {
        let other = if model.ends_with("53i") { "55i.st" } else { "53i.st" };
        let file = firmware(folder.path(), other, 1_600_000);
        let recovery = Recovery::run(&[
            "--phone",
            "127.0.0.1:9",
            "--firmware",
            &file.to_string_lossy(),
            "--model",
            model,
            "--tftp-port",
            "0",
        ]);
        recovery.assert_failed(10, "firmware::other_model");
    }
}
