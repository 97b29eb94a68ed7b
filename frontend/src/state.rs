//! The page's state: a mirror of the helper's, and what follows from it. Nothing on the page
//! is remembered that the helper knows better; a reload shows the same.

use leptos::prelude::*;
use serde::Deserialize;
use shared::phase::Phase;
use shared::protocol::{
    Change, Command, Job, KeptFirmware, Message, Mirror, PROTOCOL_VERSION, PhoneId, PhoneView, PracticePhone,
    PracticeView, Rejection, State, Took, UploadView,
};

use crate::browser;
use crate::connection::{Link, Socket};
use crate::draft::{Draft, Question, Symptom};
use crate::journey::{Choice, Screen, Step, chosen, newest_id, screen_of};
use crate::json::Json;
use crate::reading::Reading;
use crate::words;

/// What is read of a message first: of another version, nothing else is believed.
#[derive(Deserialize)]
struct Head {
    v: u32,
}

fn is_practice(mirror: &RwSignal<Mirror>) -> bool {
    mirror.with(|mirror| mirror.state().is_some_and(|state| state.practice.is_some()))
}

/// Everything that the parts of the page need, cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Page {
    mirror: RwSignal<Mirror>,
    choice: RwSignal<Choice>,
    /// The firmware files that were there when the practice firmware was asked for.
    before_practice_file: RwSignal<Option<Vec<KeptFirmware>>>,
    /// The line to the helper.
    pub(crate) link: RwSignal<Link>,
    /// The open socket.
    pub(crate) socket: StoredValue<Option<Socket>, LocalStorage>,
    /// What the helper would not do, or does not do any more, in words.
    pub(crate) rejected: RwSignal<Option<&'static str>>,
    /// The answers before a recovery.
    pub(crate) draft: Draft,
    /// The phone on the screen.
    pub(crate) phone: Memo<Option<PhoneView>>,
    /// The screen.
    pub(crate) screen: Memo<Screen>,
    /// Whether the person wants to be told at the end.
    pub(crate) wants_bell: RwSignal<bool>,
    /// What is seen of the cable and the phone.
    pub(crate) reading: Memo<Reading>,
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
                    None => Screen::Ask(match draft.question.get() {
                        // Who practises has nothing wrong with the phone.
                        Question::Symptom if is_practice(&mirror) => Question::Phone,
                        question => question,
                    }),
                })
            }
        });
        let reading = Memo::new(move |_| {
            let typed = draft.address.get();
            let read = |mirror: &Mirror| mirror.state().map(|state| Reading::of(state, &typed));
            let by_itself = draft.symptom.get() == Some(Symptom::NoSoftware);
            Reading { by_itself, ..mirror.with(read).unwrap_or_default() }
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
            wants_bell: RwSignal::new(false),
            reading,
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
    pub(crate) fn firmware(self) -> Memo<Vec<KeptFirmware>> {
        Memo::new(move |_| {
            self.mirror.with(|mirror| mirror.state().map(|state| state.firmware.clone()).unwrap_or_default())
        })
    }

    /// The files that the helper has in part.
    pub(crate) fn uploads(self) -> Memo<Vec<UploadView>> {
        Memo::new(move |_| {
            self.mirror.with(|mirror| mirror.state().map(|state| state.uploads.clone()).unwrap_or_default())
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
            Screen::Waiting
            | Screen::KeyRefused
            | Screen::OtherVersion
            | Screen::Ask(Question::Symptom | Question::Phone) => Step::Phone,
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

    /// Another helper is there, or was: a recovery that ran does not outlive its own.
    fn miss_what_ran(self) {
        if self.any_phone(PhoneView::is_running) {
            self.rejected.set(Some(words::ENDED));
        }
    }

    /// Whether the browser asks before it leaves the page. The helper goes on without it, and
    /// nothing is lost. But who believes that all is over may unplug the phone: so it asks from
    /// the form on, after which the phone may begin at any moment, until the phone is back.
    pub(crate) fn holds_on(self) -> bool {
        let link = self.link.get_untracked();
        let hears = matches!(link, Link::Open | Link::Lost { .. });
        // Whoever opens the address of a new helper in this tab wants it.
        hears
            && browser::token().is_none()
            && self.any_phone(|phone| {
                phone.is_running() && (Phase::Send..=Phase::Restart).contains(&phone.phase)
            })
    }

    fn any_phone(self, is: fn(&PhoneView) -> bool) -> bool {
        self.mirror.with_untracked(|mirror| mirror.state().is_some_and(|state| state.phones.iter().any(is)))
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

    /// Starts what the draft says, with what else the person has agreed to.
    pub(crate) fn start(self, agreed: fn(Job) -> Job) {
        if let Some(job) = self.draft.job() {
            let newest = self.mirror.with_untracked(|mirror| mirror.state().and_then(newest_id));
            self.choice.set(Choice::Started(newest));
            self.send(&Command::Start { job: agreed(job) });
        }
    }

    /// Starts the job of an ended recovery anew, with something in it changed.
    pub(crate) fn start_again(self, id: PhoneId, change: impl FnOnce(Job) -> Job) {
        let Some(job) = self.phone.with_untracked(|phone| phone.as_ref().map(|phone| phone.job.clone()))
        else {
            return;
        };
        let newest = self.mirror.with_untracked(|mirror| mirror.state().and_then(newest_id));
        self.choice.set(Choice::Started(newest));
        self.send(&Command::Forget { phone: id });
        self.send(&Command::Start { job: change(job) });
    }

    /// Puts the practice firmware among the files, and chooses it as soon as it is there.
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
            // A key changes with the helper.
            if link == Link::KeyRefused {
                self.miss_what_ran();
            }
            self.link.set(link);
        }
    }

    /// Takes a message of the helper.
    pub(crate) fn take(self, text: &str) {
        let Ok(json) = Json::parse(text) else { return };
        match json.read::<Head>() {
            Ok(Head { v: PROTOCOL_VERSION }) => {}
            Ok(_) => return self.link_is(Link::OtherVersion),
            Err(_) => return,
        }
        // A change that this page does not know: the next one shows a gap, and then the snapshot
        // tells.
        let Ok(message) = json.read::<Message>() else { return };
        if let Message::Snapshot { state, .. } = &message
            && state.phones.is_empty()
        {
            self.miss_what_ran();
        }
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
            Some(Took::Rejected(reason, _)) => self.rejected.set(Some(words::rejection(reason))),
            None => {}
        }
    }

    fn choose_practice_file(self) {
        let Some(before) = self.before_practice_file.get_untracked() else { return };
        let now = self.firmware().get_untracked();
        let new = now.iter().find(|kept| !before.contains(kept)).or(now.last());
        if let Some(kept) = new {
            self.draft.choose(Some(kept.file.clone()));
            self.before_practice_file.set(None);
        }
    }
}
