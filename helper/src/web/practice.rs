//! "Just practise", from the page of a helper that does the real thing.
//!
//! Practice gets a process of its own: nothing of it comes near the person's files, what is
//! remembered of real phones, or a phone that is being recovered here. It ends by itself when its
//! page has been closed for a while, and with this helper.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::Context;

/// Minutes without a page after which the practice ends.
const IDLE_MINUTES: &str = "10";
/// How long it may take to start: a fraction of a second, but for a virus scanner that wants to
/// look at the program first.
const PATIENCE: Duration = Duration::from_secs(30);

/// The practice that was started here, if there is one.
#[derive(Clone, Debug, Default)]
pub(super) struct Practice(Arc<Mutex<Option<Running>>>);

#[derive(Debug)]
struct Running {
    child: Child,
    url: String,
    /// Held open: what it prints later must have somewhere to go.
    _says: Lines<BufReader<ChildStdout>>,
}

/// Starts it, or finds the one that runs, and answers with its page's address.
pub(super) async fn start(State(context): State<Context>) -> Response {
    let mut running = context.practice.0.lock().await;
    if let Some(running) = running.as_mut()
        && matches!(running.child.try_wait(), Ok(None))
    {
        return running.url.clone().into_response();
    }
    match timeout(PATIENCE, launch()).await {
        Ok(Ok(started)) => {
            let url = started.url.clone();
            *running = Some(started);
            url.into_response()
        }
        Ok(Err(error)) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, "the practice does not start").into_response(),
    }
}

async fn launch() -> std::io::Result<Running> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(["practice", "--no-open", "--idle-exit", IDLE_MINUTES])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let ended = || std::io::Error::other("the practice ended before it began");
    let mut says = BufReader::new(child.stdout.take().ok_or_else(ended)?).lines();
    while let Some(line) = says.next_line().await? {
        if line.starts_with("http://127.0.0.1:") {
            return Ok(Running { child, url: line, _says: says });
        }
    }
    Err(ended())
}
