//! `System.Type`.

use super::super::super::table::{Call, PropertyRow, Row, Table, get};
use super::super::super::{integer_of, thrown};
use super::filter::Filter;
use super::{assembly, method, property, type_argument, type_arguments, type_array};
use crate::value::{Array, ClassPart, Engine, Outcome, TypeKind, TypeRef, Value, types};

fn kind(value: &Value) -> TypeRef {
    match value {
        Value::Type(kind) => *kind,
        _ => TypeRef::OBJECT,
    }
}

pub(super) static TYPE: Table = Table {
    methods: METHODS,
    statics: &[
        ("static type GetType(string typeName)", |c| type_named(c, false, false)),
        ("static type GetType(string typeName, bool throwOnError)", |c| type_named(c, c.flag(1), false)),
        ("static type GetType(string typeName, bool throwOnError, bool ignoreCase)", |c| {
            type_named(c, c.flag(1), c.flag(2))
        }),
        ("static type[] GetTypeArray(System.Object[] args)", |c| {
            Ok(type_array(c.items(0).iter().map(TypeRef::of).collect()))
        }),
        ("static System.TypeCode GetTypeCode(type type)", |c| Ok(TypeRef::TYPE_CODE.enum_of(code(kind(c.arg(0)))))),
    ],
    properties: PROPERTIES,
    static_properties: &[
        get("EmptyTypes", "type[]", |_, _| Ok(type_array(Vec::new()))),
        get("Delimiter", "char", |_, _| Ok(Value::Char(u16::from(b'.')))),
    ],
    ..Table::EMPTY
};

const PROPERTIES: &[PropertyRow] = &[
    get("IsCollectible", "bool", |_, _| Ok(Value::Bool(false))),
    get("FullName", "string", |_, v| Ok(Value::from(kind(v).full_name().as_ref()))),
    get("AssemblyQualifiedName", "string", |_, v| {
        Ok(Value::from(format!("{}, {}", kind(v).full_name(), kind(v).assembly())))
    }),
    get("Namespace", "string", |_, v| Ok(kind(v).namespace().into())),
    get("GUID", "guid", |_, _| Ok(super::super::guid::value(uuid::Uuid::nil()))),
    get("IsEnum", "bool", |_, v| Ok(Value::Bool(kind(v).is_enum()))),
    get("IsArray", "bool", |_, v| Ok(Value::Bool(kind(v).is_array()))),
    get("IsValueType", "bool", |_, v| Ok(Value::Bool(kind(v).is_value_type()))),
    get("IsClass", "bool", |_, v| {
        let class = !kind(v).is_value_type() && kind(v).info().kind != TypeKind::Interface;
        Ok(Value::Bool(class))
    }),
    get("IsInterface", "bool", |_, v| Ok(Value::Bool(kind(v).info().kind == TypeKind::Interface))),
    get("IsPrimitive", "bool", |_, v| Ok(Value::Bool(is_primitive(kind(v))))),
    get("IsAbstract", "bool", |_, v| Ok(Value::Bool(is_abstract(kind(v))))),
    get("IsSealed", "bool", |_, v| Ok(Value::Bool(is_sealed(kind(v))))),
    get("IsPublic", "bool", |_, _| Ok(Value::Bool(true))),
    get("IsSerializable", "bool", |_, v| Ok(Value::Bool(is_primitive(kind(v)) || kind(v) == TypeRef::STRING))),
    get("IsGenericType", "bool", |_, v| Ok(Value::Bool(!kind(v).info().arguments.is_empty() || kind(v).arity() > 0))),
    get("IsGenericTypeDefinition", "bool", |_, v| Ok(Value::Bool(kind(v).arity() > 0))),
    get("GenericTypeArguments", "type[]", |_, v| Ok(type_array(kind(v).info().arguments.to_vec()))),
    get("BaseType", "type", |_, v| Ok(kind(v).info().base.map_or(Value::Null, Value::Type))),
    get("Name", "string", |_, v| Ok(Value::from(kind(v).short_name().as_ref()))),
    get("UnderlyingSystemType", "type", |_, v| Ok(v.clone())),
    get("DeclaringType", "type", |_, v| Ok(outer(kind(v)).map_or(Value::Null, Value::Type))),
    get("ReflectedType", "type", |_, v| Ok(outer(kind(v)).map_or(Value::Null, Value::Type))),
    get("IsNested", "bool", |_, v| Ok(Value::Bool(kind(v).name().contains('+')))),
    get("IsNestedPublic", "bool", |_, v| Ok(Value::Bool(kind(v).name().contains('+')))),
    get("IsByRef", "bool", |_, _| Ok(Value::Bool(false))),
    get("IsPointer", "bool", |_, _| Ok(Value::Bool(false))),
    get("IsNotPublic", "bool", |_, _| Ok(Value::Bool(false))),
    get("IsVisible", "bool", |_, _| Ok(Value::Bool(true))),
    get("IsGenericParameter", "bool", |_, _| Ok(Value::Bool(false))),
    get("IsConstructedGenericType", "bool", |_, v| Ok(Value::Bool(!kind(v).info().arguments.is_empty()))),
    get("ContainsGenericParameters", "bool", |_, v| Ok(Value::Bool(kind(v).arity() > 0))),
    get("IsSZArray", "bool", |_, v| Ok(Value::Bool(kind(v).info().rank == 1))),
    get("HasElementType", "bool", |_, v| Ok(Value::Bool(kind(v).is_array()))),
    get("MemberType", "System.Reflection.MemberTypes", |_, v| {
        let number = if kind(v).name().contains('+') { 128 } else { 32 };
        Ok(TypeRef::MEMBER_TYPES_REFLECTION.enum_of(number))
    }),
    get("ImplementedInterfaces", "type[]", |_, v| Ok(type_array(kind(v).all_interfaces()))),
    get("Assembly", "System.Reflection.Assembly", |_, v| Ok(assembly::assembly_of(kind(v)))),
    get("Module", "System.Reflection.Module", |_, v| Ok(assembly::module_of(kind(v)))),
    get("DeclaredMethods", "System.Reflection.MethodInfo[]", |_, v| {
        let own = Filter { declared_only: true, ..Filter::DEFAULT };
        Ok(method::array(TypeRef::METHOD_INFO, method::methods(kind(v), own)))
    }),
    get("DeclaredProperties", "System.Reflection.PropertyInfo[]", |_, v| {
        let own = Filter { declared_only: true, ..Filter::DEFAULT };
        Ok(property::array(TypeRef::PROPERTY_INFO, property::properties(kind(v), own)))
    }),
    get("DeclaredConstructors", "System.Reflection.ConstructorInfo[]", |_, v| {
        Ok(method::array(TypeRef::CONSTRUCTOR_INFO, method::constructors(kind(v))))
    }),
    get("CustomAttributes", "System.Object[]", |engine, v| method::attributes(engine, kind(v), &ClassPart::Type, None)),
];

