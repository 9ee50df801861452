//! Readers and writers of text: `StreamReader`, `StringReader`, `StreamWriter`, `StringWriter`. A reader holds its
//! text; a writer hands on what it got when flushed, closed, or every time with `AutoFlush`.

use super::{OrException, full_path};
use crate::value::convert;
use crate::value::encoding::TextEncoding;
use crate::value::members::table::{Call, PropertyRow, Row, Table, get, set};
use crate::value::{Fault, Native, NativeObject, Outcome, TypeRef, Value};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;

/// A text being read.
struct Reader {
    kind: TypeRef,
    text: String,
    at: Cell<usize>,
    closed: Cell<bool>,
}

/// Where written text goes.
struct Writer {
    kind: TypeRef,
    buffer: RefCell<String>,
    target: RefCell<Target>,
    encoding: TextEncoding,
    auto_flush: Cell<bool>,
    new_line: RefCell<String>,
    closed: Cell<bool>,
}

/// What takes the bytes of a writer.
enum Target {
    /// The text stays in the buffer.
    Nothing,
    File(File, PathBuf),
    Stream(Value),
}

impl NativeObject for Reader {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn rest_of_text(&self) -> Option<Outcome<String>> {
        let rest = self.rest().to_owned();
        self.at.set(self.text.len());
        Some(Ok(rest))
    }
}

impl NativeObject for Writer {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        if self.kind == TypeRef::STRINGWRITER { self.buffer.borrow().clone() } else { self.kind.name().to_owned() }
    }
    fn take_text(&self, text: &str) -> Option<Outcome<()>> {
        Some(if self.closed.get() { closed().err() } else { self.write(text).map(drop) })
    }
    fn is_text_writer(&self) -> bool {
        true
    }
    fn holds_text(&self) -> bool {
        self.kind == TypeRef::STRINGWRITER
    }
}

pub(crate) static TEXT_READER: Table = Table { methods: READING, ..Table::EMPTY };
pub(crate) static STREAM_READER: Table = Table {
    constructors: &[
        ("StreamReader(string path)", open_reader),
        ("StreamReader(string path, System.Text.Encoding encoding)", open_reader),
        ("StreamReader(System.IO.Stream stream)", stream_reader),
        ("StreamReader(System.IO.Stream stream, System.Text.Encoding encoding)", stream_reader),
        ("StreamReader(System.IO.Stream stream, bool detectEncodingFromByteOrderMarks)", stream_reader),
    ],
    properties: READER_PROPERTIES,
    ..Table::EMPTY
};
pub(crate) static STRING_READER: Table = Table {
    constructors: &[("StringReader(string s)", |c| Ok(reader(TypeRef::STRINGREADER, c.text(0).to_owned())))],
    ..Table::EMPTY
};
pub(crate) static TEXT_WRITER: Table = Table { methods: WRITING, properties: WRITER_PROPERTIES, ..Table::EMPTY };
pub(crate) static STREAM_WRITER: Table = Table {
    constructors: &[
        ("StreamWriter(string path)", open_writer),
        ("StreamWriter(System.IO.Stream stream)", stream_writer),
        ("StreamWriter(System.IO.Stream stream, System.Text.Encoding encoding)", stream_writer),
        ("StreamWriter(string path, bool append)", open_writer),
        ("StreamWriter(string path, bool append, System.Text.Encoding encoding)", open_writer),
    ],
    ..Table::EMPTY
};
pub(crate) static STRING_WRITER: Table = Table {
    constructors: &[("StringWriter()", |_| Ok(writer(TypeRef::STRINGWRITER, Target::Nothing, TextEncoding::Utf8)))],
    methods: &[("System.Text.StringBuilder GetStringBuilder()", |c| {
        let text = Value::from(convert::to_text(c.this));
        crate::value::members::construct(c.engine, TypeRef::STRINGBUILDER, vec![text])
    })],
    ..Table::EMPTY
};

fn reader(kind: TypeRef, text: String) -> Value {
    Native::value(Reader { kind, text, at: Cell::new(0), closed: Cell::new(false) })
}

fn open_reader(call: &mut Call<'_>) -> Outcome<Value> {
    let path = full_path(&*call.engine, call.text(0))?;
    let encoding = crate::value::members::library::encoding_of(call.arg(1)).unwrap_or(TextEncoding::Utf8);
    let bytes = fs::read(&path).or_exception(&path)?;
    Ok(reader(TypeRef::STREAMREADER, encoding.decode_file(&bytes)))
}

