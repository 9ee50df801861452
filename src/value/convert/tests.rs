//! Conversions through the public face, as tables.

use super::{to_bool, to_plain, to_text};
use crate::value::{Array, Hashtable, TypeRef, Unwind, Value, number, types};

fn kind(name: &str) -> TypeRef {
    types::resolve(name).unwrap_or(TypeRef::OBJECT)
}

/// The converted value's type and text, or the error's id.
fn cast(target: &str, value: Value) -> String {
    match to_plain(&value, kind(target)) {
        Ok(converted) => format!("{} {}", TypeRef::of(&converted).short_name(), to_text(&converted)),
        Err(Unwind::Fault(fault)) => format!("! {}", fault.id),
        Err(other) => format!("{other:?}"),
    }
}

#[test]
fn text_to_numbers() {
    let cases = [
        ("int", "42", "Int32 42"),
        ("int", " 42 ", "Int32 42"),
        ("int", "3.6", "Int32 4"),
        ("int", "2.5", "Int32 2"),
        ("int", "0x1F", "Int32 31"),
        ("int", "0xFFFFFFFF", "Int32 -1"),
        ("int", "1e3", "Int32 1000"),
        ("int", "1,234", "Int32 1234"),
        ("int", "1KB", "Int32 1024"),
        ("int", "0b101", "Int32 5"),
        ("int", "", "Int32 0"),
        ("int", " ", "Int32 0"),
        ("int", "007", "Int32 7"),
        ("int", "(5)", "! InvalidCastFromStringToInteger"),
        ("int", "5 6", "! InvalidCastFromStringToInteger"),
        ("int", "0x", "Int32 0"),
        ("int", "2147483648", "! InvalidCastFromStringToInteger"),
        ("int", "5.", "Int32 5"),
        ("int", ".5", "Int32 0"),
        ("int", "true", "! InvalidCastFromStringToInteger"),
        ("byte", "256", "! InvalidCastFromStringToInteger"),
        ("long", "0xFFFFFFFF", "Int64 4294967295"),
        ("double", "1.5", "Double 1.5"),
        ("double", "1kb", "Double 1024"),
        ("double", "x", "! InvalidCastFromStringToDoubleOrSingle"),
        // As recorded: zeros at the end of a text do not become digits of the decimal.
        ("decimal", "1.10", "Decimal 1.1"),
        ("bigint", "12345678901234567890", "BigInteger 12345678901234567890"),
        ("char", "ab", "! InvalidCastParseTargetInvocation"),
        ("char", "é", "Char é"),
    ];
    for (target, text, expected) in cases {
        assert_eq!(cast(target, text.into()), expected, "[{target}]'{text}'");
    }
}

