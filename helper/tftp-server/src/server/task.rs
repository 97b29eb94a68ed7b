//! A transfer as a task: carries datagrams and the time between its socket and its machine,
//! beside hundreds of others.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::{future::Future, io};

use tokio::net::UdpSocket;
use tokio::time::{Instant, Sleep, sleep_until};

use super::listener::TROUBLE_WAIT;
use super::sending::{Way, send_or_lose};
use super::trouble::ReceiveTrouble;
use super::work::{ANSWER_BYTES, Delivery, Leftover, Work};
use crate::machine::{Moment, Outbox, StopReason};
use crate::packet::foreign_tid_answer;

/// Datagrams taken in a row before other tasks get their turn.
const TURN: usize = 16;

/// The socket of one transfer.
#[derive(Debug)]
pub(super) struct TransferSocket {
    socket: Arc<UdpSocket>,
    /// It is the listening socket: what arrives there comes by another way.
    shared: bool,
}

impl TransferSocket {
    /// A socket of its own.
    pub(super) fn own(socket: std::net::UdpSocket) -> io::Result<Self> {
        Ok(Self { socket: Arc::new(UdpSocket::from_std(socket)?), shared: false })
    }

    /// The listening socket (single-port mode).
    pub(super) fn shared(socket: Arc<UdpSocket>) -> Self {
        Self { socket, shared: true }
    }

    /// Waits until something may have arrived.
    fn poll_readable(&self, context: &mut Context<'_>) -> Poll<()> {
        if self.shared {
            return Poll::Pending;
        }
        // An error is met again, and dealt with, when the datagram is taken.
        self.socket.poll_recv_ready(context).map(drop)
    }

    /// Takes a datagram if there is one.
    fn try_receive(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        if self.shared {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        self.socket.try_recv_from(buffer)
    }
}

/// What a transfer waits for.
enum Next {
    Stop(StopReason),
    Delivery(Delivery),
    Readable,
    Tick,
}

/// Runs a transfer to its end. `peer` is its address as the socket tells it.
pub(super) async fn run(work: Work, socket: TransferSocket, peer: SocketAddr) -> Leftover {
    let mut task = Task { work, socket, way: Way::to(peer), outbox: Outbox::new() };
    let again = task.run().await;
    task.work.leftover(again)
}

struct Task {
    work: Work,
    socket: TransferSocket,
    way: Way,
    outbox: Outbox,
}

impl Task {
    async fn run(&mut self) -> Leftover {
        let mut buffer = [0; ANSWER_BYTES];
        let mut sleep = pin!(sleep_until(Instant::now()));
        let mut again = None;
        self.flush(self.work.clock.now()).await;
        while !self.work.transfer.is_over() {
            self.arm(sleep.as_mut());
            let next = poll_fn(|context| self.poll_next(sleep.as_mut(), context)).await;
            let now = self.work.clock.now();
            match next {
                Next::Stop(reason) => self.work.transfer.stop(reason, now),
                Next::Delivery(Delivery::Packet(packet)) => self.work.transfer.datagram(&packet, now),
                Next::Delivery(Delivery::RequestAgain(request, asker)) => {
                    self.receive(&mut buffer).await;
                    again = self.work.request_again(request, asker);
                }
                // It has sent and told everything itself.
                Next::Readable => {
                    self.receive(&mut buffer).await;
                    continue;
                }
                Next::Tick => self.work.transfer.tick(now),
            }
            self.flush(self.work.clock.now()).await;
        }
        again
    }

    /// Waits for whatever comes first. By hand and not by `select!`, because this runs for each
    /// block, and the futures that the macro makes anew each time cost a tenth of it.
    fn poll_next(&mut self, sleep: Pin<&mut Sleep>, context: &mut Context<'_>) -> Poll<Next> {
        if let Poll::Ready(Ok(reason)) = Pin::new(&mut self.work.stopped).poll(context) {
            return Poll::Ready(Next::Stop(reason));
        }
        if let Poll::Ready(Some(delivery)) = self.work.deliveries.poll_recv(context) {
            return Poll::Ready(Next::Delivery(delivery));
        }
        if self.socket.poll_readable(context).is_ready() {
            return Poll::Ready(Next::Readable);
        }
        sleep.poll(context).map(|()| Next::Tick)
    }

    /// Sets the timer only when it would fire too late: most ACKs move the deadline further
    /// away, and a timer that fires early costs one look.
    fn arm(&self, sleep: Pin<&mut Sleep>) {
        if let Some(deadline) = self.work.transfer.deadline() {
            let deadline = self.work.clock.instant(deadline);
            if sleep.is_elapsed() || deadline < sleep.deadline() {
                sleep.reset(deadline);
            }
        }
    }

    /// Takes what has arrived on the transfer's own port.
    async fn receive(&mut self, buffer: &mut [u8]) {
        for _ in 0..TURN {
            match self.socket.try_receive(buffer) {
                Ok((length, from)) if self.way.is_peer(from) => {
                    let now = self.work.clock.now();
                    self.work.transfer.datagram(&buffer[..length], now);
                    self.flush(now).await;
                    if self.work.transfer.is_over() {
                        return;
                    }
                }
                Ok((length, from)) => {
                    if let Some(answer) = foreign_tid_answer(&buffer[..length]) {
                        send_or_lose(&*self.socket.socket, &answer, from);
                    }
                }
                Err(error) => match ReceiveTrouble::of(&error) {
                    ReceiveTrouble::Empty => return,
                    ReceiveTrouble::Passing => {}
                    ReceiveTrouble::Serious => {
                        // The resend timer will try again.
                        tracing::warn!(transfer = %self.work.id, %error, "cannot receive");
                        return tokio::time::sleep(TROUBLE_WAIT).await;
                    }
                },
            }
        }
        tokio::task::yield_now().await;
    }

    /// Sends all packets and tells all events that the machine has.
    async fn flush(&mut self, now: Moment) {
        while self.work.transfer.transmit(&mut self.outbox, now) {
            if let Err(error) = self.send().await {
                self.work.transfer.unsendable(error.to_string(), now);
            }
        }
        self.work.tell();
    }

    async fn send(&mut self) -> io::Result<()> {
        loop {
            match self.way.send(&*self.socket.socket, &self.outbox) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.socket.socket.writable().await?;
                }
                sent => return sent,
            }
        }
    }
}