/// The reader of a stream: what is left in it.
fn stream_reader(call: &mut Call<'_>) -> Outcome<Value> {
    let encoding = crate::value::members::library::encoding_of(call.arg(1)).unwrap_or(TextEncoding::Utf8);
    let bytes = super::stream::read(call.arg(0), usize::MAX)?;
    Ok(reader(TypeRef::STREAMREADER, encoding.decode_file(&bytes)))
}

fn stream_writer(call: &mut Call<'_>) -> Outcome<Value> {
    let encoding = crate::value::members::library::encoding_of(call.arg(1)).unwrap_or(TextEncoding::Utf8);
    let stream = call.take(0);
    super::stream::write(&stream, encoding.preamble())?;
    Ok(writer(TypeRef::STREAMWRITER, Target::Stream(stream), encoding))
}

/// `File.OpenText` and its kin.
pub(super) fn open_text(call: &Call<'_>, path: &str) -> Outcome<Value> {
    let path = full_path(&*call.engine, path)?;
    let bytes = fs::read(&path).or_exception(&path)?;
    Ok(reader(TypeRef::STREAMREADER, TextEncoding::Utf8.decode_file(&bytes)))
}

/// `File.CreateText` and `File.AppendText`.
pub(super) fn write_text(call: &Call<'_>, path: &str, append: bool) -> Outcome<Value> {
    let path = full_path(&*call.engine, path)?;
    let options = fs::OpenOptions::new().create(true).write(true).append(append).truncate(!append).open(&path);
    let file = options.or_exception(&path)?;
    Ok(writer(TypeRef::STREAMWRITER, Target::File(file, path), TextEncoding::Utf8))
}

fn writer(kind: TypeRef, target: Target, encoding: TextEncoding) -> Value {
    Native::value(Writer {
        kind,
        buffer: RefCell::default(),
        target: RefCell::new(target),
        encoding,
        auto_flush: Cell::new(false),
        new_line: RefCell::new("\n".to_owned()),
        closed: Cell::new(false),
    })
}

fn open_writer(call: &mut Call<'_>) -> Outcome<Value> {
    let path = full_path(&*call.engine, call.text(0))?;
    let append = call.flag(1);
    let encoding = crate::value::members::library::encoding_of(call.arg(2)).unwrap_or(TextEncoding::Utf8);
    let options = fs::OpenOptions::new().create(true).write(true).append(append).truncate(!append).open(&path);
    let mut file = options.or_exception(&path)?;
    if file.metadata().or_exception(&path)?.len() == 0 {
        file.write_all(encoding.preamble()).or_exception(&path)?;
    }
    Ok(writer(TypeRef::STREAMWRITER, Target::File(file, path), encoding))
}

fn closed() -> Fault {
    Fault::new("ObjectDisposedException", "The reader or writer is closed.").exception("System.ObjectDisposedException")
}

fn with_reader(value: &Value, read: impl FnOnce(&Reader) -> Value) -> Outcome<Value> {
    let Value::Native(native) = value else { return Ok(Value::Null) };
    match native.downcast::<Reader>() {
        Some(reader) if reader.closed.get() => closed().err(),
        Some(reader) => Ok(read(reader)),
        None => Ok(Value::Null),
    }
}

impl Reader {
    fn rest(&self) -> &str {
        self.text.get(self.at.get()..).unwrap_or_default()
    }

    fn read_line(&self) -> Value {
        let rest = self.rest();
        if rest.is_empty() {
            return Value::Null;
        }
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        let skipped = if after.starts_with("\r\n") { 2 } else { after.len().min(1) };
        self.at.set(self.at.get() + end + skipped);
        line.into()
    }

    fn read_to_end(&self) -> Value {
        let rest: Value = self.rest().into();
        self.at.set(self.text.len());
        rest
    }

    fn read(&self, take: bool) -> Value {
        match self.rest().chars().next() {
            Some(c) => {
                self.at.set(self.at.get() + if take { c.len_utf8() } else { 0 });
                Value::I32(u32::from(c) as i32)
            }
            None => Value::I32(-1),
        }
    }
}

static READING: &[Row] = &[
    ("void Close()", close_reader),
    ("void Dispose()", close_reader),
    ("int Peek()", |c| with_reader(c.this, |r| r.read(false))),
    ("int Read()", |c| with_reader(c.this, |r| r.read(true))),
    ("string ReadLine()", |c| with_reader(c.this, Reader::read_line)),
    ("string ReadToEnd()", |c| with_reader(c.this, Reader::read_to_end)),
];

