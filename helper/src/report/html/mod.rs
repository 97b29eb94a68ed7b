//! The report as one page that needs nothing else: no script, no other file, and a policy that lets
//! neither in, for it holds the phone's own HTML as text ([`escape`]).

mod escape;
mod sections;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha256};
use shared::protocol::Outcome;
use shared::text::report as words;

use super::Report;
use escape::escape;

/// The whole look of the page; light, dark and on paper.
const STYLE: &str = include_str!("style.css");

/// The report as a page.
pub fn html(report: &Report) -> String {
    // The one style is let in by its own sum, and nothing else at all (CSP Level 3, 2.3.1).
    let sum = BASE64.encode(Sha256::digest(STYLE));
    let policy = format!("default-src 'none'; style-src 'sha256-{sum}'; base-uri 'none'; form-action 'none'");
    let outcome = match &report.phone.outcome {
        Some(Outcome::Verified) => "verified",
        Some(Outcome::Failed(_)) => "failed",
        None => "running",
    };
    let sections: String = sections::ALL.iter().map(|section| section(report)).collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}: {heading}</title>\n<style>{STYLE}</style>\n</head>\n\
         <body class=\"{outcome}\">\n<main>\n{sections}</main>\n</body>\n</html>\n",
        title = escape(words::TITLE),
        heading = escape(report.summary.heading),
    )
}

/// A heading and what stands under it.
fn section(heading: &str, content: &str) -> String {
    format!("<section>\n<h2>{}</h2>\n{content}</section>\n", escape(heading))
}

fn paragraph(text: &str) -> String {
    format!("<p>{}</p>\n", escape(text))
}

/// Names and values, a line each; what is not known is left out.
fn facts(facts: &[(&str, Option<String>)]) -> String {
    let row = |(name, value): &(&str, Option<String>)| {
        let value = value.as_deref()?;
        Some(format!("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escape(name), escape(value)))
    };
    let rows: String = facts.iter().filter_map(row).collect();
    if rows.is_empty() {
        paragraph(words::NOTHING)
    } else {
        format!("<table><tbody>\n{rows}</tbody></table>\n")
    }
}

/// A table with a heading for each column.
fn table<const COLUMNS: usize>(
    heads: [&str; COLUMNS],
    rows: impl IntoIterator<Item = [String; COLUMNS]>,
) -> String {
    let heads: String = heads.iter().map(|head| format!("<th scope=\"col\">{}</th>", escape(head))).collect();
    let cells = |row: [String; COLUMNS]| {
        let cells: String = row.iter().map(|cell| format!("<td>{}</td>", escape(cell))).collect();
        format!("<tr>{cells}</tr>\n")
    };
    let rows: String = rows.into_iter().map(cells).collect();
    format!("<table><thead><tr>{heads}</tr></thead><tbody>\n{rows}</tbody></table>\n")
}

#[cfg(test)]
mod tests;
