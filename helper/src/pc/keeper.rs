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
mod tests {
    use std::fs;
    use std::io;
    use std::net::Ipv4Addr;

    use super::super::change::{HostAddress, NetworkAddress};
    use super::super::interface::{Interface, Neighbour, Snapshot};
    use super::super::ports::{Holder, Port};
    use super::super::subnet::Network;
    use super::*;

    /// A system whose addresses are files in a folder. Nobody is asked for a right, unless
    /// `asks`; then the answer is no.
    #[derive(Debug)]
    struct Files {
        folder: tempfile::TempDir,
        asks: bool,
    }

    impl Files {
        fn new(asks: bool) -> &'static Self {
            let folder = tempfile::tempdir().unwrap();
            Box::leak(Box::new(Self { folder, asks }))
        }

        fn path(&self, address: &HostAddress) -> String {
            self.folder.path().join(address.ours.to_string()).display().to_string()
        }

        fn addresses(&self) -> usize {
            fs::read_dir(self.folder.path()).unwrap().count()
        }
    }

    impl System for Files {
        fn snapshot(&self) -> io::Result<Snapshot> {
            let names = fs::read_dir(self.folder.path())?.flatten().map(|entry| entry.file_name());
            let addresses = names.filter_map(|name| Some(Network::new(name.to_str()?.parse().ok()?, 32)));
            let interface = Interface { addresses: addresses.collect(), ..Interface::named("eth0") };
            Ok(Snapshot { interfaces: vec![interface], routes: Vec::new() })
        }

        fn neighbours(&self) -> Vec<Neighbour> {
            Vec::new()
        }

        /// The second one fails for addresses that end in 13.
        fn add(&self, address: &HostAddress) -> Vec<CommandLine> {
            let second = if address.ours.octets()[3] == 13 { "false" } else { "true" };
            vec![CommandLine::new("touch", [self.path(address)]), CommandLine::of(second)]
        }

        fn remove(&self, address: &HostAddress) -> Vec<CommandLine> {
            vec![CommandLine::of("false"), CommandLine::new("rm", [self.path(address)])]
        }

        fn add_network(&self, address: &NetworkAddress) -> Vec<CommandLine> {
            vec![CommandLine::new(
                "touch",
                [self.folder.path().join(address.ours.to_string()).display().to_string()],
            )]
        }

        fn remove_network(&self, address: &NetworkAddress) -> Vec<CommandLine> {
            vec![CommandLine::new(
                "rm",
                [self.folder.path().join(address.ours.to_string()).display().to_string()],
            )]
        }

        fn may_change(&self) -> bool {
            !self.asks
        }

        fn elevated(&self, _lines: &[CommandLine]) -> Vec<CommandLine> {
            vec![CommandLine::of("false")]
        }

        fn by_hand(&self, line: &CommandLine) -> String {
            line.behind("sudo").to_string()
        }

        fn holder(&self, _port: Port) -> Option<Holder> {
            None
        }

        fn port_right(&self, _program: &Path) -> Option<String> {
            None
        }
    }

    fn change(last: u8) -> Change {
        let (ours, phone) = (Ipv4Addr::new(192, 168, 1, last), Ipv4Addr::new(192, 168, 1, 5));
        Change::Address(HostAddress { interface: "eth0".into(), index: None, ours, phone })
    }

    struct Desk {
        system: &'static Files,
        journals: tempfile::TempDir,
    }

    impl Desk {
        fn new(asks: bool) -> Self {
            Self { system: Files::new(asks), journals: tempfile::tempdir().unwrap() }
        }

        fn keeper(&self) -> Keeper {
            Keeper::new(self.system, Some(self.journals.path().to_owned()))
        }

        fn journals(&self) -> usize {
            fs::read_dir(self.journals.path()).unwrap().count()
        }
    }

    #[test]
    fn what_is_made_is_taken_back_at_the_end_and_when_the_keeper_is_dropped() {
        let desk = Desk::new(false);
        let mut keeper = desk.keeper();
        keeper.make(&change(1)).unwrap();
        keeper.make(&change(2)).unwrap();
        assert_eq!((desk.system.addresses(), desk.journals()), (2, 1));
        assert_eq!(keeper.take_back(), []);
        assert_eq!((desk.system.addresses(), desk.journals()), (0, 0));
        keeper.make(&change(3)).unwrap();
        drop(keeper);
        assert_eq!((desk.system.addresses(), desk.journals()), (0, 0));
    }

    #[test]
    fn a_change_that_fails_half_way_leaves_nothing() {
        let desk = Desk::new(false);
        let mut keeper = desk.keeper();
        let trouble = keeper.make(&change(13)).unwrap_err();
        assert!(trouble.by_hand[0].starts_with("sudo touch "), "{trouble:?}");
        assert_eq!(desk.system.addresses(), 0);
        assert_eq!(keeper.made(), []);
    }

    #[test]
    fn without_the_right_nothing_is_made_and_the_commands_are_told() {
        let desk = Desk::new(true);
        let mut keeper = desk.keeper();
        let trouble = keeper.make(&change(1)).unwrap_err();
        assert_eq!((trouble.by_hand.len(), desk.system.addresses()), (2, 0));
        drop(keeper);
        assert_eq!(desk.journals(), 0, "nothing is left to take back");
    }

    #[test]
    fn without_a_journal_nothing_is_made() {
        let desk = Desk::new(false);
        fs::write(desk.journals.path().join("file"), "").unwrap();
        for folder in [None, Some(desk.journals.path().join("file"))] {
            let mut keeper = Keeper::new(desk.system, folder);
            assert!(keeper.make(&change(1)).is_err());
            assert_eq!(desk.system.addresses(), 0);
        }
    }

    #[test]
    fn what_a_crash_left_is_rolled_back_once_and_what_cannot_be_stays_in_the_journal() {
        let desk = Desk::new(false);
        let mut keeper = desk.keeper();
        keeper.make(&change(1)).unwrap();
        // A crash: nothing is taken back, and the lock goes.
        drop(keeper.journal.take());
        assert_eq!((desk.system.addresses(), desk.journals()), (1, 1));
        let without_right = Box::leak(Box::new(Files { folder: tempfile::tempdir().unwrap(), asks: true }));
        fs::write(without_right.folder.path().join("192.168.1.1"), "").unwrap();
        let rolled = roll_back(without_right, desk.journals.path());
        assert_eq!((rolled.done.len(), rolled.troubles.len(), desk.journals()), (0, 1, 1));
        let rolled = roll_back(desk.system, desk.journals.path());
        assert_eq!((rolled.done.len(), rolled.troubles.len()), (1, 0));
        assert_eq!((desk.system.addresses(), desk.journals()), (0, 0));
        assert_eq!(roll_back(desk.system, desk.journals.path()), RolledBack::default());
    }

    #[test]
    fn what_goes_by_itself_is_made_again_while_the_keeper_holds_it() {
        let desk = Desk::new(false);
        let mut keeper = desk.keeper();
        keeper.make(&change(1)).unwrap();
        let mend = |keeper: &Keeper| keeper.mend(&desk.system.snapshot().unwrap());
        assert_eq!(mend(&keeper), Mended::default());
        fs::remove_file(desk.system.folder.path().join("192.168.1.1")).unwrap();
        let mended = mend(&keeper);
        assert_eq!((mended.again.len(), mended.missing.len()), (1, 0));
        assert_eq!(desk.system.addresses(), 1);
    }

    #[test]
    fn what_cannot_be_made_again_is_told_with_the_commands() {
        let desk = Desk::new(false);
        let mut keeper = desk.keeper();
        keeper.make(&change(1)).unwrap();
        fs::remove_file(desk.system.folder.path().join("192.168.1.1")).unwrap();
        // The right is gone meanwhile.
        let system = keeper.system;
        keeper.system = Files::new(true);
        let Mended { again, missing } = keeper.mend(&desk.system.snapshot().unwrap());
        keeper.system = system;
        assert_eq!((again.len(), missing.len()), (0, 1));
        assert!(missing[0].by_hand[0].starts_with("sudo touch "), "{missing:?}");
    }
}
