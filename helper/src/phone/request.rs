//! The bytes that go to the phone, to the letter.
//!
//! What a phone's server accepts hangs on things that HTTP libraries hide: the order of the
//! headers, their total length, whether head and body share a segment (domain.md 1.4, 1.6). So
//! requests are built here as bytes, and sent as they are.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use shared::address::PhoneAddress;

/// Who we say we are: the browser that "worked every time" (domain.md 1.5, case C04).
const FIREFOX_2: &str =
    "Mozilla/5.0 (Windows; U; Windows NT 5.1; en-US; rv:1.8.1.11) Gecko/20071127 Firefox/2.0.0.11";

/// Who the plain shape says it is: what browsers of every age begin with.
const PLAIN_AGENT: &str = "Mozilla/4.0 (compatible)";
/// How a form's body is written, unless it says otherwise (HTML 4.01, 17.13.4).
pub const URLENCODED: &str = "application/x-www-form-urlencoded";

/// A user and a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The user.
    pub user: String,
    /// The password. It is never shown and never logged.
    pub password: String,
}

impl Login {
    /// The documented default of every model (domain.md 2, "Passwords").
    pub fn factory() -> Self {
        Self { user: "admin".into(), password: "22222".into() }
    }

    fn header(&self) -> String {
        let pair = BASE64.encode(format!("{}:{}", self.user, self.password));
        format!("Authorization: Basic {pair}\r\n")
    }
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login").field("user", &self.user).finish_non_exhaustive()
    }
}

/// How a form is put into a request: which headers, and which version of HTTP. Whatever the
/// shape, Content-Type and Content-Length come last (hypothesis H3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// The headers of Firefox 2.0.0.11, in its order.
    Firefox2,
    /// The few that any browser sends: for a phone that refuses one of the rest, or a long head,
    /// and wants one of these.
    Plain,
    /// Only what HTTP/1.1 needs, and `Connection: close`: the shape of the drivers that work
    /// (domain.md 1.4, 4).
    Minimal,
    /// Firefox 2 under HTTP/1.0.
    Firefox2Http10,
    /// The few under HTTP/1.0.
    PlainHttp10,
    /// HTTP/1.0 and nothing that it does not need.
    Http10,
}

impl Shape {
    fn version(self) -> &'static str {
        match self {
            Shape::Firefox2 | Shape::Plain | Shape::Minimal => "HTTP/1.1",
            Shape::Firefox2Http10 | Shape::PlainHttp10 | Shape::Http10 => "HTTP/1.0",
        }
    }

    /// The headers in front of the body's own.
    fn headers(self, address: &PhoneAddress, referer: &str) -> String {
        match self {
            Shape::Firefox2 | Shape::Firefox2Http10 => format!(
                "Host: {address}\r\n\
                 User-Agent: {FIREFOX_2}\r\n\
                 Accept: text/xml,application/xml,application/xhtml+xml,text/html;q=0.9,text/plain;q=0.8,image/png,*/*;q=0.5\r\n\
                 Accept-Language: en-us,en;q=0.5\r\n\
                 Accept-Encoding: gzip,deflate\r\n\
                 Accept-Charset: ISO-8859-1,utf-8;q=0.7,*;q=0.7\r\n\
                 Keep-Alive: 300\r\n\
                 Connection: keep-alive\r\n\
                 Referer: http://{address}{referer}\r\n"
            ),
            Shape::Plain | Shape::PlainHttp10 => format!(
                "Host: {address}\r\n\
                 User-Agent: {PLAIN_AGENT}\r\n\
                 Accept: */*\r\n\
                 Referer: http://{address}{referer}\r\n\
                 Connection: close\r\n"
            ),
            Shape::Minimal => format!("Host: {address}\r\nConnection: close\r\n"),
            Shape::Http10 => String::new(),
        }
    }
}

/// Where a form goes.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The phone's server.
    pub address: &'a PhoneAddress,
    /// Path and query of the form's action.
    pub action: &'a str,
    /// Path and query of the page with the form.
    pub referer: &'a str,
}

/// A GET, plain enough for a boot loader, in this version of HTTP (`1.0` or `1.1`).
pub fn get(address: &PhoneAddress, path: &str, version: &str, login: Option<&Login>) -> Vec<u8> {
    let authorization = login.map(Login::header).unwrap_or_default();
    format!(
        "GET {path} HTTP/{version}\r\n\
         Host: {address}\r\n\
         User-Agent: {FIREFOX_2}\r\n\
         Accept: */*\r\n\
         {authorization}\
         Connection: close\r\n\r\n"
    )
    .into_bytes()
}

