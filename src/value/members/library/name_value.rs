//! `NameValueCollection`: names without regard to case, each with one or more texts, in the order added. What
//! `HttpUtility.ParseQueryString` gives is one whose text is a query.

use super::super::elements;
use super::super::table::{Call, Row, Table, get};
use super::super::{integer_of, thrown};
use super::array::strings;
use crate::value::object::NativeObject;
use crate::value::{Native, Outcome, Str, TypeRef, Unwind, Value, convert};
use std::any::Any;
use std::cell::RefCell;

pub(super) static TABLES: &[(TypeRef, &Table)] =
    &[(TypeRef::NAME_VALUE_COLLECTION, &TABLE), (TypeRef::HTTP_QUERY_COLLECTION, &Table::EMPTY)];

/// A name, absent for values added without one, and its values.
type Entry = (Option<Str>, Vec<Str>);

struct Collection {
    kind: TypeRef,
    entries: RefCell<Vec<Entry>>,
}

impl NativeObject for Collection {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn enumerate(&self) -> Option<Vec<Value>> {
        Some(self.entries.borrow().iter().map(|(name, _)| name.clone().into()).collect())
    }
    fn is_enumerable(&self) -> bool {
        true
    }
    fn count(&self) -> Option<usize> {
        Some(self.entries.borrow().len())
    }
    fn text(&self) -> String {
        if self.kind == TypeRef::NAME_VALUE_COLLECTION {
            return self.kind.name().to_owned();
        }
        let entries = self.entries.borrow();
        let pairs = entries.iter().flat_map(|(name, values)| {
            values.iter().map(move |value| {
                let value = super::net::form_escaped(value);
                name.as_ref().map_or(value.clone(), |name| format!("{}={value}", super::net::form_escaped(name)))
            })
        });
        pairs.collect::<Vec<_>>().join("&")
    }
}

impl Collection {
    fn place(&self, name: &Value) -> Option<usize> {
        let same = |known: &Option<Str>| match (known, name) {
            (Some(known), Value::Str(name)) => known.eq_ignore_ascii_case(name),
            (None, Value::Null) => true,
            _ => false,
        };
        self.entries.borrow().iter().position(|(known, _)| same(known))
    }

    fn add(&self, name: &Value, value: Option<Str>) {
        let at = self.place(name);
        let mut entries = self.entries.borrow_mut();
        match at.and_then(|at| entries.get_mut(at)) {
            Some((_, values)) => values.extend(value),
            None => entries.push((name_of(name), value.into_iter().collect())),
        }
    }

    fn set(&self, name: &Value, value: Option<Str>) {
        let at = self.place(name);
        let mut entries = self.entries.borrow_mut();
        match at.and_then(|at| entries.get_mut(at)) {
            Some((_, values)) => *values = value.into_iter().collect(),
            None => entries.push((name_of(name), value.into_iter().collect())),
        }
    }
}

fn name_of(name: &Value) -> Option<Str> {
    match name {
        Value::Null => None,
        other => Some(convert::to_text(other)),
    }
}

fn collection(value: &Value) -> Option<&Collection> {
    match value {
        Value::Native(native) => native.downcast::<Collection>(),
        _ => None,
    }
}

fn made(kind: TypeRef, entries: Vec<Entry>) -> Value {
    Native::value(Collection { kind, entries: RefCell::new(entries) })
}

/// The collection of a query's text.
pub(crate) fn query(text: &str) -> Value {
    let found = Collection { kind: TypeRef::HTTP_QUERY_COLLECTION, entries: RefCell::default() };
    for part in text.trim_start_matches('?').split('&').filter(|part| !part.is_empty()) {
        let (name, value) = match part.split_once('=') {
            Some((name, value)) => (Value::from(super::net::form_unescaped(name)), value),
            None => (Value::Null, part),
        };
        found.add(&name, Some(Str::from(super::net::form_unescaped(value))));
    }
    Native::value(found)
}

fn this<'a>(c: &Call<'a>) -> Outcome<&'a Collection> {
    collection(c.this).ok_or_else(|| thrown(TypeRef::NULL_REFERENCE_EXCEPTION, "This is no such collection."))
}

fn outside() -> Unwind {
    thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "The index is outside the collection.")
}

/// The entry of a name or of a number.
fn found(c: &Call<'_>) -> Outcome<Option<Entry>> {
    let this = this(c)?;
    let at = match c.arg(0) {
        number @ Value::I32(_) => {
            let count = this.entries.borrow().len();
            let at = integer_of(number).and_then(|at| usize::try_from(at).ok()).filter(|at| *at < count);
            Some(at.ok_or_else(outside)?)
        }
        name => this.place(name),
    };
    Ok(at.and_then(|at| this.entries.borrow().get(at).cloned()))
}

