//! Why a file was not taken, or does not fit.

use leptos::prelude::*;
use shared::failure::FailureCode;
use shared::text;

use crate::draft::Upload;
use crate::state::Page;
use crate::words;

/// The notice, if there is a reason for one.
#[component]
pub(super) fn Problem() -> impl IntoView {
    let draft = Page::here().draft;
    let refused = move || match draft.upload.get() {
        Upload::Refused { name, failure } => Some((failure.code, words::firmware_refused(&name))),
        _ => draft.model_of_wrong_file().map(|_| (FailureCode::FirmwareOtherModel, String::new())),
    };
    let other = move || match draft.upload.get() {
        Upload::Unreadable { name } => Some(words::firmware_unreadable(&name)),
        Upload::Several { files } => Some(words::firmware_several(files)),
        Upload::TooMany => Some(words::FIRMWARE_TOO_MANY.to_owned()),
        Upload::Unanswered => Some(words::FIRMWARE_UNANSWERED.to_owned()),
        Upload::Idle | Upload::Sending { .. } | Upload::Choose { .. } | Upload::Refused { .. } => None,
    };
    view! {
        {move || refused().map(|(code, about)| {
            let words = text::failure(code);
            view! {
                <div class="notice bad" role="alert" data-testid="firmware-problem" data-code=code.name()>
                    <p><b>{words.heading}"."</b> " " {words.meaning} " " {words.next} " " <small>{about}</small></p>
                </div>
            }
        })}
        {move || other().map(|words| view! {
            <div class="notice bad" role="alert" data-testid="upload-problem"><p>{words}</p></div>
        })}
    }
}
