//! `Get-Date`, `New-TimeSpan`, `Get-Uptime`.

use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation};
use crate::value::calendar::{
    self, Parts, TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MILLISECOND, TICKS_PER_MINUTE, TICKS_PER_SECOND,
};
use crate::value::{
    Culture, DateKind, DateTime, ErrorCategory, Fault, Outcome, Str, TimeSpan, Value, Wrapped, format_text, types,
};
use std::rc::Rc;

/// The cmdlets of this family.
pub(super) const CMDLETS: &[&CmdletSpec] = &[&GetDate::SPEC, &NewTimeSpan::SPEC, &GetUptime::SPEC];

/// The sets of what is shown: with `-Format`, and with `-UFormat`.
const DATE: [SetMembership; 2] = [SetMembership::of("DateAndFormat"), SetMembership::of("DateAndUFormat")];
const UNIX: [SetMembership; 2] =
    [SetMembership::of("UnixTimeSecondsAndFormat"), SetMembership::of("UnixTimeSecondsAndUFormat")];

cmdlet! {
    /// The present moment, or another one, as an object or formatted.
    pub(crate) struct GetDate = "Get-Date", class "Microsoft.PowerShell.Commands.GetDateCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("DateAndFormat"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Gives the date and time.",
        examples: &[("Get-Date -Format yyyy-MM-dd", "Today's date as text.")],
        outputs: &["System.DateTime", "System.String"],
    }
    parameters {
        date: Option<DateTime> = ParameterSpec::new("Date").alias(&["LastWriteTime"])
            .sets(&[DATE[0].position(0).by_value().by_property(), DATE[1].position(0).by_value().by_property()]),
        unix_seconds: Option<f64> = ParameterSpec::new("UnixTimeSeconds").alias(&["UnixTime"])
            .sets(&[UNIX[0].mandatory(), UNIX[1].mandatory()]),
        year: Option<i32> = ParameterSpec::new("Year").validate(&[Validation::Range(1.0, 9999.0)]),
        month: Option<i32> = ParameterSpec::new("Month").validate(&[Validation::Range(1.0, 12.0)]),
        day: Option<i32> = ParameterSpec::new("Day").validate(&[Validation::Range(1.0, 31.0)]),
        hour: Option<i32> = ParameterSpec::new("Hour").validate(&[Validation::Range(0.0, 23.0)]),
        minute: Option<i32> = ParameterSpec::new("Minute").validate(&[Validation::Range(0.0, 59.0)]),
        second: Option<i32> = ParameterSpec::new("Second").validate(&[Validation::Range(0.0, 59.0)]),
        millisecond: Option<i32> = ParameterSpec::new("Millisecond").validate(&[Validation::Range(0.0, 999.0)]),
        display_hint: Option<Str> = ParameterSpec::new("DisplayHint")
            .validate(&[Validation::Set(&["Date", "Time", "DateTime"])]),
        u_format: Option<Str> = ParameterSpec::new("UFormat").sets(&[DATE[1].mandatory(), UNIX[1].mandatory()]),
        format: Option<Str> = ParameterSpec::new("Format").sets(&[DATE[0], UNIX[0]]),
        as_utc: Switch = ParameterSpec::new("AsUTC"),
    }
    state {}
}

impl Cmdlet for GetDate {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let date = self.moment()?;
        if let Some(format) = &self.u_format {
            return run.write(Value::from(unix_format(date, format)));
        }
        if let Some(format) = &self.format {
            let format = file_format(format);
            let text = format_text::format_date(date, format, Culture::current()).map_err(|_| bad_format(format))?;
            return run.write(Value::from(text));
        }
        run.write(hinted(date, self.display_hint.as_deref().unwrap_or("DateTime")))
    }
}

/// The formats with names of their own, for file names.
fn file_format(format: &str) -> &str {
    const NAMED: [(&str, &str); 4] = [
        ("FileDate", "yyyyMMdd"),
        ("FileDateUniversal", "yyyyMMddZ"),
        ("FileDateTime", "yyyyMMddTHHmmssffff"),
        ("FileDateTimeUniversal", "yyyyMMddTHHmmssffffZ"),
    ];
    NAMED.iter().find(|(name, _)| name.eq_ignore_ascii_case(format)).map_or(format, |(_, pattern)| pattern)
}

