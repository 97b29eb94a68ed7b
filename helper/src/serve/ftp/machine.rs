//! The FTP server of one control connection, without sockets: lines go in, actions come out
//! (RFC 959, 2428, 3659).
//!
//! It reads one file and has no code that could write. A data connection is made to the phone's
//! own address or not at all: what PORT or EPRT say about any other is refused (RFC 2577 3), so
//! nobody is reached through us. Folders are only words here; every one of them holds the file.

use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};

use shared::form::Protocol;

use super::command::Command;
use super::reply::Reply;
use crate::serve::FileEvent;
use crate::serve::shelf::{Found, Shelf};

/// Lines that may wait, mostly for the end of a transfer. Clients that do not wait for replies send
/// QUIT, perhaps a few before it.
const MOST_WAITING: usize = 16;
/// Bytes of the folder's name that are remembered.
const LONGEST_FOLDER: usize = 255;

/// What the rim is to do, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Send this on the control connection.
    Reply(Reply),
    /// Listen for a data connection, in place of any earlier one, and say
    /// [`Machine::listening`].
    Listen,
    /// Stop listening.
    Forget,
    /// Make the data connection, send this, close it, and say [`Machine::ended`].
    Send(Route, Parcel),
    /// End the transfer and say [`Machine::ended`].
    Abort,
    /// Tell the session.
    Tell(FileEvent),
    /// Close the control connection.
    Close,
}

/// How the data connection is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// The phone connects to where we listen.
    Passive,
    /// We connect to the phone.
    Active(SocketAddr),
}

/// What goes over the data connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parcel {
    /// The staged file, from this byte on.
    Firmware {
        /// The name as it came.
        name: String,
        /// The first byte.
        from: u64,
    },
    /// A listing or a configuration.
    Small(String),
}

/// How a transfer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransferEnd {
    /// Everything was sent.
    Sent,
    /// There was no data connection.
    NoConnection,
    /// The data connection broke.
    Broken,
    /// [`Action::Abort`] was done.
    Aborted,
}

/// One control connection.
#[derive(Debug)]
pub struct Machine {
    /// The phone's end of the control connection.
    peer: SocketAddr,
    /// Our end.
    local: IpAddr,
    shelf: Shelf,
    folder: String,
    route: Option<Route>,
    /// EPSV ALL was said (RFC 2428 4).
    extended_only: bool,
    /// A listener was asked for, by EPSV or by PASV.
    listening: Option<Listening>,
    restart: u64,
    transferring: bool,
    waiting: VecDeque<Vec<u8>>,
    over: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listening {
    Passive,
    Extended,
}

impl Machine {
    /// Greets the phone. IPv4 inside IPv6 counts as IPv4.
    #[must_use]
    pub fn begin(peer: SocketAddr, local: IpAddr, shelf: Shelf) -> (Self, Vec<Action>) {
        let machine = Self {
            peer: canonical(peer),
            local: local.to_canonical(),
            shelf,
            folder: "/".into(),
            route: None,
            extended_only: false,
            listening: None,
            restart: 0,
            transferring: false,
            waiting: VecDeque::new(),
            over: false,
        };
        (machine, vec![Action::Reply(Reply::new(220, "hookflash: one file for one phone"))])
    }

    /// Whether the phone may be silent: it is busy taking a file.
    #[must_use]
    pub fn is_transferring(&self) -> bool {
        self.transferring
    }

    /// Takes a line without its end.
    pub fn line(&mut self, line: &[u8]) -> Vec<Action> {
        if self.over {
            return Vec::new();
        }
        if !self.is_busy() {
            return self.carry_out(Command::parse(line));
        }
        match Command::parse(line) {
            Ok(Command::Abort) if self.transferring => vec![Action::Abort],
            _ if self.waiting.len() < MOST_WAITING => {
                self.waiting.push_back(line.to_vec());
                Vec::new()
            }
            _ => self.close(421, "too many commands at once"),
        }
    }

