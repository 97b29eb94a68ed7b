//! What a person types: [`args`] is the command line, the other files are its commands.

pub mod args;
mod check;
mod find;
mod inspect;
mod instance;
mod practice;
mod recover;
mod seek;
mod serve;
mod show;
mod undo;

use std::process::ExitCode;

use args::{Args, Command};

/// Runs a command and says what to exit with.
///
/// # Errors
/// Whatever the system does not let us do, in words for the person.
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.command.unwrap_or(Command::Serve(args.serve)) {
        Command::Serve(options) => serve::run(options).await,
        Command::Practice(options) => practice::run(options).await,
        Command::Recover(options) => recover::run(options).await,
        Command::Inspect(options) => inspect::run(options).await,
        Command::Check(options) => check::run(options).await,
        Command::Find(options) => find::run(options).await,
        Command::Undo => undo::run(),
    }
}
