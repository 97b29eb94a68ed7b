//! Connect: cable, keys, the address from the display, and the one button.

mod address;
mod summary;

use leptos::prelude::*;

use crate::components::{Action, Heading, Icon, Shape};
use crate::draft::Question;
use crate::state::Page;
use crate::words;
use address::Address;
use summary::Summary;

/// The third question.
#[component]
pub(crate) fn ConnectStep() -> impl IntoView {
    let page = Page::here();
    let practice = page.practice();
    let is_practice = Memo::new(move |_| practice.with(Option::is_some));
    let says = move || match is_practice.get() {
        true => (words::CONNECT_PRACTICE_HEADING, words::CONNECT_PRACTICE_LEAD),
        false => (words::CONNECT_HEADING, words::CONNECT_LEAD),
    };
    let tried = RwSignal::new(false);
    view! {
        <Heading
            heading=Signal::derive(move || says().0.to_owned())
            lead=Signal::derive(move || says().1.to_owned())
        />
        <Show when=move || !is_practice.get()>
            <ul class="card facts">
                <Todo what=words::CONNECT_CABLE hint=words::CONNECT_CABLE_HINT/>
                <Todo what=words::CONNECT_KEYS hint=words::CONNECT_KEYS_HINT/>
            </ul>
        </Show>
        <form
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                tried.set(true);
                page.start();
            }
        >
            <Address tried/>
            <Summary/>
            <div class="row">
                <button
                    type="submit"
                    class="main"
                    data-testid="start"
                    disabled=move || !page.is_connected() || page.draft.firmware.with(Option::is_none)
                >
                    {words::START}
                </button>
                <Action id="back" label=words::BACK.to_owned() on_press=move |()| page.draft.ask(Question::Firmware)/>
            </div>
            <p class="note">{words::START_NOTE}</p>
        </form>
    }
}

/// A line that only the person can tick off, and does by doing it: so it has no state.
#[component]
fn Todo(what: &'static str, hint: &'static str) -> impl IntoView {
    view! {
        <li class="fact" data-state="todo">
            <span class="sign"><Icon shape=Shape::Circle/></span>
            <span class="what">{what} <small>{hint}</small></span>
        </li>
    }
}
