//! Delegates: a script block that was cast to `Func`, `Action`, `Predicate`, `Comparison` …

use super::super::table::{Call, Table, get};
use crate::value::object::NativeObject;
use crate::value::{Array, Native, Outcome, ScriptBlock, TypeRef, Value, convert};
use std::any::Any;
use std::rc::Rc;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[(TypeRef::DELEGATE, &DELEGATE)];

/// A script block under a delegate type.
pub struct Delegate {
    kind: TypeRef,
    block: Rc<ScriptBlock>,
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
pub fn value(kind: TypeRef, block: Rc<ScriptBlock>) -> Value {
    Native::value(Delegate { kind, block })
}

/// The script block of a delegate.
pub fn block_of(value: &Value) -> Option<Rc<ScriptBlock>> {
    match value {
        Value::ScriptBlock(block) => Some(block.clone()),
        Value::Native(native) => native.downcast::<Delegate>().map(|delegate| delegate.block.clone()),
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

fn invoke(c: &mut Call<'_>) -> Outcome<Value> {
    let Some(block) = block_of(c.this) else { return Ok(Value::Null) };
    let arguments = c.items(0);
    let result = c.engine.invoke(&block, &arguments, None)?;
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
        get("Method", "System.Reflection.MethodInfo", |_, _| Ok(Value::Null)),
    ],
    ..Table::EMPTY
};
