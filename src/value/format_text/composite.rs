//! Composite formatting: `{index[,alignment][:format]}` items in a text, as `-f` and `String.Format` have them.

use super::format_value;
use crate::value::culture::Culture;
use crate::value::{Engine, Fault, Outcome, Str, Value, convert};

/// What stands between braces.
struct Item<'a> {
    index: usize,
    alignment: i32,
    format: Option<std::borrow::Cow<'a, str>>,
}

fn broken(template: &str, why: &str) -> Fault {
    Fault::new("FormatError", format!("The format string '{template}' cannot be used: {why}."))
        .inner(crate::value::error::simple_exception("System.FormatException", why))
}

/// Fills a composite format string. Faults have the id `FormatError`.
pub(crate) fn composite(engine: &mut dyn Engine, template: &str, args: &[Value], culture: &Culture) -> Outcome<Str> {
    let mut text = String::with_capacity(template.len() + args.len() * 8);
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let brace = rest.as_bytes().get(at).copied().unwrap_or(b'{') as char;
        let after = &rest[at + 1..];
        if let Some(doubled) = after.strip_prefix(brace) {
            text.push(brace);
            rest = doubled;
            continue;
        }
        if brace == '}' {
            return broken(template, "a closing brace stands alone; write it twice to mean the character").err();
        }
        let (item, remaining) = read_item(template, after)?;
        let Some(value) = args.get(item.index) else {
            let why = format!("it asks for argument {}, but there are {}", item.index, args.len());
            return broken(template, &why).err();
        };
        push_item(engine, value, &item, culture, &mut text)?;
        rest = remaining;
    }
    text.push_str(rest);
    Ok(Str::from(text))
}

fn read_item<'a>(template: &str, text: &'a str) -> Outcome<(Item<'a>, &'a str)> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let index = text.get(..digits).and_then(|digits| digits.parse().ok());
    let Some(index) = index else {
        return broken(template, "an opening brace is not followed by an argument's number").err();
    };
    let mut rest = text.get(digits..).unwrap_or("").trim_start_matches(' ');
    let mut alignment = 0;
    if let Some(after) = rest.strip_prefix(',') {
        let after = after.trim_start_matches(' ');
        let end = after.find(['}', ':']).unwrap_or(after.len());
        match after.get(..end).and_then(|number| number.trim_end().parse().ok()) {
            Some(width) => alignment = width,
            None => return broken(template, "a width is not a number").err(),
        }
        rest = after.get(end..).unwrap_or("");
    }
    let format = match rest.strip_prefix(':') {
        Some(after) => {
            let end = after.find('}').unwrap_or(after.len());
            rest = after.get(end..).unwrap_or("");
            after.get(..end).map(Into::into)
        }
        None => None,
    };
    match rest.strip_prefix('}') {
        Some(remaining) => Ok((Item { index, alignment, format }, remaining)),
        None => broken(template, "an opening brace has no closing one").err(),
    }
}

fn push_item(
    engine: &mut dyn Engine,
    value: &Value,
    item: &Item<'_>,
    culture: &Culture,
    text: &mut String,
) -> Outcome<()> {
    let formatted = match value {
        Value::Str(plain) if item.alignment == 0 => {
            text.push_str(plain);
            return Ok(());
        }
        Value::Object(_) => convert::to_text_with(engine, value, None)?.as_str().to_string(),
        other => format_value(other, item.format.as_deref(), culture).map_err(|unwind| match unwind {
            crate::value::Unwind::Fault(fault) => {
                crate::value::Unwind::from(Fault::new("FormatError", fault.message.clone()))
            }
            crate::value::Unwind::Error(_) | crate::value::Unwind::Control(_) => unwind,
        })?,
    };
    let width = item.alignment.unsigned_abs() as usize;
    let padding = width.saturating_sub(formatted.encode_utf16().count());
    let spaces = std::iter::repeat_n(' ', padding);
    if item.alignment > 0 {
        text.extend(spaces);
        text.push_str(&formatted);
    } else {
        text.push_str(&formatted);
        text.extend(spaces);
    }
    Ok(())
}
