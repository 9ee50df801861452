//! `System.Globalization`: cultures and what they say of numbers, dates and text.

use super::super::table::{Table, get, set};
use super::super::thrown;
use crate::value::culture::Culture;
use crate::value::object::NativeObject;
use crate::value::{Engine, Native, Outcome, TypeRef, Value, convert};
use std::any::Any;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::CULTUREINFO, &CULTURE),
    (TypeRef::TEXTINFO, &TEXT),
    (TypeRef::DATETIMEFORMATINFO, &DATES),
    (TypeRef::NUMBERFORMATINFO, &NUMBERS),
    (TypeRef::CALENDAR, &CALENDAR),
];

/// A culture, or a part of it.
pub(crate) struct CultureObject {
    culture: &'static Culture,
    kind: TypeRef,
}

impl NativeObject for CultureObject {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        match self.kind == TypeRef::CULTUREINFO {
            true => self.culture.name.to_owned(),
            false => self.kind.name().to_owned(),
        }
    }
    fn equals(&self, other: &dyn NativeObject) -> Option<bool> {
        let other = other.as_any().downcast_ref::<Self>();
        Some(other.is_some_and(|other| other.culture.name == self.culture.name && other.kind == self.kind))
    }
}

/// A culture as a value.
pub(crate) fn value(culture: &'static Culture) -> Value {
    part(culture, TypeRef::CULTUREINFO)
}

fn part(culture: &'static Culture, kind: TypeRef) -> Value {
    Native::value(CultureObject { culture, kind })
}

/// The culture an argument means; the current one for null.
pub(crate) fn of(value: &Value) -> &'static Culture {
    match value {
        Value::Native(native) => {
            native.downcast::<CultureObject>().map_or_else(Culture::current, |object| object.culture)
        }
        _ => Culture::current(),
    }
}

fn by_name(name: &str) -> crate::value::Outcome<Value> {
    let missing = || thrown(TypeRef::CULTURE_NOT_FOUND_EXCEPTION, format!("There is no culture '{name}'."));
    Culture::by_name(name).map(value).ok_or_else(missing)
}

fn invariant() -> &'static Culture {
    Culture::by_name("").unwrap_or_else(Culture::current)
}

static CULTURE: Table = Table {
    methods: &[("string ToString()", |c| Ok(Value::from(of(c.this).name)))],
    statics: &[
        ("static cultureinfo GetCultureInfo(string name)", |c| by_name(c.text(0))),
        ("static cultureinfo CreateSpecificCulture(string name)", |c| by_name(c.text(0))),
    ],
    constructors: &[
        ("cultureinfo(string name)", |c| by_name(c.text(0))),
        ("cultureinfo(string name, bool useUserOverride)", |c| by_name(c.text(0))),
    ],
    properties: &[
        get("LCID", "int", |_, v| Ok(Value::I32(of(v).lcid))),
        get("Name", "string", |_, v| Ok(Value::from(of(v).name))),
        get("DisplayName", "string", |_, v| Ok(Value::from(of(v).english_name))),
        get("NativeName", "string", |_, v| Ok(Value::from(of(v).native_name))),
        get("EnglishName", "string", |_, v| Ok(Value::from(of(v).english_name))),
        get("TwoLetterISOLanguageName", "string", |_, v| {
            let language = of(v).name.split('-').next().unwrap_or("");
            Ok(Value::from(if language.is_empty() { "iv" } else { language }))
        }),
        get("IsNeutralCulture", "bool", |_, v| Ok(Value::Bool(!of(v).name.is_empty() && !of(v).name.contains('-')))),
        get("TextInfo", "System.Globalization.TextInfo", |_, v| Ok(part(of(v), TypeRef::TEXTINFO))),
        get("NumberFormat", "System.Globalization.NumberFormatInfo", |_, v| Ok(part(of(v), TypeRef::NUMBERFORMATINFO))),
        get("DateTimeFormat", "System.Globalization.DateTimeFormatInfo", |_, v| {
            Ok(part(of(v), TypeRef::DATETIMEFORMATINFO))
        }),
        get("Calendar", "System.Globalization.Calendar", |_, v| Ok(part(of(v), TypeRef::GREGORIAN_CALENDAR))),
        get("Parent", "cultureinfo", |_, v| {
            let language = of(v).name.split('-').next().unwrap_or("");
            Ok(value(Culture::by_name(language).unwrap_or_else(invariant)))
        }),
    ],
    static_properties: &[
        set("CurrentCulture", "cultureinfo", |_, _| Ok(value(Culture::current())), set_current),
        set(
            "CurrentUICulture",
            "cultureinfo",
            |_, _| Ok(value(Culture::by_name("en-US").unwrap_or_else(invariant))),
            |_, _, _| Ok(()),
        ),
        get("InstalledUICulture", "cultureinfo", |_, _| Ok(value(Culture::current()))),
        get("InvariantCulture", "cultureinfo", |_, _| Ok(value(invariant()))),
    ],
};

