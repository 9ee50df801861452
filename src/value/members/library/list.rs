//! Lists: `List[T]`, `ArrayList`, `Collection[T]`, read-only collections, `LinkedList[T]`, and enumerators.

use super::super::extension::set_type_names;
use super::super::table::{Call, Getter, PropertyRow, Row, Table, get, set};
use super::super::view::TypeNamesView;
use super::super::{elements, thrown};
use super::array::{find, natural_order, sort_values};
use crate::value::object::NativeObject;
use crate::value::{Array, Engine, Native, Outcome, ScriptBlock, TypeRef, Unwind, Value, convert};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::rc::Rc;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::LIST, &LIST),
    (TypeRef::ARRAYLIST, &ARRAYLIST),
    (TypeRef::COLLECTION_OF, &COLLECTION),
    (TypeRef::STRING_COLLECTION, &COLLECTION),
    (TypeRef::READONLY_COLLECTION, &READONLY),
    (TypeRef::LINKED_LIST, &LINKED),
    (TypeRef::ARRAY_ENUMERATOR, &ENUMERATOR),
    (TypeRef::HASHTABLE_ENUMERATOR, &ENUMERATOR),
    (TypeRef::ORDERED_ENUMERATOR, &ENUMERATOR),
];

/// A list of any of these types. Items of a typed list are always already of its element type.
pub struct List {
    kind: TypeRef,
    /// The items.
    pub items: RefCell<Vec<Value>>,
}

impl List {
    /// A list as a value.
    pub fn value(kind: TypeRef, items: Vec<Value>) -> Value {
        Native::value(List { kind, items: RefCell::new(items) })
    }
}

impl NativeObject for List {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn enumerate(&self) -> Option<Vec<Value>> {
        Some(self.items.borrow().clone())
    }
    fn is_enumerable(&self) -> bool {
        true
    }
    fn count(&self) -> Option<usize> {
        Some(self.items.borrow().len())
    }
    fn indexable(&self) -> bool {
        self.kind.definition() != TypeRef::LINKED_LIST
    }
    fn at(&self, index: usize) -> Option<Value> {
        self.items.borrow().get(index).cloned()
    }
    fn set_at(&self, index: usize, value: Value) -> bool {
        self.items.borrow_mut().get_mut(index).map(|place| std::mem::replace(place, value)).is_some()
    }
}

/// What `.Where` and script blocks called as methods give: a collection of anything.
pub fn collection(items: Vec<Value>) -> Value {
    match TypeRef::generic(TypeRef::COLLECTION_OF, &[TypeRef::PSOBJECT]) {
        Some(kind) => List::value(kind, items),
        None => Value::array(items),
    }
}

/// A typed list.
pub fn list_of(element: TypeRef, items: Vec<Value>) -> Value {
    List::value(TypeRef::generic(TypeRef::LIST, &[element]).unwrap_or(TypeRef::ARRAYLIST), items)
}

const COUNT: Getter = |_, value| Ok(Value::I32(with(value, |items| items.len() as i32)));

static LIST: Table =
    Table { methods: LIST_METHODS, constructors: CONSTRUCTORS, properties: LIST_PROPERTIES, ..Table::EMPTY };
static ARRAYLIST: Table = Table {
    methods: ARRAYLIST_METHODS,
    constructors: CONSTRUCTORS,
    properties: ARRAYLIST_PROPERTIES,
    statics: &[("static System.Collections.ArrayList Adapter(System.Collections.IEnumerable list)", |c| {
        Ok(List::value(TypeRef::ARRAYLIST, c.items(0)))
    })],
    ..Table::EMPTY
};
static COLLECTION: Table = Table {
    methods: COLLECTION_METHODS,
    constructors: CONSTRUCTORS,
    properties: &[get("Count", "int", COUNT)],
    ..Table::EMPTY
};
static READONLY: Table = Table {
    methods: READONLY_METHODS,
    constructors: CONSTRUCTORS,
    properties: &[get("Count", "int", COUNT)],
    ..Table::EMPTY
};
static LINKED: Table = Table {
    methods: LINKED_METHODS,
    constructors: CONSTRUCTORS,
    properties: &[
        get("Count", "int", COUNT),
        get("First", "System.Object", |_, value| Ok(node(with(value, |items| items.first().cloned())))),
        get("Last", "System.Object", |_, value| Ok(node(with(value, |items| items.last().cloned())))),
    ],
    ..Table::EMPTY
};

