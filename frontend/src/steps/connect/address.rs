//! The address field: says at once what it makes of what is typed, and only scolds when the
//! person has finished.

use leptos::html::Input;
use leptos::prelude::*;
use shared::address::AddressProblem;
use shared::text;

use crate::state::Page;
use crate::words;

/// The field, its verdict, and in practice the simulated phones' addresses.
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
    let addresses = move || {
        let phones = practice.get().map(|practice| practice.phones).unwrap_or_default();
        phones.into_iter().map(|phone| phone.address).collect::<Vec<_>>()
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
                        draft.address.set(event_target_value(&event));
                    }
                    on:blur=move |_| has_left.set(true)
                    on:focus=move |_| has_left.set(false)
                />
                {move || addresses().into_iter().map(|address| {
                    let label = words::use_practice_address(&address);
                    view! {
                        <button
                            type="button"
                            class="quiet"
                            data-testid="use-practice-address"
                            on:click=move |_| draft.address.set(address.clone())
                        >
                            {label}
                        </button>
                    }
                }).collect_view()}
            </div>
            <p id="address-says" class="verdict" class:bad=move || is_final() && problem().is_some() aria-live="polite">
                {move || match (problem(), draft.typed_address()) {
                    (Some(problem), _) => {
                        view! { <span data-testid="address-problem">{text::address_problem(problem)}</span> }.into_any()
                    }
                    (None, Ok(_)) => view! { <span class="good">{words::ADDRESS_GOOD}</span> }.into_any(),
                    (None, Err(_)) => ().into_any(),
                }}
            </p>
        </div>
    }
}
