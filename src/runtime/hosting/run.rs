//! Running what a hosted engine was given: each statement's commands as one pipeline, streams gathered.

use super::commands::{CommandEntry, Entry};
use super::powershell::{PowerShell, STREAMS};
use super::runspace::Place as Home;
use super::with_items;
use crate::runtime::argument::Argument;
use crate::runtime::command::Command;
use crate::runtime::invoke::Call;
use crate::runtime::pipeline::{Place, Processor};
use crate::runtime::session::{Cancellation, Session};
use crate::runtime::sink::{Collector, Sink};
use crate::runtime::streams::{Routes, Stream, Target};
use crate::runtime::symbol::Symbol;
use crate::runtime::tasks;
use crate::value::{Control, Fault, Outcome, Str, Value};
use std::cell::RefCell;
use std::rc::Rc;

/// Where the records of one stream wait.
type Waiting = Rc<RefCell<Vec<Value>>>;

/// Objects at the head of a pipeline.
struct Input(Vec<Value>);

impl Processor for Input {
    fn process(&mut self, session: &mut Session, _: Option<Value>, out: &mut dyn Sink) -> Outcome<()> {
        for item in std::mem::take(&mut self.0) {
            out.write(session, item)?;
        }
        Ok(())
    }
}

impl Session {
    /// Runs the commands of a hosted engine where it says they run.
    pub(super) fn run_shell(&mut self, shell: &PowerShell, input: Option<Vec<Value>>) -> Outcome<Vec<Value>> {
        let place = shell.shell().place.borrow().clone();
        if let Home::Current = place {
            return self.run_gathering(shell, input);
        }
        let from = self.surroundings(false);
        let Some(mut inner) = place.take(from, &self.cancellation.clone())? else {
            return Err(Control::Cancelled.into());
        };
        // It runs on this stack, and Ctrl-C is meant for it too.
        let before = std::mem::replace(&mut inner.depth, self.depth);
        inner.maximum_depth = self.maximum_depth;
        inner.cancellation = self.cancellation.clone();
        let result = inner.run_gathering(shell, input);
        inner.depth = before;
        place.give_back(inner);
        result
    }

    /// Begins to run the commands of a hosted engine beside the running code.
    pub(super) fn begin_shell(&mut self, shell: &PowerShell, input: Option<Vec<Value>>) -> Outcome<()> {
        let place = shell.shell().place.borrow().clone();
        let cancellation = Cancellation::default();
        shell.shell().cancellation.replace(cancellation.clone());
        let from = self.surroundings(false);
        // A runspace of its own is taken at once, so that a second call is refused at once.
        let taken = match &place {
            Home::Own(runspace) => Some(runspace.borrow_session()?),
            _ => None,
        };
        let shell = shell.clone();
        let stop = cancellation.clone();
        let begun = tasks::spawn(stop, move || {
            let inner = match taken {
                Some(session) => Ok(Some(session)),
                None => place.take(from, &cancellation),
            };
            let result = match inner {
                Ok(Some(mut inner)) => {
                    inner.maximum_depth = tasks::MAXIMUM_DEPTH;
                    inner.cancellation = cancellation.clone();
                    let result = inner.run_gathering(&shell, input);
                    place.give_back(inner);
                    result
                }
                Ok(None) => Ok(Vec::new()),
                Err(error) => Err(error),
            };
            shell.ended(result, cancellation.is_cancelled());
        });
        begun.map_err(|error| {
            Fault::new("InvalidOperation", format!("Nothing more can be begun beside this: {error}."))
                .exception("System.InvalidOperationException")
                .into()
        })
    }

    /// Runs the commands here, with all streams but output gathered.
    fn run_gathering(&mut self, shell: &PowerShell, input: Option<Vec<Value>>) -> Outcome<Vec<Value>> {
        let waiting: Vec<Waiting> = STREAMS.iter().map(|_| Waiting::default()).collect();
        let mut routes = Routes::default();
        let streams = [Stream::Error, Stream::Warning, Stream::Verbose, Stream::Debug, Stream::Information];
        for (stream, waiting) in streams.into_iter().zip(&waiting) {
            routes.set(stream, Target::Merge(waiting.clone()));
        }
        let outer = std::mem::replace(&mut self.routes, routes);
        // What fails inside is not the caller's `try` to catch before its own statement ends.
        let guarded = std::mem::replace(&mut self.guarded, 0);
        let mut collected = Collector::Empty;
        let mut result = Ok(());
        for statement in shell.shell().commands.borrow().clone().statements() {
            result = self.run_entries(&statement, input.clone(), &mut collected);
            if result.is_err() {
                break;
            }
        }
        self.guarded = guarded;
        self.routes = outer;
        let mut result = result;
        if let Err(error) = result {
            // The record is made while its place is known.
            result = Err(self.record_of(error).map_or_else(|control| control, crate::value::Unwind::Error));
        }
        for (list, waiting) in shell.shell().streams.iter().zip(&waiting) {
            let records = std::mem::take(&mut *waiting.borrow_mut());
            with_items(list, |items| items.extend(records));
        }
        let failed = shell.shell().streams.first().and_then(|list| with_items(list, |items| !items.is_empty()));
        shell.shell().had_errors.set(failed.unwrap_or(false));
        match result {
            Err(crate::value::Unwind::Control(_)) | Ok(()) => Ok(collected.into_items()),
            Err(error) => Err(error),
        }
    }

    fn run_entries(&mut self, entries: &[CommandEntry], input: Option<Vec<Value>>, out: &mut dyn Sink) -> Outcome<()> {
        self.pipelines += 1;
        let number = self.pipelines;
        let mut processors: Vec<Box<dyn Processor>> = Vec::new();
        let fed = input.is_some();
        if let Some(items) = input {
            processors.push(Box::new(Input(items)));
        }
        for (at, entry) in entries.iter().enumerate() {
            let place =
                Place { position: at as u32 + 1, length: entries.len() as u32, pipeline: number, input: fed || at > 0 };
            processors.push(self.entry_processor(entry.entry(), place)?);
        }
        self.run_processors(processors, number, out)
    }

    fn entry_processor(&mut self, entry: &Entry, place: Place) -> Outcome<Box<dyn Processor>> {
        let arguments = arguments_of(entry);
        let dotted = entry.is_script && !entry.local;
        let call = Call { name: entry.text.clone(), arguments, place, span: self.position, plan: None, dotted };
        if entry.is_script {
            let block = self.parse_hosted(&entry.text)?;
            return self.block_processor(block, None, call);
        }
        if let Some(command) = &entry.command {
            return self.object_processor(command, call);
        }
        let command: Command = self.resolve_command(&entry.text, Symbol::new(&entry.text))?;
        self.processor_of(command, call)
    }
}

/// Parameters as the binder takes them; a switch has no value.
fn arguments_of(entry: &Entry) -> Vec<Argument> {
    let one = |(name, value): &(Option<Str>, Option<Value>)| match (name, value) {
        (Some(name), Some(value)) => Argument::named(name, value.clone()),
        (Some(name), None) => Argument::parameter(name),
        (None, value) => Argument::value(value.clone().unwrap_or_default()),
    };
    entry.parameters.borrow().iter().map(one).collect()
}
