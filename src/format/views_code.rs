//! The few columns and layouts of compiled-in views that are more than a property.

use super::object;
use super::packet::Token;
use super::{error_details, error_view, style};
use crate::value::{Engine, Outcome, Str, TypeKind, Value};

fn property(engine: &mut dyn Engine, value: &Value, name: &str) -> Outcome<Value> {
    Ok(object::property(engine, value, name)?.unwrap_or(Value::Null))
}

fn property_text(engine: &mut dyn Engine, value: &Value, name: &str) -> Outcome<Str> {
    let found = property(engine, value, name)?;
    object::text(engine, &found)
}

fn number(engine: &mut dyn Engine, value: &Value, name: &str) -> Outcome<Option<f64>> {
    let found = property(engine, value, name)?;
    Ok(object::number(&found))
}

/// `LastWriteTime` as date, hours and minutes.
pub(crate) fn last_write_time(engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    let time = property(engine, value, "LastWriteTime")?;
    let text = |engine: &mut dyn Engine, format| object::formatted(engine, &time, format).unwrap_or_default();
    Ok(Value::from(format!("{} {}", text(engine, "d"), text(engine, "HH:mm"))))
}

/// The same in two parts, as directories were listed before.
pub(crate) fn last_write_time_padded(engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    let time = property(engine, value, "LastWriteTime")?;
    let text = |engine: &mut dyn Engine, format| object::formatted(engine, &time, format).unwrap_or_default();
    Ok(Value::from(format!("{:>10}    {:>8}", text(engine, "d"), text(engine, "t"))))
}

/// How long a file is; nothing for a directory.
pub(crate) fn length_of_file(engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    if is_directory(value) { Ok(Value::from("")) } else { property(engine, value, "Length") }
}

/// A file's name, with where it leads to when it is a link.
pub(crate) fn file_name(engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    let name = property_text(engine, value, "Name")?;
    let target = property_text(engine, value, "LinkTarget")?;
    let colour = file_colour(engine, value, &name, !target.is_empty())?;
    let name = style::paint(&name, colour.as_deref());
    Ok(Value::from(if target.is_empty() { name } else { format!("{name} -> {target}") }))
}

/// What `$PSStyle.FileInfo` has for a file, where colours are shown.
fn file_colour(engine: &mut dyn Engine, value: &Value, name: &str, link: bool) -> Outcome<Option<Str>> {
    let Some(directory) = style::escape(engine, "FileInfo.Directory") else { return Ok(None) };
    if link {
        return Ok(style::escape(engine, "FileInfo.SymbolicLink"));
    }
    if is_directory(value) {
        return Ok(Some(directory));
    }
    if property_text(engine, value, "UnixMode")?.contains('x') {
        return Ok(style::escape(engine, "FileInfo.Executable"));
    }
    let extension = name.rfind('.').and_then(|at| name.get(at + 1..)).unwrap_or("");
    let Some(table) = engine.variable_value("PSStyle") else { return Ok(None) };
    let files = property(engine, &table, "FileInfo")?;
    let table = property(engine, &files, "Extension")?;
    let found = object::property(engine, &table, &format!(".{extension}"))?;
    Ok(found.filter(|found| !found.is_null()).map(|found| object::plain_text(&found)))
}

fn is_directory(value: &Value) -> bool {
    object::type_names(value).first().is_some_and(|kind| kind.ends_with("DirectoryInfo"))
}

/// A file's name; a directory's in brackets.
pub(crate) fn wide_file_name(engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    let name = property_text(engine, value, "Name")?;
    Ok(if is_directory(value) { Value::from(format!("[{name}]")) } else { Value::Str(name) })
}

/// The directory that a file or directory is in.
pub(crate) fn parent_directory(engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    let path = property_text(engine, value, "FullName")?;
    let parent = std::path::Path::new(path.as_str()).parent().map(|parent| parent.to_string_lossy().into_owned());
    Ok(Value::from(parent.unwrap_or_default()))
}

/// A command's name; an alias with what it stands for.
pub(crate) fn command_name(engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    let shown = property_text(engine, value, "DisplayName")?;
    if shown.is_empty() { property(engine, value, "Name") } else { Ok(Value::Str(shown)) }
}

