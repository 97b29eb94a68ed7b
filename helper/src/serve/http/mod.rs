//! The staged file by HTTP: GET and HEAD, one request for each connection.
//!
//! [`request`] reads, [`response`] decides, and this is their rim. It is a router of its own
//! and knows nothing of the page's: what a phone can reach is the one file.

pub mod request;
pub mod response;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use shared::form::Protocol;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::delivery::{Breakage, Delivery, part, write};
use super::guest::Guest;
use super::listener::Serve;
use request::{Head, MOST_HEAD};
use response::{Body, Response, Status};

/// So long a whole head may take. A loader sends it at once, in one packet or two.
const HEAD: Duration = Duration::from_secs(30);

/// The HTTP server.
#[derive(Debug, Clone, Copy)]
pub(super) struct Http;

impl Serve for Http {
    const BUSY: &'static [u8] =
        b"HTTP/1.0 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    async fn serve(self, mut stream: TcpStream, peer: SocketAddr, guest: Arc<Guest>) {
        tokio::select! {
            () = guest.left() => {}
            answered = answer(&mut stream, &guest) => if let Err(error) = answered {
                tracing::debug!(%peer, %error, "the connection broke");
            }
        }
    }
}

async fn answer(stream: &mut TcpStream, guest: &Arc<Guest>) -> Result<(), Breakage> {
    let response = match timeout(HEAD, read(stream)).await {
        Ok(Head::Whole(request)) => Response::to(&request, &guest.shelf),
        Ok(Head::Malformed) => Response::refusal(Status::BadRequest),
        Ok(Head::TooLong) => Response::refusal(Status::TooLong),
        // It has hung up.
        Ok(Head::Incomplete) => return Ok(()),
        Err(_) => Response::refusal(Status::TooSlow),
    };
    let Response { head, body, told } = response;
    for event in told {
        guest.tell(event);
    }
    match body {
        Body::Small(body) => {
            write(stream, format!("{head}{body}").as_bytes(), |_| {}).await?;
            part(stream).await
        }
        Body::Firmware { name, part } => {
            let mut delivery = Delivery::begin(Arc::clone(guest), Protocol::Http, name, part);
            if let Err(breakage) = write(stream, head.as_bytes(), |_| {}).await {
                delivery.fail(breakage.to_string());
                return Err(breakage);
            }
            delivery.pour(stream).await
        }
    }
}

/// Reads until the head is whole, or never will be.
async fn read(stream: &mut TcpStream) -> Head {
    let mut bytes = Vec::new();
    let mut buffer = [0; 1024];
    loop {
        match stream.read(&mut buffer).await {
            Ok(length @ 1..) => bytes.extend_from_slice(&buffer[..length]),
            Ok(0) | Err(_) => return Head::Incomplete,
        }
        let head = request::read(&bytes);
        if head != Head::Incomplete {
            return head;
        }
        debug_assert!(bytes.len() <= MOST_HEAD);
    }
}
