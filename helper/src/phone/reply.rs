//! Reads what a phone's HTTP server sends, HTTP/0.9 to 1.1, as tolerant as a browser.
//!
//! Boot loaders leave out lengths, close early and send latin-1 without saying so. Nothing
//! here fails: whatever came is a reply, and what could not be read of its head is empty. Every
//! request has a connection of its own, so all that came belongs to its reply: a length that is
//! too short cuts nothing off, and what stands before the status line is passed over.

use shared::form::Charset;

/// What came back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// The status code; 0 when there was no status line (HTTP/0.9).
    pub status: u16,
    /// Header names in lower case and their values, in order.
    pub headers: Vec<(String, String)>,
    /// The body as text, in `charset`.
    pub body: String,
    /// The characters of the body.
    pub charset: Charset,
}

/// The most headers that are read; the rest is left alone.
const MOST_HEADERS: usize = 64;
/// Before the status line there may be something else: the end of an earlier answer, or blank
/// lines. No more than this is passed over.
const MOST_JUNK: usize = 512;
/// Interim answers (RFC 9110, 15.2) that are passed over.
const MOST_INTERIM: usize = 8;

impl Reply {
    /// Reads a reply from all the bytes that came.
    pub fn read(bytes: &[u8]) -> Self {
        let Some(head) = Head::read(bytes).or_else(|| Head::cut_off(bytes)) else {
            return Self::default().with_body(bytes);
        };
        let body = &bytes[head.end..];
        let reply = Self { status: head.status, headers: head.headers.clone(), ..Self::default() };
        if head.is_chunked() { reply.with_body(&unchunk(body).0) } else { reply.with_body(body) }
    }

    fn with_body(mut self, bytes: &[u8]) -> Self {
        let (marked, bytes) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
            Some(rest) => (Some(Charset::Utf8), rest),
            None => (None, bytes),
        };
        let claimed = marked
            .or_else(|| self.header("content-type").and_then(charset_in))
            .or_else(|| charset_of_page(bytes));
        self.charset = Charset::of(bytes, claimed);
        self.body = self.charset.decode(bytes);
        self
    }

    /// The first header of this name, which must be in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Whether these bytes are a whole reply by its own account, so that there is no need to wait
/// for the close.
pub fn is_whole(bytes: &[u8]) -> bool {
    let Some(head) = Head::read(bytes) else { return false };
    let body = &bytes[head.end..];
    match (head.is_chunked(), head.content_length()) {
        (true, _) => unchunk(body).1,
        (false, Some(length)) => body.len() >= length,
        (false, None) => matches!(head.status, 204 | 304),
    }
}

/// Whether these bytes are the beginning of a reply that says itself that more belongs to it: a
/// head without its end, a length that is not reached, chunks without the last one.
pub fn promises_more(bytes: &[u8]) -> bool {
    if status_line(bytes).is_none() {
        return false;
    }
    match Head::read(bytes) {
        None => true,
        Some(head) => (head.is_chunked() || head.content_length().is_some()) && !is_whole(bytes),
    }
}

/// Whether a page that is whole by its length also ends like one: else the length may be a lie,
/// and the rest is on its way.
pub fn ends_like_a_page(bytes: &[u8]) -> bool {
    const END: &[u8] = b"</html>";
    let tail = &bytes[bytes.len().saturating_sub(64)..];
    tail.windows(END.len()).any(|window| window.eq_ignore_ascii_case(END))
}

struct Head {
    status: u16,
    headers: Vec<(String, String)>,
    /// Where the body begins.
    end: usize,
}

