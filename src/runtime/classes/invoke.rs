//! Calling methods of script classes.

use super::{MethodInfo, Overloads, overload};
use crate::runtime::Session;
use crate::runtime::call::{Whose, function_end};
use crate::runtime::scope::FrameKind;
use crate::runtime::sink::Discard;
use crate::runtime::statements::Completion;
use crate::runtime::symbol::Symbol;
use crate::value::{Fault, Outcome, TypeRef, Value, convert, members};
use std::rc::Rc;

impl Session {
    /// Calls a method of a script class: of an instance, or a static one without `this`.
    pub(in crate::runtime) fn class_method(
        &mut self,
        class: TypeRef,
        name: &str,
        this: Option<&Value>,
        args: &[Value],
    ) -> Outcome<Value> {
        self.class_method_of(class, Symbol::new(name), this, args)
    }

    /// The same for a name that is a symbol already.
    pub(in crate::runtime) fn class_method_of(
        &mut self,
        class: TypeRef,
        symbol: Symbol,
        this: Option<&Value>,
        args: &[Value],
    ) -> Outcome<Value> {
        match self.class_methods(class, symbol) {
            Some(overloads) => self.class_method_among(&overloads, class, symbol, this, args),
            None => self.inherited_method(class, symbol.name(), this, args),
        }
    }

    /// The overloads that a script class or one it derives from declares under a name.
    #[inline]
    pub(in crate::runtime) fn class_methods(&self, class: TypeRef, name: Symbol) -> Option<Overloads> {
        self.class_table.classes.get(&class)?.methods.get(&name).cloned()
    }

    /// Calls that of the overloads which the arguments mean.
    pub(in crate::runtime) fn class_method_among(
        &mut self,
        overloads: &Overloads,
        class: TypeRef,
        symbol: Symbol,
        this: Option<&Value>,
        args: &[Value],
    ) -> Outcome<Value> {
        if this.is_none()
            && let Some(info) = self.class_info(class)
        {
            self.initialize_chain(&info)?;
        }
        let method = match &**overloads {
            [only] if only.parameters.len() == args.len() => only.clone(),
            several => {
                let fitting: Vec<Rc<MethodInfo>> =
                    several.iter().filter(|m| m.is_static == this.is_none()).cloned().collect();
                if fitting.is_empty() {
                    return not_found(class, symbol.name()).err();
                }
                overload::choose(self, &fitting, symbol.name(), args)?
            }
        };
        if method.is_static != this.is_none() {
            return not_found(class, symbol.name()).err();
        }
        self.run_method(&method, this, args)
    }

    /// True where a script class or one it derives from declares a method of this name.
    #[inline]
    pub(in crate::runtime) fn class_has_method(&self, class: TypeRef, name: Symbol) -> bool {
        class.is_script_class() && self.class_table.classes.get(&class).is_some_and(|c| c.methods.contains_key(&name))
    }

    /// What every object answers, where the class does not say otherwise.
    fn inherited_method(&mut self, class: TypeRef, name: &str, this: Option<&Value>, args: &[Value]) -> Outcome<Value> {
        match (this, args) {
            (Some(Value::Exception(exception)), []) if name.eq_ignore_ascii_case("ToString") => {
                Ok(Value::Str(format!("{}: {}", class.name(), exception.message.borrow()).into()))
            }
            (Some(this), []) if name.eq_ignore_ascii_case("ToString") => match self.class_info(class).is_some() {
                true => Ok(Value::str(class.name())),
                false => Ok(Value::Str(convert::to_text(this))),
            },
            (Some(this), [other]) if name.eq_ignore_ascii_case("Equals") => Ok(Value::Bool(same(this, other))),
            (Some(this), []) if name.eq_ignore_ascii_case("GetHashCode") => Ok(Value::I32(address(this) as i32)),
            _ => not_found(class, name).err(),
        }
    }

