//! Replies of the control connection (RFC 959 4.2): three digits, text, CRLF.

use std::fmt::Write;

/// One reply, of one line or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Three digits.
    pub code: u16,
    /// The lines of text, at least one. Nothing in them can end a line early.
    lines: Vec<String>,
}

impl Reply {
    /// A reply of one line.
    pub fn new(code: u16, text: impl AsRef<str>) -> Self {
        Self { code, lines: vec![harmless(text.as_ref())] }
    }

    /// A reply with lines between the first and the last, as FEAT has (RFC 2389 3.2).
    pub fn list(code: u16, first: &str, between: &[&str], last: &str) -> Self {
        let between = between.iter().map(|line| harmless(line));
        Self {
            code,
            lines: std::iter::once(harmless(first))
                .chain(between)
                .chain(std::iter::once(harmless(last)))
                .collect(),
        }
    }

    /// As it goes out.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let last = self.lines.len().saturating_sub(1);
        for (place, line) in self.lines.iter().enumerate() {
            // Writing into a string cannot fail.
            let written = match place {
                _ if place == last => write!(text, "{:03} {line}\r\n", self.code),
                0 => write!(text, "{:03}-{line}\r\n", self.code),
                _ => write!(text, " {line}\r\n"),
            };
            debug_assert!(written.is_ok());
        }
        text
    }
}

/// What came from the wire must not become a reply of its own.
fn harmless(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '?' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_and_several() {
        assert_eq!(Reply::new(200, "fine").text(), "200 fine\r\n");
        let features = Reply::list(211, "can:", &["SIZE", "EPSV"], "end");
        assert_eq!(features.text(), "211-can:\r\n SIZE\r\n EPSV\r\n211 end\r\n");
    }

    #[test]
    fn a_name_cannot_forge_a_reply() {
        assert_eq!(Reply::new(550, "a\r\n226 done\0\u{85}").text(), "550 a??226 done??\r\n");
    }
}
