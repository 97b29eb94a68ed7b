//! What practice mode needs besides the phone itself: named situations and a file to send.

mod firmware;
mod scenario;

pub use firmware::{PRACTICE_VERSION, practice_firmware};
pub use scenario::{Scenario, UnknownScenario};
