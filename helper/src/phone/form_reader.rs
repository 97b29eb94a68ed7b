//! From the phone's HTML to its forms: every control in document order.
//!
//! The page is tag soup of 2003 (domain.md 7.2). A control belongs to the form that is open where
//! it is written, as in a browser: a form ends at `</form>`, a form inside a form does not exist,
//! and tables have no say in it. The labels are found in `labels` and given in
//! `form_words`, when all of the page was read.

use scraper::Html;
use shared::form::{Charset, Control, ControlKind, Method, RecoveryForm};

use super::labels::{Item, Place};
use super::links::base;
use super::reply::Reply;
use super::resolve::{self, Here};
use super::soup::{Element, Piece, clipped, fold, is_cut, pieces, words};

/// Parses a page as a tree, as much of it as is looked at.
pub(super) fn parse(html: &str) -> Html {
    Html::parse_document(clipped(html))
}

/// The page's words without its tags, white space folded.
pub fn visible_text(html: &str) -> String {
    words(&pieces(html))
}

/// What can be filled in on a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fields {
    /// Every form that has at least one control, in document order.
    pub(super) forms: Vec<RecoveryForm>,
    /// Controls that belong to no form, or to one of which the end was not seen: none of them can
    /// be sent.
    pub(super) stray: Vec<Control>,
}

impl Fields {
    /// Whether there is anything that a person fills in.
    pub(super) fn can_be_filled(&self) -> bool {
        let controls = self.forms.iter().flat_map(|form| &form.controls).chain(&self.stray);
        controls.into_iter().any(|control| control.is_typed() || control.kind == ControlKind::File)
    }
}

/// Everything on the page that can be filled in.
pub(super) fn read_fields(reply: &Reply, here: &Here) -> Fields {
    let html = &reply.body;
    let pieces = pieces(html);
    let mut reader = Reader::new(here.clone(), base(&pieces, here), reply.charset);
    reader.cut = is_cut(html);
    for piece in &pieces {
        match piece {
            Piece::Open(element) => reader.open(element),
            Piece::Close(name) => reader.close(name),
            Piece::Words(words) => reader.words(words),
        }
    }
    reader.finish()
}

/// Where a new line begins.
pub(super) const LINES: [&str; 35] = [
    "br",
    "p",
    "div",
    "table",
    "tr",
    "td",
    "th",
    "li",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "form",
    "hr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "center",
    "fieldset",
    "legend",
    "caption",
    "pre",
    "blockquote",
    "section",
    "body",
    "html",
    "head",
    "title",
    "thead",
    "tbody",
    "tfoot",
];
/// Where a list of choices ends, when nobody closed it.
pub(super) const END_SELECT: [&str; 10] =
    ["tr", "td", "th", "table", "input", "textarea", "select", "button", "form", "body"];

/// What the words that come next belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Into {
    Page,
    Nothing,
    Script,
    Title,
    Textarea,
    Button,
    Select { in_option: bool },
    Legend,
}

/// A control, where it is kept, and where its label is.
pub(super) struct Kept {
    pub(super) form: Option<usize>,
    pub(super) control: usize,
    /// For a radio button, which of the choices.
    pub(super) choice: Option<usize>,
    pub(super) id: String,
    pub(super) legend: String,
    /// The `<label>` that it stands in.
    pub(super) label: Option<usize>,
    /// What it says about itself, where nothing stands beside it.
    pub(super) hint: String,
}

