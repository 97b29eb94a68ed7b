//! Takes the firmware from the page.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Query, Request, State};
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use shared::failure::{Failure, FailureCode};
use shared::firmware::LARGEST_BYTES;

use super::Context;

/// What stands in the address.
#[derive(Debug, Deserialize)]
pub(super) struct Named {
    #[serde(default)]
    name: String,
}

/// The most that is read of a body that does not say how long it is.
pub(super) fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(LARGEST_BYTES as usize)
}

/// A body that says it is too large is refused before a byte of it is read. A file that
/// stopped half-way never reaches the store: the body is taken whole or not.
pub(super) async fn take(
    State(context): State<Context>,
    Query(named): Query<Named>,
    request: Request,
) -> Response {
    if let Some(length) = stated_length(request.headers()).filter(|length| *length > LARGEST_BYTES) {
        return too_large(format!("{length} bytes"));
    }
    let bytes = match Bytes::from_request(request, &()).await {
        Ok(bytes) => Vec::from(bytes),
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return too_large(format!("more than {LARGEST_BYTES} bytes"));
        }
        Err(rejection) => {
            let failure = Failure::new(FailureCode::FirmwareUnreadable, rejection.to_string());
            return (StatusCode::BAD_REQUEST, Json(failure)).into_response();
        }
    };
    let desk = context.desk;
    let taken = tokio::task::spawn_blocking(move || desk.add_firmware(&named.name, bytes)).await;
    match taken {
        Ok(Ok(view)) => Json(view).into_response(),
        Ok(Err(failure)) => (StatusCode::UNPROCESSABLE_ENTITY, Json(failure)).into_response(),
        Err(error) => {
            let failure = Failure::new(FailureCode::HelperFault, error.to_string());
            (StatusCode::INTERNAL_SERVER_ERROR, Json(failure)).into_response()
        }
    }
}

fn stated_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn too_large(seen: String) -> Response {
    let failure = Failure::new(FailureCode::FirmwareTooLarge, seen);
    (StatusCode::PAYLOAD_TOO_LARGE, Json(failure)).into_response()
}
