//! Through every screen of the page.

use std::path::Path;

use shared::phase::Phase;
use shared::protocol::{Message, Rejection, encode};
use simulator::{Model, practice_firmware};

use super::told::{self, FAILURES, done_with_doubt, failed, phone, state};
use super::{Gate, Practice};
use crate::browser::Browser;

/// Leads a browser through every screen, and calls `look` with the name of each while it is
/// there and stays as it is.
pub async fn walk(browser: &Browser, mut look: impl AsyncFnMut(&str)) {
    let gate = Gate::before(browser).await;
    let folder = tempfile::tempdir().expect("there is room for a firmware");
    let practice = Practice::start(&["--phones", "2"]);
    questions(browser, gate, &practice, folder.path(), &mut look).await;
    journey(browser, gate, &practice, &mut look).await;
    running(browser, gate, &mut look).await;
    failures(browser, gate, &mut look).await;
    several(browser, gate, &mut look).await;
    line(browser, gate, &practice, &mut look).await;
}

/// The three questions before a recovery, and what can be wrong with their answers.
async fn questions(
    browser: &Browser,
    gate: Gate<'_>,
    practice: &Practice,
    folder: &Path,
    look: &mut impl AsyncFnMut(&str),
) {
    let good = folder.join("57i.st");
    std::fs::write(&good, practice_firmware(&Model::default())).expect("the folder takes a file");
    let wrong = folder.join("page.st");
    std::fs::write(&wrong, "<!DOCTYPE html><html>Sign in</html>").expect("the folder takes a file");

    browser.open(&practice.page).await;
    browser.find("model-57i").await;
    look("phone").await;
    browser.click("model-57i").await;
    look("firmware").await;
    browser.choose_file("firmware-input", &wrong).await;
    browser.find("firmware-problem").await;
    look("firmware-refused").await;
    gate.stop_after_pieces(1).await;
    browser.choose_file("firmware-input", &good).await;
    browser.until("upload", "data-percent", |percent| percent != "0").await;
    look("firmware-reading").await;
    browser.click("upload-stop").await;
    gate.stop_after_pieces(1_000).await;
    browser.choose_file("firmware-input", &good).await;
    browser.until_text("firmware-name", |name| name == "57i.st").await;
    unfold(browser).await;
    look("firmware-chosen").await;
    browser.click("back").await;
    browser.find("model-53i").await;
    look("phone-chosen").await;
    browser.click("model-53i").await;
    browser.find("firmware-problem").await;
    look("firmware-of-another-model").await;
    browser.click("back").await;
    browser.click("model-57i").await;
    browser.find("address").await;
    look("connect").await;
    browser.type_into("address", "192.168.6").await;
    browser.click("start").await;
    browser.find("address-problem").await;
    look("connect-clipped").await;
    browser.type_into("address", &practice.phones[0]).await;
    browser.gone("address-problem").await;
    look("connect-typed").await;
}

/// One recovery of a simulated phone, held in each phase.
async fn journey(browser: &Browser, gate: Gate<'_>, practice: &Practice, look: &mut impl AsyncFnMut(&str)) {
    let in_phase = |phase: Phase| format!("phone.phase === '{}'", phase.name());
    gate.begin_until(&in_phase(Phase::Prepare)).await;
    browser.click("start").await;
    gate.reached(&in_phase(Phase::Prepare)).await;
    look("recover-prepare").await;
    for phase in Phase::ALL.into_iter().filter(|phase| !matches!(phase, Phase::Prepare | Phase::Done)) {
        gate.until(&in_phase(phase)).await;
        if phase == Phase::Transfer {
            gate.until("phone.transfer?.bytes > phone.transfer?.total / 3").await;
        }
        let screen = if matches!(phase, Phase::Verify | Phase::Wipe) { "check" } else { "recover" };
        look(&format!("{screen}-{}", phase.name())).await;
    }
    gate.until("phone.outcome").await;
    look("done").await;
    unfold(browser).await;
    look("done-unfolded").await;
    gate.open().await;
    // From here on the page is told; the questions for the next phone come first.
    browser.click("same-again").await;
    browser.find("address").await;
    look("another-phone").await;
    browser.open(practice.page_without_key()).await;
    gate.tell_state(told::unfinished()).await;
    browser.find("symptom-several").await;
    look("symptom").await;
    browser.click("symptom-several").await;
    browser.find("symptom-note").await;
    look("phone-real").await;
    browser.click("model-unknown").await;
    look("firmware-kept").await;
    browser.click("firmware-kept").await;
    browser.click("next").await;
    look("connect-real").await;
}

