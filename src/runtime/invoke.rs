//! Running one command: what its name or value means, and the processor that runs it in a pipeline.

use super::argument::Argument;
use super::code::*;
use super::command::Command;
use super::command_lookup::not_found;
use super::function::FunctionInfo;
use super::lower;
use super::pipeline::{BlockFilter, Place, Processor};
use super::session::Session;
use super::sink::Sink;
use super::symbol::Symbol;
use crate::syntax::InvocationOperator;
use crate::value::{Fault, Outcome, ScriptBlock, Str, Value, convert};
use std::rc::Rc;

/// What a command's name turned out to be.
enum Callee {
    Command(Command),
    Block(Rc<ScriptBlock>),
    /// `& $module { }`: the block is the first argument.
    Module(Rc<super::Module>),
}

impl Session {
    /// Runs a command that is a pipeline of its own.
    pub(super) fn run_command(&mut self, code: &CommandCode, out: &mut dyn Sink) -> Outcome<()> {
        self.position = code.span;
        let callee = self.site_callee(code)?;
        if code.operator != InvocationOperator::Dot {
            let called = match &callee {
                Callee::Command(Command::Function(function)) => self.call_direct(code, function, out)?,
                Callee::Block(block) => self.call_block_direct(code, block, out)?,
                Callee::Command(_) | Callee::Module(_) => false,
            };
            if called {
                return Ok(());
            }
        }
        self.pipelines += 1;
        let number = self.pipelines;
        let place = Place { position: 1, length: 1, pipeline: number, input: false };
        let processor = self.site_processor(code, callee, place)?;
        self.run_processor(processor, code.span, number, out)
    }

    /// What a call site calls. Its arguments come before a complaint that there is no such command.
    fn site_callee(&mut self, code: &CommandCode) -> Outcome<Callee> {
        if code.like_method && self.strict_mode() >= 2 {
            return called_like_method().err();
        }
        match self.callee(code) {
            Err(error) => {
                self.eval_arguments(code)?;
                Err(error)
            }
            found => found,
        }
    }

    fn callee(&mut self, code: &CommandCode) -> Outcome<Callee> {
        let value = match &code.name {
            CommandName::Word(text, _) if text.is_empty() => Value::Str(text.clone()),
            CommandName::Word(text, name) => return self.resolve_site(code, text, *name).map(Callee::Command),
            CommandName::Value(node) => self.eval(node)?,
        };
        self.callee_of(&value)
    }

    fn callee_of(&mut self, value: &Value) -> Outcome<Callee> {
        match value {
            Value::ScriptBlock(block) => Ok(Callee::Block(block.clone())),
            Value::Str(text) if text.is_empty() => {
                Fault::new("BadExpression", "What stands after the call operator is an empty text; it must name a command.").err()
            }
            Value::Str(text) => self.resolve_command(text, Symbol::new(text)).map(Callee::Command),
            Value::Null | Value::Nothing => Fault::new(
                "BadExpression",
                "What stands after the call operator came out as null; it must be a command name, a block or a command object.",
            )
            .err(),
            Value::Object(object) => {
                if let Some(module) = super::modules::module_of(value) {
                    return Ok(Callee::Module(module));
                }
                if let Some(command) = self.command_of_object(object) {
                    return Ok(Callee::Command(command));
                }
                let text = convert::to_text(value);
                self.resolve_command(&text, Symbol::new(&text)).map(Callee::Command)
            }
            other => {
                let text = convert::to_text(other);
                if text.is_empty() {
                    return not_found("");
                }
                self.resolve_command(&text, Symbol::new(&text)).map(Callee::Command)
            }
        }
    }

