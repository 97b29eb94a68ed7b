//! The phone's HTTP client. Its User-Agent names model, MAC and version (domain.md 5.1, "HTTP
//! download").

use std::net::{IpAddr, SocketAddr};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

use super::{Fetch, sink::Sink};
use crate::{
    Event, Quirk,
    event::{DownloadFailure, Protocol},
    phone::Core,
};

/// Bytes read at once.
const PIECE: usize = 4096;
/// Bytes; a longer head is no reply.
const LONGEST_HEAD: usize = 8192;
/// Bytes; a configuration is never longer.
const SMALL: usize = 64 * 1024;

/// Fetches the file with one GET.
pub(super) async fn fetch(core: &Core, fetch: &Fetch, sink: &mut Sink<'_>) -> Result<(), DownloadFailure> {
    let limit = core.config.timing.tcp_give_up;
    core.say(Event::FileRequested {
        protocol: Protocol::Http,
        name: fetch.name.clone(),
        server: fetch.server,
        attempt: 1,
    });
    let mut stream = match timeout(limit, TcpStream::connect(fetch.server)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return Err(broken(&error)),
        Err(_) => return Err(DownloadFailure::NoAnswer),
    };
    let request = request(core, fetch.server, &fetch.name);
    stream.write_all(request.as_bytes()).await.map_err(|error| broken(&error))?;
    let mut piece = vec![0; PIECE];
    let mut head = Vec::new();
    let (length, start) = loop {
        let got = read(core, &mut stream, &mut piece).await?;
        head.extend(piece.iter().take(got));
        if let Some(parsed) = parse(&head)? {
            break parsed;
        }
        if got == 0 || head.len() > LONGEST_HEAD {
            return Err(DownloadFailure::Broken("no reply".to_owned()));
        }
    };
    let first = head.split_off(start);
    body(core, &mut stream, sink, length, first).await?;
    if core.config.quirks.has(&Quirk::ResetsAtEnd) {
        let _ = stream.set_zero_linger();
    }
    Ok(())
}

/// Reads the beginning, hangs up and erases the flash; the file comes after that.
pub(super) async fn glance(core: &Core, fetch: &Fetch) {
    core.say(Event::FileRequested {
        protocol: Protocol::Http,
        name: fetch.name.clone(),
        server: fetch.server,
        attempt: 1,
    });
    if let Ok(mut stream) = TcpStream::connect(fetch.server).await {
        let _ = stream.write_all(request(core, fetch.server, &fetch.name).as_bytes()).await;
        let _ = timeout(core.config.timing.tcp_give_up, stream.read(&mut [0; PIECE])).await;
    }
    sleep(core.config.timing.erase_flash).await;
}

/// Fetches a configuration from the server at `ip`; none: it is not there.
pub(crate) async fn small_file(core: &Core, ip: IpAddr, name: &str) -> Option<String> {
    if core.config.quirks.blocks(Protocol::Http) {
        return None;
    }
    let server = SocketAddr::new(ip, core.config.http_port);
    let ask = async {
        let mut stream = TcpStream::connect(server).await.ok()?;
        stream.write_all(request(core, server, name).as_bytes()).await.ok()?;
        let mut reply = Vec::new();
        // The longest configuration and its head; what is longer is cut, and then no reply.
        let limit = u64::try_from(SMALL + LONGEST_HEAD).ok()?;
        stream.take(limit).read_to_end(&mut reply).await.ok()?;
        let (length, start) = parse(&reply).ok()??;
        let body = reply.get(start..)?;
        let whole = length.is_none_or(|length| length == body.len() as u64);
        whole.then(|| String::from_utf8_lossy(body).into_owned())
    };
    timeout(core.config.timing.tcp_give_up, ask).await.ok()?
}

/// Feeds the sink; the file ends at its length, or with the connection when none was told.
async fn body(
    core: &Core,
    stream: &mut TcpStream,
    sink: &mut Sink<'_>,
    length: Option<u64>,
    first: Vec<u8>,
) -> Result<(), DownloadFailure> {
    let mut piece = first;
    loop {
        let due = length.map(|length| length.saturating_sub(sink.len()));
        let take = due.map_or(piece.len(), |due| piece.len().min(usize::try_from(due).unwrap_or(usize::MAX)));
        let last = due == Some(take as u64);
        if take > 0 || last {
            sink.take(piece.get(..take).unwrap_or_default(), last).await?;
        }
        if last {
            return Ok(());
        }
        piece.resize(PIECE, 0);
        let got = read(core, stream, &mut piece).await?;
        piece.truncate(got);
        if got == 0 {
            return match length {
                None => sink.take(&[], true).await,
                Some(_) => Err(DownloadFailure::Broken("closed early".to_owned())),
            };
        }
    }
}

async fn read(core: &Core, stream: &mut TcpStream, piece: &mut [u8]) -> Result<usize, DownloadFailure> {
    match timeout(core.config.timing.tcp_give_up, stream.read(piece)).await {
        Ok(Ok(got)) => Ok(got),
        Ok(Err(error)) => Err(broken(&error)),
        Err(_) => Err(DownloadFailure::NoAnswer),
    }
}

fn request(core: &Core, server: SocketAddr, name: &str) -> String {
    let name = name.trim_start_matches('/');
    let version = core.with(|memory| memory.version.clone());
    let agent = core.config.model.user_agent(&core.config.mac, &version);
    format!(
        "GET /{name} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {agent}\r\nConnection: close\r\n\r\n",
        host = server,
    )
}

/// Length and start of the body, once the head is whole.
fn parse(bytes: &[u8]) -> Result<Option<(Option<u64>, usize)>, DownloadFailure> {
    let Some(end) = bytes.windows(4).position(|part| part == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).into_owned();
    let mut lines = head.lines();
    let status = lines.next().unwrap_or_default();
    if status.split_ascii_whitespace().nth(1) != Some("200") {
        return Err(DownloadFailure::Refused(status.to_owned()));
    }
    let mut length = None;
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok();
        }
        if name.eq_ignore_ascii_case("transfer-encoding") {
            // A loader of that age knows no chunks; a server that sends them gets nowhere.
            return Err(DownloadFailure::Refused("transfer encoding".to_owned()));
        }
    }
    Ok(Some((length, end + 4)))
}

fn broken(error: &std::io::Error) -> DownloadFailure {
    DownloadFailure::Broken(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_are_read() {
        assert_eq!(parse(b"HTTP/1.1 200 OK\r\nA: b\r\n"), Ok(None));
        let whole = b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nxx";
        assert_eq!(parse(whole), Ok(Some((Some(7), whole.len() - 2))));
        assert!(parse(b"HTTP/1.1 404 Not Found\r\n\r\n").is_err());
    }
}
