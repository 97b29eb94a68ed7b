//! Where a reference on the phone's page leads (RFC 3986, 5.2, as browsers read it).
//!
//! Only the phone's own server is ever spoken to: what leads to another host, another port or
//! another scheme is told and not followed. A small function of our own, because the `url` crate
//! brings the tables of international names for addresses that are numbers.

use std::net::IpAddr;

use shared::address::{PHONE_HTTP_PORT, PhoneAddress};

/// A page of the phone: where it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Here {
    /// The phone's server, as the person typed it.
    pub address: PhoneAddress,
    /// Its IP address, when it was typed as a name.
    pub ip: Option<IpAddr>,
    /// Path and query of the page.
    pub path: String,
}

/// Where a reference leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// To this path and query on the phone.
    Phone(String),
    /// To a script on the page.
    Script,
    /// To somebody else.
    Elsewhere(String),
}

impl Place {
    /// The path, when it is the phone's.
    pub fn on_phone(self) -> Option<String> {
        match self {
            Place::Phone(path) => Some(path),
            Place::Script | Place::Elsewhere(_) => None,
        }
    }
}

impl Here {
    /// A page by its path.
    pub fn new(address: PhoneAddress, path: impl Into<String>) -> Self {
        Self { address, ip: None, path: path.into() }
    }

    /// Another page of the same phone.
    pub fn at(&self, path: impl Into<String>) -> Self {
        Self { path: path.into(), ..self.clone() }
    }

    /// Where a reference on this page leads.
    pub fn resolve(&self, reference: &str) -> Place {
        // Browsers strip blanks around it and new lines anywhere (WHATWG URL, 4.4).
        let plain: String = reference
            .trim_matches(|c: char| c <= ' ')
            .chars()
            .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
            .collect();
        let plain = plain.split('#').next().unwrap_or("");
        match scheme(plain) {
            Some(("javascript", _)) => Place::Script,
            Some(("http", rest)) if is_rooted(rest) => self.absolute(plain, rest),
            // `http:page` is a relative reference to browsers.
            Some(("http", rest)) => self.relative(rest),
            Some(_) => Place::Elsewhere(plain.to_owned()),
            None if plain.starts_with("//") || plain.starts_with("\\\\") => self.absolute(plain, plain),
            None => self.relative(plain),
        }
    }

    fn absolute(&self, whole: &str, rest: &str) -> Place {
        let rest = rest.trim_start_matches(['/', '\\']);
        let end = rest.find(['/', '\\', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        if !self.is_here(authority) {
            return Place::Elsewhere(whole.to_owned());
        }
        let path = if path.starts_with(['/', '\\']) { path.to_owned() } else { format!("/{path}") };
        Place::Phone(tidy(&path))
    }

    fn is_here(&self, authority: &str) -> bool {
        let authority = authority.rsplit('@').next().unwrap_or(authority);
        let (host, port) = match authority.strip_prefix('[') {
            Some(v6) => {
                let Some((host, port)) = v6.split_once(']') else { return false };
                (host, port.strip_prefix(':').unwrap_or(""))
            }
            None => authority.split_once(':').unwrap_or((authority, "")),
        };
        let port = if port.is_empty() { Some(PHONE_HTTP_PORT) } else { port.parse().ok() };
        let same_host = host.eq_ignore_ascii_case(&self.address.host)
            || host.parse().is_ok_and(|ip: IpAddr| Some(ip) == self.ip.or(self.address.ip()));
        same_host && port == Some(self.address.port)
    }

    fn relative(&self, reference: &str) -> Place {
        let bare = self.path.split('?').next().unwrap_or("/");
        Place::Phone(match reference.chars().next() {
            None => tidy(&self.path),
            Some('/' | '\\') => tidy(reference),
            Some('?') => tidy(&format!("{bare}{reference}")),
            Some(_) => {
                let folder = bare.rfind('/').map_or("/", |slash| &bare[..=slash]);
                tidy(&format!("{folder}{reference}"))
            }
        })
    }
}

fn is_rooted(rest: &str) -> bool {
    rest.starts_with("//") || rest.starts_with("\\\\")
}

/// The scheme in front of a colon, and what is behind it.
fn scheme(reference: &str) -> Option<(&'static str, &str)> {
    let (scheme, rest) = reference.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    let known = ["http", "javascript"].into_iter().find(|known| scheme.eq_ignore_ascii_case(known));
    is_scheme.then_some((known.unwrap_or("other"), rest))
}

/// A path without `.` and `..` (RFC 3986, 5.2.4), and nothing in it that could end the request
/// line: whoever sits at the phone's address writes this.
fn tidy(path: &str) -> String {
    let (path, query) = match path.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (path, None),
    };
    let path = path.replace('\\', "/");
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').skip(usize::from(path.starts_with('/'))).peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment.to_ascii_lowercase().replace("%2e", ".").as_str() {
            "." if last => kept.push(""),
            "." => {}
            ".." => {
                kept.pop();
                if last {
                    kept.push("");
                }
            }
            _ => kept.push(segment),
        }
    }
    let mut tidied = String::from("/");
    escape(&kept.join("/"), &mut tidied);
    if let Some(query) = query {
        tidied.push('?');
        escape(query, &mut tidied);
    }
    tidied
}

