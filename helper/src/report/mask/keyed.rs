//! Values that stand behind the name of what they are: `key: value` and `key=value` lines, the next
//! cell of a table, the field beside a label, attributes of a tag, elements of XML and strings of a
//! script.

use std::ops::Range;

use super::words::{Kind, words};

/// Characters that a key may go on with behind the word in it: `password for the user:`.
const MOST_MORE: usize = 24;
/// Bytes of a tag.
const LONGEST_TAG: usize = 2048;
/// Bytes of a user's or a computer's name.
const LONGEST_NAME: usize = 256;
/// Tags between a label and its value.
const BETWEEN: [&str; 26] = [
    "td", "/td", "th", "/th", "dd", "/dd", "dt", "/dt", "b", "/b", "i", "/i", "em", "/em", "font", "/font",
    "strong", "/strong", "span", "/span", "label", "/label", "nobr", "/nobr", "tt", "/tt",
];

/// A value, and what it is.
pub(super) struct Value {
    pub(super) at: Range<usize>,
    pub(super) kind: Kind,
}

/// Every such value in a text. `named` says of a field's name that it is a password's.
pub(super) fn values(text: &str, named: impl Fn(&str) -> bool) -> Vec<Value> {
    let lower = text.to_ascii_lowercase();
    let (scripts, tags) = (scripts(&lower), tags(&lower));
    let mut values: Vec<Value> = Vec::new();
    let mut masked = 0;
    for word in words(&lower) {
        // It lies in a secret, and goes with it.
        if word.start < masked || is_placeholder(&lower, word.start, word.end) {
            continue;
        }
        let in_script = scripts.iter().any(|script| script.contains(&word.start));
        // A script is worth reading: only what is a password for certain goes.
        if in_script && word.kind != Kind::Secret {
            continue;
        }
        let found = match tag_around(&tags, word.start) {
            Some(tag) if !in_script => in_tag(&lower, &tag, word.start..word.end, word.kind),
            _ => in_text(&lower, word.end),
        };
        let Some(at) = found else { continue };
        if word.kind == Kind::Secret {
            masked = masked.max(at.end);
        } else if at.len() > LONGEST_NAME {
            continue;
        }
        values.push(Value { at, kind: word.kind });
    }
    // The fields that the form's own mapping calls passwords, whatever their names say.
    for (at, _) in lower.match_indices("name=") {
        let Some(tag) = tag_around(&tags, at) else { continue };
        let name = attribute(text, &tag, "name").and_then(|at| text.get(at));
        if name.is_some_and(&named) {
            values.extend(attribute(&lower, &tag, "value").map(|at| Value { at, kind: Kind::Secret }));
        }
    }
    values
}

/// `user-1` and `host-1` have such a word in them.
fn is_placeholder(lower: &str, start: usize, end: usize) -> bool {
    let number =
        lower[end..].strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    number && matches!(&lower[start..end], "user" | "host")
}

fn scripts(lower: &str) -> Vec<Range<usize>> {
    let end = |start: usize| lower[start..].find("</script").map_or(lower.len(), |end| start + end);
    lower.match_indices("<script").map(|(start, _)| start..end(start)).collect()
}

/// The tag that this place is inside of, without its brackets.
fn tag_around(tags: &[Range<usize>], at: usize) -> Option<Range<usize>> {
    let next = tags.partition_point(|tag| tag.start <= at);
    tags[..next].last().filter(|tag| at < tag.end).cloned()
}

/// All tags. What is too long for one is read as text.
fn tags(lower: &str) -> Vec<Range<usize>> {
    let mut tags = Vec::new();
    let mut open = None;
    for (at, mark) in lower.match_indices(['<', '>']) {
        if let Some(start) = open {
            let closed: Range<usize> = start..at;
            if closed.len() <= LONGEST_TAG {
                tags.push(closed);
            }
        }
        open = (mark == "<").then_some(at + 1);
    }
    tags.extend(open.map(|start| start..lower.len()).filter(|tag| tag.len() <= LONGEST_TAG));
    tags
}

/// The value of an attribute. Both texts may be asked: they differ in case alone.
fn attribute(text: &str, tag: &Range<usize>, name: &str) -> Option<Range<usize>> {
    let inside = text.get(tag.clone())?;
    let wanted = format!("{name}=");
    let at = inside.to_ascii_lowercase().match_indices(&wanted).map(|(at, _)| at).find(|at| {
        inside[..*at].chars().next_back().is_some_and(|c| c.is_whitespace() || matches!(c, '"' | '\''))
    })?;
    let start = tag.start + at + wanted.len();
    Some(quoted(text, start, tag.end))
}

/// What stands in quotation marks here, or up to a blank.
fn quoted(text: &str, start: usize, limit: usize) -> Range<usize> {
    let rest = &text[start..limit];
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    match quote {
        Some(quote) => {
            let from = start + 1;
            from..text[from..limit].find(quote).map_or(limit, |end| from + end)
        }
        None => start..rest.find(|c: char| c.is_whitespace() || c == '>').map_or(limit, |end| start + end),
    }
}

