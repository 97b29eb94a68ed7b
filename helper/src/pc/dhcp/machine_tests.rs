use super::super::packet::{question, read};
use super::*;
use proptest::prelude::*;

const OURS: Ipv4Addr = Ipv4Addr::new(192, 168, 254, 1);
const FIRST: Ipv4Addr = Ipv4Addr::new(192, 168, 254, 2);
const SECOND: Ipv4Addr = Ipv4Addr::new(192, 168, 254, 3);
const FOREIGN: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);
const OUR_MAC: Mac = Mac([2, 0, 0, 0, 0, 1]);
const PHONE: Mac = Mac([0, 8, 0x5d, 0, 0, 1]);
const START: Duration = Duration::ZERO;

fn machine() -> Machine {
    Machine::new(Network::new(OURS, 24), OUR_MAC)
}

fn from(mac: Mac, wish: Wish) -> ClientMessage {
    ClientMessage {
        wish,
        xid: 7,
        flags: 0,
        ciaddr: Ipv4Addr::UNSPECIFIED,
        mac,
        requested: None,
        server: None,
        class: None,
        client_id: None,
    }
}

fn says(message: ClientMessage) -> Event {
    Event::Heard(Heard::Client(message))
}

/// What is sent, and what is told.
fn kinds(actions: &[Action]) -> Vec<Kind> {
    let sent = actions.iter().filter_map(|action| match action {
        Action::Send(reply) => Some(reply.kind),
        _ => None,
    });
    sent.collect()
}

fn offer(yours: Ipv4Addr) -> Kind {
    Kind::Offer { yours, lease: 3600 }
}

fn ack(yours: Ipv4Addr) -> Kind {
    Kind::Ack { yours, lease: 3600 }
}

/// Up to the offer.
fn offered(machine: &mut Machine, mac: Mac, now: Duration) -> Ipv4Addr {
    let actions = machine.take(says(from(mac, Wish::Discover)), now);
    let actions = match actions[..] {
        [Action::Ask(ip)] => machine.take(Event::Asked { ip, by: None }, now),
        _ => actions,
    };
    match kinds(&actions)[..] {
        [Kind::Offer { yours, .. }] => yours,
        _ => panic!("{actions:?}"),
    }
}

fn selects(mac: Mac, ip: Ipv4Addr, server: Ipv4Addr) -> Event {
    says(ClientMessage { requested: Some(ip), server: Some(server), ..from(mac, Wish::Request) })
}

fn leased(machine: &mut Machine, mac: Mac) -> Ipv4Addr {
    let ip = offered(machine, mac, START);
    assert_eq!(kinds(&machine.take(selects(mac, ip, OURS), START)), [ack(ip)]);
    ip
}

#[test]
fn a_phone_gets_an_address_after_the_cable_was_asked_and_is_told_with_its_model() {
    let mut machine = machine();
    let class = Some("AastraIPPhone6757iCT".to_owned());
    let discover = ClientMessage { class: class.clone(), ..from(PHONE, Wish::Discover) };
    assert_eq!(machine.take(says(discover.clone()), START), [Action::Ask(FIRST)]);
    assert_eq!(machine.take(says(discover), START), [], "asked already");
    assert_eq!(kinds(&machine.take(Event::Asked { ip: FIRST, by: None }, START)), [offer(FIRST)]);
    let request = ClientMessage {
        requested: Some(FIRST),
        server: Some(OURS),
        class: class.clone(),
        ..from(PHONE, Wish::Request)
    };
    let actions = machine.take(says(request), START);
    assert_eq!(kinds(&actions), [ack(FIRST)]);
    let guest = Guest { ip: FIRST, mac: PHONE, class, model: Model::find("57i CT") };
    assert!(guest.model.is_some());
    assert_eq!(actions[1], Action::Tell(Told::Phone(guest)));
}