pub(super) struct Reader {
    /// The page itself: where a form without an action goes, whatever the page's base is (WHATWG
    /// HTML, 4.10.21.3).
    pub(super) document: Here,
    pub(super) here: Here,
    /// The page goes on where we stopped looking.
    pub(super) cut: bool,
    pub(super) charset: Charset,
    pub(super) forms: Vec<RecoveryForm>,
    /// Controls outside of any form: never sent, but words beside them are theirs.
    pub(super) stray: Vec<Control>,
    pub(super) ids: Vec<String>,
    pub(super) handlers: Vec<(Option<usize>, usize, String)>,
    pub(super) on_submits: Vec<(usize, String)>,
    /// Links that run a script, as the controls that they may be.
    pub(super) links: Vec<(Option<usize>, usize)>,
    /// The one of which the words come next.
    pub(super) open_link: Option<(Option<usize>, usize)>,
    pub(super) scripts: String,
    pub(super) open: Option<usize>,
    pub(super) into: Into,
    pub(super) items: Vec<(Item, Place)>,
    pub(super) kept: Vec<Kept>,
    pub(super) place: Place,
    /// The column of the next cell, counted from 1.
    pub(super) next_column: usize,
    /// The cells around the tables that are open.
    pub(super) tables: Vec<(Place, usize)>,
    pub(super) last: usize,
    pub(super) legends: Vec<String>,
    /// Every `<label>`: for which id, and its words.
    pub(super) labels: Vec<(String, String)>,
    pub(super) open_label: Option<usize>,
}

impl Reader {
    fn new(document: Here, here: Here, charset: Charset) -> Self {
        Self {
            document,
            here,
            cut: false,
            charset,
            forms: Vec::new(),
            stray: Vec::new(),
            ids: Vec::new(),
            handlers: Vec::new(),
            on_submits: Vec::new(),
            links: Vec::new(),
            open_link: None,
            scripts: String::new(),
            open: None,
            into: Into::Page,
            items: Vec::new(),
            kept: Vec::new(),
            place: Place::default(),
            next_column: 1,
            tables: Vec::new(),
            last: 0,
            legends: Vec::new(),
            labels: Vec::new(),
            open_label: None,
        }
    }

    fn next(&mut self) -> usize {
        self.last += 1;
        self.last
    }

    fn open(&mut self, element: &Element) {
        let name = element.name.as_str();
        self.end_select(name);
        if LINES.contains(&name) {
            self.place.line = self.next();
        }
        match name {
            "form" => self.open_form(element),
            "table" => {
                self.tables.push((self.place, self.next_column));
                let table = self.next();
                self.place = Place { table, row: 0, column: 0, ..self.place };
            }
            "tr" => self.row(),
            "td" | "th" => self.cell(element),
            "fieldset" => self.legends.push(String::new()),
            "legend" => self.into = Into::Legend,
            "label" => {
                self.labels.push((element.text("for").to_owned(), String::new()));
                self.open_label = Some(self.labels.len() - 1);
            }
            "script" => self.into = Into::Script,
            "style" => self.into = Into::Nothing,
            "title" => self.into = Into::Title,
            "input" => self.input(element),
            "button" => self.button(element),
            "a" => self.link(element),
            // A picture of words.
            "img" => self.words(element.text("alt")),
            "textarea" => {
                self.control(element, ControlKind::Text, "", None);
                self.into = Into::Textarea;
            }
            "select" => {
                self.control(element, ControlKind::Select, "", None);
                self.into = Into::Select { in_option: false };
            }
            "option" if matches!(self.into, Into::Select { .. }) => self.option(element),
            _ => {}
        }
    }

    /// A list, a button or a legend that nobody closed ends where something else begins.
    fn end_select(&mut self, name: &str) {
        let unclosed = matches!(self.into, Into::Select { .. } | Into::Button | Into::Legend);
        if unclosed && END_SELECT.contains(&name) {
            self.into = Into::Page;
        }
    }

    fn close(&mut self, name: &str) {
        self.end_select(name);
        if LINES.contains(&name) {
            self.place.line = self.next();
        }
        match name {
            "form" => self.open = None,
            "table" => {
                let (outer, column) = self.tables.pop().unwrap_or_default();
                self.place = Place { line: self.place.line, ..outer };
                self.next_column = column;
            }
            "tr" => self.place.row = 0,
            "fieldset" => drop(self.legends.pop()),
            "label" => self.open_label = None,
            "option" if matches!(self.into, Into::Select { .. }) => {
                self.into = Into::Select { in_option: false };
            }
            "script" | "style" | "title" | "textarea" | "button" | "select" | "legend" => {
                self.into = Into::Page
            }
            "a" => self.open_link = None,
            _ => {}
        }
    }

