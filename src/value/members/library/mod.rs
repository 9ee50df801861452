//! The .NET library that administrators' scripts use: one file per family of types, each with its tables.

pub mod array;
mod attribute;
mod bit_array;
pub mod character;
pub mod console;
pub mod convert_class;
mod crypto;
pub mod culture;
pub mod date;
pub mod delegate;
pub mod dictionary;
pub mod encoding;
pub mod environment;
pub mod exception;
pub mod guid;
mod host;
pub mod io;
mod json;
mod lazy;
mod linq;
pub mod list;
pub mod math;
mod name_value;
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
pub mod threading;
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
    bit_array::TABLES,
    json::TABLES,
    lazy::TABLES,
    name_value::TABLES,
    threading::TABLES,
    crypto::TABLES[0],
    crypto::TABLES[1],
    crypto::TABLES[2],
    crypto::TABLES[3],
    crypto::TABLES[4],
    encoding::TABLES,
    io::TABLES,
    xml::TABLES,
    xml::LINQ,
];

/// The text of a string value; empty for anything else.
pub(super) fn text_or_empty(value: &Value) -> Str {
    match value {
        Value::Str(text) => text.clone(),
        _ => Str::from(""),
    }
}
