//! `System.TimeZoneInfo`, over the time zones of the system.

use super::super::super::table::{Call, PropertyRow, Row, Table, get};
use super::super::super::thrown;
use super::moment::date_of;
use super::offset::{DateTimeOffset, offset_value};
use super::out_of_range;
use crate::value::calendar::{self, TICKS_PER_SECOND};
use crate::value::object::NativeObject;
use crate::value::{DateKind, DateTime, Native, Outcome, TimeSpan, TypeRef, Value};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::any::Any;

/// Ticks of the year 1970.
const EPOCH: i64 = calendar::UNIX_EPOCH;

/// A time zone by its name.
pub(crate) struct Zone {
    id: String,
    zone: TimeZone,
}

impl NativeObject for Zone {
    fn kind(&self) -> TypeRef {
        TypeRef::TIMEZONEINFO
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        self.display_name()
    }
    fn equals(&self, other: &dyn NativeObject) -> Option<bool> {
        Some(other.as_any().downcast_ref::<Zone>().is_some_and(|other| other.id == self.id))
    }
}

impl Zone {
    /// The offset from universal time at a moment of it, in ticks.
    fn offset_at(&self, universal: i64) -> i64 {
        let seconds = (universal - EPOCH).div_euclid(TICKS_PER_SECOND);
        let moment = Timestamp::from_second(seconds).unwrap_or_default();
        i64::from(self.zone.to_offset(moment).seconds()) * TICKS_PER_SECOND
    }

    /// The offset at a time of its own clock; where the clock shows a time twice, the later of both.
    fn offset_of_clock(&self, clock: i64) -> i64 {
        let base = self.base_offset();
        let guess = self.offset_at(clock - base);
        if self.offset_at(clock - guess) == guess { guess } else { base }
    }

    /// The smaller of the offsets in January and July of this year: what holds without daylight saving.
    fn base_offset(&self) -> i64 {
        let [january, july] = self.half_years();
        january.min(july)
    }

    fn half_years(&self) -> [i64; 2] {
        let year = DateTime::utc_now().parts().year;
        [1, 7].map(|month| {
            let ticks = calendar::date_time(year, month, 1, 0, 0, 0).map_or(EPOCH, DateTime::ticks);
            self.offset_at(ticks)
        })
    }

    fn has_daylight_saving(&self) -> bool {
        let [january, july] = self.half_years();
        january != july
    }

    fn is_utc(&self) -> bool {
        matches!(self.id.as_str(), "UTC" | "Etc/UTC")
    }

    fn display_name(&self) -> String {
        if self.is_utc() {
            return "(UTC) Coordinated Universal Time".to_owned();
        }
        let minutes = self.base_offset() / TICKS_PER_SECOND / 60;
        let (sign, size) = if minutes < 0 { ('-', -minutes) } else { ('+', minutes) };
        format!("(UTC{sign}{:02}:{:02}) {}", size / 60, size % 60, self.id)
    }
}

fn value(zone: Zone) -> Value {
    Native::value(zone)
}

fn utc() -> Zone {
    Zone { id: "UTC".to_owned(), zone: TimeZone::UTC }
}

fn local() -> Zone {
    let zone = TimeZone::system();
    let id = zone.iana_name().unwrap_or("UTC").to_owned();
    Zone { id, zone }
}

/// Windows' names for the zones that scripts ask for most.
const WINDOWS: [(&str, &str); 20] = [
    ("W. Europe Standard Time", "Europe/Berlin"),
    ("Central European Standard Time", "Europe/Warsaw"),
    ("Central Europe Standard Time", "Europe/Budapest"),
    ("Romance Standard Time", "Europe/Paris"),
    ("GMT Standard Time", "Europe/London"),
    ("Greenwich Standard Time", "Atlantic/Reykjavik"),
    ("E. Europe Standard Time", "Europe/Chisinau"),
    ("FLE Standard Time", "Europe/Kiev"),
    ("GTB Standard Time", "Europe/Bucharest"),
    ("Russian Standard Time", "Europe/Moscow"),
    ("Eastern Standard Time", "America/New_York"),
    ("Central Standard Time", "America/Chicago"),
    ("Mountain Standard Time", "America/Denver"),
    ("Pacific Standard Time", "America/Los_Angeles"),
    ("Tokyo Standard Time", "Asia/Tokyo"),
    ("China Standard Time", "Asia/Shanghai"),
    ("India Standard Time", "Asia/Calcutta"),
    ("Singapore Standard Time", "Asia/Singapore"),
    ("AUS Eastern Standard Time", "Australia/Sydney"),
    ("New Zealand Standard Time", "Pacific/Auckland"),
];

