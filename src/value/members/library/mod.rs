//! The .NET library that administrators' scripts use: one file per family of types, each with its tables.

pub mod array;
mod attribute;
pub mod character;
pub mod console;
pub mod convert_class;
pub mod culture;
pub mod date;
pub mod delegate;
pub mod dictionary;
pub mod encoding;
pub mod environment;
pub mod exception;
pub mod guid;
pub mod hash;
mod host;
pub mod io;
mod linq;
pub mod list;
pub mod math;
pub mod net;
pub mod number;
pub mod object;
mod parse_number;
pub mod process;
pub mod psobject;
pub mod queue;
mod random;
pub mod reflection;
pub mod regex;
pub mod set;
pub mod string;
pub mod string_builder;
pub mod tuple;
pub mod version;
pub mod xml;

pub use encoding::encoding_of;

use super::table::Table;
use crate::value::{Str, TypeRef, Value};

/// Every table, by type.
pub(super) static TABLES: &[&[(TypeRef, &Table)]] = &[
    &[(TypeRef::STRING, &string::TABLE)],
    object::TABLES,
    array::TABLES,
    attribute::TABLES,
    character::TABLES,
    console::TABLES,
    host::TABLES,
    culture::TABLES,
    date::TABLES,
    delegate::TABLES,
    number::TABLES,
    math::TABLES,
    linq::TABLES,
    list::TABLES,
    dictionary::TABLES,
    queue::TABLES,
    random::TABLES,
    regex::TABLES,
    set::TABLES,
    string_builder::TABLES,
    tuple::TABLES,
    guid::TABLES,
    exception::TABLES,
    reflection::TABLES,
    version::TABLES,
    process::TABLES,
    psobject::TABLES,
    convert_class::TABLES,
    environment::TABLES,
    net::TABLES,
    hash::TABLES,
    encoding::TABLES,
    io::TABLES,
    xml::TABLES,
];

/// The text of a string value; empty for anything else.
pub(super) fn text_or_empty(value: &Value) -> Str {
    match value {
        Value::Str(text) => text.clone(),
        _ => Str::from(""),
    }
}
