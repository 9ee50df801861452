//! Pipelines: stages joined so that each object runs through all of them before the next is made.

use super::code::*;
use super::scope::{Frame, Slot};
use super::session::Session;
use super::sink::Sink;
use super::statements::Completion;
use super::streams::{CommandContext, Routes, Stream, Target as StreamTarget};
use crate::syntax::{BinaryOperator, Source, Span};
use crate::value::{Control, Outcome, Unwind, Value};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// What runs in one place of a pipeline.
pub(super) trait Processor {
    /// Before the first object.
    fn begin(&mut self, _session: &mut Session, _out: &mut dyn Sink) -> Outcome<()> {
        Ok(())
    }
    /// For each object, or once with `None` where nothing is upstream.
    fn process(&mut self, session: &mut Session, item: Option<Value>, out: &mut dyn Sink) -> Outcome<()>;
    /// After the last object.
    fn end(&mut self, _session: &mut Session, _out: &mut dyn Sink) -> Outcome<()> {
        Ok(())
    }
    /// Always, at the very end.
    fn clean(&mut self, _session: &mut Session, _out: &mut dyn Sink) -> Outcome<()> {
        Ok(())
    }
    /// What the command knows of itself.
    fn context(&self) -> Option<&Rc<CommandContext>> {
        None
    }
    /// True where `$?` becomes false by it.
    fn failed(&self) -> bool {
        self.context().is_some_and(|context| !context.succeeded.get())
    }
    /// True for a program: it takes the bytes that another one wrote.
    fn takes_bytes(&self) -> bool {
        false
    }
}

/// One place of a pipeline and the surroundings its code runs in.
pub(super) struct Stage<'c> {
    pub(super) processor: Box<dyn Processor + 'c>,
    frame: Rc<Frame>,
    source: Rc<Source>,
    span: Span,
    /// Where its streams go; `None` where no stage of the pipeline redirects anything.
    routes: Option<Routes>,
    redirection: Option<Box<Redirected<'c>>>,
}

/// Redirections of one stage.
#[derive(Default)]
struct Redirected<'c> {
    /// Other streams that join its output wait here.
    merged: Option<Rc<RefCell<Vec<Value>>>>,
    /// Output goes to this stage instead: Out-File.
    file: Option<Box<Stage<'c>>>,
    /// Output goes nowhere.
    null: bool,
    /// Other streams that go to files: what came, and the stage that writes it.
    others: Vec<(Rc<RefCell<Vec<Value>>>, Stage<'c>)>,
}

/// The state that the stages of a running pipeline share.
struct Run {
    number: u64,
    failure: RefCell<Option<Unwind>>,
    /// The first stage that still wants its end.
    resume: Cell<usize>,
    length: usize,
}

/// The rest of a pipeline as a sink.
struct PipeSink<'a, 'c> {
    stages: &'a mut [Stage<'c>],
    last: &'a mut dyn Sink,
    run: &'a Run,
}

impl Sink for PipeSink<'_, '_> {
    fn write(&mut self, session: &mut Session, value: Value) -> Outcome<()> {
        let at = self.run.length - self.stages.len();
        let Some((head, tail)) = self.stages.split_first_mut() else {
            return self.last.write(session, value);
        };
        let result = head.step(session, Step::Process(Some(value)), tail, self.last, self.run);
        match result {
            Err(Unwind::Control(control)) => {
                if matches!(*control, Control::StopUpstream(number) if number == self.run.number) {
                    // The stage that asked for the stop is the first that still ends.
                    if self.run.resume.get() == 0 {
                        self.run.resume.set(at);
                    }
                }
                Err(Unwind::Control(control))
            }
            Err(error) => {
                let record = session.record_of(error)?;
                self.run.failure.replace(Some(Unwind::Error(record)));
                Err(Control::StopUpstream(self.run.number).into())
            }
            Ok(()) => Ok(()),
        }
    }

    fn flush(&mut self, session: &mut Session) -> Outcome<()> {
        if self.stages.is_empty() { self.last.flush(session) } else { Ok(()) }
    }

    fn is_host(&self) -> bool {
        self.stages.is_empty() && self.last.is_host()
    }

    fn takes_bytes(&self) -> bool {
        match self.stages.first() {
            Some(next) => next.processor.takes_bytes(),
            None => self.last.takes_bytes(),
        }
    }
}

