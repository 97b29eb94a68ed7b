//! The few things that the page asks of the browser itself.

use leptos::prelude::{document, window, window_event_listener_untyped};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;
use web_sys::js_sys::{Date, Promise, Uint8Array};
use web_sys::wasm_bindgen::JsValue;

use crate::words;

/// The key of this page from the address bar: 32 hexadecimal digits after the `#`.
pub(crate) fn token() -> Option<String> {
    let fragment = window().location().hash().ok()?;
    let token = fragment.strip_prefix('#')?;
    (!token.is_empty()).then(|| token.to_owned())
}

/// Takes the key out of the address bar and the history, so that nobody copies it by accident.
pub(crate) fn drop_token() {
    let path = window().location().pathname().unwrap_or_else(|_| "/".into());
    if let Ok(history) = window().history() {
        // Refused only in sandboxed frames, where this page never runs.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&path));
    }
}

/// Where the helper's socket is.
pub(crate) fn socket_address() -> String {
    let host = window().location().host().unwrap_or_default();
    format!("ws://{host}/api/socket")
}

/// Loads the page again.
pub(crate) fn reload() {
    // Fails only while the page is being left, and then there is nothing to reload.
    let _ = window().location().reload();
}

/// Opens another page in place of this one.
pub(crate) fn go_to(url: &str) {
    // Fails only for what is no address.
    let _ = window().location().assign(url);
}

/// A file that misses its place is not opened by the browser: the page would be gone.
pub(crate) fn ignore_stray_drops() {
    for event in ["dragover", "drop"] {
        window_event_listener_untyped(event, |event| event.prevent_default());
    }
}

/// Has the browser ask before the page is left, as long as this says so.
pub(crate) fn ask_before_leaving(holds_on: impl Fn() -> bool + 'static) {
    window_event_listener_untyped("beforeunload", move |event| {
        if holds_on() {
            event.prevent_default();
        }
    });
}

/// The title of the window or tab.
pub(crate) fn set_title(title: &str) {
    document().set_title(title);
}

/// The icon of the tab: ours, or a ring that fills.
pub(crate) fn set_icon(percent: Option<u8>) {
    let Ok(Some(link)) = document().query_selector("link[rel=icon]") else { return };
    let icon = match percent {
        None => "/icon.svg".to_owned(),
        // `%23` is the `#` of a colour within an address.
        Some(percent) => format!(
            "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><g fill='none' stroke-width='7'><circle cx='16' cy='16' r='12' stroke='%23888'/><circle cx='16' cy='16' r='12' stroke='%230a6e69' pathLength='100' stroke-dasharray='{percent} 100' transform='rotate(-90 16 16)'/></g></svg>"
        ),
    };
    // Refused only for a wrong name of an attribute.
    let _ = link.set_attribute("href", &icon);
}

/// Milliseconds since 1970-01-01 UTC, by the browser's clock.
pub(crate) fn now_ms() -> u64 {
    Date::now() as u64
}

/// A moment as the clock on the wall shows it: `14:02:11`.
pub(crate) fn clock(at_ms: u64) -> String {
    let date = Date::new(&JsValue::from_f64(at_ms as f64));
    format!("{:02}:{:02}:{:02}", date.get_hours(), date.get_minutes(), date.get_seconds())
}

/// A day as the calendar on the wall shows it: `24 November 2026`.
pub(crate) fn day(at_ms: u64) -> String {
    let date = Date::new(&JsValue::from_f64(at_ms as f64));
    let month = words::MONTHS.get(date.get_month() as usize).copied().unwrap_or_default();
    format!("{} {month} {}", date.get_date(), date.get_full_year())
}

/// Bytes of a file, from its disk; none when the browser cannot read them.
pub(crate) async fn read(file: &Blob, start: u64, end: u64) -> Option<Vec<u8>> {
    let part = file.slice_with_f64_and_f64(start as f64, end as f64).ok()?;
    let buffer = JsFuture::from(part.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// Waits.
pub(crate) async fn pause(milliseconds: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        // Refused only in a page that is being left.
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    });
    let _ = JsFuture::from(promise).await;
}
