//! The page sees the computer and the phone live, and repairs with one click (cases C09 to C13,
//! C22, C24): the real helper, its socket, real cables and a simulated phone in namespaces of the
//! test's own.

use serde_json::Value;
use tests::many::each;
use tests::network::{Played, play};

/// A laptop whose cable has no address, and a phone that shows 192.168.1.5.
const OTHER_SUBNET: &str = "
room desk; cable eth0 desk
in_room desk ip address add 192.168.1.5/24 dev eth0
";
/// The same, with an address of ours beside it.
const SAME_SUBNET: &str = "
room desk; cable eth0 desk
in_room desk ip address add 192.168.1.5/24 dev eth0
ip address add 192.168.1.4/24 dev eth0
";

/// Plays a script that has these words as well:
///
/// - `open_page` starts the helper and a page at it
/// - `say JSON` the page says it; `start ADDRESS REPAIR` it starts a recovery
/// - `heard WORDS` whether the page was told it; `hears WORDS` waits until it was
/// - `forget` what the page was told so far does not count any more
fn live(script: &str) -> Played {
    let words = format!(
        r#"
export XDG_RUNTIME_DIR="$folder"
page_program='{}'
serve() {{
    "$hookflash_program" serve --no-open > "$folder/served" & helper=$!; started="$started $helper"
    wait_until grep -q '^http' "$folder/served"
}}
open_page() {{
    serve
    mkfifo "$folder/say"
    "$page_program" "$(grep '^http' "$folder/served")" "$file" < "$folder/say" > "$folder/heard" & started="$started $!"
    exec 3> "$folder/say"
    from=1
    hears '"type":"snapshot"'
    firmware=$(sed -n 's/.*"given".*"id":"\([^"]*\)".*/\1/p' "$folder/heard")
}}
say() {{ echo "$1" >&3; }}
start() {{ say "{{\"v\":1,\"type\":\"start\",\"job\":{{\"address\":{{\"host\":\"$1\",\"port\":80}},\"firmware\":\"$firmware\",\"repair\":$2}}}}"; }}
heard() {{ tail -n "+$from" "$folder/heard" | grep -q -- "$1"; }}
hears() {{ wait_until heard "$1"; }}
forget() {{ from=$(($(wc -l < "$folder/heard") + 1)); }}
{script}
cat "$folder/heard"
"#,
        env!("CARGO_BIN_EXE_page")
    );
    play(&words)
}

/// What the page was told of the computer, in the order of time.
fn computers(played: &Played) -> Vec<Value> {
    let told = |line: Value| match line["type"].as_str()? {
        "snapshot" => Some(line["state"]["computer"].clone()),
        "change" if line["change"]["what"] == "computer" => Some(line["change"]["computer"].clone()),
        _ => None,
    };
    played.lines().into_iter().filter_map(told).collect()
}

/// What it was told last of the phone of this number.
fn phone(played: &Played, id: u64) -> Value {
    let mut lines = played.lines();
    lines.retain(|line| line["change"]["phone"]["id"] == id);
    lines.pop().map(|line| line["change"]["phone"].clone()).unwrap_or_default()
}

fn eth0(computer: &Value) -> Option<&Value> {
    computer["interfaces"].as_array()?.iter().find(|interface| interface["name"] == "eth0")
}

#[test]
fn c22_c24_cable_link_phone_and_its_modes_are_told_as_they_come_and_go() {
    let played = live(&format!(
        "{SAME_SUBNET}
        before=$(addresses)
        in_room desk ip link set eth0 down
        turn_on desk 192.168.1.5 --start normal; normal=$!
        open_page
        hears '\"link\":false'
        in_room desk ip link set eth0 up
        hears '\"link\":true'
        hears '\"state\":\"normal\"'
        kill $normal; wait $normal || true
        turn_on desk 192.168.1.5
        hears '\"state\":\"recovery\"'
        forget; in_room desk ip link set eth0 down
        hears '\"found\":\\[\\]'
        heard '\"link\":false'
        in_room desk ip link set eth0 up; wait_until same \"$before\""
    ));
    played.assert_exit(0);
    let computers = computers(&played);
    // No system calls a cable between namespaces anything.
    let up = computers.iter().filter_map(eth0).find(|eth0| eth0["link"] == true).unwrap();
    assert_eq!((up["kind"].as_str(), up["may_hold_phone"].as_bool()), (Some("unknown"), Some(true)), "{up}");
    assert_eq!(up["addresses"][0], "192.168.1.4/24");
    let found = |state: &str| {
        let found = computers.iter().find(|computer| computer["found"][0]["state"] == state).unwrap();
        found["found"][0].clone()
    };
    for (state, why) in [("normal", "asks for a password"), ("recovery", "its page is a recovery page")] {
        let found = found(state);
        assert_eq!((&found["address"], &found["interface"]), (&"192.168.1.5".into(), &"eth0".into()));
        assert!(found["why"].to_string().contains(why), "{found}");
        assert_eq!(found["repair"], Value::Null, "{found}");
    }
    for (before, after) in computers.iter().zip(&computers[1..]) {
        assert_ne!(before, after, "only what has changed is told");
    }
}

#[test]
fn c23_wrong_keys_are_told_as_such() {
    let played = live(
        "room desk; cable eth0 desk
        in_room desk ip address add 10.30.102.102/24 dev eth0
        open_page
        hears '\"state\":\"test_mode\"'",
    );
    played.assert_exit(0);
    assert!(played.said.contains("wrong keys were held"), "{}", played.said);
}

