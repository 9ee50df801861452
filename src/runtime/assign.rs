//! Assignment: variables with and without types, members, indexes, lists, compound operators, increments.

use super::code::*;
use super::evaluate::{add_in_place, numeric};
use super::scope::{Frame, FrameKind, Options, Slot, Variable};
use super::session::Session;
use super::symbol::Symbol;
use crate::syntax::BinaryOperator;
use crate::value::{ErrorCategory, Fault, Outcome, Str, TypeRef, Unwind, Value, convert, members};
use std::rc::Rc;

impl Session {
    /// Carries an assignment out; gives the value assigned where it is wanted.
    pub(super) fn eval_assign(&mut self, code: &AssignCode, wanted: bool) -> Outcome<Value> {
        let value = match code.operator {
            None if !wanted => {
                let value = self.eval(&code.value)?;
                return self.assign(&code.target, value).map(|()| Value::Null);
            }
            None => {
                let value = self.eval(&code.value)?;
                self.assign(&code.target, value.clone())?;
                value
            }
            Some(op) => self.compound(op, code)?,
        };
        match &code.target {
            Target::Local(slot, name) | Target::Preference(slot, name) if wanted => {
                self.eval(&Node::Local(*slot, *name))
            }
            Target::Typed(typed) if wanted => self.read_target(&typed.target),
            _ => Ok(value),
        }
    }

    /// `+=` and its kin.
    fn compound(&mut self, op: BinaryOperator, code: &AssignCode) -> Outcome<Value> {
        if op == BinaryOperator::Coalesce {
            let old = self.read_target_lenient(&code.target)?;
            if !old.is_null() {
                return Ok(old);
            }
            let value = self.eval(&code.value)?;
            self.assign(&code.target, value.clone())?;
            return Ok(value);
        }
        match &code.target {
            Target::Local(slot, name) => self.compound_local(op, *slot, *name, code),
            Target::Member(member) => self.compound_member(op, member, &code.value),
            Target::Index(pair) => self.compound_index(op, pair, &code.value),
            target => {
                let old = self.read_target(target)?;
                let right = self.eval(&code.value)?;
                let value = self.apply(op, &old, &right)?;
                self.assign(target, value.clone())?;
                Ok(value)
            }
        }
    }

    /// `$x += …` on a variable of this frame.
    fn compound_local(&mut self, op: BinaryOperator, slot: u32, name: Symbol, code: &AssignCode) -> Outcome<Value> {
        if self.compound_number(op, slot, &code.value) {
            return Ok(Value::Null);
        }
        let right = self.eval(&code.value)?;
        let old = {
            let mut slots = self.frame.slots.borrow_mut();
            match slots.get_mut(slot as usize) {
                Some(Slot::Plain(Value::I32(a))) => {
                    if let Value::I32(b) = right {
                        let sum = match op {
                            BinaryOperator::Add => a.checked_add(b),
                            BinaryOperator::Subtract => a.checked_sub(b),
                            BinaryOperator::Multiply => a.checked_mul(b),
                            _ => None,
                        };
                        if let Some(sum) = sum {
                            *a = sum;
                            return Ok(Value::Null);
                        }
                    }
                    Some(Value::I32(*a))
                }
                Some(Slot::Plain(value)) if op == BinaryOperator::Add => Some(std::mem::take(value)),
                Some(Slot::Plain(value)) => Some(value.clone()),
                _ => None,
            }
        };
        let Some(old) = old else {
            let old = match self.frame.read(slot) {
                Some(value) => value,
                None if code.own && self.frame.kind != FrameKind::Global && !self.strict => Value::Null,
                None => self.lookup_or_strict(name)?,
            };
            let value = self.apply(op, &old, &right)?;
            self.assign_local(slot, name, value.clone())?;
            return Ok(value);
        };
        if op != BinaryOperator::Add {
            let value = self.apply(op, &old, &right)?;
            self.frame.put(slot, value.clone());
            return Ok(value);
        }
        let (old, right) = match add_in_place(old, right) {
            Ok(value) => {
                self.frame.put(slot, value);
                return Ok(Value::Null);
            }
            Err(pair) => pair,
        };
        match self.apply(op, &old, &right) {
            Ok(value) => {
                self.frame.put(slot, value.clone());
                Ok(value)
            }
            Err(error) => {
                self.frame.put(slot, old);
                Err(error)
            }
        }
    }

