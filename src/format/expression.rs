//! Property expressions: what `-Property` and its kin take. A name, a name with wildcards, a script block, or a
//! hashtable that says more. Commands that pick properties of objects share this.

use super::object;
use crate::value::{Engine, ErrorCategory, Fault, Hashtable, Outcome, ScriptBlock, Str, Unwind, Value};
use smallvec::SmallVec;
use std::rc::Rc;

/// How a value of an object is computed by compiled-in code.
pub(crate) type Compute = fn(&mut dyn Engine, &Value) -> Outcome<Value>;

/// Where a value comes from.
#[derive(Clone, Debug)]
pub(crate) enum Expression {
    /// A property.
    Name(Str),
    /// Properties whose names match.
    Pattern(Str),
    /// What a block gives with the object as `$_`.
    Block(Rc<ScriptBlock>),
    /// What code gives, under a name.
    Code(Str, Compute),
}

impl Expression {
    /// A name, with or without wildcards.
    pub(crate) fn named(name: Str) -> Self {
        if name.contains(['*', '?', '[']) { Expression::Pattern(name) } else { Expression::Name(name) }
    }

    /// What it is called where nobody gave a name.
    pub(crate) fn label(&self) -> Str {
        match self {
            Expression::Name(name) | Expression::Pattern(name) | Expression::Code(name, _) => name.clone(),
            Expression::Block(block) => Str::from(block.text()),
        }
    }

    /// The expressions this stands for on an object: names as the object writes them, patterns as the names they
    /// match. A name that the object lacks stands for nothing.
    pub(crate) fn resolve(&self, engine: &mut dyn Engine, value: &Value) -> Outcome<SmallVec<[Expression; 1]>> {
        Ok(match self {
            Expression::Block(_) | Expression::Code(..) => SmallVec::from_iter([self.clone()]),
            Expression::Name(name) => {
                object::resolve_name(engine, value, name)?.into_iter().map(Expression::Name).collect()
            }
            Expression::Pattern(pattern) => {
                object::matching_names(engine, value, pattern)?.into_iter().map(Expression::Name).collect()
            }
        })
    }

    /// Its value on an object; `None` where there is no such property. A pattern gives its first match.
    pub(crate) fn value(&self, engine: &mut dyn Engine, value: &Value) -> Outcome<Option<Value>> {
        match self {
            Expression::Name(name) => object::property(engine, value, name),
            Expression::Block(block) => engine.evaluate(block, value.clone()).map(Some),
            Expression::Code(_, compute) => compute(engine, value).map(Some),
            Expression::Pattern(pattern) => match object::matching_names(engine, value, pattern)?.first() {
                Some(name) => object::property(engine, value, name),
                None => Ok(None),
            },
        }
    }
}

/// A key that a hashtable of a `-Property` parameter may have. Keys may be shortened as parameters are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    /// Its name.
    pub(crate) name: &'static str,
    /// Another name for the same.
    pub(crate) other: &'static str,
}

/// A key without another name.
pub(crate) const fn key(name: &'static str) -> Key {
    Key { name, other: name }
}

/// `Label`, which is also `Name`.
pub(crate) const LABEL: Key = Key { name: "label", other: "name" };
/// `Expression`.
pub(crate) const EXPRESSION: Key = key("expression");

/// One item of a `-Property` parameter.
#[derive(Clone, Debug)]
pub(crate) struct Selector {
    /// Where the value comes from.
    pub(crate) expression: Expression,
    /// What else was said, by the names of the keys.
    entries: SmallVec<[(&'static str, Value); 2]>,
}

impl Selector {
    /// An expression and nothing else.
    pub(crate) fn of(expression: Expression) -> Self {
        Selector { expression, entries: SmallVec::new() }
    }

    /// What was said under a key.
    pub(crate) fn entry(&self, key: &str) -> Option<&Value> {
        self.entries.iter().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    /// The given label.
    pub(crate) fn label(&self) -> Option<Str> {
        self.entry(LABEL.name).map(object::plain_text)
    }

    /// Reads one item; hashtables may have these keys.
    pub(crate) fn read(value: &Value, keys: &[Key]) -> Outcome<Selector> {
        match value {
            Value::Hashtable(table) => Self::from_table(table, keys),
            Value::Wrapped(wrapped) => Self::read(&wrapped.base, keys),
            Value::ScriptBlock(block) => Ok(Selector::of(Expression::Block(block.clone()))),
            other => Ok(Selector::of(Expression::named(object::plain_text(other)))),
        }
    }

    fn from_table(table: &Hashtable, keys: &[Key]) -> Outcome<Selector> {
        let mut expression = None;
        let mut entries = SmallVec::new();
        for (name, value) in table.pairs() {
            let name = object::plain_text(&name);
            let key = find_key(&name, keys)?;
            if key.name == EXPRESSION.name {
                expression = Some(read_expression(&value)?);
            } else {
                entries.push((key.name, value));
            }
        }
        let Some(expression) = expression else {
            return illegal(
                "DictionaryKeyMandatoryEntry",
                "a property hashtable needs the key 'Expression'".to_string(),
            );
        };
        Ok(Selector { expression, entries })
    }
}

fn read_expression(value: &Value) -> Outcome<Expression> {
    match value {
        Value::ScriptBlock(block) => Ok(Expression::Block(block.clone())),
        Value::Wrapped(wrapped) => read_expression(&wrapped.base),
        Value::Null | Value::Nothing => illegal(
            "DictionaryKeyIllegalValue1",
            "'Expression' is null; give it a property name or a script block".to_string(),
        ),
        other => Ok(Expression::named(object::plain_text(other))),
    }
}

fn find_key<'a>(name: &str, keys: &'a [Key]) -> Outcome<&'a Key> {
    let starts =
        |full: &str| full.len() >= name.len() && full.as_bytes()[..name.len()].eq_ignore_ascii_case(name.as_bytes());
    let mut found = keys.iter().filter(|key| !name.is_empty() && (starts(key.name) || starts(key.other)));
    match (found.next(), found.next()) {
        (Some(key), None) => Ok(key),
        (None, _) => {
            let known: Vec<&str> = keys.iter().map(|key| key.name).collect();
            illegal(
                "DictionaryKeyIllegal",
                format!("'{name}' is not a key of a property hashtable; known keys: {}", known.join(", ")),
            )
        }
        (Some(first), Some(second)) => {
            illegal("DictionaryKeyAmbiguous", format!("the key '{name}' can mean {} or {}", first.name, second.name))
        }
    }
}

fn illegal<T>(id: &'static str, message: String) -> Outcome<T> {
    Fault::new(id, message).category(ErrorCategory::InvalidArgument).exception("System.NotSupportedException").err()
}

/// Errors that formatting shows as an empty cell; leaving the pipeline early is not one of them.
pub(crate) fn is_error(unwind: &Unwind) -> bool {
    !matches!(unwind, Unwind::Control(_))
}
