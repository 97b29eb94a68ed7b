//! Sources and observers are somebody else's code. One that panics harms nobody but itself.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tftp_server::{AbandonReason, Content, Event, EventKind, Memory, Refusal, Request, Source};

use crate::phone::{Phone, Running};
use crate::rig::{Pattern, Sent, rrq};

/// Both kinds of transfers: tasks and threads.
const KINDS: [usize; 2] = [0, usize::MAX];

/// Gives `57i.st`; breaks on `open` when it is asked for and on `read` when it is read.
struct Brittle;

impl Source for Brittle {
    fn open(&self, request: &Request, peer: SocketAddr) -> Result<Box<dyn Content>, Refusal> {
        match request.name.as_str() {
            "open" => panic!("a fault of the source"),
            "read" => Ok(Box::new(Unreadable)),
            _ => Memory::new("firmware").open(request, peer),
        }
    }
}

struct Unreadable;

impl Content for Unreadable {
    fn len(&self) -> u64 {
        1000
    }

    fn read_at(&mut self, _: u64, _: &mut [u8]) -> io::Result<usize> {
        panic!("a fault of the content")
    }
}

#[tokio::test]
async fn a_source_that_panics_is_answered_with_error_0_and_the_listener_lives() {
    for threads in KINDS {
        let mut server = Running::with(Brittle, |_| (), |config| config.threads = threads).await;
        let phone = Phone::at(server.address).await;
        for name in ["open", "read"] {
            phone.send(&rrq(name, "octet", &[]), server.address).await;
            assert!(matches!(phone.receive().await.0, Sent::Error(0, _)), "{name}");
        }
        server.until(|event| matches!(event.kind, EventKind::Refused { .. }).then_some(())).await;
        assert!(matches!(server.abandoned().await, AbandonReason::Unreadable { .. }));
        assert_eq!(phone.ask(&[]).await.0, Sent::Data(1, b"firmware".to_vec()));
    }
}

#[tokio::test]
async fn an_observer_that_panics_harms_neither_the_listener_nor_a_transfer() {
    for threads in KINDS {
        let look = |_: &Event| panic!("a fault of the observer");
        let source = Memory::new(Pattern(3000).bytes());
        let mut server = Running::with(source, look, |config| {
            config.threads = threads;
            config.timing.progress = Duration::ZERO;
        })
        .await;
        let phone = Phone::at(server.address).await;
        phone.send(b"\0\x01", server.address).await;
        assert!(matches!(phone.receive().await.0, Sent::Error(4, _)));
        let first = phone.ask(&[]).await;
        assert_eq!(phone.fetch(first).await, Pattern(3000).bytes());
        let confirmed = |event: &Event| matches!(event.kind, EventKind::Finished { confirmed: true, .. });
        server.until(|event| confirmed(event).then_some(())).await;
    }
}
