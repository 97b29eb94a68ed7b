//! What the machine remembers while it sends: which roads and rungs there are, what was tried, and
//! what is waited for.

use std::net::IpAddr;
use std::time::Duration;

use shared::failure::{Failure, FailureCode};
use shared::form::{Protocol, Submission};

use super::roads::Road;
use crate::phone::answer::RecoveryPage;
use crate::phone::ladder::{Climb, Rung, ladder};
use crate::session::ways::Way;

/// What the machine remembers while it sends.
#[derive(Debug)]
pub(super) struct Sending {
    pub(super) page: RecoveryPage,
    pub(super) local: IpAddr,
    /// The file's name on the form.
    pub(super) file: String,
    pub(super) roads: Vec<Road>,
    pub(super) climb: Climb,
    pub(super) waiting: Waiting,
    /// When a firewall that may keep the request out is opened.
    pub(super) open_at: Option<Duration>,
    /// Nothing was sent yet on the present road.
    pub(super) fresh_road: bool,
    /// A road has been taken a second time.
    pub(super) once_more: bool,
    /// By which rungs the phone began to read, and came to no good end.
    pub(super) broke: Vec<Rung>,
    /// Every byte was given away once, by whichever road.
    pub(super) given: bool,
    /// How often the phone was found downloading without asking.
    pub(super) busy: u32,
    /// The phone's last refusal, in its own words.
    pub(super) refusal: Option<String>,
    /// An answer that said neither yes nor no.
    pub(super) unclear: Option<String>,
    /// A name that the phone asked for and that we do not have.
    pub(super) other_name: Option<String>,
    /// What ended a road before: the first such reason is the one that is told in the end.
    pub(super) ended: Option<Failure>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waiting {
    /// For the firewall to be opened, before the form goes out.
    Wall,
    /// For the phone's answer to the form.
    Answer,
    /// For the page before the next rung.
    Page,
    /// For a request, until then; the phone said that it is downloading.
    Request(Duration),
    /// For a request, until then; the phone said something else.
    Perhaps(Duration),
    /// For a request, until then; its page said that it is downloading when the next rung was due.
    Busy(Duration),
}

impl Sending {
    /// All rungs on all roads; the way that is known to work comes first.
    pub(super) fn new(
        page: RecoveryPage,
        local: IpAddr,
        file: String,
        roads: &[Road],
        known: Option<&Way>,
    ) -> Self {
        let protocols: Vec<Protocol> = roads.iter().map(|road| road.protocol).collect();
        let rungs = ladder(&page, &protocols, known.map(|way| way.rung.as_str()));
        Self {
            page,
            local,
            file,
            roads: roads.to_vec(),
            climb: Climb::new(rungs),
            waiting: Waiting::Answer,
            open_at: None,
            fresh_road: true,
            once_more: false,
            broke: Vec::new(),
            given: false,
            busy: 0,
            refusal: None,
            unclear: None,
            other_name: None,
            ended: None,
        }
    }

    pub(super) fn deadline(&self) -> Option<Duration> {
        let until = self.request_until()?;
        Some(self.open_at.map_or(until, |open_at| open_at.min(until)))
    }

    /// How long a request is waited for, if it is.
    pub(super) fn request_until(&self) -> Option<Duration> {
        match self.waiting {
            Waiting::Wall | Waiting::Answer | Waiting::Page => None,
            Waiting::Request(until) | Waiting::Perhaps(until) | Waiting::Busy(until) => Some(until),
        }
    }

    /// A request that is waited for gets at least until then: something has changed for it.
    pub(super) fn wait_at_least(&mut self, least: Duration) {
        if let Waiting::Request(until) | Waiting::Perhaps(until) | Waiting::Busy(until) = &mut self.waiting {
            *until = least.max(*until);
        }
    }

    /// The road that is being tried.
    pub(super) fn road(&self) -> Option<Road> {
        let protocol = self.climb.rung()?.protocol;
        self.roads.iter().find(|road| road.protocol == protocol).copied()
    }

    /// How the phone is being told to fetch, and by which rung.
    pub(super) fn way(&self) -> Option<(Protocol, &'static str)> {
        self.climb.rung().map(|rung| (rung.protocol, rung.name))
    }

    /// Keeps why a road ended. What broke a transfer says more than that none came; of equals
    /// the first is told.
    pub(super) fn note_ended(&mut self, failure: &Failure) {
        if self.ended.as_ref().is_none_or(|known| weight(known) < weight(failure)) {
            self.ended = Some(failure.clone());
        }
    }

    pub(super) fn submission(&self, protocol: Protocol) -> Submission {
        let port = self.roads.iter().find(|road| road.protocol == protocol).map_or(0, |road| road.port);
        Submission {
            protocol,
            file: self.file.clone(),
            server: self.local.to_string(),
            port,
            path: String::new(),
        }
    }
}

/// How much a reason explains: what broke a transfer says more than a request for another name,
/// and that more than none at all.
fn weight(failure: &Failure) -> (u8, bool) {
    (failure.code.exit_code(), failure.code == FailureCode::PhoneOtherFile)
}
