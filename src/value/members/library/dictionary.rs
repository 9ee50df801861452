//! Dictionaries: `Hashtable`, `OrderedDictionary`, `SortedList`, `Dictionary[K,V]` and its kin, and their entries.

use super::super::table::{Call, Getter, PropertyRow, Row, Table, get, set};
use super::super::{default_of, thrown};
use super::list::{enumerator_of, ordered};
use super::psobject;
use crate::value::object::NativeObject;
use crate::value::{Hashtable, Native, Outcome, TypeRef, Unwind, Value, convert};
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::HASHTABLE, &HASHTABLE),
    (TypeRef::ORDERED_DICTIONARY, &ORDERED),
    (TypeRef::DICTIONARY, &GENERIC),
    (TypeRef::ORDERED_DICTIONARY_OF, &GENERIC),
    (TypeRef::SORTED_DICTIONARY, &GENERIC),
    (TypeRef::SORTED_LIST_OF, &GENERIC),
    (TypeRef::READONLY_DICTIONARY, &GENERIC),
    (TypeRef::CONCURRENT_DICTIONARY, &CONCURRENT),
    (TypeRef::SORTEDLIST, &SORTED),
    (TypeRef::RUNTIME_DEFINED_PARAMETER_DICTIONARY, &RUNTIME_DEFINED),
    (TypeRef::PSBOUND_PARAMETERS, &GENERIC),
    (TypeRef::DICTIONARY_ENTRY, &ENTRY),
    (TypeRef::KEYVALUEPAIR, &PAIR),
];

/// A dictionary of a type other than the language's own two.
pub(crate) struct Dictionary {
    kind: TypeRef,
    table: Rc<Hashtable>,
}

impl NativeObject for Dictionary {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn dictionary(&self) -> Option<&Hashtable> {
        Some(&self.table)
    }
    fn pairs(&self) -> Option<Vec<(Value, Value)>> {
        Some(sorted_pairs(self.kind, &self.table))
    }
    fn count(&self) -> Option<usize> {
        Some(self.table.len())
    }
    fn generation(&self) -> u32 {
        self.table.generation()
    }
}

/// A dictionary as a value.
pub(crate) fn dictionary(kind: TypeRef, table: Rc<Hashtable>) -> Value {
    Native::value(Dictionary { kind, table })
}

/// One entry of a dictionary.
pub(crate) struct Entry {
    kind: TypeRef,
    key: RefCell<Value>,
    value: RefCell<Value>,
}

impl NativeObject for Entry {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        let text = |value: &Value| match value {
            Value::Array(array) => convert::array_type_name(array),
            value => convert::to_text(value).to_string(),
        };
        format!("[{}, {}]", text(&self.key.borrow()), text(&self.value.borrow()))
    }
}

/// A `DictionaryEntry`.
pub(crate) fn entry(key: Value, value: Value) -> Value {
    Native::value(Entry { kind: TypeRef::DICTIONARY_ENTRY, key: RefCell::new(key), value: RefCell::new(value) })
}

/// The entries of a dictionary of this type, as enumerating it gives them.
pub(crate) fn pairs_of(kind: TypeRef, table: &Hashtable) -> Vec<Value> {
    let pair = match kind.info().arguments {
        [key, value] => TypeRef::generic(TypeRef::KEYVALUEPAIR, &[*key, *value]),
        _ => None,
    };
    let pair = pair.unwrap_or(TypeRef::DICTIONARY_ENTRY);
    let made = |(key, value)| Native::value(Entry { kind: pair, key: RefCell::new(key), value: RefCell::new(value) });
    sorted_pairs(kind, table).into_iter().map(made).collect()
}

/// Keys and values; by key where the type keeps them sorted.
fn sorted_pairs(kind: TypeRef, table: &Hashtable) -> Vec<(Value, Value)> {
    const SORTED: [TypeRef; 3] = [TypeRef::SORTED_DICTIONARY, TypeRef::SORTED_LIST_OF, TypeRef::SORTEDLIST];
    let mut pairs = table.pairs();
    if SORTED.contains(&kind.definition()) {
        pairs.sort_by(|(left, _), (right, _)| ordered(left, right));
    }
    pairs
}

