//! What was looked at before, during and after a recovery, and how sure we are.
//!
//! Unknown is a value of its own: a check that could not be made never passes and never
//! fails in silence.

use serde::{Deserialize, Serialize};

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckResult {
    /// Looked at, and good.
    Pass,
    /// Looked at, and unusual; the recovery goes on.
    Warn,
    /// Looked at, and in the way.
    Fail,
    /// Could not be looked at.
    Unknown,
}

impl CheckResult {
    /// The stable name, as it stands in `--json` lines.
    pub fn name(self) -> &'static str {
        match self {
            CheckResult::Pass => "pass",
            CheckResult::Warn => "warn",
            CheckResult::Fail => "fail",
            CheckResult::Unknown => "unknown",
        }
    }
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckName {
    /// The file is there, readable, and not something else.
    Firmware,
    /// The file's name belongs to the phone's model.
    FirmwareFitsModel,
    /// Nothing is known against this version on this phone (`catalogue::rules`).
    FirmwareRules,
    /// Something answers at the phone's address.
    PhoneAnswers,
    /// What answers is a phone in Web Recovery.
    RecoveryMode,
    /// A network cable is in, and something is at its other end.
    Cable,
    /// This computer has an address the phone can reach.
    Route,
    /// No second interface is in the phone's network.
    Overlap,
    /// No Wi-Fi and no VPN draws away what is meant for the phone.
    Shadow,
    /// The ports that a phone asks are not held by another program.
    Ports,
    /// The system lets us open them.
    PortRights,
    /// No firewall keeps the phone out.
    Firewall,
    /// What is changed on this computer can be written down, to be taken back, and there is room
    /// for the file.
    Disk,
    /// This computer does not go to sleep while the phone is on its way.
    Sleep,
    /// The phone's form was read and its fields understood.
    Form,
    /// The firmware is offered, and could be fetched through the phone-side address.
    Serving,
    /// The default login admin/22222 works.
    Login,
    /// Model and version as the phone itself tells them.
    Identity,
    /// No local configuration is left on the phone.
    LocalConfiguration,
}

impl CheckName {
    /// Every check, in the order in which they are made.
    pub const ALL: [CheckName; 19] = [
        CheckName::Firmware,
        CheckName::FirmwareFitsModel,
        CheckName::FirmwareRules,
        CheckName::PhoneAnswers,
        CheckName::RecoveryMode,
        CheckName::Cable,
        CheckName::Route,
        CheckName::Overlap,
        CheckName::Shadow,
        CheckName::Ports,
        CheckName::PortRights,
        CheckName::Firewall,
        CheckName::Disk,
        CheckName::Sleep,
        CheckName::Form,
        CheckName::Serving,
        CheckName::Login,
        CheckName::Identity,
        CheckName::LocalConfiguration,
    ];

    /// Whether it looks at this computer alone: made by the preflight, not by a recovery.
    pub fn is_of_the_computer(self) -> bool {
        matches!(
            self,
            CheckName::Cable
                | CheckName::Overlap
                | CheckName::Shadow
                | CheckName::Ports
                | CheckName::PortRights
                | CheckName::Firewall
                | CheckName::Disk
                | CheckName::Sleep
        )
    }

    /// The stable name, as it stands in `--json` lines.
    pub fn name(self) -> &'static str {
        match self {
            CheckName::Firmware => "firmware",
            CheckName::FirmwareFitsModel => "firmware_fits_model",
            CheckName::FirmwareRules => "firmware_rules",
            CheckName::PhoneAnswers => "phone_answers",
            CheckName::RecoveryMode => "recovery_mode",
            CheckName::Cable => "cable",
            CheckName::Route => "route",
            CheckName::Overlap => "overlap",
            CheckName::Shadow => "shadow",
            CheckName::Ports => "ports",
            CheckName::PortRights => "port_rights",
            CheckName::Firewall => "firewall",
            CheckName::Disk => "disk",
            CheckName::Sleep => "sleep",
            CheckName::Form => "form",
            CheckName::Serving => "serving",
            CheckName::Login => "login",
            CheckName::Identity => "identity",
            CheckName::LocalConfiguration => "local_configuration",
        }
    }
}

/// One line of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What was looked at.
    pub name: CheckName,
    /// What was found.
    pub result: CheckResult,
    /// What was seen, in one short sentence, in the words of the evidence.
    pub detail: String,
    /// The way out, where there is one to tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl Check {
    /// A check and its finding.
    pub fn new(name: CheckName, result: CheckResult, detail: impl Into<String>) -> Self {
        Self { name, result, detail: detail.into(), next: None }
    }

    /// The same with the way out.
    #[must_use]
    pub fn with_next(self, next: impl Into<String>) -> Self {
        Self { next: Some(next.into()), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_in_lines_and_protocol() {
        for name in CheckName::ALL {
            assert_eq!(serde_json::to_string(&name).unwrap(), format!("\"{}\"", name.name()));
        }
        for result in [CheckResult::Pass, CheckResult::Warn, CheckResult::Fail, CheckResult::Unknown] {
            assert_eq!(serde_json::to_string(&result).unwrap(), format!("\"{}\"", result.name()));
        }
    }
}
