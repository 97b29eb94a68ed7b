//! Serves one file with the bare engine: `cargo run -p tftp-server --release --example serve --
//! --bind ADDR:PORT FILE`. Any spelling of the file's own name gets it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Parser;
use tftp_server::{Config, Event, FileSource, Server, Staged};

/// Serve one file over TFTP, read-only.
#[derive(Debug, Parser)]
struct Arguments {
    /// The address and port to listen on; port 0 lets the system choose.
    #[arg(long, value_name = "ADDR:PORT")]
    bind: SocketAddr,
    /// Further names that get the file.
    #[arg(long, value_name = "NAME")]
    alias: Vec<String>,
    /// Answer from the listening port instead of one port for each transfer.
    #[arg(long)]
    single_port: bool,
    /// Transfers that may run at once.
    #[arg(long, value_name = "N", default_value_t = 256)]
    max_transfers: usize,
    /// Transfers that have a thread of their own; those beyond are tasks. 8, and 0 on Windows,
    /// unless said.
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Threads that carry the tasks; as many as the machine has cores unless said.
    #[arg(long, value_name = "N")]
    workers: Option<std::num::NonZeroUsize>,
    /// Say nothing about the transfers.
    #[arg(long)]
    quiet: bool,
    /// The file to serve.
    file: PathBuf,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    if let Some(workers) = arguments.workers {
        builder.worker_threads(workers.get());
    }
    let runtime = builder.enable_all().build()?;
    runtime.block_on(serve(arguments))
}

#[expect(clippy::print_stdout, reason = "this is a program, its events are its output")]
async fn serve(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let name = arguments.file.file_name().ok_or("that is no file")?.to_string_lossy().into_owned();
    let mut staged = Staged::new(&name, FileSource::new(&arguments.file));
    for alias in &arguments.alias {
        staged = staged.alias(alias);
    }
    let mut config = Config::new(arguments.bind);
    config.single_port = arguments.single_port;
    config.max_transfers = arguments.max_transfers;
    config.threads = arguments.threads.unwrap_or(config.threads);
    let quiet = arguments.quiet;
    let observer = move |event: Event| {
        if !quiet {
            println!("{} {} {:?}", event.transfer, event.peer, event.kind);
        }
    };
    let server = Server::bind(config, Arc::new(staged), Arc::new(observer)).await?;
    println!("serving {name} on {}", server.local_addr());
    let handle = server.handle();
    let serving = server.run();
    tokio::pin!(serving);
    tokio::select! {
        () = &mut serving => return Ok(()),
        _ = tokio::signal::ctrl_c() => handle.shut_down(),
    }
    serving.await;
    Ok(())
}
