//! The person's computer: what is wrong with it is found and repaired, and it is left as it was
//! (cases C09 to C11). Real cables, real ports, and namespaces of the test's own.

use tests::many::each;
use tests::network::{Played, play};

/// A laptop whose cable has no address, and a phone that shows 192.168.1.5.
const OTHER_SUBNET: &str = "
room desk; cable eth0 desk
in_room desk ip address add 192.168.1.5/24 dev eth0
";

#[track_caller]
fn assert_repaired(played: &Played, ours: &str) {
    played.assert_exit(0);
    let told = played.checks("route");
    assert_eq!(told[0]["result"], "warn", "told before it is done: {told:?}");
    assert!(told[0]["detail"].as_str().is_some_and(|detail| detail.contains(ours)), "{told:?}");
    let last = played.lines().pop().unwrap();
    assert_eq!(last["outcome"], "verified", "{last}");
    assert!(played.said.contains(&format!("at {ours} by tftp, port 69")), "{}", played.said);
}

#[test]
fn c10_a_phone_in_another_subnet_is_reached_and_the_computer_is_left_as_it_was() {
    let played = play(&format!(
        "{OTHER_SUBNET}
        ip address add 10.0.0.7/24 dev eth0
        turn_on desk 192.168.1.5
        before=$(addresses)
        hookflash recover --phone 192.168.1.5 --firmware $file --yes --json
        same \"$before\"; hookflash undo | grep -q 'Nothing is left'"
    ));
    assert_repaired(&played, "192.168.1.4");
}

#[test]
fn c10_an_address_that_somebody_has_is_not_taken() {
    let played = play(&format!(
        "{OTHER_SUBNET}
        in_room desk ip address add 192.168.1.4/24 dev eth0
        turn_on desk 192.168.1.5
        before=$(addresses)
        hookflash recover --phone 192.168.1.5 --firmware $file --yes --json
        same \"$before\""
    ));
    assert_repaired(&played, "192.168.1.6");
}

#[test]
fn c11_a_phone_that_gave_itself_an_address_is_reached() {
    let played = play(
        "room desk; cable eth0 desk
        in_room desk ip address add 169.254.168.234/16 dev eth0
        turn_on desk 169.254.168.234
        before=$(addresses)
        hookflash recover --phone 169.254.168.234 --firmware $file --yes --json
        same \"$before\"",
    );
    assert_repaired(&played, "169.254.168.233");
}

#[test]
fn c09_of_two_cables_in_one_subnet_the_one_with_the_phone_is_used() {
    let played = play(
        "room office; cable eth0 office
        room desk; cable eth1 desk
        in_room desk ip address add 192.168.1.5/24 dev eth1
        in_room office ip address add 192.168.1.4/24 dev eth0
        ip address add 192.168.1.30/24 dev eth0
        ip address add 192.168.1.31/24 dev eth1
        turn_on desk 192.168.1.5
        before=$(addresses)
        hookflash check --phone 192.168.1.5 --json && exit 97
        hookflash recover --phone 192.168.1.5 --firmware $file --yes --json
        same \"$before\"",
    );
    let overlap = played.checks("overlap");
    assert_eq!(overlap[0]["result"], "fail", "{overlap:?}");
    assert!(overlap[0]["detail"].as_str().unwrap().contains("eth0, eth1"), "{overlap:?}");
    played.assert_exit(0);
    // .4 is somebody's in the office, who is not to be disturbed either.
    assert!(played.said.contains("the address 192.168.1.6 on eth1"), "{}", played.said);
}

#[test]
fn c09_a_default_route_over_the_wrong_cable_does_not_lead_astray() {
    let played = play(
        "room office; cable eth0 office
        in_room office ip address add 10.0.0.1/24 dev eth0
        ip address add 10.0.0.7/24 dev eth0; ip route add default via 10.0.0.1
        room desk; cable eth1 desk
        in_room desk ip address add 192.168.1.5/24 dev eth1
        turn_on desk 192.168.1.5
        before=$(addresses)
        hookflash check --phone 192.168.1.5 --json && exit 97
        hookflash recover --phone 192.168.1.5 --firmware $file --yes --json
        same \"$before\"",
    );
    played.assert_exit(0);
    let route = &played.checks("route")[0];
    assert_eq!(route["result"], "fail", "{route}");
    assert!(route["detail"].as_str().unwrap().contains("on eth0 to the router 10.0.0.1"), "{route}");
    assert!(route["next"].as_str().unwrap().contains("sudo ip address add 192.168.1.4"), "{route}");
    assert!(played.said.contains("the address 192.168.1.4 on eth1"), "{}", played.said);
}

