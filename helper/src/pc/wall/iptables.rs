//! iptables, where only that is there: reading `iptables -S` (iptables(8), iptables-extensions(8)),
//! and the rule that lets a phone in. Only the table `filter` is told by it.

use std::net::Ipv4Addr;

use super::super::command::CommandLine;
use super::filter::{Base, Chain, ChainId, Match, Rule, Ruleset, Target, What};
use super::nft::{COMMENT, network};

/// Targets that let the packet go on.
const PASSING: [&str; 6] = ["LOG", "NFLOG", "ULOG", "MARK", "CONNMARK", "AUDIT"];

/// The command that tells all rules, for [`read`].
pub fn list(program: &str) -> CommandLine {
    CommandLine::new(program, ["-w", "-S"])
}

/// The command that lets a phone in, before all other rules.
pub fn insert(program: &str, phone: Ipv4Addr) -> CommandLine {
    rule(program, &["-I", "INPUT", "1"], phone)
}

/// The command that takes it away.
pub fn delete(program: &str, phone: Ipv4Addr) -> CommandLine {
    rule(program, &["-D", "INPUT"], phone)
}

fn rule(program: &str, verb: &[&str], phone: Ipv4Addr) -> CommandLine {
    let phone = phone.to_string();
    let rule = ["-s", &phone, "-m", "comment", "--comment", COMMENT, "-j", "ACCEPT"];
    CommandLine::new(program, ["-w"].iter().chain(verb).chain(&rule).copied())
}

/// Whether our rule for this phone is among them.
pub fn has_rule(said: &str, phone: Ipv4Addr) -> bool {
    let ours = format!("-A INPUT -s {phone}/32 -m comment --comment {COMMENT} -j ACCEPT");
    said.lines().any(|line| line.replace('"', "") == ours)
}

/// Reads all chains.
pub fn read(said: &str) -> Ruleset {
    let mut chains: Vec<Chain> = Vec::new();
    for line in said.lines() {
        let words = words(line);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words[..] {
            ["-P", name, policy] => chains.push(chain(name, Some(policy))),
            ["-N", name] => chains.push(chain(name, None)),
            ["-A", name, ref rest @ ..] => {
                if let Some(owner) = chains.iter_mut().find(|chain| chain.id.chain == name) {
                    owner.rules.push(read_rule(line, rest));
                }
            }
            _ => {}
        }
    }
    Ruleset { chains }
}

fn chain(name: &str, policy: Option<&str>) -> Chain {
    let id = ChainId { family: "ip".into(), table: "filter".into(), chain: name.to_owned() };
    let base = policy.map(|policy| Base {
        hook: name.to_lowercase(),
        priority: 0,
        filters: true,
        accepts: policy == "ACCEPT",
    });
    Chain { id, base, rules: Vec::new() }
}

/// Words of a line; what stands between quotation marks is one.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.extend((!word.is_empty()).then(|| std::mem::take(&mut word))),
            other => word.push(other),
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

fn read_rule(line: &str, words: &[&str]) -> Rule {
    let (mut matches, mut target) = (Vec::new(), Target::Next);
    let mut words = words.iter().copied().peekable();
    let mut not = false;
    while let Some(option) = words.next() {
        let mut value = || words.next_if(|word| !word.starts_with('-')).unwrap_or_default();
        let what = match option {
            "!" => {
                not = true;
                continue;
            }
            "-m" | "--comment" | "--reject-with" | "--log-prefix" | "--log-level" => {
                value();
                continue;
            }
            "-j" => {
                target = match value() {
                    "ACCEPT" => Target::Accept,
                    "DROP" | "REJECT" => Target::Drop,
                    "RETURN" => Target::Return,
                    passing if PASSING.contains(&passing) => Target::Next,
                    other => Target::Jump(other.to_owned()),
                };
                continue;
            }
            "-g" => {
                target = Target::Goto(value().to_owned());
                continue;
            }
            "-p" => Some(What::Protocol(vec![value().to_owned()])),
            "-s" => networks(value()).map(What::From),
            "-d" => networks(value()).map(What::To),
            "-i" => Some(What::Interface(vec![value().replace('+', "*")])),
            "--dport" | "--dports" => ports(value()).map(What::Port),
            "--ctstate" | "--state" => {
                Some(What::State(value().to_lowercase().split(',').map(str::to_owned).collect()))
            }
            "--dst-type" => Some(What::Always(value() == "LOCAL")),
            _ => None,
        };
        let what = what.unwrap_or_else(|| What::Other(option.trim_start_matches('-').to_owned()));
        // What belongs to an option that we do not know.
        while words.next_if(|word| !word.starts_with('-') && *word != "!").is_some() {}
        matches.push(Match { what, not: std::mem::take(&mut not) });
    }
    Rule { matches, target, words: line.to_owned() }
}

fn networks(text: &str) -> Option<Vec<(Ipv4Addr, Ipv4Addr)>> {
    let one = |text: &str| match text.split_once('/') {
        Some((address, length)) => network(address, length.parse().ok()?),
        None => network(text, 32),
    };
    text.split(',').map(one).collect()
}

fn ports(text: &str) -> Option<Vec<(u16, u16)>> {
    let one = |text: &str| match text.split_once(':') {
        Some((from, to)) => Some((from.parse().ok()?, to.parse().ok()?)),
        None => text.parse().ok().map(|port| (port, port)),
    };
    text.split(',').map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::ports::Port;
    use super::super::{Inlet, Verdict};
    use super::*;

    const PHONE: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 5);

    /// What `iptables -S` says with ufw 0.36 on and nothing allowed, shortened to the chains that
    /// an incoming packet passes.
    const UFW: &str = r#"-P INPUT DROP