fn table_of(value: &Value) -> Option<&Hashtable> {
    match value {
        Value::Hashtable(table) => Some(table),
        Value::Native(native) => native.data.dictionary(),
        _ => None,
    }
}

fn with<R: Default>(value: &Value, look: impl FnOnce(&Hashtable) -> R) -> R {
    table_of(value).map(look).unwrap_or_default()
}

const COUNT: Getter = |_, value| Ok(Value::I32(with(value, Hashtable::len) as i32));
const KEYS: Getter = |_, value| Ok(view(value, true));
const VALUES: Getter = |_, value| Ok(view(value, false));

/// `Keys` or `Values`.
fn view(value: &Value, keys: bool) -> Value {
    let kind = TypeRef::of(value);
    let pairs = table_of(value).map(|table| sorted_pairs(kind, table)).unwrap_or_default();
    let items: Vec<Value> = pairs.into_iter().map(|(key, value)| if keys { key } else { value }).collect();
    super::set::view(view_type(kind, keys), items, value)
}

/// The type of `Keys` or `Values` of a dictionary.
fn view_type(kind: TypeRef, keys: bool) -> TypeRef {
    let definition = if keys { TypeRef::DICTIONARY_KEYS } else { TypeRef::DICTIONARY_VALUES };
    if let Some(generic) = TypeRef::generic(definition, kind.info().arguments) {
        return generic;
    }
    if kind == TypeRef::ORDERED_DICTIONARY {
        return TypeRef::ORDERED_KEYS;
    }
    if keys { TypeRef::HASHTABLE_KEYS } else { TypeRef::HASHTABLE_VALUES }
}

const fn read_only(name: &'static str, kind: &'static str, flag: Getter) -> PropertyRow {
    get(name, kind, flag)
}

const FALSE: Getter = |_, _| Ok(Value::Bool(false));

static HASHTABLE: Table = Table {
    methods: HASHTABLE_METHODS,
    constructors: HASHTABLE_CONSTRUCTORS,
    properties: &[
        read_only("IsReadOnly", "bool", FALSE),
        read_only("IsFixedSize", "bool", FALSE),
        read_only("IsSynchronized", "bool", FALSE),
        get("Keys", "System.Collections.ICollection", KEYS),
        get("Values", "System.Collections.ICollection", VALUES),
        get("SyncRoot", "System.Object", |_, value| Ok(value.clone())),
        get("Count", "int", COUNT),
    ],
    statics: &[("static hashtable Synchronized(hashtable table)", |c| Ok(c.take(0)))],
    ..Table::EMPTY
};

static ORDERED: Table = Table {
    methods: HASHTABLE_METHODS,
    constructors: HASHTABLE_CONSTRUCTORS,
    properties: &[
        get("Count", "int", COUNT),
        read_only("IsReadOnly", "bool", FALSE),
        get("Keys", "System.Collections.ICollection", KEYS),
        get("Values", "System.Collections.ICollection", VALUES),
        read_only("IsFixedSize", "bool", FALSE),
        get("SyncRoot", "System.Object", |_, value| Ok(value.clone())),
        read_only("IsSynchronized", "bool", FALSE),
    ],
    ..Table::EMPTY
};

static SORTED: Table = Table {
    methods: SORTED_METHODS,
    constructors: GENERIC_CONSTRUCTORS,
    properties: &[
        get("Count", "int", COUNT),
        get("Keys", "System.Collections.ICollection", KEYS),
        get("Values", "System.Collections.ICollection", VALUES),
        read_only("IsReadOnly", "bool", FALSE),
        read_only("IsFixedSize", "bool", FALSE),
    ],
    ..Table::EMPTY
};

