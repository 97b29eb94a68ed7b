//! The pages of a phone in normal mode (domain.md 4), read.

use std::net::IpAddr;

use scraper::{ElementRef, Node};
use shared::model::Model;
use shared::protocol::Identity;

use super::form_reader::parse;

/// Model and version.
pub const SYSINFO: &str = "/sysinfo.html";
/// The settings that are stored on the phone itself.
pub const LOCALCFG: &str = "/localcfg.html";
/// What a provisioning server has sent.
pub const SERVERCFG: &str = "/servercfg.html";
/// Restart, factory defaults, removal of the local configuration.
pub const RESET: &str = "/reset.html";

/// What can be asked of [`RESET`], by the number that the page gives it (domain.md 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResetOption {
    /// Start again.
    Restart,
    /// Factory defaults, the password among them.
    FactoryDefaults,
    /// Remove the local configuration: it wins over everything else and survives a new
    /// firmware (C17).
    LocalConfiguration,
}

impl ResetOption {
    /// The form's body.
    pub fn body(self) -> &'static str {
        match self {
            ResetOption::Restart => "resetOption=0",
            ResetOption::FactoryDefaults => "resetOption=1",
            ResetOption::LocalConfiguration => "resetOption=2",
        }
    }
}

/// One line of a phone's configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The key, such as `sip proxy ip`.
    pub key: String,
    /// Its value.
    pub value: String,
}

impl Setting {
    /// Whether it can lock the phone again: who provides it, and with which password. A
    /// checksum that the phone keeps for itself cannot (domain.md 3.3, `firmware md5`).
    pub fn can_lock(&self) -> bool {
        const WORDS: [&str; 8] = ["server", "password", "sip", "path", "url", "uri", "proxy", "provision"];
        let asks_the_maker = self.key == "contact rcs" && !self.is_quarantine();
        let names_nobody = NOBODY.contains(&self.value.as_str());
        !self.is_checksum()
            && !names_nobody
            && (asks_the_maker || WORDS.iter().any(|word| self.key.contains(word)))
    }

    /// Whether it is the one line that our own quarantine gives (domain.md 4.1, `RCS off`).
    pub fn is_quarantine(&self) -> bool {
        self.key == "contact rcs" && self.value == "0"
    }

    /// Whether it leads the phone to somebody who may lock it again: a server of configurations
    /// or firmware, or the maker's redirection (domain.md 4.1).
    fn names_a_provider(&self) -> bool {
        const PROVISIONING: [&str; 6] = ["server", "upgrade uri", "provision", "path", "url", "registrar"];
        let is_secret = ["password", "user"].iter().any(|word| self.key.contains(word));
        let names_nobody = NOBODY.contains(&self.value.as_str());
        !is_secret
            && !self.is_checksum()
            && !names_nobody
            && PROVISIONING.iter().any(|word| self.key.contains(word))
    }

    /// The setting in words, without a login that a URL may carry, and not longer than a line.
    fn words(&self) -> String {
        let value = match (self.value.find("://"), self.value.rfind('@')) {
            (Some(scheme), Some(at)) if scheme < at => {
                format!("{}://…@{}", &self.value[..scheme], &self.value[at + 1..])
            }
            _ => self.value.clone(),
        };
        let visible = |character: char| if character.is_control() { '?' } else { character };
        format!("{} {}", self.key, value.chars().map(visible).take(LONGEST_VALUE).collect::<String>())
    }

    /// A checksum of what was loaded, kept by the phone itself.
    pub fn is_checksum(&self) -> bool {
        self.key.contains("md5")
    }
}

/// What is stored on a phone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stored {
    /// What was typed at the phone or its pages: it wins over everything else (domain.md 4.1).
    pub local: Vec<Setting>,
    /// What a server has sent; none when the phone does not show it.
    pub server: Option<Vec<Setting>>,
}

impl Stored {
    /// From where the phone was provisioned, as far as its settings tell: `http server 10.1.1.1`.
    /// What a server has sent comes first, for it was reached. `ours` is this computer, which is
    /// nobody else.
    pub fn provider(&self, ours: Option<IpAddr>) -> Option<String> {
        let all = self.server.iter().flatten().chain(&self.local);
        let mut words: Vec<String> = Vec::new();
        let is_ours = |setting: &Setting| {
            ours.is_some_and(|ours| setting.value.split(['/', ':', '@']).any(|part| part == ours.to_string()))
        };
        for setting in all.filter(|setting| setting.names_a_provider() && !is_ours(setting)) {
            let setting = setting.words();
            if words.len() < MOST_NAMED && !words.contains(&setting) {
                words.push(setting);
            }
        }
        (!words.is_empty()).then(|| words.join(", "))
    }

