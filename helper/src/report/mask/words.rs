//! The words by which it is known what a value is: keys of these phones' configurations
//! (domain.md 4.1), names and labels of fields, in the languages that the phones speak.

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A password, a cookie, or what a login is made of.
    Secret,
    /// The name of a user, a person, or a number to call.
    User,
    /// A server.
    Host,
}

/// How a word must stand in a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// Anywhere.
    Anywhere,
    /// At the end of a word: `ftppass`, not `passive`.
    AtEnd,
    /// Alone: `url`, not `curl`.
    Alone,
}

/// The longer ones first: `username` is no server's.
const WORDS: [(&str, Stands, Kind); 50] = [
    ("password", Stands::Anywhere, Kind::Secret),
    ("passwort", Stands::Anywhere, Kind::Secret),
    ("kennwort", Stands::Anywhere, Kind::Secret),
    ("passphrase", Stands::Anywhere, Kind::Secret),
    ("passwd", Stands::Anywhere, Kind::Secret),
    ("passcode", Stands::Anywhere, Kind::Secret),
    ("mot de passe", Stands::Anywhere, Kind::Secret),
    ("motdepasse", Stands::Anywhere, Kind::Secret),
    ("contrase", Stands::Anywhere, Kind::Secret),
    ("clave", Stands::Alone, Kind::Secret),
    ("secret", Stands::Anywhere, Kind::Secret),
    ("credential", Stands::Anywhere, Kind::Secret),
    ("cookie", Stands::Anywhere, Kind::Secret),
    ("sessionid", Stands::Anywhere, Kind::Secret),
    ("authorization", Stands::Anywhere, Kind::Secret),
    ("cnonce", Stands::Alone, Kind::Secret),
    ("nonce", Stands::Alone, Kind::Secret),
    ("opaque", Stands::Alone, Kind::Secret),
    ("psk", Stands::AtEnd, Kind::Secret),
    ("pwd", Stands::AtEnd, Kind::Secret),
    ("pass", Stands::AtEnd, Kind::Secret),
    ("pin", Stands::Alone, Kind::Secret),
    ("user name", Stands::Anywhere, Kind::User),
    ("username", Stands::Anywhere, Kind::User),
    ("userid", Stands::Anywhere, Kind::User),
    ("auth name", Stands::Anywhere, Kind::User),
    ("screen name", Stands::Anywhere, Kind::User),
    ("display name", Stands::Anywhere, Kind::User),
    ("line name", Stands::Anywhere, Kind::User),
    ("phone number", Stands::Anywhere, Kind::User),
    ("caller id", Stands::Anywhere, Kind::User),
    ("extension", Stands::Alone, Kind::User),
    ("benutzer", Stands::Anywhere, Kind::User),
    ("utilisateur", Stands::Anywhere, Kind::User),
    ("usuario", Stands::Anywhere, Kind::User),
    ("account", Stands::Alone, Kind::User),
    ("login", Stands::AtEnd, Kind::User),
    ("user", Stands::AtEnd, Kind::User),
    ("server", Stands::Anywhere, Kind::Host),
    ("serveur", Stands::Anywhere, Kind::Host),
    ("servidor", Stands::Anywhere, Kind::Host),
    ("serv", Stands::AtEnd, Kind::Host),
    ("registrar", Stands::Anywhere, Kind::Host),
    ("proxy", Stands::Anywhere, Kind::Host),
    ("gateway", Stands::Anywhere, Kind::Host),
    ("hostname", Stands::Anywhere, Kind::Host),
    ("domain", Stands::Anywhere, Kind::Host),
    ("host", Stands::AtEnd, Kind::Host),
    ("url", Stands::Alone, Kind::Host),
    ("uri", Stands::Alone, Kind::Host),
];

/// Values that say nothing about anybody: the words of forms, choices, and the users that every
/// server has.
const NOBODYS: [&str; 69] = [
    "admin",
    "administrator",
    "anonymous",
    "ftp",
    "root",
    "guest",
    "user",
    "users",
    "username",
    "login",
    "password",
    "pass",
    "passwd",
    "name",
    "none",
    "null",
    "nil",
    "true",
    "false",
    "yes",
    "no",
    "on",
    "off",
    "enabled",
    "disabled",
    "default",
    "auto",
    "dhcp",
    "static",
    "manual",
    "all",
    "any",
    "unknown",
    "empty",
    "tftp",
    "http",
    "https",
    "sip",
    "sips",
    "rtp",
    "udp",
    "tcp",
    "tls",
    "server",
    "servers",
    "host",
    "proxy",
    "registrar",
    "domain",
    "gateway",
    "address",
    "port",
    "path",
    "file",
    "filename",
    "protocol",
    "type",
    "value",
    "url",
    "uri",
    "localhost",
    "submit",
    "ok",
    "hookflash",
    "firmware",
    "aragorn",
    "phone",
    "computer",
    "recovery",
];

/// A word that was found, and where it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: Kind,
}

/// Every word in a text, which must be in lower case, in order. Those inside another go with it.
pub(super) fn words(lower: &str) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for (word, stands, kind) in WORDS {
        let stands_right = |at: &usize| {
            let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
            let bytes = lower.as_bytes();
            let begins = at.checked_sub(1).is_none_or(|before| !is_letter(bytes.get(before)));
            let ends = !is_letter(bytes.get(at + word.len()));
            match stands {
                Stands::Anywhere => true,
                Stands::AtEnd => ends,
                Stands::Alone => begins && ends,
            }
        };
        let all = lower.match_indices(word).map(|(at, _)| at).filter(stands_right);
        found.extend(all.map(|start| Found { start, end: start + word.len(), kind }));
    }
    found.sort_by_key(|word| (word.start, std::cmp::Reverse(word.end)));
    let mut end = 0;
    found.retain(|word| {
        let is_inside = word.start < end;
        end = end.max(word.end);
        !is_inside
    });
    found
}

/// What the value of a field or a setting of this name is. A password wins over all else, and a
/// user over a server: `http server password`.
pub(super) fn kind_of(name: &str) -> Option<Kind> {
    words(&name.to_lowercase().replace(['_', '-'], " ")).into_iter().map(|word| word.kind).min()
}

/// Whether a value says nothing about anybody.
pub(super) fn is_nobodys(value: &str) -> bool {
    let lower = value.trim().to_lowercase();
    let is_choice = lower.len() <= 1;
    is_choice || NOBODYS.contains(&lower.as_str()) || super::names::is_placeholder(&lower)
}
