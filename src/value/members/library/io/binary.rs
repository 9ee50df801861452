//! `BinaryReader` and `BinaryWriter`: values as bytes, the lowest byte first.

use super::stream;
use crate::value::encoding::TextEncoding;
use crate::value::members::library::array::{bytes, bytes_of};
use crate::value::members::library::number;
use crate::value::members::table::{Call, Row, Table, get};
use crate::value::members::{integer_of, thrown};
use crate::value::{Native, NativeObject, Outcome, TypeRef, Value};
use std::any::Any;

/// A reader or writer over a stream.
struct Binary {
    kind: TypeRef,
    stream: Value,
}

impl NativeObject for Binary {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn over(c: &mut Call<'_>) -> Outcome<Value> {
    let stream = c.take(0);
    stream::with(&stream, |_| Ok(()))?;
    Ok(Native::value(Binary { kind: c.kind, stream }))
}

fn base(value: &Value) -> Value {
    match value {
        Value::Native(native) => native.downcast::<Binary>().map(|binary| binary.stream.clone()).unwrap_or_default(),
        _ => Value::Null,
    }
}

/// Exactly so many bytes.
fn exactly(c: &Call<'_>, count: usize) -> Outcome<Vec<u8>> {
    let found = stream::read(&base(c.this), count)?;
    match found.len() == count {
        true => Ok(found),
        false => Err(thrown(TypeRef::END_OF_STREAM_EXCEPTION, "The stream ends before that many bytes.")),
    }
}

/// A whole number of a type.
fn integer(c: &Call<'_>, kind: TypeRef, width: usize, signed: bool) -> Outcome<Value> {
    let found = exactly(c, width)?;
    let raw = found.iter().rev().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    let unused = 64 - 8 * width as u32;
    let wide = if signed { i128::from((raw << unused) as i64 >> unused) } else { i128::from(raw) };
    Ok(number::narrow(kind, wide).unwrap_or_default())
}

/// A length in groups of seven bits.
fn length(c: &Call<'_>) -> Outcome<usize> {
    let mut number = 0usize;
    for shift in [0, 7, 14, 21, 28] {
        let byte = exactly(c, 1)?.first().copied().unwrap_or(0);
        number |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(thrown(TypeRef::FORMAT_EXCEPTION, "A length is written wrongly."))
}

fn eight(found: Vec<u8>) -> [u8; 8] {
    let mut eight = [0; 8];
    eight.iter_mut().zip(found).for_each(|(place, byte)| *place = byte);
    eight
}

fn closed(c: &mut Call<'_>) -> Outcome<Value> {
    stream::close(&base(c.this))?;
    Ok(Value::Nothing)
}

pub(crate) static READER: Table = Table {
    constructors: &[
        ("BinaryReader(System.IO.Stream input)", over),
        ("BinaryReader(System.IO.Stream input, System.Text.Encoding encoding)", over),
        ("BinaryReader(System.IO.Stream input, System.Text.Encoding encoding, bool leaveOpen)", over),
    ],
    methods: &[
        ("byte ReadByte()", |c| integer(c, TypeRef::BYTE, 1, false)),
        ("sbyte ReadSByte()", |c| integer(c, TypeRef::SBYTE, 1, true)),
        ("int16 ReadInt16()", |c| integer(c, TypeRef::INT16, 2, true)),
        ("ushort ReadUInt16()", |c| integer(c, TypeRef::UINT16, 2, false)),
        ("int ReadInt32()", |c| integer(c, TypeRef::INT32, 4, true)),
        ("uint ReadUInt32()", |c| integer(c, TypeRef::UINT32, 4, false)),
        ("long ReadInt64()", |c| integer(c, TypeRef::INT64, 8, true)),
        ("ulong ReadUInt64()", |c| integer(c, TypeRef::UINT64, 8, false)),
        ("bool ReadBoolean()", |c| Ok(Value::Bool(exactly(c, 1)?.first().is_some_and(|byte| *byte != 0)))),
        ("double ReadDouble()", |c| Ok(Value::F64(f64::from_le_bytes(eight(exactly(c, 8)?))))),
        ("float ReadSingle()", |c| {
            let [a, b, c, d, ..] = eight(exactly(c, 4)?);
            Ok(Value::F32(f32::from_le_bytes([a, b, c, d])))
        }),
        ("char ReadChar()", |c| {
            let first = exactly(c, 1)?;
            let more = match first.first().copied().unwrap_or(0) {
                0xf0.. => 3,
                0xe0.. => 2,
                0xc0.. => 1,
                _ => 0,
            };
            let text = [first, exactly(c, more)?].concat();
            let unit = String::from_utf8_lossy(&text).encode_utf16().next();
            Ok(unit.map_or(Value::Null, Value::Char))
        }),
        ("byte[] ReadBytes(int count)", |c| {
            let count = usize::try_from(c.int(0))
                .map_err(|_| thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "The count is negative."))?;
            Ok(bytes(stream::read(&base(c.this), count)?))
        }),
        ("char[] ReadChars(int count)", |c| {
            let count = usize::try_from(c.int(0)).unwrap_or(0);
            let text = TextEncoding::Utf8.decode(&stream::read(&base(c.this), count)?);
            Ok(crate::value::members::library::string::char_array(text.encode_utf16().collect()))
        }),
        ("string ReadString()", |c| {
            let count = length(c)?;
            Ok(Value::from(TextEncoding::Utf8.decode(&exactly(c, count)?)))
        }),
        ("void Close()", closed),
        ("void Dispose()", closed),
    ],
    properties: &[get("BaseStream", "System.IO.Stream", |_, v| Ok(base(v)))],
    ..Table::EMPTY
};

/// A value as its bytes.
fn written(value: &Value) -> Vec<u8> {
    match value {
        Value::F64(number) => number.to_le_bytes().to_vec(),
        Value::F32(number) => number.to_le_bytes().to_vec(),
        Value::Char(unit) => String::from_utf16_lossy(&[*unit]).into_bytes(),
        Value::Array(_) => bytes_of(value),
        Value::Str(text) => {
            let mut all = Vec::new();
            let mut left = text.len();
            while left >= 0x80 {
                all.push(left as u8 | 0x80);
                left >>= 7;
            }
            all.push(left as u8);
            all.extend_from_slice(text.as_bytes());
            all
        }
        other => {
            let width = match other {
                Value::Bool(_) | Value::U8(_) | Value::I8(_) => 1,
                Value::I16(_) | Value::U16(_) => 2,
                Value::I64(_) | Value::U64(_) => 8,
                _ => 4,
            };
            integer_of(other).unwrap_or(0).to_le_bytes().iter().take(width).copied().collect()
        }
    }
}

fn write(c: &mut Call<'_>) -> Outcome<Value> {
    stream::write(&base(c.this), &written(c.arg(0)))?;
    Ok(Value::Nothing)
}

const WRITING: &[Row] = &[
    ("void Write(bool value)", write),
    ("void Write(byte value)", write),
    ("void Write(sbyte value)", write),
    ("void Write(byte[] buffer)", write),
    ("void Write(char ch)", write),
    ("void Write(double value)", write),
    ("void Write(float value)", write),
    ("void Write(int16 value)", write),
    ("void Write(ushort value)", write),
    ("void Write(int value)", write),
    ("void Write(uint value)", write),
    ("void Write(long value)", write),
    ("void Write(ulong value)", write),
    ("void Write(string value)", write),
    ("void Flush()", |_| Ok(Value::Nothing)),
    ("void Close()", closed),
    ("void Dispose()", closed),
];

pub(crate) static WRITER: Table = Table {
    constructors: &[
        ("BinaryWriter(System.IO.Stream output)", over),
        ("BinaryWriter(System.IO.Stream output, System.Text.Encoding encoding)", over),
        ("BinaryWriter(System.IO.Stream output, System.Text.Encoding encoding, bool leaveOpen)", over),
    ],
    methods: WRITING,
    properties: &[get("BaseStream", "System.IO.Stream", |_, v| Ok(base(v)))],
    ..Table::EMPTY
};
