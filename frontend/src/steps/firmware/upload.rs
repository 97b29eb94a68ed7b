//! The way of a file into the helper: in pieces, and on from where it stopped
//! (`shared::protocol::UploadRequest` tells the requests). One piece is in memory at a time.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use shared::failure::{Failure, FailureCode};
use shared::firmware::{FirmwareView, LARGEST_BYTES};
use shared::protocol::{
    FINGERPRINT_BYTES, PIECE_BYTES, UploadFinish, UploadRefused, UploadRequest, UploadView,
};
use web_sys::File;

use crate::browser;
use crate::draft::{Draft, Upload};
use crate::http::{self, Body};
use crate::json::Json;

const UPLOADS: &str = "/api/uploads";
/// How often in a row something may go wrong. With the pauses between it is half a minute: a
/// helper that is started again is there by then.
const TRIES: u32 = 6;
/// The first pause, in milliseconds; each next one is twice as long.
const PAUSE_MS: i32 = 500;

/// Gives a file to the helper, which looks at it and keeps it or says why not.
pub(super) fn upload(draft: Draft, file: File) {
    draft.file.set_value(Some(file.clone()));
    send(draft, file, None);
}

/// Gives it the last file once more, now that it is known which firmware in it is meant.
pub(super) fn upload_member(draft: Draft, member: String) {
    if let Some(file) = draft.file.get_value() {
        send(draft, file, Some(member));
    }
}

fn send(draft: Draft, file: File, member: Option<String>) {
    let (name, bytes) = (file.name(), file.size() as u64);
    let number = draft.next_upload();
    if bytes > LARGEST_BYTES {
        let failure = Failure::new(FailureCode::FirmwareTooLarge, format!("{bytes} bytes"));
        return draft.upload.set(Upload::Refused { name, failure });
    }
    draft.firmware.set(None);
    let carrier =
        Carrier { draft, number, file, member, name, bytes, hash: Sha256::new(), hashed: 0, received: 0 };
    spawn_local(carrier.carry());
}

/// Gives up what the helper has of a file.
pub(super) fn give_up(id: &str) {
    let url = format!("{UPLOADS}/{id}");
    spawn_local(async move {
        // One that is not there any more is what was wanted.
        http::send("DELETE", &url, Body::Empty).await;
    });
}

/// Why a file is not there yet.
enum Trouble {
    /// The helper says why.
    Refused(UploadRefused),
    /// Nobody answered.
    Unanswered,
    /// The browser cannot read the file, or not any more.
    Unreadable,
    /// The person stopped it, or chose another file.
    NotWanted,
}

/// A file under way.
struct Carrier {
    draft: Draft,
    /// Which upload of this page it is; only the last one is wanted.
    number: u32,
    file: File,
    /// The place of the firmware in the archive, when it was chosen.
    member: Option<String>,
    name: String,
    bytes: u64,
    /// Of the file's beginning, as far as it was read.
    hash: Sha256,
    hashed: u64,
    /// What the helper has, as far as it was told.
    received: u64,
}

impl Carrier {
    async fn carry(mut self) {
        self.show(None);
        let ended = self.keep_trying().await;
        if !self.draft.wants_upload(self.number) {
            return;
        }
        let name = self.name;
        self.draft.upload.set(match ended {
            Ok(file) => {
                self.draft.firmware.set(Some(file));
                Upload::Idle
            }
            Err(Trouble::Refused(UploadRefused::Failed { failure })) => Upload::Refused { name, failure },
            Err(Trouble::Refused(UploadRefused::Several { members })) => Upload::Choose { name, members },
            Err(Trouble::Refused(UploadRefused::TooMany)) => Upload::TooMany,
            Err(Trouble::Unreadable) => Upload::Unreadable { name },
            Err(Trouble::Refused(_) | Trouble::Unanswered | Trouble::NotWanted) => Upload::Unanswered,
        });
    }

