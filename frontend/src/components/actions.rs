//! A button. The one main button of a screen is filled, all others are quiet.

use leptos::prelude::*;

use crate::state::Page;

/// A button with a test id.
#[component]
pub(crate) fn Action(
    /// The test id.
    id: &'static str,
    /// What it says.
    #[prop(into)]
    label: Signal<String>,
    /// What it does.
    on_press: impl Fn() + 'static,
    /// Whether it is the main one of its screen.
    #[prop(optional)]
    main: bool,
    /// Whether it needs the helper to listen.
    #[prop(optional)]
    needs_helper: bool,
) -> impl IntoView {
    let page = Page::here();
    view! {
        <button
            type="button"
            class=if main { "main" } else { "quiet" }
            data-testid=id
            disabled=move || needs_helper && !page.is_connected()
            on:click=move |_| on_press()
        >
            {label}
        </button>
    }
}
