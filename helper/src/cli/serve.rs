//! `hookflash serve`: the page.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use tokio::time::{Instant, sleep};

use super::args::Serve;
use super::instance;
use super::recover::interrupted;
use super::show::print;
use super::undo::{complain, take_back_what_was_left};
use crate::firmware::store::{self, Limits, Store};
use crate::pc;
use crate::session::desk::Desk;
use crate::session::ways;
use crate::web::Web;

/// How often it is looked whether anybody still needs us.
const IDLE_LOOK: Duration = Duration::from_secs(1);

/// Serves the page until it is no longer wanted.
pub(super) async fn run(options: Serve) -> anyhow::Result<ExitCode> {
    if let Some(url) = instance::running().await {
        print("hookflash is already running. Its page:");
        print(&url);
        open(&url, &options);
        return Ok(ExitCode::SUCCESS);
    }
    take_back_what_was_left();
    let desk = Desk::default();
    desk.remember_in(ways::usual_place());
    if !options.no_look {
        desk.look_around(pc::here());
    }
    keep_firmware(&desk).await;
    let web = bind(&options, &desk).await?;
    let _note = instance::leave(&web.url()?);
    page(web, options, desk).await
}

/// Gives the desk the person's kept files. Without a place for them they stay for this run alone.
async fn keep_firmware(desk: &Desk) {
    let Some(folder) = store::usual_place() else { return };
    let desk = desk.clone();
    let opened = tokio::task::spawn_blocking(move || {
        let opened = Store::open(&folder, Limits::default()).map(|store| desk.keep_in(store));
        opened.map_err(|error| tracing::warn!(folder = %folder.display(), %error, "no file is kept"))
    });
    if let Err(error) = opened.await {
        tracing::warn!(%error, "no file is kept");
    }
}

/// Binds the page's listener.
pub(super) async fn bind(options: &Serve, desk: &Desk) -> anyhow::Result<Web> {
    Web::bind(options.port, desk.clone()).await.with_context(|| {
        format!(
            "port {} on this computer cannot be used for the page; leave out --port to take a free one",
            options.port
        )
    })
}

/// Prints the page's address, opens it, and serves it.
pub(super) async fn page(web: Web, options: Serve, desk: Desk) -> anyhow::Result<ExitCode> {
    let url = web.url()?;
    print("hookflash is running. Its page:");
    print(&url);
    print("Keep this window open until your phone is back. Ctrl-C ends it.");
    open(&url, &options);
    let running = web.run(std::future::pending());
    tokio::select! {
        ended = running => ended?,
        () = interrupted() => {}
        () = idle(options.idle_exit, desk.clone()) => {}
    }
    complain(&desk.end().await);
    Ok(ExitCode::SUCCESS)
}

fn open(url: &str, options: &Serve) {
    if options.no_open {
        return;
    }
    if let Err(error) = open::that_detached(url) {
        tracing::info!(%error, "no browser was opened");
    }
}

async fn idle(minutes: Option<u64>, desk: Desk) {
    let Some(minutes) = minutes else { return std::future::pending().await };
    let patience = Duration::from_secs(minutes.saturating_mul(60));
    let mut busy = Instant::now();
    loop {
        sleep(IDLE_LOOK).await;
        if !desk.is_idle() {
            busy = Instant::now();
        } else if busy.elapsed() >= patience {
            return print("Nobody needed hookflash for a while. Good-bye.");
        }
    }
}
