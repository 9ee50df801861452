//! What is done with each object of a pipeline: `ForEach-Object`.

use super::job::parallel::{Parallel, Wanted};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation};
use crate::value::{ErrorCategory, Fault, Outcome, ScriptBlock, Str, TypeRef, Value, convert, members, wildcard};
use std::rc::Rc;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] = &[&ForEachObject::SPEC];

/// How many blocks of `-Parallel` run at once where nothing else is asked.
const DEFAULT_THROTTLE: i32 = 5;

const BLOCKS: SetMembership = SetMembership::of("ScriptBlockSet");
const MEMBER: SetMembership = SetMembership::of("PropertyAndMethodSet");
const PARALLEL: SetMembership = SetMembership::of("ParallelParameterSet");

cmdlet! {
    /// `ForEach-Object`.
    pub(crate) struct ForEachObject = "ForEach-Object", class "Microsoft.PowerShell.Commands.ForEachObjectCommand",
        module "Microsoft.PowerShell.Core" {
        default_set: Some("ScriptBlockSet"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Runs a block for each object, or takes a member of each.",
        examples: &[("1..3 | ForEach-Object { $_ * 2 }", "2\n4\n6\n"), ("'a', 'bcd' | ForEach-Object Length", "1\n3\n")], outputs: &[],
    }
    parameters {
        input: Value = ParameterSpec::new("InputObject").allow_null().allow_empty().sets(&[SetMembership::of("").by_value()]),
        begin: Option<Rc<ScriptBlock>> = ParameterSpec::new("Begin").sets(&[BLOCKS]),
        process: Vec<Option<Rc<ScriptBlock>>> = ParameterSpec::new("Process").allow_null().allow_empty()
            .sets(&[BLOCKS.mandatory().position(0)]),
        end: Option<Rc<ScriptBlock>> = ParameterSpec::new("End").sets(&[BLOCKS]),
        remaining: Vec<Option<Rc<ScriptBlock>>> = ParameterSpec::new("RemainingScripts").allow_null().allow_empty()
            .sets(&[BLOCKS.remaining()]),
        member: Str = ParameterSpec::new("MemberName").sets(&[MEMBER.mandatory().position(0)]),
        arguments: Vec<Value> = ParameterSpec::new("ArgumentList").alias(&["Args"]).sets(&[MEMBER.remaining()]),
        parallel: Option<Rc<ScriptBlock>> = ParameterSpec::new("Parallel").sets(&[PARALLEL.mandatory()]),
        throttle: i32 = ParameterSpec::new("ThrottleLimit").validate(&[Validation::Range(1.0, 2_147_483_647.0)]).sets(&[PARALLEL]),
        timeout: i32 = ParameterSpec::new("TimeoutSeconds").validate(&[Validation::Range(0.0, 2_147_483.0)]).sets(&[PARALLEL]),
        as_job: Switch = ParameterSpec::new("AsJob").sets(&[PARALLEL]),
        new_runspace: Switch = ParameterSpec::new("UseNewRunspace").sets(&[PARALLEL]),
    }
    state {
        first: Option<Rc<ScriptBlock>>, each: Vec<Rc<ScriptBlock>>, last: Option<Rc<ScriptBlock>>, sorted: bool,
        running: Option<Parallel>,
    }
}

impl ForEachObject {
    /// Which block is for what: of several positional blocks the first is `-Begin` and, of three or more, the last `-End`.
    fn sort_blocks(&mut self) {
        if std::mem::replace(&mut self.sorted, true) {
            return;
        }
        let given = self.process.iter().chain(&self.remaining).flatten();
        let mut blocks: std::collections::VecDeque<_> = given.cloned().collect();
        self.first = self.begin.clone();
        self.last = self.end.clone();
        if self.first.is_none() && blocks.len() > 1 {
            self.first = blocks.pop_front();
        }
        if self.last.is_none() && blocks.len() > 1 {
            self.last = blocks.pop_back();
        }
        self.each = blocks.into();
    }

    /// The member of this name: a method called with the arguments, or a property's value.
    fn take_member(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let target = self.input.clone();
        if target.is_null() {
            return self.take_from_nothing(run);
        }
        if !self.arguments.is_empty() {
            return self.call_method(run, &target);
        }
        if let Some(entry) = dictionary_entry(run, &target, &self.member)? {
            return self.write_property(run, &target, &self.member.clone(), entry);
        }
        let name = match member_name(&target, &self.member, true)? {
            Named::One(name) => name,
            Named::Several(names) => {
                return run.error(ambiguous("AmbiguousPropertyOrMethodName", &self.member, &names, target));
            }
        };
        if let Some(value) = members::get(run.session, &target, &name)?
            && !TypeRef::of(&value).name().starts_with("System.Management.Automation.PSMethod")
        {
            return self.write_property(run, &target, &name, value);
        }
        if has_method(&target, &name) {
            return self.call_and_write(run, &target, &name);
        }
        if !run.should_process(&described(&target), &format!("Retrieve the value for property '{name}'"))? {
            return Ok(());
        }
        match run.session.strict_mode() {
            0 | 1 => run.write(Value::Null),
            _ => run.error(member_fault(
                "PropertyOrMethodNotFound",
                format!("the object has no member '{name}'"),
                target,
            )),
        }
    }

    fn take_from_nothing(&self, run: &mut Invocation<'_>) -> Outcome<()> {
        if !self.arguments.is_empty() {
            let message = format!("the method '{}' cannot be called: the object is null", self.member);
            return run.error(member_fault("InvokeMethodOnNull", message, Value::Null));
        }
        match run.session.strict_mode() {
            0 | 1 => run.write(Value::Null),
            _ => run.error(member_fault("InputObjectIsNull", "the object is null".to_owned(), Value::Null)),
        }
    }

    fn write_property(&self, run: &mut Invocation<'_>, target: &Value, name: &str, value: Value) -> Outcome<()> {
        let action = format!("Retrieve the value for property '{name}'");
        if run.should_process(&described(target), &action)? { run.write_enumerated(value) } else { Ok(()) }
    }

    fn call_method(&self, run: &mut Invocation<'_>, target: &Value) -> Outcome<()> {
        let name = match member_name(target, &self.member, false)? {
            Named::One(name) => name,
            Named::Several(names) => {
                return run.error(ambiguous("AmbiguousMethodName", &self.member, &names, target.clone()));
            }
        };
        if !has_method(target, &name) {
            let message = format!("the object has no method '{name}'");
            return run.error(member_fault("MethodNotFound", message, target.clone()));
        }
        self.call_and_write(run, target, &name)
    }

    fn call_and_write(&self, run: &mut Invocation<'_>, target: &Value, name: &str) -> Outcome<()> {
        if !run.should_process(&described(target), &format!("Invoke method '{name}'"))? {
            return Ok(());
        }
        match members::call(run.session, target, name, self.arguments.clone()) {
            Ok(Value::Nothing) => Ok(()),
            Ok(value) => run.write_enumerated(value),
            Err(unwind) => {
                let category = ErrorCategory::InvalidOperation;
                run.error_about(unwind, "MethodInvocationError", category, target.clone())
            }
        }
    }
}

impl Cmdlet for ForEachObject {
    fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if self.member.is_empty() && (run.is_bound("WhatIf") || run.is_bound("Confirm")) {
            let message = "-WhatIf and -Confirm work with a member's name, not with a block";
            return Fault::new("NoShouldProcessForScriptBlockSet", message)
                .exception("System.InvalidOperationException")
                .err();
        }
        if let Some(block) = self.parallel.clone() {
            let throttle = if run.is_bound("ThrottleLimit") { self.throttle } else { DEFAULT_THROTTLE };
            let wanted = Wanted {
                block,
                throttle,
                timeout: self.timeout,
                as_job: self.as_job.0,
                new_session: self.new_runspace.0,
            };
            self.running = Some(Parallel::begin(run, &wanted)?);
            return Ok(());
        }
        self.sort_blocks();
        match self.first.clone() {
            Some(block) => run.session.run_in_current_scope(&block, Some(Value::Null), &[], run.out),
            None => Ok(()),
        }
    }

    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if let Some(parallel) = &mut self.running {
            return parallel.accept(run, self.input.clone());
        }
        if !self.member.is_empty() {
            return self.take_member(run);
        }
        for block in &self.each {
            run.run_block(block, self.input.clone())?;
        }
        Ok(())
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if let Some(parallel) = self.running.take() {
            return parallel.finish(run);
        }
        match self.last.clone() {
            Some(block) => run.session.run_in_current_scope(&block, Some(Value::Null), &[], run.out),
            None => Ok(()),
        }
    }
}

