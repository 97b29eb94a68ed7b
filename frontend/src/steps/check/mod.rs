//! Check: the phone is back; is it really free?

use leptos::prelude::*;
use shared::protocol::Command;
use shared::text;

use crate::components::{Action, Heading, Milestones, SentForm, Wire};
use crate::state::Page;
use crate::words;

/// The checks after the recovery.
#[component]
pub(crate) fn CheckStep() -> impl IntoView {
    let page = Page::here();
    let phase = page.of_phone(|phone| phone.phase);
    let says = move || phase.get().map(text::phase);
    let stop = move |()| {
        if let Some(phone) = page.phone.with_untracked(|phone| phone.as_ref().map(|phone| phone.id)) {
            page.send(&Command::Stop { phone });
        }
    };
    view! {
        <Heading
            heading=Signal::derive(move || says().map_or(String::new(), |says| says.heading.to_owned()))
            lead=Signal::derive(move || says().map_or(String::new(), |says| says.lead.to_owned()))
        />
        <Milestones/>
        <div class="row">
            <Action id="stop" label=words::STOP.to_owned() on_press=stop needs_helper=true/>
        </div>
        <SentForm/>
        <Wire/>
    }
}
