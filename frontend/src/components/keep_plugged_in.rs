//! The one warning of the page: while the phone has no whole software, its power stays on.

use leptos::prelude::*;

use crate::components::{Icon, Shape};
use crate::state::Page;
use crate::words;

/// The warning, in the phases where it counts.
#[component]
pub(crate) fn KeepPluggedIn() -> impl IntoView {
    let counts = Page::here().of_phone(|phone| phone.phase.keep_plugged_in());
    view! {
        <Show when=move || counts.get().unwrap_or(false)>
            <p class="keep" role="alert" data-testid="keep-plugged-in">
                <Icon shape=Shape::Plug/>
                {words::KEEP_PLUGGED_IN}
            </p>
        </Show>
    }
}
