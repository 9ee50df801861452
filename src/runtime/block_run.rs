//! Functions, filters and script blocks as stages of a pipeline: their begin, process, end and clean blocks.

use super::bound::PipelineBinder;
use super::call::Whose;
use super::code::{BlockCode, Code};
use super::command::Command;
use super::function::FunctionInfo;
use super::invoke::Call;
use super::lower;
use super::pipeline::Processor;
use super::scope::{Frame, FrameKind, Running, Slot};
use super::session::Session;
use super::sink::Sink;
use super::streams::CommandContext;
use super::symbol::Symbol;
use crate::value::{Control, Outcome, ScriptBlock, Unwind, Value};
use smallvec::SmallVec;
use std::cell::Cell;
use std::rc::Rc;

/// A script block with its frame and the place it has in a pipeline.
pub(super) struct BlockProcessor {
    code: Rc<Code>,
    frame: Rc<Frame>,
    block: Rc<ScriptBlock>,
    context: Rc<CommandContext>,
    /// What came down the pipeline, where only the end block looks at it.
    collected: Vec<Value>,
    /// Pipeline binding of an advanced function.
    binder: Option<Box<PipelineBinder>>,
    begun: bool,
    /// `$input` is the shell's standard input.
    fed: bool,
    /// A script file that something else called: `exit` ends it and nothing more.
    ends_at_exit: bool,
    /// The code that `exit` gave.
    exit_code: Option<i32>,
    /// `-OutVariable` or `-PipelineVariable` look at its output.
    watched: bool,
    /// `-ErrorVariable` and the like collect what its code writes.
    watching: bool,
    /// Set for a dot-sourced block.
    borrowed: Option<Borrowed>,
}

impl Session {
    /// The processor of a block or function.
    pub(super) fn block_processor<'c>(
        &mut self,
        block: Rc<ScriptBlock>,
        function: Option<Rc<FunctionInfo>>,
        call: Call,
    ) -> Outcome<Box<dyn Processor + 'c>> {
        let is_script = function.as_ref().is_some_and(|f| f.is_script);
        let is_main = is_script && self.main_pipeline == Some(call.place.pipeline);
        if is_script && !block.ast.requires.is_empty() {
            self.check_requirements(&block)?;
        }
        // A dot-sourced block of another session state runs in the scope that state is in, not in the caller's.
        let shared = call.dotted.then(|| match &function {
            Some(function) if function.is_script => self.frame.clone(),
            Some(function) => self.parent_in(&function.home),
            None => self.parent_in(&self.home_of(&block)),
        });
        let code = match &shared {
            Some(frame) => lower::shared_code(&block, &frame.layout),
            None => lower::own_code(&block),
        };
        if !code.using.is_empty() {
            self.apply_using(&code.using)?;
        }
        let context = self.block_context(&code, function.clone(), &call);
        let fed = is_main && self.standard_input.is_some();
        if fed {
            context.expects_input.set(true);
        }
        let context = Rc::new(context);
        let (frame, binder, borrowed) = match shared {
            Some(frame) => {
                let (binder, arguments) = self.bind_dotted(&block, &code, &frame, &context, call)?;
                (frame, binder, Some(Borrowed { arguments, ..Borrowed::default() }))
            }
            None => {
                let (frame, binder) = self.bind_own(&block, &code, function, is_main, &context, call)?;
                (frame, binder, None)
            }
        };
        let common = context.common.borrow();
        let watched = common.out_variable.is_some() || common.pipeline_variable.is_some();
        let watching = common.error_variable.is_some()
            || common.warning_variable.is_some()
            || common.information_variable.is_some();
        drop(common);
        Ok(Box::new(BlockProcessor {
            code,
            frame,
            block,
            context,
            collected: Vec::new(),
            binder,
            begun: false,
            fed,
            ends_at_exit: is_script && !is_main,
            exit_code: None,
            watched,
            watching,
            borrowed,
        }))
    }

    fn block_context(&self, code: &Code, function: Option<Rc<FunctionInfo>>, call: &Call) -> CommandContext {
        let mut context = CommandContext::new(function.map(Command::Function), self.frame.clone());
        context.invocation_name = call.name.clone();
        context.span = call.span;
        context.source = Some(self.source.clone());
        context.advanced = code.facts.advanced;
        context.position = Cell::new(call.place.position);
        context.length = Cell::new(call.place.length);
        context.pipeline = Cell::new(call.place.pipeline);
        context.expects_input = Cell::new(call.place.input);
        context
    }

    /// A scope of its own with the arguments bound in it.
    fn bind_own(
        &mut self,
        block: &Rc<ScriptBlock>,
        code: &Rc<Code>,
        function: Option<Rc<FunctionInfo>>,
        is_main: bool,
        context: &Rc<CommandContext>,
        call: Call,
    ) -> Outcome<(Rc<Frame>, Option<Box<PipelineBinder>>)> {
        let home = function.as_ref().map_or_else(|| self.home_of(block), |f| f.home.clone());
        // The script the shell was started with runs in the global scope, as if dot-sourced.
        let kind = match function.as_ref().is_some_and(|f| f.is_script) {
            _ if is_main => FrameKind::Global,
            true => FrameKind::Script,
            false => FrameKind::Local,
        };
        let frame = self.frame_for(code, &home, kind, Whose { function, block: Some(block.clone()) });
        frame.call_site.set(call.span);
        if is_main && self.standard_input.is_some() {
            frame.input.replace(self.standard_input.clone());
        }
        frame.context.replace(Some(context.clone()));
        let simple = code.facts.simple;
        let mut arguments = Some(call.arguments);
        if let Some(arguments) = arguments.take_if(|_| simple) {
            self.bind_plain(code, &frame, arguments, &context.name())?;
            record_bound(code, &frame, context);
        }
        if is_main {
            self.global = frame.clone();
            self.state.current.replace(Some(frame.clone()));
        }
        let binder = match arguments {
            Some(arguments) => self.bind_block(block, code, &frame, context, arguments, call.plan.as_ref())?,
            None => None,
        };
        Ok((frame, binder))
    }

    /// Binds the arguments of a dot-sourced block in the scope that it shares; what no parameter took comes back.
    fn bind_dotted(
        &mut self,
        block: &Rc<ScriptBlock>,
        code: &Rc<Code>,
        frame: &Rc<Frame>,
        context: &Rc<CommandContext>,
        call: Call,
    ) -> Outcome<(Option<Box<PipelineBinder>>, SmallVec<[Value; 2]>)> {
        if code.facts.simple {
            let scratch = self.frame_for(code, &frame.state.clone(), FrameKind::Local, Whose::default());
            self.bind_plain(code, &scratch, call.arguments, &context.name())?;
            record_bound(code, &scratch, context);
            for param in &code.params {
                frame.put_slot(param.slot, scratch.slot(param.slot));
            }
            return Ok((None, scratch.args.take()));
        }
        for param in &code.params {
            frame.put_slot(param.slot, Slot::Unset);
        }
        let outer = frame.args.take();
        let bound = self.bind_block(block, code, frame, context, call.arguments, None);
        let own = frame.args.replace(outer);
        Ok((bound?, own))
    }
}

