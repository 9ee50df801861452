//! `System.Text.Encoding` and the classes below it.

use crate::value::encoding::TextEncoding;
use crate::value::members::table::{Call, PropertyRow, Row, Table, get};
use crate::value::{Array, Fault, Native, NativeObject, Outcome, TypeRef, Value};
use std::any::Any;

/// An encoding as an object.
struct EncodingObject {
    encoding: TextEncoding,
}

impl NativeObject for EncodingObject {
    fn kind(&self) -> TypeRef {
        match self.encoding {
            TextEncoding::Utf8 | TextEncoding::Utf8Bom => TypeRef::UTF8_ENCODING,
            TextEncoding::Utf16Le | TextEncoding::Utf16Be => TypeRef::UNICODE_ENCODING,
            TextEncoding::Utf32Le | TextEncoding::Utf32Be => TypeRef::UTF32_ENCODING,
            TextEncoding::Ascii => TypeRef::ASCII_ENCODING,
            TextEncoding::Latin1 => TypeRef::LATIN1_ENCODING,
            TextEncoding::Other(_) => TypeRef::ENCODING,
        }
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn equals(&self, other: &dyn NativeObject) -> Option<bool> {
        Some(other.as_any().downcast_ref::<Self>().is_some_and(|other| other.encoding == self.encoding))
    }
}

/// The tables of this family.
pub(crate) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::ENCODING, &ENCODING),
    (TypeRef::UTF8_ENCODING, &UTF8),
    (TypeRef::UNICODE_ENCODING, &UNICODE),
    (TypeRef::ASCII_ENCODING, &ASCII),
    (TypeRef::UTF32_ENCODING, &UTF32),
];

static ENCODING: Table = Table {
    methods: METHODS,
    properties: PROPERTIES,
    statics: STATICS,
    static_properties: STATIC_PROPERTIES,
    ..Table::EMPTY
};
static UTF8: Table = Table {
    constructors: &[
        ("UTF8Encoding()", |_| Ok(object(TextEncoding::Utf8))),
        ("UTF8Encoding(bool encoderShouldEmitUTF8Identifier)", utf8),
        ("UTF8Encoding(bool encoderShouldEmitUTF8Identifier, bool throwOnInvalidBytes)", utf8),
    ],
    ..Table::EMPTY
};
static UNICODE: Table = Table {
    constructors: &[
        ("UnicodeEncoding()", |_| Ok(object(TextEncoding::Utf16Le))),
        ("UnicodeEncoding(bool bigEndian, bool byteOrderMark)", |c| {
            Ok(object(if c.flag(0) { TextEncoding::Utf16Be } else { TextEncoding::Utf16Le }))
        }),
    ],
    ..Table::EMPTY
};
static ASCII: Table =
    Table { constructors: &[("ASCIIEncoding()", |_| Ok(object(TextEncoding::Ascii)))], ..Table::EMPTY };
static UTF32: Table =
    Table { constructors: &[("UTF32Encoding()", |_| Ok(object(TextEncoding::Utf32Le)))], ..Table::EMPTY };

/// An encoding as a value.
pub(crate) fn object(encoding: TextEncoding) -> Value {
    Native::value(EncodingObject { encoding })
}

/// The encoding behind a value, where it is one.
pub(crate) fn encoding_of(value: &Value) -> Option<TextEncoding> {
    match value {
        Value::Native(native) => native.downcast::<EncodingObject>().map(|object| object.encoding),
        _ => None,
    }
}

fn utf8(call: &mut Call<'_>) -> Outcome<Value> {
    Ok(object(if call.flag(0) { TextEncoding::Utf8Bom } else { TextEncoding::Utf8 }))
}

fn own(value: &Value) -> TextEncoding {
    encoding_of(value).unwrap_or(TextEncoding::Utf8)
}

static STATIC_PROPERTIES: &[PropertyRow] = &[
    get("ASCII", "System.Text.Encoding", |_, _| Ok(object(TextEncoding::Ascii))),
    get("BigEndianUnicode", "System.Text.Encoding", |_, _| Ok(object(TextEncoding::Utf16Be))),
    get("Default", "System.Text.Encoding", |_, _| Ok(object(TextEncoding::Utf8))),
    get("Latin1", "System.Text.Encoding", |_, _| Ok(object(TextEncoding::Latin1))),
    get("Unicode", "System.Text.Encoding", |_, _| Ok(object(TextEncoding::Utf16Le))),
    get("UTF32", "System.Text.Encoding", |_, _| Ok(object(TextEncoding::Utf32Le))),
    get("UTF8", "System.Text.Encoding", |_, _| Ok(object(TextEncoding::Utf8Bom))),
];

