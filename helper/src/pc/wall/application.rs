//! The macOS application firewall: it lets programs in or keeps them out, each for everybody.
//! The formats are those that `socketfilterfw` is known to write; nobody has run this on a Mac
//! yet, and what is written otherwise is unknown.

use serde::{Deserialize, Serialize};

use super::super::command::CommandLine;
use super::{Finding, Verdict};
use shared::text::pc as words;

/// It is in nobody's search path.
const PROGRAM: &str = "/usr/libexec/ApplicationFirewall/socketfilterfw";

/// What it knows of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// Nothing: it asks the person.
    Missing,
    /// It is let in.
    Allowed,
    /// It is kept out, most often since a question was answered so.
    Blocked,
}

/// The command that says whether it is on.
pub fn global_state() -> CommandLine {
    of(&["--getglobalstate"])
}

/// The command that says whether everything is kept out.
pub fn block_all() -> CommandLine {
    of(&["--getblockall"])
}

/// The command that tells all programs.
pub fn list() -> CommandLine {
    of(&["--listapps"])
}

/// The commands that let our program in.
pub fn open(program: &str, was: Entry) -> Vec<CommandLine> {
    match was {
        Entry::Missing => vec![of(&["--add", program]), of(&["--unblockapp", program])],
        Entry::Blocked => vec![of(&["--unblockapp", program])],
        Entry::Allowed => Vec::new(),
    }
}

/// The commands that make it as it was.
pub fn close(program: &str, was: Entry) -> Vec<CommandLine> {
    match was {
        Entry::Missing => vec![of(&["--remove", program])],
        Entry::Blocked => vec![of(&["--blockapp", program])],
        Entry::Allowed => Vec::new(),
    }
}

fn of(args: &[&str]) -> CommandLine {
    CommandLine::new(PROGRAM, args.iter().copied())
}

/// `Firewall is enabled. (State = 1)`.
pub fn is_on(said: &str) -> Option<bool> {
    let state = said.split("State = ").nth(1)?;
    Some(!state.starts_with('0'))
}

/// `Block all DISABLED!`, or `Firewall has block all state set to disabled.`
pub fn blocks_all(said: &str) -> Option<bool> {
    let said = said.to_lowercase();
    match (said.contains("disabled"), said.contains("enabled")) {
        (true, _) => Some(false),
        (false, true) => Some(true),
        (false, false) => None,
    }
}

/// What the list says of a program: a line with its path, and one in brackets behind it.
pub fn entry(said: &str, program: &str) -> Option<Entry> {
    if !said.contains("total number of apps") {
        return None;
    }
    let is_it = |line: &str| line.split_once(" : ").is_some_and(|(_, path)| path.trim() == program);
    let mut lines = said.lines().skip_while(|line| !is_it(line)).skip(1);
    match lines.find(|line| !line.trim().is_empty()) {
        None => Some(Entry::Missing),
        Some(state) if state.contains("Allow") => Some(Entry::Allowed),
        Some(state) if state.contains("Block") => Some(Entry::Blocked),
        Some(_) => None,
    }
}

/// Whether it lets our program be spoken to.
pub fn judge(on: Option<bool>, all: Option<bool>, entry: Option<Entry>) -> Finding {
    match (on, all, entry) {
        (Some(false), ..) => Finding::new(Verdict::LetsIn, words::WALL_IS_OFF),
        (Some(true), Some(true), _) => Finding::new(Verdict::KeepsOut, words::APPLE_BLOCKS_ALL),
        (Some(true), _, Some(Entry::Blocked)) => Finding::new(Verdict::KeepsOut, words::PROGRAM_IS_BLOCKED),
        (Some(true), Some(false), Some(Entry::Allowed)) => {
            Finding::new(Verdict::LetsIn, words::PROGRAM_IS_ALLOWED)
        }
        (Some(true), _, Some(Entry::Missing)) => Finding::new(Verdict::Unknown, words::APPLE_ASKS),
        (None, ..) | (Some(true), ..) => Finding::new(Verdict::Unknown, words::NOT_LOOKED_AT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "ALF: total number of apps = 2 \n\n\
        1 :  /Applications/hook flash/hookflash \n\t ( Block incoming connections ) \n\n\
        2 :  /usr/local/bin/hookflash \n\t ( Allow incoming connections ) \n\n";

    #[test]
    fn what_it_says_is_read() {
        assert_eq!(is_on("Firewall is enabled. (State = 1)"), Some(true));
        assert_eq!(is_on("Firewall is disabled. (State = 0)"), Some(false));
        assert_eq!(is_on("?"), None);
        assert_eq!(blocks_all("Block all DISABLED! "), Some(false));
        assert_eq!(blocks_all("Firewall has block all state set to enabled."), Some(true));
        assert_eq!(blocks_all(""), None);
        assert_eq!(entry(LIST, "/Applications/hook flash/hookflash"), Some(Entry::Blocked));
        assert_eq!(entry(LIST, "/usr/local/bin/hookflash"), Some(Entry::Allowed));
        assert_eq!(entry(LIST, "/usr/local/bin/hook"), Some(Entry::Missing));
        assert_eq!(entry("usage: socketfilterfw", "x"), None);
    }

    #[test]
    fn c08_what_was_blocked_once_is_known_and_what_is_unknown_is_not_open() {
        let judge = |on, all, entry| judge(on, all, entry).verdict;
        assert_eq!(judge(Some(false), None, None), Verdict::LetsIn);
        assert_eq!(judge(Some(true), Some(false), Some(Entry::Allowed)), Verdict::LetsIn);
        assert_eq!(judge(Some(true), Some(true), Some(Entry::Allowed)), Verdict::KeepsOut);
        assert_eq!(judge(Some(true), Some(false), Some(Entry::Blocked)), Verdict::KeepsOut);
        assert_eq!(judge(Some(true), Some(false), Some(Entry::Missing)), Verdict::Unknown);
        assert_eq!(judge(Some(true), None, Some(Entry::Allowed)), Verdict::Unknown);
        assert_eq!(judge(None, None, None), Verdict::Unknown);
    }

    #[test]
    fn a_program_is_let_in_and_made_as_it_was() {
        let text = |lines: Vec<CommandLine>| -> Vec<String> {
            lines.iter().map(|line| line.args.join(" ")).collect()
        };
        assert_eq!(text(open("/x", Entry::Missing)), ["--add /x", "--unblockapp /x"]);
        assert_eq!(text(close("/x", Entry::Missing)), ["--remove /x"]);
        assert_eq!(text(open("/x", Entry::Blocked)), ["--unblockapp /x"]);
        assert_eq!(text(close("/x", Entry::Blocked)), ["--blockapp /x"]);
        assert_eq!((text(open("/x", Entry::Allowed)), text(close("/x", Entry::Allowed))), (vec![], vec![]));
        assert_eq!(list().program, "/usr/libexec/ApplicationFirewall/socketfilterfw");
    }
}