/// Classes of static members alone: neither made nor derived from.
fn is_static_class(kind: TypeRef) -> bool {
    const STATIC: [TypeRef; 14] = [
        TypeRef::MATH,
        TypeRef::MATHF,
        TypeRef::CONVERT,
        TypeRef::BITCONVERTER,
        TypeRef::ENVIRONMENT,
        TypeRef::CONSOLE,
        TypeRef::GC,
        TypeRef::BUFFER,
        TypeRef::PATH,
        TypeRef::FILE,
        TypeRef::DIRECTORY,
        TypeRef::ENUMERABLE,
        TypeRef::ACTIVATOR,
        TypeRef::WEBUTILITY,
    ];
    STATIC.contains(&kind)
}

fn is_abstract(kind: TypeRef) -> bool {
    const ABSTRACT: [TypeRef; 18] = [
        TypeRef::ARRAY,
        TypeRef::ENUM,
        TypeRef::VALUE_TYPE,
        TypeRef::DELEGATE,
        TypeRef::MULTICAST_DELEGATE,
        TypeRef::ATTRIBUTE,
        TypeRef::TYPE,
        TypeRef::MEMBER_INFO,
        TypeRef::STREAM,
        TypeRef::TEXTREADER,
        TypeRef::TEXTWRITER,
        TypeRef::ENCODING,
        TypeRef::CALENDAR,
        TypeRef::HASHALGORITHM,
        TypeRef::FILESYSTEMINFO,
        TypeRef::XMLNODE,
        TypeRef::STRING_COMPARER,
        TypeRef::ASSEMBLY,
    ];
    kind.info().kind == TypeKind::Interface || ABSTRACT.contains(&kind) || is_static_class(kind)
}

fn is_sealed(kind: TypeRef) -> bool {
    const SEALED: [TypeRef; 8] = [
        TypeRef::STRING,
        TypeRef::DBNULL,
        TypeRef::VERSION,
        TypeRef::STRINGBUILDER,
        TypeRef::FILEINFO,
        TypeRef::DIRECTORYINFO,
        TypeRef::SECURESTRING,
        TypeRef::RUNTIME_TYPE,
    ];
    kind.is_value_type()
        || kind.is_array()
        || SEALED.contains(&kind)
        || is_static_class(kind)
        || kind.info().base == Some(TypeRef::MULTICAST_DELEGATE)
}

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

