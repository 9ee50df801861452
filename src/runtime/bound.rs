//! Between the interpreter and the parameter binder: functions with attributes, and their pipeline objects.

use super::argument::{Argument, ArgumentKind};
use super::binder::{self, BindHost, BindOptions, Binding, CommandSignature, Parameter, Plan, SignatureHost};
use super::code::{Code, ParamCode};
use super::lower;
use super::scope::{Check, Frame, Slot, Variable};
use super::session::Session;
use super::sink::{Collector, Sink};
use super::streams::CommandContext;
use super::symbol::Symbol;
use crate::syntax::{self, Expr, TypeName};
use crate::value::{Engine, Hashtable, Outcome, ScriptBlock, Str, TypeRef, Unwind, Value};
use std::cell::RefCell;
use std::rc::Rc;

/// A call site's plan, made at its first call and kept while the signature stays.
pub(super) type PlanCell = Rc<RefCell<Option<Rc<Plan>>>>;

/// What binds pipeline objects to an advanced function's parameters.
pub(super) struct PipelineBinder {
    binding: Binding,
    /// Parameters that nothing bound, as they stood before the first object.
    defaults: Option<Vec<(u16, Slot)>>,
}

/// The engine as the binder sees it while one call is bound.
pub(super) struct Binder<'s> {
    pub(super) session: &'s mut Session,
    /// The `dynamicparam` block and its scope.
    pub(super) dynamic: Option<(Rc<Code>, Rc<Frame>)>,
}

impl BindHost for Binder<'_> {
    fn engine(&mut self) -> &mut dyn Engine {
        self.session
    }

    fn dynamic_parameters(&mut self, binding: &Binding) -> Outcome<Vec<Parameter>> {
        match self.dynamic.clone() {
            Some((code, frame)) => self.session.dynamic_parameters(&code, &frame, binding),
            None => Ok(Vec::new()),
        }
    }
}

impl SignatureHost for Binder<'_> {
    fn constant(&mut self, expr: &Expr) -> Outcome<Value> {
        self.session.eval_constant(expr)
    }

    fn type_named(&mut self, name: &TypeName) -> Outcome<TypeRef> {
        self.session.find_type(name)
    }

    fn attribute(&mut self, attribute: &syntax::Attribute) -> Outcome<Option<Value>> {
        self.session.attribute_object(attribute)
    }
}

impl Session {
    /// The value of an expression in an attribute, in the current scope.
    pub(super) fn eval_constant(&mut self, expr: &Expr) -> Outcome<Value> {
        let node = lower::expression(expr, &self.source, &self.frame.layout);
        match self.eval(&node)? {
            Value::Nothing => Ok(Value::Null),
            value => Ok(value),
        }
    }

    /// The signature of a block, made once.
    pub(crate) fn block_signature(&mut self, name: &str, block: &ScriptBlock) -> Outcome<Rc<CommandSignature>> {
        let compiled = lower::compiled(block);
        if let Some(known) = compiled.signature.get().cloned().and_then(|any| any.downcast::<CommandSignature>().ok()) {
            return Ok(known);
        }
        let source = std::mem::replace(&mut self.source, block.source.clone());
        let mut host = Binder { session: self, dynamic: None };
        let made = binder::from_script(name, &block.ast, lower::parameters(block), &mut host);
        self.source = source;
        let signature = Rc::new(made?);
        let any: Rc<dyn std::any::Any> = signature.clone();
        // A signature made meanwhile by its own defaults would be the same.
        let _ = compiled.signature.set(any);
        Ok(signature)
    }

    /// `$PSDefaultParameterValues`, where it holds anything.
    pub(super) fn default_parameter_values(&self) -> Option<Rc<Hashtable>> {
        match self.lookup(Symbol::DEFAULT_PARAMETERS) {
            Some(Value::Hashtable(table)) if !table.is_empty() => Some(table),
            _ => None,
        }
    }

