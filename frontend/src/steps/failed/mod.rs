//! Failed: what happened, what it means, and the next thing as a button.

mod confirm;
mod evidence;

use leptos::prelude::*;
use shared::failure::{Failure, FailureCode, Remedy};
use shared::phase::Phase;
use shared::protocol::{Command, Job, PhoneId, PhoneView, Repair, RepairView};
use shared::text;

use crate::components::{Action, ByHand, Heading, KeepReport, Milestones, SentForm, Wire};
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
        // Told before the failure is.
        {move || failure.get().map(|_| page.phone.with_untracked(by_hand))}
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
    // What was tried already is left to the person.
    let repair = page.phone.with_untracked(|phone| {
        let phone = phone.as_ref().filter(|phone| !phone.job.repair)?;
        phone
            .repairs
            .iter()
            .find(|repair| does_it_itself(repair))
            .map(|repair| words::repair_and_go_on(&repair.what))
    });
    let has_repair = repair.is_some();
    let has_first = first.is_some() || has_repair;
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
        {repair.map(|label| view! {
            <Action
                id="repair"
                label=label
                on_press=move |()| page.start_again(id, |job| Job { repair: true, ..job })
                main=true
                needs_helper=true
            />
        })}
        {first.map(|question| view! {
            <Action
                id="remedy"
                label=words::remedy(remedy).to_owned()
                on_press=move |()| from_question(question)
                main=!has_repair
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

/// How a person does what would have been of use. Unfolded, where hookflash could not do it.
fn by_hand(phone: &Option<PhoneView>) -> impl IntoView + use<> {
    let was_tried = phone.as_ref().is_some_and(|phone| phone.job.repair);
    let repairs = phone.iter().flat_map(|phone| &phone.repairs);
    repairs
        .map(|repair| {
            let (says, commands) = (words::repair(&repair.what), repair.by_hand.join("\n"));
            let is_open = was_tried || !does_it_itself(repair);
            view! { <ByHand says commands is_open/> }
        })
        .collect_view()
}

/// Whether hookflash does it, once the person says yes.
fn does_it_itself(repair: &RepairView) -> bool {
    match repair.what {
        Repair::Address { .. } | Repair::Firewall => true,
        Repair::OpenPorts => false,
    }
}
