//! Reads a request's head (RFC 9112 2 and 3; RFC 1945 for the old ones).
//!
//! Line by line and not by httparse: what counts are the method, the target and three headers,
//! and loaders send what a strict reader refuses (blanks in the path, no version, headers
//! without a name). Nothing here can make the answer worse than "not found".

/// Bytes of a head; loaders send about 200. Beyond that it is no loader.
pub const MOST_HEAD: usize = 8 * 1024;

/// Which HTTP is spoken; the answer speaks the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// `GET /57i.st`, and the file comes back without a head.
    Http09,
    /// HTTP/1.0.
    Http10,
    /// HTTP/1.1 and whatever is newer.
    Http11,
}

/// What of a request counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// As it came.
    pub method: String,
    /// As it came.
    pub target: String,
    /// The version that the client speaks.
    pub version: Version,
    /// The `Range` header, unless `If-Range` makes it depend on something we never gave.
    pub range: Option<String>,
    /// The `User-Agent` header.
    pub agent: Option<String>,
}

/// What has come so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Head {
    /// More must come.
    Incomplete,
    /// All of it.
    Whole(Request),
    /// No request at all.
    Malformed,
    /// More than [`MOST_HEAD`] bytes.
    TooLong,
}

/// Reads what has come so far.
#[must_use]
pub fn read(bytes: &[u8]) -> Head {
    let more = if bytes.len() > MOST_HEAD { Head::TooLong } else { Head::Incomplete };
    // Empty lines before the request mean nothing (RFC 9112 2.2).
    let start = bytes.iter().position(|byte| !matches!(byte, b'\r' | b'\n')).unwrap_or(bytes.len());
    let mut lines = Lines(&bytes[start..]);
    let Some(line) = lines.next() else { return more };
    let Some(mut request) = request_line(&line) else { return Head::Malformed };
    if request.version == Version::Http09 {
        return Head::Whole(request);
    }
    let mut depends = false;
    loop {
        let Some(line) = lines.next() else { return more };
        if line.is_empty() {
            break;
        }
        let Some((name, value)) = line.split_once(':') else { continue };
        let value = value.trim().to_owned();
        match name.trim().to_ascii_lowercase().as_str() {
            "range" => request.range = request.range.or(Some(value)),
            "user-agent" => request.agent = request.agent.or(Some(value)),
            "if-range" => depends = true,
            _ => {}
        }
    }
    if depends {
        request.range = None;
    }
    Head::Whole(request)
}

/// Whole lines, ended by LF, without CR before it.
struct Lines<'a>(&'a [u8]);

impl Iterator for Lines<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let end = self.0.iter().position(|&byte| byte == b'\n')?;
        let (line, rest) = self.0.split_at(end);
        self.0 = &rest[1..];
        Some(String::from_utf8_lossy(line).trim_end_matches('\r').to_owned())
    }
}

/// Method, target and version. Whatever stands between the first and the last is the target.
fn request_line(line: &str) -> Option<Request> {
    let (method, rest) = line.trim().split_once(' ')?;
    if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let rest = rest.trim();
    let (target, version) = match rest.rsplit_once(' ') {
        Some((target, version)) if is_version(version) => (target.trim(), Some(version)),
        _ => (rest, None),
    };
    let version = match version.map(str::to_ascii_uppercase).as_deref() {
        None => Version::Http09,
        Some("HTTP/1.0" | "HTTP/0.9") => Version::Http10,
        Some(_) => Version::Http11,
    };
    // A bare version is no target.
    (!target.is_empty() && !is_version(target)).then(|| Request {
        method: method.to_owned(),
        target: target.to_owned(),
        version,
        range: None,
        agent: None,
    })
}

fn is_version(word: &str) -> bool {
    word.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("HTTP/"))
        && word.bytes().skip(5).all(|byte| byte.is_ascii_digit() || byte == b'.')
}

