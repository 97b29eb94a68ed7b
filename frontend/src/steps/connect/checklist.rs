//! The checklist that fills itself: cable, phone, the way to it, and its mode. Nobody ticks
//! anything off, and nothing is asked that the helper sees.

use leptos::prelude::*;
use shared::protocol::{FoundPhone, FoundState};

use crate::components::{Fact, FactState};
use crate::reading::{Cable, Reading};
use crate::state::Page;
use crate::words;

/// How a line stands, what it says, and the small second line.
struct Line(FactState, &'static str, String);

/// The checklist.
#[component]
pub(super) fn Checklist() -> impl IntoView {
    view! {
        <ul class="card facts" aria-live="polite" aria-label=words::CONNECT_FACTS>
            <Live id="fact-cable" line=cable/>
            <Live id="fact-phone" line=phone/>
            <Live id="fact-way" line=way/>
            <Live id="fact-mode" line=mode/>
        </ul>
    }
}

#[component]
fn Live(id: &'static str, line: fn(&Reading) -> Line) -> impl IntoView {
    // Not a memo: each kind of value that is remembered has its weight in the page.
    let reading = Page::here().reading;
    view! {
        <Fact
            id=id
            state=Signal::derive(move || reading.with(line).0)
            detail=Signal::derive(move || reading.with(line).2)
        >
            {move || reading.with(line).1}
        </Fact>
    }
}

fn cable(reading: &Reading) -> Line {
    // Wherever a phone was seen, its cable is in.
    let seen_on = reading.meant.as_ref().and_then(|phone| phone.interface.clone());
    let (state, detail) = match (seen_on, &reading.cable) {
        (Some(name), _) => (FactState::Done, name),
        (None, Cable::In(name)) => (FactState::Done, words::cable_in(name)),
        (None, Cable::Out) => (FactState::Now, words::CONNECT_CABLE_OUT.into()),
        (None, Cable::ToRouter(name)) => (FactState::Unknown, words::cable_to_router(name)),
        (None, Cable::Unknown) => (FactState::Todo, words::CONNECT_CABLE_HINT.into()),
    };
    Line(state, words::CONNECT_CABLE, detail)
}

fn phone(reading: &Reading) -> Line {
    if let Some(FoundPhone { address, why, .. }) = &reading.meant {
        return Line(FactState::Done, words::CONNECT_SEEN, words::seen_because(address, why));
    }
    if !reading.phones.is_empty() {
        return Line(FactState::Done, words::CONNECT_OTHERS, words::CONNECT_OTHERS_HINT.into());
    }
    match (reading.in_vain, reading.looking, &reading.cable) {
        (_, _, Cable::Out) => Line(FactState::Todo, words::CONNECT_WAITING, String::new()),
        (true, _, _) => Line(FactState::Odd, words::CONNECT_NOBODY, words::CONNECT_NOBODY_HINT.into()),
        (false, true, _) => Line(FactState::Now, words::CONNECT_WAITING, words::CONNECT_LOOKING.into()),
        (false, false, _) => Line(FactState::Now, words::CONNECT_WAITING, words::CONNECT_WAITING_HINT.into()),
    }
}

fn way(reading: &Reading) -> Line {
    match reading.state() {
        None => Line(FactState::Todo, words::CONNECT_WAY, String::new()),
        Some(FoundState::OutOfReach) => {
            Line(FactState::Odd, words::CONNECT_OTHER_NETWORK, words::CONNECT_OTHER_NETWORK_HINT.into())
        }
        Some(FoundState::Silent | FoundState::TestMode) => {
            Line(FactState::Unknown, words::CONNECT_WAY, String::new())
        }
        Some(FoundState::Recovery | FoundState::Busy | FoundState::Normal) => {
            Line(FactState::Done, words::CONNECT_WAY, String::new())
        }
    }
}

fn mode(reading: &Reading) -> Line {
    let again = || words::CONNECT_AGAIN.to_owned();
    match reading.state() {
        None | Some(FoundState::OutOfReach) if reading.by_itself => {
            Line(FactState::Todo, words::CONNECT_RECOVERY, words::CONNECT_BY_ITSELF_HINT.into())
        }
        None | Some(FoundState::OutOfReach) => {
            Line(FactState::Todo, words::CONNECT_KEYS, words::CONNECT_KEYS_HINT.into())
        }
        Some(FoundState::Recovery) => Line(FactState::Done, words::CONNECT_RECOVERY, String::new()),
        Some(FoundState::Busy) => Line(FactState::Odd, words::CONNECT_BUSY, words::CONNECT_BUSY_HINT.into()),
        Some(FoundState::Normal) => Line(FactState::Odd, words::CONNECT_NORMAL, again()),
        Some(FoundState::TestMode) => Line(FactState::Odd, words::CONNECT_TEST_MODE, again()),
        Some(FoundState::Silent) => {
            Line(FactState::Now, words::CONNECT_SILENT, words::CONNECT_KEYS_HINT.into())
        }
    }
}
