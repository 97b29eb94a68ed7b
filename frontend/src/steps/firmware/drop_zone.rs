//! Where a file is dropped, and the real file input that it wraps: the label of the input is
//! the zone, so mouse, keyboard and screen reader all use what the browser offers.

use leptos::html::Input;
use leptos::prelude::*;
use web_sys::{DragEvent, FileList};

use super::upload::upload;
use crate::components::{Icon, Shape};
use crate::draft::Upload;
use crate::state::Page;
use crate::words;

/// The zone.
#[component]
pub(super) fn DropZone() -> impl IntoView {
    let draft = Page::here().draft;
    let input = NodeRef::<Input>::new();
    let is_over = RwSignal::new(false);
    let take = move |files: Option<FileList>| {
        let Some(files) = files else { return };
        match (files.length(), files.get(0)) {
            (1, Some(file)) => upload(draft, file),
            // Nobody but the person knows which of them is meant.
            (2.., _) => draft.upload.set(Upload::Several { files: files.length() }),
            _ => {}
        }
    };
    let chosen = move |_| {
        if let Some(input) = input.get() {
            take(input.files());
            // So that the same file, repaired meanwhile, counts as a new choice.
            input.set_value("");
        }
    };
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        is_over.set(false);
        take(event.data_transfer().and_then(|transfer| transfer.files()));
    };
    let hovered = move |event: DragEvent| {
        event.prevent_default();
        is_over.set(true);
    };
    let button = move || match draft.firmware.with(Option::is_some) {
        true => words::FIRMWARE_CHOOSE_OTHER,
        false => words::FIRMWARE_CHOOSE,
    };
    view! {
        <label
            class="drop"
            class:over=move || is_over.get()
            data-testid="firmware-drop"
            on:dragover=hovered
            on:dragleave=move |_| is_over.set(false)
            on:drop=dropped
        >
            <input type="file" class="unseen" data-testid="firmware-input" node_ref=input on:change=chosen/>
            <Icon shape=Shape::File/>
            <span>{words::FIRMWARE_LABEL}</span>
            <span class="button" aria-hidden="true">{button}</span>
        </label>
    }
}
