//! The screens of the journey, one folder each.

mod check;
mod connect;
mod done;
mod failed;
mod firmware;
mod phone;
mod recover;
mod symptom;
mod waiting;

use shared::failure::Failure;
use shared::protocol::{Outcome, PhoneView};

pub(crate) use check::CheckStep;
pub(crate) use connect::ConnectStep;
pub(crate) use done::DoneStep;
pub(crate) use failed::FailedStep;
pub(crate) use firmware::FirmwareStep;
pub(crate) use phone::PhoneStep;
pub(crate) use recover::RecoverStep;
pub(crate) use symptom::SymptomStep;
pub(crate) use waiting::{KeyRefused, OtherVersion, Waiting};

/// How a phone failed, if it did.
pub(crate) fn failure_of(phone: &PhoneView) -> Option<Failure> {
    match &phone.outcome {
        Some(Outcome::Failed(failure)) => Some(failure.clone()),
        Some(Outcome::Verified) | None => None,
    }
}
