//! Calling functions and script blocks: frames, plain parameters, crossing into other session states.

use super::argument::{Argument, ArgumentKind};
use super::binder::as_written;
use super::code::*;
use super::function::FunctionInfo;
use super::lower;
use super::scope::{Frame, FrameKind, Slot, Variable};
use super::session::Session;
use super::session_state::SessionState;
use super::sink::Sink;
use super::statements::Completion;
use super::streams::CommandContext;
use crate::syntax::Source;
use crate::value::{ErrorCategory, Fault, Outcome, ScriptBlock, Str, TypeRef, Unwind, Value, convert};
use std::rc::Rc;

/// How deep calls may nest. The interpreter's stack is sized for it.
pub(super) const MAXIMUM_DEPTH: u32 = 4000;

/// How many frames of ended calls are kept for the next ones.
const SPARE_FRAMES: usize = 32;

/// What a frame runs.
#[derive(Default)]
pub(super) struct Whose {
    pub(super) function: Option<Rc<FunctionInfo>>,
    pub(super) block: Option<Rc<ScriptBlock>>,
}

/// What the running code had before a call, to be put back after it.
pub(super) struct Suspended {
    frame: Rc<Frame>,
    source: Rc<Source>,
    position: crate::syntax::Span,
    /// The state that was left and the scope it was in before, where the call crosses into another state.
    left: Option<(Rc<SessionState>, Option<Rc<Frame>>)>,
}

impl Session {
    /// The session state a block belongs to: its own, or that of the code that made it.
    pub(super) fn home_of(&self, block: &ScriptBlock) -> Rc<SessionState> {
        let home = block.home.borrow().clone();
        match home.map(|any| any.downcast::<SessionState>()) {
            Some(Ok(state)) => state,
            _ => self.frame.state.clone(),
        }
    }

    /// The scope that a new scope of this state hangs below.
    pub(super) fn parent_in(&self, home: &Rc<SessionState>) -> Rc<Frame> {
        if Rc::ptr_eq(home, &self.frame.state) {
            return self.frame.clone();
        }
        let current = home.current.borrow().clone();
        current.or_else(|| home.frame.get().cloned()).unwrap_or_else(|| self.global.clone())
    }

    /// A frame for a call of this code: one that an earlier call left, where there is one.
    pub(super) fn frame_for(
        &mut self,
        code: &Code,
        home: &Rc<SessionState>,
        kind: FrameKind,
        whose: Whose,
    ) -> Rc<Frame> {
        let parent = Some(self.parent_in(home));
        let mut frame = match self.spare_frames.pop() {
            Some(frame) => frame,
            None => Rc::new(Frame::new(code.layout.clone(), None, home.clone(), kind)),
        };
        let Some(made) = Rc::get_mut(&mut frame) else {
            return Rc::new(Frame::new(code.layout.clone(), parent, home.clone(), kind));
        };
        if !Rc::ptr_eq(&made.layout, &code.layout) {
            made.layout = code.layout.clone();
        }
        if !Rc::ptr_eq(&made.state, home) {
            made.state = home.clone();
        }
        (made.parent, made.kind) = (parent, kind);
        (made.function, made.block) = (whose.function, whose.block);
        made.slots.get_mut().resize(code.layout.len(), Slot::Unset);
        made.call_site.set(self.position);
        made.call_source = Some(self.source.clone());
        frame
    }

    /// Keeps a frame that nobody holds any more for the next call.
    fn keep_spare(&mut self, mut frame: Rc<Frame>) {
        if self.spare_frames.len() < SPARE_FRAMES
            && let Some(left) = Rc::get_mut(&mut frame)
        {
            left.clear();
            self.spare_frames.push(frame);
        }
    }

    /// Makes a frame the current one.
    pub(super) fn enter(&mut self, frame: Rc<Frame>, source: &Rc<Source>) -> Outcome<Suspended> {
        if self.depth >= self.maximum_depth {
            return call_depth_overflow(self.maximum_depth);
        }
        self.depth += 1;
        let left = if Rc::ptr_eq(&frame.state, &self.frame.state) {
            None
        } else {
            let state = self.frame.state.clone();
            let before = state.current.replace(Some(self.frame.clone()));
            Some((state, before))
        };
        Ok(Suspended {
            frame: std::mem::replace(&mut self.frame, frame),
            source: std::mem::replace(&mut self.source, source.clone()),
            position: self.position,
            left,
        })
    }

