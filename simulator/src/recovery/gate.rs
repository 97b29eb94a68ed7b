//! The moods: what a POST must be like before its content is looked at (domain.md 1.4 and the
//! hypotheses of 1.6; nobody knows which of them a real phone has).

use super::form::Plan;
use crate::{
    Quirk,
    event::Refusal,
    http::Request,
    phone::{Core, Stage},
};

/// The names that must come last, in this order (Firefox 2's layout, hypothesis H3).
const LAST_HEADERS: [&str; 2] = ["content-type", "content-length"];

/// Refuses what this phone cannot take, by the first thing that is wrong.
pub(super) fn check(core: &Core, plan: &Plan, request: &Request, had_form: bool) -> Result<(), Refusal> {
    if core.with(|memory| memory.stage == Stage::Busy) {
        return Err(Refusal::Busy);
    }
    if request.path() != plan.action {
        return Err(Refusal::WrongAction(request.target.clone()));
    }
    if plan.by_get == request.is_post() {
        return Err(Refusal::WrongMethod(request.method.clone()));
    }
    let quirks = &core.config.quirks;
    if quirks.has(&Quirk::GetFirst) && !had_form {
        return Err(Refusal::NoGetBefore);
    }
    if quirks.has(&Quirk::FreshConnection) && request.nth > 1 {
        return Err(Refusal::ReusedConnection);
    }
    if quirks.has(&Quirk::LoneConnection) && request.other_waits {
        return Err(Refusal::SecondConnection);
    }
    let brings = |token: String| request.header("cookie").is_some_and(|cookie| cookie.contains(&token));
    if quirks.has(&Quirk::WantsCookie) && !brings(core.with(|memory| memory.token.clone())) {
        return Err(Refusal::NoCookie);
    }
    head(core, request)?;
    if request.body.len() < request.content_length {
        return Err(if request.body_with_head > 0 && quirks.has(&Quirk::TwoSegments) {
            Refusal::BodyInSameSegment
        } else {
            Refusal::BodyInOtherSegment
        });
    }
    Ok(())
}

fn head(core: &Core, request: &Request) -> Result<(), Refusal> {
    let quirks = &core.config.quirks;
    if quirks.head_limit().is_some_and(|limit| request.head_bytes > limit) {
        return Err(Refusal::LongHead(request.head_bytes));
    }
    if quirks.has(&Quirk::Http10) && request.version == "HTTP/1.1" {
        return Err(Refusal::HttpVersion);
    }
    if let Some(name) = quirks.refused_headers().find(|name| request.header(name).is_some()) {
        return Err(Refusal::Header(name.to_owned()));
    }
    if let Some(name) = quirks.wanted_headers().find(|name| request.header(name).is_none()) {
        return Err(Refusal::HeaderMissing(name.to_owned()));
    }
    if quirks.has(&Quirk::HeaderOrder) && request.is_post() {
        let last = request.headers.iter().rev().take(LAST_HEADERS.len()).rev();
        if !last.map(|(name, _)| name.as_str()).eq(LAST_HEADERS) {
            return Err(Refusal::HeaderOrder);
        }
    }
    Ok(())
}

/// Counts a POST that is good in every other way; the first ones may be refused all the same.
pub(super) fn count(core: &Core) -> Result<(), Refusal> {
    let posts = core.with(|memory| {
        memory.posts += 1;
        memory.posts
    });
    if posts <= core.config.quirks.refused_posts() {
        return Err(Refusal::TooEarly(posts));
    }
    Ok(())
}
