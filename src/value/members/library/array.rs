//! `System.Array` and its elements, of one dimension and of several.

use super::super::table::{Call, PropertyRow, Row, Table, get};
use super::super::{integer_of, thrown};
use super::object::equal;
use crate::value::{
    Array, Engine, ErrorCategory, Fault, Outcome, Str, TypeRef, Unwind, Value, compare, convert, members,
};
use std::cmp::Ordering;
use std::rc::Rc;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[(TypeRef::ARRAY, &ARRAY)];

static ARRAY: Table =
    Table { methods: METHODS, statics: STATICS, constructors: &[], properties: PROPERTIES, static_properties: &[] };

const PROPERTIES: &[PropertyRow] = &[
    get("Count", "int", |_, value| Ok(Value::I32(items(value).len() as i32))),
    get("Length", "int", |_, value| Ok(Value::I32(items(value).len() as i32))),
    get("LongLength", "long", |_, value| Ok(Value::I64(items(value).len() as i64))),
    get("Rank", "int", |_, value| Ok(Value::I32(sizes(value).len() as i32))),
    get("SyncRoot", "System.Object", |_, value| Ok(value.clone())),
    get("IsReadOnly", "bool", |_, _| Ok(Value::Bool(false))),
    get("IsFixedSize", "bool", |_, _| Ok(Value::Bool(true))),
    get("IsSynchronized", "bool", |_, _| Ok(Value::Bool(false))),
];

const METHODS: &[Row] = &[
    ("System.Object Get(int index)", get_value),
    ("System.Object GetValue(int index)", get_value),
    ("System.Object GetValue(params int[] indices)", get_value),
    ("System.Object Get(params int[] indices)", get_value),
    ("void Set(int index, System.Object value)", |c| {
        let (index, value) = (c.take(0), c.take(1));
        set_value(c, value, vec![index])
    }),
    ("void SetValue(System.Object value, int index)", |c| {
        let (value, index) = (c.take(0), c.take(1));
        set_value(c, value, vec![index])
    }),
    ("void SetValue(System.Object value, params int[] indices)", |c| {
        let (value, indices) = (c.take(0), c.items(1));
        set_value(c, value, indices)
    }),
    ("int GetLength(int dimension)", |c| Ok(Value::I32(dimension(c)? as i32))),
    ("long GetLongLength(int dimension)", |c| Ok(Value::I64(dimension(c)? as i64))),
    ("int GetLowerBound(int dimension)", |c| dimension(c).map(|_| Value::I32(0))),
    ("int GetUpperBound(int dimension)", |c| Ok(Value::I32(dimension(c)? as i32 - 1))),
    ("string ToString()", |c| match c.this {
        Value::Array(array) => Ok(Value::from(convert::array_type_name(array))),
        other => Ok(Value::Str(convert::to_text(other))),
    }),
    ("System.Object Clone()", |c| Ok(copy_of(c.this))),
    ("void CopyTo(array array, int index)", |c| copy_into(&items(c.this), 0, c.arg(0), c.int(1), None)),
    ("System.Collections.IEnumerator GetEnumerator()", |c| Ok(super::list::enumerator(items(c.this)))),
    ("bool Contains(System.Object value)", |c| {
        let (items, wanted) = (items(c.this), c.take(0));
        Ok(Value::Bool(find_own(c.engine, &items, &wanted)? >= 0))
    }),
    ("int IndexOf(System.Object value)", |c| {
        let (items, wanted) = (items(c.this), c.take(0));
        find_own(c.engine, &items, &wanted).map(Value::I32)
    }),
    ("int Add(System.Object value)", |_| fixed_size("Add")),
    ("void Insert(int index, System.Object value)", |_| fixed_size("Insert")),
    ("void Remove(System.Object value)", |_| fixed_size("Remove")),
    ("void RemoveAt(int index)", |_| fixed_size("RemoveAt")),
    ("void Clear()", |c| clear(c.this)),
    ("void Initialize()", |_| Ok(Value::Nothing)),
];

