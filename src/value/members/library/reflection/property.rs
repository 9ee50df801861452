//! `PropertyInfo` and `FieldInfo`. A row of a member table is a property unless .NET has a field there.

use super::super::super::table::{self, Call, PropertyRow, Table, get};
use super::super::super::{access, thrown};
use super::filter::Filter;
use super::method::{self, attributes};
use super::{Member, signature, state, type_argument};
use crate::value::object::NativeObject;
use crate::value::{Array, ClassPart, Engine, Native, Outcome, TypeRef, Value};
use std::any::Any;

/// Types all of whose static values are fields, but for those named.
const FIELD_HOLDERS: &[(TypeRef, &[&str])] = &[
    (TypeRef::MATH, &[]),
    (TypeRef::MATHF, &[]),
    (TypeRef::STRING, &[]),
    (TypeRef::GUID, &["AllBitsSet"]),
    (TypeRef::DATETIME, &["Now", "UtcNow", "Today"]),
    (TypeRef::DATETIMEOFFSET, &["Now", "UtcNow"]),
    (TypeRef::TIMESPAN, &[]),
    (TypeRef::DBNULL, &[]),
    (TypeRef::PATH, &[]),
    (TypeRef::IPADDRESS, &[]),
    (TypeRef::EVENT_ARGS, &[]),
    (TypeRef::BITCONVERTER, &[]),
    (TypeRef::URI, &[]),
    (TypeRef::TYPE, &["DefaultBinder"]),
    (TypeRef::BOOLEAN, &[]),
    (TypeRef::CHAR, &[]),
    (TypeRef::DECIMAL, &[]),
    (TypeRef::DOUBLE, &[]),
    (TypeRef::SINGLE, &[]),
    (TypeRef::STOPWATCH, &[]),
];

/// True where .NET has a property for a row, and not a field.
pub(crate) fn is_property(declaring: TypeRef, row: &PropertyRow) -> bool {
    let is_static = table::own_members(declaring)
        .is_some_and(|members| members.static_properties.iter().any(|known| std::ptr::eq(known, row)));
    let holder = FIELD_HOLDERS.iter().find(|(kind, _)| *kind == declaring);
    let static_field = holder.is_some_and(|(_, properties)| !properties.contains(&row.name));
    let tuple = declaring.definition().name().starts_with("System.ValueTuple`");
    match is_static {
        true => !static_field && !declaring.is_integer(),
        false => row.member == "Property" && !tuple && declaring != TypeRef::ENUM,
    }
}

/// A property.
pub(crate) struct PropertyInfo {
    pub(super) member: Member,
    row: &'static PropertyRow,
    is_static: bool,
}

impl NativeObject for PropertyInfo {
    fn kind(&self) -> TypeRef {
        TypeRef::RUNTIME_PROPERTY_INFO
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        format!("{} {}", signature::short(self.value_type()), self.member.name)
    }
}

impl PropertyInfo {
    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.member.name
    }

    fn value_type(&self) -> TypeRef {
        signature::written(self.member.declaring, self.row.kind)
    }

    fn part(&self) -> ClassPart {
        ClassPart::Property(self.member.name.clone())
    }
}

/// A field: a constant of a type, a member of an enumeration, an item of a value tuple.
pub(crate) struct FieldInfo {
    pub(super) member: Member,
    source: FieldSource,
}

enum FieldSource {
    Row(&'static PropertyRow, bool),
    EnumMember(i64),
}

impl NativeObject for FieldInfo {
    fn kind(&self) -> TypeRef {
        if self.is_literal() { TypeRef::MD_FIELD_INFO } else { TypeRef::RT_FIELD_INFO }
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        format!("{} {}", signature::short(self.value_type()), self.member.name)
    }
}

impl FieldInfo {
    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.member.name
    }

    fn value_type(&self) -> TypeRef {
        match self.source {
            FieldSource::Row(row, _) => signature::written(self.member.declaring, row.kind),
            FieldSource::EnumMember(_) => self.member.declaring,
        }
    }

    fn is_static(&self) -> bool {
        !matches!(self.source, FieldSource::Row(_, false))
    }

    /// Constants of numbers; other static fields are set when their type is first used.
    fn is_literal(&self) -> bool {
        let declaring = self.member.declaring;
        match self.source {
            FieldSource::EnumMember(_) => true,
            FieldSource::Row(_, is_static) => {
                let numbers = [TypeRef::DOUBLE, TypeRef::SINGLE, TypeRef::CHAR, TypeRef::MATH, TypeRef::MATHF];
                is_static && (declaring.is_integer() || numbers.contains(&declaring))
            }
        }
    }
}

