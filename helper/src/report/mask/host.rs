//! Names of computers: in addresses of the web, behind an @, and where they stand alone.

use super::address::is_address;
use super::holes::{Hole, after, before, runs};
use super::names::{Names, is_placeholder};
use super::words::is_nobodys;

/// Bytes before an @ that may belong to a login.
const LONGEST_LOGIN: usize = 256;
/// The maker's own servers, and that of the standards: the same for everybody, and worth knowing.
const PUBLIC: [&str; 5] = ["aastra.com", "aastratelecom.com", "mitel.com", "w3.org", "localhost"];
/// Endings of names that no file has.
const ENDINGS: [&str; 36] = [
    "com",
    "net",
    "org",
    "info",
    "biz",
    "edu",
    "gov",
    "mil",
    "int",
    "arpa",
    "local",
    "lan",
    "home",
    "internal",
    "intranet",
    "corp",
    "localdomain",
    "example",
    "invalid",
    "test",
    "name",
    "pro",
    "mobi",
    "tel",
    "online",
    "site",
    "cloud",
    "app",
    "dev",
    "tech",
    "shop",
    "xyz",
    "voip",
    "phone",
    "telecom",
    "network",
];
/// Endings of two letters that are those of files, although `st` is a country as well.
const FILES: [&str; 14] =
    ["st", "js", "gz", "pl", "py", "sh", "so", "md", "rs", "cc", "ps", "db", "ai", "vb"];
/// What a name with dots begins with in a script.
const SCRIPT: [&str; 24] = [
    "document",
    "window",
    "this",
    "self",
    "form",
    "forms",
    "frm",
    "event",
    "parent",
    "top",
    "location",
    "navigator",
    "screen",
    "history",
    "math",
    "date",
    "string",
    "object",
    "array",
    "e",
    "f",
    "evt",
    "obj",
    "elem",
];

/// The host of everything that has `://` in it, and a login before it.
pub(super) fn in_urls(text: &str, hosts: &mut Names) -> Vec<Hole> {
    let mut holes = Vec::new();
    for (at, mark) in text.match_indices("://") {
        let start = at + mark.len();
        let rest = &text[start..];
        let is_end = |c: char| c.is_whitespace() || c.is_control() || "/?#\"'<>\\,;)|`".contains(c);
        let authority = &rest[..rest.find(is_end).unwrap_or(rest.len())];
        let host_at = match authority.rfind('@') {
            Some(login) => {
                holes.push(Hole::new(start..start + login, super::names::SECRET));
                login + 1
            }
            None => 0,
        };
        let host = host_of(&authority[host_at..]);
        if is_foreign(host) {
            let from = start + host_at;
            holes.push(Hole::new(from..from + host.len(), hosts.of(host)));
        }
    }
    holes
}

/// `somebody@somewhere`, also as `sip:4711@somewhere`; a password between the two goes as well.
pub(super) fn behind_at(text: &str, hosts: &mut Names, users: &mut Names) -> Vec<Hole> {
    let belongs = |c: char| c.is_alphanumeric() || "._%+-~!*'&=$".contains(c);
    let mut holes = Vec::new();
    for (at, _) in text.match_indices('@') {
        let left = &text[..at];
        let start = left
            .char_indices()
            .rev()
            .take(LONGEST_LOGIN)
            .take_while(|(_, c)| belongs(*c))
            .last()
            .map_or(at, |(at, _)| at);
        let user = text[start..at].trim_start_matches(['\'', '&', '=', '*']);
        let start = at - user.len();
        let host = host_of(&text[at + 1..]);
        if user.is_empty() || host.is_empty() || is_placeholder(host) && is_placeholder(user) {
            continue;
        }
        // `sip:4711:secret@somewhere`
        let mut window = start.saturating_sub(LONGEST_LOGIN);
        while !text.is_char_boundary(window) {
            window += 1;
        }
        let before = &text[window..start];
        let scheme = ["sip:", "sips:"].into_iter().find_map(|scheme| {
            let from = window + before.to_ascii_lowercase().rfind(scheme)? + scheme.len();
            let between = text.get(from..start)?;
            (between.ends_with(':') && !between.contains(char::is_whitespace)).then_some(from)
        });
        match scheme {
            Some(from) => holes.push(Hole::new(from..at, super::names::SECRET)),
            None if is_nobodys(user) => {}
            None => holes.push(Hole::new(start..at, users.of(user))),
        }
        if is_foreign(host) && !is_address(host) {
            holes.push(Hole::new(at + 1..at + 1 + host.len(), hosts.of(host)));
        }
    }
    holes
}

