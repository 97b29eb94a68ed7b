//! What the chosen file is, to compare with what a person has read about it elsewhere.

use leptos::prelude::*;
use shared::firmware::FirmwareView;
use shared::text::amount;

use super::kept::Delete;
use crate::words;

/// The folded part.
#[component]
pub(super) fn AboutFile(
    /// The file.
    file: FirmwareView,
) -> impl IntoView {
    let size = format!("{} ({})", amount::bytes(file.bytes), words::exact_bytes(file.bytes));
    let model = file.model.unwrap_or_else(|| words::FIRMWARE_NO_MODEL.to_owned());
    let (id, name) = (file.id.clone(), file.name.clone());
    // As in the terminal: what is known, and what says so.
    let findings = file.findings.into_iter().map(|finding| {
        view! {
            <div><dt>{finding.about.name()}</dt><dd>{finding.says}<small>{finding.evidence}</small></dd></div>
        }
    });
    let findings: Vec<_> = findings.collect();
    let line = |what: &'static str, id: &'static str, value: String| {
        view! {
            <div><dt>{what}</dt><dd data-testid=id>{value}</dd></div>
        }
    };
    view! {
        <details class="about" data-testid="firmware-about">
            <summary>{words::FIRMWARE_ABOUT}</summary>
            <dl class="summary" data-testid="firmware-findings">
                {line(words::FIRMWARE_NAME, "firmware-about-name", file.name)}
                {line(words::FIRMWARE_SIZE, "firmware-about-size", size)}
                {line(words::FIRMWARE_FOR, "firmware-about-model", model)}
                {line("SHA-1", "firmware-sha1", file.sha1)}
                {line("SHA-256", "firmware-sha256", file.id)}
                {findings}
            </dl>
            <Delete id name/>
        </details>
    }
}
