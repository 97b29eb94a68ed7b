//! Windows Defender Firewall: its profiles and the rules for this program, as PowerShell's cmdlets
//! tell them (Get-NetFirewallProfile, Get-NetFirewallApplicationFilter, Get-NetFirewallRule), and
//! the rule that lets a phone in (netsh advfirewall). Nobody has run this on Windows yet.
//!
//! A rule that blocks wins over one that allows: the system makes one when its question for a
//! program is answered with no, and then an allow rule of ours is of no use.

use std::net::Ipv4Addr;

use serde::Deserialize;
use shared::text::pc as words;

use super::super::command::CommandLine;
use super::{Finding, Verdict};

/// The script that [`read`] understands. Enumerations are told as numbers; the program's path is
/// an argument between single quotation marks.
pub fn script(program: &str) -> String {
    let program = program.replace('\'', "''");
    format!(
        "ConvertTo-Json -Compress -Depth 3 @{{\
         Profiles=@(Get-NetFirewallProfile -PolicyStore ActiveStore|ForEach-Object{{@{{Enabled=[int]$_.Enabled;Inbound=[int]$_.DefaultInboundAction}}}});\
         Rules=@(Get-NetFirewallApplicationFilter -Program '{program}' -ErrorAction SilentlyContinue|Get-NetFirewallRule|\
         Where-Object{{[int]$_.Direction -eq 1 -and [int]$_.Enabled -eq 1}}|\
         ForEach-Object{{@{{Name=$_.DisplayName;Action=[int]$_.Action;Profile=[int]$_.Profile}}}})}}"
    )
}

