//! Streams of bytes: `FileStream`, `MemoryStream`, and those that pack and unpack what goes through them.

use super::{OrException, full_path, path_argument};
use crate::value::members::integer_of;
use crate::value::members::library::array::{bytes, bytes_of};
use crate::value::members::table::{Call, PropertyRow, Row, Table, get, set};
use crate::value::members::thrown;
use crate::value::{Engine, Native, NativeObject, Outcome, TypeRef, Unwind, Value};
use flate2::Compression;
use flate2::read::{DeflateDecoder, GzDecoder};
use flate2::write::{DeflateEncoder, GzEncoder};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::net::TcpStream;
use std::path::PathBuf;

/// What a stream reads from and writes to.
enum State {
    /// Bytes in memory, and the place in them.
    Memory { bytes: Vec<u8>, at: usize, grows: bool },
    /// A file.
    File { file: File, path: PathBuf, access: i64 },
    /// What goes in is packed into another stream when this one is closed.
    Packing { inner: Value, pending: Vec<u8>, leave_open: bool },
    /// A connection.
    Socket(TcpStream),
    /// It is closed.
    Closed,
}

/// A stream.
pub(crate) struct Stream {
    kind: TypeRef,
    state: RefCell<State>,
    /// Bytes that were unpacked can only be read.
    read_only: Cell<bool>,
}

// `FileAccess`, by number.
const READ: i64 = 1;
const WRITE: i64 = 2;
// `FileMode`, by number; 3 is to open what is there.
const CREATE_NEW: i64 = 1;
const CREATE: i64 = 2;
const OPEN_OR_CREATE: i64 = 4;
const TRUNCATE: i64 = 5;
const APPEND: i64 = 6;

fn made(kind: TypeRef, state: State) -> Value {
    Native::value(Stream { kind, state: RefCell::new(state), read_only: Cell::new(false) })
}

/// A connection as a stream.
pub(super) fn over(socket: TcpStream) -> Value {
    made(TypeRef::NETWORK_STREAM, State::Socket(socket))
}

/// The most bytes that one reading of a connection gives.
const SOCKET_BUFFER: usize = 1 << 16;

fn broken(error: &std::io::Error) -> Unwind {
    thrown(TypeRef::IO_EXCEPTION, format!("The connection broke: {error}."))
}

fn disposed() -> Unwind {
    thrown(TypeRef::OBJECT_DISPOSED_EXCEPTION, "The stream is closed.")
}

fn unsupported(what: &str) -> Unwind {
    thrown(TypeRef::NOT_SUPPORTED_EXCEPTION, format!("The stream cannot be {what}."))
}

impl Stream {
    /// Up to `count` bytes.
    fn read(&self, count: usize) -> Outcome<Vec<u8>> {
        match &mut *self.state.borrow_mut() {
            State::Memory { bytes, at, .. } => {
                let end = at.saturating_add(count).min(bytes.len());
                let part = bytes.get(*at..end).unwrap_or_default().to_vec();
                *at += part.len();
                Ok(part)
            }
            State::File { access, .. } if *access & READ == 0 => Err(unsupported("read")),
            State::File { file, path, .. } => {
                let mut part = Vec::new();
                file.take(count as u64).read_to_end(&mut part).or_exception(path)?;
                Ok(part)
            }
            State::Socket(socket) => {
                let mut part = vec![0; count.min(SOCKET_BUFFER)];
                let count = socket.read(&mut part).map_err(|error| broken(&error))?;
                part.truncate(count);
                Ok(part)
            }
            State::Packing { .. } => Err(unsupported("read")),
            State::Closed => Err(disposed()),
        }
    }

