//! `System.DateOnly` and `System.TimeOnly`.

use super::super::super::table::{Call, PropertyRow, Row, Table, get, integer_of};
use super::super::super::thrown;
use super::super::psobject::set_reference;
use super::moment::date_of;
use super::{format_text, formats, formatted, not_a, out_of_range, provider, sign};
use crate::value::calendar::{self, TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE};
use crate::value::date_text::{Styles, parse_date, parse_exact};
use crate::value::format_text::format_date;
use crate::value::object::NativeObject;
use crate::value::{Culture, DateKind, DateTime, Native, Outcome, TimeSpan, TypeRef, Value};
use std::any::Any;
use std::cmp::Ordering;

/// A day, or a time of day: ticks in whole days, or within one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Only {
    kind: TypeRef,
    ticks: i64,
}

impl Only {
    fn is_date(self) -> bool {
        self.kind == TypeRef::DATEONLY
    }

    fn date(self) -> DateTime {
        DateTime::new(self.ticks, DateKind::Unspecified).unwrap_or_else(DateTime::minimum)
    }

    fn formatted(self, format: &str, culture: &Culture) -> Outcome<String> {
        let format = match (self.is_date(), format) {
            (true, "" | "d") => "d",
            (true, "o" | "O") => "yyyy-MM-dd",
            (true, "r" | "R") => "ddd, dd MMM yyyy",
            (false, "" | "t") => "t",
            (false, "o" | "O") => "HH:mm:ss.fffffff",
            (false, "r" | "R") => "HH:mm:ss",
            (_, other) => other,
        };
        format_date(self.date(), format, culture)
    }
}

impl NativeObject for Only {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        self.formatted("", Culture::current()).unwrap_or_default()
    }
    fn format(&self, format: &str, culture: &Culture) -> Option<Outcome<String>> {
        Some(self.formatted(format, culture))
    }
    fn equals(&self, other: &dyn NativeObject) -> Option<bool> {
        Some(other.as_any().downcast_ref::<Self>() == Some(self))
    }
    fn compare(&self, other: &dyn NativeObject) -> Option<Ordering> {
        Some(self.ticks.cmp(&other.as_any().downcast_ref::<Self>()?.ticks))
    }
    fn key(&self) -> Option<Box<[u8]>> {
        Some(Box::new(self.ticks.to_le_bytes()))
    }
}

fn day(ticks: i64) -> Outcome<Value> {
    let ticks = ticks - ticks.rem_euclid(TICKS_PER_DAY);
    DateTime::new(ticks, DateKind::Unspecified).ok_or_else(out_of_range)?;
    Ok(Native::value(Only { kind: TypeRef::DATEONLY, ticks }))
}

fn time(ticks: i64) -> Value {
    Native::value(Only { kind: TypeRef::TIMEONLY, ticks: ticks.rem_euclid(TICKS_PER_DAY) })
}

fn only(value: &Value) -> Only {
    match value {
        Value::Native(native) => {
            native.downcast::<Only>().copied().unwrap_or(Only { kind: TypeRef::DATEONLY, ticks: 0 })
        }
        Value::Wrapped(wrapped) => only(&wrapped.base),
        _ => Only { kind: TypeRef::DATEONLY, ticks: 0 },
    }
}

fn made(kind: TypeRef, date: DateTime) -> Outcome<Value> {
    if kind == TypeRef::DATEONLY { day(date.ticks()) } else { Ok(time(date.ticks())) }
}

/// A text as a date that has no time, or as a time that has no date.
fn read(c: &Call<'_>, culture: &Culture) -> Option<DateTime> {
    let found = parse_date(c.text(0), culture, Styles::default())?;
    let fits = c.kind == TypeRef::TIMEONLY || found.ticks() % TICKS_PER_DAY == 0;
    (fits && !c.text(0).trim().is_empty()).then_some(found)
}

fn unreadable(c: &Call<'_>) -> crate::value::Unwind {
    not_a(if c.kind == TypeRef::DATEONLY { "a date" } else { "a time of day" }, c.text(0))
}

fn parse(c: &mut Call<'_>, culture: &Culture) -> Outcome<Value> {
    made(c.kind, read(c, culture).ok_or_else(|| unreadable(c))?)
}

fn parse_as(c: &mut Call<'_>, culture: &Culture) -> Outcome<Value> {
    let wanted = formats(c.arg(1));
    let found = wanted.iter().find_map(|format| parse_exact(c.text(0), format, culture, Styles::default()));
    made(c.kind, found.ok_or_else(|| unreadable(c))?)
}

