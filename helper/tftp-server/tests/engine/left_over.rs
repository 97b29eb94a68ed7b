//! Requests that waited at the port while the server was away or busy.

use super::*;

/// The same with a file that is not there: its ERROR is the last word.
#[tokio::test]
async fn a_request_that_was_left_over_is_not_served_behind_a_refusal() {
    let mut server = start(20_000, |_| ()).await;
    for _ in 0..10 {
        let phone = Phone::at(server.address).await;
        phone.ask(&[]).await;
        phone.send(&rrq("57i.st", "octet", &[]), server.address).await;
        phone.send(&rrq("other", "octet", &[]), server.address).await;
        while !matches!(phone.receive().await.0, Sent::Error(1, _)) {}
        assert_eq!(server.abandoned().await, AbandonReason::Superseded);
        // By the time that this is served, a leftover would have been as well.
        let next = Phone::at(server.address).await;
        let own = next.socket.local_addr().unwrap();
        let first = next.ask(&[]).await;
        assert_eq!(next.fetch(first).await, Pattern(20_000).bytes());
        let finished = |event: &tftp_server::Event| matches!(event.kind, EventKind::Finished { .. });
        server
            .until(|event| {
                assert_eq!(event.peer, own, "{event:?}");
                finished(event).then_some(())
            })
            .await;
    }
}

/// Asks for `57i.st` twice, and for something else before the second is dealt with.
#[tokio::test]
async fn a_request_that_was_left_over_does_not_push_a_newer_one_aside() {
    let mut server = start(20_000, |_| ()).await;
    for _ in 0..10 {
        let phone = Phone::at(server.address).await;
        let (_, old) = phone.ask(&[]).await;
        phone.send(&rrq("57i.st", "octet", &[]), server.address).await;
        phone.send(&rrq("57i.st", "octet", &[("blksize", "512")]), server.address).await;
        // A copy of DATA 1 may come from the old port before the answer to the new request.
        let first = loop {
            let (packet, from) = phone.receive().await;
            if from != old {
                break (packet, from);
            }
        };
        assert!(matches!(first.0, Sent::Oack(_)), "{first:?}");
        phone.send(&ack(0), first.1).await;
        let next = phone.receive().await;
        assert_eq!(phone.fetch(next).await, Pattern(20_000).bytes());
        let mut requested = 0;
        server
            .until(|event| {
                requested += usize::from(matches!(event.kind, EventKind::Requested(_)));
                matches!(event.kind, EventKind::Finished { confirmed: true, .. }).then_some(())
            })
            .await;
        assert_eq!(requested, 2, "the repeated request began a transfer of its own");
    }
}
