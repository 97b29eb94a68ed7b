//! What is known of a model and its firmware, for a person who wonders ([`shared::protocol::Warning`]
//! tells the requests).

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use shared::catalogue::rules::{Case, judge};
use shared::catalogue::whereabouts;
use shared::model::Model;
use shared::protocol::Warning;

use super::Context;

/// Where the firmware of a model may be found (case C30).
pub(super) async fn whereabouts(Path(model): Path<String>) -> Response {
    match Model::find(&model) {
        Some(model) => Json(whereabouts::whereabouts(model)).into_response(),
        None => unknown(),
    }
}

/// What the maker warns of, with this file on this model.
pub(super) async fn warnings(
    State(context): State<Context>,
    Path((model, firmware)): Path<(String, String)>,
) -> Response {
    let Some((model, file)) = Model::find(&model).zip(context.desk.firmware_view(&firmware)) else {
        return unknown();
    };
    let versions = file.may_be();
    let verdicts = judge(&Case { models: &[model], file: &versions, ..Case::default() });
    let warning = |verdict: shared::catalogue::rules::Verdict| Warning {
        rule: verdict.rule.name,
        says: verdict.severity,
    };
    Json(verdicts.into_iter().map(warning).collect::<Vec<_>>()).into_response()
}

fn unknown() -> Response {
    (StatusCode::NOT_FOUND, "there is no such model, or no such firmware").into_response()
}
