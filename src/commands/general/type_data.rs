//! `Get-`, `Update-` and `Remove-TypeData`: members and display properties for all objects of a type name.

use super::member::{MemberTypes, made_member};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership, object};
use crate::value::members::{self, TypeData};
use crate::value::wildcard::Wildcard;
use crate::value::{ErrorCategory, Fault, Hashtable, Outcome, Str, TypeRef, Value};

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] = &[&GetTypeData::SPEC, &UpdateTypeData::SPEC, &RemoveTypeData::SPEC];

cmdlet! {
    /// Adds members to a type name.
    pub(crate) struct UpdateTypeData = "Update-TypeData", class "Microsoft.PowerShell.Commands.UpdateTypeDataCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("FileSet"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Adds members and display properties to all objects of a type.",
        examples: &[("Update-TypeData -TypeName System.Int32 -MemberType ScriptProperty -MemberName Twice -Value { $this * 2 }", "Gives every int a property.")],
        outputs: &[],
    }
    parameters {
        type_name: Str = ParameterSpec::new("TypeName")
            .sets(&[SetMembership::of("DynamicTypeSet").position(0).mandatory().by_property()]),
        member_type: Option<MemberTypes> = ParameterSpec::new("MemberType").sets(&[SetMembership::of("DynamicTypeSet")]),
        member_name: Option<Str> = ParameterSpec::new("MemberName").sets(&[SetMembership::of("DynamicTypeSet")]),
        value: Option<Value> = ParameterSpec::new("Value").sets(&[SetMembership::of("DynamicTypeSet")]),
        second: Option<Value> = ParameterSpec::new("SecondValue").sets(&[SetMembership::of("DynamicTypeSet")]),
        display: Vec<Str> = ParameterSpec::new("DefaultDisplayPropertySet").sets(&[SetMembership::of("DynamicTypeSet")]),
        display_property: Option<Str> = ParameterSpec::new("DefaultDisplayProperty").sets(&[SetMembership::of("DynamicTypeSet")]),
        key: Vec<Str> = ParameterSpec::new("DefaultKeyPropertySet").sets(&[SetMembership::of("DynamicTypeSet")]),
        depth: Option<i32> = ParameterSpec::new("SerializationDepth").sets(&[SetMembership::of("DynamicTypeSet")]),
        append_path: Vec<Str> = ParameterSpec::new("AppendPath").sets(&[SetMembership::of("FileSet").position(0)]),
        prepend_path: Vec<Str> = ParameterSpec::new("PrependPath").sets(&[SetMembership::of("FileSet")]),
        force: Switch = ParameterSpec::new("Force"),
    }
    state { }
}

impl Cmdlet for UpdateTypeData {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        self.check(run)?;
        let added = match (&self.member_type, &self.member_name) {
            (Some(kind), Some(name)) => {
                let kind = kind.name();
                let value = self.value.clone().unwrap_or_default();
                Some((name.clone(), made_member(run.session, &kind, value, self.second.clone())?))
            }
            _ => None,
        };
        let known = members::type_data(&self.type_name).unwrap_or_default();
        if let Some(name) = self.conflict(&known, added.as_ref().map(|(name, _)| name)) {
            let text = format!("'{}' already has '{name}'; use -Force to replace it.", self.type_name);
            let fault = Fault::new("TypesDynamicUpdateException", text)
                .category(ErrorCategory::InvalidOperation)
                .exception("System.Management.Automation.RuntimeException");
            return run.error(fault);
        }
        let changes = |known: Option<TypeData>| {
            let mut data = known.unwrap_or_else(|| TypeData { name: self.type_name.clone(), ..TypeData::default() });
            if let Some((name, member)) = added {
                let key = data.members.keys().find(|known| known.eq_ignore_ascii_case(&name)).cloned();
                data.members.insert(key.unwrap_or(name), member);
            }
            if !self.display.is_empty() {
                data.default_display = Some(self.display.clone());
            }
            if !self.key.is_empty() {
                data.default_key = Some(self.key.clone());
            }
            if self.display_property.is_some() {
                data.default_property = self.display_property.clone();
            }
            data.serialization_depth =
                self.depth.and_then(|depth| u32::try_from(depth).ok()).or(data.serialization_depth);
            Some(data)
        };
        members::update_type_data(&self.type_name, changes);
        Ok(())
    }
}

