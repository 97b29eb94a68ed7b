//! From the phone's HTML to its forms: every control in document order.
//!
//! The page is tag soup of 2003 (domain.md 7.2): upper-case tags, no quotes, nothing closed,
//! `<form>` inside `<table>`. The HTML5 tree builder repairs most of it; what it does to
//! misplaced forms (an empty form beside its own controls) is undone here, by giving every
//! control to the last form that opened before it.

use scraper::{ElementRef, Html, Node};
use shared::form::{Choice, Control, ControlKind, Method, RecoveryForm};

/// More than any page of a phone; what lies beyond is not looked at. Tag soup can cost far more
/// than its length, and this is what a stranger at the phone's address may make us spend.
const MOST_HTML_BYTES: usize = 64 * 1024;
/// Tables in tables in tables: no page of a phone is nested deeper, and the walk is recursive.
const DEEPEST: usize = 128;

/// Parses a page, as much of it as is looked at.
pub(super) fn parse(html: &str) -> Html {
    let end = (0..=MOST_HTML_BYTES.min(html.len())).rev().find(|at| html.is_char_boundary(*at)).unwrap_or(0);
    Html::parse_document(&html[..end])
}

/// Every form of the page that has at least one control, in document order.
pub fn read_forms(html: &str, page_path: &str) -> Vec<RecoveryForm> {
    let document = parse(html);
    let mut reader = Reader { forms: Vec::new(), text: String::new(), labels_a_radio: false, page_path };
    reader.walk(document.root_element(), 0);
    reader.forms.retain(|form| !form.controls.is_empty());
    reader.forms
}

/// The page's words without its tags, white space folded.
pub fn visible_text(html: &str) -> String {
    let document = parse(html);
    let mut text = String::new();
    for node in document.root_element().descendants() {
        let Node::Text(words) = node.value() else { continue };
        let hidden = node
            .parent()
            .and_then(ElementRef::wrap)
            .is_some_and(|parent| matches!(parent.value().name(), "script" | "style"));
        if !hidden {
            text.push_str(words);
            text.push(' ');
        }
    }
    fold(&text)
}

struct Reader<'a> {
    forms: Vec<RecoveryForm>,
    /// The words since the last control: its label, as a person reads the page.
    text: String,
    /// The words that follow are the label of a radio button, up to the next line or cell.
    labels_a_radio: bool,
    page_path: &'a str,
}

