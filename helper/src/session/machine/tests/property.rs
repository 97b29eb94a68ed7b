//! Any events in any order, and any phone that keeps to the rules: what must hold all the same.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::pc::wall::Verdict;

/// Events cannot be cloned: each is made when it is needed.
fn one<T: std::fmt::Debug + 'static>(make: fn() -> T) -> impl Strategy<Value = T> {
    Just(make).prop_map(|make| make())
}

/// An event of any kind, in or out of place.
fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        one(|| inspected("57i.st")),
        one(|| Event::Inspected(Err(failure(FailureCode::FirmwareEmpty)))),
        any_look(),
        any_look(),
        any_look(),
        one(served),
        one(|| not_served(FailureCode::PcPortTaken)),
        any_wall(),
        any_verdict(),
        any_verdict(),
        any_file_event(),
        any_file_event(),
        any_file_event(),
        any_login(),
        any_login(),
        any_settings(),
        any_settings(),
        any_reset(),
        any_reset(),
        one(|| Event::Tick),
    ]
}

fn any_wall() -> impl Strategy<Value = Event> {
    prop_oneof![
        one(|| wall::walled(Verdict::KeepsOut)),
        one(|| wall::walled(Verdict::Unknown)),
        one(wall::opened),
        one(wall::not_opened),
        one(|| wall::proof(Err("no answer came".into()))),
    ]
}

fn any_look() -> impl Strategy<Value = Event> {
    prop_oneof![one(recovery), one(recovery), one(normal), one(normal), one(dark), one(stranger),]
}

fn any_verdict() -> impl Strategy<Value = Event> {
    prop_oneof![
        one(taken),
        one(refused),
        one(unclear),
        one(|| Event::Submitted(Err(ExchangeError::NoAnswer(PHONE)))),
    ]
}

fn any_file_event() -> impl Strategy<Value = Event> {
    (0..8_u8, 1..4_u64, 0..=BYTES).prop_map(|(kind, transfer, bytes)| match kind {
        0 | 1 => requested(transfer),
        2 => other_name("53i.st"),
        3 => progress(transfer, bytes),
        4 => Event::File(FileEvent::Repeat { transfer, count: 1 }),
        5 => complete(transfer),
        6 => peer_error(transfer),
        _ => broken(transfer),
    })
}

fn any_error() -> impl Strategy<Value = LoginError> {
    prop_oneof![one(gone), one(|| status(404)), one(|| status(503)),]
}

fn any_login() -> impl Strategy<Value = Event> {
    prop_oneof![one(identified), one(identified), any_error().prop_map(|error| Event::LoggedIn(Err(error))),]
}

fn any_settings() -> impl Strategy<Value = Event> {
    prop_oneof![
        one(|| settings(&[])),
        one(|| settings(&["sip proxy ip", "time zone name"])),
        any_error().prop_map(|error| Event::SettingsRead(Err(error))),
    ]
}

fn any_reset() -> impl Strategy<Value = Event> {
    prop_oneof![
        one(|| Event::ResetSent(Ok(()))),
        one(|| Event::ResetSent(Ok(()))),
        any_error().prop_map(|error| Event::ResetSent(Err(error))),
    ]
}

fn any_plan() -> impl Strategy<Value = Plan> {
    any::<[bool; 3]>().prop_map(|[keep_config, accept_guess, open_wall]| Plan {
        keep_config,
        accept_guess,
        open_wall,
        ..Plan::default()
    })
}

/// What holds for everything that was told, whatever happened.
fn the_story_holds_together(journey: &Journey) -> Result<(), TestCaseError> {
    let ends = journey.told.iter().filter(|update| matches!(update, Update::Finished(_))).count();
    prop_assert!(ends <= 1);
    prop_assert_eq!(ends == 1, journey.machine.is_over(), "over and told so, or neither");
    if ends == 1 {
        prop_assert!(matches!(journey.told.last(), Some(Update::Finished(_))));
        prop_assert_eq!(journey.machine.deadline(), None);
    }
    let phases = journey.phases();
    prop_assert!(phases.windows(2).all(|pair| pair[0] != pair[1]), "{:?}", phases);
    let verified = matches!(journey.outcome(), Some(Outcome::Verified));
    prop_assert_eq!(verified, phases.last() == Some(&Phase::Done));
    Ok(())
}

proptest! {
    #[test]
    fn no_order_of_events_breaks_the_story(
        plan in any_plan(),
        events in vec((any_event(), 0..20_000_u64), 0..60),
        cancel in any::<bool>(),
    ) {
        let mut journey = Journey::begin(plan);
        for (event, after) in events {
            journey.now += Duration::from_millis(after);
            let over = journey.machine.is_over();
            let told = journey.told.len();
            journey.feed(event);
            prop_assert!(!over || (journey.told.len() == told && journey.asked.is_empty()));
            the_story_holds_together(&journey)?;
        }
        if cancel {
            journey.feed(Event::Cancel);
            prop_assert!(journey.machine.is_over());
            the_story_holds_together(&journey)?;
        }
    }

    /// A rim that answers each action once, and a phone that does what it likes: the machine
    /// always has something to wait for, and never looks at the phone twice at a time.
    #[test]
    fn a_phone_that_does_what_it_likes_is_never_asked_twice_at_once_and_never_forgotten(
        plan in any_plan(),
        steps in vec((0..10_u8, any_look(), any_verdict(), any_file_event(), any_login(), any_settings(), any_reset()), 0..80),
    ) {
        let mut journey = Journey::begin(plan);
        let mut open: Vec<String> = journey.asked.iter().map(wording::action).collect();
        for (choice, look, verdict, file, login, settings, reset) in steps {
            if journey.machine.is_over() {
                break;
            }
            prop_assert!(
                !open.is_empty() || journey.machine.deadline().is_some() || journey.is_reading(),
                "nothing will ever happen again"
            );
            let event = match choice {
                0..6 if !open.is_empty() => match open.remove(0).split(' ').next() {
                    Some("inspect") => inspected("57i.st"),
                    Some("look") => look,
                    Some("serve") => {
                        journey.feed(wall::walled(Verdict::KeepsOut));
                        served()
                    }
                    Some("open") => wall::opened(),
                    Some("submit") => verdict,
                    Some("log") => login,
                    Some("read") => settings,
                    _ => reset,
                },
                6..9 if journey.is_serving() => file,
                _ => {
                    journey.now = journey.now.max(journey.machine.deadline().unwrap_or_default());
                    Event::Tick
                }
            };
            journey.feed(event);
            let asked: Vec<String> = journey.asked.iter().map(wording::action).collect();
            let is_look = |action: &String| action.starts_with("look");
            let looks = asked.iter().filter(|action| is_look(action)).count();
            prop_assert!(looks <= 1, "{:?}", asked);
            if looks == 1 {
                // The rim forgets the one that is under way.
                open.retain(|action| !is_look(action));
            }
            open.extend(asked);
            the_story_holds_together(&journey)?;
        }
    }
}

impl Journey {
    /// The server runs from the moment the form goes out.
    fn is_serving(&self) -> bool {
        self.phases().contains(&Phase::Send)
    }

    /// The engine tells of every transfer how it ended: no deadline is needed meanwhile.
    fn is_reading(&self) -> bool {
        self.phases().last() == Some(&Phase::Transfer)
    }
}
