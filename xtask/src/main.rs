//! Everything a person types in a checkout: `cargo xtask …`.
//!
//! It installs what is missing and says so, in Rust instead of shell, so that the same words
//! work on Linux, Windows and macOS.

#![allow(clippy::print_stdout, reason = "a program for the terminal")]

mod bench;
mod build;
mod run;
mod screenshots;
mod setup;
mod test;
mod wine;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Everything a person types in a hookflash checkout.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build what is missing and practise on a simulated phone (takes the options of `hookflash practice`)
    #[command(disable_help_flag = true)]
    Practice {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
    /// Set up what the tests need, and run all of them
    Test,
    /// Take pictures of every screen of the page into target/screenshots, and a sheet of all of them
    Screenshots,
    /// Measure against the budgets and against other programs, side by side in one run
    Bench {
        what: bench::What,
        #[command(flatten)]
        options: bench::Options,
    },
    /// Leave the release program at target/release/hookflash, with the page inside
    Build,
    /// Run the program itself: cargo xtask run -- check --help
    #[command(disable_help_flag = true)]
    Run {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
}

fn main() -> Result<ExitCode> {
    match Args::parse().command {
        Command::Practice { options } => run::practice(&options),
        Command::Test => test::all(),
        Command::Screenshots => screenshots::all(),
        Command::Bench { what: bench::What::Tftp, options } => bench::tftp(&options),
        Command::Bench { what: bench::What::Page, options } => bench::page(&options),
        Command::Build => build::release().map(|()| ExitCode::SUCCESS),
        Command::Run { options } => run::program(&options),
    }
}