#[test]
fn numbers_to_numbers() {
    let cases: Vec<(&str, Value, &str)> = vec![
        ("int", 0.5.into(), "Int32 0"),
        ("int", 1.5.into(), "Int32 2"),
        ("int", (-2.5).into(), "Int32 -2"),
        ("int", 1e10.into(), "! InvalidCastIConvertible"),
        ("byte", 256.into(), "! InvalidCastIConvertible"),
        ("char", (-1).into(), "! InvalidCastIConvertible"),
        ("char", 65.into(), "Char A"),
        ("int", Value::Char(65), "Int32 65"),
        ("bool", 2.into(), "Boolean True"),
        ("int", true.into(), "Int32 1"),
        ("decimal", 1.5.into(), "Decimal 1.5"),
        ("bigint", 2.5.into(), "BigInteger 2"),
        ("string", 1.50.into(), "String 1.5"),
        ("int", Value::Null, "Int32 0"),
        ("string", Value::Null, "String "),
        ("datetime", Value::Null, "! InvalidCastFromNull"),
        ("int", Value::array(vec![5.into()]), "! ConvertToFinalInvalidCastException"),
        ("datetime", "2024-02-30".into(), "! InvalidCastParseTargetInvocationWithFormatProvider"),
        ("datetime", "2024-05-06 17:08:09".into(), "DateTime 05/06/2024 17:08:09"),
        ("timespan", "01:30".into(), "TimeSpan 01:30:00"),
        ("timespan", 5.into(), "TimeSpan 00:00:00.0000005"),
        ("DayOfWeek", "monday".into(), "DayOfWeek Monday"),
        ("DayOfWeek", "Fri".into(), "DayOfWeek Friday"),
        ("DayOfWeek", "T".into(), "! SubstringDisambiguationEnumParseThrewAnException"),
        ("DayOfWeek", "nope".into(), "! SubstringDisambiguationEnumParseThrewAnException"),
        ("DayOfWeek", 99.into(), "! UndefinedIntegerToEnum"),
        ("DayOfWeek", 2.into(), "DayOfWeek Tuesday"),
        ("System.IO.FileAttributes", "ReadOnly, Hidden".into(), "FileAttributes ReadOnly, Hidden"),
        ("System.IO.FileAttributes", 3.into(), "FileAttributes ReadOnly, Hidden"),
        ("type", "int".into(), "RuntimeType int"),
        ("type", "no.such".into(), "! InvalidCastFromStringToType"),
        ("int[]", Value::array(vec!["1".into(), 2.6.into(), "0x10".into()]), "Int32[] 1 3 16"),
        ("string[]", Value::array(vec![1.into(), true.into(), 2.5.into()]), "String[] 1 True 2.5"),
        ("char[]", "hi".into(), "Char[] h i"),
        ("int[]", "7".into(), "Int32[] 7"),
        ("byte[]", Value::array(vec![256.into()]), "! InvalidCastIConvertible"),
        ("hashtable", 5.into(), "! ConvertToFinalInvalidCastException"),
        ("scriptblock", "text".into(), "! ConvertToFinalInvalidCastException"),
    ];
    for (target, value, expected) in cases {
        let shown = format!("[{target}]{value:?}");
        assert_eq!(cast(target, value), expected, "{shown}");
    }
}

#[test]
fn truth() {
    let falsy = [
        Value::Null,
        0.into(),
        0.0.into(),
        "".into(),
        Value::array(vec![]),
        Value::array(vec![0.into()]),
        Value::array(vec![Value::Null]),
        Value::array(vec![Value::array(vec![])]),
        Value::Char(0),
        super::boolean::switch(false).unwrap_or(Value::Null),
    ];
    for value in falsy {
        assert!(!to_bool(&value), "{value:?}");
    }
    let truthy = [
        1.into(),
        "0".into(),
        "false".into(),
        " ".into(),
        f64::NAN.into(),
        Value::array(vec![0.into(), 0.into()]),
        Value::Hashtable(Hashtable::plain()),
    ];
    for value in truthy {
        assert!(to_bool(&value), "{value:?}");
    }
}

#[test]
fn texts() {
    let nested = Value::array(vec![Value::array(vec![1.into()]), 2.into()]);
    let typed = Value::Array(Array::typed(TypeRef::INT32, vec![1.into(), 2.into()]));
    let cases: Vec<(Value, &str)> = vec![
        (nested, "System.Object[] 2"),
        (Value::array(vec![1.into(), Value::Null, "b".into()]), "1  b"),
        (typed, "1 2"),
        (Value::Hashtable(Hashtable::plain()), "System.Collections.Hashtable"),
        (Value::Hashtable(Hashtable::ordered()), "System.Collections.Specialized.OrderedDictionary"),
        (Value::Type(TypeRef::INT32), "int"),
        ((0.1 + 0.2).into(), "0.3"),
        (number::scan("1.10d").unwrap_or(Value::Null), "1.10"),
    ];
    for (value, expected) in cases {
        assert_eq!(&*to_text(&value), expected);
    }
    let table = Hashtable::from_pairs(true, [("a".into(), 1.into()), ("b".into(), Value::array(vec![]))]);
    let object = super::to_custom_object(&Value::Hashtable(table));
    assert_eq!(&*to_text(&object), "@{a=1; b=System.Object[]}");
}
