//! The first question, and the way from it into a practice. In a real browser.

use std::process::Command;

use tests::browser::Browser;
use tests::programs::{Program, path};
use tests::recovery::firmware;

/// Every answer leads to the same way, and says what to know in its case (C01, C19, C20, C21, C18).
#[tokio::test]
async fn c21_what_is_wrong_is_asked_in_the_persons_words_and_leads_on() {
    let home = tempfile::tempdir().unwrap();
    let (_helper, page) = serve(home.path());
    let browser = Browser::start().await;
    browser.open(&page).await;
    assert_eq!(browser.text("heading").await, "What is wrong with your phone?");
    for (symptom, note) in [
        ("symptom-locked", "password"),
        ("symptom-no-software", "plugged in"),
        ("symptom-stuck", "free"),
        ("symptom-reclaimed", "internet"),
        ("symptom-several", "next ones"),
    ] {
        browser.click(symptom).await;
        let told = browser.text("symptom-note").await;
        assert!(told.contains(note), "{symptom}: {told}");
        browser.find("model-57i").await;
        browser.click("back").await;
        browser.find("practise").await;
    }
    browser.click("symptom-stuck").await;
    browser.click("model-57i").await;
    browser.find("firmware-input").await;
    browser.quit().await;
}

/// A phone that shows WEB RECOVERY by itself needs no keys, and the page does not ask for them (C19).
#[tokio::test]
async fn c19_a_phone_without_software_is_only_plugged_in() {
    let home = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = firmware(folder.path(), "57i.st", 2_637_219);
    let (_helper, page) = serve(home.path());
    let browser = Browser::start().await;
    for (symptom, heading) in [
        ("symptom-locked", "Hold 1 and # and plug the power in"),
        ("symptom-no-software", "Plug the power in"),
    ] {
        browser.open("about:blank").await;
        browser.open(&page).await;
        browser.click(symptom).await;
        browser.click("model-57i").await;
        browser.choose_file("firmware-input", &file).await;
        browser.click("next").await;
        browser.until_text("heading", |shown| shown == heading).await;
        let held = "return document.querySelectorAll('.key.held').length";
        assert_eq!(browser.script(held).await, if symptom == "symptom-locked" { 2 } else { 0 }, "{symptom}");
    }
    browser.quit().await;
}

/// Practice is one click away, in a process of its own, and the browser's way back leads home.
#[tokio::test]
async fn c31_practice_is_one_click_away_and_leaves_the_real_thing_alone() {
    let home = tempfile::tempdir().unwrap();
    let (helper, page) = serve(home.path());
    let authority = page.split('#').next().unwrap().to_owned();
    let browser = Browser::start().await;
    browser.open(&page).await;
    browser.click("practise").await;
    browser.find("practice").await;
    let there = browser.script("return location.href").await;
    assert_ne!(there.as_str().unwrap(), authority, "a helper of its own");
    browser.click("model-57i").await;
    browser.click("use-practice-firmware").await;
    assert_eq!(browser.text("firmware-name").await, "57i.st");

    browser.open(&authority).await;
    browser.click("symptom-locked").await;
    browser.click("model-57i").await;
    browser.find("firmware-input").await;
    assert!(!browser.is_there("firmware-kept").await, "nothing of the practice is here");
    // A second click finds the same practice, with its phone as it was left.
    browser.open(&authority).await;
    browser.click("practise").await;
    browser.find("practice").await;
    assert_eq!(browser.script("return location.href").await, there);
    drop(helper);
    browser.quit().await;
}

/// The helper as a person starts it, with a home of its own.
fn serve(home: &std::path::Path) -> (Program, String) {
    let mut command = Command::new(path("hookflash"));
    for folder in ["HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "LOCALAPPDATA"] {
        command.env(folder, home);
    }
    let mut helper = Program::start(command.args(["serve", "--no-open", "--no-look"]));
    let page = helper.line_with(|line| line.starts_with("http://127.0.0.1:").then(|| line.to_owned()));
    (helper, page)
}
