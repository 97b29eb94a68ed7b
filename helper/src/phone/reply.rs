//! Reads what a phone's HTTP server sends, HTTP/0.9 to 1.1, as tolerant as a browser.
//!
//! Boot loaders leave out lengths, close early and send latin-1 without saying so. Nothing
//! here fails: whatever came is a reply, and what could not be read of its head is empty.

/// What came back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// The status code; 0 when there was no status line (HTTP/0.9).
    pub status: u16,
    /// Header names in lower case and their values, in order.
    pub headers: Vec<(String, String)>,
    /// The body as text: UTF-8 where it is valid, else latin-1.
    pub body: String,
}

/// The most headers that are read; the rest is left alone.
const MOST_HEADERS: usize = 64;

impl Reply {
    /// Reads a reply from all the bytes that came.
    pub fn read(bytes: &[u8]) -> Self {
        let Some(head) = Head::read(bytes) else {
            return Self { body: text(bytes), ..Self::default() };
        };
        let body = &bytes[head.length..];
        let body = match (head.is_chunked(), head.content_length()) {
            (true, _) => text(&unchunk(body).0),
            // A length that is too long is an early close; one that is too short is a lie
            // that browsers believe.
            (false, Some(length)) => text(&body[..body.len().min(length)]),
            (false, None) => text(body),
        };
        Self { status: head.status, headers: head.headers, body }
    }

    /// The first header of this name, which must be in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Whether these bytes are a whole reply, so that there is no need to wait for the close.
pub fn is_whole(bytes: &[u8]) -> bool {
    let Some(head) = Head::read(bytes) else { return false };
    let body = &bytes[head.length..];
    match (head.is_chunked(), head.content_length()) {
        (true, _) => unchunk(body).1,
        (false, Some(length)) => body.len() >= length,
        (false, None) => matches!(head.status, 204 | 304),
    }
}

struct Head {
    status: u16,
    headers: Vec<(String, String)>,
    length: usize,
}

impl Head {
    /// `None` until the head is complete, and for bytes that do not begin with a status line.
    fn read(bytes: &[u8]) -> Option<Self> {
        if !bytes.get(..5)?.eq_ignore_ascii_case(b"HTTP/") {
            return None;
        }
        let length = head_length(bytes)?;
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        let mut config = httparse::ParserConfig::default();
        config
            .allow_spaces_after_header_name_in_responses(true)
            .allow_obsolete_multiline_headers_in_responses(true)
            .allow_multiple_spaces_in_response_status_delimiters(true)
            .ignore_invalid_headers_in_responses(true);
        match config.parse_response(&mut response, &bytes[..length]) {
            Ok(_) => Some(Self {
                status: response.code.unwrap_or(0),
                headers: response
                    .headers
                    .iter()
                    .map(|header| (header.name.to_ascii_lowercase(), text(header.value).trim().to_owned()))
                    .collect(),
                length,
            }),
            Err(_) => Some(Self::by_lines(&bytes[..length])),
        }
    }

    /// A head that the parser refuses is still read line by line.
    fn by_lines(head: &[u8]) -> Self {
        let all = text(head);
        let mut lines = all.lines();
        let status_line = lines.next().unwrap_or("");
        let status = status_line.split_whitespace().nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .take(MOST_HEADERS)
            .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        Self { status, headers, length: head.len() }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn is_chunked(&self) -> bool {
        self.header("transfer-encoding").is_some_and(|value| value.to_ascii_lowercase().contains("chunked"))
    }

    fn content_length(&self) -> Option<usize> {
        self.header("content-length")?.parse().ok()
    }
}

/// Bytes up to and with the empty line, with CRLF or bare LF.
fn head_length(bytes: &[u8]) -> Option<usize> {
    let crlf = bytes.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4);
    let lf = bytes.windows(2).position(|window| window == b"\n\n").map(|at| at + 2);
    match (crlf, lf) {
        (Some(crlf), Some(lf)) => Some(crlf.min(lf)),
        (either, other) => either.or(other),
    }
}

/// The bytes of all whole chunks, and whether the last chunk came (RFC 9112, 7.1).
fn unchunk(mut bytes: &[u8]) -> (Vec<u8>, bool) {
    let mut body = Vec::new();
    loop {
        let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else { return (body, false) };
        let line = text(&bytes[..end]);
        let digits = line.trim().split(';').next().unwrap_or("").trim().to_owned();
        let Ok(size) = usize::from_str_radix(&digits, 16) else { return (body, true) };
        let rest = &bytes[end + 1..];
        if size == 0 {
            return (body, true);
        }
        let Some(chunk) = rest.get(..size) else {
            body.extend_from_slice(rest);
            return (body, false);
        };
        body.extend_from_slice(chunk);
        bytes = rest.get(size..).unwrap_or_default();
        bytes = bytes.strip_prefix(b"\r").unwrap_or(bytes);
        bytes = bytes.strip_prefix(b"\n").unwrap_or(bytes);
    }
}

/// UTF-8 where it is valid, else latin-1: every byte is a character.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(bytes: &[u8], whole: bool, status: u16, body: &str) {
        assert_eq!(is_whole(bytes), whole);
        let reply = Reply::read(bytes);
        assert_eq!((reply.status, reply.body.as_str()), (status, body));
    }

    #[test]
    fn reads_a_reply_with_and_without_a_length() {
        check(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", true, 200, "hi");
        check(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi", false, 200, "hi");
        check(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nhi", true, 200, "h");
        check(b"HTTP/1.0 401 Unauthorized\r\n\r\nno", false, 401, "no");
        check(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nhi", false, 200, "hi");
    }

    #[test]
    fn reads_chunks_also_when_the_last_is_missing() {
        check(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", true, 200, "hi");
        check(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=1\r\nhi\r\n5\r\nth",
            false,
            200,
            "hith",
        );
    }

    #[test]
    fn reads_what_is_hardly_http() {
        check(b"<html>0.9</html>", false, 0, "<html>0.9</html>");
        check(b"HTTP/1.0 200\nServer:Aragorn\n\nx", false, 200, "x");
        check(b"HTTP/1.1 405 method unsupported\r\n: broken\r\n\r\n", false, 405, "");
        check(b"HTTP/1.1 abc\r\n\r\nx", false, 0, "x");
        check(b"", false, 0, "");
        check(b"HTTP/1.1 200 OK\r\n\r\ncaf\xe9", false, 200, "caf\u{e9}");
    }

    #[test]
    fn header_names_are_found_in_any_case() {
        let reply = Reply::read(b"HTTP/1.1 401 x\r\nWWW-Authenticate:  Basic realm=\"Aastra 57i\" \r\n\r\n");
        assert_eq!(reply.header("www-authenticate"), Some("Basic realm=\"Aastra 57i\""));
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            is_whole(&bytes);
            let mut reply = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
            reply.extend_from_slice(&bytes);
            is_whole(&reply);
            prop_assert!(Reply::read(&reply).body.chars().count() <= bytes.len());
            prop_assert!(Reply::read(&bytes).body.chars().count() <= bytes.len());
        }
    }
}
