//! What the phone remembers: the state of its recovery page, what lies in its flash (firmware,
//! local configuration), and what it knows since the last boot.
//!
//! Precedence as in domain.md 4.1: built-in, then server files, then local configuration. The
//! password is no value of its own: it follows from these three.

use std::net::IpAddr;

use crate::{Config, Model, Quirk, Start, dhcp::Lease, random::Random};

/// The password of a phone as it leaves the factory (domain.md 2, Passwords).
const DEFAULT_PASSWORD: &str = "22222";
/// The key both kinds of configuration use for it.
const PASSWORD_KEY: &str = "admin password";
/// The key under which a phone keeps the firmware's digest (domain.md 3.3).
const MD5_KEY: &str = "firmware md5";
/// Firmware before the recovery: the version of a real User-Agent (domain.md 5.1).
const OLD_VERSION: &str = "2.6.0.1008";
/// A former owner's password.
const OLD_PASSWORD: &str = "738291";

/// `key: value` lines.
pub(crate) type Lines = Vec<(String, String)>;

/// Where the recovery page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) enum Stage {
    /// Waiting for the form.
    #[default]
    Waiting,
    /// Fetching or writing.
    Busy,
    /// The last download failed.
    Failed,
}

/// All of it.
#[derive(Debug)]
pub(crate) struct Memory {
    // Web Recovery's page, forgotten without power.
    pub(crate) stage: Stage,
    /// A GET came since the last POST.
    pub(crate) form_read: bool,
    /// Posts that passed everything but the count.
    pub(crate) posts: u32,
    /// GETs of this boot.
    pub(crate) gets: u32,
    /// The hidden token of the page served last; it is the cookie as well.
    pub(crate) token: String,
    pub(crate) stray: Vec<u8>,
    // Counted over the whole life.
    pub(crate) downloads: u32,
    pub(crate) returns_to_recovery: u32,
    removals: u32,
    /// Who served the firmware; configuration is asked for there.
    pub(crate) last_server: Option<IpAddr>,
    /// The address it has, or had before it went dark.
    pub(crate) lease: Option<Lease>,
    pub(crate) random: Random,
    // The flash.
    pub(crate) model: Model,
    pub(crate) version: String,
    /// Being written: without power now it is spoilt.
    pub(crate) flash_spoilt: bool,
    pub(crate) local: Lines,
    pub(crate) server: Lines,
    // Since the last boot.
    pub(crate) right_logins: u32,
    pub(crate) wrong_logins: u32,
    pub(crate) page_read: bool,
}

impl Memory {
    pub(crate) fn new(config: &Config) -> Self {
        let mut random = Random::new(config.seed);
        let mut local = former_owners_lines(config.quirks.has(&Quirk::LeftoverConfig));
        local.push((MD5_KEY.to_owned(), digest(&mut random)));
        local.push((PASSWORD_KEY.to_owned(), former_password(config)));
        Self {
            stage: Stage::Waiting,
            form_read: false,
            posts: 0,
            gets: 0,
            token: String::new(),
            stray: Vec::new(),
            downloads: 0,
            returns_to_recovery: 0,
            removals: 0,
            last_server: None,
            lease: None,
            random,
            model: config.model,
            version: OLD_VERSION.to_owned(),
            flash_spoilt: false,
            local,
            server: Vec::new(),
            right_logins: 0,
            wrong_logins: 0,
            page_read: false,
        }
    }

    /// What normal mode wants for `admin`.
    pub(crate) fn password(&self) -> String {
        let given = |lines: &Lines| {
            let line = lines.iter().rev().find(|(key, _)| key == PASSWORD_KEY)?;
            Some(line.1.clone())
        };
        given(&self.local).or_else(|| given(&self.server)).unwrap_or_else(|| DEFAULT_PASSWORD.to_owned())
    }

    pub(crate) fn local_lines(&self) -> Vec<String> {
        as_text(&self.local)
    }

    pub(crate) fn server_lines(&self) -> Vec<String> {
        as_text(&self.server)
    }

    /// A new firmware lies in the flash. The local configuration survives (the thread's C17),
    /// the password does not, unless a switch says otherwise.
    pub(crate) fn firmware_written(&mut self, version: String, config: &Config) {
        self.version = version;
        self.flash_spoilt = false;
        if let Some(model) = config.quirks.other_model() {
            self.model = model;
        }
        if config.quirks.has(&Quirk::CleanConfig) {
            self.local.clear();
        }
        self.local.retain(|(key, _)| key != PASSWORD_KEY && key != MD5_KEY);
        if let Some(password) = config.quirks.other_password() {
            self.local.push((PASSWORD_KEY.to_owned(), password.to_owned()));
        }
        if !config.quirks.has(&Quirk::CleanConfig) {
            self.note_digest();
        }
    }

