//! What happened, as a file to keep: one page, masked, and the same for programs.

use leptos::prelude::*;

use crate::state::Page;
use crate::words;

/// A button, and beside it a small link.
#[component]
pub(crate) fn KeepReport() -> impl IntoView {
    let number = Page::here().of_phone(|phone| phone.id.0);
    let file = move |ending| format!("/api/phones/{}/report.{ending}", number.get().unwrap_or_default());
    view! {
        <p class="row" data-testid="keep-report">
            <a class="quiet" href=move || file("html") download="" data-testid="report">{words::REPORT_KEEP}</a>
            <a href=move || file("json") download="" data-testid="report-json">{words::REPORT_JSON}</a>
        </p>
    }
}
