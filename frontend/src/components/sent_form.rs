//! Folded: what the phone will be sent, field by field, exactly.

use leptos::prelude::*;
use shared::phase::Phase;
use shared::protocol::SentField;

use crate::state::Page;
use crate::words;

/// The fields, once the phone's form was read.
#[component]
pub(crate) fn SentForm() -> impl IntoView {
    let form = Page::here().of_phone(|phone| phone.form.clone());
    let form = Memo::new(move |_| form.get().flatten());
    // Shown before the first byte leaves, and still there afterwards.
    let is_sent = Page::here().of_phone(|phone| phone.phase > Phase::Preflight);
    let heading = move || match is_sent.get() {
        Some(true) => words::FORM_HEADING_SENT,
        _ => words::FORM_HEADING,
    };
    view! {
        <Show when=move || form.with(Option::is_some)>
            <details data-testid="sent-form">
                <summary>{heading}</summary>
                <p>{words::FORM_TO} " " <code>{move || form.get().map(|form| form.action)}</code></p>
                // Focusable, so that a narrow screen can be scrolled by keyboard.
                <div class="scroll" tabindex="0" role="region" aria-label=heading>
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">{words::FORM_FIELD}</th>
                                <th scope="col">{words::FORM_VALUE}</th>
                                <th scope="col">{words::FORM_BY}</th>
                            </tr>
                        </thead>
                        <tbody>
                            {move || form.get().map(|form| form.fields.into_iter().map(row).collect_view())}
                        </tbody>
                    </table>
                </div>
            </details>
        </Show>
    }
}

fn row(field: SentField) -> impl IntoView {
    let value = match field.value.is_empty() {
        true => words::FORM_EMPTY.to_owned(),
        false => field.value,
    };
    view! {
        <tr>
            <td>{field.label} " " <code>{field.name}</code></td>
            <td><code>{value}</code></td>
            <td>{if field.ours { words::FORM_OURS } else { words::FORM_THEIRS }}</td>
        </tr>
    }
}
