//! A firewall on the person's computer (C08), in the kernel and not played: it is read, opened for
//! the phone alone, and left as it was. And port 69 in the hands of another program (C07).

use tests::many::each;
use tests::network::{Played, play};

/// A desk whose cable and addresses are right, `ruleset` as what is compared, and a firewall that
/// lets in what this computer asked for and nothing else, but for what is in `$1`.
const DESK: &str = r#"
room desk; cable eth0 desk
ip address add 192.168.1.4/24 dev eth0
in_room desk ip address add 192.168.1.5/24 dev eth0
ruleset() { nft --stateless list ruleset; }
left_as_it_was() { [ "$before" = "$(ruleset)" ] || { echo "before: $before"; echo "after: $(ruleset)"; exit 99; } >&2; }
firewall() {
    nft add table inet filter
    nft 'add chain inet filter input { type filter hook input priority 0; policy drop; }'
    nft add rule inet filter input ct state established,related accept
    nft add rule inet filter input iif lo accept
    nft add rule inet filter input tcp dport '{ 22, 8080-8090 }' counter accept
}
"#;

const RECOVER: &str = "hookflash recover --phone 192.168.1.5 --firmware $file --json";

#[track_caller]
fn results(played: &Played, name: &str) -> Vec<String> {
    let told = played.checks(name).into_iter();
    told.map(|check| check["result"].as_str().unwrap_or_default().to_owned()).collect()
}

#[track_caller]
fn ended(played: &Played) -> serde_json::Value {
    let last = played.lines().pop().unwrap();
    assert_eq!(last["event"], "finished", "{}\n{}", played.said, played.complained);
    last
}

