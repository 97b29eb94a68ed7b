//! Nothing of the person's gets through, and what is needed stays.

use super::*;
use proptest::prelude::*;

fn masks() -> Masks {
    let own = Own { computer: vec!["marks-laptop".into()], person: vec!["markus".into()] };
    Masks::new(&own, ["f9".to_owned()])
}

#[track_caller]
fn check(original: &str, expected: &str) {
    assert_eq!(masks().text(original), expected, "{original}");
}

#[track_caller]
fn stays(original: &str) {
    check(original, original);
}

#[test]
fn names_of_computers_go_and_the_makers_stay() {
    check("http server: provisioning.example", "http server: host-1");
    check("it leads to https://cfg.provider.net:8443/a/b?c=d", "it leads to https://host-1:8443/a/b?c=d");
    check("http://me:ge:heim@cfg.example/x", "http://***@host-1/x");
    check(
        "sip proxy ip: sip.provider.example\nsip registrar ip: sip.provider.example",
        "sip proxy ip: host-1\nsip registrar ip: host-1",
    );
    check("<td>tftp server</td>\n<td>cfgbox</td>", "<td>tftp server</td>\n<td>host-1</td>");
    check("Server: <input name=q value=cfgbox>", "Server: <input name=q value=host-1>");
    check("markus on marks-laptop", "person on this-computer");
    check(
        "/home/markus/57i.st and C:\\Users\\Some Body\\57i.st",
        "/home/person/57i.st and C:\\Users\\person\\57i.st",
    );
    stays("rcs.aastra.com and http://www.w3.org/TR/html4/loose.dtd");
}

#[test]
fn files_scripts_versions_and_words_are_no_names_of_computers() {
    stays("bundle.zip > 6757i-fw.zip > 57i.st, aastra.cfg, /recovery.cgi, rec/top.htm");
    stays(
        "<script>document.forms[0].submit(); this.id=1; f.tftpserv.value=x; window.location.href='/a'</script>",
    );
    stays("Firmware Downloading..Please Wait");
    stays("57i Revision 0, 3.3.1.4365");
    stays("Firefox/2.0.0.11 rv:1.8.1.11");
    stays("<tr>\n<td class=\"name\">Boot Version</td>\n<td>2.2.0.10</td>");
    stays("<input type=submit name=server value=Start><input type=submit value=\"Change password\">");
    stays("<TR><TD>Server<TD><INPUT TYPE=\"text\" NAME=\"t3\" VALUE=\"0.0.0.0\"><TR><TD>User<TD>Password");
    stays("phone::form_unknown, 12:34:56");
}

#[test]
fn addresses_of_the_outside_go_and_those_of_the_cable_stay() {
    stays("10.1.2.3 172.31.0.1 192.168.1.5:8080 169.254.168.234 127.0.0.1 255.255.255.0 0.0.0.0 100.64.1.1");
    stays("fe80::1%eth0 ::1 fd00::5 [fe80::2]:80");
    check("8.8.8.8, 93.184.216.34:80 and 8.8.8.8", "address-1, address-2:80 and address-1");
    check("008.008.008.008 172.32.0.1", "address-1 address-2");
    check("2a00:1450:4001::200e and [2A00:1450:4001::200E]:80", "address-1 and [address-1]:80");
    check("IP:2a00:1450:4001::200e. ::ffff:8.8.4.4", "IP:address-1. address-2");
}

#[test]
fn hardware_addresses_keep_their_makers_half() {
    check(
        "00:08:5D:19:E4:01 00-08-5d-19-e4-01 00085D19E401.cfg 0008.5d19.e401 MAC:00:08:5D:19:E4:02",
        "00:08:5D:mac-1 00-08-5d-mac-1 00085D-mac-1.cfg 0008.5d-mac-1 MAC:00:08:5D:mac-2",
    );
    check("fe80::208:5dff:fe19:e401", "fe80::208:5dff:mac-1");
    stays("ff:ff:ff:ff:ff:ff 202611241733 1a2b3c4d5e6f7a8b");
    assert_eq!(mac::first("x 00-08-5d-19-e4-01").as_deref(), Some("00:08:5D:19:E4:01"));
}