/// The type around a nested one.
fn outer(kind: TypeRef) -> Option<TypeRef> {
    types::resolve(kind.definition().name().rsplit_once('+')?.0)
}

/// A type by name; names of `System` without their namespace are not known to .NET, but accelerators must not help.
fn type_named(c: &mut Call<'_>, required: bool, ignore_case: bool) -> Outcome<Value> {
    let name = c.text(0).trim().to_owned();
    let plain = name.split([',', '[']).next().unwrap_or_default().trim();
    let fits = |kind: &TypeRef| {
        let mut root = *kind;
        while let Some(element) = root.info().element {
            root = element;
        }
        let known = root.definition().name();
        known == plain || ignore_case && known.eq_ignore_ascii_case(plain)
    };
    let found = types::resolve(&name).filter(fits);
    match found {
        None if required => Err(thrown(TypeRef::TYPE_LOAD_EXCEPTION, format!("There is no type '{name}'."))),
        found => Ok(found.map_or(Value::Null, Value::Type)),
    }
}

/// Of a name among members, those of the type nearest to the one asked.
fn methods_named(c: &Call<'_>, filter: Filter) -> Vec<method::MethodInfo> {
    let name = c.text(0);
    method::methods(kind(c.this), filter).into_iter().filter(|method| filter.names(method.name(), name)).collect()
}

fn property_named(c: &Call<'_>, filter: Filter) -> Outcome<Value> {
    let found = property::properties(kind(c.this), filter);
    let mut found = found.into_iter().filter(|property| filter.names(property.name(), c.text(0)));
    Ok(found.next().map_or(Value::Null, crate::value::Native::value))
}

fn field_named(c: &Call<'_>, filter: Filter) -> Outcome<Value> {
    let found = property::fields(kind(c.this), filter);
    let mut found = found.into_iter().filter(|field| filter.names(field.name(), c.text(0)));
    Ok(found.next().map_or(Value::Null, crate::value::Native::value))
}

/// All members: methods, constructors, properties, fields.
fn all_members(of: TypeRef, filter: Filter, name: Option<&str>) -> Value {
    let value = crate::value::Native::value;
    let wanted = |known: &str| name.is_none_or(|name| filter.names(known, name));
    let methods = method::methods(of, filter).into_iter().filter(|m| wanted(m.name())).map(value);
    let constructors =
        method::constructors(of).into_iter().filter(|m| wanted(m.name())).map(crate::value::Native::value);
    let properties = property::properties(of, filter).into_iter().filter(|p| wanted(p.name()));
    let fields = property::fields(of, filter).into_iter().filter(|f| wanted(f.name()));
    let properties = properties.map(crate::value::Native::value);
    let found = methods.chain(constructors).chain(properties).chain(fields.map(crate::value::Native::value)).collect();
    Value::Array(Array::typed(TypeRef::MEMBER_INFO, found))
}

