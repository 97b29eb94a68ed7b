//! A recovery takes minutes: who wants it is told at its end, with a sound and the system's own
//! notice, also in another window. The icon of the tab shows how far it is meanwhile.

use leptos::prelude::*;
use shared::phase::Phase;
use shared::protocol::Outcome;
use shared::text::{self, amount};

use crate::bell;
use crate::browser;
use crate::state::Page;
use crate::words;

/// The wish, beside a running recovery.
#[component]
pub(crate) fn BellWish() -> impl IntoView {
    let wish = Page::here().wants_bell;
    let changed = move |event| {
        let wanted = event_target_checked(&event);
        wish.set(wanted);
        // Browsers let a page sound and notify only if somebody asked for it with a click.
        if wanted {
            bell::prepare();
        }
    };
    view! {
        <label class="wish">
            <input type="checkbox" data-testid="bell" prop:checked=move || wish.get() on:change=changed/>
            {words::BELL_WISH}
        </label>
    }
}

/// Rings, and keeps the icon right; shows nothing itself.
#[component]
pub(crate) fn Bell() -> impl IntoView {
    let page = Page::here();
    let ended = page.of_phone(|phone| {
        let heading = match phone.outcome.as_ref()? {
            Outcome::Verified => text::phase(Phase::Done).heading,
            Outcome::Failed(failure) => text::failure(failure.code).heading,
        };
        Some((phone.id, heading))
    });
    Effect::new(move |before: Option<bool>| {
        let ended = ended.get().flatten();
        // Only what ends while the page watches; not what had ended when it was opened.
        if let (Some((_, heading)), Some(false)) = (ended, before)
            && page.wants_bell.get_untracked()
        {
            bell::ring(words::TITLE, heading);
        }
        ended.is_some() || page.phone.with_untracked(Option::is_none)
    });
    let percent = page.of_phone(|phone| {
        let transfer = phone.transfer.as_ref().filter(|_| phone.phase == Phase::Transfer);
        transfer
            .filter(|_| phone.is_running())
            .map(|transfer| amount::percent(transfer.bytes, transfer.total))
    });
    Effect::new(move |_| browser::set_icon(percent.get().flatten()));
}
