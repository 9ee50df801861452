//! Members, method calls and indexing.

use crate::runtime::code::{CallCode, MemberCode, MemberName, Node};
use crate::runtime::session::Session;
use crate::runtime::symbol::Symbol;
use crate::value::{ErrorCategory, Fault, Outcome, PsObject, Str, TypeRef, Unwind, Value, convert, members};
use smallvec::SmallVec;
use std::cell::Cell;

/// The arguments of a method call; few calls have more than three.
type Arguments = SmallVec<[Value; 3]>;

impl Session {
    pub(super) fn eval_member(&mut self, code: &MemberCode) -> Outcome<Value> {
        let target = if code.null_conditional { self.eval_lenient(&code.target)? } else { self.eval(&code.target)? };
        if let MemberName::Constant(name) = &code.name {
            if code.is_static {
                return self.get_static(&target, name);
            }
            return self.get_named(&target, name, &code.site, code.null_conditional);
        }
        let MemberName::Dynamic(node) = &code.name else { return Ok(Value::Null) };
        let name = self.eval(node)?;
        // A dictionary is asked for the key as it is before its text is a name: `$table.1`.
        if let (Value::Hashtable(table), false) = (&target, matches!(name, Value::Str(_)))
            && let Some(found) = table.get(&name)
        {
            return Ok(found);
        }
        let name = convert::to_text(&name);
        match code.is_static {
            true => self.get_static(&target, &name),
            false => self.get_named(&target, &name, &Cell::new((0, 0)), code.null_conditional),
        }
    }

    fn get_named(&mut self, target: &Value, name: &Str, site: &Cell<(usize, u32)>, quiet: bool) -> Outcome<Value> {
        match target {
            Value::Object(object) => {
                if let Some(value) = quick_property(object, name, site) {
                    return Ok(value);
                }
            }
            Value::Array(array) if is_count(name) && array.extension.get().is_none() => {
                return Ok(Value::I32(array.len() as i32));
            }
            Value::Str(text) if name.eq_ignore_ascii_case("Length") => return Ok(Value::I32(text.utf16_len() as i32)),
            Value::Null | Value::Nothing if quiet => return Ok(Value::Null),
            _ => {}
        }
        if let Some(found) = self.engine_member(target, name) {
            return found;
        }
        match members::get(self, target, name)? {
            Some(value) => Ok(value),
            None => self.missing_member(target, name),
        }
    }

    fn missing_member(&mut self, target: &Value, name: &Str) -> Outcome<Value> {
        let countable = is_count(name) && !matches!(target, Value::Hashtable(_));
        if self.strict_mode() < 2 {
            return Ok(if countable { Value::I32(i32::from(!target.is_null())) } else { Value::Null });
        }
        Fault::new(
            "PropertyNotFoundStrict",
            format!("The object has no property '{name}'; strict mode asks that it exists."),
        )
        .exception("System.Management.Automation.PropertyNotFoundException")
        .category(ErrorCategory::NotSpecified)
        .err()
    }

    fn get_static(&mut self, target: &Value, name: &Str) -> Outcome<Value> {
        let kind = self.static_type(target)?;
        if kind.is_script_class()
            && let Some(value) = self.class_static_value(kind, name)
        {
            return value;
        }
        match members::get_static(self, kind, name)? {
            Some(value) => Ok(value),
            None if self.strict_mode() >= 2 => Fault::new(
                "PropertyNotFoundStrict",
                format!("The type [{}] has no static property '{name}'.", kind.name()),
            )
            .exception("System.Management.Automation.PropertyNotFoundException")
            .category(ErrorCategory::NotSpecified)
            .err(),
            None => Ok(Value::Null),
        }
    }

    /// The type left of `::`; an object stands for its own type.
    fn static_type(&mut self, target: &Value) -> Outcome<TypeRef> {
        match target {
            Value::Type(kind) => Ok(*kind),
            Value::Null | Value::Nothing => {
                Fault::new("InvokeMethodOnNull", "A static member needs a type on the left of '::', and this is null.")
                    .err()
            }
            other => Ok(TypeRef::of(other)),
        }
    }

