//! `hookflash practice` as a process of its own: the page's address, and what its simulated
//! phones show.

use std::process::Command;

use crate::programs::{Program, path};

/// A practising helper; it and its phones end when this is dropped.
#[derive(Debug)]
pub struct Practice {
    helper: Program,
    /// The page's address with its key.
    pub page: String,
    /// The addresses on the displays of its phones.
    pub phones: Vec<String>,
}

impl Practice {
    /// Starts one with these options.
    pub fn start(options: &[&str]) -> Self {
        let mut command = Command::new(path("hookflash"));
        command.args(["practice", "--no-open"]).args(options);
        let mut helper = Program::start(&mut command);
        let mut phones = Vec::new();
        let page = helper.line_with(|line| {
            if let Some((_, address)) = line.split_once("WEB RECOVERY AT: ") {
                phones.push(address.to_owned());
            }
            line.starts_with("http://127.0.0.1:").then(|| line.to_owned())
        });
        Self { helper, page, phones }
    }

    /// The page's address without the key.
    pub fn page_without_key(&self) -> &str {
        self.page.split('#').next().expect("there is something before the key")
    }

    /// The page's port.
    pub fn port(&self) -> String {
        let authority = self.page_without_key().trim_end_matches('/');
        authority.rsplit(':').next().expect("the address has a port").to_owned()
    }

    /// Ends it as a crash does, its phones with it. What was its port is free when this returns.
    pub fn kill(self) -> String {
        let port = self.port();
        drop(self.helper);
        port
    }
}
