//! Hardware addresses: the maker's half stays, for it says whose device it is (domain.md 5.2); the
//! half that is one device's own goes.

use super::holes::{Hole, after, before, is_in_word};
use super::names::Names;

/// Hex digits of a hardware address.
const DIGITS: usize = 12;
/// Those that tell the maker.
const OF_THE_MAKER: usize = 6;

/// The last three bytes of every hardware address, in all ways of writing it: pairs, groups of
/// four, or without marks, as in the name of a phone's configuration.
pub(super) fn holes(text: &str, macs: &mut Names) -> Vec<Hole> {
    let bytes = text.as_bytes();
    let mut holes = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let begins = bytes[at].is_ascii_hexdigit() && !is_in_word(before(text, at));
        match begins.then(|| read(text, at)).flatten() {
            Some(mac) => {
                let mark = if mac.marked { "" } else { "-" };
                holes.push(Hole::new(mac.own..mac.end, format!("{mark}{}", macs.of(&mac.digits))));
                at = mac.end;
            }
            None => at += 1,
        }
    }
    holes
}

/// The first hardware address in a text, in the usual way of writing it.
pub(crate) fn first(text: &str) -> Option<String> {
    let found = (0..text.len())
        .filter(|at| text.as_bytes()[*at].is_ascii_hexdigit() && !is_in_word(before(text, *at)))
        .find_map(|at| read(text, at))?;
    let pairs: Vec<&str> = (0..DIGITS).step_by(2).filter_map(|at| found.digits.get(at..at + 2)).collect();
    Some(pairs.join(":").to_ascii_uppercase())
}

struct Mac {
    /// In lower case, without marks.
    digits: String,
    /// Where the device's own half begins.
    own: usize,
    end: usize,
    /// Whether a mark stands before that half.
    marked: bool,
}

/// A hardware address that begins here.
fn read(text: &str, start: usize) -> Option<Mac> {
    let bytes = text.as_bytes();
    let (mut digits, mut at, mut group) = (String::new(), start, 0);
    let (mut mark, mut width, mut own) = (None, 0, start);
    let mut marked = false;
    while digits.len() < DIGITS {
        match bytes.get(at).copied() {
            Some(byte) if byte.is_ascii_hexdigit() => {
                if digits.len() == OF_THE_MAKER {
                    (own, marked) = (at, group == 0);
                }
                digits.push(char::from(byte.to_ascii_lowercase()));
                group += 1;
            }
            Some(byte @ (b':' | b'-' | b'.')) if *mark.get_or_insert(byte) == byte => {
                if width == 0 {
                    width = group;
                }
                let is_known = matches!((byte, width), (b':' | b'-', 2) | (b'.' | b'-', 4));
                if !is_known || group != width {
                    return None;
                }
                group = 0;
            }
            _ => return None,
        }
        at += 1;
    }
    let goes_on = is_in_word(after(text, at))
        || (mark == Some(b':') && after(text, at) == Some(':') && is_in_word(after(text, at + 1)));
    let is_whole = width == 0 || group == width;
    // A row of decimal digits is a date or a number; nobody's and everybody's address is no secret.
    let is_number = mark.is_none() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_nobodys = ["000000000000", "ffffffffffff"].contains(&digits.as_str());
    (!goes_on && is_whole && !is_number && !is_nobodys).then_some(Mac { digits, own, end: at, marked })
}
