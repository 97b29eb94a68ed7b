//! Folded: the network interfaces of this computer, as they are right now, for those who want to
//! see what we see.

use leptos::prelude::*;
use shared::protocol::InterfaceView;

use crate::state::Page;
use crate::words;

/// One line for each; nothing, where nobody tells.
#[component]
pub(super) fn Interfaces() -> impl IntoView {
    let reading = Page::here().reading;
    let line = |interface: &InterfaceView| {
        view! { <li><b>{interface.name.clone()}</b> " " <small>{words::interface(interface)}</small></li> }
    };
    view! {
        <details data-testid="interfaces" hidden=move || reading.with(|reading| reading.interfaces.is_empty())>
            <summary>{words::INTERFACES}</summary>
            <ul class="plain-list">
                {move || reading.with(|reading| reading.interfaces.iter().map(line).collect_view())}
            </ul>
        </details>
    }
}
