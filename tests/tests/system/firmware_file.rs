//! The firmware on its way from the person's disk: chosen, dropped, interrupted, kept for the
//! next phone, and removed again. In a real browser.

use std::path::Path;
use std::process::Command;

use simulator::{Model, practice_firmware};
use tests::browser::Browser;
use tests::programs::{Program, path};
use tests::recovery::firmware;

/// One piece of an upload (`shared::protocol::PIECE_BYTES`).
const PIECE: u64 = 1024 * 1024;

fn address(line: &str) -> Option<String> {
    line.starts_with("http://127.0.0.1:").then(|| line.to_owned())
}

fn practise(options: &[&str]) -> (Program, String) {
    let mut command = Command::new(path("hookflash"));
    command.args(["practice", "--no-open"]).args(options);
    let mut helper = Program::start(&mut command);
    let page = helper.line_with(address);
    (helper, page)
}

/// The helper as a person starts it, with a home of its own.
fn serve(home: &Path) -> (Program, String) {
    let mut command = Command::new(path("hookflash"));
    for folder in ["HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "LOCALAPPDATA"] {
        command.env(folder, home);
    }
    let mut helper = Program::start(command.args(["serve", "--no-open", "--no-look"]));
    let page = helper.line_with(address);
    (helper, page)
}

async fn at_the_firmware(page: &str) -> Browser {
    let browser = Browser::start().await;
    browser.open(page).await;
    browser.click("model-57i").await;
    browser
}

fn number(value: &str) -> u64 {
    value.parse().unwrap_or(0)
}

/// The requests of uploads that this page has made, by their paths.
async fn requests(browser: &Browser) -> Vec<String> {
    let names = "return performance.getEntriesByType('resource').map(entry => entry.name)\
                 .filter(name => name.includes('/api/uploads')).map(name => new URL(name).pathname)";
    let found = browser.script(names).await;
    serde_json::from_value(found).unwrap()
}

/// After so many pieces nothing leaves the page any more: it is caught in the middle.
async fn hold_after(browser: &Browser, pieces: u32) {
    let hold = format!(
        "const send = window.fetch; let pieces = 0; window.fetch = (url, ...rest) => \
         String(url).includes('/pieces/') && ++pieces > {pieces} ? new Promise(() => {{}}) : send(url, ...rest);"
    );
    browser.script(&hold).await;
}

#[tokio::test]
async fn an_upload_goes_on_after_a_reload_where_it_stopped() {
    let (_helper, page) = practise(&[]);
    let folder = tempfile::tempdir().unwrap();
    let file = firmware(folder.path(), "57i.st", 8_000_000);
    let browser = at_the_firmware(&page).await;
    hold_after(&browser, 3).await;
    browser.choose_file("firmware-input", &file).await;
    browser.until("upload", "data-bytes", |bytes| number(bytes) == 3 * PIECE).await;
    assert_eq!(browser.attribute("upload", "data-percent").await.as_deref(), Some("39"));

    browser.reload().await;
    browser.click("model-57i").await;
    assert_eq!(browser.attribute("upload-unfinished", "data-percent").await.as_deref(), Some("39"));
    assert!(browser.text("upload-unfinished").await.contains("57i.st"));
    assert!(!browser.is_there("firmware-kept").await, "half a file is none");
    browser.choose_file("firmware-input", &file).await;
    assert_eq!(browser.text("firmware-name").await, "57i.st");
    assert!(browser.folded_text("firmware-about-size").await.contains("8000000 bytes"));
    let sent: Vec<u64> = requests(&browser)
        .await
        .iter()
        .filter_map(|path| path.split("/pieces/").nth(1)?.parse().ok())
        .collect();
    assert_eq!(sent, [3, 4, 5, 6, 7].map(|piece| piece * PIECE), "nothing is sent twice");
    assert!(!browser.is_there("upload-unfinished").await);
    browser.quit().await;
}

#[tokio::test]
async fn an_upload_can_be_stopped_and_what_is_left_of_one_forgotten() {
    let (_helper, page) = practise(&[]);
    let folder = tempfile::tempdir().unwrap();
    let file = firmware(folder.path(), "57i.st", 4_000_000);
    let browser = at_the_firmware(&page).await;
    hold_after(&browser, 1).await;
    browser.choose_file("firmware-input", &file).await;
    browser.until("upload", "data-bytes", |bytes| number(bytes) == PIECE).await;
    browser.click("upload-stop").await;
    browser.find("firmware-drop").await;
    browser.gone("upload-unfinished").await;

    // One that the page was taken away from has its own button.
    browser.reload().await;
    browser.click("model-57i").await;
    hold_after(&browser, 2).await;
    browser.choose_file("firmware-input", &file).await;
    browser.until("upload", "data-bytes", |bytes| number(bytes) == 2 * PIECE).await;
    browser.reload().await;
    browser.click("model-57i").await;
    browser.click("upload-forget").await;
    browser.gone("upload-unfinished").await;
    assert!(!browser.is_there("firmware-kept").await);
    browser.quit().await;
}

