//! The configurations that keep a phone away from its old provider (domain.md 4.1).
//!
//! A phone at its factory state asks the maker's redirection server first, and that may lock it
//! again. `contact rcs: 0` forbids it. The file must be there and valid, or the phone refuses
//! to boot; `aastra.cfg` is the name up to 4.1, `startup.cfg` from 4.2 on. Those for one phone
//! or one model, and encrypted ones (`.tuz`), may be missing and are.

/// A valid configuration that sets nothing else.
const MINIMAL: &str = "# hookflash: this phone is being recovered and contacts no provider\ncontact rcs: 0\n";

/// Names that are answered, in lower case.
const ANSWERED: [&str; 2] = ["aastra.cfg", "startup.cfg"];

/// Endings of all configurations, in lower case.
const ENDINGS: [&str; 2] = [".cfg", ".tuz"];

/// Whether this name, without folders and in lower case, asks for a configuration.
pub(super) fn is_configuration(name: &str) -> bool {
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// What is answered to it, if anything.
pub(super) fn answer(name: &str) -> Option<&'static str> {
    ANSWERED.contains(&name).then_some(MINIMAL)
}
