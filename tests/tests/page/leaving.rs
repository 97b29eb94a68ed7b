//! Leaving the page harms nothing, for the helper goes on; the browser asks only where a person
//! who believes that all is over could do harm. A second tab shows the same.

use shared::phase::Phase;
use tests::browser::Browser;
use tests::page::{Gate, Practice};

use super::journey::start_by_clicks;

/// What the browser does before it leaves: it sends the page this event, and asks when the page
/// prevents what would come.
const ASKS: &str = "const event = new Event('beforeunload', {cancelable: true});
    window.dispatchEvent(event);
    return event.defaultPrevented";

async fn asks(browser: &Browser) -> bool {
    browser.script(ASKS).await == true
}

#[tokio::test]
async fn the_browser_asks_before_leaving_only_while_the_phone_must_keep_its_power() {
    let practice = Practice::start(&[]);
    let browser = Browser::start().await;
    let gate = Gate::before(&browser).await;
    browser.open(&practice.page).await;
    browser.find("model-57i").await;
    assert!(!asks(&browser).await, "nothing has begun");
    gate.begin_until("phone.phase === 'prepare'").await;
    start_without_loading(&browser, &practice.phones[0]).await;
    for phase in Phase::ALL {
        gate.until(&format!("phone.phase === '{}'", phase.name())).await;
        let expected = (Phase::Send..=Phase::Restart).contains(&phase);
        assert_eq!(asks(&browser).await, expected, "{}", phase.name());
    }
    gate.until("phone.outcome").await;
    assert!(!asks(&browser).await, "it is over");
    browser.quit().await;
}

async fn start_without_loading(browser: &Browser, address: &str) {
    browser.click("model-57i").await;
    browser.click("use-practice-firmware").await;
    browser.click("next").await;
    browser.type_into("address", address).await;
    browser.click("start").await;
}

#[tokio::test]
async fn a_second_tab_shows_the_same_and_a_closed_one_disturbs_nothing() {
    let practice = Practice::start(&[]);
    let browser = Browser::start().await;
    start_by_clicks(&browser, &practice.page, &practice.phones[0]).await;
    browser.find("keep-plugged-in").await;
    let first = browser.window().await;

    let second = browser.open_tab().await;
    browser.open(practice.page_without_key()).await;
    browser.find("keep-plugged-in").await;
    let bytes = |value: String| value.parse::<u64>().unwrap_or(0);
    let in_second = bytes(browser.until("transfer-bytes", "data-bytes", |value| value != "0").await);
    browser.show_tab(&first).await;
    let in_first = bytes(browser.until("transfer-bytes", "data-bytes", |value| value != "0").await);
    assert!(in_first >= in_second, "the same transfer, a moment later: {in_second}, then {in_first}");

    // Both are closed in the middle of the file, and the phone comes back all the same.
    browser.close_tab().await;
    browser.show_tab(&second).await;
    let third = browser.open_tab().await;
    browser.show_tab(&second).await;
    browser.close_tab().await;
    browser.show_tab(&third).await;
    browser.open(practice.page_without_key()).await;
    assert_eq!(browser.attribute("outcome", "data-result").await.as_deref(), Some("verified"));
    browser.quit().await;
}