const LIST_PROPERTIES: &[PropertyRow] = &[
    set("Capacity", "int", |_, value| Ok(Value::I32(with(value, |items| capacity(items.len())))), |_, _, _| Ok(())),
    get("Count", "int", COUNT),
    get("IsReadOnly", "bool", |_, _| Ok(Value::Bool(false))),
    get("IsFixedSize", "bool", |_, _| Ok(Value::Bool(false))),
    get("SyncRoot", "System.Object", |_, value| Ok(value.clone())),
    get("IsSynchronized", "bool", |_, _| Ok(Value::Bool(false))),
];

const ARRAYLIST_PROPERTIES: &[PropertyRow] = &[
    set("Capacity", "int", |_, value| Ok(Value::I32(with(value, |items| capacity(items.len())))), |_, _, _| Ok(())),
    get("Count", "int", COUNT),
    get("IsFixedSize", "bool", |_, _| Ok(Value::Bool(false))),
    get("IsReadOnly", "bool", |_, _| Ok(Value::Bool(false))),
    get("IsSynchronized", "bool", |_, _| Ok(Value::Bool(false))),
    get("SyncRoot", "System.Object", |_, value| Ok(value.clone())),
];

/// As .NET grows a list: by doubling from four.
fn capacity(count: usize) -> i32 {
    if count == 0 { 0 } else { count.next_power_of_two().max(4) as i32 }
}

const CONSTRUCTORS: &[Row] = &[
    ("list()", |c| Ok(List::value(c.kind, Vec::new()))),
    ("list(int capacity)", |c| match c.int(0) {
        0.. => Ok(List::value(c.kind, Vec::new())),
        below => Err(out_of_range(below)),
    }),
    ("list(System.Collections.IEnumerable collection)", |c| {
        let items = typed_items(c, 0)?;
        Ok(List::value(c.kind, items))
    }),
];

/// What collections share with lists; `ForEach` is not among it, so the intrinsic method is reached.
static COLLECTION_METHODS: &[Row] = &[
    list_method("void Add(T item)"),
    list_method("void Clear()"),
    list_method("bool Contains(T item)"),
    list_method("void CopyTo(array array, int arrayIndex)"),
    list_method("int IndexOf(T item)"),
    list_method("void Insert(int index, T item)"),
    list_method("bool Remove(T item)"),
    list_method("void RemoveAt(int index)"),
    list_method("System.Collections.IEnumerator GetEnumerator()"),
    list_method("T get_Item(int index)"),
    list_method("void set_Item(int index, T value)"),
    list_method("T Item(int index)"),
];

/// The row of a list's method, found when this is compiled.
const fn list_method(signature: &str) -> Row {
    let mut at = 0;
    while at < LIST_METHODS.len() {
        if same_text(LIST_METHODS[at].0.as_bytes(), signature.as_bytes()) {
            return LIST_METHODS[at];
        }
        at += 1;
    }
    panic!("lists have no method of this signature");
}

const fn same_text(left: &[u8], right: &[u8]) -> bool {
    let mut at = 0;
    while at < left.len() && at < right.len() && left[at] == right[at] {
        at += 1;
    }
    at == left.len() && at == right.len()
}

