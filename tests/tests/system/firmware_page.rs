//! What the page tells of a firmware before a phone gets it, and what it asks. In a real browser.

use std::io::{Cursor, Write};
use std::path::Path;
use std::process::Command;

use simulator::{Model, practice_firmware};
use tests::browser::Browser;
use tests::programs::{Program, path};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The helper as a person starts it, with a home of its own, and its page in a browser.
async fn open(home: &Path) -> (Program, Browser) {
    let mut command = Command::new(path("hookflash"));
    for folder in ["HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "LOCALAPPDATA"] {
        command.env(folder, home);
    }
    let mut helper = Program::start(command.args(["serve", "--no-open", "--no-look"]));
    let page = helper.line_with(|line| line.starts_with("http://127.0.0.1:").then(|| line.to_owned()));
    let browser = Browser::start().await;
    browser.open(&page).await;
    browser.click("symptom-locked").await;
    (helper, browser)
}

fn image(model: &Model, text: &str) -> Vec<u8> {
    let mut bytes = practice_firmware(model);
    bytes.splice(64..64 + text.len(), text.bytes());
    bytes
}

#[tokio::test]
async fn c30_the_page_says_where_to_get_the_file_without_a_link() {
    let home = tempfile::tempdir().unwrap();
    let (_helper, browser) = open(home.path()).await;
    browser.click("model-57i").await;
    browser.click("whereabouts").await;
    browser.until_text("whereabouts-file", |text| text.contains("57i.st")).await;
    let table = browser.text("whereabouts-archives").await;
    for told in [
        "3.3.1-SP4",
        "2.6.0.2019",
        "6757i-fw.zip",
        "2637299 bytes",
        "c0c2a3355402c0b8e442688bb5d58df27666bee5",
    ] {
        assert!(table.contains(told), "{told} in {table}");
    }
    assert!(browser.text("whereabouts-search").await.contains("Aastra 6757i firmware 57i.st"));
    assert_eq!(browser.script("return document.querySelectorAll('main a[href]').length").await, 0);
    browser.quit().await;
}

#[tokio::test]
async fn of_an_archive_with_several_files_the_person_chooses_their_phones() {
    let home = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (for_57i, for_53i) = (image(&Model::default(), "Aastra 57i"), image(&Model::default(), "Aastra 53i"));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in [("fw/53i.st", &for_53i), ("fw/57i.st", &for_57i), ("copy/57i.st", &for_57i)] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    let bundle = folder.path().join("all of them.zip");
    std::fs::write(&bundle, zip.finish().unwrap().into_inner()).unwrap();

    let (_helper, browser) = open(home.path()).await;
    browser.click("model-unknown").await;
    browser.choose_file("firmware-input", &bundle).await;
    browser.until_text("firmware-choice", |text| text.contains("57i") && text.contains("53i")).await;
    let offered =
        "return [...document.querySelectorAll('[data-testid=firmware-member] b')].map(b => b.innerText)";
    // The same file in two folders is one file.
    assert_eq!(browser.script(offered).await, serde_json::json!(["53i", "57i"]));
    browser.script("document.querySelectorAll('[data-testid=firmware-member]')[0].click()").await;
    assert_eq!(browser.text("firmware-name").await, "53i.st");
    assert!(!browser.is_there("firmware-choice").await);
    // And with that it is known which phone it is.
    browser.click("next").await;
    assert!(browser.text("summary-phone").await.contains("53i"));
    browser.quit().await;
}

/// What makes some 6867i unusable is told on the page, before and after the button, and only what
/// the person has seen on the phone lets it pass (domain.md 3.4).
#[tokio::test]
async fn a_version_that_can_make_the_phone_unusable_needs_two_answers() {
    let home = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let model = Model::default();
    let file = folder.path().join("6867i.st");
    std::fs::write(&file, image(&model, "\0SIP 6867i 5.0.0.1018\0")).unwrap();

    let (_helper, browser) = open(home.path()).await;
    browser.click("model-6867i").await;
    browser.choose_file("firmware-input", &file).await;
    let warned = browser.attribute("firmware-warning", "data-state").await;
    assert_eq!(warned.as_deref(), Some("failed"), "{}", browser.folded_text("firmware-findings").await);
    browser.click("next").await;
    // Nobody answers there, and nobody is asked before the file may be sent.
    browser.type_into("address", "127.0.0.1:9").await;
    browser.click("start").await;
    browser.until("outcome", "data-code", |code| code == "firmware::present_version_unknown").await;

    browser.type_into("confirm-present", "four").await;
    browser.type_into("confirm-model", "6867").await;
    browser.click("confirm-go-on").await;
    for field in ["confirm-present", "confirm-model"] {
        assert_eq!(browser.attribute(field, "aria-invalid").await.as_deref(), Some("true"), "{field}");
    }
    // Another model than the one that was chosen confirms nothing.
    browser.type_into("confirm-present", "4.2.0").await;
    browser.type_into("confirm-model", "6869i").await;
    browser.click("confirm-go-on").await;
    browser.until("outcome", "data-code", |code| code == "firmware::not_confirmed").await;
    // A version that is too old is no way around it.
    browser.type_into("confirm-present", "4.1.0").await;
    browser.type_into("confirm-model", "6867i").await;
    browser.click("confirm-go-on").await;
    browser.until("outcome", "data-code", |code| code == "firmware::makes_unusable").await;
    assert!(!browser.is_there("confirm").await);
    browser.quit().await;
}

#[tokio::test]
async fn the_two_answers_let_a_new_enough_phone_have_it() {
    let home = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("6867i.st");
    std::fs::write(&file, image(&Model::default(), "\0SIP 6867i 5.0.0.1018\0")).unwrap();

    let (_helper, browser) = open(home.path()).await;
    browser.click("model-6867i").await;
    browser.choose_file("firmware-input", &file).await;
    browser.click("next").await;
    browser.type_into("address", "127.0.0.1:9").await;
    browser.click("start").await;
    browser.until("outcome", "data-code", |code| code == "firmware::present_version_unknown").await;
    browser.type_into("confirm-present", "4.2.0").await;
    browser.type_into("confirm-model", "6867i").await;
    browser.click("confirm-go-on").await;
    // The file may go now; only the phone is missing.
    browser.until("outcome", "data-code", |code| code == "phone::not_found").await;
    browser.quit().await;
}
