//! Waiting, measuring, and other small cmdlets: `Start-Sleep`, `Measure-Command`, `New-Guid`, `Get-Host`,
//! `Read-Host`.

use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{
    Cmdlet, CmdletSpec, ConfirmImpact, Discard, Invocation, ParameterSpec, SetMembership, Symbol, Validation,
};
use crate::value::members::library;
use crate::value::{ErrorCategory, Fault, Outcome, ScriptBlock, Str, TimeSpan, Value, convert};
use std::rc::Rc;
use std::time::{Duration, Instant};

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] =
    &[&StartSleep::SPEC, &MeasureCommand::SPEC, &NewGuid::SPEC, &GetHost::SPEC, &ReadHost::SPEC];

cmdlet! {
    /// `Start-Sleep`.
    pub(crate) struct StartSleep = "Start-Sleep", class "Microsoft.PowerShell.Commands.StartSleepCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: Some("Seconds"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Waits.", examples: &[], outputs: &[],
    }
    parameters {
        seconds: Option<f64> = ParameterSpec::new("Seconds").validate(&[Validation::Range(0.0, 2_147_483.0)])
            .sets(&[SetMembership::of("Seconds").mandatory().position(0).by_value().by_property()]),
        milliseconds: Option<i32> = ParameterSpec::new("Milliseconds").alias(&["ms"])
            .validate(&[Validation::Range(0.0, 2_147_483_647.0)]).sets(&[SetMembership::of("Milliseconds").mandatory().by_property()]),
        duration: Option<TimeSpan> = ParameterSpec::new("Duration").alias(&["ts"])
            .sets(&[SetMembership::of("FromTimeSpan").mandatory().by_property()]),
    }
    state {}
}

impl Cmdlet for StartSleep {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let wait = match (self.seconds, self.milliseconds, self.duration) {
            (_, Some(milliseconds), _) => Duration::from_millis(u64::try_from(milliseconds).unwrap_or(0)),
            (_, _, Some(span)) => Duration::from_nanos(u64::try_from(span.0).unwrap_or(0).saturating_mul(100)),
            (seconds, None, None) => Duration::try_from_secs_f64(seconds.unwrap_or(0.0)).unwrap_or_default(),
        };
        run.session.wait(&mut || false, Some(Instant::now() + wait)).map(drop)
    }
}

cmdlet! {
    /// `Measure-Command`.
    pub(crate) struct MeasureCommand = "Measure-Command", class "Microsoft.PowerShell.Commands.MeasureCommandCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Tells how long a block takes.", examples: &[("(Measure-Command { 1 }).GetType().Name", "TimeSpan\n")],
        outputs: &["System.TimeSpan"],
    }
    parameters {
        input: Value = ParameterSpec::new("InputObject").sets(&[SetMembership::of("").by_value()]),
        expression: Option<Rc<ScriptBlock>> = ParameterSpec::new("Expression").sets(&[SetMembership::of("").mandatory().position(0)]),
    }
    state { ticks: i64 }
}

impl Cmdlet for MeasureCommand {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let Some(block) = &self.expression else { return Ok(()) };
        let begun = Instant::now();
        let item = run.expects_input().then(|| self.input.clone());
        run.session.run_in_current_scope(block, item, &[], &mut Discard)?;
        self.ticks += i64::try_from(begun.elapsed().as_nanos() / 100).unwrap_or(i64::MAX);
        Ok(())
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        run.write(Value::TimeSpan(TimeSpan(self.ticks)))
    }
}

cmdlet! {
    /// `New-Guid`.
    pub(crate) struct NewGuid = "New-Guid", class "Microsoft.PowerShell.Commands.NewGuidCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: Some("Default"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Makes a GUID.", examples: &[("(New-Guid -Empty).Guid", "00000000-0000-0000-0000-000000000000\n")],
        outputs: &["System.Guid"],
    }
    parameters {
        empty: Switch = ParameterSpec::new("Empty").sets(&[SetMembership::of("Empty")]),
        input: Option<Str> = ParameterSpec::new("InputObject").sets(&[SetMembership::of("InputObject").mandatory().position(0).by_value()]),
    }
    state {}
}

impl Cmdlet for NewGuid {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let guid = match &self.input {
            Some(text) => match uuid::Uuid::parse_str(text.trim()) {
                Ok(guid) => guid,
                Err(_) => {
                    let fault = Fault::new("StringNotRecognizedAsGuid", format!("'{text}' is not a GUID."))
                        .category(ErrorCategory::InvalidArgument)
                        .exception("System.FormatException");
                    return run.error(fault);
                }
            },
            None if self.empty.0 => uuid::Uuid::nil(),
            None => uuid::Uuid::new_v4(),
        };
        run.write(library::guid::value(guid))
    }
}

cmdlet! {
    /// `Get-Host`.
    pub(crate) struct GetHost = "Get-Host", class "Microsoft.PowerShell.Commands.GetHostCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Gives the host of the session.", examples: &[("(Get-Host).Name", "ConsoleHost\n")], outputs: &[],
    }
    parameters {}
    state {}
}

impl Cmdlet for GetHost {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let host = run.session.variable(Symbol::new("Host")).unwrap_or_default();
        run.write(host)
    }
}

cmdlet! {
    /// `Read-Host`.
    pub(crate) struct ReadHost = "Read-Host", class "Microsoft.PowerShell.Commands.ReadHostCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: Some("AsString"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Asks the person at the terminal for a line.", examples: &[], outputs: &["System.String"],
    }
    parameters {
        prompt: Value = ParameterSpec::new("Prompt").allow_null().sets(&[SetMembership::of("").position(0).remaining()]),
        as_secure: Switch = ParameterSpec::new("AsSecureString").sets(&[SetMembership::of("AsSecureString")]),
        mask: Switch = ParameterSpec::new("MaskInput").sets(&[SetMembership::of("AsString")]),
    }
    state {}
}

impl Cmdlet for ReadHost {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if !run.session.host.is_interactive() {
            return Fault::new(
                "InvalidOperation",
                "Read-Host needs somebody to answer; this session is not interactive.",
            )
            .exception("System.Management.Automation.PSInvalidOperationException")
            .err();
        }
        let prompt = convert::to_text(&self.prompt);
        let prompt = if prompt.is_empty() { String::new() } else { format!("{prompt}: ") };
        let host = &mut run.session.host;
        let hidden = self.as_secure.0 || self.mask.0;
        let line = if hidden { host.read_secret(&prompt) } else { host.read_line(&prompt) };
        match line {
            Some(line) if self.as_secure.0 => run.write(library::net::secure(&line)),
            line => run.write(line.map_or(Value::Null, Value::from)),
        }
    }
}
