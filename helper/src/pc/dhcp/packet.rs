//! DHCP messages (RFC 2131, section 2) as far as they matter here: what is read of others', and
//! what we write. The codec is dhcproto; what it leaves open is looked at before (the magic
//! number, the length of the hardware address) or after it (the order and the size of ours).
//!
//! Only the options that are asked for here reach the codec, with the length that they must have:
//! dhcproto 0.15 panics in a debug build over a network interface (option 94) of another length,
//! and in any build over a hardware address that is longer than its place, which is looked at
//! before it is taken.
//!
//! What a phone is told beside its address (domain.md 4.1): option 66 is our address as text, so
//! that it asks us for its configuration and nobody else; option 43 holds the maker's sub-option
//! 3, a boolean, false: it shall not ask the redirection server. No router (option 3) and no name
//! server (option 6): there is nowhere to go.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use dhcproto::v4::{self, DhcpOption, Flags, HType, MessageType, Opcode, OptionCode};
use dhcproto::{Decodable, Decoder, Encodable, Encoder};

use crate::pc::mac::Mac;

/// Where the magic number is (RFC 2131, 2: behind 236 bytes of BOOTP), and what it is (RFC 2132, 2).
const MAGIC_AT: usize = 236;
const MAGIC: [u8; 4] = [0x63, 0x82, 0x53, 0x63];
/// No message is shorter: what receives BOOTP may drop a shorter one (RFC 1542, 2.1).
const LEAST_BYTES: usize = 300;
/// Bytes of an Ethernet address.
const MAC_BYTES: u8 = 6;
/// The options that are read, and their length where it is fixed (RFC 2132, section 9).
const READ: [(u8, Option<usize>); 5] = [(50, Some(4)), (53, Some(1)), (54, Some(4)), (60, None), (61, None)];
/// Options of one byte: nothing, and the end (RFC 2132, 3.1 and 3.2).
const PAD: u8 = 0;
const END: u8 = 255;
/// Characters that are kept of option 60; `AastraIPPhone6757iCT` has 20 (domain.md 4.1).
const CLASS_CHARS: usize = 64;
/// The maker's options within option 43: sub-option 3, one byte, false (domain.md 4.1, "RCS off").
pub const NO_REDIRECTION: [u8; 3] = [3, 1, 0];
/// How our own question calls itself, so that another hookflash on the cable knows it.
pub const PROBE_CLASS: &str = "hookflash-probe";
/// The server that is told instead of a foreign one when nobody says who it was.
const NOBODY: Ipv4Addr = Ipv4Addr::UNSPECIFIED;

/// What a client wants (RFC 2131, table 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// An offer.
    Discover,
    /// What was offered, or what it had.
    Request,
    /// It has found that somebody else has the address.
    Decline,
    /// It needs the address no more.
    Release,
    /// Everything but an address.
    Inform,
}

/// A message of a client on this very link; those of relays are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientMessage {
    /// What it wants.
    pub wish: Wish,
    /// Its number, which the answer must have.
    pub xid: u32,
    /// Its flags, which the answer must have: the first bit asks for a broadcast.
    pub flags: u16,
    /// The address that it uses already.
    pub ciaddr: Ipv4Addr,
    /// Who it is.
    pub mac: Mac,
    /// Option 50, the address that it would like.
    pub requested: Option<Ipv4Addr>,
    /// Option 54, the server that it speaks to.
    pub server: Option<Ipv4Addr>,
    /// Option 60, what it calls itself: printable and short.
    pub class: Option<String>,
    /// Option 61, which the answer must have (RFC 6842).
    pub client_id: Option<Vec<u8>>,
}

/// A message, and who it is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A client's.
    Client(ClientMessage),
    /// A server's, which says who it is.
    Server(Ipv4Addr),
}

