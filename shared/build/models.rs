//! models.tsv as Rust.

use super::origin::Sources;
use super::table::{Row, read, variant};

/// The lines of phones.
pub(crate) const LINES: [&str; 5] = ["early", "classic", "late67", "68xx", "69xx"];

const COLUMNS: [&str; 17] = [
    "name",
    "also",
    "also_from",
    "file",
    "file_from",
    "line",
    "line_from",
    "smallest",
    "largest",
    "bytes_from",
    "login",
    "login_from",
    "keys",
    "keys_from",
    "tftp",
    "tftp_from",
    "picture",
];

/// `Line::Line68xx` for `68xx`, `Line::Early` for `early`.
pub(crate) fn line(name: &str) -> Option<String> {
    let known = LINES.contains(&name);
    let digit = name.starts_with(|first: char| first.is_ascii_digit());
    known.then(|| format!("Line::{}{}", if digit { "Line" } else { "" }, variant(name)))
}

/// Several lines with `+` between them.
pub(crate) fn lines(row: &Row<'_>, column: &str, text: &str) -> Result<String, String> {
    let each = text.split('+').map(|name| {
        line(name).ok_or_else(|| row.wrong(column, &format!("\"{name}\" is none of {}", LINES.join(", "))))
    });
    Ok(format!("&[{}]", each.collect::<Result<Vec<_>, _>>()?.join(", ")))
}

/// The models' first names in order, and the table as Rust.
pub(crate) fn generate<'a>(text: &'a str, sources: &Sources<'_>) -> Result<(Vec<&'a str>, String), String> {
    let rows = read("models.tsv", text, &COLUMNS)?;
    let mut names: Vec<String> = Vec::new();
    let mut files: Vec<&str> = Vec::new();
    let mut models = Vec::new();
    for row in &rows {
        let also: Vec<&str> = row.given("also").map(|also| also.split(',').collect()).unwrap_or_default();
        for name in std::iter::once(row.cell("name")).chain(also.iter().copied()) {
            let plain = name.replace(' ', "").to_ascii_lowercase();
            if plain.is_empty() || !plain.chars().all(|c| c.is_ascii_alphanumeric()) {
                return Err(
                    row.wrong("name", &format!("\"{name}\" has more than letters, digits and blanks"))
                );
            }
            if names.contains(&plain) {
                return Err(row.wrong("name", &format!("\"{name}\" stands twice")));
            }
            names.push(plain);
        }
        let file = row.cell("file");
        let stem = file.strip_suffix(".st").ok_or_else(|| row.wrong("file", "it does not end in .st"))?;
        if !stem.eq_ignore_ascii_case(&row.cell("name").replace(' ', "")) {
            return Err(row.wrong("file", "it is not the model's name and .st"));
        }
        if files.contains(&file) {
            return Err(row.wrong("file", "another model has this file"));
        }
        files.push(file);
        models.push(model(row, &also, sources)?);
    }
    let first = rows.iter().map(|row| row.cell("name")).collect();
    let table = format!(
        "/// Every model, in the order in which people look for them (data/models.tsv).\n\
         pub const MODELS: &[Model] = &[\n{}\n];\n",
        models.join("\n")
    );
    Ok((first, table))
}

fn model(row: &Row<'_>, also: &[&str], sources: &Sources<'_>) -> Result<String, String> {
    let line = row.cell("line");
    let line = self::line(line)
        .ok_or_else(|| row.wrong("line", &format!("\"{line}\" is none of {}", LINES.join(", "))))?;
    let bytes = match (row.given("smallest"), row.given("largest")) {
        (None, None) => "None".to_owned(),
        _ => {
            let (smallest, largest) = (row.number("smallest")?, row.number("largest")?);
            if smallest >= largest {
                return Err(row.wrong("largest", "it is not above the smallest"));
            }
            format!("Some({smallest}..={largest})")
        }
    };
    let (user, password) = row
        .cell("login")
        .split_once('/')
        .filter(|(user, password)| !user.is_empty() && password.chars().all(|c| c.is_ascii_digit()))
        .ok_or_else(|| row.wrong("login", "it should be a name, a slash, and a password of digits"))?;
    let tftp = match row.cell("tftp") {
        "unknown" => "TftpLimit::Unknown".to_owned(),
        "wraps" => "TftpLimit::Wraps".to_owned(),
        _ => format!("TftpLimit::Bytes({})", row.number("tftp")?),
    };
    let also_origin = match also {
        [] => "Origin { confidence: Confidence::Unknown, sources: &[] }".to_owned(),
        _ => sources.origin(row, "also_from")?,
    };
    let origin = |column| sources.origin(row, column);
    Ok(format!(
        "Model {{ name: {:?}, second_names: &{also:?}, file: {:?}, line: {line}, plausible_bytes: {bytes}, \
         login: ({user:?}, {password:?}), keys: {:?}, tftp: {tftp}, picture: {:?}, origins: Origins {{ \
         second_names: {also_origin}, file: {}, line: {}, bytes: {}, login: {}, keys: {}, tftp: {} }} }},",
        row.cell("name"),
        row.cell("file"),
        row.cell("keys"),
        row.cell("picture"),
        origin("file_from")?,
        origin("line_from")?,
        origin("bytes_from")?,
        origin("login_from")?,
        origin("keys_from")?,
        origin("tftp_from")?,
    ))
}
