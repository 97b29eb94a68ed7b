//! Files that the helper has already: nobody chooses the same file twice (case C20).

use leptos::prelude::*;
use shared::firmware::other_model;
use shared::protocol::{Command, KeptFirmware};
use shared::text::amount;

use crate::draft::Upload;
use crate::state::Page;
use crate::words;

/// A file with which a phone of this model came back before is chosen without being asked for.
pub(super) fn choose_known(page: Page) {
    let draft = page.draft;
    let is_asked = draft.firmware.with_untracked(Option::is_none)
        && draft.upload.with_untracked(|upload| *upload == Upload::Idle);
    let Some(model) = draft.model.get_untracked().filter(|_| is_asked) else { return };
    let worked = |kept: &&KeptFirmware| kept.worked.iter().any(|worked| worked.model == model.name);
    let known = page.firmware().with_untracked(|files| files.iter().rev().find(worked).cloned());
    if let Some(kept) = known {
        draft.choose(Some(kept.file));
    }
}

/// The kept files, but for the one that is chosen: first those that can be for this phone, and
/// of these the one that was used last.
#[component]
pub(super) fn Kept() -> impl IntoView {
    let page = Page::here();
    let all = page.firmware();
    let draft = page.draft;
    let others = Memo::new(move |_| {
        let chosen = draft.firmware.with(|file| file.as_ref().map(|file| file.id.clone()));
        let model = draft.model.get();
        let is_other =
            |kept: &KeptFirmware| model.is_some_and(|model| other_model(&kept.file.name, model).is_some());
        let newest_first = all.get().into_iter().rev().filter(|kept| Some(&kept.file.id) != chosen.as_ref());
        let (other, mut files): (Vec<_>, Vec<_>) = newest_first.partition(is_other);
        files.extend(other);
        files
    });
    view! {
        <Show when=move || others.with(|others| !others.is_empty())>
            <h2>{words::FIRMWARE_KEPT}</h2>
            <ul class="card kept">
                {move || others.get().into_iter().map(|kept| view! { <KeptFile kept/> }).collect_view()}
            </ul>
        </Show>
    }
}

#[component]
fn KeptFile(kept: KeptFirmware) -> impl IntoView {
    let draft = Page::here().draft;
    let KeptFirmware { file, worked } = kept;
    let size = amount::bytes(file.bytes);
    let name = file.name.clone();
    let used = match worked.is_empty() {
        true => words::FIRMWARE_NOT_USED.to_owned(),
        false => words::firmware_used(&worked),
    };
    let id = file.id.clone();
    view! {
        <li>
            <span class="what">
                <b>{name.clone()}</b> " " <small class="size">{size}</small>
                <small data-testid="firmware-used" data-models=worked.len().to_string()>{used}</small>
            </span>
            <button
                type="button"
                class="quiet"
                data-testid="firmware-kept"
                aria-label=format!("{}: {name}", words::FIRMWARE_USE)
                on:click=move |_| draft.choose(Some(file.clone()))
            >
                {words::FIRMWARE_USE}
            </button>
            <Delete id name/>
        </li>
    }
}

/// Deletes after a second press: links to firmware die, and this copy may be the last one.
#[component]
pub(super) fn Delete(id: String, name: String) -> impl IntoView {
    let page = Page::here();
    let draft = page.draft;
    let is_sure = RwSignal::new(false);
    let says = move || if is_sure.get() { words::FIRMWARE_DELETE_SURE } else { words::FIRMWARE_DELETE };
    let press = move |_| {
        if !is_sure.get_untracked() {
            return is_sure.set(true);
        }
        if draft.firmware.with_untracked(|file| file.as_ref().is_some_and(|file| file.id == id)) {
            draft.choose(None);
        }
        page.send(&Command::ForgetFirmware { firmware: id.clone() });
    };
    view! {
        <button
            type="button"
            class="link-like"
            class:bad=move || is_sure.get()
            data-testid="firmware-delete"
            aria-label=move || format!("{}: {name}", says())
            disabled=move || !page.is_connected()
            on:click=press
            on:blur=move |_| is_sure.set(false)
        >
            {says}
        </button>
    }
}