#[test]
fn whoever_is_no_phone_hears_nothing() {
    let mut machine = machine();
    let other = Mac([2, 0, 0, 0, 0, 9]);
    for wish in [Wish::Discover, Wish::Request, Wish::Inform, Wish::Decline, Wish::Release] {
        for class in [None, Some("MSFT 5.0".to_owned()), Some("PXEClient".to_owned())] {
            let message = ClientMessage { class, requested: Some(FIRST), ..from(other, wish) };
            assert_eq!(machine.take(says(message), START), [], "{wish:?}");
        }
    }
    for class in ["AastraIPPhone57i", "MitelIPPhone6920", "aastra something"] {
        let message = ClientMessage { class: Some(class.into()), ..from(other, Wish::Discover) };
        assert_eq!(machine.take(says(message), START).len(), usize::from(class.ends_with("57i")), "{class}");
        // The same device asks again: it is waited for the cable once.
    }
    for maker in [[0, 8, 0x5d], [0, 0x10, 0xbc], [8, 0, 0x0f], [0x14, 0, 0xe9]] {
        let [a, b, c] = maker;
        let mut machine = self::machine();
        assert_eq!(offered(&mut machine, Mac([a, b, c, 1, 2, 3]), START), FIRST);
    }
}

#[test]
fn after_its_restart_a_phone_has_the_same_address_however_it_asks() {
    let mut machine = machine();
    let ip = leased(&mut machine, PHONE);
    let later = LEASE * 3;
    assert_eq!(offered(&mut machine, PHONE, later), ip);
    // INIT-REBOOT, RENEWING and REBINDING (RFC 2131, table 4).
    let reboot = ClientMessage { requested: Some(ip), ..from(PHONE, Wish::Request) };
    assert_eq!(kinds(&machine.take(says(reboot), later)), [ack(ip)]);
    let renewing = ClientMessage { ciaddr: ip, ..from(PHONE, Wish::Request) };
    let actions = machine.take(says(renewing), later);
    assert_eq!(kinds(&actions), [ack(ip)]);
    let Action::Send(reply) = &actions[0] else { panic!() };
    assert_eq!(reply.destination(), ip);
}

#[test]
fn an_address_of_another_network_is_refused_so_that_the_phone_asks_anew() {
    let mut machine = machine();
    let old = Ipv4Addr::new(10, 1, 1, 5);
    let reboot = ClientMessage { requested: Some(old), ..from(PHONE, Wish::Request) };
    assert_eq!(kinds(&machine.take(says(reboot), START)), [Kind::Nak]);
    let renewing = ClientMessage { ciaddr: old, ..from(PHONE, Wish::Request) };
    assert_eq!(kinds(&machine.take(says(renewing), START)), [Kind::Nak]);
    let ip = offered(&mut machine, PHONE, START);
    assert_eq!(
        kinds(&machine.take(selects(PHONE, SECOND, OURS), START)),
        [Kind::Nak],
        "not what was offered"
    );
    assert_eq!(kinds(&machine.take(selects(PHONE, ip, OURS), START)), [ack(ip)]);
    let other = Mac([0, 8, 0x5d, 0, 0, 2]);
    assert_eq!(kinds(&machine.take(selects(other, ip, OURS), START)), [Kind::Nak], "another's");
    assert_eq!(machine.take(says(from(PHONE, Wish::Request)), START), [], "for nothing at all");
}

#[test]
fn what_it_had_from_us_before_a_crash_it_may_keep() {
    let mut machine = machine();
    let reboot = ClientMessage { requested: Some(SECOND), ..from(PHONE, Wish::Request) };
    assert_eq!(kinds(&machine.take(says(reboot), START)), [ack(SECOND)]);
    assert_eq!(offered(&mut machine, PHONE, START), SECOND);
}

