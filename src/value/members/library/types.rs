//! `System.Type`.

use super::super::table::{PropertyRow, Row, Table, get};
use super::super::{describe, thrown};
use crate::value::{Array, Outcome, TypeKind, TypeRef, Value, convert, types};

pub(super) static TABLES: &[(TypeRef, &Table)] = &[(TypeRef::TYPE, &TYPE)];

fn kind(value: &Value) -> TypeRef {
    match value {
        Value::Type(kind) => *kind,
        _ => TypeRef::OBJECT,
    }
}

static TYPE: Table = Table {
    methods: METHODS,
    statics: &[
        ("static type GetType(string typeName)", |c| {
            let name = c.text(0).to_owned();
            Ok(c.engine.resolve_type(&name).map_or(Value::Null, Value::Type))
        }),
        ("static System.TypeCode GetTypeCode(type type)", |c| Ok(TypeRef::TYPE_CODE.enum_of(code(kind(c.arg(0)))))),
    ],
    properties: PROPERTIES,
    static_properties: &[get("EmptyTypes", "type[]", |_, _| Ok(type_array(Vec::new())))],
    ..Table::EMPTY
};

const PROPERTIES: &[PropertyRow] = &[
    get("IsCollectible", "bool", |_, _| Ok(Value::Bool(false))),
    get("FullName", "string", |_, v| Ok(Value::from(kind(v).full_name().as_ref()))),
    get("AssemblyQualifiedName", "string", |_, v| {
        Ok(Value::from(format!("{}, {}", kind(v).full_name(), kind(v).assembly())))
    }),
    get("Namespace", "string", |_, v| Ok(kind(v).namespace().into())),
    get("GUID", "guid", |_, _| Ok(super::guid::value(uuid::Uuid::nil()))),
    get("IsEnum", "bool", |_, v| Ok(Value::Bool(kind(v).is_enum()))),
    get("IsArray", "bool", |_, v| Ok(Value::Bool(kind(v).is_array()))),
    get("IsValueType", "bool", |_, v| Ok(Value::Bool(kind(v).is_value_type()))),
    get("IsClass", "bool", |_, v| {
        let class = !kind(v).is_value_type() && kind(v).info().kind != TypeKind::Interface;
        Ok(Value::Bool(class))
    }),
    get("IsInterface", "bool", |_, v| Ok(Value::Bool(kind(v).info().kind == TypeKind::Interface))),
    get("IsPrimitive", "bool", |_, v| Ok(Value::Bool(is_primitive(kind(v))))),
    get("IsAbstract", "bool", |_, v| Ok(Value::Bool(kind(v).info().kind == TypeKind::Interface))),
    get("IsSealed", "bool", |_, v| Ok(Value::Bool(kind(v).is_value_type() || kind(v) == TypeRef::STRING))),
    get("IsPublic", "bool", |_, _| Ok(Value::Bool(true))),
    get("IsSerializable", "bool", |_, v| Ok(Value::Bool(is_primitive(kind(v)) || kind(v) == TypeRef::STRING))),
    get("IsGenericType", "bool", |_, v| Ok(Value::Bool(!kind(v).info().arguments.is_empty() || kind(v).arity() > 0))),
    get("IsGenericTypeDefinition", "bool", |_, v| Ok(Value::Bool(kind(v).arity() > 0))),
    get("GenericTypeArguments", "type[]", |_, v| Ok(type_array(kind(v).info().arguments.to_vec()))),
    get("BaseType", "type", |_, v| Ok(kind(v).info().base.map_or(Value::Null, Value::Type))),
    get("Name", "string", |_, v| Ok(Value::from(kind(v).short_name().as_ref()))),
    get("UnderlyingSystemType", "type", |_, v| Ok(v.clone())),
    get("DeclaringType", "type", |_, _| Ok(Value::Null)),
    get("MemberType", "System.Reflection.MemberTypes", |_, _| Ok(TypeRef::MEMBER_TYPES_REFLECTION.enum_of(32))),
    get("ImplementedInterfaces", "type[]", |_, v| Ok(type_array(kind(v).all_interfaces()))),
    get("Assembly", "System.Object", |_, v| {
        let name = kind(v).assembly();
        Ok(super::psobject::custom(&[("FullName", Value::from(name)), ("Location", Value::from(""))]))
    }),
    get("Module", "System.Object", |_, v| Ok(Value::from(kind(v).assembly().split(',').next().unwrap_or("")))),
];

