//! Rulesets of our own making, and which packets they let through.

use super::*;

fn inlet() -> Inlet {
    Inlet {
        phone: Some(Ipv4Addr::new(192, 168, 1, 5)),
        ours: Some(Ipv4Addr::new(192, 168, 1, 4)),
        interface: Some("eth0".into()),
        ports: vec![Port::TFTP],
    }
}

fn rule(matches: Vec<What>, target: Target) -> Rule {
    Rule { matches: matches.into_iter().map(Match::new).collect(), target, words: "the rule".into() }
}

fn chain(name: &str, base: Option<(&str, bool)>, rules: Vec<Rule>) -> Chain {
    let id = ChainId { family: "inet".into(), table: "filter".into(), chain: name.into() };
    let base = base.map(|(hook, accepts)| Base { hook: hook.into(), priority: 0, filters: true, accepts });
    Chain { id, base, rules }
}

#[track_caller]
fn check(chains: Vec<Chain>, verdict: Verdict) {
    let ruleset = Ruleset { chains };
    let finding = ruleset.judge(&inlet(), Port::TFTP);
    assert_eq!(finding.verdict, verdict, "{finding:?}");
    let droppers = ruleset.droppers(&inlet());
    assert_eq!(droppers.is_empty(), verdict == Verdict::LetsIn, "{droppers:?}");
}

fn udp(port: u16) -> Vec<What> {
    vec![What::Protocol(vec!["udp".into()]), What::Port(vec![(port, port)])]
}

fn established() -> Rule {
    rule(vec![What::State(vec!["established".into(), "related".into()])], Target::Accept)
}

#[test]
fn a_policy_decides_what_no_rule_does() {
    check(Vec::new(), Verdict::LetsIn);
    check(vec![chain("input", Some(("input", true)), Vec::new())], Verdict::LetsIn);
    check(vec![chain("input", Some(("input", false)), Vec::new())], Verdict::KeepsOut);
    check(vec![chain("forward", Some(("forward", false)), Vec::new())], Verdict::LetsIn);
    check(vec![chain("pre", Some(("prerouting", false)), Vec::new())], Verdict::KeepsOut);
    check(vec![chain("lonely", None, vec![rule(Vec::new(), Target::Drop)])], Verdict::LetsIn);
}

#[test]
fn an_open_port_69_alone_is_not_enough_for_a_transfer_from_another_port() {
    let input = |rules| vec![chain("input", Some(("input", false)), rules)];
    check(input(vec![rule(udp(69), Target::Accept)]), Verdict::KeepsOut);
    check(input(vec![established(), rule(udp(69), Target::Accept)]), Verdict::LetsIn);
    check(input(vec![established(), rule(udp(68), Target::Accept)]), Verdict::KeepsOut);
}

#[test]
fn one_base_chain_that_drops_is_enough_and_an_accept_elsewhere_does_not_help() {
    let accepts = chain("a", Some(("input", true)), vec![rule(Vec::new(), Target::Accept)]);
    let drops = chain("b", Some(("input", true)), vec![rule(udp(69), Target::Drop)]);
    check(vec![accepts.clone(), drops.clone()], Verdict::KeepsOut);
    check(vec![drops, accepts], Verdict::KeepsOut);
}

#[test]
fn chains_are_followed_and_what_returns_goes_on() {
    let main = |target| vec![rule(Vec::new(), target), established(), rule(udp(69), Target::Accept)];
    let with = |target: Target, rules| {
        vec![chain("input", Some(("input", false)), main(target)), chain("other", None, rules)]
    };
    let (jump, goto) = (Target::Jump("other".into()), Target::Goto("other".into()));
    check(with(jump.clone(), Vec::new()), Verdict::LetsIn);
    check(with(jump.clone(), vec![rule(Vec::new(), Target::Return)]), Verdict::LetsIn);
    check(with(jump.clone(), vec![rule(Vec::new(), Target::Drop)]), Verdict::KeepsOut);
    check(with(goto, Vec::new()), Verdict::KeepsOut);
    check(with(Target::Jump("nowhere".into()), Vec::new()), Verdict::Unknown);
    let around = rule(Vec::new(), jump.clone());
    check(with(jump, vec![around]), Verdict::Unknown);
}

#[test]
fn what_is_not_understood_may_go_either_way() {
    let other = || vec![What::Other("the moon".into())];
    let input = |accepts, rules| vec![chain("input", Some(("input", accepts)), rules)];
    check(input(true, vec![rule(other(), Target::Drop)]), Verdict::Unknown);
    check(input(false, vec![rule(other(), Target::Accept)]), Verdict::Unknown);
    check(input(true, vec![rule(other(), Target::Accept)]), Verdict::LetsIn);
    check(input(false, vec![rule(other(), Target::Drop)]), Verdict::KeepsOut);
    check(input(true, vec![rule(Vec::new(), Target::Other)]), Verdict::Unknown);
    // Whatever else it wants, it is not for this packet.
    let elsewhere = [udp(53), other()].concat();
    check(input(true, vec![rule(elsewhere, Target::Drop)]), Verdict::LetsIn);
}

#[test]
fn each_condition_is_asked_of_the_packet() {
    let [first, next] = packets(&inlet(), Port::TFTP);
    let ip = |last| (Ipv4Addr::new(192, 168, 1, last), Ipv4Addr::new(192, 168, 1, last));
    for (what, fits_first, fits_next) in [
        (What::From(vec![ip(5)]), Some(true), Some(true)),
        (What::To(vec![ip(5)]), Some(false), Some(false)),
        (What::Interface(vec!["eth*".into()]), Some(true), Some(true)),
        (What::Interface(vec!["lo".into()]), Some(false), Some(false)),
        (What::State(vec!["new".into()]), Some(true), Some(false)),
        (What::Protocol(vec!["17".into()]), Some(true), Some(true)),
        (What::Protocol(vec!["icmp".into()]), Some(false), Some(false)),
        (What::Port(vec![(60, 70)]), Some(true), Some(false)),
        (What::Port(vec![(1024, 65535)]), Some(false), Some(true)),
        (What::Port(vec![(5000, 6000)]), Some(false), None),
        (What::Other("x".into()), None, None),
    ] {
        let mut condition = Match::new(what);
        assert_eq!((condition.fits(&first), condition.fits(&next)), (fits_first, fits_next), "{condition:?}");
        condition.not = true;
        let opposite = (fits_first.map(|fits| !fits), fits_next.map(|fits| !fits));
        assert_eq!((condition.fits(&first), condition.fits(&next)), opposite, "{condition:?}");
    }
    let nobody = Packet { from: None, ..first };
    assert_eq!(Match::new(What::From(vec![ip(5)])).fits(&nobody), None);
}
