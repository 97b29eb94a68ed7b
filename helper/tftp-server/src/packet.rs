//! The five packets of RFC 1350 section 5, and the OACK of RFC 2347, on the wire.
//!
//! Decoding never allocates and never fails loudly: what cannot be read is `None`, because a
//! hostile datagram must cost nothing. Encoding appends to a caller's buffer.

/// Bytes in front of the payload of a DATA packet: opcode and block number (RFC 1350 section 5).
pub const DATA_HEADER: usize = 4;

/// The opcodes of RFC 1350 section 5 and RFC 2347.
pub(crate) mod opcode {
    pub(crate) const RRQ: u16 = 1;
    pub(crate) const WRQ: u16 = 2;
    pub(crate) const DATA: u16 = 3;
    pub(crate) const ACK: u16 = 4;
    pub(crate) const ERROR: u16 = 5;
    pub(crate) const OACK: u16 = 6;
}

/// An error code of RFC 1350 (0 to 7) or RFC 2347 (8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// 0: not defined, see the text. A phone sends it when it cannot write its flash.
    Undefined,
    /// 1: file not found.
    FileNotFound,
    /// 2: access violation.
    AccessViolation,
    /// 3: disk full or allocation exceeded.
    DiskFull,
    /// 4: illegal TFTP operation.
    IllegalOperation,
    /// 5: unknown transfer ID.
    UnknownTransfer,
    /// 6: file already exists.
    FileExists,
    /// 7: no such user.
    NoSuchUser,
    /// 8: the options of the OACK are not wanted (RFC 2347).
    OptionsRefused,
    /// Any number that no RFC defines, as it was sent.
    Other(u16),
}

impl ErrorCode {
    /// The number on the wire.
    #[must_use]
    pub fn number(self) -> u16 {
        match self {
            Self::Undefined => 0,
            Self::FileNotFound => 1,
            Self::AccessViolation => 2,
            Self::DiskFull => 3,
            Self::IllegalOperation => 4,
            Self::UnknownTransfer => 5,
            Self::FileExists => 6,
            Self::NoSuchUser => 7,
            Self::OptionsRefused => 8,
            Self::Other(number) => number,
        }
    }

    /// The code with this number on the wire.
    #[must_use]
    pub fn from_number(number: u16) -> Self {
        match number {
            0 => Self::Undefined,
            1 => Self::FileNotFound,
            2 => Self::AccessViolation,
            3 => Self::DiskFull,
            4 => Self::IllegalOperation,
            5 => Self::UnknownTransfer,
            6 => Self::FileExists,
            7 => Self::NoSuchUser,
            8 => Self::OptionsRefused,
            other => Self::Other(other),
        }
    }
}

/// What a peer can send to the port of a running transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Packet<'a> {
    /// An acknowledgement of this block number (16 bits, it wraps).
    Ack(u16),
    /// An error: the peer has ended the transfer.
    Error {
        /// The code as sent.
        code: ErrorCode,
        /// The text as sent, without the NUL that ends it.
        text: &'a [u8],
    },
    /// A well-formed packet that has no business here (RRQ, WRQ, DATA, OACK).
    Unexpected(u16),
}

impl<'a> Packet<'a> {
    /// Reads a datagram; `None` for anything that is no TFTP packet.
    ///
    /// Bytes after the block number of an ACK are tolerated: some loaders send their whole
    /// packet buffer.
    #[must_use]
    pub fn parse(datagram: &'a [u8]) -> Option<Self> {
        let (operation, rest) = split_number(datagram)?;
        match operation {
            opcode::ACK => split_number(rest).map(|(block, _)| Self::Ack(block)),
            opcode::ERROR => {
                let (code, text) = split_number(rest)?;
                let end = text.iter().position(|&byte| byte == 0).unwrap_or(text.len());
                Some(Self::Error { code: ErrorCode::from_number(code), text: &text[..end] })
            }
            opcode::RRQ | opcode::WRQ | opcode::DATA | opcode::OACK => Some(Self::Unexpected(operation)),
            _ => None,
        }
    }
}

/// Splits a big-endian 16-bit number off the front.
pub(crate) fn split_number(bytes: &[u8]) -> Option<(u16, &[u8])> {
    let (head, rest) = bytes.split_first_chunk::<2>()?;
    Some((u16::from_be_bytes(*head), rest))
}

/// The bytes of an ERROR packet. NULs inside the text are left out: the first one would end it.
#[must_use]
pub fn error_packet(code: ErrorCode, text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(DATA_HEADER + text.len() + 1);
    bytes.extend_from_slice(&opcode::ERROR.to_be_bytes());
    bytes.extend_from_slice(&code.number().to_be_bytes());
    bytes.extend(text.bytes().filter(|&byte| byte != 0));
    bytes.push(0);
    bytes
}

/// The answer to a datagram from a foreign TID (RFC 1350 section 4): ERROR 5, unless the
/// datagram is itself an ERROR (which is never answered) or no TFTP packet at all.
#[must_use]
pub fn foreign_tid_answer(datagram: &[u8]) -> Option<Vec<u8>> {
    match Packet::parse(datagram)? {
        Packet::Error { .. } => None,
        Packet::Ack(_) | Packet::Unexpected(_) => {
            Some(error_packet(ErrorCode::UnknownTransfer, "unknown transfer id"))
        }
    }
}
