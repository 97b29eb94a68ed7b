//! One request as it came: head, body, and how it arrived.

/// A request whose head was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// As it came, query included.
    pub(crate) target: String,
    /// `HTTP/1.1`, `HTTP/1.0`, or empty for HTTP/0.9.
    pub(crate) version: String,
    /// Names in lower case, in their order.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Bytes of the head with its blank line.
    pub(crate) head_bytes: usize,
    /// Reads that it took.
    pub(crate) reads: u32,
    /// Bytes of the body that came in the head's read.
    pub(crate) body_with_head: usize,
    /// What the head promised.
    pub(crate) content_length: usize,
    /// Number on its connection, from 1.
    pub(crate) nth: u32,
    /// Another client is knocking.
    pub(crate) other_waits: bool,
}

impl Request {
    /// Reads a head (blank line included); none: this is no request.
    pub(crate) fn parse(head: &[u8]) -> Option<Self> {
        let text: String = head.iter().map(|byte| char::from(*byte)).collect();
        let mut lines = text.lines();
        let mut words = lines.next()?.split_ascii_whitespace();
        let method = words.next()?.to_owned();
        if !METHODS.contains(&method.as_str()) {
            return None;
        }
        let target = words.next()?.to_owned();
        let version = words.next().unwrap_or_default().to_owned();
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let mut request =
            Self { method, target, version, headers, head_bytes: head.len(), ..Self::default() };
        request.content_length =
            request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        Some(request)
    }

    /// The first header of this name (lower case).
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The target without its query.
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The query, without the question mark.
    pub(crate) fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    pub(crate) fn is_post(&self) -> bool {
        self.method == "POST"
    }

    /// Whether the client would keep the connection.
    pub(crate) fn keeps(&self) -> bool {
        let connection = self.header("connection").unwrap_or_default();
        let connection = connection.to_ascii_lowercase();
        if self.version == "HTTP/1.1" {
            !connection.contains("close")
        } else {
            connection.contains("keep-alive")
        }
    }
}

/// What the phone knows; everything else is answered 405 (domain.md 1.1).
pub(crate) const METHODS: &[&str] = &["GET", "POST", "HEAD"];

/// Takes `a=1&b=two+words` apart. Text is Latin-1, as the phone's pages are.
pub(crate) fn decode_form(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

fn decode(text: &str) -> String {
    let mut bytes = text.bytes();
    let mut plain = Vec::new();
    while let Some(byte) = bytes.next() {
        match byte {
            b'+' => plain.push(b' '),
            b'%' => {
                let mut rest = bytes.clone();
                match (hex(rest.next()), hex(rest.next())) {
                    (Some(high), Some(low)) => {
                        plain.push(high * 16 + low);
                        bytes = rest;
                    }
                    _ => plain.push(b'%'),
                }
            }
            other => plain.push(other),
        }
    }
    String::from_utf8(plain).unwrap_or_else(|error| {
        let bytes = error.into_bytes();
        bytes.into_iter().map(char::from).collect()
    })
}

fn hex(byte: Option<u8>) -> Option<u8> {
    char::from(byte?).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_decoded() {
        let pairs = decode_form("file=57i.st&path=&server=169.254.1.2&x=a+b%2Fc%zz");
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            pairs,
            [pair("file", "57i.st"), pair("path", ""), pair("server", "169.254.1.2"), pair("x", "a b/c%zz"),]
        );
    }

    #[test]
    fn stray_bytes_are_no_request() {
        assert_eq!(Request::parse(b"file=57i.st&path=GET / HTTP/1.1\r\n\r\n"), None);
        let request = Request::parse(b"POST /x?y=1 HTTP/1.0\r\nContent-Length: 5\r\n\r\n").unwrap();
        assert_eq!((request.path(), request.query()), ("/x", "y=1"));
        assert_eq!(request.content_length, 5);
        assert!(!request.keeps());
    }
}
