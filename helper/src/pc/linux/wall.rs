//! Linux's firewalls: ufw, firewalld, and rules of the kernel that somebody else has made.

use super::super::command::CommandError;
use super::super::wall::{Wall, WallKind};

/// What is on. `rules` is what `nft list ruleset` says; none, and it could not be asked.
pub(super) fn walls(
    ufw: Option<&str>,
    firewalld: bool,
    rules: Option<Result<String, CommandError>>,
) -> Vec<Wall> {
    let mut walls = Vec::new();
    if let Some(on) = ufw.and_then(ufw_is_enabled) {
        walls.push(Wall { kind: WallKind::Ufw, on: Some(on) });
    }
    if firewalld {
        walls.push(Wall { kind: WallKind::Firewalld, on: Some(true) });
    }
    // Both of these make such rules themselves: whose they are is known then.
    if !walls.iter().any(|wall| wall.on == Some(true)) {
        let on = rules.and_then(Result::ok).map(|rules| drops_incoming(&rules));
        walls.push(Wall { kind: WallKind::Nftables, on });
    }
    walls
}

/// Reads /etc/ufw/ufw.conf (ufw(8)).
fn ufw_is_enabled(conf: &str) -> Option<bool> {
    let setting = conf.lines().find_map(|line| line.trim().strip_prefix("ENABLED="))?;
    Some(setting.trim_matches(['"', '\'', ' ']).eq_ignore_ascii_case("yes"))
}

/// Whether a chain that incoming packets pass may drop some of them (nft(8)): by its policy, or
/// by a rule.
fn drops_incoming(ruleset: &str) -> bool {
    let chains = ruleset.split("chain ").skip(1);
    chains.filter(|chain| chain.contains("hook input")).any(|chain| {
        let body = chain.split("\n\t}").next().unwrap_or(chain);
        body.contains("policy drop")
            || body.split_whitespace().any(|word| matches!(word, "drop" | "reject" | "jump" | "goto"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(ufw: Option<&str>, firewalld: bool, rules: Option<&str>) -> Vec<(WallKind, Option<bool>)> {
        let rules = rules.map(|rules| Ok(rules.to_owned()));
        walls(ufw, firewalld, rules).into_iter().map(|wall| (wall.kind, wall.on)).collect()
    }

    #[test]
    fn what_is_on_is_known_and_what_cannot_be_asked_is_unknown() {
        let nftables = |on| (WallKind::Nftables, on);
        assert_eq!(on(None, false, None), [nftables(None)]);
        assert_eq!(on(None, false, Some("")), [nftables(Some(false))]);
        assert_eq!(on(Some("# x\nENABLED=yes\nLOGLEVEL=low"), false, None), [(WallKind::Ufw, Some(true))]);
        let off = [(WallKind::Ufw, Some(false)), nftables(Some(false))];
        assert_eq!(on(Some("ENABLED=no"), false, Some("")), off);
        assert_eq!(on(None, true, None), [(WallKind::Firewalld, Some(true))]);
    }

    #[test]
    fn a_ruleset_that_drops_is_told_from_one_that_does_not() {
        let chain = |hook: &str, rules: &str| {
            format!(
                "table inet filter {{\n\tchain x {{\n\t\ttype filter hook {hook} priority filter; {rules}\n\t}}\n}}"
            )
        };
        assert!(drops_incoming(&chain("input", "policy drop;")));
        assert!(drops_incoming(&chain("input", "policy accept;\n\t\tudp dport 69 drop")));
        assert!(drops_incoming(&chain("input", "policy accept;\n\t\tjump elsewhere")));
        assert!(!drops_incoming(&chain("input", "policy accept;")));
        assert!(!drops_incoming(&chain("forward", "policy drop;")));
        let both = format!("{}\n{}", chain("input", "policy accept;"), chain("forward", "policy drop;"));
        assert!(!drops_incoming(&both));
        assert!(!drops_incoming(""));
    }
}
