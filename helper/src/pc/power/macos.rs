//! macOS: what `pmset` says (pmset(1)), and `caffeinate`, which keeps it awake (caffeinate(8)).
//! Nobody has run this on a Mac yet: the formats are those of the manual pages.

use super::super::command::CommandLine;
use super::{Idle, Lid, Means, Power, Supply};

pub(in crate::pc) fn power() -> Power {
    let said = |line: &str| CommandLine::of(line).run().unwrap_or_default();
    read(&said("pmset -g batt"), &said("pmset -g"))
}

/// `-i` against sleep because nobody types, `-m` of the disk, `-s` of the system while it is on
/// the mains; `-w` ends it when we end, also after a crash. None of them holds a lid.
pub(in crate::pc) fn keep_awake() -> Vec<Means> {
    let ours = std::process::id().to_string();
    let line = CommandLine::new("caffeinate", ["-ims", "-w", &ours]);
    vec![Means::Program { line, answers: false, lid: false }]
}

/// A Mac with a battery of its own is one with a lid, and its lid always puts it to sleep, but
/// for an outer screen.
fn read(battery: &str, settings: &str) -> Power {
    let percent = |text: &str| {
        let before = text.split_once('%')?.0;
        before.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    };
    let supply = match battery.lines().next() {
        Some(line) if line.contains("'Battery Power'") => Supply::Battery(percent(battery)),
        Some(line) if line.contains("'AC Power'") => Supply::Mains,
        Some(_) | None => Supply::Unknown,
    };
    let lid = match supply {
        Supply::Unknown => Lid::Unknown,
        _ if battery.contains("InternalBattery") => Lid::Sleeps,
        Supply::Mains | Supply::Battery(_) => Lid::None,
    };
    let minutes = settings.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        (words.next() == Some("sleep")).then(|| words.next()?.parse::<u64>().ok()).flatten()
    });
    let idle = match minutes {
        None => Idle::Unknown,
        Some(0) => Idle::Never,
        Some(minutes) => Idle::After(minutes.saturating_mul(60)),
    };
    Power { supply, lid, idle }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pmset_says_is_read() {
        let settings = "System-wide power settings:\nCurrently in use:\n standby              1\n \
             Sleep On Power Button 1\n disksleep            10\n \
             sleep                15 (sleep prevented by coreaudiod)\n displaysleep         10\n";
        let on_battery = "Now drawing from 'Battery Power'\n -InternalBattery-0 (id=4653155)\t43%; discharging; 3:05 remaining present: true\n";
        let plugged = "Now drawing from 'AC Power'\n -InternalBattery-0 (id=4653155)\t100%; charged; 0:00 remaining present: true\n";
        let of = |supply, lid, idle| Power { supply, lid, idle };
        for (battery, settings, expected) in [
            (on_battery, settings, of(Supply::Battery(Some(43)), Lid::Sleeps, Idle::After(900))),
            (plugged, " sleep 0\n", of(Supply::Mains, Lid::Sleeps, Idle::Never)),
            ("Now drawing from 'AC Power'\n", "", of(Supply::Mains, Lid::None, Idle::Unknown)),
            (
                "Now drawing from 'Battery Power'\n %",
                "sleep x",
                of(Supply::Battery(None), Lid::None, Idle::Unknown),
            ),
            ("", "", Power::default()),
        ] {
            assert_eq!(read(battery, settings), expected, "{battery}");
        }
    }

    #[test]
    fn the_command_is_that_of_the_manual_page() {
        let [Means::Program { line, answers: false, lid: false }] = &keep_awake()[..] else { panic!() };
        assert_eq!(line.to_string(), format!("caffeinate -ims -w {}", std::process::id()));
    }
}
