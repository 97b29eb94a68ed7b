//! Every mood in which a POST is refused (domain.md 1.4 to 1.6), and that its cure works.

use crate::{forms, play};
use std::net::SocketAddr;

use crate::play::{event, exchange, get, hear, hear_until, post, post_split, post_whole, say};
use simulator::{
    Event, Phone,
    event::{Mode, Refusal},
};
use tokio::net::TcpStream;

const ACTION: &str = "/recovery.cgi";
const INVALID: &str = "Invalid Parameters";
const WAIT: &str = "Please Wait";

fn body() -> String {
    forms::plain("TFTP", 80)
}

async fn send(at: SocketAddr, headers: &str) -> String {
    post_whole(at, ACTION, headers, &body()).await
}

fn refusals(phone: &Phone) -> Vec<Refusal> {
    let pick = |event| match event {
        Event::PostRefused { refusal } => Some(refusal),
        _ => None,
    };
    phone.log().into_iter().filter_map(pick).collect()
}

/// One phone whose only mood is that of `quirk`; nobody serves it a file.
async fn moody(quirk: &str) -> (Phone, SocketAddr) {
    let phone = play::phone(&format!("{quirk} no-request"), 9).await;
    let at = phone.address();
    (phone, at)
}

#[tokio::test]
async fn needs_one_segment() {
    let (phone, at) = moody("one-segment").await;
    assert!(post_split(at, ACTION, &body()).await.contains(INVALID));
    assert_eq!(refusals(&phone), [Refusal::BodyInOtherSegment]);
    assert!(send(at, "").await.contains(WAIT));
}

#[tokio::test]
async fn one_segment_is_1460_bytes() {
    let (phone, at) = moody("one-segment").await;
    let long = format!("X-Long: {}\r\n", "x".repeat(1300));
    assert!(send(at, &long).await.contains(INVALID));
    assert_eq!(refusals(&phone), [Refusal::BodyInOtherSegment]);
}

#[tokio::test]
async fn one_segment_hangs() {
    let (_phone, at) = moody("one-segment-hangs").await;
    assert_eq!(post_split(at, ACTION, &body()).await, "");
    assert!(send(at, "").await.contains(WAIT));
}

#[tokio::test]
async fn needs_two_segments() {
    let (phone, at) = moody("two-segments").await;
    assert!(send(at, "").await.contains(INVALID));
    assert_eq!(refusals(&phone), [Refusal::BodyInSameSegment]);
    assert!(post_split(at, ACTION, &body()).await.contains(WAIT));
}

#[tokio::test]
async fn needs_a_get_of_its_own() {
    let (phone, at) = moody("get-first").await;
    assert!(send(at, "").await.contains("Please visit"));
    assert_eq!(refusals(&phone), [Refusal::NoGetBefore]);
    get(at, "/").await;
    assert!(post_whole(at, ACTION, "", "nonsense=1").await.contains(INVALID));
    assert!(send(at, "").await.contains("Please visit"), "one GET is good for one POST");
    get(at, "/").await;
    assert!(send(at, "").await.contains(WAIT));
}

#[tokio::test]
async fn refuses_a_used_connection() {
    let (phone, at) = moody("fresh-connection").await;
    let mut stream = TcpStream::connect(at).await.unwrap();
    say(&mut stream, &[b"GET / HTTP/1.1\r\nHost: phone\r\n\r\n"]).await;
    let page = hear_until(&mut stream, "</HTML>\n").await;
    assert!(page.contains("Connection: keep-alive"));
    let (head, body) = post(ACTION, "Connection: close\r\n", &body());
    say(&mut stream, &[(head + &body).as_bytes()]).await;
    assert!(hear(&mut stream).await.contains(INVALID));
    assert_eq!(refusals(&phone), [Refusal::ReusedConnection]);
    assert!(send(at, "Connection: close\r\n").await.contains(WAIT));
}

