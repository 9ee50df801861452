//! From faults to error records: who failed, where, whether a handler takes it, and whether the script goes on.

use super::code::{CatchCode, Statement, TrapCode};
use super::objects::Occurrence;
use super::scope::{Frame, Slot};
use super::session::Session;
use super::sink::Sink;
use super::statements::Completion;
use super::streams::{ActionPreference, CommandContext, Stream, Target};
use super::symbol::Symbol;
use crate::syntax::Span;
use crate::value::types;
use crate::value::{
    ErrorCategory, ErrorFlow, ErrorRecord, Exception, Fault, Outcome, Str, TypeRef, Unwind, Value, convert,
};
use std::rc::Rc;

/// How many errors `$Error` keeps.
const MAXIMUM_ERRORS: usize = 256;

/// An error id with the command's name behind it.
pub(super) fn qualified(id: &str, command: &str) -> String {
    if command.is_empty() { id.to_string() } else { format!("{id},{command}") }
}

/// The error of a check that refused a variable's new value.
pub(super) fn invalid_variable(error: Unwind, name: Symbol) -> Unwind {
    match error {
        Unwind::Fault(fault) => Fault::new(
            "ValidateSetFailure",
            format!("The variable ${} does not take this value. {}", name.name(), fault.message),
        )
        .category(ErrorCategory::MetadataError)
        .exception("System.Management.Automation.ValidationMetadataException")
        .into(),
        other => other,
    }
}

/// The exception that a fault describes.
pub(crate) fn exception_of(fault: &Fault) -> Exception {
    let kind = types::resolve(fault.exception).unwrap_or(TypeRef::RUNTIME_EXCEPTION);
    let exception = Exception::new(kind, fault.message.as_str(), fault.inner.clone());
    let mut properties = exception.properties.borrow_mut();
    for (name, value) in &fault.properties {
        properties.insert(Str::from(*name), value.clone());
    }
    drop(properties);
    exception
}

impl Session {
    /// The record of an error, made of a fault at the running statement; `Err` for what is no error.
    pub(crate) fn record_of(&mut self, unwind: Unwind) -> Outcome<Rc<ErrorRecord>> {
        match unwind {
            Unwind::Error(record) => Ok(record),
            Unwind::Control(control) => Err(Unwind::Control(control)),
            Unwind::Fault(fault) => Ok(self.record_of_fault(&fault)),
        }
    }

    fn record_of_fault(&mut self, fault: &Fault) -> Rc<ErrorRecord> {
        let exception = Rc::new(exception_of(fault));
        let record = ErrorRecord::new(exception, fault.id.as_ref(), fault.category, fault.target.clone());
        record.invocation.replace(self.occurrence(None));
        let record = Rc::new(record);
        record.exception.record.replace(Some(Rc::downgrade(&record)));
        record
    }

    /// Where the running code stands, as a record keeps it.
    pub(crate) fn occurrence(&self, context: Option<&Rc<CommandContext>>) -> Value {
        Occurrence::value(self.source.clone(), self.position, self.frame.clone(), context.cloned())
    }

    /// The same for the command that a scope belongs to.
    pub(crate) fn occurrence_of_scope(&self, frame: &Rc<Frame>) -> Value {
        self.occurrence(Some(&self.context_of(frame)))
    }

    /// The record of a command's error: its id ends in the command's class or name.
    pub(super) fn command_record(&mut self, error: Unwind, context: &Rc<CommandContext>) -> Outcome<Rc<ErrorRecord>> {
        let (Unwind::Fault(_), qualifier) = (&error, context.qualifier()) else { return self.record_of(error) };
        let record = self.record_of(error)?;
        if !qualifier.is_empty() {
            let id = qualified(&record.id.borrow(), &qualifier);
            record.id.replace(Str::from(id));
        }
        record.activity.replace(context.name());
        record.invocation.replace(self.occurrence(Some(context)));
        Ok(record)
    }

    /// A record of a command about an exception that something inside it threw.
    pub(super) fn record_about(
        &self,
        exception: Rc<Exception>,
        id: &str,
        category: ErrorCategory,
        target: Value,
        context: &Rc<CommandContext>,
    ) -> Rc<ErrorRecord> {
        let record = ErrorRecord::new(exception, qualified(id, &context.qualifier()), category, target);
        record.activity.replace(context.name());
        record.invocation.replace(self.occurrence(Some(context)));
        Rc::new(record)
    }

    /// An error of a block that a cmdlet ran, on its way through that cmdlet: from there on its id names the cmdlet.
    /// What `throw` or `Stop` raised, and what is a command's own already, passes as it is. `$Error` keeps the record as it was.
    pub(super) fn passing_through(record: Rc<ErrorRecord>, class: &str) -> Rc<ErrorRecord> {
        let id = record.id.borrow().clone();
        // What binding refused is not yet of the command that it was meant for.
        let binding = record.exception.kind.name().starts_with("System.Management.Automation.ParameterBinding");
        let id = match id.split_once(',') {
            Some((id, _)) if binding => qualified(id, class),
            Some(_) => return record,
            None => qualified(&id, class),
        };
        if record.flow.get() != ErrorFlow::Statement {
            return record;
        }
        let passed = with_exception(&record, record.exception.clone());
        passed.id.replace(Str::from(id));
        Rc::new(passed)
    }

