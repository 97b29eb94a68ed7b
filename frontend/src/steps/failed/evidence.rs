//! Folded: the code for those who ask for help with it, and what was seen.

use leptos::prelude::*;
use shared::failure::Failure;

use crate::words;

/// Code and evidence.
#[component]
pub(super) fn Evidence(
    /// The failure.
    failure: Memo<Option<Failure>>,
) -> impl IntoView {
    let code = move || failure.get().map(|failure| failure.code.name());
    let seen = move || failure.get().map(|failure| failure.seen);
    view! {
        <details data-testid="evidence">
            <summary>{words::FAILED_SEEN}</summary>
            <p data-testid="failure-seen">{seen}</p>
            <p>{words::FAILED_CODE} " " <code data-testid="failure-code">{code}</code></p>
        </details>
    }
}