const LIST_METHODS: &[Row] = &[
    ("void Add(T item)", |c| {
        let item = c.take(0);
        change(c, |items| items.push(item))
    }),
    ("void AddRange(System.Collections.IEnumerable collection)", add_range),
    ("System.Collections.ObjectModel.ReadOnlyCollection[T] AsReadOnly()", |c| {
        let kind = TypeRef::generic(TypeRef::READONLY_COLLECTION, &[c.type_argument(0)]).unwrap_or(c.kind);
        Ok(List::value(kind, this(c)))
    }),
    ("int BinarySearch(T item)", |c| super::array::binary_search(&this(c), c.arg(0))),
    ("void Clear()", |c| change(c, Vec::clear)),
    ("bool Contains(T item)", |c| Ok(Value::Bool(place_of(c)? >= 0))),
    ("System.Collections.Generic.List[System.Object] ConvertAll(scriptblock converter)", |c| {
        let mapped = map_items(c, 0)?;
        Ok(list_of(TypeRef::OBJECT, mapped))
    }),
    ("void CopyTo(array array)", |c| copy_to(c, 0)),
    ("void CopyTo(array array, int arrayIndex)", |c| copy_to(c, c.int(1))),
    ("bool Exists(scriptblock match)", |c| Ok(Value::Bool(first(c, 0)?.is_some()))),
    ("T Find(scriptblock match)", |c| {
        Ok(first(c, 0)?.map_or_else(|| super::super::default_of(c.type_argument(0)), |f| f.1))
    }),
    ("System.Collections.Generic.List[T] FindAll(scriptblock match)", |c| {
        let kept = matching(c, 0)?;
        Ok(List::value(c.kind, kept))
    }),
    ("int FindIndex(scriptblock match)", |c| Ok(Value::I32(first(c, 0)?.map_or(-1, |found| found.0 as i32)))),
    ("T FindLast(scriptblock match)", |c| {
        Ok(matching(c, 0)?.pop().unwrap_or_else(|| super::super::default_of(c.type_argument(0))))
    }),
    ("int FindLastIndex(scriptblock match)", |c| {
        let items = this(c);
        let mut found = -1;
        for (at, item) in items.into_iter().enumerate() {
            if holds(c, 0, &item)? {
                found = at as i32;
            }
        }
        Ok(Value::I32(found))
    }),
    ("void ForEach(scriptblock action)", |c| {
        let Value::ScriptBlock(block) = c.arg(0).clone() else { return Ok(Value::Nothing) };
        for item in this(c) {
            c.engine.invoke(&block, std::slice::from_ref(&item), Some(item.clone()))?;
        }
        Ok(Value::Nothing)
    }),
    ("System.Collections.Generic.List[T] GetRange(int index, int count)", |c| {
        let (start, count) = range(c, 0, 1)?;
        let part = with(c.this, |items| items.get(start..start + count).unwrap_or_default().to_vec());
        Ok(List::value(c.kind, part))
    }),
    ("int IndexOf(T item)", |c| place_of(c).map(Value::I32)),
    ("void Insert(int index, T item)", |c| {
        let at = place(c, 0, true)?;
        let item = c.take(1);
        change(c, |items| items.insert(at, item))
    }),
    ("void InsertRange(int index, System.Collections.IEnumerable collection)", |c| {
        let at = place(c, 0, true)?;
        let more = typed_items(c, 1)?;
        change(c, |items| drop(items.splice(at..at, more)))
    }),
    ("int LastIndexOf(T item)", |c| {
        let found = with(c.this, |items| items.iter().rposition(|item| super::object::equal(item, c.arg(0))));
        Ok(Value::I32(found.map_or(-1, |at| at as i32)))
    }),
    ("bool Remove(T item)", |c| remove(c).map(Value::Bool)),
    ("int RemoveAll(scriptblock match)", remove_all),
    ("void RemoveAt(int index)", |c| {
        let at = place(c, 0, false)?;
        change(c, |items| drop(items.remove(at)))
    }),
    ("void RemoveRange(int index, int count)", |c| {
        let (start, count) = range(c, 0, 1)?;
        change(c, |items| drop(items.drain(start..start + count)))
    }),
    ("void Reverse()", |c| change(c, |items| items.reverse())),
    ("void Reverse(int index, int count)", |c| {
        let (start, count) = range(c, 0, 1)?;
        change(c, |items| items.get_mut(start..start + count).unwrap_or_default().reverse())
    }),
    ("void Sort()", sort_default),
    ("void Sort(scriptblock comparison)", sort_by),
    ("void Sort(System.Collections.IComparer comparer)", sort_default),
    ("T[] ToArray()", |c| Ok(Value::Array(Array::typed(c.type_argument(0), this(c))))),
    ("void TrimExcess()", |_| Ok(Value::Nothing)),
    ("bool TrueForAll(scriptblock match)", |c| Ok(Value::Bool(matching(c, 0)?.len() == this(c).len()))),
    ("System.Collections.IEnumerator GetEnumerator()", |c| Ok(enumerator(this(c)))),
    ("T get_Item(int index)", |c| {
        let at = place(c, 0, false)?;
        Ok(with(c.this, |items| items.get(at).cloned()).unwrap_or_default())
    }),
    ("void set_Item(int index, T value)", |c| {
        let at = place(c, 0, false)?;
        let value = c.take(1);
        change(c, |items| items.get_mut(at).map_or((), |place| *place = value))
    }),
    ("T Item(int index)", |c| {
        let at = place(c, 0, false)?;
        Ok(with(c.this, |items| items.get(at).cloned()).unwrap_or_default())
    }),
];

