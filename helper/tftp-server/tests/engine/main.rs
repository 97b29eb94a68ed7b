//! All tests of the engine in one program: linking once is faster than linking ten times.
//!
//! Everything but the rim and what stands on `phone` runs on the pure machine with
//! virtual time.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers included")]

mod addresses;
mod brittle;
mod client;
mod clients;
mod examples;
mod interop;
mod link;
mod options;
mod phone;
mod property;
mod reception;
mod rfc1350;
mod rig;
mod robustness;
mod single_port;
mod sources;
mod windows;

/// The rim, with each transfer as a task.
#[path = "rim.rs"]
mod rim_on_tasks;
/// The same tests, with each transfer as a thread.
#[expect(clippy::duplicate_mod, reason = "the same promises hold for both")]
#[path = "rim.rs"]
mod rim_on_threads;
