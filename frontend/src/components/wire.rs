//! Folded: what is going over the wire, for those who want the names of things.

use leptos::prelude::*;
use shared::protocol::PhoneView;

use crate::browser;
use crate::state::Page;
use crate::words;

/// The evidence of one phone, as lines.
#[component]
pub(crate) fn Wire() -> impl IntoView {
    let lines = Page::here().of_phone(lines);
    let number = Page::here().of_phone(|phone| phone.id.0);
    let kept = move |what: &str| format!("/api/phones/{}/{what}", number.get().unwrap_or_default());
    view! {
        <details data-testid="wire">
            <summary>{words::WIRE_HEADING}</summary>
            <pre class="scroll" tabindex="0" role="region" aria-label=words::WIRE_HEADING>
                {move || lines.get().unwrap_or_default()}
            </pre>
            <p>
                <a href=move || kept("exchanges.txt") target="_blank" data-testid="exchanges">
                    {words::WIRE_EXCHANGES}
                </a>
            </p>
        </details>
    }
}

fn lines(phone: &PhoneView) -> String {
    let mut lines = Vec::new();
    let mut line = |key: &str, value: String| lines.push(format!("{key:<20} {value}"));
    line(words::WIRE_PHONE, format!("http://{}/ (number {})", phone.job.address, phone.id.0));
    line(words::WIRE_FIRMWARE, format!("sha256 {}", phone.job.firmware));
    for moment in &phone.timeline {
        line(moment.phase.name(), browser::clock(moment.at_ms));
    }
    for check in &phone.checks {
        line(check.name.name(), format!("{}: {}", check.result.name(), check.detail));
    }
    if let Some(rung) = &phone.rung {
        line(words::WIRE_SUBMISSION, format!("{} ({} of {})", rung.name, rung.number, rung.of));
    }
    if let Some(transfer) = &phone.transfer {
        let protocol = transfer.protocol.name();
        line(words::WIRE_TRANSFER, format!("{protocol} {:?}", transfer.file));
        line(
            "",
            format!(
                "{} of {} bytes, {} {}",
                transfer.bytes,
                transfer.total,
                transfer.repeats,
                words::WIRE_REPEATS
            ),
        );
    }
    for request in &phone.configuration_asked {
        let answer = if request.answered { words::WIRE_ANSWERED } else { words::WIRE_NOT_ANSWERED };
        line(words::WIRE_CONFIGURATION, format!("{} {:?}: {answer}", request.protocol.name(), request.name));
    }
    lines.join("\n")
}
