//! What a row's signature says beyond its parameters: the result's type, and names as reflection writes them.

use super::super::super::overload::parameter_type;
use super::super::super::table::{self, Overload, ParameterKind};
use crate::value::{TypeRef, types};

/// The type that a row of a type's tables names.
pub(crate) fn written(kind: TypeRef, text: &str) -> TypeRef {
    if let Some(declared) = table::own_members(kind).and_then(|members| members.named_type(text)) {
        return declared;
    }
    let arguments = kind.info().arguments;
    let generic = |index: usize| arguments.get(index).copied().unwrap_or(TypeRef::OBJECT);
    match text {
        "T" | "TKey" | "T1" => generic(0),
        "TValue" | "T2" => generic(1),
        "T3" => generic(2),
        "T[]" => TypeRef::array_of(generic(0)),
        "void" => TypeRef::VOID,
        text => {
            let filled =
                [("TKey", 0), ("TValue", 1), ("T", 0)].iter().fold(text.to_owned(), |text, (name, at)| match arguments
                    .get(*at)
                {
                    Some(argument) => text.replace(&format!("[{name}]"), &format!("[{}]", argument.name())),
                    None => text,
                });
            types::resolve(&filled).unwrap_or(TypeRef::OBJECT)
        }
    }
}

/// The type an overload returns.
pub(crate) fn returns(kind: TypeRef, overload: &Overload) -> TypeRef {
    let head = overload.signature.split('(').next().unwrap_or_default();
    let head = head.strip_prefix("static ").unwrap_or(head);
    match head.rsplit_once(' ') {
        Some((result, _)) => written(kind, result),
        None => TypeRef::VOID,
    }
}

/// The types of an overload's parameters; what is behind a reference for `[ref]`.
pub(crate) fn parameters(kind: TypeRef, overload: &Overload) -> Vec<TypeRef> {
    let of = |parameter: &table::Parameter| match parameter.kind {
        ParameterKind::Reference(referred) => referred,
        _ => parameter_type(kind, parameter),
    };
    overload.parameters.iter().map(of).collect()
}

/// A type inside a member's text: primitive types without their namespace.
pub(crate) fn short(kind: TypeRef) -> String {
    let mut root = kind;
    while let Some(element) = root.info().element {
        root = element;
    }
    let plain = root.is_integer()
        || [TypeRef::BOOLEAN, TypeRef::CHAR, TypeRef::DOUBLE, TypeRef::SINGLE, TypeRef::INTPTR, TypeRef::VOID]
            .contains(&root);
    if plain { kind.short_name().into_owned() } else { kind.name().to_owned() }
}
