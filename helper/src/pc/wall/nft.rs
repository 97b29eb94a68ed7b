//! nftables: reading `nft -j list ruleset` (libnftables-json(5)), and the rule that lets a phone
//! in.
//!
//! An accept in a table of our own would not override a drop elsewhere, so the rule goes to the
//! head of each base chain that can drop. Its handle is looked up when it is taken back.

use std::net::Ipv4Addr;

use serde_json::Value;

use super::super::command::CommandLine;
use super::filter::{Base, Chain, ChainId, Match, Rule, Ruleset, Target, What};

/// How our rules are known again (nft(8), `comment`).
pub const COMMENT: &str = "hookflash";

/// The command that tells all rules, for [`read`].
pub fn list() -> CommandLine {
    CommandLine::of("nft -j list ruleset")
}

/// The same for a person.
pub fn list_by_hand() -> CommandLine {
    CommandLine::of("nft list ruleset")
}

/// The command that tells one chain with its handles, for [`handles`].
pub fn list_chain(chain: &ChainId) -> CommandLine {
    words(&["-j", "-a", "list", "chain"], chain)
}

/// The same for a person.
pub fn list_chain_by_hand(chain: &ChainId) -> CommandLine {
    words(&["-a", "list", "chain"], chain)
}

/// The command that lets a phone in.
pub fn insert(chain: &ChainId, phone: Ipv4Addr) -> CommandLine {
    let mut line = words(&["insert", "rule"], chain);
    let phone = phone.to_string();
    line.args.extend(["ip", "saddr", &phone, "accept", "comment", COMMENT].map(str::to_owned));
    line
}

/// The command that takes a rule away.
pub fn delete(chain: &ChainId, handle: &str) -> CommandLine {
    let mut line = words(&["delete", "rule"], chain);
    line.args.extend(["handle".into(), handle.to_owned()]);
    line
}

fn words(verb: &[&str], chain: &ChainId) -> CommandLine {
    let ChainId { family, table, chain } = chain;
    CommandLine::new("nft", verb.iter().copied().chain([family.as_str(), table, chain]))
}

/// The handles of our rules for this phone in a chain; none, and it is not what nft says.
pub fn handles(said: &str, phone: Ipv4Addr) -> Option<Vec<u64>> {
    let all: Value = serde_json::from_str(said).ok()?;
    let is_ours = |rule: &Value| {
        rule["comment"] == COMMENT && rule["expr"][0]["match"]["right"] == phone.to_string().as_str()
    };
    let rules = all["nftables"].as_array()?.iter().filter_map(|each| each.get("rule"));
    Some(rules.filter(|rule| is_ours(rule)).filter_map(|rule| rule["handle"].as_u64()).collect())
}

/// Reads all chains; none, and it is not what nft says.
pub fn read(said: &str) -> Option<Ruleset> {
    let all: Value = serde_json::from_str(said).ok()?;
    let objects = all["nftables"].as_array()?;
    let mut chains: Vec<Chain> =
        objects.iter().filter_map(|each| each.get("chain")).filter_map(chain).collect();
    for told in objects.iter().filter_map(|each| each.get("rule")) {
        let id = id(told, "chain")?;
        let owner = chains.iter_mut().find(|chain| chain.id == id)?;
        let sets = Sets { objects, family: &id.family, table: &id.table };
        owner.rules.extend(sets.rules(told["expr"].as_array()?));
    }
    Some(Ruleset { chains })
}

fn id(told: &Value, name: &str) -> Option<ChainId> {
    let text = |key: &str| Some(told[key].as_str()?.to_owned());
    Some(ChainId { family: text("family")?, table: text("table")?, chain: text(name)? })
}

fn chain(told: &Value) -> Option<Chain> {
    let base = told["hook"].as_str().map(|hook| Base {
        hook: hook.to_owned(),
        priority: told["prio"].as_i64().unwrap_or_default(),
        filters: told["type"] == "filter",
        accepts: told["policy"] != "drop",
    });
    Some(Chain { id: id(told, "name")?, base, rules: Vec::new() })
}