fn is_primitive(kind: TypeRef) -> bool {
    kind.is_integer() || [TypeRef::BOOLEAN, TypeRef::CHAR, TypeRef::DOUBLE, TypeRef::SINGLE].contains(&kind)
}

fn code(kind: TypeRef) -> i64 {
    const CODES: [(TypeRef, i64); 15] = [
        (TypeRef::BOOLEAN, 3),
        (TypeRef::CHAR, 4),
        (TypeRef::SBYTE, 5),
        (TypeRef::BYTE, 6),
        (TypeRef::INT16, 7),
        (TypeRef::UINT16, 8),
        (TypeRef::INT32, 9),
        (TypeRef::UINT32, 10),
        (TypeRef::INT64, 11),
        (TypeRef::UINT64, 12),
        (TypeRef::SINGLE, 13),
        (TypeRef::DOUBLE, 14),
        (TypeRef::DECIMAL, 15),
        (TypeRef::DATETIME, 16),
        (TypeRef::STRING, 18),
    ];
    CODES.iter().find(|(known, _)| *known == kind).map_or(1, |(_, code)| *code)
}

fn type_array(kinds: Vec<TypeRef>) -> Value {
    Value::Array(Array::typed(TypeRef::TYPE, kinds.into_iter().map(Value::Type).collect()))
}

/// Members as objects with the few properties that scripts read of them.
fn reflected(found: Vec<(describe::MemberEntry, String)>, wanted: fn(&str) -> bool, of: TypeRef) -> Value {
    let chosen = found.into_iter().filter(|(entry, _)| wanted(entry.kind));
    let object = |(entry, signature): (describe::MemberEntry, String)| {
        let value_type = types::resolve(entry.value_type).map_or(Value::Null, Value::Type);
        super::psobject::custom(&[
            ("Name", Value::Str(entry.name)),
            ("MemberType", Value::from(entry.kind)),
            ("PropertyType", value_type),
            ("DeclaringType", Value::Type(of)),
            ("Signature", Value::from(signature)),
        ])
    };
    Value::array(chosen.map(object).collect())
}

fn instance_members(of: TypeRef) -> Vec<(describe::MemberEntry, String)> {
    let properties = describe::type_properties(of).into_iter().map(|entry| (entry, String::new()));
    properties.chain(describe::type_methods(of)).chain(describe::static_members(of)).collect()
}

fn named(of: TypeRef, name: &str, wanted: fn(&str) -> bool) -> Value {
    let mut found = instance_members(of);
    found.retain(|(entry, _)| *entry.name == *name);
    match reflected(found, wanted, of) {
        Value::Array(array) => array.get(0).unwrap_or_default(),
        other => other,
    }
}