/// Reads what came from `source`. Whatever is none, or is for nobody on a direct cable, is none.
pub fn read(bytes: &[u8], source: Ipv4Addr) -> Option<Heard> {
    let (head, options) = bytes.split_at_checked(MAGIC_AT + MAGIC.len())?;
    if head[MAGIC_AT..] != MAGIC {
        return None;
    }
    let known = [head, &what_is_read(options)].concat();
    let message = v4::Message::decode(&mut Decoder::new(&known)).ok()?;
    let options = message.opts();
    let server = match options.get(OptionCode::ServerIdentifier) {
        Some(DhcpOption::ServerIdentifier(server)) => Some(*server),
        _ => None,
    };
    match message.opcode() {
        // Whatever answers on this cable is a server, be it of DHCP or of BOOTP before it.
        Opcode::BootReply => {
            let known = [server.unwrap_or(NOBODY), source].into_iter().find(|ip| !ip.is_unspecified());
            return Some(Heard::Server(known.unwrap_or(NOBODY)));
        }
        Opcode::BootRequest => {}
        Opcode::Unknown(_) => return None,
    }
    let is_ethernet = message.htype() == HType::Eth && message.hlen() == MAC_BYTES;
    if !is_ethernet || !message.giaddr().is_unspecified() {
        return None;
    }
    let mac = Mac(message.chaddr().try_into().ok()?);
    let wish = match options.msg_type()? {
        MessageType::Discover => Wish::Discover,
        MessageType::Request => Wish::Request,
        MessageType::Decline => Wish::Decline,
        MessageType::Release => Wish::Release,
        MessageType::Inform => Wish::Inform,
        _ => return None,
    };
    let requested = match options.get(OptionCode::RequestedIpAddress) {
        Some(DhcpOption::RequestedIpAddress(ip)) => Some(*ip),
        _ => None,
    };
    let class = match options.get(OptionCode::ClassIdentifier) {
        Some(DhcpOption::ClassIdentifier(bytes)) => Some(printable(bytes)),
        _ => None,
    };
    let client_id = match options.get(OptionCode::ClientIdentifier) {
        Some(DhcpOption::ClientIdentifier(id)) => Some(id.clone()),
        _ => None,
    };
    mac.is_a_device().then(|| {
        Heard::Client(ClientMessage {
            wish,
            xid: message.xid(),
            flags: message.flags().into(),
            ciaddr: message.ciaddr(),
            mac,
            requested,
            server,
            class,
            client_id,
        })
    })
}

/// Those of the options that are read, up to the end or to what is cut off. The first of a kind
/// counts: a second one would be its continuation (RFC 3396), and none of these is that long.
fn what_is_read(mut options: &[u8]) -> Vec<u8> {
    let mut read: BTreeMap<u8, &[u8]> = BTreeMap::new();
    while let [code, rest @ ..] = options {
        match (*code, rest) {
            (END, _) => break,
            (PAD, rest) => options = rest,
            (code, [length, rest @ ..]) => {
                let Some((content, rest)) = rest.split_at_checked(usize::from(*length)) else { break };
                let fits = |fixed: &Option<usize>| fixed.is_none_or(|fixed| fixed == content.len());
                if READ.iter().any(|(known, fixed)| *known == code && fits(fixed)) {
                    read.entry(code).or_insert(content);
                }
                options = rest;
            }
            (_, []) => break,
        }
    }
    let whole = |(code, content): (u8, &[u8])| {
        let length = u8::try_from(content.len()).unwrap_or(u8::MAX);
        [&[code, length], content].concat()
    };
    read.into_iter().flat_map(whole).chain([END]).collect()
}

fn printable(bytes: &[u8]) -> String {
    let shown = |byte: &u8| if (b' '..=b'~').contains(byte) { char::from(*byte) } else { '?' };
    bytes.iter().filter(|byte| **byte != 0).take(CLASS_CHARS).map(shown).collect()
}

/// What is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// This address could be had, for so many seconds.
    Offer {
        /// The address.
        yours: Ipv4Addr,
        /// Seconds.
        lease: u32,
    },
    /// This address is yours, for so many seconds.
    Ack {
        /// The address.
        yours: Ipv4Addr,
        /// Seconds.
        lease: u32,
    },
    /// What was asked for beside an address.
    Informed,
    /// You cannot have it: ask anew.
    Nak,
}