const ARRAYLIST_METHODS: &[Row] = &[
    ("int Add(System.Object value)", |c| {
        let item = c.take(0);
        let at = with(c.this, |items| items.len());
        change(c, |items| items.push(item))?;
        Ok(Value::I32(at as i32))
    }),
    ("void AddRange(System.Collections.IEnumerable c)", add_range),
    ("int BinarySearch(System.Object value)", |c| super::array::binary_search(&this(c), c.arg(0))),
    ("void Clear()", |c| change(c, Vec::clear)),
    ("System.Object Clone()", |c| Ok(List::value(c.kind, this(c)))),
    ("bool Contains(System.Object item)", |c| Ok(Value::Bool(place_of(c)? >= 0))),
    ("void CopyTo(array array)", |c| copy_to(c, 0)),
    ("void CopyTo(array array, int arrayIndex)", |c| copy_to(c, c.int(1))),
    ("System.Collections.ArrayList GetRange(int index, int count)", |c| {
        let (start, count) = range(c, 0, 1)?;
        let part = with(c.this, |items| items.get(start..start + count).unwrap_or_default().to_vec());
        Ok(List::value(c.kind, part))
    }),
    ("int IndexOf(System.Object value)", |c| place_of(c).map(Value::I32)),
    ("void Insert(int index, System.Object value)", |c| {
        let at = place(c, 0, true)?;
        let item = c.take(1);
        change(c, |items| items.insert(at, item))
    }),
    ("void InsertRange(int index, System.Collections.IEnumerable c)", |c| {
        let at = place(c, 0, true)?;
        let more = c.items(1);
        change(c, |items| drop(items.splice(at..at, more)))
    }),
    ("int LastIndexOf(System.Object value)", |c| {
        let found = with(c.this, |items| items.iter().rposition(|item| super::object::equal(item, c.arg(0))));
        Ok(Value::I32(found.map_or(-1, |at| at as i32)))
    }),
    ("void Remove(System.Object obj)", |c| remove(c).map(Value::Bool)),
    ("void RemoveAt(int index)", |c| {
        let at = place(c, 0, false)?;
        change(c, |items| drop(items.remove(at)))
    }),
    ("void RemoveRange(int index, int count)", |c| {
        let (start, count) = range(c, 0, 1)?;
        change(c, |items| drop(items.drain(start..start + count)))
    }),
    ("void Reverse()", |c| change(c, |items| items.reverse())),
    ("void Sort()", sort_default),
    ("void Sort(System.Collections.IComparer comparer)", sort_default),
    ("System.Object[] ToArray()", |c| Ok(Value::array(this(c)))),
    ("array ToArray(type type)", |c| {
        let element = if let Value::Type(kind) = c.arg(0) { *kind } else { TypeRef::OBJECT };
        let items = this(c).iter().map(|item| convert::to(c.engine, item, element)).collect::<Outcome<Vec<_>>>()?;
        Ok(Value::Array(Array::typed(element, items)))
    }),
    ("void TrimToSize()", |_| Ok(Value::Nothing)),
    ("System.Collections.IEnumerator GetEnumerator()", |c| Ok(enumerator(this(c)))),
    ("System.Object get_Item(int index)", |c| {
        let at = place(c, 0, false)?;
        Ok(with(c.this, |items| items.get(at).cloned()).unwrap_or_default())
    }),
    ("System.Object Item(int index)", |c| {
        let at = place(c, 0, false)?;
        Ok(with(c.this, |items| items.get(at).cloned()).unwrap_or_default())
    }),
];

