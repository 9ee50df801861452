//! Custom numeric formats: `0 # . , % ‰ E+0 ;` and literals.

use crate::value::culture::Culture;
use crate::value::digits::Digits;

/// One piece of a section.
#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Digit { forced: bool },
    Point,
    Literal(String),
    Percent(char),
    Exponent { letter: char, plus: bool, digits: usize },
}

/// A section read once: pieces and what they add up to.
#[derive(Debug, Default)]
struct Section {
    pieces: Vec<Piece>,
    whole_digits: usize,
    decimals: usize,
    grouped: bool,
    /// Power of ten the number is multiplied by: percent signs minus scaling commas.
    shift: i32,
    /// Place of the first forced digit before the point, counted from the point; and last forced decimal.
    forced_whole: usize,
    forced_decimals: usize,
    scientific: bool,
}

/// Cuts a format at its semicolons, outside quotes.
fn sections(format: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut characters = format.chars();
    let mut quote = None;
    while let Some(c) = characters.next() {
        let current = found.last_mut();
        match c {
            '\\' => {
                if let Some(text) = current {
                    text.push(c);
                    text.extend(characters.next());
                }
                continue;
            }
            '\'' | '"' if quote == Some(c) => quote = None,
            '\'' | '"' if quote.is_none() => quote = Some(c),
            ';' if quote.is_none() => {
                found.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(text) = found.last_mut() {
            text.push(c);
        }
    }
    found
}

struct Reader<'a> {
    characters: std::iter::Peekable<std::str::Chars<'a>>,
    section: Section,
    after_point: bool,
    /// Digit places in order: forced or not, before and after the point.
    whole: Vec<bool>,
    fraction: Vec<bool>,
    pending_commas: usize,
}

fn read_section(format: &str) -> Section {
    let mut reader = Reader {
        characters: format.chars().peekable(),
        section: Section::default(),
        after_point: false,
        whole: Vec::new(),
        fraction: Vec::new(),
        pending_commas: 0,
    };
    while let Some(c) = reader.characters.next() {
        reader.step(c);
    }
    reader.finish()
}

impl Reader<'_> {
    fn step(&mut self, c: char) {
        match c {
            '0' | '#' => self.digit(c == '0'),
            '.' if !self.after_point => {
                self.settle_commas(true);
                self.after_point = true;
                self.section.pieces.push(Piece::Point);
            }
            '.' => {}
            ',' => self.pending_commas += usize::from(!self.whole.is_empty() && !self.after_point),
            '%' | '\u{2030}' => {
                self.section.shift += if c == '%' { 2 } else { 3 };
                self.section.pieces.push(Piece::Percent(c));
            }
            'e' | 'E' => self.exponent(c),
            '\\' => {
                let next = self.characters.next();
                self.literal(next);
            }
            '\'' | '"' => self.quoted(c),
            other => self.literal(Some(other)),
        }
    }

    fn digit(&mut self, forced: bool) {
        if self.after_point {
            self.fraction.push(forced);
        } else {
            self.section.grouped |= self.pending_commas > 0;
            self.pending_commas = 0;
            self.whole.push(forced);
        }
        self.section.pieces.push(Piece::Digit { forced });
    }

    /// Commas right before the point (or the end) scale by thousands; others ask for groups.
    fn settle_commas(&mut self, at_point: bool) {
        if at_point {
            self.section.shift -= 3 * self.pending_commas as i32;
        }
        self.pending_commas = 0;
    }

    fn literal(&mut self, c: Option<char>) {
        match (self.section.pieces.last_mut(), c) {
            (Some(Piece::Literal(text)), Some(c)) => text.push(c),
            (_, Some(c)) => self.section.pieces.push(Piece::Literal(c.to_string())),
            (_, None) => {}
        }
    }

    fn quoted(&mut self, quote: char) {
        while let Some(c) = self.characters.next() {
            if c == quote {
                return;
            }
            self.literal(Some(c));
        }
    }

    fn exponent(&mut self, letter: char) {
        let rest: String = self.characters.clone().collect();
        let signed = rest.strip_prefix(['+', '-']);
        let zeros = signed.unwrap_or(&rest).chars().take_while(|c| *c == '0').count();
        if zeros == 0 {
            return self.literal(Some(letter));
        }
        for _ in 0..zeros + usize::from(signed.is_some()) {
            self.characters.next();
        }
        self.section.scientific = true;
        self.section.pieces.push(Piece::Exponent { letter, plus: rest.starts_with('+'), digits: zeros });
    }

    fn finish(mut self) -> Section {
        self.settle_commas(true);
        self.section.whole_digits = self.whole.len();
        self.section.decimals = self.fraction.len();
        self.section.forced_whole = self.whole.iter().position(|forced| *forced).map_or(0, |at| self.whole.len() - at);
        self.section.forced_decimals = self.fraction.iter().rposition(|forced| *forced).map_or(0, |at| at + 1);
        self.section
    }
}

/// A number by a custom format.
pub(super) fn format(digits: Digits, format: &str, culture: &Culture) -> String {
    let all = sections(format);
    let choice = |index: usize| all.get(index).filter(|text| !text.is_empty());
    let first = all.first().map_or("", String::as_str);
    let (text, hide_sign) = match (digits.is_zero(), digits.negative) {
        (true, _) => (choice(2).map_or(first, String::as_str), true),
        (false, true) => choice(1).map_or((first, false), |text| (text.as_str(), true)),
        (false, false) => (first, false),
    };
    let section = read_section(text);
    let mut rounded = digits.clone();
    round(&mut rounded, &section);
    if rounded.is_zero() && !digits.is_zero() && choice(2).is_some() {
        let section = read_section(choice(2).map_or("", String::as_str));
        return write(&rounded, &section, true, culture);
    }
    write(&rounded, &section, hide_sign || rounded.is_zero(), culture)
}

