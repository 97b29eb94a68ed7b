//! Serving the firmware to the phone: one staged file, read-only, to one peer.
//!
//! A server lives exactly as long as its [`Serving`]; whatever the phone does with the file is
//! a [`FileEvent`], the same for every protocol.

pub mod tftp;

use shared::form::Protocol;

/// A transfer, numbered by its server.
pub type TransferNumber = u64;

/// Something the phone did with the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileEvent {
    /// It asked for the file. The same phone may ask several times.
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
    /// It has acknowledged this many bytes.
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
    /// It reported an error and stopped.
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
