//! Replies as objects: type names, properties in the manifest's order, values of their declared types.

use super::time;
use crate::catalogue::{Noun, Pattern, ValueType};
use crate::value::{PsObject, Shape, Str, Value};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value as Json};
use std::rc::Rc;
use std::sync::Arc;

/// Makes objects of one noun. Objects with the same properties share their shape.
pub(super) struct ObjectMaker {
    noun: Arc<Noun>,
    type_names: Vec<Str>,
    /// Properties that a reply may have, by wire name: name and type.
    known: FxHashMap<String, (Str, ValueType)>,
    shapes: Vec<(Vec<Str>, Rc<Shape>)>,
}

/// The revision under which an object was read, where it is still the object that was read.
pub(super) fn revision(value: &Value) -> Option<i64> {
    let Value::Object(object) = value else { return None };
    object.extension.get()?.borrow().revision
}

/// Remembers the revision that a change has made of an object; with none, the next change is not guarded.
pub(super) fn set_revision(value: &Value, revision: Option<i64>) {
    if let Value::Object(object) = value
        && let Some(extension) = object.extension.get()
    {
        extension.borrow_mut().revision = revision;
    }
}

/// What every custom object is besides what the manifest calls it.
const BASE_TYPES: [&str; 2] = ["System.Management.Automation.PSCustomObject", "System.Object"];

impl ObjectMaker {
    /// For objects of this noun; `first` stands before its own type names.
    pub(super) fn new(noun: Arc<Noun>, first: Option<&str>) -> Self {
        let own = noun.types.iter().map(String::as_str);
        let named = first.into_iter().chain(own.filter(|name| Some(*name) != first));
        let type_names = named.chain(BASE_TYPES).map(Str::from).collect();
        let entry = |p: &crate::catalogue::Property| (p.wire_name(), (Str::from(p.name.as_str()), p.kind.clone()));
        let known = noun.properties.iter().map(entry).collect();
        ObjectMaker { noun, type_names, known, shapes: Vec::new() }
    }

    /// The object of one item of a reply, which remembers the revision it was read under.
    pub(super) fn make(&mut self, item: &Json, revision: Option<i64>) -> Value {
        match item {
            Json::Object(fields) => self.object(fields, revision),
            other => plain(other),
        }
    }

    fn object(&mut self, fields: &Map<String, Json>, revision: Option<i64>) -> Value {
        let complete = self.is_complete(fields);
        let mut names: Vec<Str> = Vec::with_capacity(fields.len());
        let mut values: Vec<Value> = Vec::with_capacity(fields.len());
        for property in &self.noun.properties {
            let wire = property.wire_name();
            match fields.get(&wire) {
                Some(value) => values.push(typed(&property.kind, value)),
                None if complete => values.push(absent(&property.kind)),
                None => continue,
            }
            names.push(self.known.get(&wire).map_or_else(|| Str::from(property.name.as_str()), |row| row.0.clone()));
        }
        for (wire, value) in fields.iter().filter(|(wire, _)| !self.known.contains_key(*wire)) {
            names.push(Str::from(crate::api::pascal(wire)));
            values.push(plain(value));
        }
        let object = PsObject::custom(self.shape(names), values);
        {
            let mut extension = object.extension.make().borrow_mut();
            extension.type_names = Some(self.type_names.clone());
            extension.revision = revision;
        }
        Value::Object(object)
    }

    /// Objects of most nouns have all properties of their manifest; services of different roles, and what actions
    /// answer, have those that the service names.
    fn is_complete(&self, fields: &Map<String, Json>) -> bool {
        match self.noun.pattern {
            Pattern::Topology | Pattern::Special => false,
            Pattern::Settings
            | Pattern::Policy
            | Pattern::Global
            | Pattern::Item
            | Pattern::Content
            | Pattern::Directory => fields.contains_key("identity"),
        }
    }

    fn shape(&mut self, names: Vec<Str>) -> Rc<Shape> {
        let same = |(known, _): &&(Vec<Str>, Rc<Shape>)| {
            known.len() == names.len() && known.iter().zip(&names).all(|(l, r)| l.as_str() == r.as_str())
        };
        if let Some((_, shape)) = self.shapes.iter().find(same) {
            return shape.clone();
        }
        let shape = Rc::new(Shape { names: names.clone() });
        self.shapes.push((names, shape.clone()));
        shape
    }
}