fn bad_format(format: &str) -> Fault {
    Fault::new("System.FormatException", format!("'{format}' is not a format for a date."))
        .exception("System.FormatException")
        .category(ErrorCategory::NotSpecified)
}

/// A date that knows which half of it to show.
fn hinted(date: DateTime, hint: &str) -> Value {
    let wrapped = Wrapped { base: Value::DateTime(date), extension: Default::default() };
    let kind = types::resolve("Microsoft.PowerShell.Commands.DisplayHintType");
    let value = kind.and_then(|kind| kind.enum_value(hint)).unwrap_or_else(|| Value::from(hint));
    wrapped.extension.make().borrow_mut().members.insert(Str::from("DisplayHint"), crate::value::Member::Note(value));
    Value::Wrapped(Rc::new(wrapped))
}

impl GetDate {
    fn moment(&self) -> Outcome<DateTime> {
        let start = match (&self.date, self.unix_seconds) {
            (Some(given), _) => *given,
            (None, Some(seconds)) => {
                let span = TimeSpan::from_units(seconds, TICKS_PER_SECOND).unwrap_or(TimeSpan(0));
                let epoch = DateTime::new(calendar::UNIX_EPOCH, DateKind::Utc).unwrap_or(DateTime::minimum());
                epoch.add_ticks(span.0).unwrap_or(epoch).to_local()
            }
            (None, None) => DateTime::now(),
        };
        let changed = self.with_parts(start)?;
        let universal_format =
            self.format.as_ref().is_some_and(|format| format.to_ascii_lowercase().ends_with("universal"));
        Ok(if self.as_utc.0 || universal_format { changed.to_universal() } else { changed })
    }

    /// The date with the parts that were given put in.
    fn with_parts(&self, date: DateTime) -> Outcome<DateTime> {
        let given = [self.year, self.month, self.day, self.hour, self.minute, self.second, self.millisecond];
        if given.iter().all(Option::is_none) {
            return Ok(date);
        }
        let parts = date.parts();
        let part = |given: Option<i32>, old: u32| given.and_then(|part| u32::try_from(part).ok()).unwrap_or(old);
        let changed = Parts {
            year: self.year.unwrap_or(parts.year),
            month: part(self.month, parts.month),
            day: part(self.day, parts.day),
            hour: part(self.hour, parts.hour),
            minute: part(self.minute, parts.minute),
            second: part(self.second, parts.second),
            fraction: self.millisecond.map_or(parts.fraction, |millisecond| {
                millisecond as u32 * TICKS_PER_MILLISECOND as u32 + parts.fraction % TICKS_PER_MILLISECOND as u32
            }),
        };
        calendar::ticks_of(changed).and_then(|ticks| DateTime::new(ticks, date.kind())).ok_or_else(|| {
            Fault::new("System.ArgumentOutOfRangeException", "There is no such day in that month.")
                .exception("System.ArgumentOutOfRangeException")
                .category(ErrorCategory::NotSpecified)
                .into()
        })
    }
}

/// Units of a Unix date format: letter, .NET pattern.
const UNIX_PATTERNS: [(char, &str); 24] = [
    ('A', "dddd"),
    ('a', "ddd"),
    ('B', "MMMM"),
    ('b', "MMM"),
    ('h', "MMM"),
    ('c', "ddd dd MMM yyyy HH:mm:ss"),
    ('D', "MM/dd/yy"),
    ('d', "dd"),
    ('F', "yyyy-MM-dd"),
    ('H', "HH"),
    ('I', "hh"),
    ('M', "mm"),
    ('m', "MM"),
    ('p', "tt"),
    ('R', "HH:mm"),
    ('r', "hh:mm:ss tt"),
    ('S', "ss"),
    ('T', "HH:mm:ss"),
    ('X', "HH:mm:ss"),
    ('x', "MM/dd/yy"),
    ('Y', "yyyy"),
    ('y', "yy"),
    ('z', "zz"),
    ('Z', "zz"),
];

fn unix_format(date: DateTime, format: &str) -> String {
    let mut text = String::new();
    let format = format.strip_prefix('+').unwrap_or(format);
    let mut characters = format.chars();
    while let Some(c) = characters.next() {
        if c != '%' {
            text.push(c);
            continue;
        }
        let Some(unit) = characters.next() else {
            text.push('%');
            break;
        };
        match UNIX_PATTERNS.iter().find(|(letter, _)| *letter == unit) {
            // A lone letter would be a standard format.
            Some((_, pattern)) => {
                let formatted = format_text::format_date(date, pattern, Culture::current());
                text.push_str(&formatted.unwrap_or_default());
            }
            None => push_unix_number(date, unit, &mut text),
        }
    }
    text
}