#[test]
fn without_a_yes_nothing_is_changed_and_the_command_is_told() {
    let played = play(&format!(
        "{OTHER_SUBNET}
        turn_on desk 192.168.1.5
        before=$(addresses)
        code=0; hookflash recover --phone 192.168.1.5 --firmware $file --json || code=$?
        same \"$before\"; [ ! -e \"$XDG_DATA_HOME/hookflash/changes\" ]; exit $code"
    ));
    played.assert_exit(11);
    let route = &played.checks("route")[0];
    let next = route["next"].as_str().unwrap();
    assert!(next.contains("sudo ip address add 192.168.1.4 peer 192.168.1.5 dev eth0"), "{next}");
}

#[test]
fn without_the_right_nothing_is_changed_and_the_commands_are_told() {
    let played = play(&format!(
        "{OTHER_SUBNET}
        turn_on desk 192.168.1.5
        before=$(addresses)
        as_anybody check --json && exit 97
        code=0; as_anybody recover --phone 192.168.1.5 --firmware $file --yes --json || code=$?
        same \"$before\"; hookflash undo | grep 'Nothing is left'
        ip address add 192.168.1.4/24 dev eth0
        as_anybody find --json
        exit $code"
    ));
    played.assert_exit(11);
    let rights = &played.checks("port_rights")[0];
    assert_eq!(rights["result"], "fail", "{rights}");
    assert!(rights["next"].as_str().unwrap().contains("sudo setcap cap_net_bind_service=+ep"), "{rights}");
    let told = played.checks("route").into_iter().rfind(|check| check["next"].is_string()).unwrap();
    assert_eq!(told["result"], "fail", "{told}");
    let by_hand = "By hand: sudo ip address add 192.168.1.4 peer 192.168.1.5 dev eth0";
    assert!(told["next"].as_str().unwrap().contains(by_hand), "{told}");
    let found: Vec<_> = played.lines().into_iter().filter(|line| line["event"] == "found").collect();
    assert_eq!((found.len(), found[0]["state"].as_str()), (1, Some("recovery")), "{found:?}");
}

#[test]
fn a_phone_that_is_nowhere_leaves_nothing_behind() {
    let played = play(&format!(
        "{OTHER_SUBNET}
        room office; cable eth1 office
        before=$(addresses)
        code=0; hookflash recover --phone 192.168.7.7 --firmware $file --yes --json || code=$?
        same \"$before\"; exit $code"
    ));
    played.assert_exit(11);
    assert_eq!(played.lines().pop().unwrap()["code"], "pc::no_route");
    assert!(played.said.contains("no cable of this computer leads to 192.168.7.7"), "{}", played.said);
}

#[test]
fn a_recovery_that_fails_or_is_stopped_takes_everything_back() {
    each(
        [("--scenario unknown-form", "", 13), ("--quirk stall-at=300000", "INT", 130)],
        |(quirk, signal, exit)| {
            let stop = match signal {
                "" => String::new(),
                signal => format!("wait_until grep -q progress $folder/said; kill -{signal} $run"),
            };
            let played = play(&format!(
            "{OTHER_SUBNET}
            turn_on desk 192.168.1.5 {quirk}
            before=$(addresses)
            $hookflash_program recover --phone 192.168.1.5 --firmware $file --yes --json > $folder/said & run=$!
            started=\"$started $run\"
            wait_until grep -q adding $folder/said
            {stop}
            code=0; wait $run || code=$?
            cat $folder/said; same \"$before\"; exit $code"
        ));
            played.assert_exit(exit);
        },
    );
}

