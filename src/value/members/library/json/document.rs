//! `JsonDocument`, `JsonElement` and `JsonProperty`.

use super::super::array;
use super::super::psobject::set_reference;
use super::index::{Item, Kind, read};
use crate::value::members::table::{Call, Row, Table, get};
use crate::value::members::thrown;
use crate::value::object::NativeObject;
use crate::value::{Array, Native, Outcome, TypeRef, Unwind, Value, convert};
use std::any::Any;
use std::rc::Rc;

/// A text with the places of its values.
struct Document {
    text: String,
    root: Item,
}

/// A value of a document: the document, and the way from its root.
#[derive(Clone)]
struct Element {
    document: Rc<Document>,
    path: Vec<usize>,
}

impl Element {
    fn item(&self) -> &Item {
        self.path.iter().fold(&self.document.root, |item, at| item.items.get(*at).unwrap_or(item))
    }

    fn raw(&self) -> &str {
        let item = self.item();
        self.document.text.get(item.start..item.end).unwrap_or_default()
    }

    fn child(&self, at: usize) -> Element {
        let mut path = self.path.clone();
        path.push(at);
        Element { document: self.document.clone(), path }
    }

    /// The text of a string, the raw text of anything else; nothing for null.
    fn shown(&self) -> String {
        match self.item().kind {
            Kind::String => serde_json::from_str(self.raw()).unwrap_or_default(),
            Kind::Null => String::new(),
            Kind::True => "True".to_owned(),
            Kind::False => "False".to_owned(),
            _ => self.raw().to_owned(),
        }
    }

    /// The last value of a name, as a later one replaces an earlier.
    fn named(&self, name: &str) -> Option<Element> {
        self.item().names.iter().rposition(|known| known == name).map(|at| self.child(at))
    }
}

impl NativeObject for Element {
    fn kind(&self) -> TypeRef {
        TypeRef::JSON_ELEMENT
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        self.shown()
    }
}

struct DocumentObject(Element);

impl NativeObject for DocumentObject {
    fn kind(&self) -> TypeRef {
        TypeRef::JSON_DOCUMENT
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

struct Property {
    name: String,
    value: Element,
}

impl NativeObject for Property {
    fn kind(&self) -> TypeRef {
        TypeRef::JSON_PROPERTY
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        let name = serde_json::Value::String(self.name.clone());
        format!("{name}:{}", self.value.raw())
    }
}

fn state<T: 'static>(value: &Value) -> Option<&T> {
    match value {
        Value::Native(native) => native.downcast::<T>(),
        _ => None,
    }
}

fn parse(c: &mut Call<'_>) -> Outcome<Value> {
    let text = c.text(0).to_owned();
    let broken = |why: String| thrown(TypeRef::JSON_READER_EXCEPTION, format!("The text is not JSON: {why}."));
    serde_json::from_str::<serde::de::IgnoredAny>(&text).map_err(|error| broken(error.to_string()))?;
    let root = read(&text).ok_or_else(|| broken("it ends too early".to_owned()))?;
    Ok(Native::value(DocumentObject(Element { document: Rc::new(Document { text, root }), path: Vec::new() })))
}

pub(super) static DOCUMENT: Table = Table {
    methods: &[("void Dispose()", |_| Ok(Value::Nothing))],
    statics: &[("static System.Text.Json.JsonDocument Parse(string json)", parse)],
    properties: &[get("RootElement", "System.Text.Json.JsonElement", |_, v| {
        Ok(state::<DocumentObject>(v).map_or(Value::Null, |document| Native::value(document.0.clone())))
    })],
    ..Table::EMPTY
};

fn this<'a>(c: &Call<'a>) -> Outcome<&'a Element> {
    state::<Element>(c.this).ok_or_else(|| thrown(TypeRef::INVALID_OPERATION_EXCEPTION, "This is no element."))
}

fn wrong(element: &Element, wanted: &str) -> Unwind {
    let text = format!("The element is {:?}, not {wanted}.", element.item().kind);
    thrown(TypeRef::INVALID_OPERATION_EXCEPTION, text)
}