static GENERIC: Table = Table {
    methods: GENERIC_METHODS,
    constructors: GENERIC_CONSTRUCTORS,
    properties: &[
        get("Comparer", "System.Object", |_, _| Ok(Value::Null)),
        get("Count", "int", COUNT),
        get("Keys", "System.Collections.ICollection", KEYS),
        get("Values", "System.Collections.ICollection", VALUES),
        read_only("IsReadOnly", "bool", FALSE),
        read_only("IsFixedSize", "bool", FALSE),
    ],
    ..Table::EMPTY
};

/// The dictionary of dynamic parameters, whose names ignore case.
static RUNTIME_DEFINED: Table = Table {
    constructors: &[("RuntimeDefinedParameterDictionary()", |c| Ok(generic(c.kind, false)))],
    methods: GENERIC.methods,
    properties: &[
        get("Count", "int", COUNT),
        get("Keys", "System.Collections.ICollection", KEYS),
        get("Values", "System.Collections.ICollection", VALUES),
        set("HelpFile", "string", |_, _| Ok(Value::str("")), |_, _, _| Ok(())),
        set("Data", "System.Object", |_, _| Ok(Value::Null), |_, _, _| Ok(())),
    ],
    ..Table::EMPTY
};

static CONCURRENT: Table = Table {
    methods: CONCURRENT_METHODS,
    constructors: GENERIC_CONSTRUCTORS,
    properties: &[
        get("Count", "int", COUNT),
        get("IsEmpty", "bool", |_, value| Ok(Value::Bool(with(value, Hashtable::len) == 0))),
        get("Keys", "System.Collections.ICollection", KEYS),
        get("Values", "System.Collections.ICollection", VALUES),
    ],
    ..Table::EMPTY
};

const HASHTABLE_CONSTRUCTORS: &[Row] = &[
    ("hashtable()", |c| Ok(empty(c.kind, true))),
    ("hashtable(int capacity)", |c| Ok(sized(c.kind, true, capacity(c)))),
    ("hashtable(System.Collections.IEqualityComparer comparer)", |c| Ok(empty(c.kind, !ignores_case(c.arg(0))))),
    ("hashtable(System.Collections.IDictionary d)", |c| {
        let made = sized(c.kind, true, count_of(c.arg(0)));
        fill(&made, c.arg(0));
        Ok(made)
    }),
    ("hashtable(System.Collections.IDictionary d, System.Collections.IEqualityComparer comparer)", |c| {
        let made = sized(c.kind, !ignores_case(c.arg(1)), count_of(c.arg(0)));
        fill(&made, c.arg(0));
        Ok(made)
    }),
    ("hashtable(int capacity, System.Collections.IEqualityComparer comparer)", |c| {
        Ok(sized(c.kind, !ignores_case(c.arg(1)), capacity(c)))
    }),
];

fn capacity(c: &Call<'_>) -> usize {
    usize::try_from(c.int(0)).unwrap_or(0)
}

const GENERIC_CONSTRUCTORS: &[Row] = &[
    ("dictionary()", |c| Ok(generic(c.kind, true))),
    ("dictionary(int capacity)", |c| Ok(generic(c.kind, true))),
    ("dictionary(System.Collections.IEqualityComparer comparer)", |c| Ok(generic(c.kind, !ignores_case(c.arg(0))))),
    ("dictionary(System.Collections.IDictionary dictionary)", |c| filled(c, true)),
    ("dictionary(System.Collections.IDictionary dictionary, System.Collections.IEqualityComparer comparer)", |c| {
        let case_sensitive = !ignores_case(c.arg(1));
        filled(c, case_sensitive)
    }),
    ("dictionary(int capacity, System.Collections.IEqualityComparer comparer)", |c| {
        Ok(generic(c.kind, !ignores_case(c.arg(1))))
    }),
];