    /// The same where both sides are plain numbers in slots; false where they are not, and nothing was done then.
    #[inline]
    fn compound_number(&self, op: BinaryOperator, slot: u32, value: &Node) -> bool {
        let mut slots = self.frame.slots.borrow_mut();
        let Some(right) = numeric::number(&slots, value) else { return false };
        let Some(Slot::Plain(place)) = slots.get_mut(slot as usize) else { return false };
        let result = numeric::of_value(place).and_then(|left| numeric::arithmetic(op, left, right));
        match result {
            Some(number) => {
                *place = number.value();
                true
            }
            None => false,
        }
    }

    fn lookup_or_strict(&mut self, name: Symbol) -> Outcome<Value> {
        self.eval(&Node::Local(u32::MAX, name))
    }

    fn compound_member(&mut self, op: BinaryOperator, code: &MemberCode, right: &Node) -> Outcome<Value> {
        let target = self.eval(&code.target)?;
        let name = self.assigned_name(&code.name)?;
        let old = if code.is_static {
            self.read_static(&target, &name)?
        } else {
            members::get(self, &target, &name)?.unwrap_or_default()
        };
        let right = self.eval(right)?;
        let value = self.apply(op, &old, &right)?;
        self.set_member(&target, &name, code, value.clone())?;
        Ok(value)
    }

    fn read_static(&mut self, target: &Value, name: &Str) -> Outcome<Value> {
        match target {
            Value::Type(kind) => match self.class_static_value(*kind, name) {
                Some(value) => value,
                None => Ok(members::get_static(self, *kind, name)?.unwrap_or_default()),
            },
            _ => Ok(Value::Null),
        }
    }

    fn compound_index(&mut self, op: BinaryOperator, pair: &(Node, Node), right: &Node) -> Outcome<Value> {
        let target = self.eval(&pair.0)?;
        let index = self.eval(&pair.1)?;
        let old = self.index_value(&target, &index)?;
        let right = self.eval(right)?;
        let value = match (op, old) {
            (BinaryOperator::Add, old) => match add_in_place(old, right) {
                Ok(value) => value,
                Err((old, right)) => self.apply(op, &old, &right)?,
            },
            (_, old) => self.apply(op, &old, &right)?,
        };
        members::index_set(self, &target, &index, value.clone())?;
        Ok(value)
    }

    /// `++` and `--`; the value is asked for only in parentheses.
    pub(super) fn eval_increment(&mut self, code: &IncrementCode, wanted: bool) -> Outcome<Value> {
        if let Target::Local(slot, _) = code.target {
            let mut slots = self.frame.slots.borrow_mut();
            if let Some(Slot::Plain(Value::I32(n))) = slots.get_mut(slot as usize)
                && let Some(next) = n.checked_add(code.delta)
            {
                let old = std::mem::replace(n, next);
                return Ok(if wanted { Value::I32(if code.post { old } else { next }) } else { Value::Null });
            }
        }
        let old = match &code.target {
            Target::Local(slot, _) if code.own && self.frame.kind != FrameKind::Global && !self.strict => {
                self.frame.read(*slot).unwrap_or_default()
            }
            _ => self.eval(&code.read)?,
        };
        let next = match &old {
            Value::Null | Value::Nothing => Value::I32(code.delta),
            value if !is_steppable(value) => {
                return Fault::new("OperatorRequiresNumber", "The operators ++ and -- work on numbers only.").err();
            }
            _ => self.apply(BinaryOperator::Add, &old, &Value::I32(code.delta))?,
        };
        self.assign(&code.target, next.clone())?;
        let old = if old.is_null() { Value::I32(0) } else { old };
        Ok(if code.post { old } else { next })
    }

    /// Assigns to any target.
    pub(super) fn assign(&mut self, target: &Target, value: Value) -> Outcome<()> {
        match target {
            Target::Local(slot, name) => self.assign_local(*slot, *name, value),
            Target::Discard => Ok(()),
            Target::Preference(slot, name) => {
                let value = self.preference_value(*name, value)?;
                self.assign_local(*slot, *name, value)
            }
            Target::Scoped(scoped) => self.assign_scoped(scoped, value),
            Target::Guarded(name) => self.assign_guarded(*name, value),
            Target::Typed(typed) => self.assign_typed(typed, value),
            Target::Member(code) => {
                let object = self.eval(&code.target)?;
                let name = self.assigned_name(&code.name)?;
                self.set_member(&object, &name, code, value)
            }
            Target::Index(pair) => {
                let object = self.eval(&pair.0)?;
                let index = self.eval(&pair.1)?;
                self.set_index(&object, &index, value)
            }
            Target::List(targets) => self.assign_list(targets, value),
            Target::Invalid => {
                Fault::new("InvalidLeftHandSide", "What stands left of the '=' is not something to assign to.").err()
            }
        }
    }

