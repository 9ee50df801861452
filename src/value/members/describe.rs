//! What an object has: its properties and methods by name and kind, in the order PowerShell lists them.

use super::extension::{self, bare};
use super::{access, table};
use crate::value::{Engine, Member, Outcome, Str, TypeRef, Value};

/// One member of an object.
#[derive(Clone)]
pub(crate) struct MemberEntry {
    /// Its name.
    pub(crate) name: Str,
    /// `NoteProperty`, `Property`, `ScriptMethod` …
    pub(crate) kind: &'static str,
    /// Its type, as the language shows it; empty where only the value knows.
    pub(crate) value_type: &'static str,
    /// It can be written.
    pub(crate) settable: bool,
}

impl MemberEntry {
    /// Reads the property from the object it was listed for.
    pub(crate) fn get(&self, engine: &mut dyn Engine, value: &Value) -> Outcome<Value> {
        Ok(access::get_own(engine, value, &self.name)?.unwrap_or_default())
    }
}

/// `MemberType` of an added member.
pub(crate) fn kind_of(member: &Member) -> &'static str {
    match member {
        Member::Note(_) => "NoteProperty",
        Member::Script(..) => "ScriptProperty",
        Member::Alias(..) => "AliasProperty",
        Member::Method(_) => "ScriptMethod",
        Member::PropertySet(_) => "PropertySet",
        Member::MemberSet(_) => "MemberSet",
    }
}

fn added_entry((name, member): (Str, Member)) -> MemberEntry {
    let settable = matches!(member, Member::Note(_) | Member::Alias(..) | Member::Script(_, Some(_)));
    MemberEntry { name, kind: kind_of(&member), value_type: "", settable }
}

fn is_property(entry: &MemberEntry) -> bool {
    entry.kind.ends_with("Property")
}

/// The properties of an object: plain and added ones first, then those of its type.
pub(crate) fn properties(value: &Value) -> Vec<MemberEntry> {
    let mut found = Vec::new();
    let bare = bare(value);
    if let Value::Object(object) = bare {
        let kind = if object.kind == TypeRef::PSCUSTOMOBJECT { "NoteProperty" } else { "Property" };
        let names = object.shape.borrow().names.clone();
        let hidden = object.kind.info().hidden;
        let shown = names.into_iter().filter(|name| !hidden.contains(&name.as_str()));
        found.extend(shown.map(|name| {
            let value_type = table::find_property(object.kind, &name).map_or("", |row| row.kind);
            MemberEntry { name, kind, value_type, settable: true }
        }));
    }
    found.extend(added(value).filter(is_property));
    if matches!(bare, Value::Native(native) if native.data.adapts()) {
        found.extend(loose_properties(bare));
        return first_of_each_name(found);
    }
    let rows: Vec<_> = TypeRef::of(bare).bases().filter_map(table::own_members).flat_map(|m| m.properties).collect();
    let hidden = TypeRef::of(bare).info().hidden;
    let rows = rows.into_iter().filter(|row| !hidden.contains(&row.name));
    let (own, engine): (Vec<_>, Vec<_>) = rows.partition(|row| row.member == "Property");
    found.extend(engine.into_iter().chain(own).map(|row| MemberEntry {
        name: Str::from(row.name),
        kind: row.member,
        value_type: row.kind,
        settable: row.set.is_some(),
    }));
    found.extend(loose_properties(bare));
    first_of_each_name(found)
}

/// The properties a type declares, whoever has them.
pub(crate) fn type_properties(kind: TypeRef) -> Vec<MemberEntry> {
    let rows = kind.bases().filter_map(table::own_members).flat_map(|members| members.properties);
    let entry = |row: &table::PropertyRow| MemberEntry {
        name: Str::from(row.name),
        kind: row.member,
        value_type: row.kind,
        settable: row.set.is_some(),
    };
    first_of_each_name(rows.map(entry).collect())
}

/// Properties that only the object itself knows.
fn loose_properties(value: &Value) -> Vec<MemberEntry> {
    let entry = |name: Str| MemberEntry { name, kind: "Property", value_type: "", settable: true };
    match value {
        Value::Exception(exception) => exception.properties.borrow().keys().cloned().map(entry).collect(),
        Value::Native(native) => native.data.member_names().into_iter().map(entry).collect(),
        _ => Vec::new(),
    }
}

