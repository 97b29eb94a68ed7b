//! Verify: the phone runs its normal software; the login works, and model and version are read.
//!
//! Only the documented default and what the person typed are ever tried, and how often is
//! counted in one place (`phone::tries`). A phone that ran its normal software all the time has
//! a side door: when it takes the login, it needs no firmware (domain.md 7.4).

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use shared::check::{CheckName, CheckResult};
use shared::failure::FailureCode;
use shared::model::Model;
use shared::phase::Phase;
use shared::protocol::Identity;

use super::wipe::{Step, Wiping};
use super::{Machine, Stage};
use crate::phone::client::LoginError;
use crate::phone::normal::ResetOption;
use crate::session::event::{Action, Key, Update};

/// Where a phone is in its manufacturing test mode, which * and # at the start lead to
/// (domain.md 2, SYSS-2022-021).
pub const TEST_MODE: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 30, 102, 102));

/// Before anything was removed, what the person typed may be right as well.
const BOTH: &[Key] = &[Key::Factory, Key::Typed];
/// After that, only the default proves that the phone is free.
const FACTORY: &[Key] = &[Key::Factory];

impl Machine {
    /// Ends with the wrong keys, when the address is that of the test mode. What else was seen
    /// there follows from it.
    pub(super) fn is_in_test_mode(&mut self, seen: &str) -> bool {
        let is_test_mode = self.plan.address == Some(TEST_MODE);
        if is_test_mode {
            let seen = format!("{TEST_MODE} is the address of a phone in its test mode; {seen}");
            self.check(CheckName::RecoveryMode, CheckResult::Fail, seen.clone());
            self.fail(FailureCode::PhoneTestMode, seen);
        }
        is_test_mode
    }

    /// A phone that runs its normal software was found, before anything was sent.
    pub(super) fn found_normal(&mut self, name: &str, local: IpAddr) {
        if !self.plan.side_door {
            return self.in_normal_mode(name);
        }
        self.expected = self.plan.model.or_else(|| Model::by_file(&self.file.name));
        // Another phone may have come to this address: its password is not ours to try.
        if let (Some(found), Some(expected)) = (Model::in_text(name), self.expected)
            && found != expected
        {
            return self.other_model(found, expected);
        }
        let seen = format!("it says \"{name}\" and runs its normal software: the login is tried");
        self.check(CheckName::RecoveryMode, CheckResult::Warn, seen);
        self.enter(Phase::Verify);
        let until = self.now + self.patience.starting;
        self.stage = Stage::Wiping(Wiping::at_the_side_door(until, name));
        // No firmware is offered; but after a reset it will ask for a configuration.
        self.act(Action::Serve { protocols: Vec::new(), local, names: Vec::new() });
        self.log_in(Duration::ZERO);
    }

    pub(super) fn log_in(&mut self, after: Duration) {
        let Stage::Wiping(wiping) = &self.stage else { return };
        let has_typed = self.plan.password.is_some() && wiping.removed.is_none();
        self.act(Action::LogIn { after, keys: if has_typed { BOTH } else { FACTORY } });
    }

    pub(super) fn logged_in(&mut self, result: Result<(Identity, Key), LoginError>) {
        let (now, retry) = (self.now, self.patience.starting_retry);
        let Some(wiping) = self.wiping().filter(|wiping| wiping.step == Step::LoggingIn) else { return };
        match result {
            Ok((identity, key)) => {
                wiping.key = key;
                self.identified(identity, key);
            }
            Err(error @ LoginError::Refused { .. }) => self.password_refused(&error),
            Err(_) if now < wiping.until => self.log_in(retry),
            Err(error) => {
                self.check(CheckName::Login, CheckResult::Unknown, error.to_string());
                self.fail(FailureCode::PhoneNotVerified, error.to_string());
            }
        }
    }

