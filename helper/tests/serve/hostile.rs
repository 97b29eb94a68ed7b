//! Whoever is no phone, or a phone gone mad: no byte for strangers, little for the mad, and the
//! next honest request is served.

use std::net::SocketAddr;

use shared::form::Protocol;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::timeout;

use super::talk::Talk;
use super::{HANGS, OTHER, PHONE, Stand, bytes};
use hookflash::serve::Hub;

const BOTH: [Protocol; 2] = [Protocol::Http, Protocol::Ftp];

/// Seats are free again a moment after connections were closed; until then the phone is told to
/// come back.
async fn still_serves(stand: &mut Stand) {
    let fetching = async {
        loop {
            let fetched = stand.curl(&["-f", &stand.url("57i.st")]).await;
            if fetched.output.status.success() {
                fetched.is(&stand.file);
                break;
            }
        }
    };
    timeout(HANGS, fetching).await.expect("it is served in the end");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_gets_no_byte() {
    for protocol in BOTH {
        let mut stand = Stand::of(protocol).await;
        for _ in 0..3 {
            let mut stranger = Talk::from(OTHER, stand.address).await;
            stranger.0.write_all(b"GET /57i.st HTTP/1.0\r\n\r\nUSER a\r\n").await.ok();
            assert_eq!(stranger.rest().await, b"");
        }
        still_serves(&mut stand).await;
        stand.whole_transfer().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_at_the_data_port_gets_no_byte() {
    let mut stand = Stand::of(Protocol::Ftp).await;
    let mut phone = Talk::ftp(PHONE, stand.address).await;
    let mut to = stand.address;
    to.set_port(phone.passive().await);
    let mut stranger = Talk::from(OTHER, to).await;
    assert!(phone.ask("RETR 57i.st").await.starts_with("150 "));
    assert_eq!(stranger.rest().await, b"");
    assert!(Talk::from(PHONE, to).await.rest().await == *stand.file);
    stand.whole_transfer().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_is_reached_through_us() {
    let stand = Stand::of(Protocol::Ftp).await;
    let victim = TcpListener::bind((OTHER, 0)).await.unwrap();
    let port = victim.local_addr().unwrap().port();
    let mut phone = Talk::ftp(PHONE, stand.address).await;
    let [high, low] = port.to_be_bytes();
    for command in [
        format!("PORT 127,0,0,2,{high},{low}"),
        format!("EPRT |1|{OTHER}|{port}|"),
        format!("EPRT |2|::ffff:{OTHER}|{port}|"),
    ] {
        assert!(phone.ask(&command).await.starts_with("504 "), "{command}");
        assert!(phone.ask("RETR 57i.st").await.starts_with("425 "), "{command}");
        assert!(phone.ask("LIST").await.starts_with("425 "), "{command}");
    }
    // It would have come before this one.
    let mut probe = Talk::from(PHONE, victim.local_addr().unwrap()).await;
    probe.send(b"x").await;
    let (mut first, _) = victim.accept().await.unwrap();
    assert_eq!(first.read_u8().await.unwrap(), b'x');
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_without_end_is_cut_off() {
    let mut stand = Stand::of(Protocol::Ftp).await;
    let mut mad = Talk::ftp(PHONE, stand.address).await;
    let writing = async {
        // Until it is cut off.
        while mad.0.write_all(&[b'A'; 10_000]).await.is_ok() {}
    };
    timeout(HANGS, writing).await.expect("it is cut off");
    drop(mad);
    let mut stand_http = Stand::of(Protocol::Http).await;
    let mut mad = Talk::from(PHONE, stand_http.address).await;
    mad.send(b"GET /57i.st HTTP/1.1\r\nX: ").await;
    mad.0.write_all(&[b'A'; 100_000]).await.ok();
    let answer = mad.rest().await;
    assert!(answer.starts_with(b"HTTP/1.0 431 "), "{:?}", String::from_utf8_lossy(&answer));
    drop(mad);
    still_serves(&mut stand).await;
    still_serves(&mut stand_http).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_ends_nothing() {
    for protocol in BOTH {
        let mut stand = Stand::of(protocol).await;
        for seed in 0..40 {
            let mut mad = Talk::from(PHONE, stand.address).await;
            let mut garbage = bytes(3000, seed);
            garbage.extend_from_slice(b"\r\n\r\n");
            mad.0.write_all(&garbage).await.ok();
            mad.0.shutdown().await.ok();
            mad.rest().await;
        }
        still_serves(&mut stand).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_connections_end_nothing() {
    for protocol in BOTH {
        let mut stand = Stand::of(protocol).await;
        for from in [OTHER, PHONE, OTHER, PHONE] {
            let mut held = Vec::new();
            for _ in 0..250 {
                held.push(Talk::from(from, stand.address).await);
            }
        }
        still_serves(&mut stand).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_keeps_too_many_connections_is_told_so_and_others_are_served() {
    for (protocol, busy) in [(Protocol::Http, "HTTP/1.0 503 "), (Protocol::Ftp, "421 ")] {
        let hub = Hub::new();
        let mad = Stand::with(&hub, protocol, PHONE, (PHONE, 0), bytes(1000, 1)).await;
        let here = (PHONE, mad.address.port());
        let mut other = Stand::with(&hub, protocol, OTHER, here, bytes(1000, 2)).await;
        let mut held = Vec::new();
        // Eight are let in; they say nothing and take their time.
        for _ in 0..8 {
            held.push(Talk::from(PHONE, mad.address).await);
        }
        let mut ninth = Talk::from(PHONE, mad.address).await;
        assert!(ninth.line().await.starts_with(busy));
        still_serves(&mut other).await;
        drop(held);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_goes_on_sending_gets_its_answer() {
    let mut stand = Stand::of(Protocol::Http).await;
    let mut mad = Talk::from(PHONE, stand.address).await;
    mad.send(b"POST /57i.st HTTP/1.1\r\nContent-Length: 500000\r\n\r\n").await;
    mad.0.write_all(&vec![b'x'; 500_000]).await.ok();
    mad.0.shutdown().await.ok();
    assert!(mad.rest().await.starts_with(b"HTTP/1.1 405 "));
    still_serves(&mut stand).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_data_port_is_where_the_phone_reaches_us_and_nowhere_else() {
    let stand = Stand::of(Protocol::Ftp).await;
    let mut phone = Talk::ftp(PHONE, stand.address).await;
    let port = phone.passive().await;
    let elsewhere: SocketAddr = (OTHER.parse::<std::net::IpAddr>().unwrap(), port).into();
    assert!(tokio::net::TcpStream::connect(elsewhere).await.is_err());
}