#[test]
fn users_and_numbers_to_call_go() {
    check(
        "sip user name: 4930123\nsip screen name: Max Muster",
        "sip user name: user-1\nsip screen name: user-2",
    );
    check("sip:4930123@10.0.0.1 and sip:4930123@sip.example", "sip:user-1@10.0.0.1 and sip:user-1@host-1");
    check("call +49 30 1234567 or tel:0301234567", "call user-1 or tel:user-2");
    check("mail max.muster@example.org", "mail user-1@host-1");
    check("<dt>User Name<dd>kunde77", "<dt>User Name<dd>user-1");
    stays("user: admin");
}

/// Every place where a password may stand, `%` for it.
const PLACES: [&str; 24] = [
    "admin password: %",
    "admin password = %\nnext: line",
    "<td>admin password</td>\n<td>%</td>",
    "<tr><td><b>FTP Password:</b></td><td> % </td>",
    "<TR><TD><B>Kennwort</B><TD>:<TD>%</TABLE>",
    "<dt>user password<dd>%<dt>x",
    "Password:<TD><input name=q1 value=\"%\">",
    "<input type=password name=x value='%'>",
    "<input value=\"%\" name=ftppass>",
    "<input name=f9 value=\"%\">",
    "<textarea name=passwd>%</textarea>",
    "<password>%</password>",
    "<a href=\"/save?user=x&pwd=%&y=1\">",
    "<script>var password = \"%\";</script>",
    "{\"password\": \"%\"}",
    "http://somebody:%@cfg.example/",
    "sip:4711:%@10.0.0.1",
    "PIN: %",
    "<meta http-equiv=\"Set-Cookie\" content=\"%\">",
    "mot de passe : %",
    "sip password: \"%\"",
    "passphrase=%",
    "<b>Password:</b> %<br>",
    "wpa psk: %",
];

/// Every place in a request or a reply.
const MESSAGES: [&str; 13] = [
    "GET / HTTP/1.0\r\nAuthorization: Basic %\r\nHost: 10.0.0.2\r\n\r\n",
    "GET / HTTP/1.0\r\nauthorization: Digest username=\"a\", response=\"%\"\r\n\r\n",
    "GET / HTTP/1.0\r\nProxy-Authorization: %\r\n\r\n",
    "GET / HTTP/1.0\r\nCookie: a=%; b=%\r\n\r\n",
    "GET /go?user=a&ftppass=%&x=1 HTTP/1.0\r\n\r\n",
    "GET /go HTTP/1.0\r\nReferer: http://10.0.0.2/a?password=%\r\n\r\n",
    "POST /go HTTP/1.0\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nfile=a&f9=%&x=1",
    "POST /go HTTP/1.0\r\n\r\nfile=a&password=%",
    "POST / HTTP/1.0\r\nContent-Type: multipart/form-data; boundary=B\r\n\r\n--B\r\nContent-Disposition: form-data; name=\"f9\"\r\n\r\n%\r\n--B--\r\n",
    "POST / HTTP/1.0\r\nContent-Type: multipart/form-data; boundary=B\r\n\r\n--B\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--B\r\nContent-Disposition: form-data; name=\"sip password\"\r\nContent-Type: text/plain\r\n\r\n%\r\n--B--\r\n",
    "HTTP/1.0 200 OK\r\nSet-Cookie: session=%; path=/\r\n\r\nhi",
    "HTTP/1.0 302 Found\r\nLocation: http://a:%@10.0.0.2/\r\n\r\n",
    "HTTP/1.0 401 No\r\nAuthorization: Basic a\r\n %\r\n\r\n",
];

#[test]
fn a_login_goes_and_the_name_of_a_cookie_stays() {
    let mut masks = masks();
    let request =
        "GET /?a=1 HTTP/1.1\r\nHost: cfgbox\r\nCookie: session=abcd\r\nAuthorization: Basic YTpi\r\n\r\n";
    assert_eq!(
        masks.message(request),
        "GET /?a=1 HTTP/1.1\r\nHost: host-1\r\nCookie: session=***\r\nAuthorization: ***\r\n\r\n"
    );
    let reply =
        "HTTP/1.0 200 OK\r\nServer: Aragorn\r\nSet-Cookie: session=abcd; path=/\r\n\r\n<b>on cfgbox</b>";
    assert_eq!(
        masks.message(reply),
        "HTTP/1.0 200 OK\r\nServer: Aragorn\r\nSet-Cookie: session=***; path=/\r\n\r\n<b>on host-1</b>"
    );
}

