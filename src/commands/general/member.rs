//! `Get-Member`, `Add-Member` and `New-Object`.

use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, FromValue, Invocation, ParameterSpec, SetMembership, object};
use crate::value::members::{self, MemberEntry, MemberView};
use crate::value::wildcard::Wildcard;
use crate::value::{
    Engine, ErrorCategory, Extension, Fault, Member, Outcome, Str, TypeRef, Unwind, Value, convert, types,
};
use std::cell::RefCell;
use std::rc::Rc;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] = &[&GetMember::SPEC, &AddMember::SPEC, &NewObject::SPEC];

/// `PSMemberTypes`, one or several.
#[derive(Clone, Copy, Default)]
pub(crate) struct MemberTypes(i64);

impl FromValue for MemberTypes {
    const TYPE: &'static str = "System.Management.Automation.PSMemberTypes";
    fn from_value(value: Value, engine: &mut dyn Engine) -> Outcome<Self> {
        let member = convert::to(engine, &value, TypeRef::PSMEMBER_TYPES)?;
        Ok(MemberTypes(members::integer_of(&member).unwrap_or(0)))
    }
}

impl MemberTypes {
    /// The name of one, or of several.
    pub(super) fn name(self) -> std::borrow::Cow<'static, str> {
        TypeRef::PSMEMBER_TYPES.enum_text(self.0)
    }

    fn has(self, kind: &str) -> bool {
        TypeRef::PSMEMBER_TYPES.enum_number(kind).is_some_and(|bits| self.0 & bits != 0)
    }
}

cmdlet! {
    /// Lists the members of objects, once a type.
    pub(crate) struct GetMember = "Get-Member", class "Microsoft.PowerShell.Commands.GetMemberCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Shows which properties and methods objects have.",
        examples: &[("'text' | Get-Member Length", "Shows the Length property of a string.")],
        outputs: &["Microsoft.PowerShell.Commands.MemberDefinition"],
    }
    parameters {
        input: Option<Value> = ParameterSpec::new("InputObject").sets(&[SetMembership::of("").by_value()]),
        name: Vec<Str> = ParameterSpec::new("Name").sets(&[SetMembership::of("").position(0)]),
        member_type: Option<MemberTypes> = ParameterSpec::new("MemberType").alias(&["Type"]),
        view: Option<Value> = ParameterSpec::new("View"),
        statics: Switch = ParameterSpec::new("Static"),
        force: Switch = ParameterSpec::new("Force"),
    }
    state { seen: Vec<Str>, any: bool }
}

impl Cmdlet for GetMember {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let Some(input) = self.input.clone().filter(|input| !input.is_null()) else { return Ok(()) };
        self.any = true;
        let listed = match (self.statics.0, &input) {
            (true, Value::Type(kind)) => static_members(*kind),
            (true, other) => static_members(TypeRef::of(other)),
            (false, other) => instance_members(run.session, other, self.force.0)?,
        };
        let type_name = match (self.statics.0, &input) {
            (true, Value::Type(kind)) => Str::from(kind.full_name().as_ref()),
            _ => members::type_names(&input).first().cloned().unwrap_or_else(|| Str::from("System.Object")),
        };
        if self.seen.contains(&type_name) {
            return Ok(());
        }
        self.seen.push(type_name.clone());
        let patterns = self.name.iter().map(|name| Wildcard::new(name, false)).collect::<Outcome<Vec<_>>>()?;
        for (entry, definition) in listed {
            let by_name = patterns.is_empty() || patterns.iter().any(|pattern| pattern.matches(&entry.name));
            let by_type = self.member_type.is_none_or(|wanted| wanted.has(entry.kind));
            if by_name && by_type {
                run.write(definition_object(&type_name, &entry, definition))?;
            }
        }
        Ok(())
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if self.any {
            return Ok(());
        }
        let fault = Fault::new("NoObjectInGetMember", "Get-Member was given no object; pipe one to it.");
        run.error(fault.category(ErrorCategory::CloseError).exception("System.InvalidOperationException"))
    }
}

fn definition_object(type_name: &Str, entry: &MemberEntry, definition: String) -> Value {
    object(
        "Microsoft.PowerShell.Commands.MemberDefinition",
        vec![
            ("TypeName", Value::Str(type_name.clone())),
            ("Name", Value::Str(entry.name.clone())),
            ("MemberType", TypeRef::PSMEMBER_TYPES.enum_value(entry.kind).unwrap_or_default()),
            ("Definition", Value::from(definition)),
        ],
    )
}

type Listed = Vec<(MemberEntry, String)>;

