//! Servers of the tests' own: a small TFTP server with bad manners on request, one file over
//! HTTP, one over FTP.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream, UdpSocket},
    time::timeout,
};

/// What a TFTP server of the tests does apart from serving.
#[derive(Clone, Debug, Default)]
pub(crate) struct Manners {
    /// Sends block n as this one, once.
    pub(crate) renumber: Option<(u16, u16)>,
    /// Sends this block twice.
    pub(crate) double: Option<u16>,
    /// Answers every request with an OACK first.
    pub(crate) unasked_oack: bool,
    /// Text of `aastra.cfg`.
    pub(crate) configuration: Option<&'static str>,
}

/// Serves `file` under any name but `*.cfg`; gives the port.
pub(crate) async fn tftp_server(file: Vec<u8>, manners: Manners) -> u16 {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let port = socket.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut packet = [0; 2048];
        loop {
            let (length, from) = socket.recv_from(&mut packet).await.unwrap();
            let request = String::from_utf8_lossy(&packet[2..length]).into_owned();
            let name = request.split('\0').next().unwrap().to_owned();
            let answer = match (name.ends_with(".cfg"), manners.configuration) {
                (false, _) => Some(file.clone()),
                (true, Some(text)) if name == "aastra.cfg" => Some(text.as_bytes().to_vec()),
                (true, _) => None,
            };
            tokio::spawn(serve_one(answer, from, request, manners.clone()));
        }
    });
    port
}

async fn serve_one(file: Option<Vec<u8>>, to: SocketAddr, request: String, manners: Manners) {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let Some(file) = file else {
        socket.send_to(b"\0\x05\0\x01not here\0", to).await.unwrap();
        return;
    };
    if manners.unasked_oack {
        socket.send_to(b"\0\x06tsize\x001\0", to).await.unwrap();
    }
    let mut size = 512;
    if let Some(at) = request.find("blksize\0") {
        let asked = request[at + 8..].split('\0').next().unwrap();
        size = asked.parse().unwrap();
        let oack = format!("\0\x06blksize\0{asked}\0");
        send_until(&socket, to, oack.as_bytes(), 0, 1).await;
    }
    let blocks = file.len() / size + 1;
    for number in 1..=blocks {
        let end = file.len().min(number * size);
        let block = u16::try_from(number & 0xFFFF).unwrap();
        let as_block = match manners.renumber {
            Some((from, to)) if from == block => to,
            _ => block,
        };
        let data = &file[(number - 1) * size..end];
        let packet = [&[0, 3], as_block.to_be_bytes().as_slice(), data].concat();
        let copies = if manners.double == Some(block) { 2 } else { 1 };
        if !send_until(&socket, to, &packet, block, copies).await {
            return;
        }
    }
}

/// False: the client ended it.
async fn send_until(socket: &UdpSocket, to: SocketAddr, packet: &[u8], block: u16, copies: u32) -> bool {
    let mut answer = [0; 512];
    for _ in 0..50 {
        for _ in 0..copies {
            socket.send_to(packet, to).await.unwrap();
        }
        let wait = timeout(Duration::from_millis(150), async {
            loop {
                let (length, _) = socket.recv_from(&mut answer).await.unwrap();
                match &answer[..length] {
                    [0, 5, ..] => return false,
                    [0, 4, high, low] if u16::from_be_bytes([*high, *low]) == block => return true,
                    _ => {}
                }
            }
        });
        if let Ok(goes_on) = wait.await {
            return goes_on;
        }
    }
    false
}

/// Serves `file` once over HTTP; gives the port and, later, the request.
pub(crate) async fn http_server(file: Vec<u8>) -> (u16, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.push(stream.read_u8().await.unwrap());
        }
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", file.len());
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&file).await.unwrap();
        String::from_utf8(request).unwrap()
    });
    (port, task)
}

/// Serves `file` once over FTP; gives the port and, later, the commands.
pub(crate) async fn ftp_server(file: Vec<u8>) -> (u16, tokio::task::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let task = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = BufReader::new(stream);
        let data = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let epsv = data.local_addr().unwrap().port();
        let [high, low] = epsv.to_be_bytes();
        let mut active = None;
        let mut commands = Vec::new();
        stream.get_mut().write_all(b"220-hello\r\n220 ready\r\n").await.unwrap();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return commands;
            }
            let line = line.trim().to_owned();
            commands.push(line.clone());
            let reply = match line.split(' ').next().unwrap() {
                "USER" => "331 who\r\n".to_owned(),
                "PASS" => "230 in\r\n".to_owned(),
                "TYPE" => "200 fine\r\n".to_owned(),
                "SIZE" | "CWD" => {
                    "250 fine\r\n".replace("250", if line.starts_with("S") { "213" } else { "250" })
                }
                "EPSV" => format!("229 here (|||{epsv}|)\r\n"),
                "EPRT" => {
                    active = Some(line.split('|').nth(3).unwrap().parse().unwrap());
                    "200 fine\r\n".to_owned()
                }
                "PASV" => format!("227 here (127,0,0,1,{high},{low})\r\n"),
                "PORT" => {
                    let parts: Vec<u16> = line[5..].split(',').map(|part| part.parse().unwrap()).collect();
                    active = Some(parts[4] * 256 + parts[5]);
                    "200 fine\r\n".to_owned()
                }
                "RETR" => {
                    stream.get_mut().write_all(b"150 comes\r\n").await.unwrap();
                    let mut line = match active {
                        Some(port) => TcpStream::connect(("127.0.0.1", port)).await.unwrap(),
                        None => data.accept().await.unwrap().0,
                    };
                    line.write_all(&file).await.unwrap();
                    drop(line);
                    "226 done\r\n".to_owned()
                }
                "QUIT" => {
                    let _ = stream.get_mut().write_all(b"221 bye\r\n").await;
                    return commands;
                }
                _ => "500 what\r\n".to_owned(),
            };
            stream.get_mut().write_all(reply.as_bytes()).await.unwrap();
        }
    });
    (port, task)
}
