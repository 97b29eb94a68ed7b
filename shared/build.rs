//! The tables of `data/` as Rust, so that a row that is wrong fails the build with a sentence.
//!
//! Written into one file that `shared::catalogue` includes. No dependencies: what it needs is
//! a line, a tab and a number.

#![allow(clippy::print_stdout, reason = "cargo reads what a build script prints")]

#[path = "build/archives.rs"]
mod archives;
#[path = "build/models.rs"]
mod models;
#[path = "build/origin.rs"]
mod origin;
#[path = "build/rules.rs"]
mod rules;
#[path = "build/table.rs"]
mod table;

use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=data");
    if let Err(sentence) = generate() {
        println!("cargo::error={sentence}");
    }
}

fn generate() -> Result<(), String> {
    let folder = env::var("CARGO_MANIFEST_DIR").map_err(|error| error.to_string())?;
    let read = |name: &str| {
        let path = Path::new(&folder).join("data").join(name);
        fs::read_to_string(&path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
    };
    let (sources, models) = (read("sources.tsv")?, read("models.tsv")?);
    let tables = tables(&sources, &models, &read("rules.tsv")?, &read("firmware-archives.tsv")?)?;
    let out = env::var("OUT_DIR").map_err(|error| error.to_string())?;
    let path = Path::new(&out).join("tables.rs");
    fs::write(&path, tables).map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

/// All tables as Rust.
pub(crate) fn tables(sources: &str, models: &str, rules: &str, archives: &str) -> Result<String, String> {
    let sources = origin::Sources::read(sources)?;
    let (names, models) = models::generate(models, &sources)?;
    let rules = rules::generate(rules, &sources)?;
    let archives = archives::generate(archives, &names)?;
    Ok([sources.generate()?, models, rules, archives].join("\n"))
}