/// What cannot stand in a request line goes out as `%XX` (RFC 3986, 2.1).
fn escape(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'"' | b'<' | b'>' | b'`' | b'{' | b'}' => out.push_str(&format!("%{byte:02X}")),
            0x21..=0x7e => out.push(byte as char),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn on(page: &str) -> Here {
        Here::new("192.168.1.5".parse().unwrap(), page)
    }

    #[test]
    fn references_lead_where_a_browser_goes() {
        for (reference, page, expected) in [
            ("", "/x/y.html", "/x/y.html"),
            ("", "/x/y.html?a=1", "/x/y.html?a=1"),
            ("go", "/x/y.html", "/x/go"),
            ("./go", "/", "/go"),
            ("../go", "/x/y/z.html", "/x/go"),
            ("../../../go", "/x/y.html", "/go"),
            ("a/../b", "/x/y.html", "/x/b"),
            ("..", "/x/y/z", "/x/"),
            (".", "/x/y/z", "/x/y/"),
            ("%2e%2e/go", "/x/y", "/go"),
            ("/go#here", "/x/y.html", "/go"),
            ("?a=1", "/x/y.html?b=2", "/x/y.html?a=1"),
            ("go?to=/a/../b", "/x/y", "/x/go?to=/a/../b"),
            ("http://192.168.1.5/go?x", "/", "/go?x"),
            ("HTTP://192.168.1.5:80", "/a", "/"),
            ("http://192.168.1.5?x=1", "/a", "/?x=1"),
            ("http://admin@192.168.1.5/go", "/", "/go"),
            ("//192.168.1.5/go", "/", "/go"),
            ("http:go", "/x/y", "/x/go"),
            ("\\go", "/x/y", "/go"),
            (" go\n.cgi ", "/", "/go.cgi"),
            ("my page", "/", "/my%20page"),
            ("g\u{e4}", "/", "/g%C3%A4"),
        ] {
            assert_eq!(on(page).resolve(reference), Place::Phone(expected.into()), "{reference} on {page}");
        }
    }

    #[test]
    fn the_examples_of_rfc_3986() {
        // RFC 3986, 5.4, with the phone in the place of `a`.
        for (reference, expected) in [
            ("g", "/b/c/g"),
            ("g/", "/b/c/g/"),
            ("/g", "/g"),
            ("?y", "/b/c/d;p?y"),
            ("g?y", "/b/c/g?y"),
            ("", "/b/c/d;p?q"),
            ("./", "/b/c/"),
            ("../", "/b/"),
            ("../..", "/"),
            ("../../../../g", "/g"),
            ("/./g", "/g"),
            ("g..", "/b/c/g.."),
            ("./../g", "/b/g"),
            ("g;x=1/../y", "/b/c/y"),
        ] {
            assert_eq!(on("/b/c/d;p?q").resolve(reference), Place::Phone(expected.into()), "{reference}");
        }
    }

    #[test]
    fn nobody_else_is_spoken_to() {
        for reference in [
            "http://192.168.1.6/go",
            "http://192.168.1.5:8080/go",
            "https://192.168.1.5/go",
            "//evil.example/go",
            "http://192.168.1.5@evil.example/",
            "http://192.168.1.50/",
            "ftp://192.168.1.5/",
            "mailto:a@b",
        ] {
            assert!(matches!(on("/").resolve(reference), Place::Elsewhere(_)), "{reference}");
        }
        assert_eq!(on("/").resolve("JavaScript:go()"), Place::Script);
    }

    #[test]
    fn a_phone_by_name_is_the_same_phone_by_number() {
        let mut here = Here::new("phone.local:8080".parse().unwrap(), "/");
        here.ip = Some("10.0.0.7".parse().unwrap());
        for reference in ["http://10.0.0.7:8080/a", "http://PHONE.local:8080/a"] {
            assert_eq!(here.resolve(reference), Place::Phone("/a".into()));
        }
        let v6 = Here::new("[::1]:8080".parse().unwrap(), "/");
        assert_eq!(v6.resolve("http://[::1]:8080/a"), Place::Phone("/a".into()));
    }

    proptest! {
        #[test]
        fn what_is_resolved_fits_into_a_request_line(reference in "\\PC{0,40}", page in "/[a-z/.?]{0,20}") {
            if let Place::Phone(path) = on(&page).resolve(&reference) {
                prop_assert!(path.starts_with('/'));
                prop_assert!(path.bytes().all(|byte| (0x21..=0x7e).contains(&byte)), "{}", path);
                let bare = path.split('?').next().unwrap();
                prop_assert!(bare.split('/').all(|segment| segment != ".." && segment != "."), "{}", path);
                // What is resolved stays where it is; `//` would begin a host.
                if !path.starts_with("//") {
                    prop_assert_eq!(on("/").resolve(&path), Place::Phone(path.clone()));
                }
            }
        }
    }
}
