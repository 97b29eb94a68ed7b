//! The simulated phone: an Aastra desk phone in Web Recovery, as the opponent of the helper.
//!
//! It stands where no real phone is: in practice mode for people, and in every test. It is
//! written from what is known of real phones (domain.md 1, 2, 4, 5.1 and 7) and from nothing in
//! the helper, so that the two can prove each other wrong. What nobody has published is a
//! switch ([`Quirk`]), never a guess.
//!
//! A phone lives in its own tasks: [`Phone::start`] turns it on, [`Phone::display`] is what its
//! LCD shows, [`Phone::events`] and [`Phone::log`] are everything that happened to it.

pub mod config;
pub mod dhcp;
pub mod display;
mod download;
pub mod event;
mod http;
mod log;
pub mod model;
mod normal;
pub mod phone;
pub mod practice;
pub mod quirks;
mod random;
mod recovery;
pub mod timing;

pub use config::{Config, Start};
pub use dhcp::Dhcp;
pub use display::Display;
pub use event::Event;
pub use model::Model;
pub use phone::Phone;
pub use practice::{Scenario, practice_firmware};
pub use quirks::{FormStyle, Quirk, Quirks};
pub use timing::Timing;