impl Reader<'_> {
    fn walk(&mut self, element: ElementRef<'_>, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        for child in element.children() {
            if let Node::Text(words) = child.value() {
                if !self.labels_a_radio {
                    self.text.push_str(words);
                    self.text.push(' ');
                }
                continue;
            }
            let Some(child) = ElementRef::wrap(child) else { continue };
            if BREAKS.contains(&child.value().name()) {
                self.labels_a_radio = false;
            }
            match child.value().name() {
                "form" => {
                    self.open_form(child);
                    self.walk(child, depth + 1);
                }
                "input" | "button" => self.input(child),
                "textarea" => {
                    let value = child.text().collect::<String>();
                    self.control(child, ControlKind::Text, value, Vec::new());
                }
                "select" => {
                    let choices = choices(child);
                    self.control(child, ControlKind::Select, String::new(), choices);
                }
                "script" | "style" | "title" => {}
                _ => self.walk(child, depth + 1),
            }
        }
    }

    fn open_form(&mut self, form: ElementRef<'_>) {
        let attribute = |name| form.value().attr(name).unwrap_or("").trim();
        let method =
            if attribute("method").eq_ignore_ascii_case("post") { Method::Post } else { Method::Get };
        self.forms.push(RecoveryForm {
            action: resolve(attribute("action"), self.page_path),
            method,
            multipart: attribute("enctype").eq_ignore_ascii_case("multipart/form-data"),
            controls: Vec::new(),
        });
    }

    fn input(&mut self, input: ElementRef<'_>) {
        let is_button = input.value().name() == "button";
        let written = input.value().attr("type").unwrap_or("").trim().to_ascii_lowercase();
        let kind = match written.as_str() {
            "password" => ControlKind::Password,
            "hidden" => ControlKind::Hidden,
            "radio" => ControlKind::Radio,
            "checkbox" => ControlKind::Checkbox,
            "file" => ControlKind::File,
            "submit" => ControlKind::Submit,
            "image" => ControlKind::Image,
            "button" => ControlKind::Button,
            "reset" => ControlKind::Reset,
            _ if is_button => ControlKind::Submit,
            _ => ControlKind::Text,
        };
        let value = input.value().attr("value").unwrap_or("").to_owned();
        match kind {
            ControlKind::Radio => self.radio(input, value),
            ControlKind::Checkbox if input.value().attr("value").is_none() => {
                self.control(input, kind, "on".into(), Vec::new());
            }
            _ => self.control(input, kind, value, Vec::new()),
        }
    }

    /// Radio buttons of one name are one control; the words after a button are its label.
    fn radio(&mut self, input: ElementRef<'_>, value: String) {
        let name = input.value().attr("name").unwrap_or("").to_owned();
        let value = if input.value().attr("value").is_some() { value } else { "on".into() };
        let choice =
            Choice { value, label: words_after(input), selected: input.value().attr("checked").is_some() };
        let Some(form) = self.forms.last_mut() else { return };
        let known = form
            .controls
            .iter_mut()
            .find(|control| control.kind == ControlKind::Radio && control.name == name);
        match known {
            Some(known) => known.choices.push(choice),
            None => self.control(input, ControlKind::Radio, String::new(), vec![choice]),
        }
        self.labels_a_radio = true;
    }

    fn control(&mut self, element: ElementRef<'_>, kind: ControlKind, value: String, choices: Vec<Choice>) {
        self.labels_a_radio = false;
        let attribute = |name| element.value().attr(name);
        let label = match kind {
            ControlKind::Hidden => String::new(),
            _ => fold(&std::mem::take(&mut self.text)),
        };
        let control = Control {
            value,
            label: label.trim_end_matches([':', ' ']).to_owned(),
            choices,
            checked: attribute("checked").is_some(),
            disabled: attribute("disabled").is_some(),
            script: attribute("onclick").unwrap_or("").to_owned(),
            ..Control::new(kind, attribute("name").unwrap_or(""))
        };
        // A control before any form belongs to none, and is never sent.
        if let Some(form) = self.forms.last_mut() {
            form.controls.push(control);
        }
    }
}

fn choices(select: ElementRef<'_>) -> Vec<Choice> {
    select
        .descendants()
        .filter_map(ElementRef::wrap)
        .filter(|element| element.value().name() == "option")
        .map(|option| {
            let label = fold(&option.text().collect::<String>());
            let value = option.value().attr("value").map_or_else(|| label.clone(), str::to_owned);
            Choice { value, label, selected: option.value().attr("selected").is_some() }
        })
        .collect()
}

/// Where a new line or cell begins: what was labelled before it is behind it.
const BREAKS: [&str; 12] = ["br", "p", "div", "tr", "td", "th", "table", "li", "dt", "dd", "form", "hr"];

/// The words right after an element, up to the next control or line.
fn words_after(element: ElementRef<'_>) -> String {
    let mut words = String::new();
    for node in element.next_siblings() {
        match node.value() {
            Node::Text(text) => words.push_str(text),
            Node::Element(next)
                if matches!(next.name(), "input" | "select" | "textarea")
                    || BREAKS.contains(&next.name()) =>
            {
                break;
            }
            _ => {
                let inner = ElementRef::wrap(node).map(|inner| inner.text().collect::<String>());
                words.push_str(&inner.unwrap_or_default());
            }
        }
    }
    fold(&words)
}

/// The form's action against the page's own path, like a browser does. Another host is never
/// followed: only path and query are kept.
fn resolve(action: &str, page_path: &str) -> String {
    let action = action.split('#').next().unwrap_or("");
    // A script is none of ours to run; the page itself is where most of them lead.
    if action.is_empty() || action.to_ascii_lowercase().starts_with("javascript:") {
        return page_path.to_owned();
    }
    if let Some((_, after)) = action.split_once("://") {
        return after.find('/').map_or_else(|| "/".to_owned(), |slash| after[slash..].to_owned());
    }
    if action.starts_with('/') {
        return action.to_owned();
    }
    let path = page_path.split('?').next().unwrap_or("/");
    if action.starts_with('?') {
        return format!("{path}{action}");
    }
    let folder = path.rfind('/').map_or("/", |slash| &path[..=slash]);
    format!("{folder}{}", action.strip_prefix("./").unwrap_or(action))
}

fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SOUP: &str = r#"
        <HTML><HEAD><TITLE>Web Recovery</TITLE><BODY>
        <TABLE><FORM METHOD=post ACTION=upgrade.html?go=1>
        <TR><TD>File Name:<TD><INPUT NAME=file VALUE="">
        <TR><TD>File Type<TD><SELECT NAME=kind><OPTION VALUE=1>Config<OPTION VALUE=2 SELECTED>Firmware</SELECT>
        <TR><TD>Protocol<TD><INPUT TYPE=radio NAME=proto VALUE=0 CHECKED>TFTP <INPUT TYPE=radio NAME=proto VALUE=1>FTP
        <TR><TD>TFTP Server:<TD><INPUT TYPE=TEXT NAME=tftp>
        <INPUT TYPE=hidden NAME=token VALUE="a&amp;b">
        <TR><TD><INPUT TYPE=submit VALUE="Download"></TABLE>"#;

    #[test]
    fn reads_tag_soup_with_a_form_inside_a_table() {
        let forms = read_forms(SOUP, "/recovery/index.html");
        assert_eq!(forms.len(), 1);
        let form = &forms[0];
        assert_eq!(form.action, "/recovery/upgrade.html?go=1");
        assert_eq!(form.method, Method::Post);
        let seen: Vec<_> = form
            .controls
            .iter()
            .map(|control| {
                (control.kind, control.name.as_str(), control.label.as_str(), control.value.as_str())
            })
            .collect();
        assert_eq!(
            seen,
            [
                (ControlKind::Text, "file", "File Name", ""),
                (ControlKind::Select, "kind", "File Type", ""),
                (ControlKind::Radio, "proto", "Protocol", ""),
                (ControlKind::Text, "tftp", "TFTP Server", ""),
                (ControlKind::Hidden, "token", "", "a&b"),
                (ControlKind::Submit, "", "", "Download"),
            ]
        );
        let labels: Vec<_> =
            form.controls[2].choices.iter().map(|c| (c.value.as_str(), c.label.as_str())).collect();
        assert_eq!(labels, [("0", "TFTP"), ("1", "FTP")]);
        assert_eq!(form.controls[1].default_value(), Some("2"));
    }

    #[test]
    fn several_forms_keep_their_own_controls() {
        let forms = read_forms(
            "<form action=/a><input name=x></form><form action=/b><input name=y><form><input name=z>",
            "/",
        );
        let names: Vec<Vec<&str>> = forms
            .iter()
            .map(|form| form.controls.iter().map(|control| control.name.as_str()).collect())
            .collect();
        // A form inside a form does not exist in HTML: its controls belong to the outer one.
        assert_eq!(names, [vec!["x"], vec!["y", "z"]]);
    }

    #[test]
    fn the_action_is_resolved_like_a_browser_does() {
        for (action, page, expected) in [
            ("", "/x/y.html", "/x/y.html"),
            ("javascript:go()", "/x/y.html", "/x/y.html"),
            ("go", "/x/y.html", "/x/go"),
            ("./go", "/", "/go"),
            ("/go#here", "/x/y.html", "/go"),
            ("?a=1", "/x/y.html?b=2", "/x/y.html?a=1"),
            ("http://10.0.0.1/go?x", "/", "/go?x"),
            ("http://10.0.0.1", "/", "/"),
        ] {
            assert_eq!(resolve(action, page), expected, "{action} on {page}");
        }
    }

    #[test]
    fn a_page_made_to_exhaust_us_is_read_as_far_as_is_sensible() {
        for tag in ["<div>", "<b>", "<b><i><font>", "<table><tr><td>", "<form><input name=x>"] {
            let html = tag.repeat(200_000);
            assert!(read_forms(&html, "/").len() < MOST_HTML_BYTES);
            // At most the tag that was cut in two.
            assert!(visible_text(&html).len() < tag.len());
        }
    }

    #[test]
    fn scripts_are_no_words() {
        assert_eq!(
            visible_text("<script>var a</script><b>Invalid</b>\n Parameters<style>b{}</style>"),
            "Invalid Parameters"
        );
    }

    proptest! {
        #[test]
        fn no_page_is_too_strange(html in "(<[/a-z]{0,6}( [a-z]{0,4}=?\"?[a-z]{0,3}\"?)?>?|[ -~\u{e9}\0]{0,5}){0,60}") {
            for form in read_forms(&html, "/") {
                prop_assert!(!form.controls.is_empty());
            }
            visible_text(&html);
        }
    }
}
