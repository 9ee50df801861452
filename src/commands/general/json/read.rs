//! JSON text to objects: as generous as the library PowerShell reads it with (comments, single quotes, bare names,
//! a comma before a closing bracket), and fast: objects of one kind share one shape.

use crate::value::culture::INVARIANT;
use crate::value::date_text::{Styles, parse_date, parse_date_offset};
use crate::value::{DateKind, DateTime, Hashtable, PsObject, Shape, Str, Value, calendar};
use num_bigint::BigInt;
use std::borrow::Cow;
use std::rc::Rc;

/// `-DateKind`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Dates {
    #[default]
    Default,
    Local,
    Utc,
    Offset,
    Text,
}

/// How to read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub(super) as_hashtable: bool,
    pub(super) max_depth: usize,
    pub(super) dates: Dates,
    /// Makes a `DateTimeOffset`.
    pub(super) make_offset: fn(DateTime, i64) -> Value,
}

/// Why a text was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// Broken text: what is wrong, and the byte it was noticed at.
    Syntax(&'static str, usize),
    /// Two names that differ in case only.
    Casing(String, String),
    /// A name of no characters.
    EmptyName,
}

pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    style: Style,
    /// Shapes made lately, by number of names: the newest last.
    shapes: Vec<Rc<Shape>>,
}

type Read<T> = Result<T, Problem>;

