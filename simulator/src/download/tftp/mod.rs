//! The phone's TFTP client: a socket around [`machine`]. Not the helper's engine, which it is
//! here to try out.

mod machine;
mod packet;
mod wire;

use std::net::{IpAddr, SocketAddr};

use tokio::time::Instant;

use self::{
    machine::{Machine, Verdict},
    packet::NetAscii,
    wire::Wire,
};
use super::{Fetch, sink::Sink};
use crate::{
    Event, Quirk, Timing,
    event::{DownloadFailure, Protocol},
    phone::Core,
    quirks::TftpClient,
};

/// The error code that says nothing, RFC 1350 section 5. The phone sends no other.
const UNDEFINED: u16 = 0;
/// Silences after which a configuration is given up: a boot does not wait long.
const CONFIGURATION_WAITS: u32 = 2;
/// Bytes; a configuration is never longer.
const SMALL: usize = 64 * 1024;

/// Fetches the firmware.
pub(super) async fn fetch(core: &Core, fetch: &Fetch, sink: &mut Sink<'_>) -> Result<(), DownloadFailure> {
    let timing = &core.config.timing;
    let quirks = &core.config.quirks;
    let mut machine = Machine::new(quirks.tftp_client(), &fetch.name);
    let mut wire = Wire::open(&core.config, fetch.server, quirks.loss()).await?;
    let mut attempt = 0;
    let mut heard = Instant::now();
    let mut netascii = (quirks.tftp_client() == TftpClient::NetAscii).then(NetAscii::default);
    loop {
        if machine.waits_for_first() {
            attempt += 1;
            core.say(Event::FileRequested {
                protocol: Protocol::Tftp,
                name: fetch.name.clone(),
                server: fetch.server,
                attempt,
            });
        }
        wire.send(machine.last()).await;
        if attempt == 1 && machine.waits_for_first() && quirks.has(&Quirk::AsksTwice) {
            wire.send(machine.last()).await;
        }
        match answer(&mut machine, &mut wire, timing).await {
            Step::Repeat if machine.gives_up(heard.elapsed(), timing) => {
                return Err(DownloadFailure::NoAnswer);
            }
            Step::Repeat => {}
            Step::Next => heard = Instant::now(),
            Step::Take { mut data, last } => {
                if let Some(netascii) = &mut netascii {
                    data = netascii.decode(&data, last);
                }
                if let Err(failure) = sink.take(&data, last).await {
                    let bytes = sink.len();
                    let code = UNDEFINED;
                    wire.send(&packet::error(code, "undefined error")).await;
                    core.say(Event::ErrorSent { code, bytes });
                    return Err(failure);
                }
                if last {
                    wire.send(machine.last()).await;
                    return Ok(());
                }
                // The time in which the sink was busy is no silence of the server's.
                heard = Instant::now();
            }
            Step::Abort(failure) => return Err(failure),
        }
    }
}

/// What one wait led to.
#[derive(Debug)]
enum Step {
    /// The last packet goes out again.
    Repeat,
    /// A new one goes out.
    Next,
    /// Data, then a new one goes out.
    Take { data: Vec<u8>, last: bool },
    /// It is over.
    Abort(DownloadFailure),
}

/// Waits for what answers the last packet. What is ignored does not lengthen the wait.
async fn answer(machine: &mut Machine, wire: &mut Wire, timing: &Timing) -> Step {
    let end = Instant::now() + machine.patience(timing);
    loop {
        let Some((from, packet)) = wire.receive(end).await else {
            return Step::Repeat;
        };
        match machine.on_packet(from.port(), &packet) {
            Verdict::Ignore => {}
            Verdict::Answer => {
                wire.talk_to(from);
                return Step::Next;
            }
            Verdict::DrainAndRepeat => {
                wire.drain();
                return Step::Repeat;
            }
            Verdict::Take { data, last } => {
                let data = data.to_vec();
                wire.talk_to(from);
                return Step::Take { data, last };
            }
            Verdict::Abort(failure) => return Step::Abort(failure),
        }
    }
}

/// Fetches a configuration from the server at `ip`; none: it is not there.
pub(crate) async fn small_file(core: &Core, ip: IpAddr, name: &str) -> Option<String> {
    if core.config.quirks.blocks(Protocol::Tftp) {
        return None;
    }
    let timing = &core.config.timing;
    let server = SocketAddr::new(ip, core.config.tftp_port);
    // The firmware that runs after a boot is no boot loader; it asks without options.
    let mut machine = Machine::new(TftpClient::VxWorks, name);
    let mut wire = Wire::open(&core.config, server, 0).await.ok()?;
    let mut text = Vec::new();
    let mut waits = 0;
    while text.len() <= SMALL && waits < CONFIGURATION_WAITS {
        wire.send(machine.last()).await;
        match answer(&mut machine, &mut wire, timing).await {
            Step::Repeat => waits += 1,
            Step::Next => {}
            Step::Take { data, last } => {
                text.extend_from_slice(&data);
                if last {
                    wire.send(machine.last()).await;
                    return Some(String::from_utf8_lossy(&text).into_owned());
                }
            }
            Step::Abort(_) => return None,
        }
    }
    None
}
