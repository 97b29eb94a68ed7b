//! Commands of the system, as data until the moment they run, so that tests on any system can
//! say what would be run on another.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where the systems keep their own network programs. They are looked for here before the
/// search path: an administrator's right shall not go to a program that somebody put before
/// them, and Debian's users have no /usr/sbin in their path.
#[cfg(unix)]
const FOLDERS: [&str; 5] = ["/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/libexec/ApplicationFirewall"];
/// A folder that a Windows of another letter has elsewhere; the search path is asked then.
#[cfg(not(unix))]
const FOLDERS: [&str; 2] = ["C:\\Windows\\System32", "C:\\Windows\\System32\\WindowsPowerShell\\v1.0"];

/// A program and its arguments. No shell reads them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandLine {
    /// The program's name, without its folder.
    pub program: String,
    /// Its arguments.
    pub args: Vec<String>,
}

/// Why a command did not do what it should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// There is no such program here.
    #[error("there is no program {0} on this computer")]
    Missing(String),
    /// It ended badly.
    #[error("{command}: {said}")]
    Failed {
        /// What was run.
        command: String,
        /// What it said.
        said: String,
    },
}

impl CommandLine {
    /// A program with arguments.
    pub fn new<A: Into<String>>(program: &str, args: impl IntoIterator<Item = A>) -> Self {
        Self { program: program.to_owned(), args: args.into_iter().map(Into::into).collect() }
    }

    /// A program with arguments that are written with spaces between them.
    pub fn of(line: &str) -> Self {
        let mut words = line.split_whitespace();
        Self::new(words.next().unwrap_or_default(), words)
    }

    /// The same behind another program: `sudo`, `pkexec`.
    pub fn behind(&self, program: &str) -> Self {
        let mut args = vec![self.program.clone()];
        args.extend(self.args.iter().cloned());
        Self { program: program.to_owned(), args }
    }

    /// Runs it to its end and says what it wrote. Blocks.
    ///
    /// # Errors
    /// A [`CommandError`] when it is not there, or ends with anything but success.
    pub fn run(&self) -> Result<String, CommandError> {
        let program = found(&self.program);
        let ended = Command::new(program).args(&self.args).stdin(Stdio::null()).output();
        let output = ended.map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => CommandError::Missing(self.program.clone()),
            _ => CommandError::Failed { command: self.to_string(), said: error.to_string() },
        })?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        if output.status.success() {
            return Ok(text(&output.stdout));
        }
        let said = [text(&output.stderr), text(&output.stdout), output.status.to_string()];
        let said = said.into_iter().find(|said| !said.is_empty()).unwrap_or_default();
        Err(CommandError::Failed { command: self.to_string(), said })
    }
}

/// Where it is.
pub(super) fn found(program: &str) -> PathBuf {
    let name = match std::env::consts::EXE_EXTENSION {
        "" => PathBuf::from(program),
        ending => Path::new(program).with_extension(ending),
    };
    FOLDERS.iter().map(|folder| Path::new(folder).join(&name)).find(|path| path.is_file()).unwrap_or(name)
}

/// Whether the system has this program.
pub fn is_there(program: &str) -> bool {
    let name = found(program);
    name.is_absolute()
        || std::env::var_os("PATH")
            .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(&name).is_file()))
}

impl fmt::Display for CommandLine {
    /// As it is typed in a POSIX shell.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&quoted(&self.program))?;
        self.args.iter().try_for_each(|arg| write!(f, " {}", quoted(arg)))
    }
}

/// A word as a POSIX shell takes it for one (POSIX.1-2017, XCU 2.2.2).
pub(super) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "+-./:=@_,%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_it_can_be_typed() {
        assert_eq!(CommandLine::of("ip  addr add 10.0.0.2/24").to_string(), "ip addr add 10.0.0.2/24");
        let odd = CommandLine::new("x", ["two words", "it's", "", "$HOME"]);
        assert_eq!(odd.to_string(), r"x 'two words' 'it'\''s' '' '$HOME'");
        assert_eq!(CommandLine::of("ip link").behind("sudo").to_string(), "sudo ip link");
    }

    #[cfg(unix)]
    #[test]
    fn what_a_command_says_is_told_and_so_is_its_failure() {
        assert_eq!(CommandLine::of("echo it works").run(), Ok("it works".into()));
        let failed = CommandLine::new("sh", ["-c", "echo no such thing >&2; exit 3"]).run().unwrap_err();
        assert!(failed.to_string().contains("no such thing"), "{failed}");
        let silent = CommandLine::of("false").run().unwrap_err();
        assert!(silent.to_string().contains("exit status: 1"), "{silent}");
        let missing = CommandLine::of("no-such-program-here").run();
        assert_eq!(missing, Err(CommandError::Missing("no-such-program-here".into())));
        assert!(is_there("sh") && !is_there("no-such-program-here"));
    }
}
