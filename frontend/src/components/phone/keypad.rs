//! The twelve keys; 1 and # are marked while the person has to hold them.

use leptos::prelude::*;

const KEYS: [&str; 12] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
/// The keys that bring a phone into Web Recovery (domain.md 2).
const HELD: [&str; 2] = ["1", "#"];

/// The keypad.
#[component]
pub(super) fn Keypad(
    /// Whether the person has to hold 1 and # now.
    holds_keys: Signal<bool>,
) -> impl IntoView {
    KEYS.iter()
        .enumerate()
        .map(|(index, key)| {
            let x = 246 + 50 * (index % 3);
            let y = 190 + 36 * (index / 3);
            let is_held = move || HELD.contains(key) && holds_keys.get();
            view! {
                <g class="key" class:held=is_held>
                    <rect class="ring" x=x - 5 y=y - 5 width="52" height="38" rx="12"/>
                    <rect class="cap" x=x y=y width="42" height="28" rx="8"/>
                    <text x=x + 21 y=y + 19 text-anchor="middle">{*key}</text>
                </g>
            }
        })
        .collect_view()
}
