//! The session as the value storey's engine, types by name, enumeration, drives, and other small services.

use super::session::Session;
use super::sink::{Collector, Sink};
use super::symbol::Symbol;
use crate::syntax::TypeName;
use crate::value::types::ResolveScope;
use crate::value::{
    ClassPart, Engine, ErrorCategory, ErrorRecord, Fault, Outcome, ScriptBlock, Str, TypeRef, Value, convert,
};
use std::rc::Rc;

impl Engine for Session {
    fn serialize(&mut self, value: &Value, depth: i32) -> Option<Outcome<String>> {
        let write = self.extension::<super::native::Serializer>().write?;
        Some(write(self, std::slice::from_ref(value), Some(depth)))
    }

    fn deserialize(&mut self, text: &str) -> Option<Outcome<Vec<Value>>> {
        let read = self.extension::<super::native::Serializer>().read?;
        Some(read(self, text))
    }

    fn set_exit_code(&mut self, code: i32) {
        self.exit_code = Some(code);
    }

    fn is_interactive(&self) -> bool {
        self.host.is_interactive()
    }

    fn environment(&self, name: &str) -> Option<String> {
        self.environment.get(name).cloned()
    }

    fn environment_variables(&self) -> Vec<(String, String)> {
        self.environment.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    fn construct(&mut self, kind: TypeRef, args: &[Value]) -> Option<Outcome<Value>> {
        self.hosting_object(kind, args)
    }

    fn write_console(&mut self, text: &str, to_error: bool) {
        match to_error {
            true => self.host.write_error(text),
            false => self.host.write(text),
        }
    }

    fn read_console(&mut self) -> Option<String> {
        self.host.read_line("")
    }

    fn console_width(&mut self) -> i32 {
        i32::try_from(self.host.width()).unwrap_or(i32::MAX)
    }

    fn set_environment_variable(&mut self, name: &str, value: Option<&str>) {
        self.set_environment(name, value.map(str::to_owned));
    }

    fn invoke(&mut self, block: &Rc<ScriptBlock>, args: &[Value], this: Option<Value>) -> Outcome<Value> {
        let mut collected = Collector::Empty;
        match this {
            Some(item) => self.run_in_current_scope_with(block, item, args, &mut collected)?,
            None => self.run_block_with(block, args, None, &mut collected)?,
        }
        Ok(collected.into_value())
    }

    fn evaluate(&mut self, block: &Rc<ScriptBlock>, this: Value) -> Outcome<Value> {
        self.guarded += 1;
        let mut collected = Collector::Empty;
        let result = self.run_block_with(block, &[], Some(this), &mut collected);
        self.guarded -= 1;
        result.map(|()| collected.into_value())
    }

    fn call_class_method(
        &mut self,
        class: TypeRef,
        name: &str,
        this: Option<&Value>,
        args: &[Value],
    ) -> Outcome<Value> {
        self.class_method(class, name, this, args)
    }

    fn new_class_instance(&mut self, class: TypeRef, args: &[Value]) -> Outcome<Value> {
        self.class_instance(class, args)
    }

    fn class_attributes(&mut self, class: TypeRef, part: &ClassPart) -> Outcome<Vec<Value>> {
        self.attributes_of(class, part)
    }

    fn class_property_value(&mut self, class: TypeRef, name: &str, value: Value) -> Outcome<Value> {
        self.checked_class_property(class, name, value)
    }

    fn class_static(&mut self, class: TypeRef, name: &str) -> Option<Value> {
        self.class_static_value(class, name)?.ok()
    }

    fn set_class_static(&mut self, class: TypeRef, name: &str, value: Value) -> Option<Outcome<()>> {
        self.set_class_static_value(class, name, value)
    }

    fn current_directory(&self) -> std::path::PathBuf {
        self.location.clone()
    }

    fn pause(&mut self, time: std::time::Duration) -> Outcome<()> {
        self.wait(&mut || false, Some(std::time::Instant::now() + time)).map(drop)
    }

    fn resolve_type(&mut self, name: &str) -> Option<TypeRef> {
        self.resolve_type_text(name).ok()
    }

    fn strictness(&mut self) -> u8 {
        self.strict_mode()
    }

    fn shows_color(&self) -> bool {
        self.host.shows_color()
    }

    fn variable_value(&self, name: &str) -> Option<Value> {
        self.variable(Symbol::new(name))
    }

    fn settle_error(&mut self, record: &Rc<ErrorRecord>) {
        let _ = self.engine_member(&Value::Error(record.clone()), "InvocationInfo");
    }
}

impl Session {
    /// `$_` and `$this` are `item` while a block that a member asked for runs in the current scope.
    fn run_in_current_scope_with(
        &mut self,
        block: &Rc<ScriptBlock>,
        item: Value,
        args: &[Value],
        out: &mut dyn Sink,
    ) -> Outcome<()> {
        let frame = self.frame.clone();
        let slot = frame.layout.slot(Symbol::THIS);
        let previous = frame.put_slot(slot, super::Slot::Plain(item.clone()));
        let result = self.run_in_current_scope(block, Some(item), args, out);
        frame.put_slot(slot, previous);
        result
    }