/// A recovery in the middle of its transfer, and `then` something else.
fn in_mid_transfer(then: &str) -> Played {
    play(&format!(
        "{OTHER_SUBNET}
        turn_on desk 192.168.1.5 --quirk stall-at=300000
        before=$(addresses)
        $hookflash_program recover --phone 192.168.1.5 --firmware $file --yes --json > $folder/said & run=$!
        started=\"$started $run\"
        wait_until grep -q progress $folder/said
        addresses | grep -q 192.168.1.4
        {then}
        same \"$before\""
    ))
}

#[test]
fn what_a_kill_leaves_is_taken_back_by_undo_and_by_the_next_start() {
    each(
        [
            "hookflash undo | grep 'Taken away again: the address 192.168.1.4'",
            "hookflash recover --phone 127.0.0.1:1 --firmware $file || true",
        ],
        |then| {
            let played = in_mid_transfer(&format!(
                "hookflash undo | grep -q 'Another hookflash runs'
            addresses | grep -q 192.168.1.4
            kill -9 $run; wait $run || true
            addresses | grep -q 192.168.1.4
            {then}
            hookflash undo | grep 'Nothing is left'"
            ));
            played.assert_exit(0);
        },
    );
}

#[test]
fn a_kill_in_any_phase_is_undone() {
    each(["find", "preflight", "send", "transfer", "write", "restart", "verify", "wipe"], |phase| {
        let played = play(&format!(
            "{OTHER_SUBNET}
            turn_on desk 192.168.1.5 --quirk leftover-config
            before=$(addresses)
            $hookflash_program recover --phone 192.168.1.5 --firmware $file --yes --json > $folder/said & run=$!
            started=\"$started $run\"
            wait_until grep -q '\"phase\":\"{phase}\"' $folder/said
            kill -9 $run; wait $run || true
            hookflash undo
            same \"$before\"; hookflash undo | grep 'Nothing is left'"
        ));
        played.assert_exit(0);
        assert!(played.said.contains("Taken away again"), "{phase}: {}", played.said);
    });
}

#[test]
fn what_a_person_has_taken_away_by_hand_is_no_trouble_for_undo() {
    let played = in_mid_transfer(
        "kill -9 $run; wait $run || true
        ip address del 192.168.1.4 peer 192.168.1.5 dev eth0
        hookflash undo; hookflash undo | grep 'Nothing is left'",
    );
    played.assert_exit(0);
}

#[test]
fn an_address_that_goes_in_mid_transfer_comes_again_and_so_does_a_link() {
    each(
        [
            "ip address flush dev eth0",
            "in_room desk ip link set eth0 down; sleep 1; in_room desk ip link set eth0 up",
        ],
        |then| {
            let played = in_mid_transfer(&format!("{then}; wait $run; tail -n 1 $folder/said"));
            played.assert_exit(0);
            assert_eq!(played.lines().pop().unwrap()["outcome"], "verified", "{}", played.said);
        },
    );
}

#[test]
fn the_program_that_holds_the_phones_port_is_named() {
    // Another program: a second hookflash, in the middle of another phone's file.
    let played = play(
        "room desk; cable eth0 desk
        ip address add 192.168.1.4/24 dev eth0
        in_room desk ip address add 192.168.1.5/24 dev eth0
        in_room desk ip address add 192.168.1.6/24 dev eth0
        turn_on desk 192.168.1.6 --quirk stall-at=300000
        $hookflash_program recover --phone 192.168.1.6 --firmware $file --yes --json > $folder/said & holder=$!
        started=\"$started $holder\"
        wait_until grep -q progress $folder/said
        echo \"{\\\"holder\\\":$holder}\"
        turn_on desk 192.168.1.5
        hookflash check --phone 192.168.1.5 --json && exit 97
        hookflash recover --phone 192.168.1.5 --firmware $file --yes --json --protocol tftp",
    );
    played.assert_exit(11);
    let holder = played.lines().into_iter().find_map(|line| line["holder"].as_u64()).unwrap();
    let named = format!("hookflash (process {holder})");
    let ports = &played.checks("ports")[0];
    assert_eq!(ports["result"], "fail", "{ports}");
    assert!(
        ports["detail"].as_str().unwrap().contains(&format!("UDP port 69 is held by {named}")),
        "{ports}"
    );
    assert!(ports["next"].is_string(), "{ports}");
    let last = played.lines().pop().unwrap();
    assert_eq!(last["code"], "pc::port_taken", "{last}");
    assert!(last["seen"].as_str().unwrap().contains(&named), "{last}");
}

