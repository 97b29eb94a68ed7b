//! Done: the proof, and what to do before the phone meets the internet.

mod proof;

use leptos::prelude::*;
use shared::phase::Phase;
use shared::protocol::PhoneId;
use shared::text;

use crate::components::{Action, Heading, KeepReport, Milestones, SentForm, Wire};
use crate::draft::Question;
use crate::state::Page;
use crate::words;
use proof::Proof;

/// The end.
#[component]
pub(crate) fn DoneStep(
    /// The phone.
    id: PhoneId,
) -> impl IntoView {
    let page = Page::here();
    let says = text::phase(Phase::Done);
    let afterwards = text::afterwards();
    let own_page = page.of_phone(|phone| format!("http://{}/", phone.job.address));
    let start_over = move |()| {
        page.draft.clear();
        page.forget(id, Question::Phone);
    };
    let another = move |()| {
        if let Some(phone) = page.phone.get_untracked() {
            page.draft.take_from(&phone, &page.firmware().get_untracked());
            page.draft.forget_address();
        }
        page.ask_for_another(Question::Connect);
    };
    view! {
        <Heading heading=says.heading.to_owned() lead=says.lead.to_owned()/>
        <div data-testid="outcome" data-result="verified">
            <Proof/>
        </div>
        <aside class="notice caution">
            <p><b>{afterwards.heading}</b> <br/> {afterwards.safe}</p>
            <p>{afterwards.provider}</p>
        </aside>
        <div class="row">
            <Action id="same-again" label=words::ANOTHER_PHONE.to_owned() on_press=another main=true/>
            <a class="quiet" target="_blank" rel="noopener noreferrer" href=own_page>{words::DONE_OPEN}</a>
            <Action id="start-over" label=words::DONE_FORGET.to_owned() on_press=start_over needs_helper=true/>
        </div>
        <details>
            <summary>{words::DONE_TIMELINE}</summary>
            <Milestones/>
        </details>
        <SentForm/>
        <Wire/>
        <KeepReport/>
    }
}