    /// Goes back to what ran before.
    pub(super) fn leave(&mut self, suspended: Suspended) {
        self.depth -= 1;
        if self.frame.extra().is_some() && !Rc::ptr_eq(&self.frame, &suspended.frame) {
            // Functions defined in the scope that ends here are gone.
            self.generation += 1;
        }
        let left = std::mem::replace(&mut self.frame, suspended.frame);
        self.keep_spare(left);
        self.source = suspended.source;
        self.position = suspended.position;
        if let Some((state, before)) = suspended.left {
            state.current.replace(before);
        }
    }

    /// Runs a body in a frame of its own.
    pub(super) fn run_in(
        &mut self,
        frame: Rc<Frame>,
        code: &Code,
        body: &BlockCode,
        out: &mut dyn Sink,
    ) -> Outcome<()> {
        let suspended = self.enter(frame, &code.source)?;
        let result = self.run_block(body, out);
        self.leave(suspended);
        function_end(result)
    }

    /// Calls a function whose parameters are plain, straight from its call site; false where it needs the binder.
    pub(super) fn call_direct(
        &mut self,
        site: &CommandCode,
        function: &Rc<FunctionInfo>,
        out: &mut dyn Sink,
    ) -> Outcome<bool> {
        let compiled = lower::compiled(&function.block);
        let facts = lower::facts(&function.block, &compiled);
        if !facts.simple || facts.blocks || function.is_script {
            return Ok(false);
        }
        let code = lower::own_code(&function.block);
        let whose = Whose { function: Some(function.clone()), block: None };
        let frame = self.frame_for(&code, &function.home, FrameKind::Local, whose);
        frame.call_site.set(site.span);
        self.place_arguments(site, &code, &frame, &function.name)?;
        if code.asks_invocation {
            self.context_of(&frame);
        }
        self.call_frame(frame, &code, out)?;
        Ok(true)
    }

    /// Calls a block with plain parameters straight from its call site.
    pub(super) fn call_block_direct(
        &mut self,
        site: &CommandCode,
        block: &Rc<ScriptBlock>,
        out: &mut dyn Sink,
    ) -> Outcome<bool> {
        let compiled = lower::compiled(block);
        let facts = lower::facts(block, &compiled);
        let code = lower::own_code(block);
        if !facts.simple || facts.blocks || !code.using.is_empty() {
            return Ok(false);
        }
        let whose = Whose { function: None, block: Some(block.clone()) };
        let home = self.home_of(block);
        let frame = self.frame_for(&code, &home, FrameKind::Local, whose);
        frame.call_site.set(site.span);
        self.place_arguments(site, &code, &frame, "")?;
        if code.asks_invocation {
            self.context_of(&frame);
        }
        self.call_frame(frame, &code, out)?;
        Ok(true)
    }

    /// Evaluates arguments into the slots of parameters: by place, or by name where names are written.
    fn place_arguments(&mut self, site: &CommandCode, code: &Code, frame: &Frame, name: &str) -> Outcome<()> {
        if site.plain {
            return self.place_plain(site, code, frame, name);
        }
        let arguments = self.eval_arguments(site)?;
        self.bind_plain(code, frame, arguments, name)
    }

    /// Evaluates plain arguments into the slots of the parameters in order.
    fn place_plain(&mut self, site: &CommandCode, code: &Code, frame: &Frame, name: &str) -> Outcome<()> {
        let mut params = code.params.iter().enumerate().filter(|(_, p)| !p.is_switch);
        for argument in &site.arguments {
            let ArgumentForm::Value(node, text) = &argument.kind else { continue };
            let value = match self.eval(node)? {
                Value::Nothing => Value::Null,
                value => value,
            };
            match params.next() {
                Some((at, param)) => {
                    let slot = self.parameter_slot(param, value, text.as_ref(), name)?;
                    frame.bound.borrow_mut().push(at as u16);
                    frame.put_slot(param.slot, slot);
                }
                None => frame.args.borrow_mut().push(as_written(value, text.as_ref())),
            }
        }
        Ok(())
    }

