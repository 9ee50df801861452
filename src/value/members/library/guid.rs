//! `System.Guid`.

use super::super::table::{PropertyRow, Table, get};
use super::super::thrown;
use super::psobject::set_reference;
use crate::value::culture::Culture;
use crate::value::object::NativeObject;
use crate::value::{Native, Outcome, TypeRef, Value, convert};
use std::any::Any;
use uuid::Uuid;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[(TypeRef::GUID, &GUID)];

/// A GUID.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Guid(pub(crate) Uuid);

impl NativeObject for Guid {
    fn kind(&self) -> TypeRef {
        TypeRef::GUID
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        self.0.hyphenated().to_string()
    }
    fn equals(&self, other: &dyn NativeObject) -> Option<bool> {
        Some(other.as_any().downcast_ref::<Self>() == Some(self))
    }
    fn compare(&self, other: &dyn NativeObject) -> Option<std::cmp::Ordering> {
        other.as_any().downcast_ref::<Self>().map(|other| self.0.cmp(&other.0))
    }
    fn key(&self) -> Option<Box<[u8]>> {
        Some(Box::from(self.0.as_bytes().as_slice()))
    }
    fn format(&self, format: &str, _culture: &Culture) -> Option<Outcome<String>> {
        Some(formatted(self.0, format))
    }
}

/// A GUID as a value.
pub(crate) fn value(guid: Uuid) -> Value {
    Native::value(Guid(guid))
}

/// A GUID that stays the same for as long as the object lives.
pub(crate) fn of_address(value: &Value) -> Value {
    let address = match value {
        Value::ScriptBlock(block) => std::rc::Rc::as_ptr(block) as usize,
        _ => 0,
    };
    self::value(Uuid::new_v5(&Uuid::NAMESPACE_OID, &address.to_le_bytes()))
}

fn guid(value: &Value) -> Uuid {
    match value {
        Value::Native(native) => native.downcast::<Guid>().map_or(Uuid::nil(), |guid| guid.0),
        _ => Uuid::nil(),
    }
}

fn formatted(guid: Uuid, format: &str) -> Outcome<String> {
    let text = guid.hyphenated().to_string();
    Ok(match format.to_ascii_uppercase().as_str() {
        "" | "D" => text,
        "N" => text.replace('-', ""),
        "B" => format!("{{{text}}}"),
        "P" => format!("({text})"),
        _ => return Err(thrown(TypeRef::FORMAT_EXCEPTION, "A GUID's format is D, N, B or P.")),
    })
}

/// Reads the forms that `Parse` reads.
pub(crate) fn parse(text: &str) -> Option<Uuid> {
    let text = text.trim();
    let inner = text
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .or_else(|| text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')))
        .unwrap_or(text);
    let dashed = inner.len() == 36 && inner.bytes().filter(|byte| *byte == b'-').count() == 4;
    let plain = inner.len() == 32 && !inner.contains('-');
    (dashed || plain).then(|| Uuid::try_parse(inner).ok()).flatten()
}

fn parsed(text: &str) -> Outcome<Value> {
    parse(text).map(value).ok_or_else(|| thrown(TypeRef::FORMAT_EXCEPTION, format!("'{text}' is not a GUID.")))
}

static GUID: Table = Table {
    properties: &[PropertyRow {
        member: "ScriptProperty",
        ..get("Guid", "string", |_, value| Ok(Value::from(guid(value).hyphenated().to_string())))
    }],
    methods: &[
        ("string ToString()", |c| Ok(Value::from(guid(c.this).hyphenated().to_string()))),
        ("string ToString(string format)", |c| formatted(guid(c.this), c.text(0)).map(Value::from)),
        ("byte[] ToByteArray()", |c| Ok(super::array::bytes(guid(c.this).to_bytes_le()))),
        ("int CompareTo(System.Object value)", |c| {
            let other = convert::to(c.engine, &c.args[0], TypeRef::GUID)?;
            Ok(Value::I32(guid(c.this).cmp(&guid(&other)) as i32))
        }),
    ],
    statics: &[
        ("static guid NewGuid()", |_| Ok(value(Uuid::new_v4()))),
        ("static guid Parse(string input)", |c| parsed(c.text(0))),
        ("static guid ParseExact(string input, string format)", |c| parsed(c.text(0))),
        ("static bool TryParse(string input, [ref] guid result)", |c| {
            let found = parse(c.text(0));
            set_reference(c.arg(1), value(found.unwrap_or(Uuid::nil())))?;
            Ok(Value::Bool(found.is_some()))
        }),
    ],
    constructors: &[
        ("guid()", |_| Ok(value(Uuid::nil()))),
        ("guid(string g)", |c| parsed(c.text(0))),
        ("guid(byte[] b)", |c| {
            let bytes = super::array::bytes_of(c.arg(0));
            let bytes: [u8; 16] = bytes
                .try_into()
                .map_err(|_| thrown(TypeRef::ARGUMENT_EXCEPTION, "A GUID is made of exactly 16 bytes."))?;
            Ok(value(Uuid::from_bytes_le(bytes)))
        }),
    ],
    static_properties: &[get("Empty", "guid", |_, _| Ok(value(Uuid::nil())))],
};
