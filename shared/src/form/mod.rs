//! The recovery form's schema: one declaration from which the page's fields, the mapping of
//! the phone's real controls and the submitted body all come.
//!
//! Nobody has published the recovery page (domain.md 1.1), and the names of its nearest
//! relatives changed between generations (1.2). So the form is read, never assumed: the
//! controls arrive here in document order ([`control`]), get roles by evidence
//! ([`mapping`]), and leave as name and value pairs in the same order ([`body`]).

pub mod body;
mod button;
pub mod charset;
pub mod control;
mod evidence;
mod fields;
pub mod mapping;
pub mod role;
pub mod script;
mod sorting;
mod words;

pub use body::{Pair, Press, Submission, fill, urlencoded};
pub use charset::Charset;
pub use control::{Choice, Control, ControlKind, Method, RecoveryForm};
pub use mapping::{Certainty, Evidence, Mapped, Mapping, Tie, map};
pub use role::{Protocol, Role, Target};
pub use script::Effect;
pub use words::speaks_of_erasing;

#[cfg(test)]
mod testing {
    //! Forms in a line, for the tests of this folder.

    use super::control::{Choice, Control, ControlKind, Method, RecoveryForm};

    pub(super) fn form(controls: Vec<Control>) -> RecoveryForm {
        RecoveryForm { action: "/recovery".into(), method: Method::Post, controls, ..RecoveryForm::default() }
    }

    pub(super) fn text(name: &str, label: &str, value: &str) -> Control {
        Control { label: label.into(), value: value.into(), ..Control::new(ControlKind::Text, name) }
    }

    pub(super) fn hidden(name: &str, value: &str) -> Control {
        Control { value: value.into(), ..Control::new(ControlKind::Hidden, name) }
    }

    pub(super) fn button(name: &str, value: &str) -> Control {
        Control { value: value.into(), ..Control::new(ControlKind::Submit, name) }
    }

    pub(super) fn select(name: &str, choices: &[(&str, &str)]) -> Control {
        let choice = |(value, label): &(&str, &str)| Choice {
            value: (*value).into(),
            label: (*label).into(),
            selected: false,
        };
        Control { choices: choices.iter().map(choice).collect(), ..Control::new(ControlKind::Select, name) }
    }
}
