//! `System.DateTime`.

use super::super::super::table::{Call, PropertyRow, Row, Table, added, get};
use super::super::super::thrown;
use super::super::psobject::set_reference;
use super::{format_text, formats, formatted, not_a, out_of_range, provider, sign, styles};
use crate::value::calendar::{
    self, Parts, TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MICROSECOND, TICKS_PER_MILLISECOND, TICKS_PER_MINUTE,
    TICKS_PER_SECOND,
};
use crate::value::date_text::{Styles, parse_date, parse_exact};
use crate::value::format_text::format_date;
use crate::value::{Culture, DateKind, DateTime, Outcome, TimeSpan, TypeRef, Value, convert};

pub(super) static TABLE: Table = Table {
    methods: METHODS,
    statics: STATICS,
    constructors: CONSTRUCTORS,
    properties: PROPERTIES,
    static_properties: &[
        get("MinValue", "datetime", |_, _| Ok(Value::DateTime(DateTime::minimum()))),
        get("MaxValue", "datetime", |_, _| Ok(Value::DateTime(DateTime::maximum()))),
        get("UnixEpoch", "datetime", |_, _| moment(calendar::UNIX_EPOCH, DateKind::Utc)),
        get("Now", "datetime", |_, _| Ok(Value::DateTime(DateTime::now()))),
        get("UtcNow", "datetime", |_, _| Ok(Value::DateTime(DateTime::utc_now()))),
        get("Today", "datetime", |_, _| Ok(Value::DateTime(DateTime::now().date()))),
    ],
};

pub(super) static ISO_WEEK: Table = Table {
    statics: &[
        ("static int GetWeekOfYear(datetime date)", |c| Ok(Value::I32(date_of(c.arg(0)).iso_week().1 as i32))),
        ("static int GetYear(datetime date)", |c| Ok(Value::I32(date_of(c.arg(0)).iso_week().0))),
    ],
    ..Table::EMPTY
};

/// The date a value is.
pub(super) fn date_of(value: &Value) -> DateTime {
    match value {
        Value::DateTime(date) => *date,
        Value::Wrapped(wrapped) => date_of(&wrapped.base),
        _ => DateTime::minimum(),
    }
}

fn moment(ticks: i64, kind: DateKind) -> Outcome<Value> {
    DateTime::new(ticks, kind).map(Value::DateTime).ok_or_else(out_of_range)
}

fn made(date: Option<DateTime>) -> Outcome<Value> {
    date.map(Value::DateTime).ok_or_else(out_of_range)
}

fn kind_value(kind: DateKind) -> Value {
    TypeRef::DATETIME_KIND.enum_of(kind as i64)
}

fn kind_of(value: &Value) -> DateKind {
    match value {
        Value::Enum(member) if member.bits == 1 => DateKind::Utc,
        Value::Enum(member) if member.bits == 2 => DateKind::Local,
        _ => DateKind::Unspecified,
    }
}

fn part(value: &Value, read: fn(Parts) -> u32) -> Outcome<Value> {
    Ok(Value::I32(read(date_of(value).parts()) as i32))
}

const PROPERTIES: &[PropertyRow] = &[
    added("DateTime", "ScriptProperty", "System.Object", |_, v| {
        formatted(format_date(date_of(v), "F", Culture::current()))
    }),
    get("Date", "datetime", |_, v| Ok(Value::DateTime(date_of(v).date()))),
    get("Day", "int", |_, v| part(v, |p| p.day)),
    get("DayOfWeek", "System.DayOfWeek", |_, v| Ok(TypeRef::DAY_OF_WEEK.enum_of(i64::from(date_of(v).day_of_week())))),
    get("DayOfYear", "int", |_, v| Ok(Value::I32(date_of(v).day_of_year() as i32))),
    get("Hour", "int", |_, v| part(v, |p| p.hour)),
    get("Kind", "System.DateTimeKind", |_, v| Ok(kind_value(date_of(v).kind()))),
    get("Millisecond", "int", |_, v| part(v, |p| p.fraction / TICKS_PER_MILLISECOND as u32)),
    get("Microsecond", "int", |_, v| part(v, |p| p.fraction / TICKS_PER_MICROSECOND as u32 % 1000)),
    get("Nanosecond", "int", |_, v| part(v, |p| p.fraction % TICKS_PER_MICROSECOND as u32 * 100)),
    get("Minute", "int", |_, v| part(v, |p| p.minute)),
    get("Month", "int", |_, v| part(v, |p| p.month)),
    get("Second", "int", |_, v| part(v, |p| p.second)),
    get("Ticks", "long", |_, v| Ok(Value::I64(date_of(v).ticks()))),
    get("TimeOfDay", "timespan", |_, v| Ok(Value::TimeSpan(TimeSpan(date_of(v).ticks() % TICKS_PER_DAY)))),
    get("Year", "int", |_, v| Ok(Value::I32(date_of(v).parts().year))),
];

