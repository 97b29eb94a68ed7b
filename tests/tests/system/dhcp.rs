//! Our own DHCP server on the direct cable (case C12): the phone is found and recovered without a
//! single number being typed, and nothing is handed out where somebody else does. Real cables,
//! real ports 67 and 68, other people's servers and clients.

use serde_json::Value;
use tests::many::each;
use tests::network::{Played, play};

/// A phone that has no address yet, at the end of a cable of its own. `ask_for_address` turns it
/// on: it has no address before it gets one.
const PHONE_WITHOUT_ADDRESS: &str = "
room desk; cable eth0 desk
in_room desk ip link set eth0 address 00:08:5d:19:e4:01
ask_for_address() { turn_on desk 0.0.0.0 --dhcp eth0 \"$@\"; }
";

/// Somebody else's server in the phone's place: BusyBox's udhcpd, which gives out 10.9.9.100.
const FOREIGN_SERVER: &str = "
printf 'start 10.9.9.100\\nend 10.9.9.120\\ninterface eth0\\nlease_file /dev/null\\npidfile '\"$folder\"'/udhcpd.pid\\noption subnet 255.255.255.0\\noption router 10.9.9.1\\n' > $folder/udhcpd.conf
foreign_server() {
    in_room desk ip address add 10.9.9.1/24 dev eth0
    nsenter --target $room_desk --net busybox udhcpd -f -I 10.9.9.1 $folder/udhcpd.conf > $folder/foreign 2>&1 & started=\"$started $!\"
    wait_until grep -q started $folder/foreign
}
";

fn phones_events(played: &Played, kind: &str) -> Vec<Value> {
    played.lines().into_iter().filter(|line| line["event"] == kind && line["at_ms"].is_u64()).collect()
}

#[track_caller]
fn assert_refused(played: &Played, reason: &str) {
    played.assert_exit(11);
    let last = played.lines().pop().unwrap();
    assert_eq!(last["code"], "pc::no_route", "{last}");
    assert!(last["seen"].as_str().unwrap().contains(reason), "{last}");
    let told = played.checks("route").pop().unwrap();
    assert_eq!(told["result"], "fail", "{told}");
    assert!(told["next"].as_str().is_some_and(|next| next.len() > 30), "{told}");
}

#[test]
fn c12_from_power_on_to_done_without_typing_an_address() {
    each(["--quirk asks-config", "--quirk asks-config --dhcp-nameless", "--quirk re-provisioned"], |phone| {
        let played = play(&format!(
            "{PHONE_WITHOUT_ADDRESS}
            ip address add 169.254.7.7/16 dev eth0
            before=$(addresses)
            ask_for_address --quirk leftover-config {phone}
            hookflash recover --phone auto --firmware $file --yes --json
            same \"$before\"; hookflash undo | grep -q 'Nothing is left'
            cat $folder/phone"
        ));
        played.assert_exit(0);
        assert!(played.said.contains(r#""outcome":"verified""#), "{}", played.said);
        let leases = phones_events(&played, "leased");
        assert!(leases.len() > 1, "in recovery, and again when it has restarted: {leases:?}");
        for lease in &leases {
            assert_eq!(lease["address"], "192.168.254.2", "the same each time: {lease}");
            assert_eq!(lease["server"], "192.168.254.1", "{lease}");
            assert_eq!(lease["configuration"], "192.168.254.1", "option 66: {lease}");
            assert_eq!(lease["vendor"], serde_json::json!([3, 1, 0]), "option 43: {lease}");
            assert_eq!((&lease["router"], &lease["name_server"]), (&Value::Null, &Value::Null), "{lease}");
        }
        let asked: Vec<_> = phones_events(&played, "address_asked");
        assert!(asked.iter().any(|asked| asked["requested"] == "192.168.254.2"), "{asked:?}");
        let model = played.said.contains("AastraIPPhone57i");
        assert_eq!(model, !phone.contains("nameless"), "what it calls itself is told: {}", played.said);
    });
}

#[test]
fn c12_a_phone_without_any_display_is_found_and_told_with_its_model() {
    let played = play(&format!(
        "{PHONE_WITHOUT_ADDRESS}
        before=$(addresses)
        $hookflash_program find --dhcp --yes --json > $folder/said & run=$!
        started=\"$started $run\"
        wait_until grep -q 'an address waits for the phone on eth0' $folder/said
        ask_for_address --model 6757i
        wait $run; cat $folder/said
        same \"$before\"; hookflash undo | grep -q 'Nothing is left'"
    ));
    played.assert_exit(0);
    let found: Vec<_> = played.lines().into_iter().filter(|line| line["event"] == "found").collect();
    assert_eq!(found.len(), 1, "{}", played.said);
    let found = &found[0];
    assert_eq!((&found["state"], &found["model"]), (&"recovery".into(), &"57i".into()), "{found}");
    assert_eq!(
        (&found["address"], &found["interface"]),
        (&"192.168.254.2".into(), &"eth0".into()),
        "{found}"
    );
    assert!(found["why"].to_string().contains("AastraIPPhone57i"), "{found}");
}

#[test]
fn an_address_of_ours_that_is_there_is_used_and_one_that_somebody_has_is_not_given() {
    let played = play(&format!(
        "{PHONE_WITHOUT_ADDRESS}
        ip address add 10.20.30.4/24 dev eth0
        in_room desk ip link set eth0 address 02:00:00:00:00:05
        in_room desk ip address add 10.20.30.5/32 dev eth0
        before=$(addresses)
        ask_for_address
        hookflash find --dhcp --yes --json
        same \"$before\"; cat $folder/phone"
    ));
    played.assert_exit(0);
    // Whoever answers for .5 has another hardware address than the phone says to have.
    let leases = phones_events(&played, "leased");
    assert_eq!((&leases[0]["server"], &leases[0]["address"]), (&"10.20.30.4".into(), &"10.20.30.6".into()));
    assert!(played.said.contains("10.20.30.5 is in use already"), "{}", played.said);
    assert!(!played.said.contains("adding the address"), "{}", played.said);
}

#[test]
fn without_a_yes_nothing_is_handed_out() {
    let played = play(&format!(
        "{PHONE_WITHOUT_ADDRESS}
        ip address add 10.20.30.4/24 dev eth0
        before=$(addresses)
        ask_for_address
        code=0; hookflash recover --phone auto --firmware $folder/none.st --json || code=$?
        [ $code = 10 ] || exit 97
        $hookflash_program find --dhcp --json 10.20.30 > $folder/said & run=$!
        started=\"$started $run\"
        wait $run || code=$?
        same \"$before\"; cat $folder/said $folder/phone; exit $code"
    ));
    played.assert_exit(12);
    assert!(phones_events(&played, "leased").is_empty(), "{}", played.said);
    let told = played.checks("route").pop().unwrap();
    assert!(told["next"].as_str().unwrap().contains("--yes"), "{told}");
}

#[test]
fn where_another_server_answers_ours_does_not_begin() {
    each(["0", "2"], |rp_filter| {
        // A kernel that looks where packets may come from hides that server from ordinary sockets.
        let played = play(&format!(
            "{PHONE_WITHOUT_ADDRESS} {FOREIGN_SERVER}
            echo {rp_filter} > /proc/sys/net/ipv4/conf/all/rp_filter
            echo {rp_filter} > /proc/sys/net/ipv4/conf/eth0/rp_filter
            before=$(addresses)
            foreign_server
            code=0; hookflash find 10.77.77 --dhcp --yes --json || code=$?
            same \"$before\"; exit $code"
        ));
        assert_refused(&played, "another DHCP server answers there (10.9.9.1)");
        assert!(!played.said.contains("adding the address"), "{}", played.said);
    });
}

#[test]
fn where_a_router_is_behind_the_cable_ours_does_not_begin() {
    let played = play(
        "room desk; cable eth0 desk
        ip address add 10.9.9.7/24 dev eth0; ip route add default via 10.9.9.1
        before=$(addresses)
        code=0; hookflash find --dhcp --yes --json || code=$?
        same \"$before\"; exit $code",
    );
    assert_refused(&played, "a router is behind it (10.9.9.1)");
}

#[test]
fn where_the_port_is_taken_or_the_right_is_missing_the_reason_is_told() {
    let played = play(
        "room desk; cable eth0 desk
        before=$(addresses)
        printf 'start 192.168.254.9\\nend 192.168.254.9\\ninterface eth0\\nlease_file /dev/null\\npidfile '\"$folder\"'/pid\\n' > $folder/conf
        busybox udhcpd -f -I 192.168.254.9 $folder/conf > $folder/here 2>&1 & started=\"$started $!\"
        wait_until grep -q started $folder/here
        code=0; hookflash find 10.77.77 --dhcp --yes --json || code=$?
        same \"$before\"; exit $code",
    );
    assert_refused(&played, "UDP port 67 is taken");
    let played = play(
        "room desk; cable eth0 desk
        ip address add 10.20.30.4/24 dev eth0
        before=$(addresses)
        code=0; as_anybody find 10.77.77 --dhcp --yes --json || code=$?
        same \"$before\"; exit $code",
    );
    assert_refused(&played, "this computer does not let us");
}

#[test]
fn another_server_that_appears_ends_ours_in_the_middle_of_a_recovery() {
    let played = play(&format!(
        "{PHONE_WITHOUT_ADDRESS} {FOREIGN_SERVER}
        before=$(addresses)
        ask_for_address --quirk stall-at=300000
        $hookflash_program recover --phone auto --firmware $file --yes --json > $folder/said & run=$!
        started=\"$started $run\"
        wait_until grep -q '\"event\":\"progress\"' $folder/said
        foreign_server
        # It says nothing by itself: the question that is asked from time to time finds it.
        wait_until grep -q 'no more addresses are handed out on eth0' $folder/said
        kill -INT $run; code=0; wait $run || code=$?; cat $folder/said
        same \"$before\"; exit $code"
    ));
    played.assert_exit(130);
    let told = played.checks("route").into_iter().find(|check| check["result"] == "fail").unwrap();
    assert!(
        told["detail"].as_str().unwrap().contains("another DHCP server answers there (10.9.9.1)"),
        "{told}"
    );
}

#[test]
fn only_phones_are_answered_and_another_client_understands_us() {
    // BusyBox's client, first as somebody's computer, then as a phone by what it calls itself.
    let played = play(&format!(
        "{PHONE_WITHOUT_ADDRESS}
        in_room desk ip link set eth0 address 02:00:00:00:00:07
        $hookflash_program find --dhcp --yes --json > $folder/said & run=$!
        started=\"$started $run\"
        wait_until grep -q 'an address waits for the phone on eth0' $folder/said
        printf '#!/bin/sh\\n[ \"$1\" = bound ] && env > {{}}\\nexit 0\\n' | sed \"s|{{}}|$folder/bound|\" > $folder/script
        chmod +x $folder/script
        ask() {{ in_room desk busybox udhcpc -i eth0 -n -q -t 3 -T 1 -s $folder/script -O tftp -O vendor \"$@\" 2>&1; }}
        ask -V 'MSFT 5.0' && exit 97
        [ ! -e $folder/bound ]
        ask -V AastraIPPhone6755i
        kill -INT $run; code=0; wait $run || code=$?
        [ $code = 130 ]
        echo; cat $folder/bound $folder/said"
    ));
    played.assert_exit(0);
    let bound: Vec<&str> = played.said.lines().collect();
    for line in [
        "ip=192.168.254.2",
        "subnet=255.255.255.0",
        "serverid=192.168.254.1",
        "lease=3600",
        "tftp=192.168.254.1",
    ] {
        assert!(bound.contains(&line), "{line}: {}", played.said);
    }
    assert!(
        !bound.iter().any(|line| line.starts_with("router=") || line.starts_with("dns=")),
        "{}",
        played.said
    );
    assert!(played.said.contains(r#"asked as \"AastraIPPhone6755i\""#), "{}", played.said);
}

#[test]
fn a_second_hookflash_on_the_same_cable_does_not_begin() {
    let played = play(&format!(
        "{PHONE_WITHOUT_ADDRESS}
        in_room desk ip link set eth0 address 02:00:00:00:00:07
        # What /sys tells is of the namespace in which it was mounted.
        nsenter --target $room_desk --net unshare --mount sh -c 'mount -t sysfs sysfs /sys && exec \"$0\" find --dhcp --yes --json' $hookflash_program > $folder/said & run=$!
        started=\"$started $run\"
        wait_until grep -q 'an address waits for the phone on eth0' $folder/said
        code=0; XDG_DATA_HOME=$folder/other hookflash find 10.77.77 --dhcp --yes --json || code=$?
        exit $code"
    ));
    assert_refused(&played, "another DHCP server answers there (192.168.254.1)");
}

#[test]
fn what_a_kill_leaves_is_taken_back() {
    let played = play(&format!(
        "{PHONE_WITHOUT_ADDRESS}
        before=$(addresses)
        $hookflash_program find --dhcp --yes --json > $folder/said & run=$!
        started=\"$started $run\"
        wait_until grep -q 'an address waits for the phone on eth0' $folder/said
        addresses | grep -q 192.168.254.1/24
        kill -9 $run; wait $run || true
        hookflash undo | grep 'Taken away again: the address 192.168.254.1/24 on eth0'
        same \"$before\"; hookflash undo | grep 'Nothing is left'"
    ));
    played.assert_exit(0);
}
