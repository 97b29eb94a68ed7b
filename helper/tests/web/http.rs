//! A few lines of HTTP: a request as bytes, the answer as it came.

use std::fmt::Display;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::HANGS;

/// A request in the making.
#[derive(Clone)]
pub(super) struct Ask {
    address: SocketAddr,
    line: String,
    headers: Vec<(String, String)>,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Ask {
    /// Nothing but a request line such as `GET /`.
    pub(super) fn new(address: SocketAddr, line: &str) -> Self {
        Self { address, line: line.to_owned(), headers: Vec::new() }
    }

    /// One more header, also when it is there already.
    pub(super) fn with(mut self, name: &str, value: impl Display) -> Self {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    pub(super) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    pub(super) fn but(self, name: &str, value: impl Display) -> Self {
        self.without(name).with(name, value)
    }

    /// The head, as it is sent.
    pub(super) fn head(&self) -> String {
        let headers: String =
            self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!("{} HTTP/1.1\r\n{headers}\r\n", self.line)
    }

    /// Sends the head alone: what a GET is, or a body that never comes.
    pub(super) async fn send(self) -> Answer {
        self.send_bytes(b"").await
    }

    /// Sends a whole body.
    pub(super) async fn send_body(self, body: &[u8]) -> Answer {
        self.with("Content-Length", body.len()).send_bytes(body).await
    }

    async fn send_bytes(self, body: &[u8]) -> Answer {
        let mut stream = self.with("Connection", "close").open(body).await;
        read(&mut stream).await
    }

    /// Sends the head and these bytes, and leaves the connection open.
    pub(super) async fn open(self, body: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(&[self.head().as_bytes(), body].concat()).await.unwrap();
        stream
    }
}

/// Reads until the helper closes.
pub(super) async fn read(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    timeout(HANGS, stream.read_to_end(&mut bytes)).await.expect("the helper does not answer").unwrap();
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or(0);
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    Answer { status, headers, body: body.to_owned() }
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}
