//! firewalld, Fedora's and Red Hat's (firewall-cmd(1), firewalld.richlanguage(5)). Only what runs
//! now is changed, never what is kept: a restart of the computer takes it back as well.

use std::net::Ipv4Addr;

use super::super::command::CommandLine;

/// What an administrator types to see a zone.
pub fn list(zone: &str) -> CommandLine {
    CommandLine::new("firewall-cmd", [zone_option(zone), "--list-all".to_owned()])
}

/// The command that tells the zone of an interface; it fails where there is none.
pub fn zone_of(interface: &str) -> CommandLine {
    CommandLine::new("firewall-cmd", [format!("--get-zone-of-interface={interface}")])
}

/// The command that tells the zone of all others.
pub fn default_zone() -> CommandLine {
    CommandLine::of("firewall-cmd --get-default-zone")
}

/// The command that lets a phone in.
pub fn add(zone: &str, phone: Ipv4Addr) -> CommandLine {
    on_rule("add", zone, phone)
}

/// The command that takes the rule away.
pub fn remove(zone: &str, phone: Ipv4Addr) -> CommandLine {
    on_rule("remove", zone, phone)
}

/// The command that says `yes` or `no`, the latter as a failure.
pub fn query(zone: &str, phone: Ipv4Addr) -> CommandLine {
    on_rule("query", zone, phone)
}

/// The least priority comes first of all, before any rule that denies.
fn on_rule(verb: &str, zone: &str, phone: Ipv4Addr) -> CommandLine {
    let rule = format!(r#"rule priority="-32768" family="ipv4" source address="{phone}" accept"#);
    CommandLine::new("firewall-cmd", [zone_option(zone), format!("--{verb}-rich-rule={rule}")])
}

fn zone_option(zone: &str) -> String {
    format!("--zone={zone}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_is_one_of_the_running_zone_and_never_kept() {
        let phone = Ipv4Addr::new(192, 168, 1, 5);
        let rule = r#"rule priority="-32768" family="ipv4" source address="192.168.1.5" accept"#;
        for (line, verb) in [
            (add("public", phone), "add"),
            (remove("public", phone), "remove"),
            (query("public", phone), "query"),
        ] {
            assert_eq!(line.to_string(), format!("firewall-cmd --zone=public '--{verb}-rich-rule={rule}'"));
            assert!(!line.to_string().contains("permanent"));
        }
        assert_eq!(zone_of("eth0").to_string(), "firewall-cmd --get-zone-of-interface=eth0");
        assert_eq!(list("public").to_string(), "firewall-cmd --zone=public --list-all");
    }
}