    /// Option 1: passwords and server files go, the local configuration stays.
    pub(crate) fn restore_factory_defaults(&mut self) {
        self.server.clear();
        self.local.retain(|(key, _)| !key.ends_with("password"));
    }

    /// Option 2.
    pub(crate) fn remove_local_configuration(&mut self, config: &Config) {
        self.removals += 1;
        if self.removals <= config.quirks.sticky_removals() {
            return;
        }
        self.local.clear();
        if config.quirks.has(&Quirk::KeepsMd5) {
            self.note_digest();
        }
    }

    /// Power came: what was known of the last boot is gone.
    pub(crate) fn boot(&mut self) {
        self.stage = Stage::Waiting;
        self.form_read = false;
        self.stray.clear();
        self.gets = 0;
        self.right_logins = 0;
        self.wrong_logins = 0;
        self.page_read = false;
    }

    fn note_digest(&mut self) {
        let digest = digest(&mut self.random);
        self.local.push((MD5_KEY.to_owned(), digest));
    }
}

fn as_text(lines: &Lines) -> Vec<String> {
    lines.iter().map(|(key, value)| format!("{key}: {value}")).collect()
}

/// A phone that starts in normal mode and has no other password takes the default.
fn former_password(config: &Config) -> String {
    match (config.quirks.other_password(), config.start) {
        (Some(digits), _) => digits.to_owned(),
        (None, Start::Normal) => DEFAULT_PASSWORD.to_owned(),
        (None, _) => OLD_PASSWORD.to_owned(),
    }
}

/// Invented lines under the keys that such phones use (domain.md 4, servercfg and localcfg rows).
fn former_owners_lines(long: bool) -> Lines {
    let mut lines = vec![
        ("configuration server", "http://provisioning.example/aastra"),
        ("sip proxy ip", "sip.provider.example"),
        ("sip proxy port", "5060"),
        ("sip user name", "2041"),
        ("sip password", "9f3e77c1"),
        ("user password", "1111"),
    ];
    if long {
        lines.extend([
            ("download protocol", "HTTP"),
            ("http server", "provisioning.example"),
            ("http path", "/aastra"),
            ("auto resync mode", "3"),
            ("sip registrar ip", "sip.provider.example"),
            ("sip outbound proxy", "sip.provider.example"),
            ("sip screen name", "Front desk"),
            ("pc port passthru enabled", "0"),
            ("topsoftkey1 type", "speeddial"),
            ("topsoftkey1 value", "2042"),
        ]);
    }
    lines.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// 32 hexadecimal digits, as long as an MD5; nobody computes it again.
fn digest(random: &mut Random) -> String {
    format!("{:016x}{:016x}", random.next(), random.next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Quirks;

    fn after_recovery(quirks: &str) -> (Memory, Config) {
        let quirks = Quirks::parse(quirks.split_whitespace()).unwrap();
        let config = Config { quirks, ..Config::default() };
        let mut memory = Memory::new(&config);
        memory.firmware_written("3.3.1.4365".to_owned(), &config);
        (memory, config)
    }

    #[test]
    fn recovery_resets_the_password_and_keeps_the_local_configuration() {
        let (memory, _) = after_recovery("");
        assert_eq!(memory.password(), DEFAULT_PASSWORD);
        let lines = memory.local_lines();
        assert!(lines.iter().any(|line| line.starts_with("firmware md5: ")));
        assert!(lines.iter().any(|line| line.starts_with("configuration server: ")));
    }

    #[test]
    fn option_2_removes_it_unless_it_sticks() {
        let (mut memory, config) = after_recovery("sticky-config=1 keeps-md5");
        memory.remove_local_configuration(&config);
        assert!(memory.local_lines().len() > 1);
        memory.remove_local_configuration(&config);
        assert_eq!(memory.local_lines().len(), 1);
    }

    #[test]
    fn option_1_restores_the_password_whoever_set_it() {
        let (mut memory, _) = after_recovery("other-password=4711");
        memory.server.push((PASSWORD_KEY.to_owned(), "55".to_owned()));
        assert_eq!(memory.password(), "4711");
        memory.restore_factory_defaults();
        assert_eq!(memory.password(), DEFAULT_PASSWORD);
        assert!(!memory.local_lines().is_empty());
    }
}
