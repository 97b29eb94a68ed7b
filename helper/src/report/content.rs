//! What goes into the report: everything that is known of one recovery, masked. Both ways of writing
//! it down say the same.

use serde::Serialize;
use shared::check::{Check, CheckName};
use shared::firmware::FirmwareView;
use shared::protocol::{Outcome, PhoneView};
use shared::text;

use super::exchange::Exchange;
use super::form::{self, FormRead};
use super::mask::{Masks, Own, mac};
use super::texts::mask_all;
use super::{clock, rules};
use crate::phone::exchange_log::RecordedExchange;

/// Version of the report's shape; it grows when a field changes its meaning.
const SHAPE: u32 = 1;

/// What is known of one recovery, as it was kept.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The phone and its journey.
    pub phone: PhoneView,
    /// The file, once it was inspected.
    pub firmware: Option<FirmwareView>,
    /// What was sent to the phone and what it answered.
    pub exchanges: Vec<RecordedExchange>,
}

/// The report: nothing in it needs to be hidden any more.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The version of its shape.
    pub report: u32,
    /// The version of hookflash.
    pub hookflash: &'static str,
    /// `linux`, `windows`, `macos`.
    pub system: &'static str,
    /// How it ended, in words.
    pub summary: Summary,
    /// The phone and its journey.
    pub phone: PhoneView,
    /// The phone's hardware address, the maker's half of it.
    pub hardware: Option<String>,
    /// When each phase began, and how long it took.
    pub steps: Vec<Step>,
    /// The file.
    pub firmware: Option<FirmwareFacts>,
    /// What the checks tell of the way to the phone.
    pub network: Vec<Check>,
    /// The forms as they were read.
    pub forms: Vec<FormRead>,
    /// What was sent to the phone and what it answered.
    pub exchanges: Vec<Exchange>,
    /// What was masked.
    pub masked: Masked,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// In one line.
    pub heading: &'static str,
    /// What that means.
    pub meaning: &'static str,
    /// The failure's stable code.
    pub code: Option<&'static str>,
    /// What was seen.
    pub seen: Option<String>,
    /// What to do next.
    pub next: Option<&'static str>,
}

/// A phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Its stable name.
    pub phase: &'static str,
    /// What went on.
    pub heading: &'static str,
    /// When it began, UTC.
    pub at: String,
    /// How long it took, in milliseconds; the last one ends nowhere.
    pub took_ms: Option<u64>,
}

/// The file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FirmwareFacts {
    /// Its sha256, in hex.
    pub sha256: String,
    /// What was found in it.
    #[serde(flatten)]
    pub file: FirmwareView,
    /// What the maker warns of, for this file and this phone, as far as it is known.
    pub rules: Vec<&'static str>,
}

/// What was masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Masked {
    /// In words.
    pub says: &'static str,
    /// Different names of computers.
    pub hosts: usize,
    /// Different users and numbers to call.
    pub users: usize,
    /// Different addresses of the outside.
    pub addresses: usize,
    /// Different hardware addresses.
    pub hardware: usize,
}

impl Report {
    /// The report of a recovery. `own` is what the computer and the person are called.
    pub fn of(evidence: &Evidence, own: &Own) -> Self {
        let phone = evidence.phone.clone();
        let (forms, secret_fields) = form::read(&phone.job.address, &evidence.exchanges);
        let exchanges: Vec<Exchange> = evidence.exchanges.iter().map(Exchange::from).collect();
        let mut report = Self {
            report: SHAPE,
            hookflash: env!("CARGO_PKG_VERSION"),
            system: std::env::consts::OS,
            summary: summary(&phone),
            hardware: hardware(&phone, &exchanges),
            steps: steps(&phone),
            firmware: evidence.firmware.as_ref().map(|file| FirmwareFacts {
                sha256: file.id.clone(),
                rules: rules::told(file, &phone),
                file: file.clone(),
            }),
            network: phone.checks.iter().filter(|check| is_of_the_network(check.name)).cloned().collect(),
            forms,
            exchanges,
            masked: Masked { says: text::report::MASKED, hosts: 0, users: 0, addresses: 0, hardware: 0 },
            phone,
        };
        let mut masks = Masks::new(own, secret_fields);
        // What is learned from the last text counts for the first one as well.
        mask_all(&mut report.clone(), &mut masks);
        mask_all(&mut report, &mut masks);
        let [hosts, users, addresses, hardware] = masks.counts();
        report.masked = Masked { hosts, users, addresses, hardware, ..report.masked };
        report
    }
}

fn summary(phone: &PhoneView) -> Summary {
    match &phone.outcome {
        Some(Outcome::Failed(failure)) => {
            let words = text::failure(failure.code);
            Summary {
                heading: words.heading,
                meaning: words.meaning,
                code: Some(failure.code.name()),
                seen: Some(failure.seen.clone()),
                next: Some(words.next),
            }
        }
        Some(Outcome::Verified) => {
            let (words, afterwards) = (text::phase(shared::phase::Phase::Done), text::afterwards());
            Summary {
                heading: words.heading,
                meaning: words.lead,
                code: None,
                seen: None,
                next: Some(afterwards.safe),
            }
        }
        None => {
            let words = text::phase(phone.phase);
            let heading = text::report::STILL_RUNNING;
            Summary { heading, meaning: words.heading, code: None, seen: None, next: None }
        }
    }
}

fn steps(phone: &PhoneView) -> Vec<Step> {
    let ends = phone.timeline.iter().skip(1).map(|next| Some(next.at_ms)).chain([None]);
    phone
        .timeline
        .iter()
        .zip(ends)
        .map(|(moment, end)| Step {
            phase: moment.phase.name(),
            heading: text::phase(moment.phase).heading,
            at: clock::utc(moment.at_ms),
            took_ms: end.map(|end| end.saturating_sub(moment.at_ms)),
        })
        .collect()
}

/// The phone's own: it asks for a configuration of this name (domain.md 4.1), and its page tells it.
fn hardware(phone: &PhoneView, exchanges: &[Exchange]) -> Option<String> {
    let asked = phone.configuration_asked.iter().map(|request| request.name.as_str());
    let told = exchanges.iter().filter_map(|exchange| exchange.reply.as_deref());
    asked.chain(told).find_map(mac::first)
}

fn is_of_the_network(name: CheckName) -> bool {
    name.is_of_the_computer()
        || matches!(name, CheckName::PhoneAnswers | CheckName::Route | CheckName::Serving)
}
