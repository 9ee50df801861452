//! `Select-Object`: some of the objects, some of their properties.

use super::alike::{Alike, Keys};
use super::picking::{self, Picker};
use crate::cmdlet;
use crate::format::object;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership};
use crate::value::{ErrorCategory, Fault, Member, Outcome, Str, Value, compare, enumerate, members};
use rustc_hash::FxHashSet;
use std::collections::VecDeque;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] = &[&SelectObject::SPEC];

const ENDS: &[SetMembership] = &[SetMembership::of("DefaultParameter")];
const INDEXES: &[SetMembership] = &[SetMembership::of("IndexParameter")];

cmdlet! {
    /// `Select-Object`.
    pub(crate) struct SelectObject = "Select-Object", class "Microsoft.PowerShell.Commands.SelectObjectCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("DefaultParameter"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Passes on some objects, or new objects with some properties of each.",
        examples: &[("1..5 | Select-Object -First 2", "1\n2\n")], outputs: &["System.Management.Automation.PSCustomObject"],
    }
    parameters {
        input: Option<Value> = ParameterSpec::new("InputObject").sets(&[SetMembership::of("").by_value()]).allow_null(),
        property: Vec<Value> = ParameterSpec::new("Property").sets(&[
            SetMembership::of("DefaultParameter").position(0), SetMembership::of("SkipLastParameter").position(0),
            SetMembership::of("IndexParameter").position(0), SetMembership::of("SkipIndexParameter").position(0)]),
        exclude: Vec<Str> = ParameterSpec::new("ExcludeProperty"),
        expand: Option<Str> = ParameterSpec::new("ExpandProperty"),
        unique: Switch = ParameterSpec::new("Unique"),
        case_insensitive: Switch = ParameterSpec::new("CaseInsensitive"),
        last: Option<usize> = ParameterSpec::new("Last").sets(ENDS),
        first: Option<usize> = ParameterSpec::new("First").sets(ENDS),
        skip: Option<usize> = ParameterSpec::new("Skip").sets(&[SetMembership::of("DefaultParameter"), SetMembership::of("SkipLastParameter")]),
        skip_last: Option<usize> = ParameterSpec::new("SkipLast").sets(&[SetMembership::of("SkipLastParameter")]),
        wait: Switch = ParameterSpec::new("Wait").sets(&[SetMembership::of("DefaultParameter"), SetMembership::of("IndexParameter")]),
        index: Vec<usize> = ParameterSpec::new("Index").sets(INDEXES),
        skip_index: Vec<usize> = ParameterSpec::new("SkipIndex").sets(&[SetMembership::of("SkipIndexParameter")]),
    }
    state { picker: Option<Picker>, seen: usize, sent: usize, waiting: VecDeque<Value>, known: Vec<Value>, alike: Alike, keys: FxHashSet<Keys> }
}

impl SelectObject {
    /// Makes what is asked for of an object and sends it.
    fn send(&mut self, run: &mut Invocation<'_>, item: &Value) -> Outcome<()> {
        if let Some(name) = self.expand.clone() {
            return self.send_expanded(run, item, &name);
        }
        let made = match &mut self.picker {
            Some(picker) => picker.pick(run, item)?,
            None => item.clone(),
        };
        self.write(run, made)
    }

    fn write(&mut self, run: &mut Invocation<'_>, value: Value) -> Outcome<()> {
        if self.unique.0 {
            let sensitive = !self.case_insensitive.0;
            let keys = match &value {
                Value::Object(object) => self.alike.keys(&object.values.borrow(), sensitive),
                single => self.alike.keys(std::slice::from_ref(single), sensitive),
            };
            let known = match keys {
                Some(keys) => !self.keys.insert(keys),
                None => self.known.iter().any(|known| same(known, &value, sensitive)),
            };
            if known {
                return Ok(());
            }
            self.known.push(value.clone());
        }
        run.write(value)
    }

