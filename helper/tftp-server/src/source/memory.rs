//! A file that lies in memory, shared by all transfers.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use super::{Content, Refusal, Source};
use crate::request::Request;

/// The same bytes for every name. Wrap it in [`super::Staged`] to answer to one name only.
#[derive(Clone)]
pub struct Memory(Arc<dyn AsRef<[u8]> + Send + Sync>);

impl Memory {
    /// Serves these bytes: a `Vec<u8>`, a `bytes::Bytes`, a memory map, …
    pub fn new(bytes: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        Self(Arc::new(bytes))
    }
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Memory").field("bytes", &(*self.0).as_ref().len()).finish()
    }
}

impl Source for Memory {
    fn open(&self, _request: &Request, _peer: SocketAddr) -> Result<Box<dyn Content>, Refusal> {
        Ok(Box::new(self.clone()))
    }
}

impl Content for Memory {
    fn len(&self) -> u64 {
        (*self.0).as_ref().len() as u64
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = (*self.0).as_ref();
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
        let count = buffer.len().min(bytes.len() - start);
        buffer[..count].copy_from_slice(&bytes[start..start + count]);
        Ok(count)
    }
}
