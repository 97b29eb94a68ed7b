//! The room that talks to the phone itself.
//!
//! Everything that leaves for the phone's HTTP port leaves here, each request on a fresh
//! connection (domain.md 1.4). The reading of what comes back is pure: [`reply`] reads the
//! bytes, [`form_reader`] the HTML, [`answer`] says what kind of thing answered, [`ladder`]
//! holds the ways to submit the form, and [`normal`] reads the pages of normal mode.

pub mod answer;
pub mod client;
#[cfg(test)]
mod client_tests;
mod cookies;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod corpus_questions;
#[cfg(test)]
mod corpus_whole_pages;
pub mod exchange;
pub mod exchange_log;
mod form_controls;
pub mod form_reader;
mod form_words;
mod labels;
pub mod ladder;
pub mod links;
#[cfg(test)]
mod login_tests;
pub mod multipart;
pub mod normal;
mod page;
pub mod password;
pub mod reply;
pub mod request;
pub mod resolve;
mod soup;
mod spoken;
mod submit;
pub mod tries;
pub mod upload;
pub mod verdict;
