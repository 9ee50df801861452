//! `System.DateTimeOffset`.

use super::super::super::table::{Call, PropertyRow, Row, Table, get};
use super::super::super::thrown;
use super::super::psobject::set_reference;
use super::moment::date_of;
use super::span::span_of;
use super::{format_text, formats, formatted, not_a, out_of_range, provider, sign, styles};
use crate::value::calendar::{
    self, TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MILLISECOND, TICKS_PER_MINUTE, TICKS_PER_SECOND, UNIX_EPOCH,
};
use crate::value::date_text::{Styles, parse_date_offset, parse_exact_offset};
use crate::value::format_text::format_date_offset;
use crate::value::object::NativeObject;
use crate::value::{Culture, DateKind, DateTime, Native, Outcome, TimeSpan, TypeRef, Value, convert};
use std::any::Any;
use std::cmp::Ordering;

/// Clock time and how far it is ahead of universal time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DateTimeOffset {
    /// What a clock there shows.
    pub(crate) clock: DateTime,
    /// The offset in ticks.
    pub(crate) offset: i64,
}

impl DateTimeOffset {
    /// Ticks of universal time.
    fn universal_ticks(&self) -> i64 {
        self.clock.ticks() - self.offset
    }

    fn at_offset(&self, offset: i64) -> Option<Self> {
        let clock = DateTime::new(self.universal_ticks().checked_add(offset)?, DateKind::Unspecified)?;
        Some(Self { clock, offset })
    }
}

impl NativeObject for DateTimeOffset {
    fn kind(&self) -> TypeRef {
        TypeRef::DATETIMEOFFSET
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        format_date_offset(self.clock, self.offset, "", Culture::current()).unwrap_or_default()
    }
    fn equals(&self, other: &dyn NativeObject) -> Option<bool> {
        let other = other.as_any().downcast_ref::<Self>()?;
        Some(other.universal_ticks() == self.universal_ticks())
    }
    fn compare(&self, other: &dyn NativeObject) -> Option<Ordering> {
        let other = other.as_any().downcast_ref::<Self>()?;
        Some(self.universal_ticks().cmp(&other.universal_ticks()))
    }
    fn key(&self) -> Option<Box<[u8]>> {
        Some(Box::new(self.universal_ticks().to_le_bytes()))
    }
    fn format(&self, format: &str, culture: &Culture) -> Option<Outcome<String>> {
        Some(format_date_offset(self.clock, self.offset, format, culture))
    }
    fn operate(&self, method: &str, right: &Value) -> Option<Outcome<Value>> {
        match (method, right) {
            ("op_Addition", Value::TimeSpan(span)) => Some(shifted(self, Some(span.0))),
            ("op_Subtraction", Value::TimeSpan(span)) => Some(shifted(self, span.0.checked_neg())),
            ("op_Subtraction", Value::Native(_)) => {
                let ticks = self.universal_ticks() - of(right).universal_ticks();
                Some(Ok(Value::TimeSpan(TimeSpan(ticks))))
            }
            _ => None,
        }
    }
}

/// A `DateTimeOffset` as a value.
pub(crate) fn offset_value(clock: DateTime, offset: i64) -> Value {
    Native::value(DateTimeOffset { clock: clock.with_kind(DateKind::Unspecified), offset })
}

fn of(value: &Value) -> DateTimeOffset {
    let zero = DateTimeOffset { clock: DateTime::minimum(), offset: 0 };
    match value {
        Value::Native(native) => native.downcast::<DateTimeOffset>().copied().unwrap_or(zero),
        Value::Wrapped(wrapped) => of(&wrapped.base),
        Value::DateTime(date) => from_date(*date),
        _ => zero,
    }
}

fn from_date(date: DateTime) -> DateTimeOffset {
    DateTimeOffset { clock: date.with_kind(DateKind::Unspecified), offset: date.offset().0 }
}

