//! Warnings, verbose and debug lines, information, `ShouldProcess`, and the variables common parameters set.

use super::cmdlet::ConfirmImpact;
use super::scope::Frame;
use super::session::Session;
use super::sink::Sink;
use super::streams::{ActionPreference, CommandContext, CommonParameters, Stream, Target};
use super::symbol::Symbol;
use crate::value::{ErrorFlow, ErrorRecord, Exception, Outcome, Str, Unwind, Value, convert};
use std::rc::Rc;

/// The preference variable of a stream and what holds where it is not set.
fn stream_preference(stream: Stream) -> (Symbol, ActionPreference) {
    match stream {
        Stream::Warning => (Symbol::WARNING, ActionPreference::Continue),
        Stream::Verbose => (Symbol::VERBOSE, ActionPreference::SilentlyContinue),
        Stream::Debug => (Symbol::DEBUG, ActionPreference::SilentlyContinue),
        Stream::Information => (Symbol::INFORMATION, ActionPreference::SilentlyContinue),
        Stream::Output | Stream::Error => (Symbol::ERROR_ACTION, ActionPreference::Continue),
    }
}

fn label_of(stream: Stream) -> &'static str {
    match stream {
        Stream::Warning => "WARNING",
        Stream::Verbose => "VERBOSE",
        _ => "DEBUG",
    }
}

fn record_kind(stream: Stream) -> &'static str {
    match stream {
        Stream::Warning => "System.Management.Automation.WarningRecord",
        Stream::Verbose => "System.Management.Automation.VerboseRecord",
        _ => "System.Management.Automation.DebugRecord",
    }
}

impl Session {
    /// Writes to the warning, verbose or debug stream of a command.
    pub fn write_message(
        &mut self,
        stream: Stream,
        text: &str,
        context: &Rc<CommandContext>,
        out: &mut dyn Sink,
    ) -> Outcome<()> {
        let action = self.message_action(stream, context);
        let record = super::objects::message_record(record_kind(stream), text);
        if stream == Stream::Warning && action != ActionPreference::Ignore {
            self.watch(1, &record, context);
        }
        match action {
            ActionPreference::SilentlyContinue | ActionPreference::Ignore => return Ok(()),
            ActionPreference::Stop => {
                let message = format!("Stopped as the preference for this stream says: {text}");
                self.host_line(&format!("{}: {text}", label_of(stream)));
                let kind = super::objects::named("System.Management.Automation.ActionPreferenceStopException");
                let exception = Exception::new(kind, message, None);
                let category = crate::value::ErrorCategory::OperationStopped;
                let error = ErrorRecord::new(Rc::new(exception), "ActionPreferenceStop", category, Value::Null);
                error.flow.set(ErrorFlow::Stop);
                return Err(Unwind::Error(Rc::new(error)));
            }
            _ => {}
        }
        let label = label_of(stream);
        match self.routes.get(stream).clone() {
            Target::Null => Ok(()),
            Target::Merge(waiting) => {
                waiting.borrow_mut().push(record);
                out.flush(self)
            }
            Target::Records(records) => {
                records.push(stream, record);
                Ok(())
            }
            Target::Host => {
                self.host_line(&format!("{label}: {text}"));
                Ok(())
            }
        }
    }

    /// Keeps a record for `-ErrorVariable` and the like of the command and of the functions around it.
    pub(super) fn watch(&mut self, which: usize, record: &Value, context: &Rc<CommandContext>) {
        context.collect(which, record.clone());
        for outer in &self.watchers {
            if !Rc::ptr_eq(outer, context) {
                outer.collect(which, record.clone());
            }
        }
    }

    fn message_action(&self, stream: Stream, context: &CommandContext) -> ActionPreference {
        let common = context.common.borrow();
        let switch = |on: Option<bool>| {
            on.map(|on| if on { ActionPreference::Continue } else { ActionPreference::SilentlyContinue })
        };
        let asked = match stream {
            Stream::Warning => common.warning_action,
            Stream::Verbose => switch(common.verbose),
            Stream::Debug => switch(common.debug),
            Stream::Information => common.information_action,
            Stream::Output | Stream::Error => None,
        };
        let (name, default) = stream_preference(stream);
        asked.unwrap_or_else(|| self.preference(name, default))
    }

    /// Writes a record to the information stream; `shown` is the text for the host, where the host shows it anyway.
    pub fn write_information(
        &mut self,
        record: Value,
        shown: Option<&str>,
        context: &Rc<CommandContext>,
        out: &mut dyn Sink,
    ) -> Outcome<()> {
        let action = self.message_action(Stream::Information, context);
        if action != ActionPreference::Ignore || shown.is_some() {
            self.watch(2, &record, context);
        }
        match self.routes.get(Stream::Information).clone() {
            Target::Null => Ok(()),
            Target::Merge(waiting) => {
                if shown.is_some() || action != ActionPreference::Ignore {
                    waiting.borrow_mut().push(record);
                }
                out.flush(self)
            }
            Target::Records(records) => {
                if shown.is_some() || action != ActionPreference::Ignore {
                    records.push(Stream::Information, record);
                }
                Ok(())
            }
            Target::Host => {
                match shown {
                    Some(_) if action == ActionPreference::Ignore => {}
                    Some(text) => self.host_text(text),
                    None if matches!(action, ActionPreference::Continue | ActionPreference::Inquire) => {
                        let text = convert::to_text(&record);
                        self.host_line(&text);
                    }
                    None => {}
                }
                Ok(())
            }
        }
    }

