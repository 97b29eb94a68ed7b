//! What a phone asks for after a boot (domain.md 4.1): its configuration. It asks whoever
//! served its firmware. Unless it learns there that it shall not, it then finds its old
//! provider, who is not part of the simulation beyond what he leaves behind. Some phones refuse
//! to boot without `aastra.cfg` (domain.md 4.1, "must exist").

use std::net::IpAddr;

use super::{Core, memory::Lines};
use crate::{Event, Quirk, download};

/// What a provider's configuration holds (invented; keys of domain.md 4.1).
const PROVIDER: &[(&str, &str)] = &[
    ("admin password", "860193"),
    ("download protocol", "HTTP"),
    ("http server", "provisioning.example"),
    ("http path", "/aastra"),
    ("sip proxy ip", "sip.provider.example"),
];
/// The line that keeps a phone from asking the redirection server.
const STAY_AWAY: (&str, &str) = ("contact rcs", "0");

/// Asks, and loads what comes. False: it does not come up like this.
pub(super) async fn ask(core: &Core) -> bool {
    let quirks = &core.config.quirks;
    if quirks.has(&Quirk::ChecksAtBoot)
        && let Some(server) = whom(core)
    {
        // The firmware is longer than anything that this takes: it breaks off.
        let _ = fetch(core, server, &core.config.model.file_name()).await;
    }
    if !quirks.asks_for_configuration() {
        return true;
    }
    let mut lines = Lines::new();
    for name in file_names(core) {
        let text = match whom(core) {
            Some(server) => fetch(core, server, &name).await,
            None => None,
        };
        core.say(Event::ConfigurationRequested { name, bytes: text.as_ref().map(String::len) });
        lines.extend(text.as_deref().map(read).unwrap_or_default());
    }
    // One that holds nothing is as good as none.
    if quirks.has(&Quirk::NeedsConfig) && lines.is_empty() {
        return false;
    }
    let by_lease = core.with(|memory| memory.lease.as_ref().is_some_and(|lease| lease.stays_away));
    let told = by_lease || lines.iter().any(|(key, value)| (key.as_str(), value.as_str()) == STAY_AWAY);
    if quirks.has(&Quirk::ProviderWins) || (quirks.has(&Quirk::Reprovisioned) && !told) {
        lines = PROVIDER.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        core.say(Event::ProvisionedAgain);
    }
    core.with(|memory| memory.server = lines);
    true
}

/// Who was told in the lease (option 66); else who served the firmware.
fn whom(core: &Core) -> Option<IpAddr> {
    core.with(|memory| memory.lease.as_ref().and_then(|lease| lease.configuration).or(memory.last_server))
}

async fn fetch(core: &Core, server: IpAddr, name: &str) -> Option<String> {
    if core.config.quirks.has(&Quirk::AsksConfigHttp) {
        download::small_file_by_http(core, server, name).await
    } else {
        download::small_file(core, server, name).await
    }
}

/// `startup.cfg` is the 68xx's name for `aastra.cfg`; the MAC is upper case without marks.
fn file_names(core: &Core) -> [String; 3] {
    let mac: String = core.config.mac.chars().filter(char::is_ascii_hexdigit).collect();
    ["startup.cfg".to_owned(), "aastra.cfg".to_owned(), format!("{}.cfg", mac.to_ascii_uppercase())]
}

/// `key: value` lines; `#` starts a remark.
fn read(text: &str) -> Lines {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(':'))
        .map(|(key, value)| (key.trim().to_owned(), value.trim().trim_matches('"').to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configuration_lines_are_read() {
        let lines = read("# hello: there\ncontact rcs: 0\r\nx: \"y\"\n\n");
        assert_eq!(lines[0], ("contact rcs".to_owned(), "0".to_owned()));
        assert_eq!(lines[1], ("x".to_owned(), "y".to_owned()));
        assert_eq!(lines.len(), 2);
    }
}
