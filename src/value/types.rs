//! Types as values. Every type that scripts can name is one [`TypeInfo`], made once and never freed, so a
//! [`TypeRef`] is a pointer that is copied and compared. The tables of known types stand in the files below this one.

mod assemblies;
mod construct;
mod core;
mod declare;
mod enumerations;
mod exceptions;
mod language;
mod library;
mod platform;
mod resolve;

pub(crate) use construct::ScriptTypeInfo;
pub(crate) use resolve::{ResolveScope, accelerators, known_types, resolve, resolve_in};

use super::Value;
use std::borrow::Cow;
use std::fmt;

/// A type.
#[derive(Clone, Copy)]
pub struct TypeRef(&'static TypeInfo);

/// What kind of type it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TypeKind {
    /// `int`, `datetime` …
    Value,
    /// A class, by reference.
    Reference,
    /// An interface.
    Interface,
    /// An enumeration.
    Enum,
    /// An array.
    Array,
    /// A class written in script.
    ScriptClass,
}

/// What is known of a type.
#[derive(Debug)]
pub(crate) struct TypeInfo {
    /// Name as .NET's `Type.ToString()` has it, e.g. ``System.Collections.Generic.List`1[System.Int32]``.
    pub(crate) full_name: &'static str,
    /// What kind.
    pub(crate) kind: TypeKind,
    /// Base type; `None` for `System.Object` and interfaces.
    pub(crate) base: Option<TypeRef>,
    /// Interfaces the type itself declares; those of its bases are found through [`TypeRef::is_assignable_from`].
    pub(crate) interfaces: &'static [TypeRef],
    /// Element type of an array.
    pub(crate) element: Option<TypeRef>,
    /// Number of dimensions of an array, 0 otherwise.
    pub(crate) rank: u8,
    /// Generic arguments.
    pub(crate) arguments: &'static [TypeRef],
    /// Of a generic type with arguments: the definition without.
    pub(crate) definition: Option<TypeRef>,
    /// Names of members that a script class marks `hidden`.
    pub(crate) hidden: &'static [&'static str],
    /// Names and numbers of an enumeration.
    pub(crate) enumeration: Option<EnumInfo>,
}

/// What is known of an enumeration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EnumInfo {
    /// Names and underlying numbers in the order of declaration.
    pub(crate) members: &'static [(&'static str, i64)],
    /// Members combine.
    pub(crate) flags: bool,
    /// `int` as a rule.
    pub(crate) underlying: TypeRef,
}

