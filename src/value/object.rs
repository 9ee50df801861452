//! Objects: custom objects by shape, hashtables, natives behind a trait, and members added to anything.

use super::{Outcome, ScriptBlock, Str, TypeRef, Value};
use indexmap::IndexMap;
use std::any::Any;
use std::cell::{OnceCell, RefCell};
use std::fmt;
use std::rc::Rc;

/// The property names of a family of objects in their order. Objects made by the same piece of code share one
/// shape, so a property is found once per shape and then by number.
#[derive(Debug)]
pub(crate) struct Shape {
    /// Names as first written, in order. Lookup is case-insensitive.
    pub(crate) names: Vec<Str>,
}

/// `PSCustomObject`, or an instance of a script class (`kind` says which).
#[derive(Debug)]
pub struct PsObject {
    /// `TypeRef::PSCUSTOMOBJECT`, or the class.
    pub(crate) kind: TypeRef,
    /// Names of the properties. Replaced as a whole when a property is added or removed.
    pub(crate) shape: RefCell<Rc<Shape>>,
    /// Their values, in the shape's order.
    pub(crate) values: RefCell<Vec<Value>>,
    /// Type names put in front (`PSTypeName`, `PSObject.TypeNames.Insert`), and members other than plain properties.
    pub(crate) extension: ExtensionSlot,
}

impl PsObject {
    /// A `PSCustomObject` with these properties.
    pub(crate) fn custom(shape: Rc<Shape>, values: Vec<Value>) -> Rc<Self> {
        Rc::new(Self {
            kind: TypeRef::PSCUSTOMOBJECT,
            shape: RefCell::new(shape),
            values: RefCell::new(values),
            extension: Default::default(),
        })
    }
}

/// Members added to one object, and its own type names.
#[derive(Debug, Default)]
pub(crate) struct Extension {
    /// Added members in order, by name.
    pub(crate) members: IndexMap<Str, Member>,
    /// The whole `PSTypeNames` list, where it was changed.
    pub(crate) type_names: Option<Vec<Str>>,
    /// What `ToString()` gave where the object was serialized.
    pub(crate) text: Option<Str>,
    /// The .NET object inside an instance whose class derives from a .NET class.
    pub(crate) part: Option<Value>,
    /// The revision under which a managed object was read from where it is kept.
    pub(crate) revision: Option<i64>,
}

/// The .NET object inside an instance of a script class that derives from a .NET class.
#[inline]
pub(crate) fn part_of(value: &Value) -> Option<Value> {
    match value {
        Value::Object(object) if object.kind.is_script_class() => {
            object.extension.beyond_shared()?.borrow().part.clone()
        }
        _ => None,
    }
}

/// Note properties that a whole series of objects shares, as all lines of one file do; each has its number besides.
#[derive(Debug)]
pub(crate) struct SeriesNotes {
    /// The notes that are the same for all.
    pub(crate) shared: Vec<(Str, Value)>,
    /// The name of the note that holds an object's number.
    pub(crate) number: Str,
}

impl SeriesNotes {
    fn find(&self, name: &str, number: i64) -> Option<Value> {
        if self.number.eq_ignore_ascii_case(name) {
            return Some(Value::I64(number));
        }
        self.shared.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
    }

    fn extension(&self, number: i64) -> Extension {
        let own = (self.number.clone(), Value::I64(number));
        let notes = self.shared.iter().cloned().chain([own]);
        Extension { members: notes.map(|(name, value)| (name, Member::Note(value))).collect(), ..Extension::default() }
    }
}

/// What objects of one origin share until somebody wants to see or change it of one of them.
enum Shared {
    /// Notes, with the object's number.
    Notes(Rc<SeriesNotes>, i64),
    /// The whole `PSTypeNames` list.
    TypeNames(Rc<[Str]>),
}

/// What an object was given beyond its type.
#[derive(Default)]
struct Given {
    shared: Option<Shared>,
    extension: OnceCell<Box<RefCell<Extension>>>,
}

impl Given {
    fn settled(&self) -> &RefCell<Extension> {
        self.extension.get_or_init(|| {
            let extension = match &self.shared {
                Some(Shared::Notes(notes, number)) => notes.extension(*number),
                Some(Shared::TypeNames(names)) => {
                    Extension { type_names: Some(names.to_vec()), ..Extension::default() }
                }
                None => Extension::default(),
            };
            Box::new(RefCell::new(extension))
        })
    }

    /// What is still shared.
    fn unsettled(&self) -> Option<&Shared> {
        if self.extension.get().is_some() { None } else { self.shared.as_ref() }
    }
}