    /// There is a listener at this port, or there can be none.
    pub fn listening(&mut self, port: Option<u16>) -> Vec<Action> {
        let Some(asked) = self.listening.take() else { return Vec::new() };
        self.route = port.map(|_| Route::Passive);
        let actions = match (port, asked, self.local) {
            (None, ..) => reply(425, "no port for the data connection"),
            (Some(port), Listening::Passive, IpAddr::V4(local)) => {
                let [a, b, c, d] = local.octets();
                let [high, low] = port.to_be_bytes();
                reply(227, format!("Entering Passive Mode ({a},{b},{c},{d},{high},{low})"))
            }
            (Some(port), ..) => reply(229, format!("Entering Extended Passive Mode (|||{port}|)")),
        };
        self.go_on(actions)
    }

    /// The transfer has ended; what waited for that is carried out.
    pub fn ended(&mut self, end: TransferEnd) -> Vec<Action> {
        if !std::mem::take(&mut self.transferring) || self.over {
            return Vec::new();
        }
        let actions = match end {
            TransferEnd::Sent => reply(226, "sent"),
            TransferEnd::NoConnection => reply(425, "there is no data connection"),
            TransferEnd::Broken => reply(426, "the data connection broke"),
            // RFC 959 4.1.3, ABOR: the service, and then the command.
            TransferEnd::Aborted => [reply(426, "given up"), reply(226, "as you wish")].concat(),
        };
        self.go_on(actions)
    }

    /// Adds what waited for this.
    fn go_on(&mut self, mut actions: Vec<Action>) -> Vec<Action> {
        while !self.is_busy()
            && let Some(line) = self.waiting.pop_front()
        {
            actions.extend(self.line(&line));
        }
        actions
    }

    /// Replies come in the order of the commands: the next one waits.
    fn is_busy(&self) -> bool {
        self.transferring || self.listening.is_some()
    }

    /// Ends the connection, and says why.
    pub fn close(&mut self, code: u16, why: &str) -> Vec<Action> {
        self.over = true;
        self.waiting.clear();
        vec![Action::Reply(Reply::new(code, why)), Action::Close]
    }

    fn carry_out(&mut self, command: Result<Command, Reply>) -> Vec<Action> {
        let command = match command {
            Ok(command) => command,
            Err(refusal) => return vec![Action::Reply(refusal)],
        };
        match command {
            Command::User => reply(331, "any password will do"),
            Command::Password => reply(230, "welcome"),
            Command::System => reply(215, "UNIX Type: L8"),
            Command::Features => {
                let known = ["EPRT", "EPSV", "PASV", "REST STREAM", "SIZE", "UTF8"];
                vec![Action::Reply(Reply::list(211, "what there is:", &known, "end"))]
            }
            Command::Nothing(text) => reply(200, text),
            Command::Folder => reply(257, format!("\"{}\"", self.folder.replace('"', "\"\""))),
            Command::ChangeFolder(name) => self.change_folder(&name),
            Command::FolderUp => {
                self.folder.truncate(self.folder.rfind('/').unwrap_or(0).max(1));
                reply(250, "every folder holds the file")
            }
            Command::Size(name) => self.size(name),
            Command::Passive if self.extended_only => reply(503, "you said EPSV ALL"),
            // PASV knows no IPv6 (RFC 2428 1).
            Command::Passive if self.local.is_ipv6() => reply(425, "use EPSV"),
            Command::Passive => self.listen(Listening::Passive),
            Command::ExtendedPassive => self.listen(Listening::Extended),
            Command::ExtendedPassiveOnly => {
                self.extended_only = true;
                reply(200, "only EPSV from now on")
            }
            Command::Active(_) if self.extended_only => reply(503, "you said EPSV ALL"),
            Command::Active(address) => self.active(address),
            Command::Restart(place) => {
                self.restart = place;
                reply(350, "from there on")
            }
            Command::Retrieve(name) => self.retrieve(name),
            Command::List => {
                let (total, name) = (self.shelf.total(), self.shelf.shown());
                // The date means nothing, and every client knows this form.
                self.send(Parcel::Small(format!("-r--r--r-- 1 ftp ftp {total} Jan  1  2000 {name}\r\n")))
            }
            Command::NameList => self.send(Parcel::Small(format!("{}\r\n", self.shelf.shown()))),
            Command::Write(what) => {
                let told = FileEvent::Refused { protocol: Protocol::Ftp, what };
                [vec![Action::Tell(told)], reply(550, "this server is read-only")].concat()
            }
            Command::Status => reply(211, "waiting for RETR"),
            Command::Abort => reply(226, "nothing to give up"),
            Command::Quit => self.close(221, "good-bye"),
        }
    }