#[tokio::test]
async fn refuses_while_a_second_connection_waits() {
    let (phone, at) = moody("lone-connection").await;
    let mut first = TcpStream::connect(at).await.unwrap();
    let second = TcpStream::connect(at).await.unwrap();
    let (head, text) = post(ACTION, "", &body());
    say(&mut first, &[(head + &text).as_bytes()]).await;
    assert!(hear(&mut first).await.contains(INVALID));
    assert_eq!(refusals(&phone), [Refusal::SecondConnection]);
    drop(second);
    assert!(send(at, "").await.contains(WAIT));
}

#[tokio::test]
async fn refuses_heads() {
    let long = format!("X-Long: {}\r\n", "x".repeat(400));
    let cases: &[(&str, &str, &str)] = &[
        ("head-limit=420", &long, ""),
        ("refuses-header=Origin", "Origin: http://phone\r\n", ""),
        ("wants-header=Referer", "", "Referer: http://phone/\r\n"),
    ];
    for (quirk, bad, good) in cases {
        let (phone, at) = moody(quirk).await;
        assert!(send(at, bad).await.contains(INVALID), "{quirk}");
        assert_eq!(refusals(&phone).len(), 1);
        assert!(send(at, good).await.contains(WAIT), "{quirk}");
    }
}

#[tokio::test]
async fn wants_type_and_length_last() {
    let (phone, at) = moody("header-order").await;
    let text = body();
    let bad = format!(
        "POST {ACTION} HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nHost: phone\r\n\r\n{text}",
        text.len()
    );
    assert!(exchange(at, &[bad.as_bytes()]).await.contains(INVALID));
    assert_eq!(refusals(&phone), [Refusal::HeaderOrder]);
    assert!(send(at, "").await.contains(WAIT));
}

#[tokio::test]
async fn speaks_http_1_0_only() {
    let (phone, at) = moody("http10").await;
    assert!(get(at, "/").await.starts_with("HTTP/1.0 200"));
    assert!(send(at, "").await.contains(INVALID));
    assert_eq!(refusals(&phone), [Refusal::HttpVersion]);
    let (head, text) = post(ACTION, "", &body());
    let old = head.replace("HTTP/1.1", "HTTP/1.0") + &text;
    assert!(exchange(at, &[old.as_bytes()]).await.contains(WAIT));
}

#[tokio::test]
async fn wants_or_hates_the_button() {
    let with = format!("{}&submit=Download+Firmware", body());
    for (quirk, bad, good) in [("wants-button", body(), with.clone()), ("hates-button", with.clone(), body())]
    {
        let (_phone, at) = moody(quirk).await;
        assert!(post_whole(at, ACTION, "", &bad).await.contains(INVALID), "{quirk}");
        assert!(post_whole(at, ACTION, "", &good).await.contains(WAIT), "{quirk}");
    }
}

#[tokio::test]
async fn refuses_the_first_ones() {
    let (phone, at) = moody("refuses-first=2").await;
    assert!(post_whole(at, ACTION, "", "nonsense=1").await.contains(INVALID), "not counted");
    assert!(send(at, "").await.contains(INVALID));
    assert!(send(at, "").await.contains(INVALID));
    assert!(send(at, "").await.contains(WAIT));
    assert_eq!(refusals(&phone)[1..], [Refusal::TooEarly(1), Refusal::TooEarly(2)]);
}

#[tokio::test]
async fn a_stray_body_brings_a_405_to_whoever_comes_next() {
    let (phone, at) = moody("stray-body").await;
    assert!(post_split(at, ACTION, &body()).await.contains(INVALID));
    assert!(get(at, "/").await.contains("405 method unsupported"));
    assert!(get(at, "/").await.contains("Web Recovery"), "only the next one");
    assert!(send(at, "").await.contains(WAIT));
    assert!(phone.log().iter().any(|event| matches!(event, Event::StrayBytes { .. })));
}

