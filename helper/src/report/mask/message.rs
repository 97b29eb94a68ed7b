//! What was said by HTTP: a login and a cookie in a head, the fields of a form in a query or a body
//! (HTML 4.01, 17.13.4; RFC 7578).

use super::Masks;
use super::words::{Kind, kind_of};

/// Headers of which nothing but the name stays.
const LOGINS: [&str; 5] =
    ["authorization", "proxy-authorization", "authentication-info", "x-auth-token", "x-api-key"];
/// Headers that name our own browser, or the phone's server: no address is in them.
const PROGRAMS: [&str; 2] = ["user-agent", "server"];

impl Masks {
    /// A request or a reply.
    pub(crate) fn message(&mut self, message: &str) -> String {
        let (head, body) = match message
            .find("\r\n\r\n")
            .map(|at| (at, 4))
            .or_else(|| message.find("\n\n").map(|at| (at, 2)))
        {
            Some((end, blank)) if has_head(message) => message.split_at(end + blank),
            None if has_head(message) => (message, ""),
            _ => ("", message),
        };
        let lower = head.to_ascii_lowercase();
        let lines = head.split_inclusive('\n').enumerate();
        let mut masked: String = lines.map(|(number, line)| self.line(number, line)).collect();
        if lower.contains("multipart/form-data") {
            masked.push_str(&self.parts(body));
        } else if lower.contains("urlencoded") || is_pairs(body) {
            masked.push_str(&self.pairs(body));
        } else {
            masked.push_str(&self.text(body));
        }
        masked
    }

    fn line(&mut self, number: usize, line: &str) -> String {
        if number == 0 {
            return self.target(line);
        }
        let (name, value) = line.split_once(':').unwrap_or(("", line));
        let lower = name.trim().to_ascii_lowercase();
        let end = &value[value.trim_end_matches(['\r', '\n']).len()..];
        let value = value.trim_matches(['\r', '\n']);
        if name.is_empty() {
            // A header that goes on is the header before it, which may have been a secret.
            let is_folded = line.starts_with([' ', '\t']) && !line.trim().is_empty();
            return if is_folded { format!(" {}{end}", super::names::SECRET) } else { line.to_owned() };
        }
        if LOGINS.contains(&lower.as_str()) {
            return format!("{name}: {}{end}", super::names::SECRET);
        }
        let value = match lower.as_str() {
            "cookie" => cookies(value, usize::MAX),
            "set-cookie" | "set-cookie2" => self.text(&cookies(value, 1)),
            "host" => {
                let host = super::host::host_of(value.trim());
                format!(" {}{}", self.value(Kind::Host, host), &value.trim()[host.len()..])
            }
            lower if PROGRAMS.contains(&lower) => self.hardware(value),
            _ => self.target(value),
        };
        format!("{name}:{value}{end}")
    }

    /// A text with a path and a query in it.
    fn target(&mut self, text: &str) -> String {
        let Some(query) = text.find('?') else { return self.text(text) };
        let (path, rest) = text.split_at(query + 1);
        let end = rest.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(rest.len());
        let (query, more) = rest.split_at(end);
        format!("{}{}{}", self.text(path), self.pairs(query), self.text(more))
    }

    /// `name=value&name=value`.
    pub(super) fn pairs(&mut self, text: &str) -> String {
        let pieces = text.split_inclusive(['&', '\n']);
        pieces
            .map(|piece| {
                let plain = piece.trim_end_matches(['&', '\n', '\r']);
                let Some((name, value)) = plain.split_once('=') else { return self.text(piece) };
                let (name_text, value_text) = (decoded(name), decoded(value));
                let masked = self.field(&name_text, "", &value_text);
                let shown = if masked == value_text { value.to_owned() } else { encoded(&masked) };
                format!("{name}={shown}{}", &piece[plain.len()..])
            })
            .collect()
    }

    /// The parts of a form with a file in it: the name says what a part is.
    fn parts(&mut self, body: &str) -> String {
        let Some(boundary) = body.trim_start().lines().next().filter(|line| line.starts_with("--")) else {
            return self.text(body);
        };
        let boundary = boundary.trim_end();
        let pieces: Vec<&str> = body.split(boundary).collect();
        let masked = pieces.into_iter().map(|part| match part.split_once("\r\n\r\n") {
            Some((head, content)) => {
                let name = head.split("name=\"").nth(1).and_then(|rest| rest.split('"').next());
                let (value, end) =
                    content.strip_suffix("\r\n").map_or((content, ""), |value| (value, "\r\n"));
                let masked = self.field(name.unwrap_or_default(), "", value);
                format!("{}\r\n\r\n{masked}{end}", self.text(head))
            }
            None => self.text(part),
        });
        masked.collect::<Vec<_>>().join(boundary)
    }

    /// The value of a field with this name and this label.
    pub(crate) fn field(&mut self, name: &str, label: &str, value: &str) -> String {
        let kind = [kind_of(name), kind_of(label)].into_iter().flatten().min();
        let kind = if self.is_secret_field(name) { Some(Kind::Secret) } else { kind };
        match kind {
            Some(kind) => {
                let masked = self.value(kind, value);
                if masked == value { self.text(value) } else { masked }
            }
            None => self.text(value),
        }
    }
}

fn has_head(message: &str) -> bool {
    let line = message.lines().next().unwrap_or_default();
    line.starts_with("HTTP/") || line.contains(" HTTP/")
}

fn is_pairs(body: &str) -> bool {
    let line = body.trim_end();
    !line.is_empty()
        && !line.contains([' ', '<', '\n', ':'])
        && line.split('&').all(|pair| pair.contains('='))
}

/// The names of cookies, and of a cookie that is set its attributes: only the first of them is one.
fn cookies(value: &str, most: usize) -> String {
    let mask = |(index, piece): (usize, &str)| match piece.split_once('=') {
        Some((name, _)) if index < most => format!("{name}={}", super::names::SECRET),
        None if index < most && !piece.trim().is_empty() => format!(" {}", super::names::SECRET),
        _ => piece.to_owned(),
    };
    value.split(';').enumerate().map(mask).collect::<Vec<_>>().join(";")
}

/// What a form has written in hexadecimal digits.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let digits = more.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits
            .filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|d| u8::from_str_radix(d, 16).ok());
        match (first, byte) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &more[2..];
            }
            (b'+', _) => {
                bytes.push(b' ');
                rest = more;
            }
            (other, _) => {
                bytes.push(*other);
                rest = more;
            }
        }
    }
    match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => error.into_bytes().into_iter().map(char::from).collect(),
    }
}

fn encoded(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b' ' => "+".to_owned(),
        byte if byte.is_ascii_alphanumeric() || b"-_.*/:".contains(&byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}