    /// The type of a written name.
    pub(super) fn find_type(&mut self, name: &TypeName) -> Outcome<TypeRef> {
        let (own, outer) = (&self.frame.state, &self.state);
        let declared = |name: &str| {
            let name = Symbol::new(name);
            let found = own.types.borrow().get(&name).copied();
            found.or_else(|| outer.types.borrow().get(&name).copied())
        };
        let scope = ResolveScope { declared: &declared, namespaces: &self.namespaces };
        match scope.resolve(name) {
            Some(found) => Ok(found),
            None => type_not_found(&name.name),
        }
    }

    /// The type of a name in a text.
    pub(crate) fn resolve_type_text(&mut self, name: &str) -> Outcome<TypeRef> {
        let (own, outer) = (&self.frame.state, &self.state);
        let declared = |name: &str| {
            let name = Symbol::new(name);
            let found = own.types.borrow().get(&name).copied();
            found.or_else(|| outer.types.borrow().get(&name).copied())
        };
        let scope = ResolveScope { declared: &declared, namespaces: &self.namespaces };
        match crate::value::types::resolve_in(name, &scope) {
            Some(found) => Ok(found),
            None => type_not_found(name),
        }
    }

    /// Sends a value to a sink as a statement's output goes: collections item by item, nothing as nothing.
    #[inline]
    pub(crate) fn emit(&mut self, value: Value, out: &mut dyn Sink) -> Outcome<()> {
        match value {
            Value::Nothing => Ok(()),
            Value::Array(_) | Value::Native(_) | Value::Wrapped(_) => self.emit_items(value, out),
            Value::Object(ref object) if object.kind.is_script_class() => self.emit_items(value, out),
            single => out.write(self, single),
        }
    }

    fn emit_items(&mut self, value: Value, out: &mut dyn Sink) -> Outcome<()> {
        if let Value::Array(array) = &value
            && array.dimensions.is_empty()
        {
            let mut at = 0;
            while let Some(item) = array.get(at) {
                out.write(self, item)?;
                at += 1;
            }
            return Ok(());
        }
        match self.enumerate(&value)? {
            Some(items) => items.into_iter().try_for_each(|item| out.write(self, item)),
            None => out.write(self, value),
        }
    }

    /// Gives each item of a value to a function, as a pipeline would.
    pub(super) fn each_item(
        &mut self,
        value: Value,
        take: &mut dyn FnMut(&mut Session, Value) -> Outcome<()>,
    ) -> Outcome<()> {
        match &value {
            Value::Nothing => Ok(()),
            Value::Array(_) | Value::Native(_) | Value::Wrapped(_) | Value::Object(_) => {
                match self.enumerate(&value)? {
                    Some(items) => items.into_iter().try_for_each(|item| take(self, item)),
                    None => take(self, value),
                }
            }
            _ => take(self, value),
        }
    }

    /// The items that a pipeline unrolls a value into; `None` for one thing.
    pub(crate) fn enumerate(&mut self, value: &Value) -> Outcome<Option<Vec<Value>>> {
        match value {
            Value::Array(array) => Ok(Some(array.values())),
            Value::Native(_) | Value::Wrapped(_) => Ok(crate::value::enumerate(value)),
            Value::Object(object) if object.kind.is_script_class() => self.enumerate_instance(value, object.kind),
            _ => Ok(None),
        }
    }

