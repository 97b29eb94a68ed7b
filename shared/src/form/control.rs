//! The phone's form as it came: every control in document order.

use serde::{Deserialize, Serialize};

use super::charset::Charset;
use super::script::Effect;

/// How the form says it wants to be sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// In the address, as a query.
    #[default]
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
    /// The words behind it, where the label stands elsewhere: a hint such as `(e.g. 57i.st)`.
    pub note: String,
    /// The heading or the legend that it stands under.
    pub group: String,
    /// Its id, by which scripts and labels know it.
    pub id: String,
    /// The values to choose from, for select and radio.
    pub choices: Vec<Choice>,
    /// Whether a checkbox came ticked.
    pub checked: bool,
    /// A disabled control is never sent.
    pub disabled: bool,
    /// It is sent, and nobody may change it.
    pub read_only: bool,
    /// Several of its choices can be taken, or none.
    pub multiple: bool,
    /// The most characters that a person can type into it.
    pub max_length: Option<usize>,
    /// What its script does, for buttons.
    pub effect: Effect,
}

impl Control {
    /// A control with nothing but a kind and a name.
    pub fn new(kind: ControlKind, name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            kind,
            value: String::new(),
            label: String::new(),
            note: String::new(),
            group: String::new(),
            id: String::new(),
            choices: Vec::new(),
            checked: false,
            disabled: false,
            read_only: false,
            multiple: false,
            max_length: None,
            effect: Effect::default(),
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
                self.choices.iter().rfind(|choice| choice.selected).map(|choice| choice.value.as_str())
            }
            // A select always has a value: the last that is chosen, else its first (HTML 4.01,
            // 17.6.1; where several are marked, browsers take the last).
            ControlKind::Select => self
                .choices
                .iter()
                .rfind(|choice| choice.selected)
                .or(self.choices.first().filter(|_| !self.multiple))
                .map(|choice| choice.value.as_str()),
            // No file was chosen: a browser sends an empty name.
            ControlKind::File => Some(""),
            ControlKind::Submit | ControlKind::Image | ControlKind::Button | ControlKind::Reset => None,
        }
    }
}

/// A form of the phone's page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryForm {
    /// Path and query that the form is sent to, resolved against the page's own address.
    pub action: String,
    /// The address that the form wants to be sent to, when that is not the phone's own server.
    /// Such a form is never sent.
    pub elsewhere: Option<String>,
    /// In which characters it is sent.
    pub charset: Charset,
    /// What the page's script does when the form is sent.
    pub on_submit: Effect,
    /// How it is sent.
    pub method: Method,
    /// Whether it wants `multipart/form-data`.
    pub multipart: bool,
    /// Every control, in document order.
    pub controls: Vec<Control>,
}
