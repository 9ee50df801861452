//! `MethodInfo`, `ConstructorInfo` and `ParameterInfo`: one object for each row of a member table.

use super::super::super::overload::{self, Site};
use super::super::super::table::{self, Call, Members, Overload, PropertyRow, Row, Table, get};
use super::super::super::{access, thrown};
use super::filter::Filter;
use super::signature;
use super::{Member, state, type_argument};
use crate::value::object::NativeObject;
use crate::value::{Array, ClassPart, Engine, Native, Outcome, TypeRef, Value};
use std::any::Any;

/// What a method stands for.
#[derive(Clone, Copy)]
enum Body {
    /// A row of methods; the number is its place among the overloads of its name.
    Method(&'static Overload),
    /// `new`.
    Constructor(&'static Overload),
    /// `get_Name`.
    Getter(&'static PropertyRow),
    /// `set_Name`.
    Setter(&'static PropertyRow),
}

/// A method or constructor.
#[derive(Clone)]
pub(crate) struct MethodInfo {
    pub(super) member: Member,
    body: Body,
    is_static: bool,
}

impl NativeObject for MethodInfo {
    fn kind(&self) -> TypeRef {
        match self.body {
            Body::Constructor(_) => TypeRef::RUNTIME_CONSTRUCTOR_INFO,
            _ => TypeRef::RUNTIME_METHOD_INFO,
        }
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        self.signature()
    }
}

impl MethodInfo {
    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.member.name
    }

    /// True for a constructor.
    pub(crate) fn is_constructor(&self) -> bool {
        matches!(self.body, Body::Constructor(_))
    }

    fn value(self) -> Value {
        Native::value(self)
    }

    fn overload(&self) -> Option<&'static Overload> {
        match self.body {
            Body::Method(overload) | Body::Constructor(overload) => Some(overload),
            _ => None,
        }
    }

    fn returns(&self) -> TypeRef {
        match self.body {
            Body::Method(overload) => signature::returns(self.member.declaring, overload),
            Body::Getter(row) => signature::written(self.member.declaring, row.kind),
            Body::Constructor(_) | Body::Setter(_) => TypeRef::VOID,
        }
    }

    /// The types of the parameters.
    pub(crate) fn parameters(&self) -> Vec<TypeRef> {
        match self.body {
            Body::Method(overload) | Body::Constructor(overload) => {
                signature::parameters(self.member.declaring, overload)
            }
            Body::Getter(_) => Vec::new(),
            Body::Setter(row) => vec![signature::written(self.member.declaring, row.kind)],
        }
    }

    fn by_reference(&self, at: usize) -> bool {
        let parameter = self.overload().and_then(|overload| overload.parameters.get(at));
        parameter.is_some_and(|parameter| matches!(parameter.kind, table::ParameterKind::Reference(_)))
    }

    /// `Int32 IndexOf(Char)`, as the method's own text has it.
    fn signature(&self) -> String {
        let (result, kinds) = (self.returns(), self.parameters());
        let parameter = |(at, kind): (usize, TypeRef)| {
            let suffix = if self.by_reference(at) { " ByRef" } else { "" };
            format!("{}{suffix}", signature::short(kind))
        };
        let list: Vec<String> = kinds.into_iter().enumerate().map(parameter).collect();
        format!("{} {}({})", signature::short(result), self.member.name, list.join(", "))
    }

    /// The part of a script class whose attributes this method has.
    fn part(&self) -> ClassPart {
        let kinds = self.parameters();
        match self.body {
            Body::Constructor(_) => ClassPart::Constructor(kinds),
            _ => ClassPart::Method(self.member.name.clone(), kinds),
        }
    }

    /// Runs it as a script's call would, but for the overload, which is this one.
    fn invoke(&self, engine: &mut dyn Engine, this: &Value, mut args: Vec<Value>) -> Outcome<Value> {
        let wanted = self.parameters().len();
        if args.len() != wanted {
            let text = format!("{} takes {wanted} arguments, not {}.", self.member.name, args.len());
            return Err(thrown(TypeRef::TARGET_PARAMETER_COUNT_EXCEPTION, text));
        }
        let instance = !self.is_static && !self.is_constructor();
        if instance && this.is_null() {
            return Err(thrown(
                TypeRef::TARGET_EXCEPTION,
                format!("{} needs an object to be called on.", self.member.name),
            ));
        }
        let kind = self.member.reflected;
        match self.body {
            Body::Getter(row) if instance => Ok(access::get_own(engine, this, row.name)?.unwrap_or_default()),
            Body::Getter(row) => Ok(access::get_static(engine, kind, row.name)?.unwrap_or_default()),
            Body::Setter(row) => {
                let new = args.pop().unwrap_or_default();
                match instance {
                    true => access::set(engine, this, row.name, new)?,
                    false => access::set_static(engine, kind, row.name, new)?,
                }
                Ok(Value::Null)
            }
            Body::Constructor(_) if kind.is_script_class() => engine.new_class_instance(kind, &args),
            Body::Method(_) if self.member.declaring.is_script_class() => {
                engine.call_class_method(self.member.declaring, &self.member.name, instance.then_some(this), &args)
            }
            Body::Method(overload) | Body::Constructor(overload) => {
                let site = Site { kind: self.member.declaring, name: &self.member.name };
                overload::convert_arguments(engine, &site, overload, false, &mut args)?;
                let mut call = Call { engine, this, kind: self.member.declaring, args: &mut args };
                (overload.body)(&mut call)
            }
        }
    }
}

/// The generic arguments that a base sees are its own.
fn tables(kind: TypeRef, filter: Filter) -> impl Iterator<Item = (TypeRef, &'static Members)> {
    let depth = if filter.declared_only { 1 } else { usize::MAX };
    kind.bases().take(depth).filter_map(|base| Some((base, table::own_members(base)?)))
}

/// All methods of a type, the accessors of its properties among them; overridden ones once.
pub(crate) fn methods(kind: TypeRef, filter: Filter) -> Vec<MethodInfo> {
    let mut found: Vec<(MethodInfo, Vec<TypeRef>)> = Vec::new();
    for (declaring, members) in tables(kind, filter) {
        let mut own = Vec::new();
        let info = |name: &str, body, is_static| MethodInfo {
            member: Member { name: name.to_owned(), declaring, reflected: kind },
            body,
            is_static,
        };
        let accessors = |row: &'static PropertyRow, is_static: bool| {
            let setter = row.set.map(|_| info(&format!("set_{}", row.name), Body::Setter(row), is_static));
            [Some(info(&format!("get_{}", row.name), Body::Getter(row), is_static)), setter].into_iter().flatten()
        };
        if filter.wants(false) {
            let rows = members.properties.iter().filter(|row| super::property::is_property(declaring, row));
            own.extend(rows.flat_map(|row| accessors(row, false)));
            let named = members.method_names.iter().filter_map(|name| members.method(name));
            own.extend(named.flat_map(|m| m.overloads.iter().map(|o| info(m.name, Body::Method(o), false))));
        }
        // Static members of a base are not a type's own.
        if filter.wants(true) && declaring == kind {
            let rows = members.static_properties.iter().filter(|row| super::property::is_property(declaring, row));
            own.extend(rows.flat_map(|row| accessors(row, true)));
            let named = members.static_names.iter().filter_map(|name| members.static_method(name));
            own.extend(named.flat_map(|m| m.overloads.iter().map(|o| info(m.name, Body::Method(o), true))));
        }
        for method in own {
            let parameters = method.parameters();
            if !found.iter().any(|(known, kinds)| known.member.name == method.member.name && *kinds == parameters) {
                found.push((method, parameters));
            }
        }
    }
    found.into_iter().map(|(method, _)| method).collect()
}

/// The constructors of a type.
pub(crate) fn constructors(kind: TypeRef) -> Vec<MethodInfo> {
    let own = table::own_members(kind).and_then(|members| members.constructors.as_ref());
    let exceptions = || table::own_members(TypeRef::EXCEPTION).and_then(|members| members.constructors.as_ref());
    let found = own.or_else(|| kind.is_exception().then(exceptions).flatten());
    let info = |overload| MethodInfo {
        member: Member { name: ".ctor".into(), declaring: kind, reflected: kind },
        body: Body::Constructor(overload),
        is_static: false,
    };
    found.map(|method| method.overloads.iter().map(info).collect()).unwrap_or_default()
}

/// The accessor of a property.
pub(crate) fn accessor(of: TypeRef, row: &'static PropertyRow, setter: bool, is_static: bool) -> Value {
    let (prefix, body) = if setter { ("set", Body::Setter(row)) } else { ("get", Body::Getter(row)) };
    let name = format!("{prefix}_{}", row.name);
    MethodInfo { member: Member { name, declaring: of, reflected: of }, body, is_static }.value()
}

/// The one method or constructor whose parameters have these types; of several for a name without types, an error.
pub(crate) fn choose(found: Vec<MethodInfo>, types: Option<&[TypeRef]>) -> Outcome<Value> {
    let Some(types) = types else {
        let mut found = found.into_iter();
        return match (found.next(), found.next()) {
            (Some(first), Some(second)) if first.member.declaring == second.member.declaring => {
                let text =
                    format!("There are several forms of {}; give the types of its parameters.", first.member.name);
                Err(thrown(TypeRef::AMBIGUOUS_MATCH_EXCEPTION, text))
            }
            (first, _) => Ok(first.map_or(Value::Null, MethodInfo::value)),
        };
    };
    let fits = |wanted: &[TypeRef], exactly: bool| {
        wanted.len() == types.len()
            && wanted.iter().zip(types).all(|(w, t)| w == t || !exactly && w.is_assignable_from(*t))
    };
    let ranked: Vec<_> = found.into_iter().map(|method| (method.parameters(), method)).collect();
    let exact = ranked.iter().find(|(kinds, _)| fits(kinds, true));
    let chosen = exact.or_else(|| ranked.iter().find(|(kinds, _)| fits(kinds, false)));
    Ok(chosen.map_or(Value::Null, |(_, method)| method.clone().value()))
}

/// Methods as an array of their type.
pub(crate) fn array(element: TypeRef, found: Vec<MethodInfo>) -> Value {
    Value::Array(Array::typed(element, found.into_iter().map(MethodInfo::value).collect()))
}

/// One parameter.
pub(crate) struct ParameterInfo {
    name: String,
    kind: TypeRef,
    at: usize,
    is_array: bool,
    method: MethodInfo,
}

impl NativeObject for ParameterInfo {
    fn kind(&self) -> TypeRef {
        TypeRef::RUNTIME_PARAMETER_INFO
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        format!("{} {}", signature::short(self.kind), self.name)
    }
}

fn parameters_of(method: &MethodInfo) -> Value {
    let names = match method.overload() {
        Some(overload) => overload.parameters.iter().map(|p| (p.name, p.params)).collect(),
        None => vec![("value", false)],
    };
    let kinds = method.parameters();
    let made = names.into_iter().zip(kinds).enumerate().map(|(at, ((name, is_array), kind))| {
        let name = name.strip_prefix('$').unwrap_or(name).to_owned();
        Native::value(ParameterInfo { name, kind, at, is_array, method: method.clone() })
    });
    Value::Array(Array::typed(TypeRef::PARAMETER_INFO, made.collect()))
}

fn this<'a>(c: &Call<'a>) -> Outcome<&'a MethodInfo> {
    state::<MethodInfo>(c.this).ok_or_else(|| thrown(TypeRef::TARGET_EXCEPTION, "This is no method."))
}

