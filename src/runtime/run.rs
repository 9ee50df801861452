//! The engine's face to a host: running script files and texts, and what is shown of output and errors.

use super::argument::Argument;
use super::command::Command;
use super::function::FunctionInfo;
use super::invoke::Call;
use super::pipeline::Place;
use super::session::Session;
use super::sink::Sink;
use crate::format::{error_view, style};
use crate::syntax::Source;
use crate::value::{Control, ErrorRecord, Outcome, ScriptBlock, Str, Unwind, Value};
use std::path::Path;
use std::rc::Rc;

/// The host's own output: what reaches it is shown.
pub(crate) struct HostSink;

impl Sink for HostSink {
    fn write(&mut self, session: &mut Session, value: Value) -> Outcome<()> {
        session.show(value)
    }

    fn is_host(&self) -> bool {
        true
    }
}

impl Session {
    /// Gives the main script or text its `$input`: lines that are read when they are asked for.
    pub(crate) fn feed(&mut self, lines: super::objects::ItemSource) {
        let input = super::objects::Enumerator::lazy(lines).value();
        self.global.input.replace(Some(input.clone()));
        self.standard_input = Some(input);
    }

    /// Runs a script file with arguments given as words; the exit code.
    pub(crate) fn run_file(&mut self, path: &Path, words: &[String]) -> i32 {
        let arguments = words.iter().map(|w| Self::word_argument(w)).collect();
        let result = self.load_script(path).and_then(|function| self.run_function(function, arguments));
        self.finish(result)
    }

    /// Runs a text in the global scope, as `-Command` does; the exit code.
    pub fn run_text(&mut self, text: &str, arguments: Vec<Value>) -> i32 {
        let result = self.parse_block(Source::anonymous(text)).and_then(|block| self.run_global(&block, &arguments));
        let result = match result {
            Ok(()) if !self.succeeded => {
                self.end_output();
                return 1;
            }
            other => other,
        };
        self.finish(result)
    }

    /// Runs a parsed text in the global scope.
    pub(crate) fn run_global(&mut self, block: &Rc<ScriptBlock>, arguments: &[Value]) -> Outcome<()> {
        let result = self.run_in_current_scope(block, None, arguments, &mut HostSink);
        self.end_output();
        match result {
            Err(Unwind::Control(control))
                if matches!(*control, Control::Break(_) | Control::Continue(_) | Control::Return) =>
            {
                Ok(())
            }
            other => other,
        }
    }

    /// One argument of the command line: a parameter name, or a text.
    fn word_argument(word: &str) -> Argument {
        let name = word.strip_prefix('-').filter(|n| n.starts_with(|c: char| c.is_alphabetic() || c == '_'));
        match name {
            Some(name) => match name.split_once(':') {
                Some((name, "$true" | "$True")) => Argument::named(name, true),
                Some((name, "$false" | "$False")) => Argument::named(name, false),
                Some((name, value)) if !value.is_empty() => Argument::word(name, value),
                _ => Argument::parameter(name.trim_end_matches(':')),
            },
            None => Argument::value(word),
        }
    }

    fn run_function(&mut self, function: Rc<FunctionInfo>, arguments: Vec<Argument>) -> Outcome<()> {
        self.pipelines += 1;
        let number = self.pipelines;
        self.main_pipeline = Some(number);
        let place = Place { position: 1, length: 1, pipeline: number, input: false };
        let name = function.block.source.path.as_deref().map_or_else(|| function.name.clone(), Str::from);
        let call = Call { name, arguments, place, span: self.position, plan: None, dotted: false };
        let processor = self.processor_of(Command::Function(function), call)?;
        self.run_processor(processor, self.position, number, &mut HostSink)
    }

    /// Shows an uncaught error and makes the exit code.
    pub(crate) fn finish(&mut self, result: Outcome<()>) -> i32 {
        self.end_output();
        self.host.end_progress();
        let code = match result {
            Ok(()) => 0,
            Err(Unwind::Control(control)) => match *control {
                Control::Exit(code) | Control::EndProcess(code) => {
                    self.exited = true;
                    self.exit_code = None;
                    code
                }
                Control::Cancelled => 130,
                Control::Break(_) | Control::Continue(_) | Control::Return | Control::StopUpstream(_) => 0,
            },
            Err(error) => {
                if let Ok(record) = self.record_of(error) {
                    self.remember_error(&record);
                    self.print_error(&record);
                }
                1
            }
        };
        self.host.flush();
        self.exit_code.take().unwrap_or(code)
    }

    /// Shows one object at the host.
    fn show(&mut self, value: Value) -> Outcome<()> {
        super::display::show(self, &value)
    }

    /// Ends what is being shown: a table's last line.
    pub(crate) fn end_output(&mut self) {
        super::display::end(self);
    }

    /// Writes a line of a message stream to the host: standard output, as `pwsh` does it.
    pub(crate) fn host_line(&mut self, text: &str) {
        self.host_text(text);
        self.host.write("\n");
    }

    /// Writes text to the host.
    pub(crate) fn host_text(&mut self, text: &str) {
        let shown = style::shown(self, text);
        self.host.write(&shown);
    }

    /// Shows an error to the person, as `$ErrorView` asks.
    pub(super) fn print_error(&mut self, record: &Rc<ErrorRecord>) {
        let value = Value::Error(record.clone());
        let lines = match self.host.shows_error_color() {
            true => error_view::error_lines(self, &value),
            false => error_view::plain_error_lines(self, &value),
        };
        // What cannot be looked at in full is still said.
        let lines = lines.unwrap_or_else(|_| vec![record.exception.message.borrow().to_string()]);
        self.host.write_error(&(lines.join("\n") + "\n"));
    }
}
