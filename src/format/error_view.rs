//! Errors as people read them: `$ErrorView` says whether in short with the place, in the older long form, by category
//! only, or with everything that is known.

use super::cells;
use super::object;
use super::style::{self, RESET};
use crate::value::{Engine, ErrorCategory, ErrorFlow, ErrorRecord, Outcome, Value};
use std::collections::VecDeque;
use std::rc::Rc;

/// How the ids of lines begin that programs write to their error stream.
const NATIVE_ERROR: &str = "NativeCommandError";

/// The sequences of an error's parts; empty where no colours are shown.
#[derive(Default)]
struct Colours {
    error: String,
    accent: String,
    reset: &'static str,
}

impl Colours {
    fn of(engine: &mut dyn Engine) -> Self {
        match style::escape(engine, "Formatting.Error") {
            Some(error) => {
                let accent = style::escape(engine, "Formatting.ErrorAccent").unwrap_or_default();
                Colours { error: error.to_string(), accent: accent.to_string(), reset: RESET }
            }
            None => Colours::default(),
        }
    }
}

/// An error record or exception as lines.
pub(crate) fn error_lines(engine: &mut dyn Engine, value: &Value) -> Outcome<Vec<String>> {
    let colours = Colours::of(engine);
    error_text(engine, value, &colours).map(|text| text.lines().map(str::to_owned).collect())
}

/// The same for a display of its own, which may show no colours.
pub(crate) fn plain_error_lines(engine: &mut dyn Engine, value: &Value) -> Outcome<Vec<String>> {
    error_text(engine, value, &Colours::default()).map(|text| text.lines().map(str::to_owned).collect())
}

fn error_text(engine: &mut dyn Engine, value: &Value, colours: &Colours) -> Outcome<String> {
    let Value::Error(record) = value else {
        let message = object::property(engine, value, "Message")?.unwrap_or_else(|| value.clone());
        let message = object::text(engine, &message)?;
        return Ok(format!("{}Exception: {message}{}", colours.error, colours.reset));
    };
    if record.id.borrow().starts_with(NATIVE_ERROR) {
        return Ok(message_of(record));
    }
    engine.settle_error(record);
    let view = engine.variable_value("ErrorView").map(|view| object::plain_text(&view)).unwrap_or_default();
    let text = match view.to_ascii_lowercase().as_str() {
        "normalview" => normal(engine, record)?,
        "categoryview" => category(engine, value)?,
        "detailedview" => super::error_details::text(engine, value)?,
        _ => return concise(engine, record, colours),
    };
    Ok(format!("{}{text}{}", colours.error, colours.reset))
}

fn message_of(record: &ErrorRecord) -> String {
    match &*record.details.borrow() {
        Some((message, _)) => message.to_string(),
        None => record.exception.message.borrow().to_string(),
    }
}

/// What the concise view names first: the command an error is from, or what kind of error it is.
fn reason_of(engine: &mut dyn Engine, record: &ErrorRecord) -> Outcome<String> {
    if record.flow.get() == ErrorFlow::Thrown {
        return Ok("Exception".to_owned());
    }
    let invocation = record.invocation.borrow().clone();
    let command = object::property(engine, &invocation, "MyCommand")?.unwrap_or_default();
    let kind = object::property(engine, &command, "CommandType")?.unwrap_or_default();
    let is_script = object::plain_text(&kind).ends_with("Script");
    let name = if is_script { None } else { object::property(engine, &command, "Name")? }.unwrap_or_default();
    let activity = record.activity.borrow().to_string();
    let missing = object::property(engine, &Value::Exception(record.exception.clone()), "CommandName")?;
    let missing = missing.map(|name| object::plain_text(&name).to_string()).unwrap_or_default();
    let first = [object::plain_text(&name).to_string(), activity, missing].into_iter().find(|name| !name.is_empty());
    Ok(first.unwrap_or_else(|| match record.category.get() {
        ErrorCategory::NotSpecified => {
            let kind = record.exception.kind.name();
            kind.rsplit('.').next().unwrap_or(kind).to_owned()
        }
        category => format!("{category:?}"),
    }))
}

