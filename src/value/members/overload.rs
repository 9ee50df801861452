//! Which overload a call means, and its arguments in the types that it takes. Arguments are ranked as PowerShell
//! ranks conversions: the same type, then what is assignable, numbers that widen, text that may be a number, and so
//! on down to anything as text.

use super::table::{Method, Overload, Parameter, ParameterKind};
use crate::value::{Engine, ErrorCategory, Fault, Outcome, TypeKind, TypeRef, Unwind, Value, convert};

/// How well an argument fits a parameter; higher is better, 0 is not at all.
type Rank = u32;

const IDENTITY: Rank = 287;
const STRING_TO_CHARS: Rank = 282;
const ASSIGNABLE: Rank = 255;
const NUMERIC_IMPLICIT: Rank = 239;
const NUMERIC_STRING: Rank = 231;
const NUMERIC_EXPLICIT: Rank = 215;
const NULL_TO_REFERENCE: Rank = 191;
const NULL_TO_VALUE: Rank = 175;
const LANGUAGE: Rank = 159;
const PARSE: Rank = 127;
const TO_STRING: Rank = 31;
const ARRAY: Rank = 20;
const SCALAR_TO_ARRAY: Rank = 10;

/// Where an overload's generic arguments come from and what to call it in an error.
pub(crate) struct Site<'a> {
    /// The type, with its generic arguments.
    pub(crate) kind: TypeRef,
    /// The name as the script wrote it.
    pub(crate) name: &'a str,
}

/// The type a parameter has for instances of `kind`.
pub(crate) fn parameter_type(kind: TypeRef, parameter: &Parameter) -> TypeRef {
    let generic = |index: u8| kind.info().arguments.get(usize::from(index)).copied().unwrap_or(TypeRef::OBJECT);
    match parameter.kind {
        ParameterKind::Of(kind) => kind,
        ParameterKind::Generic(index) => generic(index),
        ParameterKind::GenericArray(index) => TypeRef::array_of(generic(index)),
        ParameterKind::Reference(_) => TypeRef::PSREFERENCE,
    }
}

/// Picks the overload and converts the arguments in place.
pub(crate) fn resolve<'m>(
    engine: &mut dyn Engine,
    site: &Site<'_>,
    method: &'m Method,
    args: &mut Vec<Value>,
) -> Outcome<&'m Overload> {
    let (overload, spread, exact) = select(site, method, args)?;
    if !exact {
        convert_arguments(engine, site, overload, spread, args)?;
    }
    Ok(overload)
}

/// The overload that arguments mean, whether its `params` array is spread, and whether they need no conversion.
pub(super) fn select<'m>(site: &Site<'_>, method: &'m Method, args: &[Value]) -> Outcome<(&'m Overload, bool, bool)> {
    if let Some(exact) = method.overloads.iter().find(|overload| fits_exactly(site.kind, overload, args)) {
        return Ok((exact, false, true));
    }
    let (overload, spread) = best(site, method, args)?;
    Ok((overload, spread, false))
}

/// True where every argument already has its parameter's very type.
#[inline]
fn fits_exactly(kind: TypeRef, overload: &Overload, args: &[Value]) -> bool {
    overload.parameters.len() == args.len()
        && overload.parameters.iter().zip(args).all(|(parameter, arg)| {
            !arg.is_null() && parameter_type(kind, parameter) == TypeRef::of(arg) && !matches!(arg, Value::Wrapped(_))
        })
}

