//! JSON Schema: whether a document fits one, and where and why it does not. The words of draft 7 and 2020-12; references
//! within the schema itself and to files beside it.

use crate::value::pattern::{Options, Pattern};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// How deep references may lead; a schema may refer to itself.
const DEPTH: usize = 64;

/// A schema being applied.
pub(super) struct Schema<'s> {
    root: &'s Value,
    /// Where files are that it refers to.
    folder: Option<PathBuf>,
    depth: usize,
}

/// What is wrong, and where.
pub(super) struct Problem {
    /// A JSON pointer into the document.
    pub(super) place: String,
    /// The word of the schema that is broken, and how.
    pub(super) text: String,
}

type Rules = Map<String, Value>;
type Problems = Vec<Problem>;
/// Checks what one word of a schema demands: the word's value, all words beside it, the document's value.
type Word = fn(&mut Schema<'_>, &Value, &Rules, &Value, &str, &mut Problems);

/// The words in the order in which they are checked.
const WORDS: &[(&str, Word)] = &[
    ("$ref", |schema, rule, _, value, place, out| schema.reference(rule, value, place, out)),
    ("type", kind),
    ("enum", |_, rule, _, value, place, out| {
        let listed = rule.as_array().is_some_and(|allowed| allowed.iter().any(|one| same(one, value)));
        require(listed, place, "enum", "the value is none of those listed", out);
    }),
    ("const", |_, rule, _, value, place, out| {
        require(same(rule, value), place, "const", &format!("the value is not {rule}"), out);
    }),
    ("minimum", |_, rule, _, value, place, out| limit(rule, number(value), place, "minimum", |v, l| v >= l, out)),
    ("maximum", |_, rule, _, value, place, out| limit(rule, number(value), place, "maximum", |v, l| v <= l, out)),
    ("exclusiveMinimum", |_, rule, _, value, place, out| {
        limit(rule, number(value), place, "exclusiveMinimum", |v, l| v > l, out);
    }),
    ("exclusiveMaximum", |_, rule, _, value, place, out| {
        limit(rule, number(value), place, "exclusiveMaximum", |v, l| v < l, out);
    }),
    ("multipleOf", |_, rule, _, value, place, out| {
        let whole = |v: f64, step: f64| step == 0.0 || ((v / step) - (v / step).round()).abs() < 1e-9;
        limit(rule, number(value), place, "multipleOf", whole, out);
    }),
    ("minLength", |_, rule, _, value, place, out| limit(rule, length(value), place, "minLength", |v, l| v >= l, out)),
    ("maxLength", |_, rule, _, value, place, out| limit(rule, length(value), place, "maxLength", |v, l| v <= l, out)),
    ("pattern", |_, rule, _, value, place, out| {
        if let (Some(text), Some(pattern)) = (value.as_str(), rule.as_str()) {
            require(matches(pattern, text), place, "pattern", &format!("the text does not match '{pattern}'"), out);
        }
    }),
    ("format", format_word),
    ("minItems", |_, rule, _, value, place, out| limit(rule, items(value), place, "minItems", |v, l| v >= l, out)),
    ("maxItems", |_, rule, _, value, place, out| limit(rule, items(value), place, "maxItems", |v, l| v <= l, out)),
    ("uniqueItems", |_, rule, _, value, place, out| {
        if let (Some(true), Some(list)) = (rule.as_bool(), value.as_array()) {
            let twice = list.iter().enumerate().any(|(at, one)| list.iter().skip(at + 1).any(|other| same(one, other)));
            require(!twice, place, "uniqueItems", "an item is there twice", out);
        }
    }),
    ("items", items_word),
    ("contains", |schema, rule, _, value, place, out| {
        if let Some(list) = value.as_array() {
            let any = list.iter().any(|item| schema.fits(rule, item, place));
            require(any, place, "contains", "no item is as asked for", out);
        }
    }),
    ("minProperties", |_, rule, _, value, place, out| {
        limit(rule, members(value), place, "minProperties", |v, l| v >= l, out);
    }),
    ("maxProperties", |_, rule, _, value, place, out| {
        limit(rule, members(value), place, "maxProperties", |v, l| v <= l, out);
    }),
    ("required", |_, rule, _, value, place, out| {
        let (Some(names), Some(object)) = (rule.as_array(), value.as_object()) else { return };
        for name in names.iter().filter_map(Value::as_str) {
            require(object.contains_key(name), place, "required", &format!("'{name}' is missing"), out);
        }
    }),
    ("properties", properties),
    ("patternProperties", |schema, rule, rules, value, place, out| {
        if !rules.contains_key("properties") {
            properties(schema, rule, rules, value, place, out);
        }
    }),
    ("additionalProperties", |schema, rule, rules, value, place, out| {
        if !rules.contains_key("properties") && !rules.contains_key("patternProperties") {
            properties(schema, rule, rules, value, place, out);
        }
    }),
    ("propertyNames", |schema, rule, _, value, place, out| {
        for name in value.as_object().into_iter().flat_map(Map::keys) {
            schema.check(rule, &Value::String(name.clone()), place, out);
        }
    }),
    ("dependentRequired", |_, rule, _, value, place, out| dependencies(rule, value, place, out)),
    ("dependencies", |_, rule, _, value, place, out| dependencies(rule, value, place, out)),
    ("allOf", |schema, rule, _, value, place, out| {
        for one in rule.as_array().into_iter().flatten() {
            schema.check(one, value, place, out);
        }
    }),
    ("anyOf", |schema, rule, _, value, place, out| schema.alternatives(rule, value, place, false, out)),
    ("oneOf", |schema, rule, _, value, place, out| schema.alternatives(rule, value, place, true, out)),
    ("not", |schema, rule, _, value, place, out| {
        require(!schema.fits(rule, value, place), place, "not", "the value is what it must not be", out);
    }),
    ("if", |schema, rule, rules, value, place, out| {
        let word = if schema.fits(rule, value, place) { "then" } else { "else" };
        if let Some(then) = rules.get(word) {
            schema.check(then, value, place, out);
        }
    }),
];

impl<'s> Schema<'s> {
    pub(super) fn new(root: &'s Value, folder: Option<&Path>) -> Self {
        Schema { root, folder: folder.map(Path::to_owned), depth: 0 }
    }

    /// What of a document does not fit.
    pub(super) fn problems(&mut self, document: &Value) -> Problems {
        let mut out = Problems::new();
        self.check(self.root, document, "", &mut out);
        out
    }

    fn check(&mut self, rules: &Value, value: &Value, place: &str, out: &mut Problems) {
        match rules {
            Value::Bool(allowed) => require(*allowed, place, "", "nothing is allowed here", out),
            Value::Object(rules) if self.depth < DEPTH => {
                self.depth += 1;
                for (name, check) in WORDS {
                    if let Some(rule) = rules.get(*name) {
                        check(self, rule, rules, value, place, out);
                    }
                }
                self.depth -= 1;
            }
            _ => {}
        }
    }

    fn fits(&mut self, rules: &Value, value: &Value, place: &str) -> bool {
        let mut out = Problems::new();
        self.check(rules, value, place, &mut out);
        out.is_empty()
    }

    fn reference(&mut self, rule: &Value, value: &Value, place: &str, out: &mut Problems) {
        let Some(name) = rule.as_str() else { return };
        let (file, pointer) = name.split_once('#').unwrap_or((name, ""));
        if file.is_empty() {
            if let Some(found) = self.root.pointer(pointer) {
                self.check(found, value, place, out);
            }
            return;
        }
        let other = self.folder.as_ref().map(|folder| folder.join(file));
        let Some(root) = other.as_deref().and_then(|path| read(path).ok()) else { return };
        let mut schema = Schema { root: &root, folder: self.folder.clone(), depth: self.depth };
        if let Some(found) = root.pointer(pointer) {
            schema.check(found, value, place, out);
        }
    }

    /// One of several must fit: what is wrong is said of each that does not.
    fn alternatives(&mut self, rule: &Value, value: &Value, place: &str, one: bool, out: &mut Problems) {
        let choices = rule.as_array().map(Vec::as_slice).unwrap_or_default();
        let mut found = Problems::new();
        let mut fitting = 0;
        for choice in choices {
            let before = found.len();
            self.check(choice, value, place, &mut found);
            fitting += usize::from(found.len() == before);
        }
        match (fitting, one) {
            (0, _) => out.append(&mut found),
            (1, _) | (_, false) => {}
            (many, true) => require(false, place, "oneOf", &format!("{many} of the choices fit, not one"), out),
        }
    }
}

/// The schema in a file, and all that it refers to, can be read.
pub(super) fn read(path: &Path) -> Result<Value, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
}

