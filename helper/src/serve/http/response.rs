//! What is answered to a request (RFC 9110), without sockets.
//!
//! Every answer says how long it is and closes the connection: the least that can go wrong
//! between us and a loader.

use std::ops::Range;

use shared::form::Protocol;

use super::request::{Request, Version};
use crate::serve::shelf::{Found, Shelf};
use crate::serve::{Agent, FileEvent};

/// Characters of an unknown method that are told.
const LONGEST_METHOD: usize = 20;

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Status and headers; nothing for HTTP/0.9.
    pub head: String,
    /// What follows.
    pub body: Body,
    /// What the session is to hear, besides the transfer.
    pub told: Vec<FileEvent>,
}

/// What follows the head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// A few words, a configuration, or nothing.
    Small(&'static str),
    /// A part of the staged file, as a transfer.
    Firmware {
        /// The name as it came.
        name: String,
        /// Which bytes.
        part: Range<usize>,
    },
}

/// Statuses that are ever answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// 200
    Ok,
    /// 206
    Partial,
    /// 400
    BadRequest,
    /// 404
    NotFound,
    /// 405
    NotAllowed,
    /// 408
    TooSlow,
    /// 416
    NoSuchRange,
    /// 431
    TooLong,
}

impl Status {
    fn line(self) -> &'static str {
        match self {
            Self::Ok => "200 OK",
            Self::Partial => "206 Partial Content",
            Self::BadRequest => "400 Bad Request",
            Self::NotFound => "404 Not Found",
            Self::NotAllowed => "405 Method Not Allowed",
            Self::TooSlow => "408 Request Timeout",
            Self::NoSuchRange => "416 Range Not Satisfiable",
            Self::TooLong => "431 Request Header Fields Too Large",
        }
    }
}

/// What a range header asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Asked {
    All,
    Part(Range<usize>),
    Nonsense,
}

impl Response {
    /// The answer to a request.
    #[must_use]
    pub fn to(request: &Request, shelf: &Shelf) -> Self {
        let told: Vec<FileEvent> =
            request.agent.iter().map(|agent| FileEvent::Introduced { agent: Agent::read(agent) }).collect();
        let mut response = match request.method.to_ascii_uppercase().as_str() {
            "GET" | "HEAD" => Self::to_get(request, shelf),
            _ => Self::not_allowed(request),
        };
        response.told.splice(0..0, told);
        if request.method.eq_ignore_ascii_case("HEAD") {
            response.body = Body::Small("");
        }
        if request.version == Version::Http09 {
            response.head.clear();
        }
        response
    }

    /// The answer to what is no request.
    #[must_use]
    pub fn refusal(status: Status) -> Self {
        // Who cannot ask properly may not know 1.1 either.
        Self::small(Version::Http10, status, "", "")
    }

    fn to_get(request: &Request, shelf: &Shelf) -> Self {
        let name = request.target.clone();
        match shelf.find(&request.path()) {
            Found::Firmware => Self::firmware(request, shelf),
            Found::Configuration(answer) => {
                let mut response = match answer {
                    Some(text) => Self::small(request.version, Status::Ok, "", text),
                    None => Self::small(request.version, Status::NotFound, "", "not found\n"),
                };
                let answered = answer.is_some();
                response.told.push(FileEvent::Configuration { protocol: Protocol::Http, name, answered });
                response
            }
            Found::Nothing => {
                let mut response = Self::small(request.version, Status::NotFound, "", "not found\n");
                response.told.push(FileEvent::OtherName { name });
                response
            }
        }
    }

    fn firmware(request: &Request, shelf: &Shelf) -> Self {
        let total = shelf.bytes().len();
        // HTTP/0.9 has no way to say that it is a part.
        let range = request.range.as_deref().filter(|_| request.version != Version::Http09);
        let (status, part, more) = match range.map_or(Asked::All, |range| asked(range, total)) {
            Asked::All => (Status::Ok, 0..total, String::new()),
            Asked::Part(part) => {
                let (first, last) = (part.start, part.end - 1);
                (Status::Partial, part, format!("Content-Range: bytes {first}-{last}/{total}\r\n"))
            }
            Asked::Nonsense => {
                let more = format!("Content-Range: bytes */{total}\r\n");
                return Self::small(request.version, Status::NoSuchRange, &more, "");
            }
        };
        Self {
            head: head(request.version, status, part.len(), &format!("Accept-Ranges: bytes\r\n{more}")),
            body: Body::Firmware { name: request.target.clone(), part },
            told: Vec::new(),
        }
    }

    fn not_allowed(request: &Request) -> Self {
        let mut response = Self::small(request.version, Status::NotAllowed, "Allow: GET, HEAD\r\n", "");
        let what = request.method.chars().take(LONGEST_METHOD).collect();
        response.told.push(FileEvent::Refused { protocol: Protocol::Http, what });
        response
    }

    fn small(version: Version, status: Status, more: &str, body: &'static str) -> Self {
        Self { head: head(version, status, body.len(), more), body: Body::Small(body), told: Vec::new() }
    }
}

fn head(version: Version, status: Status, length: usize, more: &str) -> String {
    let version = if version == Version::Http11 { "1.1" } else { "1.0" };
    let status = status.line();
    format!(
        "HTTP/{version} {status}\r\nContent-Type: application/octet-stream\r\nContent-Length: {length}\r\n\
         {more}Connection: close\r\n\r\n"
    )
}

/// Reads `bytes=a-b`, `bytes=a-` and `bytes=-n` (RFC 9110 14.1.2). Whatever else it is, several
/// ranges too, is ignored, which is allowed, and all of the file comes.
fn asked(range: &str, total: usize) -> Asked {
    let range = range.to_ascii_lowercase();
    let Some(set) = range.trim().strip_prefix("bytes=") else { return Asked::All };
    let Some((first, last)) = set.trim().split_once('-') else { return Asked::All };
    let (first, last) = (first.trim(), last.trim());
    let part = match (number(first), number(last)) {
        (None, Some(count)) if first.is_empty() => total.saturating_sub(count)..total,
        (Some(first), None) if last.is_empty() => first..total,
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(total),
        _ => return Asked::All,
    };
    if part.is_empty() { Asked::Nonsense } else { Asked::Part(part) }
}

/// Digits only; more than fits is as far as it goes.
fn number(text: &str) -> Option<usize> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(usize::MAX))
}

#[cfg(test)]
#[path = "response_tests.rs"]
mod tests;
