//! Firmware: one file, dropped, chosen, kept from before, or made for practice.

mod about;
mod choice;
mod drop_zone;
mod kept;
mod problem;
mod sending;
mod upload;
mod warnings;
mod whereabouts;

use leptos::prelude::*;
use shared::text::amount;

use crate::components::{Action, Fact, FactState, Heading};
use crate::draft::{Question, Upload};
use crate::state::Page;
use crate::words;
use about::AboutFile;
use choice::MemberChoice;
use drop_zone::DropZone;
use kept::{Kept, choose_known};
use problem::Problem;
use sending::{Sending, Unfinished};
use warnings::Warnings;
use whereabouts::WhereToGetIt;

/// The second question.
#[component]
pub(crate) fn FirmwareStep() -> impl IntoView {
    let page = Page::here();
    let draft = page.draft;
    let lead = move || words::firmware_lead(draft.model.get().map(|model| model.file));
    let practice = page.practice();
    choose_known(page);
    let is_sending = move || draft.upload.with(|upload| matches!(upload, Upload::Sending { .. }));
    let is_ready = move || draft.firmware.with(Option::is_some) && draft.model_of_wrong_file().is_none();
    view! {
        <Heading heading=words::FIRMWARE_HEADING.to_owned() lead=Signal::derive(lead)/>
        <Problem/>
        <MemberChoice/>
        <Chosen/>
        // Right under the file, however many others are listed below.
        <Show when=is_ready>
            <div class="row">
                <Action id="next" label=words::GO_ON.to_owned() on_press=move |()| draft.ask(Question::Connect) main=true/>
            </div>
        </Show>
        <Show when=is_sending fallback=|| view! { <Unfinished/> <Kept/> <DropZone/> <WhereToGetIt/> }>
            <Sending/>
        </Show>
        <Show when=move || practice.with(Option::is_some) && !is_sending()>
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
            <Action id="back" label=words::BACK.to_owned() on_press=move |()| draft.ask(Question::Phone)/>
        </div>
    }
}

/// The chosen file.
#[component]
fn Chosen() -> impl IntoView {
    let page = Page::here();
    let draft = page.draft;
    let all = page.firmware();
    let state = move || match draft.model_of_wrong_file() {
        Some(_) => FactState::Failed,
        None => FactState::Done,
    };
    let used = move |id: &str| {
        let worked = all.with(|all| Some(all.iter().find(|kept| kept.file.id == id)?.worked.clone()));
        worked.filter(|worked| !worked.is_empty()).map(|worked| words::firmware_used(&worked))
    };
    view! {
        {move || draft.firmware.get().map(|file| {
            let size = amount::bytes(file.bytes);
            let fits = file.model.as_deref().map_or(words::FIRMWARE_NO_MODEL.to_owned(), words::firmware_model);
            let (name, used) = (file.name.clone(), used(&file.id));
            view! {
                <ul class="card facts">
                    <Fact state=Signal::derive(state) detail=format!("{size}, {fits}")>
                        <b data-testid="firmware-name">{name}</b>
                        {used.map(|used| view! { <small data-testid="firmware-used-before">{used}</small> })}
                    </Fact>
                    <Warnings file=file.clone()/>
                </ul>
                <AboutFile file/>
            }
        })}
    }
}