/// The best overload for these arguments, and whether its `params` array is spread.
fn best<'m>(site: &Site<'_>, method: &'m Method, args: &[Value]) -> Outcome<(&'m Overload, bool)> {
    let mut candidates: Vec<(&Overload, bool)> = Vec::new();
    for overload in &method.overloads {
        if overload.parameters.len() == args.len() {
            candidates.push((overload, false));
        }
        let spread = overload.parameters.last().is_some_and(|last| last.params);
        if spread && args.len() + 1 >= overload.parameters.len() {
            candidates.push((overload, true));
        }
    }
    match candidates.as_slice() {
        [] => return no_overload(site, args.len()).err(),
        [only] => return Ok(*only),
        _ => {}
    }
    let ranked = candidates.into_iter().filter_map(|(overload, spread)| {
        let ranks = rank_all(site.kind, overload, spread, args)?;
        Some((ranks, overload, spread))
    });
    // The first of equals wins, so tables list the preferred overload first.
    let found = ranked.fold(None::<(Rank, &Overload, bool)>, |found, next| match found {
        Some(known) if known.0 >= next.0 => Some(known),
        _ => Some(next),
    });
    match found {
        Some((_, overload, spread)) => Ok((overload, spread)),
        None => no_overload(site, args.len()).err(),
    }
}

/// The sum of the arguments' ranks; `None` where one does not fit. Spreading costs a little.
fn rank_all(kind: TypeRef, overload: &Overload, spread: bool, args: &[Value]) -> Option<Rank> {
    let parameters = &overload.parameters;
    let last = parameters.len().saturating_sub(1);
    let mut total = 0;
    for (index, arg) in args.iter().enumerate() {
        let parameter = parameters.get(index.min(last))?;
        let mut wanted = parameter_type(kind, parameter);
        if spread && index >= last {
            wanted = wanted.info().element.unwrap_or(wanted);
        }
        let rank = rank(arg, wanted);
        if rank == 0 {
            return None;
        }
        // Earlier arguments weigh more, as PowerShell has it.
        total += rank * Rank::try_from(args.len() - index).unwrap_or(1);
    }
    Some(if spread { total.saturating_sub(3) } else { total })
}

/// How well one argument fits a type.
fn rank(arg: &Value, wanted: TypeRef) -> Rank {
    let arg = match arg {
        Value::Wrapped(wrapped) => &wrapped.base,
        arg => arg,
    };
    if arg.is_null() {
        return match wanted {
            text if text == TypeRef::STRING => LANGUAGE,
            value if value.is_value_type() => NULL_TO_VALUE,
            _ => NULL_TO_REFERENCE,
        };
    }
    let given = TypeRef::of(arg);
    if given == wanted {
        return IDENTITY;
    }
    if wanted == TypeRef::OBJECT {
        return ASSIGNABLE - 2;
    }
    if wanted.is_assignable_from(given) {
        return ASSIGNABLE;
    }
    if wanted.is_number() || wanted == TypeRef::CHAR {
        return rank_number(given, wanted);
    }
    if let Some(element) = wanted.info().element {
        return rank_array(given, wanted, element);
    }
    rank_other(given, wanted)
}

fn rank_number(given: TypeRef, wanted: TypeRef) -> Rank {
    if given == TypeRef::STRING {
        return if wanted == TypeRef::CHAR { LANGUAGE } else { NUMERIC_STRING - wanted_order(wanted) };
    }
    if given.is_number() || given == TypeRef::CHAR || given.is_enum() {
        return match widens(given, wanted) {
            Some(steps) => NUMERIC_IMPLICIT - steps,
            None => NUMERIC_EXPLICIT - wanted_order(wanted),
        };
    }
    if given == TypeRef::BOOLEAN && wanted != TypeRef::CHAR { LANGUAGE } else { 0 }
}

/// Among conversions that may lose something, `double` is the likeliest meaning.
fn wanted_order(wanted: TypeRef) -> Rank {
    const ORDER: [TypeRef; 5] = [TypeRef::DOUBLE, TypeRef::DECIMAL, TypeRef::INT64, TypeRef::INT32, TypeRef::SINGLE];
    ORDER.iter().position(|kind| *kind == wanted).unwrap_or(ORDER.len()) as Rank
}