/// What is wrong with the files that a schema refers to.
pub(super) fn broken_reference(rules: &Value, folder: &Path) -> Option<String> {
    match rules {
        Value::Array(items) => items.iter().find_map(|item| broken_reference(item, folder)),
        Value::Object(members) => members.iter().find_map(|(name, member)| {
            let file = member.as_str().filter(|_| name == "$ref").and_then(|text| text.split('#').next());
            match file.filter(|file| !file.is_empty()) {
                Some(file) => read(&folder.join(file)).err().map(|error| format!("'{file}': {error}")),
                None => broken_reference(member, folder),
            }
        }),
        _ => None,
    }
}

fn require(holds: bool, place: &str, word: &str, text: &str, out: &mut Problems) {
    if !holds {
        let text = if word.is_empty() { text.to_owned() } else { format!("{word}: {text}") };
        out.push(Problem { place: place.to_owned(), text });
    }
}

fn limit(
    rule: &Value,
    measured: Option<f64>,
    place: &str,
    word: &str,
    holds: fn(f64, f64) -> bool,
    out: &mut Problems,
) {
    if let (Some(limit), Some(measured)) = (rule.as_f64(), measured) {
        require(holds(measured, limit), place, word, &format!("{measured} does not keep to {limit}"), out);
    }
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64()
}

