//! `DateTime.ParseExact`: a text read by a pattern.

use super::{Reading, Styles, fraction_ticks, full_year};
use crate::value::DateTime;
use crate::value::calendar::{TICKS_PER_HOUR, TICKS_PER_MINUTE};
use crate::value::culture::{Culture, INVARIANT};
use crate::value::format_text::{Piece, Pieces, expand_pattern};

struct Exact<'a> {
    rest: &'a str,
    culture: &'a Culture,
    reading: Reading,
}

/// Reads a date by a standard or custom format.
pub(crate) fn parse_exact(text: &str, format: &str, culture: &Culture, styles: Styles) -> Option<DateTime> {
    let (reading, styles) = read_exact(text, format, culture, styles)?;
    reading.date_time(styles)
}

/// Reads a `DateTimeOffset` by a format: clock time and offset in ticks.
pub(crate) fn parse_exact_offset(
    text: &str,
    format: &str,
    culture: &Culture,
    styles: Styles,
) -> Option<(DateTime, i64)> {
    let (reading, styles) = read_exact(text, format, culture, styles)?;
    reading.date_offset(styles)
}

fn read_exact(text: &str, format: &str, culture: &Culture, mut styles: Styles) -> Option<(Reading, Styles)> {
    let single = format.chars().next().filter(|_| format.len() == 1);
    let (pattern, culture) = match single {
        Some(letter @ ('o' | 'O' | 's' | 'u' | 'r' | 'R')) => {
            styles.0 |= if matches!(letter, 'o' | 'O') { Styles::ROUND_TRIP } else { 0 };
            (expand_pattern(letter, &INVARIANT, false)?, &INVARIANT)
        }
        Some(letter) => (expand_pattern(letter, culture, false)?, culture),
        None => (format.to_string(), culture),
    };
    let white = styles.has(Styles::ALLOW_WHITE);
    let mut exact = Exact { rest: if white { text.trim() } else { text }, culture, reading: Reading::default() };
    exact.run(&pattern)?;
    exact.rest.is_empty().then_some((exact.reading, styles))
}

