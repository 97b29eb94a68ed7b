//! A file on its way from the page into the helper, in pieces.
//!
//! | request | body | good answer |
//! |---|---|---|
//! | `POST /api/uploads` | [`UploadRequest`] | [`UploadView`]: where to begin, or to go on |
//! | `PUT /api/uploads/ID/pieces/OFFSET?sha256=HEX` | the piece | [`UploadView`]: where to go on |
//! | `POST /api/uploads/ID/finish` | [`UploadFinish`] | [`FirmwareView`](crate::firmware::FirmwareView) |
//! | `DELETE /api/uploads/ID` | | nothing (204) |
//!
//! Every other answer is an [`UploadRefused`]. A piece is taken whole or not at all, so whoever
//! lost the connection asks again with the first request and goes on where it says. What came is
//! compared with the file twice: each piece by its own sha256, and all of it by the sha256 of
//! the whole file, which also tells a file that was changed while it was read.

use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::firmware::Member;

/// The most bytes of one piece: 1 MiB. Small enough that a piece is nothing to hold in memory
/// and that a bar moves (the smallest firmware known has 1.75 MB, domain.md 3.2), large enough
/// that the largest, 64 MB, needs no more than 64 requests.
pub const PIECE_BYTES: u64 = 1024 * 1024;

/// Bytes of the file's beginning that its fingerprint is made of, or the whole file if it is
/// shorter: 64 KiB are read in a moment.
pub const FINGERPRINT_BYTES: u64 = 64 * 1024;

/// A file that the page has, and that the helper is to take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadRequest {
    /// The file's name.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// The sha256 of its first [`FINGERPRINT_BYTES`], in hex. With the size it is what an
    /// unfinished upload is found again by: a name changes with a second download (`57i (1).st`)
    /// and a date with every copy, the bytes do not. Two files that begin alike are told apart
    /// in the end, by the hash of the whole.
    pub fingerprint: String,
}

/// An upload that is not finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadView {
    /// Its key.
    pub id: String,
    /// The file's name.
    pub name: String,
    /// Bytes in all.
    pub bytes: u64,
    /// Bytes that are here: the next piece begins there.
    pub received: u64,
}

/// All pieces are there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadFinish {
    /// The sha256 of the whole file as the page read it, in hex.
    pub sha256: String,
    /// The phone's model, if the person chose it: of an archive with several files, its one is
    /// taken.
    #[serde(default)]
    pub model: Option<String>,
    /// Its place in the archive, if the person chose one of [`UploadRefused::Several`].
    #[serde(default)]
    pub member: Option<String>,
}

/// Why a request of an upload is not done, and what the page does next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UploadRefused {
    /// What is here ends elsewhere than this piece begins, or than the file ends: go on there.
    OtherOffset {
        /// Bytes that are here.
        received: u64,
    },
    /// The piece is not what its hash says: send it again.
    DamagedPiece,
    /// There is no such upload, or no longer: begin it again.
    NoSuchUpload,
    /// Others are on their way, and together they are as many as is good: wait for them.
    TooMany,
    /// The request makes no sense: a fault of the page.
    NotUnderstood {
        /// What does not.
        detail: String,
    },
    /// The archive holds more than one, and nobody said which: the person chooses one of these,
    /// and the file is given once more.
    Several {
        /// What there is.
        members: Vec<Member>,
    },
    /// The file is not taken, now or ever: the failure says why.
    Failed {
        /// Why.
        failure: Failure,
    },
}

impl From<Failure> for UploadRefused {
    fn from(failure: Failure) -> Self {
        UploadRefused::Failed { failure }
    }
}
