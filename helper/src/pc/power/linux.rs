//! Linux: the batteries in /sys/class/power_supply (Documentation/ABI/testing/
//! sysfs-class-power), the lid in /proc/acpi/button/lid or the sort of case that the firmware
//! names (SMBIOS, 7.4.1), what logind does about it (org.freedesktop.login1(5), as `busctl`
//! tells it), and its inhibitor locks (systemd-inhibit(1)).
//!
//! What the desktops do by themselves when nobody types, nobody tells; they ask logind to sleep,
//! and its lock keeps them from it.

use std::fs;
use std::path::Path;

use super::super::command::CommandLine;
use super::{Idle, Lid, Means, Power, Supply};

/// The properties that are asked, in the order in which they are answered.
const ASKED: [&str; 4] = ["HandleLidSwitch", "HandleLidSwitchExternalPower", "IdleAction", "IdleActionUSec"];
const LOGIND: [&str; 3] =
    ["org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager"];

pub(in crate::pc) fn power() -> Power {
    let supply = supply(Path::new("/sys/class/power_supply"));
    let case = fs::read_to_string("/sys/class/dmi/id/chassis_type").ok();
    let lid = has_a_lid(Path::new("/proc/acpi/button/lid"), case.as_deref());
    let (acts, idle) = logind(&asks().run().unwrap_or_default());
    Power { supply, lid: if lid == Some(false) { Lid::None } else { acts }, idle }
}

fn asks() -> CommandLine {
    CommandLine::new("busctl", ["get-property"].into_iter().chain(LOGIND).chain(ASKED))
}

/// The locks of logind, and of elogind where there is no systemd. The lid's lock is not given to
/// everybody: who has come over the network gets the last one.
///
/// `cat` ends when our end of its input does, so the lock goes with us, also after a crash; and
/// what it repeats says that the lock is there, for it is started after that.
pub(in crate::pc) fn keep_awake() -> Vec<Means> {
    let with = |program: &str, what: &str, lid| Means::Program {
        line: CommandLine::new(
            program,
            [
                format!("--what={what}"),
                "--who=hookflash".into(),
                format!("--why={}", shared::text::pc::AWAKE_WHY),
                "--mode=block".into(),
                "cat".into(),
            ],
        ),
        answers: true,
        lid,
    };
    vec![
        with("systemd-inhibit", "sleep:idle:handle-lid-switch", true),
        with("elogind-inhibit", "sleep:idle:handle-lid-switch", true),
        with("systemd-inhibit", "idle", false),
    ]
}

/// A battery of a mouse has the scope `Device`, and is none of the computer's.
fn supply(folder: &Path) -> Supply {
    let Ok(entries) = fs::read_dir(folder) else { return Supply::Unknown };
    let mut on_mains = false;
    let mut batteries = Vec::new();
    for entry in entries.flatten() {
        let read =
            |file: &str| fs::read_to_string(entry.path().join(file)).ok().map(|text| text.trim().to_owned());
        if read("scope").as_deref() == Some("Device") {
            continue;
        }
        match read("type").as_deref() {
            Some("Battery") if read("present").as_deref() != Some("0") => {
                batteries.push((read("status"), read("capacity").and_then(|percent| percent.parse().ok())));
            }
            Some("Mains" | "USB" | "Wireless") => on_mains |= read("online").as_deref() == Some("1"),
            _ => {}
        }
    }
    let empties = |status: &Option<String>| status.as_deref() == Some("Discharging");
    if on_mains || batteries.is_empty() {
        return Supply::Mains;
    }
    match batteries.iter().find(|(status, _)| empties(status)) {
        Some((_, percent)) => Supply::Battery(*percent),
        None if batteries
            .iter()
            .all(|(status, _)| status.as_deref() == Some("Unknown") || status.is_none()) =>
        {
            Supply::Unknown
        }
        // Charging, full, or not charging: something feeds it.
        None => Supply::Mains,
    }
}

/// The kernel's button driver makes a folder for each lid. Without one, desktops, towers,
/// all-in-ones and servers are known by their case to have none.
fn has_a_lid(lids: &Path, case: Option<&str>) -> Option<bool> {
    if fs::read_dir(lids).is_ok_and(|mut lids| lids.next().is_some()) {
        return Some(true);
    }
    match case?.trim().parse::<u8>().ok()? {
        3..=7 | 13 | 15..=17 | 23..=25 | 28 | 29 | 35 | 36 => Some(false),
        _ => None,
    }
}

