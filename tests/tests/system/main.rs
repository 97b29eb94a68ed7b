//! The whole system from outside: the programs as processes, the page in a browser, the phone
//! on a cable of its own. Cases are named after the stories in docs/cases.md.

#![allow(clippy::unwrap_used, reason = "tests end with the first surprise")]

mod browser;
mod exit_codes;
mod journey;
mod namespace;
mod starting;
