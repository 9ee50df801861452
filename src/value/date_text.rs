//! Dates, offsets and spans read from text, as .NET's `Parse` and `ParseExact` read them.

mod exact;
mod span;

pub(crate) use exact::{parse_exact, parse_exact_offset};
pub(crate) use span::{SpanError, parse_exact_span, parse_span};

use super::calendar::{self, Parts, TICKS_PER_HOUR, TICKS_PER_MINUTE};
use super::culture::Culture;
use super::{DateKind, DateTime};

/// `DateTimeStyles`, by their numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Styles(pub(crate) u32);

impl Styles {
    /// `AllowWhiteSpaces`.
    pub(crate) const ALLOW_WHITE: u32 = 7;
    /// `NoCurrentDateDefault`.
    pub(crate) const NO_CURRENT_DATE: u32 = 8;
    /// `AdjustToUniversal`.
    pub(crate) const ADJUST_TO_UNIVERSAL: u32 = 16;
    /// `AssumeLocal`.
    pub(crate) const ASSUME_LOCAL: u32 = 32;
    /// `AssumeUniversal`.
    pub(crate) const ASSUME_UNIVERSAL: u32 = 64;
    /// `RoundtripKind`.
    pub(crate) const ROUND_TRIP: u32 = 128;

    fn has(self, bit: u32) -> bool {
        self.0 & bit == bit
    }
}

/// What was read, before kinds and zones are settled.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Reading {
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
    hour: Option<u32>,
    minute: Option<u32>,
    second: Option<u32>,
    fraction: Option<u32>,
    afternoon: Option<bool>,
    weekday: Option<u32>,
    /// Offset from universal time in ticks; 0 for `Z`.
    offset: Option<i64>,
    /// `Z` or `GMT`, which some styles tell from `+00:00`.
    universal: bool,
}

impl Reading {
    fn hour24(&self) -> Option<u32> {
        match (self.hour.unwrap_or(0), self.afternoon) {
            (hour, None) => Some(hour),
            (12, Some(false)) => Some(0),
            (12, Some(true)) => Some(12),
            (hour @ 0..=11, Some(true)) => Some(hour + 12),
            (hour @ 0..=11, Some(false)) => Some(hour),
            (_, Some(_)) => None,
        }
    }

    /// Clock ticks as read; missing date parts are today's, or the first of their range where some are given.
    fn ticks(&self, styles: Styles) -> Option<i64> {
        let dateless = self.year.is_none() && self.month.is_none() && self.day.is_none();
        let today = if styles.has(Styles::NO_CURRENT_DATE) { DateTime::minimum() } else { DateTime::now() }.parts();
        let parts = Parts {
            year: self.year.unwrap_or(today.year),
            month: self.month.unwrap_or(if dateless { today.month } else { 1 }),
            day: self.day.unwrap_or(if dateless { today.day } else { 1 }),
            hour: self.hour24()?,
            minute: self.minute.unwrap_or(0),
            second: self.second.unwrap_or(0),
            fraction: self.fraction.unwrap_or(0),
        };
        let ticks = calendar::ticks_of(parts)?;
        let date = DateTime::new(ticks, DateKind::Unspecified)?;
        self.weekday.is_none_or(|weekday| weekday == date.day_of_week()).then_some(ticks)
    }

    /// As a `DateTime` by the rules of the styles.
    fn date_time(&self, styles: Styles) -> Option<DateTime> {
        let ticks = self.ticks(styles)?;
        let unspecified = DateTime::new(ticks, DateKind::Unspecified)?;
        let Some(offset) = self.offset else {
            let assumed = if styles.has(Styles::ASSUME_UNIVERSAL) {
                unspecified.with_kind(DateKind::Utc)
            } else if styles.has(Styles::ASSUME_LOCAL) {
                unspecified.with_kind(DateKind::Local)
            } else {
                return Some(unspecified);
            };
            return Some(if styles.has(Styles::ADJUST_TO_UNIVERSAL) {
                assumed.to_universal()
            } else {
                assumed.to_local()
            });
        };
        let universal = unspecified.add_ticks(-offset)?.with_kind(DateKind::Utc);
        let stays = styles.has(Styles::ADJUST_TO_UNIVERSAL) || (self.universal && styles.has(Styles::ROUND_TRIP));
        Some(if stays { universal } else { universal.to_local() })
    }

