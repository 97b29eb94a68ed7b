//! What the page asks about a model, when a person wonders. It is not part of the state: the tables
//! behind it lie in the helper, and most people never look.
//!
//! | request | good answer |
//! |---|---|
//! | `GET /api/models/MODEL/whereabouts` | [`Whereabouts`](crate::catalogue::whereabouts::Whereabouts) |
//! | `GET /api/models/MODEL/warnings/FIRMWARE` | a list of [`Warning`], gravest first |
//!
//! A model or a firmware that is not known is answered with 404.

use serde::{Deserialize, Serialize};

use crate::catalogue::RuleName;
use crate::catalogue::rules::Severity;

/// What a rule says of a file on a phone of this model, as long as nobody has said which version
/// the phone has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Which rule.
    pub rule: RuleName,
    /// What it says.
    pub says: Severity,
}
