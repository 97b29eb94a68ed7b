//! From the phone's controls to roles, by evidence.
//!
//! Evidence in order of weight (domain.md 7.3): what a list offers ("TFTP, FTP, HTTP" is the
//! protocol whatever its name), exact names of known pages, what a field came filled with,
//! words in the name, words in the label, and last the order of the 57i's page. The order
//! alone is a guess, and says so: it is asked, not acted on.

use serde::{Deserialize, Serialize};

use super::control::{Control, ControlKind, RecoveryForm};
use super::role::{Protocol, Role, Target, WORDS};

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
    pub ties: Vec<Target>,
}

impl Mapping {
    /// The control for a role under a protocol: the one for this protocol alone, else the one
    /// for all of them.
    pub fn control_for(&self, role: Role, protocol: Protocol) -> Option<&Mapped> {
        let find = |target| self.mapped.iter().find(|mapped| mapped.target == target);
        find(Target::only(role, protocol)).or_else(|| find(Target::any(role)))
    }

    /// Whether the form can carry a submission under this protocol.
    pub fn offers(&self, form: &RecoveryForm, protocol: Protocol) -> bool {
        if protocol == Protocol::Upload {
            return self.control_for(Role::Upload, protocol).is_some();
        }
        let named = self.control_for(Role::FileName, protocol).is_some()
            && self.control_for(Role::Server, protocol).is_some();
        let choosable = match self.control_for(Role::Protocol, protocol) {
            Some(chooser) if form.controls[chooser.control].is_chosen() => {
                choice_for(&form.controls[chooser.control], protocol).is_some()
            }
            Some(_) => true,
            // No choice of protocol on the page: the oldest form speaks TFTP alone
            // (domain.md 1.2, XIVO08), unless a field names another.
            None => {
                protocol == Protocol::Tftp
                    || self.mapped.iter().any(|mapped| mapped.target == Target::only(Role::Server, protocol))
            }
        };
        named && choosable
    }

    /// The weakest evidence that a submission under this protocol would rest on.
    pub fn certainty(&self, protocol: Protocol) -> Option<Certainty> {
        let needed: &[Role] = match protocol {
            Protocol::Upload => &[Role::Upload],
            _ => &[Role::FileName, Role::Server],
        };
        needed
            .iter()
            .map(|role| self.control_for(*role, protocol).map(|mapped| mapped.certainty))
            .min()
            .flatten()
    }
}

/// Gives every control of a form its role, as far as there is evidence.
pub fn map(form: &RecoveryForm) -> Mapping {
    let mut claims: Vec<Mapped> = form
        .controls
        .iter()
        .enumerate()
        .filter(|(_, control)| !control.disabled)
        .filter_map(|(index, control)| claim(index, control))
        .collect();
    claims.extend(guess_by_position(form, &claims));
    settle(claims)
}

/// The value of the choice that stands for a protocol.
pub(super) fn choice_for(control: &Control, protocol: Protocol) -> Option<&str> {
    control
        .choices
        .iter()
        .find(|choice| {
            Protocol::in_text(&choice.label) == Some(protocol)
                || Protocol::in_text(&choice.value) == Some(protocol)
        })
        .map(|choice| choice.value.as_str())
}

/// The value of the choice that stands for firmware.
pub(super) fn firmware_choice(control: &Control) -> Option<&str> {
    let speaks = |text: &str| text.to_ascii_lowercase().contains("firmware");
    control
        .choices
        .iter()
        .find(|choice| speaks(&choice.label) || speaks(&choice.value))
        .map(|choice| choice.value.as_str())
}