#[test]
fn c10_without_a_yes_nothing_is_changed_and_with_one_the_phone_is_recovered() {
    let played = live(&format!(
        "{OTHER_SUBNET}
        turn_on desk 192.168.1.5
        before=$(addresses)
        open_page
        start 192.168.1.5 false
        hears 'pc::no_route'
        same \"$before\"; [ ! -e \"$XDG_DATA_HOME/hookflash/changes\" ]
        start 192.168.1.5 true
        hears '\"result\":\"verified\"'
        wait_until same \"$before\"; hookflash undo | grep -q 'Nothing is left'"
    ));
    played.assert_exit(0);
    let refused = phone(&played, 1);
    assert_eq!(refused["outcome"]["result"], "failed", "{refused}");
    assert_eq!(
        (&refused["repairs"][0]["what"]["address"]["ours"], &refused["repairs"][0]["by_hand"][0]),
        (&"192.168.1.4".into(), &"sudo ip address add 192.168.1.4 peer 192.168.1.5 dev eth0".into())
    );
    let route = |phone: &Value| {
        let checks = phone["checks"].as_array().unwrap();
        checks.iter().find(|check| check["name"] == "route").map(|check| check["result"].clone())
    };
    assert_eq!(route(&refused), Some("fail".into()), "{refused}");
    assert!(!refused["timeline"].to_string().contains("preflight"), "it was not even tried: {refused}");
    let recovered = phone(&played, 2);
    assert_eq!(recovered["outcome"]["result"], "verified", "{recovered}");
    let told = "adding the address 192.168.1.4 on eth0";
    assert!(played.said.contains(told), "told before it is done: {}", played.said);
}

#[test]
fn c12_a_part_of_the_address_finds_the_phone_and_offers_the_way_to_it() {
    let played = live(
        "room desk; cable eth0 desk
        in_room desk ip address add 192.168.6.77/24 dev eth0
        in_room desk ip address add 192.168.6.76/24 dev eth0
        turn_on desk 192.168.6.77
        before=$(addresses)
        open_page
        hears '\"link\":true'
        say '{\"v\":1,\"type\":\"look\",\"shown\":\"http://192.168.6/\"}'
        hears '\"state\":\"out_of_reach\"'
        hears '192.168.6.78'
        same \"$before\"",
    );
    played.assert_exit(0);
    let computers = computers(&played);
    let found = computers.iter().flat_map(|computer| computer["found"].as_array().into_iter().flatten());
    let found = found.filter(|found| found["address"] == "192.168.6.77").last().unwrap();
    assert_eq!(found["state"], "out_of_reach", "{found}");
    // .76 is nearer, and somebody's.
    assert_eq!(found["repair"]["what"]["address"]["ours"], "192.168.6.78", "{found}");
}

#[test]
fn c13_a_cable_on_which_nobody_answers_is_told() {
    let played = live(
        "room desk; cable eth0 desk
        open_page
        hears '\"in_vain\":true'",
    );
    played.assert_exit(0);
    let computers = computers(&played);
    assert!(computers.iter().any(|computer| computer["looking"] == true), "{}", played.said);
    assert!(computers.iter().all(|computer| computer["found"] == Value::Array(Vec::new())));
}

#[test]
fn two_phones_at_once_get_an_address_each_and_give_it_back() {
    let played = live(
        "room desk; cable eth0 desk
        in_room desk ip address add 192.168.1.5/24 dev eth0
        in_room desk ip address add 192.168.1.6/24 dev eth0
        turn_on desk 192.168.1.5
        turn_on desk 192.168.1.6
        before=$(addresses)
        open_page
        start 192.168.1.5 true; start 192.168.1.6 true
        hears 'adding the address 192.168.1.4 on eth0, for 192.168.1.5'
        hears 'adding the address 192.168.1.7 on eth0, for 192.168.1.6'
        verified() { [ \"$(grep -c '\"result\":\"verified\"' \"$folder/heard\")\" -ge 2 ]; }
        wait_until verified
        wait_until same \"$before\"; hookflash undo | grep -q 'Nothing is left'",
    );
    played.assert_exit(0);
    for id in [1, 2] {
        assert_eq!(phone(&played, id)["outcome"]["result"], "verified", "{id}: {}", phone(&played, id));
    }
}

#[test]
fn a_helper_that_ends_or_is_killed_in_the_middle_leaves_nothing() {
    each(
        [
            "kill -TERM $helper; wait $helper",
            // The next start takes back what the killed one left.
            "kill -9 $helper; wait $helper || true
            addresses | grep -q 192.168.1.4
            serve",
        ],
        |end| {
            let played = live(&format!(
                "{OTHER_SUBNET}
                turn_on desk 192.168.1.5 --quirk stall-at=300000
                before=$(addresses)
                open_page
                start 192.168.1.5 true
                hears '\"what\":\"progress\"'
                addresses | grep -q 192.168.1.4
                {end}
                same \"$before\"; hookflash undo | grep -q 'Nothing is left'"
            ));
            played.assert_exit(0);
        },
    );
}

#[test]
fn without_the_right_the_commands_are_told_and_nothing_is_changed() {
    let played = live(&format!(
        "hookflash_real=$hookflash_program
        printf '#!/bin/sh\\nexec unshare --user %s \"$@\"\\n' \"$hookflash_real\" > $folder/anybody
        chmod +x $folder/anybody; hookflash_program=$folder/anybody
        {OTHER_SUBNET}
        turn_on desk 192.168.1.5
        before=$(addresses)
        open_page
        start 192.168.1.5 true
        hears 'pc::no_route'
        same \"$before\""
    ));
    played.assert_exit(0);
    let refused = phone(&played, 1);
    let by_hand = &refused["repairs"][0]["by_hand"][0];
    assert_eq!(by_hand, "sudo ip address add 192.168.1.4 peer 192.168.1.5 dev eth0", "{refused}");
}
