//! `Get-Process`, `Wait-Process`, `Stop-Process`: the processes of this machine.

use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation, object};
use crate::value::members::library::process::Process;
use crate::value::wildcard::{Wildcard, has_wildcard};
use crate::value::{ErrorCategory, Fault, Native, Outcome, Str, TypeRef, Value, members};
use std::time::{Duration, Instant};

const NAME: &str = "Name";
const ID: &str = "Id";
const INPUT: &str = "InputObject";
const NAME_USER: &str = "NameWithUserName";
const ID_USER: &str = "IdWithUserName";
const INPUT_USER: &str = "InputObjectWithUserName";

/// The process in a value.
pub(super) fn process_of(value: &Value) -> Option<&Process> {
    match value {
        Value::Native(native) => native.downcast::<Process>(),
        _ => None,
    }
}

fn missing(id: &'static str, message: String, target: Value) -> Fault {
    Fault::new(id, message)
        .category(ErrorCategory::ObjectNotFound)
        .exception("Microsoft.PowerShell.Commands.ProcessCommandException")
        .property("ProcessName", target.clone())
        .target(target)
}

/// The processes that names, numbers or objects mean; what is not there is a non-terminating error.
fn wanted(run: &mut Invocation<'_>, names: &[Str], ids: &[i32], given: &[Value]) -> Outcome<Vec<Value>> {
    let mut found: Vec<Value> = given.iter().filter(|value| process_of(value).is_some()).cloned().collect();
    for id in ids {
        match u32::try_from(*id).ok().and_then(Process::find) {
            Some(process) => found.push(Native::value(process)),
            None if *id == 0 => {}
            None => {
                let text = format!("No process has the number {id}.");
                run.error(missing("NoProcessFoundForGivenId", text, Value::I32(*id)))?;
            }
        }
    }
    let all = if names.is_empty() { Vec::new() } else { Process::all() };
    let mut taken = Vec::new();
    for name in names {
        let pattern = Wildcard::new(name, false)?;
        let before = taken.len();
        taken.extend(all.iter().filter(|process| pattern.matches(process.name())).map(|process| process.id));
        if taken.len() == before && !has_wildcard(name) {
            let text = format!("No process is named '{name}'.");
            run.error(missing("NoProcessFoundForGivenName", text, Value::Str(name.clone())))?;
        }
    }
    let mut named: Vec<Process> = all.into_iter().filter(|process| taken.contains(&process.id)).collect();
    named.sort_by_key(|process| (process.name().to_ascii_lowercase(), process.id));
    found.extend(named.into_iter().map(Native::value));
    Ok(found)
}

cmdlet! {
    /// `Get-Process`.
    pub(crate) struct GetProcess = "Get-Process", class "Microsoft.PowerShell.Commands.GetProcessCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some(NAME), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Gives the processes of this machine.", examples: &[("(Get-Process -Id $PID).Id -eq $PID", "True\n")],
        outputs: &["System.Diagnostics.Process", "System.Diagnostics.FileVersionInfo", "System.Diagnostics.ProcessModule"],
    }
    parameters {
        name: Vec<Str> = ParameterSpec::new("Name").alias(&["ProcessName"]).validate(&[Validation::NotNullOrEmpty])
            .sets(&[SetMembership::of(NAME).position(0).by_property(), SetMembership::of(NAME_USER).position(0).by_property()]),
        id: Vec<i32> = ParameterSpec::new("Id").alias(&["PID"])
            .sets(&[SetMembership::of(ID).mandatory().by_property(), SetMembership::of(ID_USER).mandatory().by_property()]),
        input: Vec<Value> = ParameterSpec::new("InputObject")
            .sets(&[SetMembership::of(INPUT).mandatory().by_value(), SetMembership::of(INPUT_USER).mandatory().by_value()]),
        include_user: Switch = ParameterSpec::new("IncludeUserName").sets(&[
            SetMembership::of(NAME_USER).mandatory(), SetMembership::of(ID_USER).mandatory(), SetMembership::of(INPUT_USER).mandatory()]),
        module: Switch = ParameterSpec::new("Module")
            .sets(&[SetMembership::of(NAME), SetMembership::of(ID), SetMembership::of(INPUT)]),
        file_version: Switch = ParameterSpec::new("FileVersionInfo").alias(&["FV", "FVI"])
            .sets(&[SetMembership::of(NAME), SetMembership::of(ID), SetMembership::of(INPUT)]),
    }
    state {}
}

impl Cmdlet for GetProcess {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let everything = self.id.is_empty() && self.input.is_empty() && self.name.is_empty();
        let names = if everything { vec![Str::from("*")] } else { self.name.clone() };
        for value in wanted(run, &names, &self.id, &self.input)? {
            if self.module.0 {
                let modules = members::get(run.session, &value, "Modules")?.unwrap_or_default();
                run.write_enumerated(modules)?;
            } else if self.file_version.0 {
                let info = version_info(run, &value)?;
                run.write(info)?;
            } else {
                if self.include_user.0 {
                    add_user(&value);
                }
                run.write(value)?;
            }
        }
        Ok(())
    }
}

fn version_info(run: &mut Invocation<'_>, process: &Value) -> Outcome<Value> {
    let path = members::get(run.session, process, "Path")?.unwrap_or_default();
    let rows = ["FileVersion", "ProductVersion", "ProductName", "CompanyName"].map(|name| (name, Value::Null));
    let rows = std::iter::once(("FileName", path)).chain(rows).collect();
    Ok(object("System.Diagnostics.FileVersionInfo", rows))
}