fn value_of(moment: DateTimeOffset) -> Value {
    offset_value(moment.clock, moment.offset)
}

fn shifted(moment: &DateTimeOffset, ticks: Option<i64>) -> Outcome<Value> {
    let clock = ticks.and_then(|ticks| moment.clock.add_ticks(ticks)).ok_or_else(out_of_range)?;
    Ok(offset_value(clock, moment.offset))
}

fn moved(c: &Call<'_>, clock: Option<DateTime>) -> Outcome<Value> {
    Ok(offset_value(clock.ok_or_else(out_of_range)?, of(c.this).offset))
}

pub(super) static TABLE: Table = Table {
    methods: METHODS,
    statics: STATICS,
    constructors: CONSTRUCTORS,
    properties: PROPERTIES,
    static_properties: &[
        get("Now", "System.DateTimeOffset", |_, _| Ok(value_of(from_date(DateTime::now())))),
        get("UtcNow", "System.DateTimeOffset", |_, _| Ok(value_of(from_date(DateTime::utc_now())))),
        get("MinValue", "System.DateTimeOffset", |_, _| Ok(offset_value(DateTime::minimum(), 0))),
        get("MaxValue", "System.DateTimeOffset", |_, _| Ok(offset_value(DateTime::maximum(), 0))),
        get("UnixEpoch", "System.DateTimeOffset", |_, _| {
            Ok(offset_value(DateTime::new(UNIX_EPOCH, DateKind::Unspecified).ok_or_else(out_of_range)?, 0))
        }),
    ],
};

fn part(value: &Value, read: fn(calendar::Parts) -> u32) -> Outcome<Value> {
    Ok(Value::I32(read(of(value).clock.parts()) as i32))
}

fn universal(moment: DateTimeOffset) -> DateTime {
    DateTime::new(moment.universal_ticks(), DateKind::Utc).unwrap_or(DateTime::minimum())
}

const PROPERTIES: &[PropertyRow] = &[
    get("DateTime", "datetime", |_, v| Ok(Value::DateTime(of(v).clock))),
    get("UtcDateTime", "datetime", |_, v| Ok(Value::DateTime(universal(of(v))))),
    get("LocalDateTime", "datetime", |_, v| Ok(Value::DateTime(universal(of(v)).to_local()))),
    get("Date", "datetime", |_, v| Ok(Value::DateTime(of(v).clock.date()))),
    get("Day", "int", |_, v| part(v, |p| p.day)),
    get("DayOfWeek", "System.DayOfWeek", |_, v| Ok(TypeRef::DAY_OF_WEEK.enum_of(i64::from(of(v).clock.day_of_week())))),
    get("DayOfYear", "int", |_, v| Ok(Value::I32(of(v).clock.day_of_year() as i32))),
    get("Hour", "int", |_, v| part(v, |p| p.hour)),
    get("Millisecond", "int", |_, v| part(v, |p| p.fraction / TICKS_PER_MILLISECOND as u32)),
    get("Minute", "int", |_, v| part(v, |p| p.minute)),
    get("Month", "int", |_, v| part(v, |p| p.month)),
    get("Offset", "timespan", |_, v| Ok(Value::TimeSpan(TimeSpan(of(v).offset)))),
    get("TotalOffsetMinutes", "int", |_, v| Ok(Value::I32((of(v).offset / TICKS_PER_MINUTE) as i32))),
    get("Second", "int", |_, v| part(v, |p| p.second)),
    get("Ticks", "long", |_, v| Ok(Value::I64(of(v).clock.ticks()))),
    get("UtcTicks", "long", |_, v| Ok(Value::I64(of(v).universal_ticks()))),
    get("TimeOfDay", "timespan", |_, v| Ok(Value::TimeSpan(TimeSpan(of(v).clock.ticks() % TICKS_PER_DAY)))),
    get("Year", "int", |_, v| Ok(Value::I32(of(v).clock.parts().year))),
];

