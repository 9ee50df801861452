//! `Get-Error`: the newest errors, or given ones, with all that is known of them.

use crate::cmdlet;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation};
use crate::value::{Outcome, Str, Value, Wrapped, enumerate, members};
use std::rc::Rc;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] = &[&GetError::SPEC];

cmdlet! {
    /// `Get-Error`.
    pub(crate) struct GetError = "Get-Error", class "Microsoft.PowerShell.Commands.GetErrorCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("Newest"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Shows errors with everything that is known of them.",
        examples: &[("Get-Error -Newest 3", "The last three errors in detail.")],
        outputs: &["System.Management.Automation.ErrorRecord#PSExtendedError"],
    }
    parameters {
        input: Option<Value> = ParameterSpec::new("InputObject").sets(&[SetMembership::of("Error").position(0).by_value()]),
        newest: Option<i32> = ParameterSpec::new("Newest").alias(&["Last"]).sets(&[SetMembership::of("Newest")])
            .validate(&[Validation::Range(1.0, 2_147_483_647.0)]),
    }
    state {}
}

impl Cmdlet for GetError {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if let Some(given) = &self.input {
            return run.write(detailed(given));
        }
        let count = self.newest.and_then(|newest| usize::try_from(newest).ok()).unwrap_or(1);
        let errors = enumerate(&run.session.errors).unwrap_or_default();
        errors.iter().take(count).try_for_each(|error| run.write(detailed(error)))
    }
}

/// The error under the type name that its detailed view is for.
fn detailed(error: &Value) -> Value {
    let suffix = match error {
        Value::Error(_) => "System.Management.Automation.ErrorRecord#PSExtendedError",
        Value::Exception(_) => "System.Exception#PSExtendedError",
        other => return other.clone(),
    };
    let wrapped = Wrapped { base: error.clone(), extension: Default::default() };
    let others = members::type_names(error).into_iter().skip(1);
    let names = std::iter::once(Str::from(suffix)).chain(others).collect();
    wrapped.extension.make().borrow_mut().type_names = Some(names);
    Value::Wrapped(Rc::new(wrapped))
}
