//! Where other parts of this storey join the interpreter: providers, jobs.

use super::session::Session;
use crate::value::{ErrorCategory, Fault, Outcome, ScriptBlock, Value};
use std::rc::Rc;

impl Session {
    /// `$drive:path` of a provider.
    pub(super) fn provider_content(&mut self, drive: &str, _path: &str) -> Outcome<Value> {
        Fault::new("DriveNotFound", format!("There is no drive '{drive}'."))
            .category(ErrorCategory::ObjectNotFound)
            .exception("System.Management.Automation.DriveNotFoundException")
            .target(drive)
            .err()
    }

    /// `$drive:path = …` of a provider.
    pub(super) fn set_provider_content(&mut self, drive: &str, path: &str, _value: Value) -> Outcome<()> {
        self.provider_content(drive, path).map(|_| ())
    }

    /// `a | b &`.
    pub(super) fn start_background(&mut self, _block: &Rc<ScriptBlock>) -> Outcome<Value> {
        Fault::new("JobsNotAvailable", "Background jobs cannot be started here.").err()
    }

    /// Lets another thread of this process have its turn.
    #[inline]
    pub(super) fn give_way(&mut self) {}
}
