//! Whether this computer would go to sleep in the middle, and whether its disk has room.

use shared::check::CheckResult::{self, Pass, Unknown, Warn};
use shared::check::{Check, CheckName};
use shared::text::pc as words;

use super::super::power::{Idle, Lid, Supply};
use super::Facts;

/// The largest image that is known, in bytes (64 MB, domain.md 3.2).
pub(super) const LARGEST_IMAGE: u64 = 64 * 1024 * 1024;
/// The page puts a file down twice: once while its pieces come, and once to keep it.
const TWICE: u64 = 2;
/// What a run writes beside it, in bytes: the journal and notes have kilobytes, and what a
/// report keeps of all exchanges is about this at the most.
const BESIDE: u64 = 4 * 1024 * 1024;

/// Room on the disk on which the journal and the kept files are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Bytes that this user may still write; none, and nobody says.
    pub free: Option<u64>,
    /// Bytes of the firmware, where it is known.
    pub firmware: Option<u64>,
}

impl Room {
    /// Bytes that a recovery may need.
    pub fn needed(self) -> u64 {
        TWICE * self.firmware.unwrap_or(LARGEST_IMAGE) + BESIDE
    }
}

/// None of it is in the way of a recovery that is watched.
pub(super) fn sleep(facts: &Facts) -> Check {
    let (supply, supply_next): (Finding, _) = match facts.power.supply {
        Supply::Mains => ((Pass, words::MAINS.into()), None),
        Supply::Battery(percent) => ((Warn, words::on_battery(percent)), Some(words::BATTERY_NEXT)),
        Supply::Unknown => ((Unknown, words::SUPPLY_UNKNOWN.into()), None),
    };
    let (idle, idle_next): (Finding, _) = match (facts.keeps_awake, facts.power.idle) {
        (Some(_), _) => ((Pass, words::KEPT_AWAKE.into()), None),
        (None, Idle::Never) => ((Pass, words::NEVER_SLEEPS.into()), None),
        (None, Idle::After(seconds)) => ((Warn, words::sleeps_after(seconds)), Some(words::AWAKE_NEXT)),
        (None, Idle::Unknown) => ((Unknown, words::NO_AWAKE.into()), Some(words::AWAKE_NEXT)),
    };
    let lid = match (facts.keeps_awake, facts.power.lid) {
        (Some(true), _) | (_, Lid::None | Lid::Stays) => None,
        (_, Lid::Sleeps) => Some(((Warn, words::LID_SLEEPS.to_owned()), words::LID_NEXT)),
        (_, Lid::Unknown) => Some(((Unknown, words::LID_UNKNOWN.to_owned()), words::LID_NEXT)),
    };
    let (lid, lid_next) = lid.unzip();
    let findings: Vec<Finding> = [Some(supply), Some(idle), lid].into_iter().flatten().collect();
    let result = worst(findings.iter().map(|(result, _)| *result));
    let seen: Vec<&str> = findings.iter().map(|(_, seen)| seen.as_str()).collect();
    let check = Check::new(CheckName::Sleep, result, seen.join("; "));
    // Who keeps it awake by hand leaves the lid open as well.
    let lid_next = lid_next.filter(|_| idle_next.is_none());
    let next: Vec<&str> = [supply_next, idle_next, lid_next].into_iter().flatten().collect();
    if next.is_empty() { check } else { check.with_next(next.join(" ")) }
}

type Finding = (CheckResult, String);

fn worst(results: impl Iterator<Item = CheckResult>) -> CheckResult {
    let weight = |result: &CheckResult| match result {
        Pass => 0,
        Unknown => 1,
        Warn => 2,
        CheckResult::Fail => 3,
    };
    results.max_by_key(weight).unwrap_or(Unknown)
}

/// Without room the terminal still recovers a phone, for it holds the file in memory: so a full
/// disk is no failure.
pub(super) fn disk(facts: &Facts) -> Check {
    let of = |result, detail: String| Check::new(CheckName::Disk, result, detail);
    if let Err(said) = &facts.journal {
        return of(Warn, words::no_journal(said)).with_next(words::DISK_NEXT);
    }
    let needed = facts.room.needed();
    match facts.room.free {
        None => of(Unknown, words::ROOM_UNKNOWN.into()),
        Some(free) if free < needed => of(Warn, words::little_room(free, needed)).with_next(words::DISK_NEXT),
        Some(_) => of(Pass, words::room(needed)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::power::Power;
    use super::super::tests::ready;
    use super::*;

    fn sleeping(power: Power, keeps_awake: Option<bool>) -> Check {
        sleep(&Facts { power, keeps_awake, ..ready() })
    }

    #[track_caller]
    fn check(power: Power, keeps_awake: Option<bool>, result: CheckResult, seen: &str, next: Option<&str>) {
        let found = sleeping(power, keeps_awake);
        assert_eq!(found.result, result, "{found:?}");
        assert!(found.detail.contains(seen), "{found:?}");
        assert_eq!(found.next.is_some(), next.is_some(), "{found:?}");
        assert!(found.next.is_none_or(|said| said.contains(next.unwrap())), "{next:?}");
    }

    #[test]
    fn what_would_put_the_computer_to_sleep_is_told_with_what_to_do() {
        let of = |supply, lid, idle| Power { supply, lid, idle };
        let desktop = of(Supply::Mains, Lid::None, Idle::After(900));
        check(desktop, Some(false), Pass, "mains power; it is kept awake", None);
        check(desktop, None, Warn, "after 15 min", Some("do not let it sleep"));
        check(of(Supply::Mains, Lid::None, Idle::Never), None, Pass, "by itself", None);
        let laptop = of(Supply::Mains, Lid::Sleeps, Idle::Unknown);
        check(laptop, Some(true), Pass, "kept awake", None);
        check(laptop, Some(false), Warn, "closing its lid", Some("lid open"));
        check(laptop, None, Warn, "closing its lid", Some("do not let it sleep"));
        let empty = of(Supply::Battery(Some(9)), Lid::Stays, Idle::Never);
        check(empty, Some(true), Warn, "battery, 9 % full", Some("Plug in"));
        check(of(Supply::Battery(None), Lid::None, Idle::Never), None, Warn, "its battery", Some("Plug in"));
    }

    #[test]
    fn what_nobody_tells_is_unknown_and_never_a_pass() {
        let nothing = Power::default();
        check(nothing, None, Unknown, "not known", Some("do not let it sleep"));
        check(nothing, Some(true), Unknown, "what this computer runs on is not known", None);
        check(Power { supply: Supply::Mains, ..nothing }, Some(false), Unknown, "lid", Some("lid open"));
    }

    #[test]
    fn a_disk_has_room_for_the_file_twice_and_what_is_written_beside_it() {
        const MIB: u64 = 1024 * 1024;
        let disk = |free, firmware| disk(&Facts { room: Room { free, firmware }, ..ready() });
        for (free, firmware, result) in [
            (Some(132 * MIB), None, Pass),
            (Some(132 * MIB - 1), None, Warn),
            (Some(10 * MIB), Some(3 * MIB), Pass),
            (Some(10 * MIB - 1), Some(3 * MIB), Warn),
            (None, Some(1), Unknown),
        ] {
            let found = disk(free, firmware);
            assert_eq!(found.result, result, "{free:?} {firmware:?}: {found:?}");
            assert_eq!(found.next.is_some(), result == Warn, "{found:?}");
        }
        let little = disk(Some(2 * MIB), Some(3 * MIB)).detail;
        assert!(little.contains("2.1 MB") && little.contains("10.5 MB"), "{little}");
    }
}
