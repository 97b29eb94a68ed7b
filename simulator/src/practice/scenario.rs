//! Situations to practise with: each is something that happened to somebody (the thread's
//! cases), played by the phone's switches.

use std::{fmt, str::FromStr};

use thiserror::Error;

use crate::{Config, FormStyle, Quirk, Quirks, Start, quirks::TftpClient};

/// A named situation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Scenario {
    /// Nothing odd.
    #[default]
    Good,
    /// C02, C03.
    RefusesFirst,
    /// C07, C08.
    NoRequest,
    /// C32.
    BlocksTftp,
    /// C07, C14.
    RejectsFile,
    /// C07.
    WrongModel,
    /// Packets get lost.
    LossyLine,
    /// C15.
    NeverBack,
    /// The flash was not written well.
    BackInRecovery,
    /// C16.
    OtherPassword,
    /// C17.
    LeftoverConfiguration,
    /// C18.
    Reprovisioned,
    /// C25.
    Upload,
    /// A form nobody can read.
    UnknownForm,
    /// C12.
    ClippedAddress,
    /// C22, C24.
    NormalMode,
}

/// Asked for a situation that is not in the list.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no scenario is called {0:?}")]
pub struct UnknownScenario(pub String);

impl Scenario {
    /// All situations, the good one first.
    pub fn all() -> &'static [Self] {
        &[
            Self::Good,
            Self::RefusesFirst,
            Self::NoRequest,
            Self::BlocksTftp,
            Self::RejectsFile,
            Self::WrongModel,
            Self::LossyLine,
            Self::NeverBack,
            Self::BackInRecovery,
            Self::OtherPassword,
            Self::LeftoverConfiguration,
            Self::Reprovisioned,
            Self::Upload,
            Self::UnknownForm,
            Self::ClippedAddress,
            Self::NormalMode,
        ]
    }

    /// The situation of this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::all().iter().copied().find(|scenario| scenario.name() == name)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::RefusesFirst => "refuses-first",
            Self::NoRequest => "no-request",
            Self::BlocksTftp => "blocks-tftp",
            Self::RejectsFile => "rejects-file",
            Self::WrongModel => "wrong-model",
            Self::LossyLine => "lossy-line",
            Self::NeverBack => "never-back",
            Self::BackInRecovery => "back-in-recovery",
            Self::OtherPassword => "other-password",
            Self::LeftoverConfiguration => "leftover-configuration",
            Self::Reprovisioned => "re-provisioned",
            Self::Upload => "upload",
            Self::UnknownForm => "unknown-form",
            Self::ClippedAddress => "clipped-address",
            Self::NormalMode => "normal-mode",
        }
    }

    /// One sentence for people.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Good => "A 57i in Web Recovery that does everything right.",
            Self::RefusesFirst => "The phone answers \"Invalid Parameters\" twice before it takes the form.",
            Self::NoRequest => "The phone takes the form but never asks for the file.",
            Self::BlocksTftp => "TFTP does not get through; HTTP and FTP do.",
            Self::RejectsFile => "The phone takes the file and then refuses it.",
            Self::WrongModel => "The phone is a 53i in truth and refuses the file of another.",
            Self::LossyLine => "Now and then a packet gets lost on the way.",
            Self::NeverBack => "The phone takes the file, goes dark and stays dark.",
            Self::BackInRecovery => "The phone restarts but is in Web Recovery again.",
            Self::OtherPassword => "After the recovery the password is not 22222.",
            Self::LeftoverConfiguration => {
                "The former owner's settings survive the recovery and the first removal."
            }
            Self::Reprovisioned => "The phone asks for its old provider's settings as soon as it is back.",
            Self::Upload => "A 6867i, whose page takes the file itself.",
            Self::UnknownForm => "A recovery page whose fields nobody can tell apart.",
            Self::ClippedAddress => "The display shows only a piece of the phone's address.",
            Self::NormalMode => "The phone is not in Web Recovery; it started as usual.",
        }
    }

    /// The switches that play it.
    pub fn quirks(self) -> Quirks {
        let list: &[Quirk] = match self {
            Self::Good | Self::NormalMode => &[],
            Self::RefusesFirst => &[Quirk::RefusesFirst(2)],
            Self::NoRequest => &[Quirk::NoRequest],
            Self::BlocksTftp => &[Quirk::BlocksTftp],
            Self::RejectsFile => &[Quirk::RejectsFile],
            Self::WrongModel => return wrong_model(),
            Self::LossyLine => &[Quirk::Lossy(1)],
            Self::NeverBack => &[Quirk::NeverBack],
            Self::BackInRecovery => &[Quirk::BackInRecovery(1)],
            Self::OtherPassword => return Quirks::none().with(Quirk::OtherPassword("4711".to_owned())),
            Self::LeftoverConfiguration => &[Quirk::LeftoverConfig, Quirk::StickyConfig(1)],
            Self::Reprovisioned => &[Quirk::Reprovisioned],
            Self::Upload => &[Quirk::Form(FormStyle::UploadToken), Quirk::Tftp(TftpClient::BusyBox)],
            Self::UnknownForm => &[Quirk::Form(FormStyle::Riddle)],
            Self::ClippedAddress => &[Quirk::ClippedAddress],
        };
        list.iter().cloned().fold(Quirks::none(), Quirks::with)
    }

    /// Sets the phone up for it: switches, start and, where the case names one, the model.
    pub fn apply(self, config: &mut Config) {
        config.quirks = self.quirks();
        match self {
            Self::NormalMode => config.start = Start::Normal,
            Self::Upload => {
                if let Ok(model) = "6867i".parse() {
                    config.model = model;
                }
            }
            _ => {}
        }
    }
}

/// A phone in another's case.
fn wrong_model() -> Quirks {
    let quirks = Quirks::none().with(Quirk::ChecksModel);
    match "53i".parse() {
        Ok(model) => quirks.with(Quirk::OtherModel(model)),
        Err(_) => quirks,
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Scenario {
    type Err = UnknownScenario;

    fn from_str(text: &str) -> Result<Self, UnknownScenario> {
        Self::by_name(text).ok_or_else(|| UnknownScenario(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_is_found_by_its_name_and_says_one_sentence() {
        for scenario in Scenario::all() {
            assert_eq!(Scenario::by_name(scenario.name()), Some(*scenario));
            assert!(scenario.sentence().ends_with('.'));
        }
        assert_eq!(Scenario::by_name("nonsense"), None);
    }
}