fn try_parse(c: &mut Call<'_>, culture: &Culture, result: usize) -> Outcome<Value> {
    let found = read(c, culture);
    let value = made(c.kind, found.unwrap_or_else(DateTime::minimum))?;
    set_reference(c.arg(result), value)?;
    Ok(Value::Bool(found.is_some()))
}

const SHARED: &[Row] = &[
    ("string ToString()", |c| formatted(only(c.this).formatted("", Culture::current()))),
    ("string ToString(string format)", |c| {
        formatted(only(c.this).formatted(format_text(c.arg(0)), Culture::current()))
    }),
    ("string ToString(System.IFormatProvider provider)", |c| formatted(only(c.this).formatted("", provider(c.arg(0))))),
    ("string ToString(string format, System.IFormatProvider provider)", |c| {
        formatted(only(c.this).formatted(format_text(c.arg(0)), provider(c.arg(1))))
    }),
    ("int CompareTo(System.Object value)", |c| Ok(sign(only(c.this).ticks.cmp(&only(c.arg(0)).ticks)))),
];

const STATICS: &[Row] = &[
    ("static System.Object Parse(string s)", |c| parse(c, Culture::current())),
    ("static System.Object Parse(string s, System.IFormatProvider provider)", |c| {
        let culture = provider(c.arg(1));
        parse(c, culture)
    }),
    ("static System.Object ParseExact(string s, string format)", |c| parse_as(c, Culture::current())),
    ("static System.Object ParseExact(string s, string format, System.IFormatProvider provider)", |c| {
        let culture = provider(c.arg(2));
        parse_as(c, culture)
    }),
    ("static bool TryParse(string s, [ref] System.Object result)", |c| try_parse(c, Culture::current(), 1)),
    ("static bool TryParse(string s, System.IFormatProvider provider, [ref] System.Object result)", |c| {
        let culture = provider(c.arg(1));
        try_parse(c, culture, 2)
    }),
    ("static System.Object FromDateTime(datetime dateTime)", |c| made(c.kind, date_of(c.arg(0)))),
    ("static System.TimeOnly FromTimeSpan(timespan timeSpan)", |c| match c.arg(0) {
        Value::TimeSpan(span) if (0..TICKS_PER_DAY).contains(&span.0) => Ok(time(span.0)),
        _ => Err(thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "A time of day lies within one day.")),
    }),
    ("static System.DateOnly FromDayNumber(int dayNumber)", |c| day(c.int(0).saturating_mul(TICKS_PER_DAY))),
];

fn number(read: fn(DateTime) -> i64) -> impl Fn(&Value) -> Value {
    move |value| Value::I32(read(only(value).date()) as i32)
}

/// A property that is a number of the date.
macro_rules! part {
    ($name:literal, $read:expr) => {
        get($name, "int", |_, v| Ok(number($read)(v)))
    };
}

const DATE_PROPERTIES: &[PropertyRow] = &[
    part!("Year", |date| i64::from(date.parts().year)),
    part!("Month", |date| i64::from(date.parts().month)),
    part!("Day", |date| i64::from(date.parts().day)),
    get("DayOfWeek", "System.DayOfWeek", |_, v| {
        Ok(TypeRef::DAY_OF_WEEK.enum_of(i64::from(only(v).date().day_of_week())))
    }),
    part!("DayOfYear", |date| i64::from(date.day_of_year())),
    part!("DayNumber", |date| date.ticks() / TICKS_PER_DAY),
];

fn moved(date: Option<DateTime>) -> Outcome<Value> {
    day(date.ok_or_else(out_of_range)?.ticks())
}

