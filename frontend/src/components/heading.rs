//! The one heading of a screen and its sentence.
//!
//! When a screen takes the place of another, its heading takes the focus, so that keyboards
//! and screen readers are where the eyes are. A heading that changes within a screen is
//! announced instead.

use leptos::html::H1;
use leptos::prelude::*;

use crate::state::Page;

/// Heading and sentence.
#[component]
pub(crate) fn Heading(
    /// What is going on, or what to do.
    #[prop(into)]
    heading: Signal<String>,
    /// What that means.
    #[prop(into)]
    lead: Signal<String>,
) -> impl IntoView {
    let page = Page::here();
    let place = NodeRef::<H1>::new();
    place.on_load(move |heading| {
        if page.has_shown_a_heading.get_value() {
            request_animation_frame(move || {
                // Refused only for elements that cannot take the focus.
                let _ = heading.focus();
            });
        }
        page.has_shown_a_heading.set_value(true);
    });
    view! {
        <div class="says" aria-live="polite">
            <h1 tabindex="-1" data-testid="heading" node_ref=place>{heading}</h1>
            <p class="lead" data-testid="lead">{lead}</p>
        </div>
    }
}
