//! Warnings, verbose and debug lines, information, `ShouldProcess`, and the variables common parameters set.

use super::cmdlet::ConfirmImpact;
use super::scope::Frame;
use super::session::Session;
use super::sink::Sink;
use super::streams::{ActionPreference, CommandContext, CommonParameters, Stream, Target};
use super::symbol::Symbol;
use crate::format::style;
use crate::value::{ErrorFlow, Fault, Outcome, Str, Unwind, Value, convert};
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
    pub(crate) fn write_message(
        &mut self,
        stream: Stream,
        text: &str,
        context: &Rc<CommandContext>,
        out: &mut dyn Sink,
    ) -> Outcome<()> {
        let action = self.message_action(stream, context);
        let record = super::objects::message_record(record_kind(stream), text);
        if stream == Stream::Warning {
            self.watch(1, &record, context);
        }
        match action {
            ActionPreference::SilentlyContinue | ActionPreference::Ignore => return Ok(()),
            _ => {}
        }
        let label = label_of(stream);
        match self.routes.get(stream).clone() {
            Target::Null => {}
            Target::Merge(waiting) => {
                waiting.borrow_mut().push(record);
                out.flush(self)?;
            }
            Target::Records(records) => records.push(stream, record),
            Target::Host => {
                let entry = format!("Formatting.{}{}", &label[..1], label[1..].to_ascii_lowercase());
                let colour = style::escape(self, &entry);
                self.host_line(&style::paint(&format!("{label}: {text}"), colour.as_deref()));
            }
        }
        match action {
            ActionPreference::Stop => self.stopped_by_preference(text, context),
            ActionPreference::Inquire => self.ask_to_go_on(text, context),
            _ => Ok(()),
        }
    }

    /// The error of a message where the preference of its stream is `Stop`.
    fn stopped_by_preference(&mut self, text: &str, context: &Rc<CommandContext>) -> Outcome<()> {
        let message = format!("Stopped as the preference for this stream says: {text}");
        let fault = Fault::new("ActionPreferenceStop", message)
            .category(crate::value::ErrorCategory::OperationStopped)
            .exception("System.Management.Automation.ActionPreferenceStopException");
        let record = self.command_record(fault.into(), context)?;
        record.flow.set(ErrorFlow::Stop);
        Err(Unwind::Error(record))
    }

    /// `Inquire`: whether to go on after a message.
    pub(super) fn ask_to_go_on(&mut self, text: &str, context: &Rc<CommandContext>) -> Outcome<()> {
        match self.ask(context, text)? {
            true => Ok(()),
            false => self.stopped_by_preference(text, context),
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
    pub(crate) fn write_information(
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
        let text = convert::to_text(&record);
        match self.routes.get(Stream::Information).clone() {
            Target::Null => {}
            Target::Merge(waiting) => {
                if shown.is_some() || action != ActionPreference::Ignore {
                    waiting.borrow_mut().push(record);
                }
                out.flush(self)?;
            }
            Target::Records(records) => {
                if shown.is_some() || action != ActionPreference::Ignore {
                    records.push(Stream::Information, record);
                }
            }
            Target::Host => match shown {
                Some(_) if action == ActionPreference::Ignore => {}
                Some(text) => self.host_text(text),
                None if matches!(action, ActionPreference::Continue | ActionPreference::Inquire) => {
                    self.host_line(&text);
                }
                None => {}
            },
        }
        match action {
            ActionPreference::Stop if shown.is_none() => self.stopped_by_preference(&text, context),
            ActionPreference::Inquire if shown.is_none() => self.ask_to_go_on(&text, context),
            _ => Ok(()),
        }
    }

    /// `ShouldProcess`.
    pub(crate) fn should_process(
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
    pub(crate) fn ask(&mut self, context: &Rc<CommandContext>, question: &str) -> Outcome<bool> {
        loop {
            let prompt = format!("{question}\n[Y] Yes  [A] Yes to All  [N] No  [L] No to All (default is \"Y\"): ");
            let answered = if self.host.is_interactive() { self.host.read_line(&prompt) } else { None };
            let Some(line) = answered else {
                return Fault::new(
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

    /// Sets the variables that `-ErrorVariable` and the like name to the lists that fill while the command runs.
    pub(super) fn prepare_collected(&mut self, context: &Rc<CommandContext>) -> Outcome<()> {
        let common = context.common.borrow();
        let names =
            [&common.error_variable, &common.warning_variable, &common.information_variable, &common.out_variable];
        if names.iter().all(|name| name.is_none()) {
            return Ok(());
        }
        let names = names.map(Clone::clone);
        drop(common);
        for (at, name) in names.into_iter().enumerate() {
            let Some(name) = name else { continue };
            let bare = name.strip_prefix('+');
            let symbol = Symbol::new(bare.unwrap_or(&name));
            let earlier = bare.and_then(|_| self.variable_in(&context.caller, symbol));
            let list = self.list_to_fill(earlier)?;
            if let Some(place) = context.collected.borrow_mut().get_mut(at) {
                *place = Some(list.clone());
            }
            self.assign_in(&context.caller.clone(), symbol, list)?;
        }
        Ok(())
    }

    /// A list that goes on from what a variable held: the same where it is one.
    fn list_to_fill(&mut self, earlier: Option<Value>) -> Outcome<Value> {
        use crate::value::members::library::list::List;
        Ok(match earlier {
            Some(Value::Native(native)) if native.downcast::<List>().is_some() => Value::Native(native),
            Some(value) if !value.is_null() => {
                let items = self.enumerate(&value)?.unwrap_or_else(|| vec![value]);
                super::objects::array_list(items)
            }
            _ => super::objects::array_list(Vec::new()),
        })
    }

    /// Takes the variable of `-PipelineVariable` away again.
    pub(super) fn end_collected(&mut self, context: &CommandContext) {
        if let Some(name) = &context.common.borrow().pipeline_variable {
            context.caller.unset(Symbol::new(name));
        }
    }

    /// A variable as seen from a frame.
    pub(crate) fn variable_in(&self, frame: &Rc<Frame>, name: Symbol) -> Option<Value> {
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
