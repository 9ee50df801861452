//! `Compare-Object`: which objects are on one side only. The two sides are walked together; what does not match
//! waits, for as long as `-SyncWindow` allows, for its match on the other side.

use super::alike::{Alike, Keys};
use super::picking::{PLAIN_KEYS, Picker};
use crate::cmdlet;
use crate::format::expression::Selector;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership};
use crate::value::{
    ExtensionSlot, Member, Outcome, PsObject, Shape, Str, TypeRef, Value, collate, compare, convert, members,
};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::rc::Rc;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] = &[&CompareObject::SPEC];

cmdlet! {
    /// `Compare-Object`.
    pub(crate) struct CompareObject = "Compare-Object", class "Microsoft.PowerShell.Commands.CompareObjectCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Shows which objects two lists do not share.",
        examples: &[("(Compare-Object 1, 2 2, 3).SideIndicator", "=>\n<=\n")], outputs: &["System.Management.Automation.PSCustomObject"],
    }
    parameters {
        reference: Vec<Value> = ParameterSpec::new("ReferenceObject").allow_empty().sets(&[SetMembership::of("").mandatory().position(0)]),
        difference: Vec<Value> = ParameterSpec::new("DifferenceObject").allow_empty().sets(&[SetMembership::of("").mandatory().position(1).by_value()]),
        sync_window: Option<usize> = ParameterSpec::new("SyncWindow"),
        property: Vec<Value> = ParameterSpec::new("Property"),
        exclude_different: Switch = ParameterSpec::new("ExcludeDifferent"),
        include_equal: Switch = ParameterSpec::new("IncludeEqual"),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
        culture: Option<Str> = ParameterSpec::new("Culture"),
        case_sensitive: Switch = ParameterSpec::new("CaseSensitive"),
    }
    state { selectors: Vec<Selector>, seen: usize, alike: Alike, left: Waiting, right: Waiting }
}

/// An object and what it is compared by.
pub(crate) struct Entry {
    object: Value,
    values: Vec<Value>,
    /// What entries that are the same have in common, while types allow it.
    keys: Option<Keys>,
}

/// Entries of one side that wait for their match, in order, each with its number.
#[derive(Default)]
pub(crate) struct Waiting {
    entries: VecDeque<(usize, Entry)>,
    numbers: FxHashMap<Keys, VecDeque<usize>>,
    next: usize,
}

impl Waiting {
    fn push(&mut self, entry: Entry) {
        if let Some(keys) = &entry.keys {
            self.numbers.entry(keys.clone()).or_default().push_back(self.next);
        }
        self.entries.push_back((self.next, entry));
        self.next += 1;
    }

    /// Takes the first entry out that is the same as another. As long as both have keys, all have.
    fn take(&mut self, like: &Entry, same: impl Fn(&Entry) -> bool) -> Option<Entry> {
        let at = match &like.keys {
            Some(keys) => {
                let number = *self.numbers.get(keys)?.front()?;
                self.entries.binary_search_by_key(&number, |(number, _)| *number).ok()?
            }
            None => self.entries.iter().position(|(_, entry)| same(entry))?,
        };
        self.remove(at)
    }

    fn remove(&mut self, at: usize) -> Option<Entry> {
        let (number, entry) = self.entries.remove(at)?;
        if let Some(numbers) = entry.keys.as_ref().and_then(|keys| self.numbers.get_mut(keys)) {
            numbers.retain(|known| *known != number);
        }
        Some(entry)
    }

    /// The oldest entry, where there are more than `window`.
    fn overdue(&mut self, window: usize) -> Option<Entry> {
        if self.entries.len() > window { self.remove(0) } else { None }
    }

    fn drain(&mut self) -> impl Iterator<Item = Entry> + use<> {
        self.numbers.clear();
        std::mem::take(&mut self.entries).into_iter().map(|(_, entry)| entry)
    }
}

const EQUAL: &str = "==";
const REFERENCE: &str = "<=";
const DIFFERENCE: &str = "=>";

impl CompareObject {
    fn entry(&mut self, run: &mut Invocation<'_>, value: &Value) -> Outcome<Entry> {
        let mut values = Vec::with_capacity(self.selectors.len().max(1));
        for selector in &self.selectors {
            values.push(super::picking::value_or_null(run.session, value, &selector.expression)?);
        }
        if self.selectors.is_empty() {
            values.push(value.clone());
        }
        let keys = self.alike.keys(&values, self.case_sensitive.0);
        Ok(Entry { object: value.clone(), values, keys })
    }