/// The name of who runs a process, as a note on it.
fn add_user(value: &Value) {
    use std::os::unix::fs::MetadataExt;
    let (Value::Native(native), Some(process)) = (value, process_of(value)) else { return };
    let owner = std::fs::metadata(format!("/proc/{}", process.id)).map(|meta| meta.uid());
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let name = owner.ok().and_then(|owner| {
        let owner = owner.to_string();
        let line = accounts.lines().find(|line| line.split(':').nth(2) == Some(&owner))?;
        line.split(':').next().map(str::to_owned)
    });
    let note = crate::value::Member::Note(name.map_or(Value::Null, Value::from));
    let mut extension = native.extension.make().borrow_mut();
    extension.members.insert(Str::from("UserName"), note);
    let kind = TypeRef::PROCESS.name();
    extension.type_names = Some(vec![Str::from(format!("{kind}#IncludeUserName")), Str::from(kind)]);
}

cmdlet! {
    /// `Wait-Process`.
    pub(crate) struct WaitProcess = "Wait-Process", class "Microsoft.PowerShell.Commands.WaitProcessCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some(NAME), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Waits until processes have ended.", examples: &[], outputs: &["System.Diagnostics.Process"],
    }
    parameters {
        id: Vec<i32> = ParameterSpec::new("Id").alias(&["PID", "ProcessId"])
            .sets(&[SetMembership::of(ID).mandatory().position(0).by_property()]),
        name: Vec<Str> = ParameterSpec::new("Name").alias(&["ProcessName"])
            .sets(&[SetMembership::of(NAME).mandatory().position(0).by_property()]),
        input: Vec<Value> = ParameterSpec::new("InputObject").sets(&[SetMembership::of(INPUT).mandatory().by_value()]),
        timeout: Option<i32> = ParameterSpec::new("Timeout").alias(&["TimeoutSec"])
            .validate(&[Validation::Range(0.0, 32767.0)]).sets(&[SetMembership::of("").position(1)]),
        any: Switch = ParameterSpec::new("Any"),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
    }
    state { processes: Vec<Value> }
}

impl Cmdlet for WaitProcess {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        for value in wanted(run, &self.name, &self.id, &self.input)? {
            if process_of(&value).is_some_and(|process| process.id == std::process::id()) {
                run.error(missing("WaitOnItself", "A session cannot wait for itself to end.".into(), value))?;
                continue;
            }
            self.processes.push(value);
        }
        Ok(())
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let begun = Instant::now();
        let limit = self.timeout.map(|seconds| Duration::from_secs(u64::try_from(seconds).unwrap_or(0)));
        let processes = std::mem::take(&mut self.processes);
        let ended = |value: &Value| process_of(value).is_none_or(Process::has_exited);
        loop {
            let done = if self.any.0 { processes.iter().any(ended) } else { processes.iter().all(ended) };
            if done || processes.is_empty() || limit.is_some_and(|limit| begun.elapsed() >= limit) {
                break;
            }
            run.session.wait(&mut || false, Some(Instant::now() + Duration::from_millis(10)))?;
        }
        if !self.any.0 || !processes.iter().any(ended) {
            for value in processes.iter().filter(|value| !ended(value)) {
                let text = "The process had not ended when the time was over.";
                let fault = Fault::new("ProcessNotTerminated", text)
                    .category(ErrorCategory::CloseError)
                    .exception("System.TimeoutException")
                    .target(value.clone());
                run.error(fault)?;
            }
        }
        if self.pass_thru.0 { processes.into_iter().try_for_each(|value| run.write(value)) } else { Ok(()) }
    }
}

cmdlet! {
    /// `Stop-Process`.
    pub(crate) struct StopProcess = "Stop-Process", class "Microsoft.PowerShell.Commands.StopProcessCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some(ID), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Ends processes.", examples: &[], outputs: &["System.Diagnostics.Process"],
    }
    parameters {
        name: Vec<Str> = ParameterSpec::new("Name").alias(&["ProcessName"]).sets(&[SetMembership::of(NAME).mandatory().by_property()]),
        id: Vec<i32> = ParameterSpec::new("Id").sets(&[SetMembership::of(ID).mandatory().position(0).by_property()]),
        input: Vec<Value> = ParameterSpec::new("InputObject").sets(&[SetMembership::of(INPUT).mandatory().position(0).by_value()]),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
        force: Switch = ParameterSpec::new("Force"),
    }
    state {}
}

impl Cmdlet for StopProcess {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        for value in wanted(run, &self.name, &self.id, &self.input)? {
            let Some(process) = process_of(&value) else { continue };
            let shown = format!("{} ({})", process.name(), process.id);
            if process.has_exited() || !run.should_process(&shown, "Stop-Process")? {
                continue;
            }
            if let Err(error) = process.kill() {
                let text = format!("The process {shown} cannot be ended: {error}.");
                let fault = Fault::new("CouldNotStopProcess", text)
                    .category(ErrorCategory::CloseError)
                    .exception("Microsoft.PowerShell.Commands.ProcessCommandException")
                    .target(value.clone());
                run.error(fault)?;
                continue;
            }
            if self.pass_thru.0 {
                run.write(value.clone())?;
            }
        }
        Ok(())
    }
}
