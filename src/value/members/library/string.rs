//! `System.String`. Scripts count UTF-16 units; text that is all ASCII, which nearly all is, takes direct indexes.

use super::super::table::{Call, Row, Table, get};
use super::super::{integer_of, thrown};
use super::{array, text_or_empty};
use crate::value::culture::Culture;
use crate::value::{Array, Outcome, Str, TypeRef, Unwind, Value, collate, convert, format_text};
use std::cmp::Ordering;
use unicode_normalization::UnicodeNormalization;

/// `[string]`.
pub(crate) static TABLE: Table = Table {
    methods: METHODS,
    statics: STATICS,
    constructors: &[
        ("string(char[] value)", |c| Ok(text(units_of(c.arg(0))))),
        ("string(char c, int count)", |c| repeat(c.character(0), c.int(1))),
        ("string(char[] value, int startIndex, int length)", |c| {
            let units = units_of(c.arg(0));
            let (start, length) = span(units.len(), c.int(1), Some(c.int(2)))?;
            Ok(text(units.into_iter().skip(start).take(length).collect()))
        }),
    ],
    properties: &[get("Length", "int", |_, value| Ok(Value::I32(text_or_empty(value).utf16_len() as i32)))],
    static_properties: &[get("Empty", "string", |_, _| Ok(Value::from("")))],
};

