//! What goes into the phone: the network cable from a laptop, and the power.

use leptos::prelude::*;

/// The cable from the phone's PC port to the laptop; it moves while the phone reads.
#[component]
pub(super) fn NetworkCable(
    /// Whether the phone reads now.
    is_reading: Signal<bool>,
) -> impl IntoView {
    const WAY: &str = "M142 424 H236 C286 424 288 396 288 362";
    view! {
        <path class="cable" d=WAY/>
        <path class="flow" class:moves=move || is_reading.get() d=WAY/>
        <rect class="plug" x="279" y="350" width="18" height="20" rx="3"/>
        <rect class="plug" x="130" y="417" width="16" height="14" rx="3"/>
    }
}

/// This computer.
#[component]
pub(super) fn Laptop(
    /// Whether it gives the file now.
    is_reading: Signal<bool>,
) -> impl IntoView {
    view! {
        <rect class="laptop" x="22" y="366" width="116" height="76" rx="8"/>
        <rect class="laptop-screen" class:busy=move || is_reading.get() x="30" y="374" width="100" height="60" rx="4"/>
        <path class="bolt" d="M84 384 l-14 22 h9 l-5 18 l18 -26 h-10 l8 -14 z"/>
        <path class="laptop-foot" d="M8 444 h144 l-9 12 q-2 2 -5 2 h-116 q-3 0 -5 -2 z"/>
    }
}

/// The power: marked as long as it must not be pulled.
#[component]
pub(super) fn PowerCord(
    /// Whether pulling it can harm.
    keeps_power: Signal<bool>,
    /// Whether it is in.
    is_plugged: Signal<bool>,
) -> impl IntoView {
    view! {
        <g class="power" class:keep=move || keeps_power.get() class:out=move || !is_plugged.get()>
            <path class="power-cord" d="M404 352 V392 Q404 424 372 424 H356"/>
            <path class="power-plug" d="M356 412 h-14 q-8 0 -8 8 v8 q0 8 8 8 h14 z"/>
            <path class="power-pins" d="M334 418 h-10 M334 430 h-10"/>
        </g>
    }
}
