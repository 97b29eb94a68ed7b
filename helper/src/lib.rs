//! The helper: the program beside the page that does what a browser cannot.
//!
//! The rooms, in the order in which a recovery passes through them: [`web`] (the page and its
//! socket) → [`session`] (the journey of one phone) → [`pc`] (this computer), [`firmware`] (what
//! the file is), [`serve`] (the file, to the phone) and [`phone`] (the phone's own pages). [`cli`]
//! is what a person types. Arrows run one way: no room reaches back.

pub mod cli;
pub mod firmware;
pub mod pc;
pub mod phone;
pub mod report;
pub mod serve;
pub mod session;
pub mod web;