    /// With patience for what may be right the next time.
    async fn keep_trying(&mut self) -> Result<FirmwareView, Trouble> {
        let beginning = self.read(0, FINGERPRINT_BYTES).await?;
        let fingerprint = hex(&Sha256::digest(&beginning));
        let mut tries = 0;
        loop {
            let before = self.received;
            let trouble = match self.send(&fingerprint).await {
                Ok(file) => return Ok(file),
                Err(trouble) => trouble,
            };
            tries = if self.received > before { 1 } else { tries + 1 };
            match trouble {
                Trouble::Unreadable | Trouble::NotWanted => return Err(trouble),
                Trouble::Refused(
                    UploadRefused::Failed { .. } | UploadRefused::Several { .. } | UploadRefused::TooMany,
                ) => return Err(trouble),
                // Where to go on is asked anew.
                Trouble::Refused(_) | Trouble::Unanswered if tries <= TRIES => {
                    browser::pause(PAUSE_MS << (tries - 1)).await;
                }
                Trouble::Refused(_) | Trouble::Unanswered => return Err(trouble),
            }
        }
    }

    /// From where the helper is to the end.
    async fn send(&mut self, fingerprint: &str) -> Result<FirmwareView, Trouble> {
        let request =
            UploadRequest { name: self.name.clone(), bytes: self.bytes, fingerprint: fingerprint.to_owned() };
        let mut view: UploadView = parse(&ask("POST", UPLOADS, json(&request)).await?)?;
        let url = format!("{UPLOADS}/{}", view.id);
        self.received = view.received;
        self.show(Some(&view));
        while view.received < self.bytes {
            let piece = self.read(view.received, PIECE_BYTES).await?;
            if self.hashed == view.received {
                self.hash.update(&piece);
                self.hashed += piece.len() as u64;
            }
            let place = format!("{url}/pieces/{}?sha256={}", view.received, hex(&Sha256::digest(&piece)));
            view = parse(&ask("PUT", &place, Body::Bytes(piece)).await?)?;
            self.received = view.received;
            self.show(Some(&view));
        }
        // What was there before this page came is compared as well.
        while self.hashed < self.bytes {
            let piece = self.read(self.hashed, PIECE_BYTES).await?;
            self.hash.update(&piece);
            self.hashed += piece.len() as u64;
        }
        let model = self.draft.model.get_untracked().map(|model| model.name.to_owned());
        let finish =
            UploadFinish { sha256: hex(&self.hash.clone().finalize()), model, member: self.member.clone() };
        parse(&ask("POST", &format!("{url}/finish"), json(&finish)).await?)
    }

    async fn read(&self, offset: u64, most: u64) -> Result<Vec<u8>, Trouble> {
        if !self.draft.wants_upload(self.number) {
            return Err(Trouble::NotWanted);
        }
        let end = self.bytes.min(offset + most);
        let bytes = browser::read(&self.file, offset, end).await.ok_or(Trouble::Unreadable)?;
        // A file that became shorter gives less than it said.
        if bytes.len() as u64 == end - offset { Ok(bytes) } else { Err(Trouble::Unreadable) }
    }

    fn show(&self, view: Option<&UploadView>) {
        if self.draft.wants_upload(self.number) {
            self.draft.upload.set(Upload::Sending {
                id: view.map(|view| view.id.clone()),
                name: self.name.clone(),
                sent: view.map_or(0, |view| view.received),
                total: self.bytes,
            });
        }
    }
}

/// The text of a good answer. Not a type of its own for each answer: that would be one copy of
/// this for each.
async fn ask(method: &str, url: &str, body: Body) -> Result<String, Trouble> {
    let reply = http::send(method, url, body).await;
    if reply.is_good() {
        return Ok(reply.text);
    }
    Err(parse(&reply.text).map_or(Trouble::Unanswered, Trouble::Refused))
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Trouble> {
    Json::parse(text).and_then(|json| json.read()).map_err(|_| Trouble::Unanswered)
}

fn json(body: &impl Serialize) -> Body {
    Body::Json(serde_json::to_string(body).unwrap_or_default())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