    fn same(&self, left: &Entry, right: &Entry) -> bool {
        left.values.iter().zip(&right.values).all(|(left, right)| self.same_value(left, right))
    }

    fn same_value(&self, left: &Value, right: &Value) -> bool {
        if left.is_null() || right.is_null() {
            return left.is_null() && right.is_null();
        }
        let sensitive = self.case_sensitive.0;
        match compare::order(left, right, sensitive) {
            Ok(order) => order.is_eq(),
            Err(_) => collate::equal(&convert::to_text(left), &convert::to_text(right), sensitive),
        }
    }

    fn emit(&self, run: &mut Invocation<'_>, entry: &Entry, side: &str) -> Outcome<()> {
        let wanted = if side == EQUAL { self.include_equal.0 } else { !self.exclude_different.0 };
        if !wanted {
            return Ok(());
        }
        if self.pass_thru.0 {
            return run.write(members::add_member(&entry.object, "SideIndicator", Member::Note(Value::from(side))));
        }
        let mut picked = if self.selectors.is_empty() {
            vec![(Str::from("InputObject"), entry.object.clone())]
        } else {
            Picker::new(&self.property, &[], PLAIN_KEYS)?.values(run, &entry.object)?
        };
        picked.push((Str::from("SideIndicator"), Value::from(side)));
        let (names, values): (Vec<Str>, Vec<Value>) = picked.into_iter().unzip();
        let made = PsObject {
            kind: TypeRef::PSCUSTOMOBJECT,
            shape: Rc::new(Shape { names }).into(),
            values: values.into(),
            extension: ExtensionSlot::default(),
        };
        run.write(Value::Object(Rc::new(made)))
    }

    /// Takes the next of each side.
    fn step(&mut self, run: &mut Invocation<'_>, reference: Option<Entry>, difference: Option<Entry>) -> Outcome<()> {
        let (mut reference, mut difference) = (reference, difference);
        if let (Some(left), Some(right)) = (&reference, &difference)
            && self.same(left, right)
        {
            return self.emit(run, left, EQUAL);
        }
        if let Some(entry) = &difference
            && let Some(found) = self.take_match(true, entry)
        {
            self.emit(run, &found, EQUAL)?;
            difference = None;
        }
        if let Some(entry) = &reference
            && self.take_match(false, entry).is_some()
        {
            self.emit(run, entry, EQUAL)?;
            reference = None;
        }
        let window = self.sync_window.unwrap_or(usize::MAX);
        if let Some(entry) = difference {
            self.right.push(entry);
            if let Some(oldest) = self.right.overdue(window) {
                self.emit(run, &oldest, DIFFERENCE)?;
            }
        }
        if let Some(entry) = reference {
            self.left.push(entry);
            if let Some(oldest) = self.left.overdue(window) {
                self.emit(run, &oldest, REFERENCE)?;
            }
        }
        Ok(())
    }

    /// Takes what waits on the reference side or the other and is the same as an entry.
    fn take_match(&mut self, of_reference: bool, entry: &Entry) -> Option<Entry> {
        let mut side = std::mem::take(if of_reference { &mut self.left } else { &mut self.right });
        let found = side.take(entry, |waiting| self.same(waiting, entry));
        *(if of_reference { &mut self.left } else { &mut self.right }) = side;
        found
    }

    fn next_reference(&mut self, run: &mut Invocation<'_>) -> Outcome<Option<Entry>> {
        let Some(value) = self.reference.get(self.seen).cloned() else { return Ok(None) };
        self.seen += 1;
        self.entry(run, &value).map(Some)
    }
}

impl Cmdlet for CompareObject {
    fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        self.selectors = self.property.iter().map(|value| Selector::read(value, PLAIN_KEYS)).collect::<Outcome<_>>()?;
        if self.exclude_different.0 && !run.is_bound("IncludeEqual") {
            self.include_equal.0 = true;
        }
        Ok(())
    }

    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        for value in std::mem::take(&mut self.difference) {
            let difference = self.entry(run, &value)?;
            let reference = self.next_reference(run)?;
            self.step(run, reference, Some(difference))?;
        }
        Ok(())
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        while let Some(reference) = self.next_reference(run)? {
            self.step(run, Some(reference), None)?;
        }
        for entry in self.right.drain() {
            self.emit(run, &entry, DIFFERENCE)?;
        }
        for entry in self.left.drain() {
            self.emit(run, &entry, REFERENCE)?;
        }
        Ok(())
    }
}
