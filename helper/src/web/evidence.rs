//! What happened with one phone, for the person to read, keep and hand on.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use shared::protocol::PhoneId;

use super::Context;
use crate::report;

/// The report as a file to keep.
pub(super) async fn report(State(context): State<Context>, Path(id): Path<u32>) -> Response {
    let Some((phone, exchanges)) = context.desk.evidence(PhoneId(id)) else { return unknown() };
    let headers = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"hookflash-phone-{id}.json\"")),
    ];
    (headers, report::json(&phone, &exchanges)).into_response()
}

/// What was sent and answered, to read. Never as a page: it holds the phone's own HTML.
pub(super) async fn exchanges(State(context): State<Context>, Path(id): Path<u32>) -> Response {
    let Some((_, exchanges)) = context.desk.evidence(PhoneId(id)) else { return unknown() };
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], report::plain(&exchanges)).into_response()
}

fn unknown() -> Response {
    (StatusCode::NOT_FOUND, "there is no phone of this number").into_response()
}
