//! What the inspection makes of files: good ones however they are packed, bad ones each with its
//! reason, and arbitrary ones within bounds.

#![allow(clippy::unwrap_used, reason = "tests end with the first surprise")]

mod bad_files;
mod costs;
mod evidence;
mod good_files;
mod make;
mod property;

use std::io::Cursor;

use hookflash::firmware::inspect::{Inspected, inspect};
use shared::model::Model;

/// Inspects bytes that came under a name, for a phone of this model.
fn look(name: &str, bytes: &[u8], model: Option<&str>) -> Inspected {
    let model = model.map(|model| Model::find(model).unwrap());
    inspect(name, bytes.len() as u64, Cursor::new(bytes.to_vec()), model)
}
