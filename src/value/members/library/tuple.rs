//! `Tuple` and `ValueTuple`.

use super::super::table::{Call, PropertyRow, Row, Table, get};
use crate::value::object::NativeObject;
use crate::value::{Native, Outcome, TypeRef, Value, convert};
use std::any::Any;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::TUPLE, &CREATE),
    (TypeRef::VALUE_TUPLE, &CREATE_VALUE),
    (TypeRef::TUPLE_1, &ONE),
    (TypeRef::TUPLE_2, &TWO),
    (TypeRef::TUPLE_3, &THREE),
    (TypeRef::TUPLE_4, &FOUR),
    (TypeRef::TUPLE_5, &TUPLE),
    (TypeRef::VALUE_TUPLE_2, &TWO),
    (TypeRef::VALUE_TUPLE_3, &THREE),
];

/// A few values together.
struct Tuple {
    kind: TypeRef,
    items: Vec<Value>,
}

impl NativeObject for Tuple {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        let items: Vec<_> = self.items.iter().map(|item| convert::to_text(item).to_string()).collect();
        format!("({})", items.join(", "))
    }
}

fn made(definitions: &[TypeRef], items: Vec<Value>) -> Value {
    let arguments: Vec<TypeRef> = items.iter().map(TypeRef::of).collect();
    let definition = definitions.iter().find(|kind| kind.arity() == arguments.len());
    let kind = definition.and_then(|kind| TypeRef::generic(*kind, &arguments)).unwrap_or(TypeRef::TUPLE);
    Native::value(Tuple { kind, items })
}

/// A `ValueTuple` of these values.
pub fn value_tuple(items: Vec<Value>) -> Value {
    made(&[TypeRef::VALUE_TUPLE_2, TypeRef::VALUE_TUPLE_3], items)
}

/// A `Tuple` of two values.
pub fn pair(first: Value, second: Value) -> Value {
    made(&[TypeRef::TUPLE_2], vec![first, second])
}

fn create(c: &mut Call<'_>) -> Outcome<Value> {
    const TUPLES: [TypeRef; 5] =
        [TypeRef::TUPLE_1, TypeRef::TUPLE_2, TypeRef::TUPLE_3, TypeRef::TUPLE_4, TypeRef::TUPLE_5];
    Ok(made(&TUPLES, c.items(0)))
}

static CREATE: Table =
    Table { statics: &[("static System.Object Create(params System.Object[] items)", create)], ..Table::EMPTY };
static CREATE_VALUE: Table = Table {
    statics: &[("static System.Object Create(params System.Object[] items)", |c| Ok(value_tuple(c.items(0))))],
    ..Table::EMPTY
};

const CONSTRUCTORS: &[Row] = &[("Tuple(params System.Object[] items)", |c| {
    let kind = c.kind;
    let items = c.items(0);
    let typed = items.iter().zip(kind.info().arguments).map(|(item, wanted)| convert::to(c.engine, item, *wanted));
    let items = typed.collect::<Outcome<Vec<_>>>()?;
    Ok(Native::value(Tuple { kind, items }))
})];

fn item(value: &Value, index: usize) -> Value {
    match value {
        Value::Native(native) => native.downcast::<Tuple>().and_then(|tuple| tuple.items.get(index).cloned()),
        _ => None,
    }
    .unwrap_or_default()
}

const ITEM1: PropertyRow = get("Item1", "System.Object", |_, value| Ok(item(value, 0)));
const ITEM2: PropertyRow = get("Item2", "System.Object", |_, value| Ok(item(value, 1)));
const ITEM3: PropertyRow = get("Item3", "System.Object", |_, value| Ok(item(value, 2)));
const ITEM4: PropertyRow = get("Item4", "System.Object", |_, value| Ok(item(value, 3)));
const ITEM5: PropertyRow = get("Item5", "System.Object", |_, value| Ok(item(value, 4)));

const fn of(properties: &'static [PropertyRow]) -> Table {
    Table { constructors: CONSTRUCTORS, properties, ..Table::EMPTY }
}

static TUPLE: Table = of(&[ITEM1, ITEM2, ITEM3, ITEM4, ITEM5]);
static ONE: Table = of(&[ITEM1]);
static TWO: Table = of(&[ITEM1, ITEM2]);
static THREE: Table = of(&[ITEM1, ITEM2, ITEM3]);
static FOUR: Table = of(&[ITEM1, ITEM2, ITEM3, ITEM4]);
