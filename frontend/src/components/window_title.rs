//! The title of the window: a person who works in another window sees how far it is.

use leptos::prelude::*;
use shared::text::{self, amount};

use crate::browser;
use crate::journey::Screen;
use crate::state::Page;
use crate::words;

/// Keeps the title right; shows nothing itself.
#[component]
pub(crate) fn WindowTitle() -> impl IntoView {
    let page = Page::here();
    let percent = page.of_phone(|phone| {
        let transfer = phone.transfer.as_ref().filter(|_| phone.phase == shared::phase::Phase::Transfer);
        transfer.map(|transfer| amount::percent(transfer.bytes, transfer.total))
    });
    let phase = page.of_phone(|phone| phone.phase);
    let failure = page.of_phone(crate::steps::failure_of);
    Effect::new(move |_| {
        let running = || match percent.get().flatten() {
            Some(percent) => words::title_percent(percent),
            None => phase.get().map_or(words::TITLE.into(), |phase| words::title(text::phase(phase).heading)),
        };
        browser::set_title(&match page.screen.get() {
            Screen::Waiting | Screen::Ask(_) => words::TITLE.to_owned(),
            Screen::KeyRefused => words::title(words::KEY_HEADING),
            Screen::OtherVersion => words::title(words::VERSION_HEADING),
            Screen::Recover(_) | Screen::Check(_) | Screen::Done(_) => running(),
            Screen::Failed(_) => match failure.get().flatten() {
                Some(failure) => words::title(text::failure(failure.code).heading),
                None => words::TITLE.to_owned(),
            },
        });
    });
}
