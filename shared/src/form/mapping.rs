//! What we understood of the phone's form: which control is for what, how sure that is, why,
//! and what can be done with it. The evidence itself is weighed in `evidence`.

use serde::{Deserialize, Serialize};

use super::control::{Choice, Control, RecoveryForm};
use super::evidence::claims;
use super::fields::{is_protocol_name, protocols_of_url, quads};
use super::role::{Protocol, Role, Target};
use super::words::{BOOT, FIRMWARE, OTHER_FILES, SOFTWARE, Text};

/// How sure the mapping of one control is, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Nothing but its place on the page speaks for it.
    Guess,
    /// Its name or label speaks for it.
    Likely,
    /// A known name, or what it offers.
    Sure,
}

/// Why a control got its role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", content = "what", rename_all = "snake_case")]
pub enum Evidence {
    /// It is an input for a file.
    Kind,
    /// One of its choices says so.
    Choice(String),
    /// It has exactly this name, known from other pages of the same maker.
    KnownName(String),
    /// It came filled with this.
    Value(String),
    /// Its name has this word in it.
    Name(String),
    /// The label beside it has this word in it.
    Label(String),
    /// The heading that it stands under, with its label, has this word in it.
    Heading(String),
    /// It is the next field in the order of the 57i's page.
    Position,
}

/// A control and its role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapped {
    /// Its place in [`RecoveryForm::controls`].
    pub control: usize,
    /// What it is for.
    pub target: Target,
    /// How sure that is.
    pub certainty: Certainty,
    /// Why.
    pub evidence: Evidence,
}

/// What we understood of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// One control for each target, in document order.
    pub mapped: Vec<Mapped>,
    /// Targets for which two controls have equal evidence: to be asked.
    pub ties: Vec<Tie>,
    /// Four fields for the four numbers of one address; the first of them is the one that is
    /// mapped.
    pub quads: Vec<[usize; 4]>,
}

/// Controls that could all be meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tie {
    /// What for.
    pub target: Target,
    /// Their places in [`RecoveryForm::controls`], in document order.
    pub controls: Vec<usize>,
}

impl Mapping {
    /// The control for a role under a protocol: the one for this protocol alone, else the one
    /// for all of them.
    pub fn control_for(&self, role: Role, protocol: Protocol) -> Option<&Mapped> {
        let find = |target| self.mapped.iter().find(|mapped| mapped.target == target);
        let (own, any) = (find(Target::only(role, protocol)), find(Target::any(role)));
        // A guess for this protocol does not outweigh evidence for all of them.
        own.filter(|own| any.is_none_or(|any| own.certainty >= any.certainty.min(Certainty::Likely))).or(any)
    }

    /// Whether the form can carry a submission under this protocol.
    pub fn offers(&self, form: &RecoveryForm, protocol: Protocol) -> bool {
        if form.elsewhere.is_some() || form.is_for_something_else() {
            return false;
        }
        let needs = self.needed(protocol);
        if needs.iter().any(|role| self.control_for(*role, protocol).is_none()) {
            return false;
        }
        match self.control_for(Role::Protocol, protocol).map(|chooser| &form.controls[chooser.control]) {
            _ if protocol == Protocol::Upload => true,
            Some(chooser) if chooser.is_chosen() => choice_for(chooser, protocol).is_some(),
            Some(chooser) if is_protocol_name(&chooser.value) => true,
            // A number for the protocol, or no choice of it on the page.
            Some(_) | None => self.offers_without_choice(form, needs, protocol),
        }
    }

    /// Without a choice of protocol, a button or the address itself may name it. Else the oldest
    /// form speaks TFTP alone (domain.md 1.2, XIVO08), unless a field names another.
    fn offers_without_choice(&self, form: &RecoveryForm, needs: &[Role], protocol: Protocol) -> bool {
        let buttons = form.protocols_of_buttons();
        if !buttons.is_empty() {
            return buttons.contains(&protocol);
        }
        if let (true, Some(url)) = (needs.contains(&Role::Url), self.control_for(Role::Url, protocol)) {
            let named = protocols_of_url(&form.controls[url.control]);
            return named.is_empty() || named.contains(&protocol);
        }
        protocol == Protocol::Tftp
            || self.mapped.iter().any(|mapped| mapped.target == Target::only(Role::Server, protocol))
    }

    /// The weakest evidence that a submission under this protocol would rest on.
    pub fn certainty(&self, protocol: Protocol) -> Option<Certainty> {
        self.needed(protocol)
            .iter()
            .map(|role| self.control_for(*role, protocol).map(|mapped| mapped.certainty))
            .min()
            .flatten()
    }

    /// Whether nothing but places on the page speaks for all that a submission needs. Such a
    /// form is never sent, not even when the person said yes to everything beforehand: it might
    /// be a form for anything.
    pub fn is_blind(&self, protocol: Protocol) -> bool {
        self.needed(protocol).iter().all(|role| {
            self.control_for(*role, protocol).is_none_or(|mapped| mapped.certainty == Certainty::Guess)
        })
    }

