//! The client's socket, and packets lost on the way.

use std::net::{IpAddr, SocketAddr};

use tokio::{
    net::UdpSocket,
    time::{Instant, timeout_at},
};

use crate::{Config, event::DownloadFailure, random::Random};

/// Bytes; longer than any packet this client can have asked for.
const LONGEST: usize = 4096;

/// A socket and who is talked to.
#[derive(Debug)]
pub(super) struct Wire {
    socket: UdpSocket,
    server: SocketAddr,
    loss: u16,
    random: Random,
}

impl Wire {
    /// `loss` of 1000 packets never arrive, each way.
    pub(super) async fn open(
        config: &Config,
        server: SocketAddr,
        loss: u16,
    ) -> Result<Self, DownloadFailure> {
        let broken = |error: std::io::Error| DownloadFailure::Broken(error.to_string());
        let own = SocketAddr::new(own_address(config.bind.ip(), server.ip()), 0);
        let socket = UdpSocket::bind(own).await.map_err(broken)?;
        Ok(Self { socket, server, loss, random: Random::new(config.seed) })
    }

    /// From the first answer on, this is the server's port.
    pub(super) fn talk_to(&mut self, server: SocketAddr) {
        self.server = server;
    }

    pub(super) async fn send(&mut self, packet: &[u8]) {
        if !self.random.chance(self.loss) {
            // A packet that cannot leave is a packet that got lost.
            let _ = self.socket.send_to(packet, self.server).await;
        }
    }

    /// The next packet; none: nothing came before `end`.
    pub(super) async fn receive(&mut self, end: Instant) -> Option<(SocketAddr, Vec<u8>)> {
        let mut packet = vec![0; LONGEST];
        loop {
            match timeout_at(end, self.socket.recv_from(&mut packet)).await {
                Err(_) => return None,
                // On Windows a port that is closed there shows up here; the client waits on.
                Ok(Err(_)) => tokio::task::yield_now().await,
                Ok(Ok(_)) if self.random.chance(self.loss) => {}
                Ok(Ok((_, from))) if from.ip() != self.server.ip() => {}
                Ok(Ok((length, from))) => {
                    packet.truncate(length);
                    return Some((from, packet));
                }
            }
        }
    }

    /// Throws away what has come.
    pub(super) fn drain(&self) {
        let mut packet = [0; LONGEST];
        while self.socket.try_recv_from(&mut packet).is_ok() {}
    }
}

/// The phone's own address; a phone that listens everywhere lets the system choose.
fn own_address(bind: IpAddr, server: IpAddr) -> IpAddr {
    // Loopback reaches nothing but itself.
    if bind.is_loopback() && !server.is_loopback() {
        return IpAddr::from([0, 0, 0, 0]);
    }
    bind
}
