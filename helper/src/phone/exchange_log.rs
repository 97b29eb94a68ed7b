//! Every raw exchange with the phone, for the report: bounded, passwords masked (issue 4).
//!
//! Nobody has published the recovery page or a capture of it (domain.md 1.1), so these bytes are
//! worth keeping. The first form page, the page before each submission and the submissions are
//! kept; what is read while waiting only passes through, and never pushes those out.

use std::collections::VecDeque;
use std::time::SystemTime;

/// The longest piece of one exchange that is kept, in bytes: a recovery page has a few thousand.
const MOST_BYTES: usize = 64 * 1024;
/// Submissions and their pages: two ladders of every rung.
const MOST_KEPT: usize = 96;
/// The rest: the last minute of looks.
const MOST_PASSING: usize = 64;
/// What stands where a password stood.
const MASK: &[u8] = b"***";

/// One request and what came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedExchange {
    /// When the request went out.
    pub at: SystemTime,
    /// The request as it was sent, passwords masked; of a file only its name and size.
    pub request: Vec<u8>,
    /// The reply as it came, passwords masked, or why there is none.
    pub reply: Result<Vec<u8>, String>,
    /// Whether more came than is kept.
    pub cut: bool,
}

impl RecordedExchange {
    /// An exchange without its secrets. `secrets` are the names of password fields.
    pub fn new(at: SystemTime, request: &[u8], reply: Result<&[u8], String>, secrets: &[String]) -> Self {
        let cut = request.len() > MOST_BYTES || reply.as_ref().is_ok_and(|reply| reply.len() > MOST_BYTES);
        let clip = |bytes: &[u8]| bytes[..bytes.len().min(MOST_BYTES)].to_vec();
        Self {
            at,
            request: mask_request(&clip(request), secrets),
            reply: reply.map(|reply| mask_reply(&clip(reply))),
            cut,
        }
    }
}

/// The exchanges of one phone.
#[derive(Debug, Default)]
pub struct ExchangeLog {
    kept: Vec<RecordedExchange>,
    passing: VecDeque<RecordedExchange>,
    /// The last page with a form, until something is submitted.
    page: Option<RecordedExchange>,
}

impl ExchangeLog {
    /// Something that was read. A page with a form is kept when it is the first, or when a
    /// submission follows.
    pub fn read(&mut self, exchange: RecordedExchange, has_form: bool) {
        if has_form && self.kept.is_empty() {
            return self.keep(exchange);
        }
        if has_form {
            self.page = Some(exchange.clone());
        }
        self.passing.push_back(exchange);
        if self.passing.len() > MOST_PASSING {
            self.passing.pop_front();
        }
    }

    /// Something that was submitted.
    pub fn submitted(&mut self, exchange: RecordedExchange) {
        if let Some(page) = self.page.take() {
            self.passing.retain(|passing| *passing != page);
            self.keep(page);
        }
        self.keep(exchange);
    }

    /// All that is kept, in the order of time.
    pub fn all(&self) -> Vec<RecordedExchange> {
        let mut all: Vec<_> = self.kept.iter().chain(&self.passing).cloned().collect();
        all.sort_by_key(|exchange| exchange.at);
        all
    }

    /// The first page stays; of the rest, the oldest goes.
    fn keep(&mut self, exchange: RecordedExchange) {
        if self.kept.len() >= MOST_KEPT {
            self.kept.remove(1);
        }
        self.kept.push(exchange);
    }
}

