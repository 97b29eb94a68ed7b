//! The line to the helper: stopped, started again, of another version, lost for a moment. Each
//! is told, and the page goes on by itself as soon as it can.

use shared::phase::Phase;
use shared::protocol::PROTOCOL_VERSION;
use tests::browser::Browser;
use tests::page::{Gate, Practice};
use tests::ports::free_port;

use super::journey::start_by_clicks;

/// Until the page shows a phone that was started and is in this phase.
async fn bring_to(browser: &Browser, gate: Gate<'_>, practice: &Practice, phase: Phase) {
    let is_there = format!("phone.phase === '{}'", phase.name());
    browser.find("model-57i").await;
    gate.begin_until(&is_there).await;
    browser.click("model-57i").await;
    browser.click("use-practice-firmware").await;
    browser.click("next").await;
    browser.type_into("address", &practice.phones[0]).await;
    browser.click("start").await;
    gate.reached(&is_there).await;
}

#[tokio::test]
async fn a_helper_that_is_killed_and_started_again_in_each_phase_is_told_and_shown_anew() {
    let port = free_port().to_string();
    let browser = Browser::start().await;
    let gate = Gate::before(&browser).await;
    let mut practice = Practice::start(&["--port", &port]);
    browser.open(&practice.page).await;
    for phase in Phase::ALL.into_iter().filter(|phase| *phase != Phase::Done) {
        bring_to(&browser, gate, &practice, phase).await;
        practice.kill();
        browser.until("connection", "data-state", |state| state == "lost").await;
        assert_eq!(browser.attribute("lost", "role").await.as_deref(), Some("alert"));
        let told = browser.text("lost").await;
        assert!(told.contains("does not answer") && told.contains("start it again"), "{told}");
        assert_eq!(told.contains("Leave the phone plugged in"), phase.keep_plugged_in(), "{}", phase.name());
        // What was known is still there, and said to be old; nothing that needs the helper can be pressed.
        assert_eq!(browser.attribute("phase", "data-phase").await.as_deref(), Some(phase.name()));
        if browser.is_there("stop").await {
            assert_eq!(browser.attribute("stop", "disabled").await.as_deref(), Some("true"));
        }

        // A new helper has a new key: the page notices by itself, and says what that means.
        practice = Practice::start(&["--port", &port]);
        browser.until("connection", "data-state", |state| state == "key-refused").await;
        let told = browser.text("rejected").await;
        assert!(told.contains("ended") && told.contains("Leave the phone plugged in"), "{told}");
        // Its address in the same tab, as a person pastes it.
        browser.open(&practice.page).await;
        browser.until("connection", "data-state", |state| state == "open").await;
        browser.until_text("heading", |heading| heading == "Which phone is it?").await;
        assert!(!browser.is_there("phone-list").await, "the new helper knows of no phone");
    }
    browser.quit().await;
}

#[tokio::test]
async fn a_tab_that_waits_goes_on_when_another_one_brings_the_new_key() {
    let port = free_port().to_string();
    let browser = Browser::start().await;
    let practice = Practice::start(&["--port", &port]);
    start_by_clicks(&browser, &practice.page, &practice.phones[0]).await;
    browser.find("keep-plugged-in").await;
    let waiting = browser.window().await;
    practice.kill();
    let practice = Practice::start(&["--port", &port]);
    browser.until("connection", "data-state", |state| state == "key-refused").await;

    browser.open_tab().await;
    browser.open(&practice.page).await;
    browser.find("model-57i").await;
    assert!(!browser.is_there("rejected").await, "this tab never saw the old one");
    browser.show_tab(&waiting).await;
    browser.until("connection", "data-state", |state| state == "open").await;
    // The recovery is not just gone.
    let told = browser.text("rejected").await;
    assert!(told.contains("ended") && told.contains("Leave the phone plugged in"), "{told}");
    assert_eq!(browser.attribute("rejected", "role").await.as_deref(), Some("alert"));
    // And what was typed is not lost.
    browser.until_text("heading", |heading| heading == "The practice phone waits for you").await;
    browser.quit().await;
}

#[tokio::test]
async fn a_line_that_breaks_comes_back_by_itself_with_the_true_state() {
    let practice = Practice::start(&[]);
    let browser = Browser::start().await;
    let gate = Gate::before(&browser).await;
    browser.open(&practice.page).await;
    bring_to(&browser, gate, &practice, Phase::Transfer).await;
    // Noted as it happens: the way back takes half a second.
    const NOTE: &str = "window.links = [];
        new MutationObserver(() => {
            const now = document.querySelector('[data-testid=connection]').dataset.state;
            if (links.at(-1) !== now) links.push(now);
        }).observe(document, {attributes: true, subtree: true});
        gate.socket.close()";
    gate.open().await;
    browser.script(NOTE).await;
    browser.until_script("return links.includes('lost') && links.at(-1) === 'open'").await;
    assert!(!browser.is_there("rejected").await && !browser.is_there("lost").await);
    assert_eq!(browser.attribute("outcome", "data-result").await.as_deref(), Some("verified"));
    browser.quit().await;
}

#[tokio::test]
async fn a_helper_of_another_version_is_told_and_loading_again_helps() {
    let practice = Practice::start(&[]);
    let browser = Browser::start().await;
    let gate = Gate::before(&browser).await;
    browser.open(&practice.page).await;
    browser.find("model-57i").await;
    gate.tell(&format!("{{\"v\":{},\"type\":\"snapshot\"}}", PROTOCOL_VERSION + 1)).await;
    browser.heading_is("This page is of another version").await;
    assert_eq!(browser.attribute("connection", "data-state").await.as_deref(), Some("other-version"));
    browser.click("load-again").await;
    browser.find("model-57i").await;
    browser.until("connection", "data-state", |state| state == "open").await;
    browser.quit().await;
}