/// Keeps what plain arguments were bound to, before the body can change it.
fn record_bound(code: &Code, frame: &Frame, context: &CommandContext) {
    context.unbound.replace(frame.args.borrow().to_vec());
    let mut bound = context.bound.borrow_mut();
    for number in frame.bound.borrow().iter() {
        if let Some(param) = code.params.get(*number as usize)
            && let Some(value) = frame.read(param.slot)
        {
            bound.push((param.text.clone(), value));
        }
    }
}

/// What a dot-sourced block changes of the scope it shares: its own until it begins, the scope's until it ends.
#[derive(Default)]
struct Borrowed {
    arguments: SmallVec<[Value; 2]>,
    context: Option<Rc<CommandContext>>,
    input: Option<Value>,
    item: Slot,
}

impl Borrowed {
    fn swap(&mut self, frame: &Frame) {
        self.arguments = frame.args.replace(std::mem::take(&mut self.arguments));
        self.context = frame.context.replace(self.context.take());
        self.input = frame.input.replace(self.input.take());
        let slot = frame.layout.slot(Symbol::UNDERSCORE);
        self.item = frame.put_slot(slot, std::mem::take(&mut self.item));
    }
}

impl BlockProcessor {
    fn run(&mut self, session: &mut Session, body: &BlockCode, out: &mut dyn Sink) -> Outcome<()> {
        if self.watching {
            session.watchers.push(self.context.clone());
        }
        let result = if self.watched {
            let variable = self.context.common.borrow().pipeline_variable.clone();
            let mut sink = super::cmdlet_run::WatchedSink { context: self.context.clone(), variable, inner: out };
            session.run_in(self.frame.clone(), &self.code, body, &mut sink)
        } else {
            session.run_in(self.frame.clone(), &self.code, body, out)
        };
        if self.watching {
            session.watchers.pop();
        }
        self.after(session, result)
    }

