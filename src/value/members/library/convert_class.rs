//! `System.Convert` and `System.BitConverter`.

use super::super::table::{Call, Row, Table, get};
use super::super::thrown;
use super::{array, number};
use crate::value::{Outcome, TypeRef, Unwind, Value, convert};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[(TypeRef::CONVERT, &CONVERT), (TypeRef::BITCONVERTER, &BITS)];

/// A conversion to a number type: from anything, and from text in another radix.
macro_rules! to_number {
    ($name:literal, $shown:literal, $kind:ident) => {
        (concat!("static ", $shown, " ", $name, "(System.Object value)"), |c| to_number(c, TypeRef::$kind))
    };
    ($name:literal, $shown:literal, $kind:ident, radix) => {
        (concat!("static ", $shown, " ", $name, "(string value, int fromBase)"), |c| from_radix(c, TypeRef::$kind))
    };
}

static CONVERT: Table = Table { statics: STATICS, ..Table::EMPTY };

const STATICS: &[Row] = &[
    to_number!("ToInt32", "int", INT32),
    to_number!("ToInt32", "int", INT32, radix),
    to_number!("ToInt64", "long", INT64),
    to_number!("ToInt64", "long", INT64, radix),
    to_number!("ToInt16", "int16", INT16),
    to_number!("ToInt16", "int16", INT16, radix),
    to_number!("ToByte", "byte", BYTE),
    to_number!("ToByte", "byte", BYTE, radix),
    to_number!("ToSByte", "sbyte", SBYTE),
    to_number!("ToUInt16", "uint16", UINT16),
    to_number!("ToUInt16", "uint16", UINT16, radix),
    to_number!("ToUInt32", "uint", UINT32),
    to_number!("ToUInt32", "uint", UINT32, radix),
    to_number!("ToUInt64", "ulong", UINT64),
    to_number!("ToUInt64", "ulong", UINT64, radix),
    to_number!("ToDouble", "double", DOUBLE),
    to_number!("ToSingle", "float", SINGLE),
    to_number!("ToDecimal", "decimal", DECIMAL),
    to_number!("ToDateTime", "datetime", DATETIME),
    ("static bool ToBoolean(System.Object value)", |c| match c.arg(0) {
        Value::Str(text) => match super::object::parse_bool(text) {
            Some(flag) => Ok(Value::Bool(flag)),
            None => Err(thrown(TypeRef::FORMAT_EXCEPTION, format!("'{text}' is neither True nor False."))),
        },
        other => Ok(Value::Bool(convert::to_bool(other))),
    }),
    ("static char ToChar(System.Object value)", |c| {
        let value = c.take(0);
        convert::to(c.engine, &value, TypeRef::CHAR).map_err(|unwind| bad_format(unwind, &value))
    }),
    ("static string ToString(int value, int toBase)", to_radix),
    ("static string ToString(long value, int toBase)", to_radix),
    ("static string ToString(byte value, int toBase)", to_radix),
    ("static string ToString(int16 value, int toBase)", to_radix),
    ("static string ToString(System.Object value)", |c| Ok(Value::Str(convert::to_text(c.arg(0))))),
    ("static string ToString(System.Object value, System.IFormatProvider provider)", |c| {
        let culture = super::culture::of(c.arg(1));
        Ok(Value::from(crate::value::format_text::format_value(c.arg(0), None, culture)?))
    }),
    ("static string ToBase64String(byte[] inArray)", |c| Ok(Value::from(STANDARD.encode(array::bytes_of(c.arg(0)))))),
    ("static string ToBase64String(byte[] inArray, System.Base64FormattingOptions options)", |c| {
        let text = STANDARD.encode(array::bytes_of(c.arg(0)));
        Ok(Value::from(if c.int(1) == 1 { in_lines(&text) } else { text }))
    }),
    ("static byte[] FromBase64String(string s)", |c| {
        let plain: String = c.text(0).chars().filter(|c| !c.is_whitespace()).collect();
        let bytes = STANDARD.decode(plain);
        let broken = |_| thrown(TypeRef::FORMAT_EXCEPTION, "The text is not base64.");
        Ok(array::bytes(bytes.map_err(broken)?))
    }),
    ("static string ToHexString(byte[] inArray)", |c| Ok(Value::from(hex(&array::bytes_of(c.arg(0)), "", true)))),
    ("static string ToHexStringLower(byte[] inArray)", |c| Ok(Value::from(hex(&array::bytes_of(c.arg(0)), "", false)))),
    ("static byte[] FromHexString(string s)", |c| {
        let broken = || thrown(TypeRef::FORMAT_EXCEPTION, "The text is not pairs of hexadecimal digits.");
        Ok(array::bytes(from_hex(c.text(0)).ok_or_else(broken)?))
    }),
    ("static System.Object ChangeType(System.Object value, type conversionType)", |c| {
        let Value::Type(kind) = c.arg(1) else { return Ok(Value::Null) };
        let (value, kind) = (c.arg(0).clone(), *kind);
        convert::to(c.engine, &value, kind).map_err(|unwind| bad_format(unwind, &value))
    }),
    ("static System.TypeCode GetTypeCode(System.Object value)", |c| {
        super::super::call(c.engine, &c.args[0].clone(), "GetTypeCode", Vec::new())
    }),
    ("static bool IsDBNull(System.Object value)", |_| Ok(Value::Bool(false))),
];

