//! The phone's own packets of DHCP (RFC 2131, figure 1; options of RFC 2132).

use std::net::Ipv4Addr;

/// Bytes before the options, the magic number among them.
const HEAD: usize = 240;
const MAGIC: [u8; 4] = [99, 130, 83, 99];
/// The prefix that is supposed where no mask is said.
const USUAL_PREFIX: u8 = 24;

/// Kinds of messages (RFC 2132, 9.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Discover,
    Offer,
    Request,
    Ack,
    Nak,
}

impl Kind {
    fn number(self) -> u8 {
        match self {
            Kind::Discover => 1,
            Kind::Offer => 2,
            Kind::Request => 3,
            Kind::Ack => 5,
            Kind::Nak => 6,
        }
    }
}

/// What the phone says.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) kind: Kind,
    pub(super) xid: u32,
    pub(super) mac: [u8; 6],
    pub(super) broadcast: bool,
    pub(super) requested: Option<Ipv4Addr>,
    pub(super) server: Option<Ipv4Addr>,
    pub(super) class: Option<String>,
}

impl Question {
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![1, 1, 6, 0];
        bytes.extend(self.xid.to_be_bytes());
        bytes.extend([0, 0, if self.broadcast { 0x80 } else { 0 }, 0]);
        bytes.resize(28, 0);
        bytes.extend(self.mac);
        bytes.resize(HEAD - 4, 0);
        bytes.extend(MAGIC);
        let mut option = |code: u8, content: &[u8]| {
            bytes.push(code);
            bytes.push(u8::try_from(content.len()).unwrap_or(u8::MAX));
            bytes.extend(content);
        };
        option(53, &[self.kind.number()]);
        if let Some(requested) = self.requested {
            option(50, &requested.octets());
        }
        if let Some(server) = self.server {
            option(54, &server.octets());
        }
        if let Some(class) = &self.class {
            option(60, class.as_bytes());
        }
        option(55, &[1, 3, 6, 43, 66, 159, 160]);
        bytes.push(255);
        bytes
    }
}

/// What a server says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) kind: Kind,
    pub(super) yours: Ipv4Addr,
    pub(super) prefix: u8,
    pub(super) server: Option<Ipv4Addr>,
    pub(super) router: Option<Ipv4Addr>,
    pub(super) name_server: Option<Ipv4Addr>,
    /// Option 66, as it came.
    pub(super) configuration: Option<String>,
    /// Option 43, as it came.
    pub(super) vendor: Option<Vec<u8>>,
    pub(super) seconds: Option<u32>,
    /// Options 159 or 160 are there.
    others: bool,
}

impl Answer {
    /// Reads an answer to this question; anything else is none.
    pub(super) fn read(bytes: &[u8], to: &Question) -> Option<Self> {
        let (head, options) = bytes.split_at_checked(HEAD)?;
        let is_ours = head[0] == 2 && head[4..8] == to.xid.to_be_bytes() && head[28..34] == to.mac;
        if !is_ours || head[HEAD - 4..] != MAGIC {
            return None;
        }
        let find = |code: u8| find(options, code);
        let address = |code: u8| {
            let first: [u8; 4] = find(code)?.get(..4)?.try_into().ok()?;
            Some(Ipv4Addr::from(first))
        };
        let kind = match find(53)?.first()? {
            2 => Kind::Offer,
            5 => Kind::Ack,
            6 => Kind::Nak,
            _ => return None,
        };
        let prefix = address(1).map_or(USUAL_PREFIX, |mask| mask.to_bits().leading_ones() as u8);
        let seconds = address(51).map(Ipv4Addr::to_bits);
        Some(Self {
            kind,
            yours: Ipv4Addr::new(head[16], head[17], head[18], head[19]),
            prefix,
            server: address(54),
            router: address(3),
            name_server: address(6),
            configuration: find(66).map(|text| String::from_utf8_lossy(text).into_owned()),
            vendor: find(43).map(<[u8]>::to_vec),
            seconds,
            others: find(159).is_some() || find(160).is_some(),
        })
    }

    /// Whether it names a server of configurations.
    pub(super) fn names_a_server(&self) -> bool {
        self.configuration.is_some() || self.vendor.is_some() || self.others
    }

    /// Whether the maker's own option says that the redirection server is not to be asked: a
    /// boolean, false.
    pub(super) fn stays_away(&self) -> bool {
        self.vendor.as_deref().and_then(|options| find(options, 3)) == Some(&[0])
    }
}

/// One option among others.
fn find(mut options: &[u8], wanted: u8) -> Option<&[u8]> {
    loop {
        match options {
            [0, rest @ ..] => options = rest,
            [255, ..] | [] | [_] => return None,
            [code, length, rest @ ..] => {
                let (content, rest) = rest.split_at_checked(usize::from(*length))?;
                if *code == wanted {
                    return Some(content);
                }
                options = rest;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question() -> Question {
        Question {
            kind: Kind::Discover,
            xid: 7,
            mac: [0, 8, 0x5d, 1, 2, 3],
            broadcast: false,
            requested: None,
            server: None,
            class: Some("AastraIPPhone57i".to_owned()),
        }
    }

    fn answer(options: &[u8]) -> Vec<u8> {
        let mut bytes = question().bytes();
        bytes.truncate(HEAD);
        (bytes[0], bytes[19]) = (2, 9);
        bytes.extend(options);
        bytes
    }

    #[test]
    fn an_offer_is_read_with_what_a_phone_wants_of_it() {
        let mut options =
            vec![53, 1, 2, 54, 4, 10, 0, 0, 1, 1, 4, 255, 255, 0, 0, 51, 4, 0, 0, 0, 60, 43, 3, 3, 1, 0];
        options.extend([66, 3]);
        options.extend(b"abc");
        options.push(255);
        let read = Answer::read(&answer(&options), &question()).unwrap();
        assert_eq!((read.kind, read.yours, read.prefix), (Kind::Offer, Ipv4Addr::new(0, 0, 0, 9), 16));
        assert_eq!((read.configuration.as_deref(), read.seconds), (Some("abc"), Some(60)));
        assert!(read.names_a_server() && read.stays_away());
        let other = Question { xid: 8, ..question() };
        assert_eq!(Answer::read(&answer(&options), &other), None);
    }

    #[test]
    fn an_offer_without_a_server_names_none() {
        let read = Answer::read(&answer(&[53, 1, 2, 255]), &question()).unwrap();
        assert!(!read.names_a_server() && !read.stays_away());
        assert_eq!(Answer::read(&answer(&[53, 9, 2]), &question()), None, "cut off");
    }
}
