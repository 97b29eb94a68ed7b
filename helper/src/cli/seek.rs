//! Looking for the phone for `find --dhcp` and `recover --phone auto` (case C12): first where it
//! costs nothing, then with an address that we give it, while the rest of the link is asked.
//!
//! What is handed out stands as long as [`Sought::servers`]: a phone asks again after its restart.

use std::io::{self, IsTerminal as _};
use std::net::Ipv4Addr;
use std::pin::pin;
use std::time::Duration;

use shared::check::{Check, CheckName, CheckResult};
use shared::model::Model;
use shared::text;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, sleep_until};

use super::show::ask;
use crate::pc::dhcp::{Guest, Refused, Servers, Told, may_begin_on};
use crate::pc::find::{Extent, Found, State, find, look_at};
use crate::pc::here;
use crate::pc::keeper::Keeper;

/// How often it is looked whether what was added is still there.
const MEND_LOOK: Duration = Duration::from_secs(1);
/// So long a phone may take to ask for an address: it is plugged in meanwhile, with its keys held,
/// and a boot takes a minute or two.
const WAIT: Duration = Duration::from_secs(5 * 60);
/// So long its page may take after that, and how often it is looked for.
const PAGE_WAIT: Duration = Duration::from_secs(60);
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

/// Whether an address may be handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum May {
    /// The person has said yes.
    Yes,
    /// The person is asked, where one sits at the terminal.
    Ask,
    /// Nobody can be asked.
    No,
}

