//! What a button's script does to the form, when it is simple enough to read.
//!
//! Old pages have `<input type=button onclick="document.forms[0].cmd.value='go'; submit()">`
//! (hypothesis H6, domain.md 1.6). Nothing is run here: assignments of plain values are read,
//! in the script itself and in the functions of the page that it calls. What stands under a
//! condition is left alone, for nobody can know whether it would happen.

use serde::{Deserialize, Serialize};

/// What a script does, as far as it can be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// Fields, by name or id, and the value that each is given, in order.
    pub sets: Vec<(String, String)>,
    /// Where the form is sent instead, as the script writes it.
    pub action: Option<String>,
    /// Whether it sends the form by itself.
    pub submits: bool,
}

/// Functions that call each other are followed so deep.
const DEEPEST: usize = 4;
/// As much of a script as is looked at, in bytes: more than any page of a phone has.
const MOST_BYTES: usize = 16 * 1024;

impl Effect {
    /// Reads what a handler does, with the scripts of the page beside it.
    pub fn read(handler: &str, page_scripts: &str) -> Self {
        let mut effect = Effect::default();
        effect.take(clipped(handler), clipped(page_scripts), &[], 0);
        effect
    }

    /// Whether it changes what is sent.
    pub fn changes(&self) -> bool {
        !self.sets.is_empty() || self.action.is_some()
    }

    fn take(&mut self, script: &str, page: &str, arguments: &[(String, String)], depth: usize) {
        let plain = without_conditions(script);
        for statement in plain.split([';', '\n', '{', '}']) {
            let statement = statement.trim();
            if let Some((target, value)) = assignment(statement) {
                let value = literal(value).or_else(|| {
                    arguments.iter().find(|(name, _)| name == value).map(|(_, value)| value.clone())
                });
                let Some(value) = value else { continue };
                if let Some(field) = target.strip_suffix(".value").and_then(field_of) {
                    self.sets.push((field, value));
                } else if target.ends_with(".action") {
                    self.action = Some(value);
                }
            } else if statement.contains("submit(") {
                self.submits = true;
            } else if let (true, Some((name, given))) = (depth < DEEPEST, call(statement))
                && let Some((parameters, body)) = function(page, name)
            {
                let inner: Vec<(String, String)> = parameters
                    .into_iter()
                    .zip(given)
                    .filter_map(|(name, value)| Some((name, literal(&value)?)))
                    .collect();
                self.take(body, page, &inner, depth + 1);
            }
        }
    }
}

fn clipped(script: &str) -> &str {
    let end = (0..=MOST_BYTES.min(script.len())).rev().find(|at| script.is_char_boundary(*at));
    &script[..end.unwrap_or(0)]
}

/// `target = value`, and nothing that only looks like it.
fn assignment(statement: &str) -> Option<(&str, &str)> {
    let at = statement.find('=')?;
    let (target, value) = (statement[..at].trim(), statement[at + 1..].trim());
    let compares = value.starts_with('=') || target.ends_with(['!', '<', '>', '+', '-']);
    (!compares && !target.contains(['"', '\'']) || is_lookup(target)).then_some((target, value))
}

/// `document.getElementById('x').value`, `elements["x"].value`: quotes are part of the target.
fn is_lookup(target: &str) -> bool {
    (target.ends_with(".value") || target.ends_with(".action")) && !target.contains('=')
}

/// A quoted text or a number, alone.
fn literal(value: &str) -> Option<String> {
    let value = value.trim();
    for quote in ['\'', '"'] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return (!inner.contains([quote, '\\'])).then(|| inner.to_owned());
        }
    }
    (!value.is_empty() && value.chars().all(|c| c.is_ascii_digit())).then(|| value.to_owned())
}

/// The field at the end of `document.forms[0].cmd`, `form['cmd']` or `getElementById("cmd")`.
fn field_of(target: &str) -> Option<String> {
    let target = target.strip_suffix("[0]").unwrap_or(target);
    if let Some(rest) = target.strip_suffix([']', ')']) {
        return literal(&rest[rest.rfind(['[', '('])? + 1..]);
    }
    let name = target.rsplit('.').next().unwrap_or(target);
    let is_name =
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '-'));
    is_name.then(|| name.to_owned())
}

