//! Running commands and telling what they are for.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};

use crate::build;

/// The checkout: the folder above this crate.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Where everything is built.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |set| root().join(set))
}

/// Says what the next step is for.
pub(crate) fn tell(step: &str) {
    println!("\n\u{1b}[1m==> {step}\u{1b}[0m");
}

/// A command in the checkout, with our own tools first on the PATH.
pub(crate) fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    let ours = tools().join("bin");
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(ours).chain(std::env::split_paths(&paths));
    command.env("PATH", std::env::join_paths(all).unwrap_or_else(|_| paths.clone()));
    command
}

/// Where tools go that this checkout needs in a certain version.
pub(crate) fn tools() -> PathBuf {
    target().join("tools")
}

/// Runs a command, output and all, and fails when it does.
pub(crate) fn must(program: &str, args: &[&str]) -> Result<()> {
    let status = command(program)
        .args(args)
        .status()
        .with_context(|| format!("{program} could not be started; is it installed and on the PATH?"))?;
    if !status.success() {
        bail!("`{program} {}` ended with {status}", args.join(" "));
    }
    Ok(())
}

/// What a command prints, or nothing when it is not there.
pub(crate) fn output(program: &str, args: &[&str]) -> Option<String> {
    let output = command(program).args(args).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// `cargo xtask practice`: the main job, from a clone to a recovered simulated phone.
pub(crate) fn practice(options: &[String]) -> Result<ExitCode> {
    build::debug()?;
    tell("hookflash practice");
    start(&["practice"], options)
}

/// `cargo xtask run -- …`: the program itself.
pub(crate) fn program(options: &[String]) -> Result<ExitCode> {
    build::debug()?;
    start(&[], options)
}

fn start(first: &[&str], options: &[String]) -> Result<ExitCode> {
    let program = target().join("debug").join("hookflash").with_extension(std::env::consts::EXE_EXTENSION);
    let status = Command::new(&program)
        .args(first)
        .args(options)
        .status()
        .with_context(|| format!("{} could not be started", program.display()))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Ok(ExitCode::from(code))
}
