//! "Where do I get it": the exact name, what there is to compare with, and words to search for
//! (case C30). It is asked for when the person opens it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::catalogue::whereabouts::{KnownArchive, Whereabouts};
use shared::model::Model;
use shared::text;
use shared::text::amount;

use crate::http;
use crate::state::Page;
use crate::words;

/// The folded part, for the chosen model.
#[component]
pub(super) fn WhereToGetIt() -> impl IntoView {
    let draft = Page::here().draft;
    view! {
        {move || draft.model.get().map(|model| view! { <ForModel model/> })}
    }
}

#[component]
fn ForModel(model: &'static Model) -> impl IntoView {
    let known = RwSignal::new(None::<Whereabouts>);
    let is_asked = RwSignal::new(false);
    let ask = move |_| {
        // Once is enough; what nobody answered is asked again the next time.
        if is_asked.get_untracked() {
            return;
        }
        is_asked.set(true);
        spawn_local(async move {
            let answer = http::get(&format!("/api/models/{}/whereabouts", model.name)).await;
            is_asked.set(answer.is_some());
            known.set(answer);
        });
    };
    view! {
        <details class="about" data-testid="whereabouts" on:toggle=ask>
            <summary>{words::whereabouts_heading(model.file)}</summary>
            {move || known.get().map(|place| view! { <Place place/> })}
        </details>
    }
}

#[component]
fn Place(place: Whereabouts) -> impl IntoView {
    let words = text::whereabouts(&place);
    let archives = place.archives.into_iter().map(|archive| view! { <Row archive/> }).collect_view();
    let search = place.search.into_iter().map(|words| view! { <li><code>{words}</code></li> }).collect_view();
    view! {
        <p data-testid="whereabouts-file">{words.file}</p>
        <p>{words.search}</p>
        <ul class="searches" data-testid="whereabouts-search">{search}</ul>
        <p>{words.known}</p>
        {words.risky.map(|risky| view! { <p class="verdict bad">{risky}</p> })}
        <ul class="archives" data-testid="whereabouts-archives">{archives}</ul>
    }
}

#[component]
fn Row(archive: KnownArchive) -> impl IntoView {
    let KnownArchive { name, set, bytes, sha1, bundle, risky } = archive;
    let size = format!("{} ({})", amount::bytes(bytes), words::exact_bytes(bytes));
    view! {
        <li>
            <b>{risky.then_some("! ")}{name}</b>
            {bundle.then_some(words::WHEREABOUTS_BUNDLE)}
            <small>{words::whereabouts_version(&set)} ", " {size}</small>
            <code>{sha1}</code>
        </li>
    }
}
