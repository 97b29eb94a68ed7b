//! Basic login (RFC 7617). The first right password of every boot is refused all the same
//! (domain.md 1.4, quirk 3).

use base64::{Engine, prelude::BASE64_STANDARD};

use super::dressed;
use crate::{
    Event,
    http::{Reply, Request},
    phone::Core,
};

/// The only user who may do anything here (domain.md 2, Passwords).
const ADMIN: &str = "admin";

/// Whether this request comes in. A request without a login is no try.
pub(super) fn lets_in(core: &Core, request: &Request) -> bool {
    let Some((user, password)) = credentials(request) else {
        return false;
    };
    let refusals = core.config.quirks.login_refusals();
    let limit = core.config.quirks.lock_out();
    let (right, accepted) = core.with(|memory| {
        let right = user == ADMIN && password == memory.password();
        memory.right_logins += u32::from(right);
        memory.wrong_logins += u32::from(!right);
        let open = limit.is_none_or(|limit| memory.wrong_logins < limit);
        (right, open && right && memory.right_logins > refusals)
    });
    core.say(Event::Login { user, right, accepted });
    accepted
}

fn credentials(request: &Request) -> Option<(String, String)> {
    let (scheme, code) = request.header("authorization")?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let plain = BASE64_STANDARD.decode(code.trim()).ok()?;
    let plain = String::from_utf8(plain).ok()?;
    let (user, password) = plain.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

/// 401 with the realm that names maker and model.
pub(super) fn refusal(core: &Core) -> Reply {
    let realm = core.with(|memory| memory.model.realm());
    let reply = Reply::page(
        "<html><head><title>401 Unauthorized</title></head><body><h2>401 Unauthorized</h2></body></html>\n",
    )
    .status(401, "Unauthorized")
    .header("WWW-Authenticate", format!("Basic realm=\"{realm}\""));
    dressed(reply)
}
