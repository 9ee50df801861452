//! `System.Xml.XmlConvert`: values as XML Schema writes them.

use super::super::super::table::{Call, Row, Table};
use super::super::super::thrown;
use crate::value::culture::INVARIANT;
use crate::value::{DateKind, Outcome, TypeRef, Value, convert, format_text};

/// A value as XML Schema writes it.
pub(super) fn text_of(value: &Value) -> String {
    match value {
        Value::Bool(flag) => flag.to_string(),
        Value::DateTime(date) => {
            format_text::format_date(*date, date_format(date.kind()), &INVARIANT).unwrap_or_default()
        }
        Value::TimeSpan(span) => duration(span.0),
        Value::F64(number) if number.is_infinite() => if *number > 0.0 { "INF" } else { "-INF" }.to_owned(),
        Value::F64(_) | Value::F32(_) => format_text::format_value(value, None, &INVARIANT).unwrap_or_default(),
        other => convert::to_text(other).to_string(),
    }
}

/// Fractions only where there are some; the offset by kind.
fn date_format(_kind: DateKind) -> &'static str {
    "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"
}

/// `P1DT2H3M4.5S`.
fn duration(ticks: i64) -> String {
    let mut text = String::from(if ticks < 0 { "-P" } else { "P" });
    let ticks = ticks.unsigned_abs();
    let seconds = ticks / 10_000_000;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    let (rest, fraction) = (seconds % 60, ticks % 10_000_000);
    if days > 0 {
        text.push_str(&format!("{days}D"));
    }
    if !ticks.is_multiple_of(864_000_000_000) {
        text.push('T');
    }
    for (count, unit) in [(hours, 'H'), (minutes, 'M')] {
        if count > 0 {
            text.push_str(&format!("{count}{unit}"));
        }
    }
    match (rest, fraction) {
        (0, 0) if days + hours + minutes == 0 => text.push_str("T0S"),
        (0, 0) => {}
        (rest, 0) => text.push_str(&format!("{rest}S")),
        (rest, fraction) => {
            let digits = format!("{fraction:07}");
            text.push_str(&format!("{rest}.{}S", digits.trim_end_matches('0')));
        }
    }
    text
}

fn to_boolean(c: &mut Call<'_>) -> Outcome<Value> {
    match c.text(0).trim() {
        "true" | "1" => Ok(Value::Bool(true)),
        "false" | "0" => Ok(Value::Bool(false)),
        other => Err(unreadable(other, "boolean")),
    }
}

fn unreadable(text: &str, kind: &str) -> crate::value::Unwind {
    thrown(TypeRef::FORMAT_EXCEPTION, format!("'{text}' is no {kind} in XML."))
}

/// Numbers and dates, by the invariant culture.
fn read(c: &mut Call<'_>, kind: TypeRef) -> Outcome<Value> {
    let text = c.text(0).trim().to_owned();
    let special = match text.as_str() {
        "INF" => Some(f64::INFINITY),
        "-INF" => Some(f64::NEG_INFINITY),
        _ => None,
    };
    if let Some(number) = special.filter(|_| kind == TypeRef::DOUBLE) {
        return Ok(Value::F64(number));
    }
    let digits = text.bytes().any(|byte| byte.is_ascii_digit());
    convert::to(c.engine, &Value::from(text.as_str()), kind)
        .ok()
        .filter(|_| digits || text == "NaN")
        .ok_or_else(|| unreadable(&text, &kind.display_name()))
}

fn is_name_part(c: char, first: bool) -> bool {
    c.is_alphabetic() || c == '_' || (!first && (c.is_numeric() || matches!(c, '-' | '.')))
}

/// Characters that a name cannot hold as `_xHHHH_`.
fn encode_name(name: &str, colon: bool) -> String {
    let mut encoded = String::new();
    for (at, c) in name.char_indices() {
        let escape_like = c == '_' && name.get(at + 1..).is_some_and(|rest| rest.starts_with('x') && rest.len() > 5);
        if (is_name_part(c, at == 0) || colon && c == ':') && !escape_like {
            encoded.push(c);
        } else {
            encoded.push_str(&format!("_x{:04X}_", u32::from(c)));
        }
    }
    encoded
}