pub(super) static DATE: Table = Table {
    methods: &[
        SHARED[0],
        SHARED[1],
        SHARED[2],
        SHARED[3],
        SHARED[4],
        ("string ToLongDateString()", |c| formatted(only(c.this).formatted("D", Culture::current()))),
        ("string ToShortDateString()", |c| formatted(only(c.this).formatted("d", Culture::current()))),
        ("System.DateOnly AddDays(int value)", |c| {
            moved(only(c.this).date().add_ticks(c.int(0).saturating_mul(TICKS_PER_DAY)))
        }),
        ("System.DateOnly AddMonths(int value)", |c| moved(only(c.this).date().add_months(c.int(0) as i32))),
        ("System.DateOnly AddYears(int value)", |c| moved(only(c.this).date().add_years(c.int(0) as i32))),
        ("datetime ToDateTime(System.TimeOnly time)", |c| {
            let ticks = only(c.this).ticks + only(c.arg(0)).ticks;
            DateTime::new(ticks, DateKind::Unspecified).map(Value::DateTime).ok_or_else(out_of_range)
        }),
        ("datetime ToDateTime(System.TimeOnly time, System.DateTimeKind kind)", |c| {
            let kind = match c.int(1) {
                1 => DateKind::Utc,
                2 => DateKind::Local,
                _ => DateKind::Unspecified,
            };
            let ticks = only(c.this).ticks + only(c.arg(0)).ticks;
            DateTime::new(ticks, kind).map(Value::DateTime).ok_or_else(out_of_range)
        }),
    ],
    statics: STATICS,
    constructors: &[
        ("DateOnly()", |_| day(0)),
        ("DateOnly(int year, int month, int day)", |c| {
            let part = |at: usize| u32::try_from(c.int(at)).unwrap_or(0);
            let date = calendar::date_time(c.int(0) as i32, part(1), part(2), 0, 0, 0);
            moved(date)
        }),
    ],
    properties: DATE_PROPERTIES,
    static_properties: &[
        get("MinValue", "System.DateOnly", |_, _| day(0)),
        get("MaxValue", "System.DateOnly", |_, _| day(DateTime::maximum().ticks())),
    ],
};

const TIME_PROPERTIES: &[PropertyRow] = &[
    part!("Hour", |date| date.ticks() / TICKS_PER_HOUR),
    part!("Minute", |date| date.ticks() / TICKS_PER_MINUTE % 60),
    part!("Second", |date| date.ticks() / calendar::TICKS_PER_SECOND % 60),
    part!("Millisecond", |date| date.ticks() / calendar::TICKS_PER_MILLISECOND % 1000),
    get("Ticks", "long", |_, v| Ok(Value::I64(only(v).ticks))),
];

fn later(c: &Call<'_>, unit: i64) -> Outcome<Value> {
    Ok(time(only(c.this).ticks + (c.double(0) * unit as f64).round() as i64))
}

/// Hour, minute and so on, each in its bounds.
fn of_parts(c: &mut Call<'_>) -> Outcome<Value> {
    let part = |at: usize| c.args.get(at).and_then(integer_of).unwrap_or(0);
    let (hour, minute, second, millisecond) = (part(0), part(1), part(2), part(3));
    let fits = (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..60).contains(&second)
        && (0..1000).contains(&millisecond);
    if !fits {
        return Err(thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "There is no such time of day."));
    }
    Ok(time(
        ((hour * 60 + minute) * 60 + second) * calendar::TICKS_PER_SECOND
            + millisecond * calendar::TICKS_PER_MILLISECOND,
    ))
}

pub(super) static TIME: Table = Table {
    methods: &[
        SHARED[0],
        SHARED[1],
        SHARED[2],
        SHARED[3],
        SHARED[4],
        ("string ToLongTimeString()", |c| formatted(only(c.this).formatted("T", Culture::current()))),
        ("string ToShortTimeString()", |c| formatted(only(c.this).formatted("t", Culture::current()))),
        ("System.TimeOnly Add(timespan value)", |c| match c.arg(0) {
            Value::TimeSpan(span) => Ok(time(only(c.this).ticks + span.0 % TICKS_PER_DAY)),
            _ => Ok(c.this.clone()),
        }),
        ("System.TimeOnly AddHours(double value)", |c| later(c, TICKS_PER_HOUR)),
        ("System.TimeOnly AddMinutes(double value)", |c| later(c, TICKS_PER_MINUTE)),
        ("bool IsBetween(System.TimeOnly start, System.TimeOnly end)", |c| {
            let (now, start, end) = (only(c.this).ticks, only(c.arg(0)).ticks, only(c.arg(1)).ticks);
            Ok(Value::Bool(if start <= end { (start..end).contains(&now) } else { now >= start || now < end }))
        }),
        ("timespan ToTimeSpan()", |c| Ok(Value::TimeSpan(TimeSpan(only(c.this).ticks)))),
    ],
    statics: STATICS,
    constructors: &[
        ("TimeOnly()", |_| Ok(time(0))),
        ("TimeOnly(int hour, int minute)", of_parts),
        ("TimeOnly(int hour, int minute, int second)", of_parts),
        ("TimeOnly(int hour, int minute, int second, int millisecond)", of_parts),
        ("TimeOnly(long ticks)", |c| Ok(time(c.int(0)))),
    ],
    properties: TIME_PROPERTIES,
    static_properties: &[
        get("MinValue", "System.TimeOnly", |_, _| Ok(time(0))),
        get("MaxValue", "System.TimeOnly", |_, _| Ok(time(TICKS_PER_DAY - 1))),
    ],
};
