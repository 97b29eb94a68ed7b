//! The rules about versions, before anything is sent (domain.md 3.4). They are asked when the file
//! was looked at, and once more when the phone's page tells a model that was not thought of.

use shared::catalogue::rules::{Case, Severity, Verdict, judge};
use shared::check::{CheckName, CheckResult};
use shared::failure::{Failure, FailureCode};
use shared::model::Model;
use shared::text;

use super::Machine;

impl Machine {
    /// Asks the rules about the file, for the phone that it is meant for. Where nobody has said
    /// which that is, the phone's page is waited for.
    ///
    /// # Errors
    /// Why the phone must not get it.
    pub(super) fn ask_rules_for_file(&mut self) -> Result<(), Failure> {
        match self.meant_for() {
            Some(model) => self.ask_rules(&[model]),
            None => Ok(()),
        }
    }

    /// Asks them again, now that the phone has told its model, or has not.
    ///
    /// # Errors
    /// Why the phone must not get it.
    pub(super) fn ask_rules_for_page(&mut self, on_page: Option<&'static Model>) -> Result<(), Failure> {
        match (self.meant_for(), on_page) {
            // Nothing new.
            (Some(_), None) => Ok(()),
            (Some(meant), Some(on_page)) if meant == on_page => Ok(()),
            (meant, on_page) => {
                let models: Vec<_> = meant.into_iter().chain(on_page).collect();
                self.ask_rules(&models)
            }
        }
    }

    /// The model that the person said, or that the file's name belongs to, or that its strings
    /// name.
    fn meant_for(&self) -> Option<&'static Model> {
        self.plan.model.or_else(|| Model::by_file(&self.file.name)).or(self.file.inside)
    }

    /// No yes to anything else changes what they say: only the confirmation itself does.
    fn ask_rules(&mut self, models: &[&'static Model]) -> Result<(), Failure> {
        let verdicts = judge(&Case {
            models,
            file: &self.file.versions,
            present: self.plan.present,
            confirmed: self.plan.confirmed,
        });
        let Some(gravest) = verdicts.first() else {
            if let Some(model) = models.first() {
                let detail = format!("no rule about versions speaks against it on a {}", model.name);
                self.check(CheckName::FirmwareRules, CheckResult::Pass, detail);
            }
            return Ok(());
        };
        let result = match gravest.severity {
            Severity::Note => CheckResult::Pass,
            Severity::Unknown => CheckResult::Unknown,
            Severity::Warn => CheckResult::Warn,
            Severity::Confirm | Severity::Refuse => CheckResult::Fail,
        };
        self.check(CheckName::FirmwareRules, result, self.words(&verdicts));
        match gravest.refusal {
            Some(code) => Err(Failure::new(code, self.seen(code, gravest, models))),
            None => Ok(()),
        }
    }

    fn words(&self, verdicts: &[Verdict]) -> String {
        let version = match self.file.versions.as_slice() {
            [] => "the version of this file is unknown".to_owned(),
            known => format!("the version of this file: {}", list(known)),
        };
        let rules = verdicts.iter().map(|verdict| text::rule(verdict.rule.name));
        std::iter::once(version.as_str()).chain(rules).collect::<Vec<_>>().join("; ")
    }

    fn seen(&self, code: FailureCode, verdict: &Verdict, models: &[&'static Model]) -> String {
        let phone = match models {
            [] => "a phone of unknown model".to_owned(),
            known => known.iter().map(|model| format!("a {}", model.name)).collect::<Vec<_>>().join(" or "),
        };
        let present = self.plan.present.map_or("unknown".to_owned(), |version| version.to_string());
        let more = match (code, self.plan.confirmed, verdict.rule.present.below) {
            (FailureCode::FirmwareNotConfirmed, Some(other), _) => format!(", confirmed: a {}", other.name),
            (FailureCode::FirmwareNotConfirmed, None, _) => ", not confirmed".to_owned(),
            (FailureCode::FirmwareStepFirst, _, Some(first)) => format!("; it needs {first} first"),
            _ => String::new(),
        };
        let (name, version) = (&self.file.name, list(&self.file.versions));
        format!("{name}, version {version}, for {phone}; on the phone: {present}{more}")
    }
}

fn list<T: std::fmt::Display>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
}
