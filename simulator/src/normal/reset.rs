//! `POST /reset.html resetOption=N` (domain.md 4): 0 restarts, 1 restores factory defaults,
//! 2 removes the local configuration. Each answers first and goes dark then.

use super::{dressed, page};
use crate::{
    Event, Quirk,
    event::Mode,
    http::{Answer, Request, decode_form},
    phone::{Core, Order},
};

/// Does it and says so.
pub(super) fn answer(core: &Core, request: &Request) -> Answer {
    let body: String = request.body.iter().map(|byte| char::from(*byte)).collect();
    let option = decode_form(body.trim_end())
        .into_iter()
        .find(|(name, _)| name == "resetOption")
        .and_then(|(_, value)| value.parse::<u8>().ok());
    let Some(option @ 0..=2) = option else {
        return dressed(page::reset(core)).into();
    };
    core.say(Event::Reset { option });
    core.with(|memory| match option {
        1 => memory.restore_factory_defaults(),
        2 => memory.remove_local_configuration(&core.config),
        _ => {}
    });
    let quirks = &core.config.quirks;
    let restarts = option == 0 || !quirks.has(&Quirk::NoRestart);
    let reply = if restarts { page::restarting() } else { page::reset_complete() };
    Answer {
        reply: (!quirks.has(&Quirk::ResetDrops)).then(|| dressed(reply)),
        then: restarts.then_some(Order::Restart(Some(Mode::Normal))),
    }
}
