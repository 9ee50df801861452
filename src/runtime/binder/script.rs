//! The signature of a script function or block, from its `param` list and attributes.

use super::member;
use super::signature::{
    ALL_SETS, Check, CommandKind, CommandSignature, CustomCheck, Membership, Parameter, RangeKind, SetMask,
};
use crate::runtime::cmdlet::ConfirmImpact;
use crate::syntax::{self, Attribute, Expr, ParameterAttribute, TypeName};
use crate::value::{Engine, Outcome, Str, TypeRef, Value, convert, enumerate, types};

/// What making a signature asks of the engine that will run the command.
pub(crate) trait SignatureHost {
    /// The value of an attribute's argument.
    fn constant(&mut self, expr: &Expr) -> Outcome<Value>;
    /// A type as the script sees it.
    fn type_named(&mut self, name: &TypeName) -> Outcome<TypeRef>;
    /// The object of an attribute that is a script class; `None` where the name is no such class.
    fn attribute(&mut self, attribute: &Attribute) -> Outcome<Option<Value>>;
}

/// The signature of a function (or of a block, with an empty name).
pub(crate) fn from_script(
    name: &str,
    body: &syntax::ScriptBlock,
    params: &[syntax::Parameter],
    host: &mut dyn SignatureHost,
) -> Outcome<CommandSignature> {
    let mut signature = CommandSignature::new(name, CommandKind::Simple, Vec::new());
    for attribute in &body.attributes {
        function_attribute(&mut signature, attribute, host)?;
    }
    let mut automatic = signature.positional;
    let mut parameters = Vec::with_capacity(params.len());
    for param in params {
        parameters.push(parameter(&mut signature, param, host, &mut automatic)?);
    }
    if automatic {
        number_positions(&mut parameters);
    }
    signature.parameters = parameters;
    signature.index();
    Ok(signature)
}

/// Without any position or set written, parameters other than switches stand in their order.
fn number_positions(parameters: &mut [Parameter]) {
    let mut next = 0;
    for parameter in parameters.iter_mut().filter(|p| p.form != super::Form::Switch) {
        for membership in &mut parameter.memberships {
            membership.position = Some(next);
        }
        next += 1;
    }
}

/// An attribute's name without namespace and suffix, in lower case.
fn plain_name(attribute: &Attribute) -> String {
    let name = attribute.name.name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    match name.strip_suffix("attribute") {
        Some(short) if !short.is_empty() => short.to_owned(),
        _ => name,
    }
}

/// A named argument's value: a bare name means true.
fn argument(value: Option<&Expr>, host: &mut dyn SignatureHost) -> Outcome<Value> {
    value.map_or(Ok(Value::Bool(true)), |expr| host.constant(expr))
}

fn texts(attribute: &Attribute, host: &mut dyn SignatureHost) -> Outcome<Vec<Str>> {
    let mut found = Vec::new();
    for expr in &attribute.positional {
        match host.constant(expr)? {
            Value::Array(array) => found.extend(array.items().iter().map(convert::to_text)),
            value => found.push(convert::to_text(&value)),
        }
    }
    Ok(found)
}

fn function_attribute(
    signature: &mut CommandSignature,
    attribute: &Attribute,
    host: &mut dyn SignatureHost,
) -> Outcome<()> {
    match plain_name(attribute).as_str() {
        "cmdletbinding" => {
            signature.kind = CommandKind::Advanced;
            for (name, value, _) in &attribute.named {
                let value = argument(value.as_ref(), host)?;
                cmdlet_binding(signature, name, &value);
            }
        }
        "outputtype" => {
            for expr in &attribute.positional {
                let values = match host.constant(expr)? {
                    Value::Array(array) => array.values(),
                    value => vec![value],
                };
                signature.outputs.extend(values);
            }
        }
        "alias" => signature.aliases = texts(attribute, host)?,
        _ => {}
    }
    Ok(())
}

fn cmdlet_binding(signature: &mut CommandSignature, name: &str, value: &Value) {
    match name.to_ascii_lowercase().as_str() {
        "defaultparametersetname" => {
            let bit = signature.set_bit(&convert::to_text(value));
            signature.default_set = if bit == ALL_SETS { 0 } else { bit };
        }
        "supportsshouldprocess" => signature.should_process = convert::to_bool(value),
        "positionalbinding" => signature.positional = convert::to_bool(value),
        "confirmimpact" => signature.impact = impact(value),
        _ => {}
    }
}