impl Request {
    /// The path that is asked for: without the query, and with `%` undone.
    #[must_use]
    pub fn path(&self) -> String {
        let path = self.target.split(['?', '#']).next().unwrap_or_default();
        let mut bytes = Vec::with_capacity(path.len());
        let mut rest = path.as_bytes();
        while let Some((&byte, after)) = rest.split_first() {
            let decoded = (byte == b'%')
                .then(|| after.split_first_chunk::<2>())
                .flatten()
                .and_then(|(&[high, low], after)| Some(((hex(high)? << 4) | hex(low)?, after)));
            let (byte, after) = decoded.unwrap_or((byte, after));
            bytes.push(byte);
            rest = after;
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(head: &str) -> Request {
        let Head::Whole(request) = read(head.as_bytes()) else { panic!("{head:?}") };
        request
    }

    #[test]
    fn the_head_ends_with_an_empty_line() {
        let head = "GET /57i.st HTTP/1.1\r\nHost: a\r\nUser-Agent: Aastra57i\r\nrange : bytes=1-\r\n\r\n";
        for length in 0..head.len() {
            assert_eq!(read(&head.as_bytes()[..length]), Head::Incomplete, "{length}");
        }
        let request = whole(head);
        assert_eq!((request.method.as_str(), request.target.as_str()), ("GET", "/57i.st"));
        assert_eq!(request.version, Version::Http11);
        assert_eq!(request.agent.as_deref(), Some("Aastra57i"));
        assert_eq!(request.range.as_deref(), Some("bytes=1-"));
    }

    #[test]
    fn what_loaders_send_is_read() {
        for (head, target, version) in [
            ("GET /57i.st HTTP/1.0\n\n", "/57i.st", Version::Http10),
            ("\r\n\r\nget  57i.st  http/1.0\r\n\r\n", "57i.st", Version::Http10),
            (
                "GET /My Files/57i.st HTTP/1.1\r\nno header\r\n: x\r\n\r\n",
                "/My Files/57i.st",
                Version::Http11,
            ),
            ("GET /57i.st\r\n", "/57i.st", Version::Http09),
            ("GET \\57i.st HTTP/1.1\r\n\u{ff}: \x01\r\n\r\n", "\\57i.st", Version::Http11),
            (
                "GET http://10.0.0.1:8080/57i.st HTTP/1.1\r\n\r\n",
                "http://10.0.0.1:8080/57i.st",
                Version::Http11,
            ),
        ] {
            let request = whole(head);
            assert_eq!((request.target.as_str(), request.version), (target, version), "{head:?}");
        }
    }

    #[test]
    fn no_request_is_no_request() {
        for head in
            ["GET\r\n", "GET HTTP/1.1\r\n\r\n", "\x16\x03\x01 \x02\n", "12 /57i.st\r\n", "USER: x\r\n"]
        {
            assert_eq!(read(head.as_bytes()), Head::Malformed, "{head:?}");
        }
    }

    #[test]
    fn a_head_without_end_is_too_long() {
        let mut head = b"GET /57i.st HTTP/1.1\r\n".to_vec();
        head.resize(MOST_HEAD, b'a');
        assert_eq!(read(&head), Head::Incomplete);
        head.push(b'a');
        assert_eq!(read(&head), Head::TooLong);
    }

    #[test]
    fn a_range_that_depends_on_what_we_never_gave_is_no_range() {
        let head = "GET /f HTTP/1.1\r\nIf-Range: \"tag\"\r\nRange: bytes=5-\r\n\r\n";
        assert_eq!(whole(head).range, None);
    }

    #[test]
    fn the_path_is_without_query_and_percent_signs() {
        for (target, path) in [
            ("/57i.st?x=/y.st", "/57i.st"),
            ("/%35%37i%2Est#a", "/57i.st"),
            ("/a%5C57i.st", "/a\\57i.st"),
            ("/100%", "/100%"),
            ("/%zz%4", "/%zz%4"),
            ("/%", "/%"),
        ] {
            assert_eq!(whole(&format!("GET {target} HTTP/1.1\r\n\r\n")).path(), path);
        }
    }
}