    /// What somebody's server has sent: neither our quarantine's line nor a checksum.
    pub fn from_servers(&self) -> Vec<&Setting> {
        let all = self.server.iter().flatten();
        all.filter(|setting| !setting.is_quarantine() && !setting.is_checksum()).collect()
    }
}

/// Values of an address that lead to nobody: a phone writes its own defaults like this.
const NOBODY: [&str; 3] = ["0.0.0.0", "none", "-"];
/// Settings that are named when it is told who provisioned a phone.
const MOST_NAMED: usize = 4;
/// Characters of a value that are told.
const LONGEST_VALUE: usize = 80;

/// Reads [`SYSINFO`]: the value stands behind its name, in the next cell (domain.md 4) or on the
/// same line. Where no such name stands, what can only be a version, or names a known model, is
/// taken from the page's words.
pub fn read_identity(html: &str) -> Identity {
    /// What the value is called, best first.
    const PLATFORM: [&str; 3] = ["platform", "phone model", "model"];
    const VERSION: [&str; 3] = ["firmware version", "software version", "version"];
    let text = lines(html);
    let pieces: Vec<Vec<String>> = text.lines().map(pieces).collect();
    let named = |names: &[&str]| names.iter().find_map(|name| after(&pieces, name));
    Identity {
        platform: named(&PLATFORM).or_else(|| Model::in_text(&text).map(|model| model.name.to_owned())),
        version: named(&VERSION).or_else(|| words(&text).find(|word| is_version(word)).map(str::to_owned)),
    }
}

/// The parts of a line: cells, and what stands on both sides of a colon or an equals sign.
fn pieces(line: &str) -> Vec<String> {
    let parts = line.split(['\t', ':', '=']);
    let tidy = |part: &str| part.split_whitespace().collect::<Vec<_>>().join(" ");
    parts.map(tidy).filter(|part| !part.is_empty()).collect()
}

/// The piece behind the first one of this name, on its line or at the start of the next.
fn after(lines: &[Vec<String>], name: &str) -> Option<String> {
    let all: Vec<&String> = lines.iter().flatten().collect();
    let at = all.iter().position(|piece| piece.eq_ignore_ascii_case(name))?;
    all.get(at + 1).map(|value| value.to_string())
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).map(|word| word.trim_matches('.'))
}

/// Four numbers, the last of three digits or more: an address has none that is longer than three
/// and none above 255 (domain.md 3.3: `d.d.d.dddd`).
fn is_version(word: &str) -> bool {
    let numbers: Vec<&str> = word.split('.').collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_build = |part: &str| part.parse::<u32>().is_ok_and(|build| build > 255);
    numbers.len() == 4 && numbers.iter().all(is_number) && is_build(numbers[3])
}

/// Reads [`LOCALCFG`] and [`SERVERCFG`]: every setting, in whatever way the page shows it: `key: value` or
/// `key = value` lines, cells of a table, a list of terms, or fields filled with the values.
pub fn read_settings(html: &str) -> Vec<Setting> {
    lines(html).lines().filter_map(setting).collect()
}

/// The page as lines of text, a tab between the cells of one line.
fn lines(html: &str) -> String {
    const NEW_LINE: [&str; 16] = [
        "tr", "br", "p", "div", "li", "dt", "pre", "textarea", "form", "table", "hr", "h1", "h2", "h3",
        "title", "option",
    ];
    const NEW_CELL: [&str; 3] = ["td", "th", "dd"];
    let document = parse(html);
    let mut lines = String::new();
    for node in document.root_element().descendants() {
        match node.value() {
            Node::Text(text) => {
                let inside = |names: &[&str]| {
                    let mut around = node.ancestors().filter_map(ElementRef::wrap);
                    around.any(|element| names.contains(&element.value().name()))
                };
                // In a cell a new line of the source is a space; between cells it is nothing.
                if inside(&["pre", "textarea"]) || !inside(&["table", "dl"]) {
                    lines.push_str(text);
                } else if inside(&["td", "th", "dd", "dt"]) {
                    lines.push_str(&text.replace(['\n', '\r'], " "));
                }
            }
            Node::Element(element) if NEW_LINE.contains(&element.name()) => lines.push('\n'),
            Node::Element(element) if NEW_CELL.contains(&element.name()) => lines.push('\t'),
            Node::Element(element) if element.name() == "input" => {
                lines.push('\t');
                lines.push_str(element.attr("value").unwrap_or(""));
            }
            _ => {}
        }
    }
    lines
}