/// A place for an [`Extension`] that costs one word until used.
#[derive(Default)]
pub(crate) struct ExtensionSlot(OnceCell<Box<Given>>);

impl ExtensionSlot {
    /// A slot with the notes of a series.
    pub(crate) fn in_series(notes: Rc<SeriesNotes>, number: i64) -> Self {
        Self::sharing(Shared::Notes(notes, number))
    }

    /// A slot with type names that many objects have.
    pub(crate) fn with_type_names(names: Rc<[Str]>) -> Self {
        Self::sharing(Shared::TypeNames(names))
    }

    fn sharing(shared: Shared) -> Self {
        ExtensionSlot(OnceCell::from(Box::new(Given { shared: Some(shared), extension: OnceCell::new() })))
    }

    /// The extension, if anything was ever added.
    pub(crate) fn get(&self) -> Option<&RefCell<Extension>> {
        self.0.get().map(|given| given.settled())
    }

    /// The extension, made when it is not there yet.
    pub(crate) fn make(&self) -> &RefCell<Extension> {
        self.0.get_or_init(Default::default).settled()
    }

    /// True where anything was ever added.
    #[inline]
    pub(crate) fn is_used(&self) -> bool {
        self.0.get().is_some()
    }

    /// True where there may be members, or a .NET object inside: the properties of the object are not all it shows.
    #[inline]
    pub(crate) fn has_members(&self) -> bool {
        let Some(given) = self.0.get() else { return false };
        match given.unsettled() {
            Some(Shared::Notes(..)) => true,
            Some(Shared::TypeNames(_)) => false,
            None => {
                let extension = given.settled().borrow();
                !extension.members.is_empty() || extension.part.is_some()
            }
        }
    }

    /// The type names where they are the object's own.
    pub(crate) fn type_names(&self) -> Option<Vec<Str>> {
        let given = self.0.get()?;
        match given.unsettled() {
            Some(Shared::Notes(..)) => None,
            Some(Shared::TypeNames(names)) => Some(names.to_vec()),
            None => given.settled().borrow().type_names.clone(),
        }
    }

    /// The extension where it may hold a text, methods or a .NET object: more than what objects share.
    #[inline]
    pub(crate) fn beyond_shared(&self) -> Option<&RefCell<Extension>> {
        let given = self.0.get()?;
        if given.unsettled().is_some() { None } else { Some(given.settled()) }
    }

    /// An added member.
    #[inline]
    pub(crate) fn member(&self, name: &str) -> Option<Member> {
        let given = self.0.get()?;
        match given.unsettled() {
            Some(Shared::Notes(notes, number)) => return notes.find(name, *number).map(Member::Note),
            Some(Shared::TypeNames(_)) => return None,
            None => {}
        }
        let extension = given.settled().borrow();
        let found = extension.members.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, member)| member.clone())
    }
}

impl fmt::Debug for ExtensionSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.get().is_some() { "extended" } else { "plain" })
    }
}

/// A member added by `Add-Member` or `Update-TypeData`.
#[derive(Clone, Debug)]
#[allow(clippy::enum_variant_names, reason = "MemberSet is PowerShell's word")]
pub(crate) enum Member {
    /// `NoteProperty`.
    Note(Value),
    /// `ScriptProperty`: getter and setter.
    Script(Rc<ScriptBlock>, Option<Rc<ScriptBlock>>),
    /// `AliasProperty`, with a conversion where given.
    Alias(Str, Option<TypeRef>),
    /// `ScriptMethod`.
    Method(Rc<ScriptBlock>),
    /// `PropertySet`, `MemberSet`: names, or nested members.
    PropertySet(Vec<Str>),
    /// `MemberSet`.
    MemberSet(Rc<RefCell<Extension>>),
}

/// A string or value type with members or type names of its own.
#[derive(Debug)]
pub struct Wrapped {
    /// What it is.
    pub(crate) base: Value,
    /// What was added.
    pub(crate) extension: ExtensionSlot,
}

/// An object of any other type. `data` knows what it is.
pub struct Native {
    /// Its state.
    pub(crate) data: Box<dyn NativeObject>,
    /// Members added by scripts.
    pub(crate) extension: ExtensionSlot,
}

impl Native {
    /// As a value.
    pub(crate) fn value(data: impl NativeObject + 'static) -> Value {
        Value::Native(Rc::new(Native { data: Box::new(data), extension: Default::default() }))
    }

