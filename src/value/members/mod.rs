//! Members of values: properties, methods, constructors, indexing. What a type has stands in tables of rows
//! (`library`); what scripts add stands with the object or with a type's name (`extension`). Callers ask here by
//! name; `find_method` and `find_property` give rows that a call site may keep.

mod access;
mod call_site;
mod definition;
mod describe;
mod extension;
mod index;
mod intrinsic;
mod invoke;
pub(crate) mod library;
mod overload;
mod table;
mod view;

pub(crate) use access::{get, get_own, get_static, set, set_static};
pub(crate) use call_site::CallSite;
pub(crate) use definition::property_definition;
pub(crate) use describe::{
    MemberEntry, hidden_members, methods, properties, property_names, static_members, type_methods, type_properties,
};
pub(crate) use extension::{
    TypeData, add_member, all_type_data, bare, find_member, insert_type_name, own_members, set_own_text, type_data,
    type_names, update_type_data, with_type_data,
};
pub(crate) use index::{index, index_set};
pub(crate) use invoke::{call, call_static, construct, exception_of, has_constructor_for, invoke, thrown};
pub(crate) use table::{
    ClassMembers, Method, declare_class, find_method, find_property, find_static_method, integer_of,
};
pub(crate) use view::{MemberView, Reference, member as member_view};

use super::{DateKind, DateTime, TimeSpan, TypeRef, Value};
use std::rc::Rc;

/// The items of what a pipeline would unroll; `None` for one thing and for no output at all.
pub(crate) fn enumerable(value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::Nothing => None,
        value => super::enumerate(value),
    }
}

/// The items of anything that has some, as .NET's `foreach` sees it: characters of text, entries of tables.
pub(crate) fn elements(value: &Value) -> Option<Vec<Value>> {
    match extension::bare(value) {
        Value::Str(text) => Some(text.encode_utf16().map(Value::Char).collect()),
        Value::Hashtable(table) => {
            Some(table.pairs().into_iter().map(|(key, value)| library::dictionary::entry(key, value)).collect())
        }
        value => {
            let dictionary = match value {
                Value::Native(native) => native.data.dictionary(),
                _ => None,
            };
            match dictionary {
                Some(table) => Some(library::dictionary::pairs_of(TypeRef::of(value), table)),
                None => enumerable(value),
            }
        }
    }
}

/// The value of a type before anything is assigned: zero, false, null.
pub(crate) fn default_of(kind: TypeRef) -> Value {
    const ZEROS: [(TypeRef, Value); 13] = [
        (TypeRef::INT32, Value::I32(0)),
        (TypeRef::BOOLEAN, Value::Bool(false)),
        (TypeRef::DOUBLE, Value::F64(0.0)),
        (TypeRef::INT64, Value::I64(0)),
        (TypeRef::BYTE, Value::U8(0)),
        (TypeRef::CHAR, Value::Char(0)),
        (TypeRef::SBYTE, Value::I8(0)),
        (TypeRef::INT16, Value::I16(0)),
        (TypeRef::UINT16, Value::U16(0)),
        (TypeRef::UINT32, Value::U32(0)),
        (TypeRef::UINT64, Value::U64(0)),
        (TypeRef::SINGLE, Value::F32(0.0)),
        (TypeRef::TIMESPAN, Value::TimeSpan(TimeSpan(0))),
    ];
    if let Some((_, zero)) = ZEROS.iter().find(|(known, _)| *known == kind) {
        return zero.clone();
    }
    if kind.is_enum() {
        return kind.enum_of(0);
    }
    let made: [(TypeRef, fn() -> Value); 4] = [
        (TypeRef::DATETIME, || DateTime::new(0, DateKind::Unspecified).map_or(Value::Null, Value::DateTime)),
        (TypeRef::DECIMAL, || Value::Decimal(Rc::new(rust_decimal::Decimal::ZERO))),
        (TypeRef::BIGINTEGER, || Value::BigInt(Rc::new(num_bigint::BigInt::ZERO))),
        (TypeRef::GUID, || library::guid::value(uuid::Uuid::nil())),
    ];
    made.iter().find(|(known, _)| *known == kind).map_or(Value::Null, |(_, make)| make())
}

#[cfg(test)]
mod tests;
