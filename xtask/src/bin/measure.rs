//! Measures a TFTP server on loopback against the limit of the machine, a bare UDP echo:
//!
//! ```text
//! measure echo ADDR:PORT [--block N]            the limit: a block for every datagram
//! measure fetch ADDR:PORT FILE [--block N] [--window N] [--clients N] [--rounds N] [--echo]
//! ```
//!
//! The client is the same for all servers: blocking sockets, one thread for each client. It asks
//! for the file by its own name and compares each block with it; another byte is a failure. With
//! `--echo` it does the same packets against the echo. Results, one line: blocks a second,
//! megabytes a second, the slowest client's time over the median, and the bytes that came. A
//! server that does not agree to the options is an error, "not agreed"; `cargo xtask bench tftp`
//! reads all of this.

use std::io::ErrorKind;
use std::net::{SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::{Args, Parser};

#[derive(Debug, Parser)]
enum Task {
    /// Answers every datagram with as many bytes as a packet with a block has.
    Echo {
        bind: SocketAddr,
        #[arg(long, default_value_t = 512)]
        block: usize,
    },
    /// Fetches a file as fast as it comes.
    Fetch(Fetch),
}

#[derive(Debug, Clone, Args)]
struct Fetch {
    server: SocketAddr,
    file: PathBuf,
    #[arg(long, default_value_t = 512)]
    block: usize,
    #[arg(long, default_value_t = 1)]
    window: usize,
    #[arg(long, default_value_t = 1)]
    clients: usize,
    /// Files that each client fetches; with --echo, thousands of round trips.
    #[arg(long, default_value_t = 1)]
    rounds: usize,
    #[arg(long)]
    echo: bool,
}

/// A client that hears nothing for this long sends its last packet again.
const PATIENCE: Duration = Duration::from_secs(1);
/// So many times in a row, then it fails.
const TRIES: usize = 6;

/// What one client has seen.
struct Fetched {
    blocks: u64,
    bytes: u64,
    time: Duration,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[expect(clippy::print_stdout, reason = "this is a program, the table is its output")]
fn main() -> Result<(), Failure> {
    let fetch = match Task::parse() {
        Task::Echo { bind, block } => return echo(bind, block),
        Task::Fetch(fetch) => fetch,
    };
    let image = Arc::new(if fetch.echo { Vec::new() } else { std::fs::read(&fetch.file)? });
    let start = Instant::now();
    let mut threads = Vec::new();
    for _ in 0..fetch.clients {
        let (fetch, image) = (fetch.clone(), Arc::clone(&image));
        // The default of 2 MiB for each of hundreds of threads is not needed.
        threads
            .push(std::thread::Builder::new().stack_size(256 << 10).spawn(move || client(&fetch, &image))?);
    }
    let mut all = Vec::new();
    for thread in threads {
        all.push(thread.join().map_err(|_| "a client broke")??);
    }
    let seconds = start.elapsed().as_secs_f64();
    all.sort_by_key(|one| one.time);
    let blocks: u64 = all.iter().map(|one| one.blocks).sum();
    let bytes: u64 = all.iter().map(|one| one.bytes).sum();
    let slowest = all.last().map_or(0.0, |one| one.time.as_secs_f64());
    let median = all[all.len() / 2].time.as_secs_f64();
    println!(
        "{:>9.0} blocks/s {:>8.1} MB/s  slowest/median {:.2}  bytes {bytes}",
        blocks as f64 / seconds,
        bytes as f64 / seconds / 1e6,
        slowest / median
    );
    Ok(())
}

fn echo(bind: SocketAddr, block: usize) -> Result<(), Failure> {
    let socket = UdpSocket::bind(bind)?;
    let mut question = [0; 2048];
    let answer = vec![0; block + 4];
    loop {
        let (_, from) = socket.recv_from(&mut question)?;
        socket.send_to(&answer, from)?;
    }
}

fn client(fetch: &Fetch, image: &[u8]) -> Result<Fetched, Failure> {
    let start = Instant::now();
    let mut sum = Fetched { blocks: 0, bytes: 0, time: Duration::ZERO };
    for _ in 0..fetch.rounds {
        if fetch.echo { echo_rounds(fetch, &mut sum)? } else { one_file(fetch, image, &mut sum)? }
    }
    sum.time = start.elapsed();
    Ok(sum)
}

fn echo_rounds(fetch: &Fetch, sum: &mut Fetched) -> Result<(), Failure> {
    let mut line = Line::open()?;
    let mut buffer = vec![0; fetch.block + 4];
    for _ in 0..1000 {
        line.send(&[0, 4, 0, 0], fetch.server)?;
        let (length, _) = line.receive(&mut buffer)?;
        sum.blocks += 1;
        sum.bytes += length as u64 - 4;
    }
    Ok(())
}

fn one_file(fetch: &Fetch, image: &[u8], sum: &mut Fetched) -> Result<(), Failure> {
    let mut line = Line::open()?;
    let asked = options(fetch);
    let name = fetch.file.file_name().ok_or("that is no file")?.to_string_lossy();
    let request = format!("\0\x01{name}\0octet\0{asked}");
    line.send(request.as_bytes(), fetch.server)?;
    let mut buffer = vec![0; 65_536];
    let (mut expected, mut since_ack) = (1_u16, 0);
    let mut rest = image;
    let mut agreed = asked.is_empty();
    let mut gap_told = false;
    loop {
        let (length, from) = line.receive(&mut buffer)?;
        let number = u16::from_be_bytes([buffer[2], buffer[3]]);
        match buffer[1] {
            3 if !agreed => return Err("not agreed to any option".into()),
            3 if number == expected => {
                rest = rest.strip_prefix(&buffer[4..length]).ok_or("not the bytes of the file")?;
                sum.blocks += 1;
                sum.bytes += length as u64 - 4;
                since_ack += 1;
                expected = expected.wrapping_add(1);
                gap_told = false;
                let last = length < fetch.block + 4;
                if last || since_ack == fetch.window {
                    since_ack = 0;
                    line.send(&[0, 4, buffer[2], buffer[3]], from)?;
                }
                if last {
                    return if rest.is_empty() { Ok(()) } else { Err("not the whole file".into()) };
                }
            }
            // RFC 7440 section 4: a gap is told at once, and once.
            3 if fetch.window > 1 && !gap_told => {
                gap_told = true;
                since_ack = 0;
                let [high, low] = expected.wrapping_sub(1).to_be_bytes();
                line.send(&[0, 4, high, low], from)?;
            }
            3 => {}
            6 => {
                let answer = String::from_utf8_lossy(&buffer[2..length]).to_ascii_lowercase();
                let (told, wanted) = (pairs(&answer), pairs(&asked));
                if let Some((name, value)) = wanted.iter().find(|pair| !told.contains(pair)) {
                    return Err(format!("not agreed to {name} {value}").into());
                }
                agreed = true;
                line.send(&[0, 4, 0, 0], from)?;
            }
            _ => return Err(String::from_utf8_lossy(&buffer[4..length]).into()),
        }
    }
}

fn options(fetch: &Fetch) -> String {
    let mut options = String::new();
    if fetch.block != 512 {
        options += &format!("blksize\0{}\0", fetch.block);
    }
    if fetch.window != 1 {
        options += &format!("windowsize\0{}\0", fetch.window);
    }
    options
}

fn pairs(options: &str) -> Vec<(&str, &str)> {
    let words: Vec<&str> = options.split_terminator('\0').collect();
    words.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
}

/// A socket that sends its last packet again when nothing comes.
struct Line {
    socket: UdpSocket,
    sent: Vec<u8>,
    to: Option<SocketAddr>,
}

impl Line {
    fn open() -> Result<Self, Failure> {
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        socket.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { socket, sent: Vec::new(), to: None })
    }

    fn send(&mut self, packet: &[u8], to: SocketAddr) -> Result<(), Failure> {
        self.sent.clear();
        self.sent.extend_from_slice(packet);
        self.to = Some(to);
        self.socket.send_to(packet, to)?;
        Ok(())
    }

    fn receive(&self, buffer: &mut [u8]) -> Result<(usize, SocketAddr), Failure> {
        for _ in 0..TRIES {
            match self.socket.recv_from(buffer) {
                Ok(received) => return Ok(received),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    if let Some(to) = self.to {
                        self.socket.send_to(&self.sent, to)?;
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err("no answer".into())
    }
}
