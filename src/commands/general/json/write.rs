//! Objects to JSON text, straight into the string that is sent on.

use crate::commands::general::object::properties;
use crate::value::culture::INVARIANT;
use crate::value::{
    DateKind, DateTime, Engine, ErrorCategory, Fault, Outcome, Str, TypeRef, Value, convert, enumerate, format_text,
    members, number,
};
use std::fmt::Write;

/// `-EscapeHandling`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Escape {
    #[default]
    Default,
    NonAscii,
    Html,
}

/// What to write and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub(super) depth: usize,
    pub(super) compress: bool,
    pub(super) enums_as_strings: bool,
    pub(super) escape: Escape,
}

pub(super) struct Writer<'a> {
    engine: &'a mut dyn Engine,
    style: Style,
    pub(super) text: String,
    /// Levels open right now, for the indentation.
    level: usize,
    /// Something was deeper than `-Depth` and became text.
    pub(super) truncated: bool,
}

impl<'a> Writer<'a> {
    pub(super) fn new(engine: &'a mut dyn Engine, style: Style) -> Self {
        Writer { engine, style, text: String::with_capacity(256), level: 0, truncated: false }
    }

    /// Writes a value found at a depth.
    pub(super) fn value(&mut self, value: &Value, depth: usize) -> Outcome<()> {
        match value {
            Value::Null | Value::Nothing => self.text.push_str("null"),
            Value::Bool(v) => self.text.push_str(if *v { "true" } else { "false" }),
            Value::Str(v) => self.string(v),
            Value::Char(_) | Value::Type(_) => self.string(&convert::to_text(value)),
            Value::I32(v) => self.display(v),
            Value::I64(v) => self.display(v),
            Value::I8(v) => self.display(v),
            Value::U8(v) => self.display(v),
            Value::I16(v) => self.display(v),
            Value::U16(v) => self.display(v),
            Value::U32(v) => self.display(v),
            Value::U64(v) => self.display(v),
            Value::BigInt(v) => self.display(v),
            Value::F64(v) => self.real(number::double_round_trip(*v), v.is_finite()),
            Value::F32(v) => self.real(number::single_round_trip(*v), v.is_finite()),
            Value::Decimal(v) => self.real(v.to_string(), true),
            Value::DateTime(v) => self.date(*v),
            Value::Enum(v) if self.style.enums_as_strings => self.string(&v.kind.enum_text(v.bits)),
            Value::Enum(v) => self.display(v.bits),
            Value::Wrapped(wrapped) => return self.wrapped(value, &wrapped.base, depth),
            Value::Native(native) if native.data.kind() == TypeRef::URI => {
                let written = members::get(self.engine, value, "OriginalString")?.unwrap_or_default();
                self.string(&convert::to_text(&written));
            }
            Value::Native(native) if is_text(native.data.kind()) => {
                let text = match native.data.format("", &INVARIANT) {
                    Some(text) if native.data.kind() != TypeRef::DATETIMEOFFSET => text?,
                    Some(_) => {
                        native.data.format("yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", &INVARIANT).unwrap_or(Ok(String::new()))?
                    }
                    None => native.data.text(),
                };
                self.string(&text);
            }
            _ if depth > self.style.depth => {
                self.truncated = true;
                let text = convert::to_text_with(self.engine, value, None)?;
                self.string(&text);
            }
            _ => return self.composite(value, depth),
        }
        Ok(())
    }

    fn composite(&mut self, value: &Value, depth: usize) -> Outcome<()> {
        match value {
            Value::Array(array) => {
                let items = array.values();
                self.array(&items, depth)
            }
            Value::Hashtable(table) => {
                let mut pairs = table.pairs();
                // Members that a script added stand after the entries.
                let notes = crate::commands::general::object::notes(&table.extension);
                pairs.extend(notes.into_iter().map(|(name, note)| (Value::Str(name), note)));
                self.dictionary(pairs, depth)
            }
            Value::Object(object) if !object.extension.has_members() => {
                let shape = object.shape.borrow().clone();
                let values = object.values.borrow().clone();
                self.open('{');
                for (index, (name, value)) in shape.names.iter().zip(&values).enumerate() {
                    self.member(index, name, value, depth)?;
                }
                self.close('}', values.is_empty());
                Ok(())
            }
            Value::Native(native) => match native.data.pairs() {
                Some(pairs) => self.dictionary(pairs, depth),
                None => match enumerate(value) {
                    Some(items) => self.array(&items, depth),
                    None => self.object(value, depth),
                },
            },
            other => self.object(other, depth),
        }
    }

    /// A value with members of its own: those stand beside it, except for texts and dates.
    fn wrapped(&mut self, value: &Value, base: &Value, depth: usize) -> Outcome<()> {
        match base {
            Value::Array(_)
            | Value::I32(_)
            | Value::I64(_)
            | Value::F64(_)
            | Value::Bool(_)
            | Value::Enum(_)
            | Value::Native(_)
                if (!matches!(base, Value::Native(native) if !is_text(native.data.kind())))
                    && depth <= self.style.depth =>
            {
                let Value::Wrapped(wrapped) = value else { return self.value(base, depth) };
                let notes = crate::commands::general::object::notes(&wrapped.extension);
                if notes.is_empty() {
                    return self.value(base, depth);
                }
                self.open('{');
                self.member(0, "value", base, depth)?;
                for (index, (name, note)) in notes.iter().enumerate() {
                    self.member(index + 1, name, note, depth)?;
                }
                self.close('}', false);
                Ok(())
            }
            _ => self.value(base, depth),
        }
    }

