//! `XmlWriter` and `XmlTextWriter`: to a file, a stream, a text writer or a `StringBuilder`.

use super::super::super::table::{Call, PropertyRow, Row, Table, get, set};
use super::super::super::thrown;
use super::super::io;
use crate::value::encoding::TextEncoding;
use crate::value::object::NativeObject;
use crate::value::xml::QName;
use crate::value::xml::write::{Layout, Writer};
use crate::value::{Native, Outcome, TypeRef, Value, convert};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

/// Where text goes.
enum Sink {
    /// A file, kept open until the writer is closed.
    File(RefCell<Option<File>>, PathBuf, TextEncoding),
    /// A text writer, a `StringBuilder` or a stream.
    Object(Value, TextEncoding),
}

/// A writer as an object.
pub(crate) struct WriterObject {
    kind: TypeRef,
    writer: RefCell<Writer>,
    sink: Sink,
    /// The name of its encoding, for declarations.
    encoding: String,
    omit_declaration: bool,
    /// A declaration is written before anything else.
    declares: Cell<bool>,
    /// The attribute being written piece by piece.
    attribute: RefCell<Option<(QName, String)>>,
}

impl NativeObject for WriterObject {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// What is still held back is written when the last reference goes.
impl Drop for WriterObject {
    fn drop(&mut self) {
        // Nobody is left who could be told of a failure.
        let _ = self.emit();
    }
}

impl WriterObject {
    /// Hands on what was written so far.
    fn emit(&self) -> Outcome<()> {
        let text = self.writer.borrow_mut().take();
        if text.is_empty() {
            return Ok(());
        }
        match &self.sink {
            Sink::File(file, path, encoding) => match file.borrow_mut().as_mut() {
                Some(file) => io::or_exception(file.write_all(&encoding.encode(&text)), path),
                None => Ok(()),
            },
            Sink::Object(object, encoding) => put(object, &text, *encoding),
        }
    }
}

/// Gives text to a writer, a builder or a stream.
fn put(object: &Value, text: &str, encoding: TextEncoding) -> Outcome<()> {
    let Value::Native(native) = object else { return Ok(()) };
    let taken = native.data.take_text(text).or_else(|| native.data.take_bytes(&encoding.encode(text)));
    taken.unwrap_or_else(|| Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "Nothing can be written to that object.")))
}

/// The name of the encoding that a declaration gives for a target.
pub(super) fn encoding_name(target: &Value) -> &'static str {
    match target {
        Value::Native(native) if native.data.holds_text() => "utf-16",
        _ => "utf-8",
    }
}

/// Writes a whole text to a path, a stream or a writer.
pub(super) fn write_whole(c: &Call<'_>, index: usize, text: &str, encoding: TextEncoding) -> Outcome<()> {
    if let Value::Native(native) = c.arg(index) {
        if let Some(result) = native.data.take_bytes(encoding.preamble()) {
            result?;
        }
        return put(c.arg(index), text, encoding);
    }
    let (mut file, path) = io::create_file(c, index)?;
    let bytes = [encoding.preamble(), &encoding.encode(text)].concat();
    io::or_exception(file.write_all(&bytes), &path)
}

fn object(value: &Value) -> Outcome<&WriterObject> {
    let found = match value {
        Value::Native(native) => native.downcast::<WriterObject>(),
        _ => None,
    };
    found.ok_or_else(|| thrown(TypeRef::ARGUMENT_NULL_EXCEPTION, "A writer is needed there, and the argument is none."))
}

/// Writes to the writer that is an argument.
pub(super) fn write_node(c: &Call<'_>, index: usize, write: impl FnOnce(&mut Writer)) -> Outcome<Value> {
    with(c.arg(index), write)
}

/// Writes, the declaration before the first piece.
fn with(value: &Value, write: impl FnOnce(&mut Writer)) -> Outcome<Value> {
    let object = object(value)?;
    {
        let mut writer = object.writer.borrow_mut();
        if object.declares.replace(false) && !object.omit_declaration {
            writer.declaration(&format!("version=\"1.0\" encoding=\"{}\"", object.encoding));
        }
        write(&mut writer);
    }
    object.emit()?;
    Ok(Value::Nothing)
}

fn refused(text: &str) -> crate::value::Unwind {
    thrown(TypeRef::INVALID_OPERATION_EXCEPTION, text)
}

/// `XmlWriterSettings`.
#[derive(Clone)]
struct Settings {
    indent: bool,
    indent_chars: String,
    new_line: String,
    omit_declaration: bool,
    attributes_on_lines: bool,
    encoding: TextEncoding,
    encoding_name: String,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            indent: false,
            indent_chars: "  ".to_owned(),
            new_line: "\n".to_owned(),
            omit_declaration: false,
            attributes_on_lines: false,
            encoding: TextEncoding::Utf8Bom,
            encoding_name: "utf-8".to_owned(),
        }
    }
}

