//! Arbitrary bytes as a phone's page: whatever its form is, everything of it goes out in page
//! order and nothing twice, in one line of ASCII, to a path of the phone and to nobody else; a
//! form of which nothing is known stays blind.
//!
//! `cargo fuzz run --sanitizer none form`

#![no_main]

use hookflash::phone::answer::{Answer, recognise};
use hookflash::phone::ladder::ladder;
use hookflash::phone::reply::Reply;
use hookflash::phone::resolve::Here;
use libfuzzer_sys::fuzz_target;
use shared::address::PhoneAddress;
use shared::form::{Method, Protocol, Submission};

fuzz_target!(|html: &[u8]| {
    let address: PhoneAddress = "192.168.1.5".parse().expect("an address");
    let mut bytes = b"HTTP/1.0 200 OK\r\n\r\nRecovery ".to_vec();
    bytes.extend_from_slice(html);
    let Answer::Recovery(page) = recognise(&Reply::read(&bytes), &Here::new(address.clone(), "/p")) else {
        return;
    };
    page.question();
    page.reasons();
    page.model();
    assert_eq!(page.form.elsewhere.is_some(), page.form.action.is_empty());
    let protocols = page.protocols();
    assert!(page.form.elsewhere.is_none() || protocols.is_empty());
    for rung in ladder(&page, &protocols, Some("R5")) {
        let submission = Submission {
            protocol: rung.protocol,
            file: "57i.st".into(),
            server: "192.168.1.6".into(),
            port: 69,
            path: String::new(),
        };
        let (form, _) = page.on(rung.protocol);
        let pairs = rung.pairs(&page, &submission);
        // A picture may send two, everything else one.
        assert!(pairs.len() <= form.controls.len() + 1);
        let order: Vec<usize> = pairs
            .iter()
            .filter_map(|pair| form.controls.iter().position(|control| control.name == pair.name))
            .collect();
        let unique = form.controls.iter().enumerate().all(|(at, one)| {
            form.controls.iter().skip(at + 1).all(|two| one.name != two.name)
        });
        assert!(!unique || order.is_sorted(), "{order:?}");
        let request = rung.request(&address, &page, &submission);
        let end = request.head.windows(4).position(|window| window == b"\r\n\r\n");
        assert_eq!(end, Some(request.head.len() - 4), "nothing of the page ends the head");
        let line = request.head.split(|byte| *byte == b'\r').next().unwrap_or_default();
        assert_eq!(line.iter().filter(|byte| **byte == b' ').count(), 2);
        assert!(line.iter().all(|byte| (0x20..=0x7e).contains(byte)));
        assert_eq!(request.body.is_empty() && !pairs.is_empty(), form.method == Method::Get && !pairs.is_empty());
        if rung.protocol == Protocol::Upload {
            let upload = rung.upload_request(&address, &page, &submission, 7);
            let length = upload.body.len() + 7 + upload.after.len();
            let header = format!("Content-Length: {length}\r\n\r\n");
            assert!(upload.head.ends_with(header.as_bytes()));
        }
    }
});
