//! A server on real sockets and a phone to ask it, on loopback only. Nothing here depends on how
//! long a thing takes; every wait ends with what is waited for, or the test fails for want of it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tftp_server::{
    AbandonReason, Config, Event, EventKind, Handle, Memory, Observer, Server, Source, Staged,
};
use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::rig::{Pattern, Sent, ack, rrq};

/// Far longer than anything here takes: it only turns a hang into a failure.
pub(crate) const HANG: Duration = Duration::from_secs(30);

pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) handle: Handle,
    pub(crate) events: mpsc::UnboundedReceiver<Event>,
    pub(crate) task: JoinHandle<()>,
}

impl Running {
    /// Serves a file of this length under the name `57i.st`.
    pub(crate) async fn start(length: u64, change: impl FnOnce(&mut Config)) -> Self {
        Self::with(Staged::new("57i.st", Memory::new(Pattern(length).bytes())), |_| (), change).await
    }

    /// Serves this; each event is shown to `look` before it is kept.
    pub(crate) async fn with(
        source: impl Source + 'static,
        look: impl Fn(&Event) + Send + Sync + 'static,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let mut config = Config::new(([127, 0, 0, 1], 0).into());
        change(&mut config);
        let (sender, events) = mpsc::unbounded_channel();
        let observer: Arc<dyn Observer> = Arc::new(move |event: Event| {
            sender.send(event.clone()).ok();
            look(&event);
        });
        let server = Server::bind(config, Arc::new(source), observer).await.unwrap();
        let address = server.local_addr();
        let handle = server.handle();
        Self { address, handle, events, task: tokio::spawn(server.run()) }
    }

    pub(crate) async fn event(&mut self) -> Event {
        tokio::time::timeout(HANG, self.events.recv()).await.unwrap().unwrap()
    }

    /// The next event that this takes; others are passed over.
    pub(crate) async fn until<T>(&mut self, mut take: impl FnMut(&Event) -> Option<T>) -> T {
        loop {
            if let Some(found) = take(&self.event().await) {
                return found;
            }
        }
    }

    pub(crate) async fn abandoned(&mut self) -> AbandonReason {
        self.until(|event| match &event.kind {
            EventKind::Abandoned { reason } => Some(reason.clone()),
            _ => None,
        })
        .await
    }
}

pub(crate) struct Phone {
    pub(crate) socket: UdpSocket,
    server: SocketAddr,
}

impl Phone {
    pub(crate) async fn at(server: SocketAddr) -> Self {
        Self::from(([127, 0, 0, 1], 0).into(), server).await
    }

    pub(crate) async fn from(local: SocketAddr, server: SocketAddr) -> Self {
        Self { socket: UdpSocket::bind(local).await.unwrap(), server }
    }

    pub(crate) async fn send(&self, packet: &[u8], to: SocketAddr) {
        self.socket.send_to(packet, to).await.unwrap();
    }

    pub(crate) async fn receive(&self) -> (Sent, SocketAddr) {
        let mut buffer = vec![0; 70_000];
        let receive = self.socket.recv_from(&mut buffer);
        let (length, from) = tokio::time::timeout(HANG, receive).await.unwrap().unwrap();
        (Sent::parse(&buffer[..length]), from)
    }

    pub(crate) async fn ask(&self, options: &[(&str, &str)]) -> (Sent, SocketAddr) {
        self.send(&rrq("57i.st", "octet", options), self.server).await;
        self.receive().await
    }

    /// Fetches the file in lock-step, from the first packet on.
    pub(crate) async fn fetch(&self, first: (Sent, SocketAddr)) -> Vec<u8> {
        let mut file = Vec::new();
        let (mut packet, port) = first;
        loop {
            match packet {
                Sent::Data(block, bytes) => {
                    file.extend_from_slice(&bytes);
                    self.send(&ack(block), port).await;
                    if bytes.len() < 512 {
                        return file;
                    }
                }
                other => panic!("{other:?}"),
            }
            packet = self.receive().await.0;
        }
    }
}
