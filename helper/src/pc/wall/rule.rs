//! The rule that lets one phone in: how it is made, how it is seen, and how it is taken back, for
//! each firewall. On Linux it is for the phone's address alone, on Windows for this program and
//! that address; macOS knows programs only, and ours answers nobody but the phone.

use std::fmt;
use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use super::super::System;
use super::super::command::{CommandError, CommandLine};
use super::application::Entry;
use super::filter::ChainId;
use super::{application, defender, firewalld, iptables, nft, ufw};

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostRule {
    /// Who is let in.
    pub phone: Ipv4Addr,
    /// Where it stands.
    pub place: Place,
}

/// Where a rule stands, with what it takes to find it again after a crash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "wall", rename_all = "snake_case")]
pub enum Place {
    /// Among ufw's own rules.
    Ufw,
    /// In a zone of firewalld's, as long as that runs.
    Firewalld {
        /// The zone of the interface.
        zone: String,
    },
    /// At the head of each of these chains.
    Nftables {
        /// The base chains that drop.
        chains: Vec<ChainId>,
    },
    /// At the head of INPUT.
    Iptables {
        /// `iptables`, or the one of the older kind.
        program: String,
    },
    /// Among the rules of Windows Defender Firewall.
    Defender {
        /// The rule's own name.
        name: String,
        /// This program.
        program: String,
    },
    /// The macOS application firewall's list.
    ApplicationFirewall {
        /// This program.
        program: String,
        /// What was said of it before.
        was: Entry,
    },
}

impl HostRule {
    /// The commands that make it.
    pub fn apply(&self) -> Vec<CommandLine> {
        match &self.place {
            Place::Ufw => vec![ufw::prepend(self.phone)],
            Place::Firewalld { zone } => vec![firewalld::add(zone, self.phone)],
            Place::Nftables { chains } => chains.iter().map(|chain| nft::insert(chain, self.phone)).collect(),
            Place::Iptables { program } => vec![iptables::insert(program, self.phone)],
            Place::Defender { name, program } => vec![defender::add(name, program, self.phone)],
            Place::ApplicationFirewall { program, was } => application::open(program, *was),
        }
    }

    /// The commands that take it away. With nftables, its handle is looked up first, for which the
    /// system may ask the person.
    ///
    /// # Errors
    /// When it cannot be looked up.
    pub fn undo(&self, system: &dyn System) -> Result<Vec<CommandLine>, CommandError> {
        Ok(match &self.place {
            Place::Ufw => vec![ufw::delete(self.phone)],
            Place::Firewalld { zone } => vec![firewalld::remove(zone, self.phone)],
            Place::Nftables { chains } => {
                let mut lines = Vec::new();
                for chain in chains {
                    let handles = self.handles(chain, |line| with_right(system, line))?;
                    lines.extend(handles.iter().map(|handle| nft::delete(chain, &handle.to_string())));
                }
                lines
            }
            Place::Iptables { program } => vec![iptables::delete(program, self.phone)],
            Place::Defender { name, .. } => vec![defender::delete(name)],
            Place::ApplicationFirewall { program, was } => application::close(program, *was),
        })
    }

    /// The same as a person types it, who has to look up the handle by himself.
    pub fn undo_by_hand(&self) -> Vec<CommandLine> {
        match &self.place {
            Place::Nftables { chains } => {
                let both = |chain| [nft::list_chain_by_hand(chain), nft::delete(chain, "HANDLE")];
                chains.iter().flat_map(both).collect()
            }
            Place::Ufw => vec![ufw::delete(self.phone)],
            Place::Firewalld { zone } => vec![firewalld::remove(zone, self.phone)],
            Place::Iptables { program } => vec![iptables::delete(program, self.phone)],
            Place::Defender { name, .. } => vec![defender::delete(name)],
            Place::ApplicationFirewall { program, was } => application::close(program, *was),
        }
    }

    /// Whether each of its commands is one step of the system's own, also behind its question for
    /// an administrator. Where one question is asked for several commands, it is not.
    pub fn is_one_step_each(&self) -> bool {
        match &self.place {
            Place::Ufw
            | Place::Firewalld { .. }
            | Place::Nftables { .. }
            | Place::Iptables { .. }
            | Place::Defender { .. } => true,
            Place::ApplicationFirewall { .. } => false,
        }
    }