impl UpdateTypeData {
    /// A member needs name and value; a call must say something at all.
    fn check(&self, run: &Invocation<'_>) -> Outcome<()> {
        let refuse = |id: &'static str, message: &str| {
            Fault::new(id, message)
                .category(ErrorCategory::InvalidOperation)
                .exception("System.InvalidOperationException")
                .err()
        };
        let takes_null = self.member_type.is_some_and(|kind| matches!(&*kind.name(), "NoteProperty" | "MemberSet"));
        match (&self.member_type, &self.member_name) {
            (Some(_), None) => refuse("MemberNameShouldBeSpecified", "a member needs a name; give -MemberName"),
            (None, Some(_)) => refuse("MemberTypeShouldBeSpecified", "a member needs a kind; give -MemberType"),
            (Some(_), Some(_)) if !run.is_bound("Value") || self.value.is_none() && !takes_null => {
                refuse("ValueShouldBeSpecified", "a member needs a value; give -Value")
            }
            (None, None)
                if self.display.is_empty()
                    && self.key.is_empty()
                    && self.display_property.is_none()
                    && self.depth.is_none()
                    && run.is_bound("TypeName") =>
            {
                refuse("TypeDataEmpty", "there is nothing to add to the type; give a member or a property set")
            }
            _ => Ok(()),
        }
    }

    /// What is there already and would be replaced without leave.
    fn conflict(&self, known: &TypeData, added: Option<&Str>) -> Option<Str> {
        if self.force.0 {
            return None;
        }
        let member = added.and_then(|name| known.members.keys().find(|known| known.eq_ignore_ascii_case(name)));
        if let Some(name) = member {
            return Some(name.clone());
        }
        let display = !self.display.is_empty() && known.default_display.is_some();
        display.then(|| Str::from("DefaultDisplayPropertySet"))
    }
}

cmdlet! {
    /// Forgets what was added to a type name.
    pub(crate) struct RemoveTypeData = "Remove-TypeData", class "Microsoft.PowerShell.Commands.RemoveTypeDataCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("RemoveTypeSet"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Takes added members off a type again.",
        examples: &[], outputs: &[],
    }
    parameters {
        type_name: Str = ParameterSpec::new("TypeName").sets(&[
            SetMembership::of("RemoveTypeSet").position(0).mandatory().by_property()]),
    }
    state { }
}

impl Cmdlet for RemoveTypeData {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if members::type_data(&self.type_name).is_none() {
            let text = format!("Nothing was added to '{}'.", self.type_name);
            let fault = Fault::new("TypesDynamicRemoveException", text)
                .category(ErrorCategory::InvalidOperation)
                .exception("System.Management.Automation.RuntimeException");
            return run.error(fault);
        }
        members::update_type_data(&self.type_name, |_| None);
        Ok(())
    }
}

cmdlet! {
    /// Shows what was added to type names.
    pub(crate) struct GetTypeData = "Get-TypeData", class "Microsoft.PowerShell.Commands.GetTypeDataCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Shows members that were added to types.",
        examples: &[], outputs: &["System.Management.Automation.Runspaces.TypeData"],
    }
    parameters {
        type_name: Vec<Str> = ParameterSpec::new("TypeName").sets(&[SetMembership::of("").position(0).by_value()]),
    }
    state { }
}

impl Cmdlet for GetTypeData {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let patterns = self.type_name.iter().map(|name| Wildcard::new(name, false)).collect::<Outcome<Vec<_>>>()?;
        for data in members::all_type_data() {
            if !patterns.is_empty() && !patterns.iter().any(|pattern| pattern.matches(&data.name)) {
                continue;
            }
            run.write(type_data_object(&data))?;
        }
        Ok(())
    }
}

fn type_data_object(data: &TypeData) -> Value {
    let list = Hashtable::plain();
    for (name, member) in &data.members {
        list.insert_text(name.clone(), members::member_view(&Value::Null, name, member.clone()));
    }
    let display = data.default_display.clone().map_or(Value::Null, |names| {
        let names = crate::value::Array::typed(TypeRef::STRING, names.into_iter().map(Value::Str).collect());
        object(
            "System.Management.Automation.Runspaces.PropertySetData",
            vec![("ReferencedProperties", Value::Array(names))],
        )
    });
    object(
        "System.Management.Automation.Runspaces.TypeData",
        vec![
            ("TypeName", Value::Str(data.name.clone())),
            ("Members", Value::Hashtable(list)),
            ("DefaultDisplayProperty", data.default_property.clone().into()),
            ("DefaultDisplayPropertySet", display),
        ],
    )
}
