//! Members that only the engine can answer: of script blocks, `$PSCmdlet`, enumerators, error records, references.

use super::objects::{Answer, CmdletObject, EngineObject, Enumerator, Occurrence};
use super::session::Session;
use super::sink::Collector;
use super::streams::Stream;
use super::symbol::Symbol;
use crate::value::members::library::list::List;
use crate::value::{
    ErrorCategory, ErrorFlow, Fault, Native, Outcome, ScriptBlock, Str, Unwind, Value, convert, members,
};
use std::rc::Rc;

/// The error of a method that failed, as scripts see it: what happened is inside.
fn failed_call(error: Unwind) -> Unwind {
    let Unwind::Fault(fault) = error else { return error };
    let inner = Rc::new(super::error_handling::exception_of(&fault));
    let id = inner.kind.name().rsplit('.').next().unwrap_or_default();
    Fault::new(id, fault.message)
        .category(ErrorCategory::NotSpecified)
        .exception("System.Management.Automation.MethodInvocationException")
        .inner(inner)
        .into()
}

impl Session {
    /// A property that the engine answers itself.
    pub(super) fn engine_member(&mut self, target: &Value, name: &str) -> Answer {
        match target {
            Value::Error(record) => {
                let invocation = record.invocation.borrow().clone();
                let Value::Native(native) = &invocation else { return None };
                let at = native.downcast::<Occurrence>()?;
                if name.eq_ignore_ascii_case("InvocationInfo") {
                    let info = self.occurrence_info(at);
                    record.invocation.replace(info.clone());
                    record.stack.replace(Str::from(self.stack_text(at)));
                    return Some(Ok(info));
                }
                if name.eq_ignore_ascii_case("ScriptStackTrace") {
                    return Some(Ok(Value::str(self.stack_text(at))));
                }
                None
            }
            Value::Native(native) => self.native_member(native, name),
            Value::ScriptBlock(block) => self.block_member(block, name),
            _ => None,
        }
    }

    fn block_member(&mut self, block: &Rc<ScriptBlock>, name: &str) -> Answer {
        let value = match name.to_ascii_lowercase().as_str() {
            "file" => match &block.source.path {
                Some(path) => Value::str(&**path),
                None => Value::Null,
            },
            "isfilter" => Value::Bool(block.is_filter),
            "ast" => super::language::tree_of(block),
            "startposition" => {
                let ast = super::language::tree_of(block);
                members::get(self, &ast, "Extent").ok().flatten().unwrap_or_default()
            }
            "module" => match &self.home_of(block).module {
                Some(module) => super::modules::module_object(self, module),
                None => Value::Null,
            },
            _ => return None,
        };
        Some(Ok(value))
    }

    fn native_member(&mut self, native: &Rc<Native>, name: &str) -> Answer {
        if let Some(enumerator) = native.downcast::<Enumerator>() {
            return name.eq_ignore_ascii_case("Current").then(|| Ok(enumerator.current()));
        }
        if let Some(cmdlet) = native.downcast::<CmdletObject>() {
            return self.cmdlet_member(cmdlet, name);
        }
        if let Some(reference) = native.downcast::<super::objects::Reference>() {
            return name.eq_ignore_ascii_case("Value").then(|| Ok(reference.get()));
        }
        let engine = *native.downcast::<EngineObject>()?;
        let value = match (engine, name.to_ascii_lowercase().as_str()) {
            (EngineObject::Context, "invokecommand") => Native::value(EngineObject::InvokeCommand),
            (EngineObject::Context, "sessionstate") => Native::value(EngineObject::SessionState),
            (EngineObject::SessionState, "module") => match self.frame.state.module.clone() {
                Some(module) => super::modules::module_object(self, &module),
                None => Value::Null,
            },
            (EngineObject::SessionState, "psvariable") => Native::value(EngineObject::Variables),
            (EngineObject::SessionState, "invokecommand") => Native::value(EngineObject::InvokeCommand),
            (EngineObject::SessionState, "path") => Native::value(EngineObject::Paths),
            (EngineObject::Context | EngineObject::SessionState, "languagemode") => Value::str("FullLanguage"),
            (EngineObject::Paths, "currentlocation" | "currentfilesystemlocation") => {
                Value::str(self.location.to_string_lossy().into_owned())
            }
            _ => return None,
        };
        Some(Ok(value))
    }

