//! The screens of a page that has no helper to show: not yet, no longer, or another one.

use leptos::prelude::*;

use crate::browser;
use crate::components::{Action, Heading};
use crate::connection::Link;
use crate::state::Page;
use crate::words;

/// Nothing is known yet.
#[component]
pub(crate) fn Waiting() -> impl IntoView {
    let page = Page::here();
    let says = move || match page.link.get() {
        Link::Lost { .. } => (words::WAITING_LOST_HEADING, words::WAITING_LOST_LEAD),
        _ => (words::WAITING_HEADING, words::WAITING_LEAD),
    };
    view! {
        <Heading
            heading=Signal::derive(move || says().0.to_owned())
            lead=Signal::derive(move || says().1.to_owned())
        />
    }
}

/// The helper does not know this page's key.
#[component]
pub(crate) fn KeyRefused() -> impl IntoView {
    view! { <Heading heading=words::KEY_HEADING.to_owned() lead=words::KEY_LEAD.to_owned()/> }
}

/// The helper is of another version.
#[component]
pub(crate) fn OtherVersion() -> impl IntoView {
    view! {
        <Heading heading=words::VERSION_HEADING.to_owned() lead=words::VERSION_LEAD.to_owned()/>
        <div class="row">
            <Action id="load-again" label=words::LOAD_AGAIN.to_owned() on_press=|()| browser::reload() main=true/>
        </div>
    }
}