/// How many steps a number type widens to reach another; `None` where that would lose something.
fn widens(given: TypeRef, wanted: TypeRef) -> Option<Rank> {
    const SIGNED: [TypeRef; 7] = [
        TypeRef::SBYTE,
        TypeRef::INT16,
        TypeRef::INT32,
        TypeRef::INT64,
        TypeRef::DOUBLE,
        TypeRef::SINGLE,
        TypeRef::DECIMAL,
    ];
    const UNSIGNED: [TypeRef; 9] = [
        TypeRef::BYTE,
        TypeRef::UINT16,
        TypeRef::INT32,
        TypeRef::UINT32,
        TypeRef::INT64,
        TypeRef::UINT64,
        TypeRef::DOUBLE,
        TypeRef::SINGLE,
        TypeRef::DECIMAL,
    ];
    let steps = |line: &[TypeRef], from: TypeRef| {
        let start = line.iter().position(|kind| *kind == from)?;
        let end = line.iter().position(|kind| *kind == wanted)?;
        let widens = end > start && from != TypeRef::DOUBLE && from != TypeRef::DECIMAL;
        if widens { Rank::try_from(end.abs_diff(start)).ok() } else { None }
    };
    if given == TypeRef::SINGLE {
        return (wanted == TypeRef::DOUBLE).then_some(1);
    }
    steps(&SIGNED, given).or_else(|| steps(&UNSIGNED, given).filter(|_| given != TypeRef::INT32))
}

fn rank_array(given: TypeRef, wanted: TypeRef, element: TypeRef) -> Rank {
    match given.info().element {
        Some(_) => ARRAY,
        None if given == TypeRef::STRING && element == TypeRef::CHAR => STRING_TO_CHARS,
        None if TypeRef::IENUMERABLE.is_assignable_from(given) && given != TypeRef::STRING => ARRAY,
        None if element == TypeRef::OBJECT || element == given => SCALAR_TO_ARRAY + 2,
        None if element.is_enum() || wanted.is_enum() => 1,
        None => SCALAR_TO_ARRAY,
    }
}

fn rank_other(given: TypeRef, wanted: TypeRef) -> Rank {
    const PROVIDERS: [TypeRef; 4] =
        [TypeRef::ICOMPARER, TypeRef::IEQUALITY_COMPARER, TypeRef::IFORMAT_PROVIDER, TypeRef::PSREFERENCE];
    const PARSED: [TypeRef; 9] = [
        TypeRef::DATETIME,
        TypeRef::TIMESPAN,
        TypeRef::GUID,
        TypeRef::VERSION,
        TypeRef::URI,
        TypeRef::REGEX,
        TypeRef::TYPE,
        TypeRef::ENCODING,
        TypeRef::CULTUREINFO,
    ];
    let text = given == TypeRef::STRING;
    let when = |fits: bool, rank: Rank| if fits { rank } else { 0 };
    if wanted == TypeRef::STRING {
        return TO_STRING;
    }
    if wanted == TypeRef::BOOLEAN {
        return LANGUAGE;
    }
    if PROVIDERS.contains(&wanted) {
        return 0;
    }
    if TypeRef::DELEGATE.is_assignable_from(wanted) {
        return when(given == TypeRef::SCRIPTBLOCK, PARSE);
    }
    // A parameter that takes a script block stands for a delegate of .NET's.
    if wanted == TypeRef::SCRIPTBLOCK && TypeRef::DELEGATE.is_assignable_from(given) {
        return ASSIGNABLE;
    }
    if wanted.is_enum() {
        return when(text || given.is_integer(), LANGUAGE);
    }
    if PARSED.contains(&wanted) {
        return when(text || given.is_number(), PARSE);
    }
    if wanted.info().kind == TypeKind::Interface {
        let many = wanted.implements(TypeRef::IENUMERABLE) && !wanted.implements(TypeRef::IDICTIONARY);
        return when(many && given.is_array(), ARRAY);
    }
    if text || given == TypeRef::HASHTABLE || given.is_array() { 5 } else { 1 }
}

