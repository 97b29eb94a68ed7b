//! The six steps. A question that was answered can be gone back to.

use leptos::prelude::*;

use crate::draft::Question;
use crate::journey::{Screen, Step};
use crate::state::Page;
use crate::words;

/// The bar.
#[component]
pub(crate) fn StepBar() -> impl IntoView {
    let now = Page::here().step();
    let entries = Step::ALL.into_iter().enumerate();
    view! {
        <nav class="steps" aria-label=words::STEPS>
            <ol>
                {entries.map(|(index, step)| view! { <Entry step number=index + 1 now/> }).collect_view()}
            </ol>
        </nav>
    }
}

#[component]
fn Entry(step: Step, number: usize, now: Memo<Step>) -> impl IntoView {
    let page = Page::here();
    let is_now = move || now.get() == step;
    let class = move || match now.get().cmp(&step) {
        std::cmp::Ordering::Greater => "done",
        std::cmp::Ordering::Equal => "now",
        std::cmp::Ordering::Less => "",
    };
    let question = match step {
        Step::Phone => Some((Question::Phone, "step-back-phone")),
        Step::Firmware => Some((Question::Firmware, "step-back-firmware")),
        Step::Connect | Step::Recover | Step::Check | Step::Done => None,
    };
    // Until the recovery starts, nothing stands in the way of going back.
    let back = move || question.filter(|_| matches!(page.screen.get(), Screen::Ask(_)) && now.get() > step);
    view! {
        <li
            class=class
            aria-current=move || is_now().then_some("step")
        >
            <span class="where">{words::step_of(number, Step::ALL.len())}</span>
            {move || match back() {
                Some((question, id)) => view! {
                    <button type="button" data-testid=id on:click=move |_| page.draft.ask(question)>
                        {words::step(step)}
                    </button>
                }
                .into_any(),
                None => view! {
                    <span data-testid=move || is_now().then_some("step-now")>{words::step(step)}</span>
                }
                .into_any(),
            }}
        </li>
    }
}
