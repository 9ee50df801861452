//! The .NET library that administrators' scripts use: one file per family of types, each with its tables.

pub(crate) mod array;
mod attribute;
mod bit_array;
pub(crate) mod character;
pub(crate) mod console;
pub(crate) mod convert_class;
mod crypto;
pub(crate) mod culture;
pub(crate) mod date;
pub(crate) mod delegate;
pub(crate) mod dictionary;
pub(crate) mod encoding;
pub(crate) mod environment;
pub(crate) mod exception;
pub(crate) mod guid;
mod host;
pub(crate) mod io;
mod json;
mod lazy;
mod linq;
pub(crate) mod list;
pub(crate) mod math;
mod name_value;
pub(crate) mod net;
pub(crate) mod number;
pub(crate) mod object;
mod parse_number;
pub(crate) mod process;
pub(crate) mod psobject;
pub(crate) mod queue;
mod random;
pub(crate) mod reflection;
pub(crate) mod regex;
pub(crate) mod set;
pub(crate) mod string;
pub(crate) mod string_builder;
pub(crate) mod threading;
pub(crate) mod tuple;
pub(crate) mod version;
pub(crate) mod xml;

pub(crate) use encoding::encoding_of;

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
