//! Wipe: the old settings are removed, and it is looked whether they are gone: those on the
//! phone itself, and those that a server has sent (domain.md 4, 4.1).

use std::time::Duration;

use shared::check::{CheckName, CheckResult};
use shared::failure::FailureCode;

use super::{Look, Machine, Stage};
use crate::phone::answer::Answer;
use crate::phone::client::LoginError;
use crate::phone::exchange::ExchangeError;
use crate::phone::normal::{ResetOption, Setting, Stored};
use crate::session::event::{Action, Key};

/// How often the settings are removed before they are told to remain: some come back once
/// (case C17).
const MOST_ROUNDS: u32 = 2;

/// What the machine remembers once the phone is back.
#[derive(Debug)]
pub(super) struct Wiping {
    pub(super) step: Step,
    /// The password that works.
    pub(super) key: Key,
    /// The last removal that the phone took.
    pub(super) removed: Option<ResetOption>,
    /// From where it was provisioned, by what it showed before the removal.
    pub(super) provider: Option<String>,
    /// The phone's own words, when it ran its normal software from the start.
    pub(super) side_door: Option<String>,
    /// How often the settings were removed.
    rounds: u32,
    /// Whether the phone restarted since the last reset that was asked for.
    restarted: bool,
    /// When failing pages are no longer put down to a phone that is still starting.
    pub(super) until: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
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
        Self {
            step: Step::LoggingIn,
            key: Key::Factory,
            removed: None,
            provider: None,
            side_door: None,
            rounds: 0,
            restarted: false,
            until,
        }
    }

    pub(super) fn at_the_side_door(until: Duration, name: &str) -> Self {
        Self { side_door: Some(name.to_owned()), ..Self::verifying(until) }
    }

    pub(super) fn deadline(&self) -> Option<Duration> {
        match self.step {
            Step::ComingBack(_, until) | Step::Unreached(_, until) => Some(until),
            _ => None,
        }
    }
}

impl Machine {
    pub(super) fn wiping(&mut self) -> Option<&mut Wiping> {
        match &mut self.stage {
            Stage::Wiping(wiping) => Some(wiping),
            _ => None,
        }
    }

    pub(super) fn settings_read(&mut self, result: Result<Stored, LoginError>) {
        let (now, retry, keep) = (self.now, self.patience.starting_retry, self.plan.keep_config);
        let local = self.local;
        let Some(wiping) = self.wiping().filter(|wiping| wiping.step == Step::ReadingSettings) else {
            return;
        };
        let rounds = wiping.rounds;
        let stored = match result {
            Ok(stored) => stored,
            // The phone went away under our hands, or its server is not ready: it may still be
            // starting.
            Err(LoginError::Exchange(_) | LoginError::Status { status: 500.., .. }) if now < wiping.until => {
                wiping.step = Step::LoggingIn;
                return self.log_in(retry);
            }
            Err(error) => {
                self.check(CheckName::LocalConfiguration, CheckResult::Unknown, error.to_string());
                return match (keep, rounds) {
                    (true, _) => self.finish(),
                    (false, 0) => self.reset(ResetOption::FactoryDefaults),
                    (false, _) if matches!(error, LoginError::Refused { .. }) => {
                        self.password_refused(&error);
                    }
                    // They were removed, as far as the phone says; nobody has seen it.
                    (false, _) => self.fail(FailureCode::PhoneNotVerified, error.to_string()),
                };
            }
        };
        if rounds == 0 {
            self.tell_provider(&stored);
        }
        let left: Vec<&Setting> = stored.local.iter().filter(|setting| !setting.is_checksum()).collect();
        let sent = stored.from_servers();
        let can_lock = |settings: &[&Setting]| settings.iter().any(|setting| setting.can_lock());
        match (keep, rounds) {
            (true, _) => {
                let result = if left.is_empty() { CheckResult::Pass } else { CheckResult::Warn };
                let detail = format!("kept as it is: {} settings", left.len());
                self.check(CheckName::LocalConfiguration, result, detail);
                self.finish();
            }
            (false, 0) => self.reset(ResetOption::FactoryDefaults),
            (false, _) if !can_lock(&left) && !can_lock(&sent) => {
                let (result, detail) = gone(&left, &sent, stored.server.is_some());
                self.check(CheckName::LocalConfiguration, result, detail);
                self.finish();
            }
            (false, rounds) if rounds < MOST_ROUNDS => self.reset(ResetOption::FactoryDefaults),
            (false, rounds) if can_lock(&sent) => {
                let from =
                    stored.provider(local).map_or(String::new(), |provider| format!(" from {provider}"));
                let asked = self.asked.words().map_or(String::new(), |asked| format!("; {asked}"));
                let seen =
                    format!("after {rounds} removals a server has sent it {}{from}{asked}", keys(&sent));
                self.check(CheckName::LocalConfiguration, CheckResult::Fail, seen.clone());
                self.fail(FailureCode::PhoneProvisionedAgain, seen);
            }
            (false, _) => {
                self.check(CheckName::LocalConfiguration, CheckResult::Fail, keys(&left));
                self.fail(
                    FailureCode::PhoneSettingsRemain,
                    format!("still there after {rounds} removals: {}", keys(&left)),
                );
            }
        }
    }