    /// Whether two controls have equal evidence for something that a submission needs.
    pub fn is_tied(&self, protocol: Protocol) -> bool {
        self.needed(protocol)
            .iter()
            .filter_map(|role| self.control_for(*role, protocol))
            .any(|mapped| self.ties.iter().any(|tie| tie.target == mapped.target))
    }

    /// Another form of the page is as good for this protocol: which one is right is to be asked.
    pub fn doubt(&mut self, protocol: Protocol) {
        let first = self.needed(protocol).iter().find_map(|role| self.control_for(*role, protocol));
        if let Some(Mapped { control, target, .. }) = first {
            self.ties.push(Tie { target: *target, controls: vec![*control] });
        }
    }

    /// The page around the form says that it is for firmware, and the form has the only field for
    /// a file on it: that is more than a place.
    pub fn trust_upload(&mut self) {
        self.weigh_upload(|certainty| certainty.max(Certainty::Likely));
    }

    /// The page around the form says nothing of a phone or of firmware: whoever takes a file there
    /// may be anybody.
    pub fn doubt_upload(&mut self) {
        self.weigh_upload(|_| Certainty::Guess);
    }

    fn weigh_upload(&mut self, weigh: impl Fn(Certainty) -> Certainty) {
        for upload in self.mapped.iter_mut().filter(|mapped| mapped.target.role == Role::Upload) {
            upload.certainty = weigh(upload.certainty);
        }
    }

    /// The roles without which there is nothing to send.
    fn needed(&self, protocol: Protocol) -> &'static [Role] {
        match protocol {
            Protocol::Upload => &[Role::Upload],
            _ if self.control_for(Role::Url, protocol).is_some() => &[Role::Url],
            Protocol::Tftp | Protocol::Http | Protocol::Ftp => &[Role::FileName, Role::Server],
        }
    }
}

/// Gives every control of a form its role, as far as there is evidence.
pub fn map(form: &RecoveryForm) -> Mapping {
    let mut mapping = Mapping { quads: quads(form), ..Mapping::default() };
    let mut supports: Vec<u8> = Vec::new();
    for claim in claims(form, &mapping.quads) {
        let weight = |certainty, support| (certainty, support);
        let rival = mapping.mapped.iter().position(|mapped| mapped.target == claim.mapped.target);
        let Some(rival) = rival else {
            mapping.mapped.push(claim.mapped);
            supports.push(claim.support);
            continue;
        };
        let known = weight(mapping.mapped[rival].certainty, supports[rival]);
        let new = weight(claim.mapped.certainty, claim.support);
        let target = claim.mapped.target;
        let tie = mapping.ties.iter_mut().find(|tie| tie.target == target);
        if known < new {
            mapping.ties.retain(|tie| tie.target != target);
            mapping.mapped[rival] = claim.mapped;
            supports[rival] = claim.support;
        } else if known == new {
            // Equals are a tie, and the first stands for it.
            match tie {
                Some(tie) => tie.controls.push(claim.mapped.control),
                None => {
                    let controls = vec![mapping.mapped[rival].control, claim.mapped.control];
                    mapping.ties.push(Tie { target, controls });
                }
            }
        }
    }
    mapping.mapped.sort_by_key(|mapped| mapped.control);
    mapping
}

/// Words for "from this computer", in a list of protocols.
const FROM_HERE: [&str; 6] = ["upload", "local", "browse", "hochladen", "lokal", "téléverser"];
/// The value of the choice that stands for a protocol.
pub(super) fn choice_for(control: &Control, protocol: Protocol) -> Option<&str> {
    let stands = |text: &str| match protocol {
        Protocol::Upload => contains_any(text, &FROM_HERE),
        _ => Protocol::in_text(text) == Some(protocol),
    };
    let choices = || control.choices.iter();
    choices()
        .find(|choice| stands(&choice.label))
        .or_else(|| choices().find(|choice| stands(&choice.value)))
        .map(|choice| choice.value.as_str())
}

/// The value of the choice that stands for firmware.
pub(super) fn firmware_choice(control: &Control) -> Option<&str> {
    let find = |fits: &dyn Fn(Text) -> bool| {
        let says = |choice: &&Choice| [&choice.label, &choice.value].into_iter().any(|t| fits(Text::new(t)));
        control.choices.iter().find(says)
    };
    find(&|text| text.any(FIRMWARE))
        .or_else(|| find(&|text| text.any(SOFTWARE) && !text.any(OTHER_FILES) && !text.any(BOOT)))
        .map(|choice| choice.value.as_str())
}

/// The value of the choice that stands for a file of this name.
pub(super) fn file_choice<'a>(control: &'a Control, file: &str) -> Option<&'a str> {
    let names = |text: &str| text.trim().eq_ignore_ascii_case(file);
    let choice = control.choices.iter().find(|choice| names(&choice.value) || names(&choice.label));
    choice.map(|choice| choice.value.as_str())
}

pub(super) fn contains_any(text: &str, words: &[&str]) -> bool {
    let text = text.to_lowercase();
    words.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests;
