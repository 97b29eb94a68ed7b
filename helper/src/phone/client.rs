//! Talking to one phone: its recovery page and its pages in normal mode. How its form is
//! submitted stands in `submit`.

use std::collections::{HashSet, VecDeque};
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use shared::address::PhoneAddress;
use shared::protocol::Identity;
use tokio::net::lookup_host;
use tokio::time::sleep;

use super::answer::{Answer, recognise, worth};
use super::cookies::Jar;
use super::exchange::{ANSWER, Exchange, ExchangeError, LOOK, exchange, exchange_within};
use super::exchange_log::{ExchangeLog, RecordedExchange};
use super::links::links;
use super::normal::{LOCALCFG, RESET, ResetOption, SERVERCFG, SYSINFO, Stored, read_identity, read_settings};
use super::request::{Login, get, post};
use super::resolve::Here;
use super::tries::{MOST_WRONG, Tries};

/// The page that is read first, in every mode.
const HOME: &str = "/";
/// Between two tries of the same thing.
const BREATH: Duration = Duration::from_millis(500);

/// Pages that one look reads at most: a redirect, a frameset and what is in its frames. Pages
/// that lead to each other in a circle end here, too.
const MOST_PAGES: usize = 8;
/// One phone, by the address of its page.
#[derive(Debug, Clone)]
pub struct PhoneClient {
    pub(super) address: PhoneAddress,
    /// None when the address is a name that nobody knows.
    socket: Option<SocketAddr>,
    /// Everything that was said, for the report.
    pub(super) log: Arc<Mutex<ExchangeLog>>,
    /// Its wrong passwords so far.
    tries: Arc<Mutex<Tries>>,
    /// What it wants to be told again.
    jar: Arc<Mutex<Jar>>,
    /// How it wants to be asked, as far as that was learned.
    manners: Arc<Manners>,
}

/// What was learned about how the phone's page must be asked for.
#[derive(Debug, Default)]
struct Manners {
    /// The last look was taken and not answered: the next one has more patience.
    slow: AtomicBool,
    /// It does not answer HTTP/1.0.
    new: AtomicBool,
}

/// What the phone's home page is, and from which of our addresses it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// What it is.
    pub answer: Answer,
    /// Our own address on the connection: the one that the phone can reach.
    pub local: IpAddr,
}

/// Why a page of normal mode could not be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// The login was refused each time.
    #[error("{path}: the login was refused, {tries} times in all")]
    Refused {
        /// The page.
        path: &'static str,
        /// The wrong tries of this session by now.
        tries: u32,
    },
    /// The page is not there.
    #[error("{path}: HTTP {status}")]
    Status {
        /// The page.
        path: &'static str,
        /// What the phone says.
        status: u16,
    },
    /// The phone did not answer.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
}

impl PhoneClient {
    /// A phone at an address; a name is looked up once, IPv4 first.
    pub async fn at(address: PhoneAddress) -> Self {
        let socket = match address.ip() {
            Some(ip) => Some(SocketAddr::new(ip, address.port)),
            None => {
                let found = lookup_host((address.host.as_str(), address.port)).await;
                let mut found: Vec<SocketAddr> = found.map(Iterator::collect).unwrap_or_default();
                found.sort_by_key(SocketAddr::is_ipv6);
                found.first().copied()
            }
        };
        Self {
            address,
            socket,
            log: Arc::default(),
            tries: Arc::default(),
            jar: Arc::default(),
            manners: Arc::default(),
        }
    }

    /// The phone's IP address: the one peer that is served.
    pub fn ip(&self) -> Option<IpAddr> {
        self.socket.map(|socket| socket.ip())
    }

