//! The housing, the handset with its cord, and the keys that have no part in a recovery.

use leptos::prelude::*;

/// Everything that never changes.
#[component]
pub(super) fn Body() -> impl IntoView {
    let soft_keys = [62, 88, 114, 140].map(|y| {
        view! {
            <rect class="small-key" x="217" y=y width="20" height="12" rx="5"/>
            <rect class="small-key" x="431" y=y width="20" height="12" rx="5"/>
        }
    });
    let side_keys =
        [262, 284].map(|y| view! { <rect class="small-key" x="404" y=y width="40" height="14" rx="7"/> });
    view! {
        <path class="housing" d="M196 24 H444 Q464 24 465 44 L471 334 Q471 360 446 360 H194 Q169 360 170 334 L176 44 Q177 24 196 24 Z"/>
        <path class="edge" d="M198 27 H442 Q461 27 462 45"/>
        <path class="cradle" d="M98 44 q0 -14 14 -14 h60 v306 h-60 q-14 0 -14 -14 z"/>
        <path class="handset" d="M88 42 q0 -26 26 -26 h28 q26 0 26 26 v46 q0 14 -12 22 v146 q12 8 12 22 v46 q0 26 -26 26 h-28 q-26 0 -26 -26 v-46 q0 -14 12 -22 v-146 q-12 -8 -12 -22 z"/>
        <path class="edge" d="M97 44 q0 -19 19 -19 h24 q19 0 19 19"/>
        <path class="grip" d="M118 122 v124"/>
        <path class="cord" d="M124 330 C120 392 196 398 214 352"/>
        {soft_keys}
        {side_keys}
        <circle class="pad" cx="424" cy="220" r="25"/>
        <circle class="pad-key" cx="424" cy="220" r="10"/>
        <rect class="bye-key" x="404" y="306" width="40" height="16" rx="8"/>
        <path class="grill" d="M196 214 v96 M206 214 v96 M216 214 v96 M226 214 v96"/>
    }
}
