//! The left half: the phone, always as far as we know it to be right now.
//!
//! In practice the simulated phone tells what its display shows. A real one does not, so the
//! caption says that this is what it should show.

use leptos::prelude::*;
use shared::failure::FailureCode;
use shared::phase::Phase;
use shared::protocol::{FoundState, Outcome, PhoneView};

use crate::components::Phone;
use crate::draft::Question;
use crate::journey::Screen;
use crate::reading::Reading;
use crate::state::Page;
use crate::steps::failure_of;
use crate::words;

/// The phone and its caption.
#[component]
pub(crate) fn Stage() -> impl IntoView {
    let page = Page::here();
    let practice = page.practice_phone();
    let expected = page.of_phone(expected_display);
    let lines = Memo::new(move |_| match (practice.get(), page.screen.get()) {
        (Some(phone), _) => phone.display,
        (None, Screen::Ask(Question::Connect)) => vec![words::LCD_RECOVERY.to_owned(), typed_address(page)],
        (None, Screen::Waiting | Screen::KeyRefused | Screen::OtherVersion | Screen::Ask(_)) => Vec::new(),
        (None, _) => expected.get().unwrap_or_default(),
    });
    let caption = move || match (practice.with(Option::is_some), page.screen.get()) {
        (true, _) => words::STAGE_NOW,
        (false, Screen::Ask(Question::Connect)) => words::STAGE_ADDRESS,
        (false, Screen::Waiting | Screen::KeyRefused | Screen::OtherVersion | Screen::Ask(_)) => {
            words::STAGE_FIRST
        }
        (false, _) => words::STAGE_SHOULD,
    };
    let asks_for_keys =
        page.of_phone(|phone| failure_of(phone).is_some_and(|failure| asks_for_keys(failure.code)));
    // A simulated phone has been switched on already.
    let holds_keys = move || {
        let real = practice.with(Option::is_none) && page.practice().with(Option::is_none);
        let asked = asks_for_keys.get() == Some(true);
        // They were held already, or it needs none.
        let by_itself = page.reading.with(|reading| reading.by_itself);
        let were_held = matches!(
            page.reading.with(Reading::state),
            Some(FoundState::Recovery | FoundState::Busy | FoundState::OutOfReach)
        );
        real && (page.screen.get() == Screen::Ask(Question::Connect) && !were_held && !by_itself || asked)
    };
    let is_cabled = move || {
        !matches!(
            page.screen.get(),
            Screen::Waiting
                | Screen::KeyRefused
                | Screen::OtherVersion
                | Screen::Ask(Question::Symptom | Question::Phone | Question::Firmware)
        )
    };
    let scenario = page.part(|state| state.practice.as_ref().map(|practice| practice.scenario.clone()));
    let scenario =
        Memo::new(move |_| scenario.get().flatten().map(|scenario| words::practice_about(&scenario)));
    let running = page.of_phone(|phone| phone.is_running().then_some(phone.phase));
    let phase = Signal::derive(move || running.get().flatten());
    view! {
        <section class="stage">
            <Phone
                lines=lines
                holds_keys=Signal::derive(holds_keys)
                is_cabled=Signal::derive(is_cabled)
                phase=phase
            />
            <p>{caption}</p>
            <Show when=move || matches!(page.screen.get(), Screen::Ask(_))>
                {move || scenario.get().map(|scenario| view! { <p data-testid="scenario">{scenario}</p> })}
            </Show>
        </section>
    }
}

/// Whether the next thing to do begins with 1 and # (`shared::text::failure`).
fn asks_for_keys(code: FailureCode) -> bool {
    matches!(
        code,
        FailureCode::PhoneNormalMode
            | FailureCode::PhoneTestMode
            | FailureCode::PhoneFormRefused
            | FailureCode::PhoneTransferBroke
            | FailureCode::PhoneOtherPassword
            | FailureCode::SessionCancelled
    )
}

fn typed_address(page: Page) -> String {
    match page.draft.address.get().trim() {
        "" => words::ADDRESS_EXAMPLE.to_owned(),
        typed => page.draft.typed_address().map_or_else(|_| typed.to_owned(), |address| address.to_string()),
    }
}

fn expected_display(phone: &PhoneView) -> Vec<String> {
    let recovery = || vec![words::LCD_RECOVERY.to_owned(), phone.job.address.to_string()];
    let idle = || {
        let model = phone.model.clone().or_else(|| phone.job.model.clone()).unwrap_or_default();
        vec![model, words::LCD_IDLE.to_owned()]
    };
    match (phone.phase, &phone.outcome) {
        (_, Some(Outcome::Verified)) | (Phase::Verify | Phase::Wipe | Phase::Done, _) => idle(),
        (Phase::Prepare | Phase::Find | Phase::Preflight | Phase::Send, _) => recovery(),
        (Phase::Transfer | Phase::Write, _) => {
            let mut lines = recovery();
            lines.push(words::LCD_DOWNLOADING.to_owned());
            lines
        }
        (Phase::Restart, _) => Vec::new(),
    }
}
