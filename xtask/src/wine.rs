//! The program for Windows, built here and run by wine: all tests of its library, and whole runs
//! of the program (tests/tests/windows).
//!
//! Wine runs what is built for the processor that it runs on, so this is for Linux on x86-64; a
//! Windows has no need of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::run::{command, must, root, target, tell};
use crate::setup::{self, Tool};

/// What the programs for Windows are built for.
pub(crate) const WINDOWS: &str = "x86_64-pc-windows-gnu";

const TOOLS: [Tool; 2] = [
    Tool {
        program: "x86_64-w64-mingw32-gcc",
        package: "gcc-mingw-w64-x86-64",
        purpose: "linking the program for Windows",
    },
    Tool { program: "wine", package: "wine", purpose: "running the program for Windows" },
];

/// A fault that is known and open: on Windows a file that somebody reads cannot be replaced, so
/// of two helpers that keep the same file at the same moment one may be told that it failed.
const KNOWN: &str = "firmware::store::tests::two_helpers_at_once_cannot_harm_each_other";

/// Whether wine can run it here.
pub(crate) const IS_OF_USE: bool = cfg!(all(target_os = "linux", target_arch = "x86_64"));

/// Sets up wine, and builds the programs for Windows that the tests run.
pub(crate) fn prepare() -> Result<()> {
    setup::system_tools(&TOOLS)?;
    tell("Building the programs for Windows");
    must("cargo", &["build", "--target", WINDOWS, "--package", "hookflash", "--package", "simulator"])?;
    let built = target().join(WINDOWS).join("debug");
    random_numbers(&[built.clone(), built.join("deps")])?;
    if !folder().join("system.reg").exists() {
        tell("Giving wine a Windows of its own, in target/wine (once, some seconds)");
    }
    let mut first = wine(Command::new("wine"));
    let status = first.arg(built.join("hookflash.exe")).arg("--version").status()?;
    if !status.success() {
        bail!("wine does not run hookflash.exe: {status}; try it by hand, without WINEDEBUG=-all");
    }
    Ok(())
}

/// The tests of the helper's library, built for Windows.
pub(crate) fn unit_tests() -> Result<()> {
    tell("The helper's own tests, as on Windows");
    let mut tests = wine(command("cargo"));
    tests.env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", "wine");
    tests.args(["test", "--target", WINDOWS, "--package", "hookflash", "--lib", "--", "--skip", KNOWN]);
    let status = tests.status()?;
    if !status.success() {
        bail!("the helper's tests for Windows ended with {status}");
    }
    Ok(())
}

/// Where wine keeps its Windows: nothing of a person's own is touched.
fn folder() -> PathBuf {
    target().join("wine")
}

/// A command with wine's settings: silent, without a browser, .NET, or entries in menus.
fn wine(mut command: Command) -> Command {
    command
        .env("WINEPREFIX", folder())
        .env("WINEDEBUG", "-all")
        .env("WINEDLLOVERRIDES", "mscoree=;mshtml=;winemenubuilder.exe=d");
    command
}

/// Puts the DLL that wine may lack beside the programs.
fn random_numbers(folders: &[PathBuf]) -> Result<()> {
    let source = root().join("xtask/wine/bcryptprimitives.c");
    let dll = target().join(WINDOWS).join("bcryptprimitives.dll");
    let paths = [&source, &dll].map(|path: &PathBuf| path.to_string_lossy().into_owned());
    let [source, made] = &paths;
    must("x86_64-w64-mingw32-gcc", &["-shared", "-O1", "-o", made, source, "-ladvapi32"])?;
    for folder in folders {
        let name = Path::new("bcryptprimitives.dll");
        fs::copy(&dll, folder.join(name)).with_context(|| folder.display().to_string())?;
    }
    Ok(())
}
