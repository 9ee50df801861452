//! `Get-`, `Set-`, `New-` and `Remove-Alias`.

use super::variable::{frame_of, options, options_value};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::objects::object_with_text;
use crate::runtime::{
    AliasInfo, Cmdlet, CmdletSpec, ConfirmImpact, Frame, Invocation, Options, ParameterSpec, Session, SetMembership,
    Symbol, Validation,
};
use crate::value::wildcard::{Wildcard, has_wildcard};
use crate::value::{ErrorCategory, Fault, Outcome, Str, Value, types};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] = &[&GetAlias::SPEC, &SetAlias::SPEC, &NewAlias::SPEC, &RemoveAlias::SPEC];

const NAMED: SetMembership = SetMembership::of("").position(0).mandatory().by_property();
const MEANING: SetMembership = SetMembership::of("").position(1).mandatory().by_property();

/// An alias as scripts see it.
pub(super) fn alias_object(session: &mut Session, alias: &AliasInfo) -> Value {
    let command = session.find_command(&alias.definition, Symbol::new(&alias.definition)).ok().flatten();
    let resolved = command.as_ref().map(|command| session.command_object(command)).unwrap_or_default();
    let resolved_name = command.as_ref().map_or(Value::Null, |command| Value::Str(command.name()));
    let kind = types::resolve("System.Management.Automation.CommandTypes");
    let command_type = kind.and_then(|kind| kind.enum_value("Alias")).unwrap_or_else(|| Value::from("Alias"));
    let display = match &command {
        Some(command) => format!("{} -> {}", alias.name, command.name()),
        None => format!("{} -> {}", alias.name, alias.definition),
    };
    object_with_text(
        "System.Management.Automation.AliasInfo",
        alias.name.clone(),
        vec![
            ("Name", Value::Str(alias.name.clone())),
            ("CommandType", command_type),
            ("Definition", Value::Str(alias.definition.clone())),
            ("ResolvedCommandName", resolved_name),
            ("ReferencedCommand", resolved.clone()),
            ("ResolvedCommand", resolved),
            ("DisplayName", Value::from(display)),
            ("Options", options_value(alias.options.get())),
            ("Description", Value::Str(alias.description.borrow().clone().unwrap_or_else(|| Str::from("")))),
            ("Source", Value::from("")),
            ("ModuleName", Value::from("")),
            ("Version", Value::Null),
            ("Visibility", Value::from("Public")),
        ],
    )
}

/// Aliases the running code sees, each name once; sorted.
pub(super) fn visible_aliases(session: &Session, only: Option<&Rc<Frame>>) -> Vec<Rc<AliasInfo>> {
    let mut found: Vec<Rc<AliasInfo>> = Vec::new();
    let mut at = Some(only.unwrap_or(&session.frame).clone());
    while let Some(frame) = at {
        if let Some(extra) = frame.extra() {
            for alias in extra.aliases.borrow().values() {
                if !found.iter().any(|known| known.name.eq_ignore_ascii_case(&alias.name)) {
                    found.push(alias.clone());
                }
            }
        }
        at = if only.is_some() { None } else { frame.parent.clone() };
    }
    found.sort_by_key(|alias| alias.name.to_ascii_lowercase());
    found
}

fn matches(pattern: &str, text: &str) -> bool {
    Wildcard::new(pattern, false).is_ok_and(|wildcard| wildcard.matches(text))
}

cmdlet! {
    /// `Get-Alias`.
    pub(crate) struct GetAlias = "Get-Alias", class "Microsoft.PowerShell.Commands.GetAliasCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("Default"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Lists aliases by name or by what they stand for.",
        examples: &[("(Get-Alias gci).Definition", "Get-ChildItem\n")],
        outputs: &["System.Management.Automation.AliasInfo"],
    }
    parameters {
        name: Vec<Str> = ParameterSpec::new("Name").validate(&[Validation::NotNullOrEmpty]).sets(&[SetMembership::of("Default").position(0).by_value().by_property()]),
        exclude: Vec<Str> = ParameterSpec::new("Exclude"),
        scope: Option<Str> = ParameterSpec::new("Scope"),
        definition: Vec<Str> = ParameterSpec::new("Definition").sets(&[SetMembership::of("Definition")]),
    }
    state {}
}

