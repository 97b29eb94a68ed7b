//! rules.tsv as Rust.

use super::models::lines;
use super::origin::Sources;
use super::table::{Row, read, variant};

const COLUMNS: [&str; 11] = [
    "rule",
    "phones",
    "file_from",
    "file_below",
    "present_from",
    "present_below",
    "bites",
    "unknown",
    "otherwise",
    "file_unknown",
    "from",
];

/// The table, and the enum of its rules, as Rust.
pub(crate) fn generate(text: &str, sources: &Sources<'_>) -> Result<String, String> {
    let rows = read("rules.tsv", text, &COLUMNS)?;
    let mut names: Vec<&str> = Vec::new();
    let mut rules = Vec::new();
    for row in &rows {
        let name = row.cell("rule");
        if !name.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_')) || names.contains(&name) {
            return Err(row.wrong("rule", "it has more than small letters, digits and _, or stands twice"));
        }
        names.push(name);
        rules.push(format!(
            "Rule {{ name: RuleName::{}, phones: {}, file: {}, present: {}, bites: {}, unknown: {}, \
             otherwise: {}, file_unknown: {}, origin: {} }},",
            variant(name),
            lines(row, "phones", row.cell("phones"))?,
            range(row, "file_from", "file_below")?,
            range(row, "present_from", "present_below")?,
            severity(row, "bites")?,
            severity(row, "unknown")?,
            severity(row, "otherwise")?,
            severity(row, "file_unknown")?,
            sources.origin(row, "from")?,
        ));
    }
    let each =
        |line: &dyn Fn(&str) -> String| names.iter().map(|name| line(name)).collect::<Vec<_>>().join("\n");
    Ok(format!(
        "/// The rules, by name (data/rules.tsv).\n\
         #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]\npub enum RuleName {{\n{}\n}}\n\n\
         impl RuleName {{\n/// The stable name, as it stands in `--json` lines.\n\
         pub fn name(self) -> &'static str {{ match self {{\n{}\n}} }}\n}}\n\n\
         /// Every rule.\npub static RULES: &[Rule] = &[\n{}\n];\n",
        each(&|name| format!(
            "/// `{name}` in data/rules.tsv.\n#[serde(rename = {name:?})]\n{},",
            variant(name)
        )),
        each(&|name| format!("RuleName::{} => {name:?},", variant(name))),
        rules.join("\n")
    ))
}

fn range(row: &Row<'_>, from: &str, below: &str) -> Result<String, String> {
    Ok(format!("Versions {{ from: {}, below: {} }}", version(row, from)?, version(row, below)?))
}

/// `5.0.0` or `4.3.0.1075`.
fn version(row: &Row<'_>, column: &str) -> Result<String, String> {
    let Some(cell) = row.given(column) else { return Ok("None".to_owned()) };
    let numbers: Result<Vec<u32>, _> = cell.split('.').map(str::parse).collect();
    match numbers.as_deref() {
        Ok([a, b, c]) => Ok(format!("Some(Version::new([{a}, {b}, {c}], None))")),
        Ok([a, b, c, build]) => Ok(format!("Some(Version::new([{a}, {b}, {c}], Some({build})))")),
        _ => Err(row.wrong(column, &format!("\"{cell}\" is no version such as 5.0.0 or 4.3.0.1075"))),
    }
}

fn severity(row: &Row<'_>, column: &str) -> Result<String, String> {
    match row.cell(column) {
        "-" => Ok("None".to_owned()),
        known @ ("refuse" | "confirm" | "warn" | "note" | "unknown") => {
            Ok(format!("Some(Severity::{})", variant(known)))
        }
        other => {
            Err(row.wrong(column, &format!("\"{other}\" is none of refuse, confirm, warn, unknown, note, -")))
        }
    }
}
