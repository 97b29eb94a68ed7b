//! The phone's FTP client (RFC 959): USER, PASS, TYPE I, CWD where there is a path, then PASV,
//! PORT or their newer forms (RFC 2428), RETR, as a small loader does it. Passive or active is
//! unknown (domain.md 5.1, last line), so a switch decides.

use std::net::IpAddr;

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    time::timeout,
};

use super::{Fetch, sink::Sink};
use crate::{
    Event,
    event::{DownloadFailure, Protocol},
    phone::Core,
    quirks::FtpClient,
};

/// Bytes read at once.
const PIECE: usize = 4096;
/// Who logs in when the form names nobody.
const NOBODY: (&str, &str) = ("anonymous", "phone@");

/// Fetches the file.
pub(super) async fn fetch(core: &Core, fetch: &Fetch, sink: &mut Sink<'_>) -> Result<(), DownloadFailure> {
    let stream = limited(core, TcpStream::connect(fetch.server)).await?;
    let mut control = Control { core, line: BufReader::new(stream) };
    control.expect(&[220]).await?;
    let (user, password) =
        if fetch.user.is_empty() { NOBODY } else { (fetch.user.as_str(), fetch.password.as_str()) };
    if control.ask(&format!("USER {user}"), &[230, 331]).await?.0 == 331 {
        control.ask(&format!("PASS {password}"), &[202, 230]).await?;
    }
    control.ask("TYPE I", &[200]).await?;
    core.say(Event::FileRequested {
        protocol: Protocol::Ftp,
        name: fetch.name.clone(),
        server: fetch.server,
        attempt: 1,
    });
    let file = control.enter_folder(&fetch.name).await?;
    let data = control.data(fetch.server.ip(), &format!("RETR {file}"), file).await?;
    receive(core, data, sink).await?;
    control.expect(&[226, 250]).await?;
    sink.take(&[], true).await?;
    // The file is in; how the server says good-bye does not matter.
    let _ = control.ask("QUIT", &[221]).await;
    Ok(())
}

/// Reads the data connection to its end.
async fn receive(core: &Core, mut data: TcpStream, sink: &mut Sink<'_>) -> Result<(), DownloadFailure> {
    let mut piece = vec![0; PIECE];
    loop {
        let got = limited(core, data.read(&mut piece)).await?;
        if got == 0 {
            return Ok(());
        }
        sink.take(piece.get(..got).unwrap_or_default(), false).await?;
    }
}

/// The control connection.
#[derive(Debug)]
struct Control<'a> {
    core: &'a Core,
    line: BufReader<TcpStream>,
}