fn absent(kind: &ValueType) -> Value {
    if kind.is_list() { Value::array(Vec::new()) } else { Value::Null }
}

/// A value of a declared type.
fn typed(kind: &ValueType, value: &Json) -> Value {
    use ValueType as T;
    let number = |make: fn(i64) -> Option<Value>| value.as_i64().and_then(make).unwrap_or_else(|| plain(value));
    match (kind, value) {
        (T::List(_) | T::ListModifier(_), Json::Null) => Value::array(Vec::new()),
        (T::List(item) | T::ListModifier(item), Json::Array(items)) => {
            Value::array(items.iter().map(|one| typed(item, one)).collect())
        }
        (_, Json::Null) => Value::Null,
        (T::Byte, _) => number(|n| u8::try_from(n).ok().map(Value::U8)),
        (T::UInt16, _) => number(|n| u16::try_from(n).ok().map(Value::U16)),
        (T::UInt32, _) => number(|n| u32::try_from(n).ok().map(Value::U32)),
        (T::UInt64, _) => number(|n| u64::try_from(n).ok().map(Value::U64)),
        (T::Int16, _) => number(|n| i16::try_from(n).ok().map(Value::I16)),
        (T::Int64, _) => number(|n| Some(Value::I64(n))),
        (T::DateTime, Json::String(text)) => time::from_wire(text).map_or_else(|| plain(value), Value::DateTime),
        (T::TimeSpan, Json::String(text)) => time::span_from_wire(text).map_or_else(|| plain(value), Value::TimeSpan),
        _ => plain(value),
    }
}

/// Any JSON as a value; objects become custom objects with PowerShell's names.
pub(super) fn plain(value: &Json) -> Value {
    match value {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::String(text) => Value::from(text.as_str()),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(n), _) => i32::try_from(n).map_or(Value::I64(n), Value::I32),
            (None, Some(n)) => Value::F64(n),
            (None, None) => Value::from(number.to_string()),
        },
        Json::Array(items) => Value::array(items.iter().map(plain).collect()),
        Json::Object(fields) => {
            let names = fields.keys().map(|name| Str::from(crate::api::pascal(name))).collect();
            Value::Object(PsObject::custom(Rc::new(Shape { names }), fields.values().map(plain).collect()))
        }
    }
}

/// The bytes that travel as base64, as a byte array.
pub(super) fn byte_array(bytes: &[u8]) -> Value {
    let items = bytes.iter().map(|byte| Value::U8(*byte)).collect();
    match crate::value::types::resolve("byte") {
        Some(byte) => Value::Array(crate::value::Array::typed(byte, items)),
        None => Value::array(items),
    }
}

/// Bytes of a reply.
pub(super) fn bytes_of(value: &Json) -> Option<Vec<u8>> {
    STANDARD.decode(value.as_str()?).ok()
}

/// The log of a test: an object whose `ToHTML()` and `ToXML()` give the whole log.
pub(super) fn logger(lines: &[String], cmdlet: &str) -> Value {
    let escaped = |line: &String| line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let items: String = lines.iter().map(|line| format!("<li>{}</li>\n", escaped(line))).collect();
    let html = format!("<html><head><title>{cmdlet}</title></head><body><ol>\n{items}</ol></body></html>");
    let entries: String = lines.iter().map(|line| format!("<Entry>{}</Entry>\n", escaped(line))).collect();
    let xml = format!("<Log cmdlet=\"{cmdlet}\">\n{entries}</Log>");
    let names = vec![Str::from("Entries")];
    let entries = Value::array(lines.iter().map(|line| Value::from(line.as_str())).collect());
    let object = PsObject::custom(Rc::new(Shape { names }), vec![entries]);
    let mut extension = object.extension.make().borrow_mut();
    extension.members.insert(Str::from("ToHTML"), text_method(&html));
    extension.members.insert(Str::from("ToXML"), text_method(&xml));
    drop(extension);
    Value::Object(object)
}

/// A method that returns a text: a script block of one quoted string.
fn text_method(text: &str) -> crate::value::Member {
    let source = crate::syntax::Source::anonymous(format!("'{}'", text.replace('\'', "''")));
    let parsed = crate::syntax::parse(&source);
    crate::value::Member::Method(crate::value::ScriptBlock::new(parsed.ast, source))
}
