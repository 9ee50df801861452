//! The macros that turn rows of a table into static types and `TypeRef` constants.

/// Declares types: `CONSTANT "Full.Name" Kind BASE [INTERFACES];`, with `-` for no base. `$list` names the table.
macro_rules! declare_types {
    ($list:ident: $($name:ident $full:literal $kind:ident $base:tt [$($interface:ident)*];)*) => {
        $(static $name: $crate::value::types::TypeInfo = $crate::value::types::TypeInfo {
            full_name: $full,
            kind: $crate::value::types::TypeKind::$kind,
            base: $crate::value::types::declare::base!($base),
            interfaces: &[$($crate::value::types::TypeRef::$interface),*],
            ..$crate::value::types::declare::BLANK
        };)*
        impl $crate::value::types::TypeRef {
            $(#[doc = concat!("`", $full, "`.")]
            pub(crate) const $name: $crate::value::types::TypeRef = $crate::value::types::TypeRef(&$name);)*
        }
        pub(super) static $list: &[$crate::value::types::TypeRef] = &[$($crate::value::types::TypeRef::$name),*];
    };
}

/// Declares enumerations: `CONSTANT "Full.Name" {members};`, `flags` before the braces where members combine.
macro_rules! declare_enums {
    ($list:ident: $($name:ident $full:literal $($flags:ident)? { $($member:ident = $number:expr),* $(,)? };)*) => {
        $(static $name: $crate::value::types::TypeInfo = $crate::value::types::TypeInfo {
            full_name: $full,
            kind: $crate::value::types::TypeKind::Enum,
            base: Some($crate::value::types::TypeRef::ENUM),
            enumeration: Some($crate::value::types::EnumInfo {
                members: &[$((stringify!($member), $number)),*],
                flags: $crate::value::types::declare::flags!($($flags)?),
                underlying: $crate::value::types::TypeRef::INT32,
            }),
            ..$crate::value::types::declare::BLANK
        };)*
        impl $crate::value::types::TypeRef {
            $(#[doc = concat!("`", $full, "`.")]
            pub(crate) const $name: $crate::value::types::TypeRef = $crate::value::types::TypeRef(&$name);)*
        }
        pub(super) static $list: &[$crate::value::types::TypeRef] = &[$($crate::value::types::TypeRef::$name),*];
    };
}

/// A base type, or none for `-`.
macro_rules! base {
    (-) => {
        None
    };
    ($base:ident) => {
        Some($crate::value::types::TypeRef::$base)
    };
}

/// True for `flags`.
macro_rules! flags {
    () => {
        false
    };
    (flags) => {
        true
    };
}

pub(super) use {base, declare_enums, declare_types, flags};

/// What a row leaves out.
pub(super) const BLANK: super::TypeInfo = super::TypeInfo {
    full_name: "",
    kind: super::TypeKind::Reference,
    base: None,
    interfaces: &[],
    element: None,
    rank: 0,
    arguments: &[],
    definition: None,
    enumeration: None,
    hidden: &[],
};
