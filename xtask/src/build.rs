//! Building the page, and the program with the page inside.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Result, bail};

use crate::run::{must, root, tell};
use crate::setup;

/// What the page is made of: when none of it is newer than the built page, it is up to date.
const SOURCES: [&str; 13] = [
    "frontend/src",
    "frontend/index.html",
    "frontend/start.js",
    "frontend/style.css",
    "frontend/icon.svg",
    "shared/src",
    "shared/build.rs",
    "shared/build",
    "shared/data",
    "Trunk.toml",
    "Cargo.lock",
    "Cargo.toml",
    ".cargo/config.toml",
];
/// Written last by Trunk.
const BUILT: &str = "frontend/dist/index.html";

/// The program for every day: quick to build, page inside.
pub(crate) fn debug() -> Result<()> {
    page()?;
    tell("Building the program");
    must("cargo", &["build", "--package", "hookflash"])
}

/// The program for people.
pub(crate) fn release() -> Result<()> {
    page()?;
    tell("Building the release program (some minutes)");
    must("cargo", &["build", "--release", "--package", "hookflash"])?;
    tell("Done: target/release/hookflash");
    Ok(())
}

/// The page, by Trunk, unless it is up to date.
pub(crate) fn page() -> Result<()> {
    if is_up_to_date() {
        return Ok(());
    }
    setup::page_tools()?;
    tell("Building the page (a few minutes the first time)");
    must("trunk", &["build", "--config", "Trunk.toml", "--cargo-profile", "page"])?;
    if !root().join(BUILT).exists() {
        bail!("Trunk left no {BUILT}; run `trunk build --config Trunk.toml` and see what it says");
    }
    Ok(())
}

fn is_up_to_date() -> bool {
    let Some(built) = changed(&root().join(BUILT)) else { return false };
    SOURCES.iter().filter_map(|source| newest(&root().join(source))).all(|source| source <= built)
}

fn newest(path: &Path) -> Option<SystemTime> {
    if !path.is_dir() {
        return changed(path);
    }
    let entries = fs::read_dir(path).ok()?;
    entries.filter_map(Result::ok).filter_map(|entry| newest(&entry.path())).max()
}

fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}
