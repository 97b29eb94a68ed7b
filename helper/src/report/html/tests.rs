//! The page of a report: everything is there, nothing of a phone's is a tag, and nothing leads out.

use std::time::UNIX_EPOCH;

use proptest::prelude::*;
use shared::check::{Check, CheckName, CheckResult};
use shared::failure::{Failure, FailureCode};
use shared::firmware::FirmwareView;
use shared::phase::Phase;
use shared::protocol::{ConfigurationRequest, Job, Moment, PhoneId, PhoneView, SentField, TransferView};
use shared::protocol::{FormView, RungView};

use super::*;
use crate::phone::exchange_log::RecordedExchange;
use crate::report::mask::Own;
use crate::report::{Evidence, json};

/// A recovery that ended badly, with this said wherever a phone can say something.
fn evidence(says: &str) -> Evidence {
    let job = Job {
        model: Some("57i".into()),
        ..Job::new("169.254.10.2".parse().unwrap(), "/home/somebody/57i.st")
    };
    let mut phone = PhoneView::new(PhoneId(1), job, Some("57i".into()));
    phone.timeline = vec![
        Moment { phase: Phase::Prepare, at_ms: 1_700_000_000_000 },
        Moment { phase: Phase::Find, at_ms: 1_700_000_001_500 },
    ];
    phone.checks = vec![
        Check::new(CheckName::Route, CheckResult::Pass, "this computer is 169.254.10.1"),
        Check::new(CheckName::Form, CheckResult::Unknown, says),
    ];
    let field = |name: &str, value: &str| SentField {
        label: says.into(),
        name: name.into(),
        value: value.into(),
        ours: true,
    };
    phone.form = Some(FormView {
        action: "/go.cgi".into(),
        fields: vec![field("file", "57i.st"), field("ftppass", "s3cret-word")],
        reasons: vec![says.into()],
    });
    phone.rung = Some(RungView { name: "R1".into(), number: 1, of: 3 });
    phone.transfer = Some(TransferView {
        protocol: shared::form::Protocol::Tftp,
        file: says.into(),
        bytes: 5,
        total: 9,
        bytes_per_second: None,
        seconds_left: None,
        repeats: 2,
    });
    phone.configuration_asked = vec![ConfigurationRequest {
        protocol: shared::form::Protocol::Tftp,
        name: "00085D19E401.cfg".into(),
        answered: true,
    }];
    phone.outcome = Some(Outcome::Failed(Failure::new(FailureCode::PhoneFormUnknown, says)));
    let page = format!(
        "HTTP/1.0 200 OK\r\n\r\n<title>Web Recovery</title><script>alert(1)</script>\
         <form action=/go.cgi method=post>{says}<input name=q value=abc><input name=w></form>"
    );
    let exchange =
        |reply: &str| RecordedExchange::new(UNIX_EPOCH, b"GET / HTTP/1.0\r\n\r\n", Ok(reply.as_bytes()), &[]);
    let firmware = FirmwareView {
        id: "ab".repeat(32),
        sha1: "cd".repeat(20),
        name: "57i.st".into(),
        bytes: 1_600_000,
        ..FirmwareView::default()
    };
    Evidence { phone, firmware: Some(firmware), exchanges: vec![exchange(&page), exchange(&page)] }
}

fn page(says: &str) -> String {
    html(&Report::of(&evidence(says), &Own::default()))
}

#[test]
fn everything_that_was_asked_for_is_on_the_page() {
    let page = page("it says nothing");
    for told in [
        "phone::form_unknown",
        "it says nothing",
        "2023-11-14 22:13:20 UTC",
        "1.5 s",
        "169.254.10.2",
        "this computer is 169.254.10.1",
        "00:08:5D:mac-1",
        "00085D-mac-1.cfg",
        &"ab".repeat(32),
        &"cd".repeat(20),
        "1600000",
        "<td>q</td><td>text</td>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "GET / HTTP/1.0",
        "The same as the answer number 1.",
        "5 of 9",
        env!("CARGO_PKG_VERSION"),
        words::SEND_ON,
    ] {
        assert!(page.contains(told), "{told} in {page}");
    }
    for hidden in ["s3cret-word", "19E401", "somebody"] {
        assert!(!page.contains(hidden), "{hidden} in {page}");
    }
}

#[test]
fn both_ways_of_writing_it_say_the_same() {
    let report = Report::of(&evidence("it says nothing"), &Own::default());
    let json: serde_json::Value = serde_json::from_str(&json(&report)).unwrap();
    assert_eq!(json["report"], 1);
    assert_eq!(json["phone"]["outcome"]["failed"]["code"], "phone::form_unknown");
    assert_eq!(json["summary"]["code"], "phone::form_unknown");
    assert_eq!(json["firmware"]["sha256"], "ab".repeat(32));
    assert_eq!(json["firmware"]["sha1"], "cd".repeat(20));
    assert_eq!(json["phone"]["job"]["firmware"], "57i.st");
    assert_eq!(json["steps"][0]["took_ms"], 1500);
    assert_eq!(json["forms"][0]["fields"][0]["name"], "q");
    assert!(json["exchanges"][0]["reply"].as_str().is_some_and(|reply| reply.contains("<input name=q")));
    assert!(!json.to_string().contains("s3cret-word"));
}

#[test]
fn nothing_on_the_page_leads_out_or_runs() {
    let page = page("<img src=http://evil.example/x onerror=alert(1)>");
    for tag in ["<script", "<img", "<link", "<iframe", "<form", "<a ", "<base", "<object"] {
        assert!(!page.contains(tag), "{tag}");
    }
    assert!(page.contains("default-src 'none'; style-src 'sha256-"));
    assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_a_phone_says_the_page_has_the_same_tags(says in "\\PC{0,60}|[<>\"'&/a-z =]{0,60}") {
        // How many rows there are depends on what is said; which tags there are does not.
        let tags = |page: &str| -> std::collections::BTreeSet<String> {
            page.split('<').skip(1).map(|rest| rest.split(['>', ' ']).next().unwrap_or_default().to_owned()).collect()
        };
        let (plain, hostile) = (tags(&page("x")), tags(&page(&says)));
        prop_assert!(hostile.is_subset(&plain), "{:?}", hostile.difference(&plain).collect::<Vec<_>>());
    }
}
