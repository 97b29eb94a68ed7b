//! The Web Recovery page (domain.md 1): the form in its many faces, the moods in which a POST
//! is refused, and what an obeyed one starts.

mod faces;
mod form;
mod gate;
mod multipart;
mod page;
mod submission;

use form::Plan;

use crate::{
    Event, Quirk,
    event::Refusal,
    http::{Answer, Reply, Request},
    phone::{Core, Order, Stage},
};

/// What a request in Web Recovery leads to.
pub(crate) fn answer(core: &Core, request: &Request) -> Answer {
    let plan = faces::plan(core.config.quirks.form());
    let mut answer = if is_submission(&plan, request) {
        submit(core, &plan, request)
    } else if request.is_post() {
        page::other_post(core, &plan, request).into()
    } else {
        page::get(core, &plan, request).into()
    };
    if let Some(reply) = &mut answer.reply {
        dress(core, reply);
    }
    answer
}

/// Whether this is the form, rightly sent or nearly so.
fn is_submission(plan: &Plan, request: &Request) -> bool {
    if plan.by_get {
        request.path() == plan.action && !request.query().is_empty()
    } else {
        request.is_post() && !plan.other_actions.contains(&request.path())
    }
}

fn submit(core: &Core, plan: &Plan, request: &Request) -> Answer {
    let had_form = core.with(|memory| std::mem::take(&mut memory.form_read));
    let order = gate::check(core, plan, request, had_form)
        .and_then(|()| submission::read(core, plan, request))
        .and_then(|order| gate::count(core).map(|()| order));
    match order {
        Ok(order) => obey(core, order),
        Err(refusal) => {
            let reply = refuse(&refusal);
            core.say(Event::PostRefused { refusal });
            reply.into()
        }
    }
}

fn obey(core: &Core, order: submission::Accepted) -> Answer {
    core.with(|memory| memory.stage = Stage::Busy);
    core.say(order.event);
    let quirks = &core.config.quirks;
    let reply =
        if quirks.has(&Quirk::LyingAnswer) { page::invalid_parameters() } else { page::please_wait() };
    let then: Order = order.order;
    Answer { reply: (!quirks.has(&Quirk::NoAnswer)).then_some(reply), then: Some(then) }
}

fn refuse(refusal: &Refusal) -> Reply {
    match refusal {
        Refusal::NoGetBefore => page::hint(),
        Refusal::Busy => page::please_wait(),
        Refusal::WrongAction(_) => Reply::not_found(),
        Refusal::WrongMethod(_) => Reply::method_unsupported(),
        _ => page::invalid_parameters(),
    }
}

/// Framing, version and Server header, as the switches say.
fn dress(core: &Core, reply: &mut Reply) {
    let quirks = &core.config.quirks;
    reply.style = quirks.replies();
    if quirks.has(&Quirk::Http10) {
        reply.version = "HTTP/1.0";
    }
    if quirks.has(&Quirk::Aragorn) {
        reply.headers.insert(0, ("Server", "Aragorn".to_owned()));
    }
}
