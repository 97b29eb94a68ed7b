//! Whether this computer goes to sleep while a phone is recovered: what it runs on, what closing
//! its lid does, whether it sleeps by itself, and what keeps it awake meanwhile. A transfer takes
//! half a minute, writing the flash several, and a computer that sleeps in the middle leaves a
//! phone without firmware.
//!
//! Here is what is told of the three systems as data; their readers are pure, and stand beside
//! this file, one for each.

pub(super) mod linux;
pub(super) mod macos;
pub(super) mod windows;

use super::command::CommandLine;

/// What it runs on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Supply {
    /// The mains.
    Mains,
    /// Its battery, with this much in it (0 to 100 %), where that is told.
    Battery(Option<u8>),
    /// Nobody says.
    #[default]
    Unknown,
}

/// What closing the lid does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Lid {
    /// There is none.
    None,
    /// Nothing that stops anything.
    Stays,
    /// The computer sleeps, or is switched off.
    Sleeps,
    /// Nobody says.
    #[default]
    Unknown,
}

/// When it sleeps because nobody types.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Idle {
    /// Never.
    Never,
    /// After this many seconds.
    After(u64),
    /// Nobody says.
    #[default]
    Unknown,
}

/// What is known of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Power {
    /// What it runs on.
    pub supply: Supply,
    /// What closing the lid does.
    pub lid: Lid,
    /// When it sleeps by itself.
    pub idle: Idle,
}

/// What keeps the computer awake. None of it outlives this program, however that ends, so none
/// of it needs a line in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Means {
    /// A program that runs meanwhile, and ends when what it reads from us ends, or we do.
    Program {
        /// How it is started.
        line: CommandLine,
        /// Whether it repeats what it reads, as soon as it holds the computer awake.
        answers: bool,
        /// Whether it holds it awake with a closed lid.
        lid: bool,
    },
    /// A call of the system, which counts as long as the thread lives that made it (Windows).
    Call,
}

impl Means {
    /// Whether it works with a closed lid.
    pub fn holds_the_lid(&self) -> bool {
        match self {
            Means::Program { lid, .. } => *lid,
            Means::Call => false,
        }
    }

    /// Whether it is there, as far as it can be seen without using it.
    pub fn is_there(&self) -> bool {
        match self {
            Means::Program { line, .. } => super::command::is_there(&line.program),
            Means::Call => cfg!(windows),
        }
    }
}
