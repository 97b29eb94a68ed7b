//! Where the page is: which phone, which screen, which of the six steps. Pure functions of the
//! helper's state and the person's choice.

use shared::phase::Phase;
use shared::protocol::{Outcome, PhoneId, PhoneView, State};

use crate::draft::Question;

/// What the right half of the page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Screen {
    /// Nothing is known yet.
    Waiting,
    /// The helper does not know this page's key.
    KeyRefused,
    /// The helper is of another version.
    OtherVersion,
    /// A question before the recovery.
    Ask(Question),
    /// A phone is being recovered.
    Recover(PhoneId),
    /// A phone is back and being checked and cleaned.
    Check(PhoneId),
    /// A phone is like new.
    Done(PhoneId),
    /// A recovery ended badly.
    Failed(PhoneId),
}

/// The six steps of the bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// Which phone.
    Phone,
    /// Which file.
    Firmware,
    /// Cable, keys, address.
    Connect,
    /// Until the phone has its software.
    Recover,
    /// Until it is verified and clean.
    Check,
    /// The end.
    Done,
}

impl Step {
    /// All, in their order.
    pub(crate) const ALL: [Step; 6] =
        [Step::Phone, Step::Firmware, Step::Connect, Step::Recover, Step::Check, Step::Done];

    /// The step that a phase belongs to.
    pub(crate) fn of_phase(phase: Phase) -> Self {
        match phase {
            Phase::Prepare
            | Phase::Find
            | Phase::Preflight
            | Phase::Send
            | Phase::Transfer
            | Phase::Write
            | Phase::Restart => Step::Recover,
            Phase::Verify | Phase::Wipe => Step::Check,
            Phase::Done => Step::Done,
        }
    }
}

/// Which phone is on the screen, as far as the person chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    /// The newest.
    Newest,
    /// None: the person is answering the questions for another one.
    Asking,
    /// The one that was just started, once it is there. Holds the newest number of before.
    Started(Option<PhoneId>),
    /// This one.
    This(PhoneId),
}

/// The newest phone, if there is any.
pub(crate) fn newest_id(state: &State) -> Option<PhoneId> {
    state.phones.iter().map(|phone| phone.id).max()
}

/// The phone that a choice means now.
pub(crate) fn chosen(state: &State, choice: Choice) -> Option<&PhoneView> {
    let newest = newest_id(state);
    match choice {
        Choice::Asking => None,
        Choice::Started(before) if newest == before => None,
        // The chosen phone may have been taken off the list in another tab.
        Choice::This(id) => state.phone(id).or_else(|| state.phone(newest?)),
        Choice::Newest | Choice::Started(_) => state.phone(newest?),
    }
}

/// The screen of a phone.
pub(crate) fn screen_of(phone: &PhoneView) -> Screen {
    match (&phone.outcome, Step::of_phase(phone.phase)) {
        (Some(Outcome::Verified), _) => Screen::Done(phone.id),
        (Some(Outcome::Failed(_)), _) => Screen::Failed(phone.id),
        (None, Step::Check) => Screen::Check(phone.id),
        (None, Step::Done) => Screen::Done(phone.id),
        (None, _) => Screen::Recover(phone.id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::address::PhoneAddress;
    use shared::failure::{Failure, FailureCode};
    use shared::protocol::{HelperView, Job};

    fn phone(id: u32, phase: Phase, outcome: Option<Outcome>) -> PhoneView {
        let job = Job::new(PhoneAddress { host: "192.168.1.5".into(), port: 80 }, "ab12");
        PhoneView { phase, outcome, ..PhoneView::new(PhoneId(id), job, None) }
    }

    fn state(ids: &[u32]) -> State {
        State {
            helper: HelperView { version: String::new(), system: String::new() },
            firmware: Vec::new(),
            uploads: Vec::new(),
            phones: ids.iter().map(|id| phone(*id, Phase::Send, None)).collect(),
            practice: None,
            computer: Default::default(),
        }
    }

    #[track_caller]
    fn check_choice(ids: &[u32], choice: Choice, expected: Option<u32>) {
        let state = state(ids);
        assert_eq!(chosen(&state, choice).map(|phone| phone.id.0), expected, "{ids:?} {choice:?}");
    }

    #[test]
    fn a_reload_shows_the_newest_phone() {
        check_choice(&[], Choice::Newest, None);
        check_choice(&[1, 2], Choice::Newest, Some(2));
    }

    #[test]
    fn the_questions_stay_until_the_started_phone_is_there() {
        check_choice(&[1], Choice::Asking, None);
        check_choice(&[1], Choice::Started(Some(PhoneId(1))), None);
        check_choice(&[1, 2], Choice::Started(Some(PhoneId(1))), Some(2));
        check_choice(&[], Choice::Started(None), None);
        check_choice(&[1], Choice::Started(None), Some(1));
    }

    #[test]
    fn a_phone_that_another_tab_took_off_the_list_gives_way_to_the_newest() {
        check_choice(&[1, 2, 3], Choice::This(PhoneId(2)), Some(2));
        check_choice(&[1, 3], Choice::This(PhoneId(2)), Some(3));
        check_choice(&[], Choice::This(PhoneId(2)), None);
    }

    #[test]
    fn every_phase_has_its_screen_and_the_outcome_weighs_more() {
        let failed = || Some(Outcome::Failed(Failure::new(FailureCode::PhoneNotFound, "")));
        let id = PhoneId(1);
        for phase in Phase::ALL {
            assert_eq!(screen_of(&phone(1, phase, failed())), Screen::Failed(id));
            assert_eq!(screen_of(&phone(1, phase, Some(Outcome::Verified))), Screen::Done(id));
            let expected = match phase {
                Phase::Verify | Phase::Wipe => Screen::Check(id),
                Phase::Done => Screen::Done(id),
                _ => Screen::Recover(id),
            };
            assert_eq!(screen_of(&phone(1, phase, None)), expected, "{phase:?}");
        }
    }
}
