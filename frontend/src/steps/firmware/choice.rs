//! An archive with more than one firmware in it: which of them is meant.

use leptos::prelude::*;
use shared::firmware::{Member, other_model};
use shared::model::Model;
use shared::text::amount;

use super::upload::upload_member;
use crate::draft::Upload;
use crate::state::Page;
use crate::words;

/// What there is, one button each. For a phone whose model is known, only what may be for it.
#[component]
pub(super) fn MemberChoice() -> impl IntoView {
    let draft = Page::here().draft;
    let offered = move || match draft.upload.get() {
        Upload::Choose { name, members } => Some((name, fitting(members, draft.model.get()))),
        _ => None,
    };
    view! {
        {move || offered().map(|(name, members)| view! {
            <div class="card choice" data-testid="firmware-choice">
                <h2>{words::FIRMWARE_CHOOSE_MEMBER}</h2>
                <p>{words::firmware_has_several(&name)}</p>
                <div class="tiles wide">
                    {members.into_iter().map(|member| view! { <Choice member/> }).collect_view()}
                </div>
            </div>
        })}
    }
}

fn fitting(members: Vec<Member>, model: Option<&'static Model>) -> Vec<Member> {
    let is_other =
        |member: &Member| model.is_some_and(|model| other_model(file_name(member), model).is_some());
    let (other, fitting): (Vec<_>, Vec<_>) = members.into_iter().partition(is_other);
    if fitting.is_empty() { other } else { fitting }
}

fn file_name(member: &Member) -> &str {
    member.path.rsplit(['/', '>']).next().unwrap_or(&member.path).trim()
}

#[component]
fn Choice(member: Member) -> impl IntoView {
    let draft = Page::here().draft;
    let model = member.model.as_deref().and_then(Model::find);
    let heading = model.map_or_else(|| file_name(&member).to_owned(), |model| model.name.to_owned());
    let also = model.map(|model| model.second_names.join(", ")).unwrap_or_default();
    let inner = member.path.split_once(" > ").map_or(member.path.as_str(), |(_, inner)| inner);
    let place = format!("{inner}, {}", amount::bytes(member.bytes));
    let path = member.path.clone();
    let choose = move |_| {
        if model.is_some() {
            draft.model.set(model);
        }
        upload_member(draft, path.clone());
    };
    view! {
        <button type="button" class="tile" data-testid="firmware-member" on:click=choose>
            <b>{heading}</b>
            {(!also.is_empty()).then(|| view! { <small>{also}</small> })}
            <small>{place}</small>
        </button>
    }
}
