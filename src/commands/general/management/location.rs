//! `Get-`, `Set-`, `Push-` and `Pop-Location`.

use super::LITERAL_ALIASES;
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::providers::resolve::path_not_found;
use crate::runtime::providers::{Expansion, Location, Provider, items, objects};
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, Session, SetMembership, Slot, Symbol};
use crate::value::{ErrorCategory, Fault, Outcome, Str, Value};

const PATH_OR_NOT: &[SetMembership] = &[SetMembership::of("Path").position(0).by_value().by_property()];
const LITERALLY: &[SetMembership] = &[SetMembership::of("LiteralPath").mandatory().by_property()];

impl Session {
    /// Makes a place the current location.
    fn go_to(&mut self, place: Location) {
        if place.drive.provider == Provider::FileSystem {
            self.location = place.path.clone().into();
            self.drives().elsewhere = None;
        } else {
            self.drives().elsewhere = Some(place);
        }
        let current = self.current_location();
        let here = objects::path_info(self, &current);
        let slot = self.global.layout.slot(Symbol::new("PWD"));
        match self.global.boxed(Symbol::new("PWD")) {
            Some(variable) => drop(variable.value.replace(here)),
            None => drop(self.global.put_slot(slot, Slot::Plain(here))),
        }
    }

    /// The place that a cmdlet is told to go to; it must be a container.
    fn destination(&mut self, text: &str, literal: bool) -> Outcome<Location> {
        let place = self.single_path(text, Expansion { literal, force: true, ..Expansion::default() })?;
        if items::is_container(&place) { Ok(place) } else { path_not_found(&place.shown()).err() }
    }
}

cmdlet! {
    /// `Get-Location`.
    pub(crate) struct GetLocation = "Get-Location", class "Microsoft.PowerShell.Commands.GetLocationCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some("Location"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Tells the current location, or those on a stack.", examples: &[], outputs: &["System.Management.Automation.PathInfo"],
    }
    parameters {
        provider: Vec<Str> = ParameterSpec::new("PSProvider").sets(&[SetMembership::of("Location").by_property()]),
        drive: Vec<Str> = ParameterSpec::new("PSDrive").sets(&[SetMembership::of("Location").by_property()]),
        stack: Switch = ParameterSpec::new("Stack").sets(&[SetMembership::of("Stack")]),
        stack_name: Vec<Str> = ParameterSpec::new("StackName").sets(&[SetMembership::of("Stack").by_property()]),
    }
    state {}
}

impl Cmdlet for GetLocation {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if self.stack.0 || !self.stack_name.is_empty() {
            let names = if self.stack_name.is_empty() {
                vec![Str::from(&*run.session.drives().stack.clone())]
            } else {
                self.stack_name.clone()
            };
            for name in names {
                let stack = run.session.drives().stacks.get(name.as_str()).cloned().unwrap_or_default();
                let mut infos = Vec::new();
                for place in stack.iter().rev() {
                    infos.push(objects::path_info(run.session, place));
                }
                run.write_enumerated(Value::array(infos))?;
            }
            return Ok(());
        }
        let current = run.session.current_location();
        let info = objects::path_info(run.session, &current);
        run.write(info)
    }
}

cmdlet! {
    /// `Set-Location`.
    pub(crate) struct SetLocation = "Set-Location", class "Microsoft.PowerShell.Commands.SetLocationCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some("Path"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Goes to a directory or drive; - goes back, + forward.", examples: &[("Set-Location /; $PWD.Path", "/\n")],
        outputs: &["System.Management.Automation.PathInfo"],
    }
    parameters {
        path: Option<Str> = ParameterSpec::new("Path").sets(PATH_OR_NOT),
        literal: Option<Str> = ParameterSpec::new("LiteralPath").alias(LITERAL_ALIASES).sets(LITERALLY),
        stack_name: Option<Str> = ParameterSpec::new("StackName").sets(&[SetMembership::of("Stack").by_property()]),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
    }
    state {}
}

