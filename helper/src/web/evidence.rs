//! What happened with one phone, for the person to read, keep and hand on.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use shared::protocol::PhoneId;

use super::Context;
use crate::report::{self, Format};

/// The report as a page to keep.
pub(super) async fn html(context: State<Context>, id: Path<u32>) -> Response {
    report(context, id, Format::Html).await
}

/// The same for programs.
pub(super) async fn json(context: State<Context>, id: Path<u32>) -> Response {
    report(context, id, Format::Json).await
}

/// Always a file, never a page of ours: it holds what a phone has said.
async fn report(State(context): State<Context>, Path(id): Path<u32>, format: Format) -> Response {
    let Some(evidence) = context.desk.evidence(PhoneId(id)) else { return unknown() };
    let (kind, ending) = match format {
        Format::Html => ("text/html; charset=utf-8", "html"),
        Format::Json => ("application/json", "json"),
    };
    // Megabytes of pages may have to be masked: no phone waits for that.
    let written = tokio::task::spawn_blocking(move || evidence.written(format)).await;
    let Ok(written) = written else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"hookflash-phone-{id}.{ending}\"")),
    ];
    (headers, written).into_response()
}

/// What was sent and answered, to read. Never as a page: it holds the phone's own HTML.
pub(super) async fn exchanges(State(context): State<Context>, Path(id): Path<u32>) -> Response {
    let Some(evidence) = context.desk.evidence(PhoneId(id)) else { return unknown() };
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], report::plain(&evidence.exchanges)).into_response()
}

fn unknown() -> Response {
    (StatusCode::NOT_FOUND, "there is no phone of this number").into_response()
}
