//! `TimeSpan.Parse` and `ParseExact`.

use crate::value::TimeSpan;
use crate::value::calendar::TICKS_PER_SECOND;

/// Why a span was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SpanError {
    /// `FormatException`.
    Format,
    /// `OverflowException`: a part is out of its range.
    Overflow,
}

/// Reads `[-][d.]hh:mm[:ss[.fffffff]]`, `[-]d:hh:mm:ss[.fffffff]` or a number of days.
pub(crate) fn parse_span(text: &str) -> Result<TimeSpan, SpanError> {
    let text = text.trim();
    let (negative, body) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (clock, fraction) = split_fraction(body);
    let pieces: Vec<&str> = clock.split(':').collect();
    let (days, rest): (u64, &[&str]) = match pieces.as_slice() {
        [days] if fraction.is_none() => (part(days)?, &[]),
        [first, rest @ ..] if rest.len() <= 2 => match first.split_once('.') {
            Some((days, hours)) => return assemble(negative, part(days)?, &[hours], rest, fraction),
            None => return assemble(negative, 0, &[first], rest, fraction),
        },
        [days, rest @ ..] if rest.len() == 3 => (part(days)?, rest),
        _ => return Err(SpanError::Format),
    };
    assemble(negative, days, &[], rest, fraction)
}

/// Cuts off the fraction, which only follows seconds.
fn split_fraction(body: &str) -> (&str, Option<&str>) {
    match body.rsplit_once('.') {
        Some((clock, fraction)) if clock.matches(':').count() >= 2 && !fraction.contains(':') => {
            (clock, Some(fraction))
        }
        _ => (body, None),
    }
}

fn part(text: &str) -> Result<u64, SpanError> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(SpanError::Format);
    }
    text.parse().map_err(|_| SpanError::Overflow)
}

fn assemble(
    negative: bool,
    days: u64,
    hours: &[&str],
    rest: &[&str],
    fraction: Option<&str>,
) -> Result<TimeSpan, SpanError> {
    let mut parts = [0u64; 3];
    let limits = [24, 60, 60];
    for ((slot, limit), text) in parts.iter_mut().zip(limits).zip(hours.iter().chain(rest)) {
        *slot = part(text)?;
        if *slot >= limit {
            return Err(SpanError::Overflow);
        }
    }
    let fraction = match fraction {
        Some(digits) if digits.len() > 7 => return Err(SpanError::Overflow),
        Some(digits) => part(digits)? * 10u64.pow(7 - digits.len() as u32),
        None => 0,
    };
    let [hours, minutes, seconds] = parts;
    let seconds = i128::from(days) * 86_400 + i128::from(hours * 3600 + minutes * 60 + seconds);
    let ticks = seconds * i128::from(TICKS_PER_SECOND) + i128::from(fraction);
    i64::try_from(if negative { -ticks } else { ticks }).map(TimeSpan).map_err(|_| SpanError::Overflow)
}

/// Reads a span by one of the standard formats or a custom one.
pub(crate) fn parse_exact_span(text: &str, format: &str) -> Result<TimeSpan, SpanError> {
    if matches!(format, "c" | "t" | "T" | "g" | "G") {
        return parse_span(text);
    }
    let mut units = [0u64; 4];
    let mut fraction = 0;
    let mut input = text.chars().peekable();
    let mut pattern = format.trim_start_matches('%').chars().peekable();
    while let Some(c) = pattern.next() {
        let mut run = 1;
        while matches!(c, 'd' | 'h' | 'm' | 's' | 'f' | 'F') && pattern.peek() == Some(&c) {
            pattern.next();
            run += 1;
        }
        match "dhms".find(c) {
            Some(index) => {
                let longest = if run == 1 { 2 } else { run };
                let digits = take_digits(&mut input, run, longest)?;
                if let Some(unit) = units.get_mut(index) {
                    *unit = part(&digits)?;
                }
            }
            None if c == 'f' || c == 'F' => {
                let digits = take_digits(&mut input, if c == 'f' { run } else { 0 }, run)?;
                fraction = format!("{digits:0<7}").parse().map_err(|_| SpanError::Format)?;
            }
            None => {
                let literal = if c == '\\' { pattern.next() } else { Some(c) };
                let quoted = c == '\'' || c == '"';
                if !quoted && input.next() != literal {
                    return Err(SpanError::Format);
                }
            }
        }
    }
    if input.next().is_some() {
        return Err(SpanError::Format);
    }
    let [days, hours, minutes, seconds] = units;
    if hours > 23 || minutes > 59 || seconds > 59 {
        return Err(SpanError::Overflow);
    }
    let ticks = (days * 86_400 + hours * 3600 + minutes * 60 + seconds) as i64 * TICKS_PER_SECOND;
    Ok(TimeSpan(ticks + fraction))
}

fn take_digits(
    input: &mut std::iter::Peekable<std::str::Chars<'_>>,
    least: usize,
    most: usize,
) -> Result<String, SpanError> {
    let mut digits = String::new();
    while digits.len() < most && input.peek().is_some_and(char::is_ascii_digit) {
        digits.extend(input.next());
    }
    if digits.len() < least { Err(SpanError::Format) } else { Ok(digits) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::format_text::constant;

    #[test]
    fn spans_are_read() {
        let cases = [
            ("01:30", Ok("01:30:00")),
            ("1.02:03:04", Ok("1.02:03:04")),
            ("1:02:03:04", Ok("1.02:03:04")),
            ("00:00:01.5", Ok("00:00:01.5000000")),
            ("-01:00", Ok("-01:00:00")),
            ("5", Ok("5.00:00:00")),
            ("1.00:00", Ok("1.00:00:00")),
            ("99:99", Err(SpanError::Overflow)),
            ("25:00:00:00:00", Err(SpanError::Format)),
            ("abc", Err(SpanError::Format)),
            ("", Err(SpanError::Format)),
        ];
        for (text, expected) in cases {
            let read = parse_span(text).map(constant);
            assert_eq!(read.as_deref().map_err(|error| *error), expected, "{text}");
        }
        assert_eq!(parse_exact_span("02:03", "hh\\:mm").map(constant).as_deref(), Ok("02:03:00"));
    }
}
