//! `Get-ItemProperty`, `Get-ItemPropertyValue` and `Set-ItemProperty`.

use super::{LITERAL_ALIASES, LITERAL_SETS, PATH_SETS, places};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::providers::{Expansion, items, objects};
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership};
use crate::value::wildcard::Wildcard;
use crate::value::{ErrorCategory, Fault, Member, Outcome, PsObject, Shape, Str, Value, members};
use std::rc::Rc;

cmdlet! {
    /// `Get-ItemProperty`.
    pub(crate) struct GetItemProperty = "Get-ItemProperty", class "Microsoft.PowerShell.Commands.GetItemPropertyCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some("Path"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Gets the properties of items.", examples: &[], outputs: &[],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path").sets(PATH_SETS),
        literal: Vec<Str> = ParameterSpec::new("LiteralPath").alias(LITERAL_ALIASES).sets(LITERAL_SETS),
        name: Vec<Str> = ParameterSpec::new("Name").alias(&["PSProperty"]).sets(&[SetMembership::of("").position(1)]),
        filter: Option<Str> = ParameterSpec::new("Filter"),
        include: Vec<Str> = ParameterSpec::new("Include"),
        exclude: Vec<Str> = ParameterSpec::new("Exclude"),
    }
    state {}
}

impl Cmdlet for GetItemProperty {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        for place in places(run, &self.path, &self.literal, Expansion::default())? {
            let item = items::object_of(run.session, &place)?;
            if self.name.is_empty() {
                run.write(item)?;
                continue;
            }
            let chosen = chosen_properties(run, &item, &self.name)?;
            if chosen.is_empty() {
                run.error(no_property(&self.name.iter().map(Str::as_str).collect::<Vec<_>>().join(", ")))?;
                continue;
            }
            let (names, values) = chosen.into_iter().unzip();
            let object = PsObject::custom(Rc::new(Shape { names }), values);
            for (name, value) in objects::notes_of(run.session, &place) {
                object.extension.make().borrow_mut().members.insert(Str::from(name), Member::Note(value));
            }
            run.write(Value::Object(object))?;
        }
        Ok(())
    }
}

/// The properties of an item whose names match.
fn chosen_properties(run: &mut Invocation<'_>, item: &Value, names: &[Str]) -> Outcome<Vec<(Str, Value)>> {
    let mut chosen = Vec::new();
    for name in names {
        let wildcard = Wildcard::new(name, false)?;
        if wildcard.is_literal() {
            if let Some(value) = members::get(run.session, item, name)? {
                chosen.push((name.clone(), value));
            }
            continue;
        }
        for known in members::property_names(item) {
            if wildcard.matches(&known) {
                let value = members::get(run.session, item, &known)?.unwrap_or_default();
                chosen.push((known, value));
            }
        }
    }
    Ok(chosen)
}

fn no_property(name: &str) -> Fault {
    Fault::new("System.Management.Automation.PSArgumentException", format!("The item has no property '{name}'."))
        .category(ErrorCategory::InvalidArgument)
        .exception("System.Management.Automation.PSArgumentException")
        .target(name)
}

cmdlet! {
    /// `Get-ItemPropertyValue`.
    pub(crate) struct GetItemPropertyValue = "Get-ItemPropertyValue", class "Microsoft.PowerShell.Commands.GetItemPropertyValueCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some("Path"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Gets what properties of items hold.", examples: &[], outputs: &[],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path").sets(&[SetMembership::of("Path").position(0).by_value().by_property()]),
        literal: Vec<Str> = ParameterSpec::new("LiteralPath").alias(LITERAL_ALIASES).sets(LITERAL_SETS),
        name: Vec<Str> = ParameterSpec::new("Name").alias(&["PSProperty"]).sets(&[SetMembership::of("").mandatory().position(1)]),
    }
    state {}
}

impl Cmdlet for GetItemPropertyValue {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let paths =
            if self.path.is_empty() && self.literal.is_empty() { vec![Str::from(".")] } else { self.path.clone() };
        for place in places(run, &paths, &self.literal, Expansion::default())? {
            let item = items::object_of(run.session, &place)?;
            for name in self.name.clone() {
                let found = chosen_properties(run, &item, std::slice::from_ref(&name))?;
                if found.is_empty() {
                    run.error(no_property(&name))?;
                }
                for (_, value) in found {
                    run.write_enumerated(value)?;
                }
            }
        }
        Ok(())
    }
}

cmdlet! {
    /// `Set-ItemProperty`.
    pub(crate) struct SetItemProperty = "Set-ItemProperty", class "Microsoft.PowerShell.Commands.SetItemPropertyCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some("propertyValuePathSet"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Sets a property of items.", examples: &[], outputs: &[],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path")
            .sets(&[SetMembership::of("propertyValuePathSet").mandatory().position(0).by_value().by_property()]),
        literal: Vec<Str> = ParameterSpec::new("LiteralPath").alias(LITERAL_ALIASES)
            .sets(&[SetMembership::of("propertyValueLiteralPathSet").mandatory().by_property()]),
        name: Option<Str> = ParameterSpec::new("Name").alias(&["PSProperty"])
            .sets(&[SetMembership::of("").mandatory().position(1).by_property()]),
        value: Value = ParameterSpec::new("Value").allow_null().sets(&[SetMembership::of("").mandatory().position(2).by_property()]),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
        force: Switch = ParameterSpec::new("Force"),
    }
    state {}
}

impl Cmdlet for SetItemProperty {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let name = self.name.clone().unwrap_or_else(|| Str::from(""));
        for place in places(run, &self.path, &self.literal, Expansion::default())? {
            if !run.should_process(&format!("Item: {} Property: {name}", place.shown()), "Set Property")? {
                continue;
            }
            let item = items::object_of(run.session, &place)?;
            let value = match (&self.value, members::get(run.session, &item, &name)?) {
                (Value::Str(_), Some(current)) if !current.is_null() => {
                    let kind = crate::value::TypeRef::of(&current);
                    crate::value::convert::to(run.session, &self.value, kind)?
                }
                (value, _) => value.clone(),
            };
            members::set(run.session, &item, &name, value)?;
            if self.pass_thru.0 {
                run.write(item)?;
            }
        }
        Ok(())
    }
}