static STATICS: &[Row] = &[
    ("static System.Text.Encoding GetEncoding(int codepage)", |c| named(&c.int(0).to_string())),
    ("static System.Text.Encoding GetEncoding(string name)", |c| named(c.text(0))),
];

fn named(name: &str) -> Outcome<Value> {
    match TextEncoding::by_name(name) {
        Some(encoding) => Ok(object(encoding)),
        None => Fault::new("ArgumentException", format!("'{name}' is not the name or number of an encoding."))
            .exception("System.ArgumentException")
            .err(),
    }
}

/// Display name, web name and code page.
fn names(encoding: TextEncoding) -> (&'static str, &'static str, i32) {
    match encoding {
        TextEncoding::Utf8 | TextEncoding::Utf8Bom => ("Unicode (UTF-8)", "utf-8", 65001),
        TextEncoding::Utf16Le => ("Unicode", "utf-16", 1200),
        TextEncoding::Utf16Be => ("Unicode (Big-Endian)", "utf-16BE", 1201),
        TextEncoding::Utf32Le => ("Unicode (UTF-32)", "utf-32", 12000),
        TextEncoding::Utf32Be => ("Unicode (UTF-32 Big-Endian)", "utf-32BE", 12001),
        TextEncoding::Ascii => ("US-ASCII", "us-ascii", 20127),
        TextEncoding::Latin1 => ("Western European (ISO)", "iso-8859-1", 28591),
        TextEncoding::Other(other) => (other.name(), other.name(), 0),
    }
}

static PROPERTIES: &[PropertyRow] = &[
    get("BodyName", "string", |_, v| Ok(names(own(v)).1.to_lowercase().into())),
    get("EncodingName", "string", |_, v| Ok(names(own(v)).0.into())),
    get("HeaderName", "string", |_, v| Ok(names(own(v)).1.to_lowercase().into())),
    get("WebName", "string", |_, v| Ok(names(own(v)).1.into())),
    get("CodePage", "int", |_, v| Ok(names(own(v)).2.into())),
    get("IsSingleByte", "bool", |_, v| Ok(Value::Bool(matches!(own(v), TextEncoding::Ascii | TextEncoding::Latin1)))),
];

static METHODS: &[Row] = &[
    ("int GetByteCount(string s)", |c| Ok(Value::I32(own(c.this).encode(c.text(0)).len() as i32))),
    ("byte[] GetBytes(string s)", |c| Ok(byte_array(own(c.this).encode(c.text(0))))),
    ("byte[] GetBytes(char[] chars)", |c| {
        let text = own(c.this).encode(&crate::value::convert::to_text(c.arg(0)).replace(' ', ""));
        Ok(byte_array(text))
    }),
    ("char[] GetChars(byte[] bytes)", |c| {
        let text = own(c.this).decode(&bytes_of(c.arg(0)));
        let units = text.encode_utf16().map(Value::Char).collect();
        Ok(Value::Array(Array::typed(TypeRef::CHAR, units)))
    }),
    ("int GetCharCount(byte[] bytes)", |c| {
        Ok(Value::I32(own(c.this).decode(&bytes_of(c.arg(0))).encode_utf16().count() as i32))
    }),
    ("byte[] GetPreamble()", |c| Ok(byte_array(own(c.this).preamble().to_vec()))),
    ("string GetString(byte[] bytes)", |c| Ok(own(c.this).decode(&bytes_of(c.arg(0))).into())),
    ("string GetString(byte[] bytes, int index, int count)", |c| {
        let bytes = bytes_of(c.arg(0));
        let range = usize::try_from(c.int(1)).ok().zip(usize::try_from(c.int(2)).ok());
        match range.and_then(|(start, count)| bytes.get(start..start.checked_add(count)?)) {
            Some(part) => Ok(own(c.this).decode(part).into()),
            None => Fault::new("ArgumentOutOfRangeException", "Index and count must lie within the bytes.")
                .exception("System.ArgumentOutOfRangeException")
                .err(),
        }
    }),
];

/// The bytes of a `byte[]`.
pub(crate) fn bytes_of(value: &Value) -> Vec<u8> {
    match value {
        Value::Array(array) => array.to_bytes().unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// A `byte[]`.
pub(crate) fn byte_array(bytes: Vec<u8>) -> Value {
    Value::Array(Array::bytes(bytes))
}