/// A stage's output under its redirections.
struct RedirectSink<'a, 'c> {
    redirected: &'a mut Redirected<'c>,
    next: &'a mut dyn Sink,
    run: &'a Run,
}

impl RedirectSink<'_, '_> {
    fn deliver(&mut self, session: &mut Session, value: Value) -> Outcome<()> {
        if self.redirected.null {
            return Ok(());
        }
        match &mut self.redirected.file {
            Some(file) => file.step(session, Step::Process(Some(value)), &mut [], &mut super::sink::Discard, self.run),
            None => self.next.write(session, value),
        }
    }
}

impl Sink for RedirectSink<'_, '_> {
    fn write(&mut self, session: &mut Session, value: Value) -> Outcome<()> {
        self.flush(session)?;
        self.deliver(session, value)
    }

    fn flush(&mut self, session: &mut Session) -> Outcome<()> {
        let Some(merged) = &self.redirected.merged else { return Ok(()) };
        let waiting = std::mem::take(&mut *merged.borrow_mut());
        for value in waiting {
            self.deliver(session, value)?;
        }
        Ok(())
    }

    fn takes_bytes(&self) -> bool {
        let plain = self.redirected.merged.is_none() && !self.redirected.null;
        plain && (self.redirected.file.is_some() || self.next.takes_bytes())
    }
}

enum Step {
    Begin,
    Process(Option<Value>),
    End,
    Clean,
}

impl<'c> Stage<'c> {
    /// A stage of the running code's surroundings.
    pub(super) fn new(session: &Session, processor: Box<dyn Processor + 'c>, span: Span) -> Self {
        Stage {
            processor,
            frame: session.frame.clone(),
            source: session.source.clone(),
            span,
            routes: None,
            redirection: None,
        }
    }

    /// Runs one step in the stage's own surroundings and comes back to the caller's.
    fn step(
        &mut self,
        session: &mut Session,
        step: Step,
        tail: &mut [Stage<'c>],
        last: &mut dyn Sink,
        run: &Run,
    ) -> Outcome<()> {
        let position = std::mem::replace(&mut session.position, self.span);
        let frame = std::mem::replace(&mut session.frame, self.frame.clone());
        let source = (!Rc::ptr_eq(&session.source, &self.source))
            .then(|| std::mem::replace(&mut session.source, self.source.clone()));
        let routes = self.routes.clone().map(|routes| std::mem::replace(&mut session.routes, routes));
        let mut rest = PipeSink { stages: tail, last, run };
        let result = match &mut self.redirection {
            None => perform(&mut *self.processor, session, step, &mut rest),
            Some(redirected) => {
                let mut sink = RedirectSink { redirected, next: &mut rest, run };
                let result = perform(&mut *self.processor, session, step, &mut sink);
                let flushed = sink.flush(session);
                result.and(flushed)
            }
        };
        session.position = position;
        session.frame = frame;
        if let Some(source) = source {
            session.source = source;
        }
        if let Some(routes) = routes {
            session.routes = routes;
        }
        result
    }

    /// Ends the files its streams were redirected to.
    fn close_files(&mut self, session: &mut Session, run: &Run) -> Outcome<()> {
        let Some(redirected) = &mut self.redirection else { return Ok(()) };
        let discard = &mut super::sink::Discard;
        if let Some(file) = &mut redirected.file {
            file.step(session, Step::End, &mut [], discard, run)?;
        }
        for (waiting, file) in &mut redirected.others {
            let values = std::mem::take(&mut *waiting.borrow_mut());
            for value in values {
                file.step(session, Step::Process(Some(value)), &mut [], discard, run)?;
            }
            file.step(session, Step::End, &mut [], discard, run)?;
        }
        Ok(())
    }
}

fn perform(processor: &mut dyn Processor, session: &mut Session, step: Step, out: &mut dyn Sink) -> Outcome<()> {
    match step {
        Step::Begin => processor.begin(session, out),
        Step::Process(item) => processor.process(session, item, out),
        Step::End => processor.end(session, out),
        Step::Clean => processor.clean(session, out),
    }
}

impl Session {
    /// Runs a pipeline to its end.
    pub(super) fn run_pipeline(&mut self, code: &PipelineCode, out: &mut dyn Sink) -> Outcome<()> {
        if let [ElementCode { kind: ElementKind::Command(command), redirections, .. }] = &*code.elements
            && redirections.is_empty()
        {
            return self.run_command(command, out);
        }
        self.pipelines += 1;
        let run = Run {
            number: self.pipelines,
            failure: RefCell::new(None),
            resume: Cell::new(0),
            length: code.elements.len(),
        };
        let redirects = code.elements.iter().any(|e| !e.redirections.is_empty());
        // An expression in front is the pipeline's input and counts as none of its commands.
        let fed = usize::from(matches!(code.elements.first().map(|e| &e.kind), Some(ElementKind::Expression(_))));
        let mut stages = Vec::with_capacity(code.elements.len());
        for (at, element) in code.elements.iter().enumerate() {
            let place = Place {
                position: (at + 1 - fed) as u32,
                length: (code.elements.len() - fed) as u32,
                pipeline: run.number,
                input: at > 0,
            };
            let mut stage = self.stage(element, place)?;
            if redirects {
                stage.routes = Some(self.routes.clone());
                self.redirect(element, &mut stage)?;
            }
            stages.push(stage);
        }
        self.run_stages(&mut stages, out, &run)
    }

