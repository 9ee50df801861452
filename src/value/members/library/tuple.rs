//! `Tuple` and `ValueTuple`.

use super::super::table::{Call, Row, Table, get};
use super::list::ordered;
use super::object;
use crate::value::object::NativeObject;
use crate::value::{Native, Outcome, TypeRef, Value, convert};
use std::any::Any;
use std::cmp::Ordering;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::TUPLE, &CREATE),
    (TypeRef::VALUE_TUPLE, &CREATE_VALUE),
    (TypeRef::TUPLE_1, &OF_1),
    (TypeRef::VALUE_TUPLE_1, &OF_1),
    (TypeRef::TUPLE_2, &OF_2),
    (TypeRef::VALUE_TUPLE_2, &OF_2),
    (TypeRef::TUPLE_3, &OF_3),
    (TypeRef::VALUE_TUPLE_3, &OF_3),
    (TypeRef::TUPLE_4, &OF_4),
    (TypeRef::VALUE_TUPLE_4, &OF_4),
    (TypeRef::TUPLE_5, &OF_5),
    (TypeRef::VALUE_TUPLE_5, &OF_5),
    (TypeRef::TUPLE_6, &OF_6),
    (TypeRef::VALUE_TUPLE_6, &OF_6),
    (TypeRef::TUPLE_7, &OF_7),
    (TypeRef::VALUE_TUPLE_7, &OF_7),
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
    fn equals(&self, other: &dyn NativeObject) -> Option<bool> {
        let other = other.as_any().downcast_ref::<Self>()?;
        let same = self.items.iter().zip(&other.items).all(|(left, right)| object::equal(left, right));
        Some(self.kind == other.kind && same)
    }
    fn compare(&self, other: &dyn NativeObject) -> Option<Ordering> {
        let other = other.as_any().downcast_ref::<Self>()?;
        let orders = self.items.iter().zip(&other.items).map(|(left, right)| ordered(left, right));
        Some(orders.fold(Ordering::Equal, Ordering::then))
    }
    fn key(&self) -> Option<Box<[u8]>> {
        let parts = self.items.iter().map(|item| {
            let text = convert::to_text(item);
            format!("{}\u{1}{}\u{1}{text}", TypeRef::of(item).name(), text.len())
        });
        Some(parts.collect::<Vec<_>>().join("\u{2}").into_bytes().into_boxed_slice())
    }
}

const TUPLES: [TypeRef; 7] = [
    TypeRef::TUPLE_1,
    TypeRef::TUPLE_2,
    TypeRef::TUPLE_3,
    TypeRef::TUPLE_4,
    TypeRef::TUPLE_5,
    TypeRef::TUPLE_6,
    TypeRef::TUPLE_7,
];
const VALUE_TUPLES: [TypeRef; 7] = [
    TypeRef::VALUE_TUPLE_1,
    TypeRef::VALUE_TUPLE_2,
    TypeRef::VALUE_TUPLE_3,
    TypeRef::VALUE_TUPLE_4,
    TypeRef::VALUE_TUPLE_5,
    TypeRef::VALUE_TUPLE_6,
    TypeRef::VALUE_TUPLE_7,
];

fn made(definitions: &[TypeRef], items: Vec<Value>) -> Value {
    let arguments: Vec<TypeRef> = items.iter().map(TypeRef::of).collect();
    let definition = definitions.iter().find(|kind| kind.arity() == arguments.len());
    let kind = definition.and_then(|kind| TypeRef::generic(*kind, &arguments)).unwrap_or(TypeRef::TUPLE);
    Native::value(Tuple { kind, items })
}

/// A `ValueTuple` of these values.
pub(crate) fn value_tuple(items: Vec<Value>) -> Value {
    made(&VALUE_TUPLES, items)
}

/// A `Tuple` of two values.
pub(crate) fn pair(first: Value, second: Value) -> Value {
    made(&TUPLES, vec![first, second])
}

static CREATE: Table = Table {
    statics: &[("static System.Object Create(params System.Object[] items)", |c| Ok(made(&TUPLES, c.items(0))))],
    ..Table::EMPTY
};
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

const METHODS: &[Row] = &[
    ("int CompareTo(System.Object other)", |c| {
        let order = match (c.this, c.arg(0)) {
            (Value::Native(left), Value::Native(right)) => left.data.compare(&*right.data),
            _ => None,
        };
        Ok(Value::I32(order.map_or(1, |order| order as i32)))
    }),
    ("bool Equals(System.Object obj)", equals),
];

fn equals(c: &mut Call<'_>) -> Outcome<Value> {
    Ok(Value::Bool(object::equal(c.this, c.arg(0))))
}

fn item(value: &Value, index: usize) -> Value {
    match value {
        Value::Native(native) => native.downcast::<Tuple>().and_then(|tuple| tuple.items.get(index).cloned()),
        _ => None,
    }
    .unwrap_or_default()
}

/// One of the properties `Item1` to `Item7`.
macro_rules! item {
    ($name:literal, $at:literal) => {
        get($name, "System.Object", |_, value| Ok(item(value, $at)))
    };
}

/// The table of tuples of some size.
macro_rules! tuples {
    ($table:ident: $($name:literal $at:literal),*) => {
        static $table: Table = Table {
            methods: METHODS,
            constructors: CONSTRUCTORS,
            properties: &[$(item!($name, $at)),*],
            ..Table::EMPTY
        };
    };
}

tuples!(OF_1: "Item1" 0);
tuples!(OF_2: "Item1" 0, "Item2" 1);
tuples!(OF_3: "Item1" 0, "Item2" 1, "Item3" 2);
tuples!(OF_4: "Item1" 0, "Item2" 1, "Item3" 2, "Item4" 3);
tuples!(OF_5: "Item1" 0, "Item2" 1, "Item3" 2, "Item4" 3, "Item5" 4);
tuples!(OF_6: "Item1" 0, "Item2" 1, "Item3" 2, "Item4" 3, "Item5" 4, "Item6" 5);
tuples!(OF_7: "Item1" 0, "Item2" 1, "Item3" 2, "Item4" 3, "Item5" 4, "Item6" 5, "Item7" 6);
