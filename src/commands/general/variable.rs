//! `Get-`, `Set-`, `New-`, `Clear-` and `Remove-Variable`.

use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{
    Cmdlet, CmdletSpec, ConfirmImpact, Frame, Invocation, Options, ParameterSpec, Session, SetMembership, Slot, Symbol,
    Variable,
};
use crate::value::wildcard::Wildcard;
use crate::value::{ErrorCategory, Fault, Outcome, Str, Value, types};
use std::rc::Rc;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] =
    &[&GetVariable::SPEC, &SetVariable::SPEC, &NewVariable::SPEC, &ClearVariable::SPEC, &RemoveVariable::SPEC];

const NAME: SetMembership = SetMembership::of("").position(0).by_property();
const NEEDED_NAME: SetMembership = SetMembership::of("").position(0).mandatory().by_property();

/// The scope that `-Scope` means: a name, or how many scopes to go out.
pub(super) fn frame_of(session: &Session, scope: Option<&str>) -> Outcome<Rc<Frame>> {
    let here = session.frame.clone();
    let Some(scope) = scope else { return Ok(here) };
    match scope.trim().to_ascii_lowercase().as_str() {
        "local" | "private" => return Ok(here),
        "global" => return Ok(here.global_frame()),
        "script" => return Ok(here.script_frame()),
        _ => {}
    }
    let out_of_range = |message: String| {
        Fault::new("ArgumentOutOfRange", message)
            .category(ErrorCategory::InvalidArgument)
            .exception("System.Management.Automation.PSArgumentOutOfRangeException")
            .target(Value::from(scope))
    };
    let Ok(number) = scope.trim().parse::<i64>() else {
        return Fault::new("Argument", format!("'{scope}' is no scope; use Global, Script, Local or a number."))
            .category(ErrorCategory::InvalidArgument)
            .exception("System.Management.Automation.PSArgumentException")
            .err();
    };
    let mut frame = Some(here);
    for _ in 0..number.max(0) {
        frame = frame.and_then(|at| at.parent.clone());
    }
    match frame {
        Some(frame) if number >= 0 => Ok(frame),
        _ => out_of_range(format!("There are not as many as {scope} scopes around this one.")).err(),
    }
}

/// `ScopedItemOptions` as written: names joined by commas, or a number.
pub(super) fn options_of(text: &str) -> Option<Options> {
    const NAMES: [(&str, u8); 6] =
        [("None", 0), ("ReadOnly", 1), ("Constant", 2), ("Private", 4), ("AllScope", 8), ("Unspecified", 0)];
    if let Ok(bits) = text.trim().parse::<u8>() {
        return Some(Options(bits));
    }
    let mut bits = 0;
    for part in text.split(',') {
        bits |= NAMES.iter().find(|row| row.0.eq_ignore_ascii_case(part.trim()))?.1;
    }
    Some(Options(bits))
}

/// The options of a parameter, where given.
pub(super) fn options(text: Option<&Str>) -> Outcome<Option<Options>> {
    let Some(text) = text else { return Ok(None) };
    match options_of(text) {
        Some(options) => Ok(Some(options)),
        None => Fault::new(
            "CannotConvertArgumentNoMessage",
            format!("'{text}' is no option; use None, ReadOnly, Constant, Private or AllScope."),
        )
        .category(ErrorCategory::InvalidArgument)
        .exception("System.Management.Automation.ParameterBindingException")
        .err(),
    }
}

/// Options as scripts see them.
pub(super) fn options_value(options: Options) -> Value {
    let kind = types::resolve("System.Management.Automation.ScopedItemOptions");
    kind.map_or_else(|| Value::I32(i32::from(options.0)), |kind| kind.enum_of(i64::from(options.0)))
}

/// A variable of a frame as scripts see it; one that the engine answers for stands alone.
fn variable_object(frame: &Rc<Frame>, name: Symbol, slot: &Slot) -> Value {
    let variable = frame.boxed(name).unwrap_or_else(|| {
        let value = if let Slot::Plain(value) = slot { value.clone() } else { Value::Null };
        Variable::new(name, value)
    });
    crate::runtime::objects::variable_object(variable)
}

/// A variable as the running code sees it: the nearest one.
fn find(session: &Session, name: Symbol, only: Option<&Rc<Frame>>) -> Option<(Rc<Frame>, Slot)> {
    let mut at = Some(only.unwrap_or(&session.frame).clone());
    while let Some(frame) = at {
        match frame.own(name) {
            Slot::Unset => {}
            slot => return Some((frame, slot)),
        }
        if only.is_some() {
            return None;
        }
        at = frame.parent.clone();
    }
    None
}