    fn object(&mut self, value: &Value, depth: usize) -> Outcome<()> {
        let members = self.own_first(value)?;
        self.open('{');
        for (index, (name, value)) in members.iter().enumerate() {
            self.member(index, name, value, depth)?;
        }
        self.close('}', members.is_empty());
        Ok(())
    }

    /// Properties, those of the type itself before those that were added to it.
    fn own_first(&mut self, value: &Value) -> Outcome<Vec<(Str, Value)>> {
        let own: Vec<Str> = members::properties(value)
            .into_iter()
            .filter(|entry| matches!(entry.kind, "Property" | "NoteProperty"))
            .map(|entry| entry.name)
            .collect();
        let (first, then): (Vec<_>, Vec<_>) = properties(self.engine, value)?
            .into_iter()
            .partition(|(name, _)| own.iter().any(|known| known.as_str() == name.as_str()));
        Ok(first.into_iter().chain(then).collect())
    }

    fn dictionary(&mut self, pairs: Vec<(Value, Value)>, depth: usize) -> Outcome<()> {
        self.open('{');
        for (index, (key, value)) in pairs.iter().enumerate() {
            let Value::Str(name) = key else { return Err(bad_key(key).into()) };
            self.member(index, name, value, depth)?;
        }
        self.close('}', pairs.is_empty());
        Ok(())
    }

    fn array(&mut self, items: &[Value], depth: usize) -> Outcome<()> {
        self.open('[');
        for (index, item) in items.iter().enumerate() {
            self.separate(index);
            self.value(item, depth + 1)?;
        }
        self.close(']', items.is_empty());
        Ok(())
    }

    fn member(&mut self, index: usize, name: &str, value: &Value, depth: usize) -> Outcome<()> {
        self.separate(index);
        self.string(name);
        self.text.push_str(if self.style.compress { ":" } else { ": " });
        self.value(value, depth + 1)
    }

    fn open(&mut self, bracket: char) {
        self.text.push(bracket);
        self.level += 1;
    }

    fn close(&mut self, bracket: char, empty: bool) {
        self.level -= 1;
        if !empty {
            self.line();
        }
        self.text.push(bracket);
    }

    fn separate(&mut self, index: usize) {
        if index > 0 {
            self.text.push(',');
        }
        self.line();
    }

    fn line(&mut self) {
        if !self.style.compress {
            self.text.push('\n');
            self.text.extend(std::iter::repeat_n("  ", self.level));
        }
    }

    fn display(&mut self, value: impl std::fmt::Display) {
        // Writing to a string cannot fail.
        let _ = write!(self.text, "{value}");
    }

    /// A real always shows that it is one; what is no number stands as text.
    fn real(&mut self, text: String, finite: bool) {
        if !finite {
            return self.string(&text);
        }
        self.text.push_str(&text);
        if !text.contains(['.', 'E']) {
            self.text.push_str(".0");
        }
    }

    fn date(&mut self, date: DateTime) {
        let pattern = "yyyy-MM-ddTHH:mm:ss.FFFFFFFK";
        let text = format_text::format_date(date, pattern, &INVARIANT).unwrap_or_default();
        debug_assert!(date.kind() != DateKind::Utc || text.ends_with('Z'));
        self.string(&text);
    }

    fn string(&mut self, value: &str) {
        self.text.push('"');
        let mut copied = 0;
        for (at, c) in value.char_indices() {
            if !needs_escape(c, self.style.escape) {
                continue;
            }
            self.text.push_str(value.get(copied..at).unwrap_or(""));
            push_escape(c, &mut self.text);
            copied = at + c.len_utf8();
        }
        self.text.push_str(value.get(copied..).unwrap_or(""));
        self.text.push('"');
    }
}

#[inline]
fn needs_escape(c: char, escape: Escape) -> bool {
    match c {
        '"' | '\\' | '\0'..='\x1f' | '\u{85}' | '\u{2028}' | '\u{2029}' => true,
        '<' | '>' | '&' | '\'' => escape == Escape::Html,
        c => !c.is_ascii() && escape == Escape::NonAscii,
    }
}

fn push_escape(c: char, text: &mut String) {
    let short = match c {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\x08' => "\\b",
        '\x0c' => "\\f",
        _ => "",
    };
    if !short.is_empty() {
        return text.push_str(short);
    }
    let mut units = [0; 2];
    for unit in c.encode_utf16(&mut units) {
        text.push_str(&format!("\\u{unit:04x}"));
    }
}

/// Types that JSON shows as text.
fn is_text(kind: TypeRef) -> bool {
    [TypeRef::GUID, TypeRef::URI, TypeRef::DATETIMEOFFSET].contains(&kind)
}

fn bad_key(key: &Value) -> Fault {
    let message = format!(
        "JSON names are text, and the dictionary has the key '{}' of type {}.",
        convert::to_text(key),
        TypeRef::of(key).name()
    );
    Fault::new("NonStringKeyInDictionary", message)
        .category(ErrorCategory::InvalidOperation)
        .exception("System.InvalidOperationException")
}