    /// The command behind a command object.
    fn command_of_object(&mut self, object: &Rc<crate::value::PsObject>) -> Option<Command> {
        if !object.kind.name().starts_with("System.Management.Automation.") {
            return None;
        }
        let shape = object.shape.borrow().clone();
        let property = |name: &str| {
            let at = shape.names.iter().position(|n| n.eq_ignore_ascii_case(name))?;
            object.values.borrow().get(at).cloned()
        };
        if let (Some(Value::ScriptBlock(block)), Some(Value::Str(name))) = (property("ScriptBlock"), property("Name")) {
            let home = self.home_of(&block);
            return Some(Command::Function(FunctionInfo::new(name, block, home)));
        }
        let name = match property("Path") {
            Some(Value::Str(path)) => path,
            _ => match property("Name")? {
                Value::Str(name) => name,
                _ => return None,
            },
        };
        self.find_command(&name, Symbol::new(&name)).ok().flatten()
    }

    /// The processor of a command in a pipeline.
    pub(super) fn command_processor<'c>(
        &mut self,
        code: &'c CommandCode,
        place: Place,
    ) -> Outcome<Box<dyn Processor + 'c>> {
        self.position = code.span;
        let callee = self.site_callee(code)?;
        self.site_processor(code, callee, place)
    }

    fn site_processor<'c>(
        &mut self,
        code: &'c CommandCode,
        callee: Callee,
        place: Place,
    ) -> Outcome<Box<dyn Processor + 'c>> {
        if let Callee::Command(Command::Cmdlet(spec)) = &callee
            && let Some(filter) = self.block_filter(spec.name, code)
        {
            return Ok(Box::new(filter));
        }
        let arguments = self.eval_arguments(code)?;
        let name = match &code.name {
            _ if code.operator == InvocationOperator::Call => Str::from("&"),
            _ if code.operator == InvocationOperator::Dot => Str::from("."),
            CommandName::Word(text, _) => text.clone(),
            CommandName::Value(_) => Str::from(""),
        };
        let dotted = code.operator == InvocationOperator::Dot;
        let call = Call { name, arguments, place, span: code.span, plan: Some(code.plan.clone()), dotted };
        self.callee_processor(callee, call)
    }

    fn callee_processor<'c>(&mut self, callee: Callee, call: Call) -> Outcome<Box<dyn Processor + 'c>> {
        match callee {
            Callee::Block(block) => self.block_processor(block, None, call),
            Callee::Command(command) => self.processor_of(command, call),
            Callee::Module(module) => self.module_processor(&module, call),
        }
    }

    /// `& $module { }`, `& $module name`: the first argument, run at home in the module.
    fn module_processor<'c>(&mut self, module: &Rc<super::Module>, mut call: Call) -> Outcome<Box<dyn Processor + 'c>> {
        let first = if call.arguments.is_empty() { None } else { Some(call.arguments.remove(0)) };
        match first.map(|argument| argument.kind) {
            Some(super::ArgumentKind::Value { value: Value::ScriptBlock(block), .. }) => {
                let block = self.block_in_module(&block, module);
                self.block_processor(block, None, call)
            }
            Some(super::ArgumentKind::Value { value, .. }) => {
                let name = convert::to_text(&value);
                let symbol = Symbol::new(&name);
                let home = module.state.get().and_then(|s| s.frame.get().cloned());
                let found =
                    home.and_then(|frame| frame.extra().and_then(|e| e.functions.borrow().get(&symbol).cloned()));
                match found {
                    Some(function) => self.processor_of(Command::Function(function), call),
                    None => not_found(&name),
                }
            }
            _ => not_found(&module.name.borrow()),
        }
    }

    /// The processor of a resolved command.
    pub(super) fn processor_of<'c>(&mut self, command: Command, call: Call) -> Outcome<Box<dyn Processor + 'c>> {
        match command {
            Command::Function(function) => self.block_processor(function.block.clone(), Some(function), call),
            Command::Script(path) => {
                let function = self.load_script(&path)?;
                self.block_processor(function.block.clone(), Some(function), call)
            }
            Command::Cmdlet(spec) => self.cmdlet_processor(spec, call),
            Command::External(path) => Ok(Box::new(super::native::NativeProcessor::new(path, call))),
        }
    }

    /// `ForEach-Object { }` and `Where-Object { }` with one literal block and nothing else.
    fn block_filter(&mut self, name: &str, code: &CommandCode) -> Option<BlockFilter> {
        let filter = match name {
            "ForEach-Object" => false,
            "Where-Object" => true,
            _ => return None,
        };
        let [ArgumentCode { kind: ArgumentForm::Value(Node::Block(template), _), .. }] = &*code.arguments else {
            return None;
        };
        let compiled = lower::compiled(template);
        let facts = lower::facts(template, &compiled);
        if facts.blocks || facts.advanced || !lower::parameters(template).is_empty() {
            return None;
        }
        let body = lower::shared_code(template, &self.frame.layout);
        Some(BlockFilter::new(body, self.frame.clone(), filter))
    }

    /// The processor of a command object or a block.
    pub(super) fn object_processor<'c>(&mut self, command: &Value, call: Call) -> Outcome<Box<dyn Processor + 'c>> {
        let callee = self.callee_of(command)?;
        self.callee_processor(callee, call)
    }

    /// Runs a command by name with arguments, as a script would; everything it writes goes to `out`.
    pub fn call_command(&mut self, name: &str, arguments: Vec<Argument>, out: &mut dyn Sink) -> Outcome<()> {
        let command = self.resolve_command(name, Symbol::new(name))?;
        self.call_resolved(command, name, arguments, None, out)
    }

    /// Runs a resolved command, feeding it objects where given.
    pub(crate) fn call_resolved(
        &mut self,
        command: Command,
        name: &str,
        arguments: Vec<Argument>,
        input: Option<Vec<Value>>,
        out: &mut dyn Sink,
    ) -> Outcome<()> {
        self.pipelines += 1;
        let number = self.pipelines;
        let position = if input.is_some() { 2 } else { 1 };
        let place = Place { position, length: position, pipeline: number, input: position > 1 };
        let call = Call { name: Str::from(name), arguments, place, span: self.position, plan: None, dotted: false };
        let processor = self.processor_of(command, call)?;
        match input {
            None => self.run_processor(processor, self.position, number, out),
            Some(items) => match self.run_processor_on(processor, items, out) {
                Err(crate::value::Unwind::Control(c)) if matches!(*c, crate::value::Control::StopUpstream(n) if n == number) => {
                    Ok(())
                }
                other => other,
            },
        }
    }

    /// The processor that `>` hands output to.
    pub(super) fn out_file_processor<'c>(&mut self, path: &Value, append: bool) -> Outcome<Box<dyn Processor + 'c>> {
        let Some(spec) = self.find_cmdlet(Symbol::new("Out-File"))? else { return not_found("Out-File") };
        let mut arguments = vec![Argument::named("LiteralPath", Value::Str(convert::to_text(path)))];
        if append {
            arguments.push(Argument::parameter("Append"));
        }
        self.pipelines += 1;
        let place = Place { position: 2, length: 2, pipeline: self.pipelines, input: true };
        let call =
            Call { name: Str::from("Out-File"), arguments, place, span: self.position, plan: None, dotted: false };
        self.cmdlet_processor(spec, call)
    }
}

/// One call of a command.
pub(super) struct Call {
    /// The name it was called by.
    pub(super) name: Str,
    /// Evaluated arguments.
    pub(super) arguments: Vec<Argument>,
    /// Where it stands in its pipeline.
    pub(super) place: Place,
    /// Where it was written.
    pub(super) span: crate::syntax::Span,
    /// The call site's plan of binding.
    pub(super) plan: Option<super::bound::PlanCell>,
    /// `. name`: it runs in the caller's scope.
    pub(super) dotted: bool,
}

/// `f(1, 2)`, which gives one parameter an array.
fn called_like_method() -> Fault {
    Fault::new(
        "StrictModeFunctionCallWithParens",
        "A command is called with its arguments separated by spaces; in parentheses with commas they are one array.",
    )
}
