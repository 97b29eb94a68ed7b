//! All tests of the engine in one program: linking once is faster than linking ten times.
//!
//! Everything but `server` and `interop` runs on the pure machine with virtual time.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers included")]

mod client;
mod clients;
mod interop;
mod link;
mod options;
mod property;
mod reception;
mod rfc1350;
mod rig;
mod robustness;
mod server;
mod sources;
mod windows;
