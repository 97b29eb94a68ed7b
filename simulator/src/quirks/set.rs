//! The switches of one phone, and what the rest of the phone asks about them.

use super::{FormStyle, FtpClient, NameForm, PageLayout, Quirk, QuirkError, ReplyStyle, TftpClient};
use crate::{event::Protocol, model::Model};

/// Any number of switches. Where two speak of the same thing, the later one holds.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Quirks {
    list: Vec<Quirk>,
}

impl Quirks {
    /// No switch at all: the plain 57i.
    pub fn none() -> Self {
        Self::default()
    }

    /// With one switch more.
    #[must_use]
    pub fn with(mut self, quirk: Quirk) -> Self {
        self.push(quirk);
        self
    }

    /// One switch more.
    pub fn push(&mut self, quirk: Quirk) {
        self.list.push(quirk);
    }

    /// From texts such as `form=radio` and `get-first`.
    ///
    /// # Errors
    /// The first text that is no switch.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, QuirkError> {
        let list = texts.into_iter().map(str::parse).collect::<Result<_, _>>()?;
        Ok(Self { list })
    }

    /// All switches, in the order given.
    pub fn list(&self) -> &[Quirk] {
        &self.list
    }

    /// Whether this very switch is set.
    pub fn has(&self, quirk: &Quirk) -> bool {
        self.list.contains(quirk)
    }

    fn last<T>(&self, pick: impl Fn(&Quirk) -> Option<T>) -> Option<T> {
        self.list.iter().rev().find_map(pick)
    }

    fn all<'a>(&'a self, pick: impl Fn(&'a Quirk) -> Option<&'a str> + 'a) -> impl Iterator<Item = &'a str> {
        self.list.iter().filter_map(pick)
    }
}

/// Questions of Web Recovery's server.
impl Quirks {
    pub(crate) fn form(&self) -> FormStyle {
        self.last(|quirk| match quirk {
            Quirk::Form(style) => Some(*style),
            _ => None,
        })
        .unwrap_or_default()
    }

    pub(crate) fn replies(&self) -> ReplyStyle {
        self.last(|quirk| match quirk {
            Quirk::Replies(style) => Some(*style),
            _ => None,
        })
        .unwrap_or_default()
    }

    pub(crate) fn keeps_connections(&self) -> bool {
        self.has(&Quirk::KeepAlive) || self.has(&Quirk::FreshConnection)
    }

    pub(crate) fn head_limit(&self) -> Option<usize> {
        self.last(|quirk| match quirk {
            Quirk::HeadLimit(bytes) => Some(*bytes),
            _ => None,
        })
    }

    pub(crate) fn refused_headers(&self) -> impl Iterator<Item = &str> {
        self.all(|quirk| match quirk {
            Quirk::RefusesHeader(name) => Some(name.as_str()),
            _ => None,
        })
    }

    pub(crate) fn wanted_headers(&self) -> impl Iterator<Item = &str> {
        self.all(|quirk| match quirk {
            Quirk::WantsHeader(name) => Some(name.as_str()),
            _ => None,
        })
    }

    pub(crate) fn refused_posts(&self) -> u32 {
        self.last(|quirk| match quirk {
            Quirk::RefusesFirst(posts) => Some(*posts),
            _ => None,
        })
        .unwrap_or(0)
    }
}

/// Questions of both servers.
impl Quirks {
    /// GETs of each boot that get a 503.
    pub(crate) fn failing_gets(&self) -> u32 {
        self.last(|quirk| match quirk {
            Quirk::GetsFail(times) => Some(*times),
            _ => None,
        })
        .unwrap_or(0)
    }

    pub(crate) fn page_layout(&self) -> PageLayout {
        self.last(|quirk| match quirk {
            Quirk::Pages(layout) => Some(*layout),
            _ => None,
        })
        .unwrap_or_default()
    }
}

/// Questions of the download.
impl Quirks {
    pub(crate) fn late_seconds(&self) -> u64 {
        self.last(|quirk| match quirk {
            Quirk::Late(seconds) => Some(*seconds),
            _ => None,
        })
        .unwrap_or(0)
    }