fn rows(kind: TypeRef, filter: Filter) -> impl Iterator<Item = (TypeRef, &'static PropertyRow, bool)> {
    let depth = if filter.declared_only { 1 } else { usize::MAX };
    let tables = kind.bases().take(depth).filter_map(|base| Some((base, table::own_members(base)?)));
    tables.flat_map(move |(declaring, members)| {
        let own = members.properties.iter().filter(move |_| filter.wants(false)).map(|row| (row, false));
        let statics = move |_: &&PropertyRow| filter.wants(true) && declaring == kind;
        let statics = members.static_properties.iter().filter(statics).map(|row| (row, true));
        own.chain(statics).map(move |(row, is_static)| (declaring, row, is_static))
    })
}

/// The properties of a type; overridden ones once.
pub(crate) fn properties(kind: TypeRef, filter: Filter) -> Vec<PropertyInfo> {
    let mut found: Vec<PropertyInfo> = Vec::new();
    for (declaring, row, is_static) in rows(kind, filter).filter(|(declaring, row, _)| is_property(*declaring, row)) {
        if !found.iter().any(|known| known.member.name == row.name) {
            let member = Member { name: row.name.to_owned(), declaring, reflected: kind };
            found.push(PropertyInfo { member, row, is_static });
        }
    }
    found
}

/// The fields of a type.
pub(crate) fn fields(kind: TypeRef, filter: Filter) -> Vec<FieldInfo> {
    let info = |declaring, name: &str, source| FieldInfo {
        member: Member { name: name.to_owned(), declaring, reflected: kind },
        source,
    };
    let plain = rows(kind, filter)
        .filter(|(declaring, row, _)| row.member == "Property" && !is_property(*declaring, row))
        .map(|(declaring, row, is_static)| info(declaring, row.name, FieldSource::Row(row, is_static)));
    let members = kind.enum_members().iter().filter(|_| filter.wants(true));
    plain.chain(members.map(|(name, bits)| info(kind, name, FieldSource::EnumMember(*bits)))).collect()
}

/// Members as an array of their type.
pub(crate) fn array<T: NativeObject + 'static>(element: TypeRef, found: Vec<T>) -> Value {
    Value::Array(Array::typed(element, found.into_iter().map(Native::value).collect()))
}

fn property<'a>(c: &Call<'a>) -> Outcome<&'a PropertyInfo> {
    state::<PropertyInfo>(c.this).ok_or_else(|| thrown(TypeRef::TARGET_EXCEPTION, "This is no property."))
}

fn needs_object(name: &str) -> crate::value::Unwind {
    thrown(TypeRef::TARGET_EXCEPTION, format!("'{name}' belongs to an object; none was given."))
}

fn get_value(c: &mut Call<'_>) -> Outcome<Value> {
    let property = property(c)?;
    let name = property.row.name;
    if property.is_static {
        return Ok(access::get_static(c.engine, property.member.reflected, name)?.unwrap_or_default());
    }
    let target = c.arg(0).clone();
    if target.is_null() {
        return Err(needs_object(name));
    }
    match property.member.declaring.is_script_class() {
        true => Ok(access::get_own(c.engine, &target, name)?.unwrap_or_default()),
        false => (property.row.get)(c.engine, super::super::super::extension::bare(&target)),
    }
}

fn set_value(c: &mut Call<'_>) -> Outcome<Value> {
    let property = property(c)?;
    let (target, new, name) = (c.take(0), c.take(1), property.row.name);
    if property.row.set.is_none() {
        return Err(thrown(TypeRef::ARGUMENT_EXCEPTION, format!("'{name}' has no setter.")));
    }
    match property.is_static {
        true => access::set_static(c.engine, property.member.reflected, name, new)?,
        false if target.is_null() => return Err(needs_object(name)),
        false => access::set(c.engine, &target, name, new).map_err(super::inner_of)?,
    }
    Ok(Value::Nothing)
}

fn accessor(property: &PropertyInfo, setter: bool) -> Value {
    match property.row.set {
        None if setter => Value::Null,
        _ => method::accessor(property.member.declaring, property.row, setter, property.is_static),
    }
}

fn property_attributes(engine: &mut dyn Engine, value: &Value, wanted: Option<TypeRef>) -> Outcome<Value> {
    let Some(property) = state::<PropertyInfo>(value) else { return Ok(Value::Null) };
    attributes(engine, property.member.declaring, &property.part(), wanted)
}

fn look(value: &Value, look: impl Fn(&PropertyInfo) -> Value) -> Outcome<Value> {
    Ok(state::<PropertyInfo>(value).map_or(Value::Null, look))
}