impl Cmdlet for SetLocation {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if let Some(name) = &self.stack_name {
            run.session.drives().stack = name.to_string();
            return Ok(());
        }
        let current = run.session.current_location();
        let place = match (self.path.as_deref(), self.literal.as_deref()) {
            (Some("-"), None) => match run.session.drives().back.pop() {
                Some(place) => {
                    run.session.drives().forward.push(current);
                    place
                }
                None => return no_history("backwards").err(),
            },
            (Some("+"), None) => match run.session.drives().forward.pop() {
                Some(place) => {
                    run.session.drives().back.push(current);
                    place
                }
                None => return no_history("forwards").err(),
            },
            (path, literal) => {
                let home = run.session.environment.get("HOME").cloned().unwrap_or_else(|| "/".to_owned());
                let text = literal.or(path).unwrap_or(&home).to_owned();
                let place = run.session.destination(&text, literal.is_some())?;
                run.session.drives().back.push(current);
                run.session.drives().forward.clear();
                place
            }
        };
        run.session.go_to(place.clone());
        if self.pass_thru.0 {
            let info = objects::path_info(run.session, &place);
            run.write(info)?;
        }
        Ok(())
    }
}

fn no_history(way: &str) -> Fault {
    Fault::new("System.InvalidOperationException", format!("There is no location to go {way} to."))
        .exception("System.InvalidOperationException")
}

cmdlet! {
    /// `Push-Location`.
    pub(crate) struct PushLocation = "Push-Location", class "Microsoft.PowerShell.Commands.PushLocationCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some("Path"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Remembers the current location and goes to another.", examples: &[], outputs: &[],
    }
    parameters {
        path: Option<Str> = ParameterSpec::new("Path").sets(PATH_OR_NOT),
        literal: Option<Str> = ParameterSpec::new("LiteralPath").alias(LITERAL_ALIASES).sets(LITERALLY),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
        stack_name: Option<Str> = ParameterSpec::new("StackName").sets(&[SetMembership::of("").by_property()]),
    }
    state {}
}

impl Cmdlet for PushLocation {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let current = run.session.current_location();
        let name = stack_name(run.session, self.stack_name.as_ref());
        let target = self.literal.as_deref().or(self.path.as_deref());
        let place = match target {
            Some(text) => Some(run.session.destination(text, self.literal.is_some())?),
            None => None,
        };
        run.session.drives().stacks.entry(name).or_default().push(current);
        if let Some(place) = place {
            run.session.go_to(place.clone());
            if self.pass_thru.0 {
                let info = objects::path_info(run.session, &place);
                run.write(info)?;
            }
        }
        Ok(())
    }
}

fn stack_name(session: &mut Session, given: Option<&Str>) -> String {
    match given.filter(|name| !name.is_empty()) {
        Some(name) => name.to_string(),
        None => session.drives().stack.clone(),
    }
}

cmdlet! {
    /// `Pop-Location`.
    pub(crate) struct PopLocation = "Pop-Location", class "Microsoft.PowerShell.Commands.PopLocationCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Goes back to the location remembered last.", examples: &[], outputs: &[],
    }
    parameters {
        pass_thru: Switch = ParameterSpec::new("PassThru"),
        stack_name: Option<Str> = ParameterSpec::new("StackName").sets(&[SetMembership::of("").by_property()]),
    }
    state {}
}

impl Cmdlet for PopLocation {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let name = stack_name(run.session, self.stack_name.as_ref());
        let popped = run.session.drives().stacks.get_mut(&name).and_then(Vec::pop);
        match popped {
            Some(place) => {
                run.session.go_to(place.clone());
                if self.pass_thru.0 {
                    let info = objects::path_info(run.session, &place);
                    run.write(info)?;
                }
                Ok(())
            }
            None if self.stack_name.is_some() && !run.session.drives().stacks.contains_key(&name) => {
                let message = format!("There is no location stack named '{name}'.");
                run.error(
                    Fault::new("Argument", message)
                        .category(ErrorCategory::InvalidArgument)
                        .exception("System.Management.Automation.PSArgumentException"),
                )
            }
            None => Ok(()),
        }
    }
}