const READONLY_METHODS: &[Row] = &[
    ("bool Contains(T value)", |c| Ok(Value::Bool(place_of(c)? >= 0))),
    ("int IndexOf(T value)", |c| place_of(c).map(Value::I32)),
    ("void CopyTo(array array, int index)", |c| copy_to(c, c.int(1))),
    ("System.Collections.IEnumerator GetEnumerator()", |c| Ok(enumerator(this(c)))),
    ("T get_Item(int index)", |c| {
        let at = place(c, 0, false)?;
        Ok(with(c.this, |items| items.get(at).cloned()).unwrap_or_default())
    }),
];

const LINKED_METHODS: &[Row] = &[
    ("System.Object AddFirst(T value)", |c| {
        let item = c.take(0);
        change(c, |items| items.insert(0, item.clone()))?;
        Ok(node(Some(item)))
    }),
    ("System.Object AddLast(T value)", |c| {
        let item = c.take(0);
        change(c, |items| items.push(item.clone()))?;
        Ok(node(Some(item)))
    }),
    ("void Add(T value)", |c| {
        let item = c.take(0);
        change(c, |items| items.push(item))
    }),
    ("void RemoveFirst()", |c| remove_end(c, true)),
    ("void RemoveLast()", |c| remove_end(c, false)),
    ("bool Remove(T value)", |c| remove(c).map(Value::Bool)),
    ("bool Contains(T value)", |c| Ok(Value::Bool(place_of(c)? >= 0))),
    ("System.Object Find(T value)", |c| {
        let found = place_of(c)? >= 0;
        Ok(node(found.then(|| c.arg(0).clone())))
    }),
    ("void Clear()", |c| change(c, Vec::clear)),
    ("System.Collections.IEnumerator GetEnumerator()", |c| Ok(enumerator(this(c)))),
];

/// A node of a linked list, seen through its value.
fn node(value: Option<Value>) -> Value {
    value.map_or(Value::Null, |value| super::psobject::custom(&[("Value", value)]))
}

fn remove_end(c: &mut Call<'_>, front: bool) -> Outcome<Value> {
    if with(c.this, |items| items.is_empty()) {
        return Err(thrown(TypeRef::INVALID_OPERATION_EXCEPTION, "The list is empty."));
    }
    change(c, |items| {
        let at = if front { 0 } else { items.len() - 1 };
        items.remove(at);
    })
}

/// Where the first argument is among the items; a script class may say itself what it is equal to.
fn place_of(c: &mut Call<'_>) -> Outcome<i32> {
    if matches!(c.arg(0), Value::Object(object) if object.kind.is_script_class()) {
        let (items, wanted) = (with(c.this, <[Value]>::to_vec), c.arg(0).clone());
        return super::array::find_own(c.engine, &items, &wanted);
    }
    Ok(with(c.this, |items| find(items, c.arg(0))))
}