impl Cmdlet for GetAlias {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let only = match &self.scope {
            Some(scope) => Some(frame_of(run.session, Some(scope))?),
            None => None,
        };
        let all = visible_aliases(run.session, only.as_ref());
        let by_name = self.definition.is_empty();
        let patterns = if by_name { self.name.clone() } else { self.definition.clone() };
        let patterns = if patterns.is_empty() { vec![Str::from("*")] } else { patterns };
        for pattern in patterns {
            let fits = |alias: &&Rc<AliasInfo>| {
                let text = if by_name { &alias.name } else { &alias.definition };
                let same = text.eq_ignore_ascii_case(&pattern) || has_wildcard(&pattern) && matches(&pattern, text);
                same && !self.exclude.iter().any(|excluded| matches(excluded, &alias.name))
            };
            let found: Vec<Rc<AliasInfo>> = all.iter().filter(fits).cloned().collect();
            if found.is_empty() && !has_wildcard(&pattern) {
                let fault = Fault::new("ItemNotFoundException", format!("There is no alias for '{pattern}'."))
                    .category(ErrorCategory::ObjectNotFound)
                    .exception("System.Management.Automation.ItemNotFoundException")
                    .target(Value::Str(pattern.clone()));
                run.error(fault)?;
            }
            for alias in found {
                let shown = alias_object(run.session, &alias);
                run.write(shown)?;
            }
        }
        Ok(())
    }
}

/// What `Set-Alias` and `New-Alias` are told.
struct Wanted<'a> {
    name: &'a Str,
    value: &'a Str,
    option: Option<&'a Str>,
    scope: Option<&'a Str>,
    description: Option<&'a Str>,
    force: bool,
    pass_thru: bool,
    replace: bool,
}

fn refused(id: &'static str, name: &str, why: &str) -> Fault {
    Fault::new(id, format!("The alias '{name}' {why}."))
        .category(if id == "AliasAlreadyExists" { ErrorCategory::ResourceExists } else { ErrorCategory::WriteError })
        .exception("System.Management.Automation.SessionStateUnauthorizedAccessException")
        .target(Value::from(name))
}

fn define(run: &mut Invocation<'_>, wanted: &Wanted<'_>) -> Outcome<()> {
    let action = if wanted.replace { "Set alias" } else { "New alias" };
    if !run.should_process(&format!("{} -> {}", wanted.name, wanted.value), action)? {
        return Ok(());
    }
    let frame = frame_of(run.session, wanted.scope.map(Str::as_str))?;
    let symbol = Symbol::new(wanted.name);
    let old = match wanted.scope {
        Some(_) => frame.extra().and_then(|extra| extra.aliases.borrow().get(&symbol).cloned()),
        None => run.session.find_alias(symbol),
    };
    if let Some(old) = &old {
        let options = old.options.get();
        if options.has(Options::CONSTANT) || options.has(Options::READ_ONLY) && !wanted.force {
            return run.error(refused("AliasNotWritable", wanted.name, "is read-only or constant"));
        }
        if !wanted.replace && !wanted.force {
            return run.error(refused("AliasAlreadyExists", wanted.name, "exists already"));
        }
    }
    let options = options(wanted.option)?.unwrap_or(Options::NONE);
    let alias = Rc::new(AliasInfo {
        name: wanted.name.clone(),
        definition: wanted.value.clone(),
        options: Cell::new(options),
        description: RefCell::new(wanted.description.cloned()),
    });
    frame.make_extra().aliases.borrow_mut().insert(symbol, alias.clone());
    run.session.generation += 1;
    if wanted.pass_thru {
        let shown = alias_object(run.session, &alias);
        run.write(shown)?;
    }
    Ok(())
}

