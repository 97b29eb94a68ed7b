//! Verify and Wipe: the phone is back; the login works, the model and version are read, the
//! old settings are removed, and all of it is looked at again.

use std::time::Duration;

use shared::check::{CheckName, CheckResult};
use shared::failure::FailureCode;
use shared::model::Model;
use shared::phase::Phase;
use shared::protocol::Identity;

use super::{Look, Machine, Stage};
use crate::phone::answer::Answer;
use crate::phone::client::LoginError;
use crate::phone::exchange::ExchangeError;
use crate::phone::normal::{ResetOption, Setting};
use crate::session::event::{Action, Update};

/// How often the settings are removed before they are told to remain: some come back once
/// (case C17).
const MOST_ROUNDS: u32 = 2;

/// What the machine remembers once the phone is back.
#[derive(Debug)]
pub(super) struct Wiping {
    step: Step,
    /// How often the settings were removed.
    rounds: u32,
    /// Whether the phone restarted since the last reset that was asked for.
    restarted: bool,
    /// When failing pages are no longer put down to a phone that is still starting.
    until: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    LoggingIn,
    ReadingSettings,
    Resetting(ResetOption),
    /// After a reset: will it go dark?
    GoingDark(ResetOption, Duration),
    /// It is dark: will it come back?
    ComingBack(ResetOption, Duration),
    /// The reset did not reach it: will it come back, to be asked once more?
    Unreached(ResetOption, Duration),
}

impl Wiping {
    pub(super) fn verifying(until: Duration) -> Self {
        Self { step: Step::LoggingIn, rounds: 0, restarted: false, until }
    }

    pub(super) fn deadline(&self) -> Option<Duration> {
        match self.step {
            Step::ComingBack(_, until) | Step::Unreached(_, until) => Some(until),
            _ => None,
        }
    }
}

impl Machine {
    fn wiping(&mut self) -> Option<&mut Wiping> {
        match &mut self.stage {
            Stage::Wiping(wiping) => Some(wiping),
            _ => None,
        }
    }

    pub(super) fn logged_in(&mut self, result: Result<Identity, LoginError>) {
        let (now, retry) = (self.now, self.patience.starting_retry);
        let Some(wiping) = self.wiping().filter(|wiping| wiping.step == Step::LoggingIn) else { return };
        match result {
            Ok(identity) => self.identified(identity),
            Err(error @ LoginError::Refused { .. }) => {
                self.check(CheckName::Login, CheckResult::Fail, error.to_string());
                self.fail(FailureCode::PhoneOtherPassword, error.to_string());
            }
            Err(_) if now < wiping.until => self.act(Action::LogIn(retry)),
            Err(error) => {
                self.check(CheckName::Login, CheckResult::Unknown, error.to_string());
                self.fail(FailureCode::PhoneNotVerified, error.to_string());
            }
        }
    }

    fn identified(&mut self, identity: Identity) {
        self.check(CheckName::Login, CheckResult::Pass, "admin and the factory password work");
        let (result, detail) = match (&identity.platform, &identity.version) {
            (Some(platform), Some(version)) => (CheckResult::Pass, format!("{platform}, version {version}")),
            (None, Some(version)) => (CheckResult::Pass, format!("version {version}")),
            _ => (CheckResult::Unknown, "its page names no version".to_owned()),
        };
        self.check(CheckName::Identity, result, detail);
        let model = identity.platform.as_deref().and_then(Model::in_text);
        // Another phone may have come to this address: it is not ours to wipe.
        if let (Some(found), Some(expected)) = (model, self.expected)
            && found != expected
        {
            let seen = format!("a {} answers, the firmware was for the {}", found.name, expected.name);
            self.check(CheckName::Identity, CheckResult::Fail, seen.clone());
            return self.fail(FailureCode::PhoneOtherModel, seen);
        }
        if let Some(model) = model {
            self.tell(Update::Model(model.name.to_owned()));
        }
        self.tell(Update::Identity(identity));
        if !self.plan.keep_config {
            self.enter(Phase::Wipe);
        }
        if let Some(wiping) = self.wiping() {
            wiping.step = Step::ReadingSettings;
        }
        self.act(Action::ReadSettings);
    }

