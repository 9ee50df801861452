//! `System.Object`, `System.Enum`, and the static helpers every type shares.

use super::super::table::{Call, Row, Table};
use super::super::thrown;
use crate::value::culture::Culture;
use crate::value::hashtable::Key;
use crate::value::{Outcome, TypeRef, Value, compare, convert, format_text};
use std::hash::{Hash, Hasher};
use std::rc::Rc;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::OBJECT, &OBJECT),
    (TypeRef::ENUM, &ENUM),
    (TypeRef::BOOLEAN, &BOOLEAN),
    (TypeRef::SCRIPTBLOCK, &super::psobject::SCRIPTBLOCK),
];

static OBJECT: Table = Table {
    methods: &[
        ("string ToString()", |c| Ok(Value::Str(convert::to_text_with(c.engine, c.this, None)?))),
        ("type GetType()", |c| Ok(Value::Type(TypeRef::of(c.this)))),
        ("bool Equals(System.Object obj)", |c| Ok(Value::Bool(equal(c.this, c.arg(0))))),
        ("int GetHashCode()", |c| Ok(Value::I32(hash_code(c.this)))),
    ],
    statics: &[
        ("static bool Equals(System.Object objA, System.Object objB)", |c| Ok(Value::Bool(equal(c.arg(0), c.arg(1))))),
        ("static bool ReferenceEquals(System.Object objA, System.Object objB)", |c| {
            Ok(Value::Bool(same_reference(c.arg(0), c.arg(1))))
        }),
    ],
    constructors: &[("System.Object()", |_| Ok(super::psobject::plain_object()))],
    ..Table::EMPTY
};

static BOOLEAN: Table = Table {
    methods: &[
        ("string ToString()", |c| Ok(Value::Str(convert::to_text(c.this)))),
        ("string ToString(System.IFormatProvider provider)", |c| Ok(Value::Str(convert::to_text(c.this)))),
        ("int CompareTo(bool value)", |c| {
            let (left, right) = (matches!(c.this, Value::Bool(true)), c.flag(0));
            Ok(Value::I32(i32::from(left) - i32::from(right)))
        }),
    ],
    statics: &[
        ("static bool Parse(string value)", |c| match parse_bool(c.text(0)) {
            Some(flag) => Ok(Value::Bool(flag)),
            None => Err(thrown(TypeRef::FORMAT_EXCEPTION, format!("'{}' is neither True nor False.", c.text(0)))),
        }),
        ("static bool TryParse(string value, [ref] bool result)", |c| {
            let parsed = parse_bool(c.text(0));
            super::psobject::set_reference(c.arg(1), Value::Bool(parsed.unwrap_or(false)))?;
            Ok(Value::Bool(parsed.is_some()))
        }),
    ],
    static_properties: &[
        super::super::table::get("TrueString", "string", |_, _| Ok(Value::from("True"))),
        super::super::table::get("FalseString", "string", |_, _| Ok(Value::from("False"))),
    ],
    ..Table::EMPTY
};

/// `True` or `False` without regard to case, blanks around allowed.
pub(crate) fn parse_bool(text: &str) -> Option<bool> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("true") {
        return Some(true);
    }
    text.eq_ignore_ascii_case("false").then_some(false)
}

static ENUM: Table = Table {
    methods: &[
        ("string ToString()", |c| Ok(Value::Str(convert::to_text(c.this)))),
        ("string ToString(string format)", |c| {
            let format = c.text(0).to_owned();
            Ok(Value::from(format_text::format_value(c.this, Some(&format), Culture::current())?))
        }),
        ("bool HasFlag(System.Enum flag)", |c| {
            let (bits, wanted) = (super::super::integer_of(c.this), super::super::integer_of(c.arg(0)));
            Ok(Value::Bool(bits.zip(wanted).is_some_and(|(bits, wanted)| bits & wanted == wanted)))
        }),
        ("int CompareTo(System.Object target)", |c| {
            let order = super::super::integer_of(c.this).cmp(&super::super::integer_of(c.arg(0)));
            Ok(Value::I32(order as i32))
        }),
        ("System.TypeCode GetTypeCode()", |_| Ok(TypeRef::TYPE_CODE.enum_of(9))),
    ],
    statics: ENUM_STATICS,
    properties: &[super::super::table::PropertyRow {
        name: "value__",
        kind: "int",
        member: "Property",
        get: |_, value| Ok(number_of(value)),
        set: None,
    }],
    ..Table::EMPTY
};

