//! The page in a browser, screen by screen.
//!
//! [`walk`] leads through every screen that the page has, each in a state that stays; pictures,
//! the check of its accessibility and other looks at all screens use it. What the helper tells
//! passes a [`Gate`], so that a phase of a tenth of a second can be looked at, and what takes a
//! phone ten minutes can be told in the helper's place, in the types of `shared::protocol`.

pub mod axe;
mod devtools;
mod gate;
mod keyboard;
mod practice;
mod told;
mod walk;

pub use devtools::Theme;
pub use gate::Gate;
pub use keyboard::{Key, Reached};
pub use practice::Practice;
pub use walk::walk;