fn later(c: &Call<'_>, unit: i64) -> Outcome<Value> {
    made(date_of(c.this).add_units(c.double(0), unit))
}

fn text(c: &Call<'_>, format: &str, culture: &Culture) -> Outcome<Value> {
    formatted(format_date(date_of(c.this), format, culture))
}

const METHODS: &[Row] = &[
    ("datetime Add(timespan value)", |c| made(date_of(c.this).add_ticks(super::span::span_of(c.arg(0)).0))),
    ("datetime AddDays(double value)", |c| later(c, TICKS_PER_DAY)),
    ("datetime AddHours(double value)", |c| later(c, TICKS_PER_HOUR)),
    ("datetime AddMilliseconds(double value)", |c| later(c, TICKS_PER_MILLISECOND)),
    ("datetime AddMicroseconds(double value)", |c| later(c, TICKS_PER_MICROSECOND)),
    ("datetime AddMinutes(double value)", |c| later(c, TICKS_PER_MINUTE)),
    ("datetime AddMonths(int months)", |c| {
        made(i32::try_from(c.int(0)).ok().and_then(|months| date_of(c.this).add_months(months)))
    }),
    ("datetime AddSeconds(double value)", |c| later(c, TICKS_PER_SECOND)),
    ("datetime AddTicks(long value)", |c| made(date_of(c.this).add_ticks(c.int(0)))),
    ("datetime AddYears(int value)", |c| {
        made(i32::try_from(c.int(0)).ok().and_then(|years| date_of(c.this).add_years(years)))
    }),
    ("int CompareTo(System.Object value)", |c| {
        let other = convert::to(c.engine, c.args.first().unwrap_or(&Value::Null), TypeRef::DATETIME)?;
        Ok(sign(date_of(c.this).ticks().cmp(&date_of(&other).ticks())))
    }),
    ("bool Equals(System.Object value)", |c| {
        Ok(Value::Bool(
            matches!(super::super::super::bare(c.arg(0)), Value::DateTime(other) if other.ticks() == date_of(c.this).ticks()),
        ))
    }),
    ("bool IsDaylightSavingTime()", |_| Ok(Value::Bool(false))),
    ("timespan Subtract(datetime value)", |c| {
        Ok(Value::TimeSpan(TimeSpan(date_of(c.this).ticks() - date_of(c.arg(0)).ticks())))
    }),
    ("datetime Subtract(timespan value)", |c| made(date_of(c.this).add_ticks(-super::span::span_of(c.arg(0)).0))),
    ("long ToBinary()", |c| Ok(Value::I64(date_of(c.this).0 as i64))),
    ("long ToFileTime()", |c| Ok(Value::I64(date_of(c.this).to_universal().ticks() - FILE_TIME_EPOCH))),
    ("long ToFileTimeUtc()", |c| Ok(Value::I64(date_of(c.this).to_universal().ticks() - FILE_TIME_EPOCH))),
    ("datetime ToLocalTime()", |c| Ok(Value::DateTime(date_of(c.this).to_local()))),
    ("string ToLongDateString()", |c| text(c, "D", Culture::current())),
    ("string ToLongTimeString()", |c| text(c, "T", Culture::current())),
    ("double ToOADate()", |c| {
        Ok(Value::F64((date_of(c.this).ticks() - AUTOMATION_EPOCH) as f64 / TICKS_PER_DAY as f64))
    }),
    ("string ToShortDateString()", |c| text(c, "d", Culture::current())),
    ("string ToShortTimeString()", |c| text(c, "t", Culture::current())),
    ("string ToString()", |c| text(c, "", Culture::current())),
    ("string ToString(string format)", |c| text(c, format_text(c.arg(0)), Culture::current())),
    ("string ToString(System.IFormatProvider provider)", |c| text(c, "", provider(c.arg(0)))),
    ("string ToString(string format, System.IFormatProvider provider)", |c| {
        text(c, format_text(c.arg(0)), provider(c.arg(1)))
    }),
    ("datetime ToUniversalTime()", |c| Ok(Value::DateTime(date_of(c.this).to_universal()))),
    ("System.TypeCode GetTypeCode()", |_| Ok(TypeRef::TYPE_CODE.enum_of(16))),
];

