//! How the phone gets its address, where it is told to ask for one (domain.md 2 and 4.1).
//!
//! Recovery takes DHCP, and the phone that comes back in normal mode asks again; a boot loader and
//! the normal software are two clients with one hardware address. Of several offers the first
//! one with a server of configurations in it (options 43, 66, 159, 160) is taken at once; others
//! are only collected for a while (domain.md 4.1, "DHCP 66, 159, 160"). Option 66 says whom to ask
//! for a configuration, sub-option 3 of option 43 whether the maker's redirection server may be
//! asked. What recovery sends beside its hardware address nobody has published: with option 60 or
//! without is a switch.

mod packet;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::{io, sync::Arc};

use tokio::{
    net::UdpSocket,
    process::Command,
    time::{Instant, timeout_at},
};

use self::packet::{Answer, Kind, Question};
use crate::{Event, event::Mode, phone::Core};

/// Where servers listen, and where this client does (RFC 2131, 4.1).
const SERVER: u16 = 67;
const CLIENT: u16 = 68;
/// An Ethernet packet.
const MOST_BYTES: usize = 1500;
/// How often the address of the last time is asked for before a new one is.
const TRIES_FOR_THE_OLD: u32 = 2;

/// How a phone asks for its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dhcp {
    /// The network interface that is the phone's plug; Linux only.
    pub interface: String,
    /// Whether it says in option 60 what it is.
    pub says_what_it_is: bool,
}

/// What a server has said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lease {
    pub(crate) address: Ipv4Addr,
    prefix: u8,
    /// Option 66: who has the configuration.
    pub(crate) configuration: Option<IpAddr>,
    /// Option 43, sub-option 3, false.
    pub(crate) stays_away: bool,
}

/// Asks until somebody answers, and takes the address.
pub(crate) async fn join(core: &Arc<Core>, mode: Mode) -> io::Result<()> {
    let Some(dhcp) = &core.config.dhcp else { return Ok(()) };
    let socket = open(&dhcp.interface)?;
    let client = Client { core, dhcp, socket, mode };
    let lease = client.lease().await?;
    let added = format!("{}/{}", lease.address, lease.prefix);
    ip(&["address", "replace", &added, "dev", &dhcp.interface]).await?;
    core.with(|memory| memory.lease = Some(lease));
    Ok(())
}

/// The phone has no power: nobody has its address.
pub(crate) async fn leave(core: &Core) {
    let (Some(dhcp), Some(lease)) = (&core.config.dhcp, core.with(|memory| memory.lease.clone())) else {
        return;
    };
    let address = format!("{}/{}", lease.address, lease.prefix);
    if let Err(error) = ip(&["address", "del", &address, "dev", &dhcp.interface]).await {
        tracing::warn!(%error, "the address stays");
    }
}

struct Client<'a> {
    core: &'a Core,
    dhcp: &'a Dhcp,
    socket: UdpSocket,
    mode: Mode,
}