cmdlet! {
    /// `Set-Alias`.
    pub(crate) struct SetAlias = "Set-Alias", class "Microsoft.PowerShell.Commands.SetAliasCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: true, impact: ConfirmImpact::Low,
        synopsis: "Makes or changes an alias.",
        examples: &[("Set-Alias say Write-Output; say hello", "hello\n")],
        outputs: &["System.Management.Automation.AliasInfo"],
    }
    parameters {
        name: Str = ParameterSpec::new("Name").sets(&[NAMED]),
        value: Str = ParameterSpec::new("Value").sets(&[MEANING]),
        description: Option<Str> = ParameterSpec::new("Description"),
        option: Option<Str> = ParameterSpec::new("Option"),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
        scope: Option<Str> = ParameterSpec::new("Scope"),
        force: Switch = ParameterSpec::new("Force"),
    }
    state {}
}

impl Cmdlet for SetAlias {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        define(
            run,
            &Wanted {
                name: &self.name,
                value: &self.value,
                option: self.option.as_ref(),
                scope: self.scope.as_ref(),
                description: self.description.as_ref(),
                force: self.force.0,
                pass_thru: self.pass_thru.0,
                replace: true,
            },
        )
    }
}

cmdlet! {
    /// `New-Alias`.
    pub(crate) struct NewAlias = "New-Alias", class "Microsoft.PowerShell.Commands.NewAliasCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: true, impact: ConfirmImpact::Low,
        synopsis: "Makes an alias that does not exist yet.",
        examples: &[("New-Alias tell Write-Output; tell hello", "hello\n")],
        outputs: &["System.Management.Automation.AliasInfo"],
    }
    parameters {
        name: Str = ParameterSpec::new("Name").sets(&[NAMED]),
        value: Str = ParameterSpec::new("Value").sets(&[MEANING]),
        description: Option<Str> = ParameterSpec::new("Description"),
        option: Option<Str> = ParameterSpec::new("Option"),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
        scope: Option<Str> = ParameterSpec::new("Scope"),
        force: Switch = ParameterSpec::new("Force"),
    }
    state {}
}

impl Cmdlet for NewAlias {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        define(
            run,
            &Wanted {
                name: &self.name,
                value: &self.value,
                option: self.option.as_ref(),
                scope: self.scope.as_ref(),
                description: self.description.as_ref(),
                force: self.force.0,
                pass_thru: self.pass_thru.0,
                replace: false,
            },
        )
    }
}

cmdlet! {
    /// `Remove-Alias`.
    pub(crate) struct RemoveAlias = "Remove-Alias", class "Microsoft.PowerShell.Commands.RemoveAliasCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Removes aliases.",
        examples: &[("Set-Alias say Write-Output; Remove-Alias say; Test-Path alias:say", "False\n")], outputs: &[],
    }
    parameters {
        name: Vec<Str> = ParameterSpec::new("Name").sets(&[NAMED.by_value()]),
        scope: Option<Str> = ParameterSpec::new("Scope"),
        force: Switch = ParameterSpec::new("Force"),
    }
    state {}
}

impl Cmdlet for RemoveAlias {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        for name in self.name.clone() {
            let symbol = Symbol::new(&name);
            let mut at = Some(frame_of(run.session, self.scope.as_deref())?);
            let mut removed = false;
            while let Some(frame) = at {
                let found = frame.extra().and_then(|extra| extra.aliases.borrow().get(&symbol).cloned());
                if let Some(alias) = found {
                    let options = alias.options.get();
                    if options.has(Options::CONSTANT) || options.has(Options::READ_ONLY) && !self.force.0 {
                        run.error(refused("AliasNotRemovable", &name, "is read-only or constant"))?;
                    } else if let Some(extra) = frame.extra() {
                        extra.aliases.borrow_mut().remove(&symbol);
                        run.session.generation += 1;
                    }
                    removed = true;
                    break;
                }
                at = if self.scope.is_some() { None } else { frame.parent.clone() };
            }
            if !removed {
                let fault = Fault::new("ItemNotFoundException", format!("There is no alias '{name}'."))
                    .category(ErrorCategory::ObjectNotFound)
                    .exception("System.Management.Automation.ItemNotFoundException")
                    .target(Value::Str(name));
                run.error(fault)?;
            }
        }
        Ok(())
    }
}