fn claim(index: usize, control: &Control) -> Option<Mapped> {
    let mapped = |target, certainty, evidence| Some(Mapped { control: index, target, certainty, evidence });
    if control.kind == ControlKind::File {
        return mapped(Target::any(Role::Upload), Certainty::Sure, Evidence::Kind);
    }
    if control.is_chosen() {
        return claim_by_choices(index, control);
    }
    if !control.is_typed() {
        return None;
    }
    if let Some(target) = Target::known_by_name(&control.name) {
        return mapped(target, Certainty::Sure, Evidence::KnownName(control.name.clone()));
    }
    let protocol = Protocol::in_text(&control.name).or_else(|| Protocol::in_text(&control.label));
    let target = |role| Target { role, protocol: if role == Role::FileName { None } else { protocol } };
    if control.value.to_ascii_lowercase().ends_with(".st") {
        return mapped(target(Role::FileName), Certainty::Likely, Evidence::Value(control.value.clone()));
    }
    if is_spare(control) {
        return None;
    }
    if let Some((role, word)) = role_in(&control.name) {
        return mapped(target(role), Certainty::Likely, Evidence::Name(word.into()));
    }
    if let Some((role, word)) = role_in(&control.label) {
        return mapped(target(role), Certainty::Likely, Evidence::Label(word.into()));
    }
    if control.value.parse::<std::net::Ipv4Addr>().is_ok() {
        return mapped(target(Role::Server), Certainty::Likely, Evidence::Value(control.value.clone()));
    }
    None
}

fn claim_by_choices(index: usize, control: &Control) -> Option<Mapped> {
    let speaking = control.choices.iter().find_map(|choice| {
        let text = if Protocol::in_text(&choice.label).is_some() { &choice.label } else { &choice.value };
        Protocol::in_text(text).map(|_| text.clone())
    });
    if let Some(text) = speaking {
        let target = Target::any(Role::Protocol);
        return Some(Mapped {
            control: index,
            target,
            certainty: Certainty::Sure,
            evidence: Evidence::Choice(text),
        });
    }
    let firmware = firmware_choice(control)?;
    Some(Mapped {
        control: index,
        target: Target::any(Role::FileKind),
        certainty: Certainty::Sure,
        evidence: Evidence::Choice(firmware.into()),
    })
}

/// Fields for a second server, or for HTTPS, are none of ours (domain.md 1.2: `alttftp`,
/// `httpsserv`): they go out as they came.
fn is_spare(control: &Control) -> bool {
    [&control.name, &control.label].into_iter().any(|text| {
        let text = text.to_ascii_lowercase();
        text.starts_with("alt") || text.contains("https") || text.contains("backup")
    })
}

fn role_in(text: &str) -> Option<(Role, &'static str)> {
    let text = text.to_lowercase();
    WORDS
        .iter()
        .find_map(|(role, words)| words.iter().find(|word| has_word(&text, word)).map(|word| (*role, *word)))
}

/// Short words count only at the edge of a word: `ip` is in `serverip`, not in `description`.
fn has_word(text: &str, word: &str) -> bool {
    if word.len() > 4 {
        return text.contains(word);
    }
    text.split(|c: char| !c.is_alphanumeric()).any(|token| token.starts_with(word) || token.ends_with(word))
}

/// The 57i's page has the file's name first, then the server, then the path (domain.md 1.1).
fn guess_by_position(form: &RecoveryForm, claims: &[Mapped]) -> Vec<Mapped> {
    let claimed = |role| claims.iter().any(|mapped| mapped.target.role == role);
    if claimed(Role::Upload) {
        return Vec::new();
    }
    let missing = [Role::FileName, Role::Server, Role::Path].into_iter().filter(|role| !claimed(*role));
    let free = form.controls.iter().enumerate().filter(|(index, control)| {
        control.kind == ControlKind::Text
            && !control.disabled
            && !control.name.is_empty()
            && !is_spare(control)
            && claims.iter().all(|mapped| mapped.control != *index)
    });
    missing
        .zip(free)
        .map(|(role, (index, _))| Mapped {
            control: index,
            target: Target::any(role),
            certainty: Certainty::Guess,
            evidence: Evidence::Position,
        })
        .collect()
}

/// One control for each target: the surest. Equals are a tie, and the first stands for it.
fn settle(claims: Vec<Mapped>) -> Mapping {
    let mut mapping = Mapping::default();
    for claim in claims {
        let rival = mapping.mapped.iter_mut().find(|mapped| mapped.target == claim.target);
        match rival {
            None => mapping.mapped.push(claim),
            Some(rival) if rival.certainty < claim.certainty => {
                mapping.ties.retain(|tie| *tie != claim.target);
                *rival = claim;
            }
            Some(rival) if rival.certainty == claim.certainty => {
                if !mapping.ties.contains(&claim.target) {
                    mapping.ties.push(claim.target);
                }
            }
            Some(_) => {}
        }
    }
    mapping.mapped.sort_by_key(|mapped| mapped.control);
    mapping
}