impl Head {
    /// `None` until the head is complete, and for bytes without a status line. Interim answers
    /// such as `100 Continue` are passed over.
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut start = status_line(bytes)?;
        for _ in 0..MOST_INTERIM {
            let head = Self::read_one(&bytes[start..])?;
            let end = start + head.end;
            if !(100..200).contains(&head.status) {
                return Some(Self { end, ..head });
            }
            start = end + status_line(&bytes[end..])?;
        }
        None
    }

    /// A head whose empty line never came: the phone closed too early, or goes on with the page
    /// at once. It ends where the first line is that cannot be a header.
    fn cut_off(bytes: &[u8]) -> Option<Self> {
        let start = status_line(bytes)?;
        let mut end = start;
        for (number, line) in bytes[start..].split_inclusive(|byte| *byte == b'\n').enumerate() {
            let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
            let is_header = name.len() < line.len()
                && name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
            if number > 0 && !is_header {
                break;
            }
            end += line.len();
        }
        let head = Self::by_lines(&bytes[start..end]);
        (head.status != 0 && !(100..200).contains(&head.status)).then_some(Self { end, ..head })
    }

    fn read_one(bytes: &[u8]) -> Option<Self> {
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
                end: length,
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
        Self { status, headers, end: head.len() }
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

/// Where the status line begins: at the start, or behind lines that are no page.
fn status_line(bytes: &[u8]) -> Option<usize> {
    const HTTP: &[u8] = b"HTTP/";
    let looked_at = &bytes[..bytes.len().min(MOST_JUNK)];
    let at = looked_at.windows(HTTP.len()).enumerate().find(|(at, window)| {
        let begins_line = *at == 0 || matches!(bytes[at - 1], b'\n' | b'\r' | 0);
        begins_line && window.eq_ignore_ascii_case(HTTP)
    });
    // A page that speaks of HTTP is a page.
    at.map(|(at, _)| at).filter(|at| !bytes[..*at].contains(&b'<'))
}

/// `charset=` in a header or a tag.
fn charset_in(text: &str) -> Option<Charset> {
    let lower = text.to_ascii_lowercase();
    let value = &text[lower.find("charset=")? + "charset=".len()..];
    let value = value.trim_start_matches(['"', '\'', ' ']);
    let end =
        value.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(value.len());
    Charset::named(&value[..end])
}

/// What the page itself says, near its beginning (WHATWG HTML, 13.2.3.2: in the first 1024 bytes).
fn charset_of_page(bytes: &[u8]) -> Option<Charset> {
    const LOOKED_AT: usize = 1024;
    charset_in(&text(&bytes[..bytes.len().min(LOOKED_AT)]))
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

/// The bytes of all chunks, and whether the last chunk came (RFC 9112, 7.1). Where the counting
/// breaks down, the rest is taken as it is.
fn unchunk(mut bytes: &[u8]) -> (Vec<u8>, bool) {
    let mut body = Vec::new();
    loop {
        let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
            // A size that is still on its way, or no size at all.
            if chunk_size(bytes).is_none() {
                body.extend_from_slice(bytes);
            }
            return (body, false);
        };
        let Some(size) = chunk_size(&bytes[..end]) else {
            body.extend_from_slice(bytes);
            return (body, false);
        };
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

/// The size in front of a chunk, without its extensions. An empty line has none.
fn chunk_size(line: &[u8]) -> Option<usize> {
    let line = text(line);
    usize::from_str_radix(line.split(';').next().unwrap_or("").trim(), 16).ok()
}

/// UTF-8 where it is valid, else latin-1: for heads, where nobody says.
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
        check(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nhi", true, 200, "hi");
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
    fn reads_past_what_stands_before_the_answer() {
        check(
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
            true,
            200,
            "hi",
        );
        check(b"HTTP/1.1 100 Continue\r\n\r\n", false, 0, "HTTP/1.1 100 Continue\r\n\r\n");
        check(b"\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhi", false, 200, "hi");
        check(b"debug: 17\nHTTP/1.0 200 OK\n\nhi", false, 200, "hi");
        check(b"<html>\nHTTP/1.0 200 OK\n\nhi", false, 0, "<html>\nHTTP/1.0 200 OK\n\nhi");
    }

    #[test]
    fn reads_a_head_that_never_ends() {
        check(b"HTTP/1.0 200 OK\r\nServer: x", false, 200, "");
        check(b"HTTP/1.0 200 OK\r\nServer: x\r\n<html>hi", false, 200, "<html>hi");
    }

    #[test]
    fn broken_chunks_are_taken_as_they_are() {
        let chunked =
            |body: &str| format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{body}").into_bytes();
        check(&chunked("<html>hi</html>"), false, 200, "<html>hi</html>");
        check(&chunked("2\r\n<html>hi\r\n0\r\n"), false, 200, "<html>hi\r\n0\r\n");
        check(&chunked("ffffffffffffffff\r\nhi"), false, 200, "hi");
    }

    #[test]
    fn the_characters_are_those_that_the_page_says() {
        let reply = |bytes: &[u8]| {
            let reply = Reply::read(bytes);
            (reply.charset, reply.body)
        };
        let windows = (Charset::Windows1252, "\u{20ac}\u{e9}".to_owned());
        assert_eq!(
            reply(b"HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=ISO-8859-1\r\n\r\n\x80\xe9"),
            windows
        );
        assert_eq!(reply("HTTP/1.0 200 OK\r\n\r\n\u{e9}".as_bytes()), (Charset::Utf8, "\u{e9}".into()));
        let (charset, body) = reply(b"HTTP/1.0 200 OK\r\n\r\n<meta charset=latin1>\xc3\xa9");
        assert_eq!((charset, body.as_str()), (Charset::Windows1252, "<meta charset=latin1>\u{c3}\u{a9}"));
        assert_eq!(reply(b"\xef\xbb\xbfx"), (Charset::Utf8, "x".into()));
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
