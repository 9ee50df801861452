//! `$Host`: what the program that runs scripts offers them: its user interface, the size of its display, its end; and
//! the serializer that objects travel between programs with.

use super::super::table::{Call, Row, Table, get, set};
use super::psobject::custom_of;
use crate::value::{Control, ErrorCategory, Fault, Outcome, TypeRef, Value, convert};

pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::PSSERIALIZER, &SERIALIZER),
    (TypeRef::INTERNAL_HOST, &HOST),
    (TypeRef::INTERNAL_HOST_UI, &USER_INTERFACE),
    (TypeRef::INTERNAL_HOST_RAW_UI, &RAW_USER_INTERFACE),
];

/// How deep an object is spelt out where nobody says.
const DEPTH: i32 = 1;

fn serialized(call: &mut Call<'_>, depth: i32) -> Outcome<Value> {
    let source = call.take(0);
    call.engine.serialize(&source, depth).unwrap_or_else(|| Ok(String::new())).map(Value::from)
}

static SERIALIZER: Table = Table {
    statics: &[
        ("static string Serialize(System.Object source)", |c| serialized(c, DEPTH)),
        ("static string Serialize(System.Object source, int depth)", |c| {
            let depth = c.int(1) as i32;
            serialized(c, depth)
        }),
        ("static System.Object Deserialize(string source)", |c| {
            let text = c.text(0).to_string();
            let mut objects = c.engine.deserialize(&text).unwrap_or_else(|| Ok(Vec::new()))?;
            Ok(if objects.len() == 1 { objects.remove(0) } else { Value::array(objects) })
        }),
    ],
    ..Table::EMPTY
};

static HOST: Table = Table {
    methods: &[
        ("void SetShouldExit(int exitCode)", |c| {
            let code = c.int(0) as i32;
            c.engine.set_exit_code(code);
            Ok(Value::Nothing)
        }),
        ("void NotifyBeginApplication()", |_| Ok(Value::Nothing)),
        ("void NotifyEndApplication()", |_| Ok(Value::Nothing)),
    ],
    ..Table::EMPTY
};

/// The text to be shown: the last argument, as colours go before it.
fn shown(call: &Call<'_>) -> String {
    call.args.last().map(|text| convert::to_text(text).to_string()).unwrap_or_default()
}

fn write(call: &mut Call<'_>) -> Outcome<Value> {
    let text = shown(call);
    call.engine.write_console(&text, false);
    Ok(Value::Nothing)
}

fn labelled(call: &mut Call<'_>, label: &str, to_error: bool) -> Outcome<Value> {
    let text = format!("{label}{}\n", shown(call));
    call.engine.write_console(&text, to_error);
    Ok(Value::Nothing)
}

/// Nobody sits at a host that runs scripts only.
fn ask<T>(what: &str) -> Outcome<T> {
    Fault::new("InvalidOperation", format!("{what} needs a person at the terminal; this shell runs without one."))
        .category(ErrorCategory::InvalidOperation)
        .exception("System.Management.Automation.PSInvalidOperationException")
        .err()
}

static USER_INTERFACE: Table = Table {
    methods: USER_INTERFACE_METHODS,
    properties: &[get("SupportsVirtualTerminal", "bool", |engine, _| {
        Ok(Value::Bool(engine.environment("TERM").as_deref() != Some("dumb")))
    })],
    ..Table::EMPTY
};

static USER_INTERFACE_METHODS: &[Row] = &[
    ("void Write(string value)", write),
    ("void Write(System.ConsoleColor foregroundColor, System.ConsoleColor backgroundColor, string value)", write),
    ("void WriteLine()", |c| labelled(c, "", false)),
    ("void WriteLine(string value)", |c| labelled(c, "", false)),
    ("void WriteLine(System.ConsoleColor foregroundColor, System.ConsoleColor backgroundColor, string value)", |c| {
        labelled(c, "", false)
    }),
    ("void WriteErrorLine(string value)", |c| labelled(c, "", true)),
    ("void WriteWarningLine(string message)", |c| labelled(c, "WARNING: ", false)),
    ("void WriteVerboseLine(string message)", |c| labelled(c, "VERBOSE: ", false)),
    ("void WriteDebugLine(string message)", |c| labelled(c, "DEBUG: ", false)),
    ("string ReadLine()", |c| match c.engine.is_interactive() {
        true => Ok(c.engine.read_console().into()),
        false => ask("Reading a line"),
    }),
    ("int PromptForChoice(string caption, string message, System.Object choices, int defaultChoice)", |_| {
        ask("A choice")
    }),
];

/// Lines of a display of which nobody knows the height.
const HEIGHT: i32 = 24;

fn pair(kind: TypeRef, names: [&'static str; 2], values: [i32; 2]) -> Value {
    custom_of(kind, format!("{},{}", values[0], values[1]), names.into_iter().zip(values.map(Value::I32)))
}

static RAW_USER_INTERFACE: Table = Table {
    properties: &[
        set("ForegroundColor", "System.ConsoleColor", |_, _| Ok(TypeRef::CONSOLE_COLOR.enum_of(-1)), |_, _, _| Ok(())),
        set("BackgroundColor", "System.ConsoleColor", |_, _| Ok(TypeRef::CONSOLE_COLOR.enum_of(-1)), |_, _, _| Ok(())),
        get("CursorPosition", "System.Management.Automation.Host.Coordinates", |_, _| {
            Ok(pair(TypeRef::HOST_COORDINATES, ["X", "Y"], [0, 0]))
        }),
        get("WindowPosition", "System.Management.Automation.Host.Coordinates", |_, _| {
            Ok(pair(TypeRef::HOST_COORDINATES, ["X", "Y"], [0, 0]))
        }),
        get("BufferSize", "System.Management.Automation.Host.Size", |engine, _| {
            Ok(pair(TypeRef::HOST_SIZE, ["Width", "Height"], [engine.console_width(), HEIGHT]))
        }),
        get("WindowSize", "System.Management.Automation.Host.Size", |engine, _| {
            Ok(pair(TypeRef::HOST_SIZE, ["Width", "Height"], [engine.console_width(), HEIGHT]))
        }),
        get("KeyAvailable", "bool", |_, _| Ok(Value::Bool(false))),
    ],
    methods: &[("void FlushInputBuffer()", |_| Ok(Value::Nothing))],
    ..Table::EMPTY
};

/// The end of the process, wherever the script is: no script that called this one goes on.
pub(super) fn end_process(call: &mut Call<'_>) -> Outcome<Value> {
    let code = call.int(0) as i32;
    call.engine.set_exit_code(code);
    Err(Control::EndProcess(code).into())
}
