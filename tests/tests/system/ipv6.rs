//! IPv6, which phones in recovery do not speak: addresses, names and cables that have nothing
//! else. What cannot be told of them is unknown, nothing is sent in vain, and nothing panics.

use tests::many::each;
use tests::network::play;

/// A phone whose page would answer over IPv6 as well.
const BOTH: &str = "
room desk; cable eth0 desk
in_room desk ip address add fd00::5/64 dev eth0 nodad
ip address add fd00::4/64 dev eth0 nodad
";

/// Gives the name phone.test these addresses.
fn named(addresses: &[&str]) -> String {
    let lines: Vec<String> = addresses.iter().map(|address| format!("{address} phone.test\\n")).collect();
    format!("printf '{}' > $folder/hosts; mount --bind $folder/hosts /etc/hosts", lines.concat())
}

#[test]
fn a_phone_that_answers_over_ipv6_is_sent_nothing_and_the_person_is_told_why() {
    each([("fd00::5", String::new()), ("phone.test", named(&["fd00::5"]))], |(phone, first)| {
        let played = play(&format!(
            "{BOTH}
            {first}
            turn_on desk '[fd00::5]'
            before=$(addresses)
            hookflash check --phone {phone} --json && exit 97
            code=0; hookflash recover --phone {phone} --firmware $file --yes --json || code=$?
            same \"$before\"
            ! grep '\"method\":\"POST\"' $folder/phone
            exit $code"
        ));
        played.assert_exit(11);
        for name in ["route", "overlap", "shadow"] {
            let check = &played.checks(name)[0];
            assert_eq!(check["result"], "unknown", "{check}");
            assert!(check["detail"].as_str().unwrap().contains("fd00::5 is an IPv6 address"), "{check}");
        }
        let ends: Vec<_> = played.lines().into_iter().filter(|line| line["event"] == "finished").collect();
        assert_eq!(ends.len(), 2, "{}", played.said);
        for end in ends {
            assert_eq!(
                (end["code"].as_str(), end["exit"].as_i64()),
                (Some("pc::no_route"), Some(11)),
                "{end}"
            );
            assert!(end["seen"].as_str().unwrap().contains("four numbers with dots"), "{end}");
        }
    });
}

#[test]
fn of_a_name_with_both_the_ipv4_address_is_taken() {
    let played = play(&format!(
        "{BOTH}
        {}
        in_room desk ip address add 192.168.1.5/24 dev eth0
        ip address add 192.168.1.4/24 dev eth0
        turn_on desk 192.168.1.5
        hookflash recover --phone phone.test --firmware $file --yes --json",
        named(&["fd00::5", "192.168.1.5"])
    ));
    played.assert_exit(0);
    assert_eq!(played.lines().pop().unwrap()["outcome"], "verified", "{}", played.said);
}

#[test]
fn a_cable_with_nothing_but_ipv6_is_given_an_address_for_the_phone() {
    let played = play(&format!(
        "{BOTH}
        in_room desk ip address add 192.168.1.5/24 dev eth0
        turn_on desk 192.168.1.5
        before=$(addresses)
        hookflash recover --phone 192.168.1.5 --firmware $file --yes --json
        same \"$before\"; ip -6 -oneline address show dev eth0 | grep -q fd00::4"
    ));
    played.assert_exit(0);
    let route = &played.checks("route")[0];
    assert!(route["detail"].as_str().unwrap().contains("192.168.1.4 on eth0"), "{route}");
}

#[test]
fn an_ipv6_address_where_nobody_is_ends_as_any_other() {
    each(
        [
            ("::1", 12),
            ("[::1]:8080", 12),
            ("fd00::5", 11),
            ("fe80::5", 11),
            ("::ffff:127.0.0.1", 12),
            ("::", 12),
        ],
        |(phone, exit)| {
            let played = play(&format!(
                "for command in check recover; do
                    code=0; hookflash $command --phone '{phone}' --firmware $file --json || code=$?
                    echo \"{{\\\"ended\\\":$code}}\"
                done"
            ));
            played.assert_exit(0);
            let ended: Vec<_> =
                played.lines().into_iter().filter_map(|line| line["ended"].as_i64()).collect();
            assert_eq!(ended[1], exit, "{phone}: {}", played.said);
            // Without a cable at all a check has more to say, and the first of it is the cable.
            assert!([11, exit].contains(&ended[0]), "{phone}: {}", played.said);
            assert!(!played.complained.contains("panicked"), "{}", played.complained);
        },
    );
}