    /// As clock time and offset.
    fn date_offset(&self, styles: Styles) -> Option<(DateTime, i64)> {
        let ticks = self.ticks(styles)?;
        let clock = DateTime::new(ticks, DateKind::Unspecified)?;
        let assumed = || if styles.has(Styles::ASSUME_UNIVERSAL) { 0 } else { calendar::local_offset_ticks(ticks) };
        let offset = self.offset.unwrap_or_else(assumed);
        if styles.has(Styles::ADJUST_TO_UNIVERSAL) {
            return Some((clock.add_ticks(-offset)?, 0));
        }
        Some((clock, offset))
    }
}

/// A piece of the text.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// Value and number of digits.
    Number(u64, usize),
    Word(String),
    Mark(char),
    Space,
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while let Some(c) = rest.chars().next() {
        let run = |test: fn(char) -> bool| rest.len() - rest.trim_start_matches(test).len();
        let length = if c.is_ascii_digit() {
            let length = run(|c| c.is_ascii_digit());
            found.push(Token::Number(rest.get(..length.min(18))?.parse().ok()?, length));
            length
        } else if c.is_alphabetic() {
            let length = run(char::is_alphabetic);
            found.push(Token::Word(rest.get(..length)?.to_lowercase()));
            length
        } else if c.is_whitespace() || c == '\u{202f}' {
            found.push(Token::Space);
            run(|c| c.is_whitespace() || c == '\u{202f}')
        } else {
            found.push(Token::Mark(c));
            c.len_utf8()
        };
        rest = rest.get(length..)?;
    }
    Some(found)
}

/// Reads a date as `DateTime.Parse` does.
pub(crate) fn parse_date(text: &str, culture: &Culture, styles: Styles) -> Option<DateTime> {
    read(text, culture)?.date_time(styles)
}

/// Reads a date as `DateTimeOffset.Parse` does: clock time and offset in ticks.
pub(crate) fn parse_date_offset(text: &str, culture: &Culture, styles: Styles) -> Option<(DateTime, i64)> {
    read(text, culture)?.date_offset(styles)
}

struct Parser<'a> {
    tokens: Vec<Token>,
    at: usize,
    culture: &'a Culture,
    reading: Reading,
    /// Numbers of the date part in their order, with their digits.
    numbers: Vec<(u64, usize)>,
    /// How many numbers came before the month's name.
    named_month_after: usize,
}

fn read(text: &str, culture: &Culture) -> Option<Reading> {
    let tokens = tokens(text)?;
    if tokens.is_empty() {
        return None;
    }
    let mut parser =
        Parser { tokens, at: 0, culture, reading: Reading::default(), numbers: Vec::new(), named_month_after: 0 };
    while parser.at < parser.tokens.len() {
        parser.step()?;
    }
    parser.settle()?;
    Some(parser.reading)
}