    /// Runs one processor as a pipeline of its own, feeding it these objects.
    pub(super) fn run_processor(
        &mut self,
        processor: Box<dyn Processor + '_>,
        span: Span,
        number: u64,
        out: &mut dyn Sink,
    ) -> Outcome<()> {
        let run = Run { number, failure: RefCell::new(None), resume: Cell::new(0), length: 1 };
        let mut stages = [Stage::new(self, processor, span)];
        self.run_stages(&mut stages, out, &run)
    }

    /// Runs processors as one pipeline.
    pub(super) fn run_processors(
        &mut self,
        processors: Vec<Box<dyn Processor>>,
        number: u64,
        out: &mut dyn Sink,
    ) -> Outcome<()> {
        let run = Run { number, failure: RefCell::new(None), resume: Cell::new(0), length: processors.len() };
        let span = self.position;
        let mut stages: Vec<Stage<'_>> = Vec::with_capacity(processors.len());
        for processor in processors {
            stages.push(Stage::new(self, processor, span));
        }
        self.run_stages(&mut stages, out, &run)
    }

    /// Runs one processor with objects as its input.
    pub(super) fn run_processor_on(
        &mut self,
        mut processor: Box<dyn Processor + '_>,
        items: Vec<Value>,
        out: &mut dyn Sink,
    ) -> Outcome<()> {
        let result = (|| {
            processor.begin(self, out)?;
            for item in items {
                processor.process(self, Some(item), out)?;
            }
            processor.end(self, out)
        })();
        let cleaned = processor.clean(self, out);
        result.and(cleaned)
    }

    fn run_stages(&mut self, stages: &mut [Stage<'_>], out: &mut dyn Sink, run: &Run) -> Outcome<()> {
        let result = self.drive(stages, out, run);
        let mut cleaned = Ok(());
        for at in 0..stages.len() {
            if let Some((head, tail)) = stages.get_mut(at..).and_then(|s| s.split_first_mut()) {
                let one = head.step(self, Step::Clean, tail, out, run);
                cleaned = cleaned.and(one);
                let closed = head.close_files(self, run);
                cleaned = cleaned.and(closed);
            }
        }
        let failed = stages.iter().any(|s| s.processor.failed());
        self.succeeded = !failed;
        result.and(cleaned)
    }

    fn drive(&mut self, stages: &mut [Stage<'_>], out: &mut dyn Sink, run: &Run) -> Outcome<()> {
        let started = self.drive_start(stages, out, run);
        let from = match started {
            Ok(()) => 0,
            Err(error) => self.stopped_at(error, run, 0)?,
        };
        let mut at = from;
        while at < stages.len() {
            let Some((head, tail)) = stages.get_mut(at..).and_then(|s| s.split_first_mut()) else { break };
            match head.step(self, Step::End, tail, out, run) {
                Ok(()) => at += 1,
                Err(error) => at = self.stopped_at(error, run, at + 1)?,
            }
        }
        Ok(())
    }

    /// Where the pipeline goes on after something unwound to its driver.
    fn stopped_at(&mut self, error: Unwind, run: &Run, least: usize) -> Outcome<usize> {
        match &error {
            Unwind::Control(control) if matches!(**control, Control::StopUpstream(n) if n == run.number) => {
                match run.failure.take() {
                    Some(failure) => Err(failure),
                    None => Ok(run.resume.replace(0).max(least)),
                }
            }
            _ => Err(error),
        }
    }

    fn drive_start(&mut self, stages: &mut [Stage<'_>], out: &mut dyn Sink, run: &Run) -> Outcome<()> {
        for at in 0..stages.len() {
            if let Some((head, tail)) = stages.get_mut(at..).and_then(|s| s.split_first_mut()) {
                head.step(self, Step::Begin, tail, out, run)?;
            }
        }
        match stages.split_first_mut() {
            Some((head, tail)) => head.step(self, Step::Process(None), tail, out, run),
            None => Ok(()),
        }
    }

    fn stage<'c>(&mut self, element: &'c ElementCode, place: Place) -> Outcome<Stage<'c>> {
        let processor: Box<dyn Processor + 'c> = match &element.kind {
            ElementKind::Expression(node) => Box::new(ExpressionProcessor { node }),
            ElementKind::Command(command) => self.command_processor(command, place)?,
        };
        Ok(Stage::new(self, processor, element.span))
    }

