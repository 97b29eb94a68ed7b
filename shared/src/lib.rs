//! What the hookflash page and the hookflash helper must agree on.
//!
//! Everything here is plain data and pure functions: no I/O, no clock, no runtime, so that
//! the same code runs in the browser (wasm) and in the helper (native), and the two cannot
//! drift apart. The rooms:
//!
//! - [`address`]: the phone's address as people type it from its display
//! - [`check`]: what was looked at before the phone is touched, and how sure we are
//! - [`failure`]: every way a recovery can end badly, each with a stable code
//! - [`firmware`]: what a file is, judged from its first bytes and its name
//! - [`form`]: the recovery form's schema: roles, mapping, body
//! - [`catalogue`]: what is known of phones and firmware, with the source of each fact; its phones are [`model`], too
//! - [`phase`]: the journey of one phone
//! - [`protocol`]: the messages between page and helper
//! - [`text`]: every sentence for people that both sides use

pub mod address;
pub mod catalogue;
pub mod check;
pub mod failure;
pub mod firmware;
pub mod form;
pub use catalogue::model;
pub mod phase;
pub mod protocol;
pub mod text;
