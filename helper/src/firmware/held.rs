//! Every file that can be given to a phone: in the store, or for this run in memory.
//!
//! Practice and a computer without a place for a store have memory alone, so that nothing of
//! practice ever stands among a person's own files.

use shared::failure::Failure;
use shared::protocol::{KeptFirmware, Worked};

use super::Firmware;
use super::store::{Store, note_worked};

/// Files that are held in memory at once; the one that was used longest ago goes first.
pub(crate) const MOST_IN_MEMORY: usize = 4;

/// A file that can be given to a phone.
#[derive(Debug, Clone)]
pub enum HeldFile {
    /// It is in memory.
    Memory(Firmware),
    /// It is in the store: read and compared with its key when it is used.
    Stored {
        /// The store.
        store: Store,
        /// The file's key.
        id: String,
    },
}

/// All of them.
#[derive(Debug, Default)]
pub struct Held {
    memory: Vec<(Firmware, Vec<Worked>)>,
    store: Option<Store>,
}

impl HeldFile {
    /// The file itself. Blocks when it is in the store.
    ///
    /// # Errors
    /// Those of [`Store::load`].
    pub fn open(self, now_ms: u64) -> Result<Firmware, Failure> {
        match self {
            HeldFile::Memory(firmware) => Ok(firmware),
            HeldFile::Stored { store, id } => store.load(&id, now_ms),
        }
    }
}

impl Held {
    /// Keeps what is added from now on in this store.
    pub fn keep_in(&mut self, store: Store) {
        self.store = Some(store);
    }

    /// The store, if there is one.
    pub fn store(&self) -> Option<&Store> {
        self.store.as_ref()
    }

    /// The store has it now: it is not needed in memory.
    pub fn is_stored(&mut self, firmware: &Firmware) {
        self.memory.retain(|(known, _)| known.view.id != firmware.view.id);
    }

    /// Holds a file in memory, for this run.
    pub fn hold(&mut self, firmware: Firmware) {
        let known = self.memory.iter().position(|(known, _)| known.view.id == firmware.view.id);
        let worked = known.map(|at| self.memory.remove(at).1).unwrap_or_default();
        self.memory.push((firmware, worked));
        if self.memory.len() > MOST_IN_MEMORY {
            self.memory.remove(0);
        }
    }

    /// All that is there, the one that was used last at the end; what is in memory came last.
    pub fn list(&self) -> Vec<KeptFirmware> {
        let mut list = self.store.as_ref().map(Store::list).unwrap_or_default();
        for (firmware, worked) in &self.memory {
            list.retain(|known| known.file.id != firmware.view.id);
            list.push(KeptFirmware { file: firmware.view.clone(), worked: worked.clone() });
        }
        list
    }

    /// The file of this key.
    pub fn find(&self, id: &str) -> Option<HeldFile> {
        if let Some((firmware, _)) = self.memory.iter().find(|(known, _)| known.view.id == id) {
            return Some(HeldFile::Memory(firmware.clone()));
        }
        let store = self.store.as_ref().filter(|store| store.has(id))?;
        Some(HeldFile::Stored { store: store.clone(), id: id.to_owned() })
    }

    /// Notes that a phone of this model came back with it.
    pub fn worked(&mut self, id: &str, model: &str, at_ms: u64) {
        match self.memory.iter_mut().find(|(known, _)| known.view.id == id) {
            Some((_, worked)) => note_worked(worked, model, at_ms),
            None => {
                if let Some(store) = &self.store {
                    store.worked(id, model, at_ms);
                }
            }
        }
    }

    /// Removes a file from memory and from the store.
    pub fn remove(&mut self, id: &str) {
        self.memory.retain(|(known, _)| known.view.id != id);
        if let Some(store) = &self.store
            && let Err(error) = store.remove(id)
        {
            tracing::warn!(id, %error, "a kept file could not be removed");
        }
    }
}