/// One line where the error is of a line typed at the prompt; else its place, marked, with the message below.
fn concise(engine: &mut dyn Engine, record: &Rc<ErrorRecord>, colours: &Colours) -> Outcome<String> {
    let Colours { error, accent, reset } = colours;
    let reason = reason_of(engine, record)?;
    let message = message_of(record);
    let Some(place) = Place::of(engine, record)? else {
        return Ok(format!("{error}{reason}: {error}{message}{reset}"));
    };
    let number = place.number.to_string();
    let margin = " ".repeat(number.len().saturating_sub(4));
    let mut text = match place.file.is_empty() {
        true => format!("{error}{reason}: \n"),
        false => format!("{error}{reason}: {reset}{}:{number}\n", place.file),
    };
    text.push_str(&format!("{accent}{margin}Line |\n"));
    text.push_str(&format!("{accent}{number:>4} | {reset} {}\n", place.painted(accent, reset)));
    let prefix = format!("{accent}{margin}     | ");
    text.push_str(&format!("{prefix}{error} {}\n", place.marks()));
    let room = usize::try_from(engine.console_width()).unwrap_or(80).saturating_sub(margin.len() + 7).max(20);
    for line in cells::wrap(&message.replace(['\n', '\t'], " "), room, room) {
        text.push_str(&format!("{prefix}{error}{}\n", line.trim_end()));
    }
    text.push_str(reset);
    Ok(text)
}

/// Message, place, category and id.
fn normal(engine: &mut dyn Engine, record: &Rc<ErrorRecord>) -> Outcome<String> {
    let invocation = record.invocation.borrow().clone();
    let mut get = |name: &str| -> Outcome<String> {
        let found = object::property(engine, &invocation, name)?.unwrap_or_default();
        Ok(object::plain_text(&found).to_string())
    };
    let (name, position) = (get("InvocationName")?, get("PositionMessage")?);
    let mut text = String::new();
    if !name.is_empty() && name != "&" && name != "." {
        text.push_str(&format!("{name} : "));
    }
    text.push_str(&message_of(record));
    if !position.is_empty() {
        text.push_str(&format!("\n{position}"));
    }
    let category = category(engine, &Value::Error(record.clone()))?;
    let id = record.id.borrow();
    text.push_str(&format!("\n    + CategoryInfo          : {category}\n    + FullyQualifiedErrorId : {id}\n"));
    Ok(text)
}

fn category(engine: &mut dyn Engine, value: &Value) -> Outcome<String> {
    let category = object::property(engine, value, "CategoryInfo")?.unwrap_or_default();
    Ok(object::text(engine, &category)?.to_string())
}

/// Where in a script an error happened.
struct Place {
    file: String,
    number: i64,
    text: String,
    column: usize,
    marked: usize,
}

impl Place {
    fn of(engine: &mut dyn Engine, record: &ErrorRecord) -> Outcome<Option<Place>> {
        let invocation = record.invocation.borrow().clone();
        if invocation.is_null() {
            return Ok(None);
        }
        let mut get = |name: &str| object::property(engine, &invocation, name).map(Option::unwrap_or_default);
        let file = object::plain_text(&get("ScriptName")?).to_string();
        let number = object::whole_number(&get("ScriptLineNumber")?).unwrap_or(0);
        if file.is_empty() && number <= 1 && record.category.get() != ErrorCategory::ParserError {
            return Ok(None);
        }
        // The last two lines of the position: the text and the marks below it, each after a plus sign.
        let position = object::plain_text(&get("PositionMessage")?).to_string();
        let mut lines: VecDeque<&str> = position.lines().skip(1).collect();
        let strip = |line: Option<&str>| line.and_then(|line| line.strip_prefix("+ ")).unwrap_or("").to_owned();
        let (text, marks) = (strip(lines.pop_front()), strip(lines.pop_back()));
        let column = marks.chars().take_while(|mark| *mark == ' ').count();
        let marked = marks.trim().chars().count();
        Ok((!text.is_empty()).then_some(Place { file, number, text, column, marked }))
    }

    /// The line with the marked part in the accent, unless that is the whole line.
    fn painted(&self, accent: &str, reset: &str) -> String {
        if accent.is_empty() || self.marked + 1 >= self.text.chars().count() {
            return self.text.clone();
        }
        let part = |from: usize, count: usize| self.text.chars().skip(from).take(count).collect::<String>();
        let (before, middle) = (part(0, self.column), part(self.column, self.marked));
        format!("{before}{accent}{middle}{reset}{}", part(self.column + self.marked, usize::MAX))
    }

    fn marks(&self) -> String {
        format!("{}{}", " ".repeat(self.column), "~".repeat(self.marked.max(1)))
    }
}
