//! `hookflash find`: the phones on this computer's cables.

use std::process::ExitCode;

use serde_json::json;
use shared::failure::{Failure, FailureCode};
use shared::protocol::Outcome;
use shared::text;

use super::args;
use super::recover::Cancel;
use super::seek::{May, Sought, seek};
use super::show::{JsonLines, Sentences, Show, print};
use super::undo::{complain, take_back_what_was_left};
use crate::pc::find::{Extent, Found, State, find};
use crate::pc::keeper::Keeper;
use crate::pc::{here, journal};
use crate::session::event::Update;

/// Finds them and tells them.
pub(super) async fn run(options: args::Find) -> anyhow::Result<ExitCode> {
    let shown = options.shown.map(|shown| shown.0).unwrap_or_default();
    let mut show: Box<dyn Show> =
        if options.json { Box::new(JsonLines::new()) } else { Box::new(Sentences::new()) };
    let mut lines = JsonLines::new();
    if !options.json {
        print("Looking for phones on the cables of this computer. This can take a few minutes.");
    }
    let sought = if options.dhcp {
        take_back_what_was_left();
        let mut keeper = Keeper::new(here(), journal::usual_place());
        let mut cancel = Cancel::listen();
        let may = May::of(options.yes, options.json);
        let mut tell = |check| show.show(&Update::Check(check));
        let sought = cancel.unless(seek(&mut keeper, &shown, may, &mut tell)).await;
        // What was handed out ends before our own address goes.
        let sought = sought.transpose()?.map(|sought| Sought { servers: None, ..sought });
        complain(&keeper.take_back());
        sought
    } else {
        Some(Sought { found: find(here(), &shown, Extent::Whole).await?, ..Sought::default() })
    };
    let Some(Sought { found, refused, .. }) = sought else {
        let stopped = Failure::new(FailureCode::SessionCancelled, "stopped while looking for phones");
        return Ok(failed(&mut lines, options.json, stopped));
    };
    for found in &found {
        match options.json {
            true => lines.line(line(found)),
            false => tell(found),
        }
    }
    if found.is_empty() {
        let none = match refused {
            Some(why) => Failure::new(FailureCode::PcNoRoute, why),
            None => Failure::new(FailureCode::PhoneNotFound, "no phone answers on a cable of this computer"),
        };
        return Ok(failed(&mut lines, options.json, none));
    }
    if options.json {
        lines.line(json!({"event": "finished", "outcome": "found", "code": null, "exit": 0}));
    }
    Ok(ExitCode::SUCCESS)
}

fn failed(lines: &mut JsonLines, json: bool, failure: Failure) -> ExitCode {
    let code = failure.code.exit_code();
    let finished = Update::Finished(Outcome::Failed(failure));
    match json {
        true => lines.show(&finished),
        false => Sentences::new().show(&finished),
    }
    ExitCode::from(code)
}

fn line(found: &Found) -> serde_json::Value {
    let Found { address, mac, interface, state, model, why } = found;
    json!({
        "event": "found", "address": address, "mac": mac, "interface": interface, "state": state,
        "model": model,
        "why": why, "next": words(*state).1,
    })
}

fn tell(found: &Found) {
    let (heading, next) = words(found.state);
    let interface = found.interface.as_ref().map(|name| format!(" on {name}")).unwrap_or_default();
    print(&format!("\n{}{interface}: {heading}", found.address));
    found.why.iter().for_each(|why| print(&format!("  because {why}")));
    print(&format!("  Next: {next}"));
}

/// What it is, and what a person does next.
fn words(state: State) -> (&'static str, &'static str) {
    let of = |code| (text::failure(code).heading, text::failure(code).next);
    match state {
        State::Recovery => ("A phone in Web Recovery", "Recover it, with this address."),
        State::OutOfReach => (
            "Something that answers on the cable, in a network that this computer is not in",
            "Recover it with this address and --yes: hookflash then adds an address beside it, and takes it away at the end.",
        ),
        State::Silent => (
            "A phone whose page does not answer",
            "Unplug its power, hold 1 and # together, plug the power in, and keep holding until the display says WEB RECOVERY.",
        ),
        State::Busy => of(FailureCode::PhoneBusy),
        State::Normal => of(FailureCode::PhoneNormalMode),
        State::TestMode => of(FailureCode::PhoneTestMode),
    }
}
