//! Which version may follow which on which phone (domain.md 3.4, 7.8): the table
//! `data/rules.tsv`, applied to one phone and one file.
//!
//! What is not known stays unknown: a version of the file that nobody can tell is said to be
//! unknown, never taken for a good one, and never for a bad one.

use serde::{Deserialize, Serialize};

use crate::failure::FailureCode;

use super::Origin;
use super::model::{Line, Model};
use super::version::Version;
pub use super::{RULES, RuleName};

/// What a rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Note,
    /// It could not be looked at.
    Unknown,
    /// Unusual; it goes on.
    Warn,
    /// Only when the person types the phone's model, so that it is certain what they have.
    Confirm,
    /// Not at all.
    Refuse,
}

impl Severity {
    /// The stable name, as it stands in `--json`.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Unknown => "unknown",
            Severity::Warn => "warn",
            Severity::Confirm => "confirm",
            Severity::Refuse => "refuse",
        }
    }
}

/// Versions from one on, below another; either may be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions {
    /// This one and newer.
    pub from: Option<Version>,
    /// Only older than this one.
    pub below: Option<Version>,
}

impl Versions {
    /// Whether a version is among them, as far as it can be compared.
    pub fn contain(&self, version: Version) -> Option<bool> {
        let from = self.from.map_or(Some(true), |from| version.at_least(from));
        let below = self.below.map_or(Some(true), |below| version.at_least(below).map(|is| !is));
        match (from, below) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }
    }

    fn is_any(&self) -> bool {
        self.from.is_none() && self.below.is_none()
    }
}

/// One row of the table.
#[derive(Debug)]
pub struct Rule {
    /// Which.
    pub name: RuleName,
    /// Phones that it is about.
    pub phones: &'static [Line],
    /// Versions of the file that it is about.
    pub file: Versions,
    /// Versions on the phone with which it bites.
    pub present: Versions,
    /// What it says when the version on the phone is among them.
    pub bites: Option<Severity>,
    /// What it says when that version is unknown.
    pub unknown: Option<Severity>,
    /// What it says when it is another.
    pub otherwise: Option<Severity>,
    /// What it says when the version of the file is unknown.
    pub file_unknown: Option<Severity>,
    /// Who said it.
    pub origin: Origin,
}

/// A phone and a file, as far as they are known.
#[derive(Debug, Clone, Default)]
pub struct Case<'a> {
    /// The models that anything speaks for: the person, the file's name, the phone's page.
    pub models: &'a [&'static Model],
    /// The version of the file, or all that it may be.
    pub file: &'a [Version],
    /// The version on the phone.
    pub present: Option<Version>,
    /// The model that the person typed once more, as the confirmation.
    pub confirmed: Option<&'static Model>,
}

/// What a rule says of a case.
#[derive(Debug, Clone, Copy)]
pub struct Verdict {
    /// Which rule.
    pub rule: &'static Rule,
    /// What it says.
    pub severity: Severity,
    /// Why nothing may be sent, if so.
    pub refusal: Option<FailureCode>,
}

/// The oldest version that a 68xx was ever given (data/firmware-archives.tsv): what stands in a
/// file and is older belongs to something else in it.
const OLDEST_68XX: Version = Version::new([3, 3, 1], None);

/// What the rules say, gravest first.
///
/// Where no model is known, only what would be refused is told: it may be such a phone.
pub fn judge(case: &Case<'_>) -> Vec<Verdict> {
    let mut verdicts: Vec<Verdict> = RULES
        .iter()
        .filter_map(|rule| Some((rule, rule.severity(case)?)))
        .map(|(rule, severity)| Verdict { rule, severity, refusal: rule.refusal(severity, case) })
        .collect();
    if case.models.is_empty() {
        verdicts.retain(|verdict| verdict.severity >= Severity::Confirm);
    }
    verdicts.sort_by_key(|verdict| std::cmp::Reverse(verdict.severity));
    verdicts
}

impl Rule {
    fn severity(&self, case: &Case<'_>) -> Option<Severity> {
        let concerns = |model: &&'static Model| self.phones.contains(&model.line);
        if !case.models.is_empty() && !case.models.iter().any(concerns) {
            return None;
        }
        match self.is_about(case.file) {
            Some(true) => {}
            Some(false) => return None,
            None => return self.file_unknown,
        }
        let bites = match case.present {
            Some(present) => self.present.contain(present),
            None if self.present.is_any() => Some(true),
            None => None,
        };
        let severity = match bites {
            Some(true) => self.bites,
            Some(false) => self.otherwise,
            None => self.unknown,
        }?;
        // The confirmation was given, and by somebody who named the phone that we see, too.
        let confirms = |model: &'static Model| case.models.iter().all(|known| *known == model);
        let is_confirmed = severity == Severity::Confirm && case.confirmed.is_some_and(confirms);
        Some(if is_confirmed { Severity::Warn } else { severity })
    }

    /// Whether the file's version is one that the rule is about: one is enough of all that it may
    /// be.
    fn is_about(&self, file: &[Version]) -> Option<bool> {
        if self.file.is_any() {
            return Some(true);
        }
        let only_68xx = self.phones == [Line::Line68xx];
        let plausible = |version: &&Version| !only_68xx || version.at_least(OLDEST_68XX) != Some(false);
        let among: Vec<Option<bool>> =
            file.iter().filter(plausible).map(|version| self.file.contain(*version)).collect();
        if among.contains(&Some(true)) {
            return Some(true);
        }
        if among.is_empty() || among.contains(&None) { None } else { Some(false) }
    }

    fn refusal(&self, severity: Severity, case: &Case<'_>) -> Option<FailureCode> {
        match (severity, self.name) {
            (Severity::Confirm, _) => Some(FailureCode::FirmwareNotConfirmed),
            (Severity::Refuse, RuleName::Unusable) if case.present.is_none() => {
                Some(FailureCode::FirmwarePresentUnknown)
            }
            (Severity::Refuse, RuleName::Unusable) => Some(FailureCode::FirmwareMakesUnusable),
            (Severity::Refuse, _) => Some(FailureCode::FirmwareStepFirst),
            (Severity::Warn | Severity::Note | Severity::Unknown, _) => None,
        }
    }
}

#[cfg(test)]
mod tests;
