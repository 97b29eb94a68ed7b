//! A transfer as a task: carries datagrams and the time between its socket and its machine,
//! beside hundreds of others.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use tokio::net::UdpSocket;
use tokio::time::{Instant, Sleep, sleep_until};

use super::again::{Delivery, Leftover};
use super::sending::Datagrams;
use super::transfers::TROUBLE_WAIT;
use super::work::{ANSWER_BYTES, Flushed, NO_ROOM, Stop, Taken, Work};

/// Datagrams taken in a row before other tasks get their turn.
const TURN: usize = 16;

/// The socket of one task.
pub(super) trait TaskSocket: Datagrams + Send + Sync {
    /// Waits until something may have arrived.
    fn poll_readable(&self, context: &mut Context<'_>) -> Poll<()>;

    /// Takes a datagram if there is one.
    fn try_receive(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)>;

    /// Waits until there may be room for another datagram.
    fn room(&self) -> impl Future<Output = ()> + Send;

    /// The socket itself, if nobody else listens to it.
    fn own(self) -> Option<UdpSocket>;
}

/// A socket of the transfer's own.
impl TaskSocket for UdpSocket {
    fn poll_readable(&self, context: &mut Context<'_>) -> Poll<()> {
        // An error is met again, and dealt with, when the datagram is taken.
        self.poll_recv_ready(context).map(drop)
    }

    fn try_receive(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        self.try_recv_from(buffer)
    }

    async fn room(&self) {
        // An error is met again when the datagram is sent.
        self.writable().await.ok();
    }

    fn own(self) -> Option<UdpSocket> {
        Some(self)
    }
}

/// What a transfer waits for.
enum Next {
    Stop(Stop),
    Delivery(Delivery),
    Readable,
    Tick,
}

/// Runs a transfer to its end.
pub(super) async fn run(work: Work, socket: impl TaskSocket) -> Leftover {
    let mut task = Task { work, socket };
    let again = task.run().await;
    if let Some(socket) = task.socket.own() {
        task.work.hear_late_words(socket);
    }
    task.work.leftover(again)
}

struct Task<S> {
    work: Work,
    socket: S,
}

impl<S: TaskSocket> Task<S> {
    async fn run(&mut self) -> Leftover {
        let mut buffer = [0; ANSWER_BYTES];
        let mut sleep = pin!(sleep_until(Instant::now()));
        let mut again = None;
        self.flush().await;
        while !self.work.is_over() {
            self.arm(sleep.as_mut());
            match poll_fn(|context| self.poll_next(sleep.as_mut(), context)).await {
                Next::Stop(stop) => self.work.obey(stop),
                Next::Delivery(Delivery::Packet(packet)) => {
                    self.work.transfer.datagram(&packet, self.work.clock.now());
                }
                Next::Delivery(Delivery::RequestAgain(request, asker)) => {
                    self.receive(&mut buffer).await;
                    again = self.work.request_again(request, asker);
                }
                Next::Readable => self.receive(&mut buffer).await,
                Next::Tick => {}
            }
            // Also when something else came first, and always will.
            self.work.tick_if_due(self.work.clock.now());
            self.flush().await;
        }
        again
    }

    /// Waits for whatever comes first. By hand and not by `select!`, because this runs for each
    /// block, and the futures that the macro makes anew each time cost a tenth of it.
    fn poll_next(&mut self, sleep: Pin<&mut Sleep>, context: &mut Context<'_>) -> Poll<Next> {
        if let Poll::Ready(stop) = self.work.poll_stop(context) {
            return Poll::Ready(Next::Stop(stop));
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
            let received = self.socket.try_receive(buffer);
            match self.work.take(&self.socket, received, buffer) {
                Taken::Something => self.flush().await,
                Taken::Nothing => return,
                Taken::Trouble => return tokio::time::sleep(TROUBLE_WAIT).await,
            }
            if self.work.is_over() {
                return;
            }
        }
        tokio::task::yield_now().await;
    }

    /// Sends all packets and tells all events that the machine has.
    async fn flush(&mut self) {
        while self.work.flush(&self.socket, self.work.clock.now()) == Flushed::NoRoom {
            self.wait_for_room().await;
            if self.work.gone {
                return;
            }
        }
    }

    /// Waits until the system has room again, but neither for ever nor against an order.
    async fn wait_for_room(&mut self) {
        let stop = {
            let mut room = pin!(tokio::time::timeout(NO_ROOM, self.socket.room()));
            let work = &mut self.work;
            poll_fn(|context| match work.poll_stop(context) {
                Poll::Ready(stop) => Poll::Ready(Err(Some(stop))),
                Poll::Pending => room.as_mut().poll(context).map(|room| room.map_err(|_| None)),
            })
            .await
        };
        if let Err(stop) = stop {
            self.work.lose_rest(self.work.clock.now());
            if let Some(stop) = stop {
                self.work.obey(stop);
            }
        }
    }
}