/// Variables whose names match, nearest first, each name once; sorted by name.
fn matching(session: &Session, pattern: &str, only: Option<&Rc<Frame>>) -> Outcome<Vec<(Rc<Frame>, Symbol, Slot)>> {
    let wildcard = Wildcard::new(pattern, false)?;
    let mut found: Vec<(Rc<Frame>, Symbol, Slot)> = Vec::new();
    let mut at = Some(only.unwrap_or(&session.frame).clone());
    while let Some(frame) = at {
        for (name, slot) in frame.variables() {
            let new = !found.iter().any(|(_, known, _)| *known == name);
            if new && wildcard.matches(name.name()) {
                found.push((frame.clone(), name, slot));
            }
        }
        at = if only.is_some() { None } else { frame.parent.clone() };
    }
    found.sort_by_key(|(_, name, _)| name.name().to_ascii_lowercase());
    Ok(found)
}

fn not_found(name: &str) -> Fault {
    Fault::new("VariableNotFound", format!("There is no variable named '{name}'."))
        .category(ErrorCategory::ObjectNotFound)
        .exception("System.Management.Automation.ItemNotFoundException")
        .target(Value::from(name))
}

fn refused(id: &'static str, name: &str, why: &str) -> Fault {
    Fault::new(id, format!("The variable '{name}' {why}."))
        .category(ErrorCategory::WriteError)
        .exception("System.Management.Automation.SessionStateUnauthorizedAccessException")
        .target(Value::from(name))
}

cmdlet! {
    /// `Get-Variable`.
    pub(crate) struct GetVariable = "Get-Variable", class "Microsoft.PowerShell.Commands.GetVariableCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Lists variables, or gives the value of one.",
        examples: &[("$x = 5; Get-Variable x -ValueOnly", "5\n")],
        outputs: &["System.Management.Automation.PSVariable"],
    }
    parameters {
        name: Vec<Str> = ParameterSpec::new("Name").sets(&[NAME.by_value()]),
        value_only: Switch = ParameterSpec::new("ValueOnly"),
        include: Vec<Str> = ParameterSpec::new("Include"),
        exclude: Vec<Str> = ParameterSpec::new("Exclude"),
        scope: Option<Str> = ParameterSpec::new("Scope"),
    }
    state {}
}

fn listed(name: &str, include: &[Str], exclude: &[Str]) -> bool {
    let any = |patterns: &[Str]| patterns.iter().any(|p| Wildcard::new(p, false).is_ok_and(|w| w.matches(name)));
    (include.is_empty() || any(include)) && !any(exclude)
}

impl Cmdlet for GetVariable {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let only = match &self.scope {
            Some(scope) => Some(frame_of(run.session, Some(scope))?),
            None => None,
        };
        let names = if self.name.is_empty() { vec![Str::from("*")] } else { self.name.clone() };
        for name in names {
            let mut found = match crate::value::wildcard::has_wildcard(&name) {
                true => matching(run.session, &name, only.as_ref())?,
                false => {
                    let symbol = Symbol::new(&name);
                    match find(run.session, symbol, only.as_ref()) {
                        Some((frame, slot)) => vec![(frame, symbol, slot)],
                        None => match run.session.lookup(symbol).filter(|_| only.is_none()) {
                            Some(value) => vec![(run.session.frame.clone(), symbol, Slot::Plain(value))],
                            None => {
                                run.error(not_found(&name))?;
                                continue;
                            }
                        },
                    }
                }
            };
            found.retain(|(_, name, _)| listed(name.name(), &self.include, &self.exclude));
            for (frame, symbol, slot) in found {
                match (self.value_only.0, &slot) {
                    (false, slot) => run.write(variable_object(&frame, symbol, slot))?,
                    (true, Slot::Plain(value)) => run.write(value.clone())?,
                    (true, Slot::Boxed(variable)) => run.write(variable.get())?,
                    (true, Slot::Unset) => {}
                }
            }
        }
        Ok(())
    }
}

cmdlet! {
    /// `Set-Variable`.
    pub(crate) struct SetVariable = "Set-Variable", class "Microsoft.PowerShell.Commands.SetVariableCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: true, impact: ConfirmImpact::Low,
        synopsis: "Sets a variable's value, making it where it does not exist.",
        examples: &[("Set-Variable n 3; $n", "3\n")],
        outputs: &["System.Management.Automation.PSVariable"],
    }
    parameters {
        name: Vec<Str> = ParameterSpec::new("Name").sets(&[NEEDED_NAME]),
        value: Value = ParameterSpec::new("Value").sets(&[SetMembership::of("").position(1).by_value().by_property()]),
        description: Option<Str> = ParameterSpec::new("Description"),
        option: Option<Str> = ParameterSpec::new("Option"),
        scope: Option<Str> = ParameterSpec::new("Scope"),
        force: Switch = ParameterSpec::new("Force"),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
        visibility: Option<Str> = ParameterSpec::new("Visibility"),
        include: Vec<Str> = ParameterSpec::new("Include"),
        exclude: Vec<Str> = ParameterSpec::new("Exclude"),
    }
    state { piped: Vec<Value>, names: Vec<Str>, given: bool }
}

