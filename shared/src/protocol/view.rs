//! What the page is shown: the helper's whole state as plain data.

use serde::{Deserialize, Serialize};

use super::{ComputerView, Job, RepairView, UploadView};
use crate::check::Check;
use crate::failure::Failure;
use crate::firmware::FirmwareView;
use crate::form::Protocol;
use crate::phase::Phase;

/// The number of a phone in this run of the helper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PhoneId(pub u32);

/// Everything the page shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The helper itself.
    pub helper: HelperView,
    /// The firmware files that the helper has, the one that was used last at the end.
    pub firmware: Vec<KeptFirmware>,
    /// Files that are not here whole yet.
    #[serde(default)]
    pub uploads: Vec<UploadView>,
    /// The phones, in the order in which they were started.
    pub phones: Vec<PhoneView>,
    /// The simulated phones, in practice mode.
    pub practice: Option<PracticeView>,
    /// This computer.
    #[serde(default)]
    pub computer: ComputerView,
}

/// A firmware file that the helper has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFirmware {
    /// What it is.
    pub file: FirmwareView,
    /// The phones that came back with it, newest first, the last one of each model.
    #[serde(default)]
    pub worked: Vec<Worked>,
}

/// A phone that was recovered and verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worked {
    /// Its model, by its first name.
    pub model: String,
    /// When, in milliseconds since 1970-01-01 UTC, by the helper's clock.
    pub at_ms: u64,
}

/// The helper itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelperView {
    /// Its version.
    pub version: String,
    /// `linux`, `windows`, `macos`.
    pub system: String,
}

/// The simulated phones of practice mode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PracticeView {
    /// What this practice is about, in one sentence.
    pub scenario: String,
    /// One entry for each simulated phone.
    pub phones: Vec<PracticePhone>,
}

/// One simulated phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PracticePhone {
    /// The address that its display shows.
    pub address: String,
    /// The lines of its display, as they are right now.
    pub display: Vec<String>,
}

/// One phone and its recovery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PhoneView {
    /// Its number.
    pub id: PhoneId,
    /// What it was asked to do.
    pub job: Job,
    /// The model, as far as it is known, by its first name.
    pub model: Option<String>,
    /// The phase it is in, or was in when it ended.
    pub phase: Phase,
    /// When each phase began, in order.
    pub timeline: Vec<Moment>,
    /// What was looked at, latest finding for each name, in the order of the journey.
    pub checks: Vec<Check>,
    /// How the form is being sent.
    pub rung: Option<RungView>,
    /// What the phone was sent, once the form was read.
    pub form: Option<FormView>,
    /// The transfer, once the phone asked for the file.
    pub transfer: Option<TransferView>,
    /// The configurations that it asked us for: they tell who would lock it again.
    #[serde(default)]
    pub configuration_asked: Vec<ConfigurationRequest>,
    /// What the phone says of itself in normal mode.
    pub identity: Option<Identity>,
    /// What would make it reachable, where that was missing.
    #[serde(default)]
    pub repairs: Vec<RepairView>,
    /// How it ended.
    pub outcome: Option<Outcome>,
}

/// When a phase began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// The phase.
    pub phase: Phase,
    /// Milliseconds since 1970-01-01 UTC, by the helper's clock.
    pub at_ms: u64,
}

/// How a recovery ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The phone is back and verified.
    Verified,
    /// It is not.
    Failed(Failure),
}

/// One way of sending the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RungView {
    /// Its name, `R1`.
    pub name: String,
    /// Its place, from 1.
    pub number: u32,
    /// How many there are.
    pub of: u32,
}

/// What the phone was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormView {
    /// Where the form goes.
    pub action: String,
    /// Every field, in the order in which it is sent.
    pub fields: Vec<SentField>,
    /// What each field was taken for and why, a sentence each.
    #[serde(default)]
    pub reasons: Vec<String>,
}

