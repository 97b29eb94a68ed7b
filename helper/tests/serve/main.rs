//! The phone-facing servers over real sockets on the loopback address: real programs fetch,
//! strangers knock, and hostile peers do what they like.
//!
//! 127.0.0.2 and further play other phones and strangers; only Linux has them without being
//! asked, and `cargo xtask test` installs the programs there.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "these are tests, their helpers included")]

mod clients;
mod hostile;
mod patience;
mod quarantine;
mod sharing;
mod talk;
mod transfers;
mod witness;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use hookflash::serve::{FileEvent, Hub, Offer, Serving};
use shared::form::Protocol;
use tokio::process::Command;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

/// A test that hangs ends by this; none waits for it to pass.
const HANGS: Duration = Duration::from_secs(60);
/// About as large as the firmware of a 57i.
const FIRMWARE: usize = 3_000_000;
const PHONE: &str = "127.0.0.1";
const OTHER: &str = "127.0.0.2";

/// Bytes that are nowhere the same for long; every seed gives another file.
fn bytes(length: usize, seed: u8) -> Vec<u8> {
    let mut state = u32::from(seed) + 1;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    std::iter::repeat_with(next).take(length).collect()
}

/// One offer that stands, and what its phone does.
struct Stand {
    serving: Option<Serving>,
    address: SocketAddr,
    protocol: Protocol,
    /// The phone's own address.
    peer: IpAddr,
    file: Arc<Vec<u8>>,
    events: UnboundedReceiver<FileEvent>,
}

impl Stand {
    async fn of(protocol: Protocol) -> Self {
        Self::with(&Hub::new(), protocol, PHONE, (PHONE, 0), bytes(FIRMWARE, 1)).await
    }

    async fn with(hub: &Hub, protocol: Protocol, peer: &str, bind: (&str, u16), file: Vec<u8>) -> Self {
        let peer: IpAddr = peer.parse().unwrap();
        let bind = SocketAddr::new(bind.0.parse().unwrap(), bind.1);
        let file = Arc::new(file);
        let names = vec!["57i.st".into(), "6757i.st".into()];
        let offer = Offer { bind, peer, names, bytes: Arc::clone(&file), quarantine: true };
        let (sender, events) = unbounded_channel();
        let tell = move |event| drop(sender.send(event));
        let serving = hub.serve(protocol, offer, tell).await.unwrap();
        let address = SocketAddr::new(bind.ip(), serving.port);
        Self { serving: Some(serving), address, protocol, peer, file, events }
    }

    fn url(&self, path: &str) -> String {
        format!("{}://{}/{path}", self.protocol.name(), self.address)
    }

    async fn next(&mut self) -> FileEvent {
        timeout(HANGS, self.events.recv()).await.expect("something happens").expect("the offer stands")
    }

    /// Everything up to the end of the next transfer.
    async fn transfer(&mut self) -> Vec<FileEvent> {
        let mut events = Vec::new();
        loop {
            let event = self.next().await;
            let over = matches!(event, FileEvent::Complete { .. } | FileEvent::Broken { .. });
            events.push(event);
            if over {
                return events;
            }
        }
    }

    /// The next transfer is whole, and told as one is.
    async fn whole_transfer(&mut self) {
        let mut events = self.transfer().await;
        events.retain(|event| !matches!(event, FileEvent::Introduced { .. }));
        let total = self.file.len() as u64;
        let FileEvent::Requested { transfer, protocol, total: told, .. } = events[0] else {
            panic!("{events:?}")
        };
        assert_eq!((protocol, told), (self.protocol, total));
        let mut at = 0;
        for event in &events[1..events.len() - 1] {
            match event {
                FileEvent::Progress { transfer: of, bytes } => {
                    assert!(*of == transfer && *bytes >= at, "{events:?}");
                    at = *bytes;
                }
                FileEvent::Repeat { .. } => {}
                other => panic!("{other:?} in {events:?}"),
            }
        }
        assert_eq!(at, total, "the last progress is all of it");
        assert_eq!(events.last(), Some(&FileEvent::Complete { transfer, bytes: total }));
    }

    /// Runs a program that fetches, as the phone; `fetched` is the name of what it writes.
    async fn run(&self, program: &str, arguments: &[&str]) -> Fetched {
        self.run_over(Vec::new(), program, arguments).await
    }

    /// The same, with some of the file there already.
    async fn run_over(&self, before: Vec<u8>, program: &str, arguments: &[&str]) -> Fetched {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fetched");
        if !before.is_empty() {
            std::fs::write(&path, before).unwrap();
        }
        let output = Command::new(program)
            .args(arguments)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output();
        let output = timeout(HANGS, output)
            .await
            .unwrap_or_else(|_| panic!("{program} {arguments:?} hangs"))
            .unwrap_or_else(|error| panic!("{program} is needed for this test: {error}"));
        Fetched { output, path, _folder: folder }
    }

    /// Fetches with curl as the phone that this offer is for.
    async fn curl(&self, arguments: &[&str]) -> Fetched {
        let from = self.peer.to_string();
        let always = ["-gsS", "-o", "fetched", "--interface", &from];
        self.run("curl", &[&always[..], arguments].concat()).await
    }
}

/// What a program brought.
struct Fetched {
    output: Output,
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl Fetched {
    /// What was fetched; the program says that it went well.
    fn bytes(&self) -> Vec<u8> {
        assert!(self.output.status.success(), "{:?}", self.output);
        std::fs::read(&self.path).unwrap_or_default()
    }

    fn is(&self, file: &[u8]) {
        let bytes = self.bytes();
        assert!(bytes == file, "{} bytes of another file; {:?}", bytes.len(), self.output);
    }

    fn failed(&self) {
        assert!(!self.output.status.success(), "{:?}", self.output);
    }
}
