//! The control connection, rule by rule: what is said is a line, what is done is compared as
//! words.

use std::sync::Arc;

use super::*;

const PEER: ([u8; 4], u16) = ([192, 0, 2, 5], 40_000);

/// A control connection and what the rim would have done.
struct Talk {
    machine: Machine,
    told: Vec<FileEvent>,
}

impl Talk {
    fn begin() -> Self {
        Self::with(Shelf::new(vec!["57i.st".into()], Arc::new(vec![7; 1000]), false))
    }

    fn with(shelf: Shelf) -> Self {
        let (machine, greeting) = Machine::begin(PEER.into(), [192, 0, 2, 1].into(), shelf);
        assert!(matches!(&greeting[..], [Action::Reply(reply)] if reply.code == 220));
        Self { machine, told: Vec::new() }
    }

    /// What comes of a line: codes of replies, and the rest in words. A listener gets port 2057.
    fn say(&mut self, line: &str) -> Vec<String> {
        let actions = self.machine.line(line.as_bytes());
        self.words(actions)
    }

    fn words(&mut self, actions: Vec<Action>) -> Vec<String> {
        let mut words = Vec::new();
        for action in actions {
            words.push(match action {
                Action::Reply(reply) => reply.code.to_string(),
                Action::Listen => {
                    let more = self.machine.listening(Some(2057));
                    words.push("listen".into());
                    words.extend(self.words(more));
                    continue;
                }
                Action::Forget => "forget".into(),
                Action::Send(route, parcel) => format!("send {route:?} {parcel:?}"),
                Action::Abort => "abort".into(),
                Action::Tell(event) => {
                    self.told.push(event);
                    continue;
                }
                Action::Close => "close".into(),
            });
        }
        words
    }

    fn end(&mut self, end: TransferEnd) -> Vec<String> {
        let actions = self.machine.ended(end);
        self.words(actions)
    }

    /// The text of the one reply to a line.
    fn text(&mut self, line: &str) -> String {
        let actions = self.machine.line(line.as_bytes());
        let actions = if actions == [Action::Listen] { self.machine.listening(Some(2057)) } else { actions };
        let [Action::Reply(reply)] = &actions[..] else { panic!("{line}: {actions:?}") };
        reply.text()
    }
}

#[test]
fn anybody_may_log_in_with_anything() {
    for (user, password) in [("USER aastra", "PASS 22222"), ("USER", "PASS"), ("user a b", "pass  x")] {
        let mut talk = Talk::begin();
        assert_eq!(talk.say(user), ["331"]);
        assert_eq!(talk.say(password), ["230"]);
    }
}

#[test]
fn what_needs_no_connection() {
    for (line, code) in [
        ("SYST", "215"),
        ("noop", "200"),
        ("FEAT", "211"),
        ("STAT", "211"),
        ("OPTS UTF8 ON", "200"),
        ("OPTS MLST", "501"),
        ("ALLO 1000", "200"),
        ("TYPE I", "200"),
        ("TYPE A", "200"),
        ("TYPE A N", "200"),
        ("TYPE L 8", "200"),
        ("TYPE L 36", "504"),
        ("TYPE E", "504"),
        ("TYPE A T", "504"),
        ("TYPE", "501"),
        ("TYPE X", "501"),
        ("MODE S", "200"),
        ("MODE B", "504"),
        ("MODE", "501"),
        ("STRU F", "200"),
        ("STRU R", "504"),
        ("REST 0", "350"),
        ("REST -1", "501"),
        ("REST 99999999999999999999999", "501"),
        ("PWD", "257"),
        ("ABOR", "226"),
        ("SIZE 57i.st", "213"),
        ("SIZE", "501"),
        ("RETR", "501"),
        ("SITE EXEC", "502"),
        ("AUTH TLS", "502"),
        ("MDTM 57i.st", "502"),
        ("", "500"),
        ("XYZZY", "500"),
        ("GET /57i.st HTTP/1.1", "500"),
        ("\u{0}\u{1}\u{ff}", "500"),
    ] {
        assert_eq!(Talk::begin().say(line), [code], "{line:?}");
    }
}

