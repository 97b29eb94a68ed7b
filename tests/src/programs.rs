//! Starting the programs, and never leaving one behind.

use std::io::{BufRead, BufReader, Lines};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Where cargo puts what it builds: `target/debug`, above the folder of a running test.
fn built() -> PathBuf {
    let running = std::env::current_exe().expect("a running test has a path");
    let folder = running.parent().expect("a program lies in a folder");
    if folder.ends_with("deps") { folder.parent().expect("deps lies in a folder") } else { folder }.to_owned()
}

/// Where the tools are that `cargo xtask` fetches for this checkout.
pub fn tools() -> PathBuf {
    built().parent().expect("debug lies in a folder").join("tools")
}

/// Where cargo put the programs.
pub fn path(program: &str) -> PathBuf {
    let folder = built();
    let path = folder.join(program).with_extension(std::env::consts::EXE_EXTENSION);
    assert!(path.exists(), "{} is not built; `cargo xtask test` builds it", path.display());
    path
}

/// A running program; it is killed when this is dropped.
#[derive(Debug)]
pub struct Program {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Program {
    /// Starts a command, and reads its standard output line by line.
    pub fn start(command: &mut Command) -> Self {
        Self::spawn(command.stdin(Stdio::null()))
    }

    /// The same, with a line to its standard input.
    pub fn start_with_input(command: &mut Command) -> (Self, ChildStdin) {
        let mut program = Self::spawn(command.stdin(Stdio::piped()));
        let input = program.child.stdin.take().expect("its input is ours");
        (program, input)
    }

    fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the program starts");
        let stdout = child.stdout.take().expect("its output is ours");
        Self { child, lines: BufReader::new(stdout).lines() }
    }

    /// The next line of its output; none when it has ended.
    pub fn line(&mut self) -> Option<String> {
        self.lines.next().map(|line| line.expect("its output is text"))
    }

    /// The first line in which something is found.
    pub fn line_with<T>(&mut self, found: impl FnMut(&str) -> Option<T>) -> T {
        self.find_line(found).unwrap_or_else(|seen| panic!("the program ended after saying: {seen:#?}"))
    }

    /// The same; or all that it said, when it ended without.
    pub fn find_line<T>(&mut self, mut found: impl FnMut(&str) -> Option<T>) -> Result<T, Vec<String>> {
        let mut seen = Vec::new();
        while let Some(line) = self.line() {
            if let Some(found) = found(&line) {
                return Ok(found);
            }
            seen.push(line);
        }
        Err(seen)
    }

    /// Its number in the system.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Its exit code, once it has ended by itself.
    pub fn exit_code(&mut self) -> Option<i32> {
        self.child.wait().expect("the program can be waited for").code()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