const ENUM_STATICS: &[Row] = &[
    ("static System.Object Parse(type enumType, string value)", |c| parse_enum(c, 0, 1, false)),
    ("static System.Object Parse(type enumType, string value, bool ignoreCase)", |c| {
        let ignore = c.flag(2);
        parse_enum(c, 0, 1, ignore)
    }),
    ("static bool TryParse(type enumType, string value, [ref] System.Object result)", |c| try_parse_enum(c, false, 2)),
    ("static bool TryParse(type enumType, string value, bool ignoreCase, [ref] System.Object result)", |c| {
        let ignore = c.flag(2);
        try_parse_enum(c, ignore, 3)
    }),
    ("static string[] GetNames(type enumType)", |c| {
        let kind = enum_type(c.arg(0))?;
        Ok(super::array::strings(sorted_members(kind).into_iter().map(|(name, _)| name)))
    }),
    ("static array GetValues(type enumType)", |c| {
        let kind = enum_type(c.arg(0))?;
        let values = sorted_members(kind).into_iter().map(|(_, number)| kind.enum_of(number)).collect();
        Ok(Value::Array(crate::value::Array::typed(kind, values)))
    }),
    ("static string GetName(type enumType, System.Object value)", |c| {
        let kind = enum_type(c.arg(0))?;
        let bits = super::super::integer_of(c.arg(1));
        let found = kind.enum_members().iter().find(|(_, number)| Some(*number) == bits);
        Ok(found.map_or(Value::Null, |(name, _)| Value::from(*name)))
    }),
    ("static bool IsDefined(type enumType, System.Object value)", |c| {
        let kind = enum_type(c.arg(0))?;
        let mut members = kind.enum_members().iter();
        Ok(Value::Bool(match c.arg(1) {
            Value::Str(text) => members.any(|(name, _)| *name == &**text),
            other => {
                let bits = super::super::integer_of(other);
                members.any(|(_, number)| Some(*number) == bits)
            }
        }))
    }),
    ("static System.Object ToObject(type enumType, System.Object value)", |c| {
        let kind = enum_type(c.arg(0))?;
        Ok(kind.enum_of(super::super::integer_of(c.arg(1)).unwrap_or(0)))
    }),
    ("static string Format(type enumType, System.Object value, string format)", |c| {
        let kind = enum_type(c.arg(0))?;
        let member = kind.enum_of(super::super::integer_of(c.arg(1)).unwrap_or(0));
        let format = c.text(2).to_owned();
        Ok(Value::from(format_text::format_value(&member, Some(&format), Culture::current())?))
    }),
    ("static type GetUnderlyingType(type enumType)", |c| {
        let kind = enum_type(c.arg(0))?;
        Ok(Value::Type(kind.info().enumeration.map_or(TypeRef::INT32, |info| info.underlying)))
    }),
];

/// By number, as .NET orders them.
fn sorted_members(kind: TypeRef) -> Vec<(&'static str, i64)> {
    let mut members = kind.enum_members().to_vec();
    members.sort_by_key(|(_, number)| *number as u64);
    members
}

fn enum_type(value: &Value) -> Outcome<TypeRef> {
    match value {
        Value::Type(kind) if kind.is_enum() => Ok(*kind),
        _ => Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "The type must be an enumeration.")),
    }
}

/// The number behind an enumeration's member, in its underlying type.
pub(crate) fn number_of(value: &Value) -> Value {
    let Value::Enum(member) = value else { return Value::Null };
    let underlying = member.kind.info().enumeration.map_or(TypeRef::INT32, |info| info.underlying);
    convert::to_plain(&Value::I64(member.bits), underlying).unwrap_or(Value::I64(member.bits))
}

