//! Measures a TFTP server on loopback against the limit of the machine, a bare UDP echo:
//!
//! ```text
//! measure echo ADDR:PORT                        the limit: 516 bytes for every datagram
//! measure fetch ADDR:PORT NAME [--block N] [--window N] [--clients N] [--rounds N] [--echo]
//! ```
//!
//! The client is the same for all servers: blocking sockets, one thread for each client. With
//! `--echo` it does the same packets against the echo. Results, one line: blocks a second,
//! megabytes a second, and the slowest client's time over the median.

use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use clap::{Args, Parser};

#[derive(Debug, Parser)]
enum Task {
    /// Answers every datagram with 516 bytes.
    Echo { bind: SocketAddr },
    /// Fetches a file as fast as it comes.
    Fetch(Fetch),
}

#[derive(Debug, Clone, Args)]
struct Fetch {
    server: SocketAddr,
    name: String,
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
        Task::Echo { bind } => return echo(bind),
        Task::Fetch(fetch) => fetch,
    };
    let start = Instant::now();
    let mut threads = Vec::new();
    for _ in 0..fetch.clients {
        let fetch = fetch.clone();
        // The default of 2 MiB for each of hundreds of threads is not needed.
        threads.push(std::thread::Builder::new().stack_size(256 << 10).spawn(move || client(&fetch))?);
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
        "{:>9.0} blocks/s {:>8.1} MB/s  slowest/median {:.2}",
        blocks as f64 / seconds,
        bytes as f64 / seconds / 1e6,
        slowest / median
    );
    Ok(())
}

fn echo(bind: SocketAddr) -> Result<(), Failure> {
    let socket = UdpSocket::bind(bind)?;
    let mut buffer = [0; 2048];
    loop {
        let (_, from) = socket.recv_from(&mut buffer)?;
        socket.send_to(&buffer[..516], from)?;
    }
}

fn client(fetch: &Fetch) -> Result<Fetched, Failure> {
    let start = Instant::now();
    let mut sum = Fetched { blocks: 0, bytes: 0, time: Duration::ZERO };
    for _ in 0..fetch.rounds {
        if fetch.echo { echo_rounds(fetch, &mut sum)? } else { one_file(fetch, &mut sum)? }
    }
    sum.time = start.elapsed();
    Ok(sum)
}

fn echo_rounds(fetch: &Fetch, sum: &mut Fetched) -> Result<(), Failure> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    let mut buffer = [0; 2048];
    for _ in 0..1000 {
        socket.send_to(&[0, 4, 0, 0], fetch.server)?;
        let (length, _) = socket.recv_from(&mut buffer)?;
        sum.blocks += 1;
        sum.bytes += length as u64 - 4;
    }
    Ok(())
}

fn one_file(fetch: &Fetch, sum: &mut Fetched) -> Result<(), Failure> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut request = format!("\0\x01{}\0octet\0", fetch.name);
    if fetch.block != 512 {
        request += &format!("blksize\0{}\0", fetch.block);
    }
    if fetch.window != 1 {
        request += &format!("windowsize\0{}\0", fetch.window);
    }
    socket.send_to(request.as_bytes(), fetch.server)?;
    let mut buffer = vec![0; 65_536];
    let (mut expected, mut since_ack) = (1_u16, 0);
    loop {
        let (length, from) = socket.recv_from(&mut buffer)?;
        let number = u16::from_be_bytes([buffer[2], buffer[3]]);
        match buffer[1] {
            3 if number == expected => {
                sum.blocks += 1;
                sum.bytes += length as u64 - 4;
                since_ack += 1;
                expected = expected.wrapping_add(1);
                let last = length < fetch.block + 4;
                if last || since_ack == fetch.window {
                    since_ack = 0;
                    socket.send_to(&[0, 4, buffer[2], buffer[3]], from)?;
                }
                if last {
                    return Ok(());
                }
            }
            3 => {}
            6 => drop(socket.send_to(&[0, 4, 0, 0], from)?),
            _ => return Err(String::from_utf8_lossy(&buffer[4..length]).into()),
        }
    }
}
