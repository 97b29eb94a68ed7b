//! Firmware: one file, dropped, chosen, kept from before, or made for practice.

mod drop_zone;
mod kept;
mod upload;

use leptos::prelude::*;
use shared::text::{self, amount};

use crate::components::{Action, Fact, FactState, Heading};
use crate::draft::{Question, Upload};
use crate::state::Page;
use crate::words;
use drop_zone::DropZone;
use kept::Kept;

/// The second question.
#[component]
pub(crate) fn FirmwareStep() -> impl IntoView {
    let page = Page::here();
    let draft = page.draft;
    let lead = move || words::firmware_lead(draft.model.get().map(|model| model.file));
    let practice = page.practice();
    let is_ready = move || draft.firmware.with(Option::is_some) && draft.model_of_wrong_file().is_none();
    view! {
        <Heading heading=words::FIRMWARE_HEADING.to_owned() lead=Signal::derive(lead)/>
        <Problem/>
        <Chosen/>
        <Kept/>
        <DropZone/>
        <Show when=move || practice.with(Option::is_some)>
            <div class="row hint">
                <Action
                    id="use-practice-firmware"
                    label=words::FIRMWARE_PRACTICE.to_owned()
                    on_press=move |()| page.use_practice_firmware()
                    main=Signal::derive(move || draft.firmware.with(Option::is_none))
                    needs_helper=true
                />
                <small>{words::FIRMWARE_PRACTICE_HINT}</small>
            </div>
        </Show>
        <div class="row">
            <Show when=is_ready>
                <Action id="next" label=words::GO_ON.to_owned() on_press=move |()| draft.ask(Question::Connect) main=true/>
            </Show>
            <Action id="back" label=words::BACK.to_owned() on_press=move |()| draft.ask(Question::Phone)/>
        </div>
    }
}

/// The chosen file.
#[component]
fn Chosen() -> impl IntoView {
    let draft = Page::here().draft;
    let state = move || match draft.model_of_wrong_file() {
        Some(_) => FactState::Failed,
        None => FactState::Done,
    };
    view! {
        {move || draft.firmware.get().map(|file| {
            let size = amount::bytes(file.bytes);
            let fits = file.model.as_deref().map_or(words::FIRMWARE_NO_MODEL.to_owned(), words::firmware_model);
            view! {
                <ul class="card facts">
                    <Fact state=Signal::derive(state) detail=format!("{size}, {fits}")>
                        <b data-testid="firmware-name">{file.name}</b>
                    </Fact>
                </ul>
            }
        })}
    }
}

/// Why a file was not taken, or does not fit.
#[component]
fn Problem() -> impl IntoView {
    use shared::failure::FailureCode;
    let draft = Page::here().draft;
    let refused = move || match draft.upload.get() {
        Upload::Refused { name, failure } => Some((failure.code, words::firmware_refused(&name))),
        _ => draft.model_of_wrong_file().map(|_| (FailureCode::FirmwareOtherModel, String::new())),
    };
    view! {
        {move || refused().map(|(code, about)| {
            let words = text::failure(code);
            view! {
                <div class="notice bad" role="alert" data-testid="firmware-problem" data-code=code.name()>
                    <p><b>{words.heading}"."</b> " " {words.meaning} " " {words.next} " " <small>{about}</small></p>
                </div>
            }
        })}
        <Show when=move || draft.upload.get() == Upload::Unanswered>
            <div class="notice bad" role="alert"><p>{words::FIRMWARE_UNANSWERED}</p></div>
        </Show>
    }
}