/// A number in a type; what does not fit it is an error of its format.
fn number(c: &mut Call<'_>, kind: TypeRef) -> Outcome<Value> {
    let element = this(c)?;
    if element.item().kind != Kind::Number {
        return Err(wrong(element, "a number"));
    }
    converted(element, kind)
}

fn converted(element: &Element, kind: TypeRef) -> Outcome<Value> {
    let text = Value::from(element.shown());
    let fits = !kind.is_integer() || !element.raw().contains(['.', 'e', 'E']);
    let found = if fits { convert::to_plain(&text, kind).ok() } else { None };

    found.ok_or_else(|| thrown(TypeRef::FORMAT_EXCEPTION, format!("'{}' is no [{kind}].", element.raw())))
}

/// Text in a type that is written as text.
fn written(c: &mut Call<'_>, kind: TypeRef) -> Outcome<Value> {
    let element = this(c)?;
    if element.item().kind != Kind::String {
        return Err(wrong(element, "a string"));
    }
    let text = Value::from(element.shown());
    convert::to(c.engine, &text, kind)
        .map_err(|_| thrown(TypeRef::FORMAT_EXCEPTION, format!("{} is no [{kind}].", element.raw())))
}

/// `TryGet…`: into a reference, false where it does not fit.
fn attempt(c: &mut Call<'_>, kind: TypeRef) -> Outcome<Value> {
    let element = this(c)?;
    if element.item().kind != Kind::Number {
        return Err(wrong(element, "a number"));
    }
    let found = converted(element, kind).ok();
    let there = found.is_some();
    set_reference(c.arg(0), found.unwrap_or_else(|| crate::value::members::default_of(kind)))?;
    Ok(Value::Bool(there))
}

fn needs(element: &Element, kind: Kind, name: &str) -> Outcome<()> {
    if element.item().kind == kind { Ok(()) } else { Err(wrong(element, name)) }
}

fn item(c: &mut Call<'_>) -> Outcome<Value> {
    let element = this(c)?;
    needs(element, Kind::Array, "an array")?;
    let at = usize::try_from(c.int(0)).ok().filter(|at| *at < element.item().items.len());
    let outside = || thrown(TypeRef::INDEX_OUT_OF_RANGE_EXCEPTION, "The index is outside the array.");
    at.map(|at| Native::value(element.child(at))).ok_or_else(outside)
}