    /// What an instance of a script class unrolls into: what its `GetEnumerator` gives, where it is `IEnumerable`;
    /// the .NET collection inside it.
    pub(in crate::runtime) fn enumerate_instance(
        &mut self,
        instance: &Value,
        kind: TypeRef,
    ) -> Outcome<Option<Vec<Value>>> {
        let own = kind.implements(TypeRef::IENUMERABLE) && self.class_has_method(kind, Symbol::new("GetEnumerator"));
        if own {
            let enumerator = self.class_method(kind, "GetEnumerator", Some(instance), &[])?;
            return self.drain_enumerator(&enumerator).map(Some);
        }
        if kind.implements(TypeRef::IENUMERATOR) && self.class_has_method(kind, Symbol::new("MoveNext")) {
            return self.drain_enumerator(instance).map(Some);
        }
        Ok(crate::value::enumerate(instance))
    }

    fn drain_enumerator(&mut self, enumerator: &Value) -> Outcome<Vec<Value>> {
        let Value::Object(object) = enumerator else {
            return Ok(self.enumerate(enumerator)?.unwrap_or_default());
        };
        let kind = object.kind;
        let mut items = Vec::new();
        loop {
            self.check_cancelled()?;
            let more = self.class_method(kind, "MoveNext", Some(enumerator), &[])?;
            if !convert::to_bool(&more) {
                return Ok(items);
            }
            let current = match self.class_has_method(kind, Symbol::new("get_Current")) {
                true => self.class_method(kind, "get_Current", Some(enumerator), &[])?,
                false => members::get(self, enumerator, "Current")?.unwrap_or_default(),
            };
            items.push(current);
        }
    }

    /// Runs a method whose overload is chosen.
    pub(super) fn run_method(
        &mut self,
        method: &Rc<MethodInfo>,
        this: Option<&Value>,
        args: &[Value],
    ) -> Outcome<Value> {
        let code = &method.code;
        let frame = self.frame_for(code, &method.home, FrameKind::Local, Whose::default());
        for ((param, (name, kind)), value) in code.params.iter().zip(&method.parameters).zip(args) {
            let value = overload::argument(self, value.clone(), name, *kind, &method.name)?;
            let slot = self.typed_slot(param, *kind, value);
            frame.put_slot(param.slot, slot);
        }
        if let Some(this) = this {
            frame.put(method.this, this.clone());
        }
        let result = self.run_method_body(method, frame)?;
        match method.result {
            None => Ok(Value::Nothing),
            Some(kind) if kind == TypeRef::OBJECT => Ok(result),
            Some(kind) if TypeRef::of(&result) == kind && !result.is_null() => Ok(result),
            Some(kind) if result.is_null() && !kind.is_value_type() && kind != TypeRef::STRING => Ok(Value::Null),
            Some(kind) => convert::to(self, &result, kind),
        }
    }

    /// Runs a body in its frame; what `return` gave.
    pub(super) fn run_method_body(&mut self, method: &MethodInfo, frame: Rc<crate::runtime::Frame>) -> Outcome<Value> {
        let suspended = self.enter(frame, &method.code.source)?;
        let outer = std::mem::take(&mut self.method_result);
        let guarded = self.guarded;
        // An error in a method ends it and goes to the caller, as an exception of .NET does.
        self.guarded += 1;
        let completion = match &method.code.end {
            Some(body) => self.run_block(body, &mut Discard),
            None => Ok(Completion::Normal),
        };
        self.guarded = guarded;
        let result = std::mem::replace(&mut self.method_result, outer);
        self.leave(suspended);
        function_end(completion)?;
        Ok(result)
    }
}

/// Where an object is, for what is equal only to itself.
fn address(value: &Value) -> usize {
    match value {
        Value::Object(object) => Rc::as_ptr(object) as usize,
        Value::Exception(exception) => Rc::as_ptr(exception) as usize,
        _ => 0,
    }
}

fn same(left: &Value, right: &Value) -> bool {
    address(left) != 0 && address(left) == address(right)
}

fn not_found(class: TypeRef, name: &str) -> Fault {
    Fault::new("MethodNotFound", format!("[{}] has no method '{name}'.", class.name()))
}