    /// Every exchange with the phone that is kept, in the order of time, passwords masked.
    pub fn exchanges(&self) -> Vec<RecordedExchange> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).all()
    }

    /// Reads the phone's home page and says what it is. Where it only leads on, by a redirect, a
    /// refresh or frames, the pages behind it are read as well, as long as they are the phone's.
    ///
    /// # Errors
    /// When nothing answers.
    pub async fn look(&self) -> Result<Sighting, ExchangeError> {
        let (home, mut best) = self.glance(HOME).await?;
        let local = home.local.ip();
        let mut elsewhere = Vec::new();
        let mut seen = HashSet::from([HOME.to_owned()]);
        let mut queue = VecDeque::new();
        let mut found = Some((home.reply, HOME.to_owned()));
        while !is_enough(&best) {
            if let Some((reply, path)) = found.take() {
                let leads = links(&reply, &self.here(&path));
                elsewhere.extend(leads.elsewhere);
                for path in leads.onward.into_iter().chain(leads.frames).chain(leads.named) {
                    if seen.len() < MOST_PAGES && seen.insert(path.clone()) {
                        queue.push_back(path);
                    }
                }
            }
            let Some(path) = queue.pop_front() else { break };
            // A frame that does not answer is no reason to give up the others.
            if let Ok((page, answer)) = self.glance(&path).await {
                if worth(&best) < worth(&answer) {
                    best = answer;
                }
                found = Some((page.reply, path));
            }
        }
        if let (Answer::Stranger { seen }, false) = (&mut best, elsewhere.is_empty()) {
            seen.push_str(&format!(" (it leads to {}, which is not the phone)", elsewhere.join(", ")));
        }
        Ok(Sighting { answer: best, local })
    }

    /// Reads one page and says what it is.
    pub(super) async fn glance(&self, path: &str) -> Result<(Exchange, Answer), ExchangeError> {
        let (page, answer) = self.glance_once(path).await?;
        // It refuses the request itself: perhaps the other version of HTTP is all that it knows.
        if matches!(page.reply.status, 400 | 501 | 505) && !matches!(answer, Answer::Recovery(_)) {
            let was_new = self.manners.new.fetch_xor(true, Ordering::Relaxed);
            let again = self.glance_once(path).await;
            if again.as_ref().is_ok_and(|(page, _)| page.reply.status < 400) {
                return again;
            }
            self.manners.new.store(was_new, Ordering::Relaxed);
        }
        Ok((page, answer))
    }

    async fn glance_once(&self, path: &str) -> Result<(Exchange, Answer), ExchangeError> {
        let version = if self.manners.new.load(Ordering::Relaxed) { "1.1" } else { "1.0" };
        let request = self.with_cookies(&get(&self.address, path, version, None));
        let (at, socket) = (SystemTime::now(), self.socket()?);
        let patience = if self.manners.slow.load(Ordering::Relaxed) { ANSWER } else { LOOK };
        let found = exchange_within(socket, &[&request], patience).await;
        self.manners.slow.store(matches!(found, Err(ExchangeError::NoAnswer(_))), Ordering::Relaxed);
        self.learn(&found);
        let answer = found.as_ref().map(|found| recognise(&found.reply, &self.here(path)));
        let has_form = matches!(answer, Ok(Answer::Recovery(_)));
        let recorded = RecordedExchange::new(at, &request, raw(&found), &[]);
        self.log.lock().unwrap_or_else(PoisonError::into_inner).read(recorded, has_form);
        let answer = answer.map_err(Clone::clone);
        Ok((note(socket, &request, found)?, answer?))
    }

    /// A request with what the phone wants to be told again.
    pub(super) fn with_cookies(&self, head: &[u8]) -> Vec<u8> {
        self.jar.lock().unwrap_or_else(PoisonError::into_inner).put_into(head)
    }

    pub(super) fn learn(&self, found: &Result<Exchange, ExchangeError>) {
        if let Ok(found) = found {
            self.jar.lock().unwrap_or_else(PoisonError::into_inner).learn(&found.reply);
        }
    }

    pub(super) fn here(&self, path: &str) -> Here {
        Here { address: self.address.clone(), ip: self.ip(), path: path.to_owned() }
    }

    pub(super) fn socket(&self) -> Result<SocketAddr, ExchangeError> {
        self.socket.ok_or_else(|| ExchangeError::NoSuchName(self.address.host.clone()))
    }

    /// Logs in with the first of these that is taken, reads who the phone is, and says which one
    /// it was. They take turns, and the first one begins.
    ///
    /// # Errors
    /// When every login is refused, or the page cannot be read.
    pub async fn log_in(&self, logins: &[Login]) -> Result<(Identity, usize), LoginError> {
        let read = match self.read_as(SYSINFO, logins, MOST_WRONG).await {
            // Some have it on their first page (domain.md 4).
            Err(LoginError::Status { .. }) => self.read_as(HOME, logins, MOST_WRONG).await,
            read => read,
        };
        let (html, taken) = read?;
        Ok((read_identity(&html), taken))
    }

    /// Reads the settings that are stored on the phone. Not every model shows what its server
    /// has sent: where that page cannot be read, it is unknown.
    ///
    /// # Errors
    /// When the login is refused, or the page of the local settings cannot be read.
    pub async fn settings(&self, login: &Login) -> Result<Stored, LoginError> {
        let local = read_settings(&self.read(LOCALCFG, login).await?);
        // One try: the login works, and whoever may not see this page is not to use up the tries.
        let server = self.read_as(SERVERCFG, std::slice::from_ref(login), 1).await;
        let server = server.ok().map(|(html, _)| read_settings(&html));
        Ok(Stored { local, server })
    }

    /// Asks for a reset. The phone's server is stateful: a page is read right before
    /// (domain.md 1.4, 2). A connection that breaks after the request is no failure: the phone
    /// is already going down (domain.md 4).
    ///
    /// # Errors
    /// When the login is refused or the page is not there.
    pub async fn reset(&self, option: ResetOption, login: &Login) -> Result<(), LoginError> {
        let request = post(&self.address, RESET, option.body(), Some(login));
        while self.tries().may_try() {
            match self.read(SYSINFO, login).await {
                Ok(_) => {}
                Err(LoginError::Status { .. }) => drop(self.read(HOME, login).await?),
                Err(error) => return Err(error),
            }
            match self.send(&request).await {
                Err(ExchangeError::NoAnswer(_)) => {}
                Err(error) => return Err(error.into()),
                Ok(found) if found.reply.status == 401 => {
                    self.tries().refused(login);
                    sleep(BREATH).await;
                    continue;
                }
                Ok(found) if found.reply.status >= 400 => {
                    return Err(LoginError::Status { path: RESET, status: found.reply.status });
                }
                Ok(_) => self.tries().taken(login),
            }
            self.tries().restarted();
            return Ok(());
        }
        Err(LoginError::Refused { path: RESET, tries: self.tries().wrong() })
    }

    async fn read(&self, path: &'static str, login: &Login) -> Result<String, LoginError> {
        let (html, _) = self.read_as(path, std::slice::from_ref(login), MOST_WRONG).await?;
        Ok(html)
    }

    /// Reads a page with these logins in turn, at most so often, and never more often than the
    /// session may be wrong ([`Tries`]).
    async fn read_as(
        &self,
        path: &'static str,
        logins: &[Login],
        most: u32,
    ) -> Result<(String, usize), LoginError> {
        let turns = (0..logins.len()).cycle().take(most as usize);
        for (turn, index) in turns.enumerate() {
            if !self.tries().may_try() {
                break;
            }
            if turn > 0 {
                sleep(BREATH).await;
            }
            let login = &logins[index];
            let found = self.send(&get(&self.address, path, "1.0", Some(login))).await?;
            match found.reply.status {
                401 => self.tries().refused(login),
                status if status >= 400 => return Err(LoginError::Status { path, status }),
                _ => {
                    self.tries().taken(login);
                    return Ok((found.reply.body, index));
                }
            }
        }
        Err(LoginError::Refused { path, tries: self.tries().wrong() })
    }

    fn tries(&self) -> MutexGuard<'_, Tries> {
        self.tries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn send(&self, request: &[u8]) -> Result<Exchange, ExchangeError> {
        let (at, socket) = (SystemTime::now(), self.socket()?);
        let request = self.with_cookies(request);
        let found = exchange(socket, &request).await;
        self.learn(&found);
        let recorded = RecordedExchange::new(at, &request, raw(&found), &[]);
        self.log.lock().unwrap_or_else(PoisonError::into_inner).read(recorded, false);
        note(socket, &request, found)
    }
}

/// Whether nothing better can stand behind this answer: a form whose fields are known, a phone at
/// work, or a login.
fn is_enough(answer: &Answer) -> bool {
    match answer {
        Answer::Recovery(page) => {
            page.protocols().iter().any(|protocol| !page.on(*protocol).1.is_blind(*protocol))
        }
        Answer::Busy | Answer::Normal { .. } => true,
        Answer::Stranger { .. } => false,
    }
}

pub(super) fn raw(found: &Result<Exchange, ExchangeError>) -> Result<&[u8], String> {
    found.as_ref().map(|found| found.raw.as_slice()).map_err(ToString::to_string)
}

/// Leaves a line in the log.
pub(super) fn note(
    socket: SocketAddr,
    request: &[u8],
    outcome: Result<Exchange, ExchangeError>,
) -> Result<Exchange, ExchangeError> {
    let line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let answer = match &outcome {
        Ok(found) => format!("HTTP {}, {} bytes", found.reply.status, found.raw.len()),
        Err(error) => error.to_string(),
    };
    tracing::debug!(phone = %socket, request = %String::from_utf8_lossy(line), %answer, "exchange");
    outcome
}
