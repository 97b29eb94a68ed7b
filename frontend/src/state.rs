//! The page's state: a mirror of the helper's, and what follows from it. Nothing on the page
//! is remembered that the helper knows better; a reload shows the same.

use leptos::prelude::*;
use shared::firmware::FirmwareView;
use shared::phase::Phase;
use shared::protocol::{
    Change, Command, Message, Mirror, Outcome, PhoneId, PhoneView, PracticePhone, PracticeView, Rejection,
    State, Took, decode,
};

use crate::connection::{Link, Socket};
use crate::draft::{Draft, Question};

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

    fn of_phase(phase: Phase) -> Self {
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
enum Choice {
    /// The newest.
    Newest,
    /// None: the person is answering the questions for another one.
    Asking,
    /// The one that was just started, once it is there. Holds the newest number of before.
    Started(Option<PhoneId>),
    /// This one.
    This(PhoneId),
}

/// Everything that the parts of the page need, cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Page {
    mirror: RwSignal<Mirror>,
    choice: RwSignal<Choice>,
    /// The firmware files that were there when the practice firmware was asked for.
    before_practice_file: RwSignal<Option<Vec<FirmwareView>>>,
    /// The line to the helper.
    pub(crate) link: RwSignal<Link>,
    /// The open socket.
    pub(crate) socket: StoredValue<Option<Socket>, LocalStorage>,
    /// What the helper would not do.
    pub(crate) rejected: RwSignal<Option<Rejection>>,
    /// The answers before a recovery.
    pub(crate) draft: Draft,
    /// The phone on the screen.
    pub(crate) phone: Memo<Option<PhoneView>>,
    /// The screen.
    pub(crate) screen: Memo<Screen>,
    /// Whether a heading was shown before: the first one does not take the focus.
    pub(crate) has_shown_a_heading: StoredValue<bool>,
}

impl Page {
    /// A page that knows nothing yet.
    pub(crate) fn new() -> Self {
        let mirror = RwSignal::new(Mirror::default());
        let choice = RwSignal::new(Choice::Newest);
        let link = RwSignal::new(Link::Connecting);
        let draft = Draft::new();
        let phone = Memo::new(move |_| {
            let choice = choice.get();
            mirror.with(|mirror| mirror.state().and_then(|state| chosen(state, choice).cloned()))
        });
        let screen = Memo::new(move |_| match link.get() {
            Link::KeyRefused => Screen::KeyRefused,
            Link::OtherVersion => Screen::OtherVersion,
            Link::Connecting | Link::Open | Link::Lost { .. } => {
                if mirror.with(|mirror| mirror.state().is_none()) {
                    return Screen::Waiting;
                }
                phone.with(|phone| match phone {
                    Some(phone) => screen_of(phone),
                    None => Screen::Ask(draft.question.get()),
                })
            }
        });
        Self {
            mirror,
            choice,
            before_practice_file: RwSignal::new(None),
            link,
            socket: StoredValue::new_local(None),
            rejected: RwSignal::new(None),
            draft,
            phone,
            screen,
            has_shown_a_heading: StoredValue::new(false),
        }
    }

