//! What is made is taken back, in all ways in which a run can end.

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
