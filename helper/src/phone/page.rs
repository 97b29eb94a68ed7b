//! The page of a phone in Web Recovery: its forms, what was understood of them, and what is asked
//! where they were not (domain.md 7.3).

use shared::form::{Certainty, Control, ControlKind, Mapping, Protocol, RecoveryForm, Role};
use shared::model::Model;
use shared::text;

/// Fields that are named in a question: twice those of the largest page that is known
/// (domain.md 1.2).
const MOST_FIELDS: usize = 40;

/// A form of the page, and what we understood of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormOnPage {
    /// The form.
    pub form: RecoveryForm,
    /// What its controls are for.
    pub mapping: Mapping,
}

impl FormOnPage {
    /// Whether it can be used for this protocol without a question.
    pub(super) fn is_clear_for(&self, protocol: Protocol) -> bool {
        let certain = self.mapping.certainty(protocol) > Some(Certainty::Guess);
        self.mapping.offers(&self.form, protocol) && certain && !self.mapping.is_tied(protocol)
    }
}

/// The page of a phone in Web Recovery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveryPage {
    /// Its form: the one we understand best.
    pub form: RecoveryForm,
    /// What we understood of it.
    pub mapping: Mapping,
    /// Its other forms that offer something, in document order: a page may have one form for each
    /// protocol.
    pub others: Vec<FormOnPage>,
    /// The words on the page.
    pub text: String,
    /// Whether they are those of a recovery page. Without them, nothing is sent on a guess: it
    /// might be anybody's form.
    pub speaks: bool,
    /// Path and query of the page that the form is on.
    pub path: String,
}

impl RecoveryPage {
    /// The protocols that the page offers, in our order.
    pub fn protocols(&self) -> Vec<Protocol> {
        let offers = |protocol: &Protocol| {
            let (form, mapping) = self.on(*protocol);
            mapping.offers(form, *protocol)
        };
        Protocol::ALL.into_iter().filter(offers).collect()
    }

    /// The form for a protocol, and what we understood of it: the one that we understand best,
    /// unless another one offers this protocol and that one does not.
    pub fn on(&self, protocol: Protocol) -> (&RecoveryForm, &Mapping) {
        let best = (&self.form, &self.mapping);
        if self.mapping.offers(&self.form, protocol) {
            return best;
        }
        let other = self.others.iter().find(|other| other.is_clear_for(protocol));
        other.map_or(best, |other| (&other.form, &other.mapping))
    }

    fn actions(&self) -> String {
        let words = |(form, _): (&RecoveryForm, &Mapping)| {
            let fields = form.controls.iter().filter(|control| is_field(control));
            let fields: Vec<String> = fields.take(MOST_FIELDS).map(field_words).collect();
            format!("the one for {} with {}", form.action, fields.join(", "))
        };
        self.forms().map(words).collect::<Vec<_>>().join(", or ")
    }

    fn forms(&self) -> impl Iterator<Item = (&RecoveryForm, &Mapping)> {
        let others = self.others.iter().map(|other| (&other.form, &other.mapping));
        std::iter::once((&self.form, &self.mapping)).chain(others)
    }

