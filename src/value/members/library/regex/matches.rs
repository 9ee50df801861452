//! What a pattern found: `Match`, `Group`, `Capture` and collections of them.

use super::super::super::table::{Call, PropertyRow, Table, get};
use crate::value::object::NativeObject;
use crate::value::pattern::{Captures, Found, Replacement};
use crate::value::{Native, Outcome, Str, TypeRef, Value, convert};
use std::any::Any;
use std::rc::Rc;

/// A match, one of its groups, or a capture of a group.
pub(crate) struct MatchPart {
    kind: TypeRef,
    captures: Rc<Captures>,
    group: usize,
}

impl MatchPart {
    fn span(&self) -> Option<(usize, usize)> {
        self.captures.found.groups.get(self.group).copied().flatten()
    }

    fn value(&self) -> &str {
        self.captures.found.text(self.group, &self.captures.input).unwrap_or("")
    }

    /// Place and length in UTF-16 units.
    fn place(&self) -> (usize, usize) {
        let Some((start, end)) = self.span() else { return (0, 0) };
        let input = &self.captures.input;
        if input.is_ascii() {
            return (start, end - start);
        }
        let units = |text: Option<&str>| text.map_or(0, |text| text.encode_utf16().count());
        (units(input.get(..start)), units(input.get(start..end)))
    }

    fn name(&self) -> Str {
        self.captures.pattern.group_names().get(self.group).cloned().unwrap_or_default()
    }
}

impl NativeObject for MatchPart {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        self.value().to_string()
    }
}

fn part_value(kind: TypeRef, captures: &Rc<Captures>, group: usize) -> Value {
    Native::value(MatchPart { kind, captures: captures.clone(), group })
}

/// A match as a value; one without groups is a failed match.
pub(crate) fn match_value(captures: Captures) -> Value {
    part_value(TypeRef::MATCH, &Rc::new(captures), 0)
}

fn part(value: &Value) -> Option<&MatchPart> {
    match value {
        Value::Native(native) => native.downcast::<MatchPart>(),
        Value::Wrapped(wrapped) => part(&wrapped.base),
        _ => None,
    }
}

/// Matches, or the captures of a group.
pub(super) struct MatchList {
    pub(super) kind: TypeRef,
    pub(super) items: Vec<Value>,
}

impl NativeObject for MatchList {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn enumerate(&self) -> Option<Vec<Value>> {
        Some(self.items.clone())
    }
    fn is_enumerable(&self) -> bool {
        true
    }
    fn count(&self) -> Option<usize> {
        Some(self.items.len())
    }
    fn indexable(&self) -> bool {
        true
    }
    fn at(&self, index: usize) -> Option<Value> {
        self.items.get(index).cloned()
    }
}

/// The groups of a match, by number and by name.
struct Groups(Rc<Captures>);

impl Groups {
    fn group(&self, number: usize) -> Value {
        part_value(TypeRef::GROUP, &self.0, number)
    }

    fn len(&self) -> usize {
        self.0.pattern.group_names().len().max(1)
    }
}

