//! Calls: instance and static methods, constructors, and how a failure inside one becomes the exception scripts see.

use super::overload::{self, Site};
use super::table::{self, Call, Method, Overload};
use super::{access, extension};
use crate::value::{
    Engine, ErrorCategory, ErrorRecord, Exception, Fault, Member, Outcome, Str, TypeRef, Unwind, Value,
};
use std::cell::RefCell;
use std::rc::Rc;

/// Calls `value.name(args)`.
pub(crate) fn call(engine: &mut dyn Engine, value: &Value, name: &str, args: Vec<Value>) -> Outcome<Value> {
    if let Some(member) = extension::find_member(value, name) {
        return call_member(engine, value, name, &member, args);
    }
    let kind = TypeRef::of(value);
    if kind.is_script_class()
        && let Some(result) = call_class(engine, value, kind, name, &args)
    {
        return result;
    }
    if let Some(part) = crate::value::part_of(value) {
        return call(engine, &part, name, args);
    }
    let base = extension::bare(value);
    if let Some(found) = find(kind, name) {
        return invoke(engine, base, &Site { kind: found.declaring, name }, found.method, args);
    }
    call_otherwise(engine, base, kind, name, args)
}

/// A method in a type's tables.
pub(super) struct Found {
    /// The method.
    pub(crate) method: &'static Method,
    /// The type whose generic arguments it means.
    pub(crate) declaring: TypeRef,
}

/// The instance method of this name in a type's tables.
pub(super) fn find(kind: TypeRef, name: &str) -> Option<Found> {
    cached_method(kind, name).map(|method| Found { method, declaring: declaring(kind, name) })
}

/// What is left where the type has no such method: intrinsic methods, dictionaries' and objects' invocable values,
/// and the method called on each element.
fn call_otherwise(
    engine: &mut dyn Engine,
    value: &Value,
    kind: TypeRef,
    name: &str,
    args: Vec<Value>,
) -> Outcome<Value> {
    if let Some(result) = super::intrinsic::call(engine, value, name, &args) {
        return result;
    }
    if let Some(accessor) = property_method(kind, name) {
        return call_accessor(engine, value, accessor, args);
    }
    if let Some(items) = super::enumerable(value).filter(|items| !items.is_empty()) {
        return call_each(engine, items, name, &args);
    }
    not_found(kind, name).err()
}

/// `get_Length` and `set_Item`: accessors by their compiled names.
fn property_method(kind: TypeRef, name: &str) -> Option<(bool, &'static table::PropertyRow)> {
    let (prefix, property) = name.split_once('_')?;
    let setter = prefix.eq_ignore_ascii_case("set");
    (setter || prefix.eq_ignore_ascii_case("get"))
        .then(|| table::find_property(kind, property))
        .flatten()
        .map(|row| (setter, row))
}

