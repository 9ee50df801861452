//! `JsonSerializer.Serialize`: dictionaries, lists, plain values, and the properties of anything else.

use crate::value::culture::INVARIANT;
use crate::value::members::table::{Call, PropertyRow, Table, set};
use crate::value::members::{elements, get_own, property_names, thrown};
use crate::value::object::NativeObject;
use crate::value::{Engine, Native, Outcome, TypeRef, Value, convert, format_text};
use std::any::Any;
use std::cell::Cell;

/// How deep values may stand in one another.
const DEEPEST: usize = 64;

/// What is asked of the text.
struct Options {
    indented: Cell<bool>,
}

impl NativeObject for Options {
    fn kind(&self) -> TypeRef {
        TypeRef::JSON_SERIALIZER_OPTIONS
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn options(value: &Value) -> Option<&Options> {
    match value {
        Value::Native(native) => native.downcast::<Options>(),
        _ => None,
    }
}

const INDENTED: PropertyRow = set(
    "WriteIndented",
    "bool",
    |_, v| Ok(Value::Bool(options(v).is_some_and(|options| options.indented.get()))),
    |_, v, new| {
        if let Some(options) = options(v) {
            options.indented.set(matches!(new, Value::Bool(true)));
        }
        Ok(())
    },
);

pub(super) static OPTIONS: Table = Table {
    constructors: &[("JsonSerializerOptions()", |_| Ok(Native::value(Options { indented: Cell::new(false) })))],
    properties: &[INDENTED],
    ..Table::EMPTY
};

struct Writer<'a> {
    engine: &'a mut dyn Engine,
    text: String,
    indented: bool,
}

impl Writer<'_> {
    fn line(&mut self, depth: usize) {
        if self.indented {
            self.text.push('\n');
            self.text.extend(std::iter::repeat_n("  ", depth));
        }
    }

    fn value(&mut self, value: &Value, depth: usize) -> Outcome<()> {
        if depth > DEEPEST {
            return Err(thrown(TypeRef::JSON_EXCEPTION, "The values stand too deep in one another, or in a circle."));
        }
        match value {
            Value::Null | Value::Nothing => self.text.push_str("null"),
            Value::Bool(flag) => self.text.push_str(if *flag { "true" } else { "false" }),
            Value::Str(text) => self.string(text),
            Value::Char(unit) => self.string(&String::from_utf16_lossy(&[*unit])),
            Value::Enum(member) => self.text.push_str(&member.bits.to_string()),
            Value::DateTime(date) => {
                let text = format_text::format_date(*date, "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", &INVARIANT);
                self.string(&text.unwrap_or_default());
            }
            Value::Wrapped(wrapped) => self.value(&wrapped.base, depth)?,
            other if TypeRef::of(other).is_number() => {
                self.text.push_str(&format_text::format_value(other, None, &INVARIANT)?);
            }
            other => self.compound(other, depth)?,
        }
        Ok(())
    }

    fn compound(&mut self, value: &Value, depth: usize) -> Outcome<()> {
        let pairs = match value {
            Value::Hashtable(table) => Some(table.pairs()),
            Value::Native(native) => native.data.pairs(),
            _ => None,
        };
        if let Some(pairs) = pairs {
            let named = pairs.into_iter().map(|(key, value)| (convert::to_text(&key).to_string(), value)).collect();
            return self.object(named, depth);
        }
        if let Some(items) = elements(value) {
            return self.list(&items, depth);
        }
        if let Value::Native(native) = value
            && native.data.key().is_some()
        {
            self.string(&convert::to_text(value));
            return Ok(());
        }
        let mut named = Vec::new();
        for name in property_names(value) {
            let read = get_own(self.engine, value, &name)?.unwrap_or_default();
            named.push((name.to_string(), read));
        }
        self.object(named, depth)
    }

    fn object(&mut self, named: Vec<(String, Value)>, depth: usize) -> Outcome<()> {
        self.text.push('{');
        for (at, (name, value)) in named.iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            self.line(depth + 1);
            self.string(name);
            self.text.push_str(if self.indented { ": " } else { ":" });
            self.value(value, depth + 1)?;
        }
        if !named.is_empty() {
            self.line(depth);
        }
        self.text.push('}');
        Ok(())
    }

    fn list(&mut self, items: &[Value], depth: usize) -> Outcome<()> {
        self.text.push('[');
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            self.line(depth + 1);
            self.value(item, depth + 1)?;
        }
        if !items.is_empty() {
            self.line(depth);
        }
        self.text.push(']');
        Ok(())
    }

    /// Text with everything escaped that could mean something in a page, as .NET does unless told otherwise.
    fn string(&mut self, text: &str) {
        self.text.push('"');
        for unit in text.chars() {
            match unit {
                '\n' => self.text.push_str("\\n"),
                '\r' => self.text.push_str("\\r"),
                '\t' => self.text.push_str("\\t"),
                '\u{8}' => self.text.push_str("\\b"),
                '\u{c}' => self.text.push_str("\\f"),
                '\\' => self.text.push_str("\\\\"),
                '"' | '\'' | '<' | '>' | '&' | '+' | '`' => self.escape(unit),
                ' '..='~' => self.text.push(unit),
                other => self.escape(other),
            }
        }
        self.text.push('"');
    }

    fn escape(&mut self, unit: char) {
        let mut buffer = [0; 2];
        for unit in unit.encode_utf16(&mut buffer) {
            self.text.push_str(&format!("\\u{unit:04X}"));
        }
    }
}

fn serialize(c: &mut Call<'_>) -> Outcome<Value> {
    let asked = c.args.iter().find_map(options).is_some_and(|options| options.indented.get());
    let value = c.take(0);
    let mut writer = Writer { engine: c.engine, text: String::new(), indented: asked };
    writer.value(&value, 0)?;
    Ok(Value::from(writer.text))
}

pub(super) static SERIALIZER: Table = Table {
    statics: &[
        ("static string Serialize(System.Object value)", serialize),
        ("static string Serialize(System.Object value, System.Text.Json.JsonSerializerOptions options)", serialize),
        ("static string Serialize(System.Object value, type inputType)", serialize),
        (
            "static string Serialize(System.Object value, type inputType, System.Text.Json.JsonSerializerOptions options)",
            serialize,
        ),
    ],
    ..Table::EMPTY
};
