//! From `name` or `name=value` to a switch.

use std::str::FromStr;

use thiserror::Error;

use super::{FtpClient, NameForm, PageLayout, Quirk, ReplyStyle, TftpClient, entries};
use crate::event::Protocol;

/// A text that is no switch.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum QuirkError {
    /// No switch has this name.
    #[error("no quirk is called {0:?}; --list-quirks shows all")]
    Unknown(String),
    /// The value does not fit.
    #[error("quirk {name} takes {values}, not {value:?}")]
    Value {
        /// The switch.
        name: &'static str,
        /// What it takes.
        values: &'static str,
        /// What was given.
        value: String,
    },
}

impl FromStr for Quirk {
    type Err = QuirkError;

    fn from_str(text: &str) -> Result<Self, QuirkError> {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (text, None),
        };
        let entry = entries()
            .iter()
            .find(|entry| entry.name == name)
            .ok_or_else(|| QuirkError::Unknown(name.to_owned()))?;
        let wrong = || QuirkError::Value {
            name: entry.name,
            values: if entry.values.is_empty() { "no value" } else { entry.values },
            value: value.unwrap_or_default().to_owned(),
        };
        if entry.values.is_empty() && value.is_some() {
            return Err(wrong());
        }
        let value = value.or(entry.default).ok_or_else(wrong)?;
        read(name, value).ok_or_else(wrong)
    }
}

fn read(name: &str, value: &str) -> Option<Quirk> {
    Some(match name {
        "form" => Quirk::Form(value.parse().ok()?),
        "replies" => Quirk::Replies(reply_style(value)?),
        "aragorn" => Quirk::Aragorn,
        "abrupt" => Quirk::Abrupt,
        "keep-alive" => Quirk::KeepAlive,
        "one-segment" => Quirk::OneSegment,
        "one-segment-hangs" => Quirk::OneSegmentHangs,
        "two-segments" => Quirk::TwoSegments,
        "get-first" => Quirk::GetFirst,
        "fresh-connection" => Quirk::FreshConnection,
        "lone-connection" => Quirk::LoneConnection,
        "head-limit" => Quirk::HeadLimit(value.parse().ok()?),
        "refuses-header" => Quirk::RefusesHeader(header(value)?),
        "wants-header" => Quirk::WantsHeader(header(value)?),
        "header-order" => Quirk::HeaderOrder,
        "http10" => Quirk::Http10,
        "wants-button" => Quirk::WantsButton,
        "hates-button" => Quirk::HatesButton,
        "refuses-first" => Quirk::RefusesFirst(value.parse().ok()?),
        "stray-body" => Quirk::StrayBody,
        "blank-path" => Quirk::BlankPath,
        "wants-cookie" => Quirk::WantsCookie,
        "gets-fail" => Quirk::GetsFail(value.parse().ok()?),
        "no-answer" => Quirk::NoAnswer,
        "lying-answer" => Quirk::LyingAnswer,
        "no-request" => Quirk::NoRequest,
        "late" => Quirk::Late(value.parse().ok()?),
        "silent" => Quirk::Silent,
        "stuck-page" => Quirk::StuckPage,
        "clipped-address" => Quirk::ClippedAddress,
        "only" => Quirk::Only(protocol(value)?),
        "blocks-tftp" => Quirk::BlocksTftp,
        "tftp" => Quirk::Tftp(tftp_client(value)?),
        "asks" => Quirk::Asks(name_form(value)?),
        "ftp" => Quirk::Ftp(ftp_client(value)?),
        "asks-twice" => Quirk::AsksTwice,
        "error-at" => Quirk::ErrorAt(value.parse().ok()?),
        "stall-at" => Quirk::StallAt(value.parse().ok()?),
        "lossy" => Quirk::Lossy(value.parse().ok().filter(|lost| *lost < 1000)?),
        "first-time-only" => Quirk::FirstTimeOnly,
        "hangs-up-first" => Quirk::HangsUpFirst,
        "resets-at-end" => Quirk::ResetsAtEnd,
        "checks-at-boot" => Quirk::ChecksAtBoot,
        "checks-model" => Quirk::ChecksModel,
        "rejects-file" => Quirk::RejectsFile,
        "other-model" => Quirk::OtherModel(value.parse().ok()?),
        "half-awake" => Quirk::HalfAwake(value.parse().ok()?),
        "never-back" => Quirk::NeverBack,
        "back-in-recovery" => Quirk::BackInRecovery(value.parse().ok()?),
        "other-password" => Quirk::OtherPassword(digits(value)?),
        "leftover-config" => Quirk::LeftoverConfig,
        "clean-config" => Quirk::CleanConfig,
        "sticky-config" => Quirk::StickyConfig(value.parse().ok()?),
        "keeps-md5" => Quirk::KeepsMd5,
        "asks-config" => Quirk::AsksConfig,
        "asks-config-http" => Quirk::AsksConfigHttp,
        "needs-config" => Quirk::NeedsConfig,
        "re-provisioned" => Quirk::Reprovisioned,
        "provider-wins" => Quirk::ProviderWins,
        "login-refusals" => Quirk::LoginRefusals(value.parse().ok()?),
        "lock-out" => Quirk::LockOut(value.parse().ok()?),
        "no-restart" => Quirk::NoRestart,
        "reset-drops" => Quirk::ResetDrops,
        "easy-post" => Quirk::EasyPost,
        "pages" => Quirk::Pages(page_layout(value)?),
        _ => return None,
    })
}