/// Converts the arguments in place to what the overload takes.
pub(super) fn convert_arguments(
    engine: &mut dyn Engine,
    site: &Site<'_>,
    overload: &Overload,
    spread: bool,
    args: &mut Vec<Value>,
) -> Outcome<()> {
    if spread {
        let first = overload.parameters.len().saturating_sub(1);
        let rest = args.split_off(first.min(args.len()));
        let kind = overload.parameters.last().map_or(TypeRef::OBJECT_ARRAY, |last| parameter_type(site.kind, last));
        let element = kind.info().element.unwrap_or(TypeRef::OBJECT);
        let name = overload.parameters.last().map_or("", |last| last.name);
        let items = rest.into_iter().map(|arg| convert_argument(engine, site, name, arg, element));
        let items = items.collect::<Outcome<Vec<_>>>()?;
        args.push(Value::Array(crate::value::Array::typed(element, items)));
    }
    let unreferenced = overload.parameters.iter().zip(args.iter()).position(|(parameter, arg)| {
        let is_reference = TypeRef::PSREFERENCE.is_assignable_from(TypeRef::of(arg));
        matches!(parameter.kind, ParameterKind::Reference(_)) && !is_reference
    });
    if let Some(at) = unreferenced {
        let text =
            format!("Argument {} of '{}' is set by it and must be written as [ref] $variable.", at + 1, site.name);
        return Fault::new("NonRefArgumentToRefParameterMsg", text)
            .exception("System.Management.Automation.MethodException")
            .category(ErrorCategory::NotSpecified)
            .err();
    }
    let fixed = if spread { overload.parameters.len().saturating_sub(1) } else { overload.parameters.len() };
    for (parameter, arg) in overload.parameters.iter().zip(args.iter_mut()).take(fixed) {
        let wanted = parameter_type(site.kind, parameter);
        let value = std::mem::take(arg);
        *arg = convert_argument(engine, site, parameter.name, value, wanted)?;
    }
    Ok(())
}

/// One argument in the type its parameter has.
pub(crate) fn convert_argument(
    engine: &mut dyn Engine,
    site: &Site<'_>,
    parameter: &str,
    value: Value,
    wanted: TypeRef,
) -> Outcome<Value> {
    let value = match value {
        Value::Nothing => Value::Null,
        value => value,
    };
    if wanted == TypeRef::OBJECT || TypeRef::of(&value) == wanted && !matches!(value, Value::Wrapped(_) | Value::Null) {
        return Ok(value);
    }
    if value.is_null() && !wanted.is_value_type() {
        return Ok(if wanted == TypeRef::STRING { Value::from("") } else { Value::Null });
    }
    if !wanted.is_value_type() && wanted != TypeRef::STRING && wanted.is_assignable_from(TypeRef::of(&value)) {
        return Ok(value);
    }
    if matches!(value, Value::ScriptBlock(_)) && TypeRef::DELEGATE.is_assignable_from(wanted) {
        return Ok(value);
    }
    if wanted == TypeRef::IENUMERABLE && super::elements(&value).is_none() {
        return Ok(Value::array(vec![value]));
    }
    convert::to(engine, &value, wanted).map_err(|unwind| bad_argument(unwind, site, parameter, &value, wanted))
}

fn no_overload(site: &Site<'_>, count: usize) -> Fault {
    let text = format!("'{}' has no form that takes {count} arguments of these types.", site.name);
    Fault::new("MethodCountCouldNotFindBest", text)
        .exception("System.Management.Automation.MethodException")
        .category(ErrorCategory::NotSpecified)
}

fn bad_argument(unwind: Unwind, site: &Site<'_>, parameter: &str, value: &Value, wanted: TypeRef) -> Unwind {
    let Some(inner) = super::invoke::exception_of(&unwind) else { return unwind };
    // A cast's own error stands around the one of the conversion, which is what a method call is about.
    let inner = match &inner.inner {
        Some(cause) if inner.kind == TypeRef::RUNTIME_EXCEPTION => cause.clone(),
        _ => inner,
    };
    let text = format!(
        "Argument '{parameter}' of '{}' must be [{}]; the value '{}' cannot be converted: {}",
        site.name,
        wanted.display_name(),
        convert::to_text(value),
        inner.message.borrow()
    );
    Fault::new("MethodArgumentConversionInvalidCastArgument", text)
        .exception("System.Management.Automation.MethodException")
        .category(ErrorCategory::NotSpecified)
        .inner(inner)
        .into()
}
