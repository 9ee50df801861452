//! `Sort-Object`: keys are read once per object, then numbers of places are sorted by them.

use super::picking::{SORT_KEYS, value_or_report};
use crate::cmdlet;
use crate::format::expression::{Expression, Selector};
use crate::format::object;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation};
use crate::value::introsort::introsort;
use crate::value::{Outcome, Str, Value, collate, compare, convert};
use std::cmp::Ordering;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] = &[&SortObject::SPEC];

const ONE_OR_MORE: &[Validation] = &[Validation::Range(1.0, 2_147_483_647.0)];

cmdlet! {
    /// `Sort-Object`.
    pub(crate) struct SortObject = "Sort-Object", class "Microsoft.PowerShell.Commands.SortObjectCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("Default"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Sorts objects by themselves or by properties.",
        examples: &[("3, 1, 2 | Sort-Object", "1\n2\n3\n")], outputs: &[],
    }
    parameters {
        stable: Switch = ParameterSpec::new("Stable").sets(&[SetMembership::of("Default")]),
        descending: Switch = ParameterSpec::new("Descending"),
        unique: Switch = ParameterSpec::new("Unique"),
        top: Option<usize> = ParameterSpec::new("Top").sets(&[SetMembership::of("Top").mandatory()]).validate(ONE_OR_MORE),
        bottom: Option<usize> = ParameterSpec::new("Bottom").sets(&[SetMembership::of("Bottom").mandatory()]).validate(ONE_OR_MORE),
        input: Option<Value> = ParameterSpec::new("InputObject").sets(&[SetMembership::of("").by_value()]).allow_null(),
        property: Vec<Value> = ParameterSpec::new("Property").sets(&[SetMembership::of("").position(0)]),
        culture: Option<Str> = ParameterSpec::new("Culture"),
        case_sensitive: Switch = ParameterSpec::new("CaseSensitive"),
    }
    state { items: Vec<Value> }
}

/// One key of every object.
struct KeyColumn {
    values: Keys,
    descending: bool,
}

/// The keys of all objects, unboxed where they are all of a kind.
enum Keys {
    Numbers(Vec<i64>),
    Values(Vec<Value>),
}

impl KeyColumn {
    fn new(values: Vec<Value>, descending: bool) -> Self {
        let numbers: Option<Vec<i64>> = values
            .iter()
            .map(|value| if let Value::I32(number) = value { Some(i64::from(*number)) } else { None })
            .collect();
        KeyColumn { values: numbers.map_or(Keys::Values(values), Keys::Numbers), descending }
    }

    /// True where a key says itself how it compares.
    fn has_own_order(&self) -> bool {
        let own = |value: &Value| matches!(value, Value::Object(object) if object.kind.is_script_class());
        matches!(&self.values, Keys::Values(values) if values.iter().any(own))
    }

    fn order_with(&self, run: &mut Invocation<'_>, left: u32, right: u32, case_sensitive: bool) -> Outcome<Ordering> {
        let order = match &self.values {
            Keys::Values(values) => match (values.get(left as usize), values.get(right as usize)) {
                (Some(left), Some(right)) => order_of(run, left, right, case_sensitive)?,
                _ => Ordering::Equal,
            },
            Keys::Numbers(_) => return Ok(self.order(left, right, case_sensitive)),
        };
        Ok(if self.descending { order.reverse() } else { order })
    }

    fn order(&self, left: u32, right: u32, case_sensitive: bool) -> Ordering {
        let (left, right) = (left as usize, right as usize);
        let order = match &self.values {
            Keys::Numbers(numbers) => numbers[left].cmp(&numbers[right]),
            Keys::Values(values) => match (&values[left], &values[right]) {
                // Objects without the property come last, whichever way the others go.
                (Value::Nothing, Value::Nothing) => return Ordering::Equal,
                (Value::Nothing, _) => return Ordering::Greater,
                (_, Value::Nothing) => return Ordering::Less,
                (left, right) => order_values(left, right, case_sensitive),
            },
        };
        if self.descending { order.reverse() } else { order }
    }
}

/// Order of any two values: null first, kin by their own order, strangers by their texts.
pub(super) fn order_values(left: &Value, right: &Value, case_sensitive: bool) -> Ordering {
    match (left, right) {
        (Value::Str(left), Value::Str(right)) => collate::order(left, right, case_sensitive),
        (Value::Char(left), Value::Char(right)) => left.cmp(right),
        _ => match (left.is_null(), right.is_null()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => compare::order(left, right, case_sensitive)
                .unwrap_or_else(|_| collate::order(&convert::to_text(left), &convert::to_text(right), case_sensitive)),
        },
    }
}

