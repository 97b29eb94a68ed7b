//! Which ways there are, in which order, and what each sends.

use super::super::answer::{Answer, recognise};
use super::super::reply::Reply;
use super::super::resolve::Here;
use super::*;

fn page(html: &str) -> RecoveryPage {
    let reply = Reply { status: 200, body: html.into(), ..Reply::default() };
    let here = Here::new("10.0.0.2".parse().unwrap(), "/");
    let Answer::Recovery(page) = recognise(&reply, &here) else { panic!("{html}") };
    *page
}

fn old_page(button: &str) -> RecoveryPage {
    page(&format!("<form method=post action=/go><input name=file><input name=tftp>{button}</form>"))
}

fn submission() -> Submission {
    Submission {
        protocol: Protocol::Tftp,
        file: "57i.st".into(),
        server: "10.0.0.1".into(),
        port: 69,
        path: String::new(),
    }
}

fn bodies(page: &RecoveryPage) -> Vec<(&'static str, String)> {
    ladder(page, &[Protocol::Tftp], None)
        .iter()
        .map(|rung| {
            let request = rung.request(&"10.0.0.2".parse().unwrap(), page, &submission());
            (rung.name, String::from_utf8(request.body).unwrap())
        })
        .collect()
}

fn names(rungs: &[Rung]) -> Vec<String> {
    rungs.iter().map(ToString::to_string).collect()
}

#[test]
fn a_named_submit_button_is_sent_first_and_left_out_later() {
    let with = "file=57i.st&tftp=10.0.0.1&go=Save";
    let without = "file=57i.st&tftp=10.0.0.1";
    let expected = [
        ("R1", with),
        ("R2", with),
        ("R3", without),
        ("R4", with),
        ("R5", with),
        ("R5b", with),
        ("R5c", with),
        ("R7a", "file=%2F57i.st&tftp=10.0.0.1&go=Save"),
        ("R8a", without),
        ("R8b", with),
        ("R8c", without),
        ("R8d", with),
        ("R8e", without),
        ("R8f", with),
    ]
    .map(|(name, body)| (name, body.to_owned()));
    assert_eq!(bodies(&old_page("<input type=submit name=go value=Save>")), expected);
}

#[test]
fn without_a_named_button_there_is_no_rung_for_it() {
    let page = old_page("<input type=submit value=Save>");
    let rungs = ladder(&page, &[Protocol::Tftp], None);
    assert_eq!(names(&rungs), ["R1", "R2", "R4", "R5", "R5b", "R5c", "R7a", "R8b", "R8d", "R8f"]);
}

#[test]
fn a_form_with_get_has_no_body_that_could_come_late() {
    let page = page("<form action=/go>File <input name=file> Server <input name=tftp></form>");
    let rungs = ladder(&page, &[Protocol::Tftp], None);
    assert!(rungs.iter().all(|rung| rung.segments == Segments::One));
    let request = rungs[0].request(&"10.0.0.2".parse().unwrap(), &page, &submission());
    assert!(request.head.starts_with(b"GET /go?file=57i.st&tftp=10.0.0.1 HTTP/1.1\r\n"));
    assert!(request.body.is_empty());
}

#[test]
fn what_worked_before_is_tried_first() {
    let page = old_page("<input type=submit value=Save>");
    let rungs = ladder(&page, &[Protocol::Tftp], Some("R5"));
    assert_eq!(names(&rungs)[..3], ["R5", "R1", "R2"]);
    assert_eq!(ladder(&page, &[Protocol::Tftp], Some("R99")), ladder(&page, &[Protocol::Tftp], None));
}

const ALL_PROTOCOLS: &str = "<form method=post action=/go>File name <input name=file>\
    <select name=protocol><option>TFTP<option>FTP<option>HTTP</select>\
    TFTP server <input name=tftp> FTP server <input name=ftpserv> FTP path <input name=ftppath>\
    HTTP server <input name=httpserv> Port <input name=httpport value=80></form>";