#[test]
fn what_is_sent_in_hexadecimal_digits_is_read() {
    let body = "POST /x HTTP/1.0\r\n\r\nurl=http%3A%2F%2Fme%3Ageheim%40cfg.example%2Fa&tftpserv=8.8.8.8&path=&f=57i.st";
    let masked = masks().message(body);
    assert!(masked.ends_with("url=http://***%40host-1/a&tftpserv=address-1&path=&f=57i.st"), "{masked}");
}

#[test]
fn a_secret_that_is_known_from_one_place_goes_everywhere() {
    let mut masks = masks();
    masks.text("admin password: gehe1m\nhttp server: cfgbox\nsip user name: kunde77");
    assert_eq!(
        masks.text("it said gehe1m to cfgbox, for KUNDE77, and 22222"),
        "it said *** to host-1, for user-1, and 22222"
    );
}

#[test]
fn many_pages_of_nonsense_take_no_time_that_grows_with_their_square() {
    let mut masks = masks();
    let names: String = (0..2_000).map(|number| format!("host{number}.example ")).collect();
    assert!(masks.text(&names).ends_with("host-2000 "));
    for piece in
        ["<", "user ", "<input name=user ", "password", "pass=a ", "http://", "@", "a@b.de", "1:", "+1"]
    {
        assert!(!masks.text(&piece.repeat(5_000)).is_empty());
    }
}

proptest! {
    #[test]
    fn no_password_gets_through_wherever_it_stands(
        place in proptest::sample::select(PLACES.to_vec()),
        secret in "[a-zA-Z][a-zA-Z0-9_.-]{5,12}[0-9]",
    ) {
        let masked = masks().text(&place.replace('%', &secret));
        prop_assert!(!masked.contains(&secret), "{}", masked);
        prop_assert!(masked.contains(SECRET), "{}", masked);
    }

    #[test]
    fn no_password_gets_through_in_a_message(
        message in proptest::sample::select(MESSAGES.to_vec()),
        secret in "[a-zA-Z][a-zA-Z0-9]{5,12}[0-9]",
    ) {
        let masked = masks().message(&message.replace('%', &secret));
        prop_assert!(!masked.contains(&secret), "{}", masked);
        prop_assert!(masked.contains(SECRET), "{}", masked);
    }

    #[test]
    fn no_outside_address_gets_through(octets in any::<[u8; 4]>(), around in "[ ,;()<>\"=/]{1,2}") {
        let address = std::net::Ipv4Addr::from(octets);
        let masked = masks().text(&format!("a{around}{address}{around}b"));
        let kept = masked.contains(&address.to_string());
        let is_near = address.is_private() || address.is_link_local() || address.is_loopback()
            || octets[0] == 0 || octets[0] >= 224 || (octets[0] == 100 && (64..128).contains(&octets[1]));
        prop_assert_eq!(kept, is_near, "{}", masked);
    }

    #[test]
    fn no_outside_address_of_six_gets_through(groups in any::<[u16; 8]>()) {
        let address = std::net::Ipv6Addr::from(groups);
        let masked = masks().text(&format!("at [{address}]:80"));
        let is_near = groups[0] & 0xffc0 == 0xfe80 || groups[0] & 0xfe00 == 0xfc00 || groups[0] & 0xff00 == 0xff00;
        let is_here = address.is_loopback() || address.is_unspecified();
        prop_assert!(is_near || is_here || !masked.contains(&address.to_string()), "{}", masked);
    }

    #[test]
    fn whatever_is_said_can_be_masked_and_no_mark_is_added(
        text in "\\PC{0,200}|([a-z:.@/=&<>\"' -]|user|password|server|://|\\r\\n|é|8.8.8.8){0,60}",
        head in proptest::sample::select(vec!["", "GET / HTTP/1.0\r\n\r\n", "HTTP/1.0 200 OK\r\nCookie: "]),
    ) {
        let mut masks = masks();
        let message = format!("{head}{text}");
        masks.message(&message);
        let masked = masks.message(&message);
        for mark in ['<', '>', '"', '\n'] {
            prop_assert!(masked.matches(mark).count() <= message.matches(mark).count(), "{}", masked);
        }
    }
}
