//! Reflection: `Type`, the members of types as objects, assemblies, `Activator`. All of it reads the member tables;
//! nothing else says what a type has.

mod activator;
mod assembly;
mod filter;
mod method;
mod property;
mod signature;
mod types;

pub(crate) use method::call as call_method;

use super::super::exception_of;
use super::super::table::{Table, get};
use crate::value::{Array, Fault, Outcome, TypeRef, Unwind, Value};

/// Every table of this family.
pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::MEMBER_INFO, &MEMBER),
    (TypeRef::TYPE, &types::TYPE),
    (TypeRef::METHOD_BASE, &method::METHOD_BASE),
    (TypeRef::METHOD_INFO, &method::METHOD),
    (TypeRef::CONSTRUCTOR_INFO, &method::CONSTRUCTOR),
    (TypeRef::PARAMETER_INFO, &method::PARAMETER),
    (TypeRef::PROPERTY_INFO, &property::PROPERTY),
    (TypeRef::FIELD_INFO, &property::FIELD),
    (TypeRef::ASSEMBLY, &assembly::ASSEMBLY),
    (TypeRef::ASSEMBLY_NAME, &assembly::ASSEMBLY_NAME),
    (TypeRef::MODULE, &assembly::MODULE),
    (TypeRef::APPDOMAIN, &assembly::DOMAIN),
    (TypeRef::ACTIVATOR, &activator::ACTIVATOR),
];

/// What every member of a type has.
#[derive(Clone)]
struct Member {
    name: String,
    /// The type that declares it.
    declaring: TypeRef,
    /// The type it was asked of.
    reflected: TypeRef,
}

/// The state behind a value of one of these types.
fn state<T: 'static>(value: &Value) -> Option<&T> {
    match value {
        Value::Native(native) => native.downcast::<T>(),
        _ => None,
    }
}

/// A member of any kind, with its number among `MemberTypes`.
fn member(value: &Value) -> Option<(&Member, i64)> {
    if let Some(method) = state::<method::MethodInfo>(value) {
        return Some((&method.member, if method.is_constructor() { 1 } else { 8 }));
    }
    if let Some(property) = state::<property::PropertyInfo>(value) {
        return Some((&property.member, 16));
    }
    state::<property::FieldInfo>(value).map(|field| (&field.member, 4))
}

fn read(value: &Value, look: impl Fn(&Member, i64) -> Value) -> Outcome<Value> {
    Ok(member(value).map_or(Value::Null, |(member, number)| look(member, number)))
}

static MEMBER: Table = Table {
    properties: &[
        get("Name", "string", |_, v| read(v, |m, _| Value::from(m.name.as_str()))),
        get("DeclaringType", "type", |_, v| read(v, |m, _| Value::Type(m.declaring))),
        get("ReflectedType", "type", |_, v| read(v, |m, _| Value::Type(m.reflected))),
        get("MemberType", "System.Reflection.MemberTypes", |_, v| {
            read(v, |_, number| TypeRef::MEMBER_TYPES_REFLECTION.enum_of(number))
        }),
        get("Module", "System.Reflection.Module", |_, v| read(v, |m, _| assembly::module_of(m.declaring))),
    ],
    ..Table::EMPTY
};

/// Types as `Type[]`.
fn type_array(kinds: Vec<TypeRef>) -> Value {
    Value::Array(Array::typed(TypeRef::TYPE, kinds.into_iter().map(Value::Type).collect()))
}

/// A type given as an argument.
fn type_argument(value: &Value) -> Option<TypeRef> {
    match value {
        Value::Type(kind) => Some(*kind),
        _ => None,
    }
}

/// Several types given as an argument; `None` for null.
fn type_arguments(value: &Value) -> Option<Vec<TypeRef>> {
    match value {
        Value::Array(array) => Some(array.values().iter().filter_map(type_argument).collect()),
        Value::Type(kind) => Some(vec![*kind]),
        _ => None,
    }
}

/// What was thrown inside a wrapped failure: a call by reflection wraps it once, not twice.
fn inner_of(unwind: Unwind) -> Unwind {
    match exception_of(&unwind).and_then(|exception| exception.inner.clone()) {
        Some(inner) => {
            let text = inner.message.borrow().to_string();
            Fault::new(inner.kind.short_name(), text).exception(inner.kind.name()).into()
        }
        None => unwind,
    }
}