/// One property a line: `s "suspend"`, `t 1800000000` (busctl(1)).
fn logind(said: &str) -> (Lid, Idle) {
    let value = |line: &str| line.split_once(' ').map(|(_, value)| value.trim_matches('"').to_owned());
    let values: Option<Vec<String>> = said.lines().map(value).collect();
    let [battery, mains, idle, after] = values.as_deref().unwrap_or_default() else {
        return (Lid::Unknown, Idle::Unknown);
    };
    let stays = |action: &str| matches!(action, "ignore" | "lock");
    // On the mains it is the same unless it says otherwise.
    let mains = if mains.is_empty() { battery } else { mains };
    let lid = match (stays(battery), stays(mains)) {
        (true, true) => Lid::Stays,
        _ => Lid::Sleeps,
    };
    let idle = match (idle.as_str(), after.parse::<u64>()) {
        // The desktop may have a mind of its own.
        ("ignore" | "lock" | "", _) | (_, Err(_)) => Idle::Unknown,
        (_, Ok(microseconds)) => Idle::After(microseconds / 1_000_000),
    };
    (lid, idle)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder as /sys/class/power_supply has them.
    fn supplies(all: &[&[(&str, &str)]]) -> Supply {
        let folder = tempfile::tempdir().unwrap();
        for (number, files) in all.iter().enumerate() {
            let one = folder.path().join(format!("supply{number}"));
            fs::create_dir(&one).unwrap();
            for (file, content) in *files {
                fs::write(one.join(file), format!("{content}\n")).unwrap();
            }
        }
        supply(folder.path())
    }

    #[test]
    fn what_it_runs_on_is_read_from_its_supplies() {
        let plug = |online| [("type", "Mains"), ("online", online)];
        let battery =
            |status| [("type", "Battery"), ("present", "1"), ("status", status), ("capacity", "43")];
        let mouse = [("type", "Battery"), ("scope", "Device"), ("status", "Discharging"), ("capacity", "9")];
        for (all, expected) in [
            (vec![], Supply::Mains),
            (vec![&plug("1")[..]], Supply::Mains),
            (vec![&plug("1")[..], &battery("Charging")[..]], Supply::Mains),
            (vec![&plug("0")[..], &battery("Discharging")[..]], Supply::Battery(Some(43))),
            (vec![&battery("Not charging")[..]], Supply::Mains),
            (vec![&battery("Unknown")[..]], Supply::Unknown),
            (vec![&mouse[..]], Supply::Mains),
            (vec![&[("type", "Battery"), ("present", "0")][..]], Supply::Mains),
            (vec![&[("type", "Battery"), ("status", "Discharging")][..]], Supply::Battery(None)),
        ] {
            assert_eq!(supplies(&all), expected, "{all:?}");
        }
        assert_eq!(supply(Path::new("/no/such/folder")), Supply::Unknown);
    }

    #[test]
    fn a_lid_is_known_by_its_button_and_its_absence_by_the_case() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(has_a_lid(folder.path(), Some("3\n")), Some(false), "a desktop");
        assert_eq!(has_a_lid(folder.path(), Some("10\n")), None, "a notebook whose lid nobody sees");
        assert_eq!(has_a_lid(folder.path(), None), None);
        fs::create_dir(folder.path().join("LID0")).unwrap();
        assert_eq!(has_a_lid(folder.path(), Some("3\n")), Some(true));
    }

    #[test]
    fn what_logind_does_is_read() {
        let minute = "t 60000000";
        for (said, expected) in [
            (["s \"suspend\"", "s \"\"", "s \"ignore\"", minute], (Lid::Sleeps, Idle::Unknown)),
            (["s \"ignore\"", "s \"\"", "s \"suspend\"", minute], (Lid::Stays, Idle::After(60))),
            (["s \"ignore\"", "s \"suspend\"", "s \"\"", "t x"], (Lid::Sleeps, Idle::Unknown)),
            (["s \"lock\"", "s \"lock\"", "s \"hibernate\"", "t 1"], (Lid::Stays, Idle::After(0))),
        ] {
            assert_eq!(logind(&said.join("\n")), expected, "{said:?}");
        }
        for torn in ["", "s \"suspend\"", "a\nb\nc\nd", "Failed to connect to bus"] {
            assert_eq!(logind(torn), (Lid::Unknown, Idle::Unknown), "{torn}");
        }
    }

    #[test]
    fn the_commands_are_those_of_systemd() {
        let asks = asks().to_string();
        let manager = "org.freedesktop.login1 /org/freedesktop/login1 org.freedesktop.login1.Manager";
        assert!(asks.starts_with(&format!("busctl get-property {manager} HandleLidSwitch ")), "{asks}");
        let shown: Vec<(String, bool)> = keep_awake()
            .iter()
            .map(|means| match means {
                Means::Program { line, answers: true, .. } => (line.to_string(), means.holds_the_lid()),
                other => panic!("{other:?}"),
            })
            .collect();
        let rest = "--who=hookflash '--why=A phone is being brought back' --mode=block cat";
        assert_eq!(
            shown,
            [
                (format!("systemd-inhibit --what=sleep:idle:handle-lid-switch {rest}"), true),
                (format!("elogind-inhibit --what=sleep:idle:handle-lid-switch {rest}"), true),
                (format!("systemd-inhibit --what=idle {rest}"), false),
            ]
        );
    }
}