/// Lines of 76 characters, as the option asks.
fn in_lines(text: &str) -> String {
    const WIDTH: usize = 76;
    let lines: Vec<String> =
        text.as_bytes().chunks(WIDTH).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    lines.join("\r\n")
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8], separator: &str, upper: bool) -> String {
    let digits: Vec<String> =
        bytes.iter().map(|byte| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") }).collect();
    digits.join(separator)
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let even = text.len().is_multiple_of(2) && text.is_ascii();
    let pairs = (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok());
    if even { pairs.collect() } else { None }
}

fn bad_format(unwind: Unwind, value: &Value) -> Unwind {
    let overflow = matches!(&unwind, Unwind::Fault(fault) if fault.inner.as_ref().is_some_and(|inner| inner.kind == TypeRef::OVERFLOW_EXCEPTION));
    let kind = if overflow { TypeRef::OVERFLOW_EXCEPTION } else { TypeRef::FORMAT_EXCEPTION };
    match unwind {
        Unwind::Control(_) => unwind,
        _ => thrown(kind, format!("'{}' is not such a value.", convert::to_text(value))),
    }
}

/// Text must be a plain number here; the language's own conversions allow more.
fn to_number(c: &mut Call<'_>, kind: TypeRef) -> Outcome<Value> {
    let value = c.take(0);
    if let (Value::Str(text), true) = (&value, kind.is_number()) {
        return super::super::call_static(c.engine, kind, "Parse", vec![Value::Str(text.clone())]).map_err(inner_of);
    }
    convert::to(c.engine, &value, kind).map_err(|unwind| bad_format(unwind, &value))
}

/// The exception inside a wrapped one, so that it is not wrapped twice.
fn inner_of(unwind: Unwind) -> Unwind {
    match super::super::exception_of(&unwind).and_then(|exception| exception.inner.clone()) {
        Some(inner) => thrown(inner.kind, inner.message.borrow().to_string()),
        None => unwind,
    }
}

fn radix(c: &Call<'_>) -> Outcome<u32> {
    match c.int(1) {
        radix @ (2 | 8 | 10 | 16) => Ok(radix as u32),
        _ => Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "The base must be 2, 8, 10 or 16.")),
    }
}

fn from_radix(c: &mut Call<'_>, kind: TypeRef) -> Outcome<Value> {
    let radix = radix(c)?;
    let text = c.text(0);
    let digits = if radix == 16 { text.strip_prefix("0x").or(text.strip_prefix("0X")).unwrap_or(text) } else { text };
    if digits.is_empty() {
        let empty = thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "The text is empty.");
        return if text.is_empty() { Ok(super::super::default_of(kind)) } else { Err(empty) };
    }
    let wide = i128::from_str_radix(digits, radix)
        .map_err(|_| thrown(TypeRef::FORMAT_EXCEPTION, format!("'{text}' is no number in base {radix}.")))?;
    let bits = match kind {
        kind if kind == TypeRef::INT32 => Some(32),
        kind if kind == TypeRef::INT64 => Some(64),
        kind if kind == TypeRef::INT16 => Some(16),
        _ => None,
    };
    // Digits in other bases are the bit pattern, so the upper half is negative.
    let signed = match bits {
        Some(bits) if radix != 10 && wide >= 1i128 << (bits - 1) && wide < 1i128 << bits => wide - (1i128 << bits),
        _ => wide,
    };
    number::narrow(kind, signed)
        .ok_or_else(|| thrown(TypeRef::OVERFLOW_EXCEPTION, format!("'{text}' does not fit into [{kind}].")))
}