/// Shapes looked through before a new one is made.
const SHAPES_KEPT: usize = 16;

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, style: Style) -> Self {
        Reader { text, at: 0, depth: 0, style, shapes: Vec::new() }
    }

    /// Reads the one value that the text is.
    pub(super) fn document(mut self) -> Read<Value> {
        self.blanks()?;
        let value = self.value()?;
        self.blanks()?;
        if self.at < self.text.len() { self.fail("there is more after the end of the value") } else { Ok(value) }
    }

    fn fail<T>(&self, why: &'static str) -> Read<T> {
        Err(Problem::Syntax(why, self.at))
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Skips blanks and comments.
    #[inline]
    fn blanks(&mut self) -> Read<()> {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                b'/' => self.comment()?,
                0xef if self.rest().starts_with('\u{feff}') => self.at += 3,
                _ => break,
            }
        }
        Ok(())
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn comment(&mut self) -> Read<()> {
        let rest = self.rest();
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            match rest.find("*/") {
                Some(end) => end + 2,
                None => return self.fail("a comment is not closed"),
            }
        } else {
            return self.fail("a value is expected");
        };
        self.at += length;
        Ok(())
    }

    fn value(&mut self) -> Read<Value> {
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"' | b'\'') => {
                let text = self.string()?;
                Ok(self.text_value(&text))
            }
            Some(b'-' | b'+' | b'0'..=b'9' | b'.') => self.number(),
            Some(_) => self.word(),
            None => self.fail("the text ends where a value is expected"),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Read<Value>) -> Read<Value> {
        self.depth += 1;
        if self.depth > self.style.max_depth {
            return self.fail("the value goes deeper than -Depth allows");
        }
        self.at += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn array(&mut self) -> Read<Value> {
        let mut items = Vec::new();
        loop {
            self.blanks()?;
            match self.peek() {
                Some(b']') => break,
                Some(b',') if items.is_empty() => return self.fail("a value is expected before the comma"),
                _ => {}
            }
            items.push(self.value()?);
            self.blanks()?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return self.fail("',' or ']' is expected"),
            }
        }
        self.at += 1;
        Ok(Value::array(items))
    }

    fn object(&mut self) -> Read<Value> {
        let mut names: Vec<Cow<'a, str>> = Vec::new();
        let mut values: Vec<Value> = Vec::new();
        loop {
            self.blanks()?;
            if self.peek() == Some(b'}') {
                break;
            }
            let name = self.name()?;
            self.blanks()?;
            if self.peek() != Some(b':') {
                return self.fail("':' is expected after a name");
            }
            self.at += 1;
            self.blanks()?;
            let value = self.value()?;
            self.put(&mut names, &mut values, name, value)?;
            self.blanks()?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return self.fail("',' or '}' is expected"),
            }
        }
        self.at += 1;
        Ok(self.finish_object(names, values))
    }

    /// Adds a member; the same name again replaces the value.
    fn put(
        &self,
        names: &mut Vec<Cow<'a, str>>,
        values: &mut Vec<Value>,
        name: Cow<'a, str>,
        value: Value,
    ) -> Read<()> {
        if self.style.as_hashtable {
            match names.iter().position(|known| *known == name) {
                Some(index) => {
                    if let Some(slot) = values.get_mut(index) {
                        *slot = value;
                    }
                }
                None => {
                    names.push(name);
                    values.push(value);
                }
            }
            return Ok(());
        }
        if name.is_empty() {
            return Err(Problem::EmptyName);
        }
        match names.iter().position(|known| known.len() == name.len() && known.eq_ignore_ascii_case(&name)) {
            Some(index) if names.get(index) == Some(&name) => {
                if let Some(slot) = values.get_mut(index) {
                    *slot = value;
                }
                Ok(())
            }
            Some(index) => {
                let known = names.get(index).map(|known| known.to_string()).unwrap_or_default();
                Err(Problem::Casing(known, name.into_owned()))
            }
            None => {
                names.push(name);
                values.push(value);
                Ok(())
            }
        }
    }

    fn finish_object(&mut self, names: Vec<Cow<'a, str>>, values: Vec<Value>) -> Value {
        if self.style.as_hashtable {
            let table = Hashtable::keeping_order();
            for (name, value) in names.into_iter().zip(values) {
                table.insert(Value::Str(Str::from(name.into_owned())), value);
            }
            return Value::Hashtable(table);
        }
        let same = |shape: &&Rc<Shape>| {
            shape.names.len() == names.len() && shape.names.iter().zip(&names).all(|(a, b)| a.as_str() == b.as_ref())
        };
        let known = self.shapes.iter().rev().find(same).cloned();
        let shape = known.unwrap_or_else(|| {
            let shape = Rc::new(Shape { names: names.into_iter().map(|name| Str::from(name.into_owned())).collect() });
            if self.shapes.len() >= SHAPES_KEPT {
                self.shapes.remove(0);
            }
            self.shapes.push(shape.clone());
            shape
        });
        Value::Object(PsObject::custom(shape, values))
    }

    fn name(&mut self) -> Read<Cow<'a, str>> {
        match self.peek() {
            Some(b'"' | b'\'') => self.string(),
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' || byte == b'$' => {
                let rest = self.rest();
                let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(rest.len());
                self.at += length;
                Ok(Cow::Borrowed(rest.get(..length).unwrap_or("")))
            }
            _ => self.fail("a name is expected"),
        }
    }

    /// A quoted text; borrowed where it has no escapes.
    fn string(&mut self) -> Read<Cow<'a, str>> {
        let quote = self.peek().unwrap_or(b'"');
        self.at += 1;
        let start = self.at;
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            match *byte {
                b'\\' => return self.escaped_string(start, quote),
                byte if byte == quote => {
                    let text = self.text.get(start..self.at).unwrap_or("");
                    self.at += 1;
                    return Ok(Cow::Borrowed(text));
                }
                _ => self.at += 1,
            }
        }
        self.fail("a text is not closed")
    }

    fn escaped_string(&mut self, start: usize, quote: u8) -> Read<Cow<'a, str>> {
        let mut text = self.text.get(start..self.at).unwrap_or("").to_string();
        while let Some(c) = self.rest().chars().next() {
            self.at += c.len_utf8();
            if c == char::from(quote) {
                return Ok(Cow::Owned(text));
            }
            if c == '\\' { self.escape(&mut text)? } else { text.push(c) }
        }
        self.fail("a text is not closed")
    }

    fn escape(&mut self, text: &mut String) -> Read<()> {
        let c = self.peek().unwrap_or(b' ');
        self.at += 1;
        text.push(match c {
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'b' => '\x08',
            b'f' => '\x0c',
            b'"' | b'\'' | b'\\' | b'/' => char::from(c),
            b'u' => return self.unicode_escape(text),
            _ => return self.fail("a backslash stands before a character it has no meaning for"),
        });
        Ok(())
    }

    fn unit(&mut self) -> Option<u16> {
        let digits = self.text.get(self.at..self.at + 4)?;
        let unit = u16::from_str_radix(digits, 16).ok()?;
        self.at += 4;
        Some(unit)
    }

    fn unicode_escape(&mut self, text: &mut String) -> Read<()> {
        let Some(first) = self.unit() else { return self.fail("\\u needs four hexadecimal digits") };
        let mut units = vec![first];
        if (0xd800..0xdc00).contains(&first) && self.rest().starts_with("\\u") {
            self.at += 2;
            units.extend(self.unit());
        }
        text.push_str(&String::from_utf16_lossy(&units));
        Ok(())
    }

    fn number(&mut self) -> Read<Value> {
        let rest = self.rest();
        let end =
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))).unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or("");
        let value = number_value(word);
        match value {
            Some(value) => {
                self.at += end;
                Ok(value)
            }
            None => self.fail("this is not a number"),
        }
    }

    fn word(&mut self) -> Read<Value> {
        const WORDS: [(&str, fn() -> Value); 5] = [
            ("true", || Value::Bool(true)),
            ("false", || Value::Bool(false)),
            ("null", || Value::Null),
            ("undefined", || Value::Null),
            ("NaN", || Value::F64(f64::NAN)),
        ];
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        match WORDS.iter().find(|(word, _)| Some(*word) == rest.get(..end)) {
            Some((_, make)) => {
                self.at += end;
                Ok(make())
            }
            None if rest.get(..end) == Some("Infinity") => {
                self.at += end;
                Ok(Value::F64(f64::INFINITY))
            }
            None => self.fail("a value is expected"),
        }
    }

    /// A text, or the date it looks like.
    fn text_value(&self, text: &str) -> Value {
        if self.style.dates != Dates::Text {
            if let Some(date) = self.date(text) {
                return date;
            }
        }
        Value::from(text)
    }

    fn date(&self, text: &str) -> Option<Value> {
        let bytes = text.as_bytes();
        if let Some(milliseconds) = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/")) {
            let milliseconds: i64 = milliseconds.parse().ok()?;
            let ticks = milliseconds.checked_mul(calendar::TICKS_PER_MILLISECOND)?.checked_add(calendar::UNIX_EPOCH)?;
            return DateTime::new(ticks, DateKind::Utc).map(Value::DateTime);
        }
        let looks = (19..=40).contains(&bytes.len())
            && bytes.get(4) == Some(&b'-')
            && bytes.get(10) == Some(&b'T')
            && bytes.get(13) == Some(&b':')
            && bytes.iter().take(4).all(u8::is_ascii_digit);
        if !looks {
            return None;
        }
        let read = |styles| parse_date(text, &INVARIANT, Styles(styles)).map(Value::DateTime);
        match self.style.dates {
            Dates::Default => read(Styles::ROUND_TRIP),
            Dates::Local => read(Styles::ASSUME_LOCAL),
            Dates::Utc => read(Styles::ADJUST_TO_UNIVERSAL | Styles::ASSUME_UNIVERSAL),
            Dates::Offset => parse_date_offset(text, &INVARIANT, Styles(0))
                .map(|(date, offset)| (self.style.make_offset)(date, offset)),
            Dates::Text => None,
        }
    }
}

