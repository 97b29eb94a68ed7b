//! Takes the firmware from the page.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::StatusCode;
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

/// Refuses larger bodies by their stated length, before a byte of them is read.
pub(super) fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(LARGEST_BYTES as usize)
}

/// A file that stopped half-way never reaches the store: the body is taken whole or not.
pub(super) async fn take(
    State(context): State<Context>,
    Query(named): Query<Named>,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let bytes = match body {
        Ok(bytes) => Vec::from(bytes),
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            let failure =
                Failure::new(FailureCode::FirmwareTooLarge, format!("more than {LARGEST_BYTES} bytes"));
            return (StatusCode::PAYLOAD_TOO_LARGE, Json(failure)).into_response();
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
