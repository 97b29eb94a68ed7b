//! What goes into the session machine and what comes out of it.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use shared::check::Check;
use shared::failure::Failure;
use shared::firmware::FirmwareView;
use shared::form::{Protocol, Submission};
use shared::phase::Phase;
use shared::protocol::{
    ConfigurationRequest, FormView, Identity, Outcome, RepairView, RungView, TransferView,
};

use crate::pc::keeper::Trouble;
use crate::pc::wall::WallReport;
use crate::phone::answer::RecoveryPage;
use crate::phone::client::{LoginError, Sighting};
use crate::phone::exchange::ExchangeError;
use crate::phone::exchange_log::RecordedExchange;
use crate::phone::ladder::Rung;
use crate::phone::normal::{ResetOption, Stored};
use crate::phone::upload::{UploadError, Uploaded};
use crate::phone::verdict::Verdict;
use crate::serve::FileEvent;
use crate::session::ways::Way;

/// Something that happened.
#[derive(Debug)]
pub enum Event {
    /// The firmware was looked at.
    Inspected(Result<FirmwareView, Failure>),
    /// The phone's home page was read, or not.
    Looked(Result<Sighting, ExchangeError>),
    /// What is served was fetched from itself, or not. It comes before [`Self::Served`].
    Proved(Vec<Proof>),
    /// What the firewall does to the phone. It comes before [`Self::Served`], unless the system
    /// takes its time to tell.
    Walled(WallReport),
    /// The firewall was opened, and this is what it does now; or it could not be.
    WallOpened(Result<WallReport, Trouble>),
    /// The servers are up, or cannot be.
    Served(Vec<Offering>),
    /// The form was submitted, and this is the phone's answer.
    Submitted(Result<Verdict, ExchangeError>),
    /// The form was submitted with the file in it, as far as the phone took it.
    Uploaded(Result<Uploaded, UploadError>),
    /// The phone does something with the file.
    File(FileEvent),
    /// Somebody logged in, with this password, and read who the phone is.
    LoggedIn(Result<(Identity, Key), LoginError>),
    /// The settings on the phone.
    SettingsRead(Result<Stored, LoginError>),
    /// A reset was asked for.
    ResetSent(Result<(), LoginError>),
    /// The machine's own deadline has come.
    Tick,
    /// The person wants to stop.
    Cancel,
}

/// Something to do. Each is answered by the event of the same name.
#[derive(Debug)]
pub enum Action {
    /// Look at the firmware file.
    Inspect,
    /// Read the phone's home page, after this long, instead of any look that is under way.
    Look(Duration),
    /// Offer the file by these protocols at this address of ours, under these names.
    Serve {
        /// How.
        protocols: Vec<Protocol>,
        /// At which of our addresses.
        local: IpAddr,
        /// Every name that the phone may ask for; the first is the one on the form.
        names: Vec<String>,
    },
    /// Let the phone in through the firewall.
    OpenWall,
    /// Submit the form.
    Submit {
        /// In which way.
        rung: Rung,
        /// Which form.
        page: Box<RecoveryPage>,
        /// With which values.
        submission: Box<Submission>,
    },
    /// Log in and read who the phone is.
    LogIn {
        /// After this long.
        after: Duration,
        /// These passwords, the first one first.
        keys: &'static [Key],
    },
    /// Read the settings on the phone.
    ReadSettings(Key),
    /// Ask the phone for a reset.
    Reset(ResetOption, Key),
    /// Keep what worked for the next phone.
    Remember(Way),
    /// Tell whoever watches.
    Tell(Update),
}

/// The administrator's password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// The documented default.
    Factory,
    /// The one that the person typed ([`Plan::password`](super::machine::Plan)).
    Typed,
}

/// A server for the phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offering {
    /// How it serves.
    pub protocol: Protocol,
    /// At which port, or why not.
    pub port: Result<u16, Failure>,
    /// Whether the phone comes to this port without being told: it is the protocol's own, or the
    /// one that the person chose.
    pub expected: bool,
}

/// Whether a server for the phone gave its file to ourselves, through the phone-side address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// By which protocol.
    pub protocol: Protocol,
    /// Through which address and port of ours.
    pub through: SocketAddr,
    /// Whether the file's first bytes came, or why not.
    pub fetched: Result<(), String>,
}

/// What is told to whoever watches: the terminal, a script, a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Update {
    /// A phase begins.
    Phase(Phase),
    /// Something was looked at.
    Check(Check),
    /// The phone's model is known, by its first name.
    Model(String),
    /// A way of sending the form begins.
    Rung(RungView),
    /// What the phone is sent.
    Form(FormView),
    /// The transfer went on.
    Transfer(TransferView),
    /// The phone asked us for a configuration.
    Configuration(ConfigurationRequest),
    /// What the phone says of itself.
    Identity(Identity),
    /// What the file is, for the report.
    Firmware(Box<FirmwareView>),
    /// What was sent to the phone and what it answered, so far.
    Exchanges(Vec<RecordedExchange>),
    /// What would make the phone reachable, or let it be answered.
    Repairs(Vec<RepairView>),
    /// It is over.
    Finished(Outcome),
}