const METHODS: &[Row] = &[
    ("string Trim()", |c| trimmed(c, true, true, |ch| ch.is_whitespace())),
    ("string Trim(char trimChar)", |c| trim_units(c, true, true)),
    ("string Trim(params char[] trimChars)", |c| trim_units(c, true, true)),
    ("string TrimStart()", |c| trimmed(c, true, false, |ch| ch.is_whitespace())),
    ("string TrimStart(char trimChar)", |c| trim_units(c, true, false)),
    ("string TrimStart(params char[] trimChars)", |c| trim_units(c, true, false)),
    ("string TrimEnd()", |c| trimmed(c, false, true, |ch| ch.is_whitespace())),
    ("string TrimEnd(char trimChar)", |c| trim_units(c, false, true)),
    ("string TrimEnd(params char[] trimChars)", |c| trim_units(c, false, true)),
    ("string ToLower()", |c| Ok(Value::from(lower(&c.this_text())))),
    ("string ToLower(cultureinfo culture)", |c| Ok(Value::from(in_culture(c, lower)))),
    ("string ToLowerInvariant()", |c| Ok(Value::from(lower(&c.this_text())))),
    ("string ToUpper()", |c| Ok(Value::from(upper(&c.this_text())))),
    ("string ToUpper(cultureinfo culture)", |c| Ok(Value::from(in_culture(c, upper)))),
    ("string ToUpperInvariant()", |c| Ok(Value::from(upper(&c.this_text())))),
    ("string Substring(int startIndex)", |c| substring(&c.this_text(), c.int(0), None)),
    ("string Substring(int startIndex, int length)", |c| substring(&c.this_text(), c.int(0), Some(c.int(1)))),
    ("string Replace(char oldChar, char newChar)", |c| {
        let (old, new) = (c.character(0), c.character(1).to_string());
        Ok(Value::from(c.this_text().replace(old, &new)))
    }),
    ("string Replace(string oldValue, string newValue)", replace),
    ("string Replace(string oldValue, string newValue, System.StringComparison comparisonType)", |c| {
        replace_with(c, ignores_case(c.arg(2)))
    }),
    ("string Replace(string oldValue, string newValue, bool ignoreCase, cultureinfo culture)", |c| {
        let ignore = c.flag(2);
        replace_with(c, ignore)
    }),
    ("string ReplaceLineEndings()", |c| Ok(Value::from(line_endings(&c.this_text(), "\n")))),
    ("string ReplaceLineEndings(string replacementText)", |c| {
        let ending = c.text(0).to_owned();
        Ok(Value::from(line_endings(&c.this_text(), &ending)))
    }),
    ("bool Contains(string value)", |c| Ok(Value::Bool(c.this_text().contains(c.text(0))))),
    ("bool Contains(string value, System.StringComparison comparisonType)", |c| {
        let found = find(&c.this_text(), c.text(0), 0, ignores_case(c.arg(1)));
        Ok(Value::Bool(found.is_some()))
    }),
    ("bool Contains(char value)", |c| Ok(Value::Bool(c.this_text().contains(c.character(0))))),
    ("bool Contains(char value, System.StringComparison comparisonType)", |c| {
        let found = find(&c.this_text(), &c.character(0).to_string(), 0, ignores_case(c.arg(1)));
        Ok(Value::Bool(found.is_some()))
    }),
    ("bool StartsWith(string value)", |c| Ok(Value::Bool(c.this_text().starts_with(c.text(0))))),
    ("bool StartsWith(string value, System.StringComparison comparisonType)", |c| {
        Ok(Value::Bool(starts_with(&c.this_text(), c.text(0), ignores_case(c.arg(1)))))
    }),
    ("bool StartsWith(string value, bool ignoreCase, cultureinfo culture)", |c| {
        Ok(Value::Bool(starts_with(&c.this_text(), c.text(0), c.flag(1))))
    }),
    ("bool StartsWith(char value)", |c| Ok(Value::Bool(c.this_text().starts_with(c.character(0))))),
    ("bool EndsWith(string value)", |c| Ok(Value::Bool(c.this_text().ends_with(c.text(0))))),
    ("bool EndsWith(string value, System.StringComparison comparisonType)", |c| {
        Ok(Value::Bool(ends_with(&c.this_text(), c.text(0), ignores_case(c.arg(1)))))
    }),
    ("bool EndsWith(string value, bool ignoreCase, cultureinfo culture)", |c| {
        Ok(Value::Bool(ends_with(&c.this_text(), c.text(0), c.flag(1))))
    }),
    ("bool EndsWith(char value)", |c| Ok(Value::Bool(c.this_text().ends_with(c.character(0))))),
    ("int IndexOf(string value)", |c| index_of(c, 0, None, false)),
    ("int IndexOf(char value)", |c| index_of(c, 0, None, false)),
    ("int IndexOf(string value, int startIndex)", |c| index_of(c, c.int(1), None, false)),
    ("int IndexOf(char value, int startIndex)", |c| index_of(c, c.int(1), None, false)),
    ("int IndexOf(string value, int startIndex, int count)", |c| index_of(c, c.int(1), Some(c.int(2)), false)),
    ("int IndexOf(char value, int startIndex, int count)", |c| index_of(c, c.int(1), Some(c.int(2)), false)),
    ("int IndexOf(string value, System.StringComparison comparisonType)", |c| {
        index_of(c, 0, None, ignores_case(c.arg(1)))
    }),
    ("int IndexOf(string value, int startIndex, System.StringComparison comparisonType)", |c| {
        index_of(c, c.int(1), None, ignores_case(c.arg(2)))
    }),
    ("int LastIndexOf(string value)", |c| last_index_of(c, None, false)),
    ("int LastIndexOf(char value)", |c| last_index_of(c, None, false)),
    ("int LastIndexOf(string value, int startIndex)", |c| last_index_of(c, Some(c.int(1)), false)),
    ("int LastIndexOf(char value, int startIndex)", |c| last_index_of(c, Some(c.int(1)), false)),
    ("int LastIndexOf(string value, System.StringComparison comparisonType)", |c| {
        last_index_of(c, None, ignores_case(c.arg(1)))
    }),
    ("int LastIndexOf(string value, int startIndex, int count)", |c| last_index_within(c, false)),
    ("int LastIndexOf(char value, int startIndex, int count)", |c| last_index_within(c, false)),
    ("int LastIndexOf(string value, int startIndex, System.StringComparison comparisonType)", |c| {
        last_index_of(c, Some(c.int(1)), ignores_case(c.arg(2)))
    }),
    ("int IndexOf(char value, System.StringComparison comparisonType)", |c| {
        index_of(c, 0, None, ignores_case(c.arg(1)))
    }),
    ("int IndexOfAny(char[] anyOf)", |c| index_of_any(c, 0)),
    ("int IndexOfAny(char[] anyOf, int startIndex)", |c| index_of_any(c, c.int(1))),
    ("int LastIndexOfAny(char[] anyOf)", |c| {
        let (units, wanted) = (units(&c.this_text()), units_of(c.arg(0)));
        Ok(position(units.iter().rposition(|unit| wanted.contains(unit))))
    }),
    ("string[] Split(params char[] separator)", |c| split_units(c, None, 0)),
    ("string[] Split(char separator, int count)", |c| split_units(c, Some(c.int(1)), 0)),
    ("string[] Split(char[] separator, int count)", |c| split_units(c, Some(c.int(1)), 0)),
    ("string[] Split(char separator, System.StringSplitOptions options)", |c| split_units(c, None, c.int(1))),
    ("string[] Split(char[] separator, System.StringSplitOptions options)", |c| split_units(c, None, c.int(1))),
    ("string[] Split(char[] separator, int count, System.StringSplitOptions options)", |c| {
        split_units(c, Some(c.int(1)), c.int(2))
    }),
    ("string[] Split(string separator)", |c| split_text(c, None, 0)),
    ("string[] Split(string separator, System.StringSplitOptions options)", |c| split_text(c, None, c.int(1))),
    ("string[] Split(string separator, int count)", |c| split_text(c, Some(c.int(1)), 0)),
    ("string[] Split(string separator, int count, System.StringSplitOptions options)", |c| {
        split_text(c, Some(c.int(1)), c.int(2))
    }),
    ("string[] Split(string[] separator, System.StringSplitOptions options)", |c| split_text(c, None, c.int(1))),
    ("string[] Split(string[] separator, int count, System.StringSplitOptions options)", |c| {
        split_text(c, Some(c.int(1)), c.int(2))
    }),
    ("string PadLeft(int totalWidth)", |c| pad(c, ' ', true)),
    ("string PadLeft(int totalWidth, char paddingChar)", |c| pad(c, c.character(1), true)),
    ("string PadRight(int totalWidth)", |c| pad(c, ' ', false)),
    ("string PadRight(int totalWidth, char paddingChar)", |c| pad(c, c.character(1), false)),
    ("string Insert(int startIndex, string value)", |c| {
        let this = c.this_text();
        let (at, _) = span(this.utf16_len(), c.int(0), None)?;
        let at = byte_of(&this, at);
        Ok(Value::from(format!("{}{}{}", &this[..at], c.text(1), &this[at..])))
    }),
    ("string Remove(int startIndex)", |c| remove(&c.this_text(), c.int(0), None)),
    ("string Remove(int startIndex, int count)", |c| remove(&c.this_text(), c.int(0), Some(c.int(1)))),
    ("char[] ToCharArray()", |c| Ok(char_array(units(&c.this_text())))),
    ("char[] ToCharArray(int startIndex, int length)", |c| {
        let units = units(&c.this_text());
        let (start, length) = span(units.len(), c.int(0), Some(c.int(1)))?;
        Ok(char_array(units.into_iter().skip(start).take(length).collect()))
    }),
    ("char get_Chars(int index)", |c| char_at(&c.this_text(), c.int(0))),
    ("char Chars(int index)", |c| char_at(&c.this_text(), c.int(0))),
    ("int CompareTo(System.Object value)", |c| Ok(compare(&c.this_text(), &convert::to_text(c.arg(0)), false))),
    ("bool Equals(System.Object obj)", |c| {
        Ok(Value::Bool(matches!(c.arg(0), Value::Str(other) if **other == *c.this_text())))
    }),
    ("bool Equals(string value, System.StringComparison comparisonType)", |c| {
        Ok(Value::Bool(same(&c.this_text(), c.text(0), ignores_case(c.arg(1)))))
    }),
    ("System.Object Clone()", |c| Ok(c.this.clone())),
    ("string ToString()", |c| Ok(c.this.clone())),
    ("string ToString(System.IFormatProvider provider)", |c| Ok(c.this.clone())),
    ("string Normalize()", |c| Ok(Value::from(normalized(&c.this_text(), 1)))),
    ("string Normalize(System.Text.NormalizationForm normalizationForm)", |c| {
        Ok(Value::from(normalized(&c.this_text(), c.int(0))))
    }),
    ("bool IsNormalized()", |c| Ok(Value::Bool(normalized(&c.this_text(), 1) == *c.this_text()))),
    ("bool IsNormalized(System.Text.NormalizationForm normalizationForm)", |c| {
        Ok(Value::Bool(normalized(&c.this_text(), c.int(0)) == *c.this_text()))
    }),
    ("System.TypeCode GetTypeCode()", |_| Ok(TypeRef::TYPE_CODE.enum_of(18))),
    ("System.CharEnumerator GetEnumerator()", |c| Ok(super::list::enumerator(array_values(units(&c.this_text()))))),
];

