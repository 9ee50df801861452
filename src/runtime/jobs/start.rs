//! Running a block in a session of its own, as a task.

use super::{JobState, Records};
use crate::runtime::argument::Argument;
use crate::runtime::invoke::Call;
use crate::runtime::pipeline::Place;
use crate::runtime::session::{Cancellation, Host, Progress, Session, SessionOptions};
use crate::runtime::sink::Sink;
use crate::runtime::streams::{Stream, Target};
use crate::runtime::symbol::Symbol;
use crate::runtime::tasks;
use crate::syntax::Source;
use crate::value::{Control, ErrorRecord, Outcome, Unwind, Value};
use indexmap::IndexMap;
use rustc_hash::FxHashMap;
use std::any::Any;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::rc::Rc;

/// What is to be run, and what it is given.
#[derive(Default)]
pub(crate) struct Work {
    /// The block's text.
    pub(crate) script: String,
    /// The file it comes from, where it comes from one.
    pub(crate) path: Option<String>,
    /// What is run before it.
    pub(crate) initialization: Option<String>,
    /// Arguments.
    pub(crate) arguments: Vec<Value>,
    /// `$input`.
    pub(crate) input: Option<Vec<Value>>,
    /// `$_`.
    pub(crate) item: Option<Value>,
    /// `$using:` variables.
    pub(crate) using: FxHashMap<Symbol, Value>,
    /// What the information stream gets is shown by the host at once.
    pub(crate) shows_information: bool,
    /// What is to be stopped with it.
    pub(crate) cancellation: Cancellation,
}

/// What a session for a task is made from.
pub(crate) struct Surroundings {
    location: PathBuf,
    environment: IndexMap<String, String>,
    equip: Option<fn(&mut Session)>,
    host: Option<Box<dyn Host>>,
}

impl Surroundings {
    /// A session for the task that calls this; records of progress go to `records` where no host shows it.
    pub(crate) fn session(self, records: Option<Rc<Records>>) -> Session {
        let host = self.host.unwrap_or_else(|| Box::new(Unseen(records)));
        let mut session = Session::new(SessionOptions { host, location: self.location, interactive: false });
        session.environment = self.environment;
        session.maximum_depth = tasks::MAXIMUM_DEPTH;
        if let Some(equip) = self.equip {
            equip(&mut session);
        }
        session
    }
}

impl Session {
    /// What a session that runs beside this one begins with; with its host's output where `shown`.
    pub(crate) fn surroundings(&self, shown: bool) -> Surroundings {
        Surroundings {
            location: self.location.clone(),
            environment: self.environment.clone(),
            equip: self.equip,
            host: if shown { self.host.beside() } else { None },
        }
    }

    /// A variable's value as an expression would see it; `None` where there is none.
    pub(super) fn seen_variable(&mut self, name: Symbol) -> Option<Value> {
        if let Some(value) = self.variable(name) {
            return Some(value);
        }
        let frame = self.frame.clone();
        let known = name.is_automatic().then(|| self.frame_automatic(&frame, name))?;
        known.or_else(|| self.session_automatic(name))
    }
}

/// A host that nobody sees; what it is told of progress is kept.
struct Unseen(Option<Rc<Records>>);

