//! A client of the tests' own, on raw sockets. It shares no code with the helper, nor with the
//! phone it talks to.

use std::{net::SocketAddr, time::Duration};

use simulator::{Config, Event, Phone, Quirks, Start, Timing};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// Longer than anything in these tests takes; only a hanging test ever sees it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Between two pieces: long enough for the phone to have read the first, shorter than it lingers.
const GAP: Duration = Duration::from_millis(100);

/// A phone with these quirks and tests' timing, and a TFTP server for it.
pub(crate) async fn phone(quirks: &str, tftp_port: u16) -> Phone {
    Phone::start(config(quirks, tftp_port)).await.unwrap()
}

pub(crate) fn config(quirks: &str, tftp_port: u16) -> Config {
    Config {
        quirks: Quirks::parse(quirks.split_whitespace()).unwrap(),
        timing: Timing::fast(),
        tftp_port,
        ..Config::default()
    }
}

pub(crate) async fn normal_phone(quirks: &str) -> Phone {
    let config = Config { start: Start::Normal, ..config(quirks, 9) };
    Phone::start(config).await.unwrap()
}

/// Waits until the diary holds such an event, and gives it.
pub(crate) async fn event(phone: &Phone, wanted: impl Fn(&Event) -> bool) -> Event {
    let (past, mut future) = phone.follow();
    if let Some(found) = past.into_iter().find(|event| wanted(event)) {
        return found;
    }
    next_event(&mut future, wanted).await
}

pub(crate) async fn next_event(
    future: &mut tokio::sync::broadcast::Receiver<Event>,
    wanted: impl Fn(&Event) -> bool,
) -> Event {
    let search = async {
        loop {
            let event = future.recv().await.unwrap();
            if wanted(&event) {
                return event;
            }
        }
    };
    timeout(PATIENCE, search).await.expect("the event never came")
}

/// Sends pieces on a fresh connection, a moment between them, and reads to the end.
pub(crate) async fn exchange(to: SocketAddr, pieces: &[&[u8]]) -> String {
    let mut stream = TcpStream::connect(to).await.unwrap();
    say(&mut stream, pieces).await;
    hear(&mut stream).await
}

pub(crate) async fn say(stream: &mut TcpStream, pieces: &[&[u8]]) {
    stream.set_nodelay(true).unwrap();
    for (number, piece) in pieces.iter().enumerate() {
        if number > 0 {
            tokio::time::sleep(GAP).await;
        }
        stream.write_all(piece).await.unwrap();
    }
}

pub(crate) async fn hear(stream: &mut TcpStream) -> String {
    let mut reply = Vec::new();
    // A reset after the reply is an end as well.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut reply)).await.expect("no end");
    reply.into_iter().map(char::from).collect()
}

pub(crate) async fn get(to: SocketAddr, path: &str) -> String {
    exchange(to, &[format!("GET {path} HTTP/1.1\r\nHost: phone\r\n\r\n").as_bytes()]).await
}

/// Reads up to and with these words, and leaves the connection open.
pub(crate) async fn hear_until(stream: &mut TcpStream, words: &str) -> String {
    let mut reply = String::new();
    while !reply.contains(words) {
        let byte = timeout(PATIENCE, stream.read_u8()).await.expect("the words never came");
        reply.push(char::from(byte.unwrap()));
    }
    reply
}

/// GET in normal mode with a login.
pub(crate) async fn get_as(to: SocketAddr, path: &str, login: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: phone\r\nAuthorization: Basic {login}\r\n\r\n");
    exchange(to, &[request.as_bytes()]).await
}

/// A POST: head and body.
pub(crate) fn post(path: &str, headers: &str, body: &str) -> (String, String) {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: phone\r\n{headers}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    (head, body.to_owned())
}

/// In one write.
pub(crate) async fn post_whole(to: SocketAddr, path: &str, headers: &str, body: &str) -> String {
    let (head, body) = post(path, headers, body);
    exchange(to, &[(head + &body).as_bytes()]).await
}

/// In two writes.
pub(crate) async fn post_split(to: SocketAddr, path: &str, body: &str) -> String {
    let (head, body) = post(path, "", body);
    exchange(to, &[head.as_bytes(), body.as_bytes()]).await
}
