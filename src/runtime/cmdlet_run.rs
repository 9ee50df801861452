//! Cmdlets as stages of a pipeline: binding, the three methods, and what common parameters add.

use super::binder::{self, BindOptions, Binding, CommandSignature};
use super::bound::Binder;
use super::cmdlet::{Cmdlet, CmdletSpec};
use super::command::Command;
use super::invocation::Invocation;
use super::invoke::Call;
use super::pipeline::Processor;
use super::scope::Slot;
use super::session::Session;
use super::sink::Sink;
use super::streams::CommandContext;
use super::symbol::Symbol;
use crate::value::{Outcome, Str, Unwind, Value};
use std::cell::Cell;
use std::rc::Rc;

/// A cmdlet being run.
pub(super) struct CmdletProcessor {
    spec: &'static CmdletSpec,
    instance: Box<dyn Cmdlet>,
    binding: Binding,
    context: Rc<CommandContext>,
}

impl Session {
    /// The signature of a cmdlet, made once.
    pub(crate) fn cmdlet_signature(&mut self, spec: &'static CmdletSpec) -> Rc<CommandSignature> {
        let key = std::ptr::from_ref(spec) as usize;
        self.signatures.entry(key).or_insert_with(|| Rc::new(binder::from_cmdlet(spec))).clone()
    }

    /// The processor of a cmdlet.
    pub(super) fn cmdlet_processor<'c>(
        &mut self,
        spec: &'static CmdletSpec,
        call: Call,
    ) -> Outcome<Box<dyn Processor + 'c>> {
        let signature = self.cmdlet_signature(spec);
        let mut context = CommandContext::new(Some(Command::Cmdlet(spec)), self.frame.clone());
        context.invocation_name = call.name.clone();
        context.span = call.span;
        context.source = Some(self.source.clone());
        context.advanced = true;
        context.position = Cell::new(call.place.position);
        context.length = Cell::new(call.place.length);
        context.pipeline = Cell::new(call.place.pipeline);
        context.expects_input = Cell::new(call.place.input);
        let context = Rc::new(context);
        let options = BindOptions {
            expects_input: call.place.input,
            defaults: self.default_parameter_values(),
            has_dynamic: false,
        };
        let bound = self.bind_call(&signature, call.arguments, call.plan.as_ref(), options, None);
        let binding = match bound {
            Ok(binding) => binding,
            Err(error) => return Err(Unwind::Error(self.command_record(error, &context)?)),
        };
        let mut instance = (spec.make)(spec);
        for number in &binding.order {
            set(self, &mut *instance, &binding, *number, &context)?;
        }
        if let Some(common) = &binding.common {
            context.common.replace((**common).clone());
        }
        context.parameter_set.replace(binding.set_name());
        context.bound.replace(binding.bound());
        Ok(Box::new(CmdletProcessor { spec, instance, binding, context }))
    }
}

/// Sets one parameter of a cmdlet to what is bound.
fn set(
    session: &mut Session,
    instance: &mut dyn Cmdlet,
    binding: &Binding,
    number: u16,
    context: &Rc<CommandContext>,
) -> Outcome<()> {
    if usize::from(number) >= binding.signature.parameters.len() {
        return Ok(());
    }
    let Some(value) = binding.value(number) else { return Ok(()) };
    match instance.set(usize::from(number), value.clone(), session) {
        Ok(()) => Ok(()),
        Err(error) => {
            let error = super::binder::faults::refused_by_field(&binding.signature, number, value, error);
            Err(Unwind::Error(session.command_record(error, context)?))
        }
    }
}

/// Which method of a cmdlet is to run.
enum Method {
    Begin,
    Process,
    End,
}

