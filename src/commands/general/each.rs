//! What is done with each object of a pipeline: `ForEach-Object`, `Where-Object`.

use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Slot};
use crate::syntax::{BinaryOperator, CaseSensitivity, Comparison};
use crate::value::{Fault, Outcome, ScriptBlock, Str, TypeRef, Unwind, Value, convert, members, operators, wildcard};
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// This family.
pub const CMDLETS: &[&CmdletSpec] = &[&ForEachObject::SPEC, &WhereObject::SPEC];

const BLOCKS: SetMembership = SetMembership::of("ScriptBlockSet");
const MEMBER: SetMembership = SetMembership::of("PropertyAndMethodSet");
const PARALLEL: SetMembership = SetMembership::of("ParallelParameterSet");

cmdlet! {
    /// `ForEach-Object`.
    pub struct ForEachObject = "ForEach-Object", class "Microsoft.PowerShell.Commands.ForEachObjectCommand",
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
        throttle: i32 = ParameterSpec::new("ThrottleLimit").sets(&[PARALLEL]),
        timeout: i32 = ParameterSpec::new("TimeoutSeconds").sets(&[PARALLEL]),
        as_job: Switch = ParameterSpec::new("AsJob").sets(&[PARALLEL]),
        new_runspace: Switch = ParameterSpec::new("UseNewRunspace").sets(&[PARALLEL]),
    }
    state { first: Option<Rc<ScriptBlock>>, each: Vec<Rc<ScriptBlock>>, last: Option<Rc<ScriptBlock>>, sorted: bool }
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

    fn take_member(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let target = self.input.clone();
        if target.is_null() {
            return Ok(());
        }
        let name = resolve_name(&target, &self.member)?;
        if self.arguments.is_empty()
            && let Some(value) = members::get(run.session, &target, &name)?
            && !TypeRef::of(&value).name().starts_with("System.Management.Automation.PSMethod")
        {
            return run.write_enumerated(value);
        }
        let has_method = members::methods(&target).iter().any(|(entry, _)| entry.name.eq_ignore_ascii_case(&name));
        if has_method || !self.arguments.is_empty() {
            let value = members::call(run.session, &target, &name, self.arguments.clone())?;
            return if matches!(value, Value::Nothing) { Ok(()) } else { run.write_enumerated(value) };
        }
        run.write(Value::Null)
    }

    /// `-Parallel`: the blocks take turns here; each has a scope of its own and sees the caller's through `$using:`.
    fn run_parallel(&mut self, run: &mut Invocation<'_>, block: &Rc<ScriptBlock>) -> Outcome<()> {
        let captured = Rc::new(visible_variables(run));
        let outer = run.session.using.replace(captured);
        let result = run.session.run_block_with(block, &[], Some(self.input.clone()), run.out);
        run.session.using = outer;
        match result {
            Err(error @ Unwind::Control(_)) => Err(error),
            Err(error) => run.session.write_error(error, run.context, run.out),
            Ok(()) => Ok(()),
        }
    }
}

impl Cmdlet for ForEachObject {
    fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        self.sort_blocks();
        match self.first.clone() {
            Some(block) => run.session.run_in_current_scope(&block, Some(Value::Null), &[], run.out),
            None => Ok(()),
        }
    }

    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if let Some(block) = self.parallel.clone() {
            return self.run_parallel(run, &block);
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
        match self.last.clone() {
            Some(block) => run.session.run_in_current_scope(&block, Some(Value::Null), &[], run.out),
            None => Ok(()),
        }
    }
}

/// The variables that the running code sees, nearest first.
fn visible_variables(run: &Invocation<'_>) -> FxHashMap<crate::runtime::Symbol, Value> {
    let mut found = FxHashMap::default();
    let mut frame = Some(run.session.frame.clone());
    while let Some(at) = frame {
        for (name, slot) in at.variables() {
            let value = match slot {
                Slot::Plain(value) => value,
                Slot::Boxed(variable) => variable.get(),
                Slot::Unset => continue,
            };
            found.entry(name).or_insert(value);
        }
        frame = at.parent.clone();
    }
    found
}

