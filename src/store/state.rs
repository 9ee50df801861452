//! What state the store is in, told without reading it: whoever finds the state that he knows may use what he read then.

use crate::api::Problem;
use std::future::Future;
use std::pin::Pin;

/// The store at a moment. Equal states hold equal content, whoever wrote meanwhile, and through which service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct State {
    /// Which connection said so: what two of them say cannot be compared.
    pub(super) connection: u64,
    /// A number, or what the engine says otherwise.
    pub(super) number: i64,
    pub(super) text: String,
}

/// The state as it is at some moment after the question.
pub(super) type Look<'a> = Pin<Box<dyn Future<Output = Result<State, Problem>> + Send + 'a>>;

/// What looks at the state, on a connection of its own.
pub(super) trait Watch: Send + Sync {
    fn look(&self) -> Look<'_>;
}