    /// Sets what no argument set, then runs the body.
    fn call_frame(&mut self, frame: Rc<Frame>, code: &Code, out: &mut dyn Sink) -> Outcome<()> {
        let suspended = self.enter(frame, &code.source)?;
        let result = match self.fill_defaults(code) {
            Ok(()) => match &code.end {
                Some(body) => self.run_block(body, out),
                None => Ok(Completion::Normal),
            },
            Err(error) => Err(error),
        };
        self.leave(suspended);
        if result.is_ok() {
            self.succeeded = true;
        }
        function_end(result)
    }

    /// Gives parameters without argument their default, in the function's own frame.
    pub(super) fn fill_defaults(&mut self, code: &Code) -> Outcome<()> {
        if !code.types.is_empty() {
            self.declare_types(&code.types)?;
        }
        for param in &code.params {
            let set = match self.frame.slots.borrow().get(param.slot as usize) {
                Some(Slot::Unset) | None => false,
                Some(Slot::Plain(_) | Slot::Boxed(_)) => true,
            };
            if set {
                continue;
            }
            let slot = match &param.default {
                Some(node) => {
                    let before = self.frame.running.replace(super::scope::Running::Defaults);
                    let value = self.eval(node);
                    self.frame.running.set(before);
                    self.parameter_slot(param, value?, None, "")?
                }
                None => self.empty_parameter(param)?,
            };
            self.frame.put_slot(param.slot, slot);
        }
        Ok(())
    }

    /// The slot of a parameter that has neither argument nor default.
    fn empty_parameter(&mut self, param: &ParamCode) -> Outcome<Slot> {
        let Some(kind) = &param.kind else { return Ok(Slot::Plain(Value::Null)) };
        let kind = self.type_of(kind)?;
        let value = match kind {
            _ if kind == TypeRef::STRING => Value::str(""),
            // What is no number to .NET's type codes stays without a value.
            _ if kind == TypeRef::CHAR || kind == TypeRef::BIGINTEGER => Value::Null,
            _ if kind.is_value_type() => convert::to(self, &Value::Null, kind).unwrap_or_default(),
            _ => Value::Null,
        };
        Ok(self.typed_slot(param, kind, value))
    }

    /// A parameter's slot for a value: converted, and boxed where the body may assign to it again.
    pub(super) fn parameter_slot(
        &mut self,
        param: &ParamCode,
        value: Value,
        text: Option<&Str>,
        function: &str,
    ) -> Outcome<Slot> {
        let Some(code) = &param.kind else { return Ok(Slot::Plain(value)) };
        let kind = self.type_of(code)?;
        let value = match text {
            Some(text) if super::binder::reads_text(kind) => self.convert(&Value::Str(text.clone()), kind)?,
            _ => match self.convert_parameter(&value, kind) {
                Ok(value) => value,
                Err(error) => return Err(transformation_error(error, &param.text, function)),
            },
        };
        Ok(self.typed_slot(param, kind, value))
    }

    fn convert_parameter(&mut self, value: &Value, kind: TypeRef) -> Outcome<Value> {
        if kind == TypeRef::STRING && value.is_null() {
            return Ok(Value::str(""));
        }
        if kind == TypeRef::PSREFERENCE && !kind.is_assignable_from(TypeRef::of(value)) {
            return Fault::new("InvalidCastToReference", "A [ref] parameter needs an argument written as [ref] $name.")
                .err();
        }
        let strict = match super::binder::Form::of(kind) {
            super::binder::Form::Switch => super::binder::as_switch(value).map(crate::value::switch_parameter),
            super::binder::Form::Bool => super::binder::as_bool(value).map(Value::Bool),
            _ => return self.convert(value, kind),
        };
        match strict {
            Some(value) => Ok(value),
            None => {
                Fault::new("InvalidCast", format!("'{}' is neither $true nor $false.", convert::to_text(value))).err()
            }
        }
    }

    pub(super) fn typed_slot(&self, param: &ParamCode, kind: TypeRef, value: Value) -> Slot {
        if !param.assigned || kind == TypeRef::OBJECT {
            return Slot::Plain(value);
        }
        let variable = Variable::new(param.name, value);
        variable.kind.set(Some(kind));
        Slot::Boxed(variable)
    }