    /// `exit` in a called script ends the script.
    fn after(&mut self, session: &mut Session, result: Outcome<()>) -> Outcome<()> {
        match (self.ends_at_exit, exit_code(&result)) {
            (true, Some(code)) => {
                session.set_last_exit_code(code);
                self.exit_code = Some(code);
                Ok(())
            }
            _ => match result {
                Err(Unwind::Error(record)) if self.code.facts.advanced => {
                    Err(Unwind::Error(session.leaving_command(record, &self.context)))
                }
                result => result,
            },
        }
    }

    fn set_item(&self, name: Symbol, value: Value) {
        let slot = self.frame.layout.slot(name);
        self.frame.put_slot(slot, Slot::Plain(value));
    }
}

impl Processor for BlockProcessor {
    fn begin(&mut self, session: &mut Session, out: &mut dyn Sink) -> Outcome<()> {
        self.begun = true;
        session.prepare_collected(&self.context)?;
        if let Some(borrowed) = &mut self.borrowed {
            let outer = self.frame.context.borrow().clone();
            self.context.cmdlet_object.replace(outer.and_then(|_| session.cmdlet_object(&self.frame)));
            borrowed.context = Some(self.context.clone());
            borrowed.item = self.frame.slot(self.frame.layout.slot(Symbol::UNDERSCORE));
            borrowed.swap(&self.frame);
        }
        let suspended = session.enter(self.frame.clone(), &self.code.source)?;
        session.apply_common(&self.context.common.borrow(), &self.frame);
        let filled = session
            .fill_defaults(&self.code)
            .and_then(|()| session.keep_checks(&self.code, &self.frame, &self.block, &self.context));
        session.leave_shared(suspended);
        self.after(session, filled)?;
        let code = self.code.clone();
        let Some(body) = &code.begin else { return Ok(()) };
        self.frame.running.set(Running::Begin);
        if !self.fed {
            self.frame.input.replace(Some(Value::array(Vec::new())));
        }
        self.run(session, body, out)
    }

    fn process(&mut self, session: &mut Session, item: Option<Value>, out: &mut dyn Sink) -> Outcome<()> {
        session.check_cancelled()?;
        if self.exit_code.is_some() {
            return Ok(());
        }
        let code = self.code.clone();
        let Some(item) = item else {
            if let Some(body) = &code.process {
                self.frame.running.set(Running::Process);
                return self.run(session, body, out);
            }
            return Ok(());
        };
        if let Some(binder) = &mut self.binder
            && !session.bind_pipeline_object(binder, &self.code, &self.frame, &self.context, &item, out)?
        {
            return Ok(());
        }
        match &code.process {
            Some(body) => {
                self.frame.input.replace(Some(Value::array(vec![item.clone()])));
                self.set_item(Symbol::UNDERSCORE, item);
                self.frame.running.set(Running::Process);
                self.run(session, body, out)
            }
            None => {
                self.collected.push(item);
                Ok(())
            }
        }
    }

    fn end(&mut self, session: &mut Session, out: &mut dyn Sink) -> Outcome<()> {
        let code = self.code.clone();
        let Some(body) = code.end.as_ref().filter(|_| self.exit_code.is_none()) else { return Ok(()) };
        let named = code.begin.is_some() || code.process.is_some();
        self.frame.running.set(if named { Running::End } else { Running::Body });
        let expects = self.context.expects_input.get();
        if !self.fed && (expects || self.frame.input.borrow().is_none()) {
            let items = std::mem::take(&mut self.collected);
            let enumerator = super::objects::Enumerator::new(items);
            self.frame.input.replace(Some(enumerator.value()));
        }
        self.run(session, body, out)
    }

    fn clean(&mut self, session: &mut Session, out: &mut dyn Sink) -> Outcome<()> {
        let code = self.code.clone();
        if let (Some(body), true) = (&code.clean, self.begun) {
            self.frame.running.set(Running::Clean);
            self.run(session, body, out)?;
        }
        if let (Some(borrowed), true) = (&mut self.borrowed, self.begun) {
            borrowed.swap(&self.frame);
        } else if self.frame.extra().is_some() {
            session.generation += 1;
        }
        session.end_collected(&self.context);
        Ok(())
    }

    fn context(&self) -> Option<&Rc<CommandContext>> {
        Some(&self.context)
    }

    fn failed(&self) -> bool {
        let advanced_failed = self.code.facts.advanced && !self.context.succeeded.get();
        advanced_failed || self.exit_code.is_some_and(|code| code != 0)
    }
}

/// The code of `exit`, where that is why something ended.
pub(super) fn exit_code(result: &Outcome<()>) -> Option<i32> {
    match result {
        Err(Unwind::Control(control)) => match **control {
            Control::Exit(code) => Some(code),
            _ => None,
        },
        _ => None,
    }
}