impl Parser<'_> {
    fn peek(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead)
    }

    fn mark(&self, ahead: usize, mark: char) -> bool {
        self.peek(ahead) == Some(&Token::Mark(mark))
    }

    fn step(&mut self) -> Option<()> {
        match self.peek(0)?.clone() {
            Token::Space => self.at += 1,
            Token::Number(..) if self.mark(1, ':') && self.reading.hour.is_none() => return self.time(),
            Token::Number(value, digits) => {
                self.at += 1;
                return self.number(value, digits);
            }
            Token::Word(word) => {
                self.at += 1;
                return self.word(&word);
            }
            Token::Mark('+' | '-') if self.reading.hour.is_some() => return self.offset(),
            Token::Mark('/' | '-' | '.' | ',') => self.at += 1,
            Token::Mark(_) => return None,
        }
        Some(())
    }

    /// A number of the date, or an hour that stands before AM or PM.
    fn number(&mut self, value: u64, digits: usize) -> Option<()> {
        let next = if self.peek(0) == Some(&Token::Space) { self.peek(1) } else { self.peek(0) };
        if let Some(Token::Word(word)) = next {
            if day_half(word, self.culture).is_some() && self.reading.hour.is_none() {
                self.reading.hour = u32::try_from(value).ok().filter(|hour| *hour <= 12);
                return self.reading.hour.map(drop);
            }
        }
        self.numbers.push((value, digits));
        (self.numbers.len() <= 3).then_some(())
    }

    fn take_number(&mut self) -> Option<(u64, usize)> {
        match self.peek(0)? {
            Token::Number(value, digits) => {
                let number = (*value, *digits);
                self.at += 1;
                Some(number)
            }
            Token::Word(_) | Token::Mark(_) | Token::Space => None,
        }
    }

    /// `h:mm`, `h:mm:ss` or `h:mm:ss.fff`.
    fn time(&mut self) -> Option<()> {
        self.reading.hour = u32::try_from(self.take_number()?.0).ok();
        self.at += 1;
        self.reading.minute = u32::try_from(self.take_number()?.0).ok();
        if self.mark(0, ':') {
            self.at += 1;
            self.reading.second = u32::try_from(self.take_number()?.0).ok();
            if self.mark(0, '.') || self.mark(0, ',') {
                self.at += 1;
                let (value, digits) = self.take_number()?;
                self.reading.fraction = fraction_ticks(value, digits);
            }
        }
        Some(())
    }

    /// `+hh:mm`, `+hhmm` or `+hh` after a time.
    fn offset(&mut self) -> Option<()> {
        let sign = if self.mark(0, '-') { -1 } else { 1 };
        self.at += 1;
        let (value, digits) = self.take_number()?;
        let value = i64::try_from(value).ok()?;
        let (hours, mut minutes) = if digits > 2 { (value / 100, value % 100) } else { (value, 0) };
        if self.mark(0, ':') {
            self.at += 1;
            minutes = i64::try_from(self.take_number()?.0).ok()?;
        }
        self.reading.offset = Some(sign * (hours * TICKS_PER_HOUR + minutes * TICKS_PER_MINUTE));
        (hours <= 14 && minutes < 60 && self.at == self.tokens.len()).then_some(())
    }

    fn word(&mut self, word: &str) -> Option<()> {
        if let Some(afternoon) = day_half(word, self.culture) {
            self.reading.afternoon = Some(afternoon);
            return self.reading.hour.map(drop);
        }
        if let Some(month) = month_named(word, self.culture) {
            self.named_month_after = self.numbers.len();
            return self.reading.month.replace(month).is_none().then_some(());
        }
        if let Some(weekday) = weekday_named(word, self.culture) {
            self.reading.weekday = Some(weekday);
            return Some(());
        }
        match word {
            "t" => (self.numbers.len() == 3 && matches!(self.peek(0), Some(Token::Number(..)))).then_some(()),
            "z" | "gmt" | "utc" if self.reading.hour.is_some() => {
                self.reading.offset = Some(0);
                self.reading.universal = true;
                Some(())
            }
            _ => None,
        }
    }

    /// Decides which number is year, month and day.
    fn settle(&mut self) -> Option<()> {
        let day_first = self.culture.short_date.starts_with('d');
        let numbers = std::mem::take(&mut self.numbers);
        let is_year = |number: &(u64, usize)| number.1 >= 3;
        let (year, month, day) = match (self.reading.month.is_some(), numbers.as_slice()) {
            (false, []) => return self.reading.hour.map(drop),
            (false, [year, month, day]) if is_year(year) => (Some(*year), Some(*month), Some(*day)),
            (false, [day, month, year]) if day_first => (Some(*year), Some(*month), Some(*day)),
            (false, [month, day, year]) => (Some(*year), Some(*month), Some(*day)),
            (false, [year, month]) if is_year(year) => (Some(*year), Some(*month), None),
            (false, [month, year]) if is_year(year) => (Some(*year), Some(*month), None),
            (false, [day, month]) if day_first => (None, Some(*month), Some(*day)),
            (false, [month, day]) => (None, Some(*month), Some(*day)),
            (true, [year, day]) if is_year(year) => (Some(*year), None, Some(*day)),
            (true, [day, year]) => (Some(*year), None, Some(*day)),
            (true, [year]) if is_year(year) || (self.named_month_after == 0 && year.0 > 31) => {
                (Some(*year), None, None)
            }
            (true, [day]) => (None, None, Some(*day)),
            _ => return None,
        };
        self.reading.year = year.map(full_year);
        if let Some((month, _)) = month {
            self.reading.month = u32::try_from(month).ok();
        }
        self.reading.day = day.and_then(|(day, _)| u32::try_from(day).ok());
        Some(())
    }
}

/// A year as written: two digits mean 1950 to 2049.
fn full_year((value, digits): (u64, usize)) -> i32 {
    let year = i32::try_from(value).unwrap_or(i32::MAX);
    match digits {
        1 | 2 if year < 50 => 2000 + year,
        1 | 2 => 1900 + year,
        _ => year,
    }
}

