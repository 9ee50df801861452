//! `Set-`, `Get-`, `Remove-`, `Enable-` and `Disable-PSBreakpoint`: what a session keeps of breakpoints. Nothing stops at
//! one, as there is no debugger here.

use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::providers::{Expansion, Provider};
use crate::runtime::{
    Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, Session, SetMembership, Validation, object,
};
use crate::value::{ErrorCategory, Fault, Outcome, ScriptBlock, Str, TypeRef, Value, members};
use std::rc::Rc;

/// This family.
pub const CMDLETS: &[&CmdletSpec] = &[
    &SetPSBreakpoint::SPEC,
    &GetPSBreakpoint::SPEC,
    &RemovePSBreakpoint::SPEC,
    &EnablePSBreakpoint::SPEC,
    &DisablePSBreakpoint::SPEC,
];

const LINE: &str = "Line";
const COMMAND: &str = "Command";
const VARIABLE: &str = "Variable";

/// The breakpoints of a session, oldest first.
#[derive(Default)]
struct Breakpoints {
    all: Vec<(i32, Value)>,
    last: i32,
}

cmdlet! {
    /// `Set-PSBreakpoint`.
    pub struct SetPSBreakpoint = "Set-PSBreakpoint", class "Microsoft.PowerShell.Commands.SetPSBreakpointCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: Some(LINE), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Notes a breakpoint at a line, a command or a variable.", examples: &[],
        outputs: &["System.Management.Automation.CommandBreakpoint", "System.Management.Automation.LineBreakpoint",
            "System.Management.Automation.VariableBreakpoint"],
    }
    parameters {
        action: Option<Rc<ScriptBlock>> = ParameterSpec::new("Action"),
        column: Option<i32> = ParameterSpec::new("Column").validate(&[Validation::Range(1.0, 2_147_483_647.0)])
            .sets(&[SetMembership::of(LINE).position(2)]),
        command: Vec<Str> = ParameterSpec::new("Command").alias(&["C"]).sets(&[SetMembership::of(COMMAND).mandatory()]),
        line: Vec<i32> = ParameterSpec::new("Line").sets(&[SetMembership::of(LINE).mandatory().position(1)]),
        mode: Option<Str> = ParameterSpec::new("Mode").validate(&[Validation::Set(&["Read", "Write", "ReadWrite"])])
            .sets(&[SetMembership::of(VARIABLE)]),
        script: Vec<Str> = ParameterSpec::new("Script").validate(&[Validation::NotNullOrEmpty]).sets(&[
            SetMembership::of(COMMAND).position(0), SetMembership::of(LINE).mandatory().position(0), SetMembership::of(VARIABLE).position(0)]),
        variable: Vec<Str> = ParameterSpec::new("Variable").alias(&["V"]).sets(&[SetMembership::of(VARIABLE).mandatory()]),
        runspace: Value = ParameterSpec::new("Runspace"),
    }
    state {}
}

fn refused(id: &'static str, why: String) -> Fault {
    Fault::new(id, why).category(ErrorCategory::InvalidArgument).exception("System.ArgumentException")
}

impl Cmdlet for SetPSBreakpoint {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        for script in self.scripts(run)? {
            for line in &self.line {
                if *line < 1 {
                    run.error(refused(
                        "SetPSBreakpoint:LineLessThanOne",
                        format!("Lines count from 1, not from {line}."),
                    ))?;
                    continue;
                }
                let column = Value::I32(self.column.unwrap_or(0));
                let rows = vec![("Column", column), ("Line", Value::I32(*line))];
                self.keep(run, TypeRef::LINE_BREAKPOINT, rows, script.clone())?;
            }
            for command in &self.command {
                let rows = vec![("Command", Value::Str(command.clone()))];
                self.keep(run, TypeRef::COMMAND_BREAKPOINT, rows, script.clone())?;
            }
            for variable in &self.variable {
                let mode = self.mode.clone().unwrap_or_else(|| Str::from("Write"));
                let rows = vec![("AccessMode", Value::Str(mode)), ("Variable", Value::Str(variable.clone()))];
                self.keep(run, TypeRef::VARIABLE_BREAKPOINT, rows, script.clone())?;
            }
        }
        Ok(())
    }
}

