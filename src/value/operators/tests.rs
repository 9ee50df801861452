//! Operators through the public face: literals are written as PowerShell writes them, results as type and text.

use super::{binary, unary};
use crate::syntax::{BinaryOperator, CaseSensitivity, Comparison, UnaryOperator};
use crate::value::convert::{Detached, to_plain, to_text};
use crate::value::{Outcome, TypeRef, Unwind, Value, number, types};

/// A literal: a number, 'text', `$null`, `$true`, `[type]text`, or a list of such in parentheses.
fn literal(text: &str) -> Value {
    let text = text.trim();
    if let Some(list) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return Value::array(list.split(',').filter(|item| !item.is_empty()).map(literal).collect());
    }
    if let Some(quoted) = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return quoted.into();
    }
    if let Some((kind, rest)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let kind = types::resolve(kind).unwrap_or(TypeRef::OBJECT);
        return to_plain(&rest.into(), kind).unwrap_or(Value::Null);
    }
    match text {
        "$true" => true.into(),
        "$false" => false.into(),
        "$null" => Value::Null,
        other => number::scan(other).unwrap_or(Value::Null),
    }
}

fn shown(outcome: Outcome<Value>) -> String {
    match outcome {
        Ok(value) if value.is_null() => "null".to_string(),
        Ok(value) => format!("{} {}", TypeRef::of(&value).short_name(), to_text(&value)),
        Err(Unwind::Fault(fault)) => format!("! {}", fault.id),
        Err(other) => format!("{other:?}"),
    }
}

const OPERATORS: &[(&str, BinaryOperator)] = &[
    ("+", BinaryOperator::Add),
    ("-", BinaryOperator::Subtract),
    ("*", BinaryOperator::Multiply),
    ("/", BinaryOperator::Divide),
    ("%", BinaryOperator::Remainder),
    ("..", BinaryOperator::Range),
    ("-f", BinaryOperator::Format),
    ("-band", BinaryOperator::BitAnd),
    ("-bor", BinaryOperator::BitOr),
    ("-bxor", BinaryOperator::BitXor),
    ("-shl", BinaryOperator::ShiftLeft),
    ("-shr", BinaryOperator::ShiftRight),
    ("-is", BinaryOperator::Is),
    ("-as", BinaryOperator::As),
    ("-join", BinaryOperator::Join),
    ("-eq", BinaryOperator::Compare(Comparison::Equal, CaseSensitivity::Insensitive)),
    ("-ceq", BinaryOperator::Compare(Comparison::Equal, CaseSensitivity::Sensitive)),
    ("-ne", BinaryOperator::Compare(Comparison::NotEqual, CaseSensitivity::Insensitive)),
    ("-gt", BinaryOperator::Compare(Comparison::Greater, CaseSensitivity::Insensitive)),
    ("-lt", BinaryOperator::Compare(Comparison::Less, CaseSensitivity::Insensitive)),
    ("-ge", BinaryOperator::Compare(Comparison::GreaterOrEqual, CaseSensitivity::Insensitive)),
    ("-clt", BinaryOperator::Compare(Comparison::Less, CaseSensitivity::Sensitive)),
    ("-like", BinaryOperator::Compare(Comparison::Like, CaseSensitivity::Insensitive)),
    ("-match", BinaryOperator::Compare(Comparison::Match, CaseSensitivity::Insensitive)),
    ("-replace", BinaryOperator::Compare(Comparison::Replace, CaseSensitivity::Insensitive)),
    ("-split", BinaryOperator::Compare(Comparison::Split, CaseSensitivity::Insensitive)),
    ("-csplit", BinaryOperator::Compare(Comparison::Split, CaseSensitivity::Sensitive)),
    ("-contains", BinaryOperator::Compare(Comparison::Contains, CaseSensitivity::Insensitive)),
    ("-in", BinaryOperator::Compare(Comparison::In, CaseSensitivity::Insensitive)),
];

