//! Two answers that only the person has, for versions that are safe on some phones and the end of
//! others (domain.md 3.4): what is on the phone now, and once more which model it is.

use leptos::prelude::*;
use shared::catalogue::version::Version;
use shared::failure::FailureCode;
use shared::model::Model;
use shared::protocol::{Job, PhoneId};

use crate::state::Page;
use crate::words;

/// Whether the answers can change a failure.
pub(super) fn can_help(code: FailureCode) -> bool {
    matches!(code, FailureCode::FirmwarePresentUnknown | FailureCode::FirmwareNotConfirmed)
}

/// The two fields. Nothing is filled in: what is typed here is a confirmation.
#[component]
pub(super) fn Confirm(
    /// The phone.
    id: PhoneId,
) -> impl IntoView {
    let page = Page::here();
    let present = RwSignal::new(String::new());
    let model = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let version = move || present.with(|typed| Version::parse(typed.trim())).is_some();
    let known = move || model.with(|typed| Model::find(typed.trim()));
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let (true, Some(known)) = (version(), known()) else { return };
        page.start_again(id, |job| Job {
            present_version: Some(present.get_untracked().trim().to_owned()),
            confirmed_model: Some(known.name.to_owned()),
            ..job
        });
    };
    view! {
        <form class="card confirm" novalidate on:submit=submit data-testid="confirm">
            <h2>{words::CONFIRM_HEADING}</h2>
            <p>{words::CONFIRM_LEAD}</p>
            <Field
                id="confirm-present"
                label=words::CONFIRM_PRESENT
                example=words::CONFIRM_PRESENT_EXAMPLE
                value=present
                problem=Signal::derive(move || {
                    if tried.get() && !version() { words::CONFIRM_PRESENT_BAD } else { "" }
                })
            />
            <Field
                id="confirm-model"
                label=words::CONFIRM_MODEL
                example=words::CONFIRM_MODEL_EXAMPLE
                value=model
                problem=Signal::derive(move || {
                    if tried.get() && known().is_none() { words::CONFIRM_MODEL_BAD } else { "" }
                })
            />
            <button type="submit" class="quiet" data-testid="confirm-go-on" disabled=move || !page.is_connected()>
                {words::CONFIRM_GO_ON}
            </button>
        </form>
    }
}

#[component]
fn Field(
    id: &'static str,
    label: &'static str,
    example: &'static str,
    value: RwSignal<String>,
    /// What is wrong with it; nothing when it is good, or when nobody has finished typing.
    problem: Signal<&'static str>,
) -> impl IntoView {
    let says = format!("{id}-says");
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                id=id
                type="text"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                placeholder=example
                data-testid=id
                aria-describedby=says.clone()
                aria-invalid=move || (!problem.get().is_empty()).to_string()
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
            <p id=says class="verdict" class:bad=move || !problem.get().is_empty() aria-live="polite">{problem}</p>
        </div>
    }
}