    /// The model that the page names, when it does: in its words, or as the name of a file that
    /// a field came filled with.
    pub fn model(&self) -> Option<&'static Model> {
        let defaults = || self.form.controls.iter().filter_map(Control::default_value);
        Model::in_text(&self.text).or_else(|| defaults().find_map(Model::by_file))
    }

    /// The file's name, when the page fixes it: the phone will ask for this one.
    pub fn fixed_file(&self) -> Option<&str> {
        let name = self.mapping.mapped.iter().find(|mapped| mapped.target.role == Role::FileName)?;
        let control = &self.form.controls[name.control];
        let is_fixed = control.read_only || control.kind == ControlKind::Hidden;
        (is_fixed && !control.value.is_empty()).then_some(control.value.as_str())
    }

    /// The names of the fields whose values are nobody's business.
    pub fn secrets(&self) -> Vec<String> {
        let secrets = |(form, mapping): (&RecoveryForm, &Mapping)| -> Vec<String> {
            let is_secret = |(index, control): &(usize, &Control)| {
                control.kind == ControlKind::Password
                    || mapping.mapped.iter().any(|m| m.control == *index && m.target.role == Role::Password)
            };
            let controls = form.controls.iter().enumerate();
            controls.filter(is_secret).map(|(_, control)| control.name.clone()).collect()
        };
        self.forms().flat_map(secrets).collect()
    }

    /// What every field is taken for and why, a sentence each.
    pub fn reasons(&self) -> Vec<String> {
        reasons((&self.form, &self.mapping), |_| true)
    }

    /// The same of the form for a protocol.
    pub fn reasons_on(&self, protocol: Protocol) -> Vec<String> {
        reasons(self.on(protocol), |_| true)
    }

    fn reasons_for(&self, tells: impl Fn(Certainty) -> bool) -> Vec<String> {
        reasons((&self.form, &self.mapping), tells)
    }

    /// The question to the person, when the fields cannot be told apart: every field that could
    /// be meant, with the words beside it, and what is known of the others.
    pub fn question(&self) -> String {
        if let Some(elsewhere) = &self.form.elsewhere {
            return format!("its form wants to be sent to {elsewhere}, which is not the phone");
        }
        if self.form.is_for_something_else() {
            let buttons = self.form.controls.iter().filter(|control| control.is_button());
            let words = buttons.map(|button| format!("\"{}{}\"", button.value, button.label));
            let words = words.collect::<Vec<_>>().join(", ");
            return format!(
                "its form has no button that fetches firmware, only {words}, and nothing is pressed that takes something away"
            );
        }
        let fields = self.form.controls.iter().filter(|control| is_field(control));
        let fields: Vec<String> = fields.take(MOST_FIELDS).map(field_words).collect();
        if fields.is_empty() {
            return "its page speaks of recovery, and no field for a file's name is on it: which field is which?"
                .to_owned();
        }
        let mut sentences = Vec::new();
        for tie in &self.mapping.ties {
            let equals = tie.controls.iter().take(MOST_FIELDS);
            let equals: Vec<String> = equals.map(|index| field_words(&self.form.controls[*index])).collect();
            let names: Vec<&str> = equals.iter().map(String::as_str).collect();
            // A field that is equal to none in its form has its equal in another form.
            if names.len() > 1 {
                sentences.push(text::form::tie(tie.target, &names));
            } else if let ([], actions) = (sentences.as_slice(), self.actions()) {
                sentences.push(format!("which of its forms is the one for firmware: {actions}?"));
            }
        }
        if sentences.is_empty() {
            sentences.push(
                "which of these fields is for the file's name, and which for this computer's address?"
                    .to_owned(),
            );
        }
        sentences.extend(self.reasons_for(|certainty| certainty > Certainty::Guess));
        format!("{} fields: {}", sentences.join(" "), fields.join(", "))
    }
}

/// Whether a person fills it in.
pub(super) fn is_field(control: &Control) -> bool {
    let kind = control.is_typed() || control.is_chosen() || control.kind == ControlKind::File;
    kind && !control.name.is_empty()
}

fn field_words(control: &Control) -> String {
    match control.label.as_str() {
        "" => format!("\"{}\"", control.name),
        label => format!("\"{}\" ({label})", control.name),
    }
}
/// What the fields of a form were taken for, as far as `tells` wants to hear it.
fn reasons(on: (&RecoveryForm, &Mapping), tells: impl Fn(Certainty) -> bool) -> Vec<String> {
    let (form, mapping) = on;
    let name = |index: usize| form.controls[index].name.as_str();
    let told = mapping.mapped.iter().filter(|mapped| tells(mapped.certainty));
    told.map(|mapped| text::form::mapped(name(mapped.control), mapped)).collect()
}