const STATICS: &[Row] = &[
    ("static bool IsNullOrEmpty(string value)", |c| Ok(Value::Bool(c.text(0).is_empty()))),
    ("static bool IsNullOrWhiteSpace(string value)", |c| Ok(Value::Bool(c.text(0).trim().is_empty()))),
    ("static string Join(string separator, params string[] value)", join),
    ("static string Join(string separator, System.Collections.IEnumerable values)", join),
    ("static string Join(string separator, params System.Object[] values)", join),
    ("static string Join(string separator, string[] value, int startIndex, int count)", |c| {
        let items = c.items(1);
        let (start, length) = span(items.len(), c.int(2), Some(c.int(3)))?;
        let items: Vec<Value> = items.into_iter().skip(start).take(length).collect();
        Ok(Value::from(joined(c.text(0), &items)))
    }),
    ("static string Concat(params System.Object[] args)", |c| Ok(Value::from(joined("", &c.items(0))))),
    ("static string Concat(System.Collections.IEnumerable values)", |c| Ok(Value::from(joined("", &c.items(0))))),
    ("static string Format(string format, params System.Object[] args)", |c| {
        let args = c.items(1);
        format(c, 0, args, Culture::current())
    }),
    ("static string Format(System.IFormatProvider provider, string format, params System.Object[] args)", |c| {
        let args = c.items(2);
        let culture = super::culture::of(c.arg(0));
        format(c, 1, args, culture)
    }),
    ("static int Compare(string strA, string strB)", |c| Ok(compare(c.text(0), c.text(1), false))),
    ("static int Compare(string strA, string strB, bool ignoreCase)", |c| Ok(compare(c.text(0), c.text(1), c.flag(2)))),
    ("static int Compare(string strA, string strB, System.StringComparison comparisonType)", |c| {
        let ordinal = c.int(2) >= 4;
        let ignore = ignores_case(c.arg(2));
        Ok(if ordinal { compare_ordinal(c.text(0), c.text(1), ignore) } else { compare(c.text(0), c.text(1), ignore) })
    }),
    ("static int Compare(string strA, string strB, bool ignoreCase, cultureinfo culture)", |c| {
        Ok(compare(c.text(0), c.text(1), c.flag(2)))
    }),
    ("static int CompareOrdinal(string strA, string strB)", |c| Ok(compare_ordinal(c.text(0), c.text(1), false))),
    ("static bool Equals(string a, string b)", |c| Ok(Value::Bool(c.text(0) == c.text(1)))),
    ("static bool Equals(string a, string b, System.StringComparison comparisonType)", |c| {
        Ok(Value::Bool(same(c.text(0), c.text(1), ignores_case(c.arg(2)))))
    }),
    ("static string Copy(string str)", |c| Ok(c.take(0))),
    ("static string Intern(string str)", |c| Ok(c.take(0))),
    ("static string new(char c, int count)", |c| repeat(c.character(0), c.int(1))),
];

