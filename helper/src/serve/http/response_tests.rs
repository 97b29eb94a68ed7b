//! What is answered to which request.

use std::sync::Arc;

use super::*;
use crate::serve::http::request::{Head, read};

fn answer(request: &str) -> Response {
    answer_of(request, true)
}

fn answer_of(request: &str, quarantine: bool) -> Response {
    let Head::Whole(request) = read(request.as_bytes()) else { panic!("{request:?}") };
    Response::to(&request, &Shelf::new(vec!["57i.st".into()], Arc::new(vec![7; 1000]), quarantine))
}

fn part(response: &Response) -> Option<Range<usize>> {
    match &response.body {
        Body::Firmware { part, .. } => Some(part.clone()),
        Body::Small(_) => None,
    }
}

#[test]
fn get_brings_the_whole_file_with_its_length() {
    let response = answer("GET /Aastra/57I.st?x HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(
        response.head,
        "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 1000\r\n\
         Accept-Ranges: bytes\r\nConnection: close\r\n\r\n"
    );
    assert_eq!(response.body, Body::Firmware { name: "/Aastra/57I.st?x".into(), part: 0..1000 });
    assert_eq!(response.told, []);
}

#[test]
fn head_brings_the_head_alone_and_is_no_transfer() {
    let get = answer("GET /57i.st HTTP/1.1\r\n\r\n");
    let head = answer("HEAD /57i.st HTTP/1.1\r\n\r\n");
    assert_eq!((head.head, head.body), (get.head, Body::Small("")));
}

#[test]
fn an_old_client_is_answered_in_its_own_version() {
    assert!(answer("GET /57i.st HTTP/1.0\r\n\r\n").head.starts_with("HTTP/1.0 200 OK\r\n"));
    let oldest = answer("GET /57i.st\r\n");
    assert_eq!((oldest.head.as_str(), part(&oldest)), ("", Some(0..1000)));
}

#[test]
fn rfc9110_one_range_is_a_part() {
    for (range, wanted) in [
        ("bytes=0-", 0..1000),
        ("bytes=400-", 400..1000),
        ("bytes=0-0", 0..1),
        ("bytes=10-19", 10..20),
        ("bytes=990-5000", 990..1000),
        ("bytes=-1", 999..1000),
        ("bytes=-5000", 0..1000),
        (" BYTES= 5 - 6 ", 5..7),
        ("bytes=5-99999999999999999999999999", 5..1000),
    ] {
        let response = answer(&format!("GET /57i.st HTTP/1.1\r\nRange: {range}\r\n\r\n"));
        assert_eq!(part(&response), Some(wanted.clone()), "{range}");
        let (first, last, length) = (wanted.start, wanted.end - 1, wanted.len());
        assert!(response.head.starts_with("HTTP/1.1 206 Partial Content\r\n"), "{range}");
        assert!(
            response.head.contains(&format!("\r\nContent-Range: bytes {first}-{last}/1000\r\n")),
            "{range}"
        );
        assert!(response.head.contains(&format!("\r\nContent-Length: {length}\r\n")), "{range}");
    }
}

#[test]
fn rfc9110_a_range_outside_the_file_is_refused() {
    for range in ["bytes=1000-", "bytes=1000-1001", "bytes=-0", "bytes=99999999999999999999999999-"] {
        let response = answer(&format!("GET /57i.st HTTP/1.1\r\nRange: {range}\r\n\r\n"));
        assert!(response.head.starts_with("HTTP/1.1 416 "), "{range}");
        assert!(response.head.contains("\r\nContent-Range: bytes */1000\r\n"), "{range}");
        assert_eq!(response.body, Body::Small(""));
    }
}

#[test]
fn rfc9110_a_range_that_is_not_understood_is_ignored() {
    for range in
        ["bytes=0-1,5-6", "bytes=9-5", "bytes=", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=+1-2", "1-2"]
    {
        let response = answer(&format!("GET /57i.st HTTP/1.1\r\nRange: {range}\r\n\r\n"));
        assert!(response.head.starts_with("HTTP/1.1 200 "), "{range}");
        assert_eq!(part(&response), Some(0..1000), "{range}");
    }
}

#[test]
fn c07_another_name_is_not_found_and_told() {
    for target in ["/58i.st", "/", "/etc/passwd", "/57i.st/", "/%00"] {
        let response = answer(&format!("GET {target} HTTP/1.1\r\n\r\n"));
        assert!(response.head.starts_with("HTTP/1.1 404 "), "{target}");
        assert_eq!(response.told, [FileEvent::OtherName { name: target.into() }]);
    }
}

#[test]
fn nothing_but_get_and_head_is_done() {
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "x"] {
        let response = answer(&format!("{method} /57i.st HTTP/1.1\r\n\r\n"));
        assert!(response.head.starts_with("HTTP/1.1 405 "), "{method}");
        assert!(response.head.contains("\r\nAllow: GET, HEAD\r\n"));
        assert_eq!(response.body, Body::Small(""));
        assert_eq!(response.told, [FileEvent::Refused { protocol: Protocol::Http, what: method.into() }]);
    }
}

#[test]
fn the_phone_introduces_itself_first() {
    let agent = "Aastra57i MAC:00-08-5D-19-E4-01 V:2.6.0.1008-SIP";
    let response = answer(&format!("GET /x.st HTTP/1.1\r\nUser-Agent: {agent}\r\n\r\n"));
    let told =
        [FileEvent::Introduced { agent: Agent::read(agent) }, FileEvent::OtherName { name: "/x.st".into() }];
    assert_eq!(response.told, told);
}

#[test]
fn c18_quarantine_answers_two_configurations_and_tells_of_all() {
    for (target, answered) in [
        ("/aastra.cfg", true),
        ("/Cfg/STARTUP.CFG", true),
        ("/00085D19E401.cfg", false),
        ("/57i.cfg", false),
        ("/aastra.tuz", false),
    ] {
        let request = format!("GET {target} HTTP/1.1\r\n\r\n");
        let response = answer(&request);
        let Body::Small(body) = response.body else { panic!("{target}") };
        assert_eq!(body.contains("\ncontact rcs: 0\n"), answered, "{target}");
        assert!(response.head.contains(&format!("\r\nContent-Length: {}\r\n", body.len())), "{target}");
        let told =
            |answered| [FileEvent::Configuration { protocol: Protocol::Http, name: target.into(), answered }];
        assert_eq!(response.told, told(answered));
        let open = answer_of(&request, false);
        assert!(open.head.starts_with("HTTP/1.1 404 "), "{target}");
        assert_eq!(open.told, told(false));
    }
}

#[test]
fn every_head_is_whole() {
    for status in [Status::BadRequest, Status::TooSlow, Status::TooLong] {
        let head = Response::refusal(status).head;
        assert!(head.starts_with("HTTP/1.0 4") && head.ends_with("\r\n\r\n"), "{head}");
    }
}
