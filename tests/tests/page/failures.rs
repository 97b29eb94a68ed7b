//! Recoveries that end badly, by clicks and by keyboard: what happened is named, and the button
//! for the next thing does it.

use tests::browser::Browser;
use tests::page::{Key, Practice};

use super::journey::{start_by_clicks, start_by_keyboard};

/// A recovery that ends badly.
struct Case {
    scenario: &'static str,
    /// Typed in place of the phone's own address.
    address: Option<fn(&Practice) -> String>,
    /// Stopped by the person as soon as it can be.
    is_stopped: bool,
    code: &'static str,
    heading: &'static str,
    /// The button, and where it leads: a heading, or another end.
    remedy: &'static str,
    leads_to: Next,
}

enum Next {
    Heading(&'static str),
    Code(&'static str),
}

const CONNECT: Next = Next::Heading("The practice phone waits for you");

/// The page's own address: something answers there, and it is no phone.
fn no_phone(practice: &Practice) -> String {
    format!("127.0.0.1:{}", practice.port())
}

/// A port at which nobody ever listens (RFC 6335: 1 is "tcpmux").
fn nobody(_: &Practice) -> String {
    "127.0.0.1:1".to_owned()
}

const CASES: [Case; 6] = [
    Case {
        scenario: "normal-mode",
        address: None,
        is_stopped: false,
        code: "phone::normal_mode",
        heading: "The phone started as usual",
        remedy: "retry",
        leads_to: Next::Code("phone::normal_mode"),
    },
    Case {
        scenario: "good",
        address: Some(nobody),
        is_stopped: false,
        code: "phone::not_found",
        heading: "Nothing answers at this address",
        remedy: "remedy",
        leads_to: CONNECT,
    },
    Case {
        scenario: "good",
        address: Some(no_phone),
        is_stopped: false,
        code: "phone::not_a_phone",
        heading: "Something answers, but it is not a phone in Web Recovery",
        remedy: "remedy",
        leads_to: CONNECT,
    },
    Case {
        scenario: "unknown-form",
        address: None,
        is_stopped: false,
        code: "phone::form_unknown",
        heading: "We do not understand this phone's form",
        remedy: "retry",
        leads_to: Next::Code("phone::form_unknown"),
    },
    Case {
        scenario: "no-request",
        address: None,
        is_stopped: true,
        code: "session::cancelled",
        heading: "You stopped it here",
        remedy: "start-over",
        leads_to: Next::Heading("Which phone is it?"),
    },
    Case {
        scenario: "other-password",
        address: None,
        is_stopped: false,
        code: "phone::other_password",
        heading: "The phone is back, but not with the factory password",
        remedy: "retry",
        leads_to: Next::Code("phone::normal_mode"),
    },
];

async fn check(browser: &Browser, case: &Case, by_keyboard: bool) {
    let practice = Practice::start(&["--scenario", case.scenario]);
    let address = case.address.map_or_else(|| practice.phones[0].clone(), |address| address(&practice));
    if by_keyboard {
        let stands = match case.scenario {
            "normal-mode" => "The phone started as usual",
            _ => "The practice phone waits for you",
        };
        start_by_keyboard(browser, &practice.page, &address, stands).await;
    } else {
        start_by_clicks(browser, &practice.page, &address).await;
    }
    if case.is_stopped {
        browser.until("phase", "data-phase", |phase| phase == "send").await;
        press(browser, "stop", by_keyboard).await;
    }
    browser.until("outcome", "data-code", |code| code == case.code).await;
    browser.heading_is(case.heading).await;
    assert_eq!(browser.attribute("outcome", "role").await.as_deref(), Some("alert"), "{}", case.code);
    assert!(browser.folded_text("outcome").await.len() > 20, "{}: the next step is told", case.code);
    assert!(!browser.folded_text("failure-seen").await.is_empty(), "{}: what was seen is told", case.code);
    assert_eq!(browser.folded_text("failure-code").await, case.code);

    // So that a second end is told from this one.
    browser.script("document.querySelector('[data-testid=outcome]').id = 'first-end'").await;
    press(browser, case.remedy, by_keyboard).await;
    match case.leads_to {
        Next::Heading(heading) => browser.heading_is(heading).await,
        Next::Code(code) => {
            // It really begins again: the old end goes, and there is a new one.
            browser.until_script("return !document.getElementById('first-end')").await;
            browser.until("outcome", "data-code", |shown| shown == code).await;
        }
    }
}

async fn press(browser: &Browser, id: &str, by_keyboard: bool) {
    if by_keyboard {
        browser.press_at(id, Key::Enter).await;
    } else {
        browser.click(id).await;
    }
}

#[tokio::test]
async fn six_failures_by_clicks() {
    let browser = Browser::start().await;
    for case in &CASES {
        check(&browser, case, false).await;
    }
    browser.quit().await;
}

#[tokio::test]
async fn six_failures_by_keyboard() {
    let browser = Browser::start().await;
    for case in &CASES {
        check(&browser, case, true).await;
    }
    browser.quit().await;
}
