//! What a page says to the person before it: its words apart from each other, its title, and
//! what its scripts write or say at once.
//!
//! No script is run. `document.write` and `alert` with plain texts, outside of functions and
//! without a condition, are read as a browser of 2003 would have shown them.

use super::form_reader::{END_SELECT, LINES};
use super::soup::{Piece, fold, pieces, words};

/// The page's words as a person sees them apart: by lines, and by everything that sets words off
/// from others, such as bold type.
pub(super) fn runs(html: &str) -> Vec<String> {
    let pieces = pieces(html);
    let is_line = |name: &str| LINES.contains(&name) || END_SELECT.contains(&name);
    let mut runs = broken(&pieces, is_line);
    runs.extend(broken(&pieces, |_| true));
    runs
}

/// The page's words, and what its scripts say in windows of their own.
pub(super) fn spoken_text(html: &str) -> String {
    let pieces = pieces(html);
    let mut said = vec![words(&pieces)];
    let mut in_script = false;
    for piece in &pieces {
        match piece {
            Piece::Words(script) if in_script => said.extend(alerts(script)),
            Piece::Open(element) => in_script = element.name == "script",
            Piece::Close(_) => in_script = false,
            Piece::Words(_) => {}
        }
    }
    fold(&said.join(" "))
}

/// The page's title.
pub(super) fn title(html: &str) -> Option<String> {
    let pieces = pieces(html);
    let at =
        pieces.iter().position(|piece| matches!(piece, Piece::Open(element) if element.name == "title"))?;
    match pieces.get(at + 1) {
        Some(Piece::Words(words)) => Some(fold(words)),
        _ => None,
    }
}

/// The words again, as the pieces in which a person sees them: `breaks` says at which tags a new
/// piece begins. What a script says in a window of its own is a piece, too.
fn broken(pieces: &[Piece], breaks: impl Fn(&str) -> bool) -> Vec<String> {
    let mut runs = vec![String::new()];
    let mut into = "";
    for piece in pieces {
        match piece {
            Piece::Words(script) if into == "script" => {
                runs.extend(alerts(script));
                runs.push(String::new());
            }
            Piece::Words(_) if into == "style" => {}
            Piece::Words(words) => {
                if let Some(run) = runs.last_mut() {
                    run.push_str(words);
                }
            }
            Piece::Open(element) => {
                into = element.name.as_str();
                if breaks(into) {
                    runs.push(String::new());
                }
            }
            Piece::Close(name) => {
                into = "";
                if breaks(name) {
                    runs.push(String::new());
                }
            }
        }
    }
    runs.iter().map(|run| fold(run)).filter(|run| !run.is_empty()).collect()
}

/// What a script says with `alert("…")` at once.
fn alerts(script: &str) -> Vec<String> {
    said(script, &["alert"])
}

/// What a script writes into the page at once, where it is plain text.
pub(super) fn written(script: &str) -> String {
    said(script, &["document.writeln", "document.write"]).concat()
}

/// The plain texts that are given to these functions, outside of other functions and without a
/// condition. Of a sum, only the texts.
fn said(script: &str, functions: &[&str]) -> Vec<String> {
    let (mut depth, mut at, mut found) = (0_usize, 0, Vec::new());
    let mut statement = 0;
    while let Some(character) = script.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = &script[at..];
        let called =
            functions.iter().find_map(|name| rest.strip_prefix(name)?.trim_start().strip_prefix('('));
        match (character, called) {
            (_, Some(arguments)) if depth == 0 && !hangs(&script[statement..at]) => {
                let (text, length) = literals(arguments);
                found.push(text);
                at = script.len() - arguments.len() + length;
                continue;
            }
            ('{', _) => depth += 1,
            ('}', _) => depth = depth.saturating_sub(1),
            ('\'' | '"', _) => {
                let (_, length) = quoted(rest);
                at += length;
                continue;
            }
            _ => {}
        }
        if matches!(character, ';' | '{' | '}' | '\n') {
            statement = at + 1;
        }
        at += character.len_utf8();
    }
    found
}

/// Whether what comes next in a statement hangs on a condition, or is part of another word.
fn hangs(before: &str) -> bool {
    let before = before.trim_start();
    let goes_on = before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$'));
    goes_on || ["if", "else", "for", "while"].iter().any(|word| before.starts_with(word))
}

/// The quoted texts up to the bracket that closes, and how far that is.
fn literals(arguments: &str) -> (String, usize) {
    let (mut text, mut at, mut depth) = (String::new(), 0, 0_usize);
    while let Some(character) = arguments.get(at..).and_then(|rest| rest.chars().next()) {
        match character {
            '\'' | '"' => {
                let (inner, length) = quoted(&arguments[at..]);
                text.push_str(&inner);
                at += length;
                continue;
            }
            '(' => depth += 1,
            ')' if depth == 0 => break,
            ')' => depth -= 1,
            _ => {}
        }
        at += character.len_utf8();
    }
    (text, at)
}

/// The text between quotes, and its length with them. It ends at the end of the line at the
/// latest.
fn quoted(text: &str) -> (String, usize) {
    let mut characters = text.char_indices();
    let quote = characters.next().map(|(_, quote)| quote);
    let mut inner = String::new();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => match characters.next().map(|(_, escaped)| escaped) {
                Some('n') => inner.push('\n'),
                Some('t') => inner.push('\t'),
                Some('\n') | None => {}
                Some(escaped) => inner.push(escaped),
            },
            '\n' => return (inner, at),
            _ if Some(character) == quote => return (inner, at + character.len_utf8()),
            _ => inner.push(character),
        }
    }
    (inner, text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_script_writes_at_once_is_part_of_the_page() {
        let html = "<script>var a='{'; document.write('<b>Re' + \"covery<\\/b>\");\n\
                    if (a) document.write('no'); function f(){document.write('no');}</script>end";
        assert_eq!(words(&pieces(html)), "Recovery end");
    }

    #[test]
    fn what_a_script_says_in_a_window_is_a_run_of_its_own() {
        let html = "<b>One</b> two<p>three<script>function f(){alert('no')} alert(\"It's four\")</script>";
        let runs = broken(&pieces(html), |name| name == "p");
        assert_eq!(runs, ["One two", "three", "It's four"]);
    }
}