    fn row(&mut self) {
        let row = self.next();
        self.place = Place { row, column: 0, ..self.place };
        self.next_column = 1;
    }

    /// A cell stands at its first column.
    fn cell(&mut self, element: &Element) {
        const MOST_COLUMNS: usize = 100;
        if self.place.row == 0 {
            self.row();
        }
        self.place.column = self.next_column;
        self.next_column += element.text("colspan").parse().unwrap_or(1).clamp(1, MOST_COLUMNS);
    }

    fn words(&mut self, words: &str) {
        match self.into {
            Into::Nothing | Into::Title => {}
            Into::Script => {
                self.scripts.push_str(words);
                self.scripts.push('\n');
            }
            Into::Textarea => {
                let words = words.strip_prefix('\n').unwrap_or(words).to_owned();
                if let Some(control) = self.last_control() {
                    control.value = words;
                }
            }
            Into::Button => {
                let label = fold(words);
                if let Some(control) = self.last_control() {
                    control.label = fold(&format!("{} {label}", control.label));
                }
            }
            Into::Select { in_option } => {
                let choice = self.last_control().and_then(|control| control.choices.last_mut());
                if let (true, Some(choice)) = (in_option, choice) {
                    choice.label = fold(&format!("{} {words}", choice.label));
                }
            }
            Into::Legend => {
                let words = fold(words);
                if let Some(legend) = self.legends.last_mut() {
                    *legend = fold(&format!("{legend} {words}"));
                }
            }
            Into::Page => self.page_words(words),
        }
    }

    fn page_words(&mut self, words: &str) {
        let words = fold(words);
        if let Some((form, at)) = self.open_link
            && let Some(link) = self.controls(form).get_mut(at)
        {
            link.label = fold(&format!("{} {words}", link.label));
        }
        if let Some(label) = self.open_label {
            let text = &mut self.labels[label].1;
            *text = fold(&format!("{text} {words}"));
        }
        // Dots, stars and lines between the fields are no labels.
        if words.chars().any(char::is_alphanumeric) {
            self.items.push((Item::Words(words), self.place));
        }
    }

    fn open_form(&mut self, element: &Element) {
        // A form inside a form does not exist (WHATWG HTML, 13.2.6.4.7).
        if self.open.is_some() {
            return;
        }
        let method =
            if element.text("method").eq_ignore_ascii_case("post") { Method::Post } else { Method::Get };
        let action = element.text("action");
        let from = if action.is_empty() { &self.document } else { &self.here };
        let (action, elsewhere) = match from.resolve(action) {
            resolve::Place::Phone(path) => (path, None),
            // A script is none of ours to run; the page itself is where most of them lead.
            resolve::Place::Script => (self.document.path.clone(), None),
            resolve::Place::Elsewhere(place) => (String::new(), Some(place)),
        };
        self.on_submits.push((self.forms.len(), element.text("onsubmit").to_owned()));
        self.ids.push(element.text("id").to_owned());
        self.open = Some(self.forms.len());
        self.forms.push(RecoveryForm {
            action,
            elsewhere,
            method,
            multipart: element.text("enctype").eq_ignore_ascii_case("multipart/form-data"),
            charset: Charset::named(element.text("accept-charset")).unwrap_or(self.charset),
            ..RecoveryForm::default()
        });
    }

    pub(super) fn controls(&mut self, form: Option<usize>) -> &mut Vec<Control> {
        match form {
            Some(form) => &mut self.forms[form].controls,
            None => &mut self.stray,
        }
    }

    pub(super) fn last_control(&mut self) -> Option<&mut Control> {
        let (form, control) = self.kept.last().map(|kept| (kept.form, kept.control))?;
        self.controls(form).get_mut(control)
    }
}

/// Stands for the value of an option that has none; no page can write it, for the tokenizer makes
/// something else of it.
pub(super) const NO_VALUE: &str = "\0";