    /// Binds arguments to a signature, by the call site's plan where it has one.
    pub(super) fn bind_call(
        &mut self,
        signature: &Rc<CommandSignature>,
        arguments: Vec<Argument>,
        plan: Option<&PlanCell>,
        options: BindOptions,
        dynamic: Option<(Rc<Code>, Rc<Frame>)>,
    ) -> Outcome<Binding> {
        let plannable = options.defaults.is_none() && !options.has_dynamic && !options.expects_input;
        if let (Some(cell), true) = (plan, plannable) {
            let known = cell.borrow().clone().filter(|plan| plan.is_for(signature));
            let plan = known.or_else(|| {
                let splatted = |a: &Argument| matches!(a.kind, ArgumentKind::Parameter { splatted: true, .. });
                let made = (!arguments.iter().any(splatted)).then(|| Plan::new(signature, &arguments)).flatten();
                let made = made.map(Rc::new);
                cell.replace(made.clone());
                made
            });
            if let Some(plan) = plan {
                return plan.bind(arguments, &mut Binder { session: self, dynamic: None });
            }
        }
        binder::bind(signature.clone(), arguments, &options, &mut Binder { session: self, dynamic })
    }

    /// Binds arguments to a block whose parameters have attributes.
    pub(super) fn bind_block(
        &mut self,
        block: &Rc<ScriptBlock>,
        code: &Rc<Code>,
        frame: &Rc<Frame>,
        context: &Rc<CommandContext>,
        arguments: Vec<Argument>,
        plan: Option<&PlanCell>,
    ) -> Outcome<Option<Box<PipelineBinder>>> {
        let name = context.name();
        let signature = self.block_signature(&name, block)?;
        let options = BindOptions {
            expects_input: context.expects_input.get(),
            defaults: if signature.is_advanced() { self.default_parameter_values() } else { None },
            has_dynamic: code.dynamic_param.is_some(),
        };
        let dynamic = code.dynamic_param.is_some().then(|| (code.clone(), frame.clone()));
        let binding = match self.bind_call(&signature, arguments, plan, options, dynamic) {
            Ok(binding) => binding,
            Err(error) => return Err(crate::value::Unwind::Error(self.command_record(error, context)?)),
        };
        for number in &binding.order {
            self.place_bound(code, frame, &binding, *number);
        }
        context.bound.replace(binding.bound());
        if let Some(common) = &binding.common {
            context.common.replace((**common).clone());
        }
        context.parameter_set.replace(binding.set_name());
        context.unbound.replace(binding.rest.clone());
        frame.args.replace(binding.rest.iter().cloned().collect());
        let piped = context.expects_input.get() && signature.is_advanced();
        Ok(piped.then(|| Box::new(PipelineBinder { binding, defaults: None })))
    }

    /// Puts a bound value into its parameter's slot.
    fn place_bound(&mut self, code: &Code, frame: &Frame, binding: &Binding, number: u16) {
        let (Some(param), Some(value)) = (code.params.get(number as usize), binding.value(number)) else { return };
        let slot = bound_slot(param, binding.signature.parameter(number), value.clone());
        frame.put_slot(param.slot, slot);
    }

    /// Binds one pipeline object; false where it was refused and the error written.
    pub(super) fn bind_pipeline_object(
        &mut self,
        binder: &mut PipelineBinder,
        code: &Code,
        frame: &Rc<Frame>,
        context: &Rc<CommandContext>,
        item: &Value,
        out: &mut dyn Sink,
    ) -> Outcome<bool> {
        let defaults = binder.defaults.get_or_insert_with(|| {
            let open = (0..code.params.len() as u16).filter(|n| !binder.binding.is_bound(*n));
            open.filter_map(|n| Some((n, frame.slot(code.params.get(n as usize)?.slot)))).collect()
        });
        if let Some(number) = binder::rebind(&mut binder.binding, &mut Binder { session: self, dynamic: None }, item) {
            place_plain(code, frame, &binder.binding, number);
            context.bound.replace(binder.binding.bound());
            renew_bound_object(context, &[number], &binder.binding);
            return Ok(true);
        }
        let undone = binder::restore(&mut binder.binding);
        for number in undone.iter().copied() {
            let default = defaults.iter().find(|(n, _)| *n == number);
            if let (Some(param), Some((_, slot))) = (code.params.get(number as usize), default) {
                frame.put_slot(param.slot, slot.clone());
            }
        }
        let mut host = Binder { session: self, dynamic: None };
        if let Err(error) = binder::bind_object(&mut binder.binding, &mut host, item) {
            self.write_binding_error(error, context, out)?;
            return Ok(false);
        }
        let bound = binder.binding.from_pipeline.clone();
        for number in &bound {
            place_plain(code, frame, &binder.binding, *number);
        }
        context.bound.replace(binder.binding.bound());
        renew_bound_object(context, &undone, &binder.binding);
        context.parameter_set.replace(binder.binding.set_name());
        Ok(true)
    }

