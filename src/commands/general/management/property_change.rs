//! `Clear-`, `New-`, `Remove-`, `Rename-`, `Copy-` and `Move-ItemProperty`. No provider here has properties that come
//! and go, so all but the first say so; the first puts a file's attributes back.

use super::{LITERAL_ALIASES, LITERAL_SETS, PATH_SETS, places};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::providers::{Expansion, Provider, items};
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership};
use crate::value::{ErrorCategory, Fault, Outcome, Str, Value, members};

cmdlet! {
    /// `Clear-ItemProperty`.
    pub(crate) struct ClearItemProperty = "Clear-ItemProperty", class "Microsoft.PowerShell.Commands.ClearItemPropertyCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some("Path"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Puts a property of items back to nothing.", examples: &[], outputs: &[],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path").sets(PATH_SETS),
        literal: Vec<Str> = ParameterSpec::new("LiteralPath").alias(LITERAL_ALIASES).sets(LITERAL_SETS),
        name: Option<Str> = ParameterSpec::new("Name").sets(&[SetMembership::of("").mandatory().position(1).by_property()]),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
        force: Switch = ParameterSpec::new("Force"),
        filter: Option<Str> = ParameterSpec::new("Filter"),
        include: Vec<Str> = ParameterSpec::new("Include"),
        exclude: Vec<Str> = ParameterSpec::new("Exclude"),
    }
    state {}
}

impl Cmdlet for ClearItemProperty {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let name = self.name.clone().unwrap_or_else(|| Str::from(""));
        for place in places(run, &self.path, &self.literal, Expansion::default())? {
            if place.drive.provider != Provider::FileSystem {
                run.error(unsupported())?;
                continue;
            }
            if !name.eq_ignore_ascii_case("Attributes") {
                let text = format!("Only the property Attributes of a file can be cleared, not '{name}'.");
                let fault = Fault::new("Argument", text)
                    .category(ErrorCategory::InvalidArgument)
                    .exception("System.Management.Automation.PSArgumentException");
                run.error(fault)?;
                continue;
            }
            if !run.should_process(&format!("Item: {} Property: {name}", place.shown()), "Clear Property")? {
                continue;
            }
            let item = items::object_of(run.session, &place)?;
            members::set(run.session, &item, "IsReadOnly", Value::Bool(false))?;
            if self.pass_thru.0 {
                run.write(item)?;
            }
        }
        Ok(())
    }
}

fn unsupported() -> Fault {
    Fault::new("NotSupported", "The provider has no properties that can be made, moved or removed.")
        .category(ErrorCategory::NotImplemented)
        .exception("System.Management.Automation.PSNotSupportedException")
}

/// Declares a cmdlet that finds its items and then says that their provider does not do this.
macro_rules! unsupported_cmdlet {
    ($name:ident, $text:literal, $class:literal, $synopsis:literal, { $($own:tt)* }) => {
        cmdlet! {
            #[doc = concat!("`", $text, "`.")]
            pub(crate) struct $name = $text, class $class, module "Microsoft.PowerShell.Management" {
                default_set: Some("Path"), should_process: true, impact: ConfirmImpact::Medium,
                synopsis: $synopsis, examples: &[], outputs: &[],
            }
            parameters {
                path: Vec<Str> = ParameterSpec::new("Path").sets(PATH_SETS),
                literal: Vec<Str> = ParameterSpec::new("LiteralPath").alias(LITERAL_ALIASES).sets(LITERAL_SETS),
                force: Switch = ParameterSpec::new("Force"),
                pass_thru: Switch = ParameterSpec::new("PassThru"),
                filter: Option<Str> = ParameterSpec::new("Filter"),
                include: Vec<Str> = ParameterSpec::new("Include"),
                exclude: Vec<Str> = ParameterSpec::new("Exclude"),
                $($own)*
            }
            state {}
        }

        impl Cmdlet for $name {
            fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
                for _ in places(run, &self.path, &self.literal, Expansion::default())? {
                    run.error(unsupported())?;
                }
                Ok(())
            }
        }
    };
}

unsupported_cmdlet!(
    NewItemProperty,
    "New-ItemProperty",
    "Microsoft.PowerShell.Commands.NewItemPropertyCommand",
    "Adds a property to items.",
    {
        name: Option<Str> = ParameterSpec::new("Name").alias(&["PSProperty"]).sets(&[SetMembership::of("").mandatory().position(1).by_property()]),
        kind: Option<Str> = ParameterSpec::new("PropertyType").alias(&["Type"]).sets(&[SetMembership::of("").by_property()]),
        value: Value = ParameterSpec::new("Value").sets(&[SetMembership::of("").by_property()]),
    }
);

unsupported_cmdlet!(
    RemoveItemProperty,
    "Remove-ItemProperty",
    "Microsoft.PowerShell.Commands.RemoveItemPropertyCommand",
    "Takes a property from items.",
    { name: Vec<Str> = ParameterSpec::new("Name").alias(&["PSProperty"]).sets(&[SetMembership::of("").mandatory().position(1).by_property()]), }
);

unsupported_cmdlet!(
    RenameItemProperty,
    "Rename-ItemProperty",
    "Microsoft.PowerShell.Commands.RenameItemPropertyCommand",
    "Gives a property of items another name.",
    {
        name: Option<Str> = ParameterSpec::new("Name").alias(&["PSProperty"]).sets(&[SetMembership::of("").mandatory().position(1).by_property()]),
        new_name: Option<Str> = ParameterSpec::new("NewName").sets(&[SetMembership::of("").mandatory().position(2).by_property()]),
    }
);

unsupported_cmdlet!(
    CopyItemProperty,
    "Copy-ItemProperty",
    "Microsoft.PowerShell.Commands.CopyItemPropertyCommand",
    "Copies a property from one item to another.",
    {
        name: Option<Str> = ParameterSpec::new("Name").alias(&["PSProperty"]).sets(&[SetMembership::of("").mandatory().position(2).by_property()]),
        destination: Option<Str> = ParameterSpec::new("Destination").sets(&[SetMembership::of("").mandatory().position(1).by_property()]),
    }
);

unsupported_cmdlet!(
    MoveItemProperty,
    "Move-ItemProperty",
    "Microsoft.PowerShell.Commands.MoveItemPropertyCommand",
    "Moves a property from one item to another.",
    {
        name: Vec<Str> = ParameterSpec::new("Name").alias(&["PSProperty"]).sets(&[SetMembership::of("").mandatory().position(2).by_property()]),
        destination: Option<Str> = ParameterSpec::new("Destination").sets(&[SetMembership::of("").mandatory().position(1).by_property()]),
    }
);
