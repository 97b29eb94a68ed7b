//! The gate to the phone: looks at the firewall, and opens it for the phone. What is made stands
//! in the keeper's journal and is taken back with everything else.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::super::change::Change;
use super::super::keeper::{Keeper, Trouble};
use super::super::ports::Port;
use super::super::{System, v4};
use super::{Inlet, Verdict, WallReport};

/// A gate. Clones are the same gate.
#[derive(Debug, Clone)]
pub struct Gate {
    system: &'static dyn System,
    keeper: Option<Arc<Mutex<Keeper>>>,
}

impl Gate {
    /// One that can be looked at and not opened.
    pub fn closed(system: &'static dyn System) -> Self {
        Self { system, keeper: None }
    }

    /// One that this keeper opens.
    pub fn kept_by(system: &'static dyn System, keeper: Arc<Mutex<Keeper>>) -> Self {
        Self { system, keeper: Some(keeper) }
    }

    /// Who wants to come in. None, where no firewall is between the two: within this computer; nor
    /// do phones in recovery speak IPv6. Blocks.
    pub fn inlet(&self, phone: Option<IpAddr>, ours: IpAddr, ports: Vec<Port>) -> Option<Inlet> {
        let (phone, ours) = (v4(phone?)?, v4(ours)?);
        if phone.is_loopback() || phone == ours || ports.is_empty() {
            return None;
        }
        let snapshot = self.system.snapshot().unwrap_or_default();
        let interface = snapshot.with_address(ours).map(|interface| interface.name.clone());
        Some(Inlet { phone: Some(phone), ours: Some(ours), interface, ports })
    }

    /// What the firewall does, as far as it is told without asking for a right. Blocks.
    pub fn look(&self, inlet: &Inlet) -> WallReport {
        self.system.wall(inlet, false)
    }

    /// Lets the phone in where that is needed, and says what the firewall does then. Blocks; the
    /// system may ask the person.
    ///
    /// # Errors
    /// When it could not be done, with the commands that would.
    pub fn open(&self, inlet: &Inlet) -> Result<WallReport, Trouble> {
        let trouble = |report: &WallReport, said: String| Trouble {
            change: report.name().to_owned(),
            said,
            by_hand: report.by_hand.clone(),
        };
        let Some(keeper) = &self.keeper else {
            let report = self.look(inlet);
            return Err(trouble(&report, shared::text::pc::NOTHING_IS_CHANGED.to_owned()));
        };
        // Held to the end: who takes everything back waits for this.
        let mut keeper = keeper.lock().unwrap_or_else(PoisonError::into_inner);
        let report = self.system.wall(inlet, true);
        if report.findings.iter().all(|(_, finding)| finding.verdict == Verdict::LetsIn) {
            return Ok(report);
        }
        let rules = report.rules.clone();
        if rules.is_empty() {
            let worst = report.findings.iter().max_by_key(|(_, finding)| finding.verdict);
            let said = worst.map(|(port, _)| report.seen(*port)).unwrap_or_default();
            return Err(trouble(&report, said));
        }
        for rule in rules {
            keeper.make(&Change::Rule(rule))?;
        }
        Ok(match self.system.may_change() {
            true => self.system.wall(inlet, false),
            // Nobody is asked once more only to see that it is there.
            false => report.opened(),
        })
    }
}