    /// Whether it is there, as far as that can be seen without asking anybody for a right.
    pub fn is_made(&self, system: &dyn System) -> Option<bool> {
        let right = || system.may_change().then_some(());
        match &self.place {
            Place::Ufw => {
                right()?;
                Some(ufw::has_rule(&ufw::show_added().run().ok()?, self.phone))
            }
            Place::Firewalld { zone } => match firewalld::query(zone, self.phone).run() {
                Ok(_) => Some(true),
                // Without the right, or without the service, it says something else.
                Err(CommandError::Failed { said, .. }) if said == "no" => Some(false),
                Err(_) => None,
            },
            Place::Nftables { chains } => {
                right()?;
                let made = |chain| self.handles(chain, CommandLine::run).ok().map(|found| !found.is_empty());
                let made: Vec<Option<bool>> = chains.iter().map(made).collect();
                match () {
                    () if made.iter().all(|made| *made == Some(true)) => Some(true),
                    () if made.iter().all(|made| *made == Some(false)) => Some(false),
                    () => None,
                }
            }
            Place::Iptables { program } => {
                right()?;
                Some(iptables::has_rule(&iptables::list(program).run().ok()?, self.phone))
            }
            Place::Defender { name, .. } => match defender::show(name).run() {
                Ok(_) => Some(true),
                Err(CommandError::Failed { .. }) => Some(false),
                Err(CommandError::Missing(_)) => None,
            },
            Place::ApplicationFirewall { program, was } => {
                let now = application::entry(&application::list().run().ok()?, program)?;
                match now == *was {
                    true => Some(false),
                    false => (now == Entry::Allowed).then_some(true),
                }
            }
        }
    }

    /// Our handles in a chain. A chain that is gone has none.
    fn handles(
        &self,
        chain: &ChainId,
        run: impl Fn(&CommandLine) -> Result<String, CommandError>,
    ) -> Result<Vec<u64>, CommandError> {
        let line = nft::list_chain(chain);
        match run(&line) {
            Ok(said) => nft::handles(&said, self.phone).ok_or_else(|| CommandError::Failed {
                command: line.to_string(),
                said: shared::text::pc::NOT_UNDERSTOOD.to_owned(),
            }),
            Err(CommandError::Failed { said, .. }) if said.contains("No such file or directory") => {
                Ok(Vec::new())
            }
            Err(error) => Err(error),
        }
    }
}

/// Runs a command that needs an administrator, and says what it wrote.
pub(in super::super) fn with_right(system: &dyn System, line: &CommandLine) -> Result<String, CommandError> {
    let lines = match system.may_change() {
        true => vec![line.clone()],
        false => system.elevated(std::slice::from_ref(line)),
    };
    let mut said = String::new();
    for line in lines {
        said = line.run()?;
    }
    Ok(said)
}

impl fmt::Display for HostRule {
    /// What is done, for the middle of a sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use shared::text::pc as words;
        let phone = self.phone;
        f.write_str(&match &self.place {
            Place::Ufw => words::rule_for("ufw", phone),
            Place::Firewalld { zone } => words::rule_for_zone(zone, phone),
            Place::Nftables { chains } => {
                let chains: Vec<String> = chains.iter().map(ToString::to_string).collect();
                words::rule_for(&chains.join(", "), phone)
            }
            Place::Iptables { program } => words::rule_for(program, phone),
            Place::Defender { .. } => words::program_rule_for(phone),
            Place::ApplicationFirewall { .. } => words::PROGRAM_LET_IN.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::here;
    use super::*;

    fn rules() -> Vec<HostRule> {
        let chain = |chain: &str| ChainId { family: "inet".into(), table: "t".into(), chain: chain.into() };
        let program = || "/opt/hookflash".to_owned();
        [
            Place::Ufw,
            Place::Firewalld { zone: "public".into() },
            Place::Nftables { chains: vec![chain("a"), chain("b")] },
            Place::Iptables { program: "iptables".into() },
            Place::Defender { name: "hookflash-x".into(), program: program() },
            Place::ApplicationFirewall { program: program(), was: Entry::Blocked },
        ]
        .map(|place| HostRule { phone: Ipv4Addr::new(192, 168, 1, 5), place })
        .into()
    }

    #[test]
    fn every_rule_is_kept_as_text_and_names_whom_it_lets_in() {
        for rule in rules() {
            let text = serde_json::to_string(&rule).unwrap();
            assert_eq!(serde_json::from_str::<HostRule>(&text).unwrap(), rule, "{text}");
            let is_apples = matches!(rule.place, Place::ApplicationFirewall { .. });
            assert!(is_apples || rule.to_string().contains("192.168.1.5"), "{rule}");
            assert!(!rule.apply().is_empty() && !rule.undo_by_hand().is_empty(), "{rule}");
            for line in rule.apply() {
                let names_it = line.to_string().contains("192.168.1.5");
                assert!(is_apples || names_it, "for this phone alone: {line}");
            }
        }
    }

    #[test]
    fn what_has_no_handle_is_taken_back_by_the_command_that_is_shown() {
        for rule in rules().into_iter().filter(|rule| !matches!(rule.place, Place::Nftables { .. })) {
            assert_eq!(rule.undo(here()), Ok(rule.undo_by_hand()), "{rule}");
        }
        let shown: Vec<String> = rules()[2].undo_by_hand().iter().map(ToString::to_string).collect();
        assert_eq!(
            shown[..2],
            ["nft -a list chain inet t a", "nft delete rule inet t a handle HANDLE"].map(str::to_owned)
        );
        assert_eq!(shown.len(), 4);
    }
}
