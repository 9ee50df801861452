//! What concerns the machine and the process: `Set-Date`, `Switch-Process`, execution policies,
//! `Get-ExperimentalFeature`, `Add-Type`.

use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{
    Cmdlet, CmdletSpec, Command, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Symbol, Validation, object,
};
use crate::value::{DateTime, ErrorCategory, Fault, Outcome, Str, TimeSpan, TypeRef, Value, calendar};
use rustix::time::{ClockId, Timespec, clock_settime};
use std::os::unix::process::CommandExt;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] = &[
    &SetDate::SPEC,
    &SwitchProcess::SPEC,
    &GetExecutionPolicy::SPEC,
    &SetExecutionPolicy::SPEC,
    &GetExperimentalFeature::SPEC,
    &AddType::SPEC,
];

cmdlet! {
    /// `Set-Date`.
    pub(crate) struct SetDate = "Set-Date", class "Microsoft.PowerShell.Commands.SetDateCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("Date"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Sets the machine's clock.", examples: &[], outputs: &["System.DateTime"],
    }
    parameters {
        date: Option<DateTime> = ParameterSpec::new("Date").sets(&[SetMembership::of("Date").mandatory().position(0).by_value().by_property()]),
        adjust: Option<TimeSpan> = ParameterSpec::new("Adjust").alias(&["LastWriteTime"])
            .sets(&[SetMembership::of("Adjust").mandatory().position(0).by_value().by_property()]),
        hint: Option<Str> = ParameterSpec::new("DisplayHint").validate(&[Validation::Set(&["Date", "Time", "DateTime"])]),
    }
    state {}
}

impl Cmdlet for SetDate {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let now = DateTime::now();
        let wanted = match (self.date, self.adjust) {
            (Some(date), _) => Some(date),
            (None, span) => DateTime::new(now.ticks() + span.map_or(0, |span| span.0), now.kind()),
        };
        let Some(wanted) = wanted else { return Ok(()) };
        let shown = crate::value::convert::to_text(&Value::DateTime(wanted));
        if !run.should_process(&shown, "Set-Date")? {
            return Ok(());
        }
        let local = wanted.ticks();
        let ticks = local - calendar::local_offset_ticks(local) - calendar::UNIX_EPOCH;
        set_clock(ticks).map_err(|error| {
            Fault::new("System.ComponentModel.Win32Exception", format!("The clock cannot be set: {error}."))
                .category(ErrorCategory::NotSpecified)
                .exception("System.ComponentModel.Win32Exception")
        })?;
        run.write(Value::DateTime(wanted))
    }
}

/// Sets the clock to ticks since 1970.
fn set_clock(ticks: i64) -> std::io::Result<()> {
    let time = Timespec { tv_sec: ticks.div_euclid(10_000_000), tv_nsec: ticks.rem_euclid(10_000_000) * 100 };
    Ok(clock_settime(ClockId::Realtime, time)?)
}

cmdlet! {
    /// `Switch-Process`.
    pub(crate) struct SwitchProcess = "Switch-Process", class "Microsoft.PowerShell.Commands.SwitchProcessCommand", module "Microsoft.PowerShell.Core" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Lets a program take this process over.", examples: &[], outputs: &[],
    }
    parameters {
        command: Vec<Str> = ParameterSpec::new("WithCommand").allow_empty().sets(&[SetMembership::of("").position(0).remaining()]),
    }
    state {}
}

impl Cmdlet for SwitchProcess {
    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let Some((name, arguments)) = self.command.split_first() else { return Ok(()) };
        let Some(Command::External(path)) = run.session.find_external(name) else {
            return Fault::new("CommandNotFound", format!("'{name}' is no program."))
                .category(ErrorCategory::ObjectNotFound)
                .exception("System.Management.Automation.CommandNotFoundException")
                .target(Value::Str(name.clone()))
                .err();
        };
        run.session.host.flush();
        let mut program = std::process::Command::new(&*path);
        program.arg0(name.as_str()).args(arguments.iter().map(Str::as_str));
        program.current_dir(&run.session.location).env_clear().envs(&run.session.environment);
        let error = program.exec();
        Fault::new("ExecFailed", format!("'{name}' cannot take over: {error}."))
            .category(ErrorCategory::InvalidOperation)
            .exception("System.ComponentModel.Win32Exception")
            .err()
    }
}

