//! A page's end of the WebSocket (RFC 6455), as far as the tests need it.

use shared::protocol::{Message, decode};
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{HANGS, Helper};

/// RFC 6455, 5.2.
pub(super) const TEXT: u8 = 0x1;
pub(super) const BINARY: u8 = 0x2;
pub(super) const CLOSE: u8 = 0x8;

/// Any key will do; that of RFC 6455, 1.3.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
/// Its answer, from the same place.
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// A connected page.
pub(super) struct Page(BufReader<TcpStream>);

impl Page {
    pub(super) async fn open(helper: &Helper) -> Self {
        let ask = helper
            .ask("GET /api/socket")
            .with("Connection", "Upgrade")
            .with("Upgrade", "websocket")
            .with("Sec-WebSocket-Version", 13)
            .with("Sec-WebSocket-Key", KEY);
        let mut stream = BufReader::new(ask.open(b"").await);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            head.push(char::from(timeout(HANGS, stream.read_u8()).await.unwrap().unwrap()));
        }
        assert!(head.starts_with("HTTP/1.1 101") && head.contains(ACCEPT), "{head}");
        Self(stream)
    }

    /// One frame, masked as every page must (RFC 6455, 5.3). The helper may have closed.
    pub(super) async fn send(&mut self, opcode: u8, payload: &[u8]) {
        let mut frame = vec![0x80 | opcode];
        match payload.len() {
            short @ 0..126 => frame.push(0x80 | short as u8),
            middle @ 126..=0xffff => {
                frame.push(0x80 | 126);
                frame.extend_from_slice(&(middle as u16).to_be_bytes());
            }
            long => {
                frame.push(0x80 | 127);
                frame.extend_from_slice(&(long as u64).to_be_bytes());
            }
        }
        let mask = [1, 2, 3, 4];
        frame.extend_from_slice(&mask);
        frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
        self.0.write_all(&frame).await.ok();
    }

    pub(super) async fn say(&mut self, text: &str) {
        self.send(TEXT, text.as_bytes()).await;
    }

    /// The next message; none when the helper has closed.
    pub(super) async fn hear_or_end(&mut self) -> Option<Message> {
        let (opcode, payload) = timeout(HANGS, self.frame()).await.expect("the helper says nothing")?;
        match opcode {
            TEXT => Some(decode(std::str::from_utf8(&payload).unwrap()).unwrap()),
            CLOSE => None,
            other => panic!("a frame of kind {other}"),
        }
    }

    pub(super) async fn hear(&mut self) -> Message {
        self.hear_or_end().await.expect("the connection stays open")
    }

    async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        let first = self.0.read_u8().await.ok()?;
        let length = match self.0.read_u8().await.ok()? {
            126 => u64::from(self.0.read_u16().await.ok()?),
            127 => self.0.read_u64().await.ok()?,
            short => u64::from(short),
        };
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        self.0.read_exact(&mut payload).await.ok()?;
        Some((first & 0x0f, payload))
    }
}
