//! How quickly the page is there, and how quickly the phone is served after the click:
//! `page-times HOOKFLASH SIMULATED_PHONE ROUNDS`. `cargo xtask bench page` runs it and reads its
//! lines: `interactive MS` and `served MS` for each round, and once `resting PID`, after which it
//! waits for a line before it goes on.
//!
//! Each round has a new helper and a new browser, whose window is open and empty when the helper
//! is started. Both ends of a time are read from the same clock, the system's: by the browser
//! where it is the browser that knows.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a program for the terminal, only for tests")]

use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;
use simulator::{Model, practice_firmware};
use tests::browser::Browser;
use tests::programs::Program;

/// Notes when the first question can be answered: the helper has been heard, and what is there
/// has been drawn.
const NOTE: &str = r#"
    if (location.protocol === "http:") new MutationObserver((_, observer) => {
        const link = document.querySelector("[data-testid=connection]");
        if (link?.dataset.state !== "open" || !document.querySelector("[data-testid=model-57i]")) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => { window.interactive = Date.now(); }));
    }).observe(document, {attributes: true, childList: true, subtree: true});
"#;

#[tokio::main]
async fn main() {
    let options: Vec<String> = std::env::args().skip(1).collect();
    let [hookflash, phone, rounds] = options.as_slice() else {
        panic!("page-times HOOKFLASH SIMULATED_PHONE ROUNDS")
    };
    for round in 0..rounds.parse().expect("rounds are a number") {
        one(hookflash, phone, round == 0).await;
    }
}

async fn one(hookflash: &str, phone: &str, rests: bool) {
    let folder = tempfile::tempdir().expect("a folder for what is kept");
    let firmware = folder.path().join("57i.st");
    std::fs::write(&firmware, practice_firmware(&Model::default())).expect("the folder takes a file");
    let browser = Browser::start().await;
    browser.run_before_every_page(NOTE).await;

    let start = now_ms();
    let mut helper = helper(hookflash, folder.path());
    let page = helper.line_with(|line| line.starts_with("http://127.0.0.1:").then(|| line.to_owned()));
    browser.open(&page).await;
    browser.until_script("return window.interactive !== undefined").await;
    let interactive = browser.script("return window.interactive").await;
    println!("interactive {}", since(start, &interactive));
    if rests {
        println!("resting {}", helper.id());
        std::io::stdin().read_line(&mut String::new()).expect("a line to go on");
    }

    let (mut phone, address) = turn_on(phone);
    browser.click("model-57i").await;
    browser.choose_file("firmware-input", &firmware).await;
    browser.click("next").await;
    browser.type_into("address", &address).await;
    browser.find("start").await;
    const CLICK: &str = "const clicked = Date.now();
        document.querySelector('[data-testid=start]').click();
        return clicked";
    let clicked = browser.script(CLICK).await;
    // The first bytes that the phone tells of: not the very first one, but those right behind it.
    let served = phone.line_with(|line| line.contains("\"event\":\"progress\"").then(now_ms));
    println!("served {}", since(clicked.as_f64().expect("a time"), &served.into()));
    browser.quit().await;
}

fn helper(hookflash: &str, folder: &Path) -> Program {
    let mut command = Command::new(hookflash);
    command.args(["serve", "--no-open", "--no-look"]).env("HOME", folder);
    for place in ["XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "XDG_STATE_HOME"] {
        command.env(place, folder);
    }
    Program::start(&mut command)
}

/// A phone that is ready: it waits a fiftieth of a second before it asks for its file.
fn turn_on(phone: &str) -> (Program, String) {
    let mut command = Command::new(phone);
    command.args(["--fast", "--bind", "127.0.0.1:0", "--tftp-port", "69"]);
    let mut phone = Program::start(&mut command);
    let address = phone.line_with(|line| {
        let event: Value = serde_json::from_str(line).ok()?;
        Some(event["address"].as_str()?.to_owned())
    });
    (phone, address)
}

/// Milliseconds since 1970, as the browser's clock tells them.
fn now_ms() -> f64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970");
    now.as_secs_f64() * 1e3
}

fn since(start: f64, end: &Value) -> String {
    format!("{:.0}", end.as_f64().expect("a time") - start)
}
