//! `Interlocked`: one step of arithmetic on a variable given by reference.

use super::super::psobject::{get_reference, set_reference};
use crate::syntax::BinaryOperator;
use crate::value::members::table::{Call, Table};
use crate::value::{Outcome, TypeRef, Value, convert, operators};

/// Adds, and stores the sum in the type that was there.
fn added(c: &mut Call<'_>, amount: &Value) -> Outcome<Value> {
    let before = get_reference(c.arg(0));
    let sum = operators::binary(c.engine, BinaryOperator::Add, &before, amount)?;
    let kind = if before.is_null() { TypeRef::INT32 } else { TypeRef::of(&before) };
    // As .NET has it, the number wraps where it leaves its type.
    let sum = match kind {
        kind if kind == TypeRef::INT32 => Value::I32(convert::to_i64(&sum)? as i32),
        kind => convert::to(c.engine, &sum, kind)?,
    };
    set_reference(c.arg(0), sum.clone())?;
    Ok(sum)
}

fn exchange(c: &mut Call<'_>) -> Outcome<Value> {
    let before = get_reference(c.arg(0));
    set_reference(c.arg(0), c.arg(1).clone())?;
    Ok(before)
}

pub(super) static INTERLOCKED: Table = Table {
    statics: &[
        ("static int Increment([ref] int location)", |c| added(c, &Value::I32(1))),
        ("static int Decrement([ref] int location)", |c| added(c, &Value::I32(-1))),
        ("static int Add([ref] int location1, System.Object value)", |c| {
            let amount = c.arg(1).clone();
            added(c, &amount)
        }),
        ("static System.Object Exchange([ref] System.Object location1, System.Object value)", exchange),
        (
            "static System.Object CompareExchange([ref] System.Object location1, System.Object value, System.Object comparand)",
            |c| {
                let before = get_reference(c.arg(0));
                if super::super::object::equal(&before, c.arg(2)) {
                    set_reference(c.arg(0), c.arg(1).clone())?;
                }
                Ok(before)
            },
        ),
        ("static long Read([ref] long location)", |c| Ok(get_reference(c.arg(0)))),
    ],
    ..Table::EMPTY
};
