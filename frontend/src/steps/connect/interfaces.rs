//! Folded: the network interfaces of this computer, as they are right now, for those who want to
//! see what we see.

use leptos::prelude::*;
use shared::protocol::InterfaceView;

use crate::state::Page;
use crate::words;

/// One line for each; nothing, where nobody tells.
#[component]
pub(super) fn Interfaces() -> impl IntoView {
    let interfaces = Page::here().part(|state| state.computer.interfaces.clone());
    let interfaces = Memo::new(move |_| interfaces.get().unwrap_or_default());
    let line = |interface: InterfaceView| {
        view! { <li><b>{interface.name.clone()}</b> <small>{words::interface(&interface)}</small></li> }
    };
    view! {
        <Show when=move || !interfaces.with(Vec::is_empty)>
            <details data-testid="interfaces">
                <summary>{words::INTERFACES}</summary>
                <ul class="plain-list">{move || interfaces.get().into_iter().map(line).collect_view()}</ul>
            </details>
        </Show>
    }
}
