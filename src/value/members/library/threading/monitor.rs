//! `Monitor`: locks on objects, by the place of each object in memory.

use super::super::psobject::set_reference;
use super::{caller, limit, wait_until};
use crate::value::members::table::{Call, Table};
use crate::value::members::thrown;
use crate::value::{Outcome, TypeRef, Value};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

thread_local! {
    /// Who holds which object, how often, and the object itself, which must stay alive while it is held.
    static HELD: RefCell<FxHashMap<usize, (usize, usize, Value)>> = RefCell::default();
}

/// The place of an object in memory; value types have none.
fn place(value: &Value) -> Outcome<usize> {
    let found = match value {
        Value::Hashtable(table) => Rc::as_ptr(table) as usize,
        Value::Object(object) => Rc::as_ptr(object) as usize,
        Value::Native(native) => Rc::as_ptr(native) as usize,
        Value::Array(array) => Rc::as_ptr(array) as usize,
        Value::ScriptBlock(block) => Rc::as_ptr(block) as usize,
        Value::Type(kind) => kind.address(),
        Value::Str(text) => text.as_ptr() as usize,
        Value::Null => return Err(thrown(TypeRef::ARGUMENT_NULL_EXCEPTION, "There is no object to lock.")),
        _ => return Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "A value has no identity that could be locked.")),
    };
    Ok(found)
}

fn take(place: usize, owner: usize, value: &Value) -> bool {
    HELD.with_borrow_mut(|held| {
        let entry = held.entry(place).or_insert_with(|| (owner, 0, value.clone()));
        let free = entry.0 == owner;
        entry.1 += usize::from(free);
        free
    })
}

fn enter(c: &mut Call<'_>, most: Option<Duration>) -> Outcome<bool> {
    let value = c.arg(0).clone();
    let (place, owner) = (place(&value)?, caller(&*c.engine));
    wait_until(c.engine, most, || take(place, owner, &value))
}

fn exit(c: &mut Call<'_>) -> Outcome<Value> {
    let (place, owner) = (place(c.arg(0))?, caller(&*c.engine));
    let released = HELD.with_borrow_mut(|held| match held.get_mut(&place) {
        Some(entry) if entry.0 == owner => {
            entry.1 -= 1;
            if entry.1 == 0 { Some(held.remove(&place)) } else { Some(None) }
        }
        _ => None,
    });
    match released {
        Some(_) => Ok(Value::Nothing),
        None => Err(thrown(TypeRef::SYNCHRONIZATION_LOCK_EXCEPTION, "The object is not locked by this caller.")),
    }
}

pub(super) static MONITOR: Table = Table {
    statics: &[
        ("static void Enter(System.Object obj)", |c| enter(c, None).map(|_| Value::Nothing)),
        ("static void Enter(System.Object obj, [ref] bool lockTaken)", |c| {
            let taken = enter(c, None)?;
            set_reference(c.arg(1), Value::Bool(taken))?;
            Ok(Value::Nothing)
        }),
        ("static bool TryEnter(System.Object obj)", |c| enter(c, Some(Duration::ZERO)).map(Value::Bool)),
        ("static bool TryEnter(System.Object obj, int millisecondsTimeout)", |c| {
            let most = limit(c, 1)?;
            enter(c, most).map(Value::Bool)
        }),
        ("static bool TryEnter(System.Object obj, timespan timeout)", |c| {
            let most = limit(c, 1)?;
            enter(c, most).map(Value::Bool)
        }),
        ("static void Exit(System.Object obj)", exit),
        ("static bool IsEntered(System.Object obj)", |c| {
            let (place, owner) = (place(c.arg(0))?, caller(&*c.engine));
            Ok(Value::Bool(HELD.with_borrow(|held| held.get(&place).is_some_and(|entry| entry.0 == owner))))
        }),
    ],
    ..Table::EMPTY
};