impl SetPSBreakpoint {
    /// The script files that are meant; one that is none stands for all scripts.
    fn scripts(&self, run: &mut Invocation<'_>) -> Outcome<Vec<Value>> {
        let mut found = Vec::new();
        for script in &self.script {
            let how = Expansion { literal: false, ..Expansion::default() };
            for place in run.session.expand_path(script, how)? {
                if place.drive.provider != Provider::FileSystem {
                    let text = format!("'{script}' is no file.");
                    run.error(refused("SetPSBreakpoint:FileSystemProviderRequired", text))?;
                } else if ["ps1", "psm1"]
                    .iter()
                    .any(|known| place.path.to_ascii_lowercase().ends_with(&format!(".{known}")))
                {
                    found.push(Value::from(place.path.as_str()));
                } else {
                    let text = format!("'{script}' is no script: breakpoints are for .ps1 and .psm1 files.");
                    run.error(refused("SetPSBreakpoint:FileNotScript", text))?;
                }
            }
        }
        if self.script.is_empty() {
            found.push(Value::Null);
        }
        Ok(found)
    }

    fn keep(
        &self,
        run: &mut Invocation<'_>,
        kind: TypeRef,
        own: Vec<(&'static str, Value)>,
        script: Value,
    ) -> Outcome<()> {
        let breakpoints = run.session.extension::<Breakpoints>();
        breakpoints.last += 1;
        let id = breakpoints.last;
        let mut rows = own;
        rows.extend([
            ("Enabled", Value::Bool(true)),
            ("HitCount", Value::I32(0)),
            ("Script", script),
            ("Action", self.action.clone().map_or(Value::Null, Value::ScriptBlock)),
            ("Id", Value::I32(id)),
        ]);
        let made = object(kind.name(), rows);
        breakpoints.all.push((id, made.clone()));
        run.write(made)
    }
}

cmdlet! {
    /// `Get-PSBreakpoint`.
    pub struct GetPSBreakpoint = "Get-PSBreakpoint", class "Microsoft.PowerShell.Commands.GetPSBreakpointCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: Some("Script"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Lists breakpoints.", examples: &[], outputs: &["System.Management.Automation.Breakpoint"],
    }
    parameters {
        script: Vec<Str> = ParameterSpec::new("Script").validate(&[Validation::NotNullOrEmpty]).sets(&[
            SetMembership::of("Script").position(0).by_value(), SetMembership::of("Type"), SetMembership::of(VARIABLE), SetMembership::of(COMMAND)]),
        id: Vec<i32> = ParameterSpec::new("Id").sets(&[SetMembership::of("Id").mandatory().position(0).by_value()]),
        variable: Vec<Str> = ParameterSpec::new("Variable").sets(&[SetMembership::of(VARIABLE).mandatory()]),
        command: Vec<Str> = ParameterSpec::new("Command").sets(&[SetMembership::of(COMMAND).mandatory()]),
        kind: Vec<Str> = ParameterSpec::new("Type").validate(&[Validation::Set(&["Line", "Variable", "Command"])])
            .sets(&[SetMembership::of("Type").mandatory().position(0).by_value()]),
        runspace: Value = ParameterSpec::new("Runspace"),
    }
    state {}
}

fn text_property(session: &mut Session, value: &Value, name: &str) -> Outcome<Str> {
    Ok(match members::get(session, value, name)? {
        Some(Value::Str(text)) => text,
        _ => Str::from(""),
    })
}

impl Cmdlet for GetPSBreakpoint {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let all = run.session.extension::<Breakpoints>().all.clone();
        for id in &self.id {
            if !all.iter().any(|(known, _)| known == id) {
                run.error(refused("PSBreakpoint:BreakpointIdNotFound", format!("There is no breakpoint {id}.")))?;
            }
        }
        let scripts: Vec<String> =
            self.script.iter().map(|script| run.session.absolute(script).to_string_lossy().into_owned()).collect();
        for (id, value) in all {
            let kind = TypeRef::of(&value).name();
            let by_kind =
                self.kind.is_empty() || self.kind.iter().any(|wanted| kind.ends_with(&format!(".{wanted}Breakpoint")));
            let path = text_property(run.session, &value, "Script")?;
            let variable = text_property(run.session, &value, "Variable")?;
            let command = text_property(run.session, &value, "Command")?;
            let among =
                |wanted: &[Str], text: &Str| wanted.is_empty() || wanted.iter().any(|w| w.eq_ignore_ascii_case(text));
            let by_script = scripts.is_empty() || scripts.iter().any(|script| script.as_str() == path.as_str());
            let by_id = self.id.is_empty() || self.id.contains(&id);
            if by_kind && by_script && by_id && among(&self.variable, &variable) && among(&self.command, &command) {
                run.write(value)?;
            }
        }
        Ok(())
    }
}

