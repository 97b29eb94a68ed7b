//! A page without a browser, for scripts: `page URL FIRMWARE` shows its key, gives the helper the
//! file, opens the socket (RFC 6455), writes every message of the helper to standard output, a
//! line each, and says to the helper what it reads from standard input, a line each.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "its lines are for scripts; it is only for tests"
)]

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::thread;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The most bytes of one piece of a file, and of its fingerprint (`shared::protocol`).
const PIECE_BYTES: usize = 1024 * 1024;
const FINGERPRINT_BYTES: usize = 64 * 1024;
/// RFC 6455, 5.2.
const TEXT: u8 = 0x1;
/// Any key will do; that of RFC 6455, 1.3.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

fn main() -> io::Result<()> {
    let url = std::env::args().nth(1).expect("page URL");
    let (host, key) = url.strip_prefix("http://").and_then(|rest| rest.split_once("/#")).expect("its key");
    let file = std::env::args().nth(2).expect("page URL FIRMWARE");
    let (head, _) = ask(host, "", "POST /api/session", "text/plain", key.as_bytes())?;
    let cookie = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().starts_with("set-cookie:").then(|| line[11..].trim()))
        .and_then(|cookie| cookie.split(';').next())
        .expect("a cookie for the key");
    println!("{}", json!({"given": give(host, cookie, &file)?}));
    let upgrade = format!("Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}");
    let head = format!("Cookie: {cookie}\r\nConnection: Upgrade\r\n{upgrade}\r\n");
    let (head, mut from) = send(host, "GET /api/socket", &head, b"")?;
    assert!(head.starts_with("HTTP/1.1 101"), "{head}");
    let mut to = from.get_ref().try_clone()?;
    thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if say(&mut to, line.as_bytes()).is_err() {
                return;
            }
        }
    });
    while let Ok((opcode, payload)) = frame(&mut from) {
        if opcode == TEXT {
            println!("{}", String::from_utf8_lossy(&payload));
        }
    }
    Ok(())
}

/// Gives the helper a file, and says what it makes of it.
fn give(host: &str, cookie: &str, path: &str) -> io::Result<Value> {
    let bytes = std::fs::read(path)?;
    let fingerprint = hash(&bytes[..bytes.len().min(FINGERPRINT_BYTES)]);
    let request = json!({"name": "57i.st", "bytes": bytes.len(), "fingerprint": fingerprint});
    let asks = |line: &str, body: &[u8], kind: &str| -> io::Result<Value> {
        let (head, mut answer) = ask(host, cookie, line, kind, body)?;
        assert!(head.starts_with("HTTP/1.1 200"), "{line}: {head}");
        let mut body = String::new();
        answer.read_to_string(&mut body)?;
        Ok(serde_json::from_str(&body)?)
    };
    let json = "application/json";
    let upload = asks("POST /api/uploads", request.to_string().as_bytes(), json)?;
    let place = format!("/api/uploads/{}", upload["id"].as_str().unwrap_or_default());
    for (number, piece) in bytes.chunks(PIECE_BYTES).enumerate() {
        let (offset, hash) = (number * PIECE_BYTES, hash(piece));
        asks(&format!("PUT {place}/pieces/{offset}?sha256={hash}"), piece, "application/octet-stream")?;
    }
    let whole = json!({"sha256": hash(&bytes)}).to_string();
    asks(&format!("POST {place}/finish"), whole.as_bytes(), json)
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A request with a body, on a connection of its own.
fn ask(
    host: &str,
    cookie: &str,
    line: &str,
    kind: &str,
    body: &[u8],
) -> io::Result<(String, BufReader<TcpStream>)> {
    let length = body.len();
    let head = format!(
        "Cookie: {cookie}\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n"
    );
    send(host, line, &head, body)
}

/// Sends a request, and gives the head of the answer and the connection behind it.
fn send(host: &str, line: &str, head: &str, body: &[u8]) -> io::Result<(String, BufReader<TcpStream>)> {
    let mut stream = BufReader::new(TcpStream::connect(host)?);
    let request = format!("{line} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n{head}\r\n");
    stream.get_mut().write_all(&[request.as_bytes(), body].concat())?;
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") && stream.read_line(&mut head)? > 0 {}
    Ok((head, stream))
}

/// One frame, masked as every page must (RFC 6455, 5.3).
fn say(to: &mut TcpStream, payload: &[u8]) -> io::Result<()> {
    let mask = [1, 2, 3, 4];
    let mut frame = vec![0x80 | TEXT];
    match payload.len() {
        short @ 0..126 => frame.push(0x80 | short as u8),
        long => {
            frame.push(0x80 | 126);
            frame.extend((long as u16).to_be_bytes());
        }
    }
    frame.extend(mask);
    frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    to.write_all(&frame)
}

fn frame(from: &mut impl Read) -> io::Result<(u8, Vec<u8>)> {
    let mut head = [0; 2];
    from.read_exact(&mut head)?;
    let length = match head[1] {
        126 => {
            let mut length = [0; 2];
            from.read_exact(&mut length)?;
            u64::from(u16::from_be_bytes(length))
        }
        127 => {
            let mut length = [0; 8];
            from.read_exact(&mut length)?;
            u64::from_be_bytes(length)
        }
        short => u64::from(short),
    };
    let mut payload = vec![0; usize::try_from(length).unwrap_or_default()];
    from.read_exact(&mut payload)?;
    Ok((head[0] & 0x0f, payload))
}
