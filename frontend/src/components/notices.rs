//! What does not belong to one step: the helper does not answer, or does not do something.

use leptos::prelude::*;

use crate::browser;
use crate::components::{Icon, Shape};
use crate::connection::Link;
use crate::journey::Screen;
use crate::state::Page;
use crate::words;

/// The notices, if there are any.
#[component]
pub(crate) fn Notices() -> impl IntoView {
    let page = Page::here();
    let lost_since = move || match (page.link.get(), page.screen.get()) {
        (_, Screen::Waiting) => None,
        (Link::Lost { since_ms }, _) => Some(since_ms),
        _ => None,
    };
    let may_be_writing = page.of_phone(|phone| phone.is_running() && phone.phase.keep_plugged_in());
    view! {
        {move || lost_since().map(|since_ms| view! {
            <div class="notice bad" role="alert" data-testid="lost">
                <Icon shape=Shape::Bang/>
                <p>
                    <b>{words::LOST_HEADING}</b>
                    <br/>
                    {words::lost_since(&browser::clock(since_ms))}
                    {move || may_be_writing.get().unwrap_or(false).then(|| view! { " " <b>{words::LOST_KEEP}</b> })}
                </p>
            </div>
        })}
        {move || page.rejected.get().map(|words| view! {
            <div class="notice bad" role="alert" data-testid="rejected">
                <Icon shape=Shape::Bang/>
                <p>{words}</p>
            </div>
        })}
    }
}
