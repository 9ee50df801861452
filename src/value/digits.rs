//! A number as decimal digits: what every numeric format is written from. Not arithmetic: see `operators`.

use num_bigint::BigInt;
use num_traits::Signed;
use rust_decimal::Decimal;

/// Digits `d1 d2 d3 …` of a number `0.d1d2d3… × 10^scale`, with its sign. No digits means zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Digits {
    /// True for negative numbers, negative zero included.
    pub(crate) negative: bool,
    /// Decimal digits as ASCII; the first is not `0`.
    pub(crate) digits: Vec<u8>,
    /// Where the decimal point stands, counted from before the first digit.
    pub(crate) scale: i32,
    /// Digits after the point that a decimal keeps though they are zero.
    pub(crate) kept_decimals: usize,
}

impl Digits {
    /// The shortest digits that give back the same double.
    pub(crate) fn shortest(value: f64) -> Self {
        Self::from_scientific(&format!("{value:e}"))
    }

    /// The shortest digits that give back the same single.
    pub(crate) fn shortest_single(value: f32) -> Self {
        Self::from_scientific(&format!("{value:e}"))
    }

    /// A double, correctly rounded to a number of significant digits.
    pub(crate) fn significant(value: f64, count: usize) -> Self {
        Self::from_scientific(&format!("{value:.*e}", count.saturating_sub(1)))
    }

    /// A double, correctly rounded to a number of decimals.
    pub(crate) fn decimals(value: f64, count: usize) -> Self {
        Self::from_plain(&format!("{value:.count$}"))
    }

    /// An integer.
    pub(crate) fn integer(value: i128) -> Self {
        Self::from_plain(&value.to_string())
    }

    /// A big integer.
    pub(crate) fn big(value: &BigInt) -> Self {
        let mut digits = Self::from_plain(&value.abs().to_string());
        digits.negative = value.is_negative();
        digits
    }

    /// A decimal with the zeros it keeps.
    pub(crate) fn decimal(value: &Decimal) -> Self {
        let mut digits = Self::from_plain(&value.abs().to_string());
        digits.negative = value.is_sign_negative() && !value.is_zero();
        digits.kept_decimals = value.scale() as usize;
        digits
    }

    fn from_scientific(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let mut digits = Self::from_plain(mantissa);
        digits.scale += exponent.parse::<i32>().unwrap_or(0);
        if digits.digits.is_empty() {
            digits.scale = 0;
        }
        digits
    }

    fn from_plain(text: &str) -> Self {
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
        let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
        digits.drain(..zeros);
        let scale = whole.len() as i32 - zeros as i32;
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        let scale = if digits.is_empty() { 0 } else { scale };
        Self { negative, digits, scale, kept_decimals: 0 }
    }

    /// True without any digit.
    pub(crate) fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// Rounds half away from zero to `count` digits from the first one.
    pub(crate) fn round_to(&mut self, count: i32) {
        let keep = count.max(0) as usize;
        if keep >= self.digits.len() {
            return;
        }
        let up = count >= 0 && self.digits.get(keep).is_some_and(|digit| *digit >= b'5');
        self.digits.truncate(keep);
        if up {
            self.increment();
        }
        while self.digits.last() == Some(&b'0') {
            self.digits.pop();
        }
        if self.digits.is_empty() {
            self.scale = 0;
        }
    }

    fn increment(&mut self) {
        for digit in self.digits.iter_mut().rev() {
            if *digit < b'9' {
                *digit += 1;
                return;
            }
            *digit = b'0';
        }
        self.digits.insert(0, b'1');
        self.scale += 1;
    }

    /// Rounds half away from zero to a number of decimals.
    pub(crate) fn round_decimals(&mut self, count: usize) {
        self.round_to(self.scale.saturating_add(count as i32));
    }

    /// The digit `place` places before (positive) or after the point: place 1 is the units digit, 0 the first decimal.
    pub(crate) fn digit_at(&self, place: i32) -> u8 {
        usize::try_from(self.scale - place).ok().and_then(|index| self.digits.get(index)).copied().unwrap_or(b'0')
    }

    /// The digits before the point, at least one.
    pub(crate) fn whole(&self) -> String {
        if self.scale <= 0 {
            return "0".to_string();
        }
        (1..=self.scale).rev().map(|place| self.digit_at(place) as char).collect()
    }

    /// `count` digits after the point.
    pub(crate) fn fraction(&self, count: usize) -> String {
        (0..count as i32).map(|place| self.digit_at(-place) as char).collect()
    }

    /// .NET's general form: plain, or scientific where the exponent is below -4 or at least `limit`.
    pub(crate) fn general(&self, limit: i32, exponent_letter: char, minimum_exponent_digits: usize) -> String {
        let mut text = String::with_capacity(24);
        if self.negative {
            text.push('-');
        }
        let exponent = self.scale - 1;
        if !self.is_zero() && (exponent >= limit || exponent < -4) {
            self.push_scientific(&mut text, exponent, exponent_letter, minimum_exponent_digits);
            return text;
        }
        text.push_str(&self.whole());
        let decimals = (self.digits.len() as i32 - self.scale).max(0) as usize;
        let decimals = if self.is_zero() { self.kept_decimals } else { decimals.max(self.kept_decimals) };
        if decimals > 0 {
            text.push('.');
            text.push_str(&self.fraction(decimals));
        }
        text
    }

    fn push_scientific(&self, text: &mut String, exponent: i32, letter: char, minimum: usize) {
        let mut digits = self.digits.iter().map(|digit| *digit as char);
        text.extend(digits.next());
        if self.digits.len() > 1 {
            text.push('.');
            text.extend(digits);
        }
        text.push(letter);
        text.push(if exponent < 0 { '-' } else { '+' });
        let digits = exponent.unsigned_abs().to_string();
        text.extend(std::iter::repeat_n('0', minimum.saturating_sub(digits.len())));
        text.push_str(&digits);
    }
}