/// True for the comparers that ignore case.
pub(crate) fn ignores_case(comparer: &Value) -> bool {
    match comparer {
        Value::Native(native) => native.downcast::<super::set::Comparer>().is_some_and(|comparer| comparer.ignore_case),
        _ => false,
    }
}

fn empty(kind: TypeRef, case_sensitive: bool) -> Value {
    sized(kind, case_sensitive, 0)
}

fn sized(kind: TypeRef, case_sensitive: bool, capacity: usize) -> Value {
    Value::Hashtable(match kind == TypeRef::ORDERED_DICTIONARY {
        true => Hashtable::empty(true, case_sensitive),
        false => Hashtable::sized(case_sensitive, capacity),
    })
}

fn generic(kind: TypeRef, case_sensitive: bool) -> Value {
    dictionary(kind, generic_table(kind, case_sensitive))
}

fn generic_table(kind: TypeRef, case_sensitive: bool) -> Rc<Hashtable> {
    match kind.definition() == TypeRef::DICTIONARY {
        true => Hashtable::reusing_slots(case_sensitive),
        false => Hashtable::in_order(case_sensitive),
    }
}

fn count_of(source: &Value) -> usize {
    table_of(source).map_or(0, Hashtable::len)
}

fn fill(target: &Value, source: &Value) {
    let (Some(target), Some(source)) = (table_of(target), table_of(source)) else { return };
    for (key, value) in source.pairs() {
        target.insert(key, value);
    }
}

fn filled(c: &mut Call<'_>, case_sensitive: bool) -> Outcome<Value> {
    let pairs = table_of(c.arg(0)).map(Hashtable::pairs).unwrap_or_default();
    let table = generic_table(c.kind, case_sensitive);
    let (key_type, value_type) = (c.type_argument(0), c.type_argument(1));
    for (key, value) in pairs {
        let key = convert::to(c.engine, &key, key_type)?;
        let value = convert::to(c.engine, &value, value_type)?;
        table.insert(key, value);
    }
    Ok(dictionary(c.kind, table))
}

fn null_key() -> Unwind {
    thrown(TypeRef::ARGUMENT_NULL_EXCEPTION, "The key is null; a dictionary needs one that is not.")
}

fn checked_key(c: &Call<'_>) -> Outcome<()> {
    if c.arg(0).is_null() { Err(null_key()) } else { Ok(()) }
}

fn add(c: &mut Call<'_>) -> Outcome<Value> {
    checked_key(c)?;
    let (key, value) = (c.take(0), c.take(1));
    let shown = convert::to_text(&key);
    match table_of(c.this).is_some_and(|table| table.add(key, value)) {
        true => Ok(Value::Nothing),
        false => Err(thrown(TypeRef::ARGUMENT_EXCEPTION, format!("The key '{shown}' is there already."))),
    }
}

fn remove(c: &mut Call<'_>) -> Outcome<Value> {
    checked_key(c)?;
    Ok(Value::Bool(table_of(c.this).is_some_and(|table| table.remove(c.arg(0)).is_some())))
}

fn contains(c: &mut Call<'_>) -> Outcome<Value> {
    checked_key(c)?;
    Ok(Value::Bool(table_of(c.this).is_some_and(|table| table.contains(c.arg(0)))))
}

fn contains_value(c: &mut Call<'_>) -> Outcome<Value> {
    let values = with(c.this, Hashtable::values);
    Ok(Value::Bool(values.iter().any(|value| super::object::equal(value, c.arg(0)))))
}

fn clear(c: &mut Call<'_>) -> Outcome<Value> {
    if let Some(table) = table_of(c.this) {
        table.clear();
    }
    Ok(Value::Nothing)
}

fn get_item(c: &mut Call<'_>) -> Outcome<Value> {
    Ok(table_of(c.this).and_then(|table| table.get(c.arg(0))).unwrap_or_default())
}

fn set_item(c: &mut Call<'_>) -> Outcome<Value> {
    let (key, value) = (c.take(0), c.take(1));
    if let Some(table) = table_of(c.this) {
        table.insert(key, value);
    }
    Ok(Value::Nothing)
}