fn impact(value: &Value) -> ConfirmImpact {
    match convert::to_text(value).to_ascii_lowercase().as_str() {
        "none" | "0" => ConfirmImpact::None,
        "low" | "1" => ConfirmImpact::Low,
        "high" | "3" => ConfirmImpact::High,
        _ => ConfirmImpact::Medium,
    }
}

fn parameter(
    signature: &mut CommandSignature,
    param: &syntax::Parameter,
    host: &mut dyn SignatureHost,
    automatic: &mut bool,
) -> Outcome<Parameter> {
    let mut made = Parameter::new(&*param.name, TypeRef::OBJECT);
    made.typed = false;
    let mut memberships = Vec::new();
    let mut kinds = Vec::new();
    for attribute in &param.attributes {
        match attribute {
            ParameterAttribute::Type(name) => kinds.push(host.type_named(name)?),
            ParameterAttribute::Attribute(attribute) if plain_name(attribute) == "parameter" => {
                signature.kind = CommandKind::Advanced;
                let membership = membership(signature, &mut made, attribute, host)?;
                *automatic &= membership.position.is_none() && membership.sets == ALL_SETS;
                memberships.push(membership);
            }
            ParameterAttribute::Attribute(attribute) => parameter_attribute(&mut made, attribute, host)?,
        }
    }
    // The type written first is the parameter's; those after it convert before.
    if let Some(kind) = kinds.first() {
        (made.kind, made.form, made.typed) = (*kind, super::Form::of(*kind), true);
        made.conversions = kinds.into_iter().skip(1).rev().collect();
    }
    made.memberships = memberships.into_iter().collect();
    made.summarize();
    Ok(made)
}

fn membership(
    signature: &mut CommandSignature,
    parameter: &mut Parameter,
    attribute: &Attribute,
    host: &mut dyn SignatureHost,
) -> Outcome<Membership> {
    let mut membership = Membership::default();
    for (name, value, _) in &attribute.named {
        let value = argument(value.as_ref(), host)?;
        set_member(signature, parameter, &mut membership, name, &value);
    }
    Ok(membership)
}

fn set_member(
    signature: &mut CommandSignature,
    parameter: &mut Parameter,
    membership: &mut Membership,
    name: &str,
    value: &Value,
) {
    let on = convert::to_bool(value);
    match name.to_ascii_lowercase().as_str() {
        "mandatory" => membership.mandatory = on,
        "position" => membership.position = position(value),
        "parametersetname" => membership.sets = signature.set_bit(&convert::to_text(value)),
        "valuefrompipeline" => membership.by_value = on,
        "valuefrompipelinebypropertyname" => membership.by_property = on,
        "valuefromremainingarguments" => membership.remaining = on,
        "dontshow" => parameter.hidden = on,
        "helpmessage" => parameter.help = Some(convert::to_text(value)),
        _ => {}
    }
}

fn position(value: &Value) -> Option<i32> {
    match value {
        Value::I32(number) => Some(*number),
        other => convert::to_text(other).trim().parse().ok(),
    }
    .filter(|number| *number != i32::MIN)
}

fn parameter_attribute(parameter: &mut Parameter, attribute: &Attribute, host: &mut dyn SignatureHost) -> Outcome<()> {
    match plain_name(attribute).as_str() {
        "alias" => parameter.aliases.extend(texts(attribute, host)?),
        "allownull" => parameter.allow_null = true,
        "allowemptystring" => parameter.allow_empty_string = true,
        "allowemptycollection" => parameter.allow_empty_collection = true,
        "pstypename" => parameter.checks.extend(texts(attribute, host)?.into_iter().take(1).map(Check::TypeName)),
        "supportswildcards" | "psdefaultvalue" | "obsolete" | "experimental" => {}
        // Only completion asks for these.
        "argumentcompleter" => completion_attribute(parameter, TypeRef::ARGUMENT_COMPLETER_ATTRIBUTE, attribute, host)?,
        "argumentcompletions" => {
            completion_attribute(parameter, TypeRef::ARGUMENT_COMPLETIONS_ATTRIBUTE, attribute, host)?;
        }
        _ => {
            if let Some(check) = check(attribute, host)? {
                parameter.checks.push(check);
            }
        }
    }
    Ok(())
}

