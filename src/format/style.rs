//! Colours, and errors as people read them. Colour is for terminals only, and NO_COLOR and TERM=dumb are obeyed.

use super::cells;
use super::object;
use crate::value::{Engine, ErrorRecord, Outcome, Value};

/// `$PSStyle.OutputRendering`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OutputRendering {
    /// Colour where a terminal shows it.
    #[default]
    Host,
    /// Never.
    PlainText,
    /// Always.
    Ansi,
}

/// What of the world decides about colour.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terminal {
    /// Output goes to one.
    pub attached: bool,
    /// `NO_COLOR` is set to something.
    pub no_color: bool,
    /// `TERM` is `dumb` or missing.
    pub dumb: bool,
}

impl OutputRendering {
    /// True where control sequences may be written.
    pub fn is_coloured(self, terminal: Terminal) -> bool {
        match self {
            OutputRendering::PlainText => false,
            OutputRendering::Ansi => true,
            OutputRendering::Host => terminal.attached && !terminal.no_color && !terminal.dumb,
        }
    }
}

/// Red, bright: errors.
pub const ERROR: &str = "\x1b[31;1m";
/// Cyan, bright: marks beside an error.
pub const ERROR_ACCENT: &str = "\x1b[36;1m";
/// Yellow, bright: warnings, verbose and debug messages.
pub const WARNING: &str = "\x1b[33;1m";
/// Green, bright: headings of tables and labels of lists.
pub const HEADING: &str = "\x1b[32;1m";
/// Back to normal.
pub const RESET: &str = "\x1b[0m";

/// Text in a colour, or as it is.
pub fn paint(text: &str, colour: &str, coloured: bool) -> String {
    if coloured { format!("{colour}{text}{RESET}") } else { text.to_owned() }
}

/// How the ids of lines begin that programs write to their error stream.
const NATIVE_ERROR: &str = "NativeCommandError";

/// An error record or exception as lines: which command, where, what.
pub fn error_lines(engine: &mut dyn Engine, value: &Value) -> Outcome<Vec<String>> {
    let Value::Error(record) = value else {
        let message = object::property(engine, value, "Message")?.unwrap_or_else(|| value.clone());
        return Ok(vec![format!("Exception: {}", object::text(engine, &message)?)]);
    };
    let message = message_of(record);
    if record.id.borrow().starts_with(NATIVE_ERROR) {
        return Ok(vec![message]);
    }
    let name = name_of(record);
    let Some(place) = Place::of(engine, record)? else {
        return Ok(with_prefix(&name, &message));
    };
    let mut lines = vec![format!("{name}: {}:{}", place.file, place.number), "Line |".to_owned()];
    lines.push(format!("{:>4} | {}", place.number, place.text));
    if let Some(column) = place.column {
        lines.push(format!("     | {}{}", " ".repeat(column), "~".repeat(place.marked.max(1))));
    }
    lines.extend(message.lines().map(|line| format!("     | {line}")));
    Ok(lines)
}

fn message_of(record: &ErrorRecord) -> String {
    match &*record.details.borrow() {
        Some((message, _)) => message.to_string(),
        None => record.exception.message.borrow().to_string(),
    }
}

/// The command an error is from, or what kind of error it is.
fn name_of(record: &ErrorRecord) -> String {
    let activity = record.activity.borrow();
    if !activity.is_empty() {
        return activity.to_string();
    }
    let kind = record.exception.kind.name();
    kind.rsplit('.').next().unwrap_or(kind).trim_end_matches("Exception").to_owned()
}

fn with_prefix(name: &str, message: &str) -> Vec<String> {
    let mut lines: Vec<String> = message.lines().map(str::to_owned).collect();
    match lines.first_mut() {
        Some(first) => first.insert_str(0, &format!("{name}: ")),
        None => lines.push(format!("{name}:")),
    }
    lines
}

/// Where in a script file an error happened.
struct Place {
    file: String,
    number: i64,
    text: String,
    column: Option<usize>,
    marked: usize,
}

impl Place {
    fn of(engine: &mut dyn Engine, record: &ErrorRecord) -> Outcome<Option<Place>> {
        let invocation = record.invocation.borrow().clone();
        if invocation.is_null() {
            return Ok(None);
        }
        let mut get = |name: &str| object::property(engine, &invocation, name).map(Option::unwrap_or_default);
        let (file, number, line) = (get("ScriptName")?, get("ScriptLineNumber")?, get("Line")?);
        let (offset, statement) = (get("OffsetInLine")?, get("Statement")?);
        let file = object::plain_text(&file).to_string();
        if file.is_empty() {
            return Ok(None);
        }
        let text = object::plain_text(&line).trim_end().to_owned();
        let column = object::whole_number(&offset).and_then(|offset| usize::try_from(offset - 1).ok());
        let marked = cells::width(object::plain_text(&statement).lines().next().unwrap_or(""));
        let column = column.filter(|&column| column <= text.len());
        Ok(Some(Place { file, number: object::whole_number(&number).unwrap_or(0), text, column, marked }))
    }
}