impl Exact<'_> {
    fn run(&mut self, pattern: &str) -> Option<()> {
        let characters: Vec<char> = pattern.chars().collect();
        for piece in Pieces::of(&characters) {
            match piece? {
                Piece::Literal(literal) => literal.iter().try_for_each(|c| self.literal(*c))?,
                Piece::Run(field, run) if "yMdHhmsfFtzK".contains(field) => self.field(field, run)?,
                Piece::Run('/', run) => (0..run).try_for_each(|_| self.text(self.culture.date_separator))?,
                Piece::Run(other, run) => (0..run).try_for_each(|_| self.literal(other))?,
            }
        }
        Some(())
    }

    fn literal(&mut self, c: char) -> Option<()> {
        self.rest = match self.rest.strip_prefix(c) {
            Some(rest) => rest,
            None if c == '\u{202f}' => self.rest.strip_prefix(' ')?,
            None => return None,
        };
        Some(())
    }

    fn text(&mut self, text: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(text)?;
        Some(())
    }

    fn digits(&mut self, least: usize, most: usize) -> Option<(u64, usize)> {
        let count = self.rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let value = self.rest.get(..count)?.parse().ok();
        self.rest = self.rest.get(count..)?;
        if count == 0 && least == 0 {
            return Some((0, 0));
        }
        (count >= least).then_some(())?;
        value.map(|value| (value, count))
    }

    fn number(&mut self, run: usize) -> Option<u32> {
        let (value, _) = if run == 1 { self.digits(1, 2)? } else { self.digits(2, 2)? };
        u32::try_from(value).ok()
    }

    /// The longest of some names that comes next, without case.
    fn name(&mut self, names: &[&str]) -> Option<u32> {
        let fits =
            |name: &&str| self.rest.get(..name.len()).is_some_and(|start| start.to_lowercase() == name.to_lowercase());
        let (index, name) =
            names.iter().enumerate().filter(|(_, name)| fits(name)).max_by_key(|(_, name)| name.len())?;
        self.rest = self.rest.get(name.len()..)?;
        Some(index as u32)
    }

    fn field(&mut self, field: char, run: usize) -> Option<()> {
        match (field, run) {
            ('y', 1 | 2) => self.reading.year = Some(full_year((self.digits(run, 2)?.0, 2))),
            ('y', _) => self.reading.year = i32::try_from(self.digits(run, run)?.0).ok(),
            ('M', 1 | 2) => self.reading.month = Some(self.number(run)?),
            ('M', 3) => self.reading.month = Some(self.name(self.culture.short_months)? + 1),
            ('M', _) => self.reading.month = Some(self.name(self.culture.months)? + 1),
            ('d', 1 | 2) => self.reading.day = Some(self.number(run)?),
            ('d', 3) => self.reading.weekday = Some(self.name(self.culture.short_days)?),
            ('d', _) => self.reading.weekday = Some(self.name(self.culture.days)?),
            ('H' | 'h', _) => self.reading.hour = Some(self.number(run)?),
            ('m', _) => self.reading.minute = Some(self.number(run)?),
            ('s', _) => self.reading.second = Some(self.number(run)?),
            ('f', _) => {
                let (value, digits) = self.digits(run, run)?;
                self.reading.fraction = fraction_ticks(value, digits);
            }
            ('F', _) => {
                let (value, digits) = self.digits(0, run)?;
                self.reading.fraction = fraction_ticks(value, digits.max(1));
            }
            ('t', _) => self.day_half(run)?,
            ('K', _) => self.zone()?,
            _ => self.offset(run)?,
        }
        Some(())
    }

    fn day_half(&mut self, run: usize) -> Option<()> {
        let (am, pm) = (self.culture.am, self.culture.pm);
        let names = if run == 1 { [am.get(..1)?, pm.get(..1)?] } else { [am, pm] };
        self.reading.afternoon = Some(self.name(&names)? == 1);
        Some(())
    }

    fn zone(&mut self) -> Option<()> {
        if let Some(rest) = self.rest.strip_prefix('Z') {
            self.rest = rest;
            self.reading.offset = Some(0);
            self.reading.universal = true;
            return Some(());
        }
        if self.rest.starts_with(['+', '-']) { self.offset(3) } else { Some(()) }
    }

    fn offset(&mut self, run: usize) -> Option<()> {
        let sign = match self.rest.chars().next()? {
            '+' => 1,
            '-' => -1,
            _ => return None,
        };
        self.rest = self.rest.get(1..)?;
        let hours = self.digits(run.min(2), 2)?.0 as i64;
        let mut minutes = 0;
        if run >= 3 {
            self.rest = self.rest.strip_prefix(':').unwrap_or(self.rest);
            minutes = self.digits(2, 2)?.0 as i64;
        }
        self.reading.offset = Some(sign * (hours * TICKS_PER_HOUR + minutes * TICKS_PER_MINUTE));
        (hours <= 14 && minutes < 60).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::culture::EN_US;
    use crate::value::format_text::format_date;

    #[test]
    fn exact_patterns() {
        let cases = [
            ("2024-03-05", "yyyy-MM-dd", Some("2024-03-05T00:00:00")),
            ("05.03.24 14:07", "dd.MM.yy HH:mm", Some("2024-03-05T14:07:00")),
            ("20240305", "yyyyMMdd", Some("2024-03-05T00:00:00")),
            ("5 Mar 2024", "d MMM yyyy", Some("2024-03-05T00:00:00")),
            ("2024-3-5", "yyyy-MM-dd", None),
            ("3/5/2024", "d", Some("2024-03-05T00:00:00")),
            ("2024-03-05T04:07:09", "s", Some("2024-03-05T04:07:09")),
            ("02:07 PM 2024", "hh:mm tt yyyy", Some("2024-01-01T14:07:00")),
            ("x", "yyyy", None),
        ];
        for (text, format, expected) in cases {
            let read = parse_exact(text, format, &EN_US, Styles(0));
            let read = read.and_then(|date| format_date(date, "s", &EN_US).ok());
            assert_eq!(read.as_deref(), expected, "{text} by {format}");
        }
    }
}