fn with<R>(value: &Value, look: impl FnOnce(&[Value]) -> R) -> R {
    match value {
        Value::Native(native) => match native.downcast::<List>() {
            Some(list) => look(&list.items.borrow()),
            None => look(&native.data.enumerate().unwrap_or_default()),
        },
        _ => look(&[]),
    }
}

fn change(c: &Call<'_>, change: impl FnOnce(&mut Vec<Value>)) -> Outcome<Value> {
    if let Value::Native(native) = c.this
        && let Some(list) = native.downcast::<List>()
    {
        change(&mut list.items.borrow_mut());
        return Ok(Value::Nothing);
    }
    // The list of an object's type names is a view: what changes is the object.
    if let Value::Native(native) = c.this
        && let Some(view) = native.downcast::<TypeNamesView>()
    {
        let mut names = view.enumerate().unwrap_or_default();
        change(&mut names);
        set_type_names(&view.owner, names.iter().map(convert::to_text).collect());
    }
    Ok(Value::Nothing)
}

fn this(c: &Call<'_>) -> Vec<Value> {
    with(c.this, <[Value]>::to_vec)
}

fn out_of_range(index: i64) -> Unwind {
    thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, format!("The index {index} is outside the list."))
}

fn place(c: &Call<'_>, argument: usize, end_allowed: bool) -> Outcome<usize> {
    let index = c.int(argument);
    let count = with(c.this, |items| items.len()) + usize::from(end_allowed);
    usize::try_from(index).ok().filter(|at| *at < count).ok_or_else(|| out_of_range(index))
}

fn range(c: &Call<'_>, start: usize, count: usize) -> Outcome<(usize, usize)> {
    let total = with(c.this, |items| items.len());
    super::string::span(total, c.int(start), Some(c.int(count)))
        .map_err(|_| thrown(TypeRef::ARGUMENT_EXCEPTION, "The range is outside the list."))
}

/// The items of an argument in the list's element type.
fn typed_items(c: &mut Call<'_>, argument: usize) -> Outcome<Vec<Value>> {
    let element = c.kind.info().arguments.first().copied().unwrap_or(TypeRef::OBJECT);
    let items = elements(c.arg(argument)).unwrap_or_default();
    if element == TypeRef::OBJECT {
        return Ok(items);
    }
    items.iter().map(|item| convert::to(c.engine, item, element)).collect()
}

fn add_range(c: &mut Call<'_>) -> Outcome<Value> {
    let more = typed_items(c, 0)?;
    change(c, |items| items.extend(more))
}

fn copy_to(c: &Call<'_>, at: i64) -> Outcome<Value> {
    let Value::Array(target) = c.arg(0) else { return Ok(Value::Nothing) };
    let source = this(c);
    let start = usize::try_from(at).ok().filter(|start| start + source.len() <= target.len());
    let start = start.ok_or_else(|| thrown(TypeRef::ARGUMENT_EXCEPTION, "The array is too short for the items."))?;
    for (place, item) in target.items_mut().iter_mut().skip(start).zip(source) {
        *place = item;
    }
    Ok(Value::Nothing)
}

fn remove(c: &mut Call<'_>) -> Outcome<bool> {
    let at = place_of(c)?;
    let found = usize::try_from(at).is_ok();
    if let Ok(at) = usize::try_from(at) {
        change(c, |items| drop(items.remove(at)))?;
    }
    Ok(found)
}

fn remove_all(c: &mut Call<'_>) -> Outcome<Value> {
    let items = this(c);
    let before = items.len();
    let mut kept = Vec::with_capacity(before);
    for item in items {
        if !holds(c, 0, &item)? {
            kept.push(item);
        }
    }
    let removed = before - kept.len();
    change(c, |items| *items = kept)?;
    Ok(Value::I32(removed as i32))
}