/// Keeps an attribute that says what completion proposes.
fn completion_attribute(
    parameter: &mut Parameter,
    kind: TypeRef,
    attribute: &Attribute,
    host: &mut dyn SignatureHost,
) -> Outcome<()> {
    let given = attribute.positional.iter().map(|expr| host.constant(expr)).collect::<Outcome<Vec<_>>>()?;
    parameter.attributes.push(crate::value::members::construct(&mut convert::Detached, kind, given)?);
    Ok(())
}

/// The check an attribute stands for; `None` for one that checks nothing.
pub(crate) fn check(attribute: &Attribute, host: &mut dyn SignatureHost) -> Outcome<Option<Check>> {
    let name = plain_name(attribute);
    let mut values = Vec::with_capacity(attribute.positional.len());
    if name.starts_with("validate") {
        for expr in &attribute.positional {
            values.push(host.constant(expr)?);
        }
    }
    let (mut ignore_case, mut message) = (true, None);
    for (option, value, _) in &attribute.named {
        if option.eq_ignore_ascii_case("IgnoreCase") {
            ignore_case = convert::to_bool(&argument(value.as_ref(), host)?);
        } else if option.eq_ignore_ascii_case("Options") {
            let text = convert::to_text(&argument(value.as_ref(), host)?);
            ignore_case = text.to_ascii_lowercase().contains("ignorecase");
        } else if option.eq_ignore_ascii_case("ErrorMessage") {
            message = Some(convert::to_text(&argument(value.as_ref(), host)?));
        }
    }
    if let Some(check) = known_check(&name, &values, ignore_case) {
        return Ok(Some(match message {
            Some(message) => Check::Worded(Box::new(check), message),
            None => check,
        }));
    }
    if name == "validateset" {
        if let [Value::Type(kind)] = values.as_slice() {
            let generator = host.attribute(&Attribute {
                span: attribute.span,
                name: TypeName {
                    span: attribute.span,
                    name: kind.name().into(),
                    arguments: Vec::new(),
                    ranks: Vec::new(),
                    assembly: None,
                },
                positional: Vec::new(),
                named: Vec::new(),
            })?;
            return Ok(generator.map(|generator| Check::Generated(generator, ignore_case)));
        }
    }
    Ok(host.attribute(attribute)?.and_then(custom))
}

/// A check by the attribute's plain name and its arguments.
fn known_check(name: &str, values: &[Value], ignore_case: bool) -> Option<Check> {
    let number = |at: usize| values.get(at).and_then(whole);
    let text = |value: &Value| convert::to_text(value);
    Some(match name {
        "validatenotnull" => Check::NotNull,
        "validatenotnullorempty" => Check::NotNullOrEmpty,
        "validatenotnullorwhitespace" => Check::NotNullOrWhiteSpace,
        "validaterange" => match values {
            [low, high] => Check::Range(low.clone(), high.clone()),
            [kind] => Check::RangeKind(RangeKind::parse(&text(kind))?),
            _ => return None,
        },
        "validatecount" => Check::Count(number(0)?, number(1)?),
        "validatelength" => Check::Length(number(0)?, number(1)?),
        "validateset" if matches!(values, [Value::Type(_)]) => return None,
        "validateset" => Check::Set(flat_texts(values).into(), ignore_case),
        "validatepattern" => Check::Pattern(text(values.first()?), ignore_case),
        "validatescript" => match values.first()? {
            Value::ScriptBlock(block) => Check::Script(block.clone()),
            _ => return None,
        },
        "validatedrive" => Check::Drive(flat_texts(values).into()),
        "validateuserdrive" | "validatetrusteddata" => Check::Nothing,
        "credential" | "argumenttoencodingtransformation" => Check::Transformation,
        _ => return None,
    })
}

fn flat_texts(values: &[Value]) -> Vec<Str> {
    let mut found = Vec::new();
    for value in values {
        match value {
            Value::Array(array) => found.extend(array.items().iter().map(convert::to_text)),
            other => found.push(convert::to_text(other)),
        }
    }
    found
}

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::I32(number) => Some(i64::from(*number)),
        Value::I64(number) => Some(*number),
        other => convert::to_text(other).trim().parse().ok(),
    }
}

