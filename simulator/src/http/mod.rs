//! The phone's own little web server. It is not a library's, because what makes these phones
//! hard lies in the bytes: which segment the body came in, what is left behind a request, who
//! else is connected (domain.md 1.4).

mod reader;
mod reply;
mod request;
mod server;

pub(crate) use reply::Reply;
pub(crate) use request::{Request, decode_form};
pub(crate) use server::{Answer, serve};
