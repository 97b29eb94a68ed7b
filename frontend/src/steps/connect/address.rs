//! The address field: filled in by itself where a phone was found. What is typed is judged at
//! once, scolded only when the person has finished, and searched for where it says where.

use std::time::Duration;

use leptos::html::Input;
use leptos::prelude::*;
use shared::address::AddressProblem;
use shared::protocol::{Command, FoundState};
use shared::text;

use crate::reading::Reading;
use crate::state::Page;
use crate::words;

/// So long nothing is typed, in milliseconds, before it is searched for: a person thinks between
/// two numbers.
const TYPED_MS: u64 = 700;

/// The field and its verdict.
#[component]
pub(super) fn Address(
    /// Whether the main button was pressed.
    tried: RwSignal<bool>,
) -> impl IntoView {
    let page = Page::here();
    let draft = page.draft;
    let practice = page.practice();
    let field = NodeRef::<Input>::new();
    let has_left = RwSignal::new(false);
    let problem = move || {
        let problem = draft.typed_address().err()?;
        // An empty field is no mistake before the person wants to go on.
        (problem != AddressProblem::Empty || tried.get()).then_some(problem)
    };
    let is_final = move || tried.get() || has_left.get();
    Effect::new(move |_| {
        if tried.get()
            && draft.typed_address().is_err()
            && let Some(field) = field.get()
        {
            // Refused only for elements that cannot take the focus.
            let _ = field.focus();
        }
    });
    let reading = page.reading;
    let search = move |typed: String| {
        let is_worth_it = reading.with_untracked(|reading| reading.is_worth_a_search(&typed));
        if practice.with_untracked(Option::is_none) && is_worth_it {
            set_timeout(
                move || {
                    if draft.address.get_untracked() == typed {
                        page.send(&Command::Look { shown: typed });
                    }
                },
                Duration::from_millis(TYPED_MS),
            );
        }
    };
    view! {
        <div class="field">
            <label for="address">{words::ADDRESS_LABEL}</label>
            <div class="row">
                <input
                    id="address"
                    type="text"
                    inputmode="url"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    placeholder=words::ADDRESS_EXAMPLE
                    data-testid="address"
                    aria-describedby="address-says"
                    aria-invalid=move || (is_final() && problem().is_some()).to_string()
                    node_ref=field
                    prop:value=move || draft.address.get()
                    on:input=move |event| {
                        tried.set(false);
                        draft.has_typed.set(true);
                        let typed = event_target_value(&event);
                        draft.address.set(typed.clone());
                        search(typed);
                    }
                    on:blur=move |_| has_left.set(true)
                    on:focus=move |_| has_left.set(false)
                />
            </div>
            <p id="address-says" class="verdict" class:bad=move || is_final() && problem().is_some() aria-live="polite">
                {move || match (problem(), draft.typed_address()) {
                    (Some(problem), _) => {
                        view! { <span data-testid="address-problem">{text::address_problem(problem)}</span> }.into_any()
                    }
                    (None, Ok(_)) => {
                        let says = match reading.with(Reading::state) {
                            Some(FoundState::Recovery) if !draft.has_typed.get() => words::ADDRESS_FOUND,
                            _ => words::ADDRESS_GOOD,
                        };
                        view! { <span class="good" data-testid="address-good">{says}</span> }.into_any()
                    }
                    (None, Err(_)) => ().into_any(),
                }}
            </p>
        </div>
    }
}
