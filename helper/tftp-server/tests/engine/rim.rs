//! The rim on real sockets, on loopback only; once with tasks and once with threads (`main.rs`).

mod left_over;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tftp_server::{
    AbandonReason, BindError, Config, EventKind, Memory, Peers, RefusalReason, RepeatCause, Server,
    TransferId,
};

use crate::phone::{HANG, Phone, Running};
use crate::rig::{Pattern, Sent, ack, error, numbers, rrq};

/// How many transfers get a thread: the name of this module says it.
fn threads() -> usize {
    if module_path!().ends_with("on_threads") { usize::MAX } else { 0 }
}

async fn start(length: u64, change: impl FnOnce(&mut Config)) -> Running {
    Running::start(length, |config| {
        config.threads = threads();
        change(config);
    })
    .await
}

#[tokio::test]
async fn a_phone_gets_its_file_from_a_port_of_its_own() {
    let mut server = start(50_000, |_| ()).await;
    let phone = Phone::at(server.address).await;
    let first = phone.ask(&[]).await;
    assert_ne!(first.1.port(), server.address.port());
    assert_eq!(first.1.ip(), server.address.ip());
    assert_eq!(phone.fetch(first).await, Pattern(50_000).bytes());
    let end =
        server.until(|event| matches!(event.kind, EventKind::Finished { .. }).then(|| event.clone())).await;
    assert_eq!(end.kind, EventKind::Finished { bytes: 50_000, confirmed: true });
    assert_eq!(end.peer, phone.socket.local_addr().unwrap());
    server.handle.shut_down();
    tokio::time::timeout(HANG, server.task).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_foreign_tid_gets_error_5_while_the_transfer_goes_on() {
    let server = start(2000, |_| ()).await;
    let phone = Phone::at(server.address).await;
    let first = phone.ask(&[]).await;
    let stranger = Phone::at(server.address).await;
    stranger.send(&ack(1), first.1).await;
    assert!(matches!(stranger.receive().await.0, Sent::Error(5, _)));
    stranger.send(&error(0, "die"), first.1).await;
    assert_eq!(phone.fetch(first).await, Pattern(2000).bytes());
}

#[tokio::test]
async fn cancelling_one_transfer_tells_its_peer_and_leaves_the_others() {
    let mut server = start(20_000, |_| ()).await;
    let (one, two) = (Phone::at(server.address).await, Phone::at(server.address).await);
    let first = one.ask(&[]).await;
    let id: TransferId = server.event().await.transfer;
    let second = two.ask(&[]).await;
    server.handle.cancel(id);
    assert!(matches!(one.receive().await.0, Sent::Error(0, _)));
    assert_eq!(server.abandoned().await, AbandonReason::Cancelled);
    drop(first);
    assert_eq!(two.fetch(second).await, Pattern(20_000).bytes());
}

#[tokio::test]
async fn cancelling_by_address_and_cancelling_all() {
    let mut server = start(20_000, |_| ()).await;
    let phone = Phone::at(server.address).await;
    phone.ask(&[]).await;
    server.handle.cancel_peer([127, 0, 0, 9].into());
    server.handle.cancel_peer([127, 0, 0, 1].into());
    assert!(matches!(phone.receive().await.0, Sent::Error(0, _)));
    assert_eq!(server.abandoned().await, AbandonReason::Cancelled);
    phone.ask(&[]).await;
    server.handle.cancel_all();
    assert!(matches!(phone.receive().await.0, Sent::Error(0, _)));
}

#[tokio::test]
async fn shutting_down_tells_the_peers_and_returns() {
    let mut server = start(20_000, |_| ()).await;
    let phone = Phone::at(server.address).await;
    phone.ask(&[]).await;
    server.handle.shut_down();
    assert!(matches!(phone.receive().await.0, Sent::Error(0, _)));
    assert_eq!(server.abandoned().await, AbandonReason::ShutDown);
    tokio::time::timeout(HANG, server.task).await.unwrap().unwrap();
    server.handle.cancel_all();
}

#[tokio::test]
async fn who_is_served_can_be_changed_while_it_runs() {
    let stranger: IpAddr = [127, 0, 0, 9].into();
    let mut server = start(100, |config| config.peers = Peers::only(stranger)).await;
    let phone = Phone::at(server.address).await;
    phone.send(&rrq("57i.st", "octet", &[]), server.address).await;
    assert_eq!(server.event().await.kind, EventKind::Refused { why: RefusalReason::Stranger });
    server.handle.set_peers(Peers::only([127, 0, 0, 1].into()));
    assert!(matches!(phone.ask(&[]).await.0, Sent::Data(1, _)));
}

#[tokio::test]
async fn a_repeated_request_starts_over_from_the_same_port() {
    let mut server = start(20_000, |_| ()).await;
    let phone = Phone::at(server.address).await;
    let (first, port) = phone.ask(&[]).await;
    phone.send(&ack(1), port).await;
    assert_eq!(numbers(&[phone.receive().await.0]), [2]);
    let again = phone.ask(&[]).await;
    assert_eq!(again, (first, port));
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
async fn a_request_right_behind_an_error_is_a_new_transfer() {
    let server = start(2000, |_| ()).await;
    let phone = Phone::at(server.address).await;
    for _ in 0..20 {
        let (_, port) = phone.ask(&[("blksize", "1000")]).await;
        phone.send(&error(8, "no options"), port).await;
        let first = phone.ask(&[]).await;
        assert_eq!(phone.fetch(first).await, Pattern(2000).bytes());
        let (_, port) = phone.ask(&[]).await;
        phone.send(&error(0, "stop"), port).await;
        let first = phone.ask(&[]).await;
        assert_eq!(phone.fetch(first).await, Pattern(2000).bytes());
    }
}

#[tokio::test]
async fn a_client_that_is_gone_and_packets_of_any_length_do_not_hurt_the_listener() {
    let server = start(20_000, |_| ()).await;
    for _ in 0..10 {
        // Gone at once: the answers meet a closed port, ICMP comes back.
        let gone = Phone::at(server.address).await;
        gone.send(&rrq("57i.st", "octet", &[]), server.address).await;
        gone.send(&rrq("other", "octet", &[]), server.address).await;
    }
    let phone = Phone::at(server.address).await;
    for length in [0, 1, 2, 3, 4, 511, 2047, 2048, 2049, 9000, 65_507] {
        phone.send(&vec![0; length], server.address).await;
    }
    let first = phone.ask(&[]).await;
    phone.send(&vec![0; 65_507], first.1).await;
    phone.send(&[], first.1).await;
    assert_eq!(phone.fetch(first).await, Pattern(20_000).bytes());
}

#[tokio::test]
async fn the_cap_is_answered_with_an_error() {
    let mut server = start(20_000, |config| config.max_transfers = 1).await;
    let (one, two) = (Phone::at(server.address).await, Phone::at(server.address).await);
    let first = one.ask(&[]).await;
    assert!(matches!(two.ask(&[]).await.0, Sent::Error(0, text) if text.contains("busy")));
    one.fetch(first).await;
    server.until(|event| matches!(event.kind, EventKind::Finished { .. }).then_some(())).await;
    // The end is told before the place is free; a refused client asks again.
    loop {
        match two.ask(&[]).await.0 {
            Sent::Data(1, _) => break,
            Sent::Error(0, _) => tokio::task::yield_now().await,
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn ipv6_is_served() {
    let server = start(20_000, |config| config.bind = "[::1]:0".parse().unwrap()).await;
    let phone = Phone::from("[::1]:0".parse().unwrap(), server.address).await;
    let first = phone.ask(&[]).await;
    assert_eq!(phone.fetch(first).await, Pattern(20_000).bytes());
}

#[tokio::test]
async fn a_window_of_large_blocks_arrives_whole_and_in_order() {
    let server = start(3_000_000, |_| ()).await;
    let phone = Phone::at(server.address).await;
    let options = [("blksize", "1428"), ("windowsize", "16")];
    let (oack, port) = phone.ask(&options).await;
    assert!(matches!(oack, Sent::Oack(_)));
    phone.send(&ack(0), port).await;
    let (mut file, mut expected) = (Vec::new(), 1);
    loop {
        let Sent::Data(block, bytes) = phone.receive().await.0 else { panic!() };
        assert_eq!(block, expected);
        file.extend_from_slice(&bytes);
        if bytes.len() < 1428 || block.is_multiple_of(16) {
            phone.send(&ack(block), port).await;
        }
        if bytes.len() < 1428 {
            break;
        }
        expected = expected.wrapping_add(1);
    }
    assert_eq!(file, Pattern(3_000_000).bytes());
}

#[tokio::test]
async fn a_taken_port_and_a_foreign_address_are_told_apart() {
    let server = start(1, |_| ()).await;
    let bind = async |address: SocketAddr| {
        Server::bind(Config::new(address), Arc::new(Memory::new("x")), Arc::new(tftp_server::NoObserver))
            .await
    };
    assert!(matches!(bind(server.address).await, Err(BindError::Taken { .. })));
    assert!(matches!(bind("192.0.2.77:0".parse().unwrap()).await, Err(BindError::NotHere { .. })));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_phones_at_once_all_get_the_file() {
    let server = start(30_000, |_| ()).await;
    let mut phones = tokio::task::JoinSet::new();
    for _ in 0..200 {
        let address = server.address;
        phones.spawn(async move {
            let phone = Phone::at(address).await;
            let first = phone.ask(&[]).await;
            assert_eq!(phone.fetch(first).await, Pattern(30_000).bytes());
        });
    }
    while let Some(done) = phones.join_next().await {
        done.unwrap();
    }
}

#[tokio::test]
async fn silence_is_given_up_on_the_rims_clock_too() {
    let silence = Duration::from_millis(200);
    let mut server = start(5000, |config| config.timing.silence = silence).await;
    Phone::at(server.address).await.ask(&[]).await;
    assert_eq!(server.abandoned().await, AbandonReason::Silent { after_block: 0 });
}

#[tokio::test]
async fn a_flood_from_a_foreign_tid_does_not_keep_silence_from_being_noticed() {
    let silence = Duration::from_millis(200);
    let mut server = start(5000, |config| config.timing.silence = silence).await;
    let phone = Phone::at(server.address).await;
    let (_, port) = phone.ask(&[]).await;
    let stranger = Phone::at(server.address).await;
    let flood = async {
        loop {
            stranger.send(&ack(1), port).await;
            tokio::task::yield_now().await;
        }
    };
    let reason = tokio::select! {
        reason = server.abandoned() => reason,
        () = flood => unreachable!(),
    };
    assert_eq!(reason, AbandonReason::Silent { after_block: 0 });
}

#[tokio::test]
async fn a_dropped_server_ends_its_transfers_without_a_word() {
    let mut server = start(5000, |_| ()).await;
    let phone = Phone::at(server.address).await;
    phone.ask(&[]).await;
    server.task.abort();
    assert!(server.task.await.unwrap_err().is_cancelled());
    // The channel closes when the last transfer has let go of its observer.
    while let Some(event) = tokio::time::timeout(HANG, server.events.recv()).await.unwrap() {
        assert!(!matches!(event.kind, EventKind::Abandoned { .. }), "{event:?}");
    }
}

#[tokio::test]
async fn two_transfers_at_once_have_two_ports() {
    let server = start(5000, |_| ()).await;
    let (one, two) = (Phone::at(server.address).await, Phone::at(server.address).await);
    let (first, second) = (one.ask(&[]).await, two.ask(&[]).await);
    assert_ne!(first.1, second.1);
    assert_eq!(one.fetch(first).await, Pattern(5000).bytes());
    assert_eq!(two.fetch(second).await, Pattern(5000).bytes());
}

#[tokio::test]
async fn a_write_is_refused_and_the_file_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("57i.st");
    std::fs::write(&path, b"firmware").unwrap();
    let staged = tftp_server::Staged::new("57i.st", tftp_server::FileSource::new(&path));
    let mut server = Running::with(staged, |_| (), |config| config.threads = threads()).await;
    let phone = Phone::at(server.address).await;
    phone.send(b"\0\x0257i.st\0octet\0", server.address).await;
    let (answer, from) = phone.receive().await;
    assert!(matches!(answer, Sent::Error(2, _)), "{answer:?}");
    // It does not listen, and sends its file all the same.
    for to in [from, server.address] {
        phone.send(b"\0\x03\0\x01EVIL", to).await;
    }
    assert!(matches!(server.event().await.kind, EventKind::Requested(_)));
    assert_eq!(server.event().await.kind, EventKind::Refused { why: RefusalReason::Write });
    assert_eq!(phone.ask(&[]).await.0, Sent::Data(1, b"firmware".to_vec()));
    assert_eq!(std::fs::read(&path).unwrap(), b"firmware");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// Only Linux has all of 127/8 on loopback.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_foreign_tid_that_is_not_allowed_gets_nothing() {
    let server = start(2000, |config| config.peers = Peers::only([127, 0, 0, 1].into())).await;
    let phone = Phone::at(server.address).await;
    let first = phone.ask(&[]).await;
    let (stranger, own) =
        (Phone::from("127.0.0.9:0".parse().unwrap(), server.address).await, Phone::at(server.address).await);
    // The phone's own address has the answer; by then the stranger would have had one.
    stranger.send(&ack(1), first.1).await;
    own.send(&ack(1), first.1).await;
    assert!(matches!(own.receive().await.0, Sent::Error(5, _)));
    assert_eq!(stranger.socket.try_recv(&mut [0; 9]).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    assert_eq!(phone.fetch(first).await, Pattern(2000).bytes());
}

/// A client that checks the whole file, and cannot use it (case C14).
#[tokio::test]
async fn c14_an_error_behind_the_last_ack_is_heard() {
    let mut server = start(5_000, |_| ()).await;
    let phone = Phone::at(server.address).await;
    let first = phone.ask(&[]).await;
    let port = first.1;
    assert_eq!(phone.fetch(first).await, Pattern(5_000).bytes());
    let finished = server
        .until(|event| matches!(event.kind, EventKind::Finished { .. }).then_some(event.transfer))
        .await;
    let stranger = Phone::at(server.address).await;
    stranger.send(&error(1, "not me"), port).await;
    phone.send(&ack(10), port).await;
    phone.send(&error(0, "checksum"), port).await;
    let late = server.event().await;
    assert_eq!(late.transfer, finished);
    assert!(matches!(&late.kind, EventKind::PeerError { text, .. } if text == "checksum"), "{late:?}");
}