/// The attributes of a member of a script class; other members have none here.
pub(crate) fn attributes(
    engine: &mut dyn Engine,
    of: TypeRef,
    part: &ClassPart,
    wanted: Option<TypeRef>,
) -> Outcome<Value> {
    let mut found = if of.is_script_class() { engine.class_attributes(of, part)? } else { Vec::new() };
    if let Some(wanted) = wanted {
        found.retain(|attribute| wanted.is_assignable_from(TypeRef::of(attribute)));
    }
    Ok(Value::array(found))
}

fn method_attributes(c: &mut Call<'_>, wanted: Option<TypeRef>) -> Outcome<Value> {
    let method = this(c)?;
    let part = method.part();
    attributes(c.engine, method.member.declaring, &part, wanted)
}

fn flag(value: &Value, look: impl Fn(&MethodInfo) -> bool) -> Outcome<Value> {
    Ok(Value::Bool(state::<MethodInfo>(value).is_some_and(look)))
}

pub(super) static METHOD_BASE: Table = Table {
    methods: &[
        ("System.Reflection.ParameterInfo[] GetParameters()", |c| Ok(parameters_of(this(c)?))),
        ("System.Object[] GetCustomAttributes(bool inherit)", |c| method_attributes(c, None)),
        ("System.Object[] GetCustomAttributes(type attributeType, bool inherit)", |c| {
            let wanted = type_argument(c.arg(0));
            method_attributes(c, wanted)
        }),
        ("bool IsDefined(type attributeType, bool inherit)", |c| {
            let wanted = type_argument(c.arg(0));
            Ok(Value::Bool(!super::super::array::items(&method_attributes(c, wanted)?).is_empty()))
        }),
        ("string ToString()", |c| Ok(Value::from(this(c)?.signature()))),
        ("type[] GetGenericArguments()", |_| Ok(super::type_array(Vec::new()))),
    ],
    properties: &[
        get("IsPublic", "bool", |_, _| Ok(Value::Bool(true))),
        get("IsPrivate", "bool", |_, _| Ok(Value::Bool(false))),
        get("IsStatic", "bool", |_, v| flag(v, |method| method.is_static)),
        get("IsConstructor", "bool", |_, v| flag(v, |method| method.is_constructor())),
        get("IsSpecialName", "bool", |_, v| flag(v, |method| !matches!(method.body, Body::Method(_)))),
        get("IsAbstract", "bool", |_, _| Ok(Value::Bool(false))),
        get("IsGenericMethod", "bool", |_, _| Ok(Value::Bool(false))),
        get("CustomAttributes", "System.Object[]", |engine, v| match state::<MethodInfo>(v) {
            Some(method) => {
                let part = method.part();
                attributes(engine, method.member.declaring, &part, None)
            }
            None => Ok(Value::Null),
        }),
    ],
    ..Table::EMPTY
};