    fn write(&self, more: &[u8]) -> Outcome<()> {
        if self.read_only.get() {
            return Err(unsupported("written"));
        }
        match &mut *self.state.borrow_mut() {
            State::Memory { bytes, at, grows } => {
                let end = at.saturating_add(more.len());
                if end > bytes.len() {
                    if !*grows {
                        return Err(unsupported("made longer"));
                    }
                    bytes.resize(end, 0);
                }
                if let Some(place) = bytes.get_mut(*at..end) {
                    place.copy_from_slice(more);
                }
                *at = end;
                Ok(())
            }
            State::File { access, .. } if *access & WRITE == 0 => Err(unsupported("written")),
            State::File { file, path, .. } => file.write_all(more).or_exception(path),
            State::Socket(socket) => socket.write_all(more).map_err(|error| broken(&error)),
            State::Packing { pending, .. } => {
                pending.extend_from_slice(more);
                Ok(())
            }
            State::Closed => Err(disposed()),
        }
    }

    fn seek(&self, to: SeekFrom) -> Outcome<u64> {
        match &mut *self.state.borrow_mut() {
            State::Memory { bytes, at, .. } => {
                let target = match to {
                    SeekFrom::Start(place) => i64::try_from(place).ok(),
                    SeekFrom::Current(by) => (*at as i64).checked_add(by),
                    SeekFrom::End(by) => (bytes.len() as i64).checked_add(by),
                };
                let before = || thrown(TypeRef::IO_EXCEPTION, "A place before the beginning cannot be reached.");
                *at = target.and_then(|place| usize::try_from(place).ok()).ok_or_else(before)?;
                Ok(*at as u64)
            }
            State::File { file, path, .. } => file.seek(to).or_exception(path),
            State::Packing { .. } | State::Socket(_) => Err(unsupported("moved in")),
            State::Closed => Err(disposed()),
        }
    }

    fn length(&self) -> Outcome<u64> {
        match &*self.state.borrow() {
            State::Memory { bytes, .. } => Ok(bytes.len() as u64),
            State::File { file, path, .. } => Ok(file.metadata().or_exception(path)?.len()),
            State::Packing { .. } | State::Socket(_) => Err(unsupported("measured")),
            State::Closed => Err(disposed()),
        }
    }

    fn set_length(&self, length: u64) -> Outcome<()> {
        match &mut *self.state.borrow_mut() {
            State::Memory { bytes, .. } => {
                bytes.resize(usize::try_from(length).unwrap_or(0), 0);
                Ok(())
            }
            State::File { file, path, .. } => file.set_len(length).or_exception(path),
            State::Packing { .. } | State::Socket(_) => Err(unsupported("cut")),
            State::Closed => Err(disposed()),
        }
    }

    fn allows(&self, what: i64) -> bool {
        match &*self.state.borrow() {
            State::Memory { .. } => what == READ || !self.read_only.get(),
            State::File { access, .. } => access & what != 0,
            State::Socket(_) => true,
            State::Packing { .. } => what == WRITE,
            State::Closed => false,
        }
    }

    /// Closes it. A packing stream packs now; a memory stream keeps its bytes for `ToArray`.
    fn close(&self) -> Outcome<()> {
        if matches!(&*self.state.borrow(), State::Memory { .. } | State::Closed) {
            return Ok(());
        }
        let State::Packing { inner, pending, leave_open } = self.state.replace(State::Closed) else { return Ok(()) };
        let packed = pack(self.kind, &pending)?;
        with(&inner, |stream| {
            stream.write(&packed)?;
            if leave_open { Ok(()) } else { stream.close() }
        })
    }
}

fn pack(kind: TypeRef, plain: &[u8]) -> Outcome<Vec<u8>> {
    let failed = |_| thrown(TypeRef::IO_EXCEPTION, "The bytes could not be packed.");
    if kind == TypeRef::GZIPSTREAM {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(plain).and_then(|()| encoder.finish()).map_err(failed)
    } else {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(plain).and_then(|()| encoder.finish()).map_err(failed)
    }
}

