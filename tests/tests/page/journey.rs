//! The whole journey: by keyboard alone, and with the page loaded again in each phase.

use shared::phase::Phase;
use tests::browser::Browser;
use tests::page::{Gate, Key, Practice};

/// From the first question to the start, by clicks.
pub(super) async fn start_by_clicks(browser: &Browser, page: &str, address: &str) {
    browser.open(page).await;
    browser.click("model-57i").await;
    browser.click("use-practice-firmware").await;
    browser.click("next").await;
    browser.type_into("address", address).await;
    browser.click("start").await;
}

/// The same with the keys Tab, Enter and Space. Each place on the way shows that it has the
/// focus, and each new screen begins with its heading; the last question's says how the phone
/// `stands`.
pub(super) async fn start_by_keyboard(browser: &Browser, page: &str, address: &str, stands: &str) {
    browser.open(page).await;
    browser.press_at("model-57i", Key::Enter).await;
    browser.heading_is("Give it its firmware").await;
    browser.press_at("use-practice-firmware", Key::Space).await;
    browser.press_at("next", Key::Enter).await;
    browser.heading_is(stands).await;
    browser.tab_to("address").await;
    browser.type_keys(address).await;
    browser.press_at("start", Key::Enter).await;
}

#[tokio::test]
async fn the_journey_by_keyboard_alone() {
    let practice = Practice::start(&[]);
    let browser = Browser::start().await;
    // What is announced, as it comes: every text of the polite places, and of alerts.
    const LISTEN: &str = r#"
        window.announced = [];
        new MutationObserver(() => {
            for (const place of document.querySelectorAll(".card > [role=status]")) {
                if (announced.at(-1) !== place.textContent) announced.push(place.textContent);
            }
        }).observe(document, {childList: true, characterData: true, subtree: true});
    "#;
    browser.run_before_every_page(LISTEN).await;
    start_by_keyboard(&browser, &practice.page, &practice.phones[0], "The practice phone waits for you")
        .await;

    // The screens follow each other by themselves, and the focus follows them.
    browser.find("keep-plugged-in").await;
    assert_eq!(browser.attribute("keep-plugged-in", "role").await.as_deref(), Some("alert"));
    browser.until_text("step-now", |step| step == "Check").await;
    browser.until_script("return document.activeElement?.dataset.testid === 'heading'").await;
    browser.heading_is("Your phone is like new").await;
    assert_eq!(browser.attribute("outcome", "data-result").await.as_deref(), Some("verified"));

    let announced = browser.script("return announced").await;
    let announced: Vec<&str> =
        announced.as_array().unwrap().iter().filter_map(|text| text.as_str()).collect();
    let tens: Vec<u32> = announced
        .iter()
        .filter_map(|text| text.strip_suffix(" percent read by the phone")?.parse().ok())
        .collect();
    assert_eq!(tens.len(), announced.len(), "{announced:?}");
    assert!(tens.len() > 3 && tens.len() <= 11, "not each percent, and not the end alone: {tens:?}");
    assert!(tens.iter().all(|percent| percent % 10 == 0) && tens.is_sorted(), "{tens:?}");

    // A folded part is a button as well, and what scrolls in it can be reached.
    browser.press_at("same-again", Key::Space).await;
    // The only phone there is has just been brought back.
    browser.heading_is("The phone started as usual").await;
    browser.press_at("phone-chip-1", Key::Enter).await;
    browser.heading_is("Your phone is like new").await;
    browser.quit().await;
}

#[tokio::test]
async fn a_page_that_is_loaded_again_in_each_phase_shows_the_true_state_each_time() {
    let practice = Practice::start(&[]);
    let browser = Browser::start().await;
    Gate::before(&browser).await;
    browser.open(&practice.page).await;
    // Loaded again by the very message that tells of the phase, once for each.
    const RELOAD: &str = r#"(() => {
        if (!window.gate) return;
        const seen = JSON.parse(sessionStorage.getItem("reloaded") ?? "[]");
        gate.until(phone => {
            if (!phone || phone.outcome || seen.includes(phone.phase)) return false;
            sessionStorage.setItem("reloaded", JSON.stringify([...seen, phone.phase]));
            location.reload();
            return true;
        });
    })()"#;
    browser.run_before_every_page(RELOAD).await;
    start_by_clicks(&browser, &practice.page, &practice.phones[0]).await;
    browser.find_after_reloads("outcome").await;

    let reloaded = browser.script("return JSON.parse(sessionStorage.getItem('reloaded'))").await;
    let reloaded: Vec<&str> =
        reloaded.as_array().unwrap().iter().filter_map(|phase| phase.as_str()).collect();
    let name = |phase: Phase| phase.name();
    // A phase that ended while the page was loading is not shown any more, and that is the truth.
    for phase in [Phase::Transfer, Phase::Write, Phase::Restart, Phase::Wipe] {
        assert!(reloaded.contains(&name(phase)), "{} is missing in {reloaded:?}", phase.name());
    }
    let order: Vec<usize> = reloaded
        .iter()
        .filter_map(|seen| Phase::ALL.iter().position(|phase| name(*phase) == *seen))
        .collect();
    assert!(order.is_sorted(), "never back: {reloaded:?}");
    assert_eq!(browser.attribute("outcome", "data-result").await.as_deref(), Some("verified"));
    assert_eq!(browser.script("return Object.keys(gate.phones).length").await, 1, "it was started once");
    browser.quit().await;
}
