//! The staged file by FTP: RETR and what leads to it (RFC 959, 2428, 3659).
//!
//! [`machine`] decides, [`session`] is its rim. What is deliberately absent: accounts (any user
//! and password, case C28), writing, and data connections to anybody but the phone.

pub mod command;
mod data;
pub mod lines;
pub mod machine;
pub mod reply;
pub(super) mod session;
