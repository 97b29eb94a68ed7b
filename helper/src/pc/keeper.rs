//! Makes changes and takes them back: the rim of [`change`](super::change) and the
//! [`journal`](super::journal).
//!
//! Whatever was made is taken back when the keeper is dropped, so a failure, a panic and Ctrl-C
//! leave nothing behind; what even that does not reach stands in the journal.

use std::path::{Path, PathBuf};

use shared::text;

use super::System;
use super::change::Change;
use super::command::{CommandError, CommandLine};
use super::interface::Snapshot;
use super::journal::Journal;

/// A change that could not be made or taken back, and what a person does then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What it was about, for the middle of a sentence.
    pub change: String,
    /// What the system said.
    pub said: String,
    /// The commands, as they are typed.
    pub by_hand: Vec<String>,
}

/// Makes changes, and takes back what it has made.
#[derive(Debug)]
pub struct Keeper {
    system: &'static dyn System,
    folder: Option<PathBuf>,
    journal: Option<Journal>,
}

/// What was taken back of earlier runs.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct RolledBack {
    /// What was taken back, or had gone by itself.
    pub done: Vec<String>,
    /// What could not be.
    pub troubles: Vec<Trouble>,
}

/// What was gone.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Mended {
    /// What is there again.
    pub again: Vec<String>,
    /// What is not.
    pub missing: Vec<Trouble>,
}

impl Keeper {
    /// A keeper whose journal is in this folder. Nothing is written before something is made.
    pub fn new(system: &'static dyn System, folder: Option<PathBuf>) -> Self {
        Self { system, folder, journal: None }
    }

    /// What is made and not taken back.
    pub fn made(&self) -> &[Change] {
        self.journal.as_ref().map(Journal::pending).unwrap_or_default()
    }

    /// Makes a change. Blocks; the system may ask the person for a password.
    ///
    /// # Errors
    /// When it could not be made, and then nothing of it is left; [`Trouble::by_hand`] says how
    /// a person makes it.
    pub fn make(&mut self, change: &Change) -> Result<(), Trouble> {
        let system = self.system;
        let lines = change.apply(system);
        let trouble = |said: String| Trouble {
            change: change.to_string(),
            said,
            by_hand: lines.iter().map(|line| system.by_hand(line)).collect(),
        };
        let journal = match (&mut self.journal, &self.folder) {
            (Some(journal), _) => journal,
            (None, None) => {
                return Err(trouble("this system has no folder for the journal of changes".into()));
            }
            (None, Some(folder)) => {
                let begun = Journal::begin(folder);
                let begun = begun.map_err(|error| trouble(format!("{}: {error}", folder.display())))?;
                self.journal.insert(begun)
            }
        };
        journal.about_to_make(change).map_err(|error| trouble(format!("the journal: {error}")))?;
        if let Err((done, error)) = run_each(system, &lines) {
            // A part of it may have been made; not so where the first question was answered with
            // no, and nobody is asked once more to take back nothing.
            let nothing = done == 0 && !system.may_change() && change.is_one_step_each();
            if nothing || take_back(system, change).is_ok() {
                noted(journal, change);
            }
            return Err(trouble(error.to_string()));
        }
        Ok(())
    }

    /// Makes once more what has gone by itself, as it is seen now: an address that went with the
    /// link. Only where this program has the right, for nobody is asked a second time.
    pub fn mend(&self, now: &Snapshot) -> Mended {
        let mut mended = Mended::default();
        let gone: Vec<&Change> =
            self.made().iter().filter(|change| change.is_made(self.system, now) == Some(false)).collect();
        if gone.is_empty() {
            return mended;
        }
        let may = self.system.may_change();
        for change in gone {
            let lines = change.apply(self.system);
            let made = match may {
                true => run(self.system, &lines).map_err(|error| error.to_string()),
                false => Err(text::pc::NO_RIGHT.to_owned()),
            };
            match made {
                Ok(()) => mended.again.push(change.to_string()),
                Err(said) => mended.missing.push(Trouble {
                    change: change.to_string(),
                    said,
                    by_hand: lines.iter().map(|line| self.system.by_hand(line)).collect(),
                }),
            }
        }
        mended
    }