    pub(super) fn eval_call(&mut self, code: &CallCode) -> Outcome<Value> {
        let target = if code.null_conditional { self.eval_lenient(&code.target)? } else { self.eval(&code.target)? };
        if code.null_conditional && target.is_null() {
            return Ok(Value::Null);
        }
        let mut arguments = Arguments::new();
        for node in &code.arguments {
            arguments.push(match self.eval(node)? {
                Value::Nothing => Value::Null,
                value => value,
            });
        }
        match &code.name {
            MemberName::Constant(name) => self.call_named(code, &code.site, &target, name, arguments),
            MemberName::Dynamic(node) => {
                let value = self.eval(node)?;
                if let Value::ScriptBlock(block) = &value {
                    return self.invoke_block_as_method(block, &target, &arguments);
                }
                if let Some(result) = self.call_method_object(&value, &arguments) {
                    return result;
                }
                let name = convert::to_text(&value);
                // What was called here last may have had another name.
                self.call_named(code, &members::CallSite::default(), &target, &name, arguments)
            }
        }
    }

    fn call_named(
        &mut self,
        code: &CallCode,
        site: &members::CallSite,
        target: &Value,
        name: &Str,
        mut arguments: Arguments,
    ) -> Outcome<Value> {
        if code.is_static {
            let kind = self.static_type(target)?;
            if kind.is_script_class() {
                if name.eq_ignore_ascii_case("new") {
                    return self.class_instance(kind, &arguments);
                }
                let symbol = Symbol::new(name);
                if self.class_has_method(kind, symbol) {
                    return self.class_method_of(kind, symbol, None, &arguments);
                }
            }
            if name.eq_ignore_ascii_case("new") {
                if kind == TypeRef::PSVARIABLE {
                    return self.new_variable_object(&arguments);
                }
                return members::construct(self, kind, arguments.into_vec());
            }
            if let Some(result) = site.call_known_static(self, kind, name, &mut arguments) {
                return result;
            }
            if let Some(result) = self.hosting_static(kind, name, &arguments) {
                return result;
            }
            if let Some(result) = self.parsing_call(kind, name, &arguments) {
                return result;
            }
            return site.call_static(self, kind, name, arguments.into_vec());
        }
        if let Some(base) = &code.base_class {
            let kind = self.type_of(base)?;
            if self.class_info(kind).is_some() {
                return self.class_method(kind, name, Some(target), &arguments);
            }
            if let Some(part) = crate::value::part_of(target) {
                return members::call(self, &part, name, arguments.into_vec());
            }
        }
        if let Value::Object(object) = target
            && object.kind.is_script_class()
        {
            let symbol = method_symbol(code, name);
            if let Some(overloads) = self.class_methods(object.kind, symbol) {
                return self.class_method_among(&overloads, object.kind, symbol, Some(target), &arguments);
            }
        }
        if let Some(result) = site.call_known(self, target, name, &mut arguments) {
            return result;
        }
        if let Some(result) = self.engine_call(target, name, &arguments) {
            return result;
        }
        if let Some(result) = self.engine_call_each(target, name, &arguments) {
            return result;
        }
        let intrinsic = name.eq_ignore_ascii_case("ForEach") || name.eq_ignore_ascii_case("Where");
        if target.is_null() && !intrinsic {
            return Fault::new(
                "InvokeMethodOnNull",
                format!("The method '{name}' was called on a null value; check what is left of the dot."),
            )
            .err();
        }
        site.call(self, target, name, arguments.into_vec())
    }

    pub(super) fn eval_index(&mut self, target: &Node, index: &Node, conditional: bool) -> Outcome<Value> {
        if let Some(item) = super::numeric::with_element(&self.frame.slots.borrow(), target, index, Value::clone) {
            return Ok(item);
        }
        let target = if conditional { self.eval_lenient(target)? } else { self.eval(target)? };
        if conditional && target.is_null() {
            return Ok(Value::Null);
        }
        // `[object]5` means the key 5, where a bare number would be a place.
        if let (Value::Hashtable(table), Node::Cast(pair)) = (&target, index)
            && self.type_of(&pair.0)? == TypeRef::OBJECT
        {
            let key = self.eval(&pair.1)?;
            return Ok(table.get(&key).unwrap_or_default());
        }
        let index = self.eval(index)?;
        self.index_value(&target, &index)
    }

