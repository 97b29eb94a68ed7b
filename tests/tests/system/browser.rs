//! The page in a real browser, clicked as a person clicks.

use std::process::Command;

use simulator::{Model, practice_firmware};
use tests::browser::Browser;
use tests::programs::{Program, path};

/// A practising helper: the page's address, and the address that the phone's display shows.
fn practise(options: &[&str]) -> (Program, String, String) {
    let mut command = Command::new(path("hookflash"));
    command.args(["practice", "--no-open"]).args(options);
    let mut helper = Program::start(&mut command);
    let phone = helper.line_with(|line| Some(line.split("WEB RECOVERY AT: ").nth(1)?.to_owned()));
    let page = helper.line_with(|line| line.starts_with("http://127.0.0.1:").then(|| line.to_owned()));
    (helper, page, phone)
}

fn number(value: &str) -> u64 {
    value.parse().unwrap_or(0)
}

#[tokio::test]
async fn the_journey_by_clicks_with_a_reload_in_the_middle() {
    let (_helper, page, phone) = practise(&[]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("57i.st");
    std::fs::write(&file, practice_firmware(&Model::default())).unwrap();

    let browser = Browser::start().await;
    browser.open(&page).await;
    browser.click("model-57i").await;
    browser.choose_file("firmware-input", &file).await;
    assert_eq!(browser.text("firmware-name").await, "57i.st");
    browser.click("next").await;
    browser.type_into("address", &phone).await;
    browser.click("start").await;

    browser.until("transfer-bytes", "data-bytes", |bytes| number(bytes) > 100_000).await;
    assert!(browser.is_there("keep-plugged-in").await);
    browser.reload().await;
    // The true state, from the helper: the transfer goes on where it is.
    browser.until("transfer-bytes", "data-bytes", |bytes| number(bytes) > 100_000).await;
    assert!(browser.is_there("keep-plugged-in").await);
    // The reload has forgotten the wish, so it is told again; a notice that is asked for is heard.
    browser
        .script(
            "window.Notification = class { static permission = 'granted'; \
             constructor(title, options) { window.rung = title + ': ' + options.body } }",
        )
        .await;
    browser.click("bell").await;
    let icon = browser.script("return document.querySelector('link[rel=icon]').href").await;
    assert!(icon.as_str().unwrap().starts_with("data:image/svg+xml"), "the icon shows how far it is: {icon}");
    browser.until("progress", "aria-valuenow", |percent| number(percent) > 50).await;

    assert_eq!(browser.attribute("outcome", "data-result").await.as_deref(), Some("verified"));
    assert!(browser.text("identity-version").await.contains("3.3.1.4365"));
    assert_eq!(browser.text("heading").await, "Your phone is like new");
    assert_eq!(browser.script("return window.rung").await, "hookflash: Your phone is like new");
    let icon = browser.script("return document.querySelector('link[rel=icon]').href").await;
    assert!(icon.as_str().unwrap().ends_with("/icon.svg"), "{icon}");
    // Nothing of the key stays where it can be seen or copied by accident.
    assert_eq!(browser.script("return location.hash + document.cookie").await, "");
    browser.quit().await;
}

#[tokio::test]
async fn a_clipped_address_and_a_file_that_is_no_firmware_are_told_where_they_are_given() {
    let (_helper, page, _phone) = practise(&[]);
    let folder = tempfile::tempdir().unwrap();
    let wrong = folder.path().join("57i.st");
    std::fs::write(&wrong, "<!DOCTYPE html><html><body>Sign in</body></html>").unwrap();

    let browser = Browser::start().await;
    browser.open(&page).await;
    browser.click("model-unknown").await;
    browser.choose_file("firmware-input", &wrong).await;
    assert_eq!(
        browser.attribute("firmware-problem", "data-code").await.as_deref(),
        Some("firmware::not_firmware")
    );
    browser.click("use-practice-firmware").await;
    browser.click("next").await;
    browser.type_into("address", "192.168.6").await;
    assert!(browser.text("address-problem").await.contains("only a part"));
    browser.quit().await;
}

#[tokio::test]
async fn the_only_phone_in_recovery_is_filled_in_and_the_checklist_fills_itself() {
    let (_helper, page, phone) = practise(&[]);
    let browser = Browser::start().await;
    browser.open(&page).await;
    browser.click("model-57i").await;
    browser.click("use-practice-firmware").await;
    browser.click("next").await;
    for fact in ["fact-cable", "fact-phone", "fact-way", "fact-mode"] {
        browser.until(fact, "data-state", |state| state == "done").await;
    }
    assert!(browser.text("fact-phone").await.contains("it is simulated on this computer"), "the reason");
    assert_eq!(browser.script("return document.getElementById('address').value").await, phone.as_str());
    // The focus is where the person put it: on the heading of the new screen.
    assert_eq!(browser.script("return document.activeElement.dataset.testid").await, "heading");
    assert!(!browser.is_there("found-phone").await, "there is nothing to choose");
    browser.click("start").await;
    browser.until("outcome", "data-result", |result| result == "verified").await;
    browser.quit().await;
}

#[tokio::test]
async fn of_several_phones_the_one_that_is_chosen_is_used_and_what_is_typed_stays() {
    let (_helper, page, first) = practise(&["--phones", "2"]);
    let browser = Browser::start().await;
    browser.open(&page).await;
    browser.click("model-57i").await;
    browser.click("use-practice-firmware").await;
    browser.click("next").await;
    browser.find("found-phone").await;
    let typed = "return document.getElementById('address').value";
    assert_eq!(browser.script(typed).await, "", "nobody knows which of them is meant");
    browser.until("fact-way", "data-state", |state| state == "todo").await;
    browser.click("found-phone").await;
    browser.until("fact-mode", "data-state", |state| state == "done").await;
    assert!(browser.script(typed).await.as_str().is_some_and(|chosen| chosen.starts_with("127.0.0.1:")));
    browser.type_into("address", &first).await;
    browser.until("fact-phone", "data-state", |state| state == "done").await;
    assert_eq!(browser.script(typed).await, first.as_str());
    browser.quit().await;
}

#[tokio::test]
async fn c22_a_phone_that_started_as_usual_is_told_before_anything_is_started() {
    let (_helper, page, _phone) = practise(&["--scenario", "normal-mode"]);
    let browser = Browser::start().await;
    browser.open(&page).await;
    browser.click("model-57i").await;
    browser.click("use-practice-firmware").await;
    browser.click("next").await;
    browser.until("fact-mode", "data-state", |state| state == "odd").await;
    assert_eq!(browser.text("heading").await, "The phone started as usual");
    browser.click("side-door").await;
    browser.until("outcome", "data-result", |result| result == "verified").await;
    browser.quit().await;
}

#[tokio::test]
async fn a_phone_that_started_as_usual_is_named_and_can_be_tried_again() {
    let (_helper, page, phone) = practise(&["--scenario", "normal-mode"]);
    let browser = Browser::start().await;
    browser.open(&page).await;
    browser.click("model-unknown").await;
    browser.click("use-practice-firmware").await;
    browser.click("next").await;
    browser.type_into("address", &phone).await;
    browser.click("start").await;
    browser.until("outcome", "data-code", |code| code == "phone::normal_mode").await;
    assert_eq!(browser.text("heading").await, "The phone started as usual");
    browser.click("retry").await;
    browser.until("outcome", "data-code", |code| code == "phone::normal_mode").await;
    browser.quit().await;
}

#[tokio::test]
async fn a_page_without_the_key_shows_nothing_and_says_what_to_do() {
    let (_helper, page, _phone) = practise(&[]);
    let without_key = page.split('#').next().unwrap();
    let browser = Browser::start().await;
    browser.open(without_key).await;
    browser.until("connection", "data-state", |state| state == "key-refused").await;
    assert!(!browser.is_there("start").await && !browser.is_there("firmware-input").await);
    browser.quit().await;
}
