//! The phone from outside, over real sockets on the loopback address.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "what helps a test may panic as the test may")]

mod afterwards;
mod forms;
mod moods;
mod play;
mod program;
mod recovery;
mod scenarios;
mod servers;
mod transfer;
