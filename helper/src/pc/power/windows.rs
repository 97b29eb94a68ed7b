//! Windows: what `GetSystemPowerStatus` tells, and the settings of `powercfg /qh`, whose labels
//! are in the system's language and whose values are not. It is kept awake by a call of the
//! system (`SetThreadExecutionState`): a command that makes the same call would be a PowerShell
//! that compiles C# first, which takes seconds and is forbidden in many companies.

use super::super::command::CommandLine;
use super::super::sys;
use super::{Idle, Lid, Means, Power, Supply};

pub(in crate::pc) fn power() -> Power {
    let Some(raw) = sys::power_status() else { return Power::default() };
    let supply = supply(raw);
    let settings = |what| index(&asks(what).run().unwrap_or_default(), supply);
    Power {
        supply,
        lid: if raw.has_no_battery() { Lid::None } else { lid(settings(LID)) },
        idle: idle(settings(IDLE)),
    }
}

pub(in crate::pc) fn keep_awake() -> Vec<Means> {
    vec![Means::Call]
}

/// Subgroup and setting, by the names that `powercfg /aliases` lists on every Windows.
const LID: [&str; 2] = ["SUB_BUTTONS", "LIDACTION"];
const IDLE: [&str; 2] = ["SUB_SLEEP", "STANDBYIDLE"];

/// `/qh` tells the hidden settings as well, and on many computers the lid's is one.
fn asks(what: [&str; 2]) -> CommandLine {
    CommandLine::new("powercfg", ["/qh", "SCHEME_CURRENT"].into_iter().chain(what))
}

/// SYSTEM_POWER_STATUS as the system fills it in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pc) struct Raw {
    /// `ACLineStatus`: 0 off, 1 on, 255 unknown.
    pub(in crate::pc) line: u8,
    /// `BatteryFlag`: 128 no battery, 255 unknown.
    pub(in crate::pc) battery: u8,
    /// `BatteryLifePercent`: 0 to 100, 255 unknown.
    pub(in crate::pc) percent: u8,
}

impl Raw {
    /// A computer without a battery is none with a lid.
    fn has_no_battery(self) -> bool {
        self.battery != u8::MAX && self.battery & 128 != 0
    }
}

fn supply(raw: Raw) -> Supply {
    match raw.line {
        1 => Supply::Mains,
        _ if raw.has_no_battery() => Supply::Mains,
        0 => Supply::Battery((raw.percent <= 100).then_some(raw.percent)),
        _ => Supply::Unknown,
    }
}

/// The setting on the mains and the one on battery are the two numbers that stand as far to the
/// right as the setting's name; further in stand the least and the most that it can be.
fn index(said: &str, supply: Supply) -> Option<u32> {
    let number = |line: &str| u32::from_str_radix(line.rsplit_once("0x")?.1.trim(), 16).ok();
    let is_a_value = |line: &&str| line.strip_prefix("    ").is_some_and(|rest| !rest.starts_with(' '));
    let values: Vec<u32> = said.lines().filter(is_a_value).filter_map(number).collect();
    let [mains, battery] = values[..] else { return None };
    match supply {
        Supply::Mains => Some(mains),
        Supply::Battery(_) => Some(battery),
        Supply::Unknown => (mains == battery).then_some(mains),
    }
}

/// 0 nothing, 1 sleep, 2 hibernate, 3 shut down.
fn lid(index: Option<u32>) -> Lid {
    match index {
        Some(0) => Lid::Stays,
        Some(_) => Lid::Sleeps,
        None => Lid::Unknown,
    }
}

/// Seconds; 0 is never.
fn idle(index: Option<u32>) -> Idle {
    match index {
        Some(0) => Idle::Never,
        Some(seconds) => Idle::After(seconds.into()),
        None => Idle::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "\
Power Scheme GUID: 381b4222-f694-41f0-9685-ff5bb260df2e  (Balanced)
  GUID Alias: SCHEME_BALANCED
  Subgroup GUID: 238c9fa8-0aad-41ed-83f4-97be242c8f20  (Sleep)
    GUID Alias: SUB_SLEEP
    Power Setting GUID: 29f6c1db-86da-48c5-9fdb-f2b67b1f44da  (Sleep after)
      GUID Alias: STANDBYIDLE
      Minimum Possible Setting: 0x00000000
      Maximum Possible Setting: 0xffffffff
      Possible Settings increment: 0x00000001
      Possible Settings units: Seconds
    Current AC Power Setting Index: 0x00000708
    Current DC Power Setting Index: 0x00000384

";

    #[test]
    fn the_settings_are_read_in_any_language() {
        let german =
            SAID.replace("Current AC Power Setting Index", "Index der aktuellen Wechselstromeinstellung");
        for said in [SAID, &german] {
            assert_eq!(index(said, Supply::Mains), Some(1800));
            assert_eq!(index(said, Supply::Battery(None)), Some(900));
            assert_eq!(index(said, Supply::Unknown), None, "they differ");
        }
        let without = SAID.split("    Current").next().unwrap();
        assert_eq!(index(without, Supply::Mains), None, "a setting without a value");
        assert_eq!(index("", Supply::Mains), None);
        assert_eq!(
            [idle(Some(1800)), idle(Some(0)), idle(None)],
            [Idle::After(1800), Idle::Never, Idle::Unknown]
        );
        assert_eq!([lid(Some(0)), lid(Some(1)), lid(None)], [Lid::Stays, Lid::Sleeps, Lid::Unknown]);
    }

    #[test]
    fn what_it_runs_on_is_read() {
        let raw = |line, battery, percent| Raw { line, battery, percent };
        for (raw, expected, no_battery) in [
            (raw(1, 8, 100), Supply::Mains, false),
            (raw(0, 1, 43), Supply::Battery(Some(43)), false),
            (raw(0, 1, 255), Supply::Battery(None), false),
            (raw(255, 255, 255), Supply::Unknown, false),
            (raw(1, 128, 255), Supply::Mains, true),
            (raw(255, 128, 255), Supply::Mains, true),
        ] {
            assert_eq!((supply(raw), raw.has_no_battery()), (expected, no_battery), "{raw:?}");
        }
    }

    #[test]
    fn the_commands_are_those_of_powercfg() {
        assert_eq!(asks(LID).to_string(), "powercfg /qh SCHEME_CURRENT SUB_BUTTONS LIDACTION");
        assert_eq!(asks(IDLE).to_string(), "powercfg /qh SCHEME_CURRENT SUB_SLEEP STANDBYIDLE");
        assert_eq!(keep_awake(), [Means::Call]);
    }
}
