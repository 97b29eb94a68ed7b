//! What the person has chosen and typed before a recovery starts. It lives in this tab only:
//! a reload may forget it, because nothing has been done to a phone yet.

use leptos::prelude::*;
use shared::address::{AddressProblem, PhoneAddress};
use shared::failure::Failure;
use shared::firmware::{FirmwareView, Member};
use shared::model::Model;
use shared::protocol::{Job, KeptFirmware, PhoneView};
use web_sys::File;

/// Which question is being asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Question {
    /// What is wrong with it?
    Symptom,
    /// Which phone is it?
    Phone,
    /// Which file does it get?
    Firmware,
    /// What is its address?
    Connect,
}

/// What is wrong with the phone. The way out is the same; what is said on the way is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Symptom {
    /// Nobody knows its password (case C01).
    Locked,
    /// It has lost its software, and shows WEB RECOVERY by itself (case C19).
    NoSoftware,
    /// It hangs while it starts (case C21).
    Stuck,
    /// A former provider's settings come back (cases C17, C18).
    Reclaimed,
    /// There are several (cases C19, C20).
    Several,
}

/// A file on its way into the helper.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Upload {
    /// None.
    Idle,
    /// It is under way.
    Sending {
        /// The upload's key, once the helper has given it one.
        id: Option<String>,
        /// The file's name.
        name: String,
        /// Bytes that the helper has.
        sent: u64,
        /// Bytes in all.
        total: u64,
    },
    /// It was not taken.
    Refused {
        /// The file's name.
        name: String,
        /// Why.
        failure: Failure,
    },
    /// It is an archive with more than one firmware in it: one of these is to be chosen.
    Choose {
        /// The archive's name.
        name: String,
        /// What there is.
        members: Vec<Member>,
    },
    /// The browser cannot read it.
    Unreadable {
        /// The file's name.
        name: String,
    },
    /// Several were given at once.
    Several {
        /// How many.
        files: u32,
    },
    /// Other tabs send so much that there is no room for it now.
    TooMany,
    /// Nobody took it: the helper did not answer.
    Unanswered,
}

/// The answers so far.
#[derive(Clone, Copy)]
pub(crate) struct Draft {
    /// The question on the screen.
    pub(crate) question: RwSignal<Question>,
    /// What is wrong, when the person said it.
    pub(crate) symptom: RwSignal<Option<Symptom>>,
    /// The model, when the person said it.
    pub(crate) model: RwSignal<Option<&'static Model>>,
    /// The firmware.
    pub(crate) firmware: RwSignal<Option<FirmwareView>>,
    /// The file on its way.
    pub(crate) upload: RwSignal<Upload>,
    /// The last file that was given, to be read again when something in it was chosen.
    pub(crate) file: StoredValue<Option<File>, LocalStorage>,
    /// How many were on their way: only the last one is wanted.
    uploads: RwSignal<u32>,
    /// The address as it was typed.
    pub(crate) address: RwSignal<String>,
    /// The address that was filled in by itself: it may go by itself, too.
    filled: RwSignal<String>,
    /// Whether the person has typed: nothing is filled in behind his back.
    pub(crate) has_typed: RwSignal<bool>,
}

impl Draft {
    /// Nothing said yet.
    pub(crate) fn new() -> Self {
        Self {
            question: RwSignal::new(Question::Symptom),
            symptom: RwSignal::new(None),
            model: RwSignal::new(None),
            firmware: RwSignal::new(None),
            upload: RwSignal::new(Upload::Idle),
            file: StoredValue::new_local(None),
            uploads: RwSignal::new(0),
            address: RwSignal::new(String::new()),
            filled: RwSignal::new(String::new()),
            has_typed: RwSignal::new(false),
        }
    }

    /// Asks from the beginning.
    pub(crate) fn clear(self) {
        self.model.set(None);
        self.choose(None);
        self.forget_address();
        self.symptom.set(None);
        self.ask(Question::Symptom);
    }

    /// Forgets the address, and whether it was typed.
    pub(crate) fn forget_address(self) {
        self.address.set(String::new());
        self.has_typed.set(false);
    }

    /// Fills in the address of the phone that was found, or takes it away again when that phone
    /// is not there any more.
    pub(crate) fn fill_in(self, certain: Option<&str>) {
        let is_ours = self.address.get_untracked() == self.filled.get_untracked();
        let address = certain.unwrap_or_default();
        if is_ours && !self.has_typed.get_untracked() && self.filled.get_untracked() != address {
            self.filled.set(address.to_owned());
            self.address.set(address.to_owned());
        }
    }

    /// Goes to a question.
    pub(crate) fn ask(self, question: Question) {
        // A file that is under way goes on meanwhile.
        if !self.upload.with_untracked(|upload| matches!(upload, Upload::Sending { .. })) {
            self.upload.set(Upload::Idle);
        }
        self.question.set(question);
    }

    /// Chooses a file that the helper has, or none.
    pub(crate) fn choose(self, file: Option<FirmwareView>) {
        self.next_upload();
        self.upload.set(Upload::Idle);
        self.firmware.set(file);
    }

    /// A number for another upload. One that is under way is not wanted any more.
    pub(crate) fn next_upload(self) -> u32 {
        self.uploads.update(|number| *number += 1);
        self.uploads.get_untracked()
    }

    /// Whether the upload of this number is wanted.
    pub(crate) fn wants_upload(self, number: u32) -> bool {
        self.uploads.get_untracked() == number
    }

    /// Takes over what a phone was started with, so that only one answer has to change.
    pub(crate) fn take_from(self, phone: &PhoneView, firmware: &[KeptFirmware]) {
        let known = firmware.iter().find(|kept| kept.file.id == phone.job.firmware);
        self.model.set(phone.job.model.as_deref().and_then(Model::find));
        self.choose(known.map(|kept| kept.file.clone()));
        self.address.set(phone.job.address.to_string());
        self.has_typed.set(true);
    }

    /// The typed address, or what is wrong with it.
    pub(crate) fn typed_address(self) -> Result<PhoneAddress, AddressProblem> {
        self.address.with(|typed| typed.parse())
    }

    /// The model of the chosen file, when it is another than the phone's.
    pub(crate) fn model_of_wrong_file(self) -> Option<&'static Model> {
        let model = self.model.get()?;
        self.firmware.with(|file| shared::firmware::other_model(&file.as_ref()?.name, model))
    }

    /// What the helper is asked to do, once every answer is there.
    pub(crate) fn job(self) -> Option<Job> {
        Some(Job {
            model: self.model.get().map(|model| model.name.to_owned()),
            ..Job::new(
                self.typed_address().ok()?,
                self.firmware.with(|file| file.as_ref().map(|file| file.id.clone()))?,
            )
        })
    }
}
