//! One request and what came back, as text.

use serde::Serialize;

use crate::phone::exchange_log::RecordedExchange;

/// One exchange, as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exchange {
    /// Milliseconds since 1970-01-01 UTC.
    pub at_ms: u64,
    /// What was sent.
    pub request: String,
    /// What came back, byte for byte.
    pub reply: Option<String>,
    /// Why nothing came back.
    pub error: Option<String>,
    /// Whether there was more than is kept.
    pub cut: bool,
}

impl From<&RecordedExchange> for Exchange {
    fn from(recorded: &RecordedExchange) -> Self {
        let since = recorded.at.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Self {
            at_ms: u64::try_from(since.as_millis()).unwrap_or(u64::MAX),
            request: text(&recorded.request),
            reply: recorded.reply.as_ref().ok().map(|reply| text(reply)),
            error: recorded.reply.as_ref().err().cloned(),
            cut: recorded.cut,
        }
    }
}

/// The exchanges for reading.
pub fn plain(exchanges: &[RecordedExchange]) -> String {
    let mut plain = String::new();
    for (index, exchange) in exchanges.iter().map(Exchange::from).enumerate() {
        let answer = match (&exchange.reply, &exchange.error) {
            (Some(reply), _) => reply.as_str(),
            (None, Some(error)) => error.as_str(),
            (None, None) => "",
        };
        let cut = if exchange.cut { "\n(and more)" } else { "" };
        plain.push_str(&format!(
            "===== {} sent =====\n{}\n----- {} answered -----\n{answer}{cut}\n\n",
            index + 1,
            exchange.request,
            index + 1
        ));
    }
    plain.replace("\r\n", "\n")
}

/// Bytes as text: UTF-8 where they are, else each byte as the character of its number
/// (ISO 8859-1), so that nothing is lost.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, UNIX_EPOCH};

    fn recorded(reply: Result<&[u8], String>) -> RecordedExchange {
        RecordedExchange::new(UNIX_EPOCH + Duration::from_millis(1500), b"GET / HTTP/1.1\r\n\r\n", reply, &[])
    }

    #[test]
    fn every_byte_of_a_reply_is_there() {
        let all: Vec<u8> = (0..=255).collect();
        let exchange = Exchange::from(&recorded(Ok(&all)));
        let reply = exchange.reply.unwrap();
        assert_eq!(reply.chars().map(|c| c as u32).collect::<Vec<_>>(), (0..=255).collect::<Vec<_>>());
        assert_eq!((exchange.at_ms, exchange.error), (1500, None));
    }

    #[test]
    fn what_brought_nothing_says_why() {
        let silent = recorded(Err("10.0.0.2:80 does not answer".into()));
        assert_eq!(Exchange::from(&silent).reply, None);
        let plain = plain(&[silent]);
        assert!(plain.contains("GET / HTTP/1.1\n") && plain.contains("does not answer"), "{plain}");
    }
}