impl TypeRef {
    /// The name as `Type.ToString()` has it.
    pub(crate) fn name(self) -> &'static str {
        self.0.full_name
    }

    /// What is known of it.
    pub(crate) fn info(self) -> &'static TypeInfo {
        self.0
    }

    /// The address of what is known of it: a key for tables by type.
    pub(crate) fn address(self) -> usize {
        std::ptr::from_ref(self.0) as usize
    }

    /// The type of a value; `System.Object` for null, which has none.
    pub(crate) fn of(value: &Value) -> TypeRef {
        match value {
            Value::Null | Value::Nothing => TypeRef::OBJECT,
            Value::Bool(_) => TypeRef::BOOLEAN,
            Value::Char(_) => TypeRef::CHAR,
            Value::I8(_) => TypeRef::SBYTE,
            Value::U8(_) => TypeRef::BYTE,
            Value::I16(_) => TypeRef::INT16,
            Value::U16(_) => TypeRef::UINT16,
            Value::I32(_) => TypeRef::INT32,
            Value::U32(_) => TypeRef::UINT32,
            Value::I64(_) => TypeRef::INT64,
            Value::U64(_) => TypeRef::UINT64,
            Value::F32(_) => TypeRef::SINGLE,
            Value::F64(_) => TypeRef::DOUBLE,
            Value::DateTime(_) => TypeRef::DATETIME,
            Value::TimeSpan(_) => TypeRef::TIMESPAN,
            Value::Enum(member) => member.kind,
            Value::Decimal(_) => TypeRef::DECIMAL,
            Value::BigInt(_) => TypeRef::BIGINTEGER,
            Value::Str(_) => TypeRef::STRING,
            Value::Array(array) => TypeRef::array_of_rank(array.element, array.dimensions.len().max(1) as u8),
            Value::Hashtable(table) if table.ordered => TypeRef::ORDERED_DICTIONARY,
            Value::Hashtable(table) if table.keeps_order => TypeRef::ORDERED_HASHTABLE,
            Value::Hashtable(table) => table.kind.unwrap_or(TypeRef::HASHTABLE),
            Value::Object(object) => object.kind,
            Value::ScriptBlock(_) => TypeRef::SCRIPTBLOCK,
            Value::Type(_) => TypeRef::RUNTIME_TYPE,
            Value::Error(_) => TypeRef::ERROR_RECORD,
            Value::Exception(exception) => exception.kind,
            Value::Native(native) => native.data.kind(),
            Value::Wrapped(wrapped) => TypeRef::of(&wrapped.base),
        }
    }

    /// True where a value of type `other` may stand where this type is asked for.
    pub(crate) fn is_assignable_from(self, other: TypeRef) -> bool {
        if self == other || self == TypeRef::OBJECT {
            return true;
        }
        if let (Some(wanted), Some(given)) = (self.0.element, other.0.element) {
            let by_reference = !wanted.is_value_type() && !given.is_value_type();
            return self.0.rank == other.0.rank && by_reference && wanted.is_assignable_from(given);
        }
        if self.0.definition == Some(TypeRef::NULLABLE) {
            return self.0.arguments.first() == Some(&other);
        }
        if self.0.kind == TypeKind::Interface {
            return other.implements(self);
        }
        other.bases().any(|base| base == self)
    }

    /// True where this type is `interface`, or it or a base of it declares it, however indirectly.
    pub(crate) fn implements(self, interface: TypeRef) -> bool {
        self == interface
            || self.bases().any(|kind| kind.0.interfaces.iter().any(|declared| declared.implements(interface)))
    }

    /// This type, its base, and so on to `System.Object`.
    pub(crate) fn bases(self) -> impl Iterator<Item = TypeRef> {
        std::iter::successors(Some(self), |kind| kind.0.base)
    }

    /// All interfaces: its own, inherited ones, and what those inherit. Each once.
    pub(crate) fn all_interfaces(self) -> Vec<TypeRef> {
        fn collect(kind: TypeRef, found: &mut Vec<TypeRef>) {
            for &interface in kind.info().interfaces {
                if !found.contains(&interface) {
                    found.push(interface);
                    collect(interface, found);
                }
            }
        }
        let mut found = Vec::new();
        self.bases().for_each(|kind| collect(kind, &mut found));
        found
    }

    /// True for structures, primitives and enumerations.
    pub(crate) fn is_value_type(self) -> bool {
        matches!(self.0.kind, TypeKind::Value | TypeKind::Enum)
    }

    /// True for an enumeration.
    pub(crate) fn is_enum(self) -> bool {
        self.0.kind == TypeKind::Enum
    }

    /// True for an array.
    pub(crate) fn is_array(self) -> bool {
        self.0.kind == TypeKind::Array
    }

    /// True for a class written in script.
    pub(crate) fn is_script_class(self) -> bool {
        self.0.kind == TypeKind::ScriptClass
    }

    /// True for `System.Exception` and all below it.
    pub(crate) fn is_exception(self) -> bool {
        self.bases().any(|base| base == TypeRef::EXCEPTION)
    }

    /// The numeric types of the language: `sbyte` to `ulong`, `float`, `double`, `decimal`, `bigint`.
    pub(crate) fn is_number(self) -> bool {
        self.is_integer() || [TypeRef::DOUBLE, TypeRef::SINGLE, TypeRef::DECIMAL, TypeRef::BIGINTEGER].contains(&self)
    }

    /// The fixed-width integers, `sbyte` to `ulong`.
    pub(crate) fn is_integer(self) -> bool {
        const INTEGERS: [TypeRef; 8] = [
            TypeRef::INT32,
            TypeRef::INT64,
            TypeRef::BYTE,
            TypeRef::UINT32,
            TypeRef::UINT64,
            TypeRef::INT16,
            TypeRef::UINT16,
            TypeRef::SBYTE,
        ];
        INTEGERS.contains(&self)
    }

    /// Of `Nullable[T]`: `T`.
    pub(crate) fn nullable_of(self) -> Option<TypeRef> {
        (self.0.definition == Some(TypeRef::NULLABLE)).then(|| self.0.arguments.first().copied()).flatten()
    }

    /// The generic definition, or the type itself where it is not generic: the key of tables that serve all
    /// instances of a generic type.
    pub(crate) fn definition(self) -> TypeRef {
        self.0.definition.unwrap_or(self)
    }

    /// `.Name`: without namespace; ``List`1`` for a generic type.
    pub(crate) fn short_name(self) -> Cow<'static, str> {
        if let Some(element) = self.0.element {
            return Cow::Owned(format!("{}{}", element.short_name(), construct::rank_suffix(self.0.rank)));
        }
        let name = self.definition().name();
        Cow::Borrowed(name.rsplit(['.', '+']).next().unwrap_or(name))
    }

    /// `.Namespace`; `None` for script classes.
    pub(crate) fn namespace(self) -> Option<&'static str> {
        let mut kind = self;
        while let Some(element) = kind.0.element {
            kind = element;
        }
        kind.definition().name().rsplit_once('.').map(|(namespace, _)| namespace)
    }

    /// `.FullName`: generic arguments carry their assembly.
    pub(crate) fn full_name(self) -> Cow<'static, str> {
        match (self.0.element, self.0.definition) {
            (Some(element), _) => Cow::Owned(format!("{}{}", element.full_name(), construct::rank_suffix(self.0.rank))),
            (None, Some(definition)) => {
                let argument = |kind: &TypeRef| format!("[{}, {}]", kind.full_name(), kind.assembly());
                let arguments: Vec<String> = self.0.arguments.iter().map(argument).collect();
                Cow::Owned(format!("{}[{}]", definition.name(), arguments.join(",")))
            }
            (None, None) => Cow::Borrowed(self.name()),
        }
    }

    /// The language's own name for it: `int`, `string[]`, `System.Collections.Generic.List[int]`.
    pub(crate) fn display_name(self) -> Cow<'static, str> {
        if let Some(element) = self.0.element {
            return Cow::Owned(format!("{}{}", element.display_name(), construct::rank_suffix(self.0.rank)));
        }
        if let Some(definition) = self.0.definition {
            let arguments: Vec<_> = self.0.arguments.iter().map(|kind| kind.display_name()).collect();
            let name = definition.name();
            let plain = name.split_once('`').map_or(name, |(plain, _)| plain);
            let plain = if definition == TypeRef::NULLABLE { "System.Nullable" } else { plain };
            return Cow::Owned(format!("{plain}[{}]", arguments.join(",")));
        }
        Cow::Borrowed(resolve::accelerator_of(self).unwrap_or(self.name()))
    }

    /// The members of an enumeration; empty otherwise.
    pub(crate) fn enum_members(self) -> &'static [(&'static str, i64)] {
        self.0.enumeration.map_or(&[], |info| info.members)
    }

    /// The number of an enumeration's member, found without regard to case.
    pub(crate) fn enum_number(self, name: &str) -> Option<i64> {
        let members = self.enum_members().iter();
        members.copied().find(|(member, _)| member.eq_ignore_ascii_case(name)).map(|(_, number)| number)
    }

    /// The member of an enumeration with this name, as a value.
    pub(crate) fn enum_value(self, name: &str) -> Option<Value> {
        self.enum_number(name).map(|bits| self.enum_of(bits))
    }

    /// The member of an enumeration with this number, as a value.
    pub(crate) fn enum_of(self, bits: i64) -> Value {
        Value::Enum(std::rc::Rc::new(super::EnumValue { kind: self, bits }))
    }

    /// An enumeration's number as text: a name, names joined for flags, or the number where no name fits.
    pub(crate) fn enum_text(self, bits: i64) -> Cow<'static, str> {
        let members = self.enum_members();
        if let Some((name, _)) = members.iter().find(|(_, number)| *number == bits) {
            return Cow::Borrowed(name);
        }
        let flags = self.0.enumeration.is_some_and(|info| info.flags);
        let names = if flags { flag_names(members, bits) } else { None };
        Cow::Owned(names.unwrap_or_else(|| bits.to_string()))
    }
}

/// The names whose bits together make up `bits`, in ascending order; `None` where bits are left over.
fn flag_names(members: &[(&'static str, i64)], bits: i64) -> Option<String> {
    let mut sorted: Vec<_> = members.iter().filter(|(_, number)| *number != 0).collect();
    sorted.sort_by_key(|(_, number)| *number as u64);
    let mut left = bits as u64;
    let mut names = Vec::new();
    for (name, number) in sorted.into_iter().rev() {
        let number = *number as u64;
        if left & number == number {
            left &= !number;
            names.push(*name);
        }
    }
    names.reverse();
    (left == 0 && !names.is_empty()).then(|| names.join(", "))
}

impl PartialEq for TypeRef {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}
impl Eq for TypeRef {}
impl std::hash::Hash for TypeRef {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.address().hash(state);
    }
}
impl fmt::Debug for TypeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}]", self.name())
    }
}
impl fmt::Display for TypeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.display_name())
    }
}

#[cfg(test)]
mod tests;
