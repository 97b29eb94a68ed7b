//! The whole system from outside: the programs as processes, the page in a browser, the phone
//! on a cable of its own. Cases are named after the stories in docs/cases.md.

#![allow(clippy::unwrap_used, reason = "tests end with the first surprise")]

mod afterwards;
mod browser;
mod causes;
mod computer;
mod dhcp;
mod during;
mod exit_codes;
mod firewall;
mod firmware;
mod firmware_file;
mod firmware_page;
mod ipv6;
mod journey;
mod live;
mod models;
mod namespace;
mod report;
mod roads;
mod starting;
mod symptom;
mod unknown_form;
mod wrong_mode;
