//! A script block among a program's arguments: the program is then a shell, which is given the block's text, its
//! arguments and its input in forms that objects survive.

use crate::runtime::argument::{Argument, ArgumentKind};
use crate::runtime::session::Session;
use crate::value::{ErrorCategory, Fault, Outcome, Value, convert, enumerate};
use base64::Engine as _;

/// What opens a stream of serialized objects.
pub(crate) const CLIXML_MARK: &str = "#< CLIXML";

/// How objects become text for another process and come back; set where the serializer lives.
#[derive(Default)]
pub(crate) struct Serializer {
    /// A whole document of some objects, spelt out as deep as is said or is usual.
    pub(crate) write: Option<fn(&mut Session, &[Value], Option<i32>) -> Outcome<String>>,
    /// The objects of a document.
    pub(crate) read: Option<fn(&mut Session, &str) -> Outcome<Vec<Value>>>,
}

/// Objects as a document with the mark in front.
pub(crate) fn serialized(session: &mut Session, objects: &[Value]) -> Outcome<String> {
    match session.extension::<Serializer>().write {
        Some(write) => Ok(format!("{CLIXML_MARK}\n{}\n", write(session, objects, None)?)),
        None => Ok(String::new()),
    }
}

/// The objects of what a shell wrote; `None` where it does not begin with the mark.
pub(crate) fn deserialized(session: &mut Session, text: &str) -> Outcome<Option<Vec<Value>>> {
    let Some(document) = text.trim_start_matches('\u{feff}').strip_prefix(CLIXML_MARK) else { return Ok(None) };
    let Some(read) = session.extension::<Serializer>().read else { return Ok(None) };
    let mut objects = Vec::new();
    // Several documents may follow one another: one for each time the writer was asked.
    for part in document.split_inclusive("</Objs>").filter(|part| !part.trim().is_empty()) {
        let part = part.trim_start().trim_start_matches(CLIXML_MARK);
        objects.extend(read(session, part.trim())?);
    }
    Ok(Some(objects))
}

/// True where a block stands among the arguments.
pub(super) fn has_block(arguments: &[Argument]) -> bool {
    arguments.iter().any(|argument| match &argument.kind {
        ArgumentKind::Value { value, .. } => matches!(value, Value::ScriptBlock(_)),
        ArgumentKind::Parameter { value, .. } => matches!(value, Some(Value::ScriptBlock(_))),
    })
}

/// The options that take part, by the names that any beginning of stands for.
const OPTIONS: &[(&str, &str)] = &[
    ("command", "NoValueForCommandParameter"),
    ("inputformat", "NoValueForInputFormatParameter"),
    ("outputformat", "NoValueForInputFormatParameter"),
    ("args", "NoValuesSpecifiedForArgs"),
];

fn refused(id: &'static str, message: String) -> Fault {
    Fault::new(id, message)
        .category(ErrorCategory::InvalidArgument)
        .exception("System.Management.Automation.ParameterBindingException")
}

fn encoded(text: &str) -> Value {
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    Value::from(base64::engine::general_purpose::STANDARD.encode(bytes))
}

fn quoted(value: Value) -> Argument {
    Argument {
        kind: ArgumentKind::Parameter {
            name: "".into(),
            value: None,
            splatted: true,
            written: convert::to_text(&value),
        },
        ..Argument::value(Value::Null)
    }
}

/// The arguments with the block replaced by what another shell understands; `None` where there is no block.
pub(super) fn replaced(
    session: &mut Session,
    arguments: &[Argument],
    captured: bool,
) -> Outcome<Option<Vec<Argument>>> {
    if !has_block(arguments) {
        return Ok(None);
    }
    let mut made = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let option = match &argument.kind {
            ArgumentKind::Value { value: Value::ScriptBlock(block), .. } => {
                note(&mut seen, "command")?;
                made.push(quoted("-encodedCommand".into()));
                made.push(quoted(encoded(block.text())));
                continue;
            }
            ArgumentKind::Value { .. } => None,
            ArgumentKind::Parameter { name, .. } => {
                let name = name.to_ascii_lowercase();
                OPTIONS.iter().find(|row| row.0.starts_with(&name))
            }
        };
        let Some((option, missing)) = option else {
            made.push(argument.clone());
            continue;
        };
        note(&mut seen, option)?;
        let value = match rest.next().map(|next| &next.kind) {
            Some(ArgumentKind::Value { value, .. }) => value,
            _ => return refused(missing, format!("-{option} needs a value after it.")).err(),
        };
        add_option(session, option, value, &mut made)?;
    }
    for (option, default) in [("inputformat", true), ("outputformat", captured)] {
        if !seen.contains(&option) {
            made.push(quoted(Value::from(format!("-{option}"))));
            made.push(quoted(if default { "xml" } else { "text" }.into()));
        }
    }
    Ok(Some(made))
}

fn note(seen: &mut Vec<&'static str>, option: &'static str) -> Outcome<()> {
    if seen.contains(&option) {
        return refused("ParameterSpecifiedAlready", format!("-{option} is given twice.")).err();
    }
    seen.push(option);
    Ok(())
}

fn add_option(session: &mut Session, option: &str, value: &Value, made: &mut Vec<Argument>) -> Outcome<()> {
    match (option, value) {
        ("command", Value::ScriptBlock(block)) => {
            made.push(quoted("-encodedCommand".into()));
            made.push(quoted(encoded(block.text())));
        }
        ("command", _) => {
            let text = "Beside a script block, -Command takes a script block and nothing else.";
            return refused("IncorrectValueForCommandParameter", text.into()).err();
        }
        ("args", _) => {
            let items = enumerate(value).unwrap_or_else(|| vec![value.clone()]);
            let list = crate::runtime::objects::array_list(items);
            let document = match session.extension::<Serializer>().write {
                Some(write) => write(session, &[list], None)?,
                None => String::new(),
            };
            made.push(quoted("-encodedarguments".into()));
            made.push(quoted(encoded(&document)));
        }
        _ => {
            let format = convert::to_text(value).to_ascii_lowercase();
            let Some(known) = ["xml", "text"].into_iter().find(|known| known.starts_with(&format)) else {
                let text = format!("-{option} takes xml or text, not '{format}'.");
                return refused("IncorrectValueForFormatParameter", text).err();
            };
            made.push(quoted(Value::from(format!("-{option}"))));
            made.push(quoted(known.into()));
        }
    }
    Ok(())
}