    fn identified(&mut self, identity: Identity, key: Key) {
        match key {
            Key::Factory => {
                self.check(CheckName::Login, CheckResult::Pass, "admin and the factory password work");
            }
            Key::Typed => {
                let seen = "admin and the typed password work; the factory password does not";
                self.check(CheckName::Login, CheckResult::Warn, seen);
            }
        }
        let (result, detail) = match (&identity.platform, &identity.version) {
            (Some(platform), Some(version)) => (CheckResult::Pass, format!("{platform}, version {version}")),
            (None, Some(version)) => (CheckResult::Pass, format!("version {version}")),
            _ => (CheckResult::Unknown, "its page names no version".to_owned()),
        };
        let says_nothing = identity.platform.is_none() && identity.version.is_none();
        self.check(CheckName::Identity, result, detail);
        // Whatever takes our login without saying what it is, is no phone that we know.
        if says_nothing {
            let seen = "it takes the login, and its page names neither a platform nor a version";
            return self.fail(FailureCode::PhoneNotVerified, seen);
        }
        let model = identity.platform.as_deref().and_then(Model::in_text);
        // Another phone may have come to this address: it is not ours to wipe.
        if let (Some(found), Some(expected)) = (model, self.expected)
            && found != expected
        {
            return self.other_model(found, expected);
        }
        if let Some(model) = model {
            self.tell(Update::Model(model.name.to_owned()));
        }
        self.tell(Update::Identity(identity));
        if self.wiping().is_some_and(|wiping| wiping.side_door.is_some() && wiping.removed.is_none()) {
            let seen = "it runs its normal software and takes the login: the firmware was not sent and is not needed";
            self.check(CheckName::RecoveryMode, CheckResult::Warn, seen);
        }
        if !self.plan.keep_config {
            self.enter(Phase::Wipe);
        }
        if let Some(wiping) = self.wiping() {
            wiping.step = Step::ReadingSettings;
        }
        self.act(Action::ReadSettings(key));
    }

    fn other_model(&mut self, found: &Model, expected: &Model) {
        let seen = format!("a {} answers, the firmware was for the {}", found.name, expected.name);
        self.check(CheckName::Identity, CheckResult::Fail, seen.clone());
        self.fail(FailureCode::PhoneOtherModel, seen);
    }

    /// No password is right. Which of the known reasons fits is told by what was done before and
    /// by what the phone asked us for; where nothing tells it, that is said.
    pub(super) fn password_refused(&mut self, error: &LoginError) {
        let has_typed = self.plan.password.is_some();
        let took_ours = self.asked.took_ours();
        let asked = self.asked.words();
        let Some(wiping) = self.wiping() else { return };
        let (code, reason) = match (wiping.removed, &wiping.side_door) {
            (None, Some(name)) => {
                let name = name.clone();
                let tried = if has_typed {
                    "neither the factory password nor the typed one"
                } else {
                    "not the factory password"
                };
                let seen = format!("it says \"{name}\" and takes {tried} ({error})");
                self.check(CheckName::Login, CheckResult::Fail, error.to_string());
                self.check(CheckName::RecoveryMode, CheckResult::Fail, seen.clone());
                return self.fail(FailureCode::PhoneNormalMode, seen);
            }
            // That it took ours does not say that it asked nobody else.
            (None, None) if took_ours => (
                FailureCode::PhoneOtherPassword,
                "old settings on the phone itself have survived, or another server than ours gave it a password; which of them is not known, but our own configuration sets none",
            ),
            (None, None) => (
                FailureCode::PhoneOtherPassword,
                "old settings on the phone itself have survived, or a server gave it another password; which of them is not known",
            ),
            (Some(ResetOption::FactoryDefaults), _) => (
                FailureCode::PhoneOtherPassword,
                "its factory defaults were restored, so most likely the local configuration, which was not removed yet, has brought the password back",
            ),
            (Some(ResetOption::LocalConfiguration | ResetOption::Restart), _) => (
                FailureCode::PhoneProvisionedAgain,
                "its settings had been removed, so a server gave it another password after that",
            ),
        };
        let provider = wiping.provider.as_ref().map(|provider| format!("before that it had {provider}"));
        let parts = [Some(error.to_string()), Some(reason.to_owned()), provider, asked];
        let seen = parts.into_iter().flatten().collect::<Vec<_>>().join("; ");
        self.check(CheckName::Login, CheckResult::Fail, error.to_string());
        self.fail(code, seen);
    }
}
