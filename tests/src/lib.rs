//! What the whole-system tests share: the programs as processes.
//!
//! The tests drive the programs from outside, as a person or a script does. They are built by
//! `cargo xtask test` before the tests run; a test that does not find one says so.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "this crate is only for tests")]

pub mod browser;
pub mod inspection;
pub mod many;
pub mod network;
pub mod page;
pub mod phone;
pub mod ports;
pub mod programs;
pub mod recovery;
pub mod wine;