/// The login, and password fields in a query or a body.
fn mask_request(request: &[u8], secrets: &[String]) -> Vec<u8> {
    let head_end = find(request, b"\r\n\r\n", 0).unwrap_or(request.len());
    let (head, body) = request.split_at(head_end);
    let mut masked = Vec::with_capacity(request.len());
    for (number, line) in head.split_inclusive(|byte| *byte == b'\n').enumerate() {
        if number == 0 {
            masked.extend_from_slice(&mask_fields(line, secrets, b"?& "));
        } else if line.len() >= 14 && line[..14].eq_ignore_ascii_case(b"authorization:") {
            masked.extend_from_slice(b"Authorization: ");
            masked.extend_from_slice(MASK);
            if line.ends_with(b"\r\n") {
                masked.extend_from_slice(b"\r\n");
            }
        } else {
            masked.extend_from_slice(line);
        }
    }
    let is_multipart = find(&head.to_ascii_lowercase(), b"multipart/form-data", 0).is_some();
    let body = if is_multipart { mask_parts(body, secrets) } else { mask_fields(body, secrets, b"&\n") };
    masked.extend_from_slice(&body);
    masked
}

/// `name=value` between these separators.
fn mask_fields(text: &[u8], secrets: &[String], separators: &[u8]) -> Vec<u8> {
    let mut masked = Vec::with_capacity(text.len());
    for piece in text.split_inclusive(|byte| separators.contains(byte)) {
        let (piece, separator) = match piece.split_last() {
            Some((last, rest)) if separators.contains(last) => (rest, Some(*last)),
            _ => (piece, None),
        };
        let name = piece.split(|byte| *byte == b'=').next().unwrap_or_default();
        let is_secret = name.len() < piece.len() && secrets.iter().any(|secret| secret.as_bytes() == name);
        if is_secret {
            masked.extend_from_slice(&piece[..=name.len()]);
            masked.extend_from_slice(MASK);
        } else {
            masked.extend_from_slice(piece);
        }
        masked.extend(separator);
    }
    masked
}

/// The parts of a multipart body that carry one of these names.
fn mask_parts(body: &[u8], secrets: &[String]) -> Vec<u8> {
    let mut masked = body.to_vec();
    for secret in secrets {
        let name = format!("name=\"{secret}\"\r\n\r\n").into_bytes();
        if let Some(at) = find(&masked, &name, 0) {
            let start = at + name.len();
            let end = find(&masked, b"\r\n--", start).unwrap_or(masked.len());
            masked.splice(start..end, MASK.iter().copied());
        }
    }
    masked
}

