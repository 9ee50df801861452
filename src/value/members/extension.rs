//! Members and type names that scripts add: to one object, or to all objects of a type name (`Update-TypeData`).

use crate::value::object::ExtensionSlot;
use crate::value::{Extension, Member, PsObject, Shape, Str, TypeRef, Value, Wrapped};
use indexmap::IndexMap;
use rustc_hash::FxHashMap;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// What `Update-TypeData` knows of one type name.
#[derive(Clone, Debug, Default)]
pub(crate) struct TypeData {
    /// The name as written.
    pub(crate) name: Str,
    /// Added members.
    pub(crate) members: IndexMap<Str, Member>,
    /// `-DefaultDisplayPropertySet`.
    pub(crate) default_display: Option<Vec<Str>>,
    /// `-DefaultKeyPropertySet`.
    pub(crate) default_key: Option<Vec<Str>>,
    /// `-DefaultDisplayProperty`.
    pub(crate) default_property: Option<Str>,
    /// `-SerializationDepth`.
    pub(crate) serialization_depth: Option<u32>,
}

thread_local! {
    /// By lower-cased type name.
    static TYPE_DATA: RefCell<FxHashMap<String, TypeData>> = RefCell::default();
    /// Set once anything was ever added, so that everyone else pays nothing.
    static ANY_TYPE_DATA: Cell<bool> = const { Cell::new(false) };
}

/// The value inside a wrapper, or itself.
#[inline]
pub(crate) fn bare(value: &Value) -> &Value {
    match value {
        Value::Wrapped(wrapped) => &wrapped.base,
        value => value,
    }
}

/// Where an object keeps what scripts add to it; `None` for values that must be wrapped first.
fn slot(value: &Value) -> Option<&ExtensionSlot> {
    match value {
        Value::Array(array) => Some(&array.extension),
        Value::Hashtable(table) => Some(&table.extension),
        Value::Object(object) => Some(&object.extension),
        Value::Error(record) => Some(&record.extension),
        Value::Native(native) => Some(&native.extension),
        Value::Wrapped(wrapped) => Some(&wrapped.extension),
        _ => None,
    }
}

/// A member added to the object, or to one of its type names.
#[inline]
pub(crate) fn find_member(value: &Value, name: &str) -> Option<Member> {
    if let Some(member) = slot(value).and_then(|slot| slot.member(name)) {
        return Some(member);
    }
    if ANY_TYPE_DATA.get() { find_type_member(value, name) } else { None }
}

fn find_type_member(value: &Value, name: &str) -> Option<Member> {
    TYPE_DATA.with_borrow(|data| {
        type_names(value).iter().find_map(|type_name| {
            let members = &data.get(&type_name.to_lowercase())?.members;
            members.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, member)| member.clone())
        })
    })
}

/// The members added to this object alone, in order.
pub(crate) fn own_members(value: &Value) -> Vec<(Str, Member)> {
    let extension = slot(value).and_then(ExtensionSlot::get).map(RefCell::borrow);
    extension.map(|found| found.members.iter().map(|(n, m)| (n.clone(), m.clone())).collect()).unwrap_or_default()
}

/// What is known of a type name.
pub(crate) fn type_data(name: &str) -> Option<TypeData> {
    TYPE_DATA.with_borrow(|data| data.get(&name.to_lowercase()).cloned())
}

/// What is known of every type name, by name.
pub(crate) fn all_type_data() -> Vec<TypeData> {
    let mut all: Vec<TypeData> = TYPE_DATA.with_borrow(|data| data.values().cloned().collect());
    all.sort_by(|left, right| left.name.as_str().cmp(right.name.as_str()));
    all
}

/// What is known of all type names of a value, most derived first.
pub(crate) fn with_type_data(value: &Value) -> Vec<TypeData> {
    if !ANY_TYPE_DATA.get() {
        return Vec::new();
    }
    type_names(value).iter().filter_map(|name| type_data(name)).collect()
}

/// Changes what is known of a type name; `None` from `change` forgets it.
pub(crate) fn update_type_data(name: &str, change: impl FnOnce(Option<TypeData>) -> Option<TypeData>) {
    TYPE_DATA.with_borrow_mut(|data| {
        let key = name.to_lowercase();
        if let Some(changed) = change(data.remove(&key)) {
            data.insert(key, changed);
            ANY_TYPE_DATA.set(true);
        }
    });
}