/// What a recovery looks like that does not go so smoothly.
async fn running(browser: &Browser, gate: Gate<'_>, look: &mut impl AsyncFnMut(&str)) {
    browser.reload().await;
    gate.tell_state(state(vec![told::unusual(1)])).await;
    look("recover-unusual").await;
    gate.tell_state(state(vec![told::another_way(1)])).await;
    look("recover-another-way").await;
    gate.tell_state(state(vec![told::with_repeats(1)])).await;
    unfold(browser).await;
    look("recover-unfolded").await;
    gate.tell_state(state(vec![done_with_doubt(1)])).await;
    look("done-with-doubt").await;
}

/// The ways in which it can end badly.
async fn failures(browser: &Browser, gate: Gate<'_>, look: &mut impl AsyncFnMut(&str)) {
    for failure in FAILURES {
        let code = failure.0.name();
        // Loaded again: a screen that takes the place of another must not inherit from it.
        browser.reload().await;
        gate.tell_state(state(vec![failed(1, failure)])).await;
        browser.until("outcome", "data-code", |shown| shown == code).await;
        look(&format!("failed-{}", code.replace("::", "-"))).await;
    }
    unfold(browser).await;
    look("failed-unfolded").await;
}

/// Several phones at once.
async fn several(browser: &Browser, gate: Gate<'_>, look: &mut impl AsyncFnMut(&str)) {
    browser.reload().await;
    gate.tell_state(state(vec![done_with_doubt(1), failed(2, FAILURES[8]), phone(3, Phase::Transfer)])).await;
    look("phones").await;
    browser.click("another-phone").await;
    browser.find("model-57i").await;
    look("phones-asking").await;
}

/// The line to the helper: not yet, no more, refused, of another version.
async fn line(browser: &Browser, gate: Gate<'_>, practice: &Practice, look: &mut impl AsyncFnMut(&str)) {
    gate.tell(&encode(&Message::Rejected { reason: Rejection::Busy, detail: String::new() })).await;
    browser.find("rejected").await;
    look("line-rejected").await;
    gate.next_time("shut").await;
    browser.reload().await;
    browser.until("connection", "data-state", |state| state == "connecting").await;
    look("line-waiting").await;
    gate.next_time("broken").await;
    browser.reload().await;
    browser.until("connection", "data-state", |state| state == "lost").await;
    look("line-no-helper").await;
    gate.next_time("open").await;
    browser.reload().await;
    browser.find("heading").await;
    gate.tell_state(state(Vec::new())).await;
    gate.cut().await;
    look("line-lost").await;
    browser.reload().await;
    browser.find("heading").await;
    gate.tell_state(state(vec![phone(1, Phase::Write)])).await;
    gate.cut().await;
    look("line-lost-while-writing").await;
    browser.reload().await;
    browser.find("heading").await;
    gate.tell("{\"v\":2,\"type\":\"snapshot\"}").await;
    browser.until("connection", "data-state", |state| state == "other-version").await;
    look("line-other-version").await;
    browser.forget_cookies().await;
    browser.open(practice.page_without_key()).await;
    browser.until("connection", "data-state", |state| state == "key-refused").await;
    look("line-key-refused").await;
}

/// Opens every folded part of the screen.
async fn unfold(browser: &Browser) {
    browser.script("document.querySelectorAll('details').forEach(part => part.open = true)").await;
    browser.is_drawn().await;
}