fn type_attributes(engine: &mut dyn Engine, of: TypeRef, wanted: Option<TypeRef>) -> Outcome<Value> {
    method::attributes(engine, of, &ClassPart::Type, wanted)
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
        Ok(super::super::array::strings(kind(c.this).enum_members().iter().map(|(name, _)| *name)))
    }),
    ("array GetEnumValues()", |c| {
        let of = kind(c.this);
        let values = of.enum_members().iter().map(|(_, number)| of.enum_of(*number)).collect();
        Ok(Value::Array(Array::typed(of, values)))
    }),
    ("type GetEnumUnderlyingType()", |c| {
        Ok(Value::Type(kind(c.this).info().enumeration.map_or(TypeRef::INT32, |info| info.underlying)))
    }),
    ("type GetTypeInfo()", |c| Ok(c.this.clone())),
    ("System.Reflection.MethodInfo[] GetMethods()", |c| {
        Ok(method::array(TypeRef::METHOD_INFO, method::methods(kind(c.this), Filter::DEFAULT)))
    }),
    ("System.Reflection.MethodInfo[] GetMethods(System.Reflection.BindingFlags bindingAttr)", |c| {
        Ok(method::array(TypeRef::METHOD_INFO, method::methods(kind(c.this), Filter::of(c.arg(0)))))
    }),
    ("System.Reflection.PropertyInfo[] GetProperties()", |c| {
        Ok(property::array(TypeRef::PROPERTY_INFO, property::properties(kind(c.this), Filter::DEFAULT)))
    }),
    ("System.Reflection.PropertyInfo[] GetProperties(System.Reflection.BindingFlags bindingAttr)", |c| {
        Ok(property::array(TypeRef::PROPERTY_INFO, property::properties(kind(c.this), Filter::of(c.arg(0)))))
    }),
    ("System.Reflection.FieldInfo[] GetFields()", |c| {
        Ok(property::array(TypeRef::FIELD_INFO, property::fields(kind(c.this), Filter::DEFAULT)))
    }),
    ("System.Reflection.FieldInfo[] GetFields(System.Reflection.BindingFlags bindingAttr)", |c| {
        Ok(property::array(TypeRef::FIELD_INFO, property::fields(kind(c.this), Filter::of(c.arg(0)))))
    }),
    ("System.Reflection.ConstructorInfo[] GetConstructors()", |c| {
        Ok(method::array(TypeRef::CONSTRUCTOR_INFO, method::constructors(kind(c.this))))
    }),
    ("System.Reflection.ConstructorInfo GetConstructor(type[] types)", |c| {
        method::choose(method::constructors(kind(c.this)), Some(&type_arguments(c.arg(0)).unwrap_or_default()))
    }),
    ("System.Reflection.MemberInfo[] GetMembers()", |c| Ok(all_members(kind(c.this), Filter::DEFAULT, None))),
    ("System.Reflection.MemberInfo[] GetMembers(System.Reflection.BindingFlags bindingAttr)", |c| {
        Ok(all_members(kind(c.this), Filter::of(c.arg(0)), None))
    }),
    ("System.Reflection.MemberInfo[] GetMember(string name)", |c| {
        Ok(all_members(kind(c.this), Filter::DEFAULT, Some(c.text(0))))
    }),
    ("System.Reflection.MethodInfo GetMethod(string name)", |c| {
        method::choose(methods_named(c, Filter::DEFAULT), None)
    }),
    ("System.Reflection.MethodInfo GetMethod(string name, type[] types)", |c| {
        method::choose(methods_named(c, Filter::DEFAULT), Some(&type_arguments(c.arg(1)).unwrap_or_default()))
    }),
    ("System.Reflection.MethodInfo GetMethod(string name, System.Reflection.BindingFlags bindingAttr)", |c| {
        method::choose(methods_named(c, Filter::of(c.arg(1))), None)
    }),
    ("System.Reflection.PropertyInfo GetProperty(string name)", |c| property_named(c, Filter::DEFAULT)),
    ("System.Reflection.PropertyInfo GetProperty(string name, System.Reflection.BindingFlags bindingAttr)", |c| {
        property_named(c, Filter::of(c.arg(1)))
    }),
    ("System.Reflection.FieldInfo GetField(string name)", |c| field_named(c, Filter::DEFAULT)),
    ("System.Reflection.FieldInfo GetField(string name, System.Reflection.BindingFlags bindingAttr)", |c| {
        field_named(c, Filter::of(c.arg(1)))
    }),
    ("System.Object[] GetCustomAttributes(bool inherit)", |c| {
        let of = kind(c.this);
        type_attributes(c.engine, of, None)
    }),
    ("System.Object[] GetCustomAttributes(type attributeType, bool inherit)", |c| {
        let (of, wanted) = (kind(c.this), type_argument(c.arg(0)));
        type_attributes(c.engine, of, wanted)
    }),
    ("bool IsDefined(type attributeType, bool inherit)", |c| {
        let (of, wanted) = (kind(c.this), type_argument(c.arg(0)));
        let flags = of.info().enumeration.is_some_and(|info| info.flags) && wanted == Some(TypeRef::FLAGS_ATTRIBUTE);
        let found = type_attributes(c.engine, of, wanted)?;
        Ok(Value::Bool(flags || !super::super::array::items(&found).is_empty()))
    }),
    ("bool IsEnumDefined(System.Object value)", |c| {
        let bits = integer_of(c.arg(0));
        let mut members = kind(c.this).enum_members().iter();
        Ok(Value::Bool(members.any(|(name, number)| Some(*number) == bits || *name == c.text(0))))
    }),
    ("string ToString()", |c| Ok(Value::from(kind(c.this).name()))),
    ("bool Equals(System.Object o)", |c| {
        Ok(Value::Bool(matches!(c.arg(0), Value::Type(other) if *other == kind(c.this))))
    }),
    ("string GetEnumName(System.Object value)", |c| {
        let number = integer_of(c.arg(0)).unwrap_or(0);
        let found = kind(c.this).enum_members().iter().find(|(_, known)| *known == number);
        Ok(found.map_or(Value::Null, |(name, _)| Value::from(*name)))
    }),
    ("System.Object InvokeMember(string name, params System.Object[] args)", |c| {
        let (name, args) = (c.text(0).to_owned(), c.items(1));
        super::super::super::call_static(c.engine, kind(c.this), &name, args)
    }),
];