/// By kind, then by name, as PowerShell shows them.
fn sorted(mut listed: Listed) -> Listed {
    listed.sort_by(|(left, _), (right, _)| {
        left.kind.cmp(right.kind).then_with(|| left.name.to_lowercase().cmp(&right.name.to_lowercase()))
    });
    listed
}

fn instance_members(engine: &mut dyn Engine, value: &Value, force: bool) -> Outcome<Listed> {
    let mut listed: Listed = Vec::new();
    let hidden = if force { members::hidden_members(value) } else { Vec::new() };
    for (entry, signature) in hidden {
        let definition = match entry.kind {
            "Method" => signature,
            _ => members::property_definition(engine, value, &entry)?,
        };
        listed.push((entry, definition));
    }
    for entry in members::properties(value) {
        let definition = members::property_definition(engine, value, &entry)?;
        listed.push((entry, definition));
    }
    let by_accessor = |name: &str| name.starts_with("get_") || name.starts_with("set_");
    for (entry, signatures) in members::methods(value) {
        if by_accessor(&entry.name) {
            continue;
        }
        let definition = match entry.kind {
            "ScriptMethod" => format!("System.Object {}();", entry.name),
            _ => signatures,
        };
        listed.push((entry, definition));
    }
    Ok(sorted(listed))
}

fn static_members(kind: TypeRef) -> Listed {
    let listed = members::static_members(kind).into_iter().map(|(entry, signature)| {
        let definition = match entry.kind {
            "Property" => {
                let value_type =
                    if kind.is_enum() { kind.display_name().into_owned() } else { entry.value_type.into() };
                format!("static {value_type} {} {{get;{}}}", entry.name, if kind.is_enum() { "set;" } else { "" })
            }
            _ => signature,
        };
        (entry, definition)
    });
    sorted(listed.collect())
}

cmdlet! {
    /// Adds members to an object.
    pub(crate) struct AddMember = "Add-Member", class "Microsoft.PowerShell.Commands.AddMemberCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("TypeNameSet"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Adds properties and methods to an object.",
        examples: &[("[pscustomobject]@{} | Add-Member Name web -PassThru", "Adds a note property.")],
        outputs: &[],
    }
    parameters {
        input: Value = ParameterSpec::new("InputObject").sets(&[SetMembership::of("").mandatory().by_value()]),
        member_type: Option<MemberTypes> = ParameterSpec::new("MemberType").alias(&["Type"])
            .sets(&[SetMembership::of("MemberSet").position(0).mandatory()]),
        name: Option<Str> = ParameterSpec::new("Name").sets(&[SetMembership::of("MemberSet").position(1).mandatory()]),
        value: Option<Value> = ParameterSpec::new("Value").sets(&[SetMembership::of("MemberSet").position(2)]),
        second: Option<Value> = ParameterSpec::new("SecondValue").sets(&[SetMembership::of("MemberSet").position(3)]),
        type_name: Option<Str> = ParameterSpec::new("TypeName").sets(&[
            SetMembership::of("TypeNameSet").mandatory(), SetMembership::of("MemberSet"),
            SetMembership::of("NotePropertySingleMemberSet"), SetMembership::of("NotePropertyMultiMemberSet")]),
        note_name: Option<Str> = ParameterSpec::new("NotePropertyName")
            .sets(&[SetMembership::of("NotePropertySingleMemberSet").position(0).mandatory()]),
        note_value: Option<Value> = ParameterSpec::new("NotePropertyValue").allow_null()
            .sets(&[SetMembership::of("NotePropertySingleMemberSet").position(1).mandatory()]),
        // `Add-Member ScriptMethod Go { }`: as a string fits -NotePropertyName too, what follows tells the sets apart.
        third: Option<Value> = ParameterSpec { hidden: true, ..ParameterSpec::new("ThirdArgument") }
            .sets(&[SetMembership::of("NotePropertySingleMemberSet").position(2)]),
        fourth: Option<Value> = ParameterSpec { hidden: true, ..ParameterSpec::new("FourthArgument") }
            .sets(&[SetMembership::of("NotePropertySingleMemberSet").position(3)]),
        notes: Option<Value> = ParameterSpec::new("NotePropertyMembers")
            .sets(&[SetMembership::of("NotePropertyMultiMemberSet").position(0).mandatory()]),
        force: Switch = ParameterSpec::new("Force"),
        pass_through: Switch = ParameterSpec::new("PassThru"),
    }
    state { }
}