/// `[cultureinfo]::CurrentCulture = …`.
fn set_current(engine: &mut dyn Engine, _: &Value, given: Value) -> Outcome<()> {
    let culture = convert::to(engine, &given, TypeRef::CULTUREINFO)?;
    Culture::set_current(of(&culture));
    Ok(())
}

/// Words with a capital first; words all in capitals stay.
fn title_case(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut word = String::new();
    let finish = |word: &mut String, result: &mut String| {
        let all_capitals = word.chars().any(char::is_alphabetic) && word.chars().all(|c| !c.is_lowercase());
        if all_capitals && word.chars().count() > 1 {
            result.push_str(word);
        } else {
            let mut letters = word.chars();
            result.extend(letters.next().into_iter().flat_map(char::to_uppercase));
            result.push_str(&super::string::lower(letters.as_str()));
        }
        word.clear();
    };
    for c in text.chars() {
        if c.is_alphanumeric() || c == '\'' {
            word.push(c);
        } else {
            finish(&mut word, &mut result);
            result.push(c);
        }
    }
    finish(&mut word, &mut result);
    result
}

static TEXT: Table = Table {
    methods: &[
        ("string ToTitleCase(string str)", |c| Ok(Value::from(title_case(c.text(0))))),
        ("string ToUpper(string str)", |c| Ok(Value::from(super::string::upper(c.text(0))))),
        ("string ToLower(string str)", |c| Ok(Value::from(super::string::lower(c.text(0))))),
    ],
    properties: &[
        get("CultureName", "string", |_, v| Ok(Value::from(of(v).name))),
        set(
            "ListSeparator",
            "string",
            |_, _| Ok(Value::Str(crate::value::culture::list_separator())),
            |_, _, separator| {
                crate::value::culture::set_list_separator(convert::to_text(&separator));
                Ok(())
            },
        ),
    ],
    ..Table::EMPTY
};

fn from_list(list: &[&'static str], at: i64) -> crate::value::Outcome<Value> {
    let found = usize::try_from(at).ok().and_then(|at| list.get(at));
    let missing = || thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "There is no such day or month.");
    found.map(|name| Value::from(*name)).ok_or_else(missing)
}

static DATES: Table = Table {
    methods: &[
        ("string GetMonthName(int month)", |c| from_list(of(c.this).months, c.int(0) - 1)),
        ("string GetAbbreviatedMonthName(int month)", |c| from_list(of(c.this).short_months, c.int(0) - 1)),
        ("string GetDayName(System.DayOfWeek dayofweek)", |c| from_list(of(c.this).days, c.int(0))),
        ("string GetAbbreviatedDayName(System.DayOfWeek dayofweek)", |c| from_list(of(c.this).short_days, c.int(0))),
    ],
    statics: &[],
    properties: &[
        get("AMDesignator", "string", |_, v| Ok(Value::from(of(v).am))),
        get("PMDesignator", "string", |_, v| Ok(Value::from(of(v).pm))),
        get("DateSeparator", "string", |_, v| Ok(Value::from(of(v).date_separator))),
        get("TimeSeparator", "string", |_, _| Ok(Value::from(":"))),
        get("FirstDayOfWeek", "System.DayOfWeek", |_, v| {
            Ok(TypeRef::DAY_OF_WEEK.enum_of(i64::from(of(v).first_day_of_week)))
        }),
        get("LongDatePattern", "string", |_, v| Ok(Value::from(of(v).long_date))),
        get("ShortDatePattern", "string", |_, v| Ok(Value::from(of(v).short_date))),
        get("LongTimePattern", "string", |_, v| Ok(Value::from(of(v).long_time))),
        get("ShortTimePattern", "string", |_, v| Ok(Value::from(of(v).short_time))),
        get("MonthDayPattern", "string", |_, v| Ok(Value::from(of(v).month_day))),
        get("YearMonthPattern", "string", |_, v| Ok(Value::from(of(v).year_month))),
        get("RFC1123Pattern", "string", |_, _| Ok(Value::from("ddd, dd MMM yyyy HH':'mm':'ss 'GMT'"))),
        get("SortableDateTimePattern", "string", |_, _| Ok(Value::from("yyyy'-'MM'-'dd'T'HH':'mm':'ss"))),
        get("UniversalSortableDateTimePattern", "string", |_, _| Ok(Value::from("yyyy'-'MM'-'dd HH':'mm':'ss'Z'"))),
        get("DayNames", "string[]", |_, v| Ok(super::array::strings(of(v).days.iter().copied()))),
        get("AbbreviatedDayNames", "string[]", |_, v| Ok(super::array::strings(of(v).short_days.iter().copied()))),
        get("MonthNames", "string[]", |_, v| Ok(super::array::strings(of(v).months.iter().copied().chain([""])))),
        get("AbbreviatedMonthNames", "string[]", |_, v| {
            Ok(super::array::strings(of(v).short_months.iter().copied().chain([""])))
        }),
    ],
    static_properties: &[
        get("InvariantInfo", "System.Globalization.DateTimeFormatInfo", |_, _| {
            Ok(part(invariant(), TypeRef::DATETIMEFORMATINFO))
        }),
        get("CurrentInfo", "System.Globalization.DateTimeFormatInfo", |_, _| {
            Ok(part(Culture::current(), TypeRef::DATETIMEFORMATINFO))
        }),
    ],
    ..Table::EMPTY
};

