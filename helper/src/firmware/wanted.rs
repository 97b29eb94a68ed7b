//! What is wanted of an archive with more than one firmware in it.

use shared::model::Model;

/// What is known of the firmware that a phone is to get.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// The phone's model.
    pub model: Option<&'static Model>,
    /// Its place in the archive, when the person chose it from those there are.
    pub member: Option<&'a str>,
}

impl From<Option<&'static Model>> for Wanted<'_> {
    fn from(model: Option<&'static Model>) -> Self {
        Self { model, member: None }
    }
}
