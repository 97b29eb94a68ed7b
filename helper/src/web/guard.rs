//! Who may talk to the helper: the page that the helper itself served, and nobody else.
//!
//! Any web page that the person has open can send requests to 127.0.0.1. Three things stand
//! against it: the Host must be our own (against DNS rebinding), the Origin must be our own for
//! everything but plain reading (against other sites), and the key must be there for
//! everything but the page's own files (against other programs and users).

/// A request, as far as the guard looks at it.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// GET or HEAD.
    pub reads_only: bool,
    /// The path, without the query.
    pub path: &'a str,
    /// The Host header, when there is exactly one.
    pub host: Option<&'a str>,
    /// The Origin header; empty when there is more than one, or one that cannot be read.
    pub origin: Option<&'a str>,
    /// Whether the right key came with it.
    pub has_key: bool,
}

/// What the guard says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Let it in.
    Welcome,
    /// Keep it out.
    Refused(Refusal),
}

/// Why a request is kept out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Sent to another name than ours.
    OtherHost,
    /// Sent by another page than ours.
    OtherOrigin,
    /// Without the key.
    NoKey,
}

impl Refusal {
    /// For whoever reads the answer.
    pub fn sentence(self) -> &'static str {
        match self {
            Refusal::OtherHost => "this address is not the page's own",
            Refusal::OtherOrigin => "another page may not talk to hookflash",
            Refusal::NoKey => "open the page with the address that hookflash printed",
        }
    }
}

/// The socket changes things although it is opened with GET.
const SOCKET: &str = "/api/socket";
/// Where the key is handed in: the one thing that cannot need it.
const SESSION: &str = "/api/session";
/// Asked by a second start of the program, which has no key. It says nothing but hello.
const ALIVE: &str = "/api/alive";

/// Judges a request to us, who are `authority` (`127.0.0.1:PORT`).
pub fn judge(asked: &Asked<'_>, authority: &str) -> Verdict {
    if asked.host != Some(authority) {
        return Verdict::Refused(Refusal::OtherHost);
    }
    let own_origin = asked.origin.is_some_and(|origin| origin.strip_prefix("http://") == Some(authority));
    let must_be_ours = !asked.reads_only || asked.path == SOCKET;
    let foreign = asked.origin.is_some() && !own_origin;
    if foreign || (must_be_ours && !own_origin) {
        return Verdict::Refused(Refusal::OtherOrigin);
    }
    let needs_key = asked.path.starts_with("/api/") && asked.path != SESSION && asked.path != ALIVE;
    if needs_key && !asked.has_key {
        return Verdict::Refused(Refusal::NoKey);
    }
    Verdict::Welcome
}

#[cfg(test)]
mod tests {
    use super::*;

    const US: &str = "127.0.0.1:4711";
    const OWN: Option<&str> = Some("http://127.0.0.1:4711");

    #[track_caller]
    fn check(
        method: &str,
        path: &str,
        host: Option<&str>,
        origin: Option<&str>,
        has_key: bool,
        expected: Option<Refusal>,
    ) {
        let asked = Asked { reads_only: method == "GET", path, host, origin, has_key };
        let verdict = expected.map_or(Verdict::Welcome, Verdict::Refused);
        assert_eq!(judge(&asked, US), verdict, "{method} {path} {host:?} {origin:?} key: {has_key}");
    }

    #[test]
    fn the_page_itself_is_welcome() {
        check("GET", "/", Some(US), None, false, None);
        check("GET", "/app.wasm", Some(US), OWN, false, None);
        check("POST", "/api/session", Some(US), OWN, false, None);
        check("GET", "/api/socket", Some(US), OWN, true, None);
        check("POST", "/api/uploads", Some(US), OWN, true, None);
        check("GET", "/api/alive", Some(US), None, false, None);
    }

    #[test]
    fn another_host_is_refused_even_with_the_key() {
        for host in [
            None,
            Some(""),
            Some("evil.example"),
            Some("evil.example:4711"),
            Some("localhost:4711"),
            Some("127.0.0.1"),
            Some("127.0.0.1:80"),
            Some("127.0.0.1:47110"),
            Some("127.0.0.1:4711.evil.example"),
        ] {
            check("GET", "/", host, None, true, Some(Refusal::OtherHost));
            check("POST", "/api/uploads", host, OWN, true, Some(Refusal::OtherHost));
        }
    }

    #[test]
    fn another_origin_is_refused_even_with_the_key() {
        for origin in [
            Some("null"),
            Some("http://evil.example"),
            Some("https://127.0.0.1:4711"),
            Some("http://127.0.0.1"),
            Some("http://127.0.0.1:4712"),
            Some("http://localhost:4711"),
            Some("http://127.0.0.1:4711.evil.example"),
        ] {
            check("GET", "/", Some(US), origin, true, Some(Refusal::OtherOrigin));
            check("POST", "/api/session", Some(US), origin, true, Some(Refusal::OtherOrigin));
            check("GET", "/api/socket", Some(US), origin, true, Some(Refusal::OtherOrigin));
        }
        check("POST", "/api/session", Some(US), None, true, Some(Refusal::OtherOrigin));
        check("GET", "/api/socket", Some(US), None, true, Some(Refusal::OtherOrigin));
    }

    #[test]
    fn nothing_happens_without_the_key() {
        check("GET", "/api/socket", Some(US), OWN, false, Some(Refusal::NoKey));
        check("POST", "/api/uploads", Some(US), OWN, false, Some(Refusal::NoKey));
        check("GET", "/api/anything", Some(US), None, false, Some(Refusal::NoKey));
    }
}