#[cfg(test)]
mod tests {
    use super::super::testing::{form, hidden, select, text};
    use super::*;

    #[track_caller]
    fn check(form: &RecoveryForm, expected: &[(&str, Role, Option<Protocol>, Certainty)]) {
        let mapping = map(form);
        let found: Vec<_> = mapping
            .mapped
            .iter()
            .map(|mapped| {
                let name = form.controls[mapped.control].name.as_str();
                (name, mapped.target.role, mapped.target.protocol, mapped.certainty)
            })
            .collect();
        assert_eq!(found, expected);
        assert_eq!(mapping.ties, []);
    }

    #[test]
    fn the_old_upgrade_page_is_mapped_by_its_known_names() {
        let form = form(vec![text("tftp", "TFTP Server", ""), text("file", "File", "")]);
        check(
            &form,
            &[
                ("tftp", Role::Server, Some(Protocol::Tftp), Certainty::Sure),
                ("file", Role::FileName, None, Certainty::Sure),
            ],
        );
        assert!(map(&form).offers(&form, Protocol::Tftp));
        assert!(!map(&form).offers(&form, Protocol::Ftp));
    }

    #[test]
    fn lists_are_known_by_what_they_offer_whatever_their_names() {
        let form = form(vec![
            text("f1", "Dateiname", ""),
            select("f2", &[("0", "Configuration"), ("1", "Firmware")]),
            select("f3", &[("0", "TFTP"), ("1", "FTP"), ("2", "HTTP")]),
            text("f4", "Adresse du serveur", ""),
        ]);
        check(
            &form,
            &[
                ("f1", Role::FileName, None, Certainty::Likely),
                ("f2", Role::FileKind, None, Certainty::Sure),
                ("f3", Role::Protocol, None, Certainty::Sure),
                ("f4", Role::Server, None, Certainty::Likely),
            ],
        );
        let mapping = map(&form);
        assert_eq!(choice_for(&form.controls[2], Protocol::Ftp), Some("1"));
        assert!(mapping.offers(&form, Protocol::Http));
        assert_eq!(mapping.certainty(Protocol::Tftp), Some(Certainty::Likely));
    }

    #[test]
    fn names_that_say_nothing_are_only_guessed_in_the_order_of_the_page() {
        let form = form(vec![text("a", "", ""), text("b", "", ""), text("c", "", ""), hidden("d", "7")]);
        check(
            &form,
            &[
                ("a", Role::FileName, None, Certainty::Guess),
                ("b", Role::Server, None, Certainty::Guess),
                ("c", Role::Path, None, Certainty::Guess),
            ],
        );
        assert_eq!(map(&form).certainty(Protocol::Tftp), Some(Certainty::Guess));
    }

    #[test]
    fn what_a_field_came_filled_with_is_evidence() {
        let form = form(vec![text("a", "", "192.168.0.10"), text("b", "", "57i.st")]);
        check(
            &form,
            &[("a", Role::Server, None, Certainty::Likely), ("b", Role::FileName, None, Certainty::Likely)],
        );
    }

    #[test]
    fn a_second_server_and_https_stay_as_they_came() {
        let form = form(vec![
            text("file", "", ""),
            text("tftp", "", ""),
            text("alttftp", "Alternate TFTP", ""),
            text("httpsserv", "HTTPS server", ""),
        ]);
        let mapped: Vec<usize> = map(&form).mapped.iter().map(|mapped| mapped.control).collect();
        assert_eq!(mapped, [0, 1]);
    }

    #[test]
    fn two_fields_with_equal_evidence_are_a_tie() {
        let form = form(vec![text("x1", "Server", ""), text("x2", "Server", ""), text("file", "", "")]);
        assert_eq!(map(&form).ties, [Target::any(Role::Server)]);
    }
}
