//! The named values of a call, and typed access to them.
//!
//! Values of a query string arrive as text, values of a body as JSON: both read the same here.

use super::Problem;
use serde_json::{Map, Value};

/// Parameters of a call under their cmdlet names in camel case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parameters(pub Map<String, Value>);

/// What a list modifier asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ListChange {
    /// `$null`: empty the list (or whatever "nothing" means for the property).
    Clear,
    /// The list becomes exactly this.
    Replace(Vec<String>),
    /// Take these out, then put those in.
    Modify { remove: Vec<String>, add: Vec<String> },
}

impl ListChange {
    /// The entries that the change brings in.
    pub(crate) fn added(&self) -> &[String] {
        match self {
            ListChange::Clear => &[],
            ListChange::Replace(entries) => entries,
            ListChange::Modify { add, .. } => add,
        }
    }

    /// The list after the change; entries compare by `same`.
    pub(crate) fn apply(&self, before: &[String], same: impl Fn(&str, &str) -> bool) -> Vec<String> {
        let mut after: Vec<String> = match self {
            ListChange::Clear | ListChange::Replace(_) => Vec::new(),
            ListChange::Modify { remove, .. } => {
                before.iter().filter(|entry| !remove.iter().any(|gone| same(gone, entry))).cloned().collect()
            }
        };
        for entry in self.added() {
            if !after.iter().any(|present| same(present, entry)) {
                after.push(entry.clone());
            }
        }
        after
    }
}

impl Parameters {
    /// The raw value, `null` included.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Was the parameter given at all (also as `$null`)?
    pub(crate) fn given(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// As text; `$null` and absent are `None`.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        match self.0.get(name) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// Text that must be there.
    pub(crate) fn required(&self, name: &str) -> Result<&str, Problem> {
        self.text(name)
            .filter(|text| !text.is_empty())
            .ok_or_else(|| Problem::new("PC-E27", format!("The parameter '{name}' is required and has no value.")))
    }

    /// A switch or Boolean: absent is `None`.
    pub(crate) fn boolean(&self, name: &str) -> Result<Option<bool>, Problem> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(value)) => Ok(Some(*value)),
            Some(Value::String(text)) if text.eq_ignore_ascii_case("true") || text == "1" => Ok(Some(true)),
            Some(Value::String(text)) if text.eq_ignore_ascii_case("false") || text == "0" => Ok(Some(false)),
            Some(Value::Number(number)) => Ok(Some(number.as_i64() != Some(0))),
            Some(other) => Err(bad_value(name, other, "true or false")),
        }
    }

    /// Is the switch on?
    pub(crate) fn switch(&self, name: &str) -> bool {
        matches!(self.boolean(name), Ok(Some(true)))
    }

    /// A whole number: absent is `None`.
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>, Problem> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value @ Value::Number(number)) => {
                number.as_i64().map(Some).ok_or_else(|| bad_value(name, value, "a whole number"))
            }
            Some(value @ Value::String(text)) => {
                text.trim().parse().map(Some).map_err(|_| bad_value(name, value, "a whole number"))
            }
            Some(other) => Err(bad_value(name, other, "a whole number")),
        }
    }

    /// A list of texts: one value counts as a list of one.
    pub(crate) fn list(&self, name: &str) -> Option<Vec<String>> {
        match self.0.get(name)? {
            Value::Null => None,
            Value::Array(items) => Some(items.iter().filter_map(plain_text).collect()),
            other => plain_text(other).map(|text| vec![text]),
        }
    }

    /// A list modifier; absent is `None`, `$null` is `Clear`.
    pub(crate) fn list_change(&self, name: &str) -> Result<Option<ListChange>, Problem> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        let change = match value {
            Value::Null => ListChange::Clear,
            Value::Object(parts) => modifier(name, parts)?,
            _ => ListChange::Replace(self.list(name).unwrap_or_default()),
        };
        Ok(Some(change))
    }

    /// Adds a value; for tests and callers that build calls.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }
}

fn modifier(name: &str, parts: &Map<String, Value>) -> Result<ListChange, Problem> {
    let part = |wanted: &str| -> Option<Vec<String>> {
        let (_, value) = parts.iter().find(|(key, _)| key.eq_ignore_ascii_case(wanted))?;
        Some(match value {
            Value::Array(items) => items.iter().filter_map(plain_text).collect(),
            other => plain_text(other).into_iter().collect(),
        })
    };
    let known = |key: &String| ["add", "remove", "replace"].iter().any(|word| key.eq_ignore_ascii_case(word));
    if let Some(key) = parts.keys().find(|key| !known(key)) {
        let message = format!("'{key}' is not a list operation; the parameter '{name}' takes Add, Remove or Replace.");
        return Err(Problem::new("PC-E25", message));
    }
    match (part("replace"), part("remove"), part("add")) {
        (Some(entries), None, None) => Ok(ListChange::Replace(entries)),
        (Some(_), _, _) => Err(Problem::new(
            "PC-E27",
            format!("In the parameter '{name}', Replace cannot stand beside Add or Remove."),
        )),
        (None, remove, add) => {
            Ok(ListChange::Modify { remove: remove.unwrap_or_default(), add: add.unwrap_or_default() })
        }
    }
}

fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Null => None,
        other => Some(other.to_string()),
    }
}

fn bad_value(name: &str, value: &Value, wanted: &str) -> Problem {
    Problem::new("PC-E25", format!("The value {value} of the parameter '{name}' is not {wanted}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn list_changes_read_and_apply() {
        let before = vec!["sip:a@x".to_owned(), "sip:b@x".to_owned()];
        for (value, after) in [
            (json!(null), vec![]),
            (json!("sip:c@x"), vec!["sip:c@x"]),
            (json!({"add": "sip:c@x"}), vec!["sip:a@x", "sip:b@x", "sip:c@x"]),
            (json!({"Remove": ["SIP:A@x"], "Add": ["sip:b@X"]}), vec!["sip:b@x"]),
        ] {
            let parameters = Parameters::default().with("members", value);
            let change = parameters.list_change("members").unwrap().unwrap();
            assert_eq!(change.apply(&before, |l, r| l.eq_ignore_ascii_case(r)), after);
        }
    }
}
