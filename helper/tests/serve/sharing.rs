//! Case C19: several phones, one port, each with its own file; and how ports come and go.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;

use shared::failure::FailureCode;
use shared::form::Protocol;
use tokio::net::UdpSocket;
use tokio::time::timeout;

use super::talk::Talk;
use super::{HANGS, OTHER, PHONE, Stand, bytes};
use hookflash::serve::{FileEvent, Hub, Offer, Serving};

const ALL: [Protocol; 3] = [Protocol::Tftp, Protocol::Http, Protocol::Ftp];

fn offer(peer: &str, bind: SocketAddr) -> Offer {
    let bytes = Arc::new(bytes(1000, 9));
    Offer { bind, peer: peer.parse().unwrap(), names: vec!["57i.st".into()], bytes, quarantine: false }
}

/// Serves at a port that was just given up. Programs that other tests start at this moment hold
/// copies of all sockets of this process until they run, and so the port.
async fn serve_again(hub: &Hub, protocol: Protocol, address: SocketAddr) -> Serving {
    let serving = async {
        loop {
            match hub.serve(protocol, offer(PHONE, address), |_| {}).await {
                Ok(serving) => return serving,
                Err(failure) => assert_eq!(failure.code, FailureCode::PcPortTaken, "{failure:?}"),
            }
            tokio::task::yield_now().await;
        }
    };
    timeout(HANGS, serving).await.expect("the port is free")
}

/// Two phones at one port.
async fn two(hub: &Hub, protocol: Protocol) -> (Stand, Stand) {
    let first = Stand::with(hub, protocol, PHONE, (PHONE, 0), bytes(300_000, 1)).await;
    let here = (PHONE, first.address.port());
    let second = Stand::with(hub, protocol, OTHER, here, bytes(200_000, 2)).await;
    assert_eq!(first.address, second.address);
    (first, second)
}

#[tokio::test(flavor = "multi_thread")]
async fn c19_two_phones_at_one_port_get_each_its_own_file() {
    for protocol in ALL {
        let (mut first, mut second) = two(&Hub::new(), protocol).await;
        let url = first.url("57i.st");
        let arguments = [url.as_str()];
        let (one, other) = tokio::join!(first.curl(&arguments), second.curl(&arguments));
        one.is(&first.file);
        other.is(&second.file);
        first.whole_transfer().await;
        second.whole_transfer().await;
        assert!(first.events.try_recv().is_err(), "nothing of the other's");
        assert!(second.events.try_recv().is_err(), "nothing of the other's");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn c19_when_one_phone_is_done_the_other_goes_on() {
    for protocol in ALL {
        let hub = Hub::new();
        let (mut first, mut second) = two(&hub, protocol).await;
        first.serving.take().unwrap().end().await;
        second.curl(&[&second.url("57i.st")]).await.is(&second.file);
        second.whole_transfer().await;
        // It may come again, and its place is free.
        let here = (PHONE, second.address.port());
        let again = Stand::with(&hub, protocol, PHONE, here, bytes(1000, 3)).await;
        again.curl(&[&again.url("57i.st")]).await.is(&again.file);
        drop(second);
        again.curl(&[&again.url("57i.st")]).await.is(&again.file);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_whose_offer_has_ended_is_a_stranger() {
    for protocol in [Protocol::Http, Protocol::Ftp] {
        let (mut first, _second) = two(&Hub::new(), protocol).await;
        first.serving.take().unwrap().end().await;
        assert_eq!(Talk::from(PHONE, first.address).await.rest().await, b"");
    }
    let (mut first, second) = two(&Hub::new(), Protocol::Tftp).await;
    first.serving.take().unwrap().end().await;
    let request = b"\0\x0157i.st\0octet\0";
    let ended = UdpSocket::bind((PHONE, 0)).await.unwrap();
    ended.send_to(request, first.address).await.unwrap();
    let phone = UdpSocket::bind((OTHER, 0)).await.unwrap();
    phone.send_to(request, second.address).await.unwrap();
    let mut buffer = [0; 600];
    // Datagrams are looked at in the order in which they came.
    timeout(HANGS, phone.recv(&mut buffer)).await.unwrap().unwrap();
    assert!(ended.try_recv(&mut buffer).is_err(), "no answer to a stranger");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_offer_to_the_same_phone_at_the_same_port_is_refused() {
    for protocol in ALL {
        let hub = Hub::new();
        let mut stand = Stand::with(&hub, protocol, PHONE, (PHONE, 0), bytes(1000, 1)).await;
        // The same address, written as IPv6 does.
        for peer in [PHONE, "::ffff:127.0.0.1"] {
            let failure = hub.serve(protocol, offer(peer, stand.address), |_| {}).await.unwrap_err();
            assert_eq!(failure.code, FailureCode::PhoneBusy, "{failure:?}");
        }
        // The first one goes on, and its end makes room.
        stand.curl(&[&stand.url("57i.st")]).await.is(&stand.file);
        stand.serving.take().unwrap().end().await;
        drop(serve_again(&hub, protocol, stand.address).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_is_free_again_after_its_last_offer() {
    for protocol in ALL {
        let hub = Hub::new();
        let serving = hub.serve(protocol, offer(PHONE, (PHONE_IP, 0).into()), |_| {}).await.unwrap();
        let address: SocketAddr = (PHONE_IP, serving.port).into();
        serving.end().await;
        // Another program may have it, as this other hub.
        let other = Hub::new();
        let serving = serve_again(&other, protocol, address).await;
        let taken = hub.serve(protocol, offer(PHONE, address), |_| {}).await.unwrap_err();
        assert_eq!(taken.code, FailureCode::PcPortTaken, "{taken:?}");
        // Also when it was only dropped.
        drop(serving);
        drop(serve_again(&other, protocol, address).await);
    }
}

const PHONE_IP: std::net::Ipv4Addr = std::net::Ipv4Addr::LOCALHOST;

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_not_ours_is_no_route() {
    for protocol in ALL {
        // TEST-NET-1 (RFC 5737) is nobody's.
        let elsewhere = offer(PHONE, ([192, 0, 2, 1], 0).into());
        let failure = Hub::new().serve(protocol, elsewhere, |_| {}).await.unwrap_err();
        assert_eq!(failure.code, FailureCode::PcNoRoute, "{failure:?}");
    }
    let here = offer(PHONE, (PHONE_IP, 0).into());
    let failure = Hub::new().serve(Protocol::Upload, here, |_| {}).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::HelperFault);
}

#[tokio::test(flavor = "multi_thread")]
async fn transfers_of_all_protocols_and_phones_have_numbers_of_their_own() {
    let hub = Hub::new();
    let mut numbers = BTreeSet::new();
    for protocol in ALL {
        let (mut first, mut second) = two(&hub, protocol).await;
        for stand in [&mut first, &mut second] {
            stand.curl(&[&stand.url("57i.st")]).await.is(&stand.file);
            let events = stand.transfer().await;
            for event in events {
                if let FileEvent::Requested { transfer, .. } = event {
                    assert!(numbers.insert(transfer), "{transfer} again");
                }
            }
        }
    }
    assert_eq!(numbers.len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_that_ends_says_good_bye() {
    let mut stand = Stand::of(Protocol::Ftp).await;
    let mut phone = Talk::ftp(PHONE, stand.address).await;
    stand.serving.take().unwrap().end().await;
    assert_eq!(phone.line().await, "421 the offer has ended\r\n");
    assert_eq!(phone.rest().await, b"");
}
