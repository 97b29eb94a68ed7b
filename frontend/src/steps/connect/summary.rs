//! What the button will use, with a way back to each of it.

use leptos::prelude::*;
use shared::text::amount;

use crate::draft::Question;
use crate::state::Page;
use crate::words;

/// Phone and firmware.
#[component]
pub(super) fn Summary() -> impl IntoView {
    let draft = Page::here().draft;
    let model = move || draft.model.get().map_or(words::FACT_PHONE_UNKNOWN, |model| model.name);
    let file = move || draft.firmware.get();
    view! {
        <dl class="summary">
            <div>
                <dt>{words::FACT_PHONE}</dt>
                <dd data-testid="summary-phone">{model} <Change question=Question::Phone of=words::FACT_PHONE/></dd>
            </div>
            <div>
                <dt>{words::FACT_FIRMWARE}</dt>
                <dd>
                    <span data-testid="firmware-name">
                        {move || file().map_or(words::FACT_FIRMWARE_NONE.to_owned(), |file| file.name)}
                    </span>
                    {move || file().map(|file| format!(", {}", amount::bytes(file.bytes)))}
                    <Change question=Question::Firmware of=words::FACT_FIRMWARE/>
                </dd>
            </div>
        </dl>
    }
}

#[component]
fn Change(question: Question, of: &'static str) -> impl IntoView {
    let draft = Page::here().draft;
    view! {
        <button
            type="button"
            class="link-like"
            aria-label=format!("{of}: {}", words::CHANGE)
            on:click=move |_| draft.ask(question)
        >
            {words::CHANGE}
        </button>
    }
}
