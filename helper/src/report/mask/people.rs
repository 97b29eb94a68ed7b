//! Whose computer it is: names in paths, numbers to call.

use super::holes::{Hole, before, is_in_word};
use super::names::{Names, OWN};

/// Digits that a number to call has at least and at most (ITU-T E.164, 6).
const NUMBER: std::ops::RangeInclusive<usize> = 6..=15;

/// The person's own folder: `/home/…`, `/Users/…`, `C:\Users\…`.
pub(super) fn in_paths(text: &str) -> Vec<Hole> {
    let lower = text.to_ascii_lowercase();
    let mut holes = Vec::new();
    for folder in ["/home/", "/users/", "\\users\\", "\\\\users\\\\", "\\documents and settings\\"] {
        for (at, _) in lower.match_indices(folder) {
            let start = at + folder.len();
            let is_end = |c: char| c.is_control() || "/\\\"'<>:|?*".contains(c);
            let end = text[start..].find(is_end).map_or(text.len(), |end| start + end);
            if end > start {
                holes.push(Hole::new(start..end, OWN[1]));
            }
        }
    }
    holes
}

/// Numbers to call: behind `tel:` and `sip:`, and those with the plus of another country.
pub(super) fn numbers(text: &str, users: &mut Names) -> Vec<Hole> {
    let lower = text.to_ascii_lowercase();
    let mut holes = Vec::new();
    let belongs =
        |c: char| c.is_ascii_digit() || matches!(c, '+' | '*' | '#' | '-' | '(' | ')' | ' ' | '/' | '.');
    let plus = lower.match_indices('+').map(|(at, _)| at).filter(|at| !is_in_word(before(text, *at)));
    let schemes = ["tel:", "sip:", "sips:"].into_iter();
    let behind = schemes.flat_map(|scheme| lower.match_indices(scheme).map(move |(at, _)| at + scheme.len()));
    let mut starts: Vec<(usize, usize)> = plus.map(|at| (at, *NUMBER.start())).collect();
    starts.extend(behind.map(|at| (at, 2)));
    for (start, least) in starts {
        let rest = &text[start..];
        // A number has blanks and marks between its digits, and no more of them than digits.
        let most = rest.char_indices().nth(2 * NUMBER.end()).map_or(rest.len(), |(at, _)| at);
        let whole = &rest[..rest[..most].find(|c| !belongs(c)).unwrap_or(most)];
        let number = whole.trim_end_matches(|c: char| !c.is_ascii_digit());
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let is_address = number.matches('.').count() == 3;
        let goes_on = is_in_word(rest[number.len()..].chars().next());
        if digits.len() >= least && digits.len() <= *NUMBER.end() && !is_address && !goes_on {
            holes.push(Hole::new(start..start + number.len(), users.of(&digits)));
        }
    }
    holes
}
