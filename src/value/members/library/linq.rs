//! `System.Linq.Enumerable`: what scripts call of it. Results are arrays, as no script can tell them from sequences
//! that are made while they are read.

use super::super::table::{Call, Row, Table};
use super::super::{elements, thrown};
use super::array::natural_order;
use super::list::list_of;
use super::object::equal;
use crate::syntax::BinaryOperator;
use crate::value::hashtable::Key;
use crate::value::operators;
use crate::value::{
    Array, Engine, Hashtable, Native, NativeObject, Outcome, ScriptBlock, TypeRef, Unwind, Value, convert,
};
use rustc_hash::FxHashSet;
use std::any::Any;
use std::cmp::Ordering;
use std::rc::Rc;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::ENUMERABLE, &Table { statics: STATICS, ..Table::EMPTY }),
    (
        TypeRef::GROUPING,
        &Table {
            properties: &[super::super::table::get("Key", "System.Object", |_, v| {
                Ok(grouping(v).map(|group| group.key.clone()).unwrap_or_default())
            })],
            ..Table::EMPTY
        },
    ),
];

/// A group that `GroupBy` makes.
struct Grouping {
    key: Value,
    items: Vec<Value>,
}

impl NativeObject for Grouping {
    fn kind(&self) -> TypeRef {
        TypeRef::GROUPING
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn enumerate(&self) -> Option<Vec<Value>> {
        Some(self.items.clone())
    }
    fn count(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

fn grouping(value: &Value) -> Option<&Grouping> {
    match value {
        Value::Native(native) => native.downcast::<Grouping>(),
        _ => None,
    }
}

/// The items of a sequence that is an argument.
fn items(c: &Call<'_>, index: usize) -> Outcome<Vec<Value>> {
    match c.arg(index) {
        Value::Null => Err(thrown(TypeRef::ARGUMENT_NULL_EXCEPTION, "There is no sequence.")),
        Value::Array(array) => Ok(array.items().clone()),
        other => Ok(elements(other).unwrap_or_else(|| vec![other.clone()])),
    }
}

/// The type of the items of a sequence.
fn element(value: &Value) -> TypeRef {
    match value {
        Value::Array(array) => array.element,
        other => TypeRef::of(other).info().arguments.first().copied().unwrap_or(TypeRef::OBJECT),
    }
}

fn block(c: &Call<'_>, index: usize) -> Outcome<Rc<ScriptBlock>> {
    match c.arg(index) {
        Value::ScriptBlock(block) => Ok(block.clone()),
        _ => Err(thrown(TypeRef::ARGUMENT_NULL_EXCEPTION, "A function is needed there.")),
    }
}

fn apply(engine: &mut dyn Engine, block: &Rc<ScriptBlock>, arguments: &[Value]) -> Outcome<Value> {
    let result = engine.invoke(block, arguments, arguments.first().cloned())?;
    Ok(if matches!(result, Value::Nothing) { Value::Null } else { result })
}

fn sequence(c: &Call<'_>, items: Vec<Value>) -> Outcome<Value> {
    Ok(Value::Array(Array::typed(element(c.arg(0)), items)))
}

/// The items with what a function in the second argument makes of each.
fn mapped(c: &mut Call<'_>) -> Outcome<Vec<(Value, Value)>> {
    let function = block(c, 1)?;
    let items = items(c, 0)?;
    items
        .into_iter()
        .map(|item| apply(c.engine, &function, std::slice::from_ref(&item)).map(|made| (item, made)))
        .collect()
}

/// The items for which a function in the second argument holds; all without one.
fn kept(c: &mut Call<'_>) -> Outcome<Vec<Value>> {
    if c.args.len() < 2 {
        return items(c, 0);
    }
    let held = mapped(c)?.into_iter().filter(|(_, held)| convert::to_bool(held));
    Ok(held.map(|(item, _)| item).collect())
}

/// The values that are summed and compared: the items, or what a function makes of them.
fn values(c: &mut Call<'_>) -> Outcome<Vec<Value>> {
    if c.args.len() < 2 {
        return items(c, 0);
    }
    Ok(mapped(c)?.into_iter().map(|(_, made)| made).collect())
}

fn none() -> Unwind {
    thrown(TypeRef::INVALID_OPERATION_EXCEPTION, "The sequence has no such item.")
}

/// One of the items that were kept.
fn one(c: &mut Call<'_>, pick: fn(Vec<Value>) -> Option<Value>, default: bool) -> Outcome<Value> {
    let kind = element(c.arg(0));
    match (pick(kept(c)?), default) {
        (Some(item), _) => Ok(item),
        (None, true) => Ok(super::super::default_of(kind)),
        (None, false) => Err(none()),
    }
}

fn only(mut items: Vec<Value>) -> Option<Value> {
    if items.len() == 1 { items.pop() } else { None }
}

fn first(items: Vec<Value>) -> Option<Value> {
    items.into_iter().next()
}

fn last(mut items: Vec<Value>) -> Option<Value> {
    items.pop()
}

fn sum(engine: &mut dyn Engine, values: &[Value], start: Value) -> Outcome<Value> {
    values.iter().try_fold(start, |total, value| operators::binary(engine, BinaryOperator::Add, &total, value))
}

/// The sum in the type of the values.
fn total(c: &mut Call<'_>) -> Outcome<Value> {
    let values = values(c)?;
    let kind = values.first().map_or(TypeRef::INT32, TypeRef::of);
    let start = super::super::default_of(kind);
    let start = if start.is_null() { Value::I32(0) } else { start };
    let sum = sum(c.engine, &values, start)?;
    match kind.is_integer() && TypeRef::of(&sum) != kind {
        true => Err(thrown(TypeRef::OVERFLOW_EXCEPTION, "The sum does not fit into the type of the items.")),
        false => Ok(sum),
    }
}

fn average(c: &mut Call<'_>) -> Outcome<Value> {
    let values = values(c)?;
    if values.is_empty() {
        return Err(none());
    }
    let decimal = matches!(values.first(), Some(Value::Decimal(_)));
    let count = values.len() as f64;
    if decimal {
        let sum = sum(c.engine, &values, Value::I32(0))?;
        return operators::binary(c.engine, BinaryOperator::Divide, &sum, &Value::I32(values.len() as i32));
    }
    let sum = values.iter().map(convert::to_f64).sum::<Outcome<f64>>()?;
    Ok(Value::F64(sum / count))
}

fn extreme(c: &mut Call<'_>, wanted: Ordering) -> Outcome<Value> {
    let mut values = values(c)?.into_iter();
    let mut best = values.next().ok_or_else(none)?;
    for value in values {
        if natural_order(&value, &best) == Some(wanted) {
            best = value;
        }
    }
    Ok(best)
}

/// The item whose key is the greatest or least.
fn extreme_by(c: &mut Call<'_>, wanted: Ordering) -> Outcome<Value> {
    let mut pairs = mapped(c)?.into_iter();
    let (mut best, mut best_key) = pairs.next().ok_or_else(none)?;
    for (item, key) in pairs {
        if natural_order(&key, &best_key) == Some(wanted) {
            (best, best_key) = (item, key);
        }
    }
    Ok(best)
}

fn order_by(c: &mut Call<'_>, descending: bool) -> Outcome<Value> {
    let mut pairs = mapped(c)?;
    pairs.sort_by(|(_, left), (_, right)| {
        let order = natural_order(left, right).unwrap_or(Ordering::Equal);
        if descending { order.reverse() } else { order }
    });
    let sorted = pairs.into_iter().map(|(item, _)| item).collect();
    sequence(c, sorted)
}

fn order(c: &mut Call<'_>, descending: bool) -> Outcome<Value> {
    let mut items = items(c, 0)?;
    items.sort_by(|left, right| natural_order(left, right).unwrap_or(Ordering::Equal));
    if descending {
        items.reverse();
    }
    sequence(c, items)
}

/// Each item once, with those of `excluded` left out.
fn distinct(items: Vec<Value>, excluded: &[Value]) -> Vec<Value> {
    let mut seen: FxHashSet<Key> = excluded.iter().map(|item| Key::of(item, true)).collect();
    items.into_iter().filter(|item| seen.insert(Key::of(item, true))).collect()
}

fn group_by(c: &mut Call<'_>) -> Outcome<Value> {
    let table = Hashtable::empty(true, true);
    for (item, key) in mapped(c)? {
        let mut group = match table.get(&key) {
            Some(Value::Array(known)) => known.items().clone(),
            _ => Vec::new(),
        };
        group.push(item);
        table.insert(key, Value::array(group));
    }
    let groups = table
        .pairs()
        .into_iter()
        .map(|(key, group)| Native::value(Grouping { key, items: elements(&group).unwrap_or_default() }));
    Ok(Value::array(groups.collect()))
}

fn aggregate(c: &mut Call<'_>) -> Outcome<Value> {
    let seeded = c.args.len() > 2;
    let function = block(c, if seeded { 2 } else { 1 })?;
    let mut items = items(c, 0)?.into_iter();
    let start = if seeded { Some(c.arg(1).clone()) } else { items.next() };
    let start = start.ok_or_else(none)?;
    items.try_fold(start, |total, item| apply(c.engine, &function, &[total, item]))
}

fn zip(c: &mut Call<'_>) -> Outcome<Value> {
    let pairs: Vec<(Value, Value)> = items(c, 0)?.into_iter().zip(items(c, 1)?).collect();
    let mut made = Vec::with_capacity(pairs.len());
    for (left, right) in pairs {
        made.push(match c.args.len() {
            2 => super::tuple::value_tuple(vec![left, right]),
            _ => {
                let function = block(c, 2)?;
                apply(c.engine, &function, &[left, right])?
            }
        });
    }
    Ok(Value::array(made))
}

/// How many items from the start a function holds for.
fn run_length(c: &mut Call<'_>) -> Outcome<usize> {
    let held = mapped(c)?;
    Ok(held.iter().position(|(_, held)| !convert::to_bool(held)).unwrap_or(held.len()))
}

fn to_dictionary(c: &mut Call<'_>) -> Outcome<Value> {
    let pairs = mapped(c)?;
    let values = match c.args.len() {
        2 => None,
        _ => Some(block(c, 2)?),
    };
    let table = Hashtable::reusing_slots(true);
    for (item, key) in pairs {
        let value = match &values {
            Some(function) => apply(c.engine, function, std::slice::from_ref(&item))?,
            None => item,
        };
        if !table.add(key, value) {
            return Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "Two items have the same key."));
        }
    }
    let kind = TypeRef::generic(TypeRef::DICTIONARY, &[TypeRef::OBJECT, TypeRef::OBJECT]);
    Ok(super::dictionary::dictionary(kind.unwrap_or(TypeRef::DICTIONARY), table))
}

fn count(c: &Call<'_>, index: usize) -> usize {
    usize::try_from(c.int(index)).unwrap_or(0)
}

#[rustfmt::skip]
const STATICS: &[Row] = &[
    ("static int[] Range(int start, int count)", |c| {
        let start = c.int(0) as i32;
        let items = (0..count(c, 1)).map(|at| Value::I32(start.wrapping_add(at as i32))).collect();
        Ok(Value::Array(Array::typed(TypeRef::INT32, items)))
    }),
    ("static System.Object Repeat(System.Object element, int count)", |c| {
        let (item, count) = (c.arg(0).clone(), count(c, 1));
        Ok(Value::Array(Array::typed(TypeRef::of(&item), vec![item; count])))
    }),
    ("static System.Object Empty()", |_| Ok(Value::array(Vec::new()))),
    ("static System.Object Where(System.Object source, scriptblock predicate)", |c| { let found = kept(c)?; sequence(c, found) }),
    ("static System.Object Select(System.Object source, scriptblock selector)", |c| Ok(Value::array(values(c)?))),
    ("static System.Object SelectMany(System.Object source, scriptblock selector)", |c| {
        let made = values(c)?;
        Ok(Value::array(made.iter().flat_map(|part| elements(part).unwrap_or_else(|| vec![part.clone()])).collect()))
    }),
    ("static System.Object Distinct(System.Object source)", |c| { let found = distinct(items(c, 0)?, &[]); sequence(c, found) }),
    ("static System.Object Except(System.Object first, System.Object second)", |c| {
        let found = distinct(items(c, 0)?, &items(c, 1)?);
        sequence(c, found)
    }),
    ("static System.Object Intersect(System.Object first, System.Object second)", |c| {
        let second = items(c, 1)?;
        let both = items(c, 0)?.into_iter().filter(|item| second.iter().any(|other| equal(item, other))).collect();
        sequence(c, distinct(both, &[]))
    }),
    ("static System.Object Union(System.Object first, System.Object second)", |c| {
        let all = items(c, 0)?.into_iter().chain(items(c, 1)?).collect();
        sequence(c, distinct(all, &[]))
    }),
    ("static System.Object Concat(System.Object first, System.Object second)", |c| {
        let all = items(c, 0)?.into_iter().chain(items(c, 1)?).collect();
        sequence(c, all)
    }),
    ("static System.Object Append(System.Object source, System.Object element)", |c| {
        let mut all = items(c, 0)?;
        all.push(c.arg(1).clone());
        sequence(c, all)
    }),
    ("static System.Object Prepend(System.Object source, System.Object element)", |c| {
        let mut all = items(c, 0)?;
        all.insert(0, c.arg(1).clone());
        sequence(c, all)
    }),
    ("static System.Object Reverse(System.Object source)", |c| {
        let mut all = items(c, 0)?;
        all.reverse();
        sequence(c, all)
    }),
    ("static System.Object Skip(System.Object source, int count)", |c| { let rest = items(c, 0)?.into_iter().skip(count(c, 1)).collect(); sequence(c, rest) }),
    ("static System.Object Take(System.Object source, int count)", |c| { let part = items(c, 0)?.into_iter().take(count(c, 1)).collect(); sequence(c, part) }),
    ("static System.Object SkipLast(System.Object source, int count)", |c| {
        let mut all = items(c, 0)?;
        all.truncate(all.len().saturating_sub(count(c, 1)));
        sequence(c, all)
    }),
    ("static System.Object TakeLast(System.Object source, int count)", |c| {
        let all = items(c, 0)?;
        let from = all.len().saturating_sub(count(c, 1));
        sequence(c, all.into_iter().skip(from).collect())
    }),
    ("static System.Object SkipWhile(System.Object source, scriptblock predicate)", |c| {
        let length = run_length(c)?;
        let rest = items(c, 0)?.into_iter().skip(length).collect();
        sequence(c, rest)
    }),
    ("static System.Object TakeWhile(System.Object source, scriptblock predicate)", |c| {
        let length = run_length(c)?;
        let part = items(c, 0)?.into_iter().take(length).collect();
        sequence(c, part)
    }),
    ("static System.Object Chunk(System.Object source, int size)", |c| {
        let (all, kind) = (items(c, 0)?, element(c.arg(0)));
        let parts = all.chunks(count(c, 1).max(1)).map(|part| Value::Array(Array::typed(kind, part.to_vec())));
        Ok(Value::array(parts.collect()))
    }),
    ("static System.Object Zip(System.Object first, System.Object second)", zip),
    ("static System.Object Zip(System.Object first, System.Object second, scriptblock resultSelector)", zip),
    ("static System.Object OrderBy(System.Object source, scriptblock keySelector)", |c| order_by(c, false)),
    ("static System.Object OrderByDescending(System.Object source, scriptblock keySelector)", |c| order_by(c, true)),
    ("static System.Object Order(System.Object source)", |c| order(c, false)),
    ("static System.Object OrderDescending(System.Object source)", |c| order(c, true)),
    ("static System.Object GroupBy(System.Object source, scriptblock keySelector)", group_by),
    ("static System.Object Aggregate(System.Object source, scriptblock func)", aggregate),
    ("static System.Object Aggregate(System.Object source, System.Object seed, scriptblock func)", aggregate),
    ("static System.Object Sum(System.Object source)", total),
    ("static System.Object Sum(System.Object source, scriptblock selector)", total),
    ("static System.Object Average(System.Object source)", average),
    ("static System.Object Average(System.Object source, scriptblock selector)", average),
    ("static System.Object Max(System.Object source)", |c| extreme(c, Ordering::Greater)),
    ("static System.Object Max(System.Object source, scriptblock selector)", |c| extreme(c, Ordering::Greater)),
    ("static System.Object Min(System.Object source)", |c| extreme(c, Ordering::Less)),
    ("static System.Object Min(System.Object source, scriptblock selector)", |c| extreme(c, Ordering::Less)),
    ("static System.Object MaxBy(System.Object source, scriptblock keySelector)", |c| extreme_by(c, Ordering::Greater)),
    ("static System.Object MinBy(System.Object source, scriptblock keySelector)", |c| extreme_by(c, Ordering::Less)),
    ("static int Count(System.Object source)", |c| Ok(Value::I32(kept(c)?.len() as i32))),
    ("static int Count(System.Object source, scriptblock predicate)", |c| Ok(Value::I32(kept(c)?.len() as i32))),
    ("static long LongCount(System.Object source)", |c| Ok(Value::I64(kept(c)?.len() as i64))),
    ("static bool Any(System.Object source)", |c| Ok(Value::Bool(!kept(c)?.is_empty()))),
    ("static bool Any(System.Object source, scriptblock predicate)", |c| Ok(Value::Bool(!kept(c)?.is_empty()))),
    ("static bool All(System.Object source, scriptblock predicate)", |c| {
        let all = items(c, 0)?.len();
        Ok(Value::Bool(kept(c)?.len() == all))
    }),
    ("static bool Contains(System.Object source, System.Object value)", |c| {
        Ok(Value::Bool(items(c, 0)?.iter().any(|item| equal(item, c.arg(1)))))
    }),
    ("static bool SequenceEqual(System.Object first, System.Object second)", |c| {
        let (left, right) = (items(c, 0)?, items(c, 1)?);
        Ok(Value::Bool(left.len() == right.len() && left.iter().zip(&right).all(|(left, right)| equal(left, right))))
    }),
    ("static System.Object First(System.Object source)", |c| one(c, first, false)),
    ("static System.Object First(System.Object source, scriptblock predicate)", |c| one(c, first, false)),
    ("static System.Object FirstOrDefault(System.Object source)", |c| one(c, first, true)),
    ("static System.Object FirstOrDefault(System.Object source, scriptblock predicate)", |c| one(c, first, true)),
    ("static System.Object Last(System.Object source)", |c| one(c, last, false)),
    ("static System.Object Last(System.Object source, scriptblock predicate)", |c| one(c, last, false)),
    ("static System.Object LastOrDefault(System.Object source)", |c| one(c, last, true)),
    ("static System.Object LastOrDefault(System.Object source, scriptblock predicate)", |c| one(c, last, true)),
    ("static System.Object Single(System.Object source)", |c| one(c, only, false)),
    ("static System.Object Single(System.Object source, scriptblock predicate)", |c| one(c, only, false)),
    ("static System.Object SingleOrDefault(System.Object source)", |c| one(c, only, true)),
    ("static System.Object ElementAt(System.Object source, int index)", |c| {
        let outside = || thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "The sequence has no item at that place.");
        usize::try_from(c.int(1)).ok().and_then(|at| items(c, 0).ok()?.into_iter().nth(at)).ok_or_else(outside)
    }),
    ("static System.Object ToArray(System.Object source)", |c| { let all = items(c, 0)?; sequence(c, all) }),
    ("static System.Object ToList(System.Object source)", |c| Ok(list_of(element(c.arg(0)), items(c, 0)?))),
    ("static System.Object ToHashSet(System.Object source)", |c| {
        let kind = TypeRef::generic(TypeRef::HASHSET, &[element(c.arg(0))]).unwrap_or(TypeRef::HASHSET);
        let all = Value::array(items(c, 0)?);
        super::super::construct(c.engine, kind, vec![all])
    }),
    ("static System.Object ToDictionary(System.Object source, scriptblock keySelector)", to_dictionary),
    ("static System.Object ToDictionary(System.Object source, scriptblock keySelector, scriptblock elementSelector)", to_dictionary),
    ("static System.Object AsEnumerable(System.Object source)", |c| Ok(c.take(0))),
    ("static System.Object Cast(System.Object source)", |c| Ok(Value::array(items(c, 0)?))),
];
