//! `Where-Object`: passes on the objects that meet a condition, given as a block or as a comparison of a property.

use super::each::{Named, ambiguous, dictionary_entry, member_fault, member_name};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership};
use crate::syntax::{BinaryOperator, CaseSensitivity, Comparison};
use crate::value::{ErrorCategory, Outcome, ScriptBlock, Str, TypeRef, Unwind, Value, convert, members};
use std::rc::Rc;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] = &[&WhereObject::SPEC];

const FILTER: SetMembership = SetMembership::of("ScriptBlockSet");
const COMPARE: SetMembership = SetMembership::of("EqualSet");

cmdlet! {
    /// `Where-Object`.
    pub(crate) struct WhereObject = "Where-Object", class "Microsoft.PowerShell.Commands.WhereObjectCommand",
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

    /// `Some(true)` where the object meets the condition; `None` where the question went wrong and that was said.
    fn holds(&mut self, run: &mut Invocation<'_>) -> Outcome<Option<bool>> {
        if let Some(block) = self.filter.clone() {
            return Ok(Some(convert::to_bool(&run.evaluate_block(&block, self.input.clone())?)));
        }
        self.check(run)?;
        let Some(found) = self.property_value(run)? else { return Ok(None) };
        let Some(operator) = self.operator else { return Ok(Some(convert::to_bool(&found) != self.not.0)) };
        match run.session.apply(operator, &found, &self.value) {
            Ok(answer) => Ok(Some(convert::to_bool(&answer))),
            Err(unwind @ Unwind::Control(_)) => Err(unwind),
            Err(unwind) => {
                run.error_about(unwind, "OperatorFailed", ErrorCategory::InvalidOperation, self.input.clone())?;
                Ok(None)
            }
        }
    }

    /// A comparison needs both an operator and a value.
    fn check(&self, run: &Invocation<'_>) -> Outcome<()> {
        match (self.operator.is_some(), run.is_bound("Value")) {
            (true, false) => {
                let message = "the operator needs something to compare with; give -Value".to_owned();
                member_fault("ValueNotSpecifiedForWhereObject", message, Value::Null).err()
            }
            (false, true) if !self.not.0 => {
                let message = "there is a value, and nothing says how to compare with it; give an operator such as -EQ";
                member_fault("OperatorNotSpecified", message.to_owned(), Value::Null).err()
            }
            _ => Ok(()),
        }
    }

    fn property_value(&self, run: &mut Invocation<'_>) -> Outcome<Option<Value>> {
        let strict = run.session.strict_mode() >= 2;
        let target = self.input.clone();
        if target.is_null() {
            if strict {
                run.error(member_fault("InputObjectIsNull", "the object is null".to_owned(), Value::Null))?;
                return Ok(None);
            }
            return Ok(Some(Value::Null));
        }
        if let Some(entry) = dictionary_entry(run, &target, &self.property)? {
            return Ok(Some(entry));
        }
        let name = match member_name(&target, &self.property, true)? {
            Named::One(name) => name,
            Named::Several(names) => {
                run.error(ambiguous("AmbiguousPropertyOrMethodName", &self.property, &names, target))?;
                return Ok(None);
            }
        };
        match members::get(run.session, &target, &name) {
            Ok(Some(found)) => Ok(Some(found)),
            Ok(None) if strict => {
                let message = format!("the object has no property '{name}'");
                run.error(member_fault("PropertyNotFound", message, target))?;
                Ok(None)
            }
            Ok(None) | Err(Unwind::Fault(_) | Unwind::Error(_)) => Ok(Some(Value::Null)),
            Err(unwind) => Err(unwind),
        }
    }

    /// A type may be written in brackets, as in scripts.
    fn read_type(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if let Value::Str(text) = &self.value {
            let name = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
            self.value = convert::to(run.session, &Value::str(name), TypeRef::TYPE)?;
        }
        Ok(())
    }
}

impl Cmdlet for WhereObject {
    fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        self.operator = self.chosen();
        if self.is.0 || self.isnot.0 { self.read_type(run) } else { Ok(()) }
    }

    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if !run.expects_input() && !run.is_bound("InputObject") {
            return Ok(());
        }
        if self.holds(run)? == Some(true) { run.write(self.input.clone()) } else { Ok(()) }
    }
}