const SCOPES: &[&str] = &["MachinePolicy", "UserPolicy", "Process", "CurrentUser", "LocalMachine"];

cmdlet! {
    /// `Get-ExecutionPolicy`.
    pub(crate) struct GetExecutionPolicy = "Get-ExecutionPolicy", class "Microsoft.PowerShell.Commands.GetExecutionPolicyCommand",
        module "Microsoft.PowerShell.Security" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Tells which scripts may run: away from Windows, all.",
        examples: &[("Get-ExecutionPolicy", "Unrestricted\n")], outputs: &["Microsoft.PowerShell.ExecutionPolicy"],
    }
    parameters {
        scope: Option<Str> = ParameterSpec::new("Scope").validate(&[Validation::Set(SCOPES)]).sets(&[SetMembership::of("").position(0).by_property()]),
        list: Switch = ParameterSpec::new("List"),
    }
    state {}
}

impl Cmdlet for GetExecutionPolicy {
    fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let policy = TypeRef::EXECUTION_POLICY.enum_value("Unrestricted").unwrap_or_default();
        if self.list.0 && self.scope.is_some() {
            return Fault::new("ListAndScopeSpecified", "-List and -Scope exclude each other.")
                .category(ErrorCategory::InvalidOperation)
                .exception("System.InvalidOperationException")
                .err();
        }
        if !self.list.0 {
            return run.write(policy);
        }
        for scope in SCOPES {
            let rows = vec![("Scope", Value::from(*scope)), ("ExecutionPolicy", policy.clone())];
            run.write(object("System.Management.Automation.PSCustomObject", rows))?;
        }
        Ok(())
    }
}

cmdlet! {
    /// `Set-ExecutionPolicy`.
    pub(crate) struct SetExecutionPolicy = "Set-ExecutionPolicy", class "Microsoft.PowerShell.Commands.SetExecutionPolicyCommand",
        module "Microsoft.PowerShell.Security" {
        default_set: None, should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Would say which scripts may run; away from Windows this cannot be set.", examples: &[], outputs: &[],
    }
    parameters {
        policy: Str = ParameterSpec::new("ExecutionPolicy").validate(&[Validation::Set(
            &["Unrestricted", "RemoteSigned", "AllSigned", "Restricted", "Default", "Bypass", "Undefined"])])
            .sets(&[SetMembership::of("").mandatory().position(0).by_property()]),
        scope: Option<Str> = ParameterSpec::new("Scope").validate(&[Validation::Set(SCOPES)]).sets(&[SetMembership::of("").position(1).by_property()]),
        force: Switch = ParameterSpec::new("Force"),
    }
    state {}
}

impl Cmdlet for SetExecutionPolicy {
    fn process(&mut self, _: &mut Invocation<'_>) -> Outcome<()> {
        Fault::new("OperationNotSupported", "Execution policies exist on Windows only; here every script may run.")
            .category(ErrorCategory::InvalidOperation)
            .exception("System.PlatformNotSupportedException")
            .err()
    }
}

cmdlet! {
    /// `Get-ExperimentalFeature`.
    pub(crate) struct GetExperimentalFeature = "Get-ExperimentalFeature", class "Microsoft.PowerShell.Commands.GetExperimentalFeatureCommand",
        module "Microsoft.PowerShell.Core" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Lists experimental features; this shell has none.", examples: &[],
        outputs: &["System.Management.Automation.ExperimentalFeature"],
    }
    parameters {
        name: Vec<Str> = ParameterSpec::new("Name").sets(&[SetMembership::of("").position(0).by_value().by_property()]),
    }
    state {}
}

