//! The task of one transfer: carries datagrams and the time between its port and its machine.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, Sleep, sleep_until};

use super::port::{Asker, ReceiveTrouble, TransferPort};
use crate::event::{Event, Observer, TransferId};
use crate::machine::{Moment, Outbox, StopReason, Transfer};
use crate::packet::foreign_tid_answer;

/// Bytes of a datagram that are looked at: an ACK has 4, an ERROR its text.
const ANSWER_BYTES: usize = 516;
/// Datagrams taken in a row before other tasks get their turn.
const TURN: usize = 16;

/// The clock of one server: time since its start.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock(Instant);

impl Clock {
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }

    pub(super) fn now(self) -> Moment {
        self.0.elapsed()
    }

    fn instant(self, moment: Moment) -> Instant {
        self.0 + moment
    }
}

/// What the listening port has for a transfer.
#[derive(Debug)]
pub(super) enum Delivery {
    /// A packet from the peer (single-port mode).
    Packet(Box<[u8]>),
    /// The same request again, and where it came from.
    RequestAgain(Box<[u8]>, Asker),
}

/// A request that came too late for its transfer: it is a new one.
pub(super) type Leftover = Option<(Box<[u8]>, Asker)>;

/// What a transfer waits for.
enum Next {
    Stop(StopReason),
    Delivery(Delivery),
    Readable,
    Tick,
}

pub(super) struct Runner {
    pub(super) id: TransferId,
    pub(super) peer: SocketAddr,
    pub(super) transfer: Box<Transfer>,
    pub(super) port: TransferPort,
    pub(super) observer: Arc<dyn Observer>,
    pub(super) clock: Clock,
    pub(super) deliveries: mpsc::Receiver<Delivery>,
    pub(super) stopped: oneshot::Receiver<StopReason>,
}

impl Runner {
    pub(super) async fn run(mut self) -> Leftover {
        let mut outbox = Outbox::new();
        let mut buffer = [0; ANSWER_BYTES];
        let mut sleep = pin!(sleep_until(Instant::now()));
        let mut again = None;
        self.flush(&mut outbox, self.clock.now()).await;
        while !self.transfer.is_over() {
            self.arm(sleep.as_mut());
            match poll_fn(|context| self.poll_next(sleep.as_mut(), context)).await {
                Next::Stop(reason) => self.transfer.stop(reason, self.clock.now()),
                Next::Delivery(Delivery::Packet(packet)) => {
                    self.transfer.datagram(&packet, self.clock.now());
                }
                Next::Delivery(Delivery::RequestAgain(request, asker)) => {
                    // What the client sent before its request counts before it: an ERROR must
                    // end the old transfer and not the new one.
                    self.receive(&mut buffer, &mut outbox).await;
                    if self.transfer.is_over() {
                        again = Some((request, asker));
                    } else {
                        self.transfer.start_over(self.clock.now());
                    }
                }
                // It has sent and told everything itself.
                Next::Readable => {
                    self.receive(&mut buffer, &mut outbox).await;
                    continue;
                }
                Next::Tick => self.transfer.tick(self.clock.now()),
            }
            self.flush(&mut outbox, self.clock.now()).await;
        }
        self.deliveries.close();
        while let Ok(delivery) = self.deliveries.try_recv() {
            if let Delivery::RequestAgain(request, asker) = delivery {
                again = Some((request, asker));
            }
        }
        again
    }

    /// Waits for whatever comes first. By hand and not by `select!`, because this runs for each
    /// block, and the futures that the macro makes anew each time cost a tenth of it.
    fn poll_next(&mut self, sleep: Pin<&mut Sleep>, context: &mut Context<'_>) -> Poll<Next> {
        if let Poll::Ready(Ok(reason)) = Pin::new(&mut self.stopped).poll(context) {
            return Poll::Ready(Next::Stop(reason));
        }
        if let Poll::Ready(Some(delivery)) = self.deliveries.poll_recv(context) {
            return Poll::Ready(Next::Delivery(delivery));
        }
        if self.port.poll_readable(context).is_ready() {
            return Poll::Ready(Next::Readable);
        }
        sleep.poll(context).map(|()| Next::Tick)
    }

    /// Sets the timer only when it would fire too late: most ACKs move the deadline further
    /// away, and a timer that fires early costs one look.
    fn arm(&self, sleep: Pin<&mut Sleep>) {
        if let Some(deadline) = self.transfer.deadline() {
            let deadline = self.clock.instant(deadline);
            if sleep.is_elapsed() || deadline < sleep.deadline() {
                sleep.reset(deadline);
            }
        }
    }

    /// Takes what has arrived on the transfer's own port.
    async fn receive(&mut self, buffer: &mut [u8], outbox: &mut Outbox) {
        for _ in 0..TURN {
            match self.port.try_receive(buffer) {
                Ok((length, from)) if self.port.is_peer(from) => {
                    let now = self.clock.now();
                    self.transfer.datagram(&buffer[..length], now);
                    self.flush(outbox, now).await;
                    if self.transfer.is_over() {
                        return;
                    }
                }
                Ok((length, from)) => {
                    if let Some(answer) = foreign_tid_answer(&buffer[..length]) {
                        self.port.send_or_lose(&answer, from);
                    }
                }
                Err(error) => match ReceiveTrouble::of(&error) {
                    ReceiveTrouble::Empty => return,
                    ReceiveTrouble::Passing => {}
                    ReceiveTrouble::Serious => return endure(self.id, &error).await,
                },
            }
        }
        tokio::task::yield_now().await;
    }

    /// Sends all packets and tells all events that the machine has.
    async fn flush(&mut self, outbox: &mut Outbox, now: Moment) {
        while self.transfer.transmit(outbox, now) {
            if let Err(error) = self.port.send(outbox).await {
                self.transfer.unsendable(error.to_string(), now);
            }
        }
        while let Some(kind) = self.transfer.next_event() {
            self.observer.event(Event { transfer: self.id, peer: self.peer, kind });
        }
    }
}

/// The system itself is in trouble: the resend timer will try again.
async fn endure(transfer: TransferId, error: &io::Error) {
    tracing::warn!(%transfer, %error, "cannot receive");
    tokio::time::sleep(super::listener::TROUBLE_WAIT).await;
}