fn unpack(kind: TypeRef, packed: &[u8]) -> Outcome<Vec<u8>> {
    let mut plain = Vec::new();
    let result = if kind == TypeRef::GZIPSTREAM {
        GzDecoder::new(packed).read_to_end(&mut plain)
    } else {
        DeflateDecoder::new(packed).read_to_end(&mut plain)
    };
    match result {
        Ok(_) => Ok(plain),
        Err(_) => Err(thrown(TypeRef::INVALID_DATA_EXCEPTION, "The bytes are not packed in this way.")),
    }
}

impl NativeObject for Stream {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn take_bytes(&self, bytes: &[u8]) -> Option<Outcome<()>> {
        Some(self.write(bytes))
    }
    fn rest_of_text(&self) -> Option<Outcome<String>> {
        Some(self.read(usize::MAX).map(|rest| crate::value::encoding::TextEncoding::Utf8.decode_file(&rest)))
    }
}

/// Works on the stream that a value is.
pub(super) fn with<R>(value: &Value, work: impl FnOnce(&Stream) -> Outcome<R>) -> Outcome<R> {
    if let Value::Native(native) = value
        && let Some(stream) = native.downcast::<Stream>()
    {
        return work(stream);
    }
    Err(thrown(TypeRef::ARGUMENT_NULL_EXCEPTION, "A stream is needed there, and there is none."))
}

/// Up to `count` bytes of a stream.
pub(super) fn read(value: &Value, count: usize) -> Outcome<Vec<u8>> {
    with(value, |stream| stream.read(count))
}

/// Writes to a stream.
pub(super) fn write(value: &Value, bytes: &[u8]) -> Outcome<()> {
    with(value, |stream| stream.write(bytes))
}

/// Closes a stream.
pub(super) fn close(value: &Value) -> Outcome<()> {
    with(value, Stream::close)
}

/// Opens a file as `FileMode` (by number) and `FileAccess` say.
pub(super) fn open(engine: &dyn Engine, path: &str, mode: i64, access: Option<i64>) -> Outcome<Value> {
    let path = full_path(engine, path)?;
    let access = access.unwrap_or(if mode == APPEND { WRITE } else { READ | WRITE });
    let mut options = OpenOptions::new();
    let writes = access & WRITE != 0;
    options.read(access & READ != 0).write(writes && mode != APPEND).append(mode == APPEND);
    options.create_new(mode == CREATE_NEW).create(matches!(mode, CREATE | OPEN_OR_CREATE | APPEND) && writes);
    options.truncate(matches!(mode, CREATE | TRUNCATE) && writes);
    let file = options.open(&path).or_exception(&path)?;
    if file.metadata().or_exception(&path)?.is_dir() {
        let text = format!("Access to the path '{}' is denied.", path.display());
        return Err(thrown(TypeRef::UNAUTHORIZED_ACCESS_EXCEPTION, text));
    }
    Ok(made(TypeRef::FILESTREAM, State::File { file, path, access }))
}

/// The stream of a path and a mode, which are arguments.
pub(super) fn open_argument(c: &Call<'_>, mode: i64, access: Option<i64>) -> Outcome<Value> {
    path_argument(c, 0)?;
    open(&*c.engine, c.text(0), mode, access)
}

fn window(c: &Call<'_>, length: usize) -> Outcome<(usize, usize)> {
    if c.args.len() < 3 {
        return Ok((0, length));
    }
    let (start, count) = (usize::try_from(c.int(1)), usize::try_from(c.int(2)));
    match (start, count) {
        (Ok(start), Ok(count)) if start.checked_add(count).is_some_and(|end| end <= length) => Ok((start, count)),
        _ => Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "The range is outside the array.")),
    }
}

/// `Read(buffer, offset, count)`: into the array that is the argument.
fn read_into(c: &mut Call<'_>) -> Outcome<Value> {
    let Value::Array(buffer) = c.arg(0).clone() else { return Ok(Value::I32(0)) };
    let (start, count) = window(c, buffer.len())?;
    let found = read(c.this, count)?;
    let mut items = buffer.items_mut();
    for (place, byte) in items.iter_mut().skip(start).zip(&found) {
        *place = Value::U8(*byte);
    }
    Ok(Value::I32(found.len() as i32))
}

