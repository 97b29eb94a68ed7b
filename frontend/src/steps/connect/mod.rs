//! Connect: what is seen of cable and phone as it happens, the address, and the one button.

mod address;
mod checklist;
mod found;
mod interfaces;
mod summary;

use leptos::prelude::*;
use shared::protocol::{Command, FoundPhone, FoundState, Job, RepairView};

use crate::components::{Action, ByHand, Heading};
use crate::draft::Question;
use crate::reading::{Cable, Reading};
use crate::state::Page;
use crate::words;
use address::Address;
use checklist::Checklist;
use found::Found;
use interfaces::Interfaces;
use summary::Summary;

/// The third question.
#[component]
pub(crate) fn ConnectStep() -> impl IntoView {
    let page = Page::here();
    let practice = page.practice();
    let is_practice = Memo::new(move |_| practice.with(Option::is_some));
    let reading = page.reading;
    let says = move || reading.with(|reading| says(reading, is_practice.get()));
    let repair = move || reading.with(repair);
    Effect::new(move |_| reading.with(|reading| page.draft.fill_in(reading.certain())));
    let tried = RwSignal::new(false);
    let cannot_start = move || !page.is_connected() || page.draft.firmware.with(Option::is_none);
    view! {
        <Heading
            heading=Signal::derive(move || says().0.to_owned())
            lead=Signal::derive(move || says().1.to_owned())
        />
        <Checklist/>
        <form
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                tried.set(true);
                // What the button says is what the person agrees to.
                page.start(match untrack(repair).is_some() {
                    true => |job| Job { repair: true, ..job },
                    false => |job| job,
                });
            }
        >
            <Address tried/>
            <Found/>
            <Summary/>
            <div class="row">
                <button type="submit" class="main" data-testid="start" disabled=cannot_start>
                    {move || match repair() {
                        Some(repair) => words::repair_and_go_on(&repair.what),
                        None => words::START.to_owned(),
                    }}
                </button>
                <Show when=move || reading.with(Reading::state) == Some(FoundState::Normal)>
                    <Action
                        id="side-door"
                        label=words::FAILED_SIDE_DOOR.to_owned()
                        on_press=move |()| page.start(|job| Job { side_door: true, ..job })
                        needs_helper=true
                    />
                </Show>
                <Show when=move || !is_practice.get()>
                    <Action
                        id="look"
                        label=words::LOOK_AGAIN.to_owned()
                        on_press=move |()| page.send(&Command::Look { shown: page.draft.address.get_untracked() })
                        needs_helper=true
                    />
                </Show>
                <Action id="back" label=words::BACK.to_owned() on_press=move |()| page.draft.ask(Question::Firmware)/>
            </div>
            <p class="note" hidden=move || repair().is_some()>{words::START_NOTE}</p>
            <ByHand
                says=Signal::derive(move || repair().map(|repair| words::repair(&repair.what)).unwrap_or_default())
                commands=Signal::derive(move || repair().map(|repair| repair.by_hand.join("\n")).unwrap_or_default())
                is_open=false
            />
        </form>
        <Interfaces/>
    }
}

/// What would make the phone reachable that is meant.
fn repair(reading: &Reading) -> Option<RepairView> {
    reading.meant.as_ref()?.repair.clone()
}

/// Heading and sentence: what to do now, or what is going on.
fn says(reading: &Reading, is_practice: bool) -> (&'static str, &'static str) {
    let state = reading.meant.as_ref().map(|FoundPhone { state, .. }| *state);
    match (state, &reading.cable) {
        (Some(FoundState::Normal), _) => (words::CONNECT_NORMAL_HEADING, words::CONNECT_AGAIN),
        (Some(FoundState::TestMode), _) => (words::CONNECT_TEST_MODE_HEADING, words::CONNECT_AGAIN),
        (Some(FoundState::Busy), _) => (words::CONNECT_BUSY, words::CONNECT_BUSY_HINT),
        (Some(FoundState::OutOfReach), _) => {
            (words::CONNECT_OTHER_NETWORK_HEADING, words::CONNECT_OTHER_NETWORK_LEAD)
        }
        _ if is_practice => (words::CONNECT_PRACTICE_HEADING, words::CONNECT_PRACTICE_LEAD),
        (Some(FoundState::Recovery), _) => (words::CONNECT_READY_HEADING, words::CONNECT_READY_LEAD),
        (None, Cable::Out) => (words::CONNECT_CABLE_HEADING, words::CONNECT_CABLE_LEAD),
        (Some(FoundState::Silent) | None, _) if reading.by_itself => {
            (words::CONNECT_BY_ITSELF_HEADING, words::CONNECT_BY_ITSELF_LEAD)
        }
        (Some(FoundState::Silent) | None, _) => (words::CONNECT_HEADING, words::CONNECT_LEAD),
    }
}
