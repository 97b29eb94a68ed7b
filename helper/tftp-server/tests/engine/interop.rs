//! Real programs fetch from the real server: curl, tftp-hpa, atftp and BusyBox. They exist on
//! Linux only; `cargo xtask test` installs them, and one that is missing fails the test.
#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use tftp_server::{Config, Memory, NoObserver, Server, Staged};
use tokio::runtime::Runtime;

use crate::rig::Pattern;

/// Just over 32 MB: past 65535 blocks of 512 bytes.
const OVER_THE_WRAP: u64 = 65_536 * 512 + 1;
/// About as large as the firmware of a 57i, and several blocks at any block size.
const SMALL: u64 = 3_000_000;

struct Kitchen {
    _runtime: Runtime,
    port: u16,
    host: &'static str,
    file: Vec<u8>,
    folder: tempfile::TempDir,
}

/// The three ways in which a transfer is carried.
const WAYS: [fn(&mut Config); 3] =
    [|config| config.threads = 1, |config| config.threads = 0, |config| config.single_port = true];

impl Kitchen {
    fn new(host: &'static str, length: u64) -> Self {
        Self::with(host, length, |_| ())
    }

    fn with(host: &'static str, length: u64, change: fn(&mut Config)) -> Self {
        let runtime = Runtime::new().unwrap();
        let file = Pattern(length).bytes();
        let source = Staged::new("57i.st", Memory::new(file.clone()));
        let mut config = Config::new((host.parse::<std::net::IpAddr>().unwrap(), 0).into());
        change(&mut config);
        let server = runtime.block_on(Server::bind(config, Arc::new(source), Arc::new(NoObserver))).unwrap();
        let port = server.local_addr().port();
        runtime.spawn(server.run());
        Self { _runtime: runtime, port, host, file, folder: tempfile::tempdir().unwrap() }
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let fetched = self.folder.path().join("fetched");
        std::fs::remove_file(&fetched).ok();
        let output = Command::new(program)
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .output()
            .unwrap_or_else(|error| panic!("{program} is needed for this test: {error}"));
        assert!(output.status.success(), "{program} {arguments:?}: {output:?}");
        assert!(self.same(&fetched), "{program} {arguments:?}: another file; {output:?}");
    }

    fn same(&self, path: &Path) -> bool {
        std::fs::read(path).is_ok_and(|bytes| bytes == self.file)
    }

    fn port(&self) -> String {
        self.port.to_string()
    }

    fn url(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.to_owned() };
        format!("tftp://{host}:{}/57i.st", self.port)
    }
}

#[test]
fn curl_with_every_block_size() {
    let kitchen = Kitchen::new("127.0.0.1", SMALL);
    for size in ["512", "1428", "8192", "65464"] {
        kitchen.run("curl", &["-sS", "--tftp-blksize", size, "-o", "fetched", &kitchen.url()]);
    }
    kitchen.run("curl", &["-sS", "--tftp-no-options", "-o", "fetched", &kitchen.url()]);
}

#[test]
fn curl_past_the_wrap_in_both_families() {
    for host in ["127.0.0.1", "::1"] {
        let kitchen = Kitchen::new(host, OVER_THE_WRAP);
        kitchen.run("curl", &["-sS", "-g", "--tftp-no-options", "-o", "fetched", &kitchen.url()]);
    }
}

/// What is carried by a thread elsewhere, by tasks and through one port as well.
#[test]
fn every_client_with_every_way_of_carrying() {
    for way in WAYS {
        let kitchen = Kitchen::with("127.0.0.1", SMALL, way);
        let port = kitchen.port();
        kitchen.run("curl", &["-sS", "--tftp-blksize", "1428", "-o", "fetched", &kitchen.url()]);
        kitchen.run("tftp", &["127.0.0.1", &port, "-m", "binary", "-c", "get", "57i.st", "fetched"]);
        let window = ["--option", "windowsize 8", "--option", "blksize 1428"];
        kitchen.run(
            "atftp",
            &[&window[..], &["-g", "-r", "57i.st", "-l", "fetched", "127.0.0.1", &port]].concat(),
        );
        let arguments = ["tftp", "-g", "-b", "8192", "-r", "57i.st", "-l", "fetched", "127.0.0.1", &port];
        kitchen.run("busybox", &arguments);
    }
}

#[test]
fn curl_over_ipv6() {
    let kitchen = Kitchen::new("::1", SMALL);
    kitchen.run("curl", &["-sS", "-g", "-o", "fetched", &kitchen.url()]);
}

#[test]
fn tftp_hpa_in_both_families_and_modes() {
    for host in ["127.0.0.1", "::1"] {
        let kitchen = Kitchen::new(host, SMALL);
        let port = kitchen.port();
        kitchen.run("tftp", &[host, &port, "-m", "binary", "-c", "get", "57i.st", "fetched"]);
        // It undoes netascii, so the file is the same again.
        kitchen.run("tftp", &[host, &port, "-m", "ascii", "-c", "get", "57i.st", "fetched"]);
    }
}

#[test]
fn tftp_hpa_past_the_wrap() {
    let kitchen = Kitchen::new("127.0.0.1", OVER_THE_WRAP);
    let port = kitchen.port();
    kitchen.run("tftp", &["127.0.0.1", &port, "-m", "binary", "-c", "get", "57i.st", "fetched"]);
}

#[test]
fn atftp_with_every_block_size_and_window() {
    let kitchen = Kitchen::new("127.0.0.1", SMALL);
    let port = kitchen.port();
    for size in ["512", "1428", "8192", "65464"] {
        for window in ["1", "4", "16"] {
            // The default receive buffer of a client holds 212992 bytes with their overhead; a
            // window beyond it is lost for good and the client's own timeouts take minutes.
            if size == "65464" && window != "1" {
                continue;
            }
            let size = format!("blksize {size}");
            let window = format!("windowsize {window}");
            let options = ["--option", &size, "--option", &window, "-g", "-r", "57i.st", "-l", "fetched"];
            kitchen.run("atftp", &[&options[..], &["127.0.0.1", &port]].concat());
        }
    }
}

#[test]
fn atftp_past_the_wrap_and_over_ipv6() {
    let kitchen = Kitchen::new("127.0.0.1", OVER_THE_WRAP);
    let port = kitchen.port();
    kitchen.run("atftp", &["-g", "-r", "57i.st", "-l", "fetched", "127.0.0.1", &port]);
    kitchen.run(
        "atftp",
        &["--option", "windowsize 8", "-g", "-r", "57i.st", "-l", "fetched", "127.0.0.1", &port],
    );
    let kitchen = Kitchen::new("::1", SMALL);
    let port = kitchen.port();
    kitchen.run("atftp", &["-g", "-r", "57i.st", "-l", "fetched", "::1", &port]);
}

#[test]
fn busybox_with_every_block_size_and_past_the_wrap_in_both_families() {
    let kitchen = Kitchen::new("127.0.0.1", SMALL);
    let port = kitchen.port();
    for size in ["512", "1428", "8192", "65464"] {
        kitchen
            .run("busybox", &["tftp", "-g", "-b", size, "-r", "57i.st", "-l", "fetched", "127.0.0.1", &port]);
    }
    for host in ["127.0.0.1", "::1"] {
        let kitchen = Kitchen::new(host, OVER_THE_WRAP);
        let port = kitchen.port();
        kitchen.run("busybox", &["tftp", "-g", "-r", "57i.st", "-l", "fetched", host, &port]);
    }
}