/// The UTF-16 unit at a place.
pub(crate) fn unit_at(text: &Str, index: usize) -> Option<u16> {
    match text.is_ascii() {
        true => text.as_bytes().get(index).map(|byte| u16::from(*byte)),
        false => text.encode_utf16().nth(index),
    }
}

/// All UTF-16 units.
pub(crate) fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

/// The text of UTF-16 units.
pub(crate) fn text(units: Vec<u16>) -> Value {
    Value::from(String::from_utf16_lossy(&units))
}

/// A `char[]`.
pub(crate) fn char_array(units: Vec<u16>) -> Value {
    Value::Array(Array::typed(TypeRef::CHAR, array_values(units)))
}

fn array_values(units: Vec<u16>) -> Vec<Value> {
    units.into_iter().map(Value::Char).collect()
}

/// The characters in a char or an array of them.
pub(crate) fn units_of(value: &Value) -> Vec<u16> {
    match value {
        Value::Char(unit) => vec![*unit],
        Value::Array(array) => array.items().iter().filter_map(|item| integer_of(item).map(|n| n as u16)).collect(),
        Value::Str(text) => units(text),
        _ => Vec::new(),
    }
}

fn simple_lower(character: char) -> char {
    let mut lower = character.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(single), None) => single,
        _ => character,
    }
}

