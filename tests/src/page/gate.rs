//! Holds what the helper tells the page, or tells it something else.

use shared::protocol::{Message, State, encode};

use crate::browser::Browser;

/// The script that stands between the page and its socket.
const GATE: &str = include_str!("gate.js");
/// The number of a change that the helper never reaches: what is told counts as newer.
const LATE: u64 = 1 << 40;

/// The gate of the page that is open in a browser.
#[derive(Clone, Copy, Debug)]
pub struct Gate<'b>(&'b Browser);

impl<'b> Gate<'b> {
    /// Puts it before every page from now on. It is open.
    pub async fn before(browser: &'b Browser) -> Self {
        browser.run_before_every_page(GATE).await;
        Self(browser)
    }

    /// Lets through what the helper told up to the first message after which the phone that was
    /// started last is like this: a JavaScript expression about `phone`, a `PhoneView` as JSON.
    /// Everything behind it waits.
    pub async fn until(self, phone_is: &str) {
        self.begin_until(phone_is).await;
        self.reached(phone_is).await;
    }

    /// The same, without waiting for it: for what a click after this begins.
    pub async fn begin_until(self, phone_is: &str) {
        self.0.script(&format!("gate.until(phone => phone && ({phone_is}))")).await;
    }

    /// Waits until the state of [`Gate::begin_until`] is there and can be seen.
    pub async fn reached(self, phone_is: &str) {
        if !self.0.try_script("return gate.met").await {
            let phone = self.0.script("return gate.phone()").await;
            panic!("no phone was ever like this: {phone_is}; it is {phone:#}");
        }
        self.0.is_drawn().await;
    }

    /// Lets everything through.
    pub async fn open(self) {
        self.0.script("gate.until(null)").await;
    }

    /// How the gate is when the page is loaded the next time: `shut`, `broken`, or open.
    pub async fn next_time(self, how: &str) {
        self.0.script(&format!("sessionStorage.setItem('gate', '{how}')")).await;
    }

    /// Says something in the helper's place, which is not heard any more.
    pub async fn tell(self, message: &str) {
        // A page that is still loading would miss it.
        self.0.until_script("return Boolean(gate.heard)").await;
        self.0.script_with("gate.tell(arguments[0])", vec![message.into()]).await;
        self.0.is_drawn().await;
    }

    /// Tells a whole state.
    pub async fn tell_state(self, state: State) {
        self.tell(&encode(&Message::Snapshot { seq: LATE, state: Box::new(state) })).await;
    }

    /// Breaks the line to the helper.
    pub async fn cut(self) {
        self.0.script("gate.cut()").await;
        self.0.find("lost").await;
        self.0.is_drawn().await;
    }

    /// How many pieces of a file still get through; the one behind them never arrives.
    pub async fn stop_after_pieces(self, pieces: u32) {
        self.0.script(&format!("gate.pieces = {pieces}")).await;
    }
}
