//! What a running cmdlet may do: read its pipeline object, write to the streams, ask the session.

use super::Session;
use super::cmdlet::CmdletSpec;
use super::sink::Sink;
use super::streams::{CommandContext, Stream};
use crate::value::{Control, ErrorCategory, Fault, Outcome, ScriptBlock, Unwind, Value, members};
use std::rc::Rc;

/// A cmdlet's view of the engine while one of its methods runs.
pub(crate) struct Invocation<'a> {
    /// The declaration of the running cmdlet.
    pub(crate) spec: &'static CmdletSpec,
    /// The session.
    pub(crate) session: &'a mut Session,
    /// Where output goes.
    pub(crate) out: &'a mut dyn Sink,
    /// What the command knows of itself.
    pub(crate) context: &'a Rc<CommandContext>,
    /// The pipeline object `process` was called for.
    pub(crate) object: Option<&'a Value>,
}

impl Invocation<'_> {
    /// Sends one object down the pipeline, as it is (a collection stays one object).
    pub(crate) fn write(&mut self, value: Value) -> Outcome<()> {
        self.out.write(self.session, value)
    }

    /// Sends each item of a collection, or the object itself.
    pub(crate) fn write_enumerated(&mut self, value: Value) -> Outcome<()> {
        self.session.emit(value, self.out)
    }

    /// Writes a non-terminating error; `Err` where `-ErrorAction Stop` makes it terminating.
    pub(crate) fn error(&mut self, fault: Fault) -> Outcome<()> {
        self.session.write_error(fault.into(), self.context, self.out)
    }

    /// Writes the exception of an error as a non-terminating error of this command, under another id.
    pub(crate) fn error_about(
        &mut self,
        unwind: Unwind,
        id: &str,
        category: ErrorCategory,
        target: Value,
    ) -> Outcome<()> {
        let Some(exception) = members::exception_of(&unwind) else { return Err(unwind) };
        let record = self.session.record_about(exception, id, category, target, self.context);
        self.session.write_error_record(record, self.context, self.out)
    }

    /// Writes a warning.
    pub(crate) fn warning(&mut self, text: &str) -> Outcome<()> {
        self.session.write_message(Stream::Warning, text, self.context, self.out)
    }

    /// Writes to the verbose stream.
    pub(crate) fn verbose(&mut self, text: &str) -> Outcome<()> {
        self.session.write_message(Stream::Verbose, text, self.context, self.out)
    }

    /// Asks `-WhatIf` and `-Confirm`: true to go on.
    pub(crate) fn should_process(&mut self, target: &str, action: &str) -> Outcome<bool> {
        self.session.should_process(self.context, self.spec.impact, target, action)
    }

    /// The object that `process` was called for; `None` without pipeline input.
    pub(crate) fn input(&self) -> Option<&Value> {
        self.object
    }

    /// True where something upstream sends objects.
    pub(crate) fn expects_input(&self) -> bool {
        self.context.expects_input.get()
    }

    /// The parameter set that was chosen.
    pub(crate) fn parameter_set(&self) -> String {
        self.context.parameter_set.borrow().to_string()
    }

    /// True where the command line or the pipeline gave this parameter.
    pub(crate) fn is_bound(&self, name: &str) -> bool {
        self.context.bound.borrow().iter().any(|(key, _)| key.eq_ignore_ascii_case(name))
    }

    /// Ends everything upstream, as `Select-Object -First` does.
    pub(crate) fn stop_upstream(&mut self) -> Outcome<()> {
        Err(Control::StopUpstream(self.context.pipeline.get()).into())
    }

    /// Runs a block in the caller's scope with `$_` set, its output going to `out`: ForEach-Object's way.
    pub(crate) fn run_block(&mut self, block: &Rc<ScriptBlock>, item: Value) -> Outcome<()> {
        self.session.run_in_current_scope(block, Some(item), &[], self.out)
    }

    /// Runs a block in the caller's scope with `$_` set and collects its output.
    pub(crate) fn evaluate_block(&mut self, block: &Rc<ScriptBlock>, item: Value) -> Outcome<Value> {
        let mut collected = super::Collector::default();
        self.session.run_in_current_scope(block, Some(item), &[], &mut collected)?;
        Ok(collected.into_value())
    }
}