    /// An error on its way out of a cmdlet or an advanced function: from there on it happened where that was called.
    pub(super) fn leaving_command(&mut self, record: Rc<ErrorRecord>, context: &Rc<CommandContext>) -> Rc<ErrorRecord> {
        let passed = Self::passing_through(record.clone(), &context.qualifier());
        if !Rc::ptr_eq(&passed, &record) {
            passed.activity.replace(context.name());
            passed.invocation.replace(self.occurrence(Some(context)));
        }
        passed
    }

    /// Puts an error in front of `$Error`, unless it is there already.
    pub(crate) fn remember_error(&mut self, record: &Rc<ErrorRecord>) {
        super::objects::remember(&self.errors, record, MAXIMUM_ERRORS);
    }

    /// An error at the end of a statement: a trap takes it, or it is shown and the script goes on, or it unwinds.
    pub(super) fn handle_error(
        &mut self,
        error: Unwind,
        statement: &Statement,
        traps: &[TrapCode],
        out: &mut dyn Sink,
    ) -> Outcome<Completion> {
        if self.position.is_empty() {
            self.position = statement.span;
        }
        let record = self.record_of(error)?;
        self.remember_error(&record);
        self.succeeded = false;
        let flow = record.flow.get();
        if let Some(trap) = self.trap_for(traps, &record)? {
            return self.run_trap(trap, record, out);
        }
        if self.guarded > 0 || flow == ErrorFlow::Stop {
            return Err(Unwind::Error(record));
        }
        let action = self.error_preference();
        match action {
            ActionPreference::SilentlyContinue | ActionPreference::Ignore => return Ok(Completion::Normal),
            ActionPreference::Stop => {
                record.flow.set(ErrorFlow::Stop);
                return Err(Unwind::Error(record));
            }
            _ if flow == ErrorFlow::Thrown => return Err(Unwind::Error(record)),
            _ => {}
        }
        for outer in &self.watchers {
            outer.collect(0, Value::Error(record.clone()));
        }
        self.show_error(&record, out)?;
        Ok(Completion::Normal)
    }