/// What a written member name means on an object.
pub(super) enum Named {
    /// This member; or the name as written, where nothing matches it.
    One(Str),
    /// More than one match.
    Several(Vec<Str>),
}

/// A member's name, where it is written with wildcards: the one that matches. Properties are looked at on demand only.
pub(super) fn member_name(target: &Value, written: &Str, properties: bool) -> Outcome<Named> {
    if !wildcard::has_wildcard(written) {
        return Ok(Named::One(written.clone()));
    }
    let pattern = wildcard::Wildcard::new(written, false)?;
    let mut matching: Vec<Str> = if properties { members::property_names(target) } else { Vec::new() };
    matching.extend(members::methods(target).into_iter().map(|(entry, _)| entry.name));
    matching.retain(|name| pattern.matches(name));
    Ok(match matching.len() {
        0 => Named::One(written.clone()),
        1 => Named::One(matching.remove(0)),
        _ => Named::Several(matching),
    })
}

fn has_method(target: &Value, name: &str) -> bool {
    members::methods(target).iter().any(|(entry, _)| entry.name.eq_ignore_ascii_case(name))
}

/// The entry of a dictionary under this very name.
pub(super) fn dictionary_entry(run: &mut Invocation<'_>, target: &Value, name: &Str) -> Outcome<Option<Value>> {
    match members::bare(target) {
        Value::Hashtable(table) => Ok(table.get_text(name)),
        Value::Native(native) if native.data.dictionary().is_some() => members::get(run.session, target, name),
        _ => Ok(None),
    }
}

/// An error about a parameter that names a member.
pub(super) fn member_fault(id: &'static str, message: String, target: Value) -> Fault {
    Fault::new(id, message)
        .category(ErrorCategory::InvalidArgument)
        .exception("System.Management.Automation.PSArgumentException")
        .target(target)
}

/// Several members fit a pattern.
pub(super) fn ambiguous(id: &'static str, written: &str, names: &[Str], target: Value) -> Fault {
    let names: Vec<&str> = names.iter().map(Str::as_str).collect();
    member_fault(id, format!("several members fit '{written}': {}; write the whole name", names.join(", ")), target)
}

/// An object as `-WhatIf` names it.
fn described(target: &Value) -> String {
    format!("InputObject: {}", convert::to_text(target))
}
