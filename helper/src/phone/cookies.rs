//! The cookies of one phone: whoever gives one with the form wants it back with the submission
//! (domain.md 1.4, 2: the phone's server is stateful; how is not known).
//!
//! A phone is one host, and a recovery lasts minutes: paths, ages and flags say nothing here. A
//! request without a cookie leaves byte for byte as it was built.

use super::reply::Reply;

/// Cookies that are kept; boot loaders have none or one.
const MOST: usize = 8;
/// Bytes of one, name and value: a boot loader's head is short (domain.md 1.6, H2).
const LONGEST: usize = 256;

/// Names and values, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Jar(Vec<(String, String)>);

impl Jar {
    /// Keeps what a reply gives. An empty value takes a cookie back.
    pub(super) fn learn(&mut self, reply: &Reply) {
        for (_, given) in reply.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let pair = given.split(';').next().unwrap_or_default();
            let Some((name, value)) = pair.split_once('=') else { continue };
            let (name, value) = (name.trim(), value.trim());
            let is_plain = |text: &str| text.chars().all(|c| c.is_ascii_graphic() && c != ';');
            if name.is_empty() || pair.len() > LONGEST || !is_plain(name) || !is_plain(value) {
                continue;
            }
            self.0.retain(|(known, _)| known != name);
            if !value.is_empty() && self.0.len() < MOST {
                self.0.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    /// The same head with the cookies in it, before the headers of the body, which stay last
    /// (domain.md 1.6, H3).
    pub(super) fn put_into(&self, head: &[u8]) -> Vec<u8> {
        if self.0.is_empty() {
            return head.to_vec();
        }
        let pairs: Vec<String> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let header = format!("Cookie: {}\r\n", pairs.join("; "));
        let find = |what: &[u8]| head.windows(what.len()).position(|window| window == what);
        let end = find(b"\r\n\r\n").map(|at| at + 2);
        let body = find(b"\r\nContent-Type:").map(|at| at + 2);
        let at = match (body, end) {
            (Some(body), Some(end)) => body.min(end),
            (either, other) => either.or(other).unwrap_or(head.len()),
        };
        [&head[..at], header.as_bytes(), &head[at..]].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jar(given: &[&str]) -> Jar {
        let mut jar = Jar::default();
        for value in given {
            let headers = vec![("set-cookie".to_owned(), (*value).to_owned())];
            jar.learn(&Reply { headers, ..Reply::default() });
        }
        jar
    }

    #[track_caller]
    fn check(given: &[&str], head: &str, expected: &str) {
        assert_eq!(String::from_utf8(jar(given).put_into(head.as_bytes())).unwrap(), expected, "{given:?}");
    }

    #[test]
    fn without_a_cookie_every_byte_stays() {
        let head = "POST / HTTP/1.0\r\nContent-Type: a\r\nContent-Length: 1\r\n\r\nx";
        check(&[], head, head);
        check(&["nonsense", "=x", "a=b c", "a=\u{7}"], head, head);
    }

    #[test]
    fn the_last_value_counts_and_an_empty_one_takes_it_back() {
        let get = "GET / HTTP/1.0\r\n\r\n";
        check(&["sid=1; Path=/; HttpOnly"], get, "GET / HTTP/1.0\r\nCookie: sid=1\r\n\r\n");
        check(&["sid=1", "b=2", "sid=3"], get, "GET / HTTP/1.0\r\nCookie: b=2; sid=3\r\n\r\n");
        check(&["sid=1", "sid=; Max-Age=0"], get, get);
    }

    #[test]
    fn the_headers_of_the_body_stay_last() {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: a\r\nContent-Length: 1\r\n\r\n";
        let expected =
            "POST / HTTP/1.1\r\nHost: a\r\nCookie: sid=1\r\nContent-Type: a\r\nContent-Length: 1\r\n\r\n";
        check(&["sid=1"], head, expected);
    }

    #[test]
    fn a_phone_cannot_fill_us_with_cookies() {
        let many: Vec<String> = (0..100).map(|number| format!("c{number}=x")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(jar(&many).0.len(), MOST);
        assert!(jar(&[&format!("a={}", "x".repeat(LONGEST))]).0.is_empty());
    }
}
