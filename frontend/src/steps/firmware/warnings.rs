//! What the maker warns of, with this file on this phone. The helper judges; here it is shown
//! before anybody presses the one button.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::catalogue::rules::Severity;
use shared::firmware::FirmwareView;
use shared::protocol::Warning;
use shared::text;

use crate::components::{Fact, FactState};
use crate::http;
use crate::state::Page;

/// The warnings about a file, on the chosen model or else on that of its name.
#[component]
pub(super) fn Warnings(file: FirmwareView) -> impl IntoView {
    let draft = Page::here().draft;
    let warnings = RwSignal::new(Vec::<Warning>::new());
    let said = draft.model.get_untracked().map(|model| model.name.to_owned());
    if let Some(model) = said.or(file.model).or(file.model_inside) {
        spawn_local(async move {
            let told = http::get(&format!("/api/models/{model}/warnings/{}", file.id)).await;
            // The file may have been changed for another one meanwhile.
            let _ = warnings.try_set(told.unwrap_or_default());
        });
    }
    view! {
        {move || warnings.get().into_iter().map(|warning| view! {
            <Fact state=state(warning.says) id="firmware-warning">{text::rule(warning.rule)}</Fact>
        }).collect_view()}
    }
}

fn state(says: Severity) -> FactState {
    match says {
        Severity::Note | Severity::Warn => FactState::Odd,
        Severity::Unknown => FactState::Unknown,
        Severity::Confirm | Severity::Refuse => FactState::Failed,
    }
}