const INVOKE: Row = ("System.Object Invoke(System.Object obj, System.Object[] parameters)", |c| {
    let method = this(c)?;
    let (target, args) = (c.arg(0).clone(), c.items(1));
    method.invoke(c.engine, &target, args)
});

pub(super) static METHOD: Table = Table {
    methods: &[
        INVOKE,
        ("System.Reflection.MethodInfo GetBaseDefinition()", |c| Ok(c.this.clone())),
        ("System.Delegate CreateDelegate(type delegateType)", |c| create_delegate(c, Value::Null)),
        ("System.Delegate CreateDelegate(type delegateType, System.Object target)", |c| {
            let target = c.take(1);
            create_delegate(c, target)
        }),
    ],
    properties: &[get("ReturnType", "type", |_, v| {
        Ok(state::<MethodInfo>(v).map_or(Value::Null, |method| Value::Type(method.returns())))
    })],
    ..Table::EMPTY
};

fn create_delegate(c: &mut Call<'_>, target: Value) -> Outcome<Value> {
    let method = this(c)?.clone();
    let kind = type_argument(c.arg(0)).unwrap_or(TypeRef::DELEGATE);
    Ok(super::super::delegate::of_method(kind, target, method.value()))
}

pub(super) static CONSTRUCTOR: Table = Table {
    methods: &[
        INVOKE,
        ("System.Object Invoke(System.Object[] parameters)", |c| {
            let method = this(c)?;
            let args = c.items(0);
            method.invoke(c.engine, &Value::Null, args)
        }),
    ],
    ..Table::EMPTY
};

