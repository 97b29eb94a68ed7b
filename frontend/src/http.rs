//! Requests to the helper, beside the socket.

use leptos::prelude::window;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::Uint8Array;
use web_sys::wasm_bindgen::JsValue;
use web_sys::{Headers, RequestInit, Response};

use crate::json::Json;

/// What is sent.
pub(crate) enum Body {
    /// Nothing.
    Empty,
    /// A short text.
    Text(String),
    /// JSON.
    Json(String),
    /// A piece of a file.
    Bytes(Vec<u8>),
}

/// What came back.
pub(crate) struct Reply {
    /// The HTTP status, or 0 when nobody answered.
    pub(crate) status: u16,
    /// The body.
    pub(crate) text: String,
}

impl Reply {
    /// Whether the helper refuses this page for want of its key.
    pub(crate) fn is_locked_out(&self) -> bool {
        matches!(self.status, 401 | 403)
    }

    /// Whether it did what was asked.
    pub(crate) fn is_good(&self) -> bool {
        matches!(self.status, 200..=299)
    }
}

/// Sends a request and waits for its answer.
pub(crate) async fn send(method: &str, url: &str, body: Body) -> Reply {
    match try_send(method, url, body).await {
        Ok(reply) => reply,
        // Nobody answered, or stopped in the middle of it.
        Err(_) => Reply { status: 0, text: String::new() },
    }
}

/// Reads something that the helper knows; none when it does not, or does not answer.
pub(crate) async fn get<T: DeserializeOwned>(url: &str) -> Option<T> {
    let reply = send("GET", url, Body::Empty).await;
    let json = reply.is_good().then(|| Json::parse(&reply.text))?;
    json.and_then(|json| json.read()).ok()
}

async fn try_send(method: &str, url: &str, body: Body) -> Result<Reply, JsValue> {
    let request = RequestInit::new();
    request.set_method(method);
    match body {
        Body::Empty => {}
        Body::Text(text) => request.set_body_opt_str(Some(&text)),
        Body::Json(text) => {
            let headers = Headers::new()?;
            headers.append("content-type", "application/json")?;
            request.set_headers_headers(&headers);
            request.set_body_opt_str(Some(&text));
        }
        Body::Bytes(bytes) => request.set_body_opt_u8_array(Some(&Uint8Array::from(bytes.as_slice()))),
    }
    let response = JsFuture::from(window().fetch_with_str_and_init(url, &request)).await?;
    let response: Response = response.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    Ok(Reply { status: response.status(), text })
}
