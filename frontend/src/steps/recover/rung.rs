//! Told only when the first way was not enough, so that nobody takes the wait for a fault.

use leptos::prelude::*;
use shared::phase::Phase;

use crate::components::{Icon, Shape};
use crate::state::Page;
use crate::words;

/// "Trying another way", while the phone is being asked.
#[component]
pub(super) fn AnotherWay() -> impl IntoView {
    let rung = Page::here().of_phone(|phone| {
        let rung = phone.rung.as_ref().filter(|rung| phone.phase == Phase::Send && rung.number > 1);
        rung.map(|rung| (rung.number, rung.of))
    });
    view! {
        {move || rung.get().flatten().map(|(number, of)| view! {
            <div class="notice" role="status" data-testid="rung">
                <Icon shape=Shape::Spinner/>
                <p><b>{words::another_way(number, of)}</b> <br/> {words::ANOTHER_WAY_HINT}</p>
            </div>
        })}
    }
}
