//! Recover: from the look at the file until the phone starts its new software.

mod rung;

use leptos::prelude::*;
use shared::protocol::Command;
use shared::text;

use crate::components::{Action, BellWish, Heading, KeepPluggedIn, Milestones, Progress, SentForm, Wire};
use crate::state::Page;
use crate::words;
use rung::AnotherWay;

/// The running recovery.
#[component]
pub(crate) fn RecoverStep() -> impl IntoView {
    let page = Page::here();
    let phase = page.of_phone(|phone| phone.phase);
    let says = move || phase.get().map(text::phase);
    // Stopping now would leave a phone without software: there is no button for it.
    let may_stop = page.of_phone(|phone| phone.is_running() && !phone.phase.keep_plugged_in());
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
        <KeepPluggedIn/>
        <AnotherWay/>
        <Progress/>
        <Milestones/>
        <BellWish/>
        <Show when=move || may_stop.get().unwrap_or(false)>
            <div class="row">
                <Action id="stop" label=words::STOP.to_owned() on_press=stop needs_helper=true/>
            </div>
        </Show>
        <SentForm/>
        <Wire/>
    }
}