const METHODS: &[Row] = &[
    ("bool IsAssignableFrom(type c)", |c| Ok(Value::Bool(kind(c.this).is_assignable_from(kind(c.arg(0)))))),
    ("bool IsAssignableTo(type targetType)", |c| Ok(Value::Bool(kind(c.arg(0)).is_assignable_from(kind(c.this))))),
    ("bool IsSubclassOf(type c)", |c| {
        let (this, base) = (kind(c.this), kind(c.arg(0)));
        Ok(Value::Bool(this != base && this.bases().any(|known| known == base)))
    }),
    ("bool IsInstanceOfType(System.Object o)", |c| {
        let fits = !c.arg(0).is_null() && kind(c.this).is_assignable_from(TypeRef::of(c.arg(0)));
        Ok(Value::Bool(fits))
    }),
    ("type[] GetInterfaces()", |c| Ok(type_array(kind(c.this).all_interfaces()))),
    ("type GetInterface(string name)", |c| {
        let found =
            kind(c.this).all_interfaces().into_iter().find(|i| i.short_name() == c.text(0) || i.name() == c.text(0));
        Ok(found.map_or(Value::Null, Value::Type))
    }),
    ("type GetElementType()", |c| Ok(kind(c.this).info().element.map_or(Value::Null, Value::Type))),
    ("int GetArrayRank()", |c| Ok(Value::I32(i32::from(kind(c.this).info().rank)))),
    ("type[] GetGenericArguments()", |c| Ok(type_array(kind(c.this).info().arguments.to_vec()))),
    ("type GetGenericTypeDefinition()", |c| Ok(Value::Type(kind(c.this).definition()))),
    ("type MakeGenericType(params type[] typeArguments)", |c| {
        let arguments: Vec<TypeRef> = c.items(0).iter().map(kind).collect();
        let made = TypeRef::generic(kind(c.this), &arguments);
        made.map(Value::Type)
            .ok_or_else(|| thrown(TypeRef::ARGUMENT_EXCEPTION, "The number of type arguments is wrong."))
    }),
    ("type MakeArrayType()", |c| Ok(Value::Type(TypeRef::array_of(kind(c.this))))),
    ("string[] GetEnumNames()", |c| {
        Ok(super::array::strings(kind(c.this).enum_members().iter().map(|(name, _)| *name)))
    }),
    ("array GetEnumValues()", |c| {
        let of = kind(c.this);
        let values = of.enum_members().iter().map(|(_, number)| of.enum_of(*number)).collect();
        Ok(Value::Array(Array::typed(of, values)))
    }),
    ("type GetEnumUnderlyingType()", |c| {
        Ok(Value::Type(kind(c.this).info().enumeration.map_or(TypeRef::INT32, |info| info.underlying)))
    }),
    ("System.Object[] GetMethods()", |c| {
        Ok(reflected(instance_members(kind(c.this)), |k| k.ends_with("Method"), kind(c.this)))
    }),
    ("System.Object[] GetProperties()", |c| {
        Ok(reflected(instance_members(kind(c.this)), |k| k.ends_with("Property"), kind(c.this)))
    }),
    ("System.Object[] GetMembers()", |c| Ok(reflected(instance_members(kind(c.this)), |_| true, kind(c.this)))),
    ("System.Object GetMethod(string name)", |c| Ok(named(kind(c.this), c.text(0), |k| k.ends_with("Method")))),
    ("System.Object GetProperty(string name)", |c| Ok(named(kind(c.this), c.text(0), |k| k.ends_with("Property")))),
    ("System.Object[] GetConstructors()", |_| Ok(Value::array(Vec::new()))),
    ("System.Object[] GetFields()", |_| Ok(Value::array(Vec::new()))),
    ("System.Object[] GetCustomAttributes(bool inherit)", |_| Ok(Value::array(Vec::new()))),
    ("System.Object[] GetCustomAttributes(type attributeType, bool inherit)", |_| Ok(Value::array(Vec::new()))),
    ("bool IsDefined(type attributeType, bool inherit)", |c| is_defined(kind(c.this), kind(c.arg(0)))),
    ("bool IsEnumDefined(System.Object value)", |c| {
        let bits = super::super::integer_of(c.arg(0));
        let mut members = kind(c.this).enum_members().iter();
        Ok(Value::Bool(members.any(|(name, number)| Some(*number) == bits || *name == c.text(0))))
    }),
    ("string ToString()", |c| Ok(Value::from(kind(c.this).name()))),
    ("bool Equals(System.Object o)", |c| {
        Ok(Value::Bool(matches!(c.arg(0), Value::Type(other) if *other == kind(c.this))))
    }),
    ("string GetEnumName(System.Object value)", |c| {
        let number = super::super::integer_of(c.arg(0)).unwrap_or(0);
        let found = kind(c.this).enum_members().iter().find(|(_, known)| *known == number);
        Ok(found.map_or(Value::Null, |(name, _)| Value::from(*name)))
    }),
    ("System.Object InvokeMember(string name, params System.Object[] args)", |c| {
        let (name, args) = (c.text(0).to_owned(), c.items(1));
        super::super::call_static(c.engine, kind(c.this), &name, args)
    }),
];

/// Of attributes, only `[Flags()]` is known of a type.
fn is_defined(kind: TypeRef, attribute: TypeRef) -> Outcome<Value> {
    let flags = kind.info().enumeration.is_some_and(|info| info.flags);
    Ok(Value::Bool(flags && attribute == TypeRef::FLAGS_ATTRIBUTE))
}

/// A type named by text, for callers that take either.
pub fn type_of(value: &Value) -> Option<TypeRef> {
    match value {
        Value::Type(kind) => Some(*kind),
        other => types::resolve(&convert::to_text(other)),
    }
}