    fn send_expanded(&mut self, run: &mut Invocation<'_>, item: &Value, name: &Str) -> Outcome<()> {
        let names = if name.contains(['*', '?', '[']) {
            object::matching_names(run.session, item, name)?
        } else {
            object::resolve_name(run.session, item, name)?
        };
        let wanted = name;
        let Some(name) = names.first() else {
            let fault = Fault::new("ExpandPropertyNotFound", format!("the object has no property '{name}' to expand"))
                .category(ErrorCategory::InvalidArgument)
                .exception("System.Management.Automation.PSArgumentException")
                .target(item.clone());
            return run.error(fault);
        };
        if names.len() > 1 {
            let message = format!("-ExpandProperty takes one property, and '{wanted}' matches several");
            let fault = Fault::new("MutlipleExpandProperties", message)
                .category(ErrorCategory::InvalidArgument)
                .exception("System.Management.Automation.PSArgumentException")
                .target(item.clone());
            return run.error(fault);
        }
        let value = match object::property(run.session, item, name) {
            Ok(value) => value.unwrap_or_default(),
            Err(unwind) if crate::format::expression::is_error(&unwind) => Value::Null,
            Err(unwind) => return Err(unwind),
        };
        if value.is_null() {
            return Ok(());
        }
        let extra = match &mut self.picker {
            Some(picker) => picker.values(run, item)?,
            None => Vec::new(),
        };
        for part in enumerate(&value).unwrap_or_else(|| vec![value]) {
            let part = extra
                .iter()
                .fold(part, |part, (name, value)| members::add_member(&part, name, Member::Note(value.clone())));
            self.write(run, part)?;
        }
        Ok(())
    }

    /// Takes an object where `-First`, `-Last` and `-Skip` decide.
    fn by_place(&mut self, run: &mut Invocation<'_>, item: Value) -> Outcome<()> {
        let skip = self.skip.unwrap_or(0);
        if (self.last.is_none() || self.first.is_some()) && self.seen <= skip {
            return if self.first == Some(0) && !self.wait.0 { run.stop_upstream() } else { Ok(()) };
        }
        match (self.first, self.last) {
            (None, None) => self.send(run, &item),
            (Some(first), last) if self.sent < first => {
                self.sent += 1;
                self.send(run, &item)?;
                if self.sent == first && last.is_none() && !self.wait.0 { run.stop_upstream() } else { Ok(()) }
            }
            (Some(_), None) if self.wait.0 => Ok(()),
            (Some(_), None) => run.stop_upstream(),
            (first, Some(last)) => {
                self.waiting.push_back(item);
                let most = last + if first.is_some() { 0 } else { skip };
                if self.waiting.len() > most {
                    self.waiting.pop_front();
                }
                Ok(())
            }
        }
    }
}

/// Two objects that `-Unique` takes for one.
fn same(left: &Value, right: &Value, sensitive: bool) -> bool {
    match (left, right) {
        (Value::Object(a), Value::Object(b)) => {
            let (a, b) = (a.values.borrow(), b.values.borrow());
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b, sensitive))
        }
        _ if left.is_null() || right.is_null() => left.is_null() && right.is_null(),
        _ => compare::equals(left, right, sensitive),
    }
}

impl Cmdlet for SelectObject {
    fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let all = [Value::from("*")];
        let wanted = if self.property.is_empty() && !self.exclude.is_empty() { &all[..] } else { &self.property[..] };
        if !wanted.is_empty() {
            self.picker = Some(Picker::new(wanted, &self.exclude, picking::SELECT_KEYS)?);
        }
        let _ = run;
        Ok(())
    }

    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let item = if run.expects_input() { run.object.cloned() } else { self.input.clone() };
        let Some(item) = item.filter(|item| !item.is_null()) else { return Ok(()) };
        self.seen += 1;
        let place = self.seen - 1;
        if run.is_bound("Index") {
            if self.index.contains(&place) {
                self.send(run, &item)?;
            }
            let past = self.index.iter().all(|&index| index <= place);
            return if past && !self.wait.0 { run.stop_upstream() } else { Ok(()) };
        }
        if run.is_bound("SkipIndex") {
            return if self.skip_index.contains(&place) { Ok(()) } else { self.send(run, &item) };
        }
        if let Some(count) = self.skip_last {
            if self.seen <= self.skip.unwrap_or(0) {
                return Ok(());
            }
            self.waiting.push_back(item);
            let ready = if self.waiting.len() > count { self.waiting.pop_front() } else { None };
            return ready.map_or(Ok(()), |item| self.send(run, &item));
        }
        self.by_place(run, item)
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let Some(last) = self.last else { return Ok(()) };
        let mut waiting: Vec<Value> = self.waiting.drain(..).collect();
        if self.first.is_none() {
            waiting.truncate(waiting.len().saturating_sub(self.skip.unwrap_or(0)));
        }
        let from = waiting.len().saturating_sub(last);
        waiting.iter().skip(from).try_for_each(|item| self.send(run, item))
    }
}