#[tokio::test]
async fn fields_are_wanted_all_and_a_path_may_be_too_much() {
    let (phone, at) = moody("blank-path").await;
    let with_path = body().replace("tftppath=", "tftppath=firmware");
    assert!(post_whole(at, ACTION, "", &with_path).await.contains(INVALID));
    let dropped = body().replace("&tftppath=", "");
    assert!(post_whole(at, ACTION, "", &dropped).await.contains(INVALID));
    let by_name = body().replace("tftpserv=127.0.0.1", "tftpserv=laptop");
    assert!(post_whole(at, ACTION, "", &by_name).await.contains(INVALID));
    let expected = [
        Refusal::PathGiven,
        Refusal::FieldMissing("tftppath".to_owned()),
        Refusal::FieldValue("tftpserv".to_owned()),
    ];
    assert_eq!(refusals(&phone), expected);
    assert!(send(at, "").await.contains(WAIT));
}

#[tokio::test]
async fn answers_may_be_missing_or_lie() {
    let (phone, at) = moody("no-answer").await;
    assert_eq!(send(at, "").await, "");
    event(&phone, |event| matches!(event, Event::PostAccepted { .. })).await;
    let (phone, at) = moody("lying-answer").await;
    assert!(send(at, "").await.contains(INVALID));
    event(&phone, |event| matches!(event, Event::PostAccepted { .. })).await;
}

#[tokio::test]
async fn while_it_is_busy_it_says_so_and_afterwards_that_it_failed() {
    let (phone, at) = moody("").await;
    assert!(send(at, "").await.contains(WAIT));
    assert!(get(at, "/").await.contains(WAIT));
    assert!(send(at, "").await.contains(WAIT));
    assert_eq!(refusals(&phone), [Refusal::Busy]);
    event(&phone, |event| matches!(event, Event::DownloadFailed { .. })).await;
    assert!(get(at, "/").await.contains("firmware download failed"));
    assert_eq!(phone.display().borrow().lines[2], "DOWNLOAD FAILED");
}

#[tokio::test]
async fn other_methods_and_pages() {
    let (_phone, at) = moody("aragorn").await;
    let put = exchange(at, &[b"PUT / HTTP/1.1\r\nHost: phone\r\n\r\n"]).await;
    assert!(put.contains("405 method unsupported"));
    assert!(get(at, ACTION).await.contains("405"));
    assert!(get(at, "/nothing").await.contains("404"));
    assert!(get(at, "/").await.contains("Server: Aragorn"));
}

#[tokio::test]
async fn the_other_forms_do_no_harm() {
    let (phone, at) = moody("form=many-forms").await;
    assert!(post_whole(at, "/reboot.cgi", "", "confirm=1").await.contains("dofirm.cgi"));
    let other = event(&phone, |event| matches!(event, Event::OtherFormUsed { .. })).await;
    assert_eq!(other, Event::OtherFormUsed { action: "/reboot.cgi".to_owned() });
    assert_eq!(phone.log()[1], Event::Up { mode: Mode::Recovery });
}

#[tokio::test]
async fn frames_refresh_and_redirect_lead_to_the_form() {
    for (quirk, first, page) in [
        ("form=frames", "<FRAME SRC=\"rec/main.htm\"", "/rec/main.htm"),
        ("form=meta-refresh", "URL=/webrecovery.html", "/webrecovery.html"),
        ("form=redirect", "Location: /recover/", "/recover/"),
    ] {
        let (_phone, at) = moody(quirk).await;
        assert!(get(at, "/").await.contains(first), "{quirk}");
        assert!(get(at, page).await.contains("<FORM"), "{quirk}");
    }
}

#[tokio::test]
async fn an_abrupt_server_resets_behind_its_reply() {
    let (_phone, at) = moody("abrupt").await;
    assert!(get(at, "/").await.contains("</HTML>"));
    assert!(send(at, "").await.contains(WAIT));
}

#[tokio::test]
async fn a_stopped_phone_gives_its_port_back() {
    let (phone, at) = moody("").await;
    phone.stop().await;
    tokio::net::TcpListener::bind(at).await.unwrap();
}