/// A member's name, where it is written with wildcards: the one that matches.
fn resolve_name(target: &Value, written: &Str) -> Outcome<Str> {
    if !written.contains(['*', '?', '[']) {
        return Ok(written.clone());
    }
    let pattern = wildcard::Wildcard::new(written, false)?;
    let mut matching: Vec<Str> =
        members::property_names(target).into_iter().filter(|name| pattern.matches(name)).collect();
    match (matching.pop(), matching.is_empty()) {
        (Some(name), true) => Ok(name),
        (Some(_), false) => Fault::new(
            "AmbiguousPropertyOrMethodName",
            format!("Several members fit '{written}'; write the whole name."),
        )
        .err(),
        (None, _) => Ok(written.clone()),
    }
}

const FILTER: SetMembership = SetMembership::of("ScriptBlockSet");
const COMPARE: SetMembership = SetMembership::of("EqualSet");

cmdlet! {
    /// `Where-Object`.
    pub struct WhereObject = "Where-Object", class "Microsoft.PowerShell.Commands.WhereObjectCommand",
        module "Microsoft.PowerShell.Core" {
        default_set: Some("EqualSet"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Passes on the objects that meet a condition.",
        examples: &[("1..5 | Where-Object { $_ -gt 3 }", "4\n5\n"), ("'a', 'bcd' | Where-Object Length -gt 1", "bcd\n")], outputs: &[],
    }
    parameters {
        input: Value = ParameterSpec::new("InputObject").allow_null().allow_empty().sets(&[SetMembership::of("").by_value()]),
        filter: Option<Rc<ScriptBlock>> = ParameterSpec::new("FilterScript").sets(&[FILTER.mandatory().position(0)]),
        property: Str = ParameterSpec::new("Property").sets(&[COMPARE.mandatory().position(0)]),
        value: Value = ParameterSpec::new("Value").allow_null().allow_empty().sets(&[COMPARE.position(1)]),
        eq: Switch = ParameterSpec::new("EQ").alias(&["IEQ"]).sets(&[COMPARE]),
        ceq: Switch = ParameterSpec::new("CEQ").sets(&[COMPARE]),
        ne: Switch = ParameterSpec::new("NE").alias(&["INE"]).sets(&[COMPARE]),
        cne: Switch = ParameterSpec::new("CNE").sets(&[COMPARE]),
        gt: Switch = ParameterSpec::new("GT").alias(&["IGT"]).sets(&[COMPARE]),
        cgt: Switch = ParameterSpec::new("CGT").sets(&[COMPARE]),
        lt: Switch = ParameterSpec::new("LT").alias(&["ILT"]).sets(&[COMPARE]),
        clt: Switch = ParameterSpec::new("CLT").sets(&[COMPARE]),
        ge: Switch = ParameterSpec::new("GE").alias(&["IGE"]).sets(&[COMPARE]),
        cge: Switch = ParameterSpec::new("CGE").sets(&[COMPARE]),
        le: Switch = ParameterSpec::new("LE").alias(&["ILE"]).sets(&[COMPARE]),
        cle: Switch = ParameterSpec::new("CLE").sets(&[COMPARE]),
        like: Switch = ParameterSpec::new("Like").alias(&["ILike"]).sets(&[COMPARE]),
        clike: Switch = ParameterSpec::new("CLike").sets(&[COMPARE]),
        notlike: Switch = ParameterSpec::new("NotLike").alias(&["INotLike"]).sets(&[COMPARE]),
        cnotlike: Switch = ParameterSpec::new("CNotLike").sets(&[COMPARE]),
        matches: Switch = ParameterSpec::new("Match").alias(&["IMatch"]).sets(&[COMPARE]),
        cmatch: Switch = ParameterSpec::new("CMatch").sets(&[COMPARE]),
        notmatch: Switch = ParameterSpec::new("NotMatch").alias(&["INotMatch"]).sets(&[COMPARE]),
        cnotmatch: Switch = ParameterSpec::new("CNotMatch").sets(&[COMPARE]),
        contains: Switch = ParameterSpec::new("Contains").alias(&["IContains"]).sets(&[COMPARE]),
        ccontains: Switch = ParameterSpec::new("CContains").sets(&[COMPARE]),
        notcontains: Switch = ParameterSpec::new("NotContains").alias(&["INotContains"]).sets(&[COMPARE]),
        cnotcontains: Switch = ParameterSpec::new("CNotContains").sets(&[COMPARE]),
        within: Switch = ParameterSpec::new("In").alias(&["IIn"]).sets(&[COMPARE]),
        cin: Switch = ParameterSpec::new("CIn").sets(&[COMPARE]),
        notin: Switch = ParameterSpec::new("NotIn").alias(&["INotIn"]).sets(&[COMPARE]),
        cnotin: Switch = ParameterSpec::new("CNotIn").sets(&[COMPARE]),
        is: Switch = ParameterSpec::new("Is").sets(&[COMPARE]),
        isnot: Switch = ParameterSpec::new("IsNot").sets(&[COMPARE]),
        not: Switch = ParameterSpec::new("Not").sets(&[COMPARE]),
    }
    state { operator: Option<BinaryOperator> }
}

impl WhereObject {
    /// The operator whose switch was given.
    fn chosen(&self) -> Option<BinaryOperator> {
        use CaseSensitivity::{Insensitive, Sensitive};
        use Comparison::*;
        let comparisons = [
            (self.eq, Equal, Insensitive),
            (self.ceq, Equal, Sensitive),
            (self.ne, NotEqual, Insensitive),
            (self.cne, NotEqual, Sensitive),
            (self.gt, Greater, Insensitive),
            (self.cgt, Greater, Sensitive),
            (self.lt, Less, Insensitive),
            (self.clt, Less, Sensitive),
            (self.ge, GreaterOrEqual, Insensitive),
            (self.cge, GreaterOrEqual, Sensitive),
            (self.le, LessOrEqual, Insensitive),
            (self.cle, LessOrEqual, Sensitive),
            (self.like, Like, Insensitive),
            (self.clike, Like, Sensitive),
            (self.notlike, NotLike, Insensitive),
            (self.cnotlike, NotLike, Sensitive),
            (self.matches, Match, Insensitive),
            (self.cmatch, Match, Sensitive),
            (self.notmatch, NotMatch, Insensitive),
            (self.cnotmatch, NotMatch, Sensitive),
            (self.contains, Contains, Insensitive),
            (self.ccontains, Contains, Sensitive),
            (self.notcontains, NotContains, Insensitive),
            (self.cnotcontains, NotContains, Sensitive),
            (self.within, In, Insensitive),
            (self.cin, In, Sensitive),
            (self.notin, NotIn, Insensitive),
            (self.cnotin, NotIn, Sensitive),
        ];
        let found = comparisons.into_iter().find(|(given, ..)| given.0);
        match found {
            Some((_, comparison, case)) => Some(BinaryOperator::Compare(comparison, case)),
            None if self.is.0 => Some(BinaryOperator::Is),
            None if self.isnot.0 => Some(BinaryOperator::IsNot),
            None => None,
        }
    }

    fn holds(&mut self, run: &mut Invocation<'_>) -> Outcome<bool> {
        if let Some(block) = self.filter.clone() {
            return Ok(convert::to_bool(&run.evaluate_block(&block, self.input.clone())?));
        }
        let name = resolve_name(&self.input, &self.property)?;
        let found = match self.input.is_null() {
            true => Value::Null,
            false => members::get(run.session, &self.input.clone(), &name)?.unwrap_or(Value::Null),
        };
        match self.operator {
            Some(operator) => Ok(convert::to_bool(&operators::binary(run.session, operator, &found, &self.value)?)),
            None => Ok(convert::to_bool(&found) != self.not.0),
        }
    }
}

impl Cmdlet for WhereObject {
    fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        self.operator = self.chosen();
        if self.operator.is_none() && run.is_bound("Value") {
            self.operator = Some(BinaryOperator::Compare(Comparison::Equal, CaseSensitivity::Insensitive));
        }
        Ok(())
    }

    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if !run.expects_input() && !run.is_bound("InputObject") {
            return Ok(());
        }
        if self.holds(run)? { run.write(self.input.clone()) } else { Ok(()) }
    }
}
