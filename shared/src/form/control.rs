//! The phone's form as it came: every control in document order.

use serde::{Deserialize, Serialize};

/// How the form says it wants to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// In the address, as a query.
    Get,
    /// In the body.
    Post,
}

/// What kind of control it is. Radio buttons of one name are one control with choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ControlKind {
    /// A line of text, of whatever type (also unknown types, as browsers do).
    Text,
    /// A line of text that is not shown.
    Password,
    /// Sent, never shown.
    Hidden,
    /// One of several.
    Select,
    /// One of several.
    Radio,
    /// Sent only when ticked.
    Checkbox,
    /// A file of the person's computer (68xx and 69xx, case C25).
    File,
    /// A button that sends the form, with a name and value of its own.
    Submit,
    /// A picture that sends the form.
    Image,
    /// A button that sends nothing by itself: its script does (hypothesis H6, domain.md 1.6).
    Button,
    /// A button that empties the form. Never pressed.
    Reset,
}

/// One of the values of a [`ControlKind::Select`] or [`ControlKind::Radio`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What a person reads beside it.
    pub label: String,
    /// Whether it is the default.
    pub selected: bool,
}

/// One control of the phone's form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    /// Its name; a control without a name is never sent.
    pub name: String,
    /// Its kind.
    pub kind: ControlKind,
    /// Its value as it came.
    pub value: String,
    /// The label that a person would read beside it.
    pub label: String,
    /// The values to choose from, for select and radio.
    pub choices: Vec<Choice>,
    /// Whether a checkbox came ticked.
    pub checked: bool,
    /// A disabled control is never sent.
    pub disabled: bool,
    /// What its script says, for buttons.
    pub script: String,
}

impl Control {
    /// A control with nothing but a kind and a name.
    pub fn new(kind: ControlKind, name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            kind,
            value: String::new(),
            label: String::new(),
            choices: Vec::new(),
            checked: false,
            disabled: false,
            script: String::new(),
        }
    }

    /// Whether a person types into it.
    pub fn is_typed(&self) -> bool {
        matches!(self.kind, ControlKind::Text | ControlKind::Password)
    }

    /// Whether a person chooses from a list.
    pub fn is_chosen(&self) -> bool {
        matches!(self.kind, ControlKind::Select | ControlKind::Radio)
    }

    /// Whether pressing it sends the form.
    pub fn is_button(&self) -> bool {
        matches!(self.kind, ControlKind::Submit | ControlKind::Image | ControlKind::Button)
    }

    /// The value that goes out when nobody touches the control, as a browser would send it.
    pub fn default_value(&self) -> Option<&str> {
        if self.disabled || self.name.is_empty() {
            return None;
        }
        match self.kind {
            ControlKind::Text | ControlKind::Password | ControlKind::Hidden => Some(&self.value),
            ControlKind::Checkbox => self.checked.then_some(self.value.as_str()),
            ControlKind::Radio => {
                self.choices.iter().find(|choice| choice.selected).map(|choice| choice.value.as_str())
            }
            // A select always has a value: the chosen one, else its first (HTML 4.01, 17.6.1).
            ControlKind::Select => self
                .choices
                .iter()
                .find(|choice| choice.selected)
                .or(self.choices.first())
                .map(|choice| choice.value.as_str()),
            ControlKind::File
            | ControlKind::Submit
            | ControlKind::Image
            | ControlKind::Button
            | ControlKind::Reset => None,
        }
    }
}

/// A form of the phone's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryForm {
    /// Path and query that the form is sent to, resolved against the page's own address.
    pub action: String,
    /// How it is sent.
    pub method: Method,
    /// Whether it wants `multipart/form-data`.
    pub multipart: bool,
    /// Every control, in document order.
    pub controls: Vec<Control>,
}

impl RecoveryForm {
    /// The button a person would press: the first that sends the form.
    pub fn button(&self) -> Option<usize> {
        let first = |kinds: &[ControlKind]| {
            self.controls.iter().position(|control| kinds.contains(&control.kind) && !control.disabled)
        };
        first(&[ControlKind::Submit, ControlKind::Image]).or_else(|| first(&[ControlKind::Button]))
    }
}