/// Names with dots that stand by themselves, as far as they are neither files nor scripts.
pub(super) fn alone(text: &str, hosts: &mut Names) -> Vec<Hole> {
    let mut holes = Vec::new();
    for run in runs(text, |c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_')) {
        let name = text[run.clone()].trim_matches(['.', '-', '_']);
        let start = run.start + text[run.clone()].find(name).unwrap_or_default();
        let is_call = after(text, start + name.len()) == Some('(');
        // A path's part; what stands behind two is a host, and was seen before.
        let in_path = before(text, start) == Some('/');
        if !is_call && !in_path && is_name(name) && is_foreign(name) {
            holes.push(Hole::new(start..start + name.len(), hosts.of(name)));
        }
    }
    holes
}

/// Whether a whole value is the name of a computer, if it is known to be that of a server.
pub(super) fn is_value(value: &str) -> bool {
    let host = host_of(value);
    let port = value.strip_prefix(host).unwrap_or_default();
    let is_plain = host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    let is_port = port.is_empty()
        || port
            .strip_prefix(':')
            .is_some_and(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()));
    let begins = host.split('.').next().unwrap_or_default().to_ascii_lowercase();
    is_plain
        && is_port
        && host.contains(char::is_alphabetic)
        && !is_file(host)
        && !(host.contains('.') && SCRIPT.contains(&begins.as_str()))
        && is_foreign(host)
}

/// The host at the beginning of what may go on with a port or a path.
pub(super) fn host_of(text: &str) -> &str {
    if text.starts_with('[') {
        return &text[..text.find(']').map_or(text.len(), |end| end + 1)];
    }
    let is_end = |c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    text[..text.find(is_end).unwrap_or(text.len())].trim_end_matches(['.', '-'])
}

fn is_foreign(host: &str) -> bool {
    let lower = host.to_lowercase();
    let is_public =
        |known: &str| lower.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    !(host.is_empty() || is_address(host) || is_nobodys(host) || PUBLIC.iter().any(|known| is_public(known)))
}

fn is_name(name: &str) -> bool {
    let labels: Vec<&str> = name.split('.').collect();
    let (first, last) = (labels[0].to_ascii_lowercase(), labels[labels.len() - 1].to_ascii_lowercase());
    let is_letters = last.chars().all(char::is_alphabetic) || last.starts_with("xn--");
    if labels.len() < 2 || labels.iter().any(|label| label.is_empty()) || !is_letters {
        return false;
    }
    let is_country = last.chars().count() == 2 && !FILES.contains(&last.as_str());
    let is_known = ENDINGS.contains(&last.as_str()) || !last.is_ascii() || last.starts_with("xn--");
    // A name that is long enough, and not one of a script.
    let is_long = labels.len() > 2 && !is_file(name) && last.len() > 2;
    !SCRIPT.contains(&first.as_str()) && (is_country || is_known || is_long)
}

fn is_file(name: &str) -> bool {
    const ENDS: [&str; 32] = [
        "st", "cfg", "html", "htm", "cgi", "zip", "gz", "tar", "tgz", "bin", "img", "txt", "xml", "js",
        "css", "gif", "jpg", "jpeg", "png", "ico", "tuz", "asp", "php", "csv", "dat", "log", "exe", "pem",
        "der", "pcap", "json", "rom",
    ];
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| ENDS.contains(&ending.as_str()))
}