fn entries(c: &mut Call<'_>) -> Outcome<Value> {
    let kind = TypeRef::of(c.this);
    let entries = table_of(c.this).map(|table| pairs_of(kind, table)).unwrap_or_default();
    let enumerator = match kind {
        kind if kind == TypeRef::HASHTABLE => TypeRef::HASHTABLE_ENUMERATOR,
        kind if kind == TypeRef::ORDERED_DICTIONARY => TypeRef::ORDERED_ENUMERATOR,
        _ => TypeRef::ARRAY_ENUMERATOR,
    };
    Ok(enumerator_of(enumerator, entries, c.this))
}

fn try_get(c: &mut Call<'_>) -> Outcome<Value> {
    checked_key(c)?;
    let found = table_of(c.this).and_then(|table| table.get(c.arg(0)));
    let there = found.is_some();
    psobject::set_reference(c.arg(1), found.unwrap_or_else(|| default_of(c.type_argument(1))))?;
    Ok(Value::Bool(there))
}

fn copy_to(c: &mut Call<'_>) -> Outcome<Value> {
    let kind = TypeRef::of(c.this);
    let pairs = table_of(c.this).map(|table| pairs_of(kind, table)).unwrap_or_default();
    let start = usize::try_from(c.int(1)).unwrap_or(0);
    if let Value::Array(target) = c.arg(0) {
        for (place, pair) in target.items_mut().iter_mut().skip(start).zip(pairs) {
            *place = pair;
        }
    }
    Ok(Value::Nothing)
}

fn place(c: &Call<'_>) -> Outcome<usize> {
    let found = usize::try_from(c.int(0)).ok().filter(|at| *at < with(c.this, Hashtable::len));
    found.ok_or_else(|| thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "The index is outside the dictionary."))
}

const HASHTABLE_METHODS: &[Row] = &[
    ("void Add(System.Object key, System.Object value)", add),
    ("void Clear()", clear),
    ("System.Object Clone()", |c| match c.this {
        Value::Hashtable(table) => Ok(Value::Hashtable(table.copy())),
        other => Ok(other.clone()),
    }),
    ("bool Contains(System.Object key)", contains),
    ("bool ContainsKey(System.Object key)", contains),
    ("bool ContainsValue(System.Object value)", contains_value),
    ("void CopyTo(array array, int arrayIndex)", copy_to),
    ("System.Collections.IDictionaryEnumerator GetEnumerator()", entries),
    ("void Insert(int index, System.Object key, System.Object value)", |c| {
        let at = usize::try_from(c.int(0)).unwrap_or(usize::MAX);
        let (key, value) = (c.take(1), c.take(2));
        match table_of(c.this).is_some_and(|table| table.insert_at(at, key, value)) {
            true => Ok(Value::Nothing),
            false => {
                Err(thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "The index is outside, or the key is there."))
            }
        }
    }),
    ("void Remove(System.Object key)", |c| remove(c).map(|_| Value::Nothing)),
    ("void RemoveAt(int index)", |c| {
        let at = place(c)?;
        Ok(with(c.this, |table| table.remove_at(at)).map_or(Value::Nothing, |_| Value::Nothing))
    }),
    ("System.Object get_Item(System.Object key)", get_item),
    ("void set_Item(System.Object key, System.Object value)", set_item),
    ("System.Object Item(System.Object key)", get_item),
    ("System.Collections.Specialized.OrderedDictionary AsReadOnly()", |c| Ok(c.this.clone())),
];

