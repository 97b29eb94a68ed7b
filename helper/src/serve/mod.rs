//! Serving the firmware to the phones: each its one staged file, read-only, by TFTP, HTTP and
//! FTP, with the same events.
//!
//! A [`Hub`] owns the servers. Each phone has an [`Offer`] of its own, several may share a
//! listening port (case C19), and nobody else is answered. An offer stands exactly as long as
//! its [`Serving`]; whatever the phone does with the file is a [`FileEvent`].
//!
//! - [`ftp::machine`] and [`http`]'s request and response are pure; the rest is their rim.
//! - `witness` fetches what is served, as a proof.
//! - [`shelf`] says what a name gets, the same for every protocol.

pub mod agent;
mod delivery;
pub mod ftp;
mod guest;
pub mod http;
mod hub;
mod listener;
mod offer;
mod quarantine;
pub mod shelf;
mod tftp;
mod witness;

use shared::form::Protocol;

pub use agent::Agent;
pub use hub::Hub;
pub use offer::{Offer, Serving};

/// A transfer. Unique among all protocols and phones of one [`Hub`].
pub type TransferNumber = u64;

/// Something the phone did with the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileEvent {
    /// It asked for the file. The same phone may ask several times. One of
    /// [`Self::Complete`] and [`Self::Broken`] follows.
    Requested {
        /// Which transfer.
        transfer: TransferNumber,
        /// How it asked.
        protocol: Protocol,
        /// The name as it came.
        name: String,
        /// The file's bytes.
        total: u64,
    },
    /// It asked for a file that we do not have.
    OtherName {
        /// The name as it came.
        name: String,
    },
    /// It asked for a configuration: who would lock it again is in the name. Not a transfer,
    /// for it says nothing about the firmware.
    Configuration {
        /// How it asked.
        protocol: Protocol,
        /// The name as it came.
        name: String,
        /// Whether the quarantine had an answer; otherwise "not found" was said.
        answered: bool,
    },
    /// It said what it is, before any other event of the same request (HTTP only).
    Introduced {
        /// What its User-Agent says.
        agent: Agent,
    },
    /// It asked for something that is never done, such as writing.
    Refused {
        /// How it asked.
        protocol: Protocol,
        /// The verb.
        what: String,
    },
    /// It has this many bytes. By TFTP they are acknowledged; by HTTP and FTP they were handed
    /// to the system, which holds back at most [`SEND_BUFFER`] of them.
    Progress {
        /// Which transfer.
        transfer: TransferNumber,
        /// Bytes in all.
        bytes: u64,
    },
    /// Something had to be sent again.
    Repeat {
        /// Which transfer.
        transfer: TransferNumber,
        /// How often by now.
        count: u32,
    },
    /// It has the whole file.
    Complete {
        /// Which transfer.
        transfer: TransferNumber,
        /// Bytes in all.
        bytes: u64,
    },
    /// It reported an error and stopped. Behind [`Self::Complete`] it says that it cannot use the
    /// file that it has.
    PeerError {
        /// Which transfer.
        transfer: TransferNumber,
        /// Its number.
        code: u16,
        /// Its words.
        text: String,
    },
    /// The transfer ended early for another reason.
    Broken {
        /// Which transfer.
        transfer: TransferNumber,
        /// Why, in short.
        reason: String,
    },
}

pub use delivery::SEND_BUFFER;
