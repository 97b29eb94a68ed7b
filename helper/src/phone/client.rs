//! Talking to one phone: its recovery page, its form, and its pages in normal mode.

use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use shared::address::PhoneAddress;
use shared::form::Submission;
use shared::protocol::Identity;
use tokio::net::lookup_host;
use tokio::time::sleep;

use super::answer::{Answer, RecoveryPage, recognise};
use super::exchange::{Exchange, ExchangeError, exchange, look};
use super::ladder::{Rung, Verdict, verdict};
use super::normal::{LOCALCFG, RESET, ResetOption, SYSINFO, Setting, read_identity, read_settings};
use super::request::{Login, Shape, get, post};

/// The page that is read first, in every mode.
const HOME: &str = "/";
/// The first right password is refused after a start; drivers that work try again at once
/// (domain.md 1.4, 3). Never more often than this (domain.md 4: a lock-out is unknown).
const LOGIN_TRIES: u32 = 3;
/// Between two tries of the same thing.
const BREATH: Duration = Duration::from_millis(500);

/// Between two submissions of one rung: about as long as a person needs for a reload
/// (domain.md 7.5, R4).
const BETWEEN_REPEATS: Duration = Duration::from_secs(2);

/// One phone, by the address of its page.
#[derive(Debug, Clone)]
pub struct PhoneClient {
    address: PhoneAddress,
    /// None when the address is a name that nobody knows.
    socket: Option<SocketAddr>,
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
    #[error("{path}: the login was refused {tries} times")]
    Refused {
        /// The page.
        path: &'static str,
        /// How often it was tried.
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
        Self { address, socket }
    }

    /// The phone's IP address: the one peer that is served.
    pub fn ip(&self) -> Option<IpAddr> {
        self.socket.map(|socket| socket.ip())
    }

    /// Reads the phone's home page and says what it is.
    ///
    /// # Errors
    /// When nothing answers.
    pub async fn look(&self) -> Result<Sighting, ExchangeError> {
        let request = get(&self.address, HOME, None);
        let found = match self.socket {
            Some(socket) => note(socket, &request, look(socket, &request).await)?,
            None => self.send(&request).await?,
        };
        Ok(Sighting { answer: recognise(&found.reply, HOME), local: found.local.ip() })
    }

    /// Submits the form in one way of the ladder. A rung that sends twice does not, once the
    /// phone is `fetching` or says that it is.
    ///
    /// # Errors
    /// When the phone gave no answer: it may have taken the form all the same.
    pub async fn submit(
        &self,
        rung: &Rung,
        page: &RecoveryPage,
        submission: &Submission,
        fetching: &AtomicBool,
    ) -> Result<Verdict, ExchangeError> {
        let request = rung.request(&self.address, page, submission);
        let mut last = Verdict::Unknown(String::new());
        for time in 0..rung.times {
            if time > 0 {
                sleep(BETWEEN_REPEATS).await;
            }
            if last == Verdict::Taken || fetching.load(Ordering::Relaxed) {
                break;
            }
            last = verdict(&self.send(&request).await?.reply);
        }
        Ok(last)
    }

    /// Logs in and reads who the phone is.
    ///
    /// # Errors
    /// When the login is refused, or the page cannot be read.
    pub async fn identity(&self, login: &Login) -> Result<Identity, LoginError> {
        Ok(read_identity(&self.read(SYSINFO, login).await?))
    }

    /// Reads the settings that are stored on the phone.
    ///
    /// # Errors
    /// When the login is refused, or the page cannot be read.
    pub async fn settings(&self, login: &Login) -> Result<Vec<Setting>, LoginError> {
        Ok(read_settings(&self.read(LOCALCFG, login).await?))
    }

    /// Asks for a reset. The phone's server is stateful: a page is read right before
    /// (domain.md 1.4, 2). A connection that breaks after the request is no failure: the phone
    /// is already going down (domain.md 4).
    ///
    /// # Errors
    /// When the login is refused or the page is not there.
    pub async fn reset(&self, option: ResetOption, login: &Login) -> Result<(), LoginError> {
        self.read(SYSINFO, login).await?;
        for _ in 0..LOGIN_TRIES {
            let request = post(&self.address, RESET, option.body(), Shape::Minimal, Some(login));
            match self.send(&request).await {
                Err(ExchangeError::NoAnswer(_)) => return Ok(()),
                Err(error) => return Err(error.into()),
                Ok(found) if found.reply.status == 401 => sleep(BREATH).await,
                Ok(found) if found.reply.status >= 400 => {
                    return Err(LoginError::Status { path: RESET, status: found.reply.status });
                }
                Ok(_) => return Ok(()),
            }
        }
        Err(LoginError::Refused { path: RESET, tries: LOGIN_TRIES })
    }

    async fn read(&self, path: &'static str, login: &Login) -> Result<String, LoginError> {
        for attempt in 0..LOGIN_TRIES {
            if attempt > 0 {
                sleep(BREATH).await;
            }
            let found = self.send(&get(&self.address, path, Some(login))).await?;
            match found.reply.status {
                401 => {}
                status if status >= 400 => return Err(LoginError::Status { path, status }),
                _ => return Ok(found.reply.body),
            }
        }
        Err(LoginError::Refused { path, tries: LOGIN_TRIES })
    }

    async fn send(&self, request: &[u8]) -> Result<Exchange, ExchangeError> {
        let Some(socket) = self.socket else {
            return Err(ExchangeError::NoSuchName(self.address.host.clone()));
        };
        note(socket, request, exchange(socket, request).await)
    }
}

/// Leaves a line in the log.
fn note(
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
