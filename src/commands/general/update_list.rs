//! `Update-List`: adds to, takes from or replaces a collection that is a property.

use crate::cmdlet;
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership};
use crate::value::members::library::list::List;
use crate::value::{ErrorCategory, Fault, Hashtable, Outcome, Str, Value, compare, enumerate, members};

const ADD_REMOVE: &str = "AddRemoveSet";
const REPLACE: &str = "ReplaceSet";

cmdlet! {
    /// `Update-List`.
    pub(crate) struct UpdateList = "Update-List", class "Microsoft.PowerShell.Commands.UpdateListCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: Some(ADD_REMOVE), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Adds to and takes from a collection that is a property.", examples: &[], outputs: &[],
    }
    parameters {
        add: Option<Vec<Value>> = ParameterSpec::new("Add").sets(&[SetMembership::of(ADD_REMOVE)]),
        remove: Option<Vec<Value>> = ParameterSpec::new("Remove").sets(&[SetMembership::of(ADD_REMOVE)]),
        replace: Option<Vec<Value>> = ParameterSpec::new("Replace").sets(&[SetMembership::of(REPLACE).mandatory()]),
        input: Value = ParameterSpec::new("InputObject").sets(&[SetMembership::of("").by_value()]),
        property: Option<Str> = ParameterSpec::new("Property").sets(&[SetMembership::of("").position(0)]),
    }
    state {}
}

impl Cmdlet for UpdateList {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if self.input.is_null() {
            let pairs = [("Add", &self.add), ("Remove", &self.remove), ("Replace", &self.replace)];
            let given = pairs.into_iter().filter_map(|(name, items)| Some((name, items.clone()?)));
            let table =
                Hashtable::from_pairs(true, given.map(|(name, items)| (Value::from(name), Value::array(items))));
            return run.write(Value::Hashtable(table));
        }
        let Some(name) = self.property.clone() else {
            return Fault::new("MissingPropertyParameter", "With -InputObject, -Property says what to change.")
                .category(ErrorCategory::InvalidOperation)
                .exception("System.Management.Automation.PSInvalidOperationException")
                .err();
        };
        let input = self.input.clone();
        let Some(list) = members::get(run.session, &input, &name)? else {
            let fault = Fault::new("MemberDoesntExist", format!("The object has no property '{name}'."))
                .category(ErrorCategory::InvalidOperation)
                .exception("System.Management.Automation.PSInvalidOperationException")
                .target(input);
            return run.error(fault);
        };
        let changed = self.changed(&list);
        let list = match &list {
            Value::Native(native) => native.downcast::<List>(),
            _ => None,
        };
        match list {
            Some(list) => *list.items.borrow_mut() = changed,
            None => members::set(run.session, &input, &name, Value::array(changed))?,
        }
        run.write(input)
    }
}

impl UpdateList {
    fn changed(&self, list: &Value) -> Vec<Value> {
        if let Some(items) = &self.replace {
            return items.clone();
        }
        let mut items = enumerate(list).unwrap_or_default();
        for gone in self.remove.iter().flatten() {
            if let Some(at) = items.iter().position(|item| compare::equals(item, gone, true)) {
                items.remove(at);
            }
        }
        items.extend(self.add.iter().flatten().cloned());
        items
    }
}