const BREAKPOINT: ParameterSpec = ParameterSpec::new("Breakpoint")
    .validate(&[Validation::NotNull])
    .sets(&[SetMembership::of("Breakpoint").mandatory().position(0).by_value()]);
const BY_ID: ParameterSpec = ParameterSpec::new("Id")
    .validate(&[Validation::NotNull])
    .sets(&[SetMembership::of("Id").mandatory().position(0).by_property()]);

/// Breakpoint objects as a parameter.
#[derive(Default)]
struct Given(Vec<Value>);

impl crate::runtime::FromValue for Given {
    const TYPE: &'static str = "System.Management.Automation.Breakpoint[]";
    fn from_value(value: Value, engine: &mut dyn crate::value::Engine) -> Outcome<Self> {
        Vec::from_value(value, engine).map(Given)
    }
}

/// The breakpoints that objects or numbers mean.
fn chosen(run: &mut Invocation<'_>, given: &Given, ids: &[i32]) -> Outcome<Vec<(i32, Value)>> {
    let mut wanted = ids.to_vec();
    for value in &given.0 {
        if let Some(Value::I32(id)) = members::get(run.session, value, "Id")? {
            wanted.push(id);
        }
    }
    let mut found = Vec::new();
    for id in wanted {
        let known = run.session.extension::<Breakpoints>().all.iter().find(|(known, _)| *known == id).cloned();
        match known {
            Some(known) => found.push(known),
            None => run.error(refused("PSBreakpoint:BreakpointIdNotFound", format!("There is no breakpoint {id}.")))?,
        }
    }
    Ok(found)
}

fn shown(id: i32) -> String {
    format!("Breakpoint {id}")
}

cmdlet! {
    /// `Remove-PSBreakpoint`.
    pub struct RemovePSBreakpoint = "Remove-PSBreakpoint", class "Microsoft.PowerShell.Commands.RemovePSBreakpointCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: Some("Breakpoint"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Forgets breakpoints.", examples: &[], outputs: &[],
    }
    parameters {
        breakpoint: Given = BREAKPOINT,
        id: Vec<i32> = BY_ID,
        runspace: Value = ParameterSpec::new("Runspace"),
    }
    state {}
}

impl Cmdlet for RemovePSBreakpoint {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        for (id, _) in chosen(run, &self.breakpoint, &self.id)? {
            if run.should_process(&shown(id), "Remove-PSBreakpoint")? {
                run.session.extension::<Breakpoints>().all.retain(|(known, _)| *known != id);
            }
        }
        Ok(())
    }
}

/// Declares the two cmdlets that differ in what `Enabled` becomes.
macro_rules! switching {
    ($name:ident, $text:literal, $class:literal, $synopsis:literal, $enabled:literal) => {
        cmdlet! {
            #[doc = concat!("`", $text, "`.")]
            pub struct $name = $text, class $class, module "Microsoft.PowerShell.Utility" {
                default_set: Some("Breakpoint"), should_process: true, impact: ConfirmImpact::Medium,
                synopsis: $synopsis, examples: &[], outputs: &["System.Management.Automation.Breakpoint"],
            }
            parameters {
                pass_thru: Switch = ParameterSpec::new("PassThru"),
                breakpoint: Given = BREAKPOINT,
                id: Vec<i32> = BY_ID,
                runspace: Value = ParameterSpec::new("Runspace"),
            }
            state {}
        }

        impl Cmdlet for $name {
            fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
                for (id, value) in chosen(run, &self.breakpoint, &self.id)? {
                    if !run.should_process(&shown(id), $text)? {
                        continue;
                    }
                    members::set(run.session, &value, "Enabled", Value::Bool($enabled))?;
                    if self.pass_thru.0 {
                        run.write(value)?;
                    }
                }
                Ok(())
            }
        }
    };
}

switching!(
    EnablePSBreakpoint,
    "Enable-PSBreakpoint",
    "Microsoft.PowerShell.Commands.EnablePSBreakpointCommand",
    "Switches breakpoints on.",
    true
);
switching!(
    DisablePSBreakpoint,
    "Disable-PSBreakpoint",
    "Microsoft.PowerShell.Commands.DisablePSBreakpointCommand",
    "Switches breakpoints off.",
    false
);
