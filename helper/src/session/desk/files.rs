//! The desk's files: on their way from the page, held for this run, kept for the next phone.
//!
//! Everything here but [`Desk::forget_firmware`] may wait for the disk: call it where that is
//! allowed.

use std::io::Cursor;
use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use shared::failure::{Failure, FailureCode};
use shared::firmware::FirmwareView;
use shared::model::Model;
use shared::protocol::{
    Change, Outcome, PROGRESS_PER_SECOND, PhoneId, Rejection, UploadFinish, UploadRefused, UploadRequest,
    UploadView,
};

use super::{Desk, Refused};
use crate::firmware::Firmware;
use crate::firmware::archive::offered;
use crate::firmware::held::Held;
use crate::firmware::inspect::inspect;
use crate::firmware::store::Store;
use crate::firmware::uploads::Whole;
use crate::firmware::wanted::Wanted;
use crate::session::now_ms;

impl Desk {
    /// Keeps files in this store from now on, and shows what is there.
    pub fn keep_in(&self, store: Store) {
        self.0.uploads.lie_in(store.folder().to_owned());
        let mut held = self.held();
        held.keep_in(store);
        self.tell_files(&held, Told::Always);
    }

    /// Takes a file.
    ///
    /// # Errors
    /// A `firmware::…` failure when this is surely not firmware.
    pub fn add_firmware(&self, name: &str, bytes: Vec<u8>) -> Result<FirmwareView, Failure> {
        Ok(self.add(Firmware::from_bytes(name, bytes)?))
    }

    fn add(&self, firmware: Firmware) -> FirmwareView {
        let view = firmware.view.clone();
        self.hold(firmware);
        view
    }

    /// What an upload has brought, for a phone of which this is known.
    fn add_whole(&self, whole: Whole, wanted: Wanted<'_>) -> Result<FirmwareView, UploadRefused> {
        let inspected = inspect(&whole.name, whole.bytes.len() as u64, Cursor::new(whole.bytes), wanted);
        let members = offered(&inspected.report.members);
        match inspected.into_firmware() {
            Ok(firmware) => Ok(self.add(firmware)),
            Err(failure) if failure.code == FailureCode::FirmwareSeveral => {
                Err(UploadRefused::Several { members })
            }
            Err(failure) => Err(failure.into()),
        }
    }

