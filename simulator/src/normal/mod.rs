//! Normal mode's pages (domain.md 1.3, 1.4 and 4): behind a login whose first right try is
//! refused, and only for who has read a page before.

mod login;
mod page;
mod reset;

use crate::{
    Quirk,
    http::{Answer, Reply, Request},
    phone::Core,
};

/// What a request in normal mode leads to.
pub(crate) fn answer(core: &Core, request: &Request) -> Answer {
    if !login::lets_in(core, request) {
        return login::refusal(core).into();
    }
    let had_page = core.with(|memory| memory.page_read);
    if request.is_post() {
        if !had_page && !core.config.quirks.has(&Quirk::EasyPost) {
            return dressed(page::visit_first()).into();
        }
        return match request.path() {
            "/reset.html" => reset::answer(core, request),
            _ => dressed(Reply::not_found()).into(),
        };
    }
    let reply = match request.path() {
        "/" | "/sysinfo.html" => page::system(core),
        "/localcfg.html" => page::local(core),
        "/servercfg.html" => page::server(core),
        "/reset.html" => page::reset(core),
        _ => return dressed(Reply::not_found()).into(),
    };
    core.with(|memory| memory.page_read = true);
    dressed(reply).into()
}

/// With the Server header of these phones (domain.md 1.3).
fn dressed(mut reply: Reply) -> Reply {
    reply.headers.insert(0, ("Server", "Aragorn".to_owned()));
    reply
}
