//! Phone: which model it is, if the person knows. The answer goes on by itself.

use leptos::prelude::*;
use shared::model::{MODELS, Model};

use crate::components::{Action, Heading};
use crate::draft::Question;
use crate::state::Page;
use crate::words;

/// The first question.
#[component]
pub(crate) fn PhoneStep() -> impl IntoView {
    let page = Page::here();
    let draft = page.draft;
    let practice = page.practice();
    view! {
        <Heading heading=words::PHONE_HEADING.to_owned() lead=words::PHONE_LEAD.to_owned()/>
        {move || draft.symptom.get().map(|symptom| view! {
            <p class="notice" data-testid="symptom-note">{words::symptom_note(symptom)}</p>
        })}
        <div class="tiles" role="group" aria-label=words::PHONE_LEGEND data-testid="model">
            {MODELS.iter().map(|model| view! { <Tile model=Some(model)/> }).collect_view()}
            <Tile model=None/>
        </div>
        <Show when=move || practice.with(Option::is_none)>
            <div class="row after">
                <Action id="back" label=words::BACK.to_owned() on_press=move |()| draft.ask(Question::Symptom)/>
            </div>
        </Show>
    }
}

#[component]
fn Tile(model: Option<&'static Model>) -> impl IntoView {
    let draft = Page::here().draft;
    let (id, name, second) = match model {
        Some(model) => (format!("model-{}", model.name), model.name, model.second_names.join(", ")),
        None => ("model-unknown".to_owned(), words::PHONE_UNKNOWN, words::PHONE_UNKNOWN_SECOND.to_owned()),
    };
    let is_chosen = move || model.is_some() && draft.model.get() == model;
    let choose = move |_| {
        draft.model.set(model);
        // What is known already is not asked again (a second phone, an address typed anew).
        let has_firmware = draft.firmware.with(Option::is_some) && draft.model_of_wrong_file().is_none();
        draft.ask(if has_firmware { Question::Connect } else { Question::Firmware });
    };
    view! {
        <button type="button" class="tile" aria-pressed=move || is_chosen().to_string() data-testid=id on:click=choose>
            <b>{name}</b>
            <small>{second}</small>
        </button>
    }
}
