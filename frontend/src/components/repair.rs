//! What a repair of this computer does, and how a person does it without us: folded, and ready to
//! copy.

use leptos::prelude::*;

use crate::words;

/// The sentence, and the commands. Nothing, while there is no sentence.
#[component]
pub(crate) fn ByHand(
    /// What is done.
    #[prop(into)]
    says: Signal<String>,
    /// The commands, a line each.
    #[prop(into)]
    commands: Signal<String>,
    /// Whether they are unfolded, for nothing else helps.
    is_open: bool,
) -> impl IntoView {
    view! {
        <div class="by-hand" hidden=move || says.with(String::is_empty)>
            <p class="note">{says}</p>
            <details data-testid="by-hand" open=is_open hidden=move || commands.with(String::is_empty)>
                <summary>{words::BY_HAND}</summary>
                <pre class="scroll copy" tabindex="0" role="region" aria-label=words::BY_HAND>{commands}</pre>
            </details>
        </div>
    }
}
