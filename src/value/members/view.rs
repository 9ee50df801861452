//! `.PSObject` and what hangs from it: collections of members, single members, methods without parentheses, and the
//! list of type names. Each is a view of the object it was asked of, not a copy.

use super::describe::{self, MemberEntry};
use super::extension;
use super::table::Method;
use crate::value::object::NativeObject;
use crate::value::{Member, Native, Str, TypeRef, Value, wildcard::Wildcard};
use std::any::Any;
use std::cell::RefCell;

/// `[ref]` made by `[ref]::new` or of something that is not a variable.
pub(crate) struct Reference(pub(crate) RefCell<Value>);

impl NativeObject for Reference {
    fn kind(&self) -> TypeRef {
        TypeRef::generic(TypeRef::PSREFERENCE_OF, &[TypeRef::OBJECT]).unwrap_or(TypeRef::PSREFERENCE)
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn referenced(&self) -> Option<Value> {
        Some(self.0.borrow().clone())
    }
    fn set_referenced(&self, value: Value) -> crate::value::Outcome<()> {
        self.0.replace(value);
        Ok(())
    }
}

/// `.PSObject`.
pub(crate) struct ObjectView {
    /// The object.
    pub(crate) owner: Value,
}

impl NativeObject for ObjectView {
    fn kind(&self) -> TypeRef {
        TypeRef::PSOBJECT
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        crate::value::convert::to_text(&self.owner).to_string()
    }
}

/// Which members a collection shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// `.Properties`.
    Properties,
    /// `.Methods`.
    Methods,
    /// `.Members`.
    All,
}

/// `.PSObject.Properties` and its kin.
pub(crate) struct MembersView {
    /// The object.
    pub(crate) owner: Value,
    /// Which members.
    pub(crate) shown: Shown,
}

impl MembersView {
    /// The members as they are now.
    pub(crate) fn entries(&self) -> Vec<MemberEntry> {
        let methods = || describe::methods(&self.owner).into_iter().map(|(entry, _)| entry);
        match self.shown {
            Shown::Properties => describe::properties(&self.owner),
            Shown::Methods => methods().filter(|entry| entry.kind.ends_with("Method")).collect(),
            Shown::All => describe::properties(&self.owner).into_iter().chain(methods()).collect(),
        }
    }

    fn view(&self, entry: MemberEntry) -> Value {
        let source = extension::find_member(&self.owner, &entry.name);
        Native::value(MemberView {
            owner: RefCell::new(self.owner.clone()),
            entry: RefCell::new(entry),
            source: RefCell::new(source),
        })
    }

    /// Members whose names match a pattern.
    pub(crate) fn matching(&self, pattern: &str) -> Vec<Value> {
        let Ok(wildcard) = Wildcard::new(pattern, false) else { return Vec::new() };
        let found = self.entries().into_iter().filter(|entry| wildcard.matches(&entry.name));
        found.map(|entry| self.view(entry)).collect()
    }
}