fn write_from(c: &mut Call<'_>) -> Outcome<Value> {
    let all = bytes_of(c.arg(0));
    let (start, count) = window(c, all.len())?;
    write(c.this, all.get(start..start + count).unwrap_or_default())?;
    Ok(Value::Nothing)
}

fn closed(c: &mut Call<'_>) -> Outcome<Value> {
    close(c.this)?;
    Ok(Value::Nothing)
}

const METHODS: &[Row] = &[
    ("int Read(byte[] buffer, int offset, int count)", read_into),
    ("int Read(byte[] buffer)", read_into),
    ("int ReadByte()", |c| Ok(Value::I32(read(c.this, 1)?.first().map_or(-1, |byte| i32::from(*byte))))),
    ("void Write(byte[] buffer, int offset, int count)", write_from),
    ("void Write(byte[] buffer)", write_from),
    ("void WriteByte(byte value)", |c| {
        write(c.this, &[c.int(0) as u8])?;
        Ok(Value::Nothing)
    }),
    ("long Seek(long offset, System.IO.SeekOrigin origin)", |c| {
        let offset = c.int(0);
        let to = match c.int(1) {
            0 => SeekFrom::Start(offset.max(0) as u64),
            1 => SeekFrom::Current(offset),
            _ => SeekFrom::End(offset),
        };
        with(c.this, |stream| stream.seek(to)).map(|at| Value::I64(at as i64))
    }),
    ("void SetLength(long value)", |c| {
        let length = c.int(0).max(0) as u64;
        with(c.this, |stream| stream.set_length(length))?;
        Ok(Value::Nothing)
    }),
    ("void CopyTo(System.IO.Stream destination)", |c| {
        let rest = read(c.this, usize::MAX)?;
        write(c.arg(0), &rest)?;
        Ok(Value::Nothing)
    }),
    ("void Flush()", |c| {
        with(c.this, |stream| match &mut *stream.state.borrow_mut() {
            State::File { file, path, .. } => file.flush().or_exception(path),
            _ => Ok(()),
        })?;
        Ok(Value::Nothing)
    }),
    ("void Close()", closed),
    ("void Dispose()", closed),
];

fn flag(value: &Value, what: i64) -> Outcome<Value> {
    with(value, |stream| Ok(Value::Bool(stream.allows(what))))
}

const PROPERTIES: &[PropertyRow] = &[
    get("CanRead", "bool", |_, v| flag(v, READ)),
    get("CanWrite", "bool", |_, v| flag(v, WRITE)),
    get("CanSeek", "bool", |_, v| {
        with(v, |stream| Ok(Value::Bool(matches!(&*stream.state.borrow(), State::Memory { .. } | State::File { .. }))))
    }),
    get("Length", "long", |_, v| with(v, |stream| Ok(Value::I64(stream.length()? as i64)))),
    set(
        "Position",
        "long",
        |_, v| with(v, |stream| Ok(Value::I64(stream.seek(SeekFrom::Current(0))? as i64))),
        |_, v, new| {
            let place = integer_of(&new).unwrap_or(0).max(0) as u64;
            with(v, |stream| stream.seek(SeekFrom::Start(place)).map(|_| ()))
        },
    ),
];

pub(crate) static STREAM: Table = Table {
    methods: METHODS,
    properties: PROPERTIES,
    static_properties: &[get("Null", "System.IO.Stream", |_, _| Ok(memory(Vec::new(), true)))],
    ..Table::EMPTY
};

fn memory(bytes: Vec<u8>, grows: bool) -> Value {
    made(TypeRef::MEMORYSTREAM, State::Memory { bytes, at: 0, grows })
}

