//! By HTTP: the request of a loader, and the beginning of what comes (RFC 1945, 5).

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{Wanted, connect, read, reason};
use shared::text::pc as words;

/// Bytes of a head; ours has about 200.
const MOST_HEAD: usize = 4096;

pub(super) async fn fetch(wanted: &Wanted<'_>) -> Result<(), String> {
    let mut stream = connect(wanted.at).await?;
    let request = format!("GET /{} HTTP/1.0\r\n\r\n", wanted.name);
    stream.write_all(request.as_bytes()).await.map_err(reason)?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < MOST_HEAD {
        head.push(stream.read_u8().await.map_err(reason)?);
    }
    let head = String::from_utf8_lossy(&head);
    let status = head.lines().next().unwrap_or_default();
    if status.split(' ').nth(1) != Some("200") {
        return Err(words::it_said(status));
    }
    wanted.compare(&read(&mut stream, wanted.expected.len()).await?)
}
