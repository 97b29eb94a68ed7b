//! The page's line to the helper: the key first, then one socket, and again when it breaks.
//!
//! The recovery itself runs in the helper. A broken line never disturbs a phone; the page only
//! has to say honestly that it does not know what goes on.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::protocol::{Command, encode};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{MessageEvent, WebSocket};

use crate::browser;
use crate::http::{self, Body};
use crate::state::Page;

/// How the line to the helper is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// For the first time.
    Connecting,
    /// What the page shows is what the helper knows.
    Open,
    /// The helper does not answer; the page tries again by itself.
    Lost {
        /// Since when.
        since_ms: u64,
    },
    /// The helper answers, and does not know this page's key.
    KeyRefused,
    /// The helper is of another version than this page.
    OtherVersion,
}

/// The first pause before trying again, in milliseconds; each next one is twice as long.
const FIRST_PAUSE_MS: u64 = 500;
/// The longest pause: a helper that was started again is noticed within it.
const LONGEST_PAUSE_MS: u64 = 5_000;

/// What [`lost`] knocks at.
const DOOR: &str = "/api/uploads";

/// The open socket, with the callbacks that must live as long as it does.
pub(crate) struct Socket {
    socket: WebSocket,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    _closed: Closure<dyn FnMut()>,
}

impl Socket {
    /// Sends a command; on a line that is just breaking it is lost, and the page shows that.
    pub(crate) fn send(&self, command: &Command) {
        let _ = self.socket.send_with_str(&encode(command));
    }
}

/// Begins: with the key if there is one in the address bar, otherwise with the cookie that a
/// load before this one was given.
pub(crate) fn start(page: Page) {
    // The address that hookflash prints differs only behind the `#`: opening it in this tab
    // loads nothing by itself.
    window_event_listener_untyped("hashchange", |_| {
        if browser::token().is_some() {
            browser::reload();
        }
    });
    match browser::token() {
        Some(token) => introduce(page, token, 0),
        None => connect(page, 0),
    }
}

fn introduce(page: Page, token: String, attempt: u32) {
    spawn_local(async move {
        let reply = http::send("POST", "/api/session", Body::Text(token.clone())).await;
        if reply.is_good() {
            browser::drop_token();
            connect(page, 0);
        } else if reply.is_locked_out() {
            page.link_is(Link::KeyRefused);
        } else {
            page.link_is(Link::Lost { since_ms: browser::now_ms() });
            after_a_pause(attempt, move || introduce(page, token, attempt + 1));
        }
    });
}

fn connect(page: Page, attempt: u32) {
    let Ok(socket) = WebSocket::new(&browser::socket_address()) else {
        return after_a_pause(attempt, move || connect(page, attempt + 1));
    };
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(text) = event.data().as_string() {
            page.take(&text);
        }
    });
    let closed = Closure::<dyn FnMut()>::new(move || lost(page, attempt));
    socket.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
    page.socket.set_value(Some(Socket { socket, _heard: heard, _closed: closed }));
}

/// A browser does not tell a page why its socket was refused, so another door is tried that
/// needs the same key: reading what can only be written is refused for another reason, but
/// only behind that door.
fn lost(page: Page, attempt: u32) {
    let was_open = page.link.get_untracked() == Link::Open;
    let attempt = if was_open { 0 } else { attempt };
    spawn_local(async move {
        let reply = http::send("GET", DOOR, Body::Empty).await;
        page.link_is(match reply.is_locked_out() {
            true => Link::KeyRefused,
            false => Link::Lost { since_ms: browser::now_ms() },
        });
        // Also with a refused key: another tab may be given the new one, and the cookie is the same.
        after_a_pause(attempt, move || connect(page, attempt + 1));
    });
}

fn after_a_pause(attempt: u32, then: impl FnOnce() + 'static) {
    let pause = FIRST_PAUSE_MS.saturating_mul(1 << attempt.min(10)).min(LONGEST_PAUSE_MS);
    set_timeout(then, Duration::from_millis(pause));
}
