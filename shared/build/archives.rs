//! firmware-archives.tsv as Rust.

use super::models::lines;
use super::table::{Row, read};

/// Hex digits of a sha1 (FIPS 180-4: 160 bits).
const SHA1_DIGITS: usize = 40;

/// The table as Rust; `models` are the first names in the order of models.tsv.
pub(crate) fn generate(text: &str, models: &[&str]) -> Result<String, String> {
    let rows = read("firmware-archives.tsv", text, &["archive", "bytes", "sha1", "set", "holds"])?;
    let mut seen: Vec<&str> = Vec::new();
    let mut archives = Vec::new();
    for row in &rows {
        let sha1 = row.cell("sha1");
        if sha1.len() != SHA1_DIGITS || !sha1.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')) {
            return Err(row.wrong("sha1", "it is not 40 small hex digits"));
        }
        if seen.contains(&sha1) {
            return Err(row.wrong("sha1", "another archive has it"));
        }
        seen.push(sha1);
        let bytes = row.number("bytes")?;
        let digits: Vec<String> = (0..SHA1_DIGITS)
            .step_by(2)
            .map(|at| format!("0x{}", sha1.get(at..at + 2).unwrap_or_default()))
            .collect();
        archives.push(format!(
            "Archive {{ name: {:?}, bytes: {bytes}, sha1: [{}], set: {:?}, holds: {} }},",
            row.cell("archive"),
            digits.join(", "),
            row.cell("set"),
            holds(row, models)?
        ));
    }
    Ok(format!(
        "/// Every archive of the maker's that is known (data/firmware-archives.tsv).\n\
         pub static ARCHIVES: &[Archive] = &[\n{}\n];\n",
        archives.join("\n")
    ))
}

fn holds(row: &Row<'_>, models: &[&str]) -> Result<String, String> {
    let cell = row.cell("holds");
    if cell == "languages" {
        return Ok("Holds::Languages".to_owned());
    }
    if let Some(names) = cell.strip_prefix("lines ") {
        return Ok(format!("Holds::Lines({})", lines(row, "holds", names)?));
    }
    let at = models.iter().position(|name| *name == cell);
    let at = at.ok_or_else(|| row.wrong("holds", &format!("\"{cell}\" is no model of models.tsv")))?;
    Ok(format!("Holds::Model(&MODELS[{at}])"))
}
