//! Every sentence for people that both the page and the terminal say.
//!
//! The matches are exhaustive, so a new phase or failure does not compile until it has its
//! words. Voice: short, kind, exact; never blame; a failure is named, explained, and followed
//! by the next thing to do.

pub mod amount;
pub mod dhcp;
mod en;
pub mod form;
pub mod pc;
pub mod report;

use crate::address::AddressProblem;
use crate::catalogue::rules::RuleName;
use crate::catalogue::whereabouts::Whereabouts;
use crate::failure::FailureCode;
use crate::phase::Phase;
use crate::protocol::ConfigurationRequest;

/// What a person does with a phone that is free, before it meets its network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AfterwardsText {
    /// What this is about.
    pub heading: &'static str,
    /// When it is safe to plug it in.
    pub safe: &'static str,
    /// What to ask the old provider.
    pub provider: &'static str,
}

/// The words of a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhaseText {
    /// What is going on.
    pub heading: &'static str,
    /// What that means for the person.
    pub lead: &'static str,
}

/// The words of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailureText {
    /// What happened, by name.
    pub heading: &'static str,
    /// What that means, most likely.
    pub meaning: &'static str,
    /// What to do next.
    pub next: &'static str,
}

/// The words of a phase.
pub fn phase(phase: Phase) -> PhaseText {
    en::phase(phase)
}

/// What comes after a verified recovery (domain.md 4.1).
pub fn afterwards() -> AfterwardsText {
    en::afterwards()
}

/// The words of a failure.
pub fn failure(code: FailureCode) -> FailureText {
    en::failure(code)
}

/// What a rule about versions says (domain.md 3.4).
pub fn rule(rule: RuleName) -> &'static str {
    en::rule(rule)
}

/// The words around what to look for when the file is missing (case C30).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhereaboutsText {
    /// The name of the file, and how sure it is.
    pub file: String,
    /// What the list of archives is, or that there is none.
    pub known: &'static str,
    /// That some of them are risky, and how those are marked.
    pub risky: Option<&'static str>,
    /// What the words are.
    pub search: &'static str,
}

/// Where a firmware may be found.
pub fn whereabouts(place: &Whereabouts) -> WhereaboutsText {
    en::whereabouts(place)
}

/// That the phone asked us for a configuration.
pub fn configuration(request: &ConfigurationRequest) -> String {
    en::configuration(request)
}

/// What is wrong with a typed address, and what to type.
pub fn address_problem(problem: AddressProblem) -> &'static str {
    en::address_problem(problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words that the main path never says (case C31).
    const JARGON: [&str; 8] = ["TFTP", "subnet", "RRQ", "UDP", "payload", "rung", "socket", "error occurred"];

    #[track_caller]
    fn is_plain(sentence: &str) {
        assert!(sentence.len() > 10, "too short: {sentence:?}");
        for word in JARGON {
            assert!(!sentence.contains(word), "{word} in {sentence:?}");
        }
    }

    #[test]
    fn every_failure_has_a_heading_a_meaning_and_a_next_step() {
        for code in FailureCode::ALL {
            let text = failure(*code);
            for sentence in [text.heading, text.meaning, text.next] {
                is_plain(sentence);
            }
            assert!(!text.heading.ends_with('.'), "{}", text.heading);
            assert!(text.next.ends_with('.'), "{}", text.next);
        }
    }

    #[test]
    fn afterwards_the_network_and_the_old_provider_are_spoken_of() {
        let words = afterwards();
        is_plain(words.heading);
        is_plain(words.safe);
        is_plain(words.provider);
        assert!(words.provider.contains("MAC") && words.provider.contains("RCS"));
    }

    #[test]
    fn every_rule_about_versions_has_its_sentence() {
        for each in crate::catalogue::rules::RULES {
            is_plain(rule(each.name));
            assert!(rule(each.name).ends_with('.'));
        }
    }

    #[test]
    fn every_phase_has_a_heading_and_a_sentence() {
        for each in Phase::ALL {
            is_plain(phase(each).heading);
            is_plain(phase(each).lead);
        }
    }
}
