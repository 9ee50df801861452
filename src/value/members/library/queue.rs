//! Queues, stacks and bags, generic or not.

use super::super::table::{Call, Row, Table, get};
use super::super::{default_of, elements, thrown};
use super::array::find;
use super::list::enumerator;
use super::psobject::set_reference;
use crate::value::object::NativeObject;
use crate::value::{Array, Native, Outcome, TypeRef, Unwind, Value, convert};
use std::any::Any;
use std::cell::RefCell;
use std::collections::VecDeque;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::STACK, &STACK),
    (TypeRef::STACK_OF, &STACK),
    (TypeRef::CONCURRENT_STACK, &STACK),
    (TypeRef::QUEUE, &QUEUE),
    (TypeRef::QUEUE_OF, &QUEUE),
    (TypeRef::CONCURRENT_QUEUE, &QUEUE),
    (TypeRef::CONCURRENT_BAG, &BAG),
    (TypeRef::PRIORITY_QUEUE, &PRIORITY),
];

/// Items in the order they are enumerated: a stack's newest first.
pub(crate) struct Queue {
    kind: TypeRef,
    items: RefCell<VecDeque<Value>>,
}

impl NativeObject for Queue {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn enumerate(&self) -> Option<Vec<Value>> {
        Some(self.items.borrow().iter().cloned().collect())
    }
    fn is_enumerable(&self) -> bool {
        true
    }
    fn count(&self) -> Option<usize> {
        Some(self.items.borrow().len())
    }
}

fn queue(value: &Value) -> Option<&Queue> {
    match value {
        Value::Native(native) => native.downcast::<Queue>(),
        _ => None,
    }
}

fn items(value: &Value) -> Vec<Value> {
    queue(value).and_then(NativeObject::enumerate).unwrap_or_default()
}

fn length(value: &Value) -> usize {
    queue(value).and_then(NativeObject::count).unwrap_or_default()
}

fn newest_first(kind: TypeRef) -> bool {
    const STACKS: [TypeRef; 4] =
        [TypeRef::STACK, TypeRef::STACK_OF, TypeRef::CONCURRENT_STACK, TypeRef::CONCURRENT_BAG];
    STACKS.contains(&kind.definition())
}

fn element(kind: TypeRef) -> TypeRef {
    kind.info().arguments.first().copied().unwrap_or(TypeRef::OBJECT)
}

const CONSTRUCTORS: &[Row] = &[
    ("queue()", |c| Ok(made(c.kind, VecDeque::new()))),
    ("queue(int capacity)", |c| Ok(made(c.kind, VecDeque::new()))),
    ("queue(System.Collections.IEnumerable collection)", |c| {
        let kind = c.kind;
        let source = elements(c.arg(0)).unwrap_or_default();
        let mut items = VecDeque::with_capacity(source.len());
        for item in &source {
            let item = convert::to(c.engine, item, element(kind))?;
            if newest_first(kind) { items.push_front(item) } else { items.push_back(item) }
        }
        Ok(made(kind, items))
    }),
];

fn made(kind: TypeRef, items: VecDeque<Value>) -> Value {
    Native::value(Queue { kind, items: RefCell::new(items) })
}

const PROPERTIES: &[super::super::table::PropertyRow] = &[
    get("Count", "int", |_, value| Ok(Value::I32(length(value) as i32))),
    get("IsEmpty", "bool", |_, value| Ok(Value::Bool(length(value) == 0))),
];

static STACK: Table =
    Table { methods: STACK_METHODS, constructors: CONSTRUCTORS, properties: PROPERTIES, ..Table::EMPTY };
static QUEUE: Table =
    Table { methods: QUEUE_METHODS, constructors: CONSTRUCTORS, properties: PROPERTIES, ..Table::EMPTY };
static BAG: Table = Table { methods: BAG_METHODS, constructors: CONSTRUCTORS, properties: PROPERTIES, ..Table::EMPTY };
static PRIORITY: Table =
    Table { methods: PRIORITY_METHODS, constructors: CONSTRUCTORS, properties: PROPERTIES, ..Table::EMPTY };

fn empty() -> Unwind {
    thrown(TypeRef::INVALID_OPERATION_EXCEPTION, "There is nothing left in it.")
}

fn change<R>(c: &Call<'_>, change: impl FnOnce(&mut VecDeque<Value>) -> R) -> Option<R> {
    queue(c.this).map(|queue| change(&mut queue.items.borrow_mut()))
}

fn take_front(c: &mut Call<'_>) -> Outcome<Value> {
    change(c, VecDeque::pop_front).flatten().ok_or_else(empty)
}