#[test]
fn another_protocol_has_a_short_ladder_of_its_own_names() {
    let page = page(ALL_PROTOCOLS);
    let rungs = ladder(&page, &[Protocol::Tftp, Protocol::Http, Protocol::Ftp], None);
    let others: Vec<Rung> = rungs.into_iter().filter(|rung| rung.other_protocol).collect();
    assert_eq!(
        names(&others),
        [
            "R6-http-R1",
            "R6-http-R2",
            "R6-http-R5",
            "R6-http-R5b",
            "R6-ftp-R1",
            "R6-ftp-R2",
            "R6-ftp-R5",
            "R6-ftp-R5b",
            "R6-ftp-R7c"
        ]
    );
}

#[test]
fn what_the_phone_took_is_taken_over_to_the_next_protocol() {
    let page = page(ALL_PROTOCOLS);
    let protocols = [Protocol::Tftp, Protocol::Http, Protocol::Ftp];
    let mut climb = Climb::new(ladder(&page, &protocols, None));
    while climb.rung().is_some_and(|rung| rung.name != "R5c") {
        climb.refused();
    }
    assert_eq!(climb.other_protocol().map(ToString::to_string).as_deref(), Some("R6-http-R5c"));
    assert_eq!(climb.refused().map(ToString::to_string).as_deref(), Some("R6-http-R1"));
    assert_eq!(climb.other_protocol().map(ToString::to_string).as_deref(), Some("R6-ftp-R1"));
    assert_eq!(climb.other_protocol(), None);
    assert_eq!(climb.rung(), None);
}

#[test]
fn a_climb_ends_behind_the_last_rung() {
    let page = old_page("");
    let mut climb = Climb::new(ladder(&page, &[Protocol::Tftp], None));
    let (_, of) = climb.place();
    for number in 1..=of {
        assert_eq!((climb.place(), climb.is_last()), ((number, of), number == of));
        climb.refused();
    }
    assert_eq!(climb.rung(), None);
}

/// What a phone may want of a request, each from a hypothesis of domain.md 1.6.
type Mood = (&'static str, fn(&str, &Rung) -> bool);

const MOODS: [Mood; 11] = [
    ("one segment", |_, rung| rung.segments == Segments::One),
    ("two segments", |_, rung| rung.segments == Segments::Two),
    ("HTTP/1.0", |head, _| head.lines().next().is_some_and(|line| line.ends_with("HTTP/1.0"))),
    ("head of 300 bytes", |head, _| head.len() <= 300),
    ("no Accept-Encoding", |head, _| !head.contains("Accept-Encoding")),
    ("no Keep-Alive", |head, _| !head.contains("Keep-Alive")),
    ("a Referer", |head, _| head.contains("Referer")),
    ("a User-Agent", |head, _| head.contains("User-Agent")),
    ("Content-Length last", |head, _| {
        head.lines().rev().nth(1).is_some_and(|l| l.starts_with("Content-Length"))
    }),
    ("the button", |_, rung| rung.press == Press::LikeABrowser),
    ("no button", |_, rung| rung.press == Press::TheOtherWay),
];

#[test]
fn every_two_moods_of_a_phone_have_a_rung_that_suits_both() {
    let page = old_page("<input type=submit name=go value=Save>");
    let rungs = ladder(&page, &[Protocol::Tftp], None);
    let suits = |rung: &Rung, mood: &Mood| {
        let request = rung.request(&"10.0.0.2".parse().unwrap(), &page, &submission());
        (mood.1)(&String::from_utf8(request.head).unwrap(), rung)
    };
    for (at, one) in MOODS.iter().enumerate() {
        for two in &MOODS[at..] {
            let contradict =
                matches!((one.0, two.0), ("one segment", "two segments") | ("the button", "no button"));
            let found = rungs.iter().filter(|rung| suits(rung, one) && suits(rung, two)).count();
            assert_eq!(found == 0, contradict, "{} and {}", one.0, two.0);
        }
    }
}

#[test]
fn every_rung_has_its_own_sentence() {
    let page = page(ALL_PROTOCOLS);
    let rungs = ladder(&page, &[Protocol::Tftp, Protocol::Http], None);
    let sentences: std::collections::BTreeSet<_> = rungs.iter().map(Rung::sentence).collect();
    assert_eq!(sentences.len(), rungs.len());
}
