//! Whatever comes on the direct cable: no message stops the server, none gets an address twice,
//! and nobody but a phone is answered.

#![no_main]

use std::net::Ipv4Addr;
use std::time::Duration;

use hookflash::pc::dhcp::machine::{Action, Event, Machine};
use hookflash::pc::dhcp::packet::{Heard, PROBE_CLASS, read};
use hookflash::pc::mac::Mac;
use hookflash::pc::subnet::Network;
use libfuzzer_sys::fuzz_target;

const OURS: Ipv4Addr = Ipv4Addr::new(192, 168, 254, 1);
const OUR_MAC: Mac = Mac([2, 0, 0, 0, 0, 1]);

fuzz_target!(|input: &[u8]| {
    let mut machine = Machine::new(Network::new(OURS, 24), OUR_MAC);
    let mut now = Duration::ZERO;
    // Messages of any length behind one another: the first byte says how many seconds later.
    for message in input.chunks(400) {
        let Some((later, message)) = message.split_first() else { return };
        now += Duration::from_secs((*later).into());
        let Some(heard) = read(message, Ipv4Addr::UNSPECIFIED) else { continue };
        let mut actions = machine.take(Event::Heard(heard), now);
        while let Some(action) = actions.pop() {
            match action {
                Action::Ask(ip) => actions.extend(machine.take(Event::Asked { ip, by: None }, now)),
                Action::Send(reply) => {
                    let class = reply.to.class.as_deref().unwrap_or_default().to_ascii_lowercase();
                    let named = ["aastra", "mitel", PROBE_CLASS].iter().any(|name| class.starts_with(name));
                    assert!(named || reply.to.mac.maker().is_some(), "only phones are answered");
                    let bytes = reply.bytes().expect("what is answered can be written");
                    assert_eq!(read(&bytes, OURS), Some(Heard::Server(OURS)));
                }
                Action::LookAround | Action::Tell(_) => {}
            }
        }
    }
});
