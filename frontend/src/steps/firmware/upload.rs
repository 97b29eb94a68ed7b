//! The way of a file into the helper.

use leptos::prelude::*;
use shared::failure::{Failure, FailureCode};
use shared::firmware::{FirmwareView, LARGEST_BYTES};
use shared::text::amount;
use web_sys::File;

use crate::browser::url_encoded;
use crate::draft::{Draft, Upload};
use crate::http::{self, Body, Reply};

/// Gives a file to the helper, which looks at it and keeps it or says why not.
pub(super) fn upload(draft: Draft, file: File) {
    let name = file.name();
    let bytes = file.size();
    if bytes > LARGEST_BYTES as f64 {
        let failure = Failure::new(FailureCode::FirmwareTooLarge, format!("{bytes} bytes"));
        return draft.upload.set(Upload::Refused { name, failure });
    }
    draft.firmware.set(None);
    draft.upload.set(Upload::Reading { name: name.clone(), percent: 0 });
    let url = format!("/api/firmware?name={}", url_encoded(&name));
    let progress = {
        let name = name.clone();
        move |sent: f64, total: f64| {
            let percent = amount::percent(sent as u64, total as u64);
            draft.upload.set(Upload::Reading { name: name.clone(), percent });
        }
    };
    http::send("POST", &url, Body::File(file), progress, move |reply| match answer(&reply) {
        Some(Ok(file)) => {
            draft.firmware.set(Some(file));
            draft.upload.set(Upload::Idle);
        }
        Some(Err(failure)) => draft.upload.set(Upload::Refused { name, failure }),
        None => draft.upload.set(Upload::Unanswered),
    });
}

fn answer(reply: &Reply) -> Option<Result<FirmwareView, Failure>> {
    match reply.status {
        200..=299 => serde_json::from_str(&reply.text).ok().map(Ok),
        _ => serde_json::from_str(&reply.text).ok().map(Err),
    }
}