    /// Assigns to a slot of this frame.
    #[inline]
    pub(super) fn assign_local(&mut self, slot: u32, name: Symbol, value: Value) -> Outcome<()> {
        {
            let mut slots = self.frame.slots.borrow_mut();
            match slots.get_mut(slot as usize) {
                Some(Slot::Plain(place)) => {
                    let old = std::mem::replace(place, value);
                    drop(slots);
                    drop(old);
                    return Ok(());
                }
                Some(place @ Slot::Unset) if !self.all_scope => {
                    *place = Slot::Plain(value);
                    return Ok(());
                }
                _ => {}
            }
        }
        self.assign_slow(slot, name, value)
    }

    #[inline(never)]
    fn assign_slow(&mut self, slot: u32, name: Symbol, value: Value) -> Outcome<()> {
        match self.frame.slot(slot) {
            Slot::Boxed(variable) => self.store(&variable, value),
            Slot::Plain(_) => {
                self.frame.put(slot, value);
                Ok(())
            }
            Slot::Unset => {
                if let Some(variable) = self.shared_variable(name) {
                    return self.store(&variable, value);
                }
                self.frame.put(slot, value);
                Ok(())
            }
        }
    }

    /// A variable of an outer scope that is one with this scope's: `AllScope`, or read-only for all.
    fn shared_variable(&self, name: Symbol) -> Option<Rc<Variable>> {
        let mut at = self.frame.parent.as_ref();
        while let Some(frame) = at {
            if let Slot::Boxed(variable) = frame.own(name)
                && variable.options.get().has(Options::ALL_SCOPE)
            {
                return Some(variable);
            }
            at = frame.parent.as_ref();
        }
        None
    }

    /// Stores into a variable with a type, checks or options.
    pub(super) fn store(&mut self, variable: &Rc<Variable>, value: Value) -> Outcome<()> {
        if variable.options.get().has(Options(Options::READ_ONLY.0 | Options::CONSTANT.0)) {
            return not_writable(variable.name);
        }
        let mut value = match value {
            Value::Nothing if variable.kind.get().is_some() => Value::Null,
            value => value,
        };
        if let Some(kind) = variable.kind.get() {
            value = match self.convert_assigned(&value, kind) {
                Err(error) if variable.declared.get() => return refused_by_type(variable.name, error),
                converted => converted?,
            };
        }
        let checks = variable.checks.borrow().clone();
        for check in checks {
            value =
                check(self, value).map_err(|error| super::error_handling::invalid_variable(error, variable.name))?;
        }
        variable.value.replace(value);
        Ok(())
    }

    /// Converts to a variable's type. Unlike a cast, `[bool]` takes only truth and numbers.
    fn convert_assigned(&mut self, value: &Value, kind: TypeRef) -> Outcome<Value> {
        let given = TypeRef::of(value);
        if kind == TypeRef::BOOLEAN && !given.is_number() && !given.is_enum() && given != TypeRef::BOOLEAN {
            let text = format!("[bool] takes $true, $false or a number, not '{}'.", convert::to_text(value));
            return Fault::new("InvalidCast", text).category(ErrorCategory::InvalidArgument).err();
        }
        self.convert(value, kind)
    }

    fn assign_guarded(&mut self, name: Symbol, value: Value) -> Outcome<()> {
        let mut at = Some(&self.frame);
        while let Some(frame) = at {
            if let Slot::Boxed(variable) = frame.own(name)
                && variable.options.get() != Options::NONE
            {
                return self.store(&variable, value);
            }
            at = frame.parent.as_ref();
        }
        if matches!(name, Symbol::TRUE | Symbol::FALSE | Symbol::QUESTION) {
            return not_writable(name);
        }
        self.frame.put_name(name, value);
        Ok(())
    }

