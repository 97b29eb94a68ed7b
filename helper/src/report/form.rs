//! The phone's forms as they were read: every field, what it was taken for and why. Read again from
//! the exchanges, so that the form of an unknown model is told, too, of which nothing was sent.

use std::collections::HashSet;

use serde::Serialize;
use shared::address::PhoneAddress;
use shared::form::{Control, ControlKind, Mapping, Method, RecoveryForm};
use shared::text;

use crate::phone::answer::{Answer, RecoveryPage, recognise};
use crate::phone::exchange_log::RecordedExchange;
use crate::phone::reply::Reply;
use crate::phone::resolve::Here;

/// Forms that are told: a page that is made anew each time does not fill the report.
const MOST_FORMS: usize = 8;
/// Fields of a form that are told: five times those of the largest page known (domain.md 1.2).
const MOST_FIELDS: usize = 100;
/// Choices of a field that are told.
const MOST_CHOICES: usize = 40;

/// A form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FormRead {
    /// Path of the page that it is on.
    pub page: String,
    /// Where it is sent to.
    pub action: String,
    /// `get` or `post`, and how the fields are written.
    pub method: String,
    /// Every field, in document order.
    pub fields: Vec<FieldRead>,
    /// Fields for which there was more than one, a question each.
    pub questions: Vec<String>,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldRead {
    /// Its name.
    pub name: String,
    /// `text`, `select` and so on.
    pub kind: String,
    /// The words beside it.
    pub label: String,
    /// Its value as it came.
    pub value: String,
    /// What can be chosen.
    pub choices: Vec<String>,
    /// What it was taken for; none is: it goes out as it came.
    pub taken_for: Option<String>,
    /// How sure that is.
    pub certainty: Option<String>,
    /// Why.
    pub why: Option<String>,
}

/// Every form that was understood or asked about, each once, and the names of fields for passwords.
pub(super) fn read(address: &PhoneAddress, exchanges: &[RecordedExchange]) -> (Vec<FormRead>, Vec<String>) {
    let (mut forms, mut secrets) = (Vec::<FormRead>::new(), Vec::new());
    let mut seen: HashSet<&[u8]> = HashSet::new();
    for exchange in exchanges {
        let Ok(reply) = &exchange.reply else { continue };
        if forms.len() >= MOST_FORMS || !seen.insert(reply) {
            continue;
        }
        let here = Here::new(address.clone(), path_of(&exchange.request));
        let Answer::Recovery(page) = recognise(&Reply::read(reply), &here) else { continue };
        secrets.extend(page.secrets());
        for form in forms_of(&page) {
            if !forms.iter().any(|known| is_same(known, &form)) {
                forms.push(form);
            }
        }
    }
    (forms, secrets)
}

fn forms_of(page: &RecoveryPage) -> Vec<FormRead> {
    let others = page.others.iter().map(|other| (&other.form, &other.mapping));
    let all = std::iter::once((&page.form, &page.mapping)).chain(others);
    all.map(|(form, mapping)| form_read(&page.path, form, mapping)).collect()
}

fn form_read(page: &str, form: &RecoveryForm, mapping: &Mapping) -> FormRead {
    let method = match (form.method, form.multipart) {
        (Method::Get, _) => "get",
        (Method::Post, false) => "post",
        (Method::Post, true) => "post, multipart/form-data",
    };
    let name = |index: &usize| form.controls.get(*index).map_or("", |control| control.name.as_str());
    let question = |tie: &shared::form::Tie| {
        let names: Vec<&str> = tie.controls.iter().take(MOST_FIELDS).map(name).collect();
        text::form::tie(tie.target, &names)
    };
    FormRead {
        page: page.to_owned(),
        action: form.elsewhere.clone().unwrap_or_else(|| form.action.clone()),
        method: method.to_owned(),
        fields: form
            .controls
            .iter()
            .enumerate()
            .take(MOST_FIELDS)
            .map(|field| field_read(field, mapping))
            .collect(),
        questions: mapping.ties.iter().filter(|tie| tie.controls.len() > 1).map(question).collect(),
    }
}