#[test]
fn a_computer_that_is_ready_is_told_to_be() {
    let played = play(
        "room desk; cable eth0 desk
        in_room desk ip address add 169.254.168.234/16 dev eth0
        ip address add 169.254.168.233/16 dev eth0
        turn_on desk 169.254.168.234
        before=$(addresses)
        hookflash check --phone 169.254.168.234 --firmware $file --json
        same \"$before\"",
    );
    played.assert_exit(0);
    let last = played.lines().pop().unwrap();
    assert_eq!((last["outcome"].as_str(), last["exit"].as_i64()), (Some("ready"), Some(0)), "{last}");
    for name in
        ["firmware", "cable", "route", "overlap", "shadow", "ports", "port_rights", "phone_answers", "form"]
    {
        assert_eq!(played.checks(name)[0]["result"], "pass", "{name}: {}", played.said);
    }
}

#[test]
fn what_is_in_the_way_is_the_exit_code_of_a_check() {
    let normal = "room desk; cable eth0 desk
        in_room desk ip address add 192.168.1.5/24 dev eth0
        ip address add 192.168.1.4/24 dev eth0
        turn_on desk 192.168.1.5 --start normal
        hookflash check --json";
    each(
        [
            ("--phone 192.168.1.5", 12, "phone::normal_mode"),
            ("--phone 192.168.1.9", 12, "phone::not_found"),
            ("--firmware $folder/none.st", 10, "firmware::missing"),
        ],
        |(options, exit, code)| {
            let played = play(&format!("{normal} {options}"));
            played.assert_exit(exit);
            let last = played.lines().pop().unwrap();
            assert_eq!(
                (last["code"].as_str(), last["exit"].as_i64()),
                (Some(code), Some(i64::from(exit))),
                "{last}"
            );
        },
    );
}

#[test]
fn c12_a_phone_is_found_without_its_display_and_told_with_the_reason() {
    let played = play(
        "room desk; cable eth0 desk
        in_room desk ip link set eth0 address 00:08:5d:19:e4:01
        in_room desk ip address add 192.168.6.77/24 dev eth0
        turn_on desk 192.168.6.77
        before=$(addresses)
        hookflash find http://192.168.6/ --json
        ip address add 192.168.6.4/24 dev eth0
        before=$(addresses)
        hookflash find --json
        same \"$before\"",
    );
    played.assert_exit(0);
    let found: Vec<_> = played.lines().into_iter().filter(|line| line["event"] == "found").collect();
    assert_eq!(found.len(), 2, "{found:?}");
    for (found, state, why) in [
        (&found[0], "out_of_reach", "00:08:5D:19:E4:01 is a hardware address of Aastra"),
        (&found[1], "recovery", "its page is a recovery page"),
    ] {
        assert_eq!(
            (found["address"].as_str(), found["interface"].as_str()),
            (Some("192.168.6.77"), Some("eth0"))
        );
        assert_eq!(found["state"], state, "{found}");
        assert!(found["why"].to_string().contains(why), "{found}");
        assert!(found["next"].as_str().is_some_and(|next| next.len() > 20), "{found}");
    }
}

#[test]
fn c22_c23_normal_mode_and_wrong_keys_are_told_apart_by_find() {
    let played = play(
        "room desk; cable eth0 desk
        ip address add 192.168.1.4/24 dev eth0
        in_room desk ip address add 192.168.1.5/24 dev eth0
        in_room desk ip address add 10.30.102.102/24 dev eth0
        turn_on desk 192.168.1.5 --start normal
        hookflash find --json",
    );
    played.assert_exit(0);
    let found: Vec<_> = played.lines().into_iter().filter(|line| line["event"] == "found").collect();
    let states: Vec<_> =
        found.iter().map(|found| (found["address"].as_str(), found["state"].as_str())).collect();
    let (normal, test_mode) = (("192.168.1.5", "normal"), ("10.30.102.102", "test_mode"));
    assert_eq!(states, [test_mode, normal].map(|(address, state)| (Some(address), Some(state))));
}