/// Digits after the point of a second as ticks, rounded at the seventh.
fn fraction_ticks(value: u64, digits: usize) -> Option<u32> {
    let digits = digits.min(18) as i32;
    let ticks = value as f64 * 10f64.powi(7 - digits);
    Some((ticks.round() as u32).min(9_999_999))
}

fn day_half(word: &str, culture: &Culture) -> Option<bool> {
    let is = |name: &str| {
        let name = name.to_lowercase();
        word == name || (word.len() == 1 && name.starts_with(word))
    };
    if is(culture.pm) || is("pm") {
        return Some(true);
    }
    (is(culture.am) || is("am")).then_some(false)
}

fn named(word: &str, full: &[&str], short: &[&str]) -> Option<u32> {
    let position = |names: &[&str]| names.iter().position(|name| name.trim_end_matches('.').to_lowercase() == word);
    position(full).or_else(|| position(short)).map(|index| index as u32)
}

pub(super) fn month_named(word: &str, culture: &Culture) -> Option<u32> {
    named(word, culture.months, culture.short_months).map(|index| index + 1)
}

fn weekday_named(word: &str, culture: &Culture) -> Option<u32> {
    named(word, culture.days, culture.short_days)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::culture::{EN_US, INVARIANT};
    use crate::value::format_text::format_date;

    #[test]
    fn dates_are_read() {
        let cases = [
            ("2024-03-05", Some("2024-03-05T00:00:00")),
            ("2024-03-05T04:07:09.456", Some("2024-03-05T04:07:09")),
            ("2024-03-05 14:07", Some("2024-03-05T14:07:00")),
            ("3/5/2024", Some("2024-03-05T00:00:00")),
            ("3/5/2024 2:07 PM", Some("2024-03-05T14:07:00")),
            ("03/05/2024 14:07:09", Some("2024-03-05T14:07:09")),
            ("5 Mar 2024", Some("2024-03-05T00:00:00")),
            ("March 5, 2024", Some("2024-03-05T00:00:00")),
            ("Tuesday, March 5, 2024", Some("2024-03-05T00:00:00")),
            ("Monday, March 5, 2024", None),
            ("Tue, 05 Mar 2024 04:07:09 GMT", Some("2024-03-05T04:07:09")),
            ("Mar 2024", Some("2024-03-01T00:00:00")),
            ("2024-03", Some("2024-03-01T00:00:00")),
            ("2024/1/2", Some("2024-01-02T00:00:00")),
            ("1/2/24", Some("2024-01-02T00:00:00")),
            ("2024-02-30", None),
            ("2023-02-29", None),
            ("nonsense", None),
            ("", None),
            ("13/13/2024", None),
            ("2024-03-05T25:00", None),
        ];
        for (text, expected) in cases {
            let styles = Styles(Styles::ADJUST_TO_UNIVERSAL);
            let read = parse_date(text, &INVARIANT, styles).and_then(|date| format_date(date, "s", &INVARIANT).ok());
            assert_eq!(read.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn zones_and_kinds() {
        let read = |text, styles| parse_date(text, &EN_US, Styles(styles));
        let universal = read("2024-03-05T04:00:00Z", Styles::ADJUST_TO_UNIVERSAL);
        assert_eq!(universal.map(|date| (date.parts().hour, date.kind())), Some((4, DateKind::Utc)));
        let east = read("2024-03-05T04:00:00+02:00", Styles::ADJUST_TO_UNIVERSAL);
        assert_eq!(east.map(|date| date.parts().hour), Some(2));
        assert_eq!(read("2024-03-05T04:00:00Z", 0).map(DateTime::kind), Some(DateKind::Local));
        assert_eq!(read("2024-03-05", 0).map(DateTime::kind), Some(DateKind::Unspecified));
        let offset = parse_date_offset("2024-03-05 04:00 -05:30", &EN_US, Styles(0)).map(|(_, offset)| offset);
        assert_eq!(offset, Some(-(5 * TICKS_PER_HOUR + 30 * TICKS_PER_MINUTE)));
        let german = Culture::by_name("de-DE").unwrap_or(&EN_US);
        assert_eq!(parse_date("05.03.2024", german, Styles(0)).map(|d| d.parts().month), Some(3));
    }
}
