//! `Set-`, `Get-`, `Remove-`, `Enable-` and `Disable-PSBreakpoint`, `Wait-Debugger`, `Set-PSDebug`: what the debugger
//! watches.

use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::debugger::{Breakpoint, Trigger};
use crate::runtime::providers::{Expansion, Provider};
use crate::runtime::{
    Argument, Cmdlet, CmdletSpec, ConfirmImpact, Discard, Invocation, ParameterSpec, Session, SetMembership,
    Validation, object,
};
use crate::value::{ErrorCategory, Fault, Outcome, ScriptBlock, Str, TypeRef, Value, members};
use std::rc::Rc;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] = &[
    &SetPSBreakpoint::SPEC,
    &GetPSBreakpoint::SPEC,
    &RemovePSBreakpoint::SPEC,
    &EnablePSBreakpoint::SPEC,
    &DisablePSBreakpoint::SPEC,
    &WaitDebugger::SPEC,
    &SetPSDebug::SPEC,
];

const LINE: &str = "Line";
const COMMAND: &str = "Command";
const VARIABLE: &str = "Variable";

cmdlet! {
    /// `Set-PSBreakpoint`.
    pub(crate) struct SetPSBreakpoint = "Set-PSBreakpoint", class "Microsoft.PowerShell.Commands.SetPSBreakpointCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: Some(LINE), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Sets a breakpoint at a line, a command or a variable.", examples: &[],
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
                let trigger = Trigger::Line(line.unsigned_abs(), self.column.unwrap_or(0).unsigned_abs());
                self.keep(run, (TypeRef::LINE_BREAKPOINT, trigger), rows, script.clone())?;
            }
            for command in &self.command {
                let rows = vec![("Command", Value::Str(command.clone()))];
                let trigger = Trigger::Command(command.clone());
                self.keep(run, (TypeRef::COMMAND_BREAKPOINT, trigger), rows, script.clone())?;
            }
            for variable in &self.variable {
                let mode = self.mode.clone().unwrap_or_else(|| Str::from("Write"));
                let (reads, writes) = (!mode.eq_ignore_ascii_case("Write"), !mode.eq_ignore_ascii_case("Read"));
                let rows = vec![("AccessMode", Value::Str(mode)), ("Variable", Value::Str(variable.clone()))];
                let trigger = Trigger::Variable(variable.clone(), reads, writes);
                self.keep(run, (TypeRef::VARIABLE_BREAKPOINT, trigger), rows, script.clone())?;
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
        (kind, trigger): (TypeRef, Trigger),
        own: Vec<(&'static str, Value)>,
        script: Value,
    ) -> Outcome<()> {
        run.session.debugger.last += 1;
        let id = run.session.debugger.last;
        let path = match &script {
            Value::Str(path) => Some(path.clone()),
            _ => None,
        };
        let mut rows = own;
        rows.extend([
            ("Enabled", Value::Bool(true)),
            ("HitCount", Value::I32(0)),
            ("Script", script),
            ("Action", self.action.clone().map_or(Value::Null, Value::ScriptBlock)),
            ("Id", Value::I32(id)),
        ]);
        let made = object(kind.name(), rows);
        run.session.debugger.breakpoints.push(Breakpoint { id, trigger, script: path, object: made.clone() });
        run.session.watch_statements();
        run.write(made)
    }
}

cmdlet! {
    /// `Get-PSBreakpoint`.
    pub(crate) struct GetPSBreakpoint = "Get-PSBreakpoint", class "Microsoft.PowerShell.Commands.GetPSBreakpointCommand",
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
        let all = all(run.session);
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
        let known = all(run.session).into_iter().find(|(known, _)| *known == id);
        match known {
            Some(known) => found.push(known),
            None => run.error(refused("PSBreakpoint:BreakpointIdNotFound", format!("There is no breakpoint {id}.")))?,
        }
    }
    Ok(found)
}

/// The breakpoints of a session by number, oldest first.
fn all(session: &Session) -> Vec<(i32, Value)> {
    session.debugger.breakpoints.iter().map(|known| (known.id, known.object.clone())).collect()
}

fn shown(id: i32) -> String {
    format!("Breakpoint {id}")
}

cmdlet! {
    /// `Remove-PSBreakpoint`.
    pub(crate) struct RemovePSBreakpoint = "Remove-PSBreakpoint", class "Microsoft.PowerShell.Commands.RemovePSBreakpointCommand",
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
                run.session.debugger.breakpoints.retain(|known| known.id != id);
                run.session.watch_statements();
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
            pub(crate) struct $name = $text, class $class, module "Microsoft.PowerShell.Utility" {
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

cmdlet! {
    /// `Wait-Debugger`.
    pub(crate) struct WaitDebugger = "Wait-Debugger", class "Microsoft.PowerShell.Commands.WaitDebuggerCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Stops in the debugger before what comes next.", examples: &[], outputs: &[],
    }
    parameters {}
    state {}
}

impl Cmdlet for WaitDebugger {
    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        run.session.break_here();
        Ok(())
    }
}

cmdlet! {
    /// `Set-PSDebug`.
    pub(crate) struct SetPSDebug = "Set-PSDebug", class "Microsoft.PowerShell.Commands.SetPSDebugCommand", module "Microsoft.PowerShell.Core" {
        default_set: Some("on"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Shows the lines that run, asks before each, and asks that variables be set before they are read.",
        examples: &[], outputs: &[],
    }
    parameters {
        trace: Option<i32> = ParameterSpec::new("Trace").validate(&[Validation::Range(0.0, 2.0)]).sets(&[SetMembership::of("on")]),
        step: Switch = ParameterSpec::new("Step").sets(&[SetMembership::of("on")]),
        strict: Switch = ParameterSpec::new("Strict").sets(&[SetMembership::of("on")]),
        off: Switch = ParameterSpec::new("Off").sets(&[SetMembership::of("off")]),
    }
    state {}
}

impl Cmdlet for SetPSDebug {
    fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let (off, strict) = (self.off.0, self.strict.0);
        if off {
            (run.session.debugger.trace, run.session.debugger.step) = (0, false);
        }
        if let Some(level) = self.trace {
            run.session.debugger.trace = level;
        }
        if self.step.0 {
            run.session.debugger.step = true;
            run.session.debugger.trace = run.session.debugger.trace.max(1);
        }
        run.session.watch_statements();
        if !off && !strict {
            return Ok(());
        }
        let argument = match off {
            true => Argument::named("Off", Value::Bool(true)),
            false => Argument::named("Version", Value::from("1.0")),
        };
        run.session.call_command("Set-StrictMode", vec![argument], &mut Discard)
    }
}
