//! `DateTime.ToString` and `DateTimeOffset.ToString`: standard and custom formats.

use super::{Piece, Pieces, bad_format};
use crate::value::calendar::{Parts, TICKS_PER_MINUTE};
use crate::value::culture::{Culture, INVARIANT};
use crate::value::{DateKind, DateTime, Outcome};

/// What a pattern is filled from.
struct Moment<'a> {
    date: DateTime,
    parts: Parts,
    /// A fixed offset in ticks, where it is a `DateTimeOffset`.
    offset: Option<i64>,
    culture: &'a Culture,
}

/// A date by a standard or custom format.
pub(crate) fn format_date(date: DateTime, format: &str, culture: &Culture) -> Outcome<String> {
    format_moment(date, None, format, culture)
}

/// A `DateTimeOffset`, given its local clock time and its offset in ticks.
pub(crate) fn format_date_offset(date: DateTime, offset: i64, format: &str, culture: &Culture) -> Outcome<String> {
    format_moment(date, Some(offset), format, culture)
}

fn format_moment(date: DateTime, offset: Option<i64>, format: &str, culture: &Culture) -> Outcome<String> {
    let single = format.len() == 1;
    let letter = if single { format.chars().next().unwrap_or('G') } else { '\0' };
    let (date, culture) = match (letter, offset) {
        ('U', None) => (date.to_universal(), culture),
        ('u' | 'R' | 'r', Some(offset)) => (date.add_ticks(-offset).unwrap_or(date), &INVARIANT),
        ('o' | 'O' | 's' | 'u' | 'R' | 'r', _) => (date, &INVARIANT),
        _ => (date, culture),
    };
    let pattern = if format.is_empty() {
        let general = expand_pattern('G', culture, false).unwrap_or_default();
        if offset.is_some() { format!("{general} zzz") } else { general }
    } else if single {
        match expand_pattern(letter, culture, offset.is_some()) {
            Some(pattern) => pattern,
            None => return bad_format(format, "a date").err(),
        }
    } else {
        format.to_string()
    };
    let moment = Moment { date, parts: date.parts(), offset, culture };
    fill(&moment, &pattern).ok_or_else(|| bad_format(format, "a date").into())
}

/// The custom pattern that a standard format letter stands for.
pub(crate) fn expand_pattern(letter: char, culture: &Culture, with_offset: bool) -> Option<String> {
    let join = |date: &str, time: &str| format!("{date} {time}");
    Some(match letter {
        'd' => culture.short_date.to_string(),
        'D' => culture.long_date.to_string(),
        'f' => join(culture.long_date, culture.short_time),
        'F' => join(culture.long_date, culture.long_time),
        'U' if !with_offset => join(culture.long_date, culture.long_time),
        'g' => join(culture.short_date, culture.short_time),
        'G' => join(culture.short_date, culture.long_time),
        'm' | 'M' => culture.month_day.to_string(),
        'y' | 'Y' => culture.year_month.to_string(),
        't' => culture.short_time.to_string(),
        'T' => culture.long_time.to_string(),
        'o' | 'O' if with_offset => "yyyy-MM-dd'T'HH:mm:ss.fffffffzzz".to_string(),
        'o' | 'O' => "yyyy-MM-dd'T'HH:mm:ss.fffffffK".to_string(),
        'r' | 'R' => "ddd, dd MMM yyyy HH:mm:ss 'GMT'".to_string(),
        's' => "yyyy-MM-dd'T'HH:mm:ss".to_string(),
        'u' => "yyyy-MM-dd HH:mm:ss'Z'".to_string(),
        _ => return None,
    })
}

fn fill(moment: &Moment<'_>, pattern: &str) -> Option<String> {
    let characters: Vec<char> = pattern.chars().collect();
    let mut text = String::with_capacity(pattern.len() + 8);
    for piece in Pieces::of(&characters) {
        match piece? {
            Piece::Literal(literal) => text.extend(literal),
            Piece::Run(field, run) if "yMdHhmstfFzKg".contains(field) => moment.field(field, run, &mut text)?,
            Piece::Run('/', run) => text.push_str(&moment.culture.date_separator.repeat(run)),
            Piece::Run(other, run) => text.extend(std::iter::repeat_n(other, run)),
        }
    }
    Some(text)
}

fn pad(number: u32, width: usize, text: &mut String) {
    if number < 10 && width >= 2 {
        text.push('0');
    }
    text.push_str(&number.to_string());
}

