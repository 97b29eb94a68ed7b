//! A line of a checklist that fills itself: a sign, what it is, a small second line, a time.

use leptos::prelude::*;

use crate::components::{Icon, Shape};
use crate::words;

/// How a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FactState {
    /// Done, or good.
    Done,
    /// Going on.
    Now,
    /// Still to come.
    Todo,
    /// Unusual, but not in the way.
    Odd,
    /// Could not be found out.
    Unknown,
    /// Failed.
    Failed,
}

impl FactState {
    /// The stable name, for tests and for the style sheet.
    pub(crate) fn name(self) -> &'static str {
        match self {
            FactState::Done => "done",
            FactState::Now => "now",
            FactState::Todo => "todo",
            FactState::Odd => "odd",
            FactState::Unknown => "unknown",
            FactState::Failed => "failed",
        }
    }

    fn shape(self) -> Shape {
        match self {
            FactState::Done => Shape::Tick,
            FactState::Now => Shape::Spinner,
            FactState::Todo => Shape::Circle,
            FactState::Odd => Shape::Bang,
            FactState::Unknown => Shape::Question,
            FactState::Failed => Shape::Cross,
        }
    }
}

/// One line.
#[component]
pub(crate) fn Fact(
    /// How it stands.
    #[prop(into)]
    state: Signal<FactState>,
    /// The test id.
    #[prop(optional, into)]
    id: Option<String>,
    /// Whether it is left out.
    #[prop(optional, into)]
    hidden: Signal<bool>,
    /// The small second line; an empty one is left out.
    #[prop(optional, into)]
    detail: Signal<String>,
    /// What stands at the right, usually a time; an empty one is left out.
    #[prop(optional, into)]
    aside: Signal<String>,
    /// What stands under it, over the whole width.
    #[prop(optional, into)]
    below: Option<AnyView>,
    /// What it is.
    children: Children,
) -> impl IntoView {
    let text = move |signal: Signal<String>| signal.get();
    view! {
        <li class="fact" data-state=move || state.get().name() data-testid=id hidden=hidden>
            <span class="sign">
                {move || view! { <Icon shape=state.get().shape()/> }}
                <span class="heard">{move || words::fact_state(state.get())}</span>
            </span>
            <span class="what">
                {children()}
                <Show when=move || !detail.with(String::is_empty)>
                    <small>{move || text(detail)}</small>
                </Show>
            </span>
            <Show when=move || !aside.with(String::is_empty)>
                <small class="aside">{move || text(aside)}</small>
            </Show>
            {below}
        </li>
    }
}