impl Cmdlet for SetVariable {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        self.names = self.name.clone();
        if run.is_bound("Value") || run.input().is_some() {
            self.given = true;
            self.piped.push(self.value.clone());
        }
        Ok(())
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let value = match self.piped.len() {
            0 => Value::Null,
            1 => self.piped.pop().unwrap_or_default(),
            _ => Value::array(std::mem::take(&mut self.piped)),
        };
        let frame = frame_of(run.session, self.scope.as_deref())?;
        let options = options(self.option.as_ref())?;
        for name in std::mem::take(&mut self.names) {
            let name = name.strip_prefix('$').unwrap_or(&name).to_owned();
            if !listed(&name, &self.include, &self.exclude) || !run.should_process(&name, "Set variable")? {
                continue;
            }
            let given = self.given || options.is_none() && self.description.is_none();
            match set(run.session, &frame, &name, given.then(|| value.clone()), options, self.force.0) {
                Ok(()) => {}
                Err(crate::value::Unwind::Fault(fault)) => {
                    run.error(*fault)?;
                    continue;
                }
                Err(error) => return Err(error),
            }
            let symbol = Symbol::new(&name);
            if let (Some(text), Some(variable)) = (&self.description, frame.boxed(symbol)) {
                variable.description.replace(Some(text.clone()));
            }
            if self.pass_thru.0 {
                run.write(variable_object(&frame, symbol, &frame.own(symbol)))?;
            }
        }
        Ok(())
    }
}

/// Sets a variable of a scope with its options, as `Set-Variable` may.
fn set(
    session: &mut Session,
    frame: &Rc<Frame>,
    name: &str,
    value: Option<Value>,
    options: Option<Options>,
    force: bool,
) -> Outcome<()> {
    let symbol = Symbol::new(name);
    if symbol == Symbol::NULL {
        return Ok(());
    }
    let frame = &frame.holder(symbol);
    let old = match frame.own(symbol) {
        Slot::Boxed(variable) => variable.options.get(),
        _ => Options::NONE,
    };
    let exists = !matches!(frame.own(symbol), Slot::Unset);
    if old.has(Options::CONSTANT) || old.has(Options::READ_ONLY) && !force {
        return refused("VariableNotWritable", name, "is read-only or constant").err();
    }
    if exists && options.is_some_and(|o| o.has(Options::CONSTANT)) {
        return refused("VariableCannotBeMadeConstant", name, "exists already, so it cannot become constant").err();
    }
    if let Some(variable) = frame.boxed(symbol) {
        variable.options.set(Options::NONE);
    }
    if let Some(value) = value.or(if exists { None } else { Some(Value::Null) }) {
        session.assign_in(frame, symbol, value)?;
    }
    let wanted = options.unwrap_or(old);
    session.all_scope |= wanted.has(Options::ALL_SCOPE);
    if wanted != Options::NONE
        && let Some(variable) = frame.boxed(symbol)
    {
        variable.options.set(wanted);
        session.all_scope |= wanted.has(Options::ALL_SCOPE);
    }
    Ok(())
}

cmdlet! {
    /// `New-Variable`.
    pub(crate) struct NewVariable = "New-Variable", class "Microsoft.PowerShell.Commands.NewVariableCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: true, impact: ConfirmImpact::Low,
        synopsis: "Makes a variable that does not exist yet.",
        examples: &[("New-Variable limit 10 -Option Constant; $limit", "10\n")],
        outputs: &["System.Management.Automation.PSVariable"],
    }
    parameters {
        name: Str = ParameterSpec::new("Name").sets(&[NEEDED_NAME]),
        value: Value = ParameterSpec::new("Value").sets(&[SetMembership::of("").position(1).by_value().by_property()]),
        description: Option<Str> = ParameterSpec::new("Description"),
        option: Option<Str> = ParameterSpec::new("Option"),
        visibility: Option<Str> = ParameterSpec::new("Visibility"),
        force: Switch = ParameterSpec::new("Force"),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
        scope: Option<Str> = ParameterSpec::new("Scope"),
    }
    state {}
}