#[test]
fn an_address_that_somebody_has_is_not_offered() {
    let mut machine = machine();
    let somebody = Mac([2, 2, 2, 2, 2, 2]);
    assert_eq!(machine.take(says(from(PHONE, Wish::Discover)), START), [Action::Ask(FIRST)]);
    let actions = machine.take(Event::Asked { ip: FIRST, by: Some(somebody) }, START);
    assert_eq!(actions, [Action::Tell(Told::Taken(FIRST)), Action::Ask(SECOND)]);
    let actions = machine.take(Event::Asked { ip: SECOND, by: Some(PHONE) }, START);
    assert_eq!(kinds(&actions), [offer(SECOND)], "the phone itself has it");
    assert_eq!(machine.take(Event::Asked { ip: SECOND, by: None }, START), [], "nobody waits");
}

#[test]
fn a_declined_address_is_given_no_more_and_only_its_own_can_be_declined() {
    let mut machine = machine();
    let ip = leased(&mut machine, PHONE);
    let decline = |mac, server| {
        says(ClientMessage { requested: Some(ip), server: Some(server), ..from(mac, Wish::Decline) })
    };
    assert_eq!(machine.take(decline(Mac([0, 8, 0x5d, 9, 9, 9]), OURS), START), []);
    assert_eq!(machine.take(decline(PHONE, FOREIGN), START), []);
    assert_eq!(machine.take(decline(PHONE, OURS), START), [Action::Tell(Told::Taken(ip))]);
    assert_eq!(offered(&mut machine, PHONE, START), SECOND);
}

#[test]
fn a_released_address_is_the_phones_again_when_it_comes_back() {
    let mut machine = machine();
    let ip = leased(&mut machine, PHONE);
    let release = ClientMessage { ciaddr: ip, server: Some(OURS), ..from(PHONE, Wish::Release) };
    assert_eq!(machine.take(says(release), START), [], "nobody answers that");
    assert_eq!(offered(&mut machine, PHONE, START), ip);
}

#[test]
fn who_has_an_address_is_told_the_rest() {
    let inform = ClientMessage { ciaddr: FOREIGN, ..from(PHONE, Wish::Inform) };
    assert_eq!(kinds(&machine().take(says(inform), START)), [Kind::Informed]);
}

#[test]
fn another_server_ends_it_for_good() {
    for event in [
        Event::Heard(Heard::Server(FOREIGN)),
        selects(PHONE, FIRST, FOREIGN),
        Event::Unfit(Refusal::Router(Some(FOREIGN))),
    ] {
        let mut machine = machine();
        let ip = leased(&mut machine, PHONE);
        let actions = machine.take(event.clone(), START);
        assert!(matches!(actions[..], [Action::Tell(Told::Stopped(_))]), "{event:?}: {actions:?}");
        assert_eq!(machine.deadline(), None);
        assert_eq!(machine.take(selects(PHONE, ip, OURS), START), [], "no answer after it");
        assert_eq!(machine.take(says(from(PHONE, Wish::Discover)), START), []);
    }
    let mut machine = machine();
    assert_eq!(machine.take(Event::Heard(Heard::Server(OURS)), START), [], "ours, back from a switch");
    assert!(machine.deadline().is_some());
}

#[test]
fn another_hookflash_that_asks_is_answered_and_our_own_question_is_not() {
    let question = |mac| read(&question(mac, 9).unwrap(), Ipv4Addr::UNSPECIFIED).unwrap();
    let mut machine = machine();
    let other = Mac([2, 0, 0, 0, 0, 7]);
    assert_eq!(kinds(&machine.take(Event::Heard(question(other)), START)), [offer(FIRST)]);
    assert_eq!(machine.take(Event::Heard(question(OUR_MAC)), START), []);
    assert_eq!(offered(&mut machine, PHONE, START), FIRST, "nothing was kept for it");
}

#[test]
fn it_looks_around_from_time_to_time() {
    let mut machine = machine();
    assert_eq!(machine.deadline(), Some(ASK_AGAIN));
    assert_eq!(machine.take(Event::Tick, ASK_AGAIN / 2), []);
    assert_eq!(machine.take(Event::Tick, ASK_AGAIN), [Action::LookAround]);
    assert_eq!(machine.deadline(), Some(ASK_AGAIN * 2));
}