#[test]
fn c28_the_file_is_in_every_folder() {
    let mut talk = Talk::begin();
    for line in [
        "CWD",
        "CWD ",
        "CWD .",
        "CWD /home/aastra",
        "CWD firmware",
        "XCWD \\a\\b",
        "CDUP",
        "CWD ~",
        "CDUP",
        "CDUP",
        "CDUP",
    ] {
        assert_eq!(talk.say(line), ["250"], "{line}");
        assert_eq!(talk.text("SIZE 57i.st"), "213 1000\r\n");
    }
    assert_eq!(talk.text("PWD"), "257 \"/\"\r\n");
}

#[test]
fn the_folder_is_remembered_and_quoted() {
    let mut talk = Talk::begin();
    talk.say("CWD a");
    talk.say("CWD \"b\"");
    assert_eq!(talk.text("PWD"), "257 \"/a/\"\"b\"\"\"\r\n");
    talk.say("CDUP");
    assert_eq!(talk.text("PWD"), "257 \"/a\"\r\n");
    talk.say(&format!("CWD {}", "x".repeat(LONGEST_FOLDER)));
    assert_eq!(talk.text("PWD"), "257 \"/\"\r\n");
}

#[test]
fn rfc959_pasv_names_our_own_address_and_the_port() {
    let reply = Talk::begin().text("PASV");
    assert_eq!(reply, "227 Entering Passive Mode (192,0,2,1,8,9)\r\n");
}

#[test]
fn rfc2428_epsv_names_the_port_alone() {
    for line in ["EPSV", "EPSV 1", "epsv 2"] {
        assert_eq!(Talk::begin().text(line), "229 Entering Extended Passive Mode (|||2057|)\r\n");
    }
    assert_eq!(Talk::begin().say("EPSV 3"), ["522"]);
}

#[test]
fn rfc2428_after_epsv_all_nothing_else_is_taken() {
    let mut talk = Talk::begin();
    assert_eq!(talk.say("EPSV ALL"), ["200"]);
    for line in ["PASV", "PORT 192,0,2,5,10,0", "EPRT |1|192.0.2.5|2560|"] {
        assert_eq!(talk.say(line), ["503"], "{line}");
    }
    assert_eq!(talk.say("EPSV"), ["listen", "229"]);
}

#[test]
fn pasv_cannot_say_an_ipv6_address() {
    let shelf = Shelf::new(vec!["f".into()], Arc::new(vec![1]), false);
    let (peer, local) =
        (([0xfe80, 0, 0, 0, 0, 0, 0, 5], 40_000).into(), [0xfe80, 0, 0, 0, 0, 0, 0, 1].into());
    let (machine, _) = Machine::begin(peer, local, shelf);
    let mut talk = Talk { machine, told: Vec::new() };
    assert_eq!(talk.say("PASV"), ["425"]);
    assert_eq!(talk.say("EPSV"), ["listen", "229"]);
    assert_eq!(talk.say("EPRT |2|fe80::5|2560|"), ["forget", "200"]);
    assert_eq!(talk.say("EPRT |2|fe80::6|2560|"), ["504"]);
}

#[test]
fn no_port_is_said_and_not_hidden() {
    let mut talk = Talk::begin();
    assert_eq!(talk.machine.line(b"PASV"), [Action::Listen]);
    let actions = talk.machine.listening(None);
    assert_eq!(talk.words(actions), ["425"]);
    assert_eq!(talk.say("RETR 57i.st"), ["425"]);
}

#[test]
fn a_port_is_taken_for_the_phones_own_address_alone() {
    for line in [
        "PORT 192,0,2,6,10,0",
        "PORT 127,0,0,1,0,25",
        "PORT 0,0,0,0,10,0",
        "PORT 255,255,255,255,10,0",
        "PORT 192,0,2,1,10,0",
        "EPRT |1|192.0.2.6|2560|",
        "EPRT |2|::1|2560|",
        "EPRT |2|2001:db8::5|2560|",
    ] {
        let mut talk = Talk::begin();
        assert_eq!(talk.say(line), ["504"], "{line}");
        assert_eq!(talk.say("RETR 57i.st"), ["425"], "{line}");
    }
}