impl Cmdlet for NewVariable {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let frame = frame_of(run.session, self.scope.as_deref())?;
        let options = options(self.option.as_ref())?;
        let symbol = Symbol::new(&self.name);
        if !run.should_process(&self.name, "New variable")? {
            return Ok(());
        }
        let frame = frame.holder(symbol);
        let old = frame.own(symbol);
        if !matches!(old, Slot::Unset) {
            let constant = matches!(&old, Slot::Boxed(v) if v.options.get().has(Options::CONSTANT));
            if constant && self.force.0 {
                return run.error(refused("VariableNotWritable", &self.name, "is constant"));
            }
            if !self.force.0 {
                let fault = Fault::new("VariableAlreadyExists", format!("A variable '{}' exists already.", self.name))
                    .category(ErrorCategory::ResourceExists)
                    .exception("System.Management.Automation.SessionStateException")
                    .target(Value::Str(self.name.clone()));
                return run.error(fault);
            }
        }
        let variable = Variable::new(symbol, self.value.clone());
        variable.options.set(options.unwrap_or(Options::NONE));
        run.session.all_scope |= variable.options.get().has(Options::ALL_SCOPE);
        variable.description.replace(self.description.clone());
        run.session.all_scope |= variable.options.get().has(Options::ALL_SCOPE);
        let slot = frame.layout.slot(symbol);
        frame.put_slot(slot, Slot::Boxed(variable));
        if self.pass_thru.0 {
            run.write(variable_object(&frame, symbol, &frame.own(symbol)))?;
        }
        Ok(())
    }
}

cmdlet! {
    /// `Clear-Variable`.
    pub(crate) struct ClearVariable = "Clear-Variable", class "Microsoft.PowerShell.Commands.ClearVariableCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: true, impact: ConfirmImpact::Low,
        synopsis: "Sets variables to $null; they go on existing.",
        examples: &[("$x = 5; Clear-Variable x; $null -eq $x", "True\n")],
        outputs: &["System.Management.Automation.PSVariable"],
    }
    parameters {
        name: Vec<Str> = ParameterSpec::new("Name").sets(&[NEEDED_NAME]),
        include: Vec<Str> = ParameterSpec::new("Include"),
        exclude: Vec<Str> = ParameterSpec::new("Exclude"),
        force: Switch = ParameterSpec::new("Force"),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
        scope: Option<Str> = ParameterSpec::new("Scope"),
    }
    state {}
}

impl Cmdlet for ClearVariable {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let only = match &self.scope {
            Some(scope) => Some(frame_of(run.session, Some(scope))?),
            None => None,
        };
        for name in self.name.clone() {
            let found = matching(run.session, &name, only.as_ref())?;
            if found.is_empty() && !crate::value::wildcard::has_wildcard(&name) {
                run.error(not_found(&name))?;
            }
            for (frame, symbol, _) in found {
                if !listed(symbol.name(), &self.include, &self.exclude)
                    || !run.should_process(symbol.name(), "Clear variable")?
                {
                    continue;
                }
                match set(run.session, &frame, symbol.name(), Some(Value::Null), None, self.force.0) {
                    Err(crate::value::Unwind::Fault(fault)) => run.error(*fault)?,
                    other => other?,
                }
                if self.pass_thru.0 {
                    run.write(variable_object(&frame, symbol, &frame.own(symbol)))?;
                }
            }
        }
        Ok(())
    }
}

cmdlet! {
    /// `Remove-Variable`.
    pub(crate) struct RemoveVariable = "Remove-Variable", class "Microsoft.PowerShell.Commands.RemoveVariableCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: true, impact: ConfirmImpact::Low,
        synopsis: "Removes variables.",
        examples: &[("$x = 5; Remove-Variable x; Test-Path variable:x", "False\n")], outputs: &[],
    }
    parameters {
        name: Vec<Str> = ParameterSpec::new("Name").sets(&[NEEDED_NAME]),
        include: Vec<Str> = ParameterSpec::new("Include"),
        exclude: Vec<Str> = ParameterSpec::new("Exclude"),
        force: Switch = ParameterSpec::new("Force"),
        scope: Option<Str> = ParameterSpec::new("Scope"),
    }
    state {}
}

impl Cmdlet for RemoveVariable {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let frame = frame_of(run.session, self.scope.as_deref())?;
        for name in self.name.clone() {
            let found = matching(run.session, &name, Some(&frame))?;
            if found.is_empty() && !crate::value::wildcard::has_wildcard(&name) {
                run.error(not_found(&name))?;
            }
            for (_, symbol, slot) in found {
                if !listed(symbol.name(), &self.include, &self.exclude)
                    || !run.should_process(symbol.name(), "Remove variable")?
                {
                    continue;
                }
                let options = match &slot {
                    Slot::Boxed(variable) => variable.options.get(),
                    _ => Options::NONE,
                };
                if options.has(Options::CONSTANT) || options.has(Options::READ_ONLY) && !self.force.0 {
                    run.error(refused("VariableNotRemovable", symbol.name(), "is read-only or constant"))?;
                    continue;
                }
                frame.unset(symbol);
            }
        }
        Ok(())
    }
}
