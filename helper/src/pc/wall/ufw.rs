//! ufw, Ubuntu's (ufw(8)): it keeps its rules on disk and makes iptables' from them.

use std::net::Ipv4Addr;

use super::super::command::CommandLine;
use super::nft::COMMENT;

/// What an administrator types to see its rules.
pub fn list() -> CommandLine {
    CommandLine::of("ufw status verbose")
}

/// The command that tells its rules as they were typed, for [`has_rule`].
pub fn show_added() -> CommandLine {
    CommandLine::of("ufw show added")
}

/// Reads /etc/ufw/ufw.conf.
pub fn is_enabled(conf: &str) -> Option<bool> {
    let setting = conf.lines().find_map(|line| line.trim().strip_prefix("ENABLED="))?;
    Some(setting.trim_matches(['"', '\'', ' ']).eq_ignore_ascii_case("yes"))
}

/// The command that lets a phone in, before all other rules of the person's.
pub fn prepend(phone: Ipv4Addr) -> CommandLine {
    CommandLine::new("ufw", ["prepend", "allow", "from", &phone.to_string(), "comment", COMMENT])
}

/// The command that takes it away; a comment is not asked for.
pub fn delete(phone: Ipv4Addr) -> CommandLine {
    CommandLine::new("ufw", ["delete", "allow", "from", &phone.to_string()])
}

/// Whether our rule for this phone is among them.
pub fn has_rule(said: &str, phone: Ipv4Addr) -> bool {
    let ours = format!("ufw allow from {phone} comment {COMMENT}");
    said.lines().any(|line| line.trim().replace('\'', "") == ours)
}

/// Whether somebody else's rule says the same: it would be deleted with ours.
pub fn has_the_same(said: &str, phone: Ipv4Addr) -> bool {
    let theirs = format!("ufw allow from {phone}");
    let is_it = |line: &str| line == theirs || line.starts_with(&format!("{theirs} comment "));
    said.lines().any(|line| is_it(line.trim())) && !has_rule(said, phone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whether_it_is_on_stands_in_its_settings() {
        assert_eq!(is_enabled("# x\nENABLED=yes\nLOGLEVEL=low"), Some(true));
        assert_eq!(is_enabled("ENABLED=\"no\""), Some(false));
        assert_eq!(is_enabled("LOGLEVEL=low"), None);
    }

    #[test]
    fn the_commands_are_those_of_ufw_and_a_rule_of_the_persons_own_is_known() {
        let phone = Ipv4Addr::new(192, 168, 1, 5);
        assert_eq!(prepend(phone).to_string(), "ufw prepend allow from 192.168.1.5 comment hookflash");
        assert_eq!(delete(phone).to_string(), "ufw delete allow from 192.168.1.5");
        let said =
            |rule: &str| format!("Added user rules (see 'ufw status' for running firewall):\n{rule}\n");
        let ours = said("ufw allow from 192.168.1.5 comment 'hookflash'");
        assert!(has_rule(&ours, phone) && !has_the_same(&ours, phone));
        for theirs in ["ufw allow from 192.168.1.5", "ufw allow from 192.168.1.5 comment 'my phone'"] {
            let theirs = said(theirs);
            assert!(!has_rule(&theirs, phone) && has_the_same(&theirs, phone), "{theirs}");
        }
        let other = said("ufw allow from 192.168.1.50");
        assert!(!has_rule(&other, phone) && !has_the_same(&other, phone));
        assert!(!has_the_same(&said("(None)"), phone));
    }
}