const STATICS: &[Row] = &[
    ("static void Sort(array array)", |c| sort(c, None)),
    ("static void Sort(array array, scriptblock comparison)", sort_by_block),
    ("static void Sort(array array, System.Comparison[System.Object] comparison)", sort_by_block),
    ("static void Sort(array array, System.Collections.IComparer comparer)", |c| sort(c, None)),
    ("static void Sort(array keys, array items)", sort_keys),
    ("static void Sort(array array, int index, int length)", |c| {
        let range = (c.int(1), c.int(2));
        sort(c, Some(range))
    }),
    ("static void Reverse(array array)", |c| with_items(c.arg(0), |items| items.reverse())),
    ("static void Reverse(array array, int index, int length)", |c| {
        let (start, length) = super::string::span(items(c.arg(0)).len(), c.int(1), Some(c.int(2)))?;
        with_items(c.arg(0), |items| {
            if let Some(part) = items.get_mut(start..start + length) {
                part.reverse();
            }
        })
    }),
    ("static int IndexOf(array array, System.Object value)", |c| {
        let (items, wanted) = (items(c.arg(0)), c.take(1));
        find_own(c.engine, &items, &wanted).map(Value::I32)
    }),
    ("static int IndexOf(array array, System.Object value, int startIndex)", |c| {
        let skip = usize::try_from(c.int(2)).unwrap_or(0);
        let found = items(c.arg(0)).iter().skip(skip).position(|item| equal(item, c.arg(1)));
        Ok(Value::I32(found.map_or(-1, |at| (at + skip) as i32)))
    }),
    ("static int LastIndexOf(array array, System.Object value)", |c| {
        let found = items(c.arg(0)).iter().rposition(|item| equal(item, c.arg(1)));
        Ok(Value::I32(found.map_or(-1, |at| at as i32)))
    }),
    ("static int BinarySearch(array array, System.Object value)", |c| binary_search(&items(c.arg(0)), c.arg(1))),
    ("static void Copy(array sourceArray, array destinationArray, int length)", |c| {
        let count = c.int(2);
        copy_into(&items(c.arg(0)), 0, c.arg(1), 0, Some(count))
    }),
    (
        "static void Copy(array sourceArray, int sourceIndex, array destinationArray, int destinationIndex, int length)",
        |c| {
            let (from, to, count) = (c.int(1), c.int(3), c.int(4));
            copy_into(&items(c.arg(0)), from, c.arg(2), to, Some(count))
        },
    ),
    ("static void Clear(array array)", |c| clear(c.arg(0))),
    ("static void Clear(array array, int index, int length)", |c| {
        let (start, length) = super::string::span(items(c.arg(0)).len(), c.int(1), Some(c.int(2)))?;
        let blank = members::default_of(element_of(c.arg(0)));
        with_items(c.arg(0), |items| items.iter_mut().skip(start).take(length).for_each(|item| *item = blank.clone()))
    }),
    ("static void Fill(array array, System.Object value)", |c| {
        let (element, value) = (element_of(c.arg(0)), c.take(1));
        let value = convert::to(c.engine, &value, element)?;
        with_items(c.arg(0), |items| items.iter_mut().for_each(|item| *item = value.clone()))
    }),
    ("static void Fill(array array, System.Object value, int startIndex, int count)", |c| {
        let (start, count) = super::string::span(items(c.arg(0)).len(), c.int(2), Some(c.int(3)))?;
        let (element, value) = (element_of(c.arg(0)), c.take(1));
        let value = convert::to(c.engine, &value, element)?;
        with_items(c.arg(0), |items| items.iter_mut().skip(start).take(count).for_each(|item| *item = value.clone()))
    }),
    ("static System.Object FindLast(array array, scriptblock match)", |c| {
        let found = super::list::all_matches(c, 0, 1)?.pop();
        Ok(found.unwrap_or_else(|| members::default_of(element_of(c.arg(0)))))
    }),
    ("static int get_MaxLength()", |_| Ok(Value::I32(0x7fff_ffc7))),
    ("static void Resize([ref] array array, int newSize)", resize),
    ("static array CreateInstance(type elementType, params int[] lengths)", |c| {
        let element = type_argument(c.arg(0));
        let sizes: Vec<Value> = c.items(1);
        construct(c.engine, element, &sizes)
    }),
    ("static array Empty()", |_| Ok(Value::array(Vec::new()))),
    ("static System.Object Find(array array, scriptblock match)", |c| {
        Ok(super::list::first_match(c, 0, 1)?.map_or(Value::Null, |(_, item)| item))
    }),
    ("static array FindAll(array array, scriptblock match)", |c| {
        let kept = super::list::all_matches(c, 0, 1)?;
        Ok(Value::Array(Array::typed(element_of(c.arg(0)), kept)))
    }),
    ("static int FindIndex(array array, scriptblock match)", |c| {
        Ok(Value::I32(super::list::first_match(c, 0, 1)?.map_or(-1, |(at, _)| at as i32)))
    }),
    ("static bool Exists(array array, scriptblock match)", |c| {
        Ok(Value::Bool(super::list::first_match(c, 0, 1)?.is_some()))
    }),
    ("static bool TrueForAll(array array, scriptblock match)", |c| {
        Ok(Value::Bool(super::list::all_matches(c, 0, 1)?.len() == items(c.arg(0)).len()))
    }),
    ("static void ForEach(array array, scriptblock action)", |c| super::list::each(c, 0, 1)),
    ("static array ConvertAll(array array, scriptblock converter)", |c| super::list::map(c, 0, 1).map(Value::array)),
];

