use super::*;
use proptest::prelude::*;

const PHONE: Mac = Mac([0x00, 0x08, 0x5d, 0x19, 0xe4, 0x01]);
const OURS: Ipv4Addr = Ipv4Addr::new(192, 168, 254, 1);
const YOURS: Ipv4Addr = Ipv4Addr::new(192, 168, 254, 2);
const MASK: Ipv4Addr = Ipv4Addr::new(255, 255, 255, 0);

/// A request of a 57i, written by hand (RFC 2131, figure 1).
fn of_a_phone(kind: u8, more: &[u8]) -> Vec<u8> {
    let mut bytes = vec![1, 1, 6, 0, 0xde, 0xad, 0xbe, 0xef, 0, 7, 0x80, 0];
    bytes.resize(28, 0);
    bytes.extend(PHONE.0);
    bytes.resize(MAGIC_AT, 0);
    bytes.extend(MAGIC);
    bytes.extend([53, 1, kind]);
    bytes.extend(more);
    bytes.push(255);
    bytes
}

fn client(bytes: &[u8]) -> Option<ClientMessage> {
    match read(bytes, Ipv4Addr::UNSPECIFIED)? {
        Heard::Client(message) => Some(message),
        Heard::Server(server) => panic!("{server}"),
    }
}

#[test]
fn what_a_phone_says_is_read() {
    let mut options = vec![60, 16];
    options.extend(b"AastraIPPhone57i");
    options.extend([50, 4, 192, 168, 254, 9, 54, 4, 192, 168, 254, 1, 61, 3, 1, 2, 3]);
    let message = client(&of_a_phone(3, &options)).unwrap();
    assert_eq!((message.wish, message.xid, message.mac), (Wish::Request, 0xdead_beef, PHONE));
    assert_eq!(message.class.as_deref(), Some("AastraIPPhone57i"));
    assert_eq!(message.requested, Some(Ipv4Addr::new(192, 168, 254, 9)));
    assert_eq!((message.server, message.client_id), (Some(OURS), Some(vec![1, 2, 3])));
    for (kind, wish) in [(1, Wish::Discover), (4, Wish::Decline), (7, Wish::Release), (8, Wish::Inform)] {
        assert_eq!(client(&of_a_phone(kind, &[])).unwrap().wish, wish);
    }
}

/// Byte by byte: head (RFC 2131, figure 1), then 53, 54, 51, 1 (RFC 2132), 66 and 43 (domain.md
/// 4.1: our address as text; sub-option 3, boolean false), 61 as it came (RFC 6842).
#[test]
fn an_offer_is_exactly_this() {
    let to = client(&of_a_phone(1, &[61, 2, 9, 8])).unwrap();
    let offer = Reply { kind: Kind::Offer { yours: YOURS, lease: 3600 }, to, ours: OURS, mask: MASK };
    let mut expected = vec![2, 1, 6, 0, 0xde, 0xad, 0xbe, 0xef, 0, 0, 0x80, 0];
    expected.extend([0, 0, 0, 0, 192, 168, 254, 2, 0, 0, 0, 0, 0, 0, 0, 0]);
    expected.extend(PHONE.0);
    expected.resize(MAGIC_AT, 0);
    expected.extend(MAGIC);
    expected.extend([53, 1, 2, 54, 4, 192, 168, 254, 1, 51, 4, 0, 0, 0x0e, 0x10, 1, 4, 255, 255, 255, 0]);
    expected.extend([66, 13]);
    expected.extend(b"192.168.254.1");
    expected.extend([43, 3, 3, 1, 0, 61, 2, 9, 8, 255]);
    expected.resize(300, 0);
    assert_eq!(offer.bytes().unwrap(), expected);
    assert_eq!(offer.destination(), Ipv4Addr::BROADCAST);
}

#[test]
fn no_answer_names_a_router_or_a_name_server() {
    let to = client(&of_a_phone(3, &[])).unwrap();
    let (yours, lease) = (YOURS, 3600);
    for kind in [Kind::Offer { yours, lease }, Kind::Ack { yours, lease }, Kind::Informed, Kind::Nak] {
        let bytes = Reply { kind, to: to.clone(), ours: OURS, mask: MASK }.bytes().unwrap();
        let message = v4::Message::decode(&mut Decoder::new(&bytes)).unwrap();
        assert!(!message.opts().contains(OptionCode::Router), "{kind:?}");
        assert!(!message.opts().contains(OptionCode::DomainNameServer), "{kind:?}");
        assert!(bytes.len() >= LEAST_BYTES);
        let is_nak = kind == Kind::Nak;
        assert_eq!(message.opts().contains(OptionCode::TFTPServerName), !is_nak, "{kind:?}");
        let has_time = message.opts().contains(OptionCode::AddressLeaseTime);
        assert_eq!(has_time, !is_nak && kind != Kind::Informed, "{kind:?}: RFC 2131, table 3");
    }
}

