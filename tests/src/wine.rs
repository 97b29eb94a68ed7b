//! The programs as they are built for Windows, under wine. `cargo xtask test` builds them and
//! prepares the folder in which wine keeps its Windows (xtask/src/wine.rs).

use std::path::{Path, PathBuf};
use std::process::Command;

/// What they are built for.
const TARGET: &str = "x86_64-pc-windows-gnu";

/// A program of ours, to be run by wine.
pub fn command(program: &str) -> Command {
    let test = std::env::current_exe().expect("a running test has a path");
    let target = test.ancestors().nth(3).expect("target/debug/deps/test");
    let path = target.join(TARGET).join("debug").join(program).with_extension("exe");
    assert!(path.exists(), "{} is not built; `cargo xtask test` builds it", path.display());
    let mut command = Command::new("wine");
    command.arg(path).env("WINEPREFIX", target.join("wine")).env("WINEDEBUG", "-all");
    command
}

/// A file's name as a program of Windows knows it there: the drive Z: is this computer.
pub fn name(path: &Path) -> String {
    let path: PathBuf = path.canonicalize().expect("the file is there");
    format!("Z:{}", path.to_string_lossy().replace('/', "\\"))
}
