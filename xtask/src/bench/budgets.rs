//! The budgets of design.md for the TFTP engine: met or not met in this run.

use super::report::Table;
use super::servers::Kind;

/// Lock-step of 512 bytes, at least, of the echo.
const OF_ECHO: f64 = 0.95;
/// Window 16 of 1428 bytes, at least, of the best peer.
const OF_PEER_WINDOW: f64 = 1.2;
/// With 200 phones: the slowest over the median, at most.
const SLOWEST: f64 = 1.2;
/// And the peak memory, at most, bytes.
const MEMORY: u64 = 64 << 20;

/// Prints each budget and says whether all are met.
pub(super) fn print(tables: &[Table]) -> bool {
    let judged = tables.iter().flat_map(|table| {
        let found = judge(table, Kind::Ours).into_iter();
        found.map(|(met, text)| (met, format!("{}: {text}", table.load.title)))
    });
    tell("speed of the best rounds; in brackets, of the median ones", judged)
}

/// Prints what was found of each budget, and says whether all are met.
pub(super) fn tell(about: &str, judged: impl IntoIterator<Item = (bool, String)>) -> bool {
    println!("\n\u{1b}[1mBudgets\u{1b}[0m ({about})");
    let mut all = true;
    for (met, text) in judged {
        println!("{:8} {text}", if met { "met" } else { "NOT MET" });
        all &= met;
    }
    all
}

fn judge(table: &Table, kind: Kind) -> Vec<(bool, String)> {
    let load = table.load;
    let failures = table.failures(kind);
    let mut found = vec![(failures == 0, format!("all complete, {failures} rounds failed"))];
    let Some((best, median)) = table.speed(kind) else {
        found.push((false, "it never worked".to_owned()));
        return found;
    };
    if load.clients == 1
        && load.window == 1
        && load.block == 512
        && let Some(echo) = table.speed(Kind::Echo)
    {
        let ratio = best / echo.0;
        found.push((
            ratio >= OF_ECHO,
            format!("{ratio:.3} ({:.3}) of the echo, at least {OF_ECHO}", median / echo.1),
        ));
    }
    let least = match (load.clients, load.window, load.block) {
        (1, 16, _) => Some(OF_PEER_WINDOW),
        (1, 1, 512) | (2.., ..) => Some(1.0),
        _ => None,
    };
    if let (Some(least), Some((peer, speed))) = (least, table.best_peer()) {
        let ratio = best / speed;
        let of_median = table.speed(peer).map_or(0.0, |speed| median / speed.1);
        let peer = peer.name();
        found.push((
            ratio >= least,
            format!("{ratio:.3} ({of_median:.3}) of the best peer, {peer}, at least {least}"),
        ));
    }
    if load.clients > 1 {
        let (worst, median) = table.slowest(kind).unwrap_or((f64::INFINITY, f64::INFINITY));
        found.push((
            worst <= SLOWEST,
            format!(
                "slowest client {worst:.2} of the median in the worst round ({median:.2}), at most {SLOWEST}"
            ),
        ));
        let memory = table.memory(kind).unwrap_or(u64::MAX);
        found.push((memory <= MEMORY, format!("peak memory {} MiB, at most {}", memory >> 20, MEMORY >> 20)));
    }
    found
}