    /// Takes one change back.
    ///
    /// # Errors
    /// When it could not be; it stays in the journal.
    pub fn unmake(&mut self, change: &Change) -> Result<(), Trouble> {
        let Some(journal) = &mut self.journal else { return Ok(()) };
        take_back(self.system, change)?;
        noted(journal, change);
        Ok(())
    }

    /// Takes everything back, the last first, and says what could not be.
    pub fn take_back(&mut self) -> Vec<Trouble> {
        let Some(mut journal) = self.journal.take() else { return Vec::new() };
        let troubles = all_back(self.system, &mut journal, &mut Vec::new());
        journal.end();
        troubles
    }

    /// The same, and nothing is made from then on: there is no journal any more.
    pub fn close(&mut self) -> Vec<Trouble> {
        self.folder = None;
        self.take_back()
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        for Trouble { change, said, by_hand } in self.take_back() {
            tracing::error!(%change, %said, by_hand = by_hand.join("; "), "not taken back");
        }
    }
}

/// Takes back what earlier runs have left. Blocks.
pub fn roll_back(system: &'static dyn System, folder: &Path) -> RolledBack {
    let mut rolled = RolledBack::default();
    for mut journal in Journal::abandoned(folder) {
        rolled.troubles.extend(all_back(system, &mut journal, &mut rolled.done));
        journal.end();
    }
    rolled
}

fn all_back(system: &'static dyn System, journal: &mut Journal, done: &mut Vec<String>) -> Vec<Trouble> {
    let mut troubles = Vec::new();
    let pending: Vec<Change> = journal.pending().iter().rev().cloned().collect();
    for change in pending {
        match take_back(system, &change) {
            Ok(()) => {
                noted(journal, &change);
                done.push(change.to_string());
            }
            Err(trouble) => troubles.push(trouble),
        }
    }
    troubles
}

/// Takes a change back; one that is not there any more needs nothing.
fn take_back(system: &'static dyn System, change: &Change) -> Result<(), Trouble> {
    let is_made = || system.snapshot().ok().and_then(|now| change.is_made(system, &now));
    if is_made() == Some(false) {
        return Ok(());
    }
    let trouble = |error: &CommandError| Trouble {
        change: change.to_string(),
        said: error.to_string(),
        by_hand: change.undo_by_hand(system),
    };
    let lines = change.undo(system).map_err(|error| trouble(&error))?;
    // All of them: the second may work where the first found nothing to do.
    let failed: Vec<CommandError> = match system.may_change() {
        true => lines.iter().filter_map(|line| line.run().err()).collect(),
        false => run(system, &lines).err().into_iter().collect(),
    };
    match (failed.first(), is_made()) {
        (None, _) | (_, Some(false)) => Ok(()),
        (Some(error), _) => Err(trouble(error)),
    }
}

fn noted(journal: &mut Journal, change: &Change) {
    if let Err(error) = journal.taken_back(change) {
        tracing::warn!(%error, "the journal does not know that {change} is taken back");
    }
}

/// Runs commands that need an administrator, up to the first that fails.
fn run(system: &dyn System, lines: &[CommandLine]) -> Result<(), CommandError> {
    run_each(system, lines).map_err(|(_, error)| error)
}

/// The same, with how many were run before it.
fn run_each(system: &dyn System, lines: &[CommandLine]) -> Result<(), (usize, CommandError)> {
    let lines = if system.may_change() { lines.to_vec() } else { system.elevated(lines) };
    lines.iter().enumerate().try_for_each(|(done, line)| {
        tracing::info!(command = %line, "changing this computer");
        line.run().map(drop).map_err(|error| (done, error))
    })
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