/// A form sent with GET: the query takes the place of the body.
pub fn get_form(target: Target<'_>, query: &str, shape: Shape) -> Vec<u8> {
    let bare = target.action.split('?').next().unwrap_or(target.action);
    let headers = shape.headers(target.address, target.referer);
    format!("GET {bare}?{query} {}\r\n{headers}\r\n", shape.version()).into_bytes()
}

/// The head of a POST, with the empty line.
pub fn post_head(target: Target<'_>, content_type: &str, length: usize, shape: Shape) -> Vec<u8> {
    let headers = shape.headers(target.address, target.referer);
    format!(
        "POST {} {}\r\n{headers}Content-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n",
        target.action,
        shape.version()
    )
    .into_bytes()
}

/// A POST to a page of normal mode, in the shape of the drivers that work.
pub fn post(address: &PhoneAddress, action: &str, body: &str, login: Option<&Login>) -> Vec<u8> {
    let authorization = login.map(Login::header).unwrap_or_default();
    let length = body.len();
    format!(
        "POST {action} HTTP/1.1\r\n\
         Host: {address}\r\n\
         {authorization}\
         Content-Type: {URLENCODED}\r\n\
         Content-Length: {length}\r\n\
         Connection: close\r\n\r\n{body}"
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phone() -> PhoneAddress {
        "192.168.1.5".parse().unwrap()
    }

    #[test]
    fn the_first_shape_is_firefox_2_with_the_length_last_and_fits_one_segment() {
        let phone = phone();
        let target = Target { address: &phone, action: "/recovery", referer: "/" };
        let bytes = post_head(target, URLENCODED, 11, Shape::Firefox2);
        let text = String::from_utf8(bytes).unwrap();
        let names: Vec<&str> = text
            .lines()
            .skip(1)
            .take_while(|line| !line.is_empty())
            .filter_map(|l| l.split(':').next())
            .collect();
        assert_eq!(
            names,
            [
                "Host",
                "User-Agent",
                "Accept",
                "Accept-Language",
                "Accept-Encoding",
                "Accept-Charset",
                "Keep-Alive",
                "Connection",
                "Referer",
                "Content-Type",
                "Content-Length",
            ]
        );
        assert!(text.ends_with("Content-Length: 11\r\n\r\n"), "{text}");
        assert!(text.len() < 1400, "domain.md 7.5: total under 1400 bytes");
    }

    #[test]
    fn a_form_with_get_carries_the_fields_in_the_address() {
        let phone = phone();
        let target = Target { address: &phone, action: "/go?old=1", referer: "/" };
        let text = String::from_utf8(get_form(target, "file=57i.st", Shape::Minimal)).unwrap();
        assert_eq!(text, "GET /go?file=57i.st HTTP/1.1\r\nHost: 192.168.1.5\r\nConnection: close\r\n\r\n");
    }

    #[test]
    fn every_shape_is_different_and_has_the_length_last() {
        use Shape::{Firefox2, Firefox2Http10, Http10, Minimal, Plain, PlainHttp10};
        let phone = phone();
        let target = Target { address: &phone, action: "/go", referer: "/page.htm" };
        let mut lengths = Vec::new();
        for (shape, version) in [
            (Firefox2, "HTTP/1.1"),
            (Plain, "HTTP/1.1"),
            (Minimal, "HTTP/1.1"),
            (Firefox2Http10, "HTTP/1.0"),
            (PlainHttp10, "HTTP/1.0"),
            (Http10, "HTTP/1.0"),
        ] {
            let text = String::from_utf8(post_head(target, URLENCODED, 5, shape)).unwrap();
            assert!(text.starts_with(&format!("POST /go {version}\r\n")), "{text}");
            assert!(
                text.ends_with(&format!("Content-Type: {URLENCODED}\r\nContent-Length: 5\r\n\r\n")),
                "{text}"
            );
            assert_eq!(
                text.contains("Referer: http://192.168.1.5/page.htm\r\n"),
                !matches!(shape, Minimal | Http10)
            );
            lengths.push(text.len());
        }
        assert!(lengths[0] > lengths[1] && lengths[1] > lengths[2], "{lengths:?}");
        assert!(lengths[3] > lengths[4] && lengths[4] > lengths[5], "{lengths:?}");
    }

    #[test]
    fn the_password_is_sent_and_never_shown() {
        let login = Login::factory();
        let text = String::from_utf8(get(&phone(), "/", "1.0", Some(&login))).unwrap();
        assert!(text.contains("Authorization: Basic YWRtaW46MjIyMjI=\r\n"));
        assert!(!format!("{login:?}").contains("22222"));
    }
}