#[test]
fn a_port_that_cannot_be_read_is_refused() {
    for (line, code) in [
        ("PORT", "501"),
        ("PORT 192,0,2,5", "501"),
        ("PORT 192,0,2,5,10,0,1", "501"),
        ("PORT 192,0,2,5,256,0", "501"),
        ("PORT 192,0,2,5,0,0", "501"),
        ("PORT a,b,c,d,e,f", "501"),
        ("EPRT", "501"),
        ("EPRT |1|192.0.2.5|0|", "501"),
        ("EPRT |1|192.0.2.5|65536|", "501"),
        ("EPRT |1|::1|2560|", "501"),
        ("EPRT |3|192.0.2.5|2560|", "522"),
        ("EPRT |1|192.0.2.5|2560", "501"),
    ] {
        assert_eq!(Talk::begin().say(line), [code], "{line}");
    }
}

#[test]
fn retr_sends_the_whole_file_where_the_phone_wants_it() {
    let firmware = "Firmware { name: \"/aastra/57I.ST\", from: 0 }";
    for (line, route) in [
        ("PASV", "Passive"),
        ("EPSV", "Passive"),
        ("PORT 192,0,2,5,10,0", "Active(192.0.2.5:2560)"),
        ("EPRT |1|192.0.2.5|2560|", "Active(192.0.2.5:2560)"),
        ("EPRT |2|::ffff:192.0.2.5|2560|", "Active(192.0.2.5:2560)"),
        ("EPRT !1!192.0.2.5!2560!", "Active(192.0.2.5:2560)"),
    ] {
        let mut talk = Talk::begin();
        talk.say(line);
        assert_eq!(talk.say("RETR /aastra/57I.ST"), ["150".to_owned(), format!("send {route} {firmware}")]);
        assert_eq!(talk.end(TransferEnd::Sent), ["226"]);
        assert_eq!(talk.told, []);
    }
}

#[test]
fn the_last_word_about_the_data_connection_counts() {
    let mut talk = Talk::begin();
    assert_eq!(talk.say("PASV"), ["listen", "227"]);
    assert_eq!(talk.say("PORT 192,0,2,5,10,0"), ["forget", "200"]);
    assert!(talk.say("RETR 57i.st")[1].starts_with("send Active"));
    talk.end(TransferEnd::Sent);
    // One data connection for each.
    assert_eq!(talk.say("RETR 57i.st"), ["425"]);
}

#[test]
fn a_transfer_that_fails_is_told_to_the_phone() {
    for (end, codes) in [
        (TransferEnd::NoConnection, &["425"][..]),
        (TransferEnd::Broken, &["426"]),
        (TransferEnd::Aborted, &["426", "226"]),
    ] {
        let mut talk = Talk::begin();
        talk.say("PASV");
        talk.say("RETR 57i.st");
        assert_eq!(talk.end(end), codes);
        assert_eq!(talk.end(end), [] as [&str; 0], "it ends once");
        assert_eq!(talk.say("NOOP"), ["200"]);
    }
}

#[test]
fn rfc3659_rest_goes_on_where_it_was_interrupted() {
    for (place, sent) in [(0, "from: 0"), (400, "from: 400"), (1000, "from: 1000")] {
        let mut talk = Talk::begin();
        assert_eq!(talk.say(&format!("REST {place}")), ["350"]);
        talk.say("PASV");
        assert!(talk.say("RETR 57i.st")[1].contains(sent));
        talk.end(TransferEnd::Sent);
        talk.say("PASV");
        assert!(talk.say("RETR 57i.st")[1].contains("from: 0"), "it counts once");
    }
    let mut talk = Talk::begin();
    talk.say("REST 1001");
    talk.say("PASV");
    assert_eq!(talk.say("RETR 57i.st"), ["554"]);
}