    /// Sets up the redirections of a stage.
    fn redirect<'c>(&mut self, element: &'c ElementCode, stage: &mut Stage<'c>) -> Outcome<()> {
        if element.redirections.is_empty() {
            return Ok(());
        }
        let mut redirected = Redirected::default();
        let mut routes = self.routes.clone();
        for redirection in &element.redirections {
            let streams: &[u8] = match redirection.from {
                0 => &[1, 2, 3, 4, 5, 6],
                1 => &[1],
                2 => &[2],
                3 => &[3],
                4 => &[4],
                5 => &[5],
                _ => &[6],
            };
            match &redirection.to {
                RedirectionTarget::Null => {
                    for stream in streams {
                        match Stream::numbered(*stream) {
                            Some(stream) => routes.set(stream, StreamTarget::Null),
                            None => redirected.null = true,
                        }
                    }
                }
                RedirectionTarget::Output => {
                    let buffer = redirected.merged.get_or_insert_with(Default::default).clone();
                    for stream in streams.iter().filter_map(|s| Stream::numbered(*s)) {
                        routes.set(stream, StreamTarget::Merge(buffer.clone()));
                    }
                }
                RedirectionTarget::File(path, append) => {
                    let path = self.eval(path)?;
                    if path.is_null() {
                        redirected.null |= streams.contains(&1);
                        for stream in streams.iter().filter_map(|s| Stream::numbered(*s)) {
                            routes.set(stream, StreamTarget::Null);
                        }
                        continue;
                    }
                    let file = self.file_stage(&path, *append, element.span)?;
                    if redirection.from == 0 {
                        let buffer = redirected.merged.get_or_insert_with(Default::default).clone();
                        for stream in streams.iter().filter_map(|s| Stream::numbered(*s)) {
                            routes.set(stream, StreamTarget::Merge(buffer.clone()));
                        }
                        redirected.file = Some(Box::new(file));
                    } else if redirection.from == 1 {
                        redirected.file = Some(Box::new(file));
                    } else if let Some(stream) = Stream::numbered(redirection.from) {
                        let buffer: Rc<RefCell<Vec<Value>>> = Rc::default();
                        routes.set(stream, StreamTarget::Merge(buffer.clone()));
                        redirected.others.push((buffer, file));
                    }
                }
            }
        }
        stage.routes = Some(routes);
        stage.redirection = Some(Box::new(redirected));
        Ok(())
    }

    /// A stage that writes what comes to a file, as `>` does.
    fn file_stage<'c>(&mut self, path: &Value, append: bool, span: Span) -> Outcome<Stage<'c>> {
        let processor = self.out_file_processor(path, append)?;
        let mut stage = Stage::new(self, processor, span);
        stage.processor.begin(self, &mut super::sink::Discard)?;
        stage.routes = Some(self.routes.clone());
        Ok(stage)
    }
}

/// Where a command stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// From 1.
    pub(super) position: u32,
    /// Number of commands.
    pub(super) length: u32,
    /// The pipeline's number.
    pub(super) pipeline: u64,
    /// Something in front sends it objects.
    pub(super) input: bool,
}

