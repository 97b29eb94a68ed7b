//! What can happen, in a word each.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use shared::failure::{Failure, FailureCode};
use shared::firmware::FirmwareView;
use shared::form::Protocol;
use shared::model::Model;
use shared::protocol::Identity;

use crate::phone::answer::{Answer, recognise};
use crate::phone::client::{LoginError, Sighting};
use crate::phone::exchange::ExchangeError;
use crate::phone::normal::{Setting, Stored};
use crate::phone::reply::Reply;
use crate::phone::resolve::Here;
use crate::phone::verdict::Verdict;
use crate::serve::FileEvent;
use crate::session::event::{Event, Key, Offering};

/// What a 57i's archive unpacks to, roughly (domain.md 3.2).
pub(super) const BYTES: u64 = 2_600_000;
/// Our own address on the cable.
pub(super) const LOCAL: IpAddr = IpAddr::V4(Ipv4Addr::new(169, 254, 168, 233));
/// The phone's page, as in case C11.
pub(super) const PHONE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(169, 254, 168, 234)), 80);
/// How many ways there are to send [`FORM`].
pub(super) const RUNGS: usize = 14;
/// A form with all that is needed, and a button that has a name.
pub(super) const FORM: &str = "<h1>Web Recovery</h1><form method=post action=/go>\
    <input name=file><input name=tftp><input type=submit name=go value=Save></form>";

pub(super) fn firmware(name: &str, bytes: u64) -> FirmwareView {
    let model = Model::by_file(name).map(|model| model.name.to_owned());
    let (id, sha1) = ("ab12".into(), "cd34".into());
    FirmwareView { id, name: name.into(), bytes, sha1, model, ..FirmwareView::default() }
}

pub(super) fn inspected(name: &str) -> Event {
    Event::Inspected(Ok(firmware(name, BYTES)))
}

/// Every server that may be asked for is up.
pub(super) fn served() -> Event {
    let at = |protocol, port| Offering { protocol, port: Ok(port), expected: true };
    Event::Served(vec![at(Protocol::Tftp, 69), at(Protocol::Http, 80), at(Protocol::Ftp, 21)])
}

/// TFTP cannot be served.
pub(super) fn not_served(code: FailureCode) -> Event {
    Event::Served(vec![Offering { protocol: Protocol::Tftp, port: Err(failure(code)), expected: true }])
}

pub(super) fn answer(status: u16, headers: &[(&str, &str)], html: &str) -> Answer {
    let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let here = Here::new("169.254.168.234".parse().unwrap(), "/");
    recognise(&Reply { status, headers, body: html.into(), ..Reply::default() }, &here)
}

pub(super) fn looked(answer: Answer) -> Event {
    Event::Looked(Ok(Sighting { answer, local: LOCAL }))
}

pub(super) fn page(html: &str) -> Event {
    looked(answer(200, &[], html))
}

pub(super) fn recovery() -> Event {
    page(FORM)
}

pub(super) fn normal() -> Event {
    looked(answer(401, &[("www-authenticate", "Basic realm=\"Aastra 57i\"")], ""))
}

pub(super) fn stranger() -> Event {
    page("<title>Printer</title>Toner low")
}

pub(super) fn dark() -> Event {
    Event::Looked(Err(ExchangeError::Silent(PHONE)))
}

pub(super) fn taken() -> Event {
    Event::Submitted(Ok(Verdict::Taken))
}

pub(super) fn refused() -> Event {
    Event::Submitted(Ok(Verdict::Refused("Invalid Parameters".into())))
}

pub(super) fn unclear() -> Event {
    Event::Submitted(Ok(Verdict::Unknown("Bitte warten".into())))
}

pub(super) fn requested(transfer: u64) -> Event {
    let name = "/57i.st".into();
    Event::File(FileEvent::Requested { transfer, protocol: Protocol::Tftp, name, total: BYTES })
}

pub(super) fn other_name(name: &str) -> Event {
    Event::File(FileEvent::OtherName { name: name.into() })
}

pub(super) fn progress(transfer: u64, bytes: u64) -> Event {
    Event::File(FileEvent::Progress { transfer, bytes })
}

pub(super) fn complete(transfer: u64) -> Event {
    Event::File(FileEvent::Complete { transfer, bytes: BYTES })
}

/// The phone's own ERROR, code 0, as a VxWorks client sends it when it cannot write.
pub(super) fn peer_error(transfer: u64) -> Event {
    Event::File(FileEvent::PeerError { transfer, code: 0, text: "undefined error".into() })
}

pub(super) fn broken(transfer: u64) -> Event {
    Event::File(FileEvent::Broken { transfer, reason: "the client fell silent after block 7".into() })
}

pub(super) fn identified() -> Event {
    let identity = Identity { platform: Some("57i Revision 0".into()), version: Some("3.3.1.4365".into()) };
    logged_in(identity)
}

pub(super) fn logged_in(identity: Identity) -> Event {
    Event::LoggedIn(Ok((identity, Key::Factory)))
}

pub(super) fn password_refused() -> LoginError {
    LoginError::Refused { path: "/sysinfo.html", tries: 3 }
}

pub(super) fn status(status: u16) -> LoginError {
    LoginError::Status { path: "/localcfg.html", status }
}

pub(super) fn gone() -> LoginError {
    LoginError::Exchange(ExchangeError::Refused(PHONE))
}

pub(super) fn settings(keys: &[&str]) -> Event {
    stored(keys, Some(&[]))
}

/// What is on the phone, and what a server has sent, if the phone shows it.
pub(super) fn stored(local: &[&str], server: Option<&[&str]>) -> Event {
    let setting = |key: &&str| Setting { key: (*key).into(), value: "x".into() };
    let settings = |keys: &[&str]| keys.iter().map(setting).collect();
    Event::SettingsRead(Ok(Stored { local: settings(local), server: server.map(settings) }))
}

pub(super) fn failure(code: FailureCode) -> Failure {
    Failure::new(code, "as the test says")
}