fn sort_default(c: &mut Call<'_>) -> Outcome<Value> {
    let mut sorted = this(c);
    let by_class = sorted.iter().any(|item| matches!(item, Value::Object(_)));
    match by_class {
        true => sort_comparable(c.engine, &mut sorted)?,
        false => sort_values(&mut sorted)?,
    }
    change(c, |items| *items = sorted)
}

/// Objects that compare themselves, through their `CompareTo`.
fn sort_comparable(engine: &mut dyn Engine, items: &mut [Value]) -> Outcome<()> {
    let mut failure = None;
    items.sort_by(|left, right| {
        if failure.is_some() {
            return Ordering::Equal;
        }
        let result = super::super::call(engine, left, "CompareTo", vec![right.clone()]);
        match result {
            Ok(order) => super::super::integer_of(&order).unwrap_or(0).cmp(&0),
            Err(unwind) => {
                failure = Some(unwind);
                Ordering::Equal
            }
        }
    });
    match failure {
        None => Ok(()),
        Some(Unwind::Control(control)) => Err(Unwind::Control(control)),
        Some(_) => Err(thrown(TypeRef::INVALID_OPERATION_EXCEPTION, "Two of the items cannot be compared.")),
    }
}

fn sort_by(c: &mut Call<'_>) -> Outcome<Value> {
    let Value::ScriptBlock(block) = c.arg(0).clone() else { return sort_default(c) };
    let mut sorted = this(c);
    sort_with(c.engine, &block, &mut sorted)?;
    change(c, |items| *items = sorted)
}

/// Sorts by a script block of two arguments that gives a negative number, zero or a positive one.
pub fn sort_with(engine: &mut dyn Engine, block: &Rc<ScriptBlock>, items: &mut [Value]) -> Outcome<()> {
    let mut failure = None;
    items.sort_by(|left, right| {
        if failure.is_some() {
            return Ordering::Equal;
        }
        let result = engine
            .invoke(block, &[left.clone(), right.clone()], None)
            .and_then(|order| convert::to(engine, &order, TypeRef::INT32));
        match result {
            Ok(order) => super::super::integer_of(&order).unwrap_or(0).cmp(&0),
            Err(unwind) => {
                failure = Some(unwind);
                Ordering::Equal
            }
        }
    });
    failure.map_or(Ok(()), Err)
}

fn holds_block(engine: &mut dyn Engine, block: &Value, item: &Value) -> Outcome<bool> {
    let Value::ScriptBlock(block) = block else { return Ok(false) };
    let result = engine.invoke(block, std::slice::from_ref(item), Some(item.clone()))?;
    Ok(convert::to_bool(&result))
}

fn holds(c: &mut Call<'_>, block: usize, item: &Value) -> Outcome<bool> {
    let block = c.arg(block).clone();
    holds_block(c.engine, &block, item)
}

fn first(c: &mut Call<'_>, block: usize) -> Outcome<Option<(usize, Value)>> {
    for (at, item) in this(c).into_iter().enumerate() {
        if holds(c, block, &item)? {
            return Ok(Some((at, item)));
        }
    }
    Ok(None)
}

fn matching(c: &mut Call<'_>, block: usize) -> Outcome<Vec<Value>> {
    let mut kept = Vec::new();
    for item in this(c) {
        if holds(c, block, &item)? {
            kept.push(item);
        }
    }
    Ok(kept)
}

fn map_items(c: &mut Call<'_>, block: usize) -> Outcome<Vec<Value>> {
    let Value::ScriptBlock(block) = c.arg(block).clone() else { return Ok(Vec::new()) };
    this(c).into_iter().map(|item| c.engine.invoke(&block, std::slice::from_ref(&item), Some(item.clone()))).collect()
}

