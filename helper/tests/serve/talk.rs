//! A peer that speaks byte by byte, from any loopback address.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use super::HANGS;

/// One connection.
pub(crate) struct Talk(pub(crate) TcpStream);

impl Talk {
    /// Connects from this address.
    pub(crate) async fn from(local: &str, to: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::new(local.parse().unwrap(), 0)).unwrap();
        Self(timeout(HANGS, socket.connect(to)).await.unwrap().unwrap())
    }

    /// Connects and reads the greeting of FTP.
    pub(crate) async fn ftp(local: &str, to: SocketAddr) -> Self {
        let mut talk = Self::from(local, to).await;
        assert!(talk.line().await.starts_with("220 "));
        talk
    }

    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        timeout(HANGS, self.0.write_all(bytes)).await.unwrap().unwrap();
    }

    /// A line with its end, or what came before the other side closed.
    pub(crate) async fn line(&mut self) -> String {
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            match timeout(HANGS, self.0.read_u8()).await.expect("it answers") {
                Ok(byte) => line.push(byte),
                Err(_) => break,
            }
        }
        String::from_utf8_lossy(&line).into_owned()
    }

    /// Says a command and gives its reply.
    pub(crate) async fn ask(&mut self, command: &str) -> String {
        self.send(format!("{command}\r\n").as_bytes()).await;
        self.line().await
    }

    /// Asks for a port to connect to.
    pub(crate) async fn passive(&mut self) -> u16 {
        let reply = self.ask("EPSV").await;
        reply.split('|').nth(3).and_then(|port| port.parse().ok()).unwrap_or_else(|| panic!("{reply}"))
    }

    /// Everything until the other side closes or resets.
    pub(crate) async fn rest(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        timeout(HANGS, self.0.read_to_end(&mut bytes)).await.expect("it closes").ok();
        bytes
    }
}
