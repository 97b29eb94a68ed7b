//! What lies between the phone and our servers, as the rim of the session looks at it: the servers
//! are asked for their file, and the firewall what it does.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use shared::form::Protocol;
use tokio::task::{JoinHandle, JoinSet, spawn_blocking};
use tokio::time::timeout;

use super::event::{Event, Offering, Proof};
use crate::pc::keeper::Trouble;
use crate::pc::ports::{Port, Transport};
use crate::pc::wall::WallReport;
use crate::pc::wall::gate::Gate;
use crate::serve::{Hub, Offer};

/// So long the form waits for what a firewall says. Linux takes milliseconds; Windows may take
/// seconds, and then it is told later.
const LOOK: Duration = Duration::from_millis(100);

/// The gate, and where the phone was told to come.
#[derive(Debug)]
pub(super) struct Surroundings {
    gate: Gate,
    told: Option<(IpAddr, Vec<Port>)>,
}

/// A look that is under way.
#[derive(Debug)]
pub(super) struct Looking {
    proofs: JoinSet<Option<Proof>>,
    wall: JoinHandle<Option<WallReport>>,
}

impl Surroundings {
    pub(super) fn new(gate: Gate) -> Self {
        Self { gate, told: None }
    }

    /// Begins to look at the roads by which the phone is told to come.
    pub(super) fn look(
        &mut self,
        phone: IpAddr,
        roads: &[Protocol],
        offerings: &[Offering],
        hub: Hub,
        offer: Offer,
    ) -> Looking {
        let ports: Vec<(Protocol, u16)> = roads
            .iter()
            .filter_map(|road| offerings.iter().find(|offering| offering.protocol == *road))
            .filter_map(|offering| Some((offering.protocol, *offering.port.as_ref().ok()?)))
            .collect();
        let local = offer.bind.ip();
        let asked: Vec<Port> = ports.iter().map(|(protocol, number)| port(*protocol, *number)).collect();
        self.told = Some((local, asked.clone()));
        let gate = self.gate.clone();
        let wall = spawn_blocking(move || Some(gate.look(&gate.inlet(Some(phone), local, asked)?)));
        let mut proofs = JoinSet::new();
        // Who has our own address is the phone to the servers: it is not played.
        if phone.to_canonical() != local.to_canonical() {
            for (protocol, number) in ports {
                proofs.spawn(prove(hub.clone(), protocol, offer.at(number)));
            }
        }
        Looking { proofs, wall }
    }

    /// Opens the gate to where the phone was told to come.
    pub(super) fn open(
        &self,
        phone: Option<IpAddr>,
    ) -> impl Future<Output = Result<WallReport, Trouble>> + Send + 'static {
        let (gate, told) = (self.gate.clone(), self.told.clone());
        async move {
            let opened = spawn_blocking(move || {
                let inlet = told.and_then(|(local, ports)| gate.inlet(phone, local, ports));
                inlet.map_or_else(|| Err(trouble(shared::text::pc::NOT_LOOKED_AT)), |inlet| gate.open(&inlet))
            });
            opened.await.unwrap_or_else(|error| Err(trouble(&error.to_string())))
        }
    }
}

impl Looking {
    /// Tells what was seen, and then what is served; a firewall that is slow to answer is told
    /// behind it.
    pub(super) async fn tell_around(self, served: Event, tell: impl Fn(Event)) {
        let Self { proofs, mut wall } = self;
        let proofs: Vec<Proof> = proofs.join_all().await.into_iter().flatten().collect();
        tell(Event::Proved(proofs));
        let walled = |report: Option<WallReport>| report.map(Event::Walled);
        match timeout(LOOK, &mut wall).await {
            Ok(report) => {
                walled(report.ok().flatten()).map(&tell);
                tell(served);
            }
            Err(_) => {
                tell(served);
                walled(wall.await.ok().flatten()).map(&tell);
            }
        }
    }
}

async fn prove(hub: Hub, protocol: Protocol, offer: Offer) -> Option<Proof> {
    let through: SocketAddr = offer.bind;
    let fetched = hub.witness(protocol, offer).await?;
    Some(Proof { protocol, through, fetched })
}

fn port(protocol: Protocol, number: u16) -> Port {
    let transport = if protocol == Protocol::Tftp { Transport::Udp } else { Transport::Tcp };
    Port { transport, number }
}

fn trouble(said: &str) -> Trouble {
    Trouble { change: shared::text::pc::SOME_FIREWALL.to_owned(), said: said.to_owned(), by_hand: Vec::new() }
}