struct SettingsObject(RefCell<Settings>);

impl NativeObject for SettingsObject {
    fn kind(&self) -> TypeRef {
        TypeRef::XMLWRITERSETTINGS
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn settings(value: &Value) -> Settings {
    match value {
        Value::Native(native) => {
            native.downcast::<SettingsObject>().map(|object| object.0.borrow().clone()).unwrap_or_default()
        }
        _ => Settings::default(),
    }
}

fn change(value: &Value, change: impl FnOnce(&mut Settings)) -> Outcome<()> {
    if let Value::Native(native) = value
        && let Some(object) = native.downcast::<SettingsObject>()
    {
        change(&mut object.0.borrow_mut());
    }
    Ok(())
}

/// A property of the settings that is a truth.
macro_rules! switch {
    ($name:literal, $field:ident) => {
        set(
            $name,
            "bool",
            |_, v| Ok(Value::Bool(settings(v).$field)),
            |_, v, new| change(v, |settings| settings.$field = convert::to_bool(&new)),
        )
    };
}

/// A property of the settings that is a text.
macro_rules! text {
    ($name:literal, $field:ident) => {
        set(
            $name,
            "string",
            |_, v| Ok(Value::from(settings(v).$field)),
            |_, v, new| change(v, |settings| settings.$field = convert::to_text(&new).to_string()),
        )
    };
}

/// A property that is kept by nobody, as it changes nothing here.
const fn without_effect(name: &'static str, kind: &'static str) -> PropertyRow {
    set(name, kind, |_, _| Ok(Value::Bool(true)), |_, _, _| Ok(()))
}

pub(super) static SETTINGS: Table = Table {
    constructors: &[("XmlWriterSettings()", |_| Ok(Native::value(SettingsObject(RefCell::default()))))],
    properties: &[
        switch!("Indent", indent),
        text!("IndentChars", indent_chars),
        text!("NewLineChars", new_line),
        switch!("NewLineOnAttributes", attributes_on_lines),
        switch!("OmitXmlDeclaration", omit_declaration),
        set(
            "Encoding",
            "System.Text.Encoding",
            |_, _| Ok(Value::Null),
            |engine, v, new| {
                let name = super::super::super::get(engine, &new, "WebName")?.unwrap_or_default();
                let encoding = super::super::encoding_of(&new).unwrap_or(TextEncoding::Utf8);
                change(v, |settings| {
                    settings.encoding = encoding;
                    settings.encoding_name = convert::to_text(&name).to_string();
                })
            },
        ),
        without_effect("CloseOutput", "bool"),
        without_effect("CheckCharacters", "bool"),
        without_effect("ConformanceLevel", "System.Object"),
        without_effect("NewLineHandling", "System.Object"),
    ],
    ..Table::EMPTY
};

/// `XmlWriter.Create(target, settings)`.
fn created(c: &mut Call<'_>) -> Outcome<Value> {
    let settings = settings(c.arg(1));
    let layout = Layout {
        indent: settings.indent.then(|| settings.indent_chars.clone()),
        new_line: settings.new_line.clone(),
        attributes_on_lines: settings.attributes_on_lines,
    };
    let in_memory = encoding_name(c.arg(0)) == "utf-16";
    let encoding = if in_memory { "utf-16".to_owned() } else { settings.encoding_name.clone() };
    let made = WriterObject {
        kind: TypeRef::XMLWRITER,
        writer: RefCell::new(Writer::new(layout)),
        sink: sink(c, 0, settings.encoding)?,
        encoding,
        omit_declaration: settings.omit_declaration,
        declares: Cell::new(true),
        attribute: RefCell::default(),
    };
    Ok(Native::value(made))
}

fn sink(c: &Call<'_>, index: usize, encoding: TextEncoding) -> Outcome<Sink> {
    if let Value::Native(native) = c.arg(index) {
        if let Some(result) = native.data.take_bytes(encoding.preamble()) {
            result?;
        }
        return Ok(Sink::Object(c.arg(index).clone(), encoding));
    }
    let (mut file, path) = io::create_file(c, index)?;
    io::or_exception(file.write_all(encoding.preamble()), &path)?;
    Ok(Sink::File(RefCell::new(Some(file)), path, encoding))
}

/// `XmlTextWriter(path or stream, encoding)` and `XmlTextWriter(writer)`.
fn text_writer(c: &mut Call<'_>) -> Outcome<Value> {
    let encoding = super::super::encoding_of(c.arg(1)).unwrap_or(TextEncoding::Utf8);
    let name = match super::super::super::get(c.engine, c.args.get(1).unwrap_or(&Value::Null), "WebName")? {
        Some(name) if !name.is_null() => convert::to_text(&name).to_string(),
        _ => encoding_name(c.arg(0)).to_owned(),
    };
    let made = WriterObject {
        kind: TypeRef::XMLTEXTWRITER,
        writer: RefCell::new(Writer::new(Layout::plain())),
        sink: sink(c, 0, encoding)?,
        encoding: name,
        omit_declaration: false,
        declares: Cell::new(false),
        attribute: RefCell::default(),
    };
    Ok(Native::value(made))
}

/// `(local)`, `(local, namespace)` or `(prefix, local, namespace)`, of the arguments before `count`.
fn name_of(c: &Call<'_>, count: usize) -> Outcome<QName> {
    let name = match count {
        1 => QName::qualified(c.text(0), ""),
        2 => {
            let object = object(c.this)?;
            let prefix = object.writer.borrow().prefix_of(c.text(1)).unwrap_or_default();
            QName::new(&prefix, c.text(0), c.text(1))
        }
        _ => QName::new(c.text(0), c.text(1), c.text(2)),
    };
    super::element::check_name(&name.local)?;
    Ok(name)
}

fn start_element(c: &mut Call<'_>) -> Outcome<Value> {
    let name = name_of(c, c.args.len())?;
    with(c.this, |writer| writer.start_element(&name))
}

fn element_string(c: &mut Call<'_>) -> Outcome<Value> {
    let name = name_of(c, c.args.len() - 1)?;
    let text = convert::to_text(c.arg(c.args.len() - 1));
    with(c.this, |writer| {
        writer.start_element(&name);
        if !text.is_empty() {
            writer.text(&text);
        }
        writer.end_element(false);
    })
}

fn attribute_string(c: &mut Call<'_>) -> Outcome<Value> {
    let count = c.args.len() - 1;
    let name = match (count, c.text(0)) {
        (1, name) if name == "xmlns" || name.starts_with("xmlns:") => QName::qualified(name, crate::value::xml::XMLNS),
        (3, "xmlns") => QName::new("xmlns", c.text(1), crate::value::xml::XMLNS),
        _ => name_of(c, count)?,
    };
    let text = convert::to_text(c.arg(count)).to_string();
    if !object(c.this)?.writer.borrow().in_tag() {
        return Err(refused("An attribute can be written only right after the start of its element."));
    }
    with(c.this, |writer| writer.attribute(&name, &text))
}

fn end_element(c: &mut Call<'_>, full: bool) -> Outcome<Value> {
    if object(c.this)?.writer.borrow().depth() == 0 {
        return Err(refused("No element is open that could be closed."));
    }
    with(c.this, |writer| {
        writer.end_element(full);
    })
}

fn string(c: &mut Call<'_>) -> Outcome<Value> {
    let text = convert::to_text(c.arg(0));
    if let Some((_, pending)) = object(c.this)?.attribute.borrow_mut().as_mut() {
        pending.push_str(&text);
        return Ok(Value::Nothing);
    }
    if text.is_empty() {
        return Ok(Value::Nothing);
    }
    with(c.this, |writer| writer.text(&text))
}

fn start_document(c: &mut Call<'_>) -> Outcome<Value> {
    let object = object(c.this)?;
    object.declares.set(false);
    if object.omit_declaration {
        return Ok(Value::Nothing);
    }
    let standalone = match c.args.first() {
        Some(_) => format!(" standalone=\"{}\"", if c.flag(0) { "yes" } else { "no" }),
        None => String::new(),
    };
    let text = format!("version=\"1.0\" encoding=\"{}\"{standalone}", object.encoding);
    with(c.this, |writer| writer.declaration(&text))
}

fn close(c: &mut Call<'_>) -> Outcome<Value> {
    let object = object(c.this)?;
    end_all(object);
    object.emit()?;
    if let Sink::File(file, ..) = &object.sink {
        file.borrow_mut().take();
    }
    Ok(Value::Nothing)
}

fn end_all(object: &WriterObject) {
    let mut writer = object.writer.borrow_mut();
    while writer.end_element(false) {}
}

const METHODS: &[Row] = &[
    ("void WriteStartDocument()", start_document),
    ("void WriteStartDocument(bool standalone)", start_document),
    ("void WriteEndDocument()", |c| {
        let object = object(c.this)?;
        end_all(object);
        object.emit()?;
        Ok(Value::Nothing)
    }),
    ("void WriteStartElement(string localName)", start_element),
    ("void WriteStartElement(string localName, string ns)", start_element),
    ("void WriteStartElement(string prefix, string localName, string ns)", start_element),
    ("void WriteEndElement()", |c| end_element(c, false)),
    ("void WriteFullEndElement()", |c| end_element(c, true)),
    ("void WriteElementString(string localName, string value)", element_string),
    ("void WriteElementString(string localName, string ns, string value)", element_string),
    ("void WriteElementString(string prefix, string localName, string ns, string value)", element_string),
    ("void WriteAttributeString(string localName, string value)", attribute_string),
    ("void WriteAttributeString(string localName, string ns, string value)", attribute_string),
    ("void WriteAttributeString(string prefix, string localName, string ns, string value)", attribute_string),
    ("void WriteStartAttribute(string localName)", |c| {
        let name = name_of(c, 1)?;
        object(c.this)?.attribute.replace(Some((name, String::new())));
        Ok(Value::Nothing)
    }),
    ("void WriteEndAttribute()", |c| {
        let pending = object(c.this)?.attribute.take();
        match pending {
            Some((name, text)) => with(c.this, |writer| writer.attribute(&name, &text)),
            None => Ok(Value::Nothing),
        }
    }),
    ("void WriteString(string text)", string),
    ("void WriteValue(System.Object value)", |c| {
        let text = super::convert::text_of(c.arg(0));
        c.args[0] = Value::from(text);
        string(c)
    }),
    ("void WriteRaw(string data)", |c| {
        let text = c.text(0).to_owned();
        with(c.this, |writer| writer.raw(&text))
    }),
    ("void WriteCData(string text)", |c| {
        let text = c.text(0).to_owned();
        with(c.this, |writer| writer.cdata(&text))
    }),
    ("void WriteComment(string text)", |c| {
        let text = c.text(0).to_owned();
        with(c.this, |writer| writer.comment(&text))
    }),
    ("void WriteProcessingInstruction(string name, string text)", |c| {
        let (name, text) = (c.text(0).to_owned(), c.text(1).to_owned());
        with(c.this, |writer| writer.instruction(&name, &text))
    }),
    ("void WriteNode(System.Xml.XmlNode node, bool defattr)", |c| {
        let node = super::node_argument(c, 0)?;
        with(c.this, |writer| writer.node(&node))
    }),
    ("void Flush()", |c| {
        object(c.this)?.emit()?;
        Ok(Value::Nothing)
    }),
    ("void Close()", close),
    ("void Dispose()", close),
];

pub(super) static WRITER: Table = Table {
    methods: METHODS,
    statics: &[
        ("static System.Xml.XmlWriter Create(string outputFileName)", created),
        ("static System.Xml.XmlWriter Create(string outputFileName, System.Xml.XmlWriterSettings settings)", created),
        ("static System.Xml.XmlWriter Create(System.Object output)", created),
        ("static System.Xml.XmlWriter Create(System.Object output, System.Xml.XmlWriterSettings settings)", created),
    ],
    ..Table::EMPTY
};

fn layout_of(value: &Value) -> Outcome<Layout> {
    Ok(object(value)?.writer.borrow().layout().clone())
}

/// Changes how an `XmlTextWriter` lays text out.
fn relayout(value: &Value, change: impl FnOnce(&mut Layout)) -> Outcome<()> {
    let object = object(value)?;
    let mut layout = object.writer.borrow().layout().clone();
    change(&mut layout);
    object.writer.borrow_mut().set_layout(layout);
    Ok(())
}

pub(super) static TEXT_WRITER: Table = Table {
    constructors: &[
        ("XmlTextWriter(System.Object w)", text_writer),
        ("XmlTextWriter(string filename, System.Text.Encoding encoding)", text_writer),
        ("XmlTextWriter(System.Object w, System.Text.Encoding encoding)", text_writer),
    ],
    properties: &[
        set(
            "Formatting",
            "System.Xml.Formatting",
            |_, v| Ok(TypeRef::XML_FORMATTING.enum_of(i64::from(layout_of(v)?.indent.is_some()))),
            |_, v, new| {
                let on = super::super::super::integer_of(&new) == Some(1);
                relayout(v, |layout| layout.indent = on.then(|| "  ".to_owned()))
            },
        ),
        set(
            "Indentation",
            "int",
            |_, v| Ok(Value::I32(layout_of(v)?.indent.map_or(2, |indent| indent.len() as i32))),
            |_, v, new| {
                let count = super::super::super::integer_of(&new).and_then(|count| usize::try_from(count).ok());
                relayout(v, |layout| layout.indent = Some(" ".repeat(count.unwrap_or(2).min(64))))
            },
        ),
        set(
            "IndentChar",
            "char",
            |_, _| Ok(Value::Char(32)),
            |_, v, new| {
                let shown = convert::to_text(&new);
                relayout(v, |layout| {
                    layout.indent = layout.indent.take().map(|indent| shown.repeat(indent.len()));
                })
            },
        ),
        get("WriteState", "string", |_, v| {
            Ok(Value::from(if object(v)?.writer.borrow().begun() { "Content" } else { "Start" }))
        }),
    ],
    ..Table::EMPTY
};
