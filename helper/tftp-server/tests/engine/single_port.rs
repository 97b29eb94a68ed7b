//! Single-port mode: all comes from the listening port, and what arrives there is sorted by who
//! has sent it.

use tftp_server::{AbandonReason, Config, EventKind, RepeatCause};

use crate::phone::{Phone, Running};
use crate::rig::{Pattern, Sent, ack, error, numbers, rrq};

async fn start(length: u64, change: impl FnOnce(&mut Config)) -> Running {
    Running::start(length, |config| {
        config.single_port = true;
        change(config);
    })
    .await
}

#[tokio::test]
async fn in_single_port_mode_all_comes_from_the_listening_port() {
    let server = start(20_000, |_| ()).await;
    let (one, two) = (Phone::at(server.address).await, Phone::at(server.address).await);
    let (first, second) = (one.ask(&[]).await, two.ask(&[]).await);
    assert_eq!((first.1, second.1), (server.address, server.address));
    let (file, other) = tokio::join!(one.fetch(first), two.fetch(second));
    assert_eq!(file, Pattern(20_000).bytes());
    assert_eq!(other, Pattern(20_000).bytes());
}

#[tokio::test]
async fn a_repeated_request_starts_over() {
    let mut server = start(20_000, |_| ()).await;
    let phone = Phone::at(server.address).await;
    let first = phone.ask(&[]).await;
    phone.send(&ack(1), server.address).await;
    assert_eq!(numbers(&[phone.receive().await.0]), [2]);
    let again = phone.ask(&[]).await;
    assert_eq!(again, first);
    assert_eq!(phone.fetch(again).await, Pattern(20_000).bytes());
    let cause = server
        .until(|event| match event.kind {
            EventKind::Repeat { cause, .. } => Some(cause),
            _ => None,
        })
        .await;
    assert_eq!(cause, RepeatCause::Request);
}

#[tokio::test]
async fn a_client_that_refuses_the_oack_asks_again() {
    let server = start(2000, |_| ()).await;
    let phone = Phone::at(server.address).await;
    for _ in 0..20 {
        let (oack, _) = phone.ask(&[("blksize", "1000")]).await;
        assert!(matches!(oack, Sent::Oack(_)));
        phone.send(&error(8, "no options"), server.address).await;
        let first = phone.ask(&[]).await;
        assert_eq!(phone.fetch(first).await, Pattern(2000).bytes());
    }
}

#[tokio::test]
async fn a_foreign_sender_gets_no_answer_and_does_no_harm() {
    let server = start(2000, |_| ()).await;
    let (phone, stranger) = (Phone::at(server.address).await, Phone::at(server.address).await);
    let first = phone.ask(&[]).await;
    stranger.send(&ack(1), server.address).await;
    stranger.send(&error(0, "die"), server.address).await;
    // Whoever is not served by a transfer has no TID that could be wrong: only a request counts.
    stranger.send(&rrq("other", "octet", &[]), server.address).await;
    assert!(matches!(stranger.receive().await.0, Sent::Error(1, _)));
    assert_eq!(phone.fetch(first).await, Pattern(2000).bytes());
}

#[tokio::test]
async fn cancelling_tells_the_peer() {
    let mut server = start(20_000, |_| ()).await;
    let phone = Phone::at(server.address).await;
    phone.ask(&[]).await;
    server.handle.cancel_all();
    let (answer, from) = phone.receive().await;
    assert!(matches!(answer, Sent::Error(0, _)));
    assert_eq!(from, server.address);
    assert_eq!(server.abandoned().await, AbandonReason::Cancelled);
}

#[tokio::test]
async fn the_cap_is_answered_with_an_error() {
    let server = start(20_000, |config| config.max_transfers = 1).await;
    let (one, two) = (Phone::at(server.address).await, Phone::at(server.address).await);
    let first = one.ask(&[]).await;
    assert!(matches!(two.ask(&[]).await.0, Sent::Error(0, text) if text.contains("busy")));
    assert_eq!(one.fetch(first).await, Pattern(20_000).bytes());
}

/// Only Linux tells which address was asked; the others refuse to listen like this.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn listening_on_all_addresses_the_one_that_was_asked_answers() {
    for (bind, asked) in [("0.0.0.0:0", "127.0.0.2"), ("[::]:0", "127.0.0.2"), ("[::]:0", "::1")] {
        let server = start(20_000, |config| config.bind = bind.parse().unwrap()).await;
        let address = std::net::SocketAddr::new(asked.parse().unwrap(), server.address.port());
        let any = if address.is_ipv6() { "[::1]:0" } else { "127.0.0.1:0" };
        let phone = Phone::from(any.parse().unwrap(), address).await;
        let first = phone.ask(&[]).await;
        assert_eq!(first.1, address, "{bind}");
        assert_eq!(phone.fetch(first).await, Pattern(20_000).bytes());
        // A whole window in one call.
        let (oack, from) = phone.ask(&[("windowsize", "4")]).await;
        assert!(matches!(oack, Sent::Oack(_)));
        assert_eq!(from, address);
        phone.send(&ack(0), address).await;
        for block in 1..=4 {
            let (packet, from) = phone.receive().await;
            assert_eq!((numbers(&[packet]), from), (vec![block], address), "{bind}");
        }
    }
}