fn number_value(word: &str) -> Option<Value> {
    let bytes = word.as_bytes();
    let digits = bytes.strip_prefix(b"-").unwrap_or(bytes);
    if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) {
        if digits.len() > 1 && digits.first() == Some(&b'0') {
            let octal = i64::from_str_radix(word, 8).ok()?;
            return Some(Value::I64(octal));
        }
        return match word.parse::<i64>() {
            Ok(small) => Some(Value::I64(small)),
            Err(_) => word.parse::<BigInt>().ok().map(|big| Value::BigInt(Rc::new(big))),
        };
    }
    if word == "-Infinity" {
        return Some(Value::F64(f64::NEG_INFINITY));
    }
    if let Some(hex) = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")) {
        return i64::from_str_radix(hex, 16).ok().map(Value::I64);
    }
    let real = digits.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    if real && digits.first().is_some_and(|byte| byte.is_ascii_digit() || *byte == b'.') {
        return word.parse::<f64>().ok().map(Value::F64);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::convert::to_text;

    fn read(text: &str) -> Result<String, Problem> {
        let style = Style {
            as_hashtable: false,
            max_depth: 8,
            dates: Dates::Default,
            make_offset: |date, _| Value::DateTime(date),
        };
        Reader::new(text, style).document().map(|value| to_text(&value).to_string())
    }

    #[test]
    fn documents() {
        for (text, expected) in [
            ("[1,2,]", "1 2"),
            ("{a:1}", "@{a=1}"),
            ("{'a':1,}", "@{a=1}"),
            ("{\"a\":1,\"a\":2}", "@{a=2}"),
            ("01", "1"),
            ("\"\\u00e9\\n\"", "é\n"),
            ("\"\\ud83d\\ude00\"", "😀"),
            ("// note\n[1 /* one */]", "1"),
            ("1.50", "1.5"),
            ("\"\\/Date(86400000)\\/\"", "01/02/1970 00:00:00"),
            ("\"2024-03-05T14:07:09Z\"", "03/05/2024 14:07:09"),
            ("null", ""),
        ] {
            assert_eq!(read(text).as_deref(), Ok(expected), "{text}");
        }
        for text in ["{\"a\":1", "{\"a\":}", "plain text", "{\"a\":1} trailing", "\"open", "TRUE", "", "[,1]"] {
            assert!(matches!(read(text), Err(Problem::Syntax(..))), "{text}");
        }
        assert!(matches!(read("{\"a\":1,\"A\":2}"), Err(Problem::Casing(..))));
        assert_eq!(read("{\"\":1}"), Err(Problem::EmptyName));
    }

    #[test]
    fn objects_share_their_shape() {
        let style = Style {
            as_hashtable: false,
            max_depth: 8,
            dates: Dates::Default,
            make_offset: |date, _| Value::DateTime(date),
        };
        let value = Reader::new("[{\"a\":1,\"b\":{}},{\"a\":2,\"b\":{}}]", style).document();
        let Ok(Value::Array(array)) = value else { panic!("no array") };
        let shapes: Vec<_> = array
            .items()
            .iter()
            .filter_map(
                |item| if let Value::Object(object) = item { Some(object.shape.borrow().clone()) } else { None },
            )
            .collect();
        assert!(matches!(shapes.as_slice(), [a, b] if Rc::ptr_eq(a, b)));
    }
}
