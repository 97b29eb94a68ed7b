//! TFTP packets, RFC 1350 section 5, and the options of RFC 2347 to 2349.

/// Opcodes, RFC 1350 section 5 and RFC 2347.
const RRQ: u16 = 1;
const DATA: u16 = 3;
const ACK: u16 = 4;
const ERROR: u16 = 5;
const OACK: u16 = 6;

/// What a server can send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Packet<'a> {
    Data {
        block: u16,
        data: &'a [u8],
    },
    Error {
        code: u16,
        text: String,
    },
    Options(Vec<(String, String)>),
    /// Another opcode, or a piece.
    Other(u16),
}

/// Reads one.
pub(super) fn read(bytes: &[u8]) -> Packet<'_> {
    let number = |at: usize| match (bytes.get(at), bytes.get(at + 1)) {
        (Some(high), Some(low)) => Some(u16::from_be_bytes([*high, *low])),
        _ => None,
    };
    match (number(0), number(2)) {
        (Some(DATA), Some(block)) => Packet::Data { block, data: bytes.get(4..).unwrap_or_default() },
        (Some(ERROR), Some(code)) => Packet::Error {
            code,
            text: strings(bytes.get(4..).unwrap_or_default()).into_iter().next().unwrap_or_default(),
        },
        (Some(OACK), _) => {
            let words = strings(bytes.get(2..).unwrap_or_default());
            let pairs = words.chunks_exact(2).filter_map(|pair| match pair {
                [name, value] => Some((name.to_ascii_lowercase(), value.clone())),
                _ => None,
            });
            Packet::Options(pairs.collect())
        }
        (opcode, _) => Packet::Other(opcode.unwrap_or(0)),
    }
}

fn strings(bytes: &[u8]) -> Vec<String> {
    let mut words: Vec<String> =
        bytes.split(|byte| *byte == 0).map(|word| String::from_utf8_lossy(word).into_owned()).collect();
    // What stands behind the last zero.
    words.pop();
    words
}

/// A read request.
pub(super) fn request(name: &str, mode: &str, options: &[(&str, &str)]) -> Vec<u8> {
    let mut packet = RRQ.to_be_bytes().to_vec();
    let words = [name, mode].into_iter().chain(options.iter().flat_map(|(name, value)| [*name, *value]));
    for word in words {
        packet.extend_from_slice(word.as_bytes());
        packet.push(0);
    }
    packet
}

pub(super) fn ack(block: u16) -> Vec<u8> {
    [ACK.to_be_bytes(), block.to_be_bytes()].concat()
}

pub(super) fn error(code: u16, text: &str) -> Vec<u8> {
    let mut packet = [ERROR.to_be_bytes(), code.to_be_bytes()].concat();
    packet.extend_from_slice(text.as_bytes());
    packet.push(0);
    packet
}

/// Turns netascii back, block by block (RFC 1350 section 1, RFC 764): CR LF is a line feed, CR
/// NUL a carriage return.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NetAscii {
    after_return: bool,
}

impl NetAscii {
    pub(super) fn decode(&mut self, bytes: &[u8], last: bool) -> Vec<u8> {
        let mut plain = Vec::with_capacity(bytes.len() + 1);
        for &byte in bytes {
            match (std::mem::take(&mut self.after_return), byte) {
                (true, b'\n') => plain.push(b'\n'),
                (true, 0) => plain.push(b'\r'),
                (true, b'\r') => {
                    plain.push(b'\r');
                    self.after_return = true;
                }
                // A server that did not convert; the return stays what it is.
                (true, other) => plain.extend([b'\r', other]),
                (false, b'\r') => self.after_return = true,
                (false, other) => plain.push(other),
            }
        }
        if last && self.after_return {
            plain.push(b'\r');
        }
        plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_carry_options_only_when_there_are_some() {
        assert_eq!(request("57i.st", "octet", &[]), b"\0\x0157i.st\0octet\0");
        assert_eq!(request("a", "octet", &[("tsize", "0")]), b"\0\x01a\0octet\0tsize\x000\0");
    }

    #[test]
    fn packets_are_read() {
        let data = read(b"\0\x03\0\x02ab");
        assert_eq!(data, Packet::Data { block: 2, data: b"ab" });
        let options = read(b"\0\x06BLKSIZE\x001428\0");
        assert_eq!(options, Packet::Options(vec![("blksize".into(), "1428".into())]));
        assert_eq!(read(b"\0"), Packet::Other(0));
        let error = read(b"\0\x05\0\x01gone\0");
        assert_eq!(error, Packet::Error { code: 1, text: "gone".into() });
    }

    #[test]
    fn netascii_is_turned_back_across_blocks() {
        let mut netascii = NetAscii::default();
        let mut plain = netascii.decode(b"a\r", false);
        plain.extend(netascii.decode(b"\nb\r\0\0c\r", false));
        plain.extend(netascii.decode(b"\0", true));
        assert_eq!(plain, b"a\nb\r\0c\r");
    }
}