fn field_read((index, control): (usize, &Control), mapping: &Mapping) -> FieldRead {
    let mapped = mapping.mapped.iter().find(|mapped| mapped.control == index);
    let choice = |choice: &shared::form::Choice| match choice.label.as_str() {
        "" => choice.value.clone(),
        label if label == choice.value => label.to_owned(),
        label => format!("{} ({label})", choice.value),
    };
    let words = [&control.label, &control.note].into_iter().filter(|words| !words.is_empty());
    FieldRead {
        name: control.name.clone(),
        kind: kind(control.kind).to_owned(),
        label: words.map(String::as_str).collect::<Vec<_>>().join(" "),
        value: control.value.clone(),
        choices: control.choices.iter().take(MOST_CHOICES).map(choice).collect(),
        taken_for: mapped.map(|mapped| text::form::role(mapped.target)),
        certainty: mapped.map(|mapped| text::form::certainty(mapped.certainty).to_owned()),
        why: mapped.map(|mapped| text::form::evidence(&mapped.evidence)),
    }
}

fn kind(kind: ControlKind) -> &'static str {
    match kind {
        ControlKind::Text => "text",
        ControlKind::Password => "password",
        ControlKind::Hidden => "hidden",
        ControlKind::Select => "select",
        ControlKind::Radio => "radio",
        ControlKind::Checkbox => "checkbox",
        ControlKind::File => "file",
        ControlKind::Submit => "submit",
        ControlKind::Image => "image",
        ControlKind::Button => "button",
        ControlKind::Reset => "reset",
    }
}

/// The same but for values: a form may carry a new token each time.
fn is_same(one: &FormRead, two: &FormRead) -> bool {
    let fields = |form: &FormRead| -> Vec<(String, String)> {
        form.fields.iter().map(|field| (field.name.clone(), field.kind.clone())).collect()
    };
    one.action == two.action && fields(one) == fields(two)
}

/// The path of a request's first line.
fn path_of(request: &[u8]) -> String {
    let line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    line.split(' ').nth(1).unwrap_or("/").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::UNIX_EPOCH;

    fn exchange(page: &str) -> RecordedExchange {
        let reply = format!("HTTP/1.0 200 OK\r\n\r\n<title>Web Recovery</title>{page}");
        RecordedExchange::new(UNIX_EPOCH, b"GET /rec.html HTTP/1.0\r\n\r\n", Ok(reply.as_bytes()), &[])
    }

    #[test]
    fn a_form_is_told_once_with_what_each_field_was_taken_for() {
        let form = |token: &str| {
            exchange(&format!(
                "<form method=post action=go.cgi>Firmware file name<input name=f1 value=57i.st>\
                 TFTP Server<input name=f2><input type=password name=x>\
                 <input type=hidden name=t value={token}><input type=submit value=Go></form>"
            ))
        };
        let (forms, secrets) = read(&"10.0.0.2".parse().unwrap(), &[form("a1"), form("b2"), form("b2")]);
        let [form] = forms.as_slice() else { panic!("{forms:#?}") };
        assert_eq!(
            (form.page.as_str(), form.action.as_str(), form.method.as_str()),
            ("/rec.html", "/go.cgi", "post")
        );
        let names: Vec<_> =
            form.fields.iter().map(|field| (field.name.as_str(), field.kind.as_str())).collect();
        assert_eq!(
            names,
            [("f1", "text"), ("f2", "text"), ("x", "password"), ("t", "hidden"), ("", "submit")]
        );
        assert!(
            form.fields[0].taken_for.as_deref().is_some_and(|role| role.contains("firmware file")),
            "{form:#?}"
        );
        assert!(form.fields[0].why.is_some() && form.fields[3].taken_for.is_none());
        assert_eq!(secrets[0], "x");
    }

    #[test]
    fn fields_that_nobody_understands_are_told_all_the_same() {
        let (forms, _) = read(
            &"10.0.0.2".parse().unwrap(),
            &[exchange("<form method=post action=/x><input name=q><input name=w><input type=submit></form>")],
        );
        assert_eq!(forms[0].fields.len(), 3);
    }
}
