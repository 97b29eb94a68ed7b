//! The ports that a phone asks: whether they are free, and else who holds them.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};

use super::System;

/// UDP or TCP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// UDP.
    Udp,
    /// TCP.
    Tcp,
}

/// A port of this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Port {
    /// How it is spoken to.
    pub transport: Transport,
    /// Its number.
    pub number: u16,
}

impl Port {
    /// Where a phone asks by TFTP (RFC 1350, 4).
    pub const TFTP: Port = Port { transport: Transport::Udp, number: 69 };
    /// Where a phone asks by FTP (RFC 959, 8).
    pub const FTP: Port = Port { transport: Transport::Tcp, number: 21 };
    /// Where a phone asks by HTTP when its form has no field for it (RFC 9110, 4.2.1).
    pub const HTTP: Port = Port { transport: Transport::Tcp, number: 80 };
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let transport = match self.transport {
            Transport::Udp => "UDP",
            Transport::Tcp => "TCP",
        };
        write!(f, "{transport} port {}", self.number)
    }
}

/// A program at a port, as far as the system tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Its number.
    pub pid: Option<u32>,
    /// Its name.
    pub program: Option<String>,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.program, self.pid) {
            (Some(program), Some(pid)) => write!(f, "{program} (process {pid})"),
            (Some(program), None) => f.write_str(program),
            (None, Some(pid)) => write!(f, "process {pid}"),
            (None, None) => f.write_str("another user's program"),
        }
    }
}

/// What a port is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PortState {
    /// Ours to have.
    Free,
    /// A program has it.
    Taken(Option<Holder>),
    /// The system does not let us.
    Forbidden,
    /// It could not be tried.
    Unknown(String),
}

/// Tries to open a port on this address of ours, and lets it go at once.
pub fn look(system: &dyn System, ours: IpAddr, port: Port) -> PortState {
    let address = SocketAddr::new(ours, port.number);
    let opened = match port.transport {
        Transport::Udp => UdpSocket::bind(address).map(drop),
        Transport::Tcp => TcpListener::bind(address).map(drop),
    };
    match opened {
        Ok(()) => PortState::Free,
        Err(error) => match error.kind() {
            io::ErrorKind::AddrInUse => PortState::Taken(system.holder(port)),
            io::ErrorKind::PermissionDenied => PortState::Forbidden,
            _ => PortState::Unknown(error.to_string()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::here;
    use super::*;
    use std::net::Ipv4Addr;

    #[test]
    fn a_free_port_is_free_and_a_taken_one_names_its_program() {
        let ours = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let socket = UdpSocket::bind((ours, 0)).unwrap();
        let port = Port { transport: Transport::Udp, number: socket.local_addr().unwrap().port() };
        let PortState::Taken(holder) = look(here(), ours, port) else { panic!("it is taken") };
        if cfg!(target_os = "linux") {
            assert_eq!(holder.unwrap().pid, Some(std::process::id()));
        }
        drop(socket);
        assert_eq!(look(here(), ours, port), PortState::Free);
    }

    #[test]
    fn a_holder_is_told_as_far_as_it_is_known() {
        let of = |pid, program: Option<&str>| Holder { pid, program: program.map(Into::into) }.to_string();
        assert_eq!(of(Some(812), Some("in.tftpd")), "in.tftpd (process 812)");
        assert_eq!(of(Some(812), None), "process 812");
        assert_eq!(of(None, None), "another user's program");
        assert_eq!(Port::TFTP.to_string(), "UDP port 69");
    }
}
