//! `cargo xtask test`: set up what the tests need, and run all of them. Nothing is skipped:
//! what is missing is installed, or is a failure with a sentence.

use std::process::ExitCode;

use anyhow::Result;

use crate::run::{must, target, tell};
use crate::{build, setup, wine};

/// What compiles for people's systems: everything but the page, which is compiled for none.
const ON_ANY_SYSTEM: [&str; 4] = ["shared", "hookflash", "tftp-server", "simulator"];

/// Everything, cheapest first.
pub(crate) fn all() -> Result<ExitCode> {
    setup::page_tools()?;
    setup::test_tools()?;

    tell("Is it formatted?");
    must("cargo", &["fmt", "--all", "--check"])?;

    build::page()?;

    tell("Clippy, for this computer and for the page");
    must("cargo", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])?;
    must(
        "cargo",
        &["clippy", "--package", "frontend", "--target", "wasm32-unknown-unknown", "--", "-D", "warnings"],
    )?;

    if wine::IS_OF_USE {
        wine::prepare()?;
    } else {
        tell("Not run here: the program for Windows, which wine runs on Linux on x86-64");
    }
    // What is built whole needs no check.
    for target in
        setup::OTHER_SYSTEMS.into_iter().filter(|target| !wine::IS_OF_USE || *target != wine::WINDOWS)
    {
        tell(&format!("Does it compile for {target}?"));
        let mut args = vec!["check", "--target", target];
        args.extend(ON_ANY_SYSTEM.iter().flat_map(|package| ["--package", package]));
        must("cargo", &args)?;
    }

    tell("Do the fuzz targets compile?");
    // They are workspaces of their own, and so is what they are built into.
    let fuzz = target().join("fuzz");
    let fuzz = fuzz.to_string_lossy();
    for manifest in ["helper/tftp-server/fuzz/Cargo.toml", "helper/fuzz/Cargo.toml"] {
        must("cargo", &["check", "--locked", "--manifest-path", manifest, "--target-dir", &fuzz])?;
    }

    tell("Building the programs that the tests run");
    must("cargo", &["build", "--package", "hookflash", "--package", "simulator"])?;
    must("cargo", &["build", "--package", "tftp-server", "--examples"])?;

    if wine::IS_OF_USE {
        wine::unit_tests()?;
    }

    tell("The tests");
    must("cargo", &["test", "--workspace", "--no-fail-fast"])?;
    tell("All of it passed");
    Ok(ExitCode::SUCCESS)
}
