//! Objects to CLIXML.

use crate::commands::general::object::{notes, properties};
use crate::value::culture::INVARIANT;
use crate::value::{Engine, Outcome, Str, TypeRef, Value, convert, enumerate, format_text, members, number};
use base64::Engine as _;
use std::rc::Rc;

pub(super) const HEAD: &str = "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">\n";
pub(super) const TAIL: &str = "</Objs>";

pub(super) struct Writer<'a> {
    engine: &'a mut dyn Engine,
    pub(super) text: String,
    level: usize,
    references: usize,
    /// Lists of type names that were spelt out, by their numbers.
    types: Vec<Vec<String>>,
    /// Objects that were spelt out, with their numbers.
    written: Vec<(Value, usize)>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(engine: &'a mut dyn Engine) -> Self {
        Writer { engine, text: String::new(), level: 1, references: 0, types: Vec::new(), written: Vec::new() }
    }

    fn line(&mut self, text: &str) {
        self.text.extend(std::iter::repeat_n("  ", self.level));
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn simple(&mut self, tag: &str, name: Option<&str>, content: &str) {
        let name = attribute(name);
        self.line(&format!("<{tag}{name}>{content}</{tag}>"));
    }

    /// Writes a value, `depth` levels of which are spelt out.
    pub(super) fn value(&mut self, value: &Value, name: Option<&str>, depth: i32) -> Outcome<()> {
        if let Some((tag, content)) = primitive(value) {
            self.simple(tag, name, &content);
            return Ok(());
        }
        match value {
            Value::Null | Value::Nothing => {
                let name = attribute(name);
                self.line(&format!("<Nil{name} />"));
                Ok(())
            }
            Value::Enum(member) => {
                self.open(name, &type_names(value));
                self.simple("ToString", None, &escape(&member.kind.enum_text(member.bits)));
                self.simple("I32", None, &member.bits.to_string());
                self.close();
                Ok(())
            }
            Value::Array(array) if array.element == TypeRef::BYTE => {
                let bytes: Vec<u8> = array
                    .items()
                    .iter()
                    .filter_map(|item| if let Value::U8(byte) = item { Some(*byte) } else { None })
                    .collect();
                self.simple("BA", name, &base64::engine::general_purpose::STANDARD.encode(bytes));
                Ok(())
            }
            Value::Wrapped(wrapped) => {
                let notes = notes(&wrapped.extension);
                match primitive(&wrapped.base) {
                    Some((tag, content)) if !notes.is_empty() => self.noted(name, (tag, &content), &notes, depth),
                    _ => self.value(&wrapped.base.clone(), name, depth),
                }
            }
            _ if depth < 0 => {
                let text = match value {
                    Value::Object(object) if object.kind == TypeRef::PSCUSTOMOBJECT => String::new(),
                    other => convert::to_text_with(self.engine, other, None)?.to_string(),
                };
                self.simple("S", name, &escape(&text));
                Ok(())
            }
            _ => self.complex(value, name, depth),
        }
    }

    /// A simple value with members of its own.
    fn noted(
        &mut self,
        name: Option<&str>,
        (tag, content): (&str, &str),
        notes: &[(Str, Value)],
        depth: i32,
    ) -> Outcome<()> {
        self.open(name, &[]);
        self.simple(tag, None, content);
        self.line("<MS>");
        self.level += 1;
        for (name, note) in notes {
            self.value(note, Some(name), depth - 1)?;
        }
        self.level -= 1;
        self.line("</MS>");
        self.close();
        Ok(())
    }

    fn complex(&mut self, value: &Value, name: Option<&str>, depth: i32) -> Outcome<()> {
        if let Some((_, number)) = self.written.iter().find(|(known, _)| is_same(known, value)) {
            let (name, number) = (attribute(name), *number);
            self.line(&format!("<Ref{name} RefId=\"{number}\" />"));
            return Ok(());
        }
        if matches!(value, Value::Object(_) | Value::Hashtable(_) | Value::Array(_)) {
            self.written.push((value.clone(), self.references));
        }
        self.open(name, &type_names(value));
        if let Some(pairs) = pairs(value) {
            self.dictionary(&pairs, depth)?;
        } else if let Some(items) = enumerate(value) {
            self.line("<LST>");
            self.level += 1;
            for item in &items {
                self.value(item, None, depth - 1)?;
            }
            self.level -= 1;
            self.line("</LST>");
        } else {
            self.members(value, depth)?;
        }
        self.close();
        Ok(())
    }

    fn dictionary(&mut self, pairs: &[(Value, Value)], depth: i32) -> Outcome<()> {
        self.line("<DCT>");
        self.level += 1;
        for (key, value) in pairs {
            self.line("<En>");
            self.level += 1;
            self.value(key, Some("Key"), depth - 1)?;
            self.value(value, Some("Value"), depth - 1)?;
            self.level -= 1;
            self.line("</En>");
        }
        self.level -= 1;
        self.line("</DCT>");
        Ok(())
    }

    /// Properties: those of custom objects are members of their own, those of others come with the object's text.
    fn members(&mut self, value: &Value, depth: i32) -> Outcome<()> {
        let custom = matches!(value, Value::Object(object) if object.kind == TypeRef::PSCUSTOMOBJECT);
        let tag = if custom { "MS" } else { "Props" };
        if !custom {
            let text = convert::to_text_with(self.engine, value, None)?;
            self.simple("ToString", None, &escape(&text));
        }
        let found = properties(self.engine, value)?;
        self.line(&format!("<{tag}>"));
        self.level += 1;
        for (name, property) in &found {
            self.value(property, Some(name), depth - 1)?;
        }
        self.level -= 1;
        self.line(&format!("</{tag}>"));
        Ok(())
    }

    fn open(&mut self, name: Option<&str>, types: &[String]) {
        let reference = self.references;
        self.references += 1;
        let name = attribute(name);
        self.line(&format!("<Obj{name} RefId=\"{reference}\">"));
        self.level += 1;
        if types.is_empty() {
            return;
        }
        if let Some(number) = self.types.iter().position(|known| known == types) {
            self.line(&format!("<TNRef RefId=\"{number}\" />"));
            return;
        }
        self.line(&format!("<TN RefId=\"{}\">", self.types.len()));
        self.types.push(types.to_vec());
        self.level += 1;
        for kind in types {
            self.simple("T", None, &escape(kind));
        }
        self.level -= 1;
        self.line("</TN>");
    }

    fn close(&mut self) {
        self.level -= 1;
        self.line("</Obj>");
    }
}

