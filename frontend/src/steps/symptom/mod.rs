//! What is wrong with the phone: the first question, in the words of those who have one. The answer
//! goes on by itself.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser;
use crate::components::Heading;
use crate::draft::{Question, Symptom};
use crate::http::{self, Body};
use crate::state::Page;
use crate::words;

const SYMPTOMS: [Symptom; 5] =
    [Symptom::Locked, Symptom::NoSoftware, Symptom::Stuck, Symptom::Reclaimed, Symptom::Several];

/// The question before all others.
#[component]
pub(crate) fn SymptomStep() -> impl IntoView {
    let draft = Page::here().draft;
    let known = SYMPTOMS.map(|symptom| {
        let choose = move || {
            draft.symptom.set(Some(symptom));
            draft.ask(Question::Phone);
        };
        view! { <Tile id=id(symptom) says=words::symptom(symptom) on_press=Callback::new(move |()| choose())/> }
    });
    view! {
        <Heading heading=words::SYMPTOM_HEADING.to_owned() lead=words::SYMPTOM_LEAD.to_owned()/>
        <div class="tiles symptoms">
            {known}
            <Practise/>
        </div>
    }
}

fn id(symptom: Symptom) -> &'static str {
    match symptom {
        Symptom::Locked => "symptom-locked",
        Symptom::NoSoftware => "symptom-no-software",
        Symptom::Stuck => "symptom-stuck",
        Symptom::Reclaimed => "symptom-reclaimed",
        Symptom::Several => "symptom-several",
    }
}

#[component]
fn Tile(id: &'static str, says: (&'static str, &'static str), on_press: Callback<()>) -> impl IntoView {
    view! {
        <button type="button" class="tile" data-testid=id on:click=move |_| on_press.run(())>
            <b>{says.0}</b>
            <small>{says.1}</small>
        </button>
    }
}

/// To a practice in a process of its own, whose page takes the place of this one; the browser's
/// own way back leads here again.
#[component]
fn Practise() -> impl IntoView {
    let trouble = RwSignal::new(false);
    let start = move |()| {
        spawn_local(async move {
            let reply = http::send("POST", "/api/practice", Body::Empty).await;
            match reply.is_good() {
                true => browser::go_to(&reply.text),
                // This step may have been left meanwhile.
                false => drop(trouble.try_set(true)),
            }
        });
    };
    view! {
        <Tile id="practise" says=(words::SYMPTOM_PRACTISE, words::SYMPTOM_PRACTISE_HINT) on_press=Callback::new(start)/>
        <Show when=move || trouble.get()>
            <p role="alert" class="verdict bad">{words::SYMPTOM_PRACTISE_FAILED}</p>
        </Show>
    }
}