/// What the script says. `NetFirewallRule`: Action 2 allow, 4 block; Profile 0 any, else bits.
/// `NetFirewallProfile`: Enabled 1 true; DefaultInboundAction 0 not configured (block), 2 allow,
/// 4 block.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Told {
    profiles: Vec<Profile>,
    rules: Vec<Rule>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Profile {
    enabled: u32,
    inbound: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Rule {
    name: String,
    action: u32,
    profile: u32,
}

const ALLOW: u32 = 2;
const BLOCK: u32 = 4;
/// All three profiles: domain 1, private 2, public 4.
const ALL: u32 = 7;

/// Reads it; none, and it is something else.
pub fn read(said: &str) -> Option<Told> {
    serde_json::from_str(said).ok()
}

impl Told {
    /// Whether it lets this program be spoken to. Rules for ports, which name no program, are not
    /// looked at: without a rule of the program's own it is not known.
    pub fn judge(&self) -> Finding {
        let on = |profile: &&Profile| profile.enabled == 1;
        if self.profiles.is_empty() {
            return Finding::new(Verdict::Unknown, words::NOT_LOOKED_AT);
        }
        if !self.profiles.iter().any(|profile| on(&profile)) {
            return Finding::new(Verdict::LetsIn, words::WALL_IS_OFF);
        }
        if let Some(block) = self.blocking() {
            return Finding::new(Verdict::KeepsOut, words::program_rule_blocks(block));
        }
        let allowed = self.rules.iter().filter(|rule| rule.action == ALLOW);
        let profiles =
            allowed.clone().fold(0, |all, rule| all | if rule.profile == 0 { ALL } else { rule.profile });
        match allowed.clone().next() {
            Some(rule) if profiles & ALL == ALL => {
                Finding::new(Verdict::LetsIn, words::program_rule_allows(&rule.name))
            }
            _ if self.profiles.iter().filter(on).all(|profile| profile.inbound == ALLOW) => {
                Finding::new(Verdict::LetsIn, words::WALL_ALLOWS_ALL)
            }
            Some(rule) => Finding::new(Verdict::Unknown, words::program_rule_allows_some(&rule.name)),
            None => Finding::new(Verdict::Unknown, words::NO_PROGRAM_RULE),
        }
    }

    /// The rule that blocks this program, if there is one: no rule of ours wins against it.
    pub fn blocking(&self) -> Option<&str> {
        self.rules.iter().find(|rule| rule.action == BLOCK).map(|rule| rule.name.as_str())
    }
}

/// A name that no other rule has: netsh deletes by name.
pub fn rule_name(phone: Ipv4Addr) -> String {
    format!("hookflash-{phone}-{}", std::process::id())
}

/// The command that lets a phone in to this program.
pub fn add(name: &str, program: &str, phone: Ipv4Addr) -> CommandLine {
    netsh(&[
        "add",
        "rule",
        &format!("name={name}"),
        "dir=in",
        "action=allow",
        &format!("program={program}"),
        &format!("remoteip={phone}"),
        "profile=any",
        "enable=yes",
    ])
}

/// The command that takes the rule away.
pub fn delete(name: &str) -> CommandLine {
    netsh(&["delete", "rule", &format!("name={name}")])
}

/// The command that fails where there is no such rule.
pub fn show(name: &str) -> CommandLine {
    netsh(&["show", "rule", &format!("name={name}")])
}

fn netsh(words: &[&str]) -> CommandLine {
    CommandLine::new("netsh", ["advfirewall", "firewall"].iter().chain(words).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(enabled: u32, inbound: u32, rules: &str) -> Told {
        let profile = format!(r#"{{"Enabled":{enabled},"Inbound":{inbound}}}"#);
        read(&format!(r#"{{"Rules":[{rules}],"Profiles":[{profile},{profile},{profile}]}}"#)).unwrap()
    }

    #[test]
    fn c08_a_rule_that_blocks_wins_over_one_that_allows() {
        let allow = r#"{"Name":"hookflash","Action":2,"Profile":0}"#;
        let block = r#"{"Name":"hookflash.exe","Action":4,"Profile":4}"#;
        let both = told(1, 0, &format!("{allow},{block}"));
        let finding = both.judge();
        assert_eq!(finding.verdict, Verdict::KeepsOut);
        assert!(finding.why.contains("hookflash.exe"), "{finding:?}");
        assert_eq!(both.blocking(), Some("hookflash.exe"));
        assert_eq!(told(1, 0, allow).judge().verdict, Verdict::LetsIn);
        assert_eq!(told(0, 0, block).judge().verdict, Verdict::LetsIn, "it is off");
    }

    #[test]
    fn what_is_not_certain_is_unknown() {
        let private = r#"{"Name":"hookflash","Action":2,"Profile":2}"#;
        let rest = r#"{"Name":"hookflash","Action":2,"Profile":5}"#;
        assert_eq!(told(1, 4, private).judge().verdict, Verdict::Unknown);
        assert_eq!(told(1, 4, &format!("{private},{rest}")).judge().verdict, Verdict::LetsIn);
        assert_eq!(told(1, 0, "").judge().verdict, Verdict::Unknown);
        assert_eq!(told(1, 2, "").judge().verdict, Verdict::LetsIn);
        assert_eq!(read(r#"{"Rules":[],"Profiles":[]}"#).unwrap().judge().verdict, Verdict::Unknown);
        assert_eq!(read("Access is denied."), None);
    }

    #[test]
    fn the_rule_is_for_this_program_and_this_phone_alone() {
        let phone = Ipv4Addr::new(192, 168, 1, 5);
        let add = add("hookflash-x", r"C:\Program Files\hookflash.exe", phone);
        assert_eq!(
            add.args.join("|"),
            r"advfirewall|firewall|add|rule|name=hookflash-x|dir=in|action=allow|program=C:\Program Files\hookflash.exe|remoteip=192.168.1.5|profile=any|enable=yes"
        );
        assert_eq!(delete("hookflash-x").args.join(" "), "advfirewall firewall delete rule name=hookflash-x");
        assert!(rule_name(phone).starts_with("hookflash-192.168.1.5-"));
        assert!(script("C:\\it's\\hookflash.exe").contains("-Program 'C:\\it''s\\hookflash.exe'"));
    }
}
