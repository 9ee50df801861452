//! `Activator`: objects of a type that is known only when the script runs.

use super::super::super::table::{Call, Table};
use super::super::super::{construct, thrown};
use super::type_argument;
use crate::value::{Outcome, TypeRef, Unwind, Value};

pub(super) static ACTIVATOR: Table = Table {
    statics: &[
        ("static System.Object CreateInstance(type type)", |c| create(c, Vec::new())),
        ("static System.Object CreateInstance(type type, params System.Object[] args)", |c| {
            let args = c.items(1);
            create(c, args)
        }),
        ("static System.Object CreateInstance(type type, bool nonPublic)", |c| create(c, Vec::new())),
    ],
    ..Table::EMPTY
};

fn create(c: &mut Call<'_>, args: Vec<Value>) -> Outcome<Value> {
    let Some(kind) = type_argument(c.arg(0)) else {
        return Err(thrown(TypeRef::ARGUMENT_NULL_EXCEPTION, "The type is null."));
    };
    if kind.is_value_type() && args.is_empty() {
        return Ok(super::super::super::default_of(kind));
    }
    construct(c.engine, kind, args).map_err(|unwind| failed(unwind, kind))
}

/// Without a fitting constructor the exception is .NET's own; what a constructor throws passes as it is.
fn failed(unwind: Unwind, kind: TypeRef) -> Unwind {
    match &unwind {
        Unwind::Fault(fault) if fault.id == "MethodCountCouldNotFindBest" => {
            thrown(TypeRef::MISSING_METHOD_EXCEPTION, format!("[{kind}] has no constructor for these arguments."))
        }
        _ => super::inner_of(unwind),
    }
}
