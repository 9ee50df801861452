//! What a call answers: objects, where the next page begins, and what was said on the way.

use super::Problem;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The reply to a call. On the wire exactly these fields, empty ones left out (but for `value`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reply {
    /// The objects, properties under their wire names.
    #[serde(default)]
    pub value: Vec<Value>,
    /// Present when there is a further page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// Canonical identities acted on: what a what-if line or a confirmation names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<String>,
    /// The revision of the one object; it travels as the entity tag, not in the body.
    #[serde(skip)]
    pub revision: Option<i64>,
    /// The revisions of the objects of `value`, in their order, where they have some; after a change without an object,
    /// that of what was changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) revisions: Vec<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verbose: Vec<String>,
    /// Errors about single items beside which the others were answered (non-terminating).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
}

/// One page, or the problem that ended the listing.
pub type Page = Result<Reply, Problem>;

impl Reply {
    /// A reply of one object.
    pub(crate) fn object(value: Value) -> Self {
        Reply { value: vec![value], ..Reply::default() }
    }

    /// A reply of these objects.
    pub(crate) fn objects(value: Vec<Value>) -> Self {
        Reply { value, ..Reply::default() }
    }

    /// A reply that only names what was acted on.
    pub(crate) fn done(target: impl Into<String>) -> Self {
        Reply { targets: vec![target.into()], ..Reply::default() }
    }

    /// The revision of an object of `value` by its place, where the reply says it.
    pub(crate) fn revision_of(&self, place: usize) -> Option<i64> {
        self.revisions.get(place).copied().filter(|_| self.revisions.len() == self.value.len())
    }
}
