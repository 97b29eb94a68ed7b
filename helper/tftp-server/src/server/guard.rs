//! What is not ours may panic: a source, its content, an observer. None of them may take the
//! listening port or a transfer with it.

use std::io;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::event::{Event, Observer};
use crate::request::Request;
use crate::source::{Content, Refusal, Source};

/// Somebody else's source: one that panics refuses the request.
pub(super) struct GuardedSource(pub(super) Arc<dyn Source>);

impl Source for GuardedSource {
    fn open(&self, request: &Request, peer: SocketAddr) -> Result<Box<dyn Content>, Refusal> {
        let open = || {
            let content = self.0.open(request, peer)?;
            let length = content.len();
            Ok(GuardedContent { content, length })
        };
        match catch_unwind(AssertUnwindSafe(open)) {
            Ok(opened) => opened.map(|content| Box::new(content) as Box<dyn Content>),
            Err(_) => {
                tracing::error!(%peer, name = %request.name, "the source panicked");
                Err(Refusal::Failed("the file cannot be opened".to_owned()))
            }
        }
    }
}

/// Its content: one that panics cannot be read.
struct GuardedContent {
    content: Box<dyn Content>,
    length: u64,
}

impl Content for GuardedContent {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        catch_unwind(AssertUnwindSafe(|| self.content.read_at(offset, buffer))).unwrap_or_else(|_| {
            tracing::error!(offset, "the content panicked");
            Err(io::Error::other("the content broke"))
        })
    }
}

/// Somebody else's observer: one that panics has not heard.
pub(super) struct GuardedObserver(pub(super) Arc<dyn Observer>);

impl Observer for GuardedObserver {
    fn event(&self, event: Event) {
        let transfer = event.transfer;
        if catch_unwind(AssertUnwindSafe(|| self.0.event(event))).is_err() {
            tracing::error!(%transfer, "the observer panicked");
        }
    }
}
