//! `hookflash undo`, and the same at the start of whatever may change something: takes back what
//! a crash left on this computer.

use std::process::ExitCode;

use shared::failure::FailureCode;
use shared::text;

use super::show::print;
use crate::pc::journal::usual_place;
use crate::pc::keeper::{RolledBack, Trouble, roll_back};
use crate::pc::{here, journal};

/// Takes everything back, and says what it was.
pub(super) fn run() -> anyhow::Result<ExitCode> {
    let Some(folder) = usual_place() else {
        anyhow::bail!("this system has no folder for the journal of changes")
    };
    let RolledBack { done, troubles } = roll_back(here(), &folder);
    for change in &done {
        print(&format!("Taken away again: {change}."));
    }
    for Trouble { change, said, by_hand } in &troubles {
        print(&format!("Still there: {change}. {said}. {}", text::pc::by_hand(by_hand)));
    }
    if journal::is_in_use(&folder) {
        print("Another hookflash runs, and takes back its own changes when it ends.");
    }
    if done.is_empty() && troubles.is_empty() {
        print(&format!("Nothing is left to take back in {}.", folder.display()));
        if !here().may_change() {
            print("If hookflash was started as administrator, run this as administrator, too.");
        }
    }
    let not_ready = FailureCode::PcNoRoute.exit_code();
    Ok(if troubles.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(not_ready) })
}

/// The same before something else begins, without many words.
pub(super) fn take_back_what_was_left() {
    let Some(folder) = usual_place() else { return };
    let RolledBack { done, troubles } = roll_back(here(), &folder);
    for change in done {
        tracing::warn!("an earlier run had left {change}; it was taken away");
    }
    complain(&troubles);
}

/// Says what is left to do by hand.
pub(super) fn complain(troubles: &[Trouble]) {
    for Trouble { change, said, by_hand } in troubles {
        tracing::error!("{change} is still there: {said}. {}", text::pc::by_hand(by_hand));
    }
}
