//! `System.Console`: the process's own streams, past the pipeline. What they are, the engine knows.

use super::super::table::{Call, PropertyRow, Row, Table, get, set};
use crate::value::encoding::TextEncoding;
use crate::value::format_text::{composite, format_value};
use crate::value::{Culture, Engine, Native, NativeObject, Outcome, Str, TypeRef, Value, convert};
use std::any::Any;
use std::io::IsTerminal;

pub(super) static TABLES: &[(TypeRef, &Table)] =
    &[(TypeRef::CONSOLE, &CONSOLE), (TypeRef::SYNC_TEXT_WRITER, &STANDARD_WRITER)];

/// `[Console]::Out` and `[Console]::Error`.
struct StandardWriter {
    to_error: bool,
}

impl NativeObject for StandardWriter {
    fn kind(&self) -> TypeRef {
        TypeRef::SYNC_TEXT_WRITER
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// True where the call writes to standard error: only through that stream's writer.
fn goes_to_error(call: &Call<'_>) -> bool {
    let Value::Native(native) = call.this else { return false };
    native.downcast::<StandardWriter>().is_some_and(|writer| writer.to_error)
}

/// The text of the arguments: one value, or a format and what it asks for.
fn text_of(call: &mut Call<'_>) -> Outcome<Str> {
    let first = call.take(0);
    if call.args.len() < 2 {
        return match &first {
            Value::Array(units) => {
                let units: Vec<u16> = units.items().iter().filter_map(unit).collect();
                Ok(Str::from(String::from_utf16_lossy(&units)))
            }
            Value::Bool(_) | Value::Null => Ok(convert::to_text(&first)),
            other => format_value(other, None, Culture::current()).map(Str::from),
        };
    }
    let items = call.items(1);
    composite(call.engine, &convert::to_text(&first), &items, Culture::current())
}

fn unit(value: &Value) -> Option<u16> {
    match value {
        Value::Char(unit) => Some(*unit),
        _ => None,
    }
}

fn write(call: &mut Call<'_>) -> Outcome<Value> {
    let text = text_of(call)?;
    let to_error = goes_to_error(call);
    call.engine.write_console(&text, to_error);
    Ok(Value::Nothing)
}

fn write_line(call: &mut Call<'_>) -> Outcome<Value> {
    let text = if call.args.is_empty() { Str::from("") } else { text_of(call)? };
    let to_error = goes_to_error(call);
    call.engine.write_console(&format!("{text}\n"), to_error);
    Ok(Value::Nothing)
}

fn nothing(_: &mut Call<'_>) -> Outcome<Value> {
    Ok(Value::Nothing)
}

static STANDARD_WRITER: Table = Table { methods: WRITER_METHODS, properties: WRITER_PROPERTIES, ..Table::EMPTY };

static WRITER_METHODS: &[Row] = &[
    ("void Write(string value)", write),
    ("void Write(char[] buffer)", write),
    ("void Write(System.Object value)", write),
    ("void Write(string format, params System.Object[] arg)", write),
    ("void WriteLine()", write_line),
    ("void WriteLine(string value)", write_line),
    ("void WriteLine(char[] buffer)", write_line),
    ("void WriteLine(System.Object value)", write_line),
    ("void WriteLine(string format, params System.Object[] arg)", write_line),
    ("void Flush()", nothing),
    ("void Close()", nothing),
];

static WRITER_PROPERTIES: &[PropertyRow] = &[
    get("NewLine", "string", |_, _| Ok(Value::from("\n"))),
    get("Encoding", "System.Text.Encoding", |_, _| Ok(utf8())),
];

static CONSOLE: Table = Table { statics: STATIC_METHODS, static_properties: PROPERTIES, ..Table::EMPTY };

static STATIC_METHODS: &[Row] = &[
    ("static void Write(string value)", write),
    ("static void Write(char[] buffer)", write),
    ("static void Write(System.Object value)", write),
    ("static void Write(string format, params System.Object[] arg)", write),
    ("static void WriteLine()", write_line),
    ("static void WriteLine(string value)", write_line),
    ("static void WriteLine(char[] buffer)", write_line),
    ("static void WriteLine(System.Object value)", write_line),
    ("static void WriteLine(string format, params System.Object[] arg)", write_line),
    ("static string ReadLine()", |c| Ok(c.engine.read_console().into())),
    ("static void ResetColor()", nothing),
    ("static void Clear()", nothing),
    ("static void Beep()", nothing),
];

fn utf8() -> Value {
    super::encoding::object(TextEncoding::Utf8)
}

/// Where nobody looks at a terminal these are kept by nobody: setting them has no effect.
fn ignored(_: &mut dyn Engine, _: &Value, _: Value) -> Outcome<()> {
    Ok(())
}

fn redirected(stream: impl IsTerminal) -> Outcome<Value> {
    Ok(Value::Bool(!stream.is_terminal()))
}

static PROPERTIES: &[PropertyRow] = &[
    get("Out", "System.IO.TextWriter", |_, _| Ok(Native::value(StandardWriter { to_error: false }))),
    get("Error", "System.IO.TextWriter", |_, _| Ok(Native::value(StandardWriter { to_error: true }))),
    set("OutputEncoding", "System.Text.Encoding", |_, _| Ok(utf8()), ignored),
    set("InputEncoding", "System.Text.Encoding", |_, _| Ok(utf8()), ignored),
    set("ForegroundColor", "System.ConsoleColor", |_, _| Ok(TypeRef::CONSOLE_COLOR.enum_of(-1)), ignored),
    set("BackgroundColor", "System.ConsoleColor", |_, _| Ok(TypeRef::CONSOLE_COLOR.enum_of(-1)), ignored),
    set("TreatControlCAsInput", "bool", |_, _| Ok(Value::Bool(false)), ignored),
    set("CursorVisible", "bool", |_, _| Ok(Value::Bool(true)), ignored),
    get("KeyAvailable", "bool", |_, _| Ok(Value::Bool(false))),
    get("IsOutputRedirected", "bool", |_, _| redirected(std::io::stdout())),
    get("IsErrorRedirected", "bool", |_, _| redirected(std::io::stderr())),
    get("IsInputRedirected", "bool", |_, _| redirected(std::io::stdin())),
    get("WindowWidth", "int", |engine, _| Ok(Value::I32(engine.console_width()))),
    get("BufferWidth", "int", |engine, _| Ok(Value::I32(engine.console_width()))),
    get("WindowHeight", "int", |_, _| Ok(Value::I32(WINDOW_HEIGHT))),
    get("BufferHeight", "int", |_, _| Ok(Value::I32(WINDOW_HEIGHT))),
];

/// Lines of a display of which nobody knows the height.
const WINDOW_HEIGHT: i32 = 24;
