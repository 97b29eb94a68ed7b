//! The page's side of the helper over real sockets on the loopback address: who may talk, what
//! an upload does, and the conversation with a page.
//!
//! Requests are written as bytes, so that a test can send what no HTTP library would: two
//! hosts, a body that stops half-way, a message that is too long.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "these are tests, their helpers included")]

mod evidence;
mod guard;
mod http;
mod socket;
mod upload;
mod websocket;

use std::net::SocketAddr;
use std::time::Duration;

use hookflash::session::desk::Desk;
use hookflash::web::Web;

use http::Ask;

/// A test that hangs ends by this; none waits for it to pass.
const HANGS: Duration = Duration::from_secs(60);

/// A running helper without the rest of the program.
struct Helper {
    address: SocketAddr,
    /// From the page's address, after the `#`.
    key: String,
    desk: Desk,
}

impl Helper {
    async fn start() -> Self {
        let desk = Desk::default();
        let web = Web::bind(0, desk.clone()).await.unwrap();
        let address = web.address().unwrap();
        let key = web.url().unwrap().split_once('#').unwrap().1.to_owned();
        tokio::spawn(web.run(std::future::pending()));
        Self { address, key, desk }
    }

    /// A request as our own page would send it; the test changes what it is about.
    fn ask(&self, line: &str) -> Ask {
        Ask::new(self.address, line)
            .with("Host", self.address)
            .with("Origin", format!("http://{}", self.address))
            .with("Cookie", self.cookie())
    }

    fn cookie(&self) -> String {
        format!("hookflash-{}={}", self.address.port(), self.key)
    }
}

/// Something that passes for firmware: no text, no archive, large enough.
fn firmware(seed: u8) -> Vec<u8> {
    (0..5_000_u32).map(|i| (i * 7 % 251) as u8 ^ seed).collect()
}
