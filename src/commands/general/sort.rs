//! `Sort-Object`: a stable order by any number of properties.

use crate::cmdlet;
use crate::format::expression::{EXPRESSION, Expression, Selector, key};
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership};
use crate::value::{Outcome, Str, Value, compare, convert};
use std::cmp::Ordering;

/// This family.
pub const CMDLETS: &[&CmdletSpec] = &[&SortObject::SPEC];

cmdlet! {
    /// `Sort-Object`.
    pub struct SortObject = "Sort-Object", class "Microsoft.PowerShell.Commands.SortObjectCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Puts objects in order.",
        examples: &[("3, 1, 2 | Sort-Object", "1\n2\n3\n"), ("'bb', 'a' | Sort-Object Length -Descending", "bb\na\n")], outputs: &[],
    }
    parameters {
        input: Value = ParameterSpec::new("InputObject").allow_null().sets(&[SetMembership::of("").by_value()]),
        property: Vec<Value> = ParameterSpec::new("Property").sets(&[SetMembership::of("").position(0)]),
        descending: Switch = ParameterSpec::new("Descending"),
        unique: Switch = ParameterSpec::new("Unique"),
        top: Option<i32> = ParameterSpec::new("Top"),
        bottom: Option<i32> = ParameterSpec::new("Bottom"),
        stable: Switch = ParameterSpec::new("Stable"),
        case_sensitive: Switch = ParameterSpec::new("CaseSensitive"),
        culture: Option<Str> = ParameterSpec::new("Culture"),
    }
    state { objects: Vec<Value> }
}

/// An object with the values it is ordered by; `None` for a property it lacks.
struct Entry {
    object: Value,
    keys: Vec<Option<Value>>,
}

impl Cmdlet for SortObject {
    fn process(&mut self, _: &mut Invocation<'_>) -> Outcome<()> {
        if !self.input.is_null() {
            self.objects.push(self.input.clone());
        }
        Ok(())
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let (selectors, descending) = self.criteria()?;
        let mut entries = Vec::with_capacity(self.objects.len());
        for object in std::mem::take(&mut self.objects) {
            let keys = keys_of(run, &selectors, &object)?;
            entries.push(Entry { object, keys });
        }
        let case_sensitive = self.case_sensitive.0;
        let mut failure = None;
        entries.sort_by(|left, right| {
            compare_keys(run, &left.keys, &right.keys, &descending, case_sensitive).unwrap_or_else(|error| {
                failure.get_or_insert(error);
                Ordering::Equal
            })
        });
        if let Some(error) = failure {
            return Err(error);
        }
        if self.unique.0 {
            let mut kept: Vec<Entry> = Vec::with_capacity(entries.len());
            for entry in entries {
                let same = match kept.last() {
                    Some(last) => {
                        compare_keys(run, &last.keys, &entry.keys, &descending, case_sensitive)? == Ordering::Equal
                    }
                    None => false,
                };
                if !same {
                    kept.push(entry);
                }
            }
            entries = kept;
        }
        let (skip, take) = self.window(entries.len());
        entries.into_iter().skip(skip).take(take).try_for_each(|entry| run.write(entry.object))
    }
}

impl SortObject {
    /// What to order by, and which way for each.
    fn criteria(&self) -> Outcome<(Vec<Selector>, Vec<bool>)> {
        let keys = [EXPRESSION, key("ascending"), key("descending")];
        let mut selectors = Vec::with_capacity(self.property.len());
        for property in &self.property {
            selectors.push(Selector::read(property, &keys)?);
        }
        let direction = |selector: &Selector| {
            let said = |name: &str| selector.entry(name).map(convert::to_bool);
            said("descending").or_else(|| said("ascending").map(|ascending| !ascending)).unwrap_or(self.descending.0)
        };
        let mut descending: Vec<bool> = selectors.iter().map(direction).collect();
        if descending.is_empty() {
            descending.push(self.descending.0);
        }
        Ok((selectors, descending))
    }

    /// How many to leave out at the front, and how many then to give.
    fn window(&self, count: usize) -> (usize, usize) {
        let number = |n: i32| usize::try_from(n).unwrap_or(0);
        match (self.top, self.bottom) {
            (Some(top), _) => (0, number(top)),
            (None, Some(bottom)) => (count.saturating_sub(number(bottom)), number(bottom)),
            (None, None) => (0, count),
        }
    }
}

/// The values an object is ordered by: the object itself where no property is named.
fn keys_of(run: &mut Invocation<'_>, selectors: &[Selector], object: &Value) -> Outcome<Vec<Option<Value>>> {
    if selectors.is_empty() {
        return Ok(vec![Some(object.clone())]);
    }
    let mut keys = Vec::with_capacity(selectors.len());
    for selector in selectors {
        let value = match &selector.expression {
            Expression::Block(block) => Some(run.evaluate_block(block, object.clone())?),
            other => other.value(run.session, object)?,
        };
        keys.push(value.map(|value| if matches!(value, Value::Nothing) { Value::Null } else { value }));
    }
    Ok(keys)
}

/// Key by key; an object that lacks a property comes last, whichever way the order goes.
fn compare_keys(
    run: &mut Invocation<'_>,
    left: &[Option<Value>],
    right: &[Option<Value>],
    descending: &[bool],
    case_sensitive: bool,
) -> Outcome<Ordering> {
    for ((left, right), descending) in left.iter().zip(right).zip(descending) {
        let order = match (left, right) {
            (Some(left), Some(right)) => {
                let order = order_of(run, left, right, case_sensitive)?;
                if *descending { order.reverse() } else { order }
            }
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        if order != Ordering::Equal {
            return Ok(order);
        }
    }
    Ok(Ordering::Equal)
}

/// The order of two values; what has none is ordered by its text.
pub(super) fn order_of(
    run: &mut Invocation<'_>,
    left: &Value,
    right: &Value,
    case_sensitive: bool,
) -> Outcome<Ordering> {
    if let Ok(Some(order)) = compare::order_with(run.session, left, right, case_sensitive) {
        return Ok(order);
    }
    let left = Value::Str(convert::to_text_with(run.session, left, None)?);
    let right = Value::Str(convert::to_text_with(run.session, right, None)?);
    compare::order(&left, &right, case_sensitive)
}