impl Cmdlet for AddMember {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let mut value = self.input.clone();
        if let Some(name) = &self.type_name {
            value = members::insert_type_name(&value, name.clone());
        }
        for (name, member) in self.additions(run)? {
            if !self.force.0 && exists(&value, &name) {
                let text = format!("The object already has a member '{name}'; use -Force to replace it.");
                let fault = Fault::new("MemberAlreadyExists", text)
                    .category(ErrorCategory::InvalidOperation)
                    .exception("System.InvalidOperationException")
                    .target(value.clone());
                run.error(fault)?;
                continue;
            }
            value = members::add_member(&value, &name, member);
        }
        if self.pass_through.0 { run.write(value) } else { Ok(()) }
    }
}

/// True where a member of this name stands in the way; methods of the type may be replaced by script.
fn exists(value: &Value, name: &str) -> bool {
    members::find_member(value, name).is_some()
        || members::property_names(value).iter().any(|known| known.eq_ignore_ascii_case(name))
        || members::find_method(TypeRef::of(value), name).is_some()
}

impl AddMember {
    /// What is to be added, by name.
    fn additions(&self, run: &mut Invocation<'_>) -> Outcome<Vec<(Str, Member)>> {
        if let Some(Value::Hashtable(table)) = &self.notes {
            let pairs = table.pairs().into_iter();
            return Ok(pairs.map(|(key, value)| (convert::to_text(&key), Member::Note(value))).collect());
        }
        if let (Some(kind), Some(value)) = (&self.note_name, &self.third) {
            let kind = convert::to(run.session, &Value::Str(kind.clone()), TypeRef::PSMEMBER_TYPES)?;
            let kind = MemberTypes(members::integer_of(&kind).unwrap_or(0)).name();
            let name = convert::to_text(&self.note_value.clone().unwrap_or_default());
            return Ok(vec![(name, made_member(run.session, &kind, value.clone(), self.fourth.clone())?)]);
        }
        if let Some(name) = &self.note_name {
            return Ok(vec![(name.clone(), Member::Note(self.note_value.clone().unwrap_or_default()))]);
        }
        let (Some(kind), Some(name)) = (self.member_type, &self.name) else { return Ok(Vec::new()) };
        let kind = kind.name();
        let value = self.value.clone().unwrap_or_default();
        let second = self.second.clone();
        Ok(vec![(name.clone(), made_member(run.session, &kind, value, second)?)])
    }
}

fn wrong_value(kind: &str, wanted: &str) -> Fault {
    let id = if wanted == NO_SUCH_KIND { "CannotAddMemberType" } else { "ConvertToFinalInvalidCastException" };
    Fault::new(id, format!("A {kind} needs {wanted} as its value."))
        .category(ErrorCategory::InvalidOperation)
        .exception("System.InvalidOperationException")
}

/// What is said of kinds of member that cannot be added.
const NO_SUCH_KIND: &str = "to be of another kind, and cannot take anything";

/// Which values a kind of member takes, before they are looked at.
fn check_values(kind: &str, value: &Value, second: Option<&Value>) -> Outcome<()> {
    let refuse = |id: &'static str, message: String| {
        Fault::new(id, message)
            .category(ErrorCategory::InvalidOperation)
            .exception("System.InvalidOperationException")
            .err()
    };
    let has_second = second.is_some_and(|second| !second.is_null());
    match kind {
        "NoteProperty" | "ScriptMethod" | "CodeMethod" | "MemberSet" | "PropertySet" if has_second => {
            refuse("Value2ShouldNotBeSpecified", format!("A {kind} takes one value; leave -SecondValue out."))
        }
        "ScriptProperty" | "CodeProperty" if value.is_null() && !has_second => refuse(
            "Value1AndValue2AreNotBothNull",
            format!("A {kind} needs a getter or a setter; -Value and -SecondValue are both null."),
        ),
        "AliasProperty" | "ScriptMethod" | "CodeMethod" | "PropertySet" if value.is_null() => {
            refuse("Value1ShouldNotBeNull", format!("A {kind} needs a value; -Value is null."))
        }
        _ => Ok(()),
    }
}