    fn change_folder(&mut self, name: &str) -> Vec<Action> {
        let name = name.replace('\\', "/");
        let folder = if name == "." {
            self.folder.clone()
        } else if name.starts_with('/') {
            name
        } else {
            format!("{}/{name}", self.folder.trim_end_matches('/'))
        };
        self.folder = if folder.len() <= LONGEST_FOLDER { folder } else { "/".into() };
        reply(250, "every folder holds the file")
    }

    fn size(&mut self, name: String) -> Vec<Action> {
        match self.shelf.find(&name) {
            Found::Firmware => reply(213, self.shelf.total().to_string()),
            Found::Configuration(Some(text)) => reply(213, text.len().to_string()),
            found @ (Found::Configuration(None) | Found::Nothing) => missing(found, name),
        }
    }

    fn listen(&mut self, asked: Listening) -> Vec<Action> {
        self.listening = Some(asked);
        self.route = None;
        vec![Action::Listen]
    }

    fn active(&mut self, address: SocketAddr) -> Vec<Action> {
        if address.ip().to_canonical() != self.peer.ip() {
            return reply(504, "only to your own address");
        }
        // The peer's own address, for it may know a scope that PORT cannot say.
        let mut to = self.peer;
        to.set_port(address.port());
        self.route = Some(Route::Active(to));
        [vec![Action::Forget], reply(200, "to you")].concat()
    }

    fn retrieve(&mut self, name: String) -> Vec<Action> {
        let from = std::mem::take(&mut self.restart);
        match self.shelf.find(&name) {
            Found::Firmware if from > self.shelf.total() => reply(554, "the file ends before that"),
            Found::Firmware => self.send(Parcel::Firmware { name, from }),
            Found::Configuration(Some(text)) => {
                let rest = usize::try_from(from).ok().and_then(|from| text.get(from..));
                let Some(rest) = rest else { return reply(554, "the file ends before that") };
                let told = configuration(name, true);
                [vec![Action::Tell(told)], self.send(Parcel::Small(rest.into()))].concat()
            }
            found @ (Found::Configuration(None) | Found::Nothing) => missing(found, name),
        }
    }

    fn send(&mut self, parcel: Parcel) -> Vec<Action> {
        // One data connection for each PASV, EPSV, PORT or EPRT.
        let Some(route) = self.route.take() else { return reply(425, "say PASV, EPSV, PORT or EPRT first") };
        self.transferring = true;
        [reply(150, "here it comes"), vec![Action::Send(route, parcel)]].concat()
    }
}

/// IPv4 inside IPv6 as IPv4; the scope of an IPv6 address stays.
pub(super) fn canonical(address: SocketAddr) -> SocketAddr {
    match address.ip().to_canonical() {
        ip @ IpAddr::V4(_) => SocketAddr::new(ip, address.port()),
        IpAddr::V6(_) => address,
    }
}

fn reply(code: u16, text: impl AsRef<str>) -> Vec<Action> {
    vec![Action::Reply(Reply::new(code, text))]
}

fn missing(found: Found, name: String) -> Vec<Action> {
    let refusal = Reply::new(550, format!("{name}: there is no such file"));
    let told = match found {
        Found::Configuration(_) => configuration(name, false),
        Found::Firmware | Found::Nothing => FileEvent::OtherName { name },
    };
    vec![Action::Tell(told), Action::Reply(refusal)]
}

fn configuration(name: String, answered: bool) -> FileEvent {
    FileEvent::Configuration { protocol: Protocol::Ftp, name, answered }
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
