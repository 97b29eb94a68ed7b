//! Files that the helper has already: nobody chooses the same file twice.

use leptos::prelude::*;
use shared::firmware::FirmwareView;
use shared::text::amount;

use crate::state::Page;
use crate::words;

/// The kept files, but for the one that is chosen.
#[component]
pub(super) fn Kept() -> impl IntoView {
    let page = Page::here();
    let all = page.firmware();
    let chosen = page.draft.firmware;
    let others = Memo::new(move |_| {
        let chosen = chosen.with(|file| file.as_ref().map(|file| file.id.clone()));
        all.get().into_iter().filter(|file| Some(&file.id) != chosen.as_ref()).collect::<Vec<_>>()
    });
    view! {
        <Show when=move || others.with(|others| !others.is_empty())>
            <h2>{words::FIRMWARE_KEPT}</h2>
            <ul class="card kept">
                {move || others.get().into_iter().map(|file| view! { <KeptFile file/> }).collect_view()}
            </ul>
        </Show>
    }
}

#[component]
fn KeptFile(file: FirmwareView) -> impl IntoView {
    let draft = Page::here().draft;
    let size = amount::bytes(file.bytes);
    let name = file.name.clone();
    view! {
        <li>
            <span><b>{name.clone()}</b> <small>{size}</small></span>
            <button
                type="button"
                class="quiet"
                data-testid="firmware-kept"
                aria-label=format!("{}: {name}", words::FIRMWARE_USE)
                on:click=move |_| draft.firmware.set(Some(file.clone()))
            >
                {words::FIRMWARE_USE}
            </button>
        </li>
    }
}