/// Lower case, one character for one.
pub(crate) fn lower(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { text.chars().map(simple_lower).collect() }
}

/// Upper case, one character for one.
pub(crate) fn upper(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_uppercase() } else { text.chars().map(collate::simple_upper).collect() }
}

/// The text in another case, by a culture that is the argument: Turkish has an `i` with and one without a dot.
fn in_culture(c: &Call<'_>, case: fn(&str) -> String) -> String {
    let this = c.this_text();
    match super::culture::of(c.arg(0)).has_dotted_capital() {
        false => case(&this),
        true if case("i") == "I" => case(&this.replace('i', "İ").replace('ı', "I")),
        true => case(&this.replace('I', "ı").replace('İ', "i")),
    }
}

/// True for the comparisons that ignore case: the odd ones.
pub(crate) fn ignores_case(comparison: &Value) -> bool {
    integer_of(comparison).is_some_and(|number| number % 2 == 1)
}

fn out_of_range(what: &str, value: i64) -> Unwind {
    thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, format!("{what} {value} is outside the text."))
}

/// A checked start and length within `total` units; without a length, up to the end.
pub(crate) fn span(total: usize, start: i64, length: Option<i64>) -> Outcome<(usize, usize)> {
    let from = usize::try_from(start).ok().filter(|from| *from <= total);
    let from = from.ok_or_else(|| out_of_range("The start", start))?;
    let Some(length) = length else { return Ok((from, total - from)) };
    let count = usize::try_from(length).ok().filter(|count| *count <= total - from);
    Ok((from, count.ok_or_else(|| out_of_range("The length", length))?))
}

/// The byte at which a UTF-16 position falls.
pub(crate) fn byte_of(text: &Str, units: usize) -> usize {
    if text.is_ascii() {
        return units.min(text.len());
    }
    let mut seen = 0;
    let mut at = text.char_indices();
    at.find(|(_, c)| {
        let here = seen >= units;
        seen += c.len_utf16();
        here
    })
    .map_or(text.len(), |(byte, _)| byte)
}

/// The UTF-16 position of a byte.
fn unit_of(text: &str, byte: usize) -> usize {
    let before = text.get(..byte).unwrap_or(text);
    if before.is_ascii() { before.len() } else { before.encode_utf16().count() }
}

fn position(found: Option<usize>) -> Value {
    Value::I32(found.map_or(-1, |at| at as i32))
}

fn substring(this: &Str, start: i64, length: Option<i64>) -> Outcome<Value> {
    let (start, length) = span(this.utf16_len(), start, length)?;
    if this.is_ascii() {
        return Ok(Value::from(&this[start..start + length]));
    }
    let units: Vec<u16> = this.encode_utf16().skip(start).take(length).collect();
    Ok(text(units))
}

fn remove(this: &Str, start: i64, count: Option<i64>) -> Outcome<Value> {
    let (start, count) = span(this.utf16_len(), start, count)?;
    let mut units = units(this);
    units.drain(start..start + count);
    Ok(text(units))
}

fn char_at(this: &Str, index: i64) -> Outcome<Value> {
    let found = usize::try_from(index).ok().and_then(|at| unit_at(this, at));
    let missing = || thrown(TypeRef::INDEX_OUT_OF_RANGE_EXCEPTION, format!("The text has no character {index}."));
    found.map(Value::Char).ok_or_else(missing)
}