#[test]
fn when_no_address_is_left_it_is_told_once() {
    let mut machine = Machine::new(Network::new(Ipv4Addr::new(10, 0, 0, 1), 30), OUR_MAC);
    offered(&mut machine, PHONE, START);
    let other = Mac([0, 8, 0x5d, 0, 0, 2]);
    let asks = || says(from(other, Wish::Discover));
    assert_eq!(machine.take(asks(), START), [Action::Tell(Told::Exhausted(other))]);
    assert_eq!(machine.take(asks(), START), []);
    let ip = machine.take(asks(), OFFERED);
    assert_eq!(ip, [Action::Ask(Ipv4Addr::new(10, 0, 0, 2))], "what was offered and not taken is free again");
}

#[test]
fn a_flood_is_answered_so_often_and_no_more() {
    let mut machine = machine();
    offered(&mut machine, PHONE, START);
    let discover = || says(from(PHONE, Wish::Discover));
    let answered =
        |machine: &mut Machine, now| (0..1000).filter(|_| !machine.take(discover(), now).is_empty()).count();
    assert_eq!(answered(&mut machine, START), AT_ONCE as usize - 1);
    assert_eq!(answered(&mut machine, START + Duration::from_secs(1)), A_SECOND as usize);
    assert_eq!(answered(&mut machine, START + LEASE), AT_ONCE as usize);
}

fn any_message() -> impl Strategy<Value = Event> {
    let wish = prop_oneof![
        Just(Wish::Discover),
        Just(Wish::Request),
        Just(Wish::Decline),
        Just(Wish::Release),
        Just(Wish::Inform)
    ];
    let address = || proptest::option::of((0..22u8).prop_map(|last| Ipv4Addr::new(192, 168, 254, last)));
    (wish, 0..20u8, address(), address(), any::<bool>()).prop_map(
        |(wish, device, ciaddr, requested, ours)| {
            says(ClientMessage {
                ciaddr: ciaddr.unwrap_or(Ipv4Addr::UNSPECIFIED),
                requested,
                server: ours.then_some(OURS),
                ..from(Mac([0, 8, 0x5d, 0, 0, device]), wish)
            })
        },
    )
}

proptest! {
    /// Whatever phones say: no two have one address at the same time, none has ours, and what is
    /// somebody's is never given.
    #[test]
    fn no_order_of_messages_gives_one_address_twice(
        steps in proptest::collection::vec((any_message(), 0..400u64, any::<bool>()), 1..120),
    ) {
        let mut machine = machine();
        let mut now = START;
        let mut has: BTreeMap<Ipv4Addr, (Mac, Duration)> = BTreeMap::new();
        let mut taken = BTreeSet::new();
        for (event, later, somebody) in steps {
            now += Duration::from_secs(later);
            let mut actions = machine.take(event.clone(), now);
            if let Event::Heard(Heard::Client(ClientMessage { wish: Wish::Decline | Wish::Release, mac, .. })) = event {
                has.retain(|_, (owner, _)| *owner != mac);
            }
            while let Some(action) = actions.pop() {
                match action {
                    Action::Ask(ip) => {
                        let by = somebody.then_some(Mac([2, 2, 2, 2, 2, 2]));
                        actions.extend(machine.take(Event::Asked { ip, by }, now));
                    }
                    Action::Tell(Told::Taken(ip)) => { taken.insert(ip); }
                    Action::Send(Reply { kind: Kind::Ack { yours, lease }, to, .. }) => {
                        prop_assert!(yours != OURS && machine.pool.has(yours));
                        prop_assert!(!taken.contains(&yours), "{yours} is somebody's");
                        if let Some((owner, until)) = has.get(&yours) {
                            prop_assert!(*owner == to.mac || *until <= now, "{yours} is {owner}'s");
                        }
                        has.retain(|_, (owner, _)| *owner != to.mac);
                        has.insert(yours, (to.mac, now + Duration::from_secs(lease.into())));
                    }
                    _ => {}
                }
            }
        }
    }
}
