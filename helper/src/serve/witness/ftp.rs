//! By FTP: login, a port for the data, and the beginning of what comes there (RFC 959, RFC 2428).

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Wanted, connect, read, reason};
use shared::text::pc as words;

/// Bytes of a reply; ours have a line or two.
const MOST_REPLY: usize = 4096;

pub(super) async fn fetch(wanted: &Wanted<'_>) -> Result<(), String> {
    let mut talk = Talk(connect(wanted.at).await?);
    talk.expect("220").await?;
    talk.ask("USER anonymous", "3").await?;
    talk.ask("PASS hookflash", "2").await?;
    talk.ask("TYPE I", "2").await?;
    let door = talk.ask("EPSV", "229").await?;
    let port = door.split('|').nth(3).and_then(|port| port.parse().ok());
    let port = port.ok_or_else(|| words::it_said(&door))?;
    let mut data = connect(SocketAddr::new(wanted.at.ip(), port)).await?;
    talk.ask(&format!("RETR {}", wanted.name), "1").await?;
    wanted.compare(&read(&mut data, wanted.expected.len()).await?)
}

/// The control connection.
struct Talk(TcpStream);

impl Talk {
    async fn ask(&mut self, command: &str, code: &str) -> Result<String, String> {
        self.0.write_all(format!("{command}\r\n").as_bytes()).await.map_err(reason)?;
        self.expect(code).await
    }

    /// The last line of a reply, if it begins like this.
    async fn expect(&mut self, code: &str) -> Result<String, String> {
        let mut line = Vec::new();
        for _ in 0..MOST_REPLY {
            line.push(self.0.read_u8().await.map_err(reason)?);
            // A line with a blank behind its number is the last one.
            if line.ends_with(b"\r\n") {
                if line.get(3) == Some(&b' ') {
                    break;
                }
                line.clear();
            }
        }
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        if line.starts_with(code) { Ok(line) } else { Err(words::it_said(&line)) }
    }
}