fn push_unix_number(date: DateTime, unit: char, text: &mut String) {
    let parts = date.parts();
    let number = match unit {
        'C' => (parts.year / 100).to_string(),
        'e' => format!("{:2}", parts.day),
        'G' => format!("{:04}", date.iso_week().0),
        'g' => format!("{:02}", date.iso_week().0 % 100),
        'j' => format!("{:03}", date.day_of_year()),
        'k' => format!("{:2}", parts.hour),
        'l' => format!("{:2}", (parts.hour + 11) % 12 + 1),
        's' => ((date.to_universal().ticks() - calendar::UNIX_EPOCH) / TICKS_PER_SECOND).to_string(),
        'U' | 'W' => (date.day_of_year() / 7).to_string(),
        'u' => (if date.day_of_week() == 0 { 7 } else { date.day_of_week() }).to_string(),
        'V' => format!("{:02}", date.iso_week().1),
        'w' => date.day_of_week().to_string(),
        'n' => "\n".to_string(),
        't' => "\t".to_string(),
        '%' => "%".to_string(),
        other => format!("%{other}"),
    };
    text.push_str(&number);
}

cmdlet! {
    /// A span of time, from parts or between two dates.
    pub(crate) struct NewTimeSpan = "New-TimeSpan", class "Microsoft.PowerShell.Commands.NewTimeSpanCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("Date"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Makes a span of time.",
        examples: &[("New-TimeSpan -Hours 1 -Minutes 30", "An hour and a half.")], outputs: &["System.TimeSpan"],
    }
    parameters {
        start: Option<DateTime> = ParameterSpec::new("Start").alias(&["LastWriteTime"])
            .sets(&[SetMembership::of("Date").position(0).by_value().by_property()]),
        end: Option<DateTime> = ParameterSpec::new("End").sets(&[SetMembership::of("Date").position(1).by_property()]),
        days: Option<i32> = ParameterSpec::new("Days").sets(&[SetMembership::of("Time")]),
        hours: Option<i32> = ParameterSpec::new("Hours").sets(&[SetMembership::of("Time")]),
        minutes: Option<i32> = ParameterSpec::new("Minutes").sets(&[SetMembership::of("Time")]),
        seconds: Option<i32> = ParameterSpec::new("Seconds").sets(&[SetMembership::of("Time")]),
        milliseconds: Option<i32> = ParameterSpec::new("Milliseconds").sets(&[SetMembership::of("Time")]),
    }
    state {}
}

impl Cmdlet for NewTimeSpan {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let units = [
            (self.days, TICKS_PER_DAY),
            (self.hours, TICKS_PER_HOUR),
            (self.minutes, TICKS_PER_MINUTE),
            (self.seconds, TICKS_PER_SECOND),
            (self.milliseconds, TICKS_PER_MILLISECOND),
        ];
        let ticks = if units.iter().any(|(count, _)| count.is_some()) {
            units.iter().map(|(count, unit)| i64::from(count.unwrap_or(0)).saturating_mul(*unit)).sum()
        } else {
            let now = DateTime::now();
            self.end.unwrap_or(now).ticks() - self.start.unwrap_or(now).ticks()
        };
        run.write(Value::TimeSpan(TimeSpan(ticks)))
    }
}

cmdlet! {
    /// How long the machine has been up.
    pub(crate) struct GetUptime = "Get-Uptime", class "Microsoft.PowerShell.Commands.GetUptimeCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("Timespan"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Tells how long the machine has been up.", examples: &[("Get-Uptime", "A span of time.")], outputs: &["System.TimeSpan"],
    }
    parameters {
        since: Switch = ParameterSpec::new("Since"),
    }
    state {}
}

impl Cmdlet for GetUptime {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let text = std::fs::read_to_string("/proc/uptime").unwrap_or_default();
        let seconds: f64 = text.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or(0.0);
        let ticks = seconds.trunc() as i64 * TICKS_PER_SECOND;
        if self.since.0 {
            let since = DateTime::now().add_ticks(-ticks).unwrap_or(DateTime::minimum());
            return run.write(Value::DateTime(since));
        }
        run.write(Value::TimeSpan(TimeSpan(ticks)))
    }
}