impl Cmdlet for GetExperimentalFeature {}

cmdlet! {
    /// `Add-Type`.
    pub(crate) struct AddType = "Add-Type", class "Microsoft.PowerShell.Commands.AddTypeCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("FromSource"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Makes the types of a .NET assembly known: those that this shell has are there already. Source code cannot be compiled.",
        examples: &[("Add-Type -AssemblyName System.Web; [System.Web.HttpUtility]::UrlEncode('a b')", "a+b\n")], outputs: &["System.Type"],
    }
    parameters {
        definition: Option<Str> = ParameterSpec::new("TypeDefinition").sets(&[SetMembership::of("FromSource").mandatory().position(0)]),
        name: Option<Str> = ParameterSpec::new("Name").sets(&[SetMembership::of("FromMember").mandatory().position(0)]),
        member: Vec<Str> = ParameterSpec::new("MemberDefinition").sets(&[SetMembership::of("FromMember").mandatory().position(1)]),
        namespace: Option<Str> = ParameterSpec::new("Namespace").alias(&["NS"]).sets(&[SetMembership::of("FromMember")]),
        using: Vec<Str> = ParameterSpec::new("UsingNamespace").alias(&["Using"]).sets(&[SetMembership::of("FromMember")]),
        path: Vec<Str> = ParameterSpec::new("Path").sets(&[SetMembership::of("FromPath").mandatory().position(0)]),
        literal: Vec<Str> = ParameterSpec::new("LiteralPath").alias(&["PSPath", "LP"]).sets(&[SetMembership::of("FromLiteralPath").mandatory()]),
        assembly: Vec<Str> = ParameterSpec::new("AssemblyName").alias(&["AN"]).sets(&[SetMembership::of("FromAssemblyName").mandatory()]),
        language: Option<Str> = ParameterSpec::new("Language").sets(&[SetMembership::of("FromSource"), SetMembership::of("FromMember")]),
        references: Vec<Str> = ParameterSpec::new("ReferencedAssemblies").alias(&["RA"]).sets(&[
            SetMembership::of("FromSource"), SetMembership::of("FromMember"), SetMembership::of("FromPath"), SetMembership::of("FromLiteralPath")]),
        output: Option<Str> = ParameterSpec::new("OutputAssembly").alias(&["OA"]).sets(&[
            SetMembership::of("FromSource"), SetMembership::of("FromMember"), SetMembership::of("FromPath"), SetMembership::of("FromLiteralPath")]),
        output_type: Option<Str> = ParameterSpec::new("OutputType").alias(&["OT"]),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
        ignore_warnings: Switch = ParameterSpec::new("IgnoreWarnings"),
        options: Vec<Str> = ParameterSpec::new("CompilerOptions"),
    }
    state {}
}

impl Cmdlet for AddType {
    fn end(&mut self, _: &mut Invocation<'_>) -> Outcome<()> {
        for name in &self.assembly {
            let known = [
                "System",
                "Microsoft",
                "mscorlib",
                "netstandard",
                "WindowsBase",
                "PresentationCore",
                "PresentationFramework",
            ];
            if !known.iter().any(|known| name.starts_with(known)) {
                return Fault::new("ASSEMBLY_NOT_FOUND", format!("There is no assembly '{name}' here."))
                    .category(ErrorCategory::ObjectNotFound)
                    .exception("System.Exception")
                    .target(Value::Str(name.clone()))
                    .err();
            }
        }
        if self.assembly.is_empty() {
            let text = "This shell has no compiler: Add-Type takes -AssemblyName only. Script classes do what source code would.";
            return Fault::new("SOURCE_CODE_ERROR", text)
                .category(ErrorCategory::NotImplemented)
                .exception("System.NotSupportedException")
                .target(Symbol::new("Add-Type").name())
                .err();
        }
        Ok(())
    }
}
