//! Members through the public face: tables of calls and what they give.

use crate::value::convert::{Detached, to_text};
use crate::value::{Outcome, TypeRef, Unwind, Value, members, types};

fn shown(result: Outcome<Value>) -> String {
    match result {
        Ok(value) => to_text(&value).to_string(),
        Err(Unwind::Fault(fault)) => format!("!{}", fault.id),
        Err(other) => format!("{other:?}"),
    }
}

fn kind(name: &str) -> TypeRef {
    types::resolve(name).unwrap_or_else(|| panic!("there is no type {name}"))
}

#[test]
fn string_methods() {
    let rows: Vec<(&str, &str, Vec<Value>, &str)> = vec![
        ("abc", "ToUpper", vec![], "ABC"),
        ("  x ", "trim", vec![], "x"),
        ("abc", "Substring", vec!["1".into()], "bc"),
        ("abc", "Substring", vec![1.6.into()], "c"),
        ("abc", "Substring", vec![5.into()], "!ArgumentOutOfRangeException"),
        ("abc", "Substring", vec!["x".into()], "!MethodArgumentConversionInvalidCastArgument"),
        ("abc", "Substring", vec![1.into(), 1.into(), 1.into()], "!MethodCountCouldNotFindBest"),
        ("abc", "Nope", vec![], "!MethodNotFound"),
        ("a,b", "Split", vec![",".into()], "a b"),
        ("a1b", "Replace", vec![1.into(), 2.into()], "a1b"),
        ("abc", "Replace", vec!["".into(), "x".into()], "!ArgumentException"),
        ("abc", "Contains", vec![98.into()], "True"),
        ("x", "PadLeft", vec![3.into(), Value::Char(u16::from(b'.'))], "..x"),
        ("a\u{1f600}b", "IndexOf", vec!["b".into()], "3"),
        ("abc", "Insert", vec!["0".into(), 9.into()], "9abc"),
    ];
    for (text, method, args, expected) in rows {
        assert_eq!(shown(members::call(&mut Detached, &text.into(), method, args)), expected, "'{text}'.{method}");
    }
}

#[test]
fn static_methods() {
    let rows: Vec<(&str, &str, Vec<Value>, &str)> = vec![
        ("math", "Max", vec![1.into(), 2.5.into()], "2"),
        ("math", "Max", vec!["3".into(), 2.into()], "3"),
        ("math", "Round", vec![2.5.into()], "2"),
        ("math", "Sqrt", vec![], "!MethodCountCouldNotFindBest"),
        ("int", "Parse", vec!["42".into()], "42"),
        ("int", "Parse", vec!["x".into()], "!FormatException"),
        ("byte", "Parse", vec!["256".into()], "!OverflowException"),
        ("string", "Join", vec!["-".into(), "a".into(), 1.into()], "a-1"),
        ("string", "IsNullOrEmpty", vec![Value::Null], "True"),
        ("convert", "ToString", vec![10.into(), 2.into()], "1010"),
        ("convert", "ToInt32", vec!["ffffffff".into(), 16.into()], "-1"),
        ("uri", "EscapeDataString", vec!["a b&c".into()], "a%20b%26c"),
        ("ipaddress", "Parse", vec!["10.1".into()], "10.0.0.1"),
        ("guid", "Parse", vec!["x".into()], "!FormatException"),
    ];
    for (name, method, args, expected) in rows {
        let result = members::call_static(&mut Detached, kind(name), method, args);
        assert_eq!(shown(result), expected, "[{name}]::{method}");
    }
}

#[test]
fn lists_and_dictionaries() {
    let engine = &mut Detached;
    let list = members::construct(engine, kind("Collections.Generic.List[int]"), vec![]).unwrap_or_default();
    for item in [Value::I32(3), "1".into(), 2.into()] {
        assert!(members::call(engine, &list, "Add", vec![item]).is_ok());
    }
    assert_eq!(
        shown(members::call(engine, &list, "Add", vec!["x".into()])),
        "!MethodArgumentConversionInvalidCastArgument"
    );
    assert!(members::call(engine, &list, "Sort", vec![]).is_ok());
    assert_eq!(shown(members::index(engine, &list, &(-1).into())), "3");
    assert_eq!(shown(members::index(engine, &list, &9.into())), "");
    assert_eq!(shown(members::get(engine, &list, "count").map(Option::unwrap_or_default)), "3");
    let made = members::construct(engine, kind("Collections.Generic.Dictionary[string,int]"), vec![]);
    let dictionary = made.unwrap_or_default();
    assert!(members::index_set(engine, &dictionary, &"a".into(), "5".into()).is_ok());
    assert_eq!(shown(members::index(engine, &dictionary, &"a".into())), "5");
    assert_eq!(shown(members::call(engine, &dictionary, "Add", vec!["a".into(), 1.into()])), "!ArgumentException");
}

#[test]
fn properties_that_are_not_there() {
    let engine = &mut Detached;
    assert!(matches!(members::get(engine, &5.into(), "Nope"), Ok(None)));
    let set = members::set(engine, &"x".into(), "Length", 5.into());
    assert_eq!(shown(set.map(|()| Value::Null)), "!PropertyAssignmentException");
}