    /// The page's state, from anywhere in the page.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    /// A part of the helper's state; none until it is known.
    pub(crate) fn part<T>(self, part: impl Fn(&State) -> T + Send + Sync + 'static) -> Memo<Option<T>>
    where
        T: PartialEq + Send + Sync + 'static,
    {
        Memo::new(move |_| self.mirror.with(|mirror| mirror.state().map(&part)))
    }

    /// A part of the phone on the screen; none while there is none.
    pub(crate) fn of_phone<T>(self, part: impl Fn(&PhoneView) -> T + Send + Sync + 'static) -> Memo<Option<T>>
    where
        T: PartialEq + Send + Sync + 'static,
    {
        Memo::new(move |_| self.phone.with(|phone| phone.as_ref().map(&part)))
    }

    /// The firmware files that the helper has.
    pub(crate) fn firmware(self) -> Memo<Vec<FirmwareView>> {
        Memo::new(move |_| {
            self.mirror.with(|mirror| mirror.state().map(|state| state.firmware.clone()).unwrap_or_default())
        })
    }

    /// The simulated phones, in practice.
    pub(crate) fn practice(self) -> Memo<Option<PracticeView>> {
        Memo::new(move |_| self.mirror.with(|mirror| mirror.state().and_then(|state| state.practice.clone())))
    }

    /// The simulated phone that is meant: the one at the phone's or the typed address, or the
    /// only one there is.
    pub(crate) fn practice_phone(self) -> Memo<Option<PracticePhone>> {
        let practice = self.practice();
        Memo::new(move |_| {
            let meant = match self.phone.with(|phone| phone.as_ref().map(|phone| phone.job.address.clone())) {
                Some(address) => Some(address),
                None => self.draft.typed_address().ok(),
            };
            practice.with(|practice| {
                let phones = &practice.as_ref()?.phones;
                let same = |phone: &&PracticePhone| meant.is_some() && phone.address.parse().ok() == meant;
                let only = || if meant.is_none() { phones.first() } else { None };
                phones.iter().find(same).or_else(only).cloned()
            })
        })
    }

    /// The step of the bar.
    pub(crate) fn step(self) -> Memo<Step> {
        Memo::new(move |_| match self.screen.get() {
            Screen::Waiting | Screen::KeyRefused | Screen::OtherVersion | Screen::Ask(Question::Phone) => {
                Step::Phone
            }
            Screen::Ask(Question::Firmware) => Step::Firmware,
            Screen::Ask(Question::Connect) => Step::Connect,
            Screen::Recover(_) => Step::Recover,
            Screen::Check(_) => Step::Check,
            Screen::Done(_) => Step::Done,
            Screen::Failed(_) => self
                .phone
                .with(|phone| phone.as_ref().map_or(Step::Recover, |phone| Step::of_phase(phone.phase))),
        })
    }

    /// Whether a button that needs the helper does anything now.
    pub(crate) fn is_connected(self) -> bool {
        self.link.get() == Link::Open
    }

    /// Asks the helper for something.
    pub(crate) fn send(self, command: &Command) {
        self.rejected.set(None);
        self.socket.with_value(|socket| {
            if let Some(socket) = socket {
                socket.send(command);
            }
        });
    }

    /// Starts what the draft says.
    pub(crate) fn start(self) {
        if let Some(job) = self.draft.job() {
            let newest = self.mirror.with_untracked(|mirror| mirror.state().and_then(newest_id));
            self.choice.set(Choice::Started(newest));
            self.send(&Command::Start { job });
        }
    }

    /// Puts the practice firmware into the store, and chooses it as soon as it is there.
    pub(crate) fn use_practice_firmware(self) {
        self.before_practice_file.set(Some(self.firmware().get_untracked()));
        self.send(&Command::UsePracticeFirmware);
    }

    /// Shows a phone of the list.
    pub(crate) fn show(self, id: PhoneId) {
        self.choice.set(Choice::This(id));
    }

    /// Asks for another phone, beside those that are there.
    pub(crate) fn ask_for_another(self, question: Question) {
        self.choice.set(Choice::Asking);
        self.draft.ask(question);
    }

    /// Takes a phone off the list, and asks from this question on.
    pub(crate) fn forget(self, id: PhoneId, question: Question) {
        self.ask_for_another(question);
        self.send(&Command::Forget { phone: id });
    }

    /// Notes how the line is; a loss is dated from its first moment.
    pub(crate) fn link_is(self, link: Link) {
        let still_lost = matches!((self.link.get_untracked(), link), (Link::Lost { .. }, Link::Lost { .. }));
        if !still_lost {
            self.link.set(link);
        }
    }

    /// Takes a message of the helper.
    pub(crate) fn take(self, text: &str) {
        let message = match decode::<Message>(text) {
            Ok(message) => message,
            Err((Rejection::OtherVersion, _)) => return self.link_is(Link::OtherVersion),
            // A change that this page does not know: the next one shows a gap, and then the
            // snapshot tells.
            Err(_) => return,
        };
        let is_about_files = matches!(&message, Message::Change { change: Change::Firmware { .. }, .. });
        match self.mirror.try_update(|mirror| mirror.take(message)) {
            Some(Took::Updated) => {
                self.link_is(Link::Open);
                if is_about_files {
                    self.choose_practice_file();
                }
            }
            Some(Took::Gap) => self.send(&Command::GetSnapshot),
            Some(Took::Rejected(Rejection::OtherVersion, _)) => self.link_is(Link::OtherVersion),
            Some(Took::Rejected(reason, _)) => self.rejected.set(Some(reason)),
            None => {}
        }
    }

    fn choose_practice_file(self) {
        let Some(before) = self.before_practice_file.get_untracked() else { return };
        let now = self.firmware().get_untracked();
        let new = now.iter().find(|file| !before.contains(file)).or(now.last());
        if let Some(file) = new {
            self.draft.firmware.set(Some(file.clone()));
            self.before_practice_file.set(None);
        }
    }
}

fn newest_id(state: &State) -> Option<PhoneId> {
    state.phones.iter().map(|phone| phone.id).max()
}

fn chosen(state: &State, choice: Choice) -> Option<&PhoneView> {
    let newest = newest_id(state);
    match choice {
        Choice::Asking => None,
        Choice::Started(before) if newest == before => None,
        // The chosen phone may have been taken off the list in another tab.
        Choice::This(id) => state.phone(id).or_else(|| state.phone(newest?)),
        Choice::Newest | Choice::Started(_) => state.phone(newest?),
    }
}

fn screen_of(phone: &PhoneView) -> Screen {
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
        let job = Job {
            address: PhoneAddress { host: "192.168.1.5".into(), port: 80 },
            firmware: "ab12".into(),
            model: None,
            protocol: None,
            keep_config: false,
        };
        PhoneView { phase, outcome, ..PhoneView::new(PhoneId(id), job, None) }
    }

    fn state(ids: &[u32]) -> State {
        State {
            helper: HelperView { version: String::new(), system: String::new() },
            firmware: Vec::new(),
            phones: ids.iter().map(|id| phone(*id, Phase::Send, None)).collect(),
            practice: None,
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
