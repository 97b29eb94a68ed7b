//! The page sees the computer and the phone live, and repairs with one click (cases C09 to C13,
//! C22, C24): the real helper, its socket, real cables and a simulated phone in namespaces of the
//! test's own.

use shared::check::{CheckName, CheckResult};
use shared::failure::FailureCode;
use shared::phase::Phase;
use shared::protocol::{
    Change, ComputerView, FoundPhone, FoundState, InterfaceKind, InterfaceView, Message, Outcome, PhoneView,
    Repair, RepairView, decode,
};
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

fn messages(played: &Played) -> impl Iterator<Item = Message> {
    played.said.lines().filter_map(|line| decode(line).ok())
}

/// What the page was told of the computer, in the order of time.
fn computers(played: &Played) -> Vec<ComputerView> {
    let told = |message| match message {
        Message::Snapshot { state, .. } => Some(state.computer),
        Message::Change { change: Change::Computer { computer }, .. } => Some(computer),
        _ => None,
    };
    messages(played).filter_map(told).collect()
}

/// What it was told last of the phone of this number.
fn phone(played: &Played, id: u32) -> PhoneView {
    let told = |message| match message {
        Message::Change { change: Change::Phone { phone }, .. } if phone.id.0 == id => Some(phone),
        _ => None,
    };
    *messages(played).filter_map(told).last().unwrap()
}

fn eth0(computer: &ComputerView) -> Option<&InterfaceView> {
    computer.interfaces.iter().find(|interface| interface.name == "eth0")
}

/// How this phone was found last in this state.
fn found(computers: &[ComputerView], address: &str, state: FoundState) -> FoundPhone {
    let mut found = computers.iter().flat_map(|computer| &computer.found);
    found.rfind(|found| found.address == address && found.state == state).unwrap().clone()
}

fn ours(repair: &RepairView) -> &str {
    match &repair.what {
        Repair::Address { ours, .. } => ours,
        Repair::Firewall | Repair::OpenPorts => panic!("no address"),
    }
}

const BY_HAND: &str = "sudo ip address add 192.168.1.4 peer 192.168.1.5 dev eth0";

#[track_caller]
fn assert_no_route(phone: &PhoneView) {
    let Some(Outcome::Failed(failure)) = &phone.outcome else { panic!("{phone:?}") };
    assert_eq!(failure.code, FailureCode::PcNoRoute);
    assert_eq!(phone.check(CheckName::Route).map(|check| check.result), Some(CheckResult::Fail));
    assert_eq!(phone.began(Phase::Preflight), None, "it was not even tried");
    assert_eq!(
        (ours(&phone.repairs[0]), &phone.repairs[0].by_hand),
        ("192.168.1.4", &vec![BY_HAND.to_owned()])
    );
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
    let up = computers.iter().filter_map(eth0).find(|eth0| eth0.link == Some(true)).unwrap();
    // Nobody says what a cable between namespaces is.
    assert_eq!((up.kind, up.may_hold_phone), (InterfaceKind::Unknown, true));
    assert_eq!(up.addresses, ["192.168.1.4/24"]);
    for (state, why) in
        [(FoundState::Normal, "asks for a password"), (FoundState::Recovery, "its page is a recovery page")]
    {
        let found = found(&computers, "192.168.1.5", state);
        assert_eq!((found.interface.as_deref(), &found.repair), (Some("eth0"), &None));
        assert!(found.why.iter().any(|said| said.contains(why)), "{found:?}");
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
        hears '\"verified\"'
        wait_until same \"$before\"; hookflash undo | grep -q 'Nothing is left'"
    ));
    played.assert_exit(0);
    assert_no_route(&phone(&played, 1));
    assert_eq!(phone(&played, 2).outcome, Some(Outcome::Verified));
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
    let found = found(&computers(&played), "192.168.6.77", FoundState::OutOfReach);
    // .76 is nearer, and somebody's.
    assert_eq!(found.repair.as_ref().map(ours), Some("192.168.6.78"), "{found:?}");
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
    assert!(computers.iter().any(|computer| computer.looking), "{}", played.said);
    assert!(computers.iter().all(|computer| computer.found.is_empty()), "{}", played.said);
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
        verified() { [ \"$(grep -c '\"verified\"' \"$folder/heard\")\" -ge 2 ]; }
        wait_until verified
        wait_until same \"$before\"; hookflash undo | grep -q 'Nothing is left'",
    );
    played.assert_exit(0);
    for id in [1, 2] {
        assert_eq!(phone(&played, id).outcome, Some(Outcome::Verified), "{id}");
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
                hears '\"progress\"'
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
    assert_no_route(&phone(&played, 1));
}

/// The firewall, from the page: named first and offered, and with a yes opened for the phone alone
/// and left as it was.
#[test]
fn c08_a_firewall_that_drops_is_offered_to_be_opened_and_opened_with_a_yes() {
    let played = live(&format!(
        "{SAME_SUBNET}
        nft add table inet filter
        nft 'add chain inet filter input {{ type filter hook input priority 0; policy drop; }}'
        nft add rule inet filter input ct state established,related accept
        nft add rule inet filter input iif lo accept
        turn_on desk 192.168.1.5
        before=$(nft --stateless list ruleset)
        unchanged() {{ [ \"$before\" = \"$(nft --stateless list ruleset)\" ]; }}
        open_page
        say '{{\"v\":1,\"type\":\"start\",\"job\":{{\"address\":{{\"host\":\"192.168.1.5\",\"port\":80}},\"firmware\":\"'$firmware'\",\"protocol\":\"tftp\"}}}}'
        hears 'phone::kept_out'
        unchanged
        start 192.168.1.5 true
        hears '\"verified\"'
        wait_until unchanged; hookflash undo | grep -q 'Nothing is left'"
    ));
    played.assert_exit(0);
    let kept_out = phone(&played, 1);
    let Some(Outcome::Failed(failure)) = &kept_out.outcome else { panic!("{kept_out:?}") };
    assert_eq!(failure.code, FailureCode::PhoneKeptOut);
    assert!(failure.seen.starts_with("nftables keeps the phone out"), "{}", failure.seen);
    assert_eq!(kept_out.repairs.iter().map(|repair| &repair.what).collect::<Vec<_>>(), [&Repair::Firewall]);
    let recovered = phone(&played, 2);
    assert_eq!((&recovered.outcome, recovered.repairs.len()), (&Some(Outcome::Verified), 0));
}

/// What happens to the cable meanwhile is told on the page as well.
#[test]
fn c10_an_address_that_is_taken_away_meanwhile_is_there_again_and_told() {
    let played = live(&format!(
        "{OTHER_SUBNET}
        turn_on desk 192.168.1.5
        before=$(addresses)
        open_page
        start 192.168.1.5 true
        hears '\"progress\"'
        ip address del 192.168.1.4 peer 192.168.1.5 dev eth0
        hears 'was taken away, and is there again'
        hears '\"verified\"'
        wait_until same \"$before\""
    ));
    played.assert_exit(0);
    assert_eq!(phone(&played, 1).outcome, Some(Outcome::Verified));
}
