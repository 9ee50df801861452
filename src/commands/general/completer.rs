//! `Register-ArgumentCompleter`: a script block proposes values of a parameter, or arguments of a program.

use crate::cmdlet;
use crate::commands::completion::Completers;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership};
use crate::value::{Outcome, ScriptBlock, Str};
use std::rc::Rc;

const NATIVE: &str = "NativeCommandSet";
const FALLBACK: &str = "NativeFallbackSet";
const PARAMETER: &str = "PowerShellSet";

cmdlet! {
    /// `Register-ArgumentCompleter`.
    pub(crate) struct RegisterArgumentCompleter = "Register-ArgumentCompleter",
        class "Microsoft.PowerShell.Commands.RegisterArgumentCompleterCommand", module "Microsoft.PowerShell.Core" {
        default_set: Some(NATIVE), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Has a script block propose values of a parameter or arguments of a program.",
        examples: &[], outputs: &[],
    }
    parameters {
        native: Switch = ParameterSpec::new("Native").sets(&[SetMembership::of(NATIVE)]),
        fallback: Switch = ParameterSpec::new("NativeFallback").sets(&[SetMembership::of(FALLBACK).mandatory()]),
        commands: Vec<Str> = ParameterSpec::new("CommandName")
            .sets(&[SetMembership::of(NATIVE).mandatory(), SetMembership::of(PARAMETER)]),
        parameter: Option<Str> = ParameterSpec::new("ParameterName").sets(&[SetMembership::of(PARAMETER).mandatory()]),
        block: Option<Rc<ScriptBlock>> = ParameterSpec::new("ScriptBlock").allow_null()
            .sets(&[SetMembership::of("").mandatory()]),
    }
    state {}
}

impl Cmdlet for RegisterArgumentCompleter {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let block = self.block.clone();
        let kept = run.session.extension::<Completers>();
        if self.fallback.0 {
            kept.fallback = block;
            return Ok(());
        }
        let Some(parameter) = &self.parameter else {
            for command in &self.commands {
                put(&mut kept.native, command.to_lowercase(), block.clone());
            }
            return Ok(());
        };
        if self.commands.is_empty() {
            put(&mut kept.parameters, parameter.to_lowercase(), block.clone());
        }
        for command in &self.commands {
            put(&mut kept.parameters, format!("{command}:{parameter}").to_lowercase(), block.clone());
        }
        Ok(())
    }
}

/// Keeps a completer under a name; without a block the name has none any more.
fn put(kept: &mut std::collections::HashMap<String, Rc<ScriptBlock>>, name: String, block: Option<Rc<ScriptBlock>>) {
    match block {
        Some(block) => kept.insert(name, block),
        None => kept.remove(&name),
    };
}
