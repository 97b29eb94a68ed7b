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
    ///
    /// Boxed, so that one button is compiled and not one for each place.
    #[prop(into)]
    on_press: Callback<()>,
    /// Whether it is the main one of its screen.
    #[prop(optional, into)]
    main: Signal<bool>,
    /// Whether it needs the helper to listen.
    #[prop(optional)]
    needs_helper: bool,
) -> impl IntoView {
    let page = Page::here();
    view! {
        <button
            type="button"
            class=move || if main.get() { "main" } else { "quiet" }
            data-testid=id
            disabled=move || needs_helper && !page.is_connected()
            on:click=move |_| on_press.run(())
        >
            {label}
        </button>
    }
}
