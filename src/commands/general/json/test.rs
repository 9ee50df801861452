//! `Test-Json`: well-formed or not, and against a schema's most used words.

use super::read::{Dates, Reader, Style};
use crate::cmdlet;
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership};
use crate::value::pattern::{Options, Pattern};
use crate::value::{ErrorCategory, Fault, Outcome, Str, Value, compare, convert};

cmdlet! {
    /// Whether a text is JSON, and fits a schema.
    pub struct TestJson = "Test-Json", class "Microsoft.PowerShell.Commands.TestJsonCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None,
        should_process: false,
        impact: ConfirmImpact::Medium,
        synopsis: "Tells whether a text is JSON.",
        examples: &[("'{}' | Test-Json", "True.")],
        outputs: &["System.Boolean"],
    }
    parameters {
        json: Option<Str> = ParameterSpec::new("Json").allow_empty()
            .sets(&[SetMembership::of("").position(0).by_value()]),
        schema: Option<Str> = ParameterSpec::new("Schema").sets(&[SetMembership::of("").position(1)]),
    }
    state {}
}

impl Cmdlet for TestJson {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let text = self.json.clone().unwrap_or_else(|| Str::from(""));
        let document = match read(&text) {
            Some(document) => document,
            None => {
                run.error(failure("InvalidJson", "The text is not JSON.", &text))?;
                return run.write(Value::Bool(false));
            }
        };
        let Some(schema) = &self.schema else { return run.write(Value::Bool(true)) };
        let Some(rules) = read(schema) else {
            return failure("InvalidJsonSchema", "The schema is not JSON.", schema).err();
        };
        let mut problems = Vec::new();
        check(&document, &rules, "", &mut problems);
        for problem in &problems {
            run.error(failure("InvalidJsonAgainstSchemaDetailed", problem, &text))?;
        }
        run.write(Value::Bool(problems.is_empty()))
    }
}

fn read(text: &str) -> Option<Value> {
    let style =
        Style { as_hashtable: true, max_depth: 1024, dates: Dates::Text, make_offset: |date, _| Value::DateTime(date) };
    Reader::new(text, style).document().ok()
}

fn failure(id: &'static str, message: &str, target: &str) -> Fault {
    Fault::new(id, message).category(ErrorCategory::InvalidData).exception("System.Exception").target(target)
}

fn entry(value: &Value, name: &str) -> Option<Value> {
    match value {
        Value::Hashtable(table) => table.get_text(name),
        _ => None,
    }
}

/// The JSON type a value has; an integer is also a number.
fn is_type(value: &Value, kind: &str) -> bool {
    match value {
        Value::Null | Value::Nothing => kind == "null",
        Value::Bool(_) => kind == "boolean",
        Value::Str(_) => kind == "string",
        Value::I64(_) | Value::BigInt(_) => kind == "integer" || kind == "number",
        Value::F64(number) => kind == "number" || (kind == "integer" && number.fract() == 0.0),
        Value::Array(_) => kind == "array",
        _ => kind == "object",
    }
}

fn check(value: &Value, rules: &Value, place: &str, problems: &mut Vec<String>) {
    let at = if place.is_empty() { "/" } else { place };
    if let Some(kinds) = entry(rules, "type") {
        let kinds = crate::value::enumerate(&kinds).unwrap_or_else(|| vec![kinds.clone()]);
        if !kinds.iter().any(|kind| is_type(value, &convert::to_text(kind))) {
            return problems.push(format!("The value at {at} is not of the type that the schema asks for."));
        }
    }
    if let Some(Value::Array(allowed)) = entry(rules, "enum") {
        if !allowed.items().iter().any(|item| compare::equals(item, value, true)) {
            problems.push(format!("The value at {at} is none of those that the schema lists."));
        }
    }
    check_size(value, rules, at, problems);
    match value {
        Value::Hashtable(_) => check_object(value, rules, place, problems),
        Value::Array(array) => {
            if let Some(item_rules) = entry(rules, "items") {
                for (index, item) in array.items().iter().enumerate() {
                    check(item, &item_rules, &format!("{place}/{index}"), problems);
                }
            }
        }
        _ => {}
    }
}

/// Limits: word of the schema, whether the value's measure may be compared so.
const LIMITS: [(&str, fn(f64, f64) -> bool); 10] = [
    ("minimum", |value, limit| value >= limit),
    ("maximum", |value, limit| value <= limit),
    ("exclusiveMinimum", |value, limit| value > limit),
    ("exclusiveMaximum", |value, limit| value < limit),
    ("minLength", |value, limit| value >= limit),
    ("maxLength", |value, limit| value <= limit),
    ("minItems", |value, limit| value >= limit),
    ("maxItems", |value, limit| value <= limit),
    ("minProperties", |value, limit| value >= limit),
    ("maxProperties", |value, limit| value <= limit),
];

/// What a limit measures of a value; `None` where the limit is not about such values.
fn measure(value: &Value, word: &str) -> Option<f64> {
    match value {
        Value::I64(_) | Value::F64(_) | Value::BigInt(_) if word.ends_with("imum") => convert::to_f64(value).ok(),
        Value::Str(text) if word.ends_with("Length") => Some(text.chars().count() as f64),
        Value::Array(array) if word.ends_with("Items") => Some(array.len() as f64),
        Value::Hashtable(table) if word.ends_with("Properties") => Some(table.len() as f64),
        _ => None,
    }
}

fn check_size(value: &Value, rules: &Value, at: &str, problems: &mut Vec<String>) {
    for (word, holds) in LIMITS {
        let limit = entry(rules, word).and_then(|limit| convert::to_f64(&limit).ok());
        if let (Some(limit), Some(measured)) = (limit, measure(value, word)) {
            if !holds(measured, limit) {
                problems.push(format!("The value at {at} breaks the schema's {word} of {limit}."));
            }
        }
    }
    if let (Value::Str(text), Some(Value::Str(pattern))) = (value, entry(rules, "pattern")) {
        let matched = Pattern::cached(&pattern, Options::NONE).and_then(|pattern| pattern.is_match(text));
        if !matched.unwrap_or(false) {
            problems.push(format!("The text at {at} does not match the schema's pattern."));
        }
    }
}

fn check_object(value: &Value, rules: &Value, place: &str, problems: &mut Vec<String>) {
    let Value::Hashtable(table) = value else { return };
    if let Some(Value::Array(required)) = entry(rules, "required") {
        for name in required.items().iter() {
            if !table.contains(name) {
                problems.push(format!("The object at {place}/ lacks the required '{}'.", convert::to_text(name)));
            }
        }
    }
    let known = entry(rules, "properties");
    let closed = matches!(entry(rules, "additionalProperties"), Some(Value::Bool(false)));
    for (name, member) in table.pairs() {
        let name = convert::to_text(&name);
        match known.as_ref().and_then(|known| entry(known, &name)) {
            Some(member_rules) => check(&member, &member_rules, &format!("{place}/{name}"), problems),
            None if closed => problems.push(format!("The schema does not allow '{name}' at {place}/.")),
            None => {}
        }
    }
}
