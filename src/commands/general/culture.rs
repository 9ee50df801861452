//! `Get-Culture` and `Get-UICulture`.

use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership};
use crate::value::members::library::culture;
use crate::value::{Culture, ErrorCategory, Fault, Outcome, Str};

/// The cmdlets of this family.
pub(super) const CMDLETS: &[&CmdletSpec] = &[&GetCulture::SPEC, &GetUICulture::SPEC];

cmdlet! {
    /// The current culture, or others by name.
    pub(crate) struct GetCulture = "Get-Culture", class "Microsoft.PowerShell.Commands.GetCultureCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("CurrentCulture"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Gives the current culture.", examples: &[("(Get-Culture).Name", "en-US\n")],
        outputs: &["System.Globalization.CultureInfo"],
    }
    parameters {
        name: Vec<Str> = ParameterSpec::new("Name").sets(&[SetMembership::of("Name").position(0).by_value()]),
        no_overrides: Switch = ParameterSpec::new("NoUserOverrides"),
        list_available: Switch = ParameterSpec::new("ListAvailable").sets(&[SetMembership::of("ListAvailable")]),
    }
    state {}
}

impl Cmdlet for GetCulture {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if self.name.is_empty() {
            return run.write(culture::value(Culture::current()));
        }
        for name in &self.name {
            match Culture::by_name(name) {
                Some(found) => run.write(culture::value(found))?,
                None => {
                    return Fault::new(
                        "ParameterArgumentValidationError",
                        format!("This build knows no culture '{name}'."),
                    )
                    .exception("System.Management.Automation.ParameterBindingException")
                    .category(ErrorCategory::InvalidData)
                    .err();
                }
            }
        }
        Ok(())
    }
}

cmdlet! {
    /// The culture of messages.
    pub(crate) struct GetUICulture = "Get-UICulture", class "Microsoft.PowerShell.Commands.GetUICultureCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Gives the culture of messages.", examples: &[("(Get-UICulture).Name", "en-US\n")],
        outputs: &["System.Globalization.CultureInfo"],
    }
    parameters {}
    state {}
}

impl Cmdlet for GetUICulture {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        run.write(culture::value(Culture::current()))
    }
}