    fn cmdlet_member(&mut self, cmdlet: &CmdletObject, name: &str) -> Answer {
        let value = match name.to_ascii_lowercase().as_str() {
            "parametersetname" => Value::Str(cmdlet.context.parameter_set.borrow().clone()),
            "myinvocation" => self.my_invocation(&cmdlet.frame),
            "sessionstate" => Native::value(EngineObject::SessionState),
            "invokecommand" => Native::value(EngineObject::InvokeCommand),
            "host" => self.variable(Symbol::new("Host")).unwrap_or_default(),
            "stopping" => Value::Bool(false),
            "commandorigin" => Value::str("Internal"),
            "commandruntime" => {
                Native::value(CmdletObject { context: cmdlet.context.clone(), frame: cmdlet.frame.clone() })
            }
            _ => return None,
        };
        Some(Ok(value))
    }

    /// Sets a property that the engine keeps.
    pub(super) fn set_engine_member(&mut self, target: &Value, name: &str, value: &Value) -> Option<Outcome<()>> {
        let Value::Native(native) = target else { return None };
        if let Some(object) = native.downcast::<super::objects::VariableObject>() {
            let variable = object.0.clone();
            return name.eq_ignore_ascii_case("Value").then(|| self.store(&variable, value.clone()));
        }
        let reference = native.downcast::<super::objects::Reference>()?;
        name.eq_ignore_ascii_case("Value").then(|| {
            let variable = reference.0.clone();
            self.store(&variable, value.clone())
        })
    }

    /// `[psvariable]::new(name, value, options)`: a variable of no scope.
    pub(super) fn new_variable_object(&mut self, arguments: &[Value]) -> Outcome<Value> {
        let [name, rest @ ..] = arguments else {
            return members::construct(self, crate::value::TypeRef::PSVARIABLE, Vec::new());
        };
        let variable = super::Variable::new(Symbol::new(&convert::to_text(name)), Value::Null);
        variable.value.replace(rest.first().cloned().unwrap_or_default());
        let object = super::objects::variable_object(variable);
        if let (Some(options), Value::Native(native)) = (rest.get(1), &object) {
            native.data.set_member("Options", options).unwrap_or(Ok(()))?;
        }
        Ok(object)
    }

    /// A method that the engine carries out itself.
    pub(super) fn engine_call(&mut self, target: &Value, name: &str, arguments: &[Value]) -> Answer {
        match target {
            Value::ScriptBlock(block) => self.block_call(block, name, arguments),
            Value::Native(native) => self.native_call(native, name, arguments),
            _ => None,
        }
    }

    /// A method that the engine carries out on each item of a collection, where the collection has none of that name.
    pub(super) fn engine_call_each(&mut self, target: &Value, name: &str, arguments: &[Value]) -> Answer {
        let first = match target {
            Value::Array(array) => array.get(0),
            Value::Native(native) => native.downcast::<List>().and_then(|list| list.items.borrow().first().cloned()),
            _ => None,
        };
        let Some(Value::Native(native)) = first else { return None };
        let id = native.data.as_any().type_id();
        if !super::hosting::answers(id) && !super::language::answers(id) {
            return None;
        }
        if members::find_method(crate::value::TypeRef::of(target), name).is_some() {
            return None;
        }
        let mut collected = Collector::Empty;
        for item in crate::value::enumerate(target)? {
            match self.engine_call(&item, name, arguments)? {
                Ok(Value::Nothing) => {}
                Ok(value) => collected.push(value),
                Err(error) => return Some(Err(error)),
            }
        }
        Some(Ok(collected.into_value()))
    }

