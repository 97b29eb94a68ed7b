//! The pages Web Recovery serves. Their words are the ones people have reported (domain.md 1.1,
//! last but one row), the rest is ours.

use super::form::Plan;
use crate::{
    Event, FormStyle, Quirk,
    http::{Reply, Request},
    phone::{Core, Stage},
};

/// Where a page's message goes.
const MESSAGE: &str = "%MESSAGE%";
/// Where the phone's own address goes.
const HOST: &str = "%HOST%";
/// Where the hidden token goes.
const TOKEN: &str = "%TOKEN%";

/// A GET: the form, or how the download is doing.
pub(super) fn get(core: &Core, plan: &Plan, request: &Request) -> Reply {
    let path = request.path();
    let known = path == "/" || path == plan.page || path == plan.action || path == "/index.html";
    let stage = core.with(|memory| memory.stage);
    let stuck = stage == Stage::Failed && core.config.quirks.has(&Quirk::StuckPage);
    if known && (stage == Stage::Busy || stuck) {
        return please_wait();
    }
    match (plan.style, path) {
        (FormStyle::Frames, "/") => Reply::page(include_str!("pages/frameset.html")),
        (FormStyle::Frames, "/rec/top.htm") => Reply::page("<HTML><BODY><H2>IP Phone</H2></BODY></HTML>\n"),
        (FormStyle::MetaRefresh, "/") => Reply::page(include_str!("pages/meta_refresh.html")),
        (FormStyle::Redirect, "/") => Reply::page("<HTML><BODY>moved</BODY></HTML>\n")
            .status(302, "Found")
            .header("Location", plan.page),
        _ if path == plan.page || path == "/index.html" => form(core, plan, stage),
        // The address bar after a submit: reloading it by GET is no way to send the form.
        _ if path == plan.action => Reply::method_unsupported(),
        _ => Reply::not_found(),
    }
}

/// A POST to one of the page's other forms.
pub(super) fn other_post(core: &Core, plan: &Plan, request: &Request) -> Reply {
    let action = request.path().to_owned();
    core.say(Event::OtherFormUsed { action });
    let stage = core.with(|memory| memory.stage);
    form(core, plan, stage)
}

fn form(core: &Core, plan: &Plan, stage: Stage) -> Reply {
    let message = match stage {
        Stage::Failed => "<P><B>firmware download failed</B></P>",
        Stage::Waiting | Stage::Busy => "",
    };
    let token = core.with(|memory| {
        memory.form_read = true;
        memory.token = format!("{:016x}", memory.random.next());
        memory.token.clone()
    });
    let host = core.own_address().to_string();
    let reply = Reply::page(&plan.html.replace(MESSAGE, message).replace(TOKEN, &token).replace(HOST, &host));
    if core.config.quirks.has(&Quirk::WantsCookie) {
        return reply.header("Set-Cookie", format!("session={token}; path=/"));
    }
    reply
}

pub(super) fn please_wait() -> Reply {
    said("Firmware Downloading..Please Wait")
}

pub(super) fn invalid_parameters() -> Reply {
    said("Invalid Parameters")
}

/// What a server answers that has not been visited before (domain.md 1.4, quirk 2).
pub(super) fn hint() -> Reply {
    Reply::page(
        "<HTML><HEAD><TITLE>IP Phone</TITLE></HEAD><BODY>Please visit <A HREF=\"/\">the first page</A>.</BODY></HTML>\n",
    )
}

fn said(words: &str) -> Reply {
    Reply::page(&format!(
        "<HTML><HEAD><TITLE>Web Recovery</TITLE></HEAD>\n<BODY BGCOLOR=#FFFFFF><CENTER><BR><B>{words}</B></CENTER></BODY></HTML>\n"
    ))
}