static READER_PROPERTIES: &[PropertyRow] =
    &[get("EndOfStream", "bool", |_, v| with_reader(v, |r| Value::Bool(r.rest().is_empty())))];

fn close_reader(call: &mut Call<'_>) -> Outcome<Value> {
    if let Value::Native(native) = call.this
        && let Some(reader) = native.downcast::<Reader>()
    {
        reader.closed.set(true);
    }
    Ok(Value::Nothing)
}

fn with_writer(value: &Value, work: impl FnOnce(&Writer) -> Outcome<Value>) -> Outcome<Value> {
    let Value::Native(native) = value else { return Ok(Value::Null) };
    match native.downcast::<Writer>() {
        Some(writer) if writer.closed.get() => closed().err(),
        Some(writer) => work(writer),
        None => Ok(Value::Null),
    }
}

impl Writer {
    fn write(&self, text: &str) -> Outcome<Value> {
        self.buffer.borrow_mut().push_str(text);
        const ENOUGH: usize = 1 << 14;
        if self.auto_flush.get() || self.buffer.borrow().len() >= ENOUGH {
            self.flush()?;
        }
        Ok(Value::Nothing)
    }

    /// A string writer keeps what it got.
    fn flush(&self) -> Outcome<()> {
        let target = &mut *self.target.borrow_mut();
        if matches!(target, Target::Nothing) {
            return Ok(());
        }
        let bytes = self.encoding.encode(&std::mem::take(&mut *self.buffer.borrow_mut()));
        match target {
            Target::File(file, path) => file.write_all(&bytes).or_exception(path),
            Target::Stream(stream) if !bytes.is_empty() => super::stream::write(stream, &bytes),
            Target::Stream(_) | Target::Nothing => Ok(()),
        }
    }
}

/// What is still in the buffer is written when the last reference goes: a forgotten `Close()` loses nothing.
impl Drop for Writer {
    fn drop(&mut self) {
        // Nobody is left who could be told of a failure.
        let _ = self.flush();
    }
}

static WRITING: &[Row] = &[
    ("void Close()", close_writer),
    ("void Dispose()", close_writer),
    ("void Flush()", |c| with_writer(c.this, |w| w.flush().map(|()| Value::Nothing))),
    ("string ToString()", |c| {
        let Value::Native(native) = c.this else { return Ok(Value::Null) };
        Ok(native.data.text().into())
    }),
    ("void Write(string value)", |c| write(c, "")),
    ("void Write(System.Object value)", |c| write(c, "")),
    ("void WriteLine()", |c| write_line(c)),
    ("void WriteLine(string value)", |c| write_line(c)),
    ("void WriteLine(System.Object value)", |c| write_line(c)),
];

fn write(call: &Call<'_>, end: &str) -> Outcome<Value> {
    let mut text = if call.args.is_empty() { String::new() } else { convert::to_text(call.arg(0)).to_string() };
    text.push_str(end);
    with_writer(call.this, |writer| writer.write(&text))
}

fn write_line(call: &Call<'_>) -> Outcome<Value> {
    let mut end = String::new();
    with_writer(call.this, |writer| {
        end.clone_from(&writer.new_line.borrow());
        Ok(Value::Nothing)
    })?;
    write(call, &end)
}

fn close_writer(call: &mut Call<'_>) -> Outcome<Value> {
    if let Value::Native(native) = call.this
        && let Some(writer) = native.downcast::<Writer>()
        && !writer.closed.get()
    {
        writer.flush()?;
        writer.closed.set(true);
        if let Target::Stream(stream) = writer.target.replace(Target::Nothing) {
            super::stream::close(&stream)?;
        }
    }
    Ok(Value::Nothing)
}

static WRITER_PROPERTIES: &[PropertyRow] = &[
    set(
        "AutoFlush",
        "bool",
        |_, v| with_writer(v, |w| Ok(Value::Bool(w.auto_flush.get()))),
        |_, v, new| {
            with_writer(v, |w| {
                w.auto_flush.set(matches!(new, Value::Bool(true)));
                w.flush().map(|()| Value::Nothing)
            })
            .map(drop)
        },
    ),
    set(
        "NewLine",
        "string",
        |_, v| with_writer(v, |w| Ok(w.new_line.borrow().as_str().into())),
        |_, v, new| {
            with_writer(v, |w| {
                *w.new_line.borrow_mut() = convert::to_text(&new).to_string();
                Ok(Value::Nothing)
            })
            .map(drop)
        },
    ),
];