/// One name, several with commas, or a number.
fn read_enum(kind: TypeRef, text: &str, ignore_case: bool) -> Option<i64> {
    let mut bits = 0;
    for part in text.split(',').map(str::trim) {
        let named = kind
            .enum_members()
            .iter()
            .find(|(name, _)| if ignore_case { name.eq_ignore_ascii_case(part) } else { *name == part });
        bits |= match named {
            Some((_, number)) => *number,
            None => part.parse().ok()?,
        };
    }
    Some(bits)
}

fn parse_enum(c: &mut Call<'_>, kind: usize, text: usize, ignore_case: bool) -> Outcome<Value> {
    let kind = enum_type(c.arg(kind))?;
    match read_enum(kind, c.text(text), ignore_case) {
        Some(bits) => Ok(kind.enum_of(bits)),
        None => Err(thrown(TypeRef::ARGUMENT_EXCEPTION, format!("[{kind}] has no member '{}'.", c.text(text)))),
    }
}

/// With two arguments before the result, or with the enumeration taken from the type the call is made on.
fn try_parse_enum(c: &mut Call<'_>, ignore_case: bool, result: usize) -> Outcome<Value> {
    let kind = enum_type(c.arg(0))?;
    let found = read_enum(kind, c.text(1), ignore_case);
    super::psobject::set_reference(c.arg(result), kind.enum_of(found.unwrap_or(0)))?;
    Ok(Value::Bool(found.is_some()))
}

/// `Equals`: values by value and type, references by identity.
pub(crate) fn equal(left: &Value, right: &Value) -> bool {
    if left.is_null() || right.is_null() {
        return left.is_null() && right.is_null();
    }
    if TypeRef::of(left) != TypeRef::of(right) {
        return false;
    }
    match (left, right) {
        (Value::Object(_), _) | (Value::Array(_), _) | (Value::Hashtable(_), _) | (Value::ScriptBlock(_), _) => {
            same_reference(left, right)
        }
        _ => Key::of(left, true) == Key::of(right, true) || compare::equals(left, right, true),
    }
}

/// True where both are the very same object. Value types never are.
pub(crate) fn same_reference(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Null | Value::Nothing, Value::Null | Value::Nothing) => true,
        (Value::Str(a), Value::Str(b)) => a.same(b),
        (Value::Array(a), Value::Array(b)) => Rc::ptr_eq(a, b),
        (Value::Hashtable(a), Value::Hashtable(b)) => Rc::ptr_eq(a, b),
        (Value::Object(a), Value::Object(b)) => Rc::ptr_eq(a, b),
        (Value::ScriptBlock(a), Value::ScriptBlock(b)) => Rc::ptr_eq(a, b),
        (Value::Error(a), Value::Error(b)) => Rc::ptr_eq(a, b),
        (Value::Exception(a), Value::Exception(b)) => Rc::ptr_eq(a, b),
        (Value::Native(a), Value::Native(b)) => Rc::ptr_eq(a, b),
        (Value::Type(a), Value::Type(b)) => a == b,
        _ => false,
    }
}

/// A hash code: the number itself for small integers, as .NET has it.
pub(crate) fn hash_code(value: &Value) -> i32 {
    match value {
        Value::I64(number) => (*number ^ (*number >> 32)) as i32,
        Value::F64(number) => {
            let bits = number.to_bits();
            (bits ^ (bits >> 32)) as i32
        }
        Value::Str(_)
        | Value::Decimal(_)
        | Value::BigInt(_)
        | Value::Native(_)
        | Value::Object(_)
        | Value::Array(_) => {
            let mut hasher = rustc_hash::FxHasher::default();
            Key::of(value, true).hash(&mut hasher);
            hasher.finish() as i32
        }
        other => super::super::integer_of(other).unwrap_or(0) as i32,
    }
}