fn trimmed(c: &Call<'_>, start: bool, end: bool, unwanted: impl Fn(char) -> bool + Copy) -> Outcome<Value> {
    let this = c.this_text();
    let mut text: &str = &this;
    if start {
        text = text.trim_start_matches(unwanted);
    }
    if end {
        text = text.trim_end_matches(unwanted);
    }
    Ok(if text.len() == this.len() { Value::Str(this) } else { Value::from(text) })
}

fn trim_units(c: &Call<'_>, start: bool, end: bool) -> Outcome<Value> {
    let unwanted = units_of(c.arg(0));
    if unwanted.is_empty() {
        return trimmed(c, start, end, |ch| ch.is_whitespace());
    }
    trimmed(c, start, end, |ch| u16::try_from(ch as u32).is_ok_and(|unit| unwanted.contains(&unit)))
}

fn replace(c: &mut Call<'_>) -> Outcome<Value> {
    let this = c.this_text();
    let old = c.text(0);
    if old.is_empty() {
        return Err(empty_pattern());
    }
    Ok(if this.contains(old) { Value::from(this.replace(old, c.text(1))) } else { Value::Str(this) })
}

fn empty_pattern() -> Unwind {
    thrown(TypeRef::ARGUMENT_EXCEPTION, "The text to replace is empty; give at least one character.")
}

fn replace_with(c: &mut Call<'_>, ignore_case: bool) -> Outcome<Value> {
    if !ignore_case {
        return replace(c);
    }
    let this = c.this_text();
    let (old, new) = (c.text(0), c.text(1));
    if old.is_empty() {
        return Err(empty_pattern());
    }
    let mut result = String::with_capacity(this.len());
    let mut from = 0;
    while let Some((start, end)) = find(&this, old, from, true) {
        result.push_str(&this[from..start]);
        result.push_str(new);
        from = end;
    }
    result.push_str(&this[from..]);
    Ok(Value::from(result))
}

fn line_endings(text: &str, ending: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', ending)
}

/// The first place of `wanted` from a byte on: start and end.
fn find(text: &str, wanted: &str, from: usize, ignore_case: bool) -> Option<(usize, usize)> {
    let rest = text.get(from..)?;
    if !ignore_case {
        return rest.find(wanted).map(|at| (from + at, from + at + wanted.len()));
    }
    let starts = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
    starts.into_iter().find_map(|at| match_length(&rest[at..], wanted).map(|length| (from + at, from + at + length)))
}

/// How many bytes of `text` match `wanted` without regard to case, from its start.
fn match_length(text: &str, wanted: &str) -> Option<usize> {
    let mut rest = text.chars();
    for expected in wanted.chars() {
        let found = rest.next()?;
        if collate::simple_upper(found) != collate::simple_upper(expected) {
            return None;
        }
    }
    Some(text.len() - rest.as_str().len())
}

fn starts_with(text: &str, wanted: &str, ignore_case: bool) -> bool {
    if ignore_case { match_length(text, wanted).is_some() } else { text.starts_with(wanted) }
}

fn ends_with(text: &str, wanted: &str, ignore_case: bool) -> bool {
    if !ignore_case {
        return text.ends_with(wanted);
    }
    let count = wanted.chars().count();
    let start = text.char_indices().rev().nth(count.saturating_sub(1)).map(|(at, _)| at);
    count == 0 || start.is_some_and(|at| match_length(&text[at..], wanted) == Some(text.len() - at))
}

/// Equality of text, with or without case.
pub(crate) fn same(left: &str, right: &str, ignore_case: bool) -> bool {
    if ignore_case { match_length(left, right) == Some(left.len()) } else { left == right }
}

/// A character or text argument as text.
fn wanted_text(c: &Call<'_>) -> String {
    match c.arg(0) {
        Value::Char(_) => c.character(0).to_string(),
        _ => c.text(0).to_owned(),
    }
}