fn call_accessor(
    engine: &mut dyn Engine,
    value: &Value,
    (setter, row): (bool, &'static table::PropertyRow),
    args: Vec<Value>,
) -> Outcome<Value> {
    if !setter {
        return (row.get)(engine, value);
    }
    access::set(engine, value, row.name, args.into_iter().next().unwrap_or_default())?;
    Ok(Value::Nothing)
}

/// The method on each element; what they return, together.
fn call_each(engine: &mut dyn Engine, items: Vec<Value>, name: &str, args: &[Value]) -> Outcome<Value> {
    let mut results = Vec::with_capacity(items.len());
    for item in &items {
        match call(engine, item, name, args.to_vec())? {
            Value::Nothing => {}
            result => match super::enumerable(&result) {
                Some(inner) => results.extend(inner),
                None => results.push(result),
            },
        }
    }
    Ok(match results.len() {
        0 => Value::Nothing,
        1 => results.pop().unwrap_or_default(),
        _ => Value::array(results),
    })
}

/// A method of a script class; `None` where the class has none of that name and its .NET base may know better.
fn call_class(
    engine: &mut dyn Engine,
    value: &Value,
    kind: TypeRef,
    name: &str,
    args: &[Value],
) -> Option<Outcome<Value>> {
    match engine.call_class_method(kind, name, Some(value), args) {
        Err(Unwind::Fault(fault)) if fault.id == "MethodNotFound" => None,
        other => Some(other),
    }
}

/// A member added to the object: script methods, or something that can be invoked.
fn call_member(
    engine: &mut dyn Engine,
    value: &Value,
    name: &str,
    member: &Member,
    args: Vec<Value>,
) -> Outcome<Value> {
    match member {
        Member::Method(block) => engine.invoke(block, &args, Some(value.clone())).map_err(script_method_failed),
        Member::Alias(target, _) => call(engine, value, target, args),
        _ => not_found(TypeRef::of(value), name).err(),
    }
}

/// An error inside a script method keeps its id and becomes a `MethodInvocationException`'s inner one.
fn script_method_failed(unwind: Unwind) -> Unwind {
    let Some(inner) = exception_of(&unwind) else { return unwind };
    let text = format!("A script method failed: {}", inner.message.borrow());
    Fault::new("ScriptMethodRuntimeException", text)
        .exception("System.Management.Automation.MethodInvocationException")
        .category(ErrorCategory::NotSpecified)
        .inner(inner)
        .into()
}

/// Calls `[kind]::name(args)`.
pub(crate) fn call_static(engine: &mut dyn Engine, kind: TypeRef, name: &str, args: Vec<Value>) -> Outcome<Value> {
    if kind.is_script_class() {
        match engine.call_class_method(kind, name, None, &args) {
            Err(Unwind::Fault(fault)) if fault.id == "MethodNotFound" => {}
            other => return other,
        }
    }
    if name.eq_ignore_ascii_case("new") {
        return construct(engine, kind, args);
    }
    match table::find_static_method(kind, name) {
        Some(method) => invoke(engine, &Value::Null, &Site { kind, name }, method, args),
        None => Fault::new("MethodNotFound", format!("The type [{kind}] has no static method '{name}'.")).err(),
    }
}

/// Makes an instance: `[kind]::new(args)` and `New-Object`.
pub(crate) fn construct(engine: &mut dyn Engine, kind: TypeRef, args: Vec<Value>) -> Outcome<Value> {
    if kind.is_script_class() {
        return engine.new_class_instance(kind, &args);
    }
    if let Some(element) = kind.info().element {
        return super::library::array::construct(engine, element, &args);
    }
    // A delegate is the script block it is made of.
    if let ([block @ Value::ScriptBlock(_)], true) = (args.as_slice(), TypeRef::DELEGATE.is_assignable_from(kind)) {
        return Ok(block.clone());
    }
    let site = Site { kind, name: "new" };
    let own = table::own_members(kind).and_then(|members| members.constructors.as_ref());
    match own {
        Some(method) => invoke(engine, &Value::Null, &site, method, args),
        None if kind.is_exception() => super::library::exception::construct(engine, kind, args),
        None if kind.is_value_type() && args.is_empty() => Ok(super::default_of(kind)),
        None => {
            if let Some(made) = engine.construct(kind, &args) {
                return made;
            }
            let text = format!("[{kind}] has no constructor that takes {} arguments.", args.len());
            Fault::new("MethodCountCouldNotFindBest", text)
                .exception("System.Management.Automation.MethodException")
                .category(ErrorCategory::NotSpecified)
                .err()
        }
    }
}

/// Resolves the overload, runs it, and wraps what it throws.
pub(crate) fn invoke(
    engine: &mut dyn Engine,
    this: &Value,
    site: &Site<'_>,
    method: &Method,
    mut args: Vec<Value>,
) -> Outcome<Value> {
    let count = args.len();
    let overload = overload::resolve(engine, site, method, &mut args)?;
    run(engine, this, site, overload, &mut args, count)
}

/// Runs an overload whose arguments are converted, and wraps what it throws; `count` is how many the script gave.
pub(super) fn run(
    engine: &mut dyn Engine,
    this: &Value,
    site: &Site<'_>,
    overload: &Overload,
    args: &mut [Value],
    count: usize,
) -> Outcome<Value> {
    let mut call = Call { engine, this, kind: site.kind, args };
    match (overload.body)(&mut call) {
        Ok(value) if overload.is_void => {
            drop(value);
            Ok(Value::Nothing)
        }
        Ok(value) => Ok(value),
        Err(unwind) => Err(wrap(unwind, site.name, count)),
    }
}

/// What a .NET method throws, as scripts see it: a `MethodInvocationException` around it, named as the inner one is.
fn wrap(unwind: Unwind, name: &str, count: usize) -> Unwind {
    if let Unwind::Fault(fault) = &unwind
        && (fault.exception.starts_with("System.Management.Automation.Method") || fault.id == PASS_THROUGH)
    {
        return unwind;
    }
    let Some(inner) = exception_of(&unwind) else { return unwind };
    let text = format!("'{name}' with {count} argument(s) failed: {}", inner.message.borrow());
    Fault::new(inner.kind.short_name(), text)
        .exception("System.Management.Automation.MethodInvocationException")
        .category(ErrorCategory::NotSpecified)
        .inner(inner)
        .into()
}

/// The id of a fault that is not wrapped: it is the engine's, not a method's.
const PASS_THROUGH: &str = "MethodNotFound";

/// The exception an error is or would be; `None` for what is not an error.
pub(crate) fn exception_of(unwind: &Unwind) -> Option<Rc<Exception>> {
    match unwind {
        Unwind::Error(record) => Some(record.exception.clone()),
        Unwind::Fault(fault) => Some(exception_of_fault(fault)),
        Unwind::Control(_) => None,
    }
}

fn exception_of_fault(fault: &Fault) -> Rc<Exception> {
    let kind = crate::value::types::resolve(fault.exception).unwrap_or(TypeRef::RUNTIME_EXCEPTION);
    let properties = fault.properties.iter().map(|(name, value)| (Str::from(*name), value.clone())).collect();
    Rc::new(Exception {
        kind,
        message: RefCell::new(Str::from(fault.message.as_str())),
        inner: fault.inner.clone(),
        properties: RefCell::new(properties),
        record: RefCell::new(None::<std::rc::Weak<ErrorRecord>>),
        data: RefCell::new(None),
    })
}

/// An exception that a .NET member throws: its type, and what happened in our words.
pub(crate) fn thrown(kind: TypeRef, message: impl Into<String>) -> Unwind {
    let short = kind.short_name();
    Fault::new(short, message).exception(kind.name()).category(ErrorCategory::NotSpecified).into()
}

fn not_found(kind: TypeRef, name: &str) -> Fault {
    Fault::new("MethodNotFound", format!("[{kind}] has no method '{name}'; Get-Member lists what it has."))
}

/// Generic arguments belong to the base that declares the method; that is the type itself unless it derives.
fn declaring(kind: TypeRef, name: &str) -> TypeRef {
    if kind.info().base.is_none_or(|base| base.info().arguments.is_empty()) {
        return kind;
    }
    let declares = |kind: &TypeRef| table::own_members(*kind).is_some_and(|own| own.method(name).is_some());
    kind.bases().find(declares).unwrap_or(kind)
}

/// One remembered lookup.
type Remembered = Option<(usize, &'static Method)>;

const REMEMBERED: usize = 256;

thread_local! {
    /// Lookups by type and name's length and ends: calls in a loop ask for the same few methods.
    static RECENT: RefCell<[Remembered; REMEMBERED]> = const { RefCell::new([None; REMEMBERED]) };
}

/// An instance method, remembered from the last time where possible.
#[inline]
fn cached_method(kind: TypeRef, name: &str) -> Option<&'static Method> {
    let bytes = name.as_bytes();
    let first = usize::from(bytes.first().copied().unwrap_or(0) | 0x20);
    let last = usize::from(bytes.last().copied().unwrap_or(0) | 0x20);
    let slot = (kind.address() / 16 + first * 31 + last * 7 + bytes.len() * 3) % REMEMBERED;
    let known = RECENT.with_borrow(|recent| recent.get(slot).copied().flatten());
    if let Some((address, method)) = known
        && address == kind.address()
        && method.name.eq_ignore_ascii_case(name)
    {
        return Some(method);
    }
    let method = table::find_method(kind, name)?;
    RECENT.with_borrow_mut(|recent| {
        if let Some(place) = recent.get_mut(slot) {
            *place = Some((kind.address(), method));
        }
    });
    Some(method)
}

/// True where the type has a constructor of one argument that takes a value of `given` as it is.
pub(crate) fn has_constructor_for(target: TypeRef, given: TypeRef) -> bool {
    if target.is_exception() {
        return given == TypeRef::STRING;
    }
    let constructors = table::own_members(target).and_then(|members| members.constructors.as_ref());
    constructors.is_some_and(|method| {
        method.overloads.iter().any(|overload| match overload.parameters.as_slice() {
            [only] => overload::parameter_type(target, only).is_assignable_from(given),
            _ => false,
        })
    })
}