impl CmdletProcessor {
    fn run(
        &mut self,
        session: &mut Session,
        method: Method,
        object: Option<&Value>,
        out: &mut dyn Sink,
    ) -> Outcome<()> {
        let common = self.context.common.borrow();
        let watched = common.out_variable.is_some() || common.pipeline_variable.is_some();
        let pipeline_variable = common.pipeline_variable.clone();
        drop(common);
        let result = if watched {
            let mut sink = WatchedSink { context: self.context.clone(), variable: pipeline_variable, inner: out };
            self.call(session, method, object, &mut sink)
        } else {
            self.call(session, method, object, out)
        };
        match result {
            Err(error @ Unwind::Fault(_)) => Err(Unwind::Error(session.command_record(error, &self.context)?)),
            Err(Unwind::Error(record)) => Err(Unwind::Error(session.leaving_command(record, &self.context))),
            other => other,
        }
    }

    fn call(
        &mut self,
        session: &mut Session,
        method: Method,
        object: Option<&Value>,
        out: &mut dyn Sink,
    ) -> Outcome<()> {
        let mut run = Invocation { spec: self.spec, session, out, context: &self.context, object };
        match method {
            Method::Begin => self.instance.begin(&mut run),
            Method::Process => self.instance.process(&mut run),
            Method::End => self.instance.end(&mut run),
        }
    }

    fn bind_object(&mut self, session: &mut Session, item: &Value, out: &mut dyn Sink) -> Outcome<bool> {
        if let Some(number) = binder::rebind(&mut self.binding, &mut Binder { session, dynamic: None }, item) {
            set(session, &mut *self.instance, &self.binding, number, &self.context)?;
            return Ok(true);
        }
        for number in binder::restore(&mut self.binding) {
            self.instance.reset(usize::from(number));
        }
        let mut host = Binder { session, dynamic: None };
        if let Err(error) = binder::bind_object(&mut self.binding, &mut host, item) {
            session.write_binding_error(error, &self.context, out)?;
            return Ok(false);
        }
        for number in self.binding.from_pipeline.clone() {
            set(session, &mut *self.instance, &self.binding, number, &self.context)?;
        }
        if !self.binding.from_pipeline.is_empty() {
            self.context.parameter_set.replace(self.binding.set_name());
        }
        Ok(true)
    }
}

impl Processor for CmdletProcessor {
    fn begin(&mut self, session: &mut Session, out: &mut dyn Sink) -> Outcome<()> {
        session.prepare_collected(&self.context)?;
        self.run(session, Method::Begin, None, out)
    }

    fn process(&mut self, session: &mut Session, item: Option<Value>, out: &mut dyn Sink) -> Outcome<()> {
        match item {
            None if self.context.expects_input.get() => Ok(()),
            None => self.run(session, Method::Process, None, out),
            Some(item) => {
                if !self.bind_object(session, &item, out)? {
                    return Ok(());
                }
                self.run(session, Method::Process, Some(&item), out)
            }
        }
    }

    fn end(&mut self, session: &mut Session, out: &mut dyn Sink) -> Outcome<()> {
        self.run(session, Method::End, None, out)
    }

    fn clean(&mut self, session: &mut Session, _: &mut dyn Sink) -> Outcome<()> {
        session.end_collected(&self.context);
        Ok(())
    }

    fn context(&self) -> Option<&Rc<CommandContext>> {
        Some(&self.context)
    }
}

/// Output that `-OutVariable` and `-PipelineVariable` look at as it passes.
pub(super) struct WatchedSink<'a> {
    pub(super) context: Rc<CommandContext>,
    pub(super) variable: Option<Str>,
    pub(super) inner: &'a mut dyn Sink,
}

impl Sink for WatchedSink<'_> {
    fn write(&mut self, session: &mut Session, value: Value) -> Outcome<()> {
        self.context.collect(3, value.clone());
        if let Some(name) = &self.variable {
            let slot = self.context.caller.layout.slot(Symbol::new(name));
            self.context.caller.put_slot(slot, Slot::Plain(value.clone()));
        }
        self.inner.write(session, value)
    }

    fn flush(&mut self, session: &mut Session) -> Outcome<()> {
        self.inner.flush(session)
    }
}
