//! Where a fact comes from: `documented WAZO+ARCH`, checked against the table of sources.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::table::{Row, read, variant};

/// The tags of sources.tsv, and which of them were used.
#[derive(Debug)]
pub(crate) struct Sources<'a> {
    all: Vec<(&'a str, &'a str)>,
    used: RefCell<BTreeSet<String>>,
}

impl<'a> Sources<'a> {
    /// Reads sources.tsv.
    pub(crate) fn read(text: &'a str) -> Result<Self, String> {
        let rows = read("sources.tsv", text, &["tag", "what"])?;
        let mut all: Vec<(&str, &str)> = Vec::new();
        for row in &rows {
            let tag = row.cell("tag");
            if !tag.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()) {
                return Err(row.wrong("tag", "a tag has capital letters and digits only"));
            }
            if all.iter().any(|(known, _)| *known == tag) {
                return Err(row.wrong("tag", "this tag stands twice"));
            }
            all.push((tag, row.cell("what")));
        }
        Ok(Self { all, used: RefCell::default() })
    }

    /// A cell such as `documented WAZO+ARCH` or `unknown`, as Rust.
    pub(crate) fn origin(&self, row: &Row<'_>, column: &str) -> Result<String, String> {
        let cell = row.cell(column);
        let (confidence, tags) = cell.split_once(' ').unwrap_or((cell, ""));
        match (confidence, tags) {
            ("unknown", "") => {}
            ("documented" | "observed" | "inferred", tags) if !tags.is_empty() => {}
            _ => {
                let why = "it should be documented, observed or inferred with a source, or unknown";
                return Err(row.wrong(column, &format!("\"{cell}\": {why}")));
            }
        }
        let mut sources = Vec::new();
        for tag in tags.split('+').filter(|tag| !tag.is_empty()) {
            if !self.all.iter().any(|(known, _)| *known == tag) {
                return Err(row.wrong(column, &format!("\"{tag}\" stands not in sources.tsv")));
            }
            self.used.borrow_mut().insert(tag.to_owned());
            sources.push(format!("Source::{}", variant(tag)));
        }
        let confidence = variant(confidence);
        Ok(format!("Origin {{ confidence: Confidence::{confidence}, sources: &[{}] }}", sources.join(", ")))
    }

    /// The enum of the sources, once every table was read.
    pub(crate) fn generate(&self) -> Result<String, String> {
        let used = self.used.borrow();
        if let Some((tag, _)) = self.all.iter().find(|(tag, _)| !used.contains(*tag)) {
            return Err(format!("sources.tsv, \"{tag}\": no row of another table uses it"));
        }
        let each = |line: &dyn Fn(&str, &str) -> String| {
            self.all.iter().map(|(tag, what)| line(tag, what)).collect::<Vec<_>>().join("\n")
        };
        Ok(format!(
            "/// Where a fact comes from (data/sources.tsv).\n\
             #[derive(Debug, Clone, Copy, PartialEq, Eq)]\npub enum Source {{\n{}\n}}\n\n\
             impl Source {{\n/// Its tag in the tables.\npub fn tag(self) -> &'static str {{ match self {{\n{}\n}} }}\n\n\
             /// What it is.\npub fn what(self) -> &'static str {{ match self {{\n{}\n}} }}\n}}\n",
            each(&|tag, what| format!("/// {what}\n{},", variant(tag))),
            each(&|tag, _| format!("Source::{} => {tag:?},", variant(tag))),
            each(&|tag, what| format!("Source::{} => {what:?},", variant(tag))),
        ))
    }
}
