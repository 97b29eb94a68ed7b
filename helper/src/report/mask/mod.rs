//! What nobody else may read: passwords, names of computers and people, addresses of the outside.
//!
//! Strict: in doubt a word of the phone's goes. The same secret gets the same placeholder
//! everywhere, `host-1`, so that a reader can follow; a password is `***`. What is needed to
//! understand a recovery stays: private addresses, fields and their names, versions, and the maker's
//! half of a hardware address.
//!
//! - [`message`]: requests and replies
//! - [`keyed`]: values behind the name of what they are, known by [`words`]
//! - [`host`], [`address`], [`mac`], [`people`]: what is known by its shape
//! - [`names`], [`holes`]: what stands there instead

mod address;
mod holes;
mod host;
mod keyed;
pub(crate) mod mac;
mod message;
mod names;
mod people;
#[cfg(test)]
mod tests;
mod words;

use std::collections::{HashMap, HashSet};

use holes::{Hole, filled, runs};
use names::{Names, OWN, SECRET};
use words::{Kind, is_nobodys};

/// A name that is shorter is looked for only where it is known what it is: it may be anything.
const SHORTEST: usize = 4;
/// Secrets with other characters than letters and digits that are looked for everywhere: each costs a
/// look through all texts.
const MOST_ODD: usize = 32;

/// The names of this computer and of the person, which are in no report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own {
    /// What the computer is called.
    pub computer: Vec<String>,
    /// What the person is called on it.
    pub person: Vec<String>,
}

/// What was masked so far, and how.
#[derive(Debug)]
pub struct Masks {
    hosts: Names,
    users: Names,
    addresses: Names,
    macs: Names,
    /// Passwords that stood where it was clear that they are some. They are looked for everywhere.
    secrets: HashSet<String>,
    /// Those of them that are not one word.
    odd_secrets: Vec<String>,
    secret_fields: HashSet<String>,
    own: HashMap<String, &'static str>,
}

impl Masks {
    /// Nothing was masked yet. `secret_fields` are the names of fields for a password.
    pub fn new(own: &Own, secret_fields: impl IntoIterator<Item = String>) -> Self {
        let named = |names: &[String], placeholder| {
            let long = names.iter().filter(|name| name.len() >= SHORTEST && !is_nobodys(name));
            long.map(|name| (name.to_lowercase(), placeholder)).collect::<Vec<_>>()
        };
        Self {
            hosts: Names::new("host"),
            users: Names::new("user"),
            addresses: Names::new("address"),
            macs: Names::new("mac"),
            secrets: HashSet::new(),
            odd_secrets: Vec::new(),
            secret_fields: secret_fields.into_iter().collect(),
            own: named(&own.person, OWN[1]).into_iter().chain(named(&own.computer, OWN[0])).collect(),
        }
    }

    /// How many different ones were masked: hosts, users, addresses, hardware addresses.
    pub fn counts(&self) -> [usize; 4] {
        [&self.hosts, &self.users, &self.addresses, &self.macs].map(Names::count)
    }

    /// Any text.
    pub fn text(&mut self, text: &str) -> String {
        let text = filled(text, people::in_paths(text));
        let holes = host::in_urls(&text, &mut self.hosts);
        let text = filled(&text, holes);
        let text = self.keyed(&text, |kind| kind == Kind::Secret);
        let holes = host::behind_at(&text, &mut self.hosts, &mut self.users);
        let text = filled(&text, holes);
        let text = self.hardware(&text);
        let holes = address::ipv4(&text, &mut self.addresses);
        let text = filled(&text, holes);
        let text = self.keyed(&text, |kind| kind != Kind::Secret);
        let holes = host::alone(&text, &mut self.hosts);
        let text = filled(&text, holes);
        let holes = people::numbers(&text, &mut self.users);
        self.learned(&filled(&text, holes))
    }

    /// A version: numbers with dots may look like an address.
    pub fn version(&mut self, text: &str) -> String {
        let is_version = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'));
        if is_version { text.to_owned() } else { self.text(text) }
    }

    /// Addresses of IPv6, and of hardware.
    fn hardware(&mut self, text: &str) -> String {
        let holes = address::ipv6(text, &mut self.addresses, &mut self.macs);
        let text = filled(text, holes);
        let holes = mac::holes(&text, &mut self.macs);
        filled(&text, holes)
    }

    fn is_secret_field(&self, name: &str) -> bool {
        self.secret_fields.contains(name)
    }

    fn keyed(&mut self, text: &str, wanted: impl Fn(Kind) -> bool) -> String {
        let values = keyed::values(text, |name| self.secret_fields.contains(name));
        let holes = values.into_iter().filter(|value| wanted(value.kind)).filter_map(|value| {
            let original = text.get(value.at.clone())?;
            let masked = self.value(value.kind, original);
            (masked != original).then(|| Hole::new(value.at, masked))
        });
        let holes = holes.collect();
        filled(text, holes)
    }

    /// A value of which it is known what it is.
    fn value(&mut self, kind: Kind, value: &str) -> String {
        let plain = value.trim();
        match kind {
            _ if plain.is_empty() || names::is_placeholder(plain) => value.to_owned(),
            Kind::Secret => {
                self.learn(plain);
                SECRET.to_owned()
            }
            Kind::User if is_nobodys(plain) || address::is_address(plain) || has_placeholder(plain) => {
                value.to_owned()
            }
            Kind::User => self.users.of(plain),
            Kind::Host if host::is_value(plain) => {
                let host = host::host_of(plain);
                format!("{}{}", self.hosts.of(host), &plain[host.len()..])
            }
            Kind::Host => value.to_owned(),
        }
    }

    fn learn(&mut self, secret: &str) {
        /// The documented password of every phone, which our own sentences name.
        const FACTORY: &str = "22222";
        if secret.len() < SHORTEST || is_nobodys(secret) || secret == FACTORY {
            return;
        }
        if secret.chars().all(is_word) {
            self.secrets.insert(secret.to_owned());
        } else if self.odd_secrets.len() < MOST_ODD && !self.odd_secrets.iter().any(|known| known == secret) {
            self.odd_secrets.push(secret.to_owned());
        }
    }

    /// What was known as a secret elsewhere, and the names of the computer and the person.
    fn learned(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.odd_secrets {
            text = text.replace(secret.as_str(), SECRET);
        }
        let holes = runs(&text, is_word).into_iter().filter_map(|run| {
            let word = text.get(run.clone())?.trim_matches(['.', '-', '_']);
            let start = run.start + text.get(run)?.find(word)?;
            let lower = word.to_lowercase();
            if word.chars().count() < SHORTEST || is_nobodys(word) {
                return None;
            }
            let by = match self.own.get(&lower) {
                Some(own) => (*own).to_owned(),
                None if self.secrets.contains(word) => SECRET.to_owned(),
                None => self.hosts.known(&lower).or_else(|| self.users.known(&lower))?,
            };
            Some(Hole::new(start..start + word.len(), by))
        });
        let holes = holes.collect();
        filled(&text, holes)
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '.' | '-' | '_')
}

/// Whether a part of it was masked already, so that the rest of it is no secret.
fn has_placeholder(text: &str) -> bool {
    text.split(|c: char| !(is_word(c) || c == '*')).any(names::is_placeholder)
}