/// A `string[]`.
pub(crate) fn strings<T: Into<Str>>(items: impl IntoIterator<Item = T>) -> Value {
    Value::Array(Array::typed(TypeRef::STRING, items.into_iter().map(|item| Value::Str(item.into())).collect()))
}

/// A `byte[]`.
pub(crate) fn bytes(items: impl IntoIterator<Item = u8>) -> Value {
    Value::Array(Array::bytes(items.into_iter().collect()))
}

/// The bytes of a `byte[]`.
pub(crate) fn bytes_of(value: &Value) -> Vec<u8> {
    match value {
        Value::Array(array) => match array.to_bytes() {
            Some(bytes) => bytes,
            None => array.values().iter().filter_map(|item| integer_of(item).map(|n| n as u8)).collect(),
        },
        _ => Vec::new(),
    }
}

/// An array's items; empty for anything else.
pub(crate) fn items(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(array) => array.values(),
        _ => super::super::elements(value).unwrap_or_default(),
    }
}

fn element_of(value: &Value) -> TypeRef {
    match value {
        Value::Array(array) => array.element,
        _ => TypeRef::OBJECT,
    }
}

fn type_argument(value: &Value) -> TypeRef {
    match value {
        Value::Type(kind) => *kind,
        _ => TypeRef::OBJECT,
    }
}

fn with_items(value: &Value, change: impl FnOnce(&mut Vec<Value>)) -> Outcome<Value> {
    if let Value::Array(array) = value {
        change(&mut array.items_mut());
    }
    Ok(Value::Nothing)
}

fn sizes(value: &Value) -> Vec<usize> {
    match value {
        Value::Array(array) if array.dimensions.len() > 1 => array.dimensions.iter().map(|n| *n as usize).collect(),
        other => vec![items(other).len()],
    }
}

fn dimension(c: &Call<'_>) -> Outcome<usize> {
    let found = usize::try_from(c.int(0)).ok().and_then(|at| sizes(c.this).get(at).copied());
    found.ok_or_else(|| out_of_range("The array has no such dimension."))
}

fn out_of_range(message: &str) -> Unwind {
    thrown(TypeRef::INDEX_OUT_OF_RANGE_EXCEPTION, message)
}

/// The place of one or several indexes.
fn place(value: &Value, indices: &[Value]) -> Outcome<usize> {
    let sizes = sizes(value);
    let mut at = 0usize;
    if sizes.len() != indices.len() {
        return Err(thrown(TypeRef::ARGUMENT_EXCEPTION, format!("Give {} indexes, one a dimension.", sizes.len())));
    }
    for (index, size) in indices.iter().zip(&sizes) {
        let number = integer_of(index).and_then(|n| usize::try_from(n).ok()).filter(|n| n < size);
        at = at * size + number.ok_or_else(|| out_of_range("The index is outside the array."))?;
    }
    Ok(at)
}