impl NativeObject for MembersView {
    fn kind(&self) -> TypeRef {
        let item = match self.shown {
            Shown::Properties => TypeRef::PSPROPERTY_INFO,
            Shown::Methods => TypeRef::PSMETHOD_INFO,
            Shown::All => TypeRef::PSMEMBER_INFO,
        };
        TypeRef::generic(TypeRef::PSMEMBER_COLLECTION, &[item]).unwrap_or(TypeRef::PSMEMBER_COLLECTION)
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn enumerate(&self) -> Option<Vec<Value>> {
        Some(self.entries().into_iter().map(|entry| self.view(entry)).collect())
    }
    fn is_enumerable(&self) -> bool {
        true
    }
    fn at_key(&self, key: &Value) -> Option<Value> {
        let name = crate::value::convert::to_text(key);
        let found = self.entries().into_iter().find(|entry| entry.name.eq_ignore_ascii_case(&name));
        Some(found.map_or(Value::Null, |entry| self.view(entry)))
    }
}

/// One member: of an object, or made by a script to be added to one.
pub(crate) struct MemberView {
    /// The object it belongs to; null for one that was made alone.
    pub(crate) owner: RefCell<Value>,
    /// Name and kind.
    pub(crate) entry: RefCell<MemberEntry>,
    /// The member itself where it was added or made.
    pub(crate) source: RefCell<Option<Member>>,
}

impl NativeObject for MemberView {
    fn kind(&self) -> TypeRef {
        const KINDS: [(&str, TypeRef); 9] = [
            ("NoteProperty", TypeRef::PSNOTEPROPERTY),
            ("ScriptProperty", TypeRef::PSSCRIPTPROPERTY),
            ("AliasProperty", TypeRef::PSALIASPROPERTY),
            ("CodeProperty", TypeRef::PSCODEPROPERTY),
            ("ScriptMethod", TypeRef::PSSCRIPTMETHOD),
            ("Method", TypeRef::PSMETHOD),
            ("PropertySet", TypeRef::PSPROPERTYSET),
            ("MemberSet", TypeRef::PSMEMBERSET),
            ("Property", TypeRef::PSPROPERTY),
        ];
        let kind = self.entry.borrow().kind;
        KINDS.iter().find(|(name, _)| *name == kind).map_or(TypeRef::PSPROPERTY, |(_, kind)| *kind)
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        let entry = self.entry.borrow().clone();
        let mut engine = crate::value::convert::Detached;
        match super::property_definition(&mut engine, &self.owner.borrow(), &entry) {
            Ok(definition) if !entry.kind.ends_with("Method") => definition,
            _ => entry.name.to_string(),
        }
    }
}

/// A method without its parentheses.
pub(crate) struct MethodView {
    /// What it would be called on; a type for static methods.
    pub(crate) owner: Value,
    /// Its row.
    pub(crate) method: &'static Method,
}

impl NativeObject for MethodView {
    fn kind(&self) -> TypeRef {
        TypeRef::PSMETHOD
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        describe::signatures(self.method)
    }
}

/// `.PSObject.TypeNames`: a list that changes the object's own.
pub(crate) struct TypeNamesView {
    /// The object.
    pub(crate) owner: Value,
}

impl NativeObject for TypeNamesView {
    fn kind(&self) -> TypeRef {
        TypeRef::generic(TypeRef::COLLECTION_OF, &[TypeRef::STRING]).unwrap_or(TypeRef::COLLECTION_OF)
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn enumerate(&self) -> Option<Vec<Value>> {
        Some(extension::type_names(&self.owner).into_iter().map(Value::Str).collect())
    }
    fn is_enumerable(&self) -> bool {
        true
    }
    fn count(&self) -> Option<usize> {
        Some(extension::type_names(&self.owner).len())
    }
    fn indexable(&self) -> bool {
        true
    }
    fn at(&self, index: usize) -> Option<Value> {
        extension::type_names(&self.owner).into_iter().nth(index).map(Value::Str)
    }
}

/// `.PSObject` of a value.
pub(crate) fn of(value: &Value) -> Value {
    Native::value(ObjectView { owner: value.clone() })
}

/// A collection of members.
pub(crate) fn members_of(owner: &Value, shown: Shown) -> Value {
    Native::value(MembersView { owner: owner.clone(), shown })
}

/// `.PSTypeNames` of a value.
pub(crate) fn type_names_list(value: &Value) -> Value {
    Native::value(TypeNamesView { owner: value.clone() })
}

/// A member as an object.
pub(crate) fn member(owner: &Value, name: &str, member: Member) -> Value {
    let settable = matches!(member, Member::Note(_) | Member::Alias(..) | Member::Script(_, Some(_)));
    let kind = describe::kind_of(&member);
    let entry = MemberEntry { name: Str::from(name), kind, value_type: "", settable };
    Native::value(MemberView {
        owner: RefCell::new(owner.clone()),
        entry: RefCell::new(entry),
        source: RefCell::new(Some(member)),
    })
}

/// A method without its parentheses, as an object.
pub(crate) fn method(owner: &Value, method: &'static Method) -> Value {
    Native::value(MethodView { owner: owner.clone(), method })
}
