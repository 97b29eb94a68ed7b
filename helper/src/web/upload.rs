//! Takes files from the page, piece by piece. What goes to and fro stands in
//! [`shared::protocol::UploadRequest`].

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, JsonRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use shared::failure::{Failure, FailureCode};
use shared::protocol::{PIECE_BYTES, UploadFinish, UploadRefused, UploadRequest};

use super::Context;
use crate::session::desk::Desk;

/// The most that is read of a request without a piece: a name, a number and a hash.
const WORDS_BYTES: usize = 16 * 1024;

/// What stands in the address of a piece.
#[derive(Debug, Deserialize)]
pub(super) struct Hash {
    sha256: String,
}

/// The most that is read of a piece. No piece needs more memory than this.
pub(super) fn piece_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(PIECE_BYTES as usize)
}

/// The most that is read of any other request.
pub(super) fn words_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(WORDS_BYTES)
}

/// Begins an upload, or finds it again. A file that is too large is refused here, by its size,
/// before a byte of it is sent.
pub(super) async fn open(
    State(context): State<Context>,
    request: Result<Json<UploadRequest>, JsonRejection>,
) -> Response {
    match request {
        Ok(Json(request)) => answer(context, move |desk| desk.open_upload(request)).await,
        Err(rejection) => not_understood(rejection.status(), rejection.body_text()),
    }
}

/// Takes a piece. One that stops half-way is no piece.
pub(super) async fn piece(
    State(context): State<Context>,
    Path((id, offset)): Path<(String, u64)>,
    hash: Result<Query<Hash>, QueryRejection>,
    piece: Result<Bytes, BytesRejection>,
) -> Response {
    match (hash, piece) {
        (Ok(Query(hash)), Ok(piece)) => {
            answer(context, move |desk| desk.upload_piece(&id, offset, &hash.sha256, &piece)).await
        }
        (Err(rejection), _) => not_understood(rejection.status(), rejection.body_text()),
        (_, Err(rejection)) => not_understood(rejection.status(), rejection.body_text()),
    }
}

/// Ends an upload: the file is looked at, and taken or refused.
pub(super) async fn finish(
    State(context): State<Context>,
    Path(id): Path<String>,
    finish: Result<Json<UploadFinish>, JsonRejection>,
) -> Response {
    match finish {
        Ok(Json(finish)) => answer(context, move |desk| desk.finish_upload(&id, &finish)).await,
        Err(rejection) => not_understood(rejection.status(), rejection.body_text()),
    }
}

/// Gives an upload up.
pub(super) async fn close(State(context): State<Context>, Path(id): Path<String>) -> Response {
    match context.desk.close_upload(&id) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(refused) => no(refused),
    }
}

/// Does what waits for the disk beside the others.
async fn answer<T: Serialize + Send + 'static>(
    context: Context,
    work: impl FnOnce(Desk) -> Result<T, UploadRefused> + Send + 'static,
) -> Response {
    let desk = context.desk;
    let done = tokio::task::spawn_blocking(move || work(desk)).await;
    match done {
        Ok(Ok(told)) => Json(told).into_response(),
        Ok(Err(refused)) => no(refused),
        Err(error) => no(Failure::new(FailureCode::HelperFault, error.to_string()).into()),
    }
}

fn no(refused: UploadRefused) -> Response {
    let status = match &refused {
        UploadRefused::OtherOffset { .. } => StatusCode::CONFLICT,
        UploadRefused::NoSuchUpload => StatusCode::NOT_FOUND,
        UploadRefused::TooMany => StatusCode::TOO_MANY_REQUESTS,
        UploadRefused::NotUnderstood { .. } => StatusCode::BAD_REQUEST,
        UploadRefused::DamagedPiece | UploadRefused::Several { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        UploadRefused::Failed { failure } => match failure.code {
            FailureCode::FirmwareTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            FailureCode::FirmwareNoRoom => StatusCode::INSUFFICIENT_STORAGE,
            FailureCode::HelperFault => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        },
    };
    (status, Json(refused)).into_response()
}

fn not_understood(status: StatusCode, detail: String) -> Response {
    (status, Json(UploadRefused::NotUnderstood { detail })).into_response()
}
