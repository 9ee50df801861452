//! Properties of script classes: values converted and checked on their way in; static properties.

use super::{ClassInfo, PropertyInfo};
use crate::runtime::Session;
use crate::runtime::binder::{Check, check_assignment};
use crate::syntax;
use crate::value::{ErrorCategory, Exception, Fault, Outcome, TypeRef, Unwind, Value, convert};
use std::rc::Rc;

impl Session {
    /// A value as a property takes it.
    pub(super) fn property_value(&mut self, property: &PropertyInfo, value: Value, checked: bool) -> Outcome<Value> {
        let value = match (property.kind, value) {
            (_, Value::Nothing) if property.kind.is_none() => Value::Null,
            (None, value) => value,
            (Some(kind), value) if kind == TypeRef::OBJECT || TypeRef::of(&value) == kind && !value.is_null() => value,
            (Some(kind), Value::Null | Value::Nothing) if kind == TypeRef::STRING => Value::str(""),
            (Some(kind), Value::Null | Value::Nothing) if !kind.is_value_type() => Value::Null,
            (Some(kind), value) => convert::to(self, &value, kind)?,
        };
        if checked {
            for check in property.checks.iter() {
                check_assignment(check, &property.name, self, &value)?;
            }
        }
        Ok(value)
    }

    /// What an assignment to an instance property stores; an error becomes the one that setters throw.
    pub(in crate::runtime) fn checked_class_property(
        &mut self,
        class: TypeRef,
        name: &str,
        value: Value,
    ) -> Outcome<Value> {
        let Some(info) = self.class_info(class) else { return Ok(value) };
        let Some((_, property)) = info.property(name) else { return Ok(value) };
        self.property_value(property, value, true).map_err(|error| self.setting_failed(error, name))
    }

    /// A value on its way into an object's property: as the class asks, where the object is of a script class.
    #[inline]
    pub(in crate::runtime) fn class_value(&mut self, object: &Value, name: &str, value: Value) -> Outcome<Value> {
        match object {
            Value::Object(held) if held.kind.is_script_class() => self.checked_class_property(held.kind, name, value),
            Value::Exception(held) if held.kind.is_script_class() => {
                self.checked_class_property(held.kind, name, value)
            }
            _ => Ok(value),
        }
    }

    /// `SetValueInvocationException` around what went wrong.
    fn setting_failed(&mut self, error: Unwind, name: &str) -> Unwind {
        if matches!(error, Unwind::Control(_)) {
            return error;
        }
        let inner: Option<Rc<Exception>> = self.record_of(error.clone()).ok().map(|record| record.exception.clone());
        let why = inner.as_ref().map_or(String::new(), |inner| inner.message.borrow().to_string());
        let mut fault = Fault::new("ExceptionWhenSetting", format!("'{name}' could not be set: {why}"))
            .category(ErrorCategory::NotSpecified)
            .exception("System.Management.Automation.SetValueInvocationException");
        fault.inner = inner;
        fault.into()
    }

    /// A static property's value; `None` where the class has none of that name.
    pub(in crate::runtime) fn class_static_value(&mut self, class: TypeRef, name: &str) -> Option<Outcome<Value>> {
        let info = self.class_info(class)?;
        if let Err(error) = self.initialize_chain(&info) {
            return Some(Err(error));
        }
        info.chain().find_map(|class| {
            let statics = class.statics.borrow();
            statics.iter().find(|s| s.property.name.eq_ignore_ascii_case(name)).map(|s| Ok(s.value.clone()))
        })
    }

    /// Makes a class and those it derives from ready for use.
    pub(super) fn initialize_chain(&mut self, info: &Rc<ClassInfo>) -> Outcome<()> {
        let waiting: Vec<TypeRef> = info.chain().filter(|c| !c.initialized.get()).map(|c| c.kind).collect();
        waiting.into_iter().rev().try_for_each(|kind| self.initialize_class(kind))
    }

    /// Sets a static property; `None` where the class has none of that name.
    pub(in crate::runtime) fn set_class_static_value(
        &mut self,
        class: TypeRef,
        name: &str,
        value: Value,
    ) -> Option<Outcome<()>> {
        let info = self.class_info(class)?;
        if let Err(error) = self.initialize_chain(&info) {
            return Some(Err(error));
        }
        for class in info.chain() {
            let found = {
                let statics = class.statics.borrow();
                let at = statics.iter().position(|s| s.property.name.eq_ignore_ascii_case(name));
                at.and_then(|at| statics.get(at).map(|s| (at, s.property.clone())))
            };
            let Some((at, property)) = found else { continue };
            let value = match self.property_value(&property, value, true) {
                Ok(value) => value,
                Err(error) => return Some(Err(self.setting_failed(error, name))),
            };
            if let Some(place) = class.statics.borrow_mut().get_mut(at) {
                place.value = value;
            }
            return Some(Ok(()));
        }
        None
    }

    /// The checks of attributes in front of a property or variable.
    pub(in crate::runtime) fn attribute_checks(&mut self, attributes: &[syntax::Attribute]) -> Outcome<Vec<Check>> {
        let mut checks = Vec::new();
        for attribute in attributes {
            checks.extend(self.attribute_check(attribute)?);
        }
        Ok(checks)
    }

    /// The object of an attribute that is a script class; `None` for any other.
    pub(in crate::runtime) fn attribute_object(&mut self, attribute: &syntax::Attribute) -> Outcome<Option<Value>> {
        match self.attribute_type(attribute) {
            Some(kind) if kind.is_script_class() => self.made_attribute(kind, attribute).map(Some),
            _ => Ok(None),
        }
    }
}
