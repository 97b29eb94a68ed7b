//! By TFTP: a request, its first block, and an ERROR that ends it (RFC 1350, 5 and 7).

use std::net::SocketAddr;
use std::time::Duration;

use shared::text::pc as words;
use tokio::net::UdpSocket;
use tokio::time::timeout;

use super::{BLOCK, Wanted, reason};

/// After so long the request is sent again, as any client does.
const RESEND: Duration = Duration::from_millis(400);
/// Bytes of a packet's head: opcode and block number, or opcode and error.
const HEAD: usize = 4;

pub(super) async fn fetch(wanted: &Wanted<'_>) -> Result<(), String> {
    let socket = UdpSocket::bind(SocketAddr::new(wanted.at.ip(), 0)).await.map_err(reason)?;
    let request = [&[0, 1], wanted.name.as_bytes(), b"\0octet\0"].concat();
    loop {
        socket.send_to(&request, wanted.at).await.map_err(reason)?;
        if let Ok(answer) = timeout(RESEND, answer(&socket, wanted)).await {
            return answer;
        }
    }
}

async fn answer(socket: &UdpSocket, wanted: &Wanted<'_>) -> Result<(), String> {
    let mut packet = [0; HEAD + BLOCK];
    loop {
        let (length, from) = socket.recv_from(&mut packet).await.map_err(reason)?;
        if from.ip() != wanted.at.ip() {
            continue;
        }
        match &packet[..length] {
            [0, 3, 0, 1, data @ ..] => {
                let is_all = data.len() < BLOCK;
                let end: &[u8] = if is_all { &[0, 4, 0, 1] } else { b"\0\x05\0\0enough\0" };
                socket.send_to(end, from).await.map_err(reason)?;
                return wanted.compare(data);
            }
            [0, 5, _, _, text @ ..] => {
                let text = String::from_utf8_lossy(text);
                return Err(words::it_said(text.trim_end_matches('\0')));
            }
            _ => {}
        }
    }
}