fn peek(c: &mut Call<'_>) -> Outcome<Value> {
    change(c, |items| items.front().cloned()).flatten().ok_or_else(empty)
}

/// A front item into a reference; false where there is none.
fn try_front(c: &mut Call<'_>, found: Option<Value>) -> Outcome<Value> {
    let there = found.is_some();
    set_reference(c.arg(0), found.unwrap_or_else(|| default_of(element(c.kind))))?;
    Ok(Value::Bool(there))
}

fn try_take(c: &mut Call<'_>) -> Outcome<Value> {
    let found = change(c, VecDeque::pop_front).flatten();
    try_front(c, found)
}

fn try_peek(c: &mut Call<'_>) -> Outcome<Value> {
    let found = change(c, |items| items.front().cloned()).flatten();
    try_front(c, found)
}

fn push_front(c: &mut Call<'_>) -> Outcome<Value> {
    let item = c.take(0);
    change(c, |items| items.push_front(item));
    Ok(Value::Nothing)
}

fn push_back(c: &mut Call<'_>) -> Outcome<Value> {
    let item = c.take(0);
    change(c, |items| items.push_back(item));
    Ok(Value::Nothing)
}

fn clear(c: &mut Call<'_>) -> Outcome<Value> {
    change(c, VecDeque::clear);
    Ok(Value::Nothing)
}

fn contains(c: &mut Call<'_>) -> Outcome<Value> {
    Ok(Value::Bool(find(&items(c.this), c.arg(0)) >= 0))
}

fn to_array(c: &mut Call<'_>) -> Outcome<Value> {
    Ok(Value::Array(Array::typed(element(c.kind), items(c.this))))
}

fn copy(c: &mut Call<'_>) -> Outcome<Value> {
    Ok(made(c.kind, items(c.this).into()))
}

fn each(c: &mut Call<'_>) -> Outcome<Value> {
    Ok(enumerator(items(c.this)))
}

const STACK_METHODS: &[Row] = &[
    ("void Push(T item)", push_front),
    ("T Pop()", take_front),
    ("T Peek()", peek),
    ("bool TryPop([ref] T result)", try_take),
    ("bool TryPeek([ref] T result)", try_peek),
    ("void Clear()", clear),
    ("bool Contains(T item)", contains),
    ("T[] ToArray()", to_array),
    ("System.Object Clone()", copy),
    ("void TrimExcess()", |_| Ok(Value::Nothing)),
    ("System.Collections.IEnumerator GetEnumerator()", each),
];

const QUEUE_METHODS: &[Row] = &[
    ("void Enqueue(T item)", push_back),
    ("T Dequeue()", take_front),
    ("T Peek()", peek),
    ("bool TryDequeue([ref] T result)", try_take),
    ("bool TryPeek([ref] T result)", try_peek),
    ("void Clear()", clear),
    ("bool Contains(T item)", contains),
    ("T[] ToArray()", to_array),
    ("System.Object Clone()", copy),
    ("void TrimExcess()", |_| Ok(Value::Nothing)),
    ("System.Collections.IEnumerator GetEnumerator()", each),
];

const BAG_METHODS: &[Row] = &[
    ("void Add(T item)", push_front),
    ("bool TryTake([ref] T result)", try_take),
    ("bool TryPeek([ref] T result)", try_peek),
    ("void Clear()", clear),
    ("T[] ToArray()", to_array),
    ("System.Collections.IEnumerator GetEnumerator()", each),
];

fn priority(pair: &Value) -> Value {
    match pair {
        Value::Array(pair) => pair.get(1).unwrap_or_default(),
        _ => Value::Null,
    }
}

/// Puts a pair in its place in the line: behind all of the same priority.
fn line_up(c: &mut Call<'_>) -> Outcome<Value> {
    let (item, wanted) = (c.take(0), c.take(1));
    let pair = Value::array(vec![item, wanted.clone()]);
    change(c, |items| {
        let at = items.partition_point(|known| super::list::ordered(&priority(known), &wanted).is_le());
        items.insert(at, pair);
    });
    Ok(Value::Nothing)
}

fn first_of_pair(item: Option<Value>) -> Option<Value> {
    match item? {
        Value::Array(pair) => pair.get(0),
        _ => None,
    }
}

const PRIORITY_METHODS: &[Row] = &[
    ("void Enqueue(TKey element, TValue priority)", line_up),
    ("TKey Dequeue()", |c| first_of_pair(change(c, VecDeque::pop_front).flatten()).ok_or_else(empty)),
    ("TKey Peek()", |c| first_of_pair(change(c, |items| items.front().cloned()).flatten()).ok_or_else(empty)),
    ("void Clear()", clear),
];
