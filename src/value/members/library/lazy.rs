//! `Lazy[T]`: a value that is made when it is first asked for.

use super::super::table::{Call, Table, get};
use super::super::{construct, default_of};
use super::delegate;
use crate::value::object::NativeObject;
use crate::value::{Engine, Native, Outcome, TypeRef, Value, convert};
use std::any::Any;
use std::cell::RefCell;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[(TypeRef::LAZY, &LAZY)];

struct Lazy {
    kind: TypeRef,
    /// A script block or delegate; null to use the type's own constructor.
    factory: Value,
    made: RefCell<Option<Value>>,
}

impl NativeObject for Lazy {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        match &*self.made.borrow() {
            Some(value) => convert::to_text(value).to_string(),
            None => "Value is not created.".to_owned(),
        }
    }
}

fn lazy(value: &Value) -> Option<&Lazy> {
    match value {
        Value::Native(native) => native.downcast::<Lazy>(),
        _ => None,
    }
}

fn made(c: &mut Call<'_>) -> Outcome<Value> {
    let factory = match c.arg(0) {
        Value::Bool(_) | Value::Enum(_) => Value::Null,
        given => given.clone(),
    };
    Ok(Native::value(Lazy { kind: c.kind, factory, made: RefCell::default() }))
}

fn value(engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    let Some(lazy) = lazy(value) else { return Ok(Value::Null) };
    if let Some(made) = lazy.made.borrow().clone() {
        return Ok(made);
    }
    let wanted = lazy.kind.info().arguments.first().copied().unwrap_or(TypeRef::OBJECT);
    let new = match &lazy.factory {
        Value::Null if wanted.is_value_type() => default_of(wanted),
        Value::Null => construct(engine, wanted, Vec::new())?,
        factory => {
            let made = delegate::call(engine, factory, Vec::new())?;
            convert::to(engine, &made, wanted)?
        }
    };
    lazy.made.replace(Some(new.clone()));
    Ok(new)
}

static LAZY: Table = Table {
    constructors: &[
        ("Lazy()", made),
        ("Lazy(scriptblock valueFactory)", made),
        ("Lazy(bool isThreadSafe)", made),
        ("Lazy(scriptblock valueFactory, bool isThreadSafe)", made),
    ],
    properties: &[
        get("IsValueCreated", "bool", |_, v| Ok(Value::Bool(lazy(v).is_some_and(|lazy| lazy.made.borrow().is_some())))),
        get("Value", "T", |engine, v| value(engine, v)),
    ],
    ..Table::EMPTY
};
