//! What a repair of this computer does, and how a person does it without us: folded, and ready to
//! copy.

use leptos::prelude::*;
use shared::protocol::RepairView;

use crate::words;

/// The sentence, and the commands.
#[component]
pub(crate) fn ByHand(
    /// The repair.
    repair: RepairView,
    /// Whether the commands are unfolded, for nothing else helps.
    is_open: bool,
) -> impl IntoView {
    view! {
        <p class="note">{words::repair(&repair.what)}</p>
        <details data-testid="by-hand" open=is_open>
            <summary>{words::BY_HAND}</summary>
            <pre class="scroll copy" tabindex="0" role="region" aria-label=words::BY_HAND>
                {repair.by_hand.join("\n")}
            </pre>
        </details>
    }
}