fn round(digits: &mut Digits, section: &Section) {
    if digits.is_zero() {
        return;
    }
    if section.scientific {
        digits.round_to((section.whole_digits + section.decimals) as i32);
    } else {
        digits.scale += section.shift;
        digits.round_decimals(section.decimals);
    }
}

fn write(digits: &Digits, section: &Section, hide_sign: bool, culture: &Culture) -> String {
    let mut text = String::new();
    if digits.negative && !hide_sign {
        text.push('-');
    }
    let mut shown = digits.clone();
    let mut exponent = 0;
    if section.scientific && !shown.is_zero() {
        exponent = shown.scale - section.whole_digits as i32;
        shown.scale = section.whole_digits as i32;
    }
    let mut writer = Writer {
        digits: &shown,
        section,
        culture,
        whole_width: (shown.scale.max(0) as usize).max(section.forced_whole),
        digit_places: section.whole_digits as i32,
        started: false,
        after_point: false,
        exponent,
    };
    for piece in &section.pieces {
        writer.piece(piece, &mut text);
    }
    text
}

struct Writer<'a> {
    digits: &'a Digits,
    section: &'a Section,
    culture: &'a Culture,
    /// Digits to show before the point.
    whole_width: usize,
    /// Place of the next digit piece: counts down through 1 (units) to 0, -1 … (decimals).
    digit_places: i32,
    started: bool,
    after_point: bool,
    exponent: i32,
}

impl Writer<'_> {
    fn piece(&mut self, piece: &Piece, text: &mut String) {
        match piece {
            Piece::Literal(literal) => text.push_str(literal),
            Piece::Percent(sign) => text.push(*sign),
            Piece::Point => {
                self.after_point = true;
                self.digit_places = 0;
                let decimals = (self.digits.digits.len() as i32 - self.digits.scale).max(0) as usize;
                if self.section.forced_decimals > 0 || decimals > 0 {
                    text.push_str(self.culture.decimal_separator);
                }
            }
            Piece::Digit { .. } if self.after_point => self.decimal(text),
            Piece::Digit { .. } => self.whole(text),
            Piece::Exponent { letter, plus, digits } => self.exponent(*letter, *plus, *digits, text),
        }
    }

    fn whole(&mut self, text: &mut String) {
        let place = self.digit_places;
        if !self.started {
            self.started = true;
            // Digits that do not fit their places all come out at the first one.
            for extra in (place + 1..=self.whole_width as i32).rev() {
                self.push_whole_digit(extra, text);
            }
        }
        if place <= self.whole_width as i32 {
            self.push_whole_digit(place, text);
        }
        self.digit_places -= 1;
    }

    fn push_whole_digit(&self, place: i32, text: &mut String) {
        text.push(self.digits.digit_at(place) as char);
        if self.section.grouped && place > 1 && (place - 1) % 3 == 0 {
            text.push_str(self.culture.group_separator);
        }
    }

    fn decimal(&mut self, text: &mut String) {
        let index = -self.digit_places;
        let present = self.digits.digits.len() as i32 - self.digits.scale > index && !self.digits.is_zero();
        if present || (index as usize) < self.section.forced_decimals {
            text.push(self.digits.digit_at(self.digit_places) as char);
        }
        self.digit_places -= 1;
    }

    fn exponent(&self, letter: char, plus: bool, digits: usize, text: &mut String) {
        text.push(letter);
        if self.exponent < 0 {
            text.push('-');
        } else if plus {
            text.push('+');
        }
        text.push_str(&format!("{:0digits$}", self.exponent.unsigned_abs()));
    }
}

#[cfg(test)]
mod tests {
    use super::super::format_number;
    use crate::value::Value;
    use crate::value::culture::EN_US;

    #[test]
    fn custom_formats() {
        let cases: Vec<(Value, &str, &str)> = vec![
            (7.into(), "000", "007"),
            (1_234_567.8.into(), "#,##0.00", "1,234,567.80"),
            (1.5.into(), "0.##", "1.5"),
            (2.into(), "0.00", "2.00"),
            (0.into(), "#", ""),
            (5_551_234.into(), "###-####", "555-1234"),
            (0.256.into(), "0%", "26%"),
            (0.256.into(), "0.0%", "25.6%"),
            (5.into(), "+0;-0;zero", "+5"),
            ((-5).into(), "+0;-0;zero", "-5"),
            (0.into(), "+0;-0;zero", "zero"),
            (12345.into(), "0,", "12"),
            (12345.into(), "0.0e+0", "1.2e+4"),
            (5.into(), "'lit'0", "lit5"),
            (5.into(), "\\#0", "#5"),
            (3.1498.into(), "00.00", "03.15"),
            (0.5.into(), "#.##", ".5"),
            (1_234_567.into(), "0,,.0M", "1.2M"),
            ((-3).into(), "#;(#)", "(3)"),
            (1234.5.into(), "#,##0.000", "1,234.500"),
            (0.125.into(), "0.00", "0.13"),
            ((-1.5).into(), "0.0", "-1.5"),
            (5.into(), "N2x", "N2x"),
        ];
        for (value, format, expected) in cases {
            assert_eq!(format_number(&value, format, &EN_US).ok().as_deref(), Some(expected), "{value:?} {format}");
        }
    }
}