/// Calls a method that a script holds, with arguments as they are.
pub(crate) fn call(engine: &mut dyn Engine, method: &Value, target: &Value, args: Vec<Value>) -> Outcome<Value> {
    match state::<MethodInfo>(method) {
        Some(method) => method.invoke(engine, target, args),
        None => Ok(Value::Null),
    }
}

fn parameter(value: &Value, look: impl Fn(&ParameterInfo) -> Value) -> Outcome<Value> {
    Ok(state::<ParameterInfo>(value).map_or(Value::Null, look))
}

fn parameter_attributes(engine: &mut dyn Engine, value: &Value, wanted: Option<TypeRef>) -> Outcome<Value> {
    let Some(parameter) = state::<ParameterInfo>(value) else { return Ok(Value::Null) };
    let part = parameter.method.part();
    let part = ClassPart::Parameter(Box::new(part), parameter.at);
    attributes(engine, parameter.method.member.declaring, &part, wanted)
}

pub(super) static PARAMETER: Table = Table {
    methods: &[
        ("System.Object[] GetCustomAttributes(bool inherit)", |c| parameter_attributes(c.engine, c.this, None)),
        ("System.Object[] GetCustomAttributes(type attributeType, bool inherit)", |c| {
            let wanted = type_argument(c.arg(0));
            parameter_attributes(c.engine, c.this, wanted)
        }),
        ("string ToString()", |c| {
            let found = state::<ParameterInfo>(c.this);
            Ok(found.map_or(Value::Null, |p| Value::from(format!("{} {}", signature::short(p.kind), p.name))))
        }),
    ],
    properties: &[
        get("ParameterType", "type", |_, v| parameter(v, |p| Value::Type(p.kind))),
        get("Name", "string", |_, v| parameter(v, |p| Value::from(p.name.as_str()))),
        get("HasDefaultValue", "bool", |_, _| Ok(Value::Bool(false))),
        get("DefaultValue", "System.Object", |_, _| Ok(Value::Null)),
        get("Member", "System.Reflection.MemberInfo", |_, v| parameter(v, |p| p.method.clone().value())),
        get("Position", "int", |_, v| parameter(v, |p| Value::I32(p.at as i32))),
        get("IsIn", "bool", |_, _| Ok(Value::Bool(false))),
        get("IsOut", "bool", |_, v| parameter(v, |p| Value::Bool(p.method.by_reference(p.at)))),
        get("IsOptional", "bool", |_, _| Ok(Value::Bool(false))),
        get("IsParamArray", "bool", |_, v| parameter(v, |p| Value::Bool(p.is_array))),
        get("CustomAttributes", "System.Object[]", |engine, v| parameter_attributes(engine, v, None)),
    ],
    ..Table::EMPTY
};
