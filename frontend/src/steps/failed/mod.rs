//! Failed: what happened, what it means, and the next thing as a button.

mod confirm;
mod evidence;

use leptos::prelude::*;
use shared::failure::{Failure, FailureCode, Remedy};
use shared::phase::Phase;
use shared::protocol::{Command, Job, PhoneId};
use shared::text;

use crate::components::{Action, Heading, KeepReport, Milestones, SentForm, Wire};
use crate::draft::Question;
use crate::state::Page;
use crate::steps::failure_of;
use crate::words;
use confirm::Confirm;
use evidence::Evidence;

/// A recovery that ended badly.
#[component]
pub(crate) fn FailedStep(
    /// The phone.
    id: PhoneId,
) -> impl IntoView {
    let page = Page::here();
    let failure = page.of_phone(failure_of);
    let failure = Memo::new(move |_| failure.get().flatten());
    let says = move || failure.get().map(|failure| text::failure(failure.code));
    let start_over = move |()| {
        page.draft.clear();
        page.forget(id, Question::Phone);
    };
    view! {
        <Heading
            heading=Signal::derive(move || says().map_or(String::new(), |says| says.heading.to_owned()))
            lead=Signal::derive(move || says().map_or(String::new(), |says| says.meaning.to_owned()))
        />
        <div
            class="notice bad"
            role="alert"
            data-testid="outcome"
            data-result="failed"
            data-code=move || failure.get().map(|failure| failure.code.name())
        >
            <p>{move || says().map(|says| says.next)}</p>
        </div>
        <div class="row">
            {move || failure.get().map(|failure| view! { <FirstAid id failure/> })}
            <Action id="start-over" label=words::START_OVER.to_owned() on_press=start_over needs_helper=true/>
        </div>
        {move || failure.get().filter(|failure| confirm::can_help(failure.code)).map(|_| view! { <Confirm id/> })}
        <Milestones/>
        <Evidence failure/>
        <SentForm/>
        <Wire/>
        <KeepReport/>
    }
}

/// The button for the next thing, and beside it a plain retry where that is safe.
#[component]
fn FirstAid(id: PhoneId, failure: Failure) -> impl IntoView {
    let page = Page::here();
    let remedy = failure.code.remedy();
    let from_question = move |question| {
        if let Some(phone) = page.phone.get_untracked() {
            page.draft.take_from(&phone, &page.firmware().get_untracked());
        }
        page.forget(id, question);
    };
    let retry = move |()| page.send(&Command::Retry { phone: id });
    let first = match remedy {
        Remedy::Retry => None,
        Remedy::OtherFile => Some(Question::Firmware),
        Remedy::OtherAddress | Remedy::WaitThenStartAgain => Some(Question::Connect),
    };
    let has_first = first.is_some();
    // The same file would be refused again.
    let is_same_refusal = remedy == Remedy::OtherFile
        && page
            .phone
            .with_untracked(|phone| phone.as_ref().is_some_and(|phone| phone.phase == Phase::Prepare));
    // A phone that was asked already has said no.
    let has_side_door = failure.code == FailureCode::PhoneNormalMode
        && page.phone.with_untracked(|phone| phone.as_ref().is_some_and(|phone| !phone.job.side_door));
    let may_retry = failure.retry_is_safe() && !is_same_refusal;
    view! {
        {first.map(|question| view! {
            <Action
                id="remedy"
                label=words::remedy(remedy).to_owned()
                on_press=move |()| from_question(question)
                main=true
                needs_helper=true
            />
        })}
        {may_retry.then(|| view! {
            <Action id="retry" label=words::RETRY.to_owned() on_press=retry main=!has_first needs_helper=true/>
        })}
        {has_side_door.then(|| view! {
            <Action
                id="side-door"
                label=words::FAILED_SIDE_DOOR.to_owned()
                on_press=move |()| page.start_again(id, |job| Job { side_door: true, ..job })
                needs_helper=true
            />
        })}
    }
}