impl Client<'_> {
    async fn lease(&self) -> io::Result<Lease> {
        if let Some(lease) = self.the_old_one().await? {
            return Ok(lease);
        }
        loop {
            let discover = self.question(Kind::Discover);
            self.send(&discover).await?;
            let Some(offer) = self.best_offer(&discover).await? else { continue };
            let request = Question {
                xid: discover.xid,
                requested: Some(offer.yours),
                server: offer.server,
                ..self.question(Kind::Request)
            };
            self.send(&request).await?;
            match self.hear(&request, self.until()).await? {
                Some(answer) if answer.kind == Kind::Ack => return Ok(self.taken(&answer)),
                _ => {}
            }
        }
    }

    /// The software remembers what the phone had; a boot loader does not (both supposed).
    async fn the_old_one(&self) -> io::Result<Option<Lease>> {
        let (Mode::Normal, Some(old)) = (self.mode, self.core.with(|memory| memory.lease.clone())) else {
            return Ok(None);
        };
        for _ in 0..TRIES_FOR_THE_OLD {
            let request = Question { requested: Some(old.address), ..self.question(Kind::Request) };
            self.send(&request).await?;
            match self.hear(&request, self.until()).await? {
                Some(answer) if answer.kind == Kind::Ack => return Ok(Some(self.taken(&answer))),
                Some(_) => break,
                None => {}
            }
        }
        Ok(None)
    }

    async fn best_offer(&self, discover: &Question) -> io::Result<Option<Answer>> {
        let (end, mut first) = (self.until(), None);
        while let Some(answer) = self.hear(discover, end).await? {
            if answer.kind == Kind::Offer && answer.names_a_server() {
                return Ok(Some(answer));
            }
            if answer.kind == Kind::Offer {
                first.get_or_insert(answer);
            }
        }
        Ok(first)
    }

    fn question(&self, kind: Kind) -> Question {
        let class = self.dhcp.says_what_it_is.then(|| self.core.config.model.class());
        Question {
            kind,
            xid: self.core.with(|memory| memory.random.next() as u32),
            mac: self.core.config.mac_bytes(),
            // The loader takes what comes, the software asks for a broadcast.
            broadcast: self.mode == Mode::Normal,
            requested: None,
            server: None,
            class,
        }
    }

    fn until(&self) -> Instant {
        Instant::now() + self.core.config.timing.dhcp_wait
    }

    async fn send(&self, question: &Question) -> io::Result<()> {
        self.core.say(Event::AddressAsked { requested: question.requested });
        self.socket.send_to(&question.bytes(), (Ipv4Addr::BROADCAST, SERVER)).await.map(drop)
    }

    async fn hear(&self, question: &Question, until: Instant) -> io::Result<Option<Answer>> {
        let mut bytes = [0; MOST_BYTES];
        loop {
            let Ok(received) = timeout_at(until, self.socket.recv(&mut bytes)).await else { return Ok(None) };
            if let Some(answer) = Answer::read(&bytes[..received?], question) {
                return Ok(Some(answer));
            }
        }
    }

    fn taken(&self, answer: &Answer) -> Lease {
        let server = answer.server.unwrap_or(Ipv4Addr::UNSPECIFIED);
        self.core.say(Event::Leased {
            address: answer.yours,
            server,
            router: answer.router,
            name_server: answer.name_server,
            configuration: answer.configuration.clone(),
            vendor: answer.vendor.clone(),
            seconds: answer.seconds,
        });
        Lease {
            address: answer.yours,
            prefix: answer.prefix,
            configuration: answer.configuration.as_deref().and_then(host_of),
            stays_away: answer.stays_away(),
        }
    }
}

/// An address, or the host of a URL (domain.md 4.1, "DHCP 66 value").
fn host_of(text: &str) -> Option<IpAddr> {
    let host = text.split_once("://").map_or(text, |(_, rest)| rest);
    host.split(['/', ':']).next()?.parse().ok()
}

async fn ip(args: &[&str]) -> io::Result<()> {
    let ended = Command::new("ip").args(args).output().await?;
    match ended.status.success() {
        true => Ok(()),
        false => Err(io::Error::other(String::from_utf8_lossy(&ended.stderr).into_owned())),
    }
}

#[cfg(target_os = "linux")]
fn open(interface: &str) -> io::Result<UdpSocket> {
    use socket2::{Domain, Protocol, Socket, Type};
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
    socket.bind_device(Some(interface.as_bytes()))?;
    socket.set_reuse_address(true)?;
    socket.set_broadcast(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&SocketAddr::from((Ipv4Addr::UNSPECIFIED, CLIENT)).into())?;
    UdpSocket::from_std(socket.into())
}

#[cfg(not(target_os = "linux"))]
fn open(_interface: &str) -> io::Result<UdpSocket> {
    let _ = SocketAddr::from((Ipv4Addr::UNSPECIFIED, CLIENT));
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_by_address_or_by_url() {
        let ours: Option<IpAddr> = "192.168.254.1".parse().ok();
        for text in ["192.168.254.1", "http://192.168.254.1/aastra", "tftp://192.168.254.1:69"] {
            assert_eq!(host_of(text), ours, "{text}");
        }
        assert_eq!(host_of("provisioning.example"), None);
    }
}