static NUMBERS: Table = Table {
    properties: &[
        get("NumberDecimalSeparator", "string", |_, v| Ok(Value::from(of(v).decimal_separator))),
        get("NumberGroupSeparator", "string", |_, v| Ok(Value::from(of(v).group_separator))),
        get("CurrencyDecimalSeparator", "string", |_, v| Ok(Value::from(of(v).decimal_separator))),
        get("CurrencyGroupSeparator", "string", |_, v| Ok(Value::from(of(v).group_separator))),
        get("NumberDecimalDigits", "int", |_, v| Ok(Value::I32(of(v).number_decimals as i32))),
        get("PercentDecimalDigits", "int", |_, v| Ok(Value::I32(of(v).percent_decimals as i32))),
        get("CurrencySymbol", "string", |_, v| Ok(Value::from(of(v).currency_symbol))),
        get("NegativeSign", "string", |_, _| Ok(Value::from("-"))),
        get("PositiveSign", "string", |_, _| Ok(Value::from("+"))),
        get("PercentSymbol", "string", |_, _| Ok(Value::from("%"))),
        get("NaNSymbol", "string", |_, _| Ok(Value::from("NaN"))),
        get("PositiveInfinitySymbol", "string", |_, v| Ok(Value::from(of(v).infinity))),
    ],
    static_properties: &[
        get("InvariantInfo", "System.Globalization.NumberFormatInfo", |_, _| {
            Ok(part(invariant(), TypeRef::NUMBERFORMATINFO))
        }),
        get("CurrentInfo", "System.Globalization.NumberFormatInfo", |_, _| {
            Ok(part(Culture::current(), TypeRef::NUMBERFORMATINFO))
        }),
    ],
    ..Table::EMPTY
};

static CALENDAR: Table = Table {
    methods: &[
        (
            "int GetWeekOfYear(datetime time, System.Globalization.CalendarWeekRule rule, System.DayOfWeek firstDayOfWeek)",
            |c| {
                let Value::DateTime(date) = c.arg(0) else { return Ok(Value::I32(0)) };
                Ok(Value::I32(week_of_year(*date, c.int(1), c.int(2))))
            },
        ),
        ("int GetDaysInMonth(int year, int month)", |c| {
            let (year, month) = (c.int(0) as i32, u32::try_from(c.int(1)).unwrap_or(1));
            Ok(Value::I32(crate::value::calendar::days_in_month(year, month) as i32))
        }),
        ("bool IsLeapYear(int year)", |c| Ok(Value::Bool(crate::value::calendar::is_leap_year(c.int(0) as i32)))),
    ],
    ..Table::EMPTY
};

/// Weeks by .NET's three rules: from the first day, the first full week, or the first with four days.
fn week_of_year(date: crate::value::DateTime, rule: i64, first_day: i64) -> i32 {
    let day = i64::from(date.day_of_year()) - 1;
    let weekday = i64::from(date.day_of_week());
    let new_year = (weekday - day).rem_euclid(7);
    let offset = (new_year - first_day).rem_euclid(7);
    let first_week_days = if offset == 0 { 7 } else { 7 - offset };
    let counts = match rule {
        1 => offset == 0,
        2 => first_week_days >= 4,
        _ => true,
    };
    let weeks_before = (day + offset) / 7;
    let week = if counts { weeks_before + 1 } else { weeks_before };
    if week > 0 { week as i32 } else { 52 + i32::from(new_year >= 4) }
}