impl Moment<'_> {
    fn field(&self, field: char, run: usize, text: &mut String) -> Option<()> {
        let parts = &self.parts;
        match field {
            'y' if run <= 2 => pad((parts.year % 100) as u32, run, text),
            'y' => text.push_str(&format!("{:0run$}", parts.year)),
            'M' if run <= 2 => pad(parts.month, run, text),
            'M' => text.push_str(self.month_name(run)?),
            'd' if run <= 2 => pad(parts.day, run, text),
            'd' => {
                let names = if run == 3 { self.culture.short_days } else { self.culture.days };
                text.push_str(names.get(self.date.day_of_week() as usize)?);
            }
            'H' => pad(parts.hour, run, text),
            'h' => pad((parts.hour + 11) % 12 + 1, run, text),
            'm' => pad(parts.minute, run, text),
            's' => pad(parts.second, run, text),
            't' => self.day_half(run, text),
            'f' | 'F' => self.fraction(field, run, text)?,
            'z' => self.push_offset(run, text),
            'K' => match (self.offset, self.date.kind()) {
                (None, DateKind::Unspecified) => {}
                (None, DateKind::Utc) => text.push('Z'),
                (Some(_), _) | (None, DateKind::Local) => self.push_offset(3, text),
            },
            _ => text.push_str("A.D."),
        }
        Some(())
    }

    fn month_name(&self, run: usize) -> Option<&'static str> {
        let names = if run == 3 { self.culture.short_months } else { self.culture.months };
        names.get(self.parts.month as usize - 1).copied()
    }

    fn day_half(&self, run: usize, text: &mut String) {
        let name = if self.parts.hour < 12 { self.culture.am } else { self.culture.pm };
        text.push_str(if run == 1 { name.get(..1).unwrap_or("") } else { name });
    }

    fn fraction(&self, field: char, run: usize, text: &mut String) -> Option<()> {
        let digits = format!("{:07}", self.parts.fraction);
        let cut = digits.get(..run)?;
        if field == 'f' {
            text.push_str(cut);
            return Some(());
        }
        let trimmed = cut.trim_end_matches('0');
        if trimmed.is_empty() && text.ends_with('.') {
            text.pop();
        }
        text.push_str(trimmed);
        Some(())
    }

    fn push_offset(&self, run: usize, text: &mut String) {
        let ticks = self.offset.unwrap_or_else(|| match self.date.kind() {
            DateKind::Utc => 0,
            DateKind::Local | DateKind::Unspecified => self.date.offset().0,
        });
        let minutes = ticks.abs() / TICKS_PER_MINUTE;
        text.push(if ticks < 0 { '-' } else { '+' });
        match run {
            1 => text.push_str(&(minutes / 60).to_string()),
            2 => text.push_str(&format!("{:02}", minutes / 60)),
            _ => text.push_str(&format!("{:02}:{:02}", minutes / 60, minutes % 60)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::calendar;
    use crate::value::culture::EN_US;

    fn sample() -> DateTime {
        calendar::date_time(2024, 3, 5, 14, 7, 9).and_then(|d| d.add_ticks(4_560_000)).unwrap_or(DateTime::minimum())
    }

    #[test]
    fn patterns() {
        for (format, expected) in [
            ("d", "3/5/2024"),
            ("D", "Tuesday, March 5, 2024"),
            ("s", "2024-03-05T14:07:09"),
            ("o", "2024-03-05T14:07:09.4560000"),
            ("u", "2024-03-05 14:07:09Z"),
            ("R", "Tue, 05 Mar 2024 14:07:09 GMT"),
            ("M", "March 5"),
            ("Y", "March 2024"),
            ("t", "2:07\u{202f}PM"),
            ("", "3/5/2024 2:07:09\u{202f}PM"),
            ("yyyy-MM-dd HH:mm:ss", "2024-03-05 14:07:09"),
            ("yy M d H:m:s", "24 3 5 14:7:9"),
            ("%d", "5"),
            ("fff", "456"),
            ("ss.FFF", "09.456"),
            ("hh:mm tt", "02:07 PM"),
            ("'at' HH", "at 14"),
            ("ddd dd MMM yyyy", "Tue 05 Mar 2024"),
            ("yyyyMMddTHHmmssZ", "20240305T140709Z"),
            ("yyyy K", "2024 "),
        ] {
            assert_eq!(format_date(sample(), format, &EN_US).ok().as_deref(), Some(expected), "{format}");
        }
        assert_eq!(format_date(sample().with_kind(DateKind::Utc), "yyyy K", &EN_US).ok().as_deref(), Some("2024 Z"));
        assert_eq!(format_date(sample(), "", &INVARIANT).ok().as_deref(), Some("03/05/2024 14:07:09"));
        let german = Culture::by_name("de-DE").unwrap_or(&EN_US);
        assert_eq!(format_date(sample(), "D", german).ok().as_deref(), Some("Dienstag, 5. März 2024"));
        assert!(format_date(sample(), "x", &EN_US).is_err());
        let offset = format_date_offset(sample(), 36_000_000_000, "", &INVARIANT);
        assert_eq!(offset.ok().as_deref(), Some("03/05/2024 14:07:09 +01:00"));
    }
}