    fn block_call(&mut self, block: &Rc<ScriptBlock>, name: &str, arguments: &[Value]) -> Answer {
        Some(match name.to_ascii_lowercase().as_str() {
            "invoke" => self.invoke_method(block, arguments),
            "invokereturnasis" => {
                let mut collected = Collector::Empty;
                let result = self.run_block_with(block, arguments, None, &mut collected);
                result.map(|()| collected.into_value()).map_err(|e| self.wrap_invocation(e))
            }
            "invokewithcontext" => self.invoke_with_context(block, arguments),
            "getnewclosure" => Ok(Value::ScriptBlock(self.new_closure(block))),
            _ => return None,
        })
    }

    /// `.Invoke()`: a scope of its own, the output as a collection, errors wrapped.
    fn invoke_method(&mut self, block: &Rc<ScriptBlock>, arguments: &[Value]) -> Outcome<Value> {
        let mut collected = Collector::Empty;
        match self.run_block_with(block, arguments, None, &mut collected) {
            Ok(()) => Ok(super::objects::collection(collected.into_items())),
            Err(error) => Err(self.wrap_invocation(error)),
        }
    }

    /// An error that came out of a block called as a method.
    fn wrap_invocation(&mut self, error: Unwind) -> Unwind {
        let record = match self.record_of(error) {
            Ok(record) => record,
            Err(control) => return control,
        };
        let message = format!("The block that was called failed: {}", record.exception.message.borrow());
        let mut fault = Fault::new(record.id.borrow().to_string(), message)
            .exception("System.Management.Automation.MethodInvocationException")
            .category(crate::value::ErrorCategory::NotSpecified)
            .inner(record.exception.clone());
        fault.id = record.exception.kind.short_name().into_owned().into();
        fault.into()
    }

    fn invoke_with_context(&mut self, block: &Rc<ScriptBlock>, arguments: &[Value]) -> Outcome<Value> {
        let code = super::lower::own_code(block);
        let home = self.home_of(block);
        let layout = Rc::new(super::Layout::default());
        let parent = self.parent_in(&home);
        let frame = Rc::new(super::Frame::new(layout, Some(parent), home, super::FrameKind::Local));
        let suspended = self.enter(frame.clone(), &code.source)?;
        let result = self.fill_context(&frame, arguments).and_then(|()| {
            let args = match arguments.get(2) {
                Some(list) => self.enumerate(list)?.unwrap_or_default(),
                None => Vec::new(),
            };
            let mut collected = Collector::Empty;
            self.run_block_with(block, &args, None, &mut collected)?;
            Ok(super::objects::collection(collected.into_items()))
        });
        self.leave(suspended);
        result
    }

    fn fill_context(&mut self, frame: &Rc<super::Frame>, arguments: &[Value]) -> Outcome<()> {
        if let Some(Value::Hashtable(functions)) = arguments.first() {
            for (name, body) in functions.pairs() {
                if let Value::ScriptBlock(body) = body {
                    let name = convert::to_text(&name);
                    self.set_function(frame, &name, body)?;
                }
            }
        }
        let variables = match arguments.get(1) {
            Some(list) => self.enumerate(list)?.unwrap_or_else(|| vec![list.clone()]),
            None => Vec::new(),
        };
        for variable in variables {
            let name = members::get(self, &variable, "Name")?.unwrap_or_default();
            let value = members::get(self, &variable, "Value")?.unwrap_or_default();
            frame.put_name(Symbol::new(&convert::to_text(&name)), value);
        }
        Ok(())
    }

