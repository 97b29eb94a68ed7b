//! The name of the program, and how the line to the helper is.

use leptos::prelude::*;

use crate::connection::Link;
use crate::state::Page;
use crate::words;

/// The header.
#[component]
pub(crate) fn Header() -> impl IntoView {
    let page = Page::here();
    let practice = page.practice();
    let version = page.part(|state| state.helper.version.clone());
    let link = move || match page.link.get() {
        Link::Connecting => ("connecting", words::LINK_CONNECTING),
        Link::Open => ("open", words::LINK_OPEN),
        Link::Lost { .. } => ("lost", words::LINK_LOST),
        Link::KeyRefused => ("key-refused", words::LINK_KEY),
        Link::OtherVersion => ("other-version", words::LINK_VERSION),
    };
    view! {
        <header>
            <span class="mark">{words::NAME_FIRST}<i>{words::NAME_SECOND}</i></span>
            <Show when=move || practice.with(Option::is_some)>
                <span class="badge" data-testid="practice">{words::PRACTICE}</span>
            </Show>
            <span class="link" role="status" data-testid="connection" data-state=move || link().0 title=version>
                <span class="dot"></span>
                {move || link().1}
            </span>
        </header>
    }
}