impl Host for Unseen {
    fn write(&mut self, _: &str) {}
    fn write_error(&mut self, _: &str) {}
    fn flush(&mut self) {}
    fn read_line(&mut self, _: &str) -> Option<String> {
        None
    }
    fn is_interactive(&self) -> bool {
        false
    }
    fn width(&self) -> usize {
        120
    }
    fn shows_progress(&self) -> bool {
        self.0.is_some()
    }
    fn progress(&mut self, progress: &Progress) {
        if let Some(records) = &self.0 {
            records.push_progress(progress_record(progress));
        }
    }
    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

fn progress_record(progress: &Progress) -> Value {
    let text = |text: &str| if text.is_empty() { Value::Null } else { Value::from(text) };
    crate::runtime::objects::object(
        crate::value::TypeRef::PROGRESS_RECORD.name(),
        vec![
            ("ActivityId", Value::I32(progress.id)),
            ("ParentActivityId", Value::I32(-1)),
            ("Activity", Value::from(progress.activity.as_str())),
            ("StatusDescription", text(&progress.status)),
            ("CurrentOperation", text(&progress.operation)),
            ("PercentComplete", Value::I32(progress.percent)),
            ("SecondsRemaining", Value::I32(-1)),
        ],
    )
}

/// Output that becomes records.
struct RecordSink(Rc<Records>);

impl Sink for RecordSink {
    fn write(&mut self, _: &mut Session, value: Value) -> Outcome<()> {
        self.0.push(Stream::Output, value);
        Ok(())
    }
}

/// Runs work in a session of its own; its output and messages become records. How it ended, and the error that
/// ended it.
pub(crate) fn run(from: Surroundings, work: Work, records: &Rc<Records>) -> (JobState, Option<Rc<ErrorRecord>>) {
    let mut session = from.session(Some(records.clone()));
    session.cancellation = work.cancellation.clone();
    for stream in [Stream::Error, Stream::Warning, Stream::Verbose, Stream::Debug, Stream::Information] {
        if !(work.shows_information && stream == Stream::Information) {
            session.routes.set(stream, Target::Records(records.clone()));
        }
    }
    let result = run_in(&mut session, work, records);
    session.host.flush();
    match result {
        Ok(()) => (JobState::Completed, None),
        Err(Unwind::Control(control)) => match *control {
            Control::Cancelled => (JobState::Stopped, None),
            _ => (JobState::Completed, None),
        },
        Err(error) => (JobState::Failed, session.record_of(error).ok()),
    }
}

fn run_in(session: &mut Session, work: Work, records: &Rc<Records>) -> Outcome<()> {
    let out = &mut RecordSink(records.clone());
    session.using = Some(Rc::new(work.using));
    if let Some(text) = work.initialization {
        let block = session.parse_block(Source::anonymous(text))?;
        session.run_in_current_scope(&block, None, &[], out)?;
    }
    if let Some(item) = work.item {
        session.global.put_name(Symbol::UNDERSCORE, item);
    }
    let source = match work.path {
        Some(path) => Source::file(path, work.script),
        None => Source::anonymous(work.script),
    };
    let block = session.parse_block(source)?;
    session.pipelines += 1;
    let place = Place { position: 1, length: 1, pipeline: session.pipelines, input: work.input.is_some() };
    let arguments = work.arguments.into_iter().map(Argument::value).collect();
    let span = session.position;
    let call = Call { name: "".into(), arguments, place, span, plan: None, dotted: false };
    let processor = session.block_processor(block, None, call)?;
    match work.input {
        Some(items) => session.run_processor_on(processor, items, out),
        None => session.run_processor(processor, span, place.pipeline, out),
    }
}

/// Runs tasks, so many at once.
#[derive(Clone)]
pub(crate) struct Throttle(Rc<RefCell<Waiting>>);

struct Waiting {
    limit: usize,
    running: usize,
    queue: VecDeque<(Cancellation, Box<dyn FnOnce()>)>,
}

impl Default for Throttle {
    fn default() -> Self {
        Throttle::new(5)
    }
}

impl Throttle {
    /// With a limit.
    pub(crate) fn new(limit: usize) -> Self {
        Throttle(Rc::new(RefCell::new(Waiting { limit, running: 0, queue: VecDeque::new() })))
    }

    /// Sets the limit.
    pub(crate) fn set_limit(&self, limit: usize) {
        self.0.borrow_mut().limit = limit;
        self.fill();
    }

    /// Runs work as a task, now (true) or when its turn comes.
    pub(crate) fn submit(&self, stop: Cancellation, work: impl FnOnce() + 'static) -> bool {
        self.0.borrow_mut().queue.push_back((stop, Box::new(work)));
        self.fill();
        self.0.borrow().queue.is_empty()
    }

    /// True where nothing runs and nothing waits to run.
    pub(crate) fn is_idle(&self) -> bool {
        let state = self.0.borrow();
        state.running == 0 && state.queue.is_empty()
    }

    /// Forgets what has not begun.
    pub(crate) fn clear(&self) {
        self.0.borrow_mut().queue.clear();
    }

    fn fill(&self) {
        loop {
            let mut state = self.0.borrow_mut();
            if state.running >= state.limit {
                return;
            }
            let Some((stop, work)) = state.queue.pop_front() else { return };
            state.running += 1;
            drop(state);
            let throttle = self.clone();
            let begun = tasks::spawn(stop, move || {
                work();
                throttle.0.borrow_mut().running -= 1;
                throttle.fill();
                tasks::notify();
            });
            if let Err(error) = begun {
                // Without memory for a stack nothing can run beside; what was asked for ends unrun.
                tracing::error!(%error, "no stack for a task");
                self.0.borrow_mut().running -= 1;
            }
        }
    }
}
