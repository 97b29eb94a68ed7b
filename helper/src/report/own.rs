//! What the computer and the person are called, so that no report tells it. The one file of this room
//! that asks the system.

use std::path::Path;

use super::mask::Own;

/// The names that the system tells.
pub fn own_names() -> Own {
    let all = |names: &[&str]| -> Vec<String> {
        names.iter().filter_map(|name| std::env::var(name).ok()).filter(|name| !name.is_empty()).collect()
    };
    let mut computer = all(&["HOSTNAME", "COMPUTERNAME"]);
    for file in ["/proc/sys/kernel/hostname", "/etc/hostname"] {
        let name = std::fs::read_to_string(file).unwrap_or_default();
        computer.extend(Some(name.trim().to_owned()).filter(|name| !name.is_empty()));
    }
    let mut person = all(&["USER", "LOGNAME", "USERNAME"]);
    let homes = all(&["HOME", "USERPROFILE"]);
    let of_home = |home: &String| Path::new(home).file_name().map(|name| name.to_string_lossy().into_owned());
    person.extend(homes.iter().filter_map(of_home));
    Own { computer, person }
}