pub(super) static PROPERTY: Table = Table {
    methods: &[
        ("System.Object GetValue(System.Object obj)", get_value),
        ("System.Object GetValue(System.Object obj, System.Object[] index)", get_value),
        ("void SetValue(System.Object obj, System.Object value)", set_value),
        ("void SetValue(System.Object obj, System.Object value, System.Object[] index)", set_value),
        ("System.Reflection.MethodInfo GetGetMethod()", |c| Ok(accessor(property(c)?, false))),
        ("System.Reflection.MethodInfo GetSetMethod()", |c| Ok(accessor(property(c)?, true))),
        ("System.Reflection.ParameterInfo[] GetIndexParameters()", |_| {
            Ok(Value::Array(Array::typed(TypeRef::PARAMETER_INFO, Vec::new())))
        }),
        ("System.Object[] GetCustomAttributes(bool inherit)", |c| property_attributes(c.engine, c.this, None)),
        ("System.Object[] GetCustomAttributes(type attributeType, bool inherit)", |c| {
            let wanted = type_argument(c.arg(0));
            property_attributes(c.engine, c.this, wanted)
        }),
        ("bool IsDefined(type attributeType, bool inherit)", |c| {
            let wanted = type_argument(c.arg(0));
            let found = property_attributes(c.engine, c.this, wanted)?;
            Ok(Value::Bool(!super::super::array::items(&found).is_empty()))
        }),
        ("string ToString()", |c| Ok(Value::from(property(c)?.text()))),
    ],
    properties: &[
        get("PropertyType", "type", |_, v| look(v, |p| Value::Type(p.value_type()))),
        get("CanRead", "bool", |_, _| Ok(Value::Bool(true))),
        get("CanWrite", "bool", |_, v| look(v, |p| Value::Bool(p.row.set.is_some()))),
        get("IsSpecialName", "bool", |_, _| Ok(Value::Bool(false))),
        get("GetMethod", "System.Reflection.MethodInfo", |_, v| look(v, |p| accessor(p, false))),
        get("SetMethod", "System.Reflection.MethodInfo", |_, v| look(v, |p| accessor(p, true))),
        get("CustomAttributes", "System.Object[]", |engine, v| property_attributes(engine, v, None)),
    ],
    ..Table::EMPTY
};

fn field_value(engine: &mut dyn Engine, field: &FieldInfo, target: &Value) -> Outcome<Value> {
    match field.source {
        FieldSource::EnumMember(bits) => Ok(field.member.declaring.enum_of(bits)),
        FieldSource::Row(row, true) => (row.get)(engine, &Value::Type(field.member.declaring)),
        FieldSource::Row(row, false) if target.is_null() => Err(needs_object(row.name)),
        FieldSource::Row(row, false) => (row.get)(engine, target),
    }
}

fn field<'a>(c: &Call<'a>) -> Outcome<&'a FieldInfo> {
    state::<FieldInfo>(c.this).ok_or_else(|| thrown(TypeRef::TARGET_EXCEPTION, "This is no field."))
}

fn field_flag(value: &Value, look: impl Fn(&FieldInfo) -> bool) -> Outcome<Value> {
    Ok(Value::Bool(state::<FieldInfo>(value).is_some_and(look)))
}

pub(super) static FIELD: Table = Table {
    methods: &[
        ("System.Object GetValue(System.Object obj)", |c| {
            let (field, target) = (field(c)?, c.arg(0).clone());
            field_value(c.engine, field, &target)
        }),
        ("System.Object GetRawConstantValue()", |c| {
            let field = field(c)?;
            let found = field_value(c.engine, field, &Value::Null)?;
            Ok(if matches!(found, Value::Enum(_)) { super::super::object::number_of(&found) } else { found })
        }),
        ("void SetValue(System.Object obj, System.Object value)", |c| {
            let text = format!("The field '{}' can be read but not written.", field(c)?.member.name);
            Err(thrown(TypeRef::MEMBER_ACCESS_EXCEPTION, text))
        }),
        ("System.Object[] GetCustomAttributes(bool inherit)", |_| Ok(Value::array(Vec::new()))),
        ("System.Object[] GetCustomAttributes(type attributeType, bool inherit)", |_| Ok(Value::array(Vec::new()))),
        ("string ToString()", |c| Ok(Value::from(field(c)?.text()))),
    ],
    properties: &[
        get("FieldType", "type", |_, v| {
            Ok(state::<FieldInfo>(v).map_or(Value::Null, |field| Value::Type(field.value_type())))
        }),
        get("IsPublic", "bool", |_, _| Ok(Value::Bool(true))),
        get("IsPrivate", "bool", |_, _| Ok(Value::Bool(false))),
        get("IsStatic", "bool", |_, v| field_flag(v, FieldInfo::is_static)),
        get("IsLiteral", "bool", |_, v| field_flag(v, FieldInfo::is_literal)),
        get("IsInitOnly", "bool", |_, v| field_flag(v, |field| field.is_static() && !field.is_literal())),
        get("IsSpecialName", "bool", |_, _| Ok(Value::Bool(false))),
    ],
    ..Table::EMPTY
};
