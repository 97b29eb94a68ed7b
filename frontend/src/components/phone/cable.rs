//! What goes into the phone: the network cable from a laptop, and the power.

use leptos::prelude::*;

/// The cable from the phone's PC port to the laptop; it moves while the phone reads.
#[component]
pub(super) fn NetworkCable(
    /// Whether the phone reads now.
    is_reading: Signal<bool>,
) -> impl IntoView {
    const WAY: &str = "M142 442 H212 C254 442 256 414 256 350";
    view! {
        <path class="cable" d=WAY/>
        <path class="flow" class:moves=move || is_reading.get() d=WAY/>
        <rect class="plug" x="247" y="354" width="18" height="22" rx="3"/>
        <rect class="plug" x="130" y="435" width="16" height="14" rx="3"/>
    }
}

/// This computer.
#[component]
pub(super) fn Laptop(
    /// Whether it gives the file now.
    is_reading: Signal<bool>,
) -> impl IntoView {
    view! {
        <rect class="laptop" x="22" y="384" width="116" height="76" rx="8"/>
        <rect class="laptop-screen" class:busy=move || is_reading.get() x="30" y="392" width="100" height="60" rx="4"/>
        <path class="bolt" d="M84 402 l-14 22 h9 l-5 18 l18 -26 h-10 l8 -14 z"/>
        <path class="laptop-foot" d="M8 462 h144 l-9 12 q-2 2 -5 2 h-116 q-3 0 -5 -2 z"/>
    }
}

/// The power: marked as long as it must not be pulled.
#[component]
pub(super) fn PowerCord(
    /// Whether pulling it can harm.
    keeps_power: Signal<bool>,
    /// Whether it is in.
    is_plugged: Signal<bool>,
    /// Whether plugging it in is what the person is about to do.
    is_shown_how: Signal<bool>,
) -> impl IntoView {
    view! {
        <g
            class="power"
            class:keep=move || keeps_power.get()
            class:out=move || !is_plugged.get()
            class:shown-how=move || is_shown_how.get()
        >
            <rect class="socket" x="302" y="416" width="46" height="52" rx="9"/>
            <path class="power-cord" d="M404 340 V414 Q404 442 386 442 H374"/>
            <g class="power-end">
                <path class="power-pins" d="M352 434 h-16 M352 450 h-16"/>
                <path class="power-plug" d="M378 427 h-18 q-9 0 -9 9 v12 q0 9 9 9 h18 q5 0 5 -5 v-20 q0 -5 -5 -5 z"/>
            </g>
        </g>
    }
}
