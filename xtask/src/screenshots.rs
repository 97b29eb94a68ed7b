//! `cargo xtask screenshots`: every screen of the page, wide and narrow, light and dark, to be
//! looked at one by one.

use std::process::ExitCode;

use anyhow::Result;

use crate::run::{must, target, tell};
use crate::{build, setup};

/// Builds what is needed, and takes the pictures.
pub(crate) fn all() -> Result<ExitCode> {
    setup::system_tools(&setup::BROWSER)?;
    build::debug()?;
    tell("Taking pictures of every screen (about two minutes)");
    let folder = target().join("screenshots");
    let folder = folder.to_string_lossy();
    must("cargo", &["run", "--quiet", "--package", "tests", "--bin", "screenshots", "--", &folder])?;
    tell(&format!("Done: {folder}/index.html"));
    Ok(ExitCode::SUCCESS)
}
