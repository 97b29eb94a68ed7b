//! What opening an archive may cost: bytes, files, archives in archives. An archive of 42 kB can
//! unpack to 4.5 petabytes; the maker's largest has 158,628,135 bytes and holds hardly more.

use std::cell::{Cell, RefCell};
use std::io::{self, Read};
use std::rc::Rc;

use shared::firmware::LARGEST_BYTES;

/// Bytes that are ever unpacked of one file, all layers together, and so the most memory that its
/// layers take: three times the largest archive known (158.6 MB, data/firmware-archives.tsv), in
/// which firmware lies that hardly packs any further.
pub const MOST_UNPACKED_BYTES: u64 = 2 * LARGEST_BYTES;

/// Files and folders in one file, all layers together. The bundles of all models have some dozens.
pub const MOST_ENTRIES: u64 = 4096;

/// Layers: a zip in a zip with a tar in a gz is four, and more than anybody has told of.
pub const DEEPEST: usize = 4;

/// Times that something may grow when it is unpacked. Deflate makes 1032 of one at its best (zlib's
/// technical notes), of real firmware less than 3.
pub const MOST_GROWTH: u64 = 200;

/// Below this many bytes nothing has grown too much: that is one small file of zeros.
pub const GROWTH_FLOOR_BYTES: u64 = 16 * 1024 * 1024;

/// Bytes of a name in an archive, folders included. Linux takes 4096 for all of a path (PATH_MAX),
/// Windows 260; the maker's have some dozens.
pub const LONGEST_NAME: usize = 1024;

/// Bytes that are unpacked between two looks at the limits.
const CHUNK: usize = 64 * 1024;

/// What was spent of all that.
#[derive(Debug, Default)]
pub(super) struct Budget {
    unpacked: Cell<u64>,
    entries: Cell<u64>,
    /// Which limit was met first.
    exceeded: RefCell<Option<String>>,
}

impl Budget {
    /// So many more files and folders.
    pub(super) fn count(&self, entries: u64) -> Result<(), String> {
        self.entries.set(self.entries.get().saturating_add(entries));
        if self.entries.get() > MOST_ENTRIES {
            return Err(self.exceed(format!("more than {MOST_ENTRIES} files and folders")));
        }
        Ok(())
    }

    /// Which limit was met, if one was: an error that comes up afterwards is only its echo.
    pub(super) fn exceeded(&self) -> Option<String> {
        self.exceeded.borrow().clone()
    }

    /// Bytes that were unpacked so far.
    pub(super) fn unpacked(&self) -> u64 {
        self.unpacked.get()
    }

    fn spend(&self, bytes: u64) -> Result<(), String> {
        self.unpacked.set(self.unpacked.get().saturating_add(bytes));
        if self.unpacked.get() > MOST_UNPACKED_BYTES {
            return Err(self.exceed(format!("more than {MOST_UNPACKED_BYTES} bytes in it")));
        }
        Ok(())
    }

    fn exceed(&self, what: String) -> String {
        self.exceeded.borrow_mut().get_or_insert(what).clone()
    }
}

/// Whatever is unpacked passes through one of these.
pub(super) struct Metered<R> {
    pub(super) inner: R,
    budget: Rc<Budget>,
    /// Bytes that it takes up while it is packed.
    packed: u64,
    unpacked: u64,
}

impl<R> Metered<R> {
    pub(super) fn new(inner: R, budget: &Rc<Budget>, packed: u64) -> Self {
        Self { inner, budget: Rc::clone(budget), packed, unpacked: 0 }
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // A large buffer would be filled at once, far beyond what is left.
        let most = buffer.len().min(CHUNK);
        let read = self.inner.read(&mut buffer[..most])?;
        self.unpacked += read as u64;
        self.budget.spend(read as u64).map_err(io::Error::other)?;
        let allowed = self.packed.saturating_mul(MOST_GROWTH).max(GROWTH_FLOOR_BYTES);
        if self.unpacked > allowed {
            let what = format!("{} bytes unpack to more than {allowed}", self.packed);
            return Err(io::Error::other(self.budget.exceed(what)));
        }
        Ok(read)
    }
}
