//! The phone's TFTP client: a socket around [`machine`]. Not the helper's engine, which it is
//! here to try out.

mod machine;
mod packet;
mod wire;

use std::net::SocketAddr;

use tokio::time::Instant;

use self::{
    machine::{Machine, Verdict},
    wire::Wire,
};
use super::{Fetch, sink::Sink};
use crate::{
    Config, Event,
    event::{DownloadFailure, Protocol},
    phone::Core,
    quirks::TftpClient,
};

/// The error code that says nothing, RFC 1350 section 5. The phone sends no other.
const UNDEFINED: u16 = 0;
/// Bytes; a configuration is never longer.
const SMALL: usize = 64 * 1024;

/// Fetches the firmware.
pub(super) async fn fetch(core: &Core, fetch: &Fetch, sink: &mut Sink<'_>) -> Result<(), DownloadFailure> {
    let mut machine = Machine::new(core.config.quirks.tftp_client(), &fetch.name);
    let mut wire = Wire::open(&core.config, fetch.server, core.config.quirks.loss()).await?;
    let mut attempt = 0;
    let requested = |attempt: &mut u32| {
        *attempt += 1;
        core.say(Event::FileRequested {
            protocol: Protocol::Tftp,
            name: fetch.name.clone(),
            server: fetch.server,
            attempt: *attempt,
        });
    };
    requested(&mut attempt);
    wire.send(machine.last()).await;
    let mut heard = Instant::now();
    loop {
        let patience = machine.patience(&core.config.timing);
        let Some((from, packet)) = wire.receive(patience).await else {
            if machine.gives_up(heard.elapsed(), &core.config.timing) {
                return Err(DownloadFailure::NoAnswer);
            }
            if machine.waits_for_first() {
                requested(&mut attempt);
            }
            wire.send(machine.last()).await;
            continue;
        };
        match machine.on_packet(from.port(), &packet) {
            Verdict::Ignore => {
                // It goes on waiting; what it waited already counts.
                if machine.gives_up(heard.elapsed(), &core.config.timing) {
                    return Err(DownloadFailure::NoAnswer);
                }
            }
            Verdict::Answer => {
                heard = Instant::now();
                wire.talk_to(from);
                wire.send(machine.last()).await;
            }
            Verdict::DrainAndRepeat => {
                wire.drain();
                wire.send(machine.last()).await;
            }
            Verdict::Take { data, last } => {
                heard = Instant::now();
                wire.talk_to(from);
                if let Err(failure) = sink.take(data, last).await {
                    wire.send(&packet::error(UNDEFINED, "undefined error")).await;
                    core.say(Event::ErrorSent { code: UNDEFINED, bytes: sink.len() });
                    return Err(failure);
                }
                wire.send(machine.last()).await;
                if last {
                    return Ok(());
                }
            }
            Verdict::Abort(failure) => return Err(failure),
        }
    }
}

/// Fetches a configuration; none: it is not there.
pub(crate) async fn small_file(core: &Core, server: SocketAddr, name: &str) -> Option<String> {
    let Config { timing, .. } = &core.config;
    // The firmware that runs after a boot is no boot loader; it asks without options.
    let mut machine = Machine::new(TftpClient::VxWorks, name);
    let mut wire = Wire::open(&core.config, server, 0).await.ok()?;
    let mut text = Vec::new();
    wire.send(machine.last()).await;
    let started = Instant::now();
    while text.len() <= SMALL && started.elapsed() < timing.tftp_give_up {
        let Some((from, packet)) = wire.receive(machine.patience(timing)).await else {
            wire.send(machine.last()).await;
            continue;
        };
        match machine.on_packet(from.port(), &packet) {
            Verdict::Take { data, last } => {
                text.extend_from_slice(data);
                wire.talk_to(from);
                wire.send(machine.last()).await;
                if last {
                    return Some(String::from_utf8_lossy(&text).into_owned());
                }
            }
            Verdict::DrainAndRepeat => wire.send(machine.last()).await,
            Verdict::Ignore | Verdict::Answer => {}
            Verdict::Abort(_) => return None,
        }
    }
    None
}
