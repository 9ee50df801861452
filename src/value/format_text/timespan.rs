//! `TimeSpan.ToString`: c, g, G and custom formats.

use super::{Piece, Pieces, bad_format};
use crate::value::calendar::TICKS_PER_SECOND;
use crate::value::culture::Culture;
use crate::value::{Outcome, TimeSpan};

/// A span's parts, all positive.
struct Parts {
    negative: bool,
    days: u64,
    hours: u64,
    minutes: u64,
    seconds: u64,
    fraction: u64,
}

impl Parts {
    fn of(span: TimeSpan) -> Self {
        let ticks = span.0.unsigned_abs();
        let seconds = ticks / TICKS_PER_SECOND as u64;
        Self {
            negative: span.0 < 0,
            days: seconds / 86_400,
            hours: seconds / 3600 % 24,
            minutes: seconds / 60 % 60,
            seconds: seconds % 60,
            fraction: ticks % TICKS_PER_SECOND as u64,
        }
    }
}

/// The constant form, `[-][d.]hh:mm:ss[.fffffff]`, which is also what conversion to string gives.
pub(crate) fn constant(span: TimeSpan) -> String {
    let parts = Parts::of(span);
    let sign = if parts.negative { "-" } else { "" };
    let days = if parts.days > 0 { format!("{}.", parts.days) } else { String::new() };
    let fraction = if parts.fraction > 0 { format!(".{:07}", parts.fraction) } else { String::new() };
    format!("{sign}{days}{:02}:{:02}:{:02}{fraction}", parts.hours, parts.minutes, parts.seconds)
}

/// A span by a format.
pub(crate) fn format_timespan(span: TimeSpan, format: &str, culture: &Culture) -> Outcome<String> {
    match format {
        "" | "c" | "t" | "T" => Ok(constant(span)),
        "g" => Ok(general_short(&Parts::of(span), culture)),
        "G" => Ok(general_long(&Parts::of(span), culture)),
        _ => custom(&Parts::of(span), format).ok_or_else(|| bad_format(format, "a time span").into()),
    }
}

fn general_short(parts: &Parts, culture: &Culture) -> String {
    let sign = if parts.negative { "-" } else { "" };
    let days = if parts.days > 0 { format!("{}:", parts.days) } else { String::new() };
    let fraction = match parts.fraction {
        0 => String::new(),
        fraction => {
            format!("{}{}", culture.decimal_separator, format!("{fraction:07}").trim_end_matches('0'))
        }
    };
    format!("{sign}{days}{}:{:02}:{:02}{fraction}", parts.hours, parts.minutes, parts.seconds)
}

fn general_long(parts: &Parts, culture: &Culture) -> String {
    let sign = if parts.negative { "-" } else { "" };
    format!(
        "{sign}{}:{:02}:{:02}:{:02}{}{:07}",
        parts.days, parts.hours, parts.minutes, parts.seconds, culture.decimal_separator, parts.fraction
    )
}

fn custom(parts: &Parts, format: &str) -> Option<String> {
    let mut text = String::new();
    let characters: Vec<char> = format.chars().collect();
    for piece in Pieces::of(&characters) {
        match piece? {
            Piece::Literal(literal) => text.extend(literal),
            Piece::Run('d', run) if run <= 8 => text.push_str(&format!("{:0run$}", parts.days)),
            Piece::Run('h', run) if run <= 2 => text.push_str(&format!("{:0run$}", parts.hours)),
            Piece::Run('m', run) if run <= 2 => text.push_str(&format!("{:0run$}", parts.minutes)),
            Piece::Run('s', run) if run <= 2 => text.push_str(&format!("{:0run$}", parts.seconds)),
            Piece::Run(c @ ('f' | 'F'), run) if run <= 7 => push_fraction(parts.fraction, run, c == 'F', &mut text),
            Piece::Run(..) => return None,
        }
    }
    Some(text)
}

fn push_fraction(fraction: u64, count: usize, trimmed: bool, text: &mut String) {
    let digits = format!("{fraction:07}");
    let cut = digits.get(..count).unwrap_or(&digits);
    text.push_str(if trimmed { cut.trim_end_matches('0') } else { cut });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::culture::EN_US;

    #[test]
    fn formats() {
        let span = TimeSpan(937_845_670_000);
        for (format, expected) in [
            ("", "1.02:03:04.5670000"),
            ("c", "1.02:03:04.5670000"),
            ("g", "1:2:03:04.567"),
            ("G", "1:02:03:04.5670000"),
            ("hh\\:mm\\:ss", "02:03:04"),
            ("d\\.hh\\:mm", "1.02:03"),
            ("%d", "1"),
            ("h'h 'm'm'", "2h 3m"),
            ("fff", "567"),
        ] {
            assert_eq!(format_timespan(span, format, &EN_US).ok().as_deref(), Some(expected), "{format}");
        }
        assert!(format_timespan(span, "hh:mm", &EN_US).is_err());
        assert_eq!(constant(TimeSpan(-TICKS_PER_SECOND * 90)), "-00:01:30");
    }
}
