//! async-tftp has no program of its own: `async-tftp ADDR:PORT FOLDER` serves the folder with
//! the crate's defaults, on one thread, which also looks after its sockets.

use std::error::Error;

use async_tftp::server::TftpServerBuilder;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(bind), Some(folder)) = (args.next(), args.next()) else {
        return Err("usage: async-tftp ADDR:PORT FOLDER".into());
    };
    async_io::block_on(async {
        let server = TftpServerBuilder::with_dir_ro(folder)?.bind(bind.parse()?).build().await?;
        server.serve().await?;
        Ok(())
    })
}