    /// Names and values of a dictionary that is no hashtable, for splatting.
    pub(super) fn dictionary_pairs(&mut self, value: &Value) -> Option<Vec<(Str, Value)>> {
        let keys = crate::value::members::get(self, value, "Keys").ok()??;
        let keys = self.enumerate(&keys).ok()??;
        let mut pairs = Vec::new();
        for key in keys {
            let item = crate::value::members::index(self, value, &key).ok()?;
            pairs.push((convert::to_text(&key), item));
        }
        Some(pairs)
    }

    /// How strict this scope is: 0 off, else the version asked for.
    pub(crate) fn strict_mode(&self) -> u8 {
        if !self.strict {
            return 0;
        }
        let mut at = Some(&self.frame);
        while let Some(frame) = at {
            if let Some(level) = frame.extra().and_then(|e| e.strict.get()) {
                return level;
            }
            at = frame.parent.as_ref();
        }
        0
    }

    /// `Set-StrictMode` in the current scope.
    pub(crate) fn set_strict_mode(&mut self, level: u8) {
        self.frame.make_extra().strict.set(Some(level));
        self.strict = true;
    }

    /// `$drive:name`.
    pub(super) fn read_drive(&mut self, drive: &str, name: &str) -> Outcome<Value> {
        match drive.to_ascii_lowercase().as_str() {
            "env" => Ok(self.environment.get(name).map(|text| Value::str(text.as_str())).into()),
            "function" => Ok(self.find_function(Symbol::new(name)).map(|f| Value::ScriptBlock(f.block.clone())).into()),
            "alias" => Ok(self.find_alias(Symbol::new(name)).map(|a| Value::Str(a.definition.clone())).into()),
            _ => self.provider_content(drive, name),
        }
    }

    /// `$drive:name = …`.
    pub(in crate::runtime) fn write_drive(&mut self, drive: &str, name: &str, value: Value) -> Outcome<()> {
        match drive.to_ascii_lowercase().as_str() {
            "env" => {
                self.set_environment(name, (!value.is_null()).then(|| convert::to_text(&value).to_string()));
                Ok(())
            }
            "function" => {
                let block = match &value {
                    Value::ScriptBlock(block) => block.clone(),
                    other => {
                        let text = convert::to_text(other).to_string();
                        self.parse_block(crate::syntax::Source::anonymous(text))?
                    }
                };
                let (frame, bare) = self.scope_of_name(name);
                self.set_function(&frame, bare, block)
            }
            "alias" => {
                let info = super::AliasInfo {
                    name: Str::from(name),
                    definition: convert::to_text(&value),
                    options: Default::default(),
                    description: Default::default(),
                };
                self.frame.make_extra().aliases.borrow_mut().insert(Symbol::new(name), Rc::new(info));
                self.generation += 1;
                Ok(())
            }
            _ => self.set_provider_content(drive, name, value),
        }
    }

    /// Sets or removes an environment variable of the session, which is what programs it starts get.
    pub(crate) fn set_environment(&mut self, name: &str, value: Option<String>) {
        match value {
            Some(text) => self.environment.insert(name.to_string(), text),
            None => self.environment.shift_remove(name),
        };
        if name == "PATH" {
            self.generation += 1;
        }
    }

    /// The lines of a file, for `switch -File`.
    pub(super) fn lines_of_file(&mut self, path: &Value) -> Outcome<Vec<Value>> {
        let text = convert::to_text(path);
        match std::fs::read(self.absolute(&text)) {
            Ok(bytes) => {
                let content = String::from_utf8_lossy(&bytes);
                Ok(content.lines().map(Value::str).collect())
            }
            Err(error) => Fault::new("FileNotFound", format!("The file '{text}' cannot be read: {error}."))
                .category(ErrorCategory::ObjectNotFound)
                .exception("System.Management.Automation.ItemNotFoundException")
                .target(text)
                .err(),
        }
    }
}

fn type_not_found<T>(name: &str) -> Outcome<T> {
    Fault::new("TypeNotFound", format!("There is no type [{name}] here; check the spelling and the namespace."))
        .target(name)
        .err()
}