    /// `ShouldProcess`.
    pub fn should_process(
        &mut self,
        context: &Rc<CommandContext>,
        impact: ConfirmImpact,
        target: &str,
        action: &str,
    ) -> Outcome<bool> {
        let common = context.common.borrow().clone();
        let what_if = common
            .what_if
            .unwrap_or_else(|| self.lookup(Symbol::WHAT_IF).is_some_and(|value| convert::to_bool(&value)));
        if what_if {
            let text = match (action.is_empty(), target.is_empty()) {
                (false, false) => format!("What if: Performing the operation \"{action}\" on target \"{target}\"."),
                (false, true) => format!("What if: {action}"),
                (true, _) => format!("What if: {target}"),
            };
            self.host_line(&text);
            return Ok(false);
        }
        let wanted = match common.confirm {
            Some(asked) => asked,
            None => impact != ConfirmImpact::None && self.confirm_preference().is_some_and(|least| impact >= least),
        };
        if !wanted || context.answer.get() == 1 {
            return Ok(true);
        }
        if context.answer.get() == 2 {
            return Ok(false);
        }
        self.ask(context, &format!("{action} {target}"))
    }

    /// The least impact that asks; `None` where nothing does.
    fn confirm_preference(&self) -> Option<ConfirmImpact> {
        let text = self.lookup(Symbol::CONFIRM).map(|v| convert::to_text(&v)).unwrap_or_else(|| Str::from("High"));
        const NAMES: [(&str, ConfirmImpact); 3] =
            [("Low", ConfirmImpact::Low), ("Medium", ConfirmImpact::Medium), ("High", ConfirmImpact::High)];
        if text.eq_ignore_ascii_case("None") {
            return None;
        }
        let known = NAMES.iter().find(|(name, _)| text.eq_ignore_ascii_case(name));
        Some(known.map_or(ConfirmImpact::High, |row| row.1))
    }

    /// Asks yes or no; remembers "all". Where nobody can answer, the answer is an error.
    pub fn ask(&mut self, context: &Rc<CommandContext>, question: &str) -> Outcome<bool> {
        loop {
            let prompt = format!("{question}\n[Y] Yes  [A] Yes to All  [N] No  [L] No to All (default is \"Y\"): ");
            let answered = if self.host.is_interactive() { self.host.read_line(&prompt) } else { None };
            let Some(line) = answered else {
                return crate::value::Fault::new(
                    "InvalidOperation",
                    "The command asks for confirmation, and nobody can answer; use -Confirm:$false or -Force.",
                )
                .exception("System.Management.Automation.PSInvalidOperationException")
                .err();
            };
            match line.trim().to_ascii_lowercase().as_str() {
                "" | "y" | "yes" => return Ok(true),
                "a" => {
                    context.answer.set(1);
                    return Ok(true);
                }
                "n" | "no" => return Ok(false),
                "l" => {
                    context.answer.set(2);
                    return Ok(false);
                }
                _ => {}
            }
        }
    }

    /// Common parameters of an advanced function as preference variables of its scope.
    pub(super) fn apply_common(&mut self, common: &CommonParameters, frame: &Rc<Frame>) {
        let action = |a: ActionPreference| {
            super::objects::named("System.Management.Automation.ActionPreference").enum_of(a as i64)
        };
        let switch = |on: bool| if on { ActionPreference::Continue } else { ActionPreference::SilentlyContinue };
        let rows = [
            (Symbol::ERROR_ACTION, common.error_action),
            (Symbol::WARNING, common.warning_action),
            (Symbol::INFORMATION, common.information_action),
            (Symbol::PROGRESS, common.progress_action),
            (Symbol::VERBOSE, common.verbose.map(switch)),
            (Symbol::DEBUG, common.debug.map(switch)),
        ];
        for (name, wanted) in rows {
            if let Some(wanted) = wanted {
                frame.put_name(name, action(wanted));
            }
        }
        if let Some(what_if) = common.what_if {
            frame.put_name(Symbol::WHAT_IF, Value::Bool(what_if));
        }
        if let Some(confirm) = common.confirm {
            let level = if confirm { "Low" } else { "None" };
            frame.put_name(Symbol::CONFIRM, Value::str(level));
        }
    }

    /// Sets the variables that `-ErrorVariable` and the like name.
    pub(super) fn deliver_collected(&mut self, context: &Rc<CommandContext>) -> Outcome<()> {
        let common = context.common.borrow().clone();
        let names = [common.error_variable, common.warning_variable, common.information_variable, common.out_variable];
        let mut lists = context.collected.take();
        for (name, list) in names.into_iter().zip(&mut lists) {
            let Some(name) = name else { continue };
            let (append, name) = match name.strip_prefix('+') {
                Some(rest) => (true, Str::from(rest)),
                None => (false, name),
            };
            let mut items = std::mem::take(list);
            let symbol = Symbol::new(&name);
            if append && let Some(old) = self.variable_in(&context.caller, symbol) {
                let mut earlier = match self.enumerate(&old)? {
                    Some(earlier) => earlier,
                    None => vec![old],
                };
                earlier.append(&mut items);
                items = earlier;
            }
            let value = super::objects::array_list(items);
            self.assign_in(&context.caller.clone(), symbol, value)?;
        }
        Ok(())
    }

    /// A variable as seen from a frame.
    pub fn variable_in(&self, frame: &Rc<Frame>, name: Symbol) -> Option<Value> {
        let mut at = Some(frame);
        while let Some(current) = at {
            if let Some(value) = current.layout.find(name).and_then(|slot| current.read(slot)) {
                return Some(value);
            }
            at = current.parent.as_ref();
        }
        None
    }
}