/// One field that is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentField {
    /// The label that the phone's page shows, or nothing.
    pub label: String,
    /// The field's name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Whether the value is ours; otherwise it goes out as the phone's page had it.
    pub ours: bool,
}

/// The phone reading the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TransferView {
    /// How it fetches.
    pub protocol: Protocol,
    /// The name it asked for, as it came.
    pub file: String,
    /// Bytes that the phone has acknowledged.
    pub bytes: u64,
    /// Bytes in all.
    pub total: u64,
    /// Bytes a second, over the last seconds; none until it is known.
    pub bytes_per_second: Option<u64>,
    /// Seconds left at that rate; none until it is known.
    pub seconds_left: Option<u64>,
    /// How often something had to be sent again.
    pub repeats: u32,
}

/// A configuration that the phone asked us for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigurationRequest {
    /// How it asked.
    pub protocol: Protocol,
    /// The name, as it came.
    pub name: String,
    /// Whether we had one; otherwise it was told that there is none.
    pub answered: bool,
}

/// What the phone says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Its platform line, `57i Revision 0`, or the model from its realm.
    pub platform: Option<String>,
    /// Its firmware version.
    pub version: Option<String>,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A phone is new or different.
    Phone {
        /// The phone as it is now.
        phone: Box<PhoneView>,
    },
    /// A phone is no longer on the list.
    PhoneGone {
        /// Which.
        id: PhoneId,
    },
    /// Only the transfer went on.
    Progress {
        /// Which phone.
        id: PhoneId,
        /// Its transfer as it is now.
        transfer: TransferView,
    },
    /// The firmware files.
    Firmware {
        /// All of them.
        firmware: Vec<KeptFirmware>,
    },
    /// The files that are not here whole yet.
    Uploads {
        /// All of them.
        uploads: Vec<UploadView>,
    },
    /// The simulated phones.
    Practice {
        /// All of them.
        practice: PracticeView,
    },
    /// This computer, or what was found on its cables.
    Computer {
        /// All of it.
        computer: ComputerView,
    },
}

impl State {
    /// Brings the state up to date.
    pub fn apply(&mut self, change: Change) {
        match change {
            Change::Phone { phone } => match self.phones.iter_mut().find(|known| known.id == phone.id) {
                Some(known) => *known = *phone,
                None => self.phones.push(*phone),
            },
            Change::PhoneGone { id } => self.phones.retain(|phone| phone.id != id),
            Change::Progress { id, transfer } => {
                if let Some(phone) = self.phones.iter_mut().find(|phone| phone.id == id) {
                    phone.transfer = Some(transfer);
                }
            }
            Change::Firmware { firmware } => self.firmware = firmware,
            Change::Uploads { uploads } => self.uploads = uploads,
            Change::Practice { practice } => self.practice = Some(practice),
            Change::Computer { computer } => self.computer = computer,
        }
    }

    /// The phone of this number.
    pub fn phone(&self, id: PhoneId) -> Option<&PhoneView> {
        self.phones.iter().find(|phone| phone.id == id)
    }
}

impl PhoneView {
    /// A phone whose recovery is about to begin.
    pub fn new(id: PhoneId, job: Job, model: Option<String>) -> Self {
        Self {
            id,
            job,
            model,
            phase: Phase::Prepare,
            timeline: Vec::new(),
            checks: Vec::new(),
            rung: None,
            form: None,
            transfer: None,
            configuration_asked: Vec::new(),
            identity: None,
            repairs: Vec::new(),
            outcome: None,
        }
    }

    /// Whether this recovery still runs.
    pub fn is_running(&self) -> bool {
        self.outcome.is_none()
    }

    /// When a phase began, if it did.
    pub fn began(&self, phase: Phase) -> Option<u64> {
        self.timeline.iter().rev().find(|moment| moment.phase == phase).map(|moment| moment.at_ms)
    }

    /// The finding of a check, if it was made.
    pub fn check(&self, name: crate::check::CheckName) -> Option<&Check> {
        self.checks.iter().find(|check| check.name == name)
    }
}