/// The named sets beside a rule.
struct Sets<'a> {
    objects: &'a [Value],
    family: &'a str,
    table: &'a str,
}

impl Sets<'_> {
    /// One rule, or one for each entry of a verdict map: only one of them can fit.
    fn rules(&self, expressions: &[Value]) -> Vec<Rule> {
        let (mut matches, mut target, mut map) = (Vec::new(), None, None);
        for expression in expressions {
            let Some((name, inner)) = expression.as_object().and_then(|object| object.iter().next()) else {
                matches.push(Match::new(What::Other("?".into())));
                continue;
            };
            match name.as_str() {
                "match" => matches.extend(self.matches(inner)),
                "counter" | "log" | "continue" | "mangle" => {}
                "limit" | "quota" | "ct count" => matches.push(Match::new(What::Other(name.clone()))),
                "accept" => target = Some(Target::Accept),
                "drop" | "reject" => target = Some(Target::Drop),
                "return" => target = Some(Target::Return),
                "jump" => target = inner["target"].as_str().map(|to| Target::Jump(to.into())),
                "goto" => target = inner["target"].as_str().map(|to| Target::Goto(to.into())),
                "vmap" => map = Some(inner),
                "xt" if inner["name"] == "comment" => {}
                "xt" if inner["type"] == "match" => {
                    let name = inner["name"].as_str().unwrap_or("xt");
                    matches.push(Match::new(What::Other(name.to_owned())));
                }
                // It may be a condition, and it may decide.
                _ => {
                    matches.push(Match::new(What::Other(name.clone())));
                    target = target.or(Some(Target::Other));
                }
            }
        }
        match map {
            None => vec![rule(matches, target.unwrap_or(Target::Next))],
            Some(map) => self.map(&matches, map),
        }
    }

    fn map(&self, matches: &[Match], map: &Value) -> Vec<Rule> {
        let entries = self.elements(&map["data"]);
        let entry = |entry: &Value| {
            let condition = serde_json::json!({"op": "==", "left": map["key"], "right": entry[0]});
            let verdict = entry[1].clone();
            let mut all = matches.to_vec();
            all.extend(self.matches(&condition));
            let inner = self.rules(&[verdict]).pop();
            rule(all, inner.map_or(Target::Other, |inner| inner.target))
        };
        match entries {
            Some(entries) => entries.iter().map(entry).collect(),
            None => vec![rule(matches.to_vec(), Target::Other)],
        }
    }

    fn elements(&self, value: &Value) -> Option<Vec<Value>> {
        if let Some(name) = value.as_str().and_then(|name| name.strip_prefix('@')) {
            let is_it = |set: &&Value| {
                set["name"] == name && set["family"] == self.family && set["table"] == self.table
            };
            let mut sets = self.objects.iter().filter_map(|each| each.get("set").or(each.get("map")));
            let elements = sets.find(is_it)?.get("elem");
            return Some(elements.and_then(Value::as_array).cloned().unwrap_or_default());
        }
        match value.get("set").unwrap_or(value) {
            Value::Array(elements) => Some(elements.clone()),
            one => Some(vec![one.clone()]),
        }
    }

    fn matches(&self, told: &Value) -> Vec<Match> {
        let not = match told["op"].as_str() {
            Some("==" | "in") => false,
            Some("!=") => true,
            _ => return vec![Match::new(What::Other("?".into()))],
        };
        let Some(values) = self.elements(&told["right"]) else {
            return vec![Match::new(What::Other("?".into()))];
        };
        let left = &told["left"];
        let (kind, inner) = left.as_object().and_then(|object| object.iter().next()).unzip();
        let of = |key: &str| inner.and_then(|inner| inner[key].as_str()).unwrap_or_default();
        let names = || values.iter().map(name).collect::<Option<Vec<String>>>();
        let mut before = None;
        let what = match (kind.map(String::as_str), of("protocol"), of("field"), of("key")) {
            (Some("payload"), "ip", "saddr", _) => ranges(&values, address).map(What::From),
            (Some("payload"), "ip", "daddr", _) => ranges(&values, address).map(What::To),
            (Some("payload"), "ip", "protocol", _) | (Some("meta"), _, _, "l4proto") => {
                names().map(What::Protocol)
            }
            // We speak IPv4, and `!=` is also said of an IPv6 packet alone.
            (Some("payload"), "ip6" | "icmpv6", ..) => return vec![Match::new(What::Always(false))],
            (Some("payload"), "th", "dport", _) => ranges(&values, port).map(What::Port),
            (Some("payload"), protocol @ ("tcp" | "udp"), field, _) => {
                before = Some(Match::new(What::Protocol(vec![protocol.to_owned()])));
                if field == "dport" { ranges(&values, port).map(What::Port) } else { None }
            }
            (Some("payload"), protocol @ ("icmp" | "sctp" | "dccp" | "udplite" | "esp" | "ah"), ..) => {
                before = Some(Match::new(What::Protocol(vec![protocol.to_owned()])));
                None
            }
            (Some("meta"), _, _, "iifname" | "iif") => names().map(What::Interface),
            (Some("meta"), _, _, "nfproto" | "protocol") => {
                names().map(|names| What::Always(names.iter().any(|name| name == "ipv4" || name == "ip")))
            }
            (Some("ct"), _, _, "state") => names().map(What::State),
            (Some("fib"), ..) if is_type_of_receiver(left) => {
                names().map(|names| What::Always(names.iter().any(|name| name == "local")))
            }
            _ => None,
        };
        let what = what.unwrap_or_else(|| What::Other(words_of(left)));
        before.into_iter().chain([Match { what, not }]).collect()
    }
}

