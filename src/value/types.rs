//! Types as values. Every type that scripts can name is one [`TypeInfo`], made once and never freed, so a
//! [`TypeRef`] is a pointer that is copied and compared.

use std::fmt;

/// A type.
#[derive(Clone, Copy)]
pub struct TypeRef(&'static TypeInfo);

/// What kind of type it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeKind {
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
pub struct TypeInfo {
    /// Full name in reflection's form, e.g. ``System.Collections.Generic.List`1[System.Int32]``.
    pub full_name: &'static str,
    /// What kind.
    pub kind: TypeKind,
    /// Base type; `None` for `System.Object` and interfaces.
    pub base: Option<TypeRef>,
    /// Interfaces, inherited ones included.
    pub interfaces: &'static [TypeRef],
    /// Element type of an array.
    pub element: Option<TypeRef>,
    /// Generic arguments.
    pub arguments: &'static [TypeRef],
}

static OBJECT: TypeInfo = TypeInfo {
    full_name: "System.Object",
    kind: TypeKind::Reference,
    base: None,
    interfaces: &[],
    element: None,
    arguments: &[],
};
static PSCUSTOMOBJECT: TypeInfo = TypeInfo {
    full_name: "System.Management.Automation.PSCustomObject",
    kind: TypeKind::Reference,
    base: Some(TypeRef::OBJECT),
    interfaces: &[],
    element: None,
    arguments: &[],
};

impl TypeRef {
    /// `System.Object`.
    pub const OBJECT: TypeRef = TypeRef(&OBJECT);
    /// `System.Management.Automation.PSCustomObject`.
    pub const PSCUSTOMOBJECT: TypeRef = TypeRef(&PSCUSTOMOBJECT);

    /// The full name.
    pub fn name(self) -> &'static str {
        self.0.full_name
    }

    /// What is known of it.
    pub fn info(self) -> &'static TypeInfo {
        self.0
    }
}

impl PartialEq for TypeRef {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}
impl Eq for TypeRef {}
impl fmt::Debug for TypeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}]", self.name())
    }
}
