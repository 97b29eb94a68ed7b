//! The page in a real browser: every screen for everybody, the journey by clicks and by keyboard,
//! what happens when the line or the helper breaks, and that leaving harms nothing.

#![allow(clippy::unwrap_used, reason = "tests end with the first surprise")]

mod everybody;
mod failures;
mod journey;
mod leaving;
mod line;
