//! `HashSet[T]`, `SortedSet[T]`, views of keys and values, and the comparers that collections are made with.

use super::super::table::{Call, Row, Table, get};
use super::super::{elements, integer_of};
use super::list::{enumerator, ordered};
use crate::value::object::NativeObject;
use crate::value::{Array, Hashtable, Native, Outcome, TypeRef, Value, collate, convert};
use std::any::Any;
use std::cell::Cell;
use std::rc::Rc;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::HASHSET, &SET),
    (TypeRef::SORTED_SET, &SET),
    (TypeRef::HASHTABLE_KEYS, &VIEW),
    (TypeRef::HASHTABLE_VALUES, &VIEW),
    (TypeRef::ORDERED_KEYS, &VIEW),
    (TypeRef::DICTIONARY_KEYS, &VIEW),
    (TypeRef::DICTIONARY_VALUES, &VIEW),
    (TypeRef::STRING_COMPARER, &COMPARER),
    (TypeRef::CASE_INSENSITIVE_COMPARER, &COMPARER),
];

/// A set: each item once, in the order added.
pub(crate) struct Set {
    kind: TypeRef,
    ignore_case: bool,
    /// The items as keys.
    items: Rc<Hashtable>,
    additions: Cell<u32>,
}

impl Set {
    fn new(kind: TypeRef, ignore_case: bool) -> Self {
        Set { kind, ignore_case, items: Hashtable::reusing_slots(!ignore_case), additions: Cell::default() }
    }

    fn add(&self, item: Value) -> bool {
        let absent = self.items.add(item, Value::Null);
        self.additions.set(self.additions.get().wrapping_add(u32::from(absent)));
        absent
    }

    fn contains(&self, item: &Value) -> bool {
        self.items.contains(item)
    }

    fn remove(&self, item: &Value) -> bool {
        self.items.remove(item).is_some()
    }

    fn retain(&self, stays: impl Fn(&Value) -> bool) {
        for item in self.items.keys().into_iter().filter(|item| !stays(item)) {
            self.items.remove(&item);
        }
    }

    fn values(&self) -> Vec<Value> {
        let mut values: Vec<Value> = self.items.keys();
        if self.kind.definition() == TypeRef::SORTED_SET {
            values.sort_by(ordered);
        }
        values
    }
}

impl NativeObject for Set {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn enumerate(&self) -> Option<Vec<Value>> {
        Some(self.values())
    }
    fn is_enumerable(&self) -> bool {
        true
    }
    fn count(&self) -> Option<usize> {
        Some(self.items.len())
    }
    fn generation(&self) -> u32 {
        self.additions.get()
    }
}

static SET: Table = Table {
    methods: METHODS,
    constructors: &[
        ("set()", |c| made(c, None, false)),
        ("set(int capacity)", |c| made(c, None, false)),
        ("set(System.Collections.IEqualityComparer comparer)", |c| {
            let ignore = super::dictionary::ignores_case(c.arg(0));
            made(c, None, ignore)
        }),
        ("set(System.Collections.IComparer comparer)", |c| {
            let ignore = super::dictionary::ignores_case(c.arg(0));
            made(c, None, ignore)
        }),
        ("set(System.Collections.IEnumerable collection)", |c| made(c, Some(0), false)),
        ("set(System.Collections.IEnumerable collection, System.Collections.IEqualityComparer comparer)", |c| {
            let ignore = super::dictionary::ignores_case(c.arg(1));
            made(c, Some(0), ignore)
        }),
    ],
    properties: &[
        get("Count", "int", |_, value| Ok(Value::I32(with(value, |set| set.items.len()) as i32))),
        get("Comparer", "System.Object", |_, _| Ok(Value::Null)),
        get("Min", "System.Object", |_, value| Ok(with(value, Set::values).into_iter().next().unwrap_or_default())),
        get("Max", "System.Object", |_, value| Ok(with(value, Set::values).pop().unwrap_or_default())),
    ],
    ..Table::EMPTY
};

fn made(c: &mut Call<'_>, source: Option<usize>, ignore_case: bool) -> Outcome<Value> {
    let set = Set::new(c.kind, ignore_case);
    if let Some(source) = source {
        for item in others(c, source)? {
            set.add(item);
        }
    }
    Ok(Native::value(set))
}

fn with<R: Default>(value: &Value, look: impl FnOnce(&Set) -> R) -> R {
    match value {
        Value::Native(native) => native.downcast::<Set>().map(look).unwrap_or_default(),
        _ => R::default(),
    }
}