impl May {
    /// From `--yes` and `--json`.
    pub(super) fn of(yes: bool, json: bool) -> Self {
        match (yes, json || !io::stdin().is_terminal()) {
            (true, _) => May::Yes,
            (false, false) => May::Ask,
            (false, true) => May::No,
        }
    }
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Sought {
    /// The phones, or what may be one.
    pub(super) found: Vec<Found>,
    /// The model that the phone named when it asked for its address.
    pub(super) model: Option<&'static Model>,
    /// What hands out addresses, where it was needed.
    pub(super) servers: Option<Servers>,
    /// Why no address was handed out, where it was tried.
    pub(super) refused: Option<String>,
}

/// Why no phone has an address from us.
enum Without {
    /// There is no place for a server, or not any more; why.
    Refused(String),
    /// Nobody asked.
    Nobody,
    /// The phone was found in another way.
    NotNeeded,
}

/// A phone with an address from us.
struct Leased {
    interface: String,
    guest: Guest,
    servers: Servers,
}

/// Looks for phones. Whatever is added to this computer is added by `keeper`.
pub(super) async fn seek(
    keeper: &mut Keeper,
    shown: &[u8],
    may: May,
    tell: &mut dyn FnMut(Check),
) -> io::Result<Sought> {
    let near = find(here(), shown, Extent::Near).await?;
    if near.iter().any(Found::is_there) {
        return Ok(Sought { found: near, ..Sought::default() });
    }
    if !may_hand_out(may, tell).await? {
        return Ok(Sought { found: find(here(), shown, Extent::Whole).await?, ..Sought::default() });
    }
    let mut far = pin!(find(here(), shown, Extent::Whole));
    let mut heard = None;
    let handed_out = {
        let mut hand_out = pin!(hand_out(keeper, tell));
        loop {
            tokio::select! {
                biased;
                handed_out = &mut hand_out => break handed_out,
                found = &mut far, if heard.is_none() => {
                    let found = heard.insert(found?);
                    if found.iter().any(Found::is_there) {
                        break Err(Without::NotNeeded);
                    }
                }
            }
        }
    };
    match handed_out {
        Ok(leased) => Ok(page_of(leased, keeper, tell).await),
        Err(without) => {
            let found = match heard {
                Some(found) => found,
                None => far.await?,
            };
            let refused = match without {
                Without::Refused(why) => Some(why),
                Without::Nobody | Without::NotNeeded => None,
            };
            Ok(Sought { found, refused, ..Sought::default() })
        }
    }
}

/// Whether the person lets us, where there is a cable at all.
async fn may_hand_out(may: May, tell: &mut dyn FnMut(Check)) -> io::Result<bool> {
    match may {
        May::Yes => Ok(true),
        May::No => {
            tell(
                Check::new(CheckName::Route, CheckResult::Unknown, text::dhcp::NOT_ASKED)
                    .with_next(text::dhcp::MAY),
            );
            Ok(false)
        }
        May::Ask => {
            let (fit, refused) = tokio::task::block_in_place(|| may_begin_on(here()))?;
            if fit.is_empty() && !refused.iter().any(|refused| refused.why.may_pass()) {
                refused.iter().for_each(|refused| tell(refused.check()));
                return Ok(false);
            }
            let places = if fit.is_empty() { vec![text::dhcp::YOUR_CABLE.to_owned()] } else { fit };
            // A thread of its own: reading cannot be given up once begun.
            let (sender, answer) = oneshot::channel();
            std::thread::spawn(move || sender.send(ask(&text::dhcp::question(&places.join(", ")))));
            Ok(answer.await.unwrap_or(false))
        }
    }
}

/// Hands out addresses until a phone has one, or the reason why none has.
async fn hand_out(keeper: &mut Keeper, tell: &mut dyn FnMut(Check)) -> Result<Leased, Without> {
    let end = Instant::now() + WAIT;
    let mut servers = begin(keeper, tell, end).await?;
    loop {
        let (interface, told) = tokio::select! {
            told = servers.next() => told.ok_or(Without::Nobody)?,
            () = sleep(MEND_LOOK) => {
                mend(keeper);
                continue;
            }
            () = sleep_until(end) => {
                let nobody = text::dhcp::nobody_asked(WAIT.as_secs() / 60);
                tell(Check::new(CheckName::PhoneAnswers, CheckResult::Fail, nobody));
                return Err(Without::Nobody);
            }
        };
        tell(check(&interface, &told));
        match told {
            Told::Phone(guest) => return Ok(Leased { interface, guest, servers }),
            // Another cable may have the phone.
            Told::Stopped(why) if servers.is_empty() => {
                return Err(Without::Refused(text::dhcp::stopped(interface, why)));
            }
            Told::Stopped(_) | Told::Exhausted(_) | Told::Taken(_) => {}
        }
    }
}

/// Begins as soon as a cable is there.
async fn begin(keeper: &mut Keeper, tell: &mut dyn FnMut(Check), end: Instant) -> Result<Servers, Without> {
    let mut waits = false;
    loop {
        let refused = match Servers::begin(here(), keeper, &mut *tell).await {
            Ok(servers) => return Ok(servers),
            Err(refused) => refused,
        };
        let may_pass = !refused.is_empty() && refused.iter().all(|refused| refused.why.may_pass());
        if !may_pass || Instant::now() >= end {
            refused.iter().for_each(|refused| tell(refused.check()));
            if refused.is_empty() {
                let no_cable = Check::new(CheckName::Cable, CheckResult::Fail, text::dhcp::NO_CABLE);
                tell(no_cable.with_next(text::dhcp::NO_CABLE_NEXT));
            }
            let first = refused.first().map(|Refused { interface, why }| text::dhcp::refused(interface, why));
            return Err(Without::Refused(first.unwrap_or_else(|| text::dhcp::NO_CABLE.to_owned())));
        }
        if !std::mem::replace(&mut waits, true) {
            for refused in refused {
                tell(Check { result: CheckResult::Warn, ..refused.check() });
            }
        }
        sleep(BETWEEN_LOOKS).await;
    }
}

/// Looks at the page of a phone that has just got its address, until it is there.
async fn page_of(leased: Leased, keeper: &Keeper, tell: &mut dyn FnMut(Check)) -> Sought {
    let Leased { interface, guest, mut servers } = leased;
    let Guest { ip, mac, class, model } = guest;
    let end = Instant::now() + PAGE_WAIT;
    let mut found = loop {
        while let Some(told) = servers.heard() {
            tell(check(&told.0, &told.1));
        }
        let found = look_at(ip, mac, &interface).await;
        match found {
            Some(found) if found.state != State::Silent => break found,
            Some(found) if Instant::now() >= end => break found,
            None if Instant::now() >= end => break silent(ip, mac, &interface),
            _ => sleep(BETWEEN_LOOKS).await,
        }
        mend(keeper);
    };
    found.model = model.map(|model| model.name).or(found.model);
    found.why.push(text::dhcp::leased(mac, ip, class.as_deref()));
    Sought { found: vec![found], model, servers: Some(servers), refused: None }
}

fn silent(address: Ipv4Addr, mac: crate::pc::mac::Mac, interface: &str) -> Found {
    let interface = Some(interface.to_owned());
    Found { address, mac: Some(mac), interface, state: State::Silent, model: None, why: Vec::new() }
}

fn mend(keeper: &Keeper) {
    let mended = tokio::task::block_in_place(|| here().snapshot().map(|now| keeper.mend(&now)));
    for again in mended.unwrap_or_default().again {
        tracing::warn!("{again} was gone, and is there again");
    }
}

/// What a server tells, as a finding.
pub(super) fn check(interface: &str, told: &Told) -> Check {
    let of = |name, result, detail: String| Check::new(name, result, detail);
    match told {
        Told::Phone(Guest { ip, mac, class, .. }) => {
            of(CheckName::Route, CheckResult::Pass, text::dhcp::leased(mac, ip, class.as_deref()))
        }
        Told::Exhausted(mac) => of(CheckName::Route, CheckResult::Warn, text::dhcp::exhausted(mac)),
        Told::Taken(ip) => of(CheckName::Route, CheckResult::Warn, text::dhcp::taken(ip)),
        Told::Stopped(why) => {
            of(CheckName::Route, CheckResult::Fail, text::dhcp::stopped(interface, why)).with_next(why.next())
        }
    }
}