fn exported(engine: &mut dyn Engine, value: &Value, what: &str) -> Outcome<Value> {
    let table = property(engine, value, what)?;
    match object::property(engine, &table, "Keys")? {
        Some(names) => Ok(names),
        None => Ok(table),
    }
}

/// The names of what a module exports.
pub(crate) fn exported_commands(engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    exported(engine, value, "ExportedCommands")
}

/// The names of a module's functions.
pub(crate) fn exported_functions(engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    exported(engine, value, "ExportedFunctions")
}

/// The names of a module's cmdlets.
pub(crate) fn exported_cmdlets(engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    exported(engine, value, "ExportedCmdlets")
}

/// The names of a module's variables.
pub(crate) fn exported_variables(engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    exported(engine, value, "ExportedVariables")
}

/// The names of a module's aliases.
pub(crate) fn exported_aliases(engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    exported(engine, value, "ExportedAliases")
}

/// The name of a drive's provider.
pub(crate) fn drive_provider(engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    let provider = property(engine, value, "Provider")?;
    property(engine, &provider, "Name")
}

/// The computer of a runspace: this one, as there is no remoting.
pub(crate) fn runspace_computer(_: &mut dyn Engine, _: &Value) -> Outcome<Value> {
    Ok(Value::from("localhost"))
}

/// Whether a runspace is here or elsewhere.
pub(crate) fn runspace_type(_: &mut dyn Engine, _: &Value) -> Outcome<Value> {
    Ok(Value::from("Local"))
}

/// The state of a runspace.
pub(crate) fn runspace_state(engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    let info = property(engine, value, "RunspaceStateInfo")?;
    property(engine, &info, "State")
}

/// The file name of a breakpoint's script.
pub(crate) fn breakpoint_script(engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    let path = property_text(engine, value, "Script")?;
    let name = std::path::Path::new(path.as_str()).file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(name.map_or(Value::Null, Value::from))
}

/// The overloads of a method, each in a line of its own.
pub(crate) fn overload_definitions(engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    let definitions = property(engine, value, "OverloadDefinitions")?;
    let mut text = String::new();
    for definition in object::enumerate(&definitions).unwrap_or_default() {
        text.push_str(&object::text(engine, &definition)?);
        text.push('\n');
    }
    Ok(Value::from(text))
}

const GIGABYTE: f64 = 1_073_741_824.0;

fn gigabytes(engine: &mut dyn Engine, value: &Value, name: &str) -> Outcome<Value> {
    Ok(number(engine, value, name)?.map(|bytes| format!("{:.2}", bytes / GIGABYTE)).into())
}

/// Space used on a drive.
pub(crate) fn drive_used(engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    gigabytes(engine, value, "Used")
}

/// Space left on a drive.
pub(crate) fn drive_free(engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    gigabytes(engine, value, "Free")
}

fn scaled(engine: &mut dyn Engine, value: &Value, name: &str, by: f64, decimals: usize) -> Outcome<Value> {
    Ok(number(engine, value, name)?.map(|amount| format!("{:.decimals$}", amount / by)).into())
}

/// Non-paged memory of a process in kilobytes.
pub(crate) fn process_npm(engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    scaled(engine, value, "NonpagedSystemMemorySize64", 1024.0, 0)
}

/// Private memory of a process in megabytes.
pub(crate) fn process_pm(engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    scaled(engine, value, "PagedMemorySize64", 1_048_576.0, 2)
}

/// Working set of a process in megabytes.
pub(crate) fn process_ws(engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    scaled(engine, value, "WorkingSet64", 1_048_576.0, 2)
}

/// Processor time of a process in seconds.
pub(crate) fn process_cpu(engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    scaled(engine, value, "CPU", 1.0, 2)
}

/// How long a command ran, in seconds.
pub(crate) fn history_duration(engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    let duration = property(engine, value, "Duration")?;
    Ok(match object::property(engine, &duration, "TotalSeconds")?.as_ref().and_then(object::number) {
        Some(seconds) => Value::from(format!("{seconds:.3}")),
        None => Value::Null,
    })
}