const SORTED_METHODS: &[Row] = &[
    ("void Add(System.Object key, System.Object value)", add),
    ("void Clear()", clear),
    ("bool Contains(System.Object key)", contains),
    ("bool ContainsKey(System.Object key)", contains),
    ("bool ContainsValue(System.Object value)", contains_value),
    ("System.Collections.IDictionaryEnumerator GetEnumerator()", entries),
    ("System.Object GetByIndex(int index)", |c| sorted_at(c, false)),
    ("System.Object GetKey(int index)", |c| sorted_at(c, true)),
    ("System.Collections.IList GetKeyList()", |c| Ok(view(c.this, true))),
    ("System.Collections.IList GetValueList()", |c| Ok(view(c.this, false))),
    ("int IndexOfKey(System.Object key)", |c| {
        let pairs = table_of(c.this).map(|table| sorted_pairs(TypeRef::SORTEDLIST, table)).unwrap_or_default();
        let found = pairs.iter().position(|(key, _)| super::object::equal(key, c.arg(0)));
        Ok(Value::I32(found.map_or(-1, |at| at as i32)))
    }),
    ("void Remove(System.Object key)", |c| remove(c).map(|_| Value::Nothing)),
    ("void RemoveAt(int index)", |c| {
        let key = sorted_at(c, true)?;
        with(c.this, |table| table.remove(&key));
        Ok(Value::Nothing)
    }),
    ("System.Object get_Item(System.Object key)", get_item),
    ("void set_Item(System.Object key, System.Object value)", set_item),
];

fn sorted_at(c: &mut Call<'_>, key: bool) -> Outcome<Value> {
    let at = place(c)?;
    let pairs = table_of(c.this).map(|table| sorted_pairs(TypeRef::of(c.this), table)).unwrap_or_default();
    Ok(pairs.into_iter().nth(at).map(|(k, value)| if key { k } else { value }).unwrap_or_default())
}

const GENERIC_METHODS: &[Row] = &[
    ("void Add(TKey key, TValue value)", add),
    ("void Clear()", clear),
    ("bool ContainsKey(TKey key)", contains),
    ("bool Contains(TKey key)", contains),
    ("bool ContainsValue(TValue value)", contains_value),
    ("int EnsureCapacity(int capacity)", |c| Ok(c.take(0))),
    ("System.Collections.IEnumerator GetEnumerator()", entries),
    ("bool Remove(TKey key)", remove),
    ("bool TryAdd(TKey key, TValue value)", try_add),
    ("bool TryGetValue(TKey key, [ref] TValue value)", try_get),
    ("TValue get_Item(TKey key)", |c| {
        let found = table_of(c.this).and_then(|table| table.get(c.arg(0)));
        found.ok_or_else(|| thrown(TypeRef::KEY_NOT_FOUND_EXCEPTION, "The dictionary has no such key."))
    }),
    ("void set_Item(TKey key, TValue value)", set_item),
    ("TValue Item(TKey key)", get_item),
    ("void CopyTo(array array, int index)", copy_to),
    ("TValue GetValueAtIndex(int index)", |c| sorted_at(c, false)),
    ("TKey GetKeyAtIndex(int index)", |c| sorted_at(c, true)),
];

fn try_add(c: &mut Call<'_>) -> Outcome<Value> {
    checked_key(c)?;
    let (key, value) = (c.take(0), c.take(1));
    Ok(Value::Bool(table_of(c.this).is_some_and(|table| table.add(key, value))))
}

/// A value given, or made by a script block of the key.
fn made_value(c: &mut Call<'_>, argument: usize) -> Outcome<Value> {
    let wanted = c.type_argument(1);
    match c.arg(argument).clone() {
        Value::ScriptBlock(block) => {
            let key = c.arg(0).clone();
            let made = c.engine.invoke(&block, &[key], None)?;
            convert::to(c.engine, &made, wanted)
        }
        value => convert::to(c.engine, &value, wanted),
    }
}

