//! The main of tftpd's own program, with the same options: built from the crate, so that one
//! lock file and one profile hold for all peers.

use std::error::Error;

use tftpd::{Config, Server};

fn main() -> Result<(), Box<dyn Error>> {
    let config = Config::new(std::env::args())?;
    Server::new(&config)?.listen();
    Ok(())
}