fn get_value(c: &mut Call<'_>) -> Outcome<Value> {
    let indices = match c.arg(0) {
        Value::Array(array) => array.values(),
        one => vec![one.clone()],
    };
    let at = place(c.this, &indices)?;
    Ok(items(c.this).into_iter().nth(at).unwrap_or_default())
}

fn set_value(c: &mut Call<'_>, value: Value, indices: Vec<Value>) -> Outcome<Value> {
    let at = place(c.this, &indices)?;
    let value = convert::to(c.engine, &value, element_of(c.this))?;
    with_items(c.this, |items| {
        if let Some(place) = items.get_mut(at) {
            *place = value;
        }
    })
}

/// An array of the same type with the same items.
pub(crate) fn copy_of(value: &Value) -> Value {
    match value {
        Value::Array(array) => {
            let (items, dimensions) = (array.values(), array.dimensions.clone());
            Value::Array(Rc::new(Array::with_dimensions(array.element, items, dimensions)))
        }
        other => other.clone(),
    }
}

fn copy_into(source: &[Value], from: i64, target: &Value, to: i64, count: Option<i64>) -> Outcome<Value> {
    let count = count.unwrap_or(source.len() as i64);
    let (from, count) = super::string::span(source.len(), from, Some(count))?;
    let room = items(target).len();
    let (to, _) = super::string::span(room, to, Some(count as i64))
        .map_err(|_| thrown(TypeRef::ARGUMENT_EXCEPTION, "The destination is too short for the items."))?;
    let copied: Vec<Value> = source.iter().skip(from).take(count).cloned().collect();
    let element = element_of(target);
    let copied = copied.iter().map(|item| convert::to_plain(item, element)).collect::<Outcome<Vec<_>>>()?;
    with_items(target, |items| {
        for (place, item) in items.iter_mut().skip(to).zip(copied) {
            *place = item;
        }
    })
}

/// The first place of a value, or -1.
pub(crate) fn find(items: &[Value], wanted: &Value) -> i32 {
    items.iter().position(|item| equal(item, wanted)).map_or(-1, |at| at as i32)
}

/// The same where a script class may say itself what it is equal to.
pub(crate) fn find_own(engine: &mut dyn Engine, items: &[Value], wanted: &Value) -> Outcome<i32> {
    if !matches!(wanted, Value::Object(object) if object.kind.is_script_class()) {
        return Ok(find(items, wanted));
    }
    for (at, item) in items.iter().enumerate() {
        if !item.is_null() && compare::equals_with(engine, wanted, item, true)? {
            return Ok(at as i32);
        }
    }
    Ok(-1)
}

fn fixed_size(name: &str) -> Outcome<Value> {
    let text = format!("'{name}' is not possible: an array has a fixed size. Use += or a List.");
    Err(thrown(TypeRef::NOT_SUPPORTED_EXCEPTION, text))
}

fn clear(value: &Value) -> Outcome<Value> {
    let blank = members::default_of(element_of(value));
    with_items(value, |items| items.fill(blank))
}

fn sort(c: &mut Call<'_>, range: Option<(i64, i64)>) -> Outcome<Value> {
    let mut sorted = items(c.arg(0));
    let (start, length) = match range {
        Some((start, length)) => super::string::span(sorted.len(), start, Some(length))?,
        None => (0, sorted.len()),
    };
    if let Some(part) = sorted.get_mut(start..start + length) {
        sort_values(part)?;
    }
    with_items(c.arg(0), |items| *items = sorted)
}

