//! `Get-PSCallStack`: the calls that led to here, innermost first.

use crate::cmdlet;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Frame, Invocation, Slot, object};
use crate::syntax::{Source, Span};
use crate::value::{Outcome, Value};
use std::rc::Rc;

/// This family.
pub const CMDLETS: &[&CmdletSpec] = &[&GetPsCallStack::SPEC];

cmdlet! {
    /// `Get-PSCallStack`.
    pub struct GetPsCallStack = "Get-PSCallStack", class "Microsoft.PowerShell.Commands.GetPSCallStackCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Shows which functions and scripts are running, innermost first.",
        examples: &[("function Outer { (Get-PSCallStack)[0].Command }; Outer", "Outer\n")],
        outputs: &["System.Management.Automation.CallStackFrame"],
    }
    parameters {}
    state {}
}

impl Cmdlet for GetPsCallStack {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let (mut source, mut span) = (run.session.source.clone(), run.session.position);
        let mut frame = Some(run.context.caller.clone());
        let mut calls = Vec::new();
        while let Some(current) = frame {
            // A function that is still working out its parameters' defaults has not begun.
            if !is_filling(&current) {
                calls.push(call(run, &current, &source, span));
            }
            let Some(call_source) = &current.call_source else { break };
            (source, span) = (call_source.clone(), current.call_site.get());
            frame = current.parent.clone();
        }
        calls.into_iter().try_for_each(|call| run.write(call))
    }
}

/// True while a parameter of the frame's block has no value yet.
fn is_filling(frame: &Frame) -> bool {
    let Some(block) = frame.function.as_ref().map(|function| &function.block).or(frame.block.as_ref()) else {
        return false;
    };
    let names = crate::runtime::parameter_names(block);
    names.into_iter().any(|name| matches!(frame.own(name), Slot::Unset))
}

fn call(run: &mut Invocation<'_>, frame: &Rc<Frame>, source: &Source, span: Span) -> Value {
    let name = frame.function.as_ref().map(|function| function.name.to_string());
    let is_script = frame.function.as_ref().is_some_and(|function| function.is_script);
    let function = match &name {
        Some(name) if !is_script => name.clone(),
        _ => "<ScriptBlock>".to_owned(),
    };
    let line = source.position(span.start).line;
    let path = source.path.as_deref();
    let file = path.map(|path| path.rsplit('/').next().unwrap_or(path));
    let location = file.map_or_else(|| "<No file>".to_owned(), |file| format!("{file}: line {line}"));
    let info = run.session.invocation_of(frame);
    let arguments: Vec<String> = run.session.bound_texts(frame);
    object(
        "System.Management.Automation.CallStackFrame",
        vec![
            ("ScriptName", path.map(str::to_owned).into()),
            ("ScriptLineNumber", Value::I32(line as i32)),
            ("InvocationInfo", info),
            ("Position", Value::Null),
            ("FunctionName", Value::from(function)),
            ("Command", Value::from(name.unwrap_or_else(|| "<ScriptBlock>".to_owned()))),
            ("Location", Value::from(location)),
            ("Arguments", Value::from(format!("{{{}}}", arguments.join(", ")))),
        ],
    )
}