fn decode_name(name: &str) -> String {
    let mut decoded = String::new();
    let mut rest = name;
    while let Some(at) = rest.find("_x") {
        let code = rest.get(at + 2..at + 6).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let closed = rest.get(at + 6..).is_some_and(|after| after.starts_with('_'));
        match code.and_then(char::from_u32).filter(|_| closed) {
            Some(c) => {
                decoded.push_str(rest.get(..at).unwrap_or(""));
                decoded.push(c);
                rest = rest.get(at + 7..).unwrap_or("");
            }
            None => {
                decoded.push_str(rest.get(..at + 2).unwrap_or(""));
                rest = rest.get(at + 2..).unwrap_or("");
            }
        }
    }
    decoded.push_str(rest);
    decoded
}

const STATICS: &[Row] = &[
    ("static string ToString(System.Object value)", |c| Ok(Value::from(text_of(c.arg(0))))),
    ("static string ToString(datetime value, string format)", |c| {
        let format = c.text(1).to_owned();
        Ok(Value::from(format_text::format_value(c.arg(0), Some(&format), &INVARIANT)?))
    }),
    ("static string ToString(datetime value, System.Object dateTimeOption)", |c| Ok(Value::from(text_of(c.arg(0))))),
    ("static bool ToBoolean(string s)", to_boolean),
    ("static int ToInt32(string s)", |c| read(c, TypeRef::INT32)),
    ("static long ToInt64(string s)", |c| read(c, TypeRef::INT64)),
    ("static int16 ToInt16(string s)", |c| read(c, TypeRef::INT16)),
    ("static byte ToByte(string s)", |c| read(c, TypeRef::BYTE)),
    ("static double ToDouble(string s)", |c| read(c, TypeRef::DOUBLE)),
    ("static float ToSingle(string s)", |c| read(c, TypeRef::SINGLE)),
    ("static decimal ToDecimal(string s)", |c| read(c, TypeRef::DECIMAL)),
    ("static datetime ToDateTime(string s)", |c| read(c, TypeRef::DATETIME)),
    ("static datetime ToDateTime(string s, System.Object dateTimeOption)", |c| read(c, TypeRef::DATETIME)),
    ("static datetimeoffset ToDateTimeOffset(string s)", |c| read(c, TypeRef::DATETIMEOFFSET)),
    ("static guid ToGuid(string s)", |c| convert::to(c.engine, &c.args[0], TypeRef::GUID)),
    ("static timespan ToTimeSpan(string s)", |c| {
        let text = c.text(0).to_owned();
        read_duration(&text)
            .map(|ticks| Value::TimeSpan(crate::value::TimeSpan(ticks)))
            .ok_or_else(|| unreadable(&text, "duration"))
    }),
    ("static string EncodeName(string name)", |c| Ok(Value::from(encode_name(c.text(0), true)))),
    ("static string EncodeLocalName(string name)", |c| Ok(Value::from(encode_name(c.text(0), false)))),
    ("static string EncodeNmToken(string name)", |c| Ok(Value::from(encode_name(c.text(0), true)))),
    ("static string DecodeName(string name)", |c| Ok(Value::from(decode_name(c.text(0))))),
    ("static string VerifyName(string name)", |c| {
        super::element::check_name(c.text(0))?;
        Ok(c.take(0))
    }),
];

/// Ticks of `P1DT2H3M4.5S`.
fn read_duration(text: &str) -> Option<i64> {
    let (negative, body) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let body = body.strip_prefix('P')?;
    let (days, times) = body.split_once('T').unwrap_or((body, ""));
    let mut ticks = 0f64;
    for (part, in_time) in [(days, false), (times, true)] {
        let mut digits = String::new();
        for c in part.chars() {
            if c.is_ascii_digit() || c == '.' {
                digits.push(c);
                continue;
            }
            let seconds = match (c, in_time) {
                ('Y', false) => 31_536_000.0,
                ('M', false) => 2_592_000.0,
                ('D', false) => 86_400.0,
                ('H', true) => 3600.0,
                ('M', true) => 60.0,
                ('S', true) => 1.0,
                _ => return None,
            };
            ticks += digits.parse::<f64>().ok()? * seconds * 1e7;
            digits.clear();
        }
        if !digits.is_empty() {
            return None;
        }
    }
    Some(if negative { -ticks as i64 } else { ticks as i64 })
}

pub(super) static CONVERT: Table = Table { statics: STATICS, ..Table::EMPTY };