fn find(id: &str) -> Outcome<Zone> {
    if id.eq_ignore_ascii_case("UTC") {
        return Ok(utc());
    }
    let name = WINDOWS.iter().find(|(windows, _)| windows.eq_ignore_ascii_case(id)).map_or(id, |(_, name)| name);
    match TimeZone::get(name) {
        Ok(zone) => Ok(Zone { id: id.to_owned(), zone }),
        Err(_) => Err(thrown(TypeRef::TIME_ZONE_NOT_FOUND_EXCEPTION, format!("There is no time zone '{id}'."))),
    }
}

fn with<R>(value: &Value, look: impl FnOnce(&Zone) -> Outcome<R>) -> Outcome<R> {
    if let Value::Native(native) = value
        && let Some(zone) = native.downcast::<Zone>()
    {
        return look(zone);
    }
    Err(thrown(TypeRef::ARGUMENT_NULL_EXCEPTION, "A time zone is needed there."))
}

/// The moment that a date means, in ticks of universal time; without a kind it is of `source`.
fn universal(date: DateTime, source: Option<&Zone>) -> i64 {
    match (date.kind(), source) {
        (DateKind::Utc, _) => date.ticks(),
        (DateKind::Local, _) | (_, None) => date.to_universal().ticks(),
        (DateKind::Unspecified, Some(zone)) => date.ticks() - zone.offset_of_clock(date.ticks()),
    }
}

/// What a clock in a zone shows at a moment.
fn clock(universal: i64, zone: &Zone) -> Outcome<Value> {
    let kind = match () {
        () if zone.is_utc() => DateKind::Utc,
        () if zone.id == local().id => DateKind::Local,
        () => DateKind::Unspecified,
    };
    DateTime::new(universal + zone.offset_at(universal), kind).map(Value::DateTime).ok_or_else(out_of_range)
}

/// A date, or a date with an offset, in a zone.
fn converted(value: &Value, source: Option<&Zone>, target: &Zone) -> Outcome<Value> {
    if let Value::Native(native) = value
        && let Some(date) = native.downcast::<DateTimeOffset>()
    {
        let universal = date.clock.ticks() - date.offset;
        let offset = target.offset_at(universal);
        let clock = DateTime::new(universal + offset, DateKind::Unspecified).ok_or_else(out_of_range)?;
        return Ok(offset_value(clock, offset));
    }
    clock(universal(date_of(value), source), target)
}

fn offset(c: &Call<'_>, zone: &Zone) -> i64 {
    match c.arg(0) {
        Value::Native(native) if native.downcast::<DateTimeOffset>().is_some() => {
            let date = native.downcast::<DateTimeOffset>();
            zone.offset_at(date.map_or(0, |date| date.clock.ticks() - date.offset))
        }
        _ => {
            let date = date_of(c.arg(0));
            zone.offset_at(universal(date, Some(zone)))
        }
    }
}

