//! A file on its way into the helper, and those that stopped on it.

use leptos::prelude::*;
use shared::protocol::UploadView;
use shared::text::amount;

use super::upload::give_up;
use crate::components::Action;
use crate::draft::Upload;
use crate::state::Page;
use crate::words;

/// How far the file is.
#[component]
pub(super) fn Sending() -> impl IntoView {
    let draft = Page::here().draft;
    // It is shown for one file, and only how much of it is here changes.
    let (_, name, _, total) = now(draft.upload.get_untracked());
    let sent = move || now(draft.upload.get()).2;
    let percent = move || amount::percent(sent(), total);
    let stop = move |()| {
        let (id, ..) = now(draft.upload.get_untracked());
        draft.next_upload();
        draft.upload.set(Upload::Idle);
        if let Some(id) = id {
            give_up(&id);
        }
    };
    view! {
        <div
            class="card sending"
            data-testid="upload"
            data-percent=move || percent().to_string()
            data-bytes=move || sent().to_string()
        >
            <p role="status">{words::firmware_reading(&name)}</p>
            <progress max="100" value=move || percent().to_string() aria-label=words::FIRMWARE_SENT></progress>
            <div class="row">
                <span>{move || format!("{} %", percent())}</span>
                <small>{move || words::bytes_of(sent(), total)}</small>
                <Action id="upload-stop" label=words::STOP.to_owned() on_press=stop/>
            </div>
        </div>
    }
}

fn now(upload: Upload) -> (Option<String>, String, u64, u64) {
    match upload {
        Upload::Sending { id, name, sent, total } => (id, name, sent, total),
        _ => (None, String::new(), 0, 0),
    }
}

/// Files that are here in part. Which of them another tab is just sending nobody can tell here,
/// and the way on is the same.
#[component]
pub(super) fn Unfinished() -> impl IntoView {
    let page = Page::here();
    let uploads = page.uploads();
    view! {
        {move || {
            let begun = uploads.get().into_iter().filter(|upload| upload.received > 0);
            begun.map(|upload| view! { <Part upload/> }).collect_view()
        }}
    }
}

#[component]
fn Part(upload: UploadView) -> impl IntoView {
    let percent = amount::percent(upload.received, upload.bytes);
    let id = upload.id;
    view! {
        <div
            class="notice part"
            data-testid="upload-unfinished"
            data-percent=percent.to_string()
            data-bytes=upload.received.to_string()
        >
            <p>
                {words::upload_unfinished(&upload.name, percent)}
                <small>{words::bytes_of(upload.received, upload.bytes)}</small>
            </p>
            <Action
                id="upload-forget"
                label=words::UPLOAD_FORGET.to_owned()
                on_press=move |()| give_up(&id)
                needs_helper=true
            />
        </div>
    }
}