/// A member of a kind from the values given for it.
pub(super) fn made_member(engine: &mut dyn Engine, kind: &str, value: Value, second: Option<Value>) -> Outcome<Member> {
    check_values(kind, &value, second.as_ref())?;
    match (kind, value) {
        ("NoteProperty", value) => Ok(Member::Note(value)),
        ("ScriptProperty", Value::ScriptBlock(getter)) => {
            let setter = match second {
                Some(Value::ScriptBlock(setter)) => Some(setter),
                _ => None,
            };
            Ok(Member::Script(getter, setter))
        }
        ("ScriptMethod", Value::ScriptBlock(block)) => Ok(Member::Method(block)),
        ("AliasProperty", target) if !target.is_null() => {
            let kind = match second {
                Some(kind) => match convert::to(engine, &kind, TypeRef::TYPE)? {
                    Value::Type(kind) => Some(kind),
                    _ => None,
                },
                None => None,
            };
            Ok(Member::Alias(convert::to_text(&target), kind))
        }
        ("PropertySet", names) => {
            let names = crate::value::enumerate(&names).unwrap_or_else(|| vec![names]);
            Ok(Member::PropertySet(names.iter().map(convert::to_text).collect()))
        }
        ("MemberSet", Value::Str(_) | Value::I32(_)) => Err(wrong_value(kind, "a list of members").into()),
        ("CodeProperty" | "CodeMethod", _) => Err(wrong_value(kind, "a method of a type").into()),
        ("MemberSet", nested) => Ok(Member::MemberSet(Rc::new(RefCell::new(nested_members(&nested))))),
        ("ScriptProperty" | "ScriptMethod", _) => Err(wrong_value(kind, "a script block").into()),
        _ => Err(wrong_value(kind, NO_SUCH_KIND).into()),
    }
}

/// The members in a list of member objects.
fn nested_members(list: &Value) -> Extension {
    let mut extension = Extension::default();
    for item in crate::value::enumerate(list).unwrap_or_else(|| vec![list.clone()]) {
        let Value::Native(native) = &item else { continue };
        let Some(view) = native.downcast::<MemberView>() else { continue };
        let name = view.entry.borrow().name.clone();
        if let Some(member) = view.source.borrow().clone() {
            extension.members.insert(name, member);
        }
    }
    extension
}

cmdlet! {
    /// Makes an object of a type.
    pub(crate) struct NewObject = "New-Object", class "Microsoft.PowerShell.Commands.NewObjectCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("Net"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Makes an object of a .NET type.",
        examples: &[("New-Object System.Version 1, 2", "Makes the version 1.2.")],
        outputs: &[],
    }
    parameters {
        type_name: Str = ParameterSpec::new("TypeName").sets(&[SetMembership::of("Net").position(0).mandatory()]),
        arguments: Option<Value> = ParameterSpec::new("ArgumentList").alias(&["Args"])
            .sets(&[SetMembership::of("Net").position(1)]),
        property: Option<Value> = ParameterSpec::new("Property"),
        strict: Switch = ParameterSpec::new("Strict"),
    }
    state { }
}

impl Cmdlet for NewObject {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let found = run.session.resolve_type(&self.type_name).or_else(|| types::resolve(&self.type_name));
        let Some(kind) = found else {
            let text = format!("There is no type '{}'; check its name and namespace.", self.type_name);
            return Fault::new("TypeNotFound", text)
                .category(ErrorCategory::InvalidType)
                .exception("System.Management.Automation.PSArgumentException")
                .err();
        };
        let args = match &self.arguments {
            None => Vec::new(),
            Some(Value::Array(list)) => list.values(),
            Some(one) => vec![one.clone()],
        };
        let count = args.len();
        let made =
            members::construct(run.session, kind, args).map_err(|unwind| construction_failed(unwind, kind, count))?;
        if let Some(properties) = &self.property {
            set_properties(run.session, &made, properties)?;
        }
        run.write(made)
    }
}

/// Sets properties from a table; a custom object gets those it lacks.
fn set_properties(engine: &mut dyn Engine, made: &Value, properties: &Value) -> Outcome<()> {
    let Value::Hashtable(table) = properties else { return Ok(()) };
    for (name, value) in table.pairs() {
        let name = convert::to_text(&name);
        let custom = matches!(made, Value::Object(object) if object.kind == TypeRef::PSCUSTOMOBJECT);
        if custom {
            members::add_member(made, &name, Member::Note(value));
        } else {
            members::set(engine, made, &name, value)?;
        }
    }
    Ok(())
}

fn construction_failed(unwind: Unwind, kind: TypeRef, count: usize) -> Unwind {
    let missing = matches!(&unwind, Unwind::Fault(fault) if fault.id == "MethodCountCouldNotFindBest");
    let Some(exception) = members::exception_of(&unwind) else { return unwind };
    let (id, text) = match missing {
        true => ("CannotFindAppropriateCtor", format!("[{kind}] has no constructor for {count} arguments.")),
        false => ("ConstructorInvokedThrowException", exception.message.borrow().to_string()),
    };
    let fault = Fault::new(id, text);
    match missing {
        true => {
            fault.category(ErrorCategory::ObjectNotFound).exception("System.Management.Automation.PSArgumentException")
        }
        false => fault
            .category(ErrorCategory::InvalidOperation)
            .exception("System.Management.Automation.MethodInvocationException")
            .inner(exception.inner.clone().unwrap_or(exception)),
    }
    .into()
}
