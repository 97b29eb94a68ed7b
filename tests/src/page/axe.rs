//! Whether everybody can use the page, by axe-core: WCAG 2.2 A and AA and axe's own good
//! practices, in the browser itself, where colours and sizes are known.

use std::fs;

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::programs::tools;

/// Which of axe's rules are asked. Target size (WCAG 2.5.8) is off by itself in axe.
const RULES: &str = "wcag2a wcag2aa wcag21a wcag21aa wcag22a wcag22aa best-practice";

/// axe-core, of the version that `xtask` fetches.
#[derive(Debug)]
pub struct Axe(String);

impl Axe {
    /// Reads it.
    pub fn load() -> Self {
        let path = tools().join("axe/node_modules/axe-core/axe.min.js");
        let source = fs::read_to_string(&path);
        Self(source.unwrap_or_else(|error| {
            panic!("{}: {error}; `cargo xtask test` fetches axe-core with npm", path.display())
        }))
    }

    /// What is wrong with the page as it is now: a sentence for each place.
    pub async fn violations(&self, browser: &Browser) -> Vec<String> {
        if browser.script("return typeof axe").await == "undefined" {
            browser.script(&self.0).await;
        }
        const RUN: &str = "const [tags, done] = arguments;
            axe.run(document, {
                runOnly: tags.split(' '), rules: {'target-size': {enabled: true}}, resultTypes: ['violations'],
            }).then(found => done(found.violations), error => done(String(error)));";
        let found = browser.script_that_calls_back(RUN, vec![json!(RULES)]).await;
        let Value::Array(found) = found else { panic!("axe could not look: {found}") };
        found.iter().flat_map(sentences).collect()
    }
}

fn sentences(violation: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let places = violation["nodes"].as_array().cloned().unwrap_or_default();
    let sentence = |place: &Value| {
        format!(
            "{} ({}), at {}: {}",
            text(&violation["help"]),
            text(&violation["id"]),
            place["target"],
            text(&place["failureSummary"]).split_whitespace().collect::<Vec<_>>().join(" ")
        )
    };
    places.iter().map(sentence).collect()
}