const ELEMENT_METHODS: &[Row] = &[
    ("System.Text.Json.JsonElement Clone()", |c| Ok(Native::value(this(c)?.clone()))),
    ("System.Text.Json.JsonElement[] EnumerateArray()", |c| {
        let element = this(c)?;
        needs(element, Kind::Array, "an array")?;
        let items = (0..element.item().items.len()).map(|at| Native::value(element.child(at))).collect();
        Ok(Value::Array(Array::typed(TypeRef::JSON_ELEMENT, items)))
    }),
    ("System.Text.Json.JsonProperty[] EnumerateObject()", |c| {
        let element = this(c)?;
        needs(element, Kind::Object, "an object")?;
        let names = element.item().names.iter().enumerate();
        let items = names.map(|(at, name)| Native::value(Property { name: name.clone(), value: element.child(at) }));
        Ok(Value::Array(Array::typed(TypeRef::JSON_PROPERTY, items.collect())))
    }),
    ("int GetArrayLength()", |c| {
        let element = this(c)?;
        needs(element, Kind::Array, "an array")?;
        Ok(Value::I32(element.item().items.len() as i32))
    }),
    ("int GetPropertyCount()", |c| {
        let element = this(c)?;
        needs(element, Kind::Object, "an object")?;
        Ok(Value::I32(element.item().items.len() as i32))
    }),
    ("bool GetBoolean()", |c| match this(c)?.item().kind {
        Kind::True => Ok(Value::Bool(true)),
        Kind::False => Ok(Value::Bool(false)),
        _ => Err(wrong(this(c)?, "a truth value")),
    }),
    ("byte GetByte()", |c| number(c, TypeRef::BYTE)),
    ("byte[] GetBytesFromBase64()", |c| {
        use base64::Engine as _;
        let text = this(c)?.shown();
        let bytes = base64::engine::general_purpose::STANDARD.decode(text);
        bytes.map(array::bytes).map_err(|_| thrown(TypeRef::FORMAT_EXCEPTION, "The text is not base64."))
    }),
    ("datetime GetDateTime()", |c| written(c, TypeRef::DATETIME)),
    ("System.DateTimeOffset GetDateTimeOffset()", |c| written(c, TypeRef::DATETIMEOFFSET)),
    ("decimal GetDecimal()", |c| number(c, TypeRef::DECIMAL)),
    ("double GetDouble()", |c| number(c, TypeRef::DOUBLE)),
    ("guid GetGuid()", |c| written(c, TypeRef::GUID)),
    ("short GetInt16()", |c| number(c, TypeRef::INT16)),
    ("int GetInt32()", |c| number(c, TypeRef::INT32)),
    ("long GetInt64()", |c| number(c, TypeRef::INT64)),
    ("float GetSingle()", |c| number(c, TypeRef::SINGLE)),
    ("uint GetUInt32()", |c| number(c, TypeRef::UINT32)),
    ("ulong GetUInt64()", |c| number(c, TypeRef::UINT64)),
    ("System.Text.Json.JsonElement GetProperty(string propertyName)", |c| {
        let element = this(c)?;
        needs(element, Kind::Object, "an object")?;
        let missing = || thrown(TypeRef::KEY_NOT_FOUND_EXCEPTION, format!("There is no property '{}'.", c.text(0)));
        element.named(c.text(0)).map(Native::value).ok_or_else(missing)
    }),
    ("string GetRawText()", |c| Ok(Value::from(this(c)?.raw()))),
    ("string GetString()", |c| match this(c)?.item().kind {
        Kind::String => Ok(Value::from(this(c)?.shown())),
        Kind::Null => Ok(Value::Null),
        _ => Err(wrong(this(c)?, "a string")),
    }),
    ("string ToString()", |c| Ok(Value::from(this(c)?.shown()))),
    ("bool TryGetDecimal([ref] decimal value)", |c| attempt(c, TypeRef::DECIMAL)),
    ("bool TryGetDouble([ref] double value)", |c| attempt(c, TypeRef::DOUBLE)),
    ("bool TryGetInt32([ref] int value)", |c| attempt(c, TypeRef::INT32)),
    ("bool TryGetInt64([ref] long value)", |c| attempt(c, TypeRef::INT64)),
    ("bool TryGetProperty(string propertyName, [ref] System.Text.Json.JsonElement value)", |c| {
        let element = this(c)?;
        needs(element, Kind::Object, "an object")?;
        let found = element.named(c.text(0));
        let there = found.is_some();
        set_reference(c.arg(1), found.map_or(Value::Null, Native::value))?;
        Ok(Value::Bool(there))
    }),
    ("bool ValueEquals(string text)", |c| {
        let element = this(c)?;
        Ok(Value::Bool(element.item().kind == Kind::String && element.shown() == c.text(0)))
    }),
    ("System.Text.Json.JsonElement get_Item(int index)", item),
];

pub(super) static ELEMENT: Table = Table {
    methods: ELEMENT_METHODS,
    properties: &[get("ValueKind", "System.Text.Json.JsonValueKind", |_, v| {
        let number = state::<Element>(v).map_or(0, |element| element.item().kind as i64 + 1);
        Ok(TypeRef::JSON_VALUE_KIND.enum_of(number))
    })],
    ..Table::EMPTY
};

fn property(value: &Value, look: impl FnOnce(&Property) -> Value) -> Outcome<Value> {
    Ok(state::<Property>(value).map_or(Value::Null, look))
}

pub(super) static PROPERTY: Table = Table {
    methods: &[
        ("bool NameEquals(string text)", |c| property(c.this, |found| Value::Bool(found.name == c.text(0)))),
        ("string ToString()", |c| property(c.this, |found| Value::from(found.text()))),
    ],
    properties: &[
        get("Value", "System.Text.Json.JsonElement", |_, v| property(v, |found| Native::value(found.value.clone()))),
        get("Name", "string", |_, v| property(v, |found| Value::from(found.name.as_str()))),
    ],
    ..Table::EMPTY
};