    fn assign_scoped(&mut self, scoped: &Scoped, value: Value) -> Outcome<()> {
        let frame = match &scoped.scope {
            ScopeName::Global => self.frame.global_frame(),
            ScopeName::Script => self.frame.script_frame(),
            ScopeName::Local => self.frame.clone(),
            ScopeName::Private => {
                let variable = Variable::new(scoped.name, value);
                variable.options.set(Options::PRIVATE);
                let slot = self.frame.layout.slot(scoped.name);
                self.frame.put_slot(slot, Slot::Boxed(variable));
                return Ok(());
            }
            ScopeName::Using => {
                return Fault::new("CannotAssignToUsing", "A '$using:' variable can only be read.").err();
            }
            ScopeName::Drive(drive) => return self.write_drive(drive, &scoped.text, value),
        };
        self.assign_in(&frame, scoped.name, value)
    }

    /// What a preference variable stores: its own type.
    fn preference_value(&mut self, name: Symbol, value: Value) -> Outcome<Value> {
        if name == Symbol::DEFAULT_PARAMETERS {
            let is_typed = self.frame.kind == FrameKind::Global && matches!(value, Value::Hashtable(_));
            return if is_typed { self.convert(&value, TypeRef::DEFAULT_PARAMETER_DICTIONARY) } else { Ok(value) };
        }
        match super::streams::preference_type(name) {
            Some(kind) => self.convert(&value, kind).or_else(|error| refused_by_type(name, error)),
            None => Ok(value),
        }
    }

    /// Assigns a variable in a given frame.
    pub(crate) fn assign_in(&mut self, frame: &Rc<Frame>, name: Symbol, value: Value) -> Outcome<()> {
        let value = self.preference_value(name, value)?;
        match frame.own(name) {
            Slot::Boxed(variable) => self.store(&variable, value),
            Slot::Plain(_) | Slot::Unset => {
                frame.put_name(name, value);
                Ok(())
            }
        }
    }

    fn assign_typed(&mut self, typed: &TypedTarget, value: Value) -> Outcome<()> {
        let kind = match &typed.kind {
            Some(code) => Some(self.type_of(code)?),
            None => None,
        };
        let (frame, name) = match &typed.target {
            Target::Local(_, name) | Target::Preference(_, name) | Target::Guarded(name) => (self.frame.clone(), *name),
            Target::Scoped(scoped) => match scoped.scope {
                ScopeName::Global => (self.frame.global_frame(), scoped.name),
                ScopeName::Script => (self.frame.script_frame(), scoped.name),
                _ => (self.frame.clone(), scoped.name),
            },
            other => {
                let value = match kind {
                    Some(kind) => self.convert(&value, kind)?,
                    None => value,
                };
                return self.assign(other, value);
            }
        };
        if let Slot::Boxed(old) = frame.own(name)
            && old.options.get().has(Options(Options::READ_ONLY.0 | Options::CONSTANT.0))
        {
            return not_writable(name);
        }
        let variable = Variable::new(name, Value::Null);
        variable.kind.set(kind);
        let checks = self.checks_of(&typed.attributes, name)?;
        variable.checks.replace(checks);
        self.store(&variable, value)?;
        variable.declared.set(true);
        let slot = frame.layout.slot(name);
        frame.put_slot(slot, Slot::Boxed(variable));
        Ok(())
    }

    fn assign_list(&mut self, targets: &[Target], value: Value) -> Outcome<()> {
        let items = match &value {
            Value::Array(array) => array.values(),
            Value::Native(_) => self.enumerate(&value)?.unwrap_or_else(|| vec![value.clone()]),
            _ => vec![value],
        };
        let last = targets.len().saturating_sub(1);
        for (at, target) in targets.iter().enumerate() {
            let part = match items.get(at..) {
                Some([]) | None => Value::Null,
                Some([only]) => only.clone(),
                Some([first, ..]) if at < last => first.clone(),
                Some(rest) => Value::array(rest.to_vec()),
            };
            self.assign(target, part)?;
        }
        Ok(())
    }

    fn assigned_name(&mut self, name: &MemberName) -> Outcome<Str> {
        match name {
            MemberName::Constant(text) => Ok(text.clone()),
            MemberName::Dynamic(node) => {
                let value = self.eval(node)?;
                Ok(convert::to_text(&value))
            }
        }
    }