    /// Writes the error of an object that no parameter took. It is not the command's own, so `-ErrorVariable` does
    /// not get it.
    pub(super) fn write_binding_error(
        &mut self,
        error: Unwind,
        context: &Rc<CommandContext>,
        out: &mut dyn Sink,
    ) -> Outcome<()> {
        let list = context.collected.borrow_mut().first_mut().and_then(Option::take);
        let result = self.write_error(error, context, out);
        if let Some(place) = context.collected.borrow_mut().first_mut() {
            *place = list;
        }
        result
    }

    /// Runs `dynamicparam` with what is bound so far and reads the parameters it gives.
    fn dynamic_parameters(&mut self, code: &Rc<Code>, frame: &Rc<Frame>, binding: &Binding) -> Outcome<Vec<Parameter>> {
        let Some(body) = &code.dynamic_param else { return Ok(Vec::new()) };
        for number in &binding.order {
            self.place_bound(code, frame, binding, *number);
        }
        if let Some(context) = &*frame.context.borrow() {
            context.bound.replace(binding.bound());
            context.bound_object.replace(None);
        }
        let suspended = self.enter(frame.clone(), &code.source)?;
        let mut collected = Collector::Empty;
        let result = match self.fill_defaults(code) {
            Ok(()) => super::call::function_end(self.run_block(body, &mut collected)),
            Err(error) => Err(error),
        };
        self.leave_shared(suspended);
        result?;
        for (number, param) in code.params.iter().enumerate() {
            if !binding.is_bound(number as u16) {
                frame.put_slot(param.slot, Slot::Unset);
            }
        }
        if let Some(context) = &*frame.context.borrow() {
            context.bound_object.replace(None);
        }
        let mut parameters = Vec::new();
        for item in collected.into_items() {
            self.read_dynamic(&item, binding, &mut parameters)?;
        }
        Ok(parameters)
    }

    /// Reads a `RuntimeDefinedParameterDictionary`.
    fn read_dynamic(&mut self, dictionary: &Value, binding: &Binding, found: &mut Vec<Parameter>) -> Outcome<()> {
        let Some(pairs) = self.dictionary_pairs(dictionary) else { return Ok(()) };
        for (key, declared) in pairs {
            let mut read = |name: &str| {
                Ok::<_, crate::value::Unwind>(crate::value::members::get(self, &declared, name)?.unwrap_or_default())
            };
            let name = match read("Name")? {
                Value::Str(name) if !name.is_empty() => name,
                _ => key,
            };
            let kind = match read("ParameterType")? {
                Value::Type(kind) => kind,
                _ => TypeRef::OBJECT,
            };
            let attributes = read("Attributes")?;
            let attributes = self.enumerate(&attributes)?.unwrap_or_default();
            found.push(binder::parameter_from_attributes(&binding.signature, self, &name, kind, attributes)?);
        }
        Ok(())
    }