/// Sorts as `Comparer.Default` does; what cannot be compared is an `InvalidOperationException`.
pub(crate) fn sort_values(items: &mut [Value]) -> Outcome<()> {
    let mut failed = false;
    items.sort_by(|left, right| {
        natural_order(left, right).unwrap_or_else(|| {
            failed = true;
            Ordering::Equal
        })
    });
    match failed {
        true => Err(thrown(TypeRef::INVALID_OPERATION_EXCEPTION, "Two of the items cannot be compared.")),
        false => Ok(()),
    }
}

/// The order of two values by `IComparable`: nulls first, text by culture with case.
pub(crate) fn natural_order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left.is_null(), right.is_null()) {
        (true, true) => return Some(Ordering::Equal),
        (true, false) => return Some(Ordering::Less),
        (false, true) => return Some(Ordering::Greater),
        (false, false) => {}
    }
    let alike = TypeRef::of(left) == TypeRef::of(right) || TypeRef::of(left).is_number();
    if !alike || !TypeRef::of(left).implements(TypeRef::ICOMPARABLE) && !TypeRef::of(left).is_script_class() {
        return None;
    }
    compare::order(left, right, true).ok()
}

fn sort_by_block(c: &mut Call<'_>) -> Outcome<Value> {
    let Value::ScriptBlock(block) = c.arg(1).clone() else { return sort(c, None) };
    let mut sorted = items(c.arg(0));
    super::list::sort_with(c.engine, &block, &mut sorted)?;
    with_items(c.arg(0), |items| *items = sorted)
}

fn sort_keys(c: &mut Call<'_>) -> Outcome<Value> {
    let (keys, values) = (items(c.arg(0)), items(c.arg(1)));
    let mut pairs: Vec<(Value, Value)> = keys.into_iter().zip(values).collect();
    pairs.sort_by(|(left, _), (right, _)| natural_order(left, right).unwrap_or(Ordering::Equal));
    let (keys, values): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
    with_items(c.arg(0), |items| *items = keys)?;
    with_items(c.arg(1), |items| *items = values)
}

/// The index found, or the complement of where it would stand.
pub(crate) fn binary_search(items: &[Value], wanted: &Value) -> Outcome<Value> {
    let found = items.binary_search_by(|item| natural_order(item, wanted).unwrap_or(Ordering::Equal));
    Ok(Value::I32(match found {
        Ok(at) => at as i32,
        Err(at) => !(at as i32),
    }))
}

fn resize(c: &mut Call<'_>) -> Outcome<Value> {
    let current = super::psobject::get_reference(c.arg(0));
    let element = element_of(&current);
    let size = usize::try_from(c.int(1))
        .map_err(|_| thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "The new size is negative."))?;
    let mut resized = items(&current);
    resized.resize(size, members::default_of(element));
    super::psobject::set_reference(c.arg(0), Value::Array(Array::typed(element, resized)))?;
    Ok(Value::Nothing)
}

/// `[int[]]::new(3)`, `[int[,]]::new(2, 3)`.
pub(crate) fn construct(engine: &mut dyn Engine, element: TypeRef, sizes: &[Value]) -> Outcome<Value> {
    let mut dimensions = Vec::with_capacity(sizes.len());
    for size in sizes {
        let number = integer_of(&convert::to(engine, size, TypeRef::INT32)?).unwrap_or(0);
        let size = u32::try_from(number)
            .map_err(|_| thrown(TypeRef::OVERFLOW_EXCEPTION, format!("An array cannot have {number} elements.")))?;
        dimensions.push(size);
    }
    let total = dimensions.iter().try_fold(1usize, |total, size| total.checked_mul(*size as usize));
    match total.filter(|total| *total <= MOST_ITEMS && !dimensions.is_empty()) {
        Some(total) => {
            let dimensions = if dimensions.len() > 1 { dimensions } else { Vec::new() };
            let blank = members::default_of(element);
            Ok(Value::Array(Rc::new(Array::filled(element, blank, total, dimensions))))
        }
        None => Fault::new("MethodCountCouldNotFindBest", "An array needs sizes that fit into memory.")
            .exception("System.Management.Automation.MethodException")
            .category(ErrorCategory::NotSpecified)
            .err(),
    }
}

/// More than this is a mistake, not an array.
const MOST_ITEMS: usize = 1 << 31;
