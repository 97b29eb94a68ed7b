//! One request, one fresh connection, one reply.
//!
//! The request leaves in a single write with TCP_NODELAY: some phones never read a body that
//! arrives in a second segment (domain.md 1.4, 1). One rung of the ladder wants the opposite.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::reply::{Reply, ends_like_a_page, is_whole, promises_more};

/// A phone on a direct cable answers in milliseconds; ARP for a dead address takes three
/// seconds on Linux. Longer than that is "nothing answers".
const CONNECT: Duration = Duration::from_secs(4);
/// Drivers that work wait 15 seconds for an answer (domain.md 4, XIVO08).
pub(super) const ANSWER: Duration = Duration::from_secs(15);
/// The same for the home page, which a phone sends without thinking: whoever takes longer to say
/// hello is told to be silent within seconds.
pub(super) const LOOK: Duration = Duration::from_secs(5);
/// Once bytes came, this much silence means that no more will come: a server that keeps the
/// connection open without saying how long its answer is.
const SILENCE: Duration = Duration::from_secs(2);
/// The same while the reply lacks something that it has promised. A form that is cut in the middle
/// lacks fields, so a slow phone is waited for; a length that is too long costs this much.
const PROMISED: Duration = Duration::from_secs(6);
/// From the first byte to the last: a boot loader that writes byte by byte needs some seconds for
/// a page. Who needs longer never ends.
const WHOLE: Duration = Duration::from_secs(60);
/// A reply that is whole by its length and does not look like a whole page: a length that is too
/// short. A phone on a cable sends the rest at once.
const REST: Duration = Duration::from_millis(300);
/// Between head and body, where they shall not share a segment (domain.md 7.5, R5).
const BETWEEN_SEGMENTS: Duration = Duration::from_millis(50);
/// More than any page of a phone; what lies beyond is not read.
const MOST_BYTES: usize = 1024 * 1024;

/// What one exchange brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// What came back, as it came.
    pub raw: Vec<u8>,
    /// The same, read.
    pub reply: Reply,
    /// This computer's own address on that connection: the one the phone can reach.
    pub local: SocketAddr,
}

/// Why an exchange brought nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeError {
    /// The address is a name, and nobody knows it.
    #[error("no address is known for {0}")]
    NoSuchName(String),
    /// This computer knows no way to that address.
    #[error("this computer has no way to {0}")]
    NoRoute(SocketAddr),
    /// Somebody is there, and that port is closed.
    #[error("{0} refuses the connection")]
    Refused(SocketAddr),
    /// Nobody answers.
    #[error("{0} does not answer")]
    Silent(SocketAddr),
    /// The connection was made, and closed or left without a byte of answer.
    #[error("{0} took the request and gave no answer")]
    NoAnswer(SocketAddr),
    /// Anything else that the system says.
    #[error("{0}: {1}")]
    Other(SocketAddr, String),
}

/// Sends a request and reads the reply.
///
/// # Errors
/// An [`ExchangeError`] when no byte came back.
pub async fn exchange(phone: SocketAddr, request: &[u8]) -> Result<Exchange, ExchangeError> {
    exchange_within(phone, &[request], ANSWER).await
}

/// The same with each piece in a segment of its own.
///
/// # Errors
/// An [`ExchangeError`] when no byte came back.
pub async fn exchange_pieces(phone: SocketAddr, pieces: &[&[u8]]) -> Result<Exchange, ExchangeError> {
    exchange_within(phone, pieces, ANSWER).await
}

/// The same with a patience of its own for the first byte.
///
/// # Errors
/// An [`ExchangeError`] when no byte came back.
pub(super) async fn exchange_within(
    phone: SocketAddr,
    pieces: &[&[u8]],
    patience: Duration,
) -> Result<Exchange, ExchangeError> {
    let mut stream = connect(phone).await?;
    let local = stream.local_addr().map_err(|error| failed(phone, &error))?;
    let mut broke = None;
    for (number, piece) in pieces.iter().enumerate() {
        if number > 0 {
            sleep(BETWEEN_SEGMENTS).await;
        }
        match timeout(patience, stream.write_all(piece)).await {
            Ok(Ok(())) => {}
            // The phone may have answered before it stopped listening.
            Ok(Err(error)) => {
                broke = Some(failed(phone, &error));
                break;
            }
            Err(_) => return Err(ExchangeError::NoAnswer(phone)),
        }
    }
    let raw = read_reply(&mut stream, patience).await;
    if raw.is_empty() {
        return Err(broke.unwrap_or(ExchangeError::NoAnswer(phone)));
    }
    let reply = Reply::read(&raw);
    Ok(Exchange { raw, reply, local })
}

/// A fresh connection that sends at once what it is given.
pub(super) async fn connect(phone: SocketAddr) -> Result<TcpStream, ExchangeError> {
    // Such an address is there on every link, and nobody says on which one (RFC 4007, 6).
    if let SocketAddr::V6(link) = phone
        && link.ip().is_unicast_link_local()
        && link.scope_id() == 0
    {
        return Err(ExchangeError::NoRoute(phone));
    }
    let connected = timeout(CONNECT, TcpStream::connect(phone)).await;
    let stream =
        connected.map_err(|_| ExchangeError::Silent(phone))?.map_err(|error| failed(phone, &error))?;
    stream.set_nodelay(true).map_err(|error| failed(phone, &error))?;
    Ok(stream)
}