fn text(c: &Call<'_>, format: &str, culture: &Culture) -> Outcome<Value> {
    let moment = of(c.this);
    formatted(format_date_offset(moment.clock, moment.offset, format, culture))
}

fn later(c: &Call<'_>, unit: i64) -> Outcome<Value> {
    moved(c, of(c.this).clock.add_units(c.double(0), unit))
}

const METHODS: &[Row] = &[
    ("System.DateTimeOffset Add(timespan timeSpan)", |c| shifted(&of(c.this), Some(span_of(c.arg(0)).0))),
    ("System.DateTimeOffset AddDays(double days)", |c| later(c, TICKS_PER_DAY)),
    ("System.DateTimeOffset AddHours(double hours)", |c| later(c, TICKS_PER_HOUR)),
    ("System.DateTimeOffset AddMinutes(double minutes)", |c| later(c, TICKS_PER_MINUTE)),
    ("System.DateTimeOffset AddSeconds(double seconds)", |c| later(c, TICKS_PER_SECOND)),
    ("System.DateTimeOffset AddMilliseconds(double milliseconds)", |c| later(c, TICKS_PER_MILLISECOND)),
    ("System.DateTimeOffset AddMonths(int months)", |c| moved(c, of(c.this).clock.add_months(c.int(0) as i32))),
    ("System.DateTimeOffset AddYears(int years)", |c| moved(c, of(c.this).clock.add_years(c.int(0) as i32))),
    ("int CompareTo(System.Object other)", |c| {
        let other = convert::to(c.engine, c.args.first().unwrap_or(&Value::Null), TypeRef::DATETIMEOFFSET)?;
        Ok(sign(of(c.this).universal_ticks().cmp(&of(&other).universal_ticks())))
    }),
    ("bool EqualsExact(System.DateTimeOffset other)", |c| Ok(Value::Bool(of(c.this) == of(c.arg(0))))),
    ("timespan Subtract(System.DateTimeOffset value)", |c| {
        Ok(Value::TimeSpan(TimeSpan(of(c.this).universal_ticks() - of(c.arg(0)).universal_ticks())))
    }),
    ("System.DateTimeOffset Subtract(timespan value)", |c| shifted(&of(c.this), Some(-span_of(c.arg(0)).0))),
    ("System.DateTimeOffset ToLocalTime()", |c| Ok(value_of(from_date(universal(of(c.this)).to_local())))),
    ("System.DateTimeOffset ToOffset(timespan offset)", |c| {
        of(c.this).at_offset(span_of(c.arg(0)).0).map(value_of).ok_or_else(out_of_range)
    }),
    ("System.DateTimeOffset ToUniversalTime()", |c| of(c.this).at_offset(0).map(value_of).ok_or_else(out_of_range)),
    ("long ToUnixTimeSeconds()", |c| {
        Ok(Value::I64((of(c.this).universal_ticks() - UNIX_EPOCH).div_euclid(TICKS_PER_SECOND)))
    }),
    ("long ToUnixTimeMilliseconds()", |c| {
        Ok(Value::I64((of(c.this).universal_ticks() - UNIX_EPOCH).div_euclid(TICKS_PER_MILLISECOND)))
    }),
    ("string ToString()", |c| text(c, "", Culture::current())),
    ("string ToString(string format)", |c| text(c, format_text(c.arg(0)), Culture::current())),
    ("string ToString(System.IFormatProvider formatProvider)", |c| text(c, "", provider(c.arg(0)))),
    ("string ToString(string format, System.IFormatProvider formatProvider)", |c| {
        text(c, format_text(c.arg(0)), provider(c.arg(1)))
    }),
];

fn parsed(c: &Call<'_>, culture: &Culture, styles: Styles) -> Outcome<Value> {
    parse_date_offset(c.text(0), culture, styles)
        .map(|(clock, offset)| offset_value(clock, offset))
        .ok_or_else(|| not_a("a date", c.text(0)))
}

