//! Addresses of the outside world. Private and link-local ones stay (RFC 1918, 3927, 4193, 4291):
//! they tell how the cable was, and nobody can be found by them.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use super::holes::{Hole, after, before, is_in_word, runs};
use super::names::Names;

/// Bytes in which the word before a number is looked for: a cell's end and the next one's beginning.
const WORD_WITHIN: usize = 96;
/// Words before four numbers that are a version: `Firefox/2.0.0.11`, `Boot Version 2.2.0.10`.
const VERSIONS: [&str; 9] = ["version", "release", "revision", "firefox", "rv", "v", "ver", "build", "opera"];

/// Every IPv6 address of the outside, and in a link-local one what comes from the hardware address.
pub(super) fn ipv6(text: &str, addresses: &mut Names, macs: &mut Names) -> Vec<Hole> {
    let mut holes = Vec::new();
    for run in runs(text, |c| c.is_ascii_hexdigit() || matches!(c, ':' | '.')) {
        if text[run.clone()].matches(':').count() < 2 || is_in_word(after(text, run.end)) {
            continue;
        }
        let Some((at, address)) = read_ipv6(text, run) else { continue };
        if is_outside_v6(&address) {
            holes.push(Hole::new(at, addresses.of(&address.to_string())));
        } else if let Some(mac) = hardware(&address) {
            let groups = address.segments();
            let prefix = match groups[1..4] {
                [0, 0, 0] => format!("{:x}:", groups[0]),
                _ => groups[..4].iter().map(|group| format!("{group:x}")).collect::<Vec<_>>().join(":"),
            };
            let own = macs.of(&mac);
            holes.push(Hole::new(at, format!("{prefix}:{:x}:{:x}:{own}", groups[4], groups[5])));
        }
    }
    holes
}

/// Every IPv4 address of the outside.
pub(super) fn ipv4(text: &str, addresses: &mut Names) -> Vec<Hole> {
    let mut holes = Vec::new();
    for run in runs(text, |c| c.is_ascii_digit() || c == '.') {
        let trimmed = text[run.clone()].trim_matches('.');
        let start = run.start + text[run.clone()].find(trimmed).unwrap_or_default();
        let at = start..start + trimmed.len();
        let Some(address) = read_ipv4(trimmed) else { continue };
        let in_word = is_in_word(before(text, at.start)) || is_in_word(after(text, at.end));
        if is_outside(address) && !in_word && !is_version(text, at.start) {
            holes.push(Hole::new(at, addresses.of(&address.to_string())));
        }
    }
    holes
}

/// Whether this is a number that leads somewhere, and not a name.
pub(super) fn is_address(text: &str) -> bool {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    read_ipv4(bare).is_some() || bare.parse::<Ipv6Addr>().is_ok()
}

/// The address at the end of a run: what stands before it may be a word and a colon.
fn read_ipv6(text: &str, run: Range<usize>) -> Option<(Range<usize>, Ipv6Addr)> {
    /// RFC 4291, 2.2: 45 characters, and what may stand before them.
    const LONGEST: usize = 64;
    let mut start = run.start.max(run.end.saturating_sub(LONGEST));
    loop {
        let piece = &text[start..run.end];
        let plain = piece.trim_end_matches('.');
        let plain = if plain.ends_with("::") { plain } else { plain.trim_end_matches(':') };
        if !is_in_word(before(text, start))
            && let Ok(address) = plain.parse()
        {
            return Some((start..start + plain.len(), address));
        }
        start += piece.find(':').map(|colon| colon + 1)?;
    }
}

/// Four numbers below 256, as sloppily written as phones may (leading zeros).
fn read_ipv4(text: &str) -> Option<Ipv4Addr> {
    let mut octets = [0; 4];
    let mut numbers = text.split('.');
    for octet in &mut octets {
        let number = numbers.next().filter(|number| (1..=3).contains(&number.len()))?;
        *octet = number.parse().ok()?;
    }
    numbers.next().is_none().then(|| octets.into())
}

/// Not private, not link-local, not this computer, not a mask, not a group of listeners; addresses
/// that providers share (RFC 6598) lead to nobody either.
fn is_outside(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    let is_shared = first == 100 && (64..128).contains(&second);
    !(address.is_private()
        || address.is_link_local()
        || address.is_loopback()
        || first == 0
        || first >= 224
        || is_shared)
}

fn is_outside_v6(address: &Ipv6Addr) -> bool {
    if let Some(inside) = address.to_ipv4_mapped() {
        return is_outside(inside);
    }
    let first = address.segments()[0];
    let is_near = first & 0xffc0 == 0xfe80 || first & 0xfe00 == 0xfc00 || first & 0xff00 == 0xff00;
    !(is_near || address.is_loopback() || address.is_unspecified())
}

/// The hardware address that an interface has put into its address (RFC 4291, appendix A).
fn hardware(address: &Ipv6Addr) -> Option<String> {
    let bytes = address.octets();
    (bytes[11..13] == [0xff, 0xfe]).then(|| {
        let own = [bytes[8] ^ 2, bytes[9], bytes[10], bytes[13], bytes[14], bytes[15]];
        own.iter().map(|byte| format!("{byte:02x}")).collect()
    })
}

/// Whether the word before calls it a version. Tags and marks between the two are passed over.
fn is_version(text: &str, at: usize) -> bool {
    let mut from = at.saturating_sub(WORD_WITHIN);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let mut words = String::new();
    let mut in_tag = false;
    for character in text[from..at].chars() {
        match character {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            // The window may have begun inside a tag.
            '>' => words.clear(),
            _ if in_tag => {}
            _ => words.push(character),
        }
    }
    let words =
        words.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '=' | '/' | '"' | '\''));
    let word = words.rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    VERSIONS.iter().any(|version| word.eq_ignore_ascii_case(version))
}
