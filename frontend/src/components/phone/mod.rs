//! The phone, drawn by us: body, display, keys, lamp, cable, power.
//!
//! Every colour comes from the style sheet, so that the drawing follows light and dark.

mod body;
mod cable;
mod display;
mod keypad;

use leptos::prelude::*;
use shared::phase::Phase;

use crate::words;
use body::Body;
use cable::{Laptop, NetworkCable, PowerCord};
use display::Display;
use keypad::Keypad;

/// The drawing.
#[component]
pub(crate) fn Phone(
    /// The lines of the display; none while it is dark.
    #[prop(into)]
    lines: Signal<Vec<String>>,
    /// Whether the person has to hold 1 and # now.
    holds_keys: Signal<bool>,
    /// Whether the network cable is in the picture.
    is_cabled: Signal<bool>,
    /// The phase, while a recovery runs.
    phase: Signal<Option<Phase>>,
) -> impl IntoView {
    let lamp = move || match phase.get() {
        Some(Phase::Transfer | Phase::Write | Phase::Restart) => "lamp busy",
        Some(_) => "lamp on",
        None if lines.with(Vec::is_empty) => "lamp",
        None => "lamp on",
    };
    let is_reading = Signal::derive(move || phase.get() == Some(Phase::Transfer));
    let keeps_power = Signal::derive(move || phase.get().is_some_and(Phase::keep_plugged_in));
    view! {
        <svg class="phone" viewBox="0 0 480 490" role="img" aria-label=move || lines.with(|lines| words::stage_alt(lines))>
            <ellipse class="shadow" cx="246" cy="364" rx="194" ry="12"/>
            <PowerCord keeps_power is_plugged=is_cabled is_shown_how=holds_keys/>
            <Show when=move || is_cabled.get()>
                <NetworkCable is_reading/>
            </Show>
            // The phone stands a little to the left, so that the picture is balanced.
            <g transform="translate(-34 0)">
                <Body/>
                <Display lines/>
                <Keypad holds_keys/>
                <rect class=lamp x="404" y="33" width="32" height="7" rx="3.5"/>
            </g>
            <Show when=move || is_cabled.get()>
                <Laptop is_reading/>
            </Show>
        </svg>
    }
}