/// True where two values are one object.
fn is_same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => Rc::ptr_eq(left, right),
        (Value::Hashtable(left), Value::Hashtable(right)) => Rc::ptr_eq(left, right),
        (Value::Array(left), Value::Array(right)) => Rc::ptr_eq(left, right),
        _ => false,
    }
}

fn attribute(name: Option<&str>) -> String {
    name.map(|name| format!(" N=\"{}\"", escape(name).replace('"', "&quot;"))).unwrap_or_default()
}

fn pairs(value: &Value) -> Option<Vec<(Value, Value)>> {
    match value {
        Value::Hashtable(table) => Some(table.pairs()),
        Value::Native(native) => native.data.pairs(),
        _ => None,
    }
}

fn type_names(value: &Value) -> Vec<String> {
    members::type_names(value).iter().map(ToString::to_string).collect()
}

/// Tag and content of a value that is one element without more.
fn primitive(value: &Value) -> Option<(&'static str, String)> {
    Some(match value {
        Value::Str(text) => ("S", escape(text)),
        Value::Char(unit) => ("C", unit.to_string()),
        Value::Bool(truth) => ("B", truth.to_string()),
        Value::I8(v) => ("SB", v.to_string()),
        Value::U8(v) => ("By", v.to_string()),
        Value::I16(v) => ("I16", v.to_string()),
        Value::U16(v) => ("U16", v.to_string()),
        Value::I32(v) => ("I32", v.to_string()),
        Value::U32(v) => ("U32", v.to_string()),
        Value::I64(v) => ("I64", v.to_string()),
        Value::U64(v) => ("U64", v.to_string()),
        Value::F32(v) => ("Sg", number::single_round_trip(*v)),
        Value::F64(v) => ("Db", number::double_round_trip(*v)),
        Value::Decimal(v) => ("D", v.to_string()),
        Value::DateTime(date) => {
            ("DT", format_text::format_date(*date, "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", &INVARIANT).unwrap_or_default())
        }
        Value::TimeSpan(span) => ("TS", duration(*span)),
        Value::ScriptBlock(block) => ("SBK", escape(block.text())),
        Value::Native(native) => {
            let tags = [
                (TypeRef::GUID, "G"),
                (TypeRef::URI, "URI"),
                (TypeRef::VERSION, "Version"),
                (TypeRef::SEMANTIC_VERSION, "SemanticVersion"),
            ];
            let (_, tag) = tags.iter().find(|(kind, _)| *kind == native.data.kind())?;
            (tag, escape(&native.data.text()))
        }
        _ => return None,
    })
}

/// A span as XML Schema writes durations.
fn duration(span: crate::value::TimeSpan) -> String {
    let sign = if span.0 < 0 { "-" } else { "" };
    let positive = crate::value::TimeSpan(span.0.saturating_abs());
    let mut text = format!("{sign}P");
    if positive.days() > 0 {
        text.push_str(&format!("{}D", positive.days()));
    }
    let fraction = positive.0 % crate::value::calendar::TICKS_PER_SECOND;
    let parts = [(positive.hours(), 'H'), (positive.minutes(), 'M')];
    if positive.0 % crate::value::calendar::TICKS_PER_DAY != 0 || positive.0 == 0 {
        text.push('T');
        for (count, unit) in parts.iter().filter(|(count, _)| *count > 0) {
            text.push_str(&format!("{count}{unit}"));
        }
        if fraction > 0 {
            let digits = format!("{fraction:07}");
            text.push_str(&format!("{}.{}S", positive.seconds(), digits.trim_end_matches('0')));
        } else if positive.seconds() > 0 || positive.0 == 0 {
            text.push_str(&format!("{}S", positive.seconds()));
        }
    }
    text
}

/// Text for XML; control characters, and what lies beyond 16 bits, as `_xHHHH_`.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut units = [0; 2];
    for (at, c) in text.char_indices() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '_' if text.get(at + 1..).is_some_and(|rest| rest.starts_with(['x', 'X'])) => escaped.push_str("_x005F_"),
            c if c.is_control() || c.len_utf16() == 2 => {
                for unit in c.encode_utf16(&mut units) {
                    escaped.push_str(&format!("_x{unit:04X}_"));
                }
            }
            c => escaped.push(c),
        }
    }
    escaped
}