    /// Whether requests by this protocol bring no answer.
    pub(crate) fn blocks(&self, protocol: Protocol) -> bool {
        let only = self.last(|quirk| match quirk {
            Quirk::Only(only) => Some(*only),
            _ => None,
        });
        only.is_some_and(|only| only != protocol)
            || (protocol == Protocol::Tftp && self.has(&Quirk::BlocksTftp))
    }

    pub(crate) fn tftp_client(&self) -> TftpClient {
        self.last(|quirk| match quirk {
            Quirk::Tftp(client) => Some(*client),
            _ => None,
        })
        .unwrap_or_default()
    }

    pub(crate) fn ftp_client(&self) -> FtpClient {
        self.last(|quirk| match quirk {
            Quirk::Ftp(client) => Some(*client),
            _ => None,
        })
        .unwrap_or_default()
    }

    pub(crate) fn asks(&self) -> Option<NameForm> {
        self.last(|quirk| match quirk {
            Quirk::Asks(form) => Some(*form),
            _ => None,
        })
    }

    pub(crate) fn error_at(&self) -> Option<u64> {
        self.last(|quirk| match quirk {
            Quirk::ErrorAt(bytes) => Some(*bytes),
            _ => None,
        })
    }

    pub(crate) fn stall_at(&self) -> Option<u64> {
        self.last(|quirk| match quirk {
            Quirk::StallAt(bytes) => Some(*bytes),
            _ => None,
        })
    }

    /// Lost packets in 1000.
    pub(crate) fn loss(&self) -> u16 {
        self.last(|quirk| match quirk {
            Quirk::Lossy(lost) => Some(*lost),
            _ => None,
        })
        .unwrap_or(0)
    }
}

/// Questions of what comes after.
impl Quirks {
    pub(crate) fn other_model(&self) -> Option<Model> {
        self.last(|quirk| match quirk {
            Quirk::OtherModel(model) => Some(*model),
            _ => None,
        })
    }

    pub(crate) fn back_in_recovery(&self) -> u32 {
        self.last(|quirk| match quirk {
            Quirk::BackInRecovery(times) => Some(*times),
            _ => None,
        })
        .unwrap_or(0)
    }

    /// Connections of each boot that close unanswered.
    pub(crate) fn half_awake(&self) -> u64 {
        self.last(|quirk| match quirk {
            Quirk::HalfAwake(connections) => Some(u64::from(*connections)),
            _ => None,
        })
        .unwrap_or(0)
    }

    pub(crate) fn other_password(&self) -> Option<&str> {
        self.list.iter().rev().find_map(|quirk| match quirk {
            Quirk::OtherPassword(digits) => Some(digits.as_str()),
            _ => None,
        })
    }

    pub(crate) fn sticky_removals(&self) -> u32 {
        self.last(|quirk| match quirk {
            Quirk::StickyConfig(times) => Some(*times),
            _ => None,
        })
        .unwrap_or(0)
    }

    /// One refusal of the right password is normal (domain.md 1.4, quirk 3).
    pub(crate) fn login_refusals(&self) -> u32 {
        self.last(|quirk| match quirk {
            Quirk::LoginRefusals(times) => Some(*times),
            _ => None,
        })
        .unwrap_or(1)
    }

    /// Wrong logins after which nobody comes in any more.
    pub(crate) fn lock_out(&self) -> Option<u32> {
        self.last(|quirk| match quirk {
            Quirk::LockOut(times) => Some(*times),
            _ => None,
        })
    }

    /// Whether it asks for configuration files after a boot.
    pub(crate) fn asks_for_configuration(&self) -> bool {
        [
            Quirk::AsksConfig,
            Quirk::AsksConfigHttp,
            Quirk::NeedsConfig,
            Quirk::Reprovisioned,
            Quirk::ProviderWins,
        ]
        .iter()
        .any(|quirk| self.has(quirk))
    }
}