/// The first item of an array argument for which a block holds, with its place.
pub fn first_match(c: &mut Call<'_>, array: usize, block: usize) -> Outcome<Option<(usize, Value)>> {
    for (at, item) in c.items(array).into_iter().enumerate() {
        if holds(c, block, &item)? {
            return Ok(Some((at, item)));
        }
    }
    Ok(None)
}

/// The items of an array argument for which a block holds.
pub fn all_matches(c: &mut Call<'_>, array: usize, block: usize) -> Outcome<Vec<Value>> {
    let mut kept = Vec::new();
    for item in c.items(array) {
        if holds(c, block, &item)? {
            kept.push(item);
        }
    }
    Ok(kept)
}

/// What a block makes of each item of an array argument.
pub fn map(c: &mut Call<'_>, array: usize, block: usize) -> Outcome<Vec<Value>> {
    let Value::ScriptBlock(block) = c.arg(block).clone() else { return Ok(Vec::new()) };
    c.items(array)
        .into_iter()
        .map(|item| c.engine.invoke(&block, std::slice::from_ref(&item), Some(item.clone())))
        .collect()
}

/// Runs a block for each item of an array argument.
pub fn each(c: &mut Call<'_>, array: usize, block: usize) -> Outcome<Value> {
    map(c, array, block).map(|_| Value::Nothing)
}

/// Items one after another, by `MoveNext` and `Current`.
pub struct Enumerator {
    items: Vec<Value>,
    /// One more than the place of the current item.
    next: Cell<usize>,
    kind: TypeRef,
}

impl NativeObject for Enumerator {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn enumerate(&self) -> Option<Vec<Value>> {
        Some(self.items.iter().skip(self.next.get()).cloned().collect())
    }
    fn is_enumerable(&self) -> bool {
        true
    }
}

/// An enumerator over items.
pub fn enumerator(items: Vec<Value>) -> Value {
    enumerator_of(TypeRef::ARRAY_ENUMERATOR, items)
}

/// An enumerator of a type of its own.
pub fn enumerator_of(kind: TypeRef, items: Vec<Value>) -> Value {
    Native::value(Enumerator { items, next: Cell::new(0), kind })
}

fn current(value: &Value) -> Value {
    let Value::Native(native) = value else { return Value::Null };
    let found = native.downcast::<Enumerator>();
    found.and_then(|e| e.items.get(e.next.get().checked_sub(1)?).cloned()).unwrap_or_default()
}

static ENUMERATOR: Table = Table {
    methods: &[
        ("bool MoveNext()", |c| {
            let Value::Native(native) = c.this else { return Ok(Value::Bool(false)) };
            let Some(state) = native.downcast::<Enumerator>() else { return Ok(Value::Bool(false)) };
            state.next.set((state.next.get() + 1).min(state.items.len() + 1));
            Ok(Value::Bool(state.next.get() <= state.items.len()))
        }),
        ("void Reset()", |c| {
            if let Value::Native(native) = c.this
                && let Some(state) = native.downcast::<Enumerator>()
            {
                state.next.set(0);
            }
            Ok(Value::Nothing)
        }),
        ("void Dispose()", |_| Ok(Value::Nothing)),
    ],
    properties: &[
        get("Current", "System.Object", |_, value| Ok(current(value))),
        get("Key", "System.Object", |engine, value| {
            super::super::get(engine, &current(value), "Key").map(Option::unwrap_or_default)
        }),
        get("Value", "System.Object", |engine, value| {
            super::super::get(engine, &current(value), "Value").map(Option::unwrap_or_default)
        }),
        get("Entry", "System.Object", |_, value| Ok(current(value))),
    ],
    ..Table::EMPTY
};

/// Keeps `natural_order` the one order for sorted collections too.
pub fn ordered(left: &Value, right: &Value) -> Ordering {
    natural_order(left, right).unwrap_or(Ordering::Equal)
}
