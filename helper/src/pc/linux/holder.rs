//! Which program holds a port: the socket's inode stands in /proc/net, and whoever has it open
//! in /proc/PID/fd (proc(5)). Programs of other users tell nothing of theirs to anybody but
//! root.

use std::fs;
use std::path::Path;

use super::super::ports::{Holder, Port, Transport};

/// `TCP_LISTEN` of tcp_states.h, as /proc/net/tcp writes it.
const LISTEN: &str = "0A";

/// Who holds it, if anybody does: the program may stay unknown.
pub(super) fn of(proc: &Path, port: Port) -> Option<Holder> {
    let tables = match port.transport {
        Transport::Udp => ["net/udp", "net/udp6"],
        Transport::Tcp => ["net/tcp", "net/tcp6"],
    };
    let read = |table: &&str| fs::read_to_string(proc.join(table)).unwrap_or_default();
    let sockets: Vec<String> = tables.iter().map(read).flat_map(|text| inodes(&text, port)).collect();
    if sockets.is_empty() {
        return None;
    }
    let sockets: Vec<String> = sockets.iter().map(|inode| format!("socket:[{inode}]")).collect();
    let found = processes(proc).into_iter().find(|pid| has_open(proc, *pid, &sockets));
    Some(Holder { pid: found, program: found.and_then(|pid| name(proc, pid)) })
}

/// Whether a program of this name runs.
pub(super) fn runs(proc: &Path, program: &str) -> bool {
    processes(proc).into_iter().any(|pid| name(proc, pid).as_deref() == Some(program))
}

/// The sockets at this port. Inode 0 is a socket whose program is gone.
fn inodes(table: &str, port: Port) -> Vec<String> {
    let number = format!("{:04X}", port.number);
    let socket = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (_, local) = words.get(1)?.rsplit_once(':')?;
        let listens = port.transport == Transport::Udp || *words.get(3)? == LISTEN;
        let inode = words.get(9).filter(|inode| **inode != "0")?;
        (local == number && listens).then(|| (*inode).to_owned())
    };
    table.lines().skip(1).filter_map(socket).collect()
}

fn processes(proc: &Path) -> Vec<u32> {
    let entries =
        fs::read_dir(proc).map(|entries| entries.flatten().collect()).unwrap_or_else(|_| Vec::new());
    entries.iter().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

fn has_open(proc: &Path, pid: u32, sockets: &[String]) -> bool {
    let Ok(files) = fs::read_dir(proc.join(pid.to_string()).join("fd")) else { return false };
    files.flatten().any(|file| {
        let target = fs::read_link(file.path()).unwrap_or_default();
        sockets.iter().any(|socket| target.as_os_str() == socket.as_str())
    })
}

fn name(proc: &Path, pid: u32) -> Option<String> {
    let name = fs::read_to_string(proc.join(pid.to_string()).join("comm")).ok()?;
    Some(name.trim().to_owned())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    const UDP: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n\
        \x20 100: 00000000:0045 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4711 2 0000000000000000 0\n\
        \x20 101: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4712 2 0000000000000000 0\n";
    const TCP: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
        \x20  0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0 100 0 0 10 0\n\
        \x20  1: 0100007F:0015 0100007F:A000 01 00000000:00000000 00:00000000 00000000     0        0 4714 1 0 100 0 0 10 0\n";

    fn proc() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let proc = folder.path();
        fs::create_dir_all(proc.join("net")).unwrap();
        fs::write(proc.join("net/udp"), UDP).unwrap();
        fs::write(proc.join("net/tcp"), TCP).unwrap();
        for (pid, comm, socket) in [("812", "in.tftpd", "4711"), ("9", "other", "1")] {
            fs::create_dir_all(proc.join(pid).join("fd")).unwrap();
            fs::write(proc.join(pid).join("comm"), format!("{comm}\n")).unwrap();
            std::os::unix::fs::symlink(format!("socket:[{socket}]"), proc.join(pid).join("fd/3")).unwrap();
        }
        folder
    }

    #[test]
    fn the_program_at_a_port_is_named() {
        let proc = proc();
        let of = |transport, number| of(proc.path(), Port { transport, number });
        let tftpd = Holder { pid: Some(812), program: Some("in.tftpd".into()) };
        assert_eq!(of(Transport::Udp, 69), Some(tftpd));
        assert_eq!(of(Transport::Udp, 53), Some(Holder { pid: None, program: None }), "another user's");
        assert_eq!(of(Transport::Udp, 67), None);
        assert_eq!(of(Transport::Tcp, 80), Some(Holder { pid: None, program: None }));
        assert_eq!(of(Transport::Tcp, 21), None, "a connection is no listener");
        assert_eq!(of(Transport::Tcp, 69), None);
        assert!(runs(proc.path(), "in.tftpd") && !runs(proc.path(), "firewalld"));
    }
}
