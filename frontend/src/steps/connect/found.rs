//! The phones that were found and are not the one in the address field: a press takes one.

use leptos::prelude::*;
use shared::protocol::FoundPhone;

use crate::state::Page;
use crate::words;

/// A button for each.
#[component]
pub(super) fn Found() -> impl IntoView {
    let page = Page::here();
    let others = move || {
        page.reading.with(|reading| {
            let is_other = |phone: &&FoundPhone| Some(*phone) != reading.meant.as_ref();
            let others = reading.phones.iter().filter(is_other).cloned();
            others.map(|phone| view! { <One phone/> }).collect_view()
        })
    };
    view! { <ul class="plain-list">{others}</ul> }
}

#[component]
fn One(phone: FoundPhone) -> impl IntoView {
    let draft = Page::here().draft;
    let why = phone.why.join("; ");
    let label = words::use_found(&phone.address, phone.state);
    let take = move |_| {
        draft.has_typed.set(true);
        draft.address.set(phone.address.clone());
    };
    view! {
        <li class="row">
            <button type="button" class="quiet" data-testid="found-phone" on:click=take>
                {label}
            </button>
            <small>{why}</small>
        </li>
    }
}
