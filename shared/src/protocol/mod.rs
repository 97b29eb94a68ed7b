//! The messages between page and helper: JSON texts over one WebSocket.
//!
//! Every message is `{"v":1,"type":…}`. The page sends a [`Command`]; the helper sends a
//! [`Message`]: once a full snapshot, then numbered changes. A change whose number does not
//! follow is a gap, and the page asks for a new snapshot ([`Mirror`]). Unknown fields are
//! ignored; an unknown type or version is answered with [`Message::Rejected`], and the
//! connection stays open. Files do not go through the socket ([`UploadRequest`]).

mod advice;
mod computer;
mod incoming;
mod mirror;
mod upload;
mod view;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::address::PhoneAddress;
use crate::form::Protocol;

pub use advice::Warning;
pub use computer::{ComputerView, FoundPhone, FoundState, InterfaceKind, InterfaceView, Repair, RepairView};
pub use mirror::{Mirror, Took};
pub use upload::{FINGERPRINT_BYTES, PIECE_BYTES, UploadFinish, UploadRefused, UploadRequest, UploadView};
pub use view::{
    Change, ConfigurationRequest, FormView, HelperView, Identity, KeptFirmware, Moment, Outcome, PhoneId,
    PhoneView, PracticePhone, PracticeView, RungView, SentField, State, TransferView, Worked,
};

/// The version that both sides speak. It changes when a message changes its meaning.
pub const PROTOCOL_VERSION: u32 = 1;

/// The longest message that either side takes, in bytes.
pub const MESSAGE_LIMIT_BYTES: usize = 256 * 1024;

/// The most progress messages for one phone in a second (design: a page is no oscilloscope).
pub const PROGRESS_PER_SECOND: u32 = 10;

/// What the page asks of the helper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Command {
    /// Send the whole state again.
    GetSnapshot,
    /// Recover a phone.
    Start {
        /// Which phone, with what.
        job: Job,
    },
    /// The same job again, after a failure.
    Retry {
        /// The phone.
        phone: PhoneId,
    },
    /// Stop a recovery. While the phone writes its flash this only stops the watching.
    Stop {
        /// The phone.
        phone: PhoneId,
    },
    /// Take a finished or failed phone off the list.
    Forget {
        /// The phone.
        phone: PhoneId,
    },
    /// Remove a firmware file from this computer. A phone that is reading it reads on.
    ForgetFirmware {
        /// The firmware's key.
        firmware: String,
    },
    /// Look for phones on the cables now. Heard by a helper that looks at all, which one that
    /// practises does not.
    Look {
        /// What the person could read of the address: the search begins there. May be empty.
        #[serde(default)]
        shown: String,
    },
    /// Practice only: put the practice firmware into the store, as if it had been dropped.
    UsePracticeFirmware,
}

/// What one recovery is asked to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Where the phone's page answers.
    pub address: PhoneAddress,
    /// The firmware's key, from [`State::firmware`].
    pub firmware: String,
    /// The model, when the person said it.
    #[serde(default)]
    pub model: Option<String>,
    /// One protocol alone; none means: what the form offers, in our order.
    #[serde(default)]
    pub protocol: Option<Protocol>,
    /// Leave the phone's settings as they are after the recovery.
    #[serde(default)]
    pub keep_config: bool,
    /// A phone that is found in normal mode is reset without firmware, if it takes the login.
    #[serde(default)]
    pub side_door: bool,
    /// The version on the phone, when the person is certain of it.
    #[serde(default)]
    pub present_version: Option<String>,
    /// The model, typed once more: the confirmation that some versions need
    /// ([`rules`](crate::catalogue::rules)).
    #[serde(default)]
    pub confirmed_model: Option<String>,
    /// The person said yes to what makes the phone reachable ([`RepairView`]). It is taken back
    /// when the recovery ends.
    #[serde(default)]
    pub repair: bool,
}

impl Job {
    /// The plain one: nothing is said beyond the phone and the file, and nothing is agreed to.
    pub fn new(address: PhoneAddress, firmware: impl Into<String>) -> Self {
        Self {
            address,
            firmware: firmware.into(),
            model: None,
            protocol: None,
            keep_config: false,
            side_door: false,
            present_version: None,
            confirmed_model: None,
            repair: false,
        }
    }
}

/// What the helper tells the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", try_from = "incoming::Incoming")]
pub enum Message {
    /// Everything, as it stands after change number `seq`.
    Snapshot {
        /// The number of the last change in it.
        seq: u64,
        /// Everything.
        state: Box<State>,
    },
    /// One change.
    Change {
        /// One more than the change before.
        seq: u64,
        /// What changed.
        change: Change,
    },
    /// A message of the page could not be acted on.
    Rejected {
        /// Why.
        reason: Rejection,
        /// What it was about, in the words of the evidence.
        detail: String,
    },
}

/// Why a message was not acted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    /// No JSON object with `v` and `type`.
    NotUnderstood,
    /// Another version: the page and the helper are of different builds.
    OtherVersion,
    /// A type that this version does not know, or a field of it is missing or wrong.
    UnknownMessage,
    /// No phone of this number.
    NoSuchPhone,
    /// No firmware of this key.
    NoSuchFirmware,
    /// Not now: the phone is being recovered, or another recovery has its address.
    Busy,
    /// Only in practice mode.
    NotPractising,
}

#[derive(Serialize)]
struct Envelope<T> {
    v: u32,
    #[serde(flatten)]
    body: T,
}

/// A message as text.
pub fn encode<T: Serialize>(body: &T) -> String {
    let envelope = Envelope { v: PROTOCOL_VERSION, body };
    // Our own types hold no maps with odd keys and no failing serialisers: a failure here
    // would be a fault of this crate, and an empty text is rejected by the other side.
    serde_json::to_string(&envelope).unwrap_or_default()
}

/// A text as a message, or why it is none.
///
/// # Errors
/// The rejection to answer with, and what was wrong.
pub fn decode<T: DeserializeOwned>(text: &str) -> Result<T, (Rejection, String)> {
    #[derive(Deserialize)]
    struct Head {
        v: u32,
        #[serde(rename = "type")]
        _type: String,
    }
    let head: Head =
        serde_json::from_str(text).map_err(|error| (Rejection::NotUnderstood, error.to_string()))?;
    if head.v != PROTOCOL_VERSION {
        let detail = format!("version {} here, version {} there", PROTOCOL_VERSION, head.v);
        return Err((Rejection::OtherVersion, detail));
    }
    // Not through the envelope, whose one more layer weighs a kilobyte in the page: `v` is a field
    // like any other that a message does not know.
    serde_json::from_str(text).map_err(|error| (Rejection::UnknownMessage, error.to_string()))
}

#[cfg(test)]
mod tests;