    /// Binds arguments to plain parameters by name and place, as a function without attributes does.
    pub(super) fn bind_plain(
        &mut self,
        code: &Code,
        frame: &Frame,
        arguments: Vec<Argument>,
        name: &str,
    ) -> Outcome<()> {
        let mut given: Vec<Given> = vec![Given::No; code.params.len()];
        let mut rest: Vec<Left> = Vec::new();
        let mut ended = false;
        let mut arguments = arguments.into_iter().peekable();
        while let Some(argument) = arguments.next() {
            match argument.kind {
                ArgumentKind::Value { text, .. } if !ended && is_end_mark(text.as_ref()) => ended = true,
                ArgumentKind::Value { value, text } => rest.push(Left { value, text, positional: true }),
                ArgumentKind::Parameter { value, written, .. } if ended => {
                    rest.push(Left { value: Value::Str(written), text: None, positional: true });
                    rest.extend(value.map(|value| Left { value, text: None, positional: true }));
                }
                ArgumentKind::Parameter { name: written_name, value, splatted, written } => {
                    let Some(at) = find_parameter(code, &written_name, name)? else {
                        // A name that nobody knows keeps the value after it: both go to `$args`.
                        let text = super::arguments::parameter_text(&written, &written_name);
                        rest.push(Left { value: text, text: None, positional: false });
                        let follows = |a: &Argument| matches!(&a.kind, ArgumentKind::Value { text, .. } if !is_end_mark(text.as_ref()));
                        let next = match arguments.next_if(follows).map(|a| a.kind) {
                            Some(ArgumentKind::Value { value, text }) => Some(as_written(value, text.as_ref())),
                            _ => None,
                        };
                        let kept = value.into_iter().chain(next);
                        rest.extend(kept.map(|value| Left { value, text: None, positional: false }));
                        continue;
                    };
                    let Some(param) = code.params.get(at) else { continue };
                    let before = given.get(at).copied().unwrap_or(Given::No);
                    match (before, splatted) {
                        (Given::Explicitly, true) => continue,
                        (Given::Explicitly, false) | (Given::BySplat, true) => return already_bound(&param.text, name),
                        (Given::No, _) | (Given::BySplat, false) => {}
                    }
                    if let Some(place) = given.get_mut(at) {
                        *place = if splatted { Given::BySplat } else { Given::Explicitly };
                    }
                    let (value, text) = match value {
                        Some(value) => (value, None),
                        None if param.is_switch => (crate::value::switch_parameter(true), None),
                        None => match arguments.next().map(|a| a.kind) {
                            Some(ArgumentKind::Value { value, text }) if !is_end_mark(text.as_ref()) => (value, text),
                            Some(ArgumentKind::Parameter { name: next, value: None, written, .. })
                                if find_parameter(code, &next, name)?.is_none() =>
                            {
                                (Value::Str(written), None)
                            }
                            _ => return missing_argument(&param.text, name),
                        },
                    };
                    let slot = self.parameter_slot(param, value, text.as_ref(), name)?;
                    put(frame, at, param.slot, slot);
                }
            }
        }
        let mut open = code
            .params
            .iter()
            .enumerate()
            .filter(|(at, param)| matches!(given.get(*at), Some(Given::No)) && !param.is_switch);
        for left in rest {
            match if left.positional { open.next() } else { None } {
                Some((at, param)) => {
                    let slot = self.parameter_slot(param, left.value, left.text.as_ref(), name)?;
                    put(frame, at, param.slot, slot);
                }
                None => frame.args.borrow_mut().push(as_written(left.value, left.text.as_ref())),
            }
        }
        Ok(())
    }

    /// Runs a block in the current scope: ForEach-Object's way, and `. { }`. `$_` is `item` meanwhile.
    pub(crate) fn run_in_current_scope(
        &mut self,
        block: &Rc<ScriptBlock>,
        item: Option<Value>,
        args: &[Value],
        out: &mut dyn Sink,
    ) -> Outcome<()> {
        let home = self.home_of(block);
        let frame = self.parent_in(&home);
        let code = lower::shared_code(block, &frame.layout);
        let slot = item.is_some().then(|| frame.layout.slot(super::symbol::Symbol::UNDERSCORE));
        let previous = match (slot, item) {
            (Some(slot), Some(item)) => frame.put_slot(slot, Slot::Plain(item)),
            _ => Slot::Unset,
        };
        // A block that is given an item has arguments of its own; a text run as code sees those around it.
        let own = !args.is_empty() || slot.is_some() && code.asks_arguments;
        let arguments = own.then(|| frame.args.replace(args.iter().cloned().collect()));
        let suspended = self.enter(frame.clone(), &code.source)?;
        let result = self.run_shared(&code, args, out);
        self.leave_shared(suspended);
        if let Some(arguments) = arguments {
            frame.args.replace(arguments);
        }
        if let Some(slot) = slot {
            frame.put_slot(slot, previous);
        }
        function_end(result)
    }