impl NativeObject for Groups {
    fn kind(&self) -> TypeRef {
        TypeRef::GROUP_COLLECTION
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn enumerate(&self) -> Option<Vec<Value>> {
        Some((0..self.len()).map(|number| self.first_or_group(number)).collect())
    }
    fn is_enumerable(&self) -> bool {
        true
    }
    fn count(&self) -> Option<usize> {
        Some(self.len())
    }
    fn indexable(&self) -> bool {
        true
    }
    fn at(&self, index: usize) -> Option<Value> {
        Some(self.first_or_group(index))
    }
    fn at_key(&self, key: &Value) -> Option<Value> {
        match key {
            Value::Str(name) => {
                let number = self.0.pattern.group_number(name).unwrap_or(usize::MAX);
                Some(self.first_or_group(number))
            }
            Value::I32(number) => Some(self.first_or_group(usize::try_from(*number).unwrap_or(usize::MAX))),
            _ => None,
        }
    }
}

impl Groups {
    /// Group 0 is the match itself.
    fn first_or_group(&self, number: usize) -> Value {
        if number == 0 { part_value(TypeRef::MATCH, &self.0, 0) } else { self.group(number) }
    }
}

fn on_part(value: &Value, read: fn(&MatchPart) -> Value) -> Outcome<Value> {
    Ok(part(value).map_or(Value::Null, read))
}

const INDEX: PropertyRow = get("Index", "int", |_, v| on_part(v, |part| Value::I32(part.place().0 as i32)));
const LENGTH: PropertyRow = get("Length", "int", |_, v| on_part(v, |part| Value::I32(part.place().1 as i32)));
const VALUE: PropertyRow = get("Value", "string", |_, v| on_part(v, |part| Value::from(part.value())));
/// What a span of text cannot give a script: it is listed, and always empty.
const VALUE_SPAN: PropertyRow = get("ValueSpan", "System.ReadOnlySpan[char]", |_, _| Ok(Value::Null));
const SUCCESS: PropertyRow = get("Success", "bool", |_, v| on_part(v, |part| Value::Bool(part.span().is_some())));
const NAME: PropertyRow = get("Name", "string", |_, v| on_part(v, |part| Value::Str(part.name())));
const CAPTURES: PropertyRow = get("Captures", "System.Text.RegularExpressions.CaptureCollection", |_, v| {
    on_part(v, |part| {
        let whole = &part.captures;
        let spans = whole.pattern.captures_of(&whole.input, &whole.found, part.group);
        let last = spans.len().saturating_sub(1);
        let capture = |(at, span)| {
            // A capture is a match of which only its own span is known.
            let mut found = whole.found.clone();
            if let Some(place) = found.groups.get_mut(part.group) {
                *place = Some(span);
            }
            let one = Captures { input: whole.input.clone(), pattern: whole.pattern.clone(), found };
            // The last capture of a group is the group itself.
            part_value(if at == last { part.kind } else { TypeRef::CAPTURE }, &Rc::new(one), part.group)
        };
        let items = spans.into_iter().enumerate().map(capture).collect();
        Native::value(MatchList { kind: TypeRef::CAPTURE_COLLECTION, items })
    })
});
const ALL_GROUPS: PropertyRow = get("Groups", "System.Text.RegularExpressions.GroupCollection", |_, v| {
    on_part(v, |part| Native::value(Groups(part.captures.clone())))
});

pub(super) static CAPTURE: Table = Table {
    properties: &[INDEX, LENGTH, VALUE, VALUE_SPAN],
    methods: &[("string ToString()", |c| Ok(Value::Str(convert::to_text(c.this))))],
    ..Table::EMPTY
};

pub(super) static GROUP: Table = Table {
    properties: &[SUCCESS, NAME, CAPTURES, INDEX, LENGTH, VALUE, VALUE_SPAN],
    methods: CAPTURE.methods,
    ..Table::EMPTY
};

pub(super) static MATCH: Table = Table {
    properties: &[ALL_GROUPS, SUCCESS, NAME, CAPTURES, INDEX, LENGTH, VALUE, VALUE_SPAN],
    methods: &[
        ("string ToString()", |c| Ok(Value::Str(convert::to_text(c.this)))),
        ("System.Text.RegularExpressions.Match NextMatch()", |c| next_match(c)),
        ("string Result(string replacement)", |c| {
            let Some(part) = part(c.this) else { return Ok(Value::Null) };
            let captures = &part.captures;
            let mut text = String::new();
            Replacement::new(c.text(0), &captures.pattern).write(&captures.found, &captures.input, &mut text);
            Ok(Value::from(text))
        }),
    ],
    ..Table::EMPTY
};

fn next_match(c: &Call<'_>) -> Outcome<Value> {
    let Some(part) = part(c.this) else { return Ok(Value::Null) };
    let captures = &part.captures;
    let found = match part.span() {
        Some(span) => captures.pattern.find_at(&captures.input, captures.pattern.next_start(&captures.input, span))?,
        None => None,
    };
    let found = found.unwrap_or_else(Found::default);
    Ok(match_value(Captures { input: captures.input.clone(), pattern: captures.pattern.clone(), found }))
}

const COUNT: PropertyRow = get("Count", "int", |_, value| {
    let count = if let Value::Native(native) = value { native.data.count() } else { None };
    Ok(Value::I32(count.unwrap_or(0) as i32))
});

pub(super) static COLLECTION: Table = Table { properties: &[COUNT], ..Table::EMPTY };

pub(super) static GROUPS: Table = Table {
    properties: &[
        COUNT,
        get("Keys", "System.Collections.Generic.IEnumerable[string]", |_, v| {
            let Value::Native(native) = v else { return Ok(Value::Null) };
            let names = native.downcast::<Groups>().map(|groups| groups.0.pattern.group_names().to_vec());
            Ok(Value::array(names.unwrap_or_default().into_iter().map(Value::Str).collect()))
        }),
    ],
    methods: &[("bool ContainsKey(string key)", |c| {
        let Value::Native(native) = c.this else { return Ok(Value::Bool(false)) };
        let known = native.downcast::<Groups>().and_then(|groups| groups.0.pattern.group_number(c.text(0)));
        Ok(Value::Bool(known.is_some()))
    })],
    ..Table::EMPTY
};
