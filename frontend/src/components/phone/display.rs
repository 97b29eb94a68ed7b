//! The LCD: up to four lines, each as large as fits.

use leptos::prelude::*;

/// Units that a line may be wide.
const WIDTH: f64 = 164.0;
/// The width of one letter of a monospaced font, in units of its size.
const LETTER: f64 = 0.61;
/// The largest size of a letter.
const LARGEST: f64 = 18.0;
/// The smallest that can still be read when the drawing is small.
const SMALLEST: f64 = 9.0;
/// From line to line.
const LINE_HEIGHT: f64 = 26.0;

/// The LCD in its bezel.
#[component]
pub(super) fn Display(
    /// What it shows; nothing while it is dark.
    lines: Signal<Vec<String>>,
) -> impl IntoView {
    let class = move || if lines.with(Vec::is_empty) { "lcd" } else { "lcd lit" };
    view! {
        <rect class="bezel" x="242" y="46" width="184" height="122" rx="9"/>
        <rect class=class x="250" y="54" width="168" height="106" rx="4"/>
        <g class="lcd-text" data-testid="stage-display">
            {move || {
                let lines = lines.get();
                let first = 113.0 - LINE_HEIGHT * (lines.len().saturating_sub(1) as f64) / 2.0;
                lines.into_iter().enumerate().map(|(index, line)| {
                    let letters = line.chars().count().max(1) as f64;
                    let size = (WIDTH / (letters * LETTER)).clamp(SMALLEST, LARGEST);
                    let y = first + LINE_HEIGHT * index as f64;
                    view! { <text x="334" y=y font-size=format!("{size:.1}") text-anchor="middle">{line}</text> }
                }).collect_view()
            }}
        </g>
        <path class="glare" d="M250 58 q0 -4 4 -4 h84 l-52 106 h-32 q-4 0 -4 -4 z"/>
    }
}
