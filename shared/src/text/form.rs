//! What each field of the phone's form was taken for, and why, in words.

use crate::form::{Certainty, Evidence, Mapped, Role, Target};

/// What a field is for.
pub fn role(target: Target) -> String {
    let role = match target.role {
        Role::FileName => "the name of the firmware file",
        Role::FileKind => "what kind of file it is",
        Role::Protocol => "the way in which the phone fetches the file",
        Role::Server => "this computer's address",
        Role::Path => "the folder of the file",
        Role::User => "the user",
        Role::Password => "the password",
        Role::Port => "the port",
        Role::Upload => "the firmware file itself",
        Role::Url => "the whole address of the file",
        Role::Confirm => "a yes to what is going to happen",
    };
    match target.protocol {
        Some(protocol) => format!("{role}, for {}", protocol.name().to_uppercase()),
        None => role.to_owned(),
    }
}

/// Why a field was taken for that.
pub fn evidence(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Kind => "it is made for choosing a file".to_owned(),
        Evidence::Choice(choice) => format!("one of its choices is \"{choice}\""),
        Evidence::KnownName(name) => format!("other phones of this maker have a field \"{name}\" for it"),
        Evidence::Value(value) => format!("it came filled with \"{value}\""),
        Evidence::Name(word) => format!("its name says \"{word}\""),
        Evidence::Label(word) => format!("the words beside it say \"{word}\""),
        Evidence::Heading(word) => format!("the heading above it says \"{word}\""),
        Evidence::Position => "nothing but its place on the page says so".to_owned(),
    }
}

/// How sure that is.
pub fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Sure => "sure",
        Certainty::Likely => "likely",
        Certainty::Guess => "a guess",
    }
}

/// All of it in one sentence.
pub fn mapped(name: &str, mapped: &Mapped) -> String {
    let (role, why) = (role(mapped.target), evidence(&mapped.evidence));
    format!("The field \"{name}\" is for {role} ({}): {why}.", certainty(mapped.certainty))
}

/// What is asked when two fields could be the same thing.
pub fn tie(target: Target, names: &[&str]) -> String {
    format!("Which of these fields is for {}: {}?", role(target), names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{Protocol, Role};

    #[test]
    fn a_field_and_its_reason_are_one_sentence() {
        let field = Mapped {
            control: 0,
            target: Target::only(Role::Server, Protocol::Tftp),
            certainty: Certainty::Likely,
            evidence: Evidence::Label("serv".into()),
        };
        assert_eq!(
            mapped("f4", &field),
            "The field \"f4\" is for this computer's address, for TFTP (likely): the words beside it say \"serv\"."
        );
    }

    #[test]
    fn every_role_has_its_own_words() {
        let words: std::collections::BTreeSet<_> = Role::ALL.map(|r| role(Target::any(r))).into();
        assert_eq!(words.len(), Role::ALL.len());
    }
}