fn exact(c: &Call<'_>, styles: Styles) -> Option<Value> {
    let culture = provider(c.arg(2));
    let read = |format: &String| parse_exact_offset(c.text(0), format, culture, styles);
    formats(c.arg(1)).iter().find_map(read).map(|(clock, offset)| offset_value(clock, offset))
}

fn from_unix(ticks: Option<i64>) -> Outcome<Value> {
    let ticks = ticks.and_then(|ticks| ticks.checked_add(UNIX_EPOCH));
    let clock = ticks.and_then(|ticks| DateTime::new(ticks, DateKind::Unspecified)).ok_or_else(out_of_range)?;
    Ok(offset_value(clock, 0))
}

const STATICS: &[Row] = &[
    ("static System.DateTimeOffset FromUnixTimeSeconds(long seconds)", |c| {
        from_unix(c.int(0).checked_mul(TICKS_PER_SECOND))
    }),
    ("static System.DateTimeOffset FromUnixTimeMilliseconds(long milliseconds)", |c| {
        from_unix(c.int(0).checked_mul(TICKS_PER_MILLISECOND))
    }),
    ("static System.DateTimeOffset Parse(string input)", |c| parsed(c, Culture::current(), Styles::default())),
    ("static System.DateTimeOffset Parse(string input, System.IFormatProvider formatProvider)", |c| {
        parsed(c, provider(c.arg(1)), Styles::default())
    }),
    (
        "static System.DateTimeOffset Parse(string input, System.IFormatProvider formatProvider, System.Globalization.DateTimeStyles styles)",
        |c| parsed(c, provider(c.arg(1)), styles(c.arg(2))),
    ),
    (
        "static System.DateTimeOffset ParseExact(string input, string format, System.IFormatProvider formatProvider)",
        |c| exact(c, Styles::default()).ok_or_else(|| not_a("a date in the format asked for", c.text(0))),
    ),
    ("static bool TryParse(string input, [ref] System.DateTimeOffset result)", |c| {
        let found = parse_date_offset(c.text(0), Culture::current(), Styles::default());
        let there = found.is_some();
        let (clock, offset) = found.unwrap_or((DateTime::minimum(), 0));
        set_reference(c.arg(1), offset_value(clock, offset))?;
        Ok(Value::Bool(there))
    }),
];

fn with_offset(clock: DateTime, offset: TimeSpan) -> Outcome<Value> {
    if offset.0.abs() > 14 * TICKS_PER_HOUR || offset.0 % TICKS_PER_MINUTE != 0 {
        return Err(thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "An offset is whole minutes, at most 14 hours."));
    }
    Ok(offset_value(clock, offset.0))
}

const CONSTRUCTORS: &[Row] = &[
    ("System.DateTimeOffset()", |_| Ok(offset_value(DateTime::minimum(), 0))),
    ("System.DateTimeOffset(datetime dateTime)", |c| Ok(value_of(from_date(date_of(c.arg(0)))))),
    ("System.DateTimeOffset(datetime dateTime, timespan offset)", |c| {
        with_offset(date_of(c.arg(0)), span_of(c.arg(1)))
    }),
    ("System.DateTimeOffset(long ticks, timespan offset)", |c| {
        with_offset(DateTime::new(c.int(0), DateKind::Unspecified).ok_or_else(out_of_range)?, span_of(c.arg(1)))
    }),
    ("System.DateTimeOffset(int year, int month, int day, int hour, int minute, int second, timespan offset)", |c| {
        let part = |index: usize| u32::try_from(c.int(index)).unwrap_or(u32::MAX);
        let year = i32::try_from(c.int(0)).unwrap_or(0);
        let clock = calendar::date_time(year, part(1), part(2), part(3), part(4), part(5)).ok_or_else(out_of_range)?;
        with_offset(clock, span_of(c.arg(6)))
    }),
];