/// The items of another collection in this set's type.
fn others(c: &mut Call<'_>, argument: usize) -> Outcome<Vec<Value>> {
    let element = c.kind.info().arguments.first().copied().unwrap_or(TypeRef::OBJECT);
    let source = elements(c.arg(argument)).unwrap_or_default();
    source.iter().map(|item| convert::to(c.engine, item, element)).collect()
}

/// Another collection as a set with this one's way of comparing.
fn other_set(c: &mut Call<'_>) -> Outcome<Set> {
    let other = Set::new(c.kind, with(c.this, |set| set.ignore_case));
    for item in others(c, 0)? {
        other.add(item);
    }
    Ok(other)
}

fn all_in(left: &[Value], right: &Set) -> bool {
    left.iter().all(|item| right.contains(item))
}

fn relation(c: &mut Call<'_>, holds: impl FnOnce(&Set, &Set) -> bool) -> Outcome<Value> {
    let other = other_set(c)?;
    Ok(Value::Bool(with(c.this, |set| holds(set, &other))))
}

const METHODS: &[Row] = &[
    ("bool Add(T item)", |c| {
        let item = c.take(0);
        Ok(Value::Bool(with(c.this, |set| set.add(item))))
    }),
    ("bool Contains(T item)", |c| Ok(Value::Bool(with(c.this, |set| set.contains(c.arg(0)))))),
    ("bool Remove(T item)", |c| Ok(Value::Bool(with(c.this, |set| set.remove(c.arg(0)))))),
    ("void Clear()", |c| {
        with(c.this, |set| set.items.clear());
        Ok(Value::Nothing)
    }),
    ("void UnionWith(System.Collections.IEnumerable other)", |c| {
        let more = others(c, 0)?;
        with(c.this, |set| more.into_iter().filter(|item| set.add(item.clone())).count());
        Ok(Value::Nothing)
    }),
    ("void IntersectWith(System.Collections.IEnumerable other)", |c| {
        let other = other_set(c)?;
        with(c.this, |set| set.retain(|item| other.contains(item)));
        Ok(Value::Nothing)
    }),
    ("void ExceptWith(System.Collections.IEnumerable other)", |c| {
        let other = other_set(c)?;
        with(c.this, |set| set.retain(|item| !other.contains(item)));
        Ok(Value::Nothing)
    }),
    ("void SymmetricExceptWith(System.Collections.IEnumerable other)", |c| {
        let other = other_set(c)?;
        with(c.this, |set| {
            for item in other.values() {
                if !set.remove(&item) {
                    set.add(item);
                }
            }
        });
        Ok(Value::Nothing)
    }),
    ("bool IsSubsetOf(System.Collections.IEnumerable other)", |c| {
        relation(c, |set, other| all_in(&set.values(), other))
    }),
    ("bool IsSupersetOf(System.Collections.IEnumerable other)", |c| {
        relation(c, |set, other| all_in(&other.values(), set))
    }),
    ("bool IsProperSubsetOf(System.Collections.IEnumerable other)", |c| {
        relation(c, |set, other| all_in(&set.values(), other) && set.values().len() < other.values().len())
    }),
    ("bool IsProperSupersetOf(System.Collections.IEnumerable other)", |c| {
        relation(c, |set, other| all_in(&other.values(), set) && other.values().len() < set.values().len())
    }),
    ("bool Overlaps(System.Collections.IEnumerable other)", |c| {
        relation(c, |set, other| other.values().iter().any(|item| set.contains(item)))
    }),
    ("bool SetEquals(System.Collections.IEnumerable other)", |c| {
        relation(c, |set, other| all_in(&set.values(), other) && set.values().len() == other.values().len())
    }),
    ("int RemoveWhere(scriptblock match)", |c| {
        let Value::ScriptBlock(block) = c.arg(0).clone() else { return Ok(Value::I32(0)) };
        let mut removed = 0;
        for item in with(c.this, Set::values) {
            let result = c.engine.invoke(&block, std::slice::from_ref(&item), Some(item.clone()))?;
            if convert::to_bool(&result) && with(c.this, |set| set.remove(&item)) {
                removed += 1;
            }
        }
        Ok(Value::I32(removed))
    }),
    ("bool TryGetValue(T equalValue, [ref] T actualValue)", |c| {
        let found = with(c.this, |set| set.items.key_like(c.arg(0)));
        let there = found.is_some();
        super::psobject::set_reference(c.arg(1), found.unwrap_or_default())?;
        Ok(Value::Bool(there))
    }),
    ("void CopyTo(array array)", |c| {
        if let Value::Array(target) = c.arg(0) {
            for (place, item) in target.items_mut().iter_mut().zip(with(c.this, Set::values)) {
                *place = item;
            }
        }
        Ok(Value::Nothing)
    }),
    ("T[] ToArray()", |c| Ok(Value::Array(Array::typed(c.type_argument(0), with(c.this, Set::values))))),
    ("System.Collections.IEnumerator GetEnumerator()", |c| Ok(enumerator(with(c.this, Set::values)))),
];

