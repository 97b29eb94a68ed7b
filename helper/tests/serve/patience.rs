//! How long a peer that does nothing is borne with. Time is virtual: it moves on whenever all
//! wait, so minutes take none.

use shared::form::Protocol;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{PHONE, Stand, bytes};
use hookflash::serve::{FileEvent, Hub};

/// More than any system holds for a connection on its own.
const HUGE: usize = 64 * 1024 * 1024;

/// A phone, and the greeting if there is one. Without a limit of its own: that would be virtual
/// as well.
async fn phone(stand: &Stand) -> TcpStream {
    let mut phone = TcpStream::connect(stand.address).await.unwrap();
    if stand.protocol == Protocol::Ftp {
        assert!(line(&mut phone).await.starts_with("220 "));
    }
    phone
}

async fn line(stream: &mut TcpStream) -> String {
    let mut line = Vec::new();
    while !line.ends_with(b"\n") {
        line.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(line).unwrap()
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    String::from_utf8(rest).unwrap()
}

async fn broken(stand: &mut Stand) -> String {
    loop {
        if let FileEvent::Broken { reason, .. } = stand.events.recv().await.unwrap() {
            return reason;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_head_that_never_ends_is_given_up() {
    for start in ["", "G", "GET /57i.st HTTP/1.1\r\nHost: a\r\n"] {
        let stand = Stand::of(Protocol::Http).await;
        let mut phone = phone(&stand).await;
        phone.write_all(start.as_bytes()).await.unwrap();
        assert!(rest(&mut phone).await.starts_with("HTTP/1.0 408 "), "{start:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_control_connection_without_a_command_is_closed() {
    for start in ["", "RET", "\u{0}"] {
        let stand = Stand::of(Protocol::Ftp).await;
        let mut phone = phone(&stand).await;
        phone.write_all(start.as_bytes()).await.unwrap();
        assert_eq!(rest(&mut phone).await, "421 nothing was asked for too long\r\n", "{start:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_phone_that_takes_no_more_bytes_by_http_is_given_up() {
    let file = bytes(HUGE, 3);
    let mut stand = Stand::with(&Hub::new(), Protocol::Http, PHONE, (PHONE, 0), file).await;
    let mut phone = phone(&stand).await;
    phone.write_all(b"GET /57i.st HTTP/1.0\r\n\r\n").await.unwrap();
    assert_eq!(broken(&mut stand).await, "no byte was taken for 120 s");
}

#[tokio::test(start_paused = true)]
async fn a_phone_that_takes_no_more_bytes_by_ftp_is_given_up_and_told() {
    let file = bytes(HUGE, 3);
    let mut stand = Stand::with(&Hub::new(), Protocol::Ftp, PHONE, (PHONE, 0), file).await;
    let mut phone = phone(&stand).await;
    phone.write_all(b"EPSV\r\n").await.unwrap();
    let reply = line(&mut phone).await;
    let port: u16 = reply.split('|').nth(3).unwrap().parse().unwrap();
    let data = TcpStream::connect((PHONE, port)).await.unwrap();
    phone.write_all(b"RETR 57i.st\r\n").await.unwrap();
    assert_eq!(broken(&mut stand).await, "no byte was taken for 120 s");
    assert!(line(&mut phone).await.starts_with("150 "));
    assert!(line(&mut phone).await.starts_with("426 "));
    drop(data);
}

#[tokio::test(start_paused = true)]
async fn a_data_connection_that_never_comes_is_given_up() {
    let mut stand = Stand::of(Protocol::Ftp).await;
    let mut phone = phone(&stand).await;
    phone.write_all(b"PASV\r\nRETR 57i.st\r\n").await.unwrap();
    assert!(broken(&mut stand).await.contains("no data connection"));
    for code in ["227 ", "150 ", "425 "] {
        assert!(line(&mut phone).await.starts_with(code));
    }
}
