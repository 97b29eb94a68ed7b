//! The servers: each on an address of its own on loopback, in front of the same image, and gone
//! when the bench is, however it ends.

use std::fs::{self, File};
use std::net::{SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::usage;
use crate::run::{command, target};
use crate::setup;

/// The image's name.
const NAME: &str = "image";
/// dnsmasq serves TFTP on port 69 and no other: it gets an address of loopback that nobody has.
const DNSMASQ: &str = "127.0.0.69:69";

/// Who is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Echo,
    Hpa,
    Dnsmasq,
    AsyncTftp,
    Tftpd,
    /// Our example as it is: the first transfers are threads.
    Ours,
    /// Our example with tasks alone, to see what the threads are good for.
    OursOnTasks,
}

impl Kind {
    pub(super) const ALL: [Self; 7] =
        [Self::Echo, Self::Hpa, Self::Dnsmasq, Self::AsyncTftp, Self::Tftpd, Self::Ours, Self::OursOnTasks];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Echo => "UDP echo (the limit)",
            Self::Hpa => "tftpd-hpa",
            Self::Dnsmasq => "dnsmasq",
            Self::AsyncTftp => "async-tftp 0.4.2",
            Self::Tftpd => "tftpd 1.0.0",
            Self::Ours => "ours",
            Self::OursOnTasks => "ours, tasks only",
        }
    }

    pub(super) fn is_peer(self) -> bool {
        !matches!(self, Self::Ours | Self::OursOnTasks | Self::Echo)
    }
}

/// A folder with the image in it, gone at the end; in the target folder, so that the next run
/// cleans up behind one that was killed.
pub(super) struct Folder {
    path: PathBuf,
    /// The image's length.
    pub(super) bytes: usize,
}

impl Folder {
    pub(super) fn with_image(bytes: usize) -> Result<Self> {
        let folder = Self { path: target().join("bench"), bytes };
        fs::create_dir_all(&folder.path)?;
        // No two blocks alike, as in a packed firmware.
        let image: Vec<u8> =
            (0..bytes / 4).flat_map(|word| (word as u32).wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        fs::write(folder.image(), image)?;
        Ok(folder)
    }

    pub(super) fn image(&self) -> PathBuf {
        self.path.join(NAME)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.path).ok();
    }
}

/// A running server.
pub(super) struct Server {
    pub(super) kind: Kind,
    /// Where it listens; the echo has a second one for larger blocks.
    addresses: Vec<SocketAddr>,
    processes: Vec<Child>,
}

impl Server {
    pub(super) fn start(kind: Kind, folder: &Folder, cores: Option<&str>) -> Result<Self> {
        let mut server = Self { kind, addresses: Vec::new(), processes: Vec::new() };
        for block in if kind == Kind::Echo { &super::client::ECHO_BLOCKS[..] } else { &[512] } {
            let address = match kind {
                Kind::Dnsmasq => free(DNSMASQ)?,
                _ => free("127.0.0.1:0")?,
            };
            let log = folder.path.join(format!("log-{}", address.port()));
            let line = line(kind, address, *block, folder)?;
            let mut start = command(if cores.is_some() { "taskset" } else { "setpriv" });
            if let Some(cores) = cores {
                start.args(["--cpu-list", cores, "setpriv"]);
            }
            // A server that outlives a killed bench would spoil the next one.
            start.args(["--pdeathsig", "KILL"]).args(&line).stdin(Stdio::null());
            start.stdout(Stdio::null()).stderr(File::create(&log)?);
            let child = start.spawn().with_context(|| format!("{} could not be started", kind.name()))?;
            server.processes.push(child);
            server.addresses.push(address);
            thread::sleep(Duration::from_millis(300));
            let ended = server.processes.last_mut().map(Child::try_wait);
            if let Some(Ok(Some(status))) = ended {
                let said = fs::read_to_string(&log).unwrap_or_default();
                bail!("{} ended at once with {status}: {}", kind.name(), said.trim());
            }
        }
        Ok(server)
    }

    /// The address and the process that serve blocks of this size.
    pub(super) fn serving(&self, block: usize) -> Option<(SocketAddr, u32)> {
        let index = match self.kind {
            Kind::Echo => super::client::ECHO_BLOCKS.iter().position(|echo| *echo == block)?,
            _ => 0,
        };
        Some((*self.addresses.get(index)?, self.processes.get(index)?.id()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        for process in &mut self.processes {
            // in.tftpd has a process for each transfer, which it does not take with it.
            for child in usage::children(process.id()) {
                command("kill").args(["-KILL", &child.to_string()]).stderr(Stdio::null()).status().ok();
            }
            process.kill().ok();
            process.wait().ok();
        }
    }
}

/// The command line that serves the folder at this address.
fn line(kind: Kind, address: SocketAddr, block: usize, folder: &Folder) -> Result<Vec<String>> {
    let system = |program: &str| {
        let path = setup::find(program).with_context(|| format!("{program} is not there"))?;
        Ok::<_, anyhow::Error>(path.display().to_string())
    };
    let built = |path: &str| target().join(path).display().to_string();
    let (ip, port) = (address.ip(), address.port());
    let words = match kind {
        Kind::Echo => vec![built("release/measure"), format!("echo {address} --block {block}")],
        Kind::Hpa => vec![system("in.tftpd")?, format!("-L --user root --secure --address {address}")],
        Kind::Dnsmasq => vec![
            system("dnsmasq")?,
            // As a daemon it would give up its privileges, and with them the death that setpriv
            // orders. Its limit of 50 transfers would refuse the others of 200 clients.
            format!(
                "--no-daemon --quiet-tftp --port=0 --conf-file=/dev/null --pid-file= \
                 --bind-interfaces --listen-address={ip} --enable-tftp --tftp-max=400"
            ),
        ],
        Kind::AsyncTftp => vec![built("peers/release/async-tftp"), address.to_string()],
        Kind::Tftpd => vec![built("peers/release/tftpd"), format!("-i {ip} -p {port} -r -q -d")],
        Kind::Ours => vec![built("release/examples/serve"), format!("--quiet --bind {address}")],
        Kind::OursOnTasks => {
            vec![built("release/examples/serve"), format!("--quiet --threads 0 --bind {address}")]
        }
    };
    let mut line = vec![words[0].clone()];
    line.extend(words[1].split_whitespace().map(str::to_owned));
    match kind {
        Kind::Hpa | Kind::AsyncTftp | Kind::Tftpd => line.push(folder.path.display().to_string()),
        Kind::Ours | Kind::OursOnTasks => line.push(folder.image().display().to_string()),
        Kind::Dnsmasq => line.push(format!("--tftp-root={}", folder.path.display())),
        Kind::Echo => {}
    }
    Ok(line)
}

/// An address that nobody has. The server takes it a moment later; nobody else here asks for
/// ports in between.
fn free(wanted: &str) -> Result<SocketAddr> {
    // dnsmasq would share its port with another one, and the older might answer.
    let socket = UdpSocket::bind(wanted).with_context(|| format!("{wanted} is taken by another program"))?;
    Ok(socket.local_addr()?)
}