fn in_tag(lower: &str, tag: &Range<usize>, word: Range<usize>, kind: Kind) -> Option<Range<usize>> {
    const UNSAID: [&str; 7] = ["submit", "button", "image", "reset", "radio", "checkbox", "file"];
    let name_end =
        lower[tag.clone()].find(|c: char| c.is_whitespace()).map_or(tag.end, |end| tag.start + end);
    let content = |from: usize| {
        let from = (from + 1).min(lower.len());
        from..lower[from..].find('<').map_or(lower.len(), |end| from + end)
    };
    // `<password>…</password>`
    if word.start < name_end {
        let closes = lower[tag.clone()].starts_with('/');
        return (!closes).then(|| content(tag.end));
    }
    if let Some(value) = query_value(lower, word.end, tag.end) {
        return Some(value);
    }
    let speaks = ["name", "id", "type", "http-equiv", "placeholder", "title", "key"];
    let is_named = speaks.iter().any(|name| {
        attribute(lower, tag, name).is_some_and(|at| at.start <= word.start && word.end <= at.end)
    });
    if !is_named {
        return None;
    }
    let says = attribute(lower, tag, "type").and_then(|at| lower.get(at)).unwrap_or_default();
    if kind != Kind::Secret && UNSAID.contains(&says) || matches!(says, "submit" | "button" | "image") {
        return None;
    }
    if lower[tag.clone()].starts_with("textarea") {
        return Some(content(tag.end));
    }
    attribute(lower, tag, "value").or_else(|| attribute(lower, tag, "content"))
}

/// `?password=secret&` in an address, and `password="secret"` as an attribute.
fn query_value(lower: &str, end: usize, limit: usize) -> Option<Range<usize>> {
    let more = lower[end..limit].find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')))?;
    let sign = end + more;
    let is_sign = lower[sign..limit].starts_with('=');
    let start = sign + 1;
    is_sign.then(|| {
        if lower[start..limit].starts_with(['"', '\'']) {
            return quoted(lower, start, limit);
        }
        let is_end = |c: char| c.is_whitespace() || matches!(c, '&' | ';' | '"' | '\'' | '#' | '<');
        start..lower[start..limit].find(is_end).map_or(limit, |end| start + end)
    })
}

fn in_text(lower: &str, end: usize) -> Option<Range<usize>> {
    let is_more = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, ' ' | '_' | '-' | '(' | ')' | '.' | '/' | '"' | '\'' | '[' | ']')
    };
    let rest = &lower[end..];
    let more = rest.char_indices().take(MOST_MORE + 1).find(|(_, c)| !is_more(*c));
    let more = more.map_or(rest.len(), |(at, _)| at);
    if more > MOST_MORE {
        return None;
    }
    let mut at = end + more;
    let sign = lower[at..].chars().next().filter(|c| matches!(c, ':' | '='));
    let mut is_said = sign.is_some();
    at += usize::from(is_said);
    // `==` compares, in a script.
    if lower[at..].starts_with('=') {
        return None;
    }
    let is_tight = sign == Some('=') && !lower[at..].starts_with(' ');
    loop {
        let blank = if is_said { &[' ', '\t'][..] } else { &[' ', '\t', '\r', '\n'][..] };
        let trimmed = lower[at..].trim_start_matches(blank);
        let after_tags = trimmed.trim_start_matches(['\r', '\n']);
        at = lower.len() - trimmed.len();
        // Between the cells of a table a new line is nothing.
        if !after_tags.starts_with('<') {
            let in_cell = trimmed.trim_start();
            if is_said && in_cell.starts_with([':', '=']) {
                at = lower.len() - in_cell.len() + 1;
                continue;
            }
            break;
        }
        at = lower.len() - after_tags.len();
        let tag =
            at + 1..at + lower.as_bytes()[at..].iter().take(LONGEST_TAG).position(|byte| *byte == b'>')?;
        let name =
            lower[tag.clone()].split(|c: char| c.is_whitespace() || c == '/').find(|part| !part.is_empty());
        let name = name.unwrap_or_default();
        let closes = lower[tag.clone()].starts_with('/');
        match name {
            "input" => {
                let says = attribute(lower, &tag, "type").and_then(|at| lower.get(at)).unwrap_or("text");
                let is_typed = matches!(says, "text" | "password" | "hidden");
                return attribute(lower, &tag, "value").filter(|_| is_typed);
            }
            "textarea" if !closes => {
                let from = (tag.end + 1).min(lower.len());
                return Some(from..lower[from..].find('<').map_or(lower.len(), |end| from + end));
            }
            name if BETWEEN.contains(&name) => {
                is_said |= !closes && matches!(name, "td" | "th" | "dd");
                at = (tag.end + 1).min(lower.len());
                if is_said {
                    let rest = lower[at..].trim_start();
                    at = lower.len() - rest.len();
                }
            }
            _ => return None,
        }
    }
    if !is_said {
        return None;
    }
    let rest = &lower[at..];
    let range = match rest.chars().next() {
        Some('"' | '\'') => quoted(lower, at, lower.len()),
        _ => {
            let is_end = |c: char| matches!(c, '\r' | '\n' | '<') || (is_tight && matches!(c, '&' | ';'));
            at..rest.find(is_end).map_or(lower.len(), |end| at + end)
        }
    };
    let value = &lower[range.clone()];
    let trimmed = value.trim();
    let start = range.start + value.find(trimmed).unwrap_or_default();
    Some(start..start + trimmed.len())
}