    /// The state, where it is a `T`.
    pub(crate) fn downcast<T: 'static>(&self) -> Option<&T> {
        self.data.as_any().downcast_ref::<T>()
    }
}

impl fmt::Debug for Native {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.data.kind().name())
    }
}

/// What every native object answers. Its members stand in its type's member table, see `members`.
pub(crate) trait NativeObject {
    /// Its type.
    fn kind(&self) -> TypeRef;
    /// For downcasts.
    fn as_any(&self) -> &dyn Any;
    /// `ToString()`; the type's name unless it knows better.
    fn text(&self) -> String {
        self.kind().name().to_string()
    }
    /// The items a pipeline unrolls it into; `None` where it is one thing.
    fn enumerate(&self) -> Option<Vec<Value>> {
        None
    }
    /// A number that changes with every change that makes enumerating it fail.
    fn generation(&self) -> u32 {
        0
    }
    /// Number of items, where it is a collection.
    fn count(&self) -> Option<usize> {
        None
    }
    /// `Equals`, where it is by value.
    fn equals(&self, _other: &dyn NativeObject) -> Option<bool> {
        None
    }
    /// True where `enumerate` would give items: asked before the items are copied.
    fn is_enumerable(&self) -> bool {
        self.enumerate().is_some()
    }
    /// `CompareTo`, where it has an order.
    fn compare(&self, _other: &dyn NativeObject) -> Option<std::cmp::Ordering> {
        None
    }
    /// The bytes it is found by as a hashtable key, where it is equal by value.
    fn key(&self) -> Option<Box<[u8]>> {
        None
    }
    /// Whether it counts as true, where that is not by its being there.
    fn truth(&self) -> Option<bool> {
        None
    }
    /// Keys and values, where it is a dictionary.
    fn pairs(&self) -> Option<Vec<(Value, Value)>> {
        None
    }
    /// `ToString(format, culture)`, where it has formats; an empty format is the general one.
    fn format(&self, _format: &str, _culture: &super::culture::Culture) -> Option<Outcome<String>> {
        None
    }
    /// The table behind it, where it is a dictionary that scripts index by key.
    fn dictionary(&self) -> Option<&super::Hashtable> {
        None
    }
    /// The most derived of its type names, where that is not its type's.
    fn first_type_name(&self) -> Option<String> {
        None
    }
    /// True where `member` and its kin stand before the properties of its type, as those of XML nodes do.
    fn adapts(&self) -> bool {
        false
    }
    /// Takes text, where it is something to write text to.
    fn take_text(&self, _text: &str) -> Option<Outcome<()>> {
        None
    }
    /// Takes bytes, where it is a stream.
    fn take_bytes(&self, _bytes: &[u8]) -> Option<Outcome<()>> {
        None
    }
    /// What is left to read, as text, where it is a stream or a text reader.
    fn rest_of_text(&self) -> Option<Outcome<String>> {
        None
    }
    /// True for text writers.
    fn is_text_writer(&self) -> bool {
        false
    }
    /// True for what keeps text as it is, without an encoding: string writers and builders.
    fn holds_text(&self) -> bool {
        false
    }
    /// True where items are reached by number.
    fn indexable(&self) -> bool {
        false
    }
    /// The item at a place.
    fn at(&self, _index: usize) -> Option<Value> {
        None
    }
    /// Puts an item at a place; false where that cannot be.
    fn set_at(&self, _index: usize, _value: Value) -> bool {
        false
    }
    /// The item under a key that is not a place: a group's or attribute's name.
    fn at_key(&self, _key: &Value) -> Option<Value> {
        None
    }
    /// A property that its type's table does not list.
    fn member(&self, _name: &str) -> Option<Value> {
        None
    }
    /// Writes such a property; `None` where there is none.
    fn set_member(&self, _name: &str, _value: &Value) -> Option<Outcome<()>> {
        None
    }
    /// The names of such properties.
    fn member_names(&self) -> Vec<Str> {
        Vec::new()
    }
    /// What a `[ref]` refers to.
    fn referenced(&self) -> Option<Value> {
        None
    }
    /// Sets what a `[ref]` refers to.
    fn set_referenced(&self, _value: Value) -> Outcome<()> {
        Ok(())
    }
    /// An operator by its .NET method (`op_Addition` …), where it has one.
    fn operate(&self, _method: &str, _right: &Value) -> Option<Outcome<Value>> {
        None
    }
    /// The compiled pattern of a `Regex`.
    fn pattern(&self) -> Option<Rc<super::pattern::Pattern>> {
        None
    }
}
