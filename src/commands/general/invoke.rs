//! Running code: `Invoke-Command`, `Invoke-Expression`, `Set-StrictMode`.

use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership};
use crate::syntax::Source;
use crate::value::{ErrorCategory, Fault, Outcome, ScriptBlock, Str, Unwind, Value};
use std::rc::Rc;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] =
    &[&InvokeCommand::SPEC, &InvokeExpression::SPEC, &SetStrictMode::SPEC, &GetPsCallStack::SPEC];

const IN_PROCESS: SetMembership = SetMembership::of("InProcess");
const REMOTE: SetMembership = SetMembership::of("ComputerName");

cmdlet! {
    /// `Invoke-Command`.
    pub(crate) struct InvokeCommand = "Invoke-Command", class "Microsoft.PowerShell.Commands.InvokeCommandCommand", module "Microsoft.PowerShell.Core" {
        default_set: Some("InProcess"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Runs a script block in a new scope, or in the current one.",
        examples: &[("Invoke-Command { $args[0] * 2 } -ArgumentList 4", "8\n")], outputs: &[],
    }
    parameters {
        block: Option<Rc<ScriptBlock>> = ParameterSpec::new("ScriptBlock").alias(&["Command"])
            .sets(&[IN_PROCESS.mandatory().position(0), REMOTE.mandatory().position(1)]),
        no_new_scope: Switch = ParameterSpec::new("NoNewScope").sets(&[IN_PROCESS]),
        input: Value = ParameterSpec::new("InputObject").sets(&[SetMembership::of("").by_value()]),
        arguments: Vec<Value> = ParameterSpec::new("ArgumentList").alias(&["Args"]),
        computer: Vec<Str> = ParameterSpec::new("ComputerName").alias(&["Cn"]).sets(&[REMOTE.mandatory().position(0)]),
    }
    state { piped: Vec<Value> }
}

impl Cmdlet for InvokeCommand {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if run.expects_input() {
            self.piped.push(self.input.clone());
        }
        Ok(())
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if !self.computer.is_empty() {
            return Fault::new("RemotingNotAvailable", "This shell runs commands on this computer only.")
                .category(ErrorCategory::NotImplemented)
                .exception("System.Management.Automation.PSNotSupportedException")
                .err();
        }
        let Some(block) = self.block.clone() else { return Ok(()) };
        let arguments = std::mem::take(&mut self.arguments);
        if self.no_new_scope.0 {
            return run.session.run_in_current_scope(&block, None, &arguments, run.out);
        }
        let input = std::mem::take(&mut self.piped);
        if input.is_empty() {
            return run.session.run_block_with(&block, &arguments, None, run.out);
        }
        // The block's own scope has no input, so it finds `$input` in the scope around it.
        let frame = run.session.frame.clone();
        let outer = frame.input.replace(Some(Value::array(input)));
        let result = run.session.run_block_with(&block, &arguments, None, run.out);
        frame.input.replace(outer);
        result
    }
}

cmdlet! {
    /// `Invoke-Expression`.
    pub(crate) struct InvokeExpression = "Invoke-Expression", class "Microsoft.PowerShell.Commands.InvokeExpressionCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Runs a text as code in the current scope.",
        examples: &[("Invoke-Expression '1 + 2'", "3\n")], outputs: &[],
    }
    parameters {
        command: Str = ParameterSpec::new("Command").sets(&[SetMembership::of("").mandatory().position(0).by_value()]),
    }
    state {}
}

impl Cmdlet for InvokeExpression {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let block = run.session.parse_block(Source::anonymous(self.command.as_str()))?;
        let result = run.session.run_in_current_scope(&block, None, &[], run.out);
        result.map_err(|error| named_after(run.spec, error))
    }
}

/// An error of code that a cmdlet ran: its id ends in the cmdlet's class where no command has put its name there.
pub(super) fn named_after(spec: &CmdletSpec, error: Unwind) -> Unwind {
    if let Unwind::Error(record) = &error {
        let id = record.id.borrow().clone();
        if !id.contains(',') {
            record.id.replace(Str::from(format!("{id},{}", spec.class)));
        }
    }
    error
}

cmdlet! {
    /// `Set-StrictMode`.
    pub(crate) struct SetStrictMode = "Set-StrictMode", class "Microsoft.PowerShell.Commands.SetStrictModeCommand", module "Microsoft.PowerShell.Core" {
        default_set: Some("Version"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Makes the current scope refuse what is probably a mistake: unset variables, missing properties.",
        examples: &[("Set-StrictMode -Version Latest; try { $unset } catch { $_.FullyQualifiedErrorId }", "VariableIsUndefined\n")],
        outputs: &[],
    }
    parameters {
        off: Switch = ParameterSpec::new("Off").sets(&[SetMembership::of("Off").mandatory()]),
        version: Str = ParameterSpec::new("Version").alias(&["v"]).sets(&[SetMembership::of("Version").mandatory()]),
    }
    state {}
}

impl Cmdlet for SetStrictMode {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if self.off.0 {
            run.session.set_strict_mode(0);
            return Ok(());
        }
        let major = self.version.split('.').next().unwrap_or_default();
        let level = match (self.version.eq_ignore_ascii_case("latest"), major.parse::<u8>()) {
            (true, _) => 3,
            (_, Ok(level @ 1..=7)) => level.min(3),
            (_, Ok(_)) => {
                let message = format!("There never was a version {} of the language.", self.version);
                return Fault::new("ParameterArgumentValidationError", message)
                    .category(ErrorCategory::InvalidData)
                    .exception("System.Management.Automation.ParameterBindingValidationException")
                    .err();
            }
            _ => {
                let message = format!("'{}' is no version of strict mode; use 1.0, 2.0, 3.0 or Latest.", self.version);
                return Fault::new("ParameterArgumentTransformationError", message)
                    .category(ErrorCategory::InvalidData)
                    .exception("System.Management.Automation.ParameterBindingArgumentTransformationException")
                    .err();
            }
        };
        run.session.set_strict_mode(level);
        Ok(())
    }
}

cmdlet! {
    /// `Get-PSCallStack`.
    pub(crate) struct GetPsCallStack = "Get-PSCallStack", class "Microsoft.PowerShell.Commands.GetPSCallStackCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Gives the calls that are running, innermost first.",
        examples: &[("function Show-Caller { (Get-PSCallStack)[1].Command }; function Test { Show-Caller }; Test", "Test\n")],
        outputs: &["System.Management.Automation.CallStackFrame"],
    }
    parameters {}
    state {}
}

impl Cmdlet for GetPsCallStack {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        run.session.call_stack().into_iter().try_for_each(|frame| run.write(frame))
    }
}