    fn trap_for<'t>(&mut self, traps: &'t [TrapCode], record: &Rc<ErrorRecord>) -> Outcome<Option<&'t TrapCode>> {
        let mut general = None;
        for trap in traps {
            match &trap.kind {
                None => general = general.or(Some(trap)),
                Some(code) => {
                    let kind = self.type_of(code)?;
                    if matching_exception(record, kind).is_some() {
                        return Ok(Some(trap));
                    }
                }
            }
        }
        Ok(general)
    }

    fn run_trap(&mut self, trap: &TrapCode, record: Rc<ErrorRecord>, out: &mut dyn Sink) -> Outcome<Completion> {
        let frame = self.frame.clone();
        let slot = frame.layout.slot(Symbol::UNDERSCORE);
        let previous = frame.put_slot(slot, Slot::Plain(Value::Error(record.clone())));
        let guarded = std::mem::replace(&mut self.guarded, 0);
        self.caught.push(record.clone());
        let result = self.run_block(&trap.body, out);
        self.caught.pop();
        self.guarded = guarded;
        frame.put_slot(slot, previous);
        match result? {
            Completion::Continue(None) => Ok(Completion::Normal),
            Completion::Break(None) => {
                record.flow.set(ErrorFlow::Thrown);
                Err(Unwind::Error(record))
            }
            Completion::Return => Ok(Completion::Return),
            Completion::Normal => {
                if self.guarded > 0 {
                    return Err(Unwind::Error(record));
                }
                match self.error_preference() {
                    ActionPreference::SilentlyContinue | ActionPreference::Ignore => {}
                    ActionPreference::Stop => return Err(Unwind::Error(record)),
                    _ => self.show_error(&record, out)?,
                }
                Ok(Completion::Normal)
            }
            other => Ok(other),
        }
    }

    /// The record that a clause's block sees, where the clause takes this error.
    pub(super) fn catches(&mut self, clause: &CatchCode, record: &Rc<ErrorRecord>) -> Outcome<Option<Rc<ErrorRecord>>> {
        if clause.types.is_empty() {
            return Ok(Some(record.clone()));
        }
        for code in &clause.types {
            let kind = self.type_of(code)?;
            match matching_exception(record, kind) {
                Some(exception) if Rc::ptr_eq(&exception, &record.exception) => return Ok(Some(record.clone())),
                Some(exception) => return Ok(Some(Rc::new(with_exception(record, exception)))),
                None => {}
            }
        }
        Ok(None)
    }

    /// `throw`.
    pub(super) fn throw(&mut self, value: Option<&Statement>, span: Span) -> Outcome<Completion> {
        let thrown = match value {
            Some(statement) => self.eval_statement(statement)?,
            None => match self.caught.last() {
                Some(record) => Value::Error(record.clone()),
                None => Value::Null,
            },
        };
        self.position = span;
        let record = self.record_of_thrown(thrown)?;
        record.flow.set(ErrorFlow::Thrown);
        Err(Unwind::Error(record))
    }

    /// The record of something thrown: a record as it is, an exception, or anything as a message.
    pub(crate) fn record_of_thrown(&mut self, thrown: Value) -> Outcome<Rc<ErrorRecord>> {
        let stopped = ErrorCategory::OperationStopped;
        let record = match thrown {
            Value::Error(record) => {
                if matches!(&*record.invocation.borrow(), Value::Null | Value::Nothing) {
                    record.invocation.replace(self.occurrence(None));
                }
                return Ok(record);
            }
            Value::Exception(exception) => {
                let earlier = exception.record.borrow().as_ref().and_then(std::rc::Weak::upgrade);
                if let Some(record) = earlier {
                    return Ok(record);
                }
                let message = exception.message.borrow().clone();
                ErrorRecord::new(exception, message, stopped, Value::Null)
            }
            value if value.is_null() => {
                let exception = Exception::new(TypeRef::RUNTIME_EXCEPTION, "The script was stopped by throw.", None);
                ErrorRecord::new(Rc::new(exception), "ScriptHalted", stopped, Value::Null)
            }
            value => {
                let message = self.text_of(&value)?;
                let exception = Exception::new(TypeRef::RUNTIME_EXCEPTION, message.clone(), None);
                ErrorRecord::new(Rc::new(exception), message, stopped, value)
            }
        };
        record.invocation.replace(self.occurrence(None));
        let record = Rc::new(record);
        record.exception.record.replace(Some(Rc::downgrade(&record)));
        Ok(record)
    }

    /// `$ErrorActionPreference` as the running code sees it.
    pub(crate) fn error_preference(&self) -> ActionPreference {
        self.preference(Symbol::ERROR_ACTION, ActionPreference::Continue)
    }

    /// A preference variable's value.
    pub(crate) fn preference(&self, name: Symbol, default: ActionPreference) -> ActionPreference {
        match self.lookup(name) {
            None => default,
            Some(Value::Enum(member)) => ActionPreference::parse(&member.bits.to_string()).unwrap_or(default),
            Some(value) => ActionPreference::parse(&convert::to_text(&value)).unwrap_or(default),
        }
    }

    /// Sends a record to where errors go.
    pub(super) fn show_error(&mut self, record: &Rc<ErrorRecord>, out: &mut dyn Sink) -> Outcome<()> {
        match self.routes.get(Stream::Error).clone() {
            Target::Null => Ok(()),
            Target::Merge(waiting) => {
                waiting.borrow_mut().push(Value::Error(record.clone()));
                out.flush(self)
            }
            Target::Records(records) => {
                records.push(Stream::Error, Value::Error(record.clone()));
                Ok(())
            }
            Target::Host => {
                self.print_error(record);
                Ok(())
            }
        }
    }

    /// Writes a non-terminating error of a command.
    pub(crate) fn write_error(
        &mut self,
        error: Unwind,
        context: &Rc<CommandContext>,
        out: &mut dyn Sink,
    ) -> Outcome<()> {
        let record = self.command_record(error, context)?;
        self.write_error_record(record, context, out)
    }

    /// Writes a non-terminating error record of a command, as its `-ErrorAction` says.
    pub(crate) fn write_error_record(
        &mut self,
        record: Rc<ErrorRecord>,
        context: &Rc<CommandContext>,
        out: &mut dyn Sink,
    ) -> Outcome<()> {
        let asked = context.common.borrow().error_action;
        let action = asked.unwrap_or_else(|| self.error_preference());
        if action != ActionPreference::Ignore {
            self.watch(0, &Value::Error(record.clone()), context);
            self.remember_error(&record);
        }
        context.succeeded.set(false);
        match action {
            ActionPreference::Ignore | ActionPreference::SilentlyContinue => Ok(()),
            ActionPreference::Stop => {
                record.flow.set(ErrorFlow::Stop);
                Err(Unwind::Error(record))
            }
            _ => self.show_error(&record, out),
        }
    }
}

/// The exception of a record that is of this type: the one inside first, then the record's own.
fn matching_exception(record: &ErrorRecord, kind: TypeRef) -> Option<Rc<Exception>> {
    let outer = &record.exception;
    if kind == TypeRef::EXCEPTION {
        return Some(outer.clone());
    }
    match &outer.inner {
        Some(inner) if kind.is_assignable_from(inner.kind) => Some(inner.clone()),
        _ if kind.is_assignable_from(outer.kind) => Some(outer.clone()),
        _ => None,
    }
}

/// The same record about another exception.
fn with_exception(record: &ErrorRecord, exception: Rc<Exception>) -> ErrorRecord {
    let copy =
        ErrorRecord::new(exception, record.id.borrow().clone(), record.category.get(), record.target.borrow().clone());
    copy.activity.replace(record.activity.borrow().clone());
    copy.reason.replace(record.reason.borrow().clone());
    copy.invocation.replace(record.invocation.borrow().clone());
    copy.details.replace(record.details.borrow().clone());
    copy.stack.replace(record.stack.borrow().clone());
    copy
}