-P FORWARD DROP
-P OUTPUT ACCEPT
-N ufw-before-logging-input
-N ufw-before-input
-N ufw-after-input
-N ufw-reject-input
-N ufw-track-input
-N ufw-logging-deny
-N ufw-not-local
-N ufw-skip-to-policy-input
-N ufw-user-input
-A INPUT -j ufw-before-logging-input
-A INPUT -j ufw-before-input
-A INPUT -j ufw-after-input
-A INPUT -j ufw-reject-input
-A INPUT -j ufw-track-input
-A ufw-before-input -i lo -j ACCEPT
-A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A ufw-before-input -m conntrack --ctstate INVALID -j ufw-logging-deny
-A ufw-before-input -m conntrack --ctstate INVALID -j DROP
-A ufw-before-input -p icmp -m icmp --icmp-type 8 -j ACCEPT
-A ufw-before-input -p udp -m udp --sport 67 --dport 68 -j ACCEPT
-A ufw-before-input -j ufw-not-local
-A ufw-before-input -d 224.0.0.251/32 -p udp -m udp --dport 5353 -j ACCEPT
-A ufw-before-input -j ufw-user-input
-A ufw-after-input -p udp -m udp --dport 137 -j ufw-skip-to-policy-input
-A ufw-after-input -m addrtype --dst-type BROADCAST -j ufw-skip-to-policy-input
-A ufw-logging-deny -m conntrack --ctstate INVALID -m limit --limit 3/min --limit-burst 10 -j RETURN
-A ufw-logging-deny -m limit --limit 3/min --limit-burst 10 -j LOG --log-prefix "[UFW BLOCK] "
-A ufw-not-local -m addrtype --dst-type LOCAL -j RETURN
-A ufw-not-local -m addrtype --dst-type MULTICAST -j RETURN
-A ufw-not-local -m addrtype --dst-type BROADCAST -j RETURN
-A ufw-not-local -m limit --limit 3/min --limit-burst 10 -j ufw-logging-deny
-A ufw-not-local -j DROP
-A ufw-skip-to-policy-input -j DROP
"#;

    fn verdict(said: &str) -> (Verdict, String) {
        let inlet = Inlet {
            phone: Some(PHONE),
            ours: Some(Ipv4Addr::new(192, 168, 1, 4)),
            interface: Some("eth0".into()),
            ports: vec![Port::TFTP],
        };
        let finding = read(said).judge(&inlet, Port::TFTP);
        (finding.verdict, finding.why)
    }

    #[test]
    fn c08_ufw_as_it_is_delivered_keeps_the_phone_out_until_a_rule_lets_it_in() {
        let (keeps_out, why) = verdict(UFW);
        assert_eq!(keeps_out, Verdict::KeepsOut, "{why}");
        assert!(why.contains("policy drop of ip filter INPUT"), "{why}");
        let (lets_in, why) = verdict(&format!("{UFW}-A ufw-user-input -s 192.168.1.5/32 -j ACCEPT\n"));
        assert_eq!(lets_in, Verdict::LetsIn, "{why}");
        let (lets_in, why) = verdict(&format!("{UFW}-A ufw-user-input -p udp -m udp --dport 69 -j ACCEPT\n"));
        assert_eq!(lets_in, Verdict::LetsIn, "{why}");
        assert!(why.contains("--dport 69"), "{why}");
    }

    #[test]
    fn options_are_read_with_their_opposites_and_unknown_ones_are_unknown() {
        let with = |rule: &str| verdict(&format!("-P INPUT ACCEPT\n-A INPUT {rule}\n")).0;
        assert_eq!(with("-p udp -m multiport --dports 60:70,80 -j DROP"), Verdict::KeepsOut);
        assert_eq!(with("! -s 192.168.0.0/16 -j DROP"), Verdict::LetsIn);
        assert_eq!(with("! -i lo -j REJECT --reject-with icmp-port-unreachable"), Verdict::KeepsOut);
        assert_eq!(with("-i eth+ -m comment --comment \"two words -j\" -j DROP"), Verdict::KeepsOut);
        assert_eq!(with("-m owner --uid-owner 0 -j DROP"), Verdict::Unknown);
        assert_eq!(with("-m owner --uid-owner 0 -j ACCEPT"), Verdict::LetsIn);
        assert_eq!(with("-p udp -j NFQUEUE --queue-num 1"), Verdict::Unknown);
        assert_eq!(with("-j LOG --log-prefix \"x \""), Verdict::LetsIn);
        assert_eq!(verdict("").0, Verdict::LetsIn);
    }

    #[test]
    fn the_rule_and_its_end_are_one_command_each() {
        let rule = "-s 192.168.1.5 -m comment --comment hookflash -j ACCEPT";
        assert_eq!(insert("iptables", PHONE).to_string(), format!("iptables -w -I INPUT 1 {rule}"));
        assert_eq!(delete("iptables", PHONE).to_string(), format!("iptables -w -D INPUT {rule}"));
        let said = "-P INPUT DROP\n-A INPUT -s 192.168.1.5/32 -m comment --comment hookflash -j ACCEPT";
        assert!(has_rule(said, PHONE) && !has_rule(said, Ipv4Addr::new(192, 168, 1, 6)));
    }
}