fn index_of(c: &Call<'_>, start: i64, count: Option<i64>, ignore_case: bool) -> Outcome<Value> {
    let this = c.this_text();
    let (start, length) = span(this.utf16_len(), start, count)?;
    let (from, to) = (byte_of(&this, start), byte_of(&this, start + length));
    let found = match c.arg(0) {
        Value::Char(unit) if *unit < 128 && !ignore_case => {
            let wanted = *unit as u8;
            this.as_bytes()
                .get(from..to)
                .and_then(|bytes| bytes.iter().position(|byte| *byte == wanted))
                .map(|at| at + from)
        }
        _ => find(this.get(..to).unwrap_or(&this), &wanted_text(c), from, ignore_case).map(|(at, _)| at),
    };
    Ok(position(found.map(|byte| unit_of(&this, byte))))
}

fn last_index_of(c: &Call<'_>, start: Option<i64>, ignore_case: bool) -> Outcome<Value> {
    let this = c.this_text();
    let wanted = wanted_text(c);
    let (text, wanted) = if ignore_case { (upper(&this), upper(&wanted)) } else { (this.to_string(), wanted) };
    let end = match start {
        Some(start) if start < 0 || start > this.utf16_len() as i64 => return Err(out_of_range("The start", start)),
        Some(start) => byte_of(&this, start as usize + 1),
        None => text.len(),
    };
    let found = text.get(..end).unwrap_or(&text).rfind(&wanted);
    Ok(position(found.map(|byte| unit_of(&this, byte))))
}

/// Among the `count` places that end with the start.
fn last_index_within(c: &Call<'_>, ignore_case: bool) -> Outcome<Value> {
    let found = last_index_of(c, Some(c.int(1)), ignore_case)?;
    let first = c.int(1) - c.int(2) + 1;
    Ok(if integer_of(&found).is_some_and(|at| at >= first) { found } else { Value::I32(-1) })
}

/// A text in a normalization form, by its number.
fn normalized(text: &str, form: i64) -> String {
    match form {
        2 => text.nfd().collect(),
        5 => text.nfkc().collect(),
        6 => text.nfkd().collect(),
        _ => text.nfc().collect(),
    }
}

fn index_of_any(c: &Call<'_>, start: i64) -> Outcome<Value> {
    let units = units(&c.this_text());
    let (start, _) = span(units.len(), start, None)?;
    let wanted = units_of(c.arg(0));
    let found = units.iter().skip(start).position(|unit| wanted.contains(unit));
    Ok(position(found.map(|at| at + start)))
}

/// Drops and trims parts as `StringSplitOptions` ask.
fn parts(pieces: Vec<&str>, options: i64) -> Value {
    let trim = options & 2 != 0;
    let pieces = pieces.into_iter().map(|piece| if trim { piece.trim() } else { piece });
    let kept = pieces.filter(|piece| options & 1 == 0 || !piece.is_empty());
    array::strings(kept)
}

/// Splits at any separator found by `next`, which gives its start and end from a byte on.
fn split_by(
    text: &str,
    limit: Option<i64>,
    options: i64,
    next: impl Fn(&str, usize) -> Option<(usize, usize)>,
) -> Outcome<Vec<&str>> {
    let limit = match limit {
        Some(count) if count < 0 => return Err(out_of_range("The count", count)),
        Some(0) => return Ok(Vec::new()),
        Some(count) => count as usize,
        None => usize::MAX,
    };
    let keeps = |piece: &str| {
        let piece = if options & 2 != 0 { piece.trim() } else { piece };
        options & 1 == 0 || !piece.is_empty()
    };
    let mut pieces = Vec::new();
    let mut from = 0;
    while pieces.len() + 1 < limit
        && let Some((start, end)) = next(text, from)
    {
        let piece = &text[from..start];
        if keeps(piece) {
            pieces.push(piece);
        }
        from = end;
    }
    pieces.push(&text[from..]);
    Ok(pieces)
}