fn reply_style(value: &str) -> Option<ReplyStyle> {
    Some(match value {
        "length" => ReplyStyle::Length,
        "no-length" => ReplyStyle::NoLength,
        "too-long" => ReplyStyle::TooLong,
        "too-short" => ReplyStyle::TooShort,
        "chunked" => ReplyStyle::Chunked,
        "bare" => ReplyStyle::Bare,
        "slow" => ReplyStyle::Slow,
        "bare-line-feeds" => ReplyStyle::BareLineFeeds,
        _ => return None,
    })
}

fn tftp_client(value: &str) -> Option<TftpClient> {
    Some(match value {
        "vxworks" => TftpClient::VxWorks,
        "busybox" => TftpClient::BusyBox,
        "options" => TftpClient::Options,
        "netascii" => TftpClient::NetAscii,
        _ => return None,
    })
}

fn page_layout(value: &str) -> Option<PageLayout> {
    Some(match value {
        "usual" => PageLayout::Usual,
        "terms" => PageLayout::Terms,
        "lines" => PageLayout::Lines,
        "nested" => PageLayout::Nested,
        _ => return None,
    })
}

fn ftp_client(value: &str) -> Option<FtpClient> {
    Some(match value {
        "passive" => FtpClient::Passive,
        "active" => FtpClient::Active,
        "epsv" => FtpClient::Epsv,
        "eprt" => FtpClient::Eprt,
        _ => return None,
    })
}

fn name_form(value: &str) -> Option<NameForm> {
    Some(match value {
        "slash" => NameForm::Slash,
        "dot-slash" => NameForm::DotSlash,
        "backslash" => NameForm::Backslash,
        "upper" => NameForm::Upper,
        "folder" => NameForm::Folder,
        "alias" => NameForm::Alias,
        "other" => NameForm::Other,
        _ => return None,
    })
}

fn protocol(value: &str) -> Option<Protocol> {
    Some(match value {
        "tftp" => Protocol::Tftp,
        "ftp" => Protocol::Ftp,
        "http" => Protocol::Http,
        _ => return None,
    })
}

/// A header's name; they are compared in lower case.
fn header(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_ascii_lowercase())
}

/// Passwords are digits only (domain.md 2, Passwords).
fn digits(value: &str) -> Option<String> {
    let good = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    good.then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quirks::FormStyle;

    #[test]
    fn every_entry_is_read_with_each_of_its_values() {
        for entry in entries() {
            if let Some(default) = entry.default {
                assert!(read(entry.name, default).is_some(), "{}", entry.name);
            }
            if entry.values.contains('|') {
                for value in entry.values.split('|') {
                    let text = format!("{}={value}", entry.name);
                    assert!(text.parse::<Quirk>().is_ok(), "{text}");
                }
            }
        }
    }

    #[test]
    fn every_form_stands_in_the_list() {
        let form = entries().iter().find(|entry| entry.name == "form").unwrap();
        let listed: Vec<&str> = form.values.split('|').collect();
        let all: Vec<&str> = FormStyle::ALL.iter().map(|style| style.name()).collect();
        assert_eq!(listed, all);
    }

    #[test]
    fn what_cannot_be_is_told() {
        for text in ["nonsense", "form", "form=round", "silent=1", "lossy=1000", "other-password=abc"] {
            assert!(text.parse::<Quirk>().is_err(), "{text}");
        }
    }
}