fn check(cases: &[(&str, &str, &str, &str)]) {
    for (left, operator, right, expected) in cases {
        let found = OPERATORS.iter().find(|(name, _)| name == operator).map(|(_, operator)| *operator);
        let Some(operator) = found else { panic!("{operator} is not in the table") };
        let outcome = binary(&mut Detached, operator, &literal(left), &literal(right));
        assert_eq!(shown(outcome), *expected, "{left} {operator:?} {right}");
    }
}

#[test]
fn arithmetic() {
    check(&[
        ("1", "+", "'2'", "Int32 3"),
        ("'1'", "+", "2", "String 12"),
        ("1", "+", "'0x10'", "Int32 17"),
        ("1", "+", "'2.5'", "Double 3.5"),
        ("1", "+", "''", "Int32 1"),
        ("'10'", "-", "'3'", "Int32 7"),
        ("'3'", "*", "2", "String 33"),
        ("2", "*", "'3'", "Int32 6"),
        ("'10'", "/", "'4'", "Double 2.5"),
        ("1", "+", "'abc'", "! InvalidCastFromStringToInteger"),
        ("'abc'", "-", "1", "! InvalidCastFromStringToInteger"),
        ("2147483647", "+", "1", "Double 2147483648"),
        ("2", "*", "9223372036854775807", "Double 1.84467440737095E+19"),
        ("9223372036854775806", "+", "1", "Int64 9223372036854775807"),
        ("65536", "*", "65536", "Double 4294967296"),
        ("4294967296", "*", "4294967296", "Double 1.84467440737096E+19"),
        ("7", "/", "2", "Double 3.5"),
        ("4", "/", "2", "Int32 2"),
        ("5", "/", "0", "! RuntimeException"),
        ("5.0", "%", "0", "Double NaN"),
        ("-7", "%", "3", "Int32 -1"),
        ("7d", "%", "2.5d", "Decimal 2.0"),
        ("10", "%", "0.3", "Double 0.1"),
        ("0.1d", "+", "0.2d", "Decimal 0.3"),
        ("1.50d", "*", "2.0d", "Decimal 3.000"),
        ("1.50d", "+", "1.50d", "Decimal 3.00"),
        ("10d", "/", "4", "Decimal 2.5"),
        ("100d", "/", "3", "Decimal 33.333333333333333333333333333"),
        ("1d", "+", "'2.5'", "Decimal 3.5"),
        ("99999999999n", "*", "99999999999n", "BigInteger 9999999999800000000001"),
        ("1n", "+", "2.5", "BigInteger 3"),
        ("$null", "*", "5", "null"),
        ("$null", "-", "$null", "Int32 0"),
        ("$null", "/", "5", "Int32 0"),
        ("$true", "-", "$true", "Int32 0"),
        ("$true", "/", "2", "Double 0.5"),
        ("[char]A", "+", "1", "String A1"),
        ("(1,2)", "+", "3", "Object[] 1 2 3"),
        ("(1,2)", "*", "2", "Object[] 1 2 1 2"),
        ("(1,2)", "-", "1", "! MethodNotFound"),
        ("1", "+", "(1,2)", "! MethodNotFound"),
        ("'x'", "*", "-1", "! System.ArgumentOutOfRangeException"),
        ("(1,2)", "*", "'q'", "! InvalidCastFromStringToInteger"),
        ("1", "+", "[datetime]2024-01-01", "! MethodArgumentConversionInvalidCastArgument"),
        ("[datetime]2024-02-28", "+", "[timespan]1.00:00", "DateTime 02/29/2024 00:00:00"),
        ("[datetime]2024-03-01", "-", "[datetime]2024-02-28", "TimeSpan 2.00:00:00"),
        ("[timespan]01:30", "*", "2", "TimeSpan 03:00:00"),
        ("[timespan]03:00", "/", "[timespan]01:30", "Double 2"),
        ("[DayOfWeek]Monday", "+", "1", "DayOfWeek Tuesday"),
        ("10GB", "/", "1MB", "Int64 10240"),
    ]);
}

