//! Cuts the control connection's bytes into lines (RFC 959 5.3, RFC 854).
//!
//! The control connection is a Telnet one: a client may send commands of Telnet in it, mostly
//! `IAC IP IAC DM` before ABOR. They are left out. A line ends with LF; CR before it, and NUL
//! anywhere, mean nothing.

use std::collections::VecDeque;

/// Bytes in a line. A command of 4, a path of at most 255 folders' worth that no phone has; the
/// usual limit of servers.
pub const MOST_LINE: usize = 1024;

/// "Interpret as command" (RFC 854): what follows is Telnet's own.
const IAC: u8 = 255;
/// The first byte that is a command of Telnet.
const FIRST_COMMAND: u8 = 240;
/// WILL, WONT, DO and DONT have an option behind them.
const WITH_OPTION: std::ops::RangeInclusive<u8> = 251..=254;

/// Where in a command of Telnet the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Telnet {
    Outside,
    AfterIac,
    Option,
}

/// The lines so far, and the one that is coming.
#[derive(Debug)]
pub struct Lines {
    whole: VecDeque<Vec<u8>>,
    coming: Vec<u8>,
    telnet: Telnet,
    too_long: bool,
}

impl Default for Lines {
    fn default() -> Self {
        Self { whole: VecDeque::new(), coming: Vec::new(), telnet: Telnet::Outside, too_long: false }
    }
}

impl Lines {
    /// Takes what was read.
    pub fn feed(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            if self.too_long {
                return;
            }
            self.byte(byte);
        }
    }

    fn byte(&mut self, byte: u8) {
        match (self.telnet, byte) {
            (Telnet::Option, _) => {
                self.telnet = Telnet::Outside;
                return;
            }
            (Telnet::AfterIac, command) if WITH_OPTION.contains(&command) => {
                self.telnet = Telnet::Option;
                return;
            }
            // Twice is the byte itself, which no name of ours has.
            (Telnet::AfterIac, FIRST_COMMAND..) => {
                self.telnet = Telnet::Outside;
                return;
            }
            // The command was sent as urgent data, and the system took it out of the stream.
            (Telnet::AfterIac, _) => self.telnet = Telnet::Outside,
            (Telnet::Outside, IAC) => {
                self.telnet = Telnet::AfterIac;
                return;
            }
            (Telnet::Outside, _) => {}
        }
        match byte {
            b'\n' => {
                let mut line = std::mem::take(&mut self.coming);
                while line.last() == Some(&b'\r') {
                    line.pop();
                }
                self.whole.push_back(line);
            }
            0 => {}
            _ if self.coming.len() >= MOST_LINE => self.too_long = true,
            _ => self.coming.push(byte),
        }
    }

    /// The next whole line, without its end.
    pub fn next_line(&mut self) -> Option<Vec<u8>> {
        self.whole.pop_front()
    }

    /// Whether a line came that is longer than [`MOST_LINE`]; nothing is read after it.
    #[must_use]
    pub fn too_long(&self) -> bool {
        self.too_long
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(pieces: &[&[u8]]) -> Vec<String> {
        let mut lines = Lines::default();
        for piece in pieces {
            lines.feed(piece);
        }
        std::iter::from_fn(|| lines.next_line())
            .map(|line| String::from_utf8_lossy(&line).into_owned())
            .collect()
    }

    #[test]
    fn a_line_ends_with_lf_wherever_the_packets_end() {
        assert_eq!(lines(&[b"USER a\r", b"\nPA", b"SS b\nQUIT"]), ["USER a", "PASS b"]);
        assert_eq!(lines(&[b"\r\n\nNOOP\r\r\n"]), ["", "", "NOOP"]);
    }

    #[test]
    fn commands_of_telnet_are_left_out() {
        let cases: [&[u8]; 6] = [
            b"\xff\xf4\xff\xf2ABOR\r\n",
            // The urgent byte is gone.
            b"\xff\xf4\xffABOR\r\n",
            b"\xff\xfb\x01ABOR\r\n",
            b"AB\xff\xfd\xffOR\r\n",
            b"A\xff\xffBOR\r\n",
            b"A\0BOR\r\0\n",
        ];
        for case in cases {
            assert_eq!(lines(&[case]), ["ABOR"], "{case:?}");
        }
    }

    #[test]
    fn a_line_that_never_ends_costs_no_memory() {
        let mut lines = Lines::default();
        for _ in 0..1000 {
            lines.feed(&[b'A'; 1000]);
        }
        assert!(lines.too_long());
        assert_eq!(lines.next_line(), None);
        assert!(lines.coming.len() <= MOST_LINE);
    }

    #[test]
    fn lines_before_the_long_one_count() {
        let mut lines = Lines::default();
        lines.feed(b"NOOP\r\n");
        lines.feed(&[b'A'; MOST_LINE]);
        assert!(!lines.too_long());
        lines.feed(b"A");
        assert!(lines.too_long());
        assert_eq!(lines.next_line().as_deref(), Some(&b"NOOP"[..]));
    }
}