#[test]
fn c08_a_firewall_that_drops_is_opened_for_the_phone_alone_and_left_as_it_was() {
    let played = play(&format!(
        "{DESK} firewall
        turn_on desk 192.168.1.5
        before=$(ruleset)
        $hookflash_program recover --phone 192.168.1.5 --firmware $file --json --yes > $folder/said & run=$!
        started=\"$started $run\"
        wait_until grep -q progress $folder/said
        nft list chain inet filter input | grep -A 3 'policy drop' | grep 'ip saddr 192.168.1.5 accept comment \"hookflash\"'
        code=0; wait $run || code=$?
        cat $folder/said; left_as_it_was
        hookflash undo | grep 'Nothing is left'; exit $code"
    ));
    played.assert_exit(0);
    let told = played.checks("firewall");
    assert_eq!(results(&played, "firewall"), ["warn", "pass"], "{told:?}");
    let sentence = told[0]["detail"].as_str().unwrap();
    for part in [
        "nftables keeps the phone out of UDP port 69",
        "policy drop of inet filter input",
        "192.168.1.5 alone",
    ] {
        assert!(sentence.contains(part), "{part}: {sentence}");
    }
    let serving = &played.checks("serving")[0];
    assert_eq!(serving["result"], "pass", "{serving}");
    assert!(serving["detail"].as_str().unwrap().contains("fetched through 192.168.1.4:69"), "{serving}");
    assert!(played.said.contains(r#""outcome":"verified""#), "{}", played.said);
}

#[test]
fn c08_without_a_yes_nothing_is_opened_and_the_firewall_is_named_first_with_what_was_seen() {
    let played = play(&format!(
        "{DESK} firewall
        turn_on desk 192.168.1.5
        before=$(ruleset)
        hookflash check --phone 192.168.1.5 --json > $folder/checked && exit 97
        grep '\"code\":\"pc::firewall\"' $folder/checked > /dev/null
        code=0; {RECOVER} --protocol tftp || code=$?
        left_as_it_was; [ -z \"$(ls $XDG_DATA_HOME/hookflash/changes)\" ]; exit $code"
    ));
    played.assert_exit(14);
    let last = ended(&played);
    assert_eq!(last["code"], "phone::kept_out", "{last}");
    let seen = last["seen"].as_str().unwrap();
    assert!(seen.starts_with("nftables keeps the phone out of UDP port 69: policy drop"), "{seen}");
    assert!(last["heading"].as_str().unwrap().starts_with("The firewall"), "{last}");
    let told = &played.checks("firewall")[0];
    assert_eq!(told["result"], "fail", "{told}");
    let by_hand = "sudo nft insert rule inet filter input ip saddr 192.168.1.5 accept comment hookflash";
    assert!(told["next"].as_str().unwrap().ends_with(by_hand), "{told}");
}

#[test]
fn c08_a_check_tells_a_firewall_that_drops_from_one_that_does_not() {
    let played = play(
        "nft add table inet filter
        nft 'add chain inet filter input { type filter hook input priority 0; policy accept; }'
        hookflash check --json || true
        nft add rule inet filter input tcp dport 80 drop
        hookflash check --json || true
        nft add rule inet filter input udp dport 69 drop
        hookflash check --json || true",
    );
    played.assert_exit(0);
    let told = played.checks("firewall");
    assert_eq!(results(&played, "firewall"), ["pass", "warn", "fail"], "{told:?}");
    assert!(
        told[2]["detail"].as_str().unwrap().contains("udp dport 69 drop in inet filter input"),
        "{told:?}"
    );
    assert!(told[2]["next"].is_string(), "{told:?}");
}

#[test]
fn c08_the_rule_that_is_shown_for_the_hand_lets_the_phone_in() {
    let played = play(&format!(
        "{DESK} firewall
        turn_on desk 192.168.1.5
        hookflash check --phone 192.168.1.5 --json > $folder/checked || true
        by_hand=$(sed -n 's/.*By hand: sudo \\(nft insert [^\"]*\\)\".*/\\1/p' $folder/checked)
        $by_hand
        before=$(ruleset)
        {RECOVER}
        left_as_it_was"
    ));
    played.assert_exit(0);
    assert_eq!(results(&played, "firewall"), ["pass"], "{}", played.said);
}

#[test]
fn c08_what_a_kill_leaves_of_the_rule_is_taken_back_by_undo_and_by_the_next_start() {
    each(
        [
            "hookflash undo | grep 'Taken away again: a firewall rule in inet filter input'",
            "hookflash recover --phone 127.0.0.1:1 --firmware $file || true",
            // By hand, or by a firewall that was started anew: there is nothing to do.
            "nft flush ruleset; firewall; hookflash undo",
        ],
        |then| {
            let played = play(&format!(
                "{DESK} firewall
                turn_on desk 192.168.1.5 --quirk stall-at=300000
                before=$(ruleset)
                $hookflash_program recover --phone 192.168.1.5 --firmware $file --json --yes > $folder/said & run=$!
                started=\"$started $run\"
                wait_until grep -q progress $folder/said
                kill -9 $run; wait $run || true
                ruleset | grep -q hookflash
                {then}
                left_as_it_was; hookflash undo | grep 'Nothing is left'"
            ));
            played.assert_exit(0);
        },
    );
}

#[test]
fn c08_a_rule_that_goes_in_mid_transfer_comes_again_and_ctrl_c_takes_it_back() {
    each([("", 0), ("kill -INT $run", 130)], |(then, exit)| {
        let played = play(&format!(
            "{DESK} firewall
            turn_on desk 192.168.1.5 --quirk stall-at=300000
            before=$(ruleset)
            $hookflash_program recover --phone 192.168.1.5 --firmware $file --json --yes > $folder/said & run=$!
            started=\"$started $run\"
            wait_until grep -q progress $folder/said
            nft flush ruleset; firewall
            is_there_again() {{ ruleset | grep -q hookflash; }}
            wait_until is_there_again
            {then}
            code=0; wait $run || code=$?
            tail -n 1 $folder/said; left_as_it_was; exit $code"
        ));
        played.assert_exit(exit);
    });
}

#[test]
fn c08_each_base_chain_that_drops_gets_a_rule_and_an_accept_of_somebody_else_is_no_help() {
    let played = play(&format!(
        "{DESK}
        nft add table ip early
        nft 'add chain ip early raw {{ type filter hook prerouting priority -300; policy accept; }}'
        nft add rule ip early raw udp dport 69 drop
        nft add table inet open
        nft 'add chain inet open input {{ type filter hook input priority -10; policy accept; }}'
        nft add rule inet open input ip saddr 192.168.1.5 accept
        firewall
        turn_on desk 192.168.1.5
        before=$(ruleset)
        {RECOVER} --yes
        left_as_it_was"
    ));
    played.assert_exit(0);
    let told = played.checks("firewall").pop().unwrap();
    assert_eq!(told["result"], "pass", "{told}");
    assert_eq!(results(&played, "firewall"), ["warn", "pass"]);
}

#[test]
fn c08_a_rule_that_we_do_not_understand_is_met_when_no_request_comes() {
    // It drops all UDP, by a condition that could as well be true once in a while.
    let shut = "nft add table inet odd
        nft 'add chain inet odd input { type filter hook input priority 0; policy accept; }'
        nft add rule inet odd input ip protocol udp meta random \\< 0xffffffff drop";
    for (yes, exit) in [("--yes", 0), ("", 14)] {
        let played = play(&format!(
            "{DESK} {shut}
            turn_on desk 192.168.1.5
            before=$(ruleset)
            code=0; {RECOVER} {yes} --protocol tftp || code=$?
            left_as_it_was; exit $code"
        ));
        played.assert_exit(exit);
        let told = results(&played, "firewall");
        match exit {
            0 => assert_eq!(told, ["unknown", "warn", "pass"], "{}", played.said),
            _ => {
                assert_eq!(told, ["unknown"], "{}", played.said);
                let last = ended(&played);
                assert_eq!(last["code"], "phone::no_request");
                assert!(last["seen"].as_str().unwrap().starts_with("nftables: whether it lets"), "{last}");
            }
        }
    }
}

#[test]
fn c08_rules_of_iptables_of_either_kind_are_met_and_left_as_they_were() {
    each(
        [("iptables-legacy", ["warn", "pass"].as_slice()), ("iptables", &["unknown", "warn", "pass"])],
        |(program, told)| {
            let played = play(&format!(
                "{DESK}
            mount -t tmpfs none /run
            {program} -P INPUT DROP
            {program} -A INPUT -i lo -j ACCEPT
            {program} -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            {program} -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
            turn_on desk 192.168.1.5
            before=$({program} -S)
            {RECOVER} --yes --protocol tftp
            [ \"$before\" = \"$({program} -S)\" ] || {{ {program} -S; exit 99; }}"
            ));
            played.assert_exit(0);
            assert_eq!(results(&played, "firewall"), told, "{program}: {}", played.said);
        },
    );
}

#[test]
fn c32_where_only_udp_is_dropped_the_phone_comes_by_the_next_road_and_nothing_is_opened() {
    let played = play(&format!(
        "{DESK}
        nft add table inet filter
        nft 'add chain inet filter input {{ type filter hook input priority 0; policy accept; }}'
        nft add rule inet filter input udp dport 69 drop
        turn_on desk 192.168.1.5
        before=$(ruleset)
        {RECOVER}
        left_as_it_was"
    ));
    played.assert_exit(0);
    let told = played.checks("firewall");
    assert_eq!(results(&played, "firewall"), ["fail", "pass"], "{told:?}");
    assert!(told[1]["detail"].as_str().unwrap().contains("came in by http"), "{told:?}");
}

#[test]
fn c08_without_the_right_the_rules_cannot_be_read_and_the_command_is_told() {
    let played = play(&format!(
        "{DESK} firewall
        turn_on desk 192.168.1.5 --tftp-port 6969
        before=$(ruleset)
        as_anybody check --phone 192.168.1.5 --json || true
        code=0; as_anybody recover --phone 192.168.1.5 --firmware $file --tftp-port 6969 --protocol tftp --yes --json || code=$?
        left_as_it_was; exit $code"
    ));
    played.assert_exit(14);
    let told = played.checks("firewall");
    assert_eq!(told[0]["result"], "unknown", "{told:?}");
    assert!(told[0]["next"].as_str().unwrap().contains("sudo nft list ruleset"), "{told:?}");
    let last = ended(&played);
    assert!(last["seen"].as_str().unwrap().starts_with("nftables: whether it lets the phone in"), "{last}");
}

#[test]
fn c07_port_69_in_the_hands_of_another_server_is_named_and_the_next_road_is_taken() {
    let tftpd = "mkdir $folder/served
        in.tftpd --listen --foreground --permissive --user root --address 192.168.1.4:69 $folder/served & holder=$!
        started=\"$started $holder\"
        is_held() { grep -q ':0045 ' /proc/net/udp; }
        wait_until is_held";
    let played = play(&format!(
        "{DESK} {tftpd}
        turn_on desk 192.168.1.5
        hookflash check --phone 192.168.1.5 --json && exit 97
        code=0; {RECOVER} --yes --protocol tftp || code=$?
        [ $code = 11 ]
        {RECOVER} --yes
        kill -0 $holder"
    ));
    played.assert_exit(0);
    let ports = &played.checks("ports")[0];
    assert_eq!(ports["result"], "fail", "{ports}");
    assert!(
        ports["detail"].as_str().unwrap().contains("UDP port 69 is held by in.tftpd (process"),
        "{ports}"
    );
    let failed = played
        .lines()
        .into_iter()
        .find(|line| line["code"] == "pc::port_taken" && line["event"] == "finished");
    assert!(failed.is_some_and(|line| line["exit"] == 11), "{}", played.said);
    assert!(ended(&played)["outcome"] == "verified", "{}", played.said);
    assert!(played.said.contains("at 192.168.1.4 by http, port 80"), "{}", played.said);
}