pub(super) fn failed(phone: SocketAddr, error: &io::Error) -> ExchangeError {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => ExchangeError::Refused(phone),
        io::ErrorKind::NetworkUnreachable => ExchangeError::NoRoute(phone),
        io::ErrorKind::HostUnreachable | io::ErrorKind::TimedOut => ExchangeError::Silent(phone),
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => ExchangeError::NoAnswer(phone),
        _ => ExchangeError::Other(phone, error.to_string()),
    }
}

/// Reads until the reply is whole, the phone closes, falls silent, or has said too much. A
/// reset after the first bytes is a close: embedded servers end like that.
async fn read_reply(stream: &mut TcpStream, patience: Duration) -> Vec<u8> {
    let mut limit = Instant::now() + patience;
    let mut raw = Vec::new();
    let mut buffer = [0_u8; 8192];
    while raw.len() < MOST_BYTES {
        let whole = is_whole(&raw);
        if whole && ends_like_a_page(&raw) {
            break;
        }
        let silence = match whole {
            true => REST,
            false if promises_more(&raw) => PROMISED,
            false => SILENCE,
        };
        let until = if raw.is_empty() { limit } else { limit.min(Instant::now() + silence) };
        match timeout_at(until, stream.read(&mut buffer)).await {
            Ok(Ok(count)) if count > 0 => {
                if raw.is_empty() {
                    limit = Instant::now() + WHOLE;
                }
                raw.extend_from_slice(&buffer[..count]);
            }
            _ => break,
        }
    }
    raw
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    /// A server that reads once and answers with these bytes, then closes or stays.
    async fn answering(bytes: &'static [u8], stay: bool) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut buffer = [0; 2048];
            let _ = stream.read(&mut buffer).await;
            let _ = stream.write_all(bytes).await;
            if stay {
                std::future::pending::<()>().await;
            }
        });
        address
    }

    #[tokio::test]
    async fn a_reply_with_a_length_needs_no_close() {
        let phone = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", true).await;
        let exchange = exchange(phone, b"GET / HTTP/1.0\r\n\r\n").await.unwrap();
        assert_eq!((exchange.reply.status, exchange.reply.body.as_str()), (200, "hi"));
        assert_eq!(exchange.local.ip(), phone.ip());
    }

    #[tokio::test]
    async fn a_reply_without_a_length_is_taken_when_the_phone_falls_silent() {
        let phone = answering(b"HTTP/1.0 200 OK\r\n\r\nhi", true).await;
        assert_eq!(exchange(phone, b"GET / HTTP/1.0\r\n\r\n").await.unwrap().reply.body, "hi");
    }

    /// Answers in pieces, with a pause before each, and keeps the connection open.
    async fn slow(pieces: &[&str], pause: Duration) -> SocketAddr {
        let pieces: Vec<String> = pieces.iter().map(|piece| (*piece).to_owned()).collect();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 1024]).await;
            for piece in pieces {
                sleep(pause).await;
                stream.write_all(piece.as_bytes()).await.unwrap();
            }
            std::future::pending::<()>().await;
        });
        address
    }

    #[tokio::test(start_paused = true)]
    async fn a_page_that_comes_slowly_is_waited_for_as_long_as_it_was_promised() {
        for pieces in [
            ["HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n<form>", "<inp", "u"],
            ["HTTP/1.1 200 OK\r\nContent-", "Length: 11\r\n\r\n<form>", "<inpu"],
            [
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n<fo",
                "rm>\r\n5\r\n<in",
                "pu\r\n0\r\n\r\n",
            ],
        ] {
            let phone = slow(&pieces, Duration::from_secs(4)).await;
            let found = exchange(phone, b"GET / HTTP/1.0\r\n\r\n").await.unwrap();
            assert_eq!(found.reply.body, "<form><inpu", "{pieces:?}");
        }
    }

    #[tokio::test]
    async fn a_length_that_is_too_short_cuts_nothing_off() {
        let phone = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n<b>hi</b></html>", true).await;
        assert_eq!(exchange(phone, b"GET / HTTP/1.0\r\n\r\n").await.unwrap().reply.body, "<b>hi</b></html>");
    }

    #[tokio::test]
    async fn two_pieces_arrive_one_after_the_other() {
        // A machine under load may join them once; not every time.
        for _ in 0..20 {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let server = tokio::spawn(async move {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut buffer = [0; 64];
                let first = stream.read(&mut buffer).await.unwrap();
                stream.write_all(b"ok").await.unwrap();
                buffer[..first].to_vec()
            });
            let found = exchange_pieces(address, &[b"head", b"body"]).await.unwrap();
            assert_eq!(found.reply.body, "ok");
            if server.await.unwrap() == b"head" {
                return;
            }
        }
        panic!("head and body always came together");
    }

    #[tokio::test]
    async fn a_closed_port_and_a_close_without_a_word_are_told_apart() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let closed = listener.local_addr().unwrap();
        drop(listener);
        assert_eq!(exchange(closed, b"x").await, Err(ExchangeError::Refused(closed)));
        let mute = answering(b"", false).await;
        assert_eq!(exchange(mute, b"x").await, Err(ExchangeError::NoAnswer(mute)));
    }
}