/// `password: value` in what the phone shows, and the values of password inputs.
fn mask_reply(reply: &[u8]) -> Vec<u8> {
    const WORD: &[u8] = b"password";
    let lower = reply.to_ascii_lowercase();
    let mut holes: Vec<(usize, usize)> = Vec::new();
    let mut from = 0;
    while let Some(at) = find(&lower, WORD, from) {
        from = at + WORD.len();
        let tag = lower[..at].iter().rposition(|byte| matches!(byte, b'<' | b'>'));
        let in_tag = tag.is_some_and(|tag| lower[tag] == b'<');
        if in_tag {
            let start = tag.unwrap_or(at);
            let end = lower[at..].iter().position(|byte| *byte == b'>').map_or(lower.len(), |end| at + end);
            holes.extend(value_of(&lower, start, end));
            from = end;
            continue;
        }
        let rest = &lower[from..];
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let is_named = rest.get(blanks).is_some_and(|byte| matches!(byte, b':' | b'='));
        let mut start = from + blanks + usize::from(is_named);
        start += lower[start..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let next_cell = next_cell(&lower, start);
        if !is_named && next_cell.is_none() {
            continue;
        }
        let start = next_cell.unwrap_or(start);
        let length = lower[start..].iter().take_while(|byte| !matches!(byte, b'\r' | b'\n' | b'<')).count();
        if length > 0 {
            holes.push((start, start + length));
            from = start + length;
        }
    }
    holes.extend(logins(reply));
    holes.sort_unstable();
    let mut masked = Vec::with_capacity(reply.len());
    let mut from = 0;
    // One that lies in another is masked with it.
    for (start, end) in holes {
        if start >= from {
            masked.extend_from_slice(&reply[from..start]);
            masked.extend_from_slice(MASK);
        }
        from = from.max(end);
    }
    masked.extend_from_slice(&reply[from..]);
    masked
}

/// Where the text of the next cell begins, when nothing but the end of this one lies between.
fn next_cell(text: &[u8], mut at: usize) -> Option<usize> {
    const BETWEEN: [&[u8]; 14] = [
        b"td", b"/td", b"th", b"/th", b"dd", b"/dt", b"b", b"/b", b"font", b"/font", b"strong", b"/strong",
        b"span", b"/span",
    ];
    let mut is_another = false;
    loop {
        at += text[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if text.get(at) != Some(&b'<') {
            return is_another.then_some(at);
        }
        let end = at + text[at..].iter().position(|byte| *byte == b'>')?;
        let name = text[at + 1..end].split(|byte| byte.is_ascii_whitespace()).next().unwrap_or_default();
        if !BETWEEN.contains(&name) {
            return None;
        }
        is_another |= matches!(name, b"td" | b"th" | b"dd");
        at = end + 1;
    }
}

/// Logins in addresses: `http://user:password@host`.
fn logins(text: &[u8]) -> Vec<(usize, usize)> {
    const SCHEME_END: &[u8] = b"://";
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = find(text, SCHEME_END, from) {
        let start = at + SCHEME_END.len();
        let length = text[start..]
            .iter()
            .take_while(|byte| {
                !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'<' | b'>' | b'"' | b'\'')
            })
            .count();
        if let Some(end) = text[start..start + length].iter().rposition(|byte| *byte == b'@') {
            found.push((start, start + end));
        }
        from = start + length;
    }
    found
}

/// Where the value of a tag stands, when it has one.
fn value_of(text: &[u8], start: usize, end: usize) -> Option<(usize, usize)> {
    const VALUE: &[u8] = b"value=";
    let at = find(&text[..end], VALUE, start)? + VALUE.len();
    let (open, stops): (usize, &[u8]) = match text.get(at) {
        Some(b'"') => (at + 1, b"\""),
        Some(b'\'') => (at + 1, b"'"),
        _ => (at, b" \t\r\n>"),
    };
    let length = text[open..end].iter().position(|byte| stops.contains(byte)).unwrap_or(end - open);
    (length > 0).then_some((open, open + length))
}

fn find(text: &[u8], what: &[u8], from: usize) -> Option<usize> {
    text.get(from..)?.windows(what.len()).position(|window| window == what).map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn exchange(second: u64, request: &str) -> RecordedExchange {
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(second);
        RecordedExchange::new(at, request.as_bytes(), Ok(b"hi"), &[])
    }

    #[test]
    fn looks_never_push_out_the_page_or_a_submission() {
        let mut log = ExchangeLog::default();
        log.read(exchange(0, "first page"), true);
        log.read(exchange(1, "page again"), true);
        log.submitted(exchange(2, "submission"));
        for second in 3..1_000 {
            log.read(exchange(second, "look"), second % 2 == 0);
        }
        let all = log.all();
        assert_eq!(all.len(), 3 + MOST_PASSING);
        let first: Vec<_> =
            all.iter().take(3).map(|one| String::from_utf8_lossy(&one.request).into_owned()).collect();
        assert_eq!(first, ["first page", "page again", "submission"]);
    }

    #[test]
    fn submissions_are_bounded_and_the_first_page_stays() {
        let mut log = ExchangeLog::default();
        log.read(exchange(0, "first page"), true);
        for second in 1..500 {
            log.submitted(exchange(second, "submission"));
        }
        assert_eq!(log.all().len(), MOST_KEPT);
        assert_eq!(log.all()[0].request, b"first page");
    }

    #[test]
    fn passwords_are_masked_in_what_was_sent() {
        let secrets = ["ftppass".to_owned()];
        for (request, masked) in [
            (
                "GET / HTTP/1.0\r\nAuthorization: Basic YWRtaW4=\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.0\r\nAuthorization: ***\r\nHost: x\r\n\r\n",
            ),
            (
                "GET / HTTP/1.0\r\nAuthorization: Basic YWRtaW4=\r\n\r\n",
                "GET / HTTP/1.0\r\nAuthorization: ***\r\n\r\n",
            ),
            (
                "POST /go HTTP/1.0\r\n\r\nfile=a&ftppass=1234&x=1",
                "POST /go HTTP/1.0\r\n\r\nfile=a&ftppass=***&x=1",
            ),
            ("GET /go?ftppass=1234&x=1 HTTP/1.0\r\n\r\n", "GET /go?ftppass=***&x=1 HTTP/1.0\r\n\r\n"),
            (
                "POST / HTTP/1.0\r\nContent-Type: multipart/form-data; boundary=B\r\n\r\n--B\r\nContent-Disposition: form-data; name=\"ftppass\"\r\n\r\n1234\r\n--B--",
                "POST / HTTP/1.0\r\nContent-Type: multipart/form-data; boundary=B\r\n\r\n--B\r\nContent-Disposition: form-data; name=\"ftppass\"\r\n\r\n***\r\n--B--",
            ),
        ] {
            let text = String::from_utf8(mask_request(request.as_bytes(), &secrets)).unwrap();
            let end = masked.trim_end_matches("\r\n");
            assert_eq!(text.trim_end_matches("\r\n"), end);
        }
    }

    #[test]
    fn passwords_are_masked_in_what_came_back() {
        for (reply, masked) in [
            ("admin password: 4711\nsip proxy: x", "admin password: ***\nsip proxy: x"),
            (
                "<INPUT TYPE=password NAME=a VALUE=\"geheim\"> ok",
                "<INPUT TYPE=password NAME=a VALUE=\"***\"> ok",
            ),
            ("<input value=geheim type=password>", "<input value=*** type=password>"),
            ("FTP Password:<TD><input type=password>", "FTP Password:<TD><input type=password>"),
            ("password = 12<br>", "password = ***<br>"),
        ] {
            assert_eq!(String::from_utf8(mask_reply(reply.as_bytes())).unwrap(), masked);
        }
    }

    #[test]
    fn what_is_too_long_is_cut_and_says_so() {
        let long = vec![b'x'; MOST_BYTES + 1];
        let kept = RecordedExchange::new(SystemTime::UNIX_EPOCH, b"GET", Ok(&long), &[]);
        assert!(kept.cut && kept.reply.is_ok_and(|reply| reply.len() == MOST_BYTES));
    }

    #[test]
    fn a_password_in_a_cell_of_its_own_and_a_login_in_an_address_are_masked() {
        for (shown, masked) in [
            ("<td>admin password<td>4711<tr>", "<td>admin password<td>***<tr>"),
            (
                "<tr><td><b>admin password:</b></td>\n<td> 4711 </td>",
                "<tr><td><b>admin password:</b></td>\n<td> ***</td>",
            ),
            ("<dt>user password<dd>4711<dt>x", "<dt>user password<dd>***<dt>x"),
            ("http server: http://me:geheim@cfg.example/a", "http server: http://***@cfg.example/a"),
            ("password: http://me:geheim@cfg.example/a", "password: ***"),
        ] {
            assert_eq!(String::from_utf8(mask_reply(shown.as_bytes())).unwrap(), masked, "{shown}");
        }
        // What stands beside a field of a form is worth reading, and so is an address without a login.
        for kept in [
            "<td>Password:</td><td><input name=pw></td></tr><tr><td>File</td>",
            "<label>Password</label><p>Firmware update</p>",
            "<a href=http://www.aastra.com/a@b>x</a>",
        ] {
            assert_eq!(String::from_utf8(mask_reply(kept.as_bytes())).unwrap(), kept);
        }
    }
}
