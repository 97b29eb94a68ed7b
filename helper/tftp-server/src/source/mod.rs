//! Where the bytes come from. The engine asks a [`Source`] for each request and reads the
//! [`Content`] block by block; there is nothing to write with.

mod file;
mod memory;
mod staged;

use std::io;
use std::net::SocketAddr;

pub use file::FileSource;
pub use memory::Memory;
pub use staged::Staged;

use crate::request::Request;

/// Answers requests with content. It is called inline on the listening task: it must be quick.
/// One that panics is answered with ERROR 0, and the server goes on.
///
/// ```
/// use std::net::SocketAddr;
/// use tftp_server::{Content, Memory, Refusal, Request, Source};
///
/// /// A configuration that is made for each phone.
/// struct Configurations;
///
/// impl Source for Configurations {
///     fn open(&self, request: &Request, peer: SocketAddr) -> Result<Box<dyn Content>, Refusal> {
///         match request.name.as_str() {
///             "aastra.cfg" => Memory::new(format!("# for {}\n", peer.ip())).open(request, peer),
///             "secret.cfg" => Err(Refusal::Denied("not for phones".into())),
///             _ => Err(Refusal::NotFound),
///         }
///     }
/// }
///
/// # let (_, request) = Request::parse(b"\0\x01aastra.cfg\0octet\0").unwrap();
/// # let content = Configurations.open(&request.unwrap(), ([192, 0, 2, 1], 1024).into()).unwrap();
/// # assert_eq!(content.len(), "# for 192.0.2.1\n".len() as u64);
/// ```
pub trait Source: Send + Sync {
    /// Opens the file that is asked for.
    ///
    /// # Errors
    /// A [`Refusal`], which the client gets as an ERROR packet.
    fn open(&self, request: &Request, peer: SocketAddr) -> Result<Box<dyn Content>, Refusal>;
}

/// The bytes of one file, for one transfer. The length must not change during the transfer: a
/// file that turns out shorter ends it, and what was added later is not sent.
pub trait Content: Send {
    /// The length in bytes.
    fn len(&self) -> u64;

    /// Whether there is nothing in it.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads from this offset; may give fewer bytes than asked, and 0 only at the end.
    ///
    /// # Errors
    /// The error of the medium; the transfer then ends with
    /// [`crate::AbandonReason::Unreadable`].
    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
}

/// Why a source does not give a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such file: ERROR 1.
    #[error("there is no such file")]
    NotFound,
    /// The file is not for this peer: ERROR 2.
    #[error("access denied: {0}")]
    Denied(String),
    /// The file cannot be opened now: ERROR 0.
    #[error("the file cannot be opened: {0}")]
    Failed(String),
}