fn joined(c: &mut Call<'_>) -> Outcome<Value> {
    let values = found(c)?.map(|(_, values)| values).filter(|values| !values.is_empty());
    Ok(values.map_or(Value::Null, |values| Value::from(values.iter().map(Str::as_str).collect::<Vec<_>>().join(","))))
}

fn values(c: &mut Call<'_>) -> Outcome<Value> {
    Ok(found(c)?.map_or(Value::Null, |(_, values)| strings(values)))
}

/// A value argument; null where none was given.
fn given(c: &Call<'_>) -> Option<Str> {
    match c.arg(1) {
        Value::Null => None,
        other => Some(convert::to_text(other)),
    }
}

fn assign(c: &mut Call<'_>) -> Outcome<Value> {
    let name = c.arg(0).clone();
    this(c)?.set(&name, given(c));
    Ok(Value::Nothing)
}

const METHODS: &[Row] = &[
    ("void Add(string name, string value)", |c| {
        let name = c.arg(0).clone();
        this(c)?.add(&name, given(c));
        Ok(Value::Nothing)
    }),
    ("void Add(System.Collections.Specialized.NameValueCollection c)", |c| {
        let more = collection(c.arg(0)).map(|other| other.entries.borrow().clone()).unwrap_or_default();
        for (name, values) in more {
            let name: Value = name.into();
            values.into_iter().try_for_each(|value| this(c).map(|this| this.add(&name, Some(value))))?;
        }
        Ok(Value::Nothing)
    }),
    ("void Clear()", |c| {
        this(c)?.entries.borrow_mut().clear();
        Ok(Value::Nothing)
    }),
    ("void CopyTo(array dest, int index)", |c| {
        let start = usize::try_from(c.int(1)).map_err(|_| outside())?;
        let texts = this(c)?
            .entries
            .borrow()
            .iter()
            .map(|(_, values)| Value::from(values.iter().map(Str::as_str).collect::<Vec<_>>().join(",")))
            .collect::<Vec<_>>();
        if let Value::Array(target) = c.arg(0) {
            target.items_mut().iter_mut().skip(start).zip(texts).for_each(|(place, text)| *place = text);
        }
        Ok(Value::Nothing)
    }),
    ("string Get(string name)", joined),
    ("string Get(int index)", joined),
    ("System.Collections.IEnumerator GetEnumerator()", |c| {
        Ok(super::list::enumerator(elements(c.this).unwrap_or_default()))
    }),
    ("string GetKey(int index)", |c| Ok(found(c)?.and_then(|(name, _)| name).into())),
    ("string[] GetValues(string name)", values),
    ("string[] GetValues(int index)", values),
    ("bool HasKeys()", |c| Ok(Value::Bool(this(c)?.entries.borrow().iter().any(|(name, _)| name.is_some())))),
    ("void Remove(string name)", |c| {
        let this = this(c)?;
        if let Some(at) = this.place(c.arg(0)) {
            this.entries.borrow_mut().remove(at);
        }
        Ok(Value::Nothing)
    }),
    ("void Set(string name, string value)", assign),
    ("string get_Item(string name)", joined),
    ("string get_Item(int index)", joined),
    ("void set_Item(string name, string value)", assign),
    ("string Item(string name)", joined),
    ("string ToString()", |c| Ok(Value::from(this(c)?.text()))),
];

fn names(value: &Value) -> Value {
    let found = collection(value).and_then(NativeObject::enumerate).unwrap_or_default();
    Value::Array(crate::value::Array::typed(TypeRef::STRING, found))
}

static TABLE: Table = Table {
    methods: METHODS,
    constructors: &[
        ("NameValueCollection()", |c| Ok(made(c.kind, Vec::new()))),
        ("NameValueCollection(int capacity)", |c| Ok(made(c.kind, Vec::new()))),
        ("NameValueCollection(System.Collections.Specialized.NameValueCollection col)", |c| {
            let entries = collection(c.arg(0)).map(|other| other.entries.borrow().clone());
            Ok(made(c.kind, entries.unwrap_or_default()))
        }),
    ],
    properties: &[
        get("AllKeys", "string[]", |_, v| Ok(names(v))),
        get("Count", "int", |_, v| {
            Ok(Value::I32(collection(v).map_or(0, |found| found.entries.borrow().len() as i32)))
        }),
        get("IsSynchronized", "bool", |_, _| Ok(Value::Bool(false))),
        get("Keys", "System.Collections.Specialized.NameObjectCollectionBase+KeysCollection", |_, v| Ok(names(v))),
        get("SyncRoot", "System.Object", |_, v| Ok(v.clone())),
    ],
    ..Table::EMPTY
};