/// `name(a, b)`, also behind `return` and `javascript:`.
fn call(statement: &str) -> Option<(&str, Vec<String>)> {
    let statement = statement.strip_prefix("return ").unwrap_or(statement).trim();
    let statement = statement.strip_prefix("javascript:").unwrap_or(statement).trim();
    let (name, rest) = statement.split_once('(')?;
    let name = name.trim();
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$'));
    let inside = &rest[..rest.rfind(')')?];
    is_name.then(|| (name, inside.split(',').map(|one| one.trim().to_owned()).collect()))
}

/// The parameters and the body of `function name(a, b) { … }`.
fn function<'a>(page: &'a str, name: &str) -> Option<(Vec<String>, &'a str)> {
    let mut from = 0;
    loop {
        let at = from + page.get(from..)?.find("function")? + "function".len();
        from = at;
        let Some((found, rest)) = page[at..].split_once('(') else { continue };
        if found.trim() != name {
            continue;
        }
        let (parameters, rest) = rest.split_once(')')?;
        let start = rest.find('{')?;
        let length = block_length(&rest[start..])?;
        let parameters = parameters.split(',').map(|one| one.trim().to_owned()).collect();
        return Some((parameters, &rest[start + 1..start + length - 1]));
    }
}

/// Bytes of the block that begins here, with its brackets, quotes left alone.
fn block_length(text: &str) -> Option<usize> {
    let (open, close) = match text.chars().next()? {
        '{' => ('{', '}'),
        _ => ('(', ')'),
    };
    let (mut depth, mut quote) = (0_usize, None);
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, _) if character == open => depth += 1,
            (None, _) if character == close => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + close.len_utf8());
                }
            }
            (None, _) => {}
        }
    }
    None
}

/// The script without what stands behind `if`, `else`, `for` and `while`.
fn without_conditions(script: &str) -> String {
    const WORDS: [&str; 4] = ["if", "else", "for", "while"];
    let mut kept = String::new();
    let mut rest = script;
    'script: while let Some(first) = rest.chars().next() {
        let begins_word = !kept.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '$'));
        for word in WORDS {
            let Some(after) = rest.strip_prefix(word) else { continue };
            if !begins_word || after.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let after = after.trim_start();
            let condition =
                if after.starts_with('(') { block_length(after).unwrap_or(after.len()) } else { 0 };
            let body = after[condition..].trim_start();
            let length = if body.starts_with('{') {
                block_length(body).unwrap_or(body.len())
            } else {
                body.find(';').map_or(body.len(), |at| at + 1)
            };
            rest = &body[length..];
            kept.push(';');
            continue 'script;
        }
        kept.push(first);
        rest = &rest[first.len_utf8()..];
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(handler: &str, page: &str, sets: &[(&str, &str)], submits: bool) {
        let effect = Effect::read(handler, page);
        let found: Vec<_> = effect.sets.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!((found.as_slice(), effect.submits), (sets, submits), "{handler}");
    }

    #[test]
    fn plain_assignments_are_read_in_every_spelling() {
        check("document.forms[0].submit()", "", &[], true);
        check("this.form.submit();", "", &[], true);
        check("document.recover.cmd.value='go';document.recover.submit();", "", &[("cmd", "go")], true);
        check("this.form.elements[\"cmd\"].value = \"go\"; return true", "", &[("cmd", "go")], false);
        check("document.getElementById('x').value=1", "", &[("x", "1")], false);
        check("document.getElementsByName('n')[0].value='v'", "", &[("n", "v")], false);
    }

    #[test]
    fn a_function_of_the_page_is_followed_with_its_arguments() {
        let page = "function a(){} function go(what, f) { f.cmd.value = what; f.submit(); }";
        check("return go('flash', this.form)", page, &[("cmd", "flash")], true);
        check("javascript:go('x', this)", page, &[("cmd", "x")], true);
        check("again()", "function again() { again(); }", &[], false);
        check("nobody()", page, &[], false);
    }

    #[test]
    fn what_hangs_on_a_condition_or_a_sum_is_left_alone() {
        check("if (x == 1) { f.a.value='1'; } else f.a.value='2'; f.b.value='3'", "", &[("b", "3")], false);
        check("f.a.value = 'x' + y", "", &[], false);
        check("if (f.a.value == '') alert('no'); f.submit()", "", &[], true);
        check("x == 'a'", "", &[], false);
    }

    #[test]
    fn another_action_is_seen() {
        let effect = Effect::read("this.form.action='/other.cgi';this.form.submit()", "");
        assert_eq!((effect.action.as_deref(), effect.submits), (Some("/other.cgi"), true));
    }
}
