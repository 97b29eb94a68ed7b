//! Arbitrary bytes as a phone's reply, whole and cut anywhere: never a panic, never more in the
//! body than came, the characters come back byte for byte, and what is whole stays whole.
//!
//! `cargo fuzz run --sanitizer none http_reply`

#![no_main]

use hookflash::phone::links::links;
use hookflash::phone::reply::{Reply, ends_like_a_page, is_whole};
use hookflash::phone::resolve::Here;
use hookflash::phone::verdict::{upload_verdict, verdict};
use libfuzzer_sys::fuzz_target;
use shared::form::Charset;

fuzz_target!(|input: &[u8]| {
    let Some((cut, bytes)) = input.split_first() else { return };
    let here = Here::new("192.168.1.5:8080".parse().expect("an address"), "/a/b.htm?c");
    let cut = &bytes[..bytes.len() * usize::from(*cut) / 255];
    for bytes in [cut, bytes] {
        ends_like_a_page(bytes);
        let reply = Reply::read(bytes);
        assert!(reply.body.chars().count() <= bytes.len());
        assert!(reply.headers.iter().all(|(name, _)| *name == name.to_ascii_lowercase()));
        if reply.charset == Charset::Windows1252 {
            let body = reply.charset.encode(&reply.body);
            assert!(body.len() <= bytes.len());
            assert_eq!(reply.charset.decode(&body), reply.body);
        }
        verdict(&reply, &here);
        upload_verdict(&reply, &here);
        let links = links(&reply, &here);
        for path in links.frames.iter().chain(&links.onward) {
            assert!(path.starts_with('/') && path.bytes().all(|byte| (0x21..=0x7e).contains(&byte)), "{path:?}");
        }
    }
    // A length that is reached stays reached, whatever else comes.
    if is_whole(cut) {
        assert!(is_whole(bytes));
    }
});