    pub(super) fn settings_read(&mut self, result: Result<Vec<Setting>, LoginError>) {
        let (now, retry, keep) = (self.now, self.patience.starting_retry, self.plan.keep_config);
        let Some(wiping) = self.wiping().filter(|wiping| wiping.step == Step::ReadingSettings) else {
            return;
        };
        let rounds = wiping.rounds;
        let settings = match result {
            Ok(settings) => settings,
            // The phone went away under our hands, or its server is not ready: it may still be
            // starting.
            Err(LoginError::Exchange(_) | LoginError::Status { status: 500.., .. }) if now < wiping.until => {
                wiping.step = Step::LoggingIn;
                return self.act(Action::LogIn(retry));
            }
            Err(error) => {
                self.check(CheckName::LocalConfiguration, CheckResult::Unknown, error.to_string());
                return match (keep, rounds) {
                    (true, _) => self.finish(),
                    (false, 0) => self.reset(ResetOption::FactoryDefaults),
                    (false, _) if matches!(error, LoginError::Refused { .. }) => {
                        self.fail(FailureCode::PhoneOtherPassword, error.to_string());
                    }
                    // They were removed, as far as the phone says; nobody has seen it.
                    (false, _) => self.fail(FailureCode::PhoneNotVerified, error.to_string()),
                };
            }
        };
        let left: Vec<&Setting> = settings.iter().filter(|setting| !setting.is_checksum()).collect();
        let locking = left.iter().filter(|setting| setting.can_lock()).count();
        let keys = || left.iter().map(|setting| setting.key.as_str()).collect::<Vec<_>>().join(", ");
        match (keep, rounds) {
            (true, _) => {
                let result = if left.is_empty() { CheckResult::Pass } else { CheckResult::Warn };
                self.check(
                    CheckName::LocalConfiguration,
                    result,
                    format!("kept as it is: {} settings", left.len()),
                );
                self.finish();
            }
            (false, 0) => self.reset(ResetOption::FactoryDefaults),
            (false, _) if locking == 0 => {
                let (result, detail) = match left.len() {
                    0 => (CheckResult::Pass, "empty".to_owned()),
                    _ => (CheckResult::Warn, format!("only harmless settings are left: {}", keys())),
                };
                self.check(CheckName::LocalConfiguration, result, detail);
                self.finish();
            }
            (false, rounds) if rounds < MOST_ROUNDS => self.reset(ResetOption::FactoryDefaults),
            (false, _) => {
                self.check(CheckName::LocalConfiguration, CheckResult::Fail, keys());
                self.fail(
                    FailureCode::PhoneSettingsRemain,
                    format!("still there after {rounds} removals: {}", keys()),
                );
            }
        }
    }

    fn reset(&mut self, option: ResetOption) {
        let Some(wiping) = self.wiping() else { return };
        // Whatever restarted before: what is removed now may only be gone until the next start.
        wiping.restarted = false;
        wiping.step = Step::Resetting(option);
        self.act(Action::Reset(option));
    }

    pub(super) fn reset_sent(&mut self, result: Result<(), LoginError>) {
        let (now, patience) = (self.now, self.patience.clone());
        let Some(wiping) = self.wiping() else { return };
        let Step::Resetting(option) = wiping.step else { return };
        match result {
            Ok(()) => {
                wiping.step = Step::GoingDark(option, now + patience.going_dark);
                self.look(patience.going_dark_probe);
            }
            Err(LoginError::Exchange(_)) if now < wiping.until => {
                wiping.step = Step::Unreached(option, now + patience.write);
                self.look(patience.starting_retry);
            }
            Err(error) => self.fail(FailureCode::PhoneNotVerified, error.to_string()),
        }
    }

    pub(super) fn settling(&mut self, answer: Result<Answer, ExchangeError>) {
        let (now, patience) = (self.now, self.patience.clone());
        let look = Look::of(answer);
        let Some(wiping) = self.wiping() else { return };
        match (wiping.step, look) {
            (Step::GoingDark(option, _), Look::Dark) => {
                wiping.restarted = true;
                wiping.step = Step::ComingBack(option, now + patience.write);
                self.look(patience.going_dark_probe);
            }
            (Step::GoingDark(_, until), _) if now < until => self.look(patience.going_dark_probe),
            (Step::GoingDark(option, _) | Step::ComingBack(option, _), Look::Normal(_)) => {
                self.settled(option)
            }
            (Step::GoingDark(option, _), _) => {
                wiping.step = Step::ComingBack(option, now + patience.write);
                self.look(patience.probe);
            }
            (Step::Unreached(option, _), Look::Normal(_)) => self.reset(option),
            (Step::ComingBack(..) | Step::Unreached(..), _) => self.look(patience.going_dark_probe),
            _ => {}
        }
    }

    /// Factory defaults, then the local configuration, then a restart if none was seen: only
    /// after a restart is it certain that nothing comes back.
    fn settled(&mut self, option: ResetOption) {
        let until = self.now + self.patience.starting;
        let Some(wiping) = self.wiping() else { return };
        wiping.until = until;
        match option {
            ResetOption::FactoryDefaults => self.reset(ResetOption::LocalConfiguration),
            ResetOption::LocalConfiguration if !wiping.restarted => self.reset(ResetOption::Restart),
            ResetOption::LocalConfiguration | ResetOption::Restart => {
                wiping.rounds += 1;
                wiping.step = Step::LoggingIn;
                self.act(Action::LogIn(Duration::ZERO));
            }
        }
    }

    pub(super) fn wipe_ran_out(&mut self) {
        let seconds = self.patience.write.as_secs();
        self.fail(
            FailureCode::PhoneDidNotReturn,
            format!("not back {seconds} s after its settings were removed"),
        );
    }
}