/// Keys are lower case (domain.md 4.1); a heading of the page is not.
fn setting(line: &str) -> Option<Setting> {
    let line = line.trim();
    let at = line.find([':', '=', '\t'])?;
    let (key, value) = (line[..at].trim(), line[at..].trim_start_matches([':', '=', '\t', ' ']).trim());
    let is_key = key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.len() <= 64
        && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, ' ' | '-' | '_'));
    (is_key && !value.is_empty()).then(|| Setting { key: key.into(), value: value.into() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_platform_and_version_from_the_next_cell() {
        let html = "<TABLE><TR><TD>Platform<TD>57i Revision 0<TR><TD><b>Firmware Version</b>:<TD> 3.3.1.4365 </TABLE>";
        let identity = read_identity(html);
        assert_eq!(identity.platform.as_deref(), Some("57i Revision 0"));
        assert_eq!(identity.version.as_deref(), Some("3.3.1.4365"));
        let nothing = read_identity("<p>Platform</p>");
        assert_eq!(nothing, Identity { platform: None, version: None });
    }

    #[test]
    fn the_identity_is_found_in_every_layout() {
        for html in [
            "<pre>Platform: 57i Revision 0\nFirmware Version: 3.3.1.4365</pre>",
            "<dl><dt>Platform</dt><dd>57i Revision 0</dd><dt>Firmware Version<dd>3.3.1.4365</dl>",
            "<b>Platform:</b> 57i Revision 0<br><b>Firmware Version:</b> 3.3.1.4365<br>",
            "<table><tr><td>Platform:</td><td><b>57i Revision 0</b></td></tr>\n<tr><td>Firmware Version</td>\n<td>3.3.1.4365</td></tr></table>",
            "<li>Platform = 57i Revision 0<li>Firmware Version = 3.3.1.4365",
        ] {
            let identity = read_identity(html);
            assert_eq!(identity.platform.as_deref(), Some("57i Revision 0"), "{html}");
            assert_eq!(identity.version.as_deref(), Some("3.3.1.4365"), "{html}");
        }
        let words = read_identity("<h1>Aastra 6757i</h1><p>IP 10.0.0.255 runs release 2.6.0.2019</p>");
        assert_eq!((words.platform.as_deref(), words.version.as_deref()), (Some("57i"), Some("2.6.0.2019")));
        let neither = read_identity("<p>Printer at 192.168.1.200, toner low</p>");
        assert_eq!(neither, Identity { platform: None, version: None });
    }

    #[test]
    fn reads_the_settings_and_nothing_else_of_the_page() {
        let html = "<h1>Local Configuration: all</h1><pre>firmware md5: abc\nsip proxy ip: 1.2.3.4\r\n# note\nempty:\n</pre>time zone name: DE<br>web: http://x";
        let keys: Vec<_> = read_settings(html).into_iter().map(|s| (s.key.clone(), s.can_lock())).collect();
        let expected =
            [("firmware md5", false), ("sip proxy ip", true), ("time zone name", false), ("web", false)];
        assert_eq!(keys, expected.map(|(key, locks)| (key.to_owned(), locks)));
    }

    #[test]
    fn settings_are_found_in_every_layout() {
        for html in [
            "<pre>http server: 10.1.1.1\nadmin password: 4711</pre>",
            "<textarea>http server: 10.1.1.1\nadmin password: 4711</textarea>",
            "http server: 10.1.1.1<br>admin password: 4711<br>",
            "http server = 10.1.1.1<br>admin password = 4711",
            "<table><tr><td>http server:</td><td>10.1.1.1</td></tr><tr><td>admin password:</td><td>4711</td></tr></table>",
            "<table><tr><td>http server</td>\n<td>\n10.1.1.1\n</td></tr>\n<tr>\n<td>admin password</td><td>4711</td></tr></table>",
            "<TABLE><TR><TD>http server<TD>10.1.1.1<TR><TD>admin password<TD>4711</TABLE>",
            "<dl><dt>http server</dt><dd>10.1.1.1</dd><dt>admin password<dd>4711</dl>",
            "http server: <input value=10.1.1.1><br>admin password: <input value=4711>",
            "<ul><li>http server: 10.1.1.1<li>admin password: 4711</ul>",
        ] {
            let found: Vec<_> = read_settings(html).into_iter().map(|s| (s.key, s.value)).collect();
            let expected = [("http server", "10.1.1.1"), ("admin password", "4711")];
            assert_eq!(found, expected.map(|(key, value)| (key.to_owned(), value.to_owned())), "{html}");
        }
    }

    fn stored(local: &[(&str, &str)], server: &[(&str, &str)]) -> Stored {
        let settings = |pairs: &[(&str, &str)]| {
            let setting =
                |(key, value): &(&str, &str)| Setting { key: (*key).into(), value: (*value).into() };
            pairs.iter().map(setting).collect()
        };
        Stored { local: settings(local), server: Some(settings(server)) }
    }

    #[test]
    fn the_provider_is_named_by_whatever_leads_to_it_and_never_by_a_secret() {
        for (key, value, words) in [
            ("http server", "10.1.1.1", Some("http server 10.1.1.1")),
            ("tftp server", "tftp.example", Some("tftp server tftp.example")),
            (
                "configuration server",
                "http://cfg.example/a",
                Some("configuration server http://cfg.example/a"),
            ),
            ("upgrade uri", "http://me:geheim@cfg.example/", Some("upgrade uri http://…@cfg.example/")),
            ("sip registrar ip", "sip.example", Some("sip registrar ip sip.example")),
            ("https server", "https://a:b@c:d@cfg.example", Some("https server https://…@cfg.example")),
            ("http server password", "geheim", None),
            ("ftp server username", "kunde", None),
            ("firmware server md5", "abc", None),
            ("time zone name", "DE", None),
        ] {
            assert_eq!(stored(&[(key, value)], &[]).provider(None).as_deref(), words, "{key}");
        }
    }

    #[test]
    fn what_a_server_sent_names_the_provider_first_and_not_without_end() {
        let both = stored(&[("http server", "b")], &[("http server", "a")]);
        assert_eq!(both.provider(None).as_deref(), Some("http server a, http server b"));
        let many: Vec<(String, String)> =
            (0..50).map(|number| (format!("server {number}"), "x".repeat(1_000))).collect();
        let many: Vec<(&str, &str)> =
            many.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert!(stored(&many, &many).provider(None).is_some_and(|words| words.len() < 500));
    }

    #[test]
    fn our_own_address_is_nobody_elses_and_an_empty_one_nobodys() {
        let ours = Some("10.0.0.1".parse().unwrap());
        let known =
            stored(&[("tftp server", "10.0.0.1"), ("upgrade uri", "http://10.0.0.1:8080/57i.st")], &[]);
        assert_eq!(known.provider(ours), None);
        assert!(known.provider(None).is_some());
        let empty = stored(&[("http server", "0.0.0.0")], &[]);
        assert_eq!(empty.provider(None), None);
        assert!(!empty.local[0].can_lock());
    }

    #[test]
    fn our_own_quarantine_and_checksums_are_nobodys_settings() {
        let ours = stored(&[], &[("contact rcs", "0"), ("aastra md5", "abc")]);
        assert!(ours.from_servers().is_empty());
        let theirs = stored(&[], &[("contact rcs", "1"), ("time zone name", "DE")]);
        let keys: Vec<&str> = theirs.from_servers().iter().map(|setting| setting.key.as_str()).collect();
        assert_eq!(keys, ["contact rcs", "time zone name"]);
        assert!(stored(&[("http server", "x")], &[]).from_servers().is_empty());
    }

    proptest! {
        #[test]
        fn no_page_is_too_strange(html in "\\PC{0,200}") {
            read_identity(&html);
            for setting in read_settings(&html) {
                prop_assert!(!setting.key.is_empty() && !setting.value.is_empty());
            }
        }
    }
}