    fn set_member(&mut self, object: &Value, name: &Str, code: &MemberCode, value: Value) -> Outcome<()> {
        let value = if matches!(value, Value::Nothing) { Value::Null } else { value };
        if code.is_static {
            let kind = match object {
                Value::Type(kind) => *kind,
                other => TypeRef::of(other),
            };
            return match self.set_class_static_value(kind, name, value.clone()) {
                Some(result) => result,
                None => members::set_static(self, kind, name, value),
            };
        }
        let value = self.class_value(object, name, value)?;
        let value = match object {
            Value::Object(custom) => match super::evaluate::set_quick_property(custom, name, &code.site, value) {
                Ok(()) => return Ok(()),
                Err(value) => value,
            },
            Value::Null | Value::Nothing => {
                return Fault::new(
                    "PropertyNotFound",
                    format!("The property '{name}' cannot be set: there is no object left of the dot."),
                )
                .category(ErrorCategory::InvalidOperation)
                .err();
            }
            _ => value,
        };
        if let Some(result) = self.set_engine_member(object, name, &value) {
            return result;
        }
        members::set(self, object, name, value)
    }

    fn set_index(&mut self, object: &Value, index: &Value, value: Value) -> Outcome<()> {
        let mut value = if matches!(value, Value::Nothing) { Value::Null } else { value };
        match (object, index) {
            (Value::Array(array), Value::I32(n)) if array.dimensions.is_empty() => {
                let at = if *n < 0 { i64::from(*n) + array.len() as i64 } else { i64::from(*n) };
                value = match usize::try_from(at).map_err(|_| ()) {
                    Ok(at) => match array.put(at, value) {
                        Ok(()) => return Ok(()),
                        Err(value) => value,
                    },
                    Err(()) => value,
                };
            }
            (Value::Null | Value::Nothing, _) => {
                return Fault::new("NullArray", "Null cannot be indexed; check what is left of the bracket.").err();
            }
            _ => {}
        }
        members::index_set(self, object, index, value)
    }

    fn read_target(&mut self, target: &Target) -> Outcome<Value> {
        match target {
            Target::Local(slot, name) | Target::Preference(slot, name) => self.eval(&Node::Local(*slot, *name)),
            Target::Guarded(name) => Ok(self.lookup(*name).unwrap_or_default()),
            Target::Scoped(scoped) => self.read_scoped(scoped),
            Target::Typed(typed) => self.read_target(&typed.target),
            Target::Member(code) => {
                let object = self.eval(&code.target)?;
                let name = self.assigned_name(&code.name)?;
                if code.is_static {
                    return self.read_static(&object, &name);
                }
                Ok(members::get(self, &object, &name)?.unwrap_or_default())
            }
            Target::Index(pair) => {
                let object = self.eval(&pair.0)?;
                let index = self.eval(&pair.1)?;
                self.index_value(&object, &index)
            }
            Target::Discard | Target::List(_) | Target::Invalid => Ok(Value::Null),
        }
    }

    fn read_target_lenient(&mut self, target: &Target) -> Outcome<Value> {
        match target {
            Target::Local(slot, name) | Target::Preference(slot, name) => {
                Ok(self.frame.read(*slot).or_else(|| self.lookup(*name)).unwrap_or_default())
            }
            other => self.read_target(other),
        }
    }
}

/// What `++` and `--` work on: numbers that .NET has a type code for, and enumerations.
fn is_steppable(value: &Value) -> bool {
    match value {
        Value::Wrapped(wrapped) => is_steppable(&wrapped.base),
        Value::BigInt(_) => false,
        other => matches!(other, Value::Enum(_)) || TypeRef::of(other).is_number(),
    }
}

/// A value that cannot become what a variable's type asks for.
fn refused_by_type<T>(name: Symbol, error: Unwind) -> Outcome<T> {
    match super::binder::message_of(&error) {
        Some(why) => Fault::new("RuntimeException", format!("${} does not take this value: {why}", name.name()))
            .category(ErrorCategory::MetadataError)
            .exception("System.Management.Automation.ArgumentTransformationMetadataException")
            .err(),
        None => Err(error),
    }
}

/// The error of writing to a read-only or constant variable.
pub(super) fn not_writable<T>(name: Symbol) -> Outcome<T> {
    Fault::new(
        "VariableNotWritable",
        format!("The variable '{}' is read-only or constant and keeps its value.", name.name()),
    )
    .category(ErrorCategory::WriteError)
    .exception("System.Management.Automation.SessionStateUnauthorizedAccessException")
    .target(name.name())
    .err()
}
