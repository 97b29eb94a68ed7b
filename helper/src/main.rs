//! The program `hookflash`: reads the command line, sets up the log, and runs.

use std::process::ExitCode;

use clap::Parser;
use hookflash::cli::{args::Args, run};
use tracing_subscriber::EnvFilter;

/// What is logged when `HOOKFLASH_LOG` says nothing.
const DEFAULT_LOG: &str = "warn";

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    let filter = EnvFilter::try_from_env("HOOKFLASH_LOG").unwrap_or_else(|_| EnvFilter::new(DEFAULT_LOG));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(args).await {
        Ok(code) => code,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
