//! Delegates: a script block that was cast to `Func`, `Action`, `Predicate`, `Comparison` …

use super::super::table::{Call, Table, get};
use crate::value::object::NativeObject;
use crate::value::{Array, Engine, Native, Outcome, ScriptBlock, TypeRef, Value, convert};
use std::any::Any;
use std::rc::Rc;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[(TypeRef::DELEGATE, &DELEGATE)];

/// A script block or a method under a delegate type.
pub(crate) struct Delegate {
    kind: TypeRef,
    what: Target,
}

enum Target {
    Block(Rc<ScriptBlock>),
    /// A `MethodInfo` and the object it is called on.
    Method(Value, Value),
}

impl NativeObject for Delegate {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A script block as a delegate.
pub(crate) fn value(kind: TypeRef, block: Rc<ScriptBlock>) -> Value {
    Native::value(Delegate { kind, what: Target::Block(block) })
}

/// A method as a delegate.
pub(crate) fn of_method(kind: TypeRef, target: Value, method: Value) -> Value {
    Native::value(Delegate { kind, what: Target::Method(target, method) })
}

/// The script block of a delegate.
pub(crate) fn block_of(value: &Value) -> Option<Rc<ScriptBlock>> {
    match value {
        Value::ScriptBlock(block) => Some(block.clone()),
        Value::Native(native) => match &native.downcast::<Delegate>()?.what {
            Target::Block(block) => Some(block.clone()),
            Target::Method(..) => None,
        },
        Value::Wrapped(wrapped) => block_of(&wrapped.base),
        _ => None,
    }
}

/// The last generic argument of a `Func`, `true` for a `Predicate`, nothing for an `Action`.
fn result_type(kind: TypeRef) -> Option<TypeRef> {
    let info = kind.info();
    let name = kind.definition().name();
    if name.starts_with("System.Func`") {
        return info.arguments.last().copied();
    }
    match name {
        "System.Predicate`1" => Some(TypeRef::BOOLEAN),
        "System.Comparison`1" => Some(TypeRef::INT32),
        "System.Converter`2" => info.arguments.last().copied(),
        _ => None,
    }
}

/// Calls a script block or a delegate.
pub(crate) fn call(engine: &mut dyn Engine, delegate: &Value, arguments: Vec<Value>) -> Outcome<Value> {
    if let Value::Native(native) = delegate
        && let Some(Delegate { what: Target::Method(target, method), .. }) = native.downcast::<Delegate>()
    {
        return super::reflection::call_method(engine, method, target, arguments);
    }
    match block_of(delegate) {
        Some(block) => engine.invoke(&block, &arguments, None),
        None => Ok(Value::Null),
    }
}

fn invoke(c: &mut Call<'_>) -> Outcome<Value> {
    let arguments = c.items(0);
    let result = call(c.engine, c.this, arguments)?;
    match result_type(TypeRef::of(c.this)) {
        Some(kind) => convert::to(c.engine, &result, kind),
        None => Ok(Value::Nothing),
    }
}

static DELEGATE: Table = Table {
    methods: &[
        ("System.Object Invoke(params System.Object[] arguments)", invoke),
        ("System.Object DynamicInvoke(params System.Object[] args)", invoke),
        ("System.Delegate[] GetInvocationList()", |c| {
            Ok(Value::Array(Array::typed(TypeRef::DELEGATE, vec![c.this.clone()])))
        }),
    ],
    properties: &[
        get("Target", "System.Object", |_, value| Ok(block_of(value).map_or(Value::Null, Value::ScriptBlock))),
        get("Method", "System.Reflection.MethodInfo", |_, value| match value {
            Value::Native(native) => match native.downcast::<Delegate>() {
                Some(Delegate { what: Target::Method(_, method), .. }) => Ok(method.clone()),
                _ => Ok(Value::Null),
            },
            _ => Ok(Value::Null),
        }),
    ],
    ..Table::EMPTY
};