impl Control<'_> {
    async fn ask(&mut self, command: &str, good: &[u16]) -> Result<(u16, String), DownloadFailure> {
        let line = format!("{command}\r\n");
        limited(self.core, self.line.get_mut().write_all(line.as_bytes())).await?;
        self.expect(good).await
    }

    /// One reply, which may have several lines (RFC 959 section 4.2).
    async fn expect(&mut self, good: &[u16]) -> Result<(u16, String), DownloadFailure> {
        loop {
            let mut line = String::new();
            if limited(self.core, self.line.read_line(&mut line)).await? == 0 {
                return Err(DownloadFailure::Broken("closed early".to_owned()));
            }
            let code = line.get(..3).and_then(|code| code.parse::<u16>().ok());
            match (code, line.get(3..4)) {
                (Some(code), Some(" " | "\r" | "\n")) if good.contains(&code) => {
                    return Ok((code, line));
                }
                (Some(_), Some(" " | "\r" | "\n")) => {
                    return Err(DownloadFailure::Refused(line.trim().to_owned()));
                }
                _ => {}
            }
        }
    }

    /// Goes where the file is; gives its bare name.
    async fn enter_folder<'n>(&mut self, name: &'n str) -> Result<&'n str, DownloadFailure> {
        let Some((folder, file)) = name.rsplit_once('/') else {
            return Ok(name);
        };
        let folder = if folder.is_empty() { "/" } else { folder };
        self.ask(&format!("CWD {folder}"), &[200, 250]).await?;
        Ok(file)
    }

    /// Asks for the file and gets the connection on which it comes.
    async fn data(&mut self, server: IpAddr, ask: &str, file: &str) -> Result<TcpStream, DownloadFailure> {
        let waits = match self.core.config.quirks.ftp_client() {
            FtpClient::Active => Way::Here(self.listen(port_command).await?),
            FtpClient::Eprt => Way::Here(self.listen(|ip, port| format!("EPRT |1|{ip}|{port}|")).await?),
            FtpClient::Passive => Way::There(self.passive("PASV", 227, passive_port).await?),
            FtpClient::Epsv => {
                // A server that does not know SIZE says so and goes on.
                self.ask(&format!("SIZE {file}"), &[213, 500, 502, 550]).await?;
                Way::There(self.passive("EPSV", 229, extended_port).await?)
            }
        };
        match waits {
            Way::Here(listener) => {
                self.ask(ask, &[125, 150]).await?;
                Ok(limited(self.core, listener.accept()).await?.0)
            }
            Way::There(port) => {
                // The host in a reply to PASV is not believed, only the port.
                let data = limited(self.core, TcpStream::connect((server, port))).await?;
                self.ask(ask, &[125, 150]).await?;
                Ok(data)
            }
        }
    }

    /// The port at which the server waits.
    async fn passive(
        &mut self,
        command: &str,
        good: u16,
        read: fn(&str) -> Option<u16>,
    ) -> Result<u16, DownloadFailure> {
        let (_, line) = self.ask(command, &[good]).await?;
        read(&line).ok_or_else(|| DownloadFailure::Refused(line.trim().to_owned()))
    }

    /// Waits itself and says where.
    async fn listen(&mut self, command: fn(IpAddr, u16) -> String) -> Result<TcpListener, DownloadFailure> {
        let broken = |error: std::io::Error| DownloadFailure::Broken(error.to_string());
        let own = self.line.get_ref().local_addr().map_err(broken)?.ip();
        let listener = TcpListener::bind((own, 0)).await.map_err(broken)?;
        let port = listener.local_addr().map_err(broken)?.port();
        self.ask(&command(own, port), &[200]).await?;
        Ok(listener)
    }
}

/// Who waits for the data connection.
#[derive(Debug)]
enum Way {
    /// The phone.
    Here(TcpListener),
    /// The server, at this port.
    There(u16),
}

/// RFC 959 section 4.1.2.
fn port_command(ip: IpAddr, port: u16) -> String {
    let host = ip.to_string().replace('.', ",");
    let [high, low] = port.to_be_bytes();
    format!("PORT {host},{high},{low}")
}

/// The port in `229 … (|||port|)`, RFC 2428 section 3.
fn extended_port(line: &str) -> Option<u16> {
    line.split_once("(|||")?.1.split_once("|)")?.0.parse().ok()
}

/// The port in `227 … (h1,h2,h3,h4,p1,p2)`.
fn passive_port(line: &str) -> Option<u16> {
    let numbers = line.split_once('(')?.1.split_once(')')?.0;
    let parts: Vec<u8> = numbers.split(',').map(str::parse).collect::<Result<_, _>>().ok()?;
    match parts.as_slice() {
        [_, _, _, _, high, low] => Some(u16::from_be_bytes([*high, *low])),
        _ => None,
    }
}

async fn limited<T>(
    core: &Core,
    work: impl Future<Output = std::io::Result<T>>,
) -> Result<T, DownloadFailure> {
    match timeout(core.config.timing.tcp_give_up, work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(DownloadFailure::Broken(error.to_string())),
        Err(_) => Err(DownloadFailure::NoAnswer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_passive_port_is_read() {
        assert_eq!(passive_port("227 Entering (127,0,0,1,4,1).\r\n"), Some(1025));
        assert_eq!(passive_port("227 here"), None);
        assert_eq!(extended_port("229 here (|||6446|)\r\n"), Some(6446));
    }
}
