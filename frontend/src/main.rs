//! The hookflash page: it shows what the helper knows, and asks it for what the person wants.
//!
//! - `json`: reads what the helper says, with little weight
//! - `connection`: the key of the page, the socket, and trying again
//! - `state`: signals derived from the helper's snapshot
//! - `bell`: a sound and a notice at the end
//! - `journey`: which phone, screen and step that means
//! - `reading`: what is seen of the cable and the phone before a recovery
//! - `draft`: what was typed and chosen and not yet sent
//! - `steps`: one folder for each screen of the journey
//! - `components`: the parts that screens share
//! - `words`: every text that only the page says; the others are in `shared::text`

#![allow(
    unreachable_pub,
    reason = "the component macro repeats each component in a module of its own, as `pub`"
)]

mod app;
mod bell;
mod browser;
mod components;
mod connection;
mod draft;
mod http;
mod journey;
mod json;
mod reading;
mod state;
mod steps;
mod words;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::App);
}