    /// `target[index]`.
    pub(in crate::runtime) fn index_value(&mut self, target: &Value, index: &Value) -> Outcome<Value> {
        match (target, index) {
            (Value::Array(array), Value::I32(n)) if array.dimensions.is_empty() => {
                let at = if *n < 0 { i64::from(*n) + array.len() as i64 } else { i64::from(*n) };
                if let Some(value) = usize::try_from(at).ok().and_then(|at| array.get(at)) {
                    return Ok(value);
                }
            }
            (Value::Hashtable(table), Value::Str(_)) if table.extension.get().is_none() => {
                return Ok(table.get(index).unwrap_or_default());
            }
            _ => {}
        }
        if target.is_null() {
            return Fault::new("NullArray", "Null cannot be indexed; check what is left of the bracket.").err();
        }
        match members::index(self, target, index) {
            // What cannot be indexed has nothing at that place; only strict mode calls it an error.
            Err(Unwind::Fault(fault)) if fault.id == "CannotIndex" && self.strict_mode() < 2 => Ok(Value::Nothing),
            result => result,
        }
    }
}

/// The name of a call as a symbol, which a name that is written out keeps.
fn method_symbol(code: &CallCode, name: &str) -> Symbol {
    match (&code.name, code.symbol.get()) {
        (MemberName::Constant(_), Some(symbol)) => symbol,
        (MemberName::Constant(_), None) => {
            let symbol = Symbol::new(name);
            code.symbol.set(Some(symbol));
            symbol
        }
        (MemberName::Dynamic(_), _) => Symbol::new(name),
    }
}

fn is_count(name: &str) -> bool {
    name.eq_ignore_ascii_case("Count") || name.eq_ignore_ascii_case("Length")
}

/// True for objects whose properties are the values in their shape and nothing else.
#[inline]
fn has_plain_properties(kind: TypeRef) -> bool {
    kind == TypeRef::PSCUSTOMOBJECT || kind.is_script_class()
}

/// A plain property of an object without added members, by the number it had at this place last time.
fn quick_property(object: &PsObject, name: &Str, site: &Cell<(usize, u32)>) -> Option<Value> {
    if object.extension.has_members() || !has_plain_properties(object.kind) {
        return None;
    }
    let shape = object.shape.borrow();
    let at = site.get().1 as usize;
    let known = shape.names.get(at).is_some_and(|n| n.same(name) || n.eq_ignore_ascii_case(name));
    let at = match known {
        true => at,
        false => {
            let at = shape.names.iter().position(|n| n.eq_ignore_ascii_case(name))?;
            site.set((0, at as u32));
            at
        }
    };
    object.values.borrow().get(at).cloned()
}

/// Sets a plain property the same way; gives the value back where that is not possible.
pub(in crate::runtime) fn set_quick_property(
    object: &PsObject,
    name: &Str,
    site: &Cell<(usize, u32)>,
    value: Value,
) -> Result<(), Value> {
    if object.extension.has_members() || !has_plain_properties(object.kind) {
        return Err(value);
    }
    let shape = object.shape.borrow();
    let at = site.get().1 as usize;
    let known = shape.names.get(at).is_some_and(|n| n.same(name) || n.eq_ignore_ascii_case(name));
    let found = if known { Some(at) } else { shape.names.iter().position(|n| n.eq_ignore_ascii_case(name)) };
    let mut values = object.values.borrow_mut();
    match found.and_then(|at| values.get_mut(at)) {
        Some(place) => {
            site.set((0, found.unwrap_or(0) as u32));
            *place = value;
            Ok(())
        }
        None => Err(value),
    }
}
