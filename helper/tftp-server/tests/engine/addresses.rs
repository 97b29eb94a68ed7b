//! Listening on all addresses at once: the answers come from the one that was asked.

use std::net::{IpAddr, SocketAddr};

use crate::phone::{Phone, Running};
use crate::rig::{Pattern, Sent, rrq};

/// What is listened on, and which address is asked.
fn asked() -> Vec<(&'static str, IpAddr)> {
    let mut asked = vec![("0.0.0.0:0", "127.0.0.1"), ("[::]:0", "127.0.0.1"), ("[::]:0", "::1")];
    // Only Linux has all of 127/8, and only there the system tells which was asked.
    if cfg!(target_os = "linux") {
        asked.extend([("0.0.0.0:0", "127.0.0.2"), ("[::]:0", "127.0.0.2")]);
    }
    asked.into_iter().map(|(bind, ip)| (bind, ip.parse().unwrap())).collect()
}

/// An address of the phone's own, of the same family.
fn any(ip: IpAddr) -> SocketAddr {
    if ip.is_ipv6() { "[::1]:0" } else { "127.0.0.1:0" }.parse().unwrap()
}

#[tokio::test]
async fn the_file_comes_from_the_address_that_was_asked() {
    for (bind, asked) in asked() {
        for threads in [0, 1] {
            let server = Running::start(600, |config| {
                config.bind = bind.parse().unwrap();
                config.threads = threads;
            })
            .await;
            let address = SocketAddr::new(asked, server.address.port());
            let phone = Phone::from(any(asked), address).await;
            let first = phone.ask(&[]).await;
            assert_eq!(first.1.ip(), asked, "{bind}");
            assert_ne!(first.1.port(), address.port());
            assert_eq!(phone.fetch(first).await, Pattern(600).bytes());
        }
    }
}

/// RFC 1123 section 4.2.3.5.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn rfc1123_4_2_3_5_a_request_to_everybody_is_ignored_in_silence() {
    for bind in ["0.0.0.0:0", "[::]:0"] {
        let mut server = Running::start(100, |config| config.bind = bind.parse().unwrap()).await;
        let loud = Phone::at(server.address).await;
        loud.socket.set_broadcast(true).unwrap();
        let everybody: SocketAddr = ([127, 255, 255, 255], server.address.port()).into();
        loud.send(&rrq("57i.st", "octet", &[]), everybody).await;
        let one: SocketAddr = ([127, 0, 0, 1], server.address.port()).into();
        let phone = Phone::at(one).await;
        assert!(matches!(phone.ask(&[]).await.0, Sent::Data(1, _)));
        // In order, so the loud one was there before.
        let event = server.event().await;
        assert_eq!(event.peer, phone.socket.local_addr().unwrap(), "{bind}");
    }
}

#[tokio::test]
async fn a_refusal_comes_from_the_address_that_was_asked() {
    for (bind, asked) in asked() {
        let server = Running::start(100, |config| config.bind = bind.parse().unwrap()).await;
        let address = SocketAddr::new(asked, server.address.port());
        let phone = Phone::from(any(asked), address).await;
        phone.send(&rrq("other", "octet", &[]), address).await;
        let (answer, from) = phone.receive().await;
        assert!(matches!(answer, Sent::Error(1, _)));
        assert_eq!(from.ip(), asked, "{bind}");
        assert!(from == address || !cfg!(target_os = "linux"), "{bind}: from the listening port");
    }
}