/// A script class's attribute, by what it derives from.
fn custom(attribute: Value) -> Option<Check> {
    let bases = TypeRef::of(&attribute).bases();
    let role = bases.into_iter().find_map(|base| match base.name() {
        "System.Management.Automation.ValidateEnumeratedArgumentsAttribute" => Some(CustomCheck::Elements),
        "System.Management.Automation.ValidateArgumentsAttribute" => Some(CustomCheck::Arguments),
        "System.Management.Automation.ArgumentTransformationAttribute" => Some(CustomCheck::Transform),
        _ => None,
    })?;
    Some(Check::Custom(attribute, role))
}

/// A parameter declared by `dynamicparam`: its name, type and attribute objects.
pub(crate) fn parameter_from_attributes(
    signature: &CommandSignature,
    engine: &mut dyn Engine,
    name: &str,
    kind: TypeRef,
    attributes: Vec<Value>,
) -> Outcome<Parameter> {
    let mut parameter = Parameter::new(name, kind);
    let mut memberships = Vec::new();
    for attribute in &attributes {
        let full = TypeRef::of(attribute).name();
        let short = full.rsplit('.').next().unwrap_or_default();
        let plain = short.strip_suffix("Attribute").unwrap_or(short).to_ascii_lowercase();
        match plain.as_str() {
            "parameter" => memberships.push(membership_of(signature, &mut parameter, engine, attribute)?),
            "alias" => parameter.aliases.extend(member_texts(engine, attribute, "AliasNames")?),
            "allownull" => parameter.allow_null = true,
            "allowemptystring" => parameter.allow_empty_string = true,
            "allowemptycollection" => parameter.allow_empty_collection = true,
            _ => parameter.checks.extend(check_of(engine, &plain, attribute)?),
        }
    }
    parameter.memberships = memberships.into_iter().collect();
    parameter.attributes = attributes;
    parameter.dynamic = true;
    parameter.summarize();
    Ok(parameter)
}

fn member(engine: &mut dyn Engine, object: &Value, name: &str) -> Outcome<Value> {
    Ok(member::get(engine, object, name)?.unwrap_or_default())
}

fn member_texts(engine: &mut dyn Engine, object: &Value, name: &str) -> Outcome<Vec<Str>> {
    let value = member(engine, object, name)?;
    Ok(enumerate(&value).unwrap_or_default().iter().map(convert::to_text).collect())
}

fn membership_of(
    signature: &CommandSignature,
    parameter: &mut Parameter,
    engine: &mut dyn Engine,
    attribute: &Value,
) -> Outcome<Membership> {
    let set = convert::to_text(&member(engine, attribute, "ParameterSetName")?);
    let sets: SetMask = signature
        .sets
        .iter()
        .position(|known| known.eq_ignore_ascii_case(&set))
        .map_or(ALL_SETS, |at| 1u32.checked_shl(at as u32).unwrap_or(ALL_SETS));
    let mut flag = |name: &str| member(engine, attribute, name).map(|value| convert::to_bool(&value));
    let (mandatory, by_value) = (flag("Mandatory")?, flag("ValueFromPipeline")?);
    let by_property = flag("ValueFromPipelineByPropertyName")?;
    let remaining = flag("ValueFromRemainingArguments")?;
    parameter.hidden |= flag("DontShow")?;
    let position = position(&member(engine, attribute, "Position")?);
    Ok(Membership { sets, mandatory, position, by_value, by_property, remaining })
}

fn check_of(engine: &mut dyn Engine, plain: &str, attribute: &Value) -> Outcome<Option<Check>> {
    let arguments: &[&str] = match plain {
        "validaterange" => &["MinRange", "MaxRange"],
        "validatecount" | "validatelength" => &["MinLength", "MaxLength"],
        "validatepattern" => &["RegexPattern"],
        "validatescript" => &["ScriptBlock"],
        "validateset" => &["ValidValues"],
        "validatedrive" => &["ValidRootDrives"],
        _ => &[],
    };
    let mut values = Vec::new();
    for name in arguments {
        values.push(member(engine, attribute, name)?);
    }
    let ignore_case = match plain {
        "validateset" => convert::to_bool(&member(engine, attribute, "IgnoreCase")?),
        _ => true,
    };
    Ok(known_check(plain, &values, ignore_case).or_else(|| custom(attribute.clone())))
}

/// A type by the text scripts write, `object` where it is not known.
pub(super) fn type_or_object(name: &str) -> TypeRef {
    types::resolve(name).unwrap_or(TypeRef::OBJECT)
}