fn split_units(c: &Call<'_>, limit: Option<i64>, options: i64) -> Outcome<Value> {
    let this = c.this_text();
    let separators = units_of(c.arg(0));
    let is_separator = |ch: char| match separators.is_empty() {
        true => ch.is_whitespace(),
        false => u16::try_from(ch as u32).is_ok_and(|unit| separators.contains(&unit)),
    };
    let pieces = split_by(&this, limit, options, |text, from| {
        let (at, found) = text[from..].char_indices().find(|(_, ch)| is_separator(*ch))?;
        Some((from + at, from + at + found.len_utf8()))
    })?;
    Ok(parts(pieces, options))
}

fn split_text(c: &Call<'_>, limit: Option<i64>, options: i64) -> Outcome<Value> {
    let this = c.this_text();
    let separators: Vec<Str> = match c.arg(0) {
        Value::Array(array) => array.items().iter().map(convert::to_text).collect(),
        other => vec![convert::to_text(other)],
    };
    if separators.iter().all(|separator| separator.is_empty()) {
        let blank = matches!(c.arg(0), Value::Array(_));
        let pieces = split_by(&this, limit, options, |text, from| {
            let (at, found) = text[from..].char_indices().find(|(_, ch)| blank && ch.is_whitespace())?;
            Some((from + at, from + at + found.len_utf8()))
        })?;
        return Ok(parts(pieces, options));
    }
    let pieces = split_by(&this, limit, options, |text, from| {
        let found = separators.iter().filter(|separator| !separator.is_empty());
        found.filter_map(|separator| find(text, separator, from, false)).min_by_key(|(start, _)| *start)
    })?;
    Ok(parts(pieces, options))
}

fn pad(c: &Call<'_>, with: char, left: bool) -> Outcome<Value> {
    let this = c.this_text();
    let width = usize::try_from(c.int(0)).map_err(|_| out_of_range("The width", c.int(0)))?;
    let missing = width.saturating_sub(this.utf16_len());
    if missing == 0 {
        return Ok(Value::Str(this));
    }
    let mut padded = String::with_capacity(this.len() + missing * with.len_utf8());
    if !left {
        padded.push_str(&this);
    }
    padded.extend(std::iter::repeat_n(with, missing));
    if left {
        padded.push_str(&this);
    }
    Ok(Value::from(padded))
}

fn repeat(character: char, count: i64) -> Outcome<Value> {
    let count = usize::try_from(count).map_err(|_| out_of_range("The count", count))?;
    Ok(Value::from(std::iter::repeat_n(character, count).collect::<String>()))
}

fn join(c: &mut Call<'_>) -> Outcome<Value> {
    Ok(Value::from(joined(c.text(0), &c.items(1))))
}

/// Items as text with a separator between; null is empty.
fn joined(separator: &str, items: &[Value]) -> String {
    let mut text = String::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push_str(separator);
        }
        convert::write_text(item, &mut text);
    }
    text
}

fn format(c: &mut Call<'_>, template: usize, args: Vec<Value>, culture: &Culture) -> Outcome<Value> {
    let template = c.text(template).to_owned();
    let result = format_text::composite(c.engine, &template, &args, culture);
    result.map(Value::Str).map_err(|unwind| match unwind {
        Unwind::Fault(fault) => thrown(TypeRef::FORMAT_EXCEPTION, fault.message),
        other => other,
    })
}

fn sign(order: Ordering) -> Value {
    Value::I32(order as i32)
}

fn compare(left: &str, right: &str, ignore_case: bool) -> Value {
    sign(collate::order(left, right, !ignore_case))
}

/// By UTF-16 units; the difference as .NET gives it.
fn compare_ordinal(left: &str, right: &str, ignore_case: bool) -> Value {
    let (left, right) = if ignore_case { (upper(left), upper(right)) } else { (left.to_owned(), right.to_owned()) };
    let (mut a, mut b) = (left.encode_utf16(), right.encode_utf16());
    loop {
        match (a.next(), b.next()) {
            (None, None) => return Value::I32(0),
            (Some(x), Some(y)) if x == y => {}
            (Some(x), Some(y)) => return Value::I32(i32::from(x) - i32::from(y)),
            (Some(_), None) | (None, Some(_)) => {
                let difference = left.encode_utf16().count() as i32 - right.encode_utf16().count() as i32;
                return Value::I32(difference);
            }
        }
    }
}
