//! What happens to the person's computer while a phone is on its way: cables that are pulled,
//! addresses that are taken away, routers and networks that come, and sleep. Each is told, and
//! what was ours is made again. Real cables, in namespaces of the test's own.

use serde_json::Value;
use tests::many::each;
use tests::network::{Played, play};

/// A phone in another network. It is held in the middle of its file, so that whatever happens
/// happens then.
const BEGIN: &str = "
room desk; cable eth0 desk
in_room desk ip address add 192.168.1.5/24 dev eth0
begin() {
    turn_on desk 192.168.1.5 --quirk stall-at=300000; phone=$!
    # Who is held hears of its end only when it goes on.
    trap 'kill -CONT $phone 2>/dev/null || true
        for each in $started; do kill $each 2>/dev/null || true; done' EXIT
    before=$(addresses)
    $hookflash_program recover --phone 192.168.1.5 --firmware $file --yes --json > $folder/said & run=$!
    started=\"$started $run\"
    wait_until grep -q '\"event\":\"stalled\"' $folder/phone
    kill -STOP $phone
}
told() { wait_until grep -q \"$1\" $folder/said; }
";

/// The same with an address of the computer's own.
const OWN_ADDRESS: &str = "ip address add 192.168.1.4/24 dev eth0";

/// Plays `first`, then a recovery in the middle of whose transfer `then` happens, and `after` it
/// something else.
fn during_and_after(first: &str, then: &str, after: &str) -> Played {
    play(&format!(
        "{BEGIN}
        {first}
        begin
        {then}
        kill -CONT $phone
        code=0; wait $run || code=$?
        cat $folder/said; same \"$before\"
        {after}
        exit $code"
    ))
}

fn during(first: &str, then: &str) -> Played {
    during_and_after(first, then, "")
}

/// The findings about this computer's network, in the order of time, after the transfer began.
fn told(played: &Played) -> Vec<(String, String, String)> {
    let lines = played.lines().into_iter();
    let since = lines.skip_while(|line| line["phase"] != "transfer");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    since
        .filter(|line| line["event"] == "check")
        .map(|line| (text(&line["name"]), text(&line["result"]), text(&line["detail"])))
        .filter(|(name, _, _)| ["cable", "route", "overlap"].contains(&name.as_str()))
        .collect()
}

#[track_caller]
fn assert_told(played: &Played, expected: &[(&str, &str, &str)]) {
    played.assert_exit(0);
    let told = told(played);
    let found: Vec<_> =
        told.iter().map(|(name, result, seen)| (name.as_str(), result.as_str(), seen)).collect();
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for ((name, result, seen), (wanted_name, wanted_result, wanted)) in found.iter().zip(expected) {
        assert_eq!((name, result), (wanted_name, wanted_result), "{found:#?}");
        assert!(seen.contains(wanted), "{wanted}: {found:#?}");
    }
    assert_eq!(played.lines().pop().unwrap()["outcome"], "verified", "{}", played.said);
}

#[test]
fn an_address_of_ours_that_is_taken_away_is_there_again_and_that_is_told() {
    let played = during("", "ip address flush dev eth0; told 'is there again'");
    assert_told(
        &played,
        &[("route", "warn", "the address 192.168.1.4 on eth0, for 192.168.1.5 alone, was taken away")],
    );
}

#[test]
fn who_takes_it_away_again_and_again_is_named_once() {
    let flush = "ip address flush dev eth0; wait_until own_is_there";
    let played = during(
        "own_is_there() { addresses | grep -q 192.168.1.4; }",
        &format!("{flush}; {flush}; {flush}; told NetworkManager; {flush}"),
    );
    played.assert_exit(0);
    let nexts: Vec<bool> = played
        .checks("route")
        .iter()
        .filter(|check| check["detail"].as_str().is_some_and(|seen| seen.contains("is there again")))
        .map(|check| check["next"].is_string())
        .collect();
    assert_eq!(nexts, [false, false, true], "{}", played.said);
}

#[test]
fn a_cable_that_is_pulled_and_put_in_again_is_told_both_times() {
    let played = during(
        "",
        "in_room desk ip link set eth0 down; told 'nothing is at the other end'
        in_room desk ip link set eth0 up; told 'something is at the other end again'",
    );
    assert_told(
        &played,
        &[
            ("cable", "warn", "eth0: nothing is at the other end any more"),
            ("cable", "pass", "eth0: something is at the other end again"),
        ],
    );
    let down = &played.checks("cable")[0];
    assert!(down["next"].as_str().unwrap().contains("Plug the cable"), "{down}");
}

#[test]
fn an_address_of_the_persons_own_that_goes_is_told_and_not_touched() {
    let played = during(
        OWN_ADDRESS,
        "ip address del 192.168.1.4/24 dev eth0; told 'no way to the phone'
        ip address add 192.168.1.4/24 dev eth0; told 'straight to it'",
    );
    assert_told(
        &played,
        &[
            ("route", "warn", "the address 192.168.1.4 on eth0 is gone"),
            ("route", "warn", "this computer has no way to the phone any more"),
            ("route", "pass", "the address 192.168.1.4 has come on eth0"),
            ("route", "pass", "what is for the phone leaves on eth0, straight to it"),
        ],
    );
}

#[test]
fn a_router_that_comes_is_told_and_the_phone_keeps_its_way() {
    let played = during(
        "room office; cable eth1 office; ip address add 10.0.0.7/24 dev eth1",
        "ip route add default via 10.0.0.1; told 'has a router now'; ip route del default; told 'no router any more'",
    );
    assert_told(
        &played,
        &[
            ("route", "pass", "eth1 has a router now, 10.0.0.1"),
            ("route", "pass", "eth1 has no router any more, it was 10.0.0.1"),
        ],
    );
}

#[test]
fn a_second_interface_that_comes_into_the_phones_network_is_told() {
    let played = during(
        "room office; cable eth1 office",
        "ip address add 192.168.1.20/24 dev eth1; told 'network now, too'; ip address del 192.168.1.20/24 dev eth1
        told 'address 192.168.1.20 on eth1 is gone'",
    );
    assert_told(
        &played,
        &[
            ("route", "pass", "the address 192.168.1.20 has come on eth1"),
            ("overlap", "warn", "eth1 (of unknown kind) is in the phone's network now, too"),
            ("route", "warn", "the address 192.168.1.20 on eth1 is gone"),
        ],
    );
}

/// A stand-in for systemd's program, in the place of the real one where there is one. It leaves
/// its number and what it was asked for.
fn inhibits(then: &str) -> String {
    format!(
        "mkdir $folder/bin
        printf '#!/bin/sh\\necho \"$*\" >> %s/asked\\n{then}\\n' $folder $folder > $folder/bin/systemd-inhibit
        chmod 755 $folder/bin/systemd-inhibit
        if [ -e /usr/bin/systemd-inhibit ]; then
            mount --bind $folder/bin/systemd-inhibit /usr/bin/systemd-inhibit
        else
            export PATH=$folder/bin:$PATH
        fi
        gone() {{ ! kill -0 $(cat $folder/holds); }}"
    )
}

/// It holds as long as what it was given runs.
const HOLDS: &str = "echo $$ > %s/holds\\nexec cat";

#[test]
fn the_computer_is_kept_awake_until_the_phone_is_back_and_no_longer() {
    let played = during_and_after(
        &format!("{OWN_ADDRESS}; {}", inhibits(HOLDS)),
        "told stays.awake; kill -0 $(cat $folder/holds)",
        "wait_until gone; cat $folder/asked",
    );
    played.assert_exit(0);
    let asked = "--what=sleep:idle:handle-lid-switch --who=hookflash --why=A phone is being brought back --mode=block cat";
    assert_eq!(played.said.lines().filter(|line| *line == asked).count(), 1, "{}", played.said);
    let sleep = &played.checks("sleep")[0];
    assert_eq!((&sleep["result"], &sleep["next"]), (&"pass".into(), &Value::Null), "{sleep}");
}

#[test]
fn a_crash_lets_the_computer_sleep_again() {
    each(["9", "INT"], |signal| {
        let played = play(&format!(
            "{BEGIN}
            {OWN_ADDRESS}; {}
            begin
            told stays.awake; kill -0 $(cat $folder/holds)
            kill -{signal} $run; wait $run || true
            wait_until gone",
            inhibits(HOLDS)
        ));
        played.assert_exit(0);
    });
}

#[test]
fn a_computer_that_may_not_be_kept_awake_says_so_and_goes_on() {
    let refused = "echo Failed to inhibit: Access denied >&2\\nexit 1";
    let played = during(&format!("{OWN_ADDRESS}; {}", inhibits(refused)), "told Access.denied");
    played.assert_exit(0);
    let sleep = &played.checks("sleep")[0];
    assert_eq!(sleep["result"], "warn", "{sleep}");
    assert!(sleep["next"].as_str().unwrap().contains("lid open"), "{sleep}");
}

#[test]
fn a_phone_on_this_computer_itself_keeps_nobody_awake() {
    let played = play(&format!(
        "{}
        $phone_program --bind 127.0.0.1:8080 --fast > $folder/phone & started=\"$started $!\"
        wait_until grep -q '\"event\":\"ready\"' $folder/phone
        hookflash recover --phone 127.0.0.1:8080 --firmware $file --yes --json
        [ ! -e $folder/asked ]",
        inhibits(HOLDS)
    ));
    played.assert_exit(0);
    assert!(played.checks("sleep").is_empty(), "{}", played.said);
}