#[test]
fn comparison() {
    check(&[
        ("(1,2,3)", "-gt", "1", "Object[] 2 3"),
        ("('a','B','b')", "-ceq", "'B'", "Object[] B"),
        ("3", "-eq", "(1,3)", "Boolean False"),
        ("'b'", "-clt", "'B'", "Boolean True"),
        ("12345", "-like", "'*34*'", "Boolean True"),
        ("$null", "-like", "'*'", "Boolean True"),
        ("'a'", "-like", "'['", "! RuntimeException"),
        ("('apple','banana')", "-like", "'a*'", "Object[] apple"),
        ("(1,2,3)", "-contains", "'2'", "Boolean True"),
        ("2", "-in", "(1,2)", "Boolean True"),
        ("$null", "-lt", "1", "Boolean True"),
        ("$null", "-gt", "-1", "Boolean True"),
        ("1", "-gt", "'abc'", "! ComparisonFailure"),
        ("[DayOfWeek]Monday", "-lt", "'Friday'", "Boolean True"),
        ("[DayOfWeek]Monday", "-eq", "1", "Boolean True"),
        ("1", "-is", "'int'", "Boolean True"),
        ("1", "-is", "'no.such'", "! RuntimeException"),
        ("'x'", "-as", "'int'", "null"),
        ("3.7", "-as", "'int'", "Int32 4"),
    ]);
}

#[test]
fn text() {
    check(&[
        ("'a1b22'", "-replace", "('\\d+','x')", "String axbx"),
        ("('cat','dog')", "-replace", "('at$','ot')", "Object[] cot dog"),
        ("$null", "-replace", "('a','b')", "String "),
        ("'a'", "-match", "'['", "! System.Text.RegularExpressions.RegexParseException"),
        ("'a'", "-replace", "('(')", "! InvalidRegularExpression"),
        ("'a.b.c'", "-split", "('.',2,'SimpleMatch')", "String[] a b.c"),
        ("'a,b,c'", "-split", "'[,]'", "String[] a b c"),
        ("'a-b_c'", "-split", "'(-)'", "String[] a - b_c"),
        ("'xAy'", "-csplit", "'a'", "String[] xAy"),
        ("'abc'", "-split", "''", "String[]  a b c "),
        ("(1,$null,3)", "-join", "'-'", "String 1--3"),
        ("'{0,-6}|{1:N2}'", "-f", "('ab',1234.5)", "String ab    |1,234.50"),
        ("'{0} {1}'", "-f", "1", "! FormatError"),
        ("'{bad}'", "-f", "1", "! FormatError"),
        ("'{{0}}'", "-f", "1", "String {0}"),
    ]);
}

#[test]
fn bits_and_ranges() {
    check(&[
        ("1", "..", "3", "Object[] 1 2 3"),
        ("2", "..", "-1", "Object[] 2 1 0 -1"),
        ("1.5", "..", "4.4", "Object[] 2 3 4"),
        ("'1'", "..", "'4'", "Object[] 1 2 3 4"),
        ("'a'", "..", "'e'", "Object[] a b c d e"),
        ("$null", "..", "2", "Object[] 0 1 2"),
        ("1", "..", "'x'", "! System.FormatException"),
        ("1", "..", "2000000000", "! RuntimeException"),
        ("6", "-band", "3", "Int32 2"),
        ("1", "-shl", "33", "Int32 2"),
        ("1l", "-shl", "33", "Int64 8589934592"),
        ("-8", "-shr", "1", "Int32 -4"),
        ("5", "-bxor", "'3'", "Int32 6"),
        ("[System.IO.FileAttributes]ReadOnly", "-bor", "'Hidden'", "FileAttributes ReadOnly, Hidden"),
    ]);
    let unaries = [
        (UnaryOperator::BitNot, "5", "Int32 -6"),
        (UnaryOperator::BitNot, "'abc'", "! InvalidCastFromStringToInteger"),
        (UnaryOperator::Minus, "'0x1F'", "Int32 -31"),
        (UnaryOperator::Plus, "'12'", "Int32 12"),
        (UnaryOperator::Not, "0", "Boolean True"),
        (UnaryOperator::PreIncrement, "2147483647", "Double 2147483648"),
        (UnaryOperator::PostDecrement, "$null", "Int32 -1"),
    ];
    for (operator, operand, expected) in unaries {
        assert_eq!(shown(unary(&mut Detached, operator, &literal(operand))), expected, "{operator:?} {operand}");
    }
}