/// An expression as the first element: its value, item by item.
struct ExpressionProcessor<'c> {
    node: &'c Node,
}

impl Processor for ExpressionProcessor<'_> {
    fn process(&mut self, session: &mut Session, _: Option<Value>, out: &mut dyn Sink) -> Outcome<()> {
        if let Node::Binary(code) = self.node
            && code.op == BinaryOperator::Range
        {
            let (from, to) = (session.eval(&code.left)?, session.eval(&code.right)?);
            if let (Value::I32(from), Value::I32(to)) = (&from, &to) {
                return write_range(session, *from, *to, out);
            }
            let items = session.apply(BinaryOperator::Range, &from, &to)?;
            return session.emit(items, out);
        }
        let value = session.eval(self.node)?;
        session.emit(value, out)
    }
}

fn write_range(session: &mut Session, from: i32, to: i32, out: &mut dyn Sink) -> Outcome<()> {
    let mut at = from;
    loop {
        out.write(session, Value::I32(at))?;
        if at == to {
            return Ok(());
        }
        at += if from <= to { 1 } else { -1 };
    }
}

/// `ForEach-Object { … }` and `Where-Object { … }` with one block: run in the caller's scope, item by item.
pub(super) struct BlockFilter {
    code: Rc<Code>,
    frame: Rc<Frame>,
    slot: u32,
    filter: bool,
}

/// The classes of the two cmdlets, for the ids of errors that pass through them.
const FOR_EACH_OBJECT: &str = "Microsoft.PowerShell.Commands.ForEachObjectCommand";
const WHERE_OBJECT: &str = "Microsoft.PowerShell.Commands.WhereObjectCommand";

impl BlockFilter {
    /// For a block and the scope it runs in; `filter` keeps the items the block says yes to.
    pub(super) fn new(code: Rc<Code>, frame: Rc<Frame>, filter: bool) -> Self {
        let slot = frame.layout.slot(super::symbol::Symbol::UNDERSCORE);
        BlockFilter { code, frame, slot, filter }
    }

    fn test(&self, session: &mut Session, body: &BlockCode) -> Outcome<bool> {
        if let ([Statement { kind: StatementKind::Expression(node), span }], []) = (&*body.statements, &*body.traps) {
            session.position = *span;
            match session.test(node) {
                Err(Unwind::Fault(_) | Unwind::Error(_)) => {}
                other => return other,
            }
        }
        let mut kept = super::sink::Collector::Empty;
        match session.run_block(body, &mut kept)? {
            Completion::Normal | Completion::Return => Ok(crate::value::convert::to_bool(&kept.into_value())),
            other => other.into_outcome().map(|()| false),
        }
    }
}

impl Processor for BlockFilter {
    fn process(&mut self, session: &mut Session, item: Option<Value>, out: &mut dyn Sink) -> Outcome<()> {
        let Some(body) = &self.code.end else { return Ok(()) };
        session.check_cancelled()?;
        let item = match item {
            Some(Value::Nothing) | None => Value::Null,
            Some(item) => item,
        };
        let copy = self.filter.then(|| item.clone());
        let previous = self.frame.put_slot(self.slot, Slot::Plain(item));
        let arguments = self.code.asks_arguments.then(|| self.frame.args.take());
        let result = match copy {
            None => match session.run_block(body, out) {
                Ok(Completion::Normal | Completion::Return) => Ok(()),
                Ok(completion) => completion.into_outcome(),
                Err(error) => Err(error),
            },
            Some(item) => match self.test(session, body) {
                Ok(true) => {
                    self.frame.put_slot(self.slot, previous);
                    self.frame.args.replace(arguments.unwrap_or_else(|| self.frame.args.take()));
                    return out.write(session, item);
                }
                Ok(false) => Ok(()),
                Err(error) => Err(error),
            },
        };
        self.frame.put_slot(self.slot, previous);
        if let Some(arguments) = arguments {
            self.frame.args.replace(arguments);
        }
        match result {
            Err(Unwind::Error(record)) => {
                let class = if self.filter { WHERE_OBJECT } else { FOR_EACH_OBJECT };
                Err(Unwind::Error(Session::passing_through(record, class)))
            }
            other => other,
        }
    }
}