#[test]
fn who_has_an_address_is_answered_there_and_a_no_goes_to_everybody() {
    let mut to = client(&of_a_phone(3, &[])).unwrap();
    to.ciaddr = YOURS;
    let of = |kind| Reply { kind, to: to.clone(), ours: OURS, mask: MASK }.destination();
    assert_eq!(of(Kind::Ack { yours: YOURS, lease: 1 }), YOURS);
    assert_eq!(of(Kind::Nak), Ipv4Addr::BROADCAST, "RFC 2131, 4.1");
}

#[test]
fn whatever_answers_is_a_server() {
    let mut offer = of_a_phone(2, &[54, 4, 10, 0, 0, 1]);
    offer[0] = 2;
    assert_eq!(read(&offer, OURS), Some(Heard::Server(Ipv4Addr::new(10, 0, 0, 1))));
    let mut bootp = of_a_phone(2, &[]);
    (bootp[0], bootp[240]) = (2, 255);
    let from = Ipv4Addr::new(10, 0, 0, 2);
    assert_eq!(read(&bootp, from), Some(Heard::Server(from)), "BOOTP has no server identifier");
}

#[test]
fn what_is_none_or_not_of_this_cable_is_not_heard() {
    let good = of_a_phone(1, &[]);
    let with = |at: usize, value: u8| {
        let mut bytes = good.clone();
        bytes[at] = value;
        client(&bytes)
    };
    assert!(client(&good).is_some());
    assert_eq!(with(0, 3), None, "neither asks nor answers");
    assert_eq!(with(1, 6), None, "not Ethernet");
    assert_eq!(with(2, 17), None, "an address longer than its place");
    assert_eq!(with(2, 5), None);
    assert_eq!(with(24, 10), None, "it came over a relay");
    assert_eq!(with(28, 1), None, "a group has no lease");
    assert_eq!(with(MAGIC_AT, 0), None, "no magic number");
    assert_eq!(with(242, 99), None, "no such kind");
    for length in 0..good.len() - 4 {
        assert_eq!(client(&good[..length]), None, "cut after {length}");
    }
}

#[test]
fn our_question_is_known_by_its_name() {
    let bytes = question(PHONE, 7).unwrap();
    let asked = client(&bytes).unwrap();
    assert_eq!((asked.wish, asked.xid, asked.class.as_deref()), (Wish::Discover, 7, Some(PROBE_CLASS)));
    assert_eq!(asked.flags, 0x8000, "the answer is a broadcast");
}

#[test]
fn what_a_phone_calls_itself_is_short_and_printable() {
    assert_eq!(printable(b"Aastra\x00\x1b[2J"), "Aastra?[2J");
    assert_eq!(printable(&[b'x'; 255]).len(), CLASS_CHARS);
}

#[test]
fn options_that_the_codec_cannot_bear_never_reach_it() {
    // A network interface without content (RFC 4578, 2.2); an option that is cut off.
    let message = client(&of_a_phone(1, &[94, 0, 60, 2, b'A', b'x', 12, 9])).unwrap();
    assert_eq!(message.class.as_deref(), Some("Ax"));
    // A wrong length is as if it were not there, and the first of two counts.
    let message = client(&of_a_phone(1, &[0, 0, 50, 3, 1, 2, 3, 60, 1, b'A', 60, 1, b'B'])).unwrap();
    assert_eq!((message.requested, message.class.as_deref()), (None, Some("A")));
}

proptest! {
    #[test]
    fn no_packet_is_too_strange(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        read(&bytes, OURS);
    }

    #[test]
    fn and_none_behind_a_good_head(options in proptest::collection::vec(any::<u8>(), 0..200), at in 0..240usize, value: u8) {
        let mut bytes = of_a_phone(3, &options);
        bytes[at] = value;
        if let Some(Heard::Client(to)) = read(&bytes, OURS) {
            let answer = Reply { kind: Kind::Ack { yours: YOURS, lease: 60 }, to, ours: OURS, mask: MASK };
            let written = answer.bytes().unwrap();
            prop_assert_eq!(read(&written, OURS), Some(Heard::Server(OURS)));
        }
    }
}