    fn native_call(&mut self, native: &Rc<Native>, name: &str, arguments: &[Value]) -> Answer {
        if let Some(enumerator) = native.downcast::<Enumerator>() {
            // Asking what it is must not use up what it gives.
            return match name.to_ascii_lowercase().as_str() {
                "movenext" => Some(Ok(Value::Bool(enumerator.next().is_some()))),
                "gettype" => Some(Ok(Value::Type(crate::value::TypeRef::IENUMERATOR))),
                _ => None,
            };
        }
        if let Some(cmdlet) = native.downcast::<CmdletObject>() {
            return self.cmdlet_call(cmdlet, name, arguments);
        }
        let id = native.data.as_any().type_id();
        if super::hosting::answers(id) {
            return self.hosting_call(native, name, arguments);
        }
        if super::language::answers(id) {
            return self.language_call(native, name, arguments);
        }
        if let Some(answer) = super::jobs::native_call(self, native, name) {
            return Some(answer);
        }
        let engine = *native.downcast::<EngineObject>()?;
        self.engine_object_call(engine, name, arguments)
    }

    fn engine_object_call(&mut self, engine: EngineObject, name: &str, arguments: &[Value]) -> Answer {
        let text = |at: usize| arguments.get(at).map(convert::to_text).unwrap_or_else(|| Str::from(""));
        Some(match (engine, name.to_ascii_lowercase().as_str()) {
            (EngineObject::InvokeCommand, "expandstring") => self.expand_string(&text(0)),
            (EngineObject::InvokeCommand, "newscriptblock") => {
                self.parse_block(crate::syntax::Source::anonymous(text(0).to_string())).map(Value::ScriptBlock)
            }
            (EngineObject::InvokeCommand, "invokescript") => self.invoke_script(arguments),
            (EngineObject::InvokeCommand, "getcommand") => {
                let name = text(0);
                self.find_command(&name, Symbol::new(&name))
                    .map(|found| found.map_or(Value::Null, |command| self.command_object(&command)))
            }
            (EngineObject::Variables, "getvalue") => {
                let default = arguments.get(1).cloned().unwrap_or_default();
                Ok(self.lookup(Symbol::new(&text(0))).unwrap_or(default))
            }
            (EngineObject::Variables, "get") => {
                let name = text(0);
                Ok(self.find_variable(Symbol::new(&name)).map_or(Value::Null, super::objects::variable_object))
            }
            (EngineObject::Variables, "set") => {
                let frame = self.frame.clone();
                let value = arguments.get(1).cloned().unwrap_or_default();
                self.assign_in(&frame, Symbol::new(&text(0)), value).map(|()| Value::Nothing)
            }
            (EngineObject::Paths, "getunresolvedproviderpathfrompspath") => {
                Ok(Value::str(self.absolute(&text(0)).to_string_lossy().into_owned()))
            }
            _ => return None,
        })
    }

    fn invoke_script(&mut self, arguments: &[Value]) -> Outcome<Value> {
        let block = match arguments.iter().find(|a| matches!(a, Value::ScriptBlock(_) | Value::Str(_))) {
            Some(Value::ScriptBlock(block)) => block.clone(),
            Some(other) => {
                let text = convert::to_text(other).to_string();
                self.parse_block(crate::syntax::Source::anonymous(text))?
            }
            None => return Ok(Value::Null),
        };
        let mut collected = Collector::Empty;
        self.run_block_with(&block, &[], None, &mut collected)?;
        Ok(super::objects::collection(collected.into_items()))
    }

    /// Expands a text as a double-quoted string.
    pub(crate) fn expand_string(&mut self, text: &str) -> Outcome<Value> {
        let quoted = format!("@\"\n{text}\n\"@");
        let block = self.parse_block(crate::syntax::Source::anonymous(quoted))?;
        let mut collected = Collector::Empty;
        self.run_in_current_scope(&block, None, &[], &mut collected)?;
        Ok(collected.into_value())
    }