fn length(value: &Value) -> Option<f64> {
    value.as_str().map(|text| text.chars().count() as f64)
}

fn items(value: &Value) -> Option<f64> {
    value.as_array().map(|list| list.len() as f64)
}

fn members(value: &Value) -> Option<f64> {
    value.as_object().map(|object| object.len() as f64)
}

/// Numbers are the same whatever way they are written.
fn same(left: &Value, right: &Value) -> bool {
    match (left.as_f64(), right.as_f64()) {
        (Some(left), Some(right)) => left == right,
        _ => left == right,
    }
}

fn is_type(value: &Value, kind: &str) -> bool {
    match value {
        Value::Null => kind == "null",
        Value::Bool(_) => kind == "boolean",
        Value::Number(number) => {
            kind == "number" || kind == "integer" && number.as_f64().is_some_and(|number| number.fract() == 0.0)
        }
        Value::String(_) => kind == "string",
        Value::Array(_) => kind == "array",
        Value::Object(_) => kind == "object",
    }
}

fn kind(_: &mut Schema<'_>, rule: &Value, _: &Rules, value: &Value, place: &str, out: &mut Problems) {
    let fits = match rule {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).any(|kind| is_type(value, kind)),
        kind => kind.as_str().is_none_or(|kind| is_type(value, kind)),
    };
    require(fits, place, "type", &format!("the value is not of type {rule}"), out);
}

fn matches(pattern: &str, text: &str) -> bool {
    Pattern::cached(pattern, Options::NONE).and_then(|pattern| pattern.is_match(text)).unwrap_or(false)
}

/// Formats that are checked, each by a pattern; unknown ones say nothing.
const FORMATS: &[(&str, &str)] = &[
    ("date", r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"),
    ("date-time", r"^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$"),
    ("email", r"^[^@\s]+@[^@\s]+$"),
    ("ipv4", r"^((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)$"),
    ("uri", r"^[A-Za-z][A-Za-z0-9+.-]*:\S*$"),
    ("uuid", r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"),
];

fn format_word(_: &mut Schema<'_>, rule: &Value, _: &Rules, value: &Value, place: &str, out: &mut Problems) {
    let (Some(name), Some(text)) = (rule.as_str(), value.as_str()) else { return };
    if let Some((_, pattern)) = FORMATS.iter().find(|(known, _)| *known == name) {
        require(matches(pattern, text), place, "format", &format!("the text is no {name}"), out);
    }
}

/// `prefixItems` and `items`: rules by place, then for the rest. In draft 7 a list under `items` is by place.
fn items_word(schema: &mut Schema<'_>, rule: &Value, rules: &Rules, value: &Value, place: &str, out: &mut Problems) {
    let Some(list) = value.as_array() else { return };
    let by_place = rules.get("prefixItems").or(Some(rule)).and_then(Value::as_array).cloned().unwrap_or_default();
    let rest = if rule.is_array() { rules.get("additionalItems") } else { Some(rule) };
    for (at, item) in list.iter().enumerate() {
        if let Some(rules) = by_place.get(at).or(rest) {
            schema.check(rules, item, &format!("{place}/{at}"), out);
        }
    }
}

/// `properties`, `patternProperties` and `additionalProperties` together say what a member must be.
fn properties(schema: &mut Schema<'_>, _: &Value, rules: &Rules, value: &Value, place: &str, out: &mut Problems) {
    let Some(object) = value.as_object() else { return };
    let named = rules.get("properties").and_then(Value::as_object);
    let patterns = rules.get("patternProperties").and_then(Value::as_object);
    for (name, member) in object {
        let inner = format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"));
        let own = named.and_then(|named| named.get(name));
        let fitting = patterns.into_iter().flatten().filter(|(pattern, _)| matches(pattern, name));
        let fitting: Vec<&Value> = fitting.map(|(_, rules)| rules).chain(own).collect();
        if fitting.is_empty() {
            match rules.get("additionalProperties") {
                Some(Value::Bool(false)) => {
                    require(false, &inner, "additionalProperties", &format!("'{name}' is not allowed"), out);
                }
                Some(rest) => schema.check(rest, member, &inner, out),
                None => {}
            }
        }
        for rules in fitting {
            schema.check(rules, member, &inner, out);
        }
    }
}

fn dependencies(rule: &Value, value: &Value, place: &str, out: &mut Problems) {
    let (Some(rule), Some(object)) = (rule.as_object(), value.as_object()) else { return };
    for (name, needed) in rule.iter().filter(|(name, _)| object.contains_key(*name)) {
        for other in needed.as_array().into_iter().flatten().filter_map(Value::as_str) {
            let text = format!("with '{name}' there must be '{other}'");
            require(object.contains_key(other), place, "dependentRequired", &text, out);
        }
    }
}
