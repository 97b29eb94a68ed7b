//! Who is taken for a phone, and which links are asked.

use super::*;
use crate::pc::interface::Kind;

const IP: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 5);
const AASTRA: Mac = Mac([0, 8, 0x5d, 0, 0, 1]);
const OTHER: Mac = Mac([2, 0, 0, 0, 0, 1]);

fn suspect(mac: Mac, direct: bool) -> Suspect {
    Suspect { mac: Some(mac), interface: Some("eth0".into()), direct }
}

fn state(ip: Ipv4Addr, suspect: Suspect, seen: Option<Result<Answer, ExchangeError>>) -> Option<State> {
    let found = judge(ip, suspect, seen)?;
    assert!(!found.why.is_empty(), "everything that is found has its reason");
    Some(found.state)
}

#[test]
fn what_answers_is_a_phone_by_its_page_or_by_its_maker() {
    let silent = || Some(Err(ExchangeError::Silent(SocketAddr::from((IP, 80)))));
    let normal = || Some(Ok(Answer::Normal { name: "Aastra 57i".into() }));
    let stranger = || Some(Ok(Answer::Stranger { seen: "Toner".into() }));
    for (mac, seen, expected) in [
        (OTHER, normal(), Some(State::Normal)),
        (OTHER, Some(Ok(Answer::Busy)), Some(State::Busy)),
        (OTHER, stranger(), None),
        (OTHER, silent(), None),
        (AASTRA, stranger(), Some(State::Silent)),
        (AASTRA, silent(), Some(State::Silent)),
        (AASTRA, None, Some(State::OutOfReach)),
        (OTHER, None, Some(State::OutOfReach)),
    ] {
        assert_eq!(state(IP, suspect(mac, true), seen.clone()), expected, "{mac} {seen:?}");
    }
    assert_eq!(state(IP, suspect(OTHER, false), None), None, "somebody in the office");
    assert_eq!(state(TEST_MODE, suspect(OTHER, true), silent()), Some(State::TestMode));
}

#[test]
fn only_neighbours_of_the_maker_are_suspects() {
    let suspect = |mac| by_maker(Neighbour { ip: IP, mac, interface: None }, false);
    assert_eq!(suspect(AASTRA).map(|(ip, _)| ip), Some(IP));
    assert_eq!(suspect(OTHER), None);
}

#[test]
fn only_a_cable_without_a_router_is_asked() {
    let cable = Interface { kind: Kind::Cable, link: Some(true), ..Interface::named("eth0") };
    assert!(is_direct(&cable));
    assert!(!is_direct(&Interface { gateway: Some(IP), ..cable.clone() }));
    assert!(!is_direct(&Interface { link: Some(false), ..cable.clone() }));
    assert!(!is_direct(&Interface { kind: Kind::Wifi, ..cable }));
}