#[tokio::test]
async fn a_file_that_is_dropped_on_the_page_is_taken_and_several_are_not() {
    let (_helper, page) = practise(&[]);
    let browser = at_the_firmware(&page).await;
    browser.drop_files("firmware-drop", &[("57i.st", 300_000), ("53i.st", 300_000)]).await;
    assert!(browser.text("upload-problem").await.contains("2 files"));
    assert_eq!(requests(&browser).await, [] as [String; 0]);
    browser.drop_files("firmware-drop", &[("57i.st", 300_000)]).await;
    assert_eq!(browser.text("firmware-name").await, "57i.st");
    assert!(browser.folded_text("firmware-about-size").await.contains("300000 bytes"));
    assert_eq!(browser.folded_text("firmware-sha256").await.len(), 64);
    assert!(!browser.is_there("upload-problem").await);
    browser.quit().await;
}

#[tokio::test]
async fn two_gigabytes_are_refused_at_once_and_nothing_of_them_is_sent() {
    let (_helper, page) = practise(&[]);
    let folder = tempfile::tempdir().unwrap();
    let large = folder.path().join("57i.st");
    // It takes no room on the disk.
    std::fs::File::create(&large).unwrap().set_len(2 << 30).unwrap();
    let browser = at_the_firmware(&page).await;
    browser.choose_file("firmware-input", &large).await;
    let code = browser.attribute("firmware-problem", "data-code").await;
    assert_eq!(code.as_deref(), Some("firmware::too_large"));
    assert!(browser.text("firmware-problem").await.contains("256 MB"));
    assert_eq!(requests(&browser).await, [] as [String; 0]);
    browser.quit().await;
}

/// Two phones of a company, the file chosen once (case C20).
#[tokio::test]
async fn c20_the_second_phone_needs_no_file_any_more() {
    let mut command = Command::new(path("hookflash"));
    let mut helper = Program::start(command.args(["practice", "--no-open", "--phones", "2"]));
    let mut phone = || helper.line_with(|line| Some(line.split("WEB RECOVERY AT: ").nth(1)?.to_owned()));
    let phones = [phone(), phone()];
    let page = helper.line_with(address);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("57i.st");
    std::fs::write(&file, practice_firmware(&Model::default())).unwrap();

    let browser = at_the_firmware(&page).await;
    browser.choose_file("firmware-input", &file).await;
    assert_eq!(browser.text("firmware-name").await, "57i.st");
    std::fs::remove_file(&file).unwrap();
    assert!(!browser.is_there("firmware-used-before").await);
    browser.click("next").await;
    browser.type_into("address", &phones[0]).await;
    browser.click("start").await;
    browser.until("outcome", "data-result", |result| result == "verified").await;

    // The same page again, which has been told nothing yet: of a model whose file is known only
    // the model is asked.
    browser.reload().await;
    browser.click("start-over").await;
    browser.click("model-57i").await;
    assert_eq!(browser.text("firmware-name").await, "57i.st");
    assert!(browser.text("firmware-used-before").await.contains("57i on "));
    browser.click("next").await;
    browser.type_into("address", &phones[1]).await;
    browser.click("start").await;
    browser.until("outcome", "data-result", |result| result == "verified").await;
    assert_eq!(requests(&browser).await, [] as [String; 0], "nothing was sent again");

    // The third one is a 53i: this file is offered, and not chosen for it.
    browser.click("start-over").await;
    browser.click("model-53i").await;
    browser.find("firmware-kept").await;
    assert!(!browser.is_there("firmware-name").await);
    browser.quit().await;
}

#[tokio::test]
async fn a_file_is_there_the_next_day_until_it_is_deleted() {
    let home = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = firmware(folder.path(), "57i.st", 2_637_219);
    let (helper, page) = serve(home.path());
    let browser = Browser::start().await;
    browser.open(&page).await;
    browser.click("symptom-several").await;
    browser.click("model-57i").await;
    browser.choose_file("firmware-input", &file).await;
    assert_eq!(browser.text("firmware-name").await, "57i.st");
    assert_eq!(stored(home.path()).len(), 1);
    // Not even ended in order.
    drop(helper);

    let (_helper, page) = serve(home.path());
    browser.open(&page).await;
    browser.click("symptom-several").await;
    browser.click("model-57i").await;
    assert!(browser.text("firmware-used").await.contains("no phone"));
    assert!(!browser.is_there("firmware-name").await, "it worked for nobody yet");
    browser.click("firmware-kept").await;
    assert_eq!(browser.text("firmware-name").await, "57i.st");
    browser.click("firmware-about").await;
    browser.click("firmware-delete").await;
    assert_eq!(stored(home.path()).len(), 1, "it asks first");
    browser.click("firmware-delete").await;
    browser.gone("firmware-name").await;
    browser.gone("firmware-kept").await;
    assert_eq!(stored(home.path()), [] as [String; 0]);
    browser.quit().await;
}

#[tokio::test]
async fn practice_leaves_nothing_among_the_files_of_a_person() {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(path("hookflash"));
    command.env("HOME", home.path()).env("XDG_DATA_HOME", home.path());
    let mut helper = Program::start(command.args(["practice", "--no-open"]));
    let page = helper.line_with(address);
    let browser = at_the_firmware(&page).await;
    browser.click("use-practice-firmware").await;
    assert_eq!(browser.text("firmware-name").await, "57i.st");
    browser.drop_files("firmware-drop", &[("57i.st", 300_000)]).await;
    browser.until_text("firmware-about-size", |text| text.contains("300000 bytes")).await;
    assert_eq!(stored(home.path()), [] as [String; 0]);
    browser.quit().await;
}

/// The firmware files below a folder, by name.
fn stored(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(stored(&path));
        } else if path.extension().is_some_and(|extension| extension == "st") {
            found.push(path.display().to_string());
        }
    }
    found
}