/// Ticks of 1601-01-01.
const FILE_TIME_EPOCH: i64 = 504_911_232_000_000_000;
/// Ticks of 1899-12-30.
const AUTOMATION_EPOCH: i64 = 599_264_352_000_000_000;

fn parsed(c: &Call<'_>, culture: &Culture, styles: Styles) -> Outcome<Value> {
    parse_date(c.text(0), culture, styles).map(Value::DateTime).ok_or_else(|| not_a("a date", c.text(0)))
}

fn exact(c: &Call<'_>, styles: Styles) -> Option<DateTime> {
    let culture = provider(c.arg(2));
    formats(c.arg(1)).iter().find_map(|format| parse_exact(c.text(0), format, culture, styles))
}

fn parsed_exact(c: &Call<'_>, styles: Styles) -> Outcome<Value> {
    exact(c, styles).map(Value::DateTime).ok_or_else(|| not_a("a date in the format asked for", c.text(0)))
}

fn answer(c: &Call<'_>, found: Option<DateTime>, place: usize) -> Outcome<Value> {
    set_reference(c.arg(place), Value::DateTime(found.unwrap_or(DateTime::minimum())))?;
    Ok(Value::Bool(found.is_some()))
}

fn year_ok(year: i64) -> Outcome<i32> {
    i32::try_from(year).ok().filter(|year| (1..=9999).contains(year)).ok_or_else(out_of_range)
}

const STATICS: &[Row] = &[
    ("static int Compare(datetime t1, datetime t2)", |c| {
        Ok(sign(date_of(c.arg(0)).ticks().cmp(&date_of(c.arg(1)).ticks())))
    }),
    ("static int DaysInMonth(int year, int month)", |c| {
        let days = calendar::days_in_month(year_ok(c.int(0))?, u32::try_from(c.int(1)).unwrap_or(0));
        if days == 0 { Err(out_of_range()) } else { Ok(Value::I32(days as i32)) }
    }),
    ("static bool Equals(datetime t1, datetime t2)", |c| {
        Ok(Value::Bool(date_of(c.arg(0)).ticks() == date_of(c.arg(1)).ticks()))
    }),
    ("static datetime FromBinary(long dateData)", |c| {
        let bits = c.int(0) as u64;
        let kind = match bits >> 62 {
            0 => DateKind::Unspecified,
            1 => DateKind::Utc,
            _ => DateKind::Local,
        };
        moment((bits & (u64::MAX >> 2)) as i64, kind)
    }),
    ("static datetime FromFileTime(long fileTime)", |c| {
        let universal = DateTime::new(c.int(0).saturating_add(FILE_TIME_EPOCH), DateKind::Utc);
        made(universal.map(DateTime::to_local))
    }),
    ("static datetime FromFileTimeUtc(long fileTime)", |c| {
        moment(c.int(0).saturating_add(FILE_TIME_EPOCH), DateKind::Utc)
    }),
    ("static datetime FromOADate(double d)", |c| {
        moment(AUTOMATION_EPOCH + (c.double(0) * TICKS_PER_DAY as f64).round() as i64, DateKind::Unspecified)
    }),
    ("static bool IsLeapYear(int year)", |c| Ok(Value::Bool(calendar::is_leap_year(year_ok(c.int(0))?)))),
    ("static datetime Parse(string s)", |c| parsed(c, Culture::current(), Styles::default())),
    ("static datetime Parse(string s, System.IFormatProvider provider)", |c| {
        parsed(c, provider(c.arg(1)), Styles::default())
    }),
    (
        "static datetime Parse(string s, System.IFormatProvider provider, System.Globalization.DateTimeStyles styles)",
        |c| parsed(c, provider(c.arg(1)), styles(c.arg(2))),
    ),
    ("static datetime ParseExact(string s, string format, System.IFormatProvider provider)", |c| {
        parsed_exact(c, Styles::default())
    }),
    (
        "static datetime ParseExact(string s, string format, System.IFormatProvider provider, System.Globalization.DateTimeStyles style)",
        |c| parsed_exact(c, styles(c.arg(3))),
    ),
    (
        "static datetime ParseExact(string s, string[] formats, System.IFormatProvider provider, System.Globalization.DateTimeStyles style)",
        |c| parsed_exact(c, styles(c.arg(3))),
    ),
    ("static datetime SpecifyKind(datetime value, System.DateTimeKind kind)", |c| {
        Ok(Value::DateTime(date_of(c.arg(0)).with_kind(kind_of(c.arg(1)))))
    }),
    ("static bool TryParse(string s, [ref] datetime result)", |c| {
        let found = parse_date(c.text(0), Culture::current(), Styles::default());
        answer(c, found, 1)
    }),
    ("static bool TryParse(string s, System.IFormatProvider provider, [ref] datetime result)", |c| {
        let found = parse_date(c.text(0), provider(c.arg(1)), Styles::default());
        answer(c, found, 2)
    }),
    (
        "static bool TryParse(string s, System.IFormatProvider provider, System.Globalization.DateTimeStyles styles, [ref] datetime result)",
        |c| {
            let found = parse_date(c.text(0), provider(c.arg(1)), styles(c.arg(2)));
            answer(c, found, 3)
        },
    ),
    (
        "static bool TryParseExact(string s, string format, System.IFormatProvider provider, System.Globalization.DateTimeStyles style, [ref] datetime result)",
        |c| {
            let found = exact(c, styles(c.arg(3)));
            answer(c, found, 4)
        },
    ),
    (
        "static bool TryParseExact(string s, string[] formats, System.IFormatProvider provider, System.Globalization.DateTimeStyles style, [ref] datetime result)",
        |c| {
            let found = exact(c, styles(c.arg(3)));
            answer(c, found, 4)
        },
    ),
];

