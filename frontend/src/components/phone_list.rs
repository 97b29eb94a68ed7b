//! The phones of this run, when there is more than one to look at.

use leptos::prelude::*;
use shared::phase::Phase;
use shared::protocol::{Outcome, PhoneId, PhoneView};
use shared::text::{self, amount};

use crate::components::FactState;
use crate::draft::Question;
use crate::journey::Screen;
use crate::state::Page;
use crate::words;

/// What a chip shows.
#[derive(Debug, Clone, PartialEq)]
struct Chip {
    id: PhoneId,
    name: String,
    state: FactState,
    says: String,
}

/// The list: shown beside one phone as soon as there is another, and beside the questions as
/// soon as there is one to go back to.
#[component]
pub(crate) fn PhoneList() -> impl IntoView {
    let page = Page::here();
    let chips = page.part(|state| state.phones.iter().map(chip).collect::<Vec<_>>());
    let chips = Memo::new(move |_| chips.get().unwrap_or_default());
    let is_asking = move || matches!(page.screen.get(), Screen::Ask(_));
    let shown = move || chips.with(Vec::len) > usize::from(!is_asking());
    view! {
        <Show when=shown>
            <nav class="phones" aria-label=words::PHONES data-testid="phone-list">
                <For each=move || chips.get() key=|chip| chip.id let:chip>
                    <ChipButton id=chip.id chips/>
                </For>
                <Show when=move || !is_asking()>
                    <button
                        type="button"
                        class="chip"
                        data-testid="another-phone"
                        on:click=move |_| page.ask_for_another(Question::Phone)
                    >
                        "+ " {words::ANOTHER_PHONE}
                    </button>
                </Show>
            </nav>
        </Show>
    }
}

#[component]
fn ChipButton(id: PhoneId, chips: Memo<Vec<Chip>>) -> impl IntoView {
    let page = Page::here();
    let chip = Memo::new(move |_| chips.with(|chips| chips.iter().find(|chip| chip.id == id).cloned()));
    let is_shown = move || page.phone.with(|phone| phone.as_ref().is_some_and(|phone| phone.id == id));
    view! {
        <button
            type="button"
            class="chip"
            aria-current=move || is_shown().then_some("true")
            data-testid=format!("phone-chip-{}", id.0)
            data-state=move || chip.get().map(|chip| chip.state.name())
            on:click=move |_| page.show(id)
        >
            <b>{move || chip.get().map(|chip| chip.name)}</b>
            " "
            <span>{move || chip.get().map(|chip| chip.says)}</span>
        </button>
    }
}

fn chip(phone: &PhoneView) -> Chip {
    let (state, says) = match (&phone.outcome, &phone.transfer) {
        (Some(Outcome::Verified), _) => (FactState::Done, text::phase(Phase::Done).heading.to_owned()),
        (Some(Outcome::Failed(failure)), _) => {
            (FactState::Failed, text::failure(failure.code).heading.to_owned())
        }
        (None, Some(transfer)) if phone.phase == Phase::Transfer => {
            (FactState::Now, format!("{} %", amount::percent(transfer.bytes, transfer.total)))
        }
        (None, _) => (FactState::Now, text::phase(phone.phase).heading.to_owned()),
    };
    Chip { id: phone.id, name: phone.job.address.to_string(), state, says }
}