const CONCURRENT_METHODS: &[Row] = &[
    ("bool TryAdd(TKey key, TValue value)", try_add),
    ("bool TryGetValue(TKey key, [ref] TValue value)", try_get),
    ("bool TryRemove(TKey key, [ref] TValue value)", |c| {
        let removed = with(c.this, |table| table.remove(c.arg(0)));
        let there = removed.is_some();
        psobject::set_reference(c.arg(1), removed.unwrap_or_else(|| default_of(c.type_argument(1))))?;
        Ok(Value::Bool(there))
    }),
    ("bool TryUpdate(TKey key, TValue newValue, TValue comparisonValue)", |c| {
        let current = table_of(c.this).and_then(|table| table.get(c.arg(0)));
        let same = current.is_some_and(|current| super::object::equal(&current, c.arg(2)));
        if same {
            set_item(c)?;
        }
        Ok(Value::Bool(same))
    }),
    ("TValue GetOrAdd(TKey key, System.Object value)", |c| {
        if let Some(found) = table_of(c.this).and_then(|table| table.get(c.arg(0))) {
            return Ok(found);
        }
        let made = made_value(c, 1)?;
        let key = c.take(0);
        with(c.this, |table| table.insert(key, made.clone()));
        Ok(made)
    }),
    ("TValue AddOrUpdate(TKey key, System.Object addValue, scriptblock updateValueFactory)", |c| {
        let current = table_of(c.this).and_then(|table| table.get(c.arg(0)));
        let new = match (current, c.arg(2).clone()) {
            (Some(current), Value::ScriptBlock(block)) => {
                let key = c.arg(0).clone();
                let (made, wanted) = (c.engine.invoke(&block, &[key, current], None)?, c.type_argument(1));
                convert::to(c.engine, &made, wanted)?
            }
            _ => made_value(c, 1)?,
        };
        let key = c.take(0);
        with(c.this, |table| table.insert(key, new.clone()));
        Ok(new)
    }),
    ("bool ContainsKey(TKey key)", contains),
    ("void Clear()", clear),
    ("System.Collections.IEnumerator GetEnumerator()", entries),
    ("System.Object[] ToArray()", |c| {
        let kind = TypeRef::of(c.this);
        Ok(Value::array(table_of(c.this).map(|table| pairs_of(kind, table)).unwrap_or_default()))
    }),
    ("TValue get_Item(TKey key)", get_item),
    ("void set_Item(TKey key, TValue value)", set_item),
];

fn half(value: &Value, key: bool) -> Value {
    let Value::Native(native) = value else { return Value::Null };
    let Some(entry) = native.downcast::<Entry>() else { return Value::Null };
    if key { entry.key.borrow().clone() } else { entry.value.borrow().clone() }
}

fn set_half(value: &Value, key: bool, new: Value) {
    if let Value::Native(native) = value
        && let Some(entry) = native.downcast::<Entry>()
    {
        *(if key { &entry.key } else { &entry.value }).borrow_mut() = new;
    }
}

static ENTRY: Table = Table {
    constructors: &[
        ("DictionaryEntry(System.Object key, System.Object value)", |c| Ok(entry(c.take(0), c.take(1)))),
        ("DictionaryEntry()", |_| Ok(entry(Value::Null, Value::Null))),
    ],
    properties: &[
        super::super::table::added("Name", "AliasProperty", "System.Object", |_, value| Ok(half(value, true))),
        set(
            "Key",
            "System.Object",
            |_, value| Ok(half(value, true)),
            |_, value, new| {
                set_half(value, true, new);
                Ok(())
            },
        ),
        set(
            "Value",
            "System.Object",
            |_, value| Ok(half(value, false)),
            |_, value, new| {
                set_half(value, false, new);
                Ok(())
            },
        ),
    ],
    ..Table::EMPTY
};

static PAIR: Table = Table {
    constructors: &[("KeyValuePair(TKey key, TValue value)", |c| {
        let (key, value) = (c.take(0), c.take(1));
        Ok(Native::value(Entry { kind: c.kind, key: RefCell::new(key), value: RefCell::new(value) }))
    })],
    properties: &[
        get("Key", "System.Object", |_, value| Ok(half(value, true))),
        get("Value", "System.Object", |_, value| Ok(half(value, false))),
    ],
    ..Table::EMPTY
};