/// A date of the arguments: year, month, day, then time parts as far as given.
fn from_parts(c: &Call<'_>, count: usize) -> Outcome<DateTime> {
    let part = |index: usize| {
        if index < count { u32::try_from(c.int(index)).map_err(|_| out_of_range()) } else { Ok(0) }
    };
    let milliseconds = part(6)?;
    if milliseconds > 999 {
        return Err(out_of_range());
    }
    let parts = Parts {
        year: year_ok(c.int(0))?,
        month: part(1)?,
        day: part(2)?,
        hour: part(3)?,
        minute: part(4)?,
        second: part(5)?,
        fraction: milliseconds * TICKS_PER_MILLISECOND as u32,
    };
    let ticks = calendar::ticks_of(parts).ok_or_else(out_of_range)?;
    DateTime::new(ticks, DateKind::Unspecified).ok_or_else(out_of_range)
}

fn from_parts_with_kind(c: &Call<'_>, count: usize) -> Outcome<Value> {
    Ok(Value::DateTime(from_parts(c, count)?.with_kind(kind_of(c.arg(count)))))
}

const CONSTRUCTORS: &[Row] = &[
    ("datetime()", |_| Ok(Value::DateTime(DateTime::minimum()))),
    ("datetime(long ticks)", |c| {
        let ticks = c.int(0);
        DateTime::new(ticks, DateKind::Unspecified)
            .map(Value::DateTime)
            .ok_or_else(|| thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "The ticks are outside the calendar."))
    }),
    ("datetime(long ticks, System.DateTimeKind kind)", |c| moment(c.int(0), kind_of(c.arg(1)))),
    ("datetime(int year, int month, int day)", |c| from_parts(c, 3).map(Value::DateTime)),
    ("datetime(int year, int month, int day, int hour, int minute, int second)", |c| {
        from_parts(c, 6).map(Value::DateTime)
    }),
    ("datetime(int year, int month, int day, int hour, int minute, int second, System.DateTimeKind kind)", |c| {
        from_parts_with_kind(c, 6)
    }),
    ("datetime(int year, int month, int day, int hour, int minute, int second, int millisecond)", |c| {
        from_parts(c, 7).map(Value::DateTime)
    }),
    (
        "datetime(int year, int month, int day, int hour, int minute, int second, int millisecond, System.DateTimeKind kind)",
        |c| from_parts_with_kind(c, 7),
    ),
];