/// `PSObject.TypeNames`: the object's own, or those of its type and bases.
pub(crate) fn type_names(value: &Value) -> Vec<Str> {
    let own = slot(value).and_then(ExtensionSlot::type_names);
    let first = || match bare(value) {
        Value::Native(native) => native.data.first_type_name().map(Str::from),
        _ => None,
    };
    let of_type = || TypeRef::of(value).bases().map(|kind| Str::from(kind.full_name().as_ref()));
    own.unwrap_or_else(|| first().into_iter().chain(of_type()).collect())
}

/// Replaces the type names; gives the object back, wrapped where it had to be.
pub(crate) fn set_type_names(value: &Value, names: Vec<Str>) -> Value {
    let value = extensible(value);
    if let Some(slot) = slot(&value) {
        slot.make().borrow_mut().type_names = Some(names);
    }
    value
}

/// Gives an object a text of its own.
pub(crate) fn set_own_text(value: &Value, text: impl Into<Str>) {
    if let Some(slot) = slot(value) {
        slot.make().borrow_mut().text = Some(text.into());
    }
}

/// Puts a type name in front; gives the object back, wrapped where it had to be.
pub(crate) fn insert_type_name(value: &Value, name: impl Into<Str>) -> Value {
    let mut names = type_names(value);
    names.insert(0, name.into());
    set_type_names(value, names)
}

/// The value, wrapped where it cannot hold members itself.
fn extensible(value: &Value) -> Value {
    match slot(value) {
        Some(_) => value.clone(),
        None => Value::Wrapped(Rc::new(Wrapped { base: value.clone(), extension: ExtensionSlot::default() })),
    }
}

/// Adds or replaces a member; gives the object back, wrapped where it had to be.
pub(crate) fn add_member(value: &Value, name: &str, member: Member) -> Value {
    let value = extensible(value);
    match (&value, member) {
        (Value::Object(object), Member::Note(note)) if holds_note(object, name) => set_note(object, name, note),
        (_, member) => {
            if let Value::Object(object) = &value {
                remove_custom(object, name);
            }
            if let Some(slot) = slot(&value) {
                let mut extension = slot.make().borrow_mut();
                let known = extension.members.keys().find(|known| known.eq_ignore_ascii_case(name)).cloned();
                extension.members.insert(known.unwrap_or_else(|| Str::from(name)), member);
            }
        }
    }
    value
}

/// True where a note belongs among the object's plain properties: it is one, or no other member was added yet.
fn holds_note(object: &PsObject, name: &str) -> bool {
    let plain = object.extension.get().is_none_or(|extension| extension.borrow().members.is_empty());
    plain || object.shape.borrow().names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn set_note(object: &PsObject, name: &str, note: Value) {
    let at = object.shape.borrow().names.iter().position(|known| known.eq_ignore_ascii_case(name));
    match at {
        Some(at) => {
            let mut values = object.values.borrow_mut();
            if let Some(place) = values.get_mut(at) {
                *place = note;
            }
        }
        None => {
            let mut names = object.shape.borrow().names.clone();
            names.push(Str::from(name));
            *object.shape.borrow_mut() = Rc::new(Shape { names });
            object.values.borrow_mut().push(note);
        }
    }
}

fn remove_custom(object: &PsObject, name: &str) -> bool {
    let at = object.shape.borrow().names.iter().position(|known| known.eq_ignore_ascii_case(name));
    let Some(at) = at else { return false };
    let mut names = object.shape.borrow().names.clone();
    names.remove(at);
    *object.shape.borrow_mut() = Rc::new(Shape { names });
    object.values.borrow_mut().remove(at);
    true
}

/// Takes a member off the object; false where it has none of that name.
pub(crate) fn remove_member(value: &Value, name: &str) -> bool {
    if let Value::Object(object) = value
        && remove_custom(object, name)
    {
        return true;
    }
    let Some(extension) = slot(value).and_then(ExtensionSlot::get) else { return false };
    let mut extension = extension.borrow_mut();
    let known = extension.members.keys().find(|known| known.eq_ignore_ascii_case(name)).cloned();
    known.is_some_and(|known| extension.members.shift_remove(&known).is_some())
}

/// Writes an added note: on the object, or over a type's note for this object alone.
pub(crate) fn replace_note(value: &Value, name: &str, new: Value) {
    if let Some(slot) = slot(value) {
        let mut extension: std::cell::RefMut<'_, Extension> = slot.make().borrow_mut();
        let known = extension.members.keys().find(|known| known.eq_ignore_ascii_case(name)).cloned();
        extension.members.insert(known.unwrap_or_else(|| Str::from(name)), Member::Note(new));
    }
}
