//! How far the phone has read: a bar, and the figures that people ask for.

use leptos::prelude::*;
use shared::protocol::TransferView;
use shared::text::amount;

use crate::state::Page;
use crate::words;

/// Bar and figures, once the phone has asked for the file.
#[component]
pub(crate) fn Progress() -> impl IntoView {
    let transfer = Page::here().of_phone(|phone| phone.transfer.clone());
    let transfer = Memo::new(move |_| transfer.get().flatten());
    view! {
        <Show when=move || transfer.with(Option::is_some)>
            <Reading transfer/>
        </Show>
    }
}

#[component]
fn Reading(transfer: Memo<Option<TransferView>>) -> impl IntoView {
    let number = move |part: fn(&TransferView) -> u64| {
        Memo::new(move |_| transfer.with(|transfer| transfer.as_ref().map_or(0, part)))
    };
    let bytes = number(|transfer| transfer.bytes);
    let total = number(|transfer| transfer.total);
    let repeats = number(|transfer| transfer.repeats.into());
    let rate = Memo::new(move |_| transfer.with(|transfer| transfer.as_ref()?.bytes_per_second));
    let left = Memo::new(move |_| transfer.with(|transfer| transfer.as_ref()?.seconds_left));
    let percent = Memo::new(move |_| amount::percent(bytes.get(), total.get()));
    let is_whole = move || total.get() > 0 && bytes.get() >= total.get();
    view! {
        <div class="card">
            <div
                class="bar"
                role="progressbar"
                aria-label=words::PROGRESS
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=move || percent.get().to_string()
                data-testid="progress"
            >
                <b style:width=move || format!("{}%", percent.get())></b>
            </div>
            // Said in tens only: a voice that counts every percent is of no help.
            <p class="heard" role="status">{move || words::read_so_far(percent.get() / 10 * 10)}</p>
            <dl class="figures">
                <div><dt>{words::FIGURE_READ}</dt><dd>{move || format!("{} %", percent.get())}</dd></div>
                <div>
                    <dt>{move || words::figure_of(&amount::bytes(total.get()))}</dt>
                    <dd data-testid="transfer-bytes" data-bytes=move || bytes.get().to_string()>
                        {move || amount::bytes(bytes.get())}
                    </dd>
                </div>
                {move || rate.get().filter(|_| !is_whole()).map(|rate| view! {
                    <div><dt>{words::FIGURE_RATE}</dt><dd>{amount::rate(rate)}</dd></div>
                })}
                {move || left.get().filter(|_| !is_whole()).map(|left| view! {
                    <div><dt>{words::FIGURE_LEFT}</dt><dd>{amount::duration(left)}</dd></div>
                })}
                <Show when=move || repeats.with(|repeats| *repeats > 0)>
                    <div>
                        <dt>{words::FIGURE_REPEATS}</dt>
                        <dd data-testid="transfer-repeats">{move || format!("{}×", repeats.get())}</dd>
                    </div>
                </Show>
            </dl>
        </div>
    }
}