    /// Like `leave`, where the frame goes on living.
    pub(super) fn leave_shared(&mut self, suspended: Suspended) {
        let generation = self.generation;
        self.leave(suspended);
        self.generation = generation;
    }

    fn run_shared(&mut self, code: &Code, args: &[Value], out: &mut dyn Sink) -> Outcome<Completion> {
        if !code.using.is_empty() {
            self.apply_using(&code.using)?;
        }
        if !code.types.is_empty() {
            self.declare_types(&code.types)?;
        }
        let mut args = args.iter();
        for param in &code.params {
            let slot = match (args.next(), &param.default) {
                (Some(value), _) => self.parameter_slot(param, value.clone(), None, "")?,
                (None, Some(node)) => {
                    let value = self.eval(node)?;
                    self.parameter_slot(param, value, None, "")?
                }
                (None, None) => self.empty_parameter(param)?,
            };
            self.frame.put_slot(param.slot, slot);
        }
        for body in [&code.begin, &code.process, &code.end].into_iter().flatten() {
            match self.run_block(body, out)? {
                Completion::Normal => {}
                completion => return Ok(completion),
            }
        }
        Ok(Completion::Normal)
    }

    /// Runs a block in a scope of its own with positional arguments, `$_` and `$this` being `this` where given.
    pub(crate) fn run_block_with(
        &mut self,
        block: &Rc<ScriptBlock>,
        args: &[Value],
        this: Option<Value>,
        out: &mut dyn Sink,
    ) -> Outcome<()> {
        let code = lower::own_code(block);
        let home = self.home_of(block);
        let whose = Whose { function: None, block: Some(block.clone()) };
        let frame = self.frame_for(&code, &home, FrameKind::Local, whose);
        let arguments = args.iter().cloned().map(Argument::value).collect();
        if code.facts.simple {
            self.bind_plain(&code, &frame, arguments, "")?;
        } else {
            return self.run_bound_block(block, arguments, this, out);
        }
        if let Some(this) = this {
            let slots = [super::symbol::Symbol::UNDERSCORE, super::symbol::Symbol::THIS];
            for name in slots {
                let slot = code.layout.slot(name);
                frame.put(slot, this.clone());
            }
        }
        let suspended = self.enter(frame, &code.source)?;
        let result = self.fill_defaults(&code).and_then(|()| {
            for body in [&code.begin, &code.process, &code.end].into_iter().flatten() {
                match self.run_block(body, out)? {
                    Completion::Normal => {}
                    completion => return Ok(completion),
                }
            }
            Ok(Completion::Normal)
        });
        self.leave(suspended);
        function_end(result)
    }

    /// The function, block or script that a frame runs, as a context; made when first asked for.
    pub(super) fn context_of(&self, frame: &Rc<Frame>) -> Rc<CommandContext> {
        if let Some(context) = &*frame.context.borrow() {
            return context.clone();
        }
        let caller = frame.parent.clone().unwrap_or_else(|| frame.clone());
        let source = frame.call_source.clone();
        let span = frame.call_site.get();
        let written = source.as_ref().map_or("", |s| s.slice(span)).to_string();
        let mut context = CommandContext::new(frame.function.clone().map(super::Command::Function), caller);
        context.invocation_name = Str::from(first_word(&written));
        context.span = span;
        context.source = source;
        let context = Rc::new(context);
        if let Some(block) = frame.function.as_ref().map(|f| &f.block).or(frame.block.as_ref()) {
            let code = lower::own_code(block);
            let mut bound = context.bound.borrow_mut();
            // Only what the call gave counts as bound; defaults were filled in later and cannot be told apart here,
            // so a frame that is asked for its bound parameters was made by the path that records them.
            for param in frame.bound.borrow().iter() {
                if let Some(param) = code.params.get(*param as usize)
                    && let Some(value) = frame.read(param.slot)
                {
                    bound.push((param.text.clone(), value));
                }
            }
        }
        context.unbound.borrow_mut().extend(frame.args.borrow().iter().cloned());
        frame.context.replace(Some(context.clone()));
        context
    }
}