fn is_type_of_receiver(left: &Value) -> bool {
    let flags = &left["fib"]["flags"];
    let of_receiver = flags == "daddr" || flags.as_array().is_some_and(|flags| flags[..] == ["daddr"]);
    left["fib"]["result"] == "type" && of_receiver
}

fn name(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn ranges<T: Copy>(values: &[Value], read: impl Fn(&Value) -> Option<(T, T)>) -> Option<Vec<(T, T)>> {
    let range = |value: &Value| match value.get("range") {
        Some(ends) => Some((read(&ends[0])?.0, read(&ends[1])?.1)),
        // What has a time limit or a counter is there as long as it is told.
        None => read(value.get("elem").map_or(value, |elem| &elem["val"])),
    };
    values.iter().map(range).collect()
}

fn port(value: &Value) -> Option<(u16, u16)> {
    let number = value.as_u64().and_then(|number| u16::try_from(number).ok())?;
    Some((number, number))
}

fn address(value: &Value) -> Option<(Ipv4Addr, Ipv4Addr)> {
    let prefix = &value["prefix"];
    let (text, length) = match prefix["addr"].as_str() {
        Some(text) => (text, prefix["len"].as_u64()?),
        None => (value.as_str()?, 32),
    };
    network(text, u32::try_from(length).ok()?)
}

/// The first and the last address of a network.
pub(super) fn network(address: &str, length: u32) -> Option<(Ipv4Addr, Ipv4Addr)> {
    let address: Ipv4Addr = address.parse().ok()?;
    let rest = u32::MAX.checked_shr(length).unwrap_or(0);
    Some(((address.to_bits() & !rest).into(), (address.to_bits() | rest).into()))
}

fn rule(matches: Vec<Match>, target: Target) -> Rule {
    let words = matches.iter().map(ToString::to_string).chain([target.to_string()]);
    let words = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    Rule { matches, target, words }
}

/// What a rule looks at that we do not understand, as short as it is known again by.
fn words_of(left: &Value) -> String {
    let mut words = Vec::new();
    let mut add = |value: &Value| words.extend(value.as_str().map(str::to_owned));
    if let Some((kind, inner)) = left.as_object().and_then(|object| object.iter().next()) {
        add(&Value::String(kind.clone()));
        ["protocol", "field", "key", "result"].iter().for_each(|key| add(&inner[*key]));
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::super::ports::{Port, Transport};
    use super::super::{Inlet, Verdict};
    use super::*;

    const PHONE: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 5);

    fn inlet(ports: &[Port]) -> Inlet {
        let ours = Some(Ipv4Addr::new(192, 168, 1, 4));
        Inlet { phone: Some(PHONE), ours, interface: Some("eth0".into()), ports: ports.to_vec() }
    }

    /// As nft 1.0.6 tells it: a base chain `inet filter input` with these rules.
    fn ruleset(policy: &str, rules: &[&str]) -> String {
        let head = r#"{"metainfo": {"version": "1.0.6", "json_schema_version": 1}}, {"table": {"family": "inet", "name": "filter", "handle": 1}}"#;
        let chain = format!(
            r#"{{"chain": {{"family": "inet", "table": "filter", "name": "input", "handle": 1, "type": "filter", "hook": "input", "prio": 0, "policy": "{policy}"}}}}"#
        );
        let rule = |(number, expr): (usize, &&str)| {
            format!(
                r#", {{"rule": {{"family": "inet", "table": "filter", "chain": "input", "handle": {number}, "expr": [{expr}]}}}}"#
            )
        };
        let rules: String = rules.iter().enumerate().map(rule).collect();
        format!(r#"{{"nftables": [{head}, {chain}{rules}]}}"#)
    }

    #[track_caller]
    fn check(policy: &str, rules: &[&str], verdict: Verdict, why: &str) {
        let said = ruleset(policy, rules);
        let finding = read(&said).expect("it is read").judge(&inlet(&[Port::TFTP]), Port::TFTP);
        assert_eq!(finding.verdict, verdict, "{finding:?}\n{said}");
        assert!(finding.why.contains(why), "{finding:?}");
    }

    const ESTABLISHED: &str = r#"{"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": ["established", "related"]}}, {"accept": null}"#;

    #[test]
    fn c08_rulesets_of_people_are_judged() {
        let lo =
            r#"{"match": {"op": "==", "left": {"meta": {"key": "iif"}}, "right": "lo"}}, {"accept": null}"#;
        let udp69 = r#"{"match": {"op": "==", "left": {"payload": {"protocol": "udp", "field": "dport"}}, "right": 69}}, "#;
        let (open, shut) = (format!(r#"{udp69}{{"accept": null}}"#), format!(r#"{udp69}{{"drop": null}}"#));
        check("accept", &[], Verdict::LetsIn, "policy accept of inet filter input");
        check("drop", &[ESTABLISHED, lo], Verdict::KeepsOut, "policy drop of inet filter input");
        check("drop", &[ESTABLISHED, &open], Verdict::LetsIn, "udp dport 69 accept in inet filter input");
        check("accept", &[&shut], Verdict::KeepsOut, "udp dport 69 drop in inet filter input");
        let ssh = r#"{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": {"set": [22, {"range": [80, 90]}]}}}, {"counter": {"packets": 0, "bytes": 0}}, {"accept": null}"#;
        check("drop", &[ssh], Verdict::KeepsOut, "policy drop");
        let moon =
            r#"{"match": {"op": "==", "left": {"meta": {"key": "mark"}}, "right": 1}}, {"drop": null}"#;
        check("accept", &[moon], Verdict::Unknown, "meta mark");
        let cable = r#"{"match": {"op": "==", "left": {"meta": {"key": "iifname"}}, "right": "eth*"}}, {"accept": null}"#;
        check("drop", &[cable], Verdict::LetsIn, "iifname eth* accept");
        let subnet = r#"{"match": {"op": "!=", "left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": {"prefix": {"addr": "192.168.1.0", "len": 24}}}}, {"drop": null}"#;
        check("accept", &[subnet], Verdict::LetsIn, "policy accept");
        let compat = r#"{"xt": {"type": "match", "name": "conntrack"}}, {"counter": {"packets": 0, "bytes": 0}}, {"accept": null}"#;
        check("drop", &[compat, &open], Verdict::Unknown, "policy drop");
        check("accept", &[r#"{"queue": {"num": 0}}"#], Verdict::Unknown, "inet filter input");
    }

    #[test]
    fn verdict_maps_and_named_sets_are_followed() {
        let map = r#"{"vmap": {"key": {"ct": {"key": "state"}}, "data": {"set": [["established", {"accept": null}], ["related", {"accept": null}], ["invalid", {"drop": null}]]}}}"#;
        let udp = r#"{"match": {"op": "==", "left": {"payload": {"protocol": "udp", "field": "dport"}}, "right": "@served"}}, {"accept": null}"#;
        let set = |elements: &str| {
            let said = ruleset("drop", &[map, udp]);
            let set = format!(
                r#", {{"set": {{"family": "inet", "name": "served", "table": "filter", "type": "inet_service", "handle": 9, "elem": [{elements}]}}}}]}}"#
            );
            read(&format!("{}{set}", said.strip_suffix("]}").unwrap())).unwrap()
        };
        let verdict = |elements| set(elements).judge(&inlet(&[Port::TFTP]), Port::TFTP).verdict;
        assert_eq!(verdict("69, 21"), Verdict::LetsIn);
        assert_eq!(verdict(r#"{"range": [60, 70]}"#), Verdict::LetsIn);
        assert_eq!(verdict("21"), Verdict::KeepsOut);
        // A set that is not told may have anything in it.
        check("drop", &[udp], Verdict::Unknown, "policy drop");
    }

    #[test]
    fn what_is_not_from_nft_is_not_read() {
        assert!(read("").is_none() && read("{}").is_none());
        assert_eq!(handles("no json", PHONE), None);
    }

    #[test]
    fn the_rule_goes_to_the_head_of_each_chain_that_drops_and_is_found_again_by_its_handle() {
        let said = ruleset("drop", &[ESTABLISHED]);
        let droppers = read(&said).unwrap().droppers(&inlet(&[Port::TFTP]));
        assert_eq!(droppers.len(), 1);
        let chain = &droppers[0];
        assert_eq!(
            insert(chain, PHONE).args.join(" "),
            "insert rule inet filter input ip saddr 192.168.1.5 accept comment hookflash"
        );
        assert_eq!(delete(chain, "6").to_string(), "nft delete rule inet filter input handle 6");
        assert_eq!(list_chain(chain).to_string(), "nft -j -a list chain inet filter input");
        let ours = |phone: &str, comment: &str| {
            format!(
                r#"{{"nftables": [{{"rule": {{"family": "inet", "table": "filter", "chain": "input", "handle": 6, "comment": "{comment}", "expr": [{{"match": {{"op": "==", "left": {{"payload": {{"protocol": "ip", "field": "saddr"}}}}, "right": "{phone}"}}}}, {{"accept": null}}]}}}}]}}"#
            )
        };
        assert_eq!(handles(&ours("192.168.1.5", "hookflash"), PHONE), Some(vec![6]));
        assert_eq!(handles(&ours("192.168.1.6", "hookflash"), PHONE), Some(vec![]), "another phone's");
        assert_eq!(handles(&ours("192.168.1.5", "mine"), PHONE), Some(vec![]), "somebody's own");
        let with = read(&ours("192.168.1.5", "hookflash"));
        assert!(with.is_none(), "a rule without its chain is not understood");
    }

    #[test]
    fn http_is_judged_at_its_own_port() {
        let http = Port { transport: Transport::Tcp, number: 8080 };
        let open = r#"{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 8080}}, {"accept": null}"#;
        let ruleset = read(&ruleset("drop", &[open])).unwrap();
        assert_eq!(ruleset.judge(&inlet(&[http]), http).verdict, Verdict::LetsIn);
        assert_eq!(ruleset.judge(&inlet(&[http]), Port::HTTP).verdict, Verdict::KeepsOut);
    }
}
