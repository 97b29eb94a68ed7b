//! The roads by which the file can reach the phone: what its form offers and what we serve.

use shared::check::{CheckName, CheckResult};
use shared::failure::{Failure, FailureCode};
use shared::form::{Certainty, Protocol, Role};
use shared::phase::Phase;

use super::attempt::Sending;
use super::{Approach, Machine, Stage};
use crate::pc::ports::{Port, Transport};
use crate::phone::answer::RecoveryPage;
use crate::session::event::Offering;

/// Most bytes that a TFTP client without wrapping block numbers can take: 65535 blocks of 512
/// (domain.md 5.1). Larger files go by TFTP only when nothing else is offered.
const LOCK_STEP_BYTES: u64 = 65_535 * 512;

/// A road, with the port that the phone is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Road {
    pub(super) protocol: Protocol,
    /// 0 for an upload, which needs none.
    pub(super) port: u16,
}

impl Machine {
    /// The roads that the form offers and the plan allows, in the order in which they are tried.
    ///
    /// # Errors
    /// When nothing is left, or when it is not clear which field is which.
    pub(super) fn choose_roads(&self, page: &RecoveryPage) -> Result<Vec<Protocol>, Failure> {
        let offered = page.protocols();
        if offered.is_empty() {
            return Err(Failure::new(FailureCode::PhoneFormUnknown, page.question()));
        }
        let wanted = |protocol: &Protocol| self.plan.protocol.is_none_or(|only| only == *protocol);
        let mut roads: Vec<Protocol> = offered.iter().copied().filter(wanted).collect();
        if roads.is_empty() {
            let words = offered.iter().map(|protocol| protocol.name()).collect::<Vec<_>>().join(", ");
            let asked = self.plan.protocol.map_or("any", Protocol::name);
            let seen = format!("its form offers {words}; asked for: {asked}");
            return Err(Failure::new(FailureCode::PhoneNoProtocol, seen));
        }
        let is_clear = |protocol: Protocol| {
            let (_, mapping) = page.on(protocol);
            !mapping.is_tied(protocol) && mapping.certainty(protocol) != Some(Certainty::Guess)
        };
        // What nothing but places on the page speaks for might be a form for anything.
        // And of two equal fields either may be the wrong one: that is asked, never guessed.
        let may_guess = |protocol: Protocol| {
            let (_, mapping) = page.on(protocol);
            self.plan.accept_guess && page.speaks && !mapping.is_blind(protocol) && !mapping.is_tied(protocol)
        };
        roads.retain(|&protocol| is_clear(protocol) || may_guess(protocol));
        if roads.is_empty() {
            return Err(Failure::new(FailureCode::PhoneFormUnknown, page.question()));
        }
        if self.file.bytes > LOCK_STEP_BYTES {
            // Where the phone's own client cannot take it, nothing else is left to be tried by it.
            let takes = self.expected.and_then(|model| model.takes_by_tftp(self.file.bytes));
            if takes == Some(false) && roads.iter().any(|protocol| *protocol != Protocol::Tftp) {
                roads.retain(|protocol| *protocol != Protocol::Tftp);
            }
            roads.sort_by_key(|protocol| *protocol == Protocol::Tftp);
        }
        if let Some(way) = self.known_way() {
            roads.sort_by_key(|protocol| *protocol != way.protocol);
        }
        Ok(roads)
    }

    /// The servers are up, or not: what is left goes to the phone.
    pub(super) fn served(&mut self, offerings: Vec<Offering>) {
        let approach = match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Offering(approach) => approach,
            // Nobody waits for it: everything stays as it is.
            stage => return self.stage = stage,
        };
        let mut roads = Vec::new();
        let mut refusal = None;
        for &protocol in &approach.roads {
            match offered(&offerings, protocol, &approach.page) {
                Ok(port) => roads.push(Road { protocol, port }),
                Err(failure) => {
                    self.check(CheckName::Serving, CheckResult::Warn, failure.seen.clone());
                    refusal.get_or_insert(failure);
                }
            }
        }
        if let (true, Some(failure)) = (roads.is_empty(), refusal) {
            self.stage = Stage::Offering(approach);
            self.check(CheckName::Serving, CheckResult::Fail, failure.seen.clone());
            return self.fail_with(failure);
        }
        let detail = roads.iter().map(Road::words).collect::<Vec<_>>().join(", ");
        let detail = format!("the file is offered at {} by {detail}", approach.local);
        self.tell_serving(detail, &roads);
        self.enter(Phase::Send);
        let Approach { page, local, file, .. } = *approach;
        let way = self.known_way().cloned();
        let sending = Sending::new(page, local, file, &roads, way.as_ref());
        self.stage = Stage::Sending(Box::new(sending));
        self.open_or_climb();
    }
}

impl Road {
    /// Where the phone comes to; none, and it does not come to us at all.
    pub(super) fn comes_to(&self) -> Option<Port> {
        let transport = match self.protocol {
            Protocol::Tftp => Transport::Udp,
            Protocol::Http | Protocol::Ftp => Transport::Tcp,
            Protocol::Upload => return None,
        };
        Some(Port { transport, number: self.port })
    }

    fn words(&self) -> String {
        match self.protocol {
            Protocol::Upload => "upload".to_owned(),
            protocol => format!("{}, port {}", protocol.name(), self.port),
        }
    }
}

/// The port of a road, if the phone will come to it.
fn offered(offerings: &[Offering], protocol: Protocol, page: &RecoveryPage) -> Result<u16, Failure> {
    if protocol == Protocol::Upload {
        return Ok(0);
    }
    let Some(offering) = offerings.iter().find(|offering| offering.protocol == protocol) else {
        let seen = format!("{} is not served", protocol.name());
        return Err(Failure::new(FailureCode::HelperFault, seen));
    };
    let port = offering.port.clone()?;
    if offering.expected || page.on(protocol).1.control_for(Role::Port, protocol).is_some() {
        return Ok(port);
    }
    let seen = format!(
        "{} is served at port {port}, and the phone's form has no field for the port",
        protocol.name()
    );
    Err(Failure::new(FailureCode::PcPortForbidden, seen))
}