fn memory_bytes(c: &Call<'_>) -> Outcome<Vec<u8>> {
    with(c.this, |stream| match &*stream.state.borrow() {
        State::Memory { bytes, .. } => Ok(bytes.clone()),
        _ => Err(disposed()),
    })
}

pub(crate) static MEMORY: Table = Table {
    constructors: &[
        ("MemoryStream()", |_| Ok(memory(Vec::new(), true))),
        ("MemoryStream(int capacity)", |_| Ok(memory(Vec::new(), true))),
        ("MemoryStream(byte[] buffer)", |c| Ok(memory(bytes_of(c.arg(0)), false))),
        ("MemoryStream(byte[] buffer, bool writable)", |c| Ok(memory(bytes_of(c.arg(0)), false))),
        ("MemoryStream(byte[] buffer, int index, int count)", |c| {
            let all = bytes_of(c.arg(0));
            let (start, count) = window(c, all.len())?;
            Ok(memory(all.get(start..start + count).unwrap_or_default().to_vec(), false))
        }),
    ],
    methods: &[
        ("byte[] ToArray()", |c| Ok(bytes(memory_bytes(c)?))),
        ("byte[] GetBuffer()", |c| Ok(bytes(memory_bytes(c)?))),
        ("void WriteTo(System.IO.Stream stream)", |c| {
            let all = memory_bytes(c)?;
            write(c.arg(0), &all)?;
            Ok(Value::Nothing)
        }),
    ],
    properties: &[get("Capacity", "int", |_, v| with(v, |stream| Ok(Value::I32(stream.length()? as i32))))],
    ..Table::EMPTY
};

fn opened(c: &mut Call<'_>) -> Outcome<Value> {
    let access = (c.args.len() > 2).then(|| c.int(2));
    open_argument(c, c.int(1), access)
}

pub(crate) static FILE_STREAM: Table = Table {
    constructors: &[
        ("FileStream(string path, System.IO.FileMode mode)", opened),
        ("FileStream(string path, System.IO.FileMode mode, System.IO.FileAccess access)", opened),
        (
            "FileStream(string path, System.IO.FileMode mode, System.IO.FileAccess access, System.IO.FileShare share)",
            opened,
        ),
    ],
    properties: &[get("Name", "string", |_, v| {
        with(v, |stream| {
            Ok(match &*stream.state.borrow() {
                State::File { path, .. } => Value::from(path.display().to_string()),
                _ => Value::Null,
            })
        })
    })],
    ..Table::EMPTY
};

/// A stream that packs into another or unpacks from it.
fn packing(c: &mut Call<'_>) -> Outcome<Value> {
    let inner = c.take(0);
    let unpacks = TypeRef::of(c.arg(1)) == TypeRef::COMPRESSION_MODE && c.int(1) == 0;
    if unpacks {
        let plain = unpack(c.kind, &read(&inner, usize::MAX)?)?;
        let stream = Stream {
            kind: c.kind,
            state: RefCell::new(State::Memory { bytes: plain, at: 0, grows: false }),
            read_only: Cell::new(true),
        };
        return Ok(Native::value(stream));
    }
    let leave_open = c.flag(2);
    Ok(made(c.kind, State::Packing { inner, pending: Vec::new(), leave_open }))
}

pub(crate) static PACKING: Table = Table {
    constructors: &[
        ("GZipStream(System.IO.Stream stream, System.IO.Compression.CompressionMode mode)", packing),
        ("GZipStream(System.IO.Stream stream, System.IO.Compression.CompressionLevel compressionLevel)", packing),
        ("GZipStream(System.IO.Stream stream, System.IO.Compression.CompressionMode mode, bool leaveOpen)", packing),
        (
            "GZipStream(System.IO.Stream stream, System.IO.Compression.CompressionLevel compressionLevel, bool leaveOpen)",
            packing,
        ),
    ],
    ..Table::EMPTY
};
