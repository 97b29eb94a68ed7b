//! RRQ and WRQ: the request packet of RFC 1350 section 5 with the options of RFC 2347.
//!
//! Reading is tolerant, because boot loaders are not careful: a stray NUL after the mode, a
//! missing last NUL, an option without a value and the rest of an uncleared buffer are all
//! seen in the field. What cannot be an option is left out, never fatal.

use crate::packet::{opcode, split_number};

/// How the file's bytes travel (RFC 1350 section 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// The bytes as they are.
    Octet,
    /// Line ends as CR LF, a lone CR as CR NUL. Suspicious for firmware: a binary file arrives
    /// whole only if the client undoes the conversion.
    Netascii,
}

/// Whether the peer wants to read or to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// RRQ.
    Read,
    /// WRQ. Always refused.
    Write,
}

/// One option of a request, as sent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RequestOption {
    /// The option's name in the client's own spelling; bytes that are no UTF-8 are replaced (no
    /// option that is known has any).
    pub name: String,
    /// The option's value as sent, in the same way.
    pub value: String,
}

/// A request for a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Request {
    /// The file name as sent; bytes that are no UTF-8 are replaced.
    pub name: String,
    /// The file name as sent, byte by byte.
    pub raw_name: Vec<u8>,
    /// The transfer mode.
    pub mode: Mode,
    /// All options in the order in which they were sent, unknown ones included.
    pub options: Vec<RequestOption>,
}

/// Why a datagram with the opcode of a request cannot be served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum RequestError {
    /// There is no file name, or nothing after it.
    #[error("the request holds no file name and mode")]
    Malformed,
    /// The mode is neither octet nor netascii.
    #[error("the mode is neither octet nor netascii")]
    UnknownMode,
}

/// Options past this many are left out: RFC 2347 keeps a request within 512 bytes, and no
/// client has more than six.
const MAX_OPTIONS: usize = 16;

impl Request {
    /// Reads a datagram from the listening port.
    ///
    /// `None` when it is not a request at all: such a datagram deserves no answer.
    #[must_use]
    pub fn parse(datagram: &[u8]) -> Option<(Direction, Result<Self, RequestError>)> {
        let (operation, rest) = split_number(datagram)?;
        let direction = match operation {
            opcode::RRQ => Direction::Read,
            opcode::WRQ => Direction::Write,
            _ => return None,
        };
        Some((direction, Self::parse_body(rest)))
    }

    fn parse_body(body: &[u8]) -> Result<Self, RequestError> {
        let mut strings = body.split(|&byte| byte == 0);
        let name = strings.next().filter(|name| !name.is_empty()).ok_or(RequestError::Malformed)?;
        let mode = strings.next().filter(|mode| !mode.is_empty()).ok_or(RequestError::Malformed)?;
        let mode = if mode.eq_ignore_ascii_case(b"octet") {
            Mode::Octet
        } else if mode.eq_ignore_ascii_case(b"netascii") {
            Mode::Netascii
        } else {
            return Err(RequestError::UnknownMode);
        };
        Ok(Self {
            name: String::from_utf8_lossy(name).into_owned(),
            raw_name: name.to_vec(),
            mode,
            options: parse_options(strings),
        })
    }

    /// The value of an option, by its name in any case; the first one counts (RFC 2347: an
    /// option is given once).
    #[must_use]
    pub fn option(&self, name: &str) -> Option<&RequestOption> {
        self.options.iter().find(|option| option.name.eq_ignore_ascii_case(name))
    }
}

fn parse_options<'a>(mut strings: impl Iterator<Item = &'a [u8]>) -> Vec<RequestOption> {
    let mut options = Vec::new();
    while options.len() < MAX_OPTIONS {
        let Some(name) = strings.next() else { break };
        // A stray NUL, or the end of the packet.
        if name.is_empty() {
            continue;
        }
        let Some(value) = strings.next() else { break };
        options.push(RequestOption {
            name: String::from_utf8_lossy(name).into_owned(),
            value: String::from_utf8_lossy(value).into_owned(),
        });
    }
    options
}