    /// Who had this phone, as long as its settings still tell.
    fn tell_provider(&mut self, stored: &Stored) {
        let Some(provider) = stored.provider(self.local) else { return };
        let detail = format!("it was provisioned from elsewhere: {provider}");
        self.check(CheckName::LocalConfiguration, CheckResult::Warn, detail);
        if let Some(wiping) = self.wiping() {
            wiping.provider = Some(provider);
        }
    }

    fn reset(&mut self, option: ResetOption) {
        let Some(wiping) = self.wiping() else { return };
        // Whatever restarted before: what is removed now may only be gone until the next start.
        wiping.restarted = false;
        wiping.step = Step::Resetting(option);
        let key = wiping.key;
        self.act(Action::Reset(option, key));
    }

    pub(super) fn reset_sent(&mut self, result: Result<(), LoginError>) {
        let (now, patience) = (self.now, self.patience.clone());
        let Some(wiping) = self.wiping() else { return };
        let Step::Resetting(option) = wiping.step else { return };
        match result {
            Ok(()) => {
                if option != ResetOption::Restart {
                    wiping.removed = Some(option);
                }
                if option == ResetOption::FactoryDefaults {
                    wiping.key = Key::Factory;
                }
                wiping.step = Step::GoingDark(option, now + patience.going_dark);
                self.look(patience.going_dark_probe);
            }
            Err(LoginError::Exchange(_)) if now < wiping.until => {
                wiping.step = Step::Unreached(option, now + patience.write);
                self.look(patience.starting_retry);
            }
            Err(error @ LoginError::Refused { .. }) if wiping.removed.is_some() => {
                self.password_refused(&error);
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

    /// Factory defaults, then the local configuration, each with a restart after it, which is asked
    /// for when the phone did not do it by itself: only after one is it certain that nothing comes
    /// back.
    fn settled(&mut self, option: ResetOption) {
        let until = self.now + self.patience.starting;
        let Some(wiping) = self.wiping() else { return };
        wiping.until = until;
        if option != ResetOption::Restart && !wiping.restarted {
            return self.reset(ResetOption::Restart);
        }
        if wiping.removed == Some(ResetOption::FactoryDefaults) {
            return self.reset(ResetOption::LocalConfiguration);
        }
        wiping.rounds += 1;
        wiping.step = Step::LoggingIn;
        self.log_in(Duration::ZERO);
    }

    pub(super) fn wipe_ran_out(&mut self) {
        let seconds = self.patience.write.as_secs();
        self.fail(
            FailureCode::PhoneDidNotReturn,
            format!("not back {seconds} s after its settings were removed"),
        );
    }
}

fn keys(settings: &[&Setting]) -> String {
    settings.iter().map(|setting| setting.key.as_str()).collect::<Vec<_>>().join(", ")
}

/// Nothing is left that can lock the phone: what is, and what could not be seen.
fn gone(left: &[&Setting], sent: &[&Setting], server_was_seen: bool) -> (CheckResult, String) {
    match (left.len() + sent.len(), server_was_seen) {
        (0, true) => (CheckResult::Pass, "empty".to_owned()),
        (0, false) => (CheckResult::Pass, "empty; what a server may have sent is not shown".to_owned()),
        _ => {
            let all: Vec<&Setting> = left.iter().chain(sent).copied().collect();
            (CheckResult::Warn, format!("only harmless settings are left: {}", keys(&all)))
        }
    }
}
