//! Objects to lines of CSV.

use crate::commands::general::object::{properties, property_names};
use crate::value::{
    Culture, Engine, ErrorCategory, Fault, Outcome, Str, TypeRef, Value, convert, format_text, members,
};

/// `-UseQuotes`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Quotes {
    #[default]
    Always,
    AsNeeded,
    Never,
}

impl Quotes {
    /// By name.
    pub(super) fn by_name(name: Option<&str>) -> Self {
        match name {
            Some(name) if name.eq_ignore_ascii_case("Never") => Quotes::Never,
            Some(name) if name.eq_ignore_ascii_case("AsNeeded") => Quotes::AsNeeded,
            Some(_) | None => Quotes::Always,
        }
    }
}

/// How lines are written.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    pub(super) delimiter: char,
    pub(super) quotes: Quotes,
    /// Columns to quote; the others are not.
    pub(super) quote_fields: Vec<Str>,
}

impl Layout {
    fn quoted(&self, column: &str, text: &str) -> bool {
        if !self.quote_fields.is_empty() {
            return self.quote_fields.iter().any(|name| name.eq_ignore_ascii_case(column));
        }
        match self.quotes {
            Quotes::Always => true,
            Quotes::Never => false,
            Quotes::AsNeeded => text.contains([self.delimiter, '"', '\n']),
        }
    }

    fn push(&self, column: &str, text: &str, line: &mut String) {
        if !self.quoted(column, text) {
            return line.push_str(text);
        }
        line.push('"');
        if text.contains('"') {
            line.push_str(&text.replace('"', "\"\""));
        } else {
            line.push_str(text);
        }
        line.push('"');
    }

    /// The line of column names.
    pub(super) fn header(&self, columns: &[Str]) -> String {
        let mut line = String::new();
        for (index, column) in columns.iter().enumerate() {
            if index > 0 {
                line.push(self.delimiter);
            }
            self.push(column, column, &mut line);
        }
        line
    }

    /// Appends the line of an object; a null leaves its place empty.
    pub(super) fn row(
        &self,
        engine: &mut dyn Engine,
        columns: &[Str],
        value: &Value,
        line: &mut String,
    ) -> Outcome<()> {
        if let Value::Object(object) = value {
            let shape = object.shape.borrow().clone();
            if !object.extension.has_members() && same_names(&shape.names, columns) {
                let values = object.values.borrow().clone();
                for (index, (column, value)) in columns.iter().zip(&values).enumerate() {
                    self.field(engine, index, column, value, line)?;
                }
                return Ok(());
            }
        }
        for (index, column) in columns.iter().enumerate() {
            let found = match value {
                Value::Hashtable(table) => table.get_text(column),
                other => members::get(engine, other, column).ok().flatten(),
            };
            self.field(engine, index, column, &found.unwrap_or(Value::Null), line)?;
        }
        Ok(())
    }

    fn field(
        &self,
        engine: &mut dyn Engine,
        index: usize,
        column: &str,
        value: &Value,
        line: &mut String,
    ) -> Outcome<()> {
        if index > 0 {
            line.push(self.delimiter);
        }
        match value {
            Value::Null | Value::Nothing => {}
            Value::Str(text) => self.push(column, text, line),
            Value::Wrapped(wrapped) if matches!(wrapped.base, Value::DateTime(_)) => {
                self.push(column, &format_text::format_value(&wrapped.base, None, Culture::current())?, line);
            }
            Value::Object(_) | Value::Wrapped(_) => {
                self.push(column, &convert::to_text_with(engine, value, None)?, line);
            }
            other => self.push(column, &format_text::format_value(other, None, Culture::current())?, line),
        }
        Ok(())
    }
}

#[inline]
fn same_names(names: &[Str], columns: &[Str]) -> bool {
    names.len() == columns.len() && names.iter().zip(columns).all(|(a, b)| a.same(b) || a.as_str() == b.as_str())
}

/// The columns an object gives.
pub(super) fn columns(engine: &mut dyn Engine, value: &Value) -> Outcome<Vec<Str>> {
    match value {
        Value::Hashtable(table) => Ok(table.keys().iter().map(convert::to_text).collect()),
        Value::Object(_) => Ok(property_names(value)),
        other => Ok(properties(engine, other)?.into_iter().map(|(name, _)| name).collect()),
    }
}

/// The line that names the type, for `-IncludeTypeInformation`.
pub(super) fn type_line(value: &Value) -> String {
    let own = match value {
        Value::Object(object) => object
            .extension
            .get()
            .and_then(|extension| extension.borrow().type_names.as_ref().and_then(|names| names.first().cloned())),
        _ => None,
    };
    match own {
        Some(name) => format!("#TYPE {name}"),
        None => format!("#TYPE {}", TypeRef::of(value).name()),
    }
}

/// Options that contradict each other.
pub(super) fn check_options(quote_fields: &[Str], use_quotes: Option<&Str>, include: bool, omit: bool) -> Outcome<()> {
    let refused = |id: &'static str, text: &str| {
        Fault::new(id, text).category(ErrorCategory::InvalidData).exception("System.InvalidOperationException").err()
    };
    if !quote_fields.is_empty() && use_quotes.is_some() {
        return refused("CannotSpecifyQuoteFieldsAndUseQuotes", "-QuoteFields and -UseQuotes do not go together.");
    }
    if include && omit {
        let text = "-IncludeTypeInformation and -NoTypeInformation do not go together.";
        return refused("CannotSpecifyIncludeTypeInformationAndNoTypeInformation", text);
    }
    Ok(())
}