    pub(super) fn hold(&self, firmware: Firmware) {
        // Written before the files are locked: a slow disk keeps nobody waiting.
        let store = self.held().store().cloned();
        let is_kept = store.is_some_and(|store| match store.put(&firmware, now_ms()) {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(folder = %store.folder().display(), %error, "a file stays for this run alone");
                false
            }
        });
        let mut held = self.held();
        if is_kept {
            held.is_stored(&firmware);
        } else {
            held.hold(firmware);
        }
        self.tell_files(&held, Told::Always);
    }

    /// What is known of a file that is here.
    pub fn firmware_view(&self, id: &str) -> Option<FirmwareView> {
        self.lock().state.firmware.iter().find(|known| known.file.id == id).map(|known| known.file.clone())
    }

    /// Removes a file for good. A phone that is reading it reads on.
    ///
    /// # Errors
    /// [`Rejection::NoSuchFirmware`].
    pub fn forget_firmware(&self, id: String) -> Result<(), Refused> {
        if !self.lock().state.firmware.iter().any(|known| known.file.id == id) {
            return Err((Rejection::NoSuchFirmware, id));
        }
        let desk = self.clone();
        tokio::task::spawn_blocking(move || {
            let mut held = desk.held();
            held.remove(&id);
            desk.tell_files(&held, Told::Always);
        });
        Ok(())
    }

    /// Begins an upload, or finds it again.
    ///
    /// # Errors
    /// Why not.
    pub fn open_upload(&self, request: UploadRequest) -> Result<UploadView, UploadRefused> {
        let opened = self.0.uploads.open(request, Instant::now());
        self.tell_uploads();
        opened
    }

    /// Takes a piece of it.
    ///
    /// # Errors
    /// Why not.
    pub fn upload_piece(
        &self,
        id: &str,
        offset: u64,
        sha256: &str,
        piece: &[u8],
    ) -> Result<UploadView, UploadRefused> {
        let taken = self.0.uploads.piece(id, offset, sha256, piece, Instant::now())?;
        self.tell_progress();
        Ok(taken)
    }

    /// Takes the file when all of it is there.
    ///
    /// # Errors
    /// Why not.
    pub fn finish_upload(&self, id: &str, finish: &UploadFinish) -> Result<FirmwareView, UploadRefused> {
        // One whole file in memory at a time.
        let _one = self.0.finishing.lock().unwrap_or_else(PoisonError::into_inner);
        let model = finish.model.as_deref().and_then(Model::find);
        let wanted = Wanted { model, member: finish.member.as_deref() };
        let whole = self.0.uploads.finish(id, &finish.sha256);
        let taken = whole.and_then(|whole| self.add_whole(whole, wanted));
        self.tell_uploads();
        taken
    }

    /// Gives an upload up.
    ///
    /// # Errors
    /// [`UploadRefused::NoSuchUpload`].
    pub fn close_upload(&self, id: &str) -> Result<(), UploadRefused> {
        let closed = self.0.uploads.close(id);
        self.tell_uploads();
        closed
    }

    /// Lets go the uploads that nobody went on with.
    pub fn forget_idle_uploads(&self) {
        if self.0.uploads.forget_idle(Instant::now()) {
            self.tell_uploads();
        }
    }

    /// A recovery has ended: what worked is noted, and the list is made anew, for a damaged file
    /// is gone from it.
    pub(super) fn note_end(&self, id: PhoneId) {
        let desk = self.clone();
        tokio::task::spawn_blocking(move || {
            let worked = {
                let inner = desk.lock();
                inner.state.phone(id).and_then(|phone| {
                    // Without a transfer it was reset through the side door, with no file at all.
                    let took_it = phone.outcome == Some(Outcome::Verified) && phone.transfer.is_some();
                    let model = phone.model.clone().filter(|_| took_it)?;
                    Some((phone.job.firmware.clone(), model))
                })
            };
            let mut held = desk.held();
            if let Some((firmware, model)) = worked {
                held.worked(&firmware, &model, now_ms());
            }
            desk.tell_files(&held, Told::IfNew);
        });
    }

    pub(super) fn held(&self) -> MutexGuard<'_, Held> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells what is there. In the order in which it was changed: whoever tells has the files
    /// locked since before the change.
    fn tell_files(&self, held: &Held, when: Told) {
        let firmware = held.list();
        let mut inner = self.lock();
        if when == Told::Always || firmware != inner.state.firmware {
            self.change(&mut inner, Change::Firmware { firmware });
        }
    }

    fn tell_uploads(&self) {
        let mut inner = self.lock();
        inner.uploads_told = Some(Instant::now());
        let uploads = self.0.uploads.views();
        if uploads != inner.state.uploads {
            self.change(&mut inner, Change::Uploads { uploads });
        }
    }

    /// Tells how far the uploads are, [`PROGRESS_PER_SECOND`] times: what comes sooner is told
    /// when its time has come.
    fn tell_progress(&self) {
        let pause = Duration::from_secs(1) / PROGRESS_PER_SECOND;
        let mut inner = self.lock();
        let left = inner.uploads_told.map_or(Duration::ZERO, |told| pause.saturating_sub(told.elapsed()));
        if left.is_zero() {
            drop(inner);
            return self.tell_uploads();
        }
        if !std::mem::replace(&mut inner.uploads_wait, true) {
            let desk = self.clone();
            tokio::spawn(async move {
                tokio::time::sleep(left).await;
                desk.lock().uploads_wait = false;
                desk.tell_uploads();
            });
        }
    }
}

/// When the list of files is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// Also when it is the same: who gave a file waits for it.
    Always,
    IfNew,
}