#[test]
fn during_a_transfer_only_abor_is_heard_at_once() {
    let mut talk = Talk::begin();
    talk.say("PASV");
    talk.say("RETR 57i.st");
    for line in ["NOOP", "SIZE 57i.st", "QUIT", "NOOP"] {
        assert_eq!(talk.say(line), [] as [&str; 0], "{line}");
    }
    assert_eq!(talk.say("abor"), ["abort"]);
    assert_eq!(talk.end(TransferEnd::Aborted), ["426", "226", "200", "213", "221", "close"]);
    assert_eq!(talk.say("NOOP"), [] as [&str; 0]);
}

#[test]
fn commands_that_wait_cost_little_memory() {
    let mut talk = Talk::begin();
    talk.say("PASV");
    talk.say("RETR 57i.st");
    for _ in 0..MOST_WAITING {
        assert_eq!(talk.say("NOOP"), [] as [&str; 0]);
    }
    assert_eq!(talk.say("NOOP"), ["421", "close"]);
    assert_eq!(talk.end(TransferEnd::Sent), [] as [&str; 0]);
}

#[test]
fn a_line_before_the_listener_is_there_waits_for_it() {
    let mut talk = Talk::begin();
    assert_eq!(talk.machine.line(b"EPSV"), [Action::Listen]);
    assert_eq!(talk.machine.line(b"RETR 57i.st"), []);
    let actions = talk.machine.listening(Some(2057));
    let words = talk.words(actions);
    assert_eq!(words[..2], ["229", "150"]);
    assert!(words[2].starts_with("send Passive"));
}

#[test]
fn nothing_is_ever_written() {
    for verb in ["STOR", "STOU", "APPE", "DELE", "RMD", "XRMD", "MKD", "XMKD", "RNFR", "RNTO"] {
        let mut talk = Talk::begin();
        talk.say("PASV");
        assert_eq!(talk.say(&format!("{} 57i.st", verb.to_lowercase())), ["550"]);
        assert_eq!(talk.told, [FileEvent::Refused { protocol: Protocol::Ftp, what: verb.into() }]);
        assert_eq!(talk.text("SIZE 57i.st"), "213 1000\r\n");
    }
}

#[test]
fn c07_a_request_for_another_name_is_told() {
    for line in ["RETR /cfg/security.tuz2", "SIZE /cfg/security.tuz2"] {
        let mut talk = Talk::begin();
        talk.say("PASV");
        assert_eq!(talk.say(line), ["550"]);
        assert_eq!(talk.told, [FileEvent::OtherName { name: "/cfg/security.tuz2".into() }]);
    }
}

#[test]
fn a_listing_has_one_line() {
    for (line, listing) in [
        ("LIST", "-r--r--r-- 1 ftp ftp 1000 Jan  1  2000 57i.st\\r\\n"),
        ("LIST -la /", "-r--r--r-- 1 ftp ftp 1000 Jan  1  2000 57i.st\\r\\n"),
        ("NLST", "57i.st\\r\\n"),
    ] {
        let mut talk = Talk::begin();
        assert_eq!(talk.say(line), ["425"]);
        talk.say("PASV");
        assert_eq!(talk.say(line), ["150".to_owned(), format!("send Passive Small(\"{listing}\")")]);
    }
}

#[test]
fn c18_quarantine_answers_a_configuration_and_tells_of_it() {
    let mut talk = Talk::with(Shelf::new(vec!["57i.st".into()], Arc::new(vec![7; 10]), true));
    talk.say("PASV");
    let sent = talk.say("RETR /AASTRA.cfg");
    assert!(sent[1].starts_with("send Passive Small(") && sent[1].contains("contact rcs: 0"), "{sent:?}");
    talk.end(TransferEnd::Sent);
    talk.say("PASV");
    assert_eq!(talk.say("RETR 00085D19E401.cfg"), ["550"]);
    let told = |name: &str, answered| FileEvent::Configuration {
        protocol: Protocol::Ftp,
        name: name.into(),
        answered,
    };
    assert_eq!(talk.told, [told("/AASTRA.cfg", true), told("00085D19E401.cfg", false)]);
}

#[test]
fn quit_says_good_bye() {
    assert_eq!(Talk::begin().say("QUIT"), ["221", "close"]);
}