fn added(value: &Value) -> impl Iterator<Item = MemberEntry> {
    let by_type = extension::with_type_data(value).into_iter().flat_map(|data| data.members);
    extension::own_members(value).into_iter().chain(by_type).map(added_entry)
}

fn first_of_each_name(entries: Vec<MemberEntry>) -> Vec<MemberEntry> {
    let mut kept: Vec<MemberEntry> = Vec::with_capacity(entries.len());
    for entry in entries {
        if !kept.iter().any(|known| known.name.eq_ignore_ascii_case(&entry.name)) {
            kept.push(entry);
        }
    }
    kept
}

/// The names of the properties alone.
pub(crate) fn property_names(value: &Value) -> Vec<Str> {
    if let Value::Object(object) = value
        && !object.extension.has_members()
        && object.kind == TypeRef::PSCUSTOMOBJECT
        && extension::with_type_data(value).is_empty()
    {
        return object.shape.borrow().names.clone();
    }
    properties(value).into_iter().map(|entry| entry.name).collect()
}

/// The methods of an object, with their overloads' signatures.
pub(crate) fn methods(value: &Value) -> Vec<(MemberEntry, String)> {
    let script = added(value).filter(|entry| !is_property(entry));
    let mut found: Vec<(MemberEntry, String)> = script.map(|entry| (entry, String::new())).collect();
    for (entry, signature) in type_methods(TypeRef::of(bare(value))) {
        if !found.iter().any(|(known, _)| known.name.eq_ignore_ascii_case(&entry.name)) {
            found.push((entry, signature));
        }
    }
    found
}

/// The members of an object that its class marks `hidden`, with their signatures.
pub(crate) fn hidden_members(value: &Value) -> Vec<(MemberEntry, String)> {
    let kind = TypeRef::of(bare(value));
    let entry = |name: &&'static str| match table::find_method(kind, name) {
        Some(method) => (method_entry(name), signatures(method)),
        None => {
            let value_type = table::find_property(kind, name).map_or("", |row| row.kind);
            let entry = MemberEntry { name: Str::from(*name), kind: "Property", value_type, settable: true };
            (entry, String::new())
        }
    };
    kind.info().hidden.iter().map(entry).collect()
}

/// The methods a type has, its bases' included.
pub(crate) fn type_methods(kind: TypeRef) -> Vec<(MemberEntry, String)> {
    let mut found: Vec<(MemberEntry, String)> = Vec::new();
    for members in kind.bases().filter_map(table::own_members) {
        for name in &members.method_names {
            let known = found.iter().any(|(entry, _)| entry.name.eq_ignore_ascii_case(name))
                || kind.info().hidden.iter().any(|hidden| hidden.eq_ignore_ascii_case(name));
            if let Some(method) = members.method(name).filter(|_| !known) {
                found.push((method_entry(name), signatures(method)));
            }
        }
    }
    found
}

/// The static members of a type: properties first.
pub(crate) fn static_members(kind: TypeRef) -> Vec<(MemberEntry, String)> {
    let mut found = Vec::new();
    let members = kind.enum_members().iter().map(|(name, _)| (*name, ""));
    let tables = || kind.bases().filter_map(table::own_members);
    let rows = tables().flat_map(|own| own.static_properties).map(|row| (row.name, row.kind));
    for (name, value_type) in members.chain(rows) {
        let entry = MemberEntry { name: Str::from(name), kind: "Property", value_type, settable: false };
        found.push((entry, String::new()));
    }
    for own in tables() {
        for name in &own.static_names {
            if let Some(method) = own.static_method(name) {
                found.push((method_entry(name), signatures(method)));
            }
        }
    }
    found
}

fn method_entry(name: &str) -> MemberEntry {
    MemberEntry { name: Str::from(name), kind: "Method", value_type: "", settable: false }
}

/// All overloads, as `Get-Member` shows them.
pub(crate) fn signatures(method: &table::Method) -> String {
    let all: Vec<&str> = method.overloads.iter().map(|overload| overload.signature).collect();
    all.join(", ")
}
