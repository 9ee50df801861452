//! `System.Char`.

use super::super::table::{Call, Row, Table, get};
use super::super::thrown;
use crate::value::{Outcome, TypeRef, Value};

pub(super) static TABLES: &[(TypeRef, &Table)] = &[(TypeRef::CHAR, &CHAR)];

fn in_text(c: &Call<'_>) -> Outcome<char> {
    let unit = usize::try_from(c.int(1)).ok().and_then(|at| c.text(0).encode_utf16().nth(at));
    let missing = || thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "The text is not that long.");
    unit.map(character).ok_or_else(missing)
}

fn character(unit: u16) -> char {
    char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn is_punctuation(c: char) -> bool {
    const SYMBOLS: &str = "$+<=>^`|~";
    if c.is_ascii() {
        return c.is_ascii_punctuation() && !SYMBOLS.contains(c);
    }
    matches!(c, '\u{a1}' | '\u{a7}' | '\u{ab}' | '\u{b6}' | '\u{b7}' | '\u{bb}' | '\u{bf}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{3001}'..='\u{3003}')
}

fn is_symbol(c: char) -> bool {
    const SYMBOLS: &str = "$+<=>^`|~¢£¤¥¦¨©¬®¯°±´¸×÷€™";
    SYMBOLS.contains(c) || matches!(c, '\u{2190}'..='\u{23ff}' | '\u{2500}'..='\u{27bf}' | '\u{20a0}'..='\u{20c0}')
}

/// Changes case where that is one character for one.
fn folded(unit: u16, upper: bool) -> Value {
    let text = character(unit).to_string();
    let changed = if upper { super::string::upper(&text) } else { super::string::lower(&text) };
    Value::Char(changed.encode_utf16().next().unwrap_or(unit))
}

fn unit(value: &Value) -> u16 {
    match value {
        Value::Char(unit) => *unit,
        _ => 0,
    }
}

fn parse(text: &str) -> Option<Value> {
    let mut units = text.encode_utf16();
    let first = units.next()?;
    units.next().is_none().then_some(Value::Char(first))
}

const STATICS: &[Row] = &[
    ("static bool IsDigit(char c)", |c| Ok(Value::Bool((|c: char| c.is_ascii_digit())(c.character(0))))),
    ("static bool IsLetter(char c)", |c| Ok(Value::Bool((char::is_alphabetic)(c.character(0))))),
    ("static bool IsLetterOrDigit(char c)", |c| {
        Ok(Value::Bool((|c: char| c.is_alphabetic() || c.is_ascii_digit())(c.character(0))))
    }),
    ("static bool IsNumber(char c)", |c| Ok(Value::Bool((char::is_numeric)(c.character(0))))),
    ("static bool IsUpper(char c)", |c| Ok(Value::Bool((char::is_uppercase)(c.character(0))))),
    ("static bool IsLower(char c)", |c| Ok(Value::Bool((char::is_lowercase)(c.character(0))))),
    ("static bool IsWhiteSpace(char c)", |c| Ok(Value::Bool((char::is_whitespace)(c.character(0))))),
    ("static bool IsControl(char c)", |c| Ok(Value::Bool((char::is_control)(c.character(0))))),
    ("static bool IsPunctuation(char c)", |c| Ok(Value::Bool((is_punctuation)(c.character(0))))),
    ("static bool IsSymbol(char c)", |c| Ok(Value::Bool((is_symbol)(c.character(0))))),
    ("static bool IsSeparator(char c)", |c| {
        Ok(Value::Bool((|c: char| c == ' ' || c == '\u{a0}' || ('\u{2000}'..='\u{200a}').contains(&c))(c.character(0))))
    }),
    ("static bool IsAscii(char c)", |c| Ok(Value::Bool((|c: char| c.is_ascii())(c.character(0))))),
    ("static bool IsAsciiDigit(char c)", |c| Ok(Value::Bool((|c: char| c.is_ascii_digit())(c.character(0))))),
    ("static bool IsAsciiLetter(char c)", |c| Ok(Value::Bool((|c: char| c.is_ascii_alphabetic())(c.character(0))))),
    ("static bool IsAsciiLetterOrDigit(char c)", |c| {
        Ok(Value::Bool((|c: char| c.is_ascii_alphanumeric())(c.character(0))))
    }),
    ("static bool IsAsciiHexDigit(char c)", |c| Ok(Value::Bool((|c: char| c.is_ascii_hexdigit())(c.character(0))))),
    ("static bool IsAsciiLetterUpper(char c)", |c| Ok(Value::Bool((|c: char| c.is_ascii_uppercase())(c.character(0))))),
    ("static bool IsAsciiLetterLower(char c)", |c| Ok(Value::Bool((|c: char| c.is_ascii_lowercase())(c.character(0))))),
    ("static bool IsDigit(string s, int index)", |c| Ok(Value::Bool((|c: char| c.is_ascii_digit())(in_text(c)?)))),
    ("static bool IsLetter(string s, int index)", |c| Ok(Value::Bool((char::is_alphabetic)(in_text(c)?)))),
    ("static bool IsLetterOrDigit(string s, int index)", |c| {
        Ok(Value::Bool((|c: char| c.is_alphabetic() || c.is_ascii_digit())(in_text(c)?)))
    }),
    ("static bool IsUpper(string s, int index)", |c| Ok(Value::Bool((char::is_uppercase)(in_text(c)?)))),
    ("static bool IsLower(string s, int index)", |c| Ok(Value::Bool((char::is_lowercase)(in_text(c)?)))),
    ("static bool IsWhiteSpace(string s, int index)", |c| Ok(Value::Bool((char::is_whitespace)(in_text(c)?)))),
    ("static bool IsPunctuation(string s, int index)", |c| Ok(Value::Bool((is_punctuation)(in_text(c)?)))),
    ("static char ToUpper(char c)", |c| Ok(folded(unit(c.arg(0)), true))),
    ("static char ToUpperInvariant(char c)", |c| Ok(folded(unit(c.arg(0)), true))),
    ("static char ToLower(char c)", |c| Ok(folded(unit(c.arg(0)), false))),
    ("static char ToLowerInvariant(char c)", |c| Ok(folded(unit(c.arg(0)), false))),
    ("static string ToString(char c)", |c| Ok(Value::from(c.character(0).to_string()))),
    ("static double GetNumericValue(char c)", |c| Ok(Value::F64(c.character(0).to_digit(10).map_or(-1.0, f64::from)))),
    ("static string ConvertFromUtf32(int utf32)", |c| {
        let found = u32::try_from(c.int(0)).ok().and_then(char::from_u32);
        let missing = || thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "There is no such character.");
        Ok(Value::from(found.ok_or_else(missing)?.to_string()))
    }),
    ("static int ConvertToUtf32(string s, int index)", |c| {
        let units = super::string::units(c.text(0)).into_iter().skip(usize::try_from(c.int(1)).unwrap_or(0));
        let found = char::decode_utf16(units).next().and_then(Result::ok);
        let missing = || thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "The text is not that long.");
        found.map(|found| Value::I32(found as i32)).ok_or_else(missing)
    }),
    ("static bool IsSurrogate(char c)", |c| Ok(Value::Bool((0xd800..0xe000).contains(&unit(c.arg(0)))))),
    ("static bool IsHighSurrogate(char c)", |c| Ok(Value::Bool((0xd800..0xdc00).contains(&unit(c.arg(0)))))),
    ("static bool IsLowSurrogate(char c)", |c| Ok(Value::Bool((0xdc00..0xe000).contains(&unit(c.arg(0)))))),
    ("static char Parse(string s)", |c| {
        parse(c.text(0)).ok_or_else(|| thrown(TypeRef::FORMAT_EXCEPTION, "The text must be a single character."))
    }),
    ("static bool TryParse(string s, [ref] char result)", |c| {
        let found = parse(c.text(0));
        let there = found.is_some();
        super::psobject::set_reference(c.arg(1), found.unwrap_or(Value::Char(0)))?;
        Ok(Value::Bool(there))
    }),
];

static CHAR: Table = Table {
    methods: &[
        ("string ToString()", |c| Ok(Value::from(character(unit(c.this)).to_string()))),
        ("string ToString(System.IFormatProvider provider)", |c| Ok(Value::from(character(unit(c.this)).to_string()))),
        ("int CompareTo(char value)", |c| Ok(Value::I32(i32::from(unit(c.this)) - i32::from(unit(c.arg(0)))))),
        ("System.TypeCode GetTypeCode()", |_| Ok(TypeRef::TYPE_CODE.enum_of(4))),
    ],
    statics: STATICS,
    static_properties: &[
        get("MaxValue", "char", |_, _| Ok(Value::Char(u16::MAX))),
        get("MinValue", "char", |_, _| Ok(Value::Char(0))),
    ],
    ..Table::EMPTY
};
