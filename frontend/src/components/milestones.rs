//! The way of one phone as a list that fills itself: what was done and when, what goes on,
//! what comes. The findings of the checks stand under the phase that made them.

use leptos::prelude::*;
use shared::check::{Check, CheckName, CheckResult};
use shared::phase::Phase;
use shared::protocol::{Outcome, PhoneView};

use crate::browser;
use crate::components::{Fact, FactState};
use crate::state::Page;
use crate::words;

/// The list.
#[component]
pub(crate) fn Milestones() -> impl IntoView {
    let page = Page::here();
    let phase_name = page.of_phone(|phone| phone.phase.name());
    let lines = Phase::ALL.into_iter().filter(|phase| *phase != Phase::Done);
    view! {
        <ul class="card facts" aria-label=words::TIMELINE data-testid="phase" data-phase=phase_name>
            {lines.map(|phase| view! { <Line phase/> }).collect_view()}
        </ul>
    }
}

#[component]
fn Line(phase: Phase) -> impl IntoView {
    let page = Page::here();
    let state = page.of_phone(move |phone| state_of(phone, phase));
    let state = Signal::derive(move || state.get().unwrap_or(FactState::Todo));
    let ended = page.of_phone(move |phone| ended(phone, phase));
    let aside = move || match (state.get(), ended.get().flatten()) {
        (FactState::Done, Some(at_ms)) => browser::clock(at_ms),
        _ => String::new(),
    };
    let says = words::milestone(phase);
    let what = move || if state.get() == FactState::Done { says.done } else { says.doing };
    let detail = move || match state.get() {
        FactState::Now | FactState::Todo => says.usual.to_owned(),
        _ => String::new(),
    };
    let checks = page.of_phone(move |phone| worth_showing(phone, phase));
    let findings = view! {
        <ul class="findings">
            {move || checks.get().unwrap_or_default().into_iter().map(finding).collect_view()}
        </ul>
    };
    // After a failure, what would have come is of no use to anybody.
    let has_failed = page.of_phone(|phone| matches!(phone.outcome, Some(Outcome::Failed(_))));
    let is_shown = move || state.get() != FactState::Todo || has_failed.get() != Some(true);
    view! {
        <Fact
            state=state
            id=format!("milestone-{}", phase.name())
            hidden=Signal::derive(move || !is_shown())
            detail=Signal::derive(detail)
            aside=Signal::derive(aside)
            below=findings.into_any()
        >
            {what}
        </Fact>
    }
}

fn finding(check: Check) -> impl IntoView {
    let state = match check.result {
        CheckResult::Pass => FactState::Done,
        CheckResult::Warn => FactState::Odd,
        CheckResult::Fail => FactState::Failed,
        CheckResult::Unknown => FactState::Unknown,
    };
    view! {
        <Fact state=state id=format!("check-{}", check.name.name()) detail=check.detail>
            {words::check(check.name)}
        </Fact>
    }
}

fn state_of(phone: &PhoneView, phase: Phase) -> FactState {
    match (&phone.outcome, phone.phase.cmp(&phase)) {
        (Some(Outcome::Verified), _) | (_, std::cmp::Ordering::Greater) => FactState::Done,
        (_, std::cmp::Ordering::Less) => FactState::Todo,
        (Some(Outcome::Failed(_)), std::cmp::Ordering::Equal) => FactState::Failed,
        (None, std::cmp::Ordering::Equal) => FactState::Now,
    }
}

/// A phase ends when the next one begins.
fn ended(phone: &PhoneView, phase: Phase) -> Option<u64> {
    let began = phone.timeline.iter().rposition(|moment| moment.phase == phase)?;
    phone.timeline.get(began + 1).map(|next| next.at_ms)
}

/// All findings while the phase goes on; afterwards those that are not simply good.
fn worth_showing(phone: &PhoneView, phase: Phase) -> Vec<Check> {
    let goes_on = phone.phase == phase && phone.outcome.is_none();
    let shown = |check: &&Check| goes_on || check.result != CheckResult::Pass;
    phone.checks.iter().filter(|check| made_in(check.name) == phase).filter(shown).cloned().collect()
}

fn made_in(name: CheckName) -> Phase {
    match name {
        CheckName::Firmware | CheckName::FirmwareFitsModel | CheckName::FirmwareRules => Phase::Prepare,
        CheckName::PhoneAnswers | CheckName::RecoveryMode => Phase::Find,
        CheckName::Cable
        | CheckName::Route
        | CheckName::Overlap
        | CheckName::Shadow
        | CheckName::Ports
        | CheckName::PortRights
        | CheckName::Firewall
        | CheckName::Disk
        | CheckName::Sleep
        | CheckName::Form
        | CheckName::Serving => Phase::Preflight,
        CheckName::Login | CheckName::Identity => Phase::Verify,
        CheckName::LocalConfiguration => Phase::Wipe,
    }
}
