//! What was verified, each with what it was seen by.

use leptos::prelude::*;
use shared::check::{Check, CheckName, CheckResult};
use shared::protocol::PhoneView;
use shared::text::amount;

use crate::components::{Fact, FactState};
use crate::state::Page;
use crate::words;

/// The list of facts.
#[component]
pub(super) fn Proof() -> impl IntoView {
    let page = Page::here();
    let identity = page.of_phone(|phone| phone.identity.clone());
    let identity = Memo::new(move |_| identity.get().flatten());
    let version = move || identity.get().and_then(|identity| identity.version);
    let platform = move || identity.get().and_then(|identity| identity.platform);
    // What is simply good needs no second line; the folded part has it.
    let detail = |name| {
        let found = page.of_phone(move |phone| {
            phone.check(name).filter(|check| check.result != CheckResult::Pass).cloned()
        });
        Signal::derive(move || found.get().flatten().map_or(String::new(), |check| check.detail))
    };
    let state = |name| {
        let found = page.of_phone(move |phone| phone.check(name).map(state_of));
        Signal::derive(move || found.get().flatten().unwrap_or(FactState::Unknown))
    };
    let version_state = move || if version().is_some() { FactState::Done } else { FactState::Unknown };
    let keeps_settings = page.of_phone(|phone| phone.job.keep_config);
    let settings = move || match keeps_settings.get() {
        Some(true) => words::DONE_SETTINGS_KEPT,
        _ => words::DONE_SETTINGS,
    };
    let took = page.of_phone(|phone| seconds_in_all(phone).map(amount::duration));
    view! {
        <ul class="card facts">
            <Fact state=Signal::derive(version_state)>
                {move || match version() {
                    Some(version) => view! {
                        {words::DONE_VERSION} " " <b data-testid="identity-version">{version}</b>
                    }
                    .into_any(),
                    None => words::DONE_VERSION_UNKNOWN.into_any(),
                }}
                {move || platform().map(|platform| view! {
                    <small data-testid="identity-platform">{platform}</small>
                })}
            </Fact>
            <Fact state=state(CheckName::Login) detail=detail(CheckName::Login)>{words::DONE_LOGIN}</Fact>
            <Fact state=state(CheckName::LocalConfiguration) detail=detail(CheckName::LocalConfiguration)>
                {settings}
            </Fact>
            {move || took.get().flatten().map(|took| view! {
                <Fact state=FactState::Done>{words::done_took(&took)}</Fact>
            })}
        </ul>
    }
}

fn state_of(check: &Check) -> FactState {
    match check.result {
        CheckResult::Pass => FactState::Done,
        CheckResult::Warn => FactState::Odd,
        CheckResult::Fail => FactState::Failed,
        CheckResult::Unknown => FactState::Unknown,
    }
}

fn seconds_in_all(phone: &PhoneView) -> Option<u64> {
    let (first, last) = (phone.timeline.first()?, phone.timeline.last()?);
    Some(last.at_ms.saturating_sub(first.at_ms) / 1000)
}
