//! The page itself, inside the program.

use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

/// What Trunk built. A program that was built without it says so.
#[derive(RustEmbed)]
#[folder = "../frontend/dist"]
#[allow_missing = true]
struct Files;

const INDEX: &str = "index.html";
const NO_PAGE: &str = "This hookflash was built without its page. `cargo xtask build` builds both.\n";

/// Serves a file of the page. An unknown path is an error and not the page: the page has one
/// address, so whoever asks for another asks for a file that was forgotten.
pub(super) async fn serve(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    let name = if path.is_empty() { INDEX } else { path };
    match Files::get(name) {
        Some(file) => ([(header::CONTENT_TYPE, kind(name))], file.data).into_response(),
        None if name == INDEX => (StatusCode::NOT_FOUND, NO_PAGE).into_response(),
        None => (StatusCode::NOT_FOUND, "there is no such file\n").into_response(),
    }
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}