/// A GUID's text.
pub(crate) fn guid(engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    object::text(engine, value).map(Value::Str)
}

/// A date in long form, or the part of it that its `DisplayHint` asks for.
pub(crate) fn date_time(engine: &mut dyn Engine, value: &Value) -> Outcome<Vec<Token>> {
    let hint = property_text(engine, value, "DisplayHint")?;
    let format = [("Date", "D"), ("Time", "T")].into_iter().find(|(name, _)| hint.eq_ignore_ascii_case(name));
    let hinted = format.and_then(|(_, format)| object::formatted(engine, value, format));
    let shown = match hinted {
        Some(hinted) => Str::from(hinted),
        None => property_text(engine, value, "DateTime")?,
    };
    Ok(vec![Token::Text(shown)])
}

/// An object's own text.
pub(crate) fn as_text(engine: &mut dyn Engine, value: &Value) -> Outcome<Vec<Token>> {
    Ok(vec![Token::Text(object::text(engine, value)?)])
}

/// An error, concisely.
pub(crate) fn error(engine: &mut dyn Engine, value: &Value) -> Outcome<Vec<Token>> {
    let lines = error_view::error_lines(engine, value)?;
    Ok(tokens_of(lines))
}

/// An error with all that is known of it.
pub(crate) fn error_details(engine: &mut dyn Engine, value: &Value) -> Outcome<Vec<Token>> {
    if let Value::Error(record) = object::bare(value) {
        engine.settle_error(record);
    }
    let text = error_details::text(engine, value)?;
    let mut lines = vec![String::new()];
    lines.extend(text.lines().map(str::to_owned));
    lines.push(String::new());
    Ok(tokens_of(lines))
}

fn tokens_of(lines: Vec<String>) -> Vec<Token> {
    let mut tokens = Vec::new();
    for (at, line) in lines.into_iter().enumerate() {
        if at > 0 {
            tokens.push(Token::NewLine);
        }
        tokens.push(Token::Text(Str::from(line)));
    }
    tokens
}

/// A match: its line with its file and number where it is from a file, and the lines around it where they were asked for.
pub(crate) fn match_info(engine: &mut dyn Engine, value: &Value) -> Outcome<Vec<Token>> {
    let path = property_text(engine, value, "Path")?;
    let from_file = path.as_str() != "InputStream" && !path.is_empty();
    let directory = engine.current_directory();
    let shown = match std::path::Path::new(path.as_str()).strip_prefix(&directory) {
        Ok(relative) => relative.to_string_lossy().into_owned(),
        Err(_) => path.to_string(),
    };
    let number = number(engine, value, "LineNumber")?.unwrap_or(0.0) as i64;
    let line = property_text(engine, value, "Line")?;
    let context = property(engine, value, "Context")?;
    let write = |mark: &str, number: i64, text: &str| {
        Token::Text(Str::from(if from_file {
            format!("{mark}{shown}:{number}:{text}")
        } else {
            format!("{mark}{text}")
        }))
    };
    if context.is_null() {
        return Ok(vec![write("", number, &line)]);
    }
    let before = around(engine, &context, "PreContext")?;
    let after = around(engine, &context, "PostContext")?;
    let first = number - i64::try_from(before.len()).unwrap_or(0);
    let mut tokens = Vec::new();
    let lines = before.into_iter().map(|text| ("  ", text)).chain([("> ", line)]);
    for (place, (mark, text)) in (first..).zip(lines.chain(after.into_iter().map(|text| ("  ", text)))) {
        if place > first {
            tokens.push(Token::NewLine);
        }
        tokens.push(write(mark, place, &text));
    }
    Ok(tokens)
}

fn around(engine: &mut dyn Engine, context: &Value, name: &str) -> Outcome<Vec<Str>> {
    let lines = property(engine, context, name)?;
    object::enumerate(&lines).unwrap_or_default().iter().map(|line| object::text(engine, line)).collect()
}

/// Whether a type can be serialized the old way: classes written in script cannot.
pub(crate) fn is_serial(_: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    Ok(match value {
        Value::Type(kind) => Value::Bool(!kind.is_script_class() && kind.info().kind != TypeKind::Interface),
        _ => Value::Null,
    })
}