const STATICS: &[Row] = &[
    ("static System.TimeZoneInfo FindSystemTimeZoneById(string id)", |c| Ok(value(find(c.text(0))?))),
    ("static System.Collections.ObjectModel.ReadOnlyCollection[System.TimeZoneInfo] GetSystemTimeZones()", |_| {
        let mut zones: Vec<Zone> = jiff::tz::db().available().filter_map(|name| find(name.as_str()).ok()).collect();
        zones.sort_by(|left, right| left.base_offset().cmp(&right.base_offset()).then_with(|| left.id.cmp(&right.id)));
        Ok(Value::array(zones.into_iter().map(value).collect()))
    }),
    ("static datetime ConvertTime(System.Object dateTime, System.TimeZoneInfo destinationTimeZone)", |c| {
        let date = c.arg(0).clone();
        with(c.arg(1), |zone| converted(&date, None, zone))
    }),
    (
        "static datetime ConvertTime(datetime dateTime, System.TimeZoneInfo sourceTimeZone, System.TimeZoneInfo destinationTimeZone)",
        |c| {
            let date = c.arg(0).clone();
            with(c.arg(1), |source| with(c.arg(2), |target| converted(&date, Some(source), target)))
        },
    ),
    ("static datetime ConvertTimeFromUtc(datetime dateTime, System.TimeZoneInfo destinationTimeZone)", |c| {
        let date = date_of(c.arg(0));
        if date.kind() == DateKind::Local {
            return Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "The date is of local time, not of universal time."));
        }
        with(c.arg(1), |zone| clock(date.ticks(), zone))
    }),
    ("static datetime ConvertTimeToUtc(datetime dateTime)", |c| Ok(Value::DateTime(date_of(c.arg(0)).to_universal()))),
    ("static datetime ConvertTimeToUtc(datetime dateTime, System.TimeZoneInfo sourceTimeZone)", |c| {
        let date = date_of(c.arg(0));
        with(c.arg(1), |zone| {
            DateTime::new(universal(date, Some(zone)), DateKind::Utc).map(Value::DateTime).ok_or_else(out_of_range)
        })
    }),
    ("static datetime ConvertTimeBySystemTimeZoneId(System.Object dateTime, string destinationTimeZoneId)", |c| {
        converted(c.arg(0), None, &find(c.text(1))?)
    }),
    (
        "static datetime ConvertTimeBySystemTimeZoneId(datetime dateTime, string sourceTimeZoneId, string destinationTimeZoneId)",
        |c| converted(c.arg(0), Some(&find(c.text(1))?), &find(c.text(2))?),
    ),
    ("static void ClearCachedData()", |_| Ok(Value::Nothing)),
];

const METHODS: &[Row] = &[
    ("timespan GetUtcOffset(System.Object dateTime)", |c| {
        with(c.this, |zone| Ok(Value::TimeSpan(TimeSpan(offset(c, zone)))))
    }),
    ("bool IsDaylightSavingTime(System.Object dateTime)", |c| {
        with(c.this, |zone| Ok(Value::Bool(zone.has_daylight_saving() && offset(c, zone) != zone.base_offset())))
    }),
    ("bool IsInvalidTime(datetime dateTime)", |c| {
        let clock = date_of(c.arg(0)).ticks();
        with(c.this, |zone| Ok(Value::Bool(!fits(zone, clock).any(|fit| fit))))
    }),
    ("bool IsAmbiguousTime(datetime dateTime)", |c| {
        let clock = date_of(c.arg(0)).ticks();
        with(c.this, |zone| Ok(Value::Bool(zone.has_daylight_saving() && fits(zone, clock).all(|fit| fit))))
    }),
    ("bool HasSameRules(System.TimeZoneInfo other)", |c| {
        with(c.this, |zone| with(c.arg(0), |other| Ok(Value::Bool(zone.zone == other.zone))))
    }),
    ("string ToString()", |c| with(c.this, |zone| Ok(Value::from(zone.display_name())))),
];

/// For each of the zone's offsets, whether its clock can show a time under it.
fn fits(zone: &Zone, clock: i64) -> impl Iterator<Item = bool> {
    zone.half_years().into_iter().map(move |offset| zone.offset_at(clock - offset) == offset)
}

const PROPERTIES: &[PropertyRow] = &[
    get("Id", "string", |_, v| with(v, |zone| Ok(Value::from(zone.id.as_str())))),
    get("HasIanaId", "bool", |_, _| Ok(Value::Bool(true))),
    get("DisplayName", "string", |_, v| with(v, |zone| Ok(Value::from(zone.display_name())))),
    get("StandardName", "string", |_, v| {
        with(v, |zone| Ok(Value::from(if zone.is_utc() { "Coordinated Universal Time" } else { zone.id.as_str() })))
    }),
    get("DaylightName", "string", |_, v| {
        with(v, |zone| Ok(Value::from(if zone.is_utc() { "Coordinated Universal Time" } else { zone.id.as_str() })))
    }),
    get("BaseUtcOffset", "timespan", |_, v| with(v, |zone| Ok(Value::TimeSpan(TimeSpan(zone.base_offset()))))),
    get("SupportsDaylightSavingTime", "bool", |_, v| with(v, |zone| Ok(Value::Bool(zone.has_daylight_saving())))),
];

pub(super) static ZONE: Table = Table {
    methods: METHODS,
    statics: STATICS,
    properties: PROPERTIES,
    static_properties: &[
        get("Utc", "System.TimeZoneInfo", |_, _| Ok(value(utc()))),
        get("Local", "System.TimeZoneInfo", |_, _| Ok(value(local()))),
    ],
    ..Table::EMPTY
};
