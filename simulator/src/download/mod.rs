//! Fetching the file: by TFTP, FTP or HTTP, into a sink that has all the faults a phone can have
//! on the way (domain.md 5.1), then into the flash.

mod flash;
mod ftp;
mod http;
mod sink;
mod tftp;

use std::{net::SocketAddr, sync::Arc};

use tokio::time::{Duration, sleep};

pub(crate) use http::small_file as small_file_by_http;
pub(crate) use tftp::small_file;

use crate::{
    Display, Event, Quirk,
    event::{DownloadFailure, Protocol},
    phone::{Core, Stage},
};
use sink::{Received, Sink};

/// A file, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fetch {
    pub(crate) protocol: Protocol,
    pub(crate) server: SocketAddr,
    /// With its path, as it is asked for.
    pub(crate) name: String,
    pub(crate) user: String,
    pub(crate) password: String,
}

/// Fetches and writes it; every way this ends is in the diary.
pub(crate) async fn fetch(core: Arc<Core>, fetch: Fetch) {
    let quirks = &core.config.quirks;
    core.show(Display::downloading(&fetch.name));
    core.set_silent(quirks.has(&Quirk::Silent));
    sleep(core.config.timing.before_request + Duration::from_secs(quirks.late_seconds())).await;
    let faulty = is_faulty(&core);
    core.with(|memory| memory.last_server = Some(fetch.server.ip()));
    let mut sink = Sink::new(&core, faulty);
    let never_asks = faulty && quirks.has(&Quirk::NoRequest);
    let result = if never_asks || quirks.blocks(fetch.protocol) {
        sleep(core.config.timing.tftp_give_up).await;
        Err(DownloadFailure::NoAnswer)
    } else {
        match fetch.protocol {
            Protocol::Tftp => tftp::fetch(&core, &fetch, &mut sink).await,
            Protocol::Ftp => ftp::fetch(&core, &fetch, &mut sink).await,
            Protocol::Http => {
                if quirks.has(&Quirk::HangsUpFirst) {
                    http::glance(&core, &fetch).await;
                }
                http::fetch(&core, &fetch, &mut sink).await
            }
            // An upload never comes here: its bytes are with the form.
            Protocol::Upload => Err(DownloadFailure::NoAnswer),
        }
    };
    finish(&core, fetch.protocol, result.map(|()| sink.finish())).await;
}

/// Takes and writes a file that the page has brought.
pub(crate) async fn keep(core: Arc<Core>, bytes: Vec<u8>) {
    core.show(Display::downloading(&core.config.model.file_name()));
    core.set_silent(core.config.quirks.has(&Quirk::Silent));
    let mut sink = Sink::new(&core, is_faulty(&core));
    let result = sink.take(&bytes, true).await;
    finish(&core, Protocol::Upload, result.map(|()| sink.finish())).await;
}

/// Counts the downloads; some faults happen in the first one only.
fn is_faulty(core: &Core) -> bool {
    let downloads = core.with(|memory| {
        memory.downloads += 1;
        memory.downloads
    });
    downloads == 1 || !core.config.quirks.has(&Quirk::FirstTimeOnly)
}

async fn finish(core: &Core, protocol: Protocol, result: Result<Received, DownloadFailure>) {
    match result {
        Ok(file) => flash::write(core, protocol, &file).await,
        Err(failure) => failed(core, failure),
    }
}

/// Back to the form, which says that it failed.
fn failed(core: &Core, failure: DownloadFailure) {
    core.with(|memory| memory.stage = Stage::Failed);
    core.set_silent(false);
    let clipped = core.config.quirks.has(&Quirk::ClippedAddress);
    core.show(Display::failed(core.own_address(), clipped));
    core.say(Event::DownloadFailed { failure });
}
