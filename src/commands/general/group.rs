//! `Group-Object`: objects with equal keys together, groups in the order of their keys.

use super::picking::{PLAIN_KEYS, value_or_report};
use super::sort::order_values;
use crate::cmdlet;
use crate::format::expression::Selector;
use crate::format::object;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership};
use crate::value::members::library::list;
use crate::value::{
    ErrorCategory, ExtensionSlot, Fault, Hashtable, Key, Outcome, PsObject, Shape, Str, TypeRef, Value, convert,
};
use indexmap::IndexMap;
use smallvec::SmallVec;
use std::cmp::Ordering;
use std::rc::Rc;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] = &[&GroupObject::SPEC];

cmdlet! {
    /// `Group-Object`.
    pub(crate) struct GroupObject = "Group-Object", class "Microsoft.PowerShell.Commands.GroupObjectCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Puts objects with the same properties together.",
        examples: &[("('a', 'b', 'a' | Group-Object).Count", "2\n1\n")],
        outputs: &["Microsoft.PowerShell.Commands.GroupInfo", "System.Collections.Hashtable"],
    }
    parameters {
        no_element: Switch = ParameterSpec::new("NoElement"),
        as_hash_table: Switch = ParameterSpec::new("AsHashTable").alias(&["AHT"]).sets(&[SetMembership::of("HashTable")]),
        as_string: Switch = ParameterSpec::new("AsString").sets(&[SetMembership::of("HashTable")]),
        input: Option<Value> = ParameterSpec::new("InputObject").sets(&[SetMembership::of("").by_value()]).allow_null(),
        property: Vec<Value> = ParameterSpec::new("Property").sets(&[SetMembership::of("").position(0)]),
        culture: Option<Str> = ParameterSpec::new("Culture"),
        case_sensitive: Switch = ParameterSpec::new("CaseSensitive"),
    }
    state { selectors: Vec<Selector>, groups: IndexMap<Keys, Group, rustc_hash::FxBuildHasher>, types: SmallVec<[Option<TypeRef>; 2]>, mixed: bool }
}

type Keys = SmallVec<[Key; 2]>;

/// Objects with equal keys.
struct Group {
    values: SmallVec<[Value; 2]>,
    items: Vec<Value>,
    count: i32,
}

impl Cmdlet for GroupObject {
    fn begin(&mut self, _: &mut Invocation<'_>) -> Outcome<()> {
        self.selectors = self.property.iter().map(|value| Selector::read(value, PLAIN_KEYS)).collect::<Outcome<_>>()?;
        self.check()
    }

    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let item = if run.expects_input() { run.object.cloned() } else { self.input.clone() };
        let Some(item) = item.filter(|item| !item.is_null()) else { return Ok(()) };
        let mut values: SmallVec<[Value; 2]> = SmallVec::new();
        for selector in &self.selectors {
            values.push(value_or_report(run, &item, &selector.expression)?.unwrap_or(Value::Null));
        }
        if self.selectors.is_empty() {
            values.push(item.clone());
        }
        self.note_types(&values);
        let keys: Keys = values.iter().map(|value| key_of(value, self.case_sensitive.0)).collect();
        let group = self.groups.entry(keys).or_insert_with(|| Group { values, items: Vec::new(), count: 0 });
        group.count += 1;
        if !self.no_element.0 || self.as_hash_table.0 {
            group.items.push(item);
        }
        Ok(())
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let sensitive = self.case_sensitive.0;
        let mut groups: Vec<Group> = std::mem::take(&mut self.groups).into_values().collect();
        // Keys of different types have no common order: their groups stay as they came.
        let order = |left: &Group, right: &Group| {
            let pairs = left.values.iter().zip(&right.values);
            pairs
                .map(|(left, right)| order_values(left, right, sensitive))
                .find(|o| o.is_ne())
                .unwrap_or(Ordering::Equal)
        };
        if !self.mixed {
            groups.sort_by(order);
        }
        if self.as_hash_table.0 { self.write_table(run, groups) } else { self.write_groups(run, groups) }
    }
}

impl GroupObject {
    fn check(&self) -> Outcome<()> {
        let message = match (self.as_hash_table.0, self.as_string.0) {
            (false, true) => "-AsString is about the keys of a table; give -AsHashTable as well",
            (true, false) if self.property.len() > 1 => {
                "a table has one key for each group; group by one property, or give -AsString"
            }
            _ => return Ok(()),
        };
        Fault::new("ArgumentException", message)
            .category(ErrorCategory::InvalidArgument)
            .exception("System.ArgumentException")
            .err()
    }

    /// Notices where a key is of another type than it was before.
    fn note_types(&mut self, values: &[Value]) {
        self.types.resize(values.len(), None);
        for (known, value) in self.types.iter_mut().zip(values).filter(|(_, value)| !value.is_null()) {
            let kind = TypeRef::of(value);
            self.mixed |= known.is_some_and(|known| known != kind);
            *known = Some(kind);
        }
    }

    fn write_table(&self, run: &mut Invocation<'_>, groups: Vec<Group>) -> Outcome<()> {
        if groups.is_empty() {
            return Ok(());
        }
        let table = Hashtable::empty(false, self.case_sensitive.0);
        for group in groups {
            let key = match group.values.first() {
                Some(value) if !self.as_string.0 && group.values.len() == 1 => value.clone(),
                _ => Value::Str(name(run, &group)?),
            };
            table.insert(key, list::collection(group.items));
        }
        run.write(Value::Hashtable(table))
    }

    fn write_groups(&self, run: &mut Invocation<'_>, groups: Vec<Group>) -> Outcome<()> {
        let shape = Rc::new(Shape { names: ["Values", "Count", "Group", "Name"].map(Str::from).to_vec() });
        let kind = if self.no_element.0 { TypeRef::GROUP_INFO_NO_ELEMENT } else { TypeRef::GROUP_INFO };
        for group in groups {
            let name = name(run, &group)?;
            let values = vec![
                list::List::value(TypeRef::ARRAYLIST, group.values.into_vec()),
                Value::I32(group.count),
                list::collection(group.items),
                Value::Str(name),
            ];
            let info = PsObject {
                kind,
                shape: shape.clone().into(),
                values: values.into(),
                extension: ExtensionSlot::default(),
            };
            run.write(Value::Object(Rc::new(info)))?;
        }
        Ok(())
    }
}

/// Numbers are found by their text, since `1` and `'1'` are equal; lists by the texts of their items.
fn key_of(value: &Value, case_sensitive: bool) -> Key {
    if matches!(value, Value::Array(_)) || TypeRef::of(value).is_number() {
        Key::of(&Value::Str(convert::to_text(value)), case_sensitive)
    } else {
        Key::of(value, case_sensitive)
    }
}

/// The keys' texts.
fn name(run: &mut Invocation<'_>, group: &Group) -> Outcome<Str> {
    let mut texts = Vec::with_capacity(group.values.len());
    for value in &group.values {
        let mut text = String::new();
        object::write_text(run.session, value, -1, false, &mut text)?;
        texts.push(text);
    }
    Ok(Str::from(texts.join(", ")))
}
