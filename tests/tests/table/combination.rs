//! Which phones there are in the table.

use std::fmt;

use simulator::{Quirk, quirks};

use crate::expectation::{Expected, expected};

/// One phone's switches, as they are typed.
#[derive(Clone, Debug)]
pub(crate) struct Combination {
    /// The switches that are tried; one, two, or none for the plain phone.
    switches: Vec<Switch>,
}

/// One switch with a value.
#[derive(Clone, Debug)]
struct Switch {
    text: String,
    quirk: Quirk,
    /// What the phone must have as well for the switch to show at all.
    with: Option<(&'static str, Quirk)>,
    /// What the program is told, so that it comes to the switch without minutes of waiting.
    told: &'static [&'static str],
    /// More options of the phone's.
    timing: &'static [&'static str],
}

impl Switch {
    fn of(text: String) -> Self {
        let quirk: Quirk = text.parse().expect("the list's own words are switches");
        let with = match quirk {
            // A phone that fetches by TFTP has no use for its FTP client.
            Quirk::Ftp(_) => Some("only=ftp"),
            Quirk::HangsUpFirst | Quirk::ResetsAtEnd => Some("only=http"),
            _ => None,
        };
        let with = with.map(|text| (text, text.parse().expect("a switch")));
        // That the program finds its way there by itself is tried with `only=…` alone.
        let told: &[&str] = match with {
            Some(("only=ftp", _)) => &["--protocol", "ftp"],
            Some(_) => &["--protocol", "http"],
            None => &[],
        };
        // The program looks once a second, and must see that the phone was dark: a real one is
        // for a minute.
        let timing: &[&str] =
            if matches!(quirk, Quirk::BackInRecovery(_)) { &["--dark-ms", "2500"] } else { &[] };
        Self { text, quirk, with, told, timing }
    }

    fn all(&self) -> impl Iterator<Item = (&str, &Quirk)> {
        let with = self.with.iter().map(|(text, quirk)| (*text, quirk));
        std::iter::once((self.text.as_str(), &self.quirk)).chain(with)
    }

    /// Whether a phone can have both, and both show.
    fn goes_with(&self, other: &Self) -> bool {
        let same = |one: &Quirk, two: &Quirk| one == two && self.quirk.name() != other.quirk.name();
        self.all().all(|(_, one)| other.all().all(|(_, two)| same(one, two) || !one.clashes_with(two)))
    }
}

/// The plain phone, every switch with each of its values, and every pair that can occur.
pub(crate) fn all() -> Vec<Combination> {
    let switches = switches();
    let mut all = vec![Combination { switches: Vec::new() }];
    all.extend(switches.iter().map(|switch| Combination { switches: vec![switch.clone()] }));
    for (at, one) in switches.iter().enumerate() {
        for two in switches.iter().skip(at + 1).filter(|two| one.goes_with(two)) {
            all.push(Combination { switches: vec![one.clone(), two.clone()] });
        }
    }
    // Those that end badly wait longest; what begins first does not hold up the end.
    all.sort_by_key(|combination| combination.expected() == Expected::Verified);
    all
}

/// Every switch, with each value where the values are a list of words.
fn switches() -> Vec<Switch> {
    let mut all = Vec::new();
    for entry in quirks::entries() {
        if entry.values.contains('|') {
            all.extend(entry.values.split('|').map(|value| format!("{}={value}", entry.name)));
        } else if entry.values.is_empty() {
            all.push(entry.name.to_owned());
        } else {
            let usual = entry.default.expect("a switch with a number has a usual one");
            all.push(format!("{}={usual}", entry.name));
        }
    }
    // The plain phone has these already.
    all.retain(|text| {
        !["form=plain", "replies=length", "tftp=vxworks", "pages=usual"].contains(&text.as_str())
    });
    all.into_iter().map(Switch::of).collect()
}

impl Combination {
    /// How it must end.
    pub(crate) fn expected(&self) -> Expected {
        expected(&self.quirks())
    }

    fn quirks(&self) -> Vec<Quirk> {
        let mut quirks: Vec<Quirk> = Vec::new();
        for (_, quirk) in self.switches.iter().flat_map(Switch::all) {
            if !quirks.contains(quirk) {
                quirks.push(quirk.clone());
            }
        }
        quirks
    }

    /// The phone's options.
    pub(crate) fn options(&self) -> Vec<&str> {
        let texts = self.switches.iter().flat_map(Switch::all).map(|(text, _)| text);
        let quirks = texts.flat_map(|text| ["--quirk", text]);
        quirks.chain(self.switches.iter().flat_map(|switch| switch.timing.iter().copied())).collect()
    }

    /// The program's options.
    pub(crate) fn told(&self) -> Vec<&str> {
        // Two that say something say the same, and saying it twice is a usage error.
        let told = self.switches.iter().map(|switch| switch.told).find(|told| !told.is_empty());
        told.unwrap_or_default().to_vec()
    }
}

impl fmt::Display for Combination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<&str> = self.switches.iter().map(|switch| switch.text.as_str()).collect();
        f.write_str(if texts.is_empty() { "plain" } else { "" })?;
        f.write_str(&texts.join(" + "))
    }
}

#[test]
fn the_table_has_every_switch_and_no_phone_that_cannot_be() {
    let all = all();
    let singles = all.iter().filter(|combination| combination.switches.len() == 1);
    let names: Vec<&str> = singles.map(|combination| combination.switches[0].quirk.name()).collect();
    for entry in quirks::entries() {
        assert!(names.contains(&entry.name), "{}", entry.name);
    }
    for combination in &all {
        let quirks = combination.quirks();
        let clash = quirks.iter().enumerate().any(|(at, one)| {
            quirks.iter().skip(at + 1).any(|two| one.clashes_with(two) && one.name() != two.name())
        });
        assert!(!clash, "{combination}");
    }
}