fn to_radix(c: &mut Call<'_>) -> Outcome<Value> {
    let radix = radix(c)?;
    let bits: u64 = match c.arg(0) {
        Value::I32(n) => u64::from(*n as u32),
        Value::I16(n) => u64::from(*n as u16),
        other => super::super::integer_of(other).unwrap_or(0) as u64,
    };
    Ok(Value::from(match radix {
        2 => format!("{bits:b}"),
        8 => format!("{bits:o}"),
        16 => format!("{bits:x}"),
        _ => c.int(0).to_string(),
    }))
}

static BITS: Table = Table {
    statics: BIT_STATICS,
    static_properties: &[get("IsLittleEndian", "bool", |_, _| Ok(Value::Bool(true)))],
    ..Table::EMPTY
};

/// `size` bytes from a start, zero-extended; an exception where there are not as many.
fn word(c: &Call<'_>, size: usize) -> Outcome<u64> {
    let bytes = array::bytes_of(c.arg(0));
    let part = usize::try_from(c.int(1)).ok().and_then(|start| bytes.get(start..start.checked_add(size)?));
    let part = part.ok_or_else(|| thrown(TypeRef::ARGUMENT_EXCEPTION, "There are not enough bytes from there on."))?;
    Ok(part.iter().rev().fold(0u64, |word, byte| word << 8 | u64::from(*byte)))
}

fn to_bytes(value: &Value) -> Vec<u8> {
    match value {
        Value::Bool(v) => vec![u8::from(*v)],
        Value::Char(v) | Value::U16(v) => v.to_le_bytes().to_vec(),
        Value::I16(v) => v.to_le_bytes().to_vec(),
        Value::I32(v) => v.to_le_bytes().to_vec(),
        Value::U32(v) => v.to_le_bytes().to_vec(),
        Value::I64(v) => v.to_le_bytes().to_vec(),
        Value::U64(v) => v.to_le_bytes().to_vec(),
        Value::F32(v) => v.to_le_bytes().to_vec(),
        Value::F64(v) => v.to_le_bytes().to_vec(),
        other => (super::super::integer_of(other).unwrap_or(0) as i16).to_le_bytes().to_vec(),
    }
}

const BIT_STATICS: &[Row] = &[
    ("static byte[] GetBytes(System.Object value)", |c| Ok(array::bytes(to_bytes(c.arg(0))))),
    ("static int ToInt32(byte[] value, int startIndex)", |c| Ok(Value::I32(word(c, 4)? as i32))),
    ("static uint ToUInt32(byte[] value, int startIndex)", |c| Ok(Value::U32(word(c, 4)? as u32))),
    ("static int16 ToInt16(byte[] value, int startIndex)", |c| Ok(Value::I16(word(c, 2)? as i16))),
    ("static uint16 ToUInt16(byte[] value, int startIndex)", |c| Ok(Value::U16(word(c, 2)? as u16))),
    ("static long ToInt64(byte[] value, int startIndex)", |c| Ok(Value::I64(word(c, 8)? as i64))),
    ("static ulong ToUInt64(byte[] value, int startIndex)", |c| Ok(Value::U64(word(c, 8)?))),
    ("static double ToDouble(byte[] value, int startIndex)", |c| Ok(Value::F64(f64::from_bits(word(c, 8)?)))),
    ("static float ToSingle(byte[] value, int startIndex)", |c| Ok(Value::F32(f32::from_bits(word(c, 4)? as u32)))),
    ("static bool ToBoolean(byte[] value, int startIndex)", |c| Ok(Value::Bool(word(c, 1)? != 0))),
    ("static char ToChar(byte[] value, int startIndex)", |c| Ok(Value::Char(word(c, 2)? as u16))),
    ("static string ToString(byte[] value)", |c| Ok(Value::from(hex(&array::bytes_of(c.arg(0)), "-", true)))),
    ("static string ToString(byte[] value, int startIndex)", |c| {
        let bytes = array::bytes_of(c.arg(0));
        let start = usize::try_from(c.int(1)).unwrap_or(0).min(bytes.len());
        Ok(Value::from(hex(bytes.get(start..).unwrap_or_default(), "-", true)))
    }),
    ("static string ToString(byte[] value, int startIndex, int length)", |c| {
        let bytes = array::bytes_of(c.arg(0));
        let (start, length) = super::string::span(bytes.len(), c.int(1), Some(c.int(2)))?;
        Ok(Value::from(hex(bytes.get(start..start + length).unwrap_or_default(), "-", true)))
    }),
    ("static long DoubleToInt64Bits(double value)", |c| Ok(Value::I64(c.double(0).to_bits() as i64))),
    ("static double Int64BitsToDouble(long value)", |c| Ok(Value::F64(f64::from_bits(c.int(0) as u64)))),
];
