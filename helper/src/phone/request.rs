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

/// How a form is put into a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The headers of Firefox 2.0.0.11, in its order, Content-Length last.
    Firefox2,
    /// Only what HTTP/1.1 needs, and `Connection: close`: the shape of the drivers that work
    /// (domain.md 1.4, 4).
    Minimal,
    /// The same under HTTP/1.0.
    Http10,
}

/// A GET, plain enough for a boot loader.
pub fn get(address: &PhoneAddress, path: &str, login: Option<&Login>) -> Vec<u8> {
    let authorization = login.map(Login::header).unwrap_or_default();
    format!(
        "GET {path} HTTP/1.0\r\n\
         Host: {address}\r\n\
         User-Agent: {FIREFOX_2}\r\n\
         Accept: */*\r\n\
         {authorization}\
         Connection: close\r\n\r\n"
    )
    .into_bytes()
}

/// A form sent with GET: the query takes the place of the body.
pub fn get_form(address: &PhoneAddress, action: &str, query: &str) -> Vec<u8> {
    let bare = action.split('?').next().unwrap_or(action);
    get(address, &format!("{bare}?{query}"), None)
}

/// A form sent with POST.
pub fn post(
    address: &PhoneAddress,
    action: &str,
    body: &str,
    shape: Shape,
    login: Option<&Login>,
) -> Vec<u8> {
    let length = body.len();
    let authorization = login.map(Login::header).unwrap_or_default();
    let head = match shape {
        Shape::Firefox2 => format!(
            "POST {action} HTTP/1.1\r\n\
             Host: {address}\r\n\
             User-Agent: {FIREFOX_2}\r\n\
             Accept: text/xml,application/xml,application/xhtml+xml,text/html;q=0.9,text/plain;q=0.8,image/png,*/*;q=0.5\r\n\
             Accept-Language: en-us,en;q=0.5\r\n\
             Accept-Encoding: gzip,deflate\r\n\
             Accept-Charset: ISO-8859-1,utf-8;q=0.7,*;q=0.7\r\n\
             Keep-Alive: 300\r\n\
             Connection: keep-alive\r\n\
             Referer: http://{address}/\r\n\
             {authorization}\
             Content-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {length}\r\n\r\n"
        ),
        Shape::Minimal => format!(
            "POST {action} HTTP/1.1\r\n\
             Host: {address}\r\n\
             {authorization}\
             Content-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {length}\r\n\
             Connection: close\r\n\r\n"
        ),
        Shape::Http10 => format!(
            "POST {action} HTTP/1.0\r\n\
             {authorization}\
             Content-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {length}\r\n\r\n"
        ),
    };
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(body.as_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phone() -> PhoneAddress {
        "192.168.1.5".parse().unwrap()
    }

    #[test]
    fn the_first_shape_is_firefox_2_with_the_length_last_and_fits_one_segment() {
        let bytes = post(&phone(), "/recovery", "file=57i.st", Shape::Firefox2, None);
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
        assert!(text.ends_with("Content-Length: 11\r\n\r\nfile=57i.st"), "{text}");
        assert!(text.len() < 1400, "domain.md 7.5: total under 1400 bytes");
    }

    #[test]
    fn a_form_with_get_carries_the_fields_in_the_address() {
        let text = String::from_utf8(get_form(&phone(), "/go?old=1", "file=57i.st")).unwrap();
        assert!(text.starts_with("GET /go?file=57i.st HTTP/1.0\r\nHost: 192.168.1.5\r\n"), "{text}");
    }

    #[test]
    fn the_password_is_sent_and_never_shown() {
        let login = Login::factory();
        let text = String::from_utf8(get(&phone(), "/", Some(&login))).unwrap();
        assert!(text.contains("Authorization: Basic YWRtaW46MjIyMjI=\r\n"));
        assert!(!format!("{login:?}").contains("22222"));
    }
}
