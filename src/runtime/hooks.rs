//! Where other parts of this storey join the interpreter: jobs.

use super::session::Session;
use crate::value::{Fault, Outcome, ScriptBlock, Value};
use std::rc::Rc;

impl Session {
    /// `a | b &`.
    pub(super) fn start_background(&mut self, _block: &Rc<ScriptBlock>) -> Outcome<Value> {
        Fault::new("JobsNotAvailable", "Background jobs cannot be started here.").err()
    }

    /// Lets another thread of this process have its turn.
    #[inline]
    pub(super) fn give_way(&mut self) {}
}