impl SortObject {
    fn keys(&self, run: &mut Invocation<'_>) -> Outcome<Vec<KeyColumn>> {
        if self.property.is_empty() {
            return Ok(vec![KeyColumn::new(self.items.clone(), self.descending.0)]);
        }
        let mut columns = Vec::with_capacity(self.property.len());
        for wanted in &self.property {
            let selector = Selector::read(wanted, SORT_KEYS)?;
            let ascending = selector.entry("ascending").map(convert::to_bool);
            let descending = match (ascending, selector.entry("descending").map(convert::to_bool)) {
                (Some(ascending), Some(descending)) if ascending == descending => self.descending.0,
                (Some(ascending), _) => !ascending,
                (None, Some(descending)) => descending,
                (None, None) => self.descending.0,
            };
            for expression in self.expand(run, &selector)? {
                let mut values = Vec::with_capacity(self.items.len());
                for item in &self.items {
                    values.push(value_or_report(run, item, &expression)?.unwrap_or(Value::Nothing));
                }
                columns.push(KeyColumn::new(values, descending));
            }
        }
        Ok(columns)
    }

    /// A pattern stands for the properties it matches on the first object.
    fn expand(&self, run: &mut Invocation<'_>, selector: &Selector) -> Outcome<Vec<Expression>> {
        match (&selector.expression, self.items.first()) {
            (Expression::Pattern(pattern), Some(first)) => {
                Ok(object::matching_names(run.session, first, pattern)?.into_iter().map(Expression::Name).collect())
            }
            (expression, _) => Ok(vec![expression.clone()]),
        }
    }
}

impl Cmdlet for SortObject {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let item = if run.expects_input() { run.object.cloned() } else { self.input.clone() };
        self.items.extend(item.filter(|item| !item.is_null()));
        Ok(())
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let columns = self.keys(run)?;
        let sensitive = self.case_sensitive.0;
        let count = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        let mut places: Vec<u32> = (0..count).collect();
        if columns.iter().any(KeyColumn::has_own_order) {
            places = self.sorted_by_methods(run, &columns, places)?;
            return self.give(run, places);
        }
        let order = |&left: &u32, &right: &u32| {
            columns
                .iter()
                .map(|column| column.order(left, right, sensitive))
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
        };
        let plain = self.property.is_empty() && columns.iter().all(|column| matches!(column.values, Keys::Numbers(_)));
        if plain || self.stable.0 || self.top.is_some() || self.bottom.is_some() {
            places.sort_by(order);
        } else {
            introsort(&mut places, &mut |left, right| order(left, right));
        }
        if self.unique.0 {
            places.dedup_by(|right, left| order(left, right).is_eq());
        }
        self.give(run, places)
    }
}

impl SortObject {
    /// Writes the items in this order, as many as were asked for.
    fn give(&self, run: &mut Invocation<'_>, mut places: Vec<u32>) -> Outcome<()> {
        if let Some(top) = self.top {
            places.truncate(top);
        }
        if let Some(bottom) = self.bottom {
            places.drain(..places.len().saturating_sub(bottom));
        }
        places.into_iter().try_for_each(|place| run.write(self.items[place as usize].clone()))
    }

    /// The order of keys that are script classes with a `CompareTo` of their own. A merge of our own, since such a
    /// method may fail, and need not be consistent.
    fn sorted_by_methods(
        &self,
        run: &mut Invocation<'_>,
        columns: &[KeyColumn],
        places: Vec<u32>,
    ) -> Outcome<Vec<u32>> {
        let mut compare = |run: &mut Invocation<'_>, left: u32, right: u32| -> Outcome<Ordering> {
            for column in columns {
                let order = column.order_with(run, left, right, self.case_sensitive.0)?;
                if order.is_ne() {
                    return Ok(order);
                }
            }
            Ok(Ordering::Equal)
        };
        let mut sorted = merge_sorted(run, places, &mut compare)?;
        if self.unique.0 {
            let mut kept: Vec<u32> = Vec::with_capacity(sorted.len());
            for place in sorted {
                let repeated = match kept.last() {
                    Some(last) => compare(run, *last, place)?.is_eq(),
                    None => false,
                };
                if !repeated {
                    kept.push(place);
                }
            }
            sorted = kept;
        }
        Ok(sorted)
    }
}

type Compare<'f> = dyn FnMut(&mut Invocation<'_>, u32, u32) -> Outcome<Ordering> + 'f;

/// A stable merge sort whose comparison may fail.
fn merge_sorted(run: &mut Invocation<'_>, places: Vec<u32>, compare: &mut Compare<'_>) -> Outcome<Vec<u32>> {
    if places.len() < 2 {
        return Ok(places);
    }
    let mut left = places;
    let right = left.split_off(left.len() / 2);
    let left = merge_sorted(run, left, compare)?;
    let right = merge_sorted(run, right, compare)?;
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let first = if compare(run, *a, *b)?.is_gt() { &mut right } else { &mut left };
        merged.extend(first.next());
    }
    merged.extend(left);
    merged.extend(right);
    Ok(merged)
}

/// The order of two values with an engine at hand; what has none is ordered by its text.
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
