//! Steering a running server from outside.

use std::net::IpAddr;

use tokio::sync::mpsc;

use crate::event::TransferId;
use crate::peers::Peers;

/// What a handle asks of the listening task.
#[derive(Debug)]
pub(super) enum Order {
    Cancel(TransferId),
    CancelPeer(IpAddr),
    CancelAll,
    SetPeers(Peers),
    ShutDown,
}

/// Steers a server; clones steer the same one. Every order is carried out before the next request
/// is looked at, and does nothing when the server is gone. A transfer follows at once: a task
/// before its next datagram, a thread within 20 ms.
#[derive(Debug, Clone)]
pub struct Handle {
    orders: mpsc::UnboundedSender<Order>,
}

impl Handle {
    pub(super) fn new(orders: mpsc::UnboundedSender<Order>) -> Self {
        Self { orders }
    }

    /// Ends one transfer and tells its peer with an ERROR. Does nothing when it has ended.
    ///
    /// ```
    /// # use tftp_server::{EventKind, Handle};
    /// /// Nobody waits for a phone that wants netascii.
    /// fn judge(handle: &Handle, event: &tftp_server::Event) {
    ///     if let EventKind::Negotiated { mode: tftp_server::Mode::Netascii, .. } = event.kind {
    ///         handle.cancel(event.transfer);
    ///     }
    /// }
    /// ```
    pub fn cancel(&self, transfer: TransferId) {
        self.order(Order::Cancel(transfer));
    }

    /// Ends all transfers of this address and tells the peer.
    pub fn cancel_peer(&self, address: IpAddr) {
        self.order(Order::CancelPeer(address));
    }

    /// Ends all transfers and tells the peers; the server goes on.
    pub fn cancel_all(&self) {
        self.order(Order::CancelAll);
    }

    /// Changes who is served from now on. Running transfers go on; cancel them if they should
    /// not.
    pub fn set_peers(&self, peers: Peers) {
        self.order(Order::SetPeers(peers));
    }

    /// Ends all transfers, tells the peers, and lets [`super::Server::run`] return.
    pub fn shut_down(&self) {
        self.order(Order::ShutDown);
    }

    fn order(&self, order: Order) {
        // A server that is gone has nothing left to steer.
        self.orders.send(order).ok();
    }
}
