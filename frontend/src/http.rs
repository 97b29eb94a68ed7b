//! Requests with a body and, for the firmware, with progress: `fetch` cannot tell how much of
//! an upload has left, `XMLHttpRequest` can.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{File, ProgressEvent, XmlHttpRequest};

/// What is sent.
pub(crate) enum Body {
    /// Nothing.
    Empty,
    /// A short text.
    Text(String),
    /// A file, as it is on the disk.
    File(File),
}

/// What came back.
pub(crate) struct Reply {
    /// The HTTP status, or 0 when nobody answered.
    pub(crate) status: u16,
    /// The body.
    pub(crate) text: String,
}

impl Reply {
    fn none() -> Self {
        Self { status: 0, text: String::new() }
    }

    /// Whether the helper refuses this page for want of its key.
    pub(crate) fn is_locked_out(&self) -> bool {
        matches!(self.status, 401 | 403)
    }
}

/// Sends a request. `sent` hears bytes and total while the body leaves, `done` hears the end.
pub(crate) fn send(
    method: &str,
    url: &str,
    body: Body,
    sent: impl Fn(f64, f64) + 'static,
    done: impl FnOnce(Reply) + 'static,
) {
    let Ok(request) = XmlHttpRequest::new() else { return done(Reply::none()) };
    if request.open(method, url).is_err() {
        return done(Reply::none());
    }
    if let (Body::File(_), Ok(upload)) = (&body, request.upload()) {
        let heard = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
            sent(event.loaded(), event.total());
        });
        // Handed to the browser, which frees it with the request.
        upload.set_onprogress(Some(heard.into_js_value().unchecked_ref()));
    }
    let ended = {
        let request = request.clone();
        Closure::once_into_js(move || {
            let status = request.status().unwrap_or(0);
            let text = request.response_text().ok().flatten().unwrap_or_default();
            done(Reply { status, text });
        })
    };
    request.set_onloadend(Some(ended.unchecked_ref()));
    // A request that cannot leave ends with `loadend` as well, and status 0.
    let _ = match &body {
        Body::Empty => request.send(),
        Body::Text(text) => request.send_with_opt_str(Some(text)),
        Body::File(file) => request.send_with_opt_blob(Some(file)),
    };
}
