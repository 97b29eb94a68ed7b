//! One client at a time, as an embedded server does it: accepted, answered, closed, the next.

use std::net::SocketAddr;

use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
    time::{Duration, timeout},
};

use super::{
    Reply, Request,
    reader::{BodyRule, Incoming, Reader},
};
use crate::{
    Quirk,
    event::{Event, Mode},
    normal,
    phone::{Core, Order},
    recovery,
};

/// What a request leads to.
#[derive(Debug)]
pub(crate) struct Answer {
    /// None: the connection closes without a word.
    pub(crate) reply: Option<Reply>,
    /// What the phone does once the reply is out.
    pub(crate) then: Option<Order>,
}

impl From<Reply> for Answer {
    fn from(reply: Reply) -> Self {
        Self { reply: Some(reply), then: None }
    }
}

/// Answers whoever comes, until the future is dropped: then the phone is dark. After a restart
/// some phones open their port before they answer.
pub(crate) async fn serve(listener: &TcpListener, core: &Core, mode: Mode, restarted: bool) {
    let mut sleepy = if restarted { core.config.quirks.half_awake() } else { 0 };
    let mut waiting: Option<(TcpStream, SocketAddr)> = None;
    loop {
        let next = match waiting.take() {
            Some(client) => Ok(client),
            None => listener.accept().await,
        };
        // A connection that broke before it was accepted is none.
        let Ok((stream, peer)) = next else { continue };
        if sleepy > 0 {
            sleepy -= 1;
            continue;
        }
        core.until_not_silent().await;
        waiting = talk(listener, stream, peer, core, mode).await;
    }
}

/// One client's connection. Gives back a second client that was met on the way.
async fn talk(
    listener: &TcpListener,
    stream: TcpStream,
    peer: SocketAddr,
    core: &Core,
    mode: Mode,
) -> Option<(TcpStream, SocketAddr)> {
    let _ = stream.set_nodelay(true);
    let connection = core.count_connection();
    let mut second = None;
    let mut stray = false;
    let mut reader = Reader::new(stream, core.take_stray(), &core.config.timing);
    loop {
        let rule = body_rule(core, mode);
        let mut keep = false;
        match reader.next(rule).await {
            Incoming::Closed => break,
            Incoming::Stray(bytes) => {
                stray = true;
                core.say(Event::StrayBytes { bytes });
                let reply = Reply::method_unsupported();
                let _ = reply.write(reader.stream(), false, false).await;
            }
            Incoming::Request(mut request) => {
                if second.is_none() {
                    second = knocking(listener).await;
                }
                request.other_waits = second.is_some();
                core.say(seen(&request, mode, peer, connection));
                if hangs(&request, core) {
                    tokio::time::sleep(core.config.timing.idle_client).await;
                    break;
                }
                let answer = if is_too_early(&request, core) {
                    Reply::page("<html><body>starting</body></html>")
                        .status(503, "Service Unavailable")
                        .into()
                } else {
                    answer(core, mode, &request)
                };
                if let Some(reply) = answer.reply {
                    keep = mode == Mode::Recovery
                        && core.config.quirks.keeps_connections()
                        && request.keeps()
                        && reply.can_keep();
                    let head_only = request.method == "HEAD";
                    let sent = reply.write(reader.stream(), keep, head_only).await;
                    keep &= sent.is_ok();
                }
                if let Some(order) = answer.then {
                    core.order(order).await;
                }
            }
        }
        if !keep {
            break;
        }
    }
    close(reader, core, mode, !stray).await;
    second
}

/// Closes so that the reply is not lost, and remembers what the client left in the line.
async fn close(mut reader: Reader, core: &Core, mode: Mode, leaves_stray: bool) {
    if mode == Mode::Recovery && core.config.quirks.has(&Quirk::Abrupt) {
        // The reply is on its way before the reset is; a client reads it first.
        let _ = reader.stream().set_zero_linger();
        return;
    }
    let _ = reader.stream().shutdown().await;
    let rest = reader.rest(core.config.timing.linger).await;
    if leaves_stray && core.config.quirks.has(&Quirk::StrayBody) {
        core.leave_stray(rest);
    }
}

/// The files of an upload are never held to one segment.
fn body_rule(core: &Core, mode: Mode) -> BodyRule {
    let quirks = &core.config.quirks;
    if mode == Mode::Recovery && quirks.form().is_upload() {
        return BodyRule::Whole;
    }
    let has = |quirk| quirks.has(&quirk);
    let stray = mode == Mode::Recovery && has(Quirk::StrayBody);
    if stray || has(Quirk::OneSegment) || has(Quirk::OneSegmentHangs) {
        BodyRule::WithHead
    } else if mode == Mode::Recovery && has(Quirk::TwoSegments) {
        BodyRule::AfterHead
    } else {
        BodyRule::Whole
    }
}

/// The 6739i waits for ever for a body that came late (domain.md 1.4, quirk 1).
fn hangs(request: &Request, core: &Core) -> bool {
    core.config.quirks.has(&Quirk::OneSegmentHangs)
        && request.is_post()
        && request.body.len() < request.content_length
}

fn answer(core: &Core, mode: Mode, request: &Request) -> Answer {
    match mode {
        Mode::Recovery => recovery::answer(core, request),
        Mode::Normal => normal::answer(core, request),
    }
}

/// The first request fails and the next one passes (domain.md 1.4, quirk 3).
fn is_too_early(request: &Request, core: &Core) -> bool {
    !request.is_post()
        && core.with(|memory| {
            memory.gets += 1;
            memory.gets <= core.config.quirks.failing_gets()
        })
}

/// A second client that is connected already; it is served next.
async fn knocking(listener: &TcpListener) -> Option<(TcpStream, SocketAddr)> {
    timeout(Duration::ZERO, listener.accept()).await.ok()?.ok()
}

fn seen(request: &Request, mode: Mode, peer: SocketAddr, connection: u64) -> Event {
    Event::Request {
        mode,
        peer,
        connection,
        nth: request.nth,
        method: request.method.clone(),
        target: request.target.clone(),
        head_bytes: request.head_bytes,
        body_bytes: request.body.len(),
        reads: request.reads,
    }
}