/// An answer of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// What it says.
    pub kind: Kind,
    /// What it answers.
    pub to: ClientMessage,
    /// Our address on this cable.
    pub ours: Ipv4Addr,
    /// The mask of the cable's subnet.
    pub mask: Ipv4Addr,
}

impl Reply {
    /// Where it goes (RFC 2131, 4.1). A client that has no address yet gets it as a broadcast
    /// whether it asked for one or not: a single datagram to it would need a frame of our own
    /// making, and the RFC allows the broadcast.
    pub fn destination(&self) -> Ipv4Addr {
        match self.kind {
            Kind::Ack { .. } | Kind::Informed if !self.to.ciaddr.is_unspecified() => self.to.ciaddr,
            Kind::Offer { .. } | Kind::Ack { .. } | Kind::Informed | Kind::Nak => Ipv4Addr::BROADCAST,
        }
    }

    /// Its bytes; none, and the codec did not take it, which is a fault of ours.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        let (kind, yours, lease) = match self.kind {
            Kind::Offer { yours, lease } => (MessageType::Offer, yours, Some(lease)),
            Kind::Ack { yours, lease } => (MessageType::Ack, yours, Some(lease)),
            Kind::Informed => (MessageType::Ack, Ipv4Addr::UNSPECIFIED, None),
            Kind::Nak => (MessageType::Nak, Ipv4Addr::UNSPECIFIED, None),
        };
        let ciaddr = match self.kind {
            Kind::Ack { .. } | Kind::Informed => self.to.ciaddr,
            Kind::Offer { .. } | Kind::Nak => Ipv4Addr::UNSPECIFIED,
        };
        let mut head = v4::Message::new_with_id(
            self.to.xid,
            ciaddr,
            yours,
            Ipv4Addr::UNSPECIFIED,
            Ipv4Addr::UNSPECIFIED,
            &self.to.mac.0,
        );
        head.set_opcode(Opcode::BootReply).set_flags(Flags::from(self.to.flags));
        // The kind first, as nearly every server has it: a boot loader may look no further.
        let mut options = vec![DhcpOption::MessageType(kind), DhcpOption::ServerIdentifier(self.ours)];
        options.extend(lease.map(DhcpOption::AddressLeaseTime));
        if kind != MessageType::Nak {
            options.push(DhcpOption::SubnetMask(self.mask));
            options.push(DhcpOption::TFTPServerName(self.ours.to_string().into_bytes()));
            options.push(DhcpOption::VendorExtensions(NO_REDIRECTION.to_vec()));
        }
        options.extend(self.to.client_id.clone().map(DhcpOption::ClientIdentifier));
        written(&head, &options)
    }
}

/// Our own question for other servers: a DISCOVER that asks for a broadcast, so that the answer
/// is heard whoever else listens at this computer.
pub fn question(ours: Mac, xid: u32) -> Option<Vec<u8>> {
    let nobody = Ipv4Addr::UNSPECIFIED;
    let mut head = v4::Message::new_with_id(xid, nobody, nobody, nobody, nobody, &ours.0);
    head.set_flags(Flags::default().set_broadcast());
    let class = DhcpOption::ClassIdentifier(PROBE_CLASS.as_bytes().to_vec());
    let wanted = DhcpOption::ParameterRequestList(vec![OptionCode::SubnetMask, OptionCode::Router]);
    written(&head, &[DhcpOption::MessageType(MessageType::Discover), class, wanted])
}

/// The head, these options in this order, and what is missing to the shortest message.
fn written(head: &v4::Message, options: &[DhcpOption]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(LEAST_BYTES);
    let mut encoder = Encoder::new(&mut bytes);
    head.encode(&mut encoder).ok()?;
    for option in options {
        option.encode(&mut encoder).ok()?;
    }
    DhcpOption::End.encode(&mut encoder).ok()?;
    bytes.resize(bytes.len().max(LEAST_BYTES), 0);
    Some(bytes)
}

#[cfg(test)]
#[path = "packet_tests.rs"]
mod tests;