/// `Keys` or `Values` of a dictionary as they were when asked for.
struct View {
    kind: TypeRef,
    items: Vec<Value>,
    source: Value,
}

impl NativeObject for View {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn enumerate(&self) -> Option<Vec<Value>> {
        Some(self.items.clone())
    }
    fn is_enumerable(&self) -> bool {
        true
    }
    fn count(&self) -> Option<usize> {
        Some(self.items.len())
    }
    fn generation(&self) -> u32 {
        crate::value::generation(&self.source)
    }
    // Ordered keys can be indexed in PowerShell through their list; the others count as well.
    fn indexable(&self) -> bool {
        true
    }
    fn at(&self, index: usize) -> Option<Value> {
        self.items.get(index).cloned()
    }
}

/// A view as a value.
pub(crate) fn view(kind: TypeRef, items: Vec<Value>, source: &Value) -> Value {
    Native::value(View { kind, items, source: source.clone() })
}

fn seen(value: &Value) -> Vec<Value> {
    match value {
        Value::Native(native) => native.data.enumerate().unwrap_or_default(),
        _ => Vec::new(),
    }
}

static VIEW: Table = Table {
    methods: &[
        ("void CopyTo(array array, int index)", |c| {
            let start = usize::try_from(c.int(1)).unwrap_or(0);
            if let Value::Array(target) = c.arg(0) {
                for (place, item) in target.items_mut().iter_mut().skip(start).zip(seen(c.this)) {
                    *place = item;
                }
            }
            Ok(Value::Nothing)
        }),
        ("bool Contains(System.Object item)", |c| Ok(Value::Bool(super::array::find(&seen(c.this), c.arg(0)) >= 0))),
        ("System.Collections.IEnumerator GetEnumerator()", |c| Ok(enumerator(seen(c.this)))),
    ],
    properties: &[
        get("Count", "int", |_, value| Ok(Value::I32(seen(value).len() as i32))),
        get("IsSynchronized", "bool", |_, _| Ok(Value::Bool(false))),
        get("SyncRoot", "System.Object", |_, value| Ok(value.clone())),
    ],
    ..Table::EMPTY
};

/// `StringComparer`.
pub(crate) struct Comparer {
    /// Letters compare without case.
    pub(crate) ignore_case: bool,
    ordinal: bool,
}

impl NativeObject for Comparer {
    fn kind(&self) -> TypeRef {
        TypeRef::STRING_COMPARER
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn comparer(ordinal: bool, ignore_case: bool) -> Value {
    Native::value(Comparer { ignore_case, ordinal })
}

fn compare(c: &mut Call<'_>) -> Outcome<Value> {
    let (left, right) = (convert::to_text(c.arg(0)), convert::to_text(c.arg(1)));
    let Value::Native(native) = c.this else { return Ok(Value::I32(0)) };
    let Some(comparer) = native.downcast::<Comparer>() else { return Ok(Value::I32(0)) };
    let order = match (comparer.ordinal, comparer.ignore_case) {
        (true, true) => super::string::upper(&left).cmp(&super::string::upper(&right)),
        (true, false) => left.as_str().cmp(right.as_str()),
        (false, ignore) => collate::order(&left, &right, !ignore),
    };
    Ok(Value::I32(order as i32))
}

static COMPARER: Table = Table {
    methods: &[
        ("int Compare(System.Object x, System.Object y)", compare),
        ("bool Equals(System.Object x, System.Object y)", |c| {
            Ok(Value::Bool(compare(c).ok().as_ref().and_then(integer_of) == Some(0)))
        }),
        ("int GetHashCode(System.Object obj)", |c| Ok(Value::I32(super::object::hash_code(c.arg(0))))),
    ],
    static_properties: &[
        get("Ordinal", "System.StringComparer", |_, _| Ok(comparer(true, false))),
        get("OrdinalIgnoreCase", "System.StringComparer", |_, _| Ok(comparer(true, true))),
        get("InvariantCulture", "System.StringComparer", |_, _| Ok(comparer(false, false))),
        get("InvariantCultureIgnoreCase", "System.StringComparer", |_, _| Ok(comparer(false, true))),
        get("CurrentCulture", "System.StringComparer", |_, _| Ok(comparer(false, false))),
        get("CurrentCultureIgnoreCase", "System.StringComparer", |_, _| Ok(comparer(false, true))),
    ],
    ..Table::EMPTY
};