    /// Methods of `$PSCmdlet`.
    fn cmdlet_call(&mut self, cmdlet: &CmdletObject, name: &str, arguments: &[Value]) -> Answer {
        let context = cmdlet.context.clone();
        let text = |at: usize| arguments.get(at).map(convert::to_text).unwrap_or_else(|| Str::from(""));
        let mut out = Collector::Empty;
        let result = match name.to_ascii_lowercase().as_str() {
            "shouldprocess" => {
                let (target, action) = match arguments.len() {
                    0 | 1 => (text(0), context.name()),
                    2 => (text(0), text(1)),
                    _ => (text(0), Str::from("")),
                };
                let impact = self.confirm_impact(&context);
                let asked = self.should_process(&context, impact, &target, &action);
                asked.map(Value::Bool).map_err(failed_call)
            }
            "shouldcontinue" => self.ask(&context, &text(0)).map(Value::Bool).map_err(failed_call),
            "writeerror" => match arguments.first() {
                Some(Value::Error(record)) => {
                    // A record that has been an error before keeps the name it got then.
                    if record.invocation.borrow().is_null() {
                        self.qualify(record, &context);
                    }
                    self.write_error_record(record.clone(), &context, &mut out).map(|()| Value::Nothing)
                }
                _ => Ok(Value::Nothing),
            },
            "throwterminatingerror" => match arguments.first() {
                Some(Value::Error(record)) => {
                    self.qualify(record, &context);
                    record.flow.set(ErrorFlow::Statement);
                    Err(Unwind::Error(record.clone()))
                }
                _ => Ok(Value::Nothing),
            },
            "writewarning" => {
                self.write_message(Stream::Warning, &text(0), &context, &mut out).map(|()| Value::Nothing)
            }
            "writeverbose" => {
                self.write_message(Stream::Verbose, &text(0), &context, &mut out).map(|()| Value::Nothing)
            }
            "writedebug" => self.write_message(Stream::Debug, &text(0), &context, &mut out).map(|()| Value::Nothing),
            "writeobject" => {
                let value = arguments.first().cloned().unwrap_or_default();
                let unroll = arguments.get(1).is_some_and(convert::to_bool);
                Ok(if unroll { value } else { Value::array(vec![value]) })
            }
            "writeinformation" => {
                let record = arguments.first().cloned().unwrap_or_default();
                self.write_information(record, None, &context, &mut out).map(|()| Value::Nothing)
            }
            "getvariablevalue" => Ok(self.lookup(Symbol::new(&text(0))).unwrap_or_default()),
            "getunresolvedproviderpathfrompspath" => {
                Ok(Value::str(self.absolute(&text(0)).to_string_lossy().into_owned()))
            }
            "gettype" | "tostring" | "equals" | "gethashcode" => return None,
            _ => return None,
        };
        Some(result)
    }

    /// Puts the command's name behind a record's id, as the engine does for records a script made.
    fn qualify(&mut self, record: &Rc<crate::value::ErrorRecord>, context: &Rc<super::CommandContext>) {
        let id = record.id.borrow().clone();
        let qualifier = context.qualifier();
        if !id.split(',').any(|part| part == &*qualifier) {
            record.id.replace(Str::from(super::error_handling::qualified(&id, &qualifier)));
        }
        if record.activity.borrow().is_empty() {
            record.activity.replace(context.name());
        }
        let known = matches!(&*record.invocation.borrow(), Value::Null | Value::Nothing);
        if known {
            record.invocation.replace(self.occurrence(Some(context)));
        }
    }

    /// Calling what a dynamic member name gave: a method object.
    pub(super) fn call_method_object(&mut self, _method: &Value, _arguments: &[Value]) -> Answer {
        None
    }

    /// `$object.({ … })`-like calls: the block with `$this`.
    pub(super) fn invoke_block_as_method(
        &mut self,
        block: &Rc<ScriptBlock>,
        target: &Value,
        arguments: &[Value],
    ) -> Outcome<Value> {
        let mut collected = Collector::Empty;
        self.run_block_with(block, arguments, Some(target.clone()), &mut collected)?;
        Ok(collected.into_value())
    }
}