    /// Runs a block with attributes on its parameters, called with positional arguments.
    pub(super) fn run_bound_block(
        &mut self,
        block: &Rc<ScriptBlock>,
        arguments: Vec<Argument>,
        _this: Option<Value>,
        out: &mut dyn Sink,
    ) -> Outcome<()> {
        self.pipelines += 1;
        let number = self.pipelines;
        let place = super::pipeline::Place { position: 1, length: 1, pipeline: number, input: false };
        let span = self.position;
        let call = super::invoke::Call { name: "".into(), arguments, place, span, plan: None, dotted: false };
        let processor = self.block_processor(block.clone(), None, call)?;
        self.run_processor(processor, span, number, out)
    }

    /// Parameters that got their default keep what their attributes demand of later assignments.
    pub(super) fn keep_checks(
        &mut self,
        code: &Code,
        frame: &Frame,
        block: &ScriptBlock,
        context: &CommandContext,
    ) -> Outcome<()> {
        if code.facts.simple {
            return Ok(());
        }
        let signature = self.block_signature(&context.name(), block)?;
        for (param, declared) in code.params.iter().zip(&signature.parameters) {
            if !param.assigned || declared.checks.is_empty() {
                continue;
            }
            if let Slot::Plain(value) = frame.slot(param.slot) {
                frame.put_slot(param.slot, bound_slot(param, Some(declared), value));
            }
        }
        Ok(())
    }

    /// The check that an attribute stands for.
    pub(super) fn attribute_check(&mut self, attribute: &syntax::Attribute) -> Outcome<Option<binder::Check>> {
        binder::check(attribute, &mut Binder { session: self, dynamic: None })
    }

    /// The checks that attributes in front of a variable make.
    pub(super) fn checks_of(&mut self, attributes: &[syntax::Attribute], name: Symbol) -> Outcome<Vec<Check>> {
        let mut checks = Vec::new();
        for attribute in attributes {
            let mut host = Binder { session: self, dynamic: None };
            if let Some(check) = binder::check(attribute, &mut host)? {
                checks.push(as_assignment_check(check, Str::from(name.name())));
            }
        }
        Ok(checks)
    }
}

/// `$PSBoundParameters` for the next pipeline object: the same object, so that what a script changed in it stays.
fn renew_bound_object(context: &CommandContext, undone: &[u16], binding: &Binding) {
    let Some(Value::Native(native)) = &*context.bound_object.borrow() else { return };
    let Some(table) = native.data.dictionary() else { return };
    for number in undone.iter().filter(|number| !binding.from_pipeline.contains(number)) {
        table.remove(&Value::Str(binding.signature.parameter_name(*number)));
    }
    for number in &binding.from_pipeline {
        if let Some(value) = binding.value(*number) {
            table.insert(Value::Str(binding.signature.parameter_name(*number)), value.clone());
        }
    }
}

/// A check of the binder's as a check on assignments.
fn as_assignment_check(check: binder::Check, name: Str) -> Check {
    Rc::new(move |session: &mut Session, value: Value| {
        binder::check_assignment(&check, &name, session, &value)?;
        Ok(value)
    })
}

/// The slot of a bound parameter: boxed where later assignments must convert or check.
fn bound_slot(param: &ParamCode, declared: Option<&Parameter>, value: Value) -> Slot {
    let Some(declared) = declared.filter(|_| param.assigned) else { return Slot::Plain(value) };
    if declared.checks.is_empty() && !declared.typed {
        return Slot::Plain(value);
    }
    let variable = Variable::new(param.name, value);
    if declared.typed {
        variable.kind.set(Some(declared.kind));
        variable.declared.set(!declared.checks.is_empty());
    }
    let checks = declared.checks.iter().map(|c| as_assignment_check(c.clone(), param.text.clone()));
    variable.checks.replace(checks.collect());
    Slot::Boxed(variable)
}

/// A parameter bound from the pipeline is a plain variable: its type and checks were for the binding.
fn place_plain(code: &Code, frame: &Frame, binding: &Binding, number: u16) {
    if let (Some(param), Some(value)) = (code.params.get(number as usize), binding.value(number)) {
        frame.put_slot(param.slot, Slot::Plain(value.clone()));
    }
}