/// How a parameter got its value.
#[derive(Clone, Copy)]
enum Given {
    No,
    Explicitly,
    BySplat,
}

/// An argument that no name took.
struct Left {
    value: Value,
    text: Option<Str>,
    positional: bool,
}

/// The bare `--`, after which nothing is a parameter's name.
fn is_end_mark(text: Option<&Str>) -> bool {
    text.is_some_and(|text| text.as_str() == "--")
}

fn put(frame: &Frame, parameter: usize, slot: u32, value: Slot) {
    let number = parameter as u16;
    let mut bound = frame.bound.borrow_mut();
    if !bound.contains(&number) {
        bound.push(number);
    }
    frame.put_slot(slot, value);
}

fn first_word(text: &str) -> &str {
    let text = text.trim_start();
    if text.starts_with('&') {
        return "&";
    }
    if text.starts_with(". ") {
        return ".";
    }
    text.split(|c: char| c.is_whitespace() || c == '|' || c == ';' || c == ')').next().unwrap_or("")
}

/// A function's end: `return` is done, `break` and `continue` look for a loop of the caller.
pub(super) fn function_end(result: Outcome<Completion>) -> Outcome<()> {
    match result? {
        Completion::Normal | Completion::Return => Ok(()),
        completion => completion.into_outcome(),
    }
}

/// The parameter that a written name means: exact, or the only one it begins.
fn find_parameter(code: &Code, given: &str, function: &str) -> Outcome<Option<usize>> {
    let starts = |p: &ParamCode| p.text.get(..given.len()).is_some_and(|head| head.eq_ignore_ascii_case(given));
    if let Some(exact) = code.params.iter().position(|p| p.text.eq_ignore_ascii_case(given)) {
        return Ok(Some(exact));
    }
    let mut candidates = code.params.iter().enumerate().filter(|(_, p)| starts(p));
    let first = candidates.next();
    if candidates.next().is_some() {
        return binding_error(
            "AmbiguousParameter",
            format!("'-{given}' could mean several parameters of {function}; write more of the name."),
            given,
            function,
        );
    }
    Ok(first.map(|(at, _)| at))
}

/// A binding error, with the function's name behind its id.
fn binding_error<T>(id: &str, message: String, parameter: &str, function: &str) -> Outcome<T> {
    Fault::new(super::error_handling::qualified(id, function), message)
        .category(ErrorCategory::InvalidArgument)
        .exception("System.Management.Automation.ParameterBindingException")
        .property("ParameterName", parameter)
        .err()
}

fn already_bound<T>(parameter: &str, function: &str) -> Outcome<T> {
    let message = format!("The parameter '{parameter}' is given more than once.");
    binding_error("ParameterAlreadyBound", message, parameter, function)
}

fn missing_argument<T>(parameter: &str, function: &str) -> Outcome<T> {
    let message = format!("The parameter '{parameter}' needs a value after its name.");
    binding_error("MissingArgument", message, parameter, function)
}

/// What a conversion error of an argument becomes.
pub(super) fn transformation_error(error: Unwind, parameter: &str, function: &str) -> Unwind {
    match error {
        Unwind::Fault(fault) => {
            let message = format!("The value for the parameter '{parameter}' does not fit. {}", fault.message);
            let mut wrapped =
                Fault::new(super::error_handling::qualified("ParameterArgumentTransformationError", function), message)
                    .category(ErrorCategory::InvalidData)
                    .exception("System.Management.Automation.ParameterBindingArgumentTransformationException")
                    .property("ParameterName", parameter);
            let cause = fault.inner.clone().unwrap_or_else(|| Rc::new(super::error_handling::exception_of(&fault)));
            wrapped.inner = Some(super::binder::faults::refused_cast(cause));
            wrapped.into()
        }
        other => other,
    }
}

/// The error of calls nested too deeply.
fn call_depth_overflow<T>(limit: u32) -> Outcome<T> {
    Fault::new(
        "CallDepthOverflow",
        format!("Calls are nested more than {limit} deep; is there a recursion without end?"),
    )
    .category(ErrorCategory::InvalidOperation)
    .exception("System.Management.Automation.ScriptCallDepthException")
    .err()
}
