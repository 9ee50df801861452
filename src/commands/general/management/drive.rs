//! `Get-`, `New-` and `Remove-PSDrive`, `Get-PSProvider`.

use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::providers::{Drive, Provider, objects};
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership};
use crate::value::wildcard::Wildcard;
use crate::value::{ErrorCategory, Fault, Outcome, Str, Value};

cmdlet! {
    /// `Get-PSDrive`.
    pub(crate) struct GetPSDrive = "Get-PSDrive", class "Microsoft.PowerShell.Commands.GetPSDriveCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some("Name"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Lists the drives.", examples: &[("(Get-PSDrive Env).Provider.Name", "Environment\n")],
        outputs: &["System.Management.Automation.PSDriveInfo"],
    }
    parameters {
        name: Vec<Str> = ParameterSpec::new("Name").sets(&[SetMembership::of("Name").position(0).by_property()]),
        literal: Vec<Str> = ParameterSpec::new("LiteralName").sets(&[SetMembership::of("LiteralName").mandatory().position(0).by_property()]),
        scope: Option<Str> = ParameterSpec::new("Scope"),
        provider: Vec<Str> = ParameterSpec::new("PSProvider").sets(&[SetMembership::of("").by_property()]),
    }
    state {}
}

impl Cmdlet for GetPSDrive {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let drives = run.session.drives().all();
        let names: Vec<Str> = if self.name.is_empty() && self.literal.is_empty() {
            vec![Str::from("*")]
        } else {
            self.name.iter().chain(&self.literal).cloned().collect()
        };
        for name in names {
            let wildcard = Wildcard::new(name.trim_end_matches(':'), false)?;
            let of_provider = |drive: &Drive| {
                self.provider.is_empty() || self.provider.iter().any(|p| Provider::by_name(p) == Some(drive.provider))
            };
            let found: Vec<_> = drives.iter().filter(|d| wildcard.matches(&d.name) && of_provider(d)).collect();
            if found.is_empty() && wildcard.is_literal() {
                run.error(no_drive("GetLocationNoMatchingDrive", &name))?;
            }
            for drive in found {
                let object = objects::drive_object(run.session, drive);
                run.write(object)?;
            }
        }
        Ok(())
    }
}

fn no_drive(id: &'static str, name: &str) -> Fault {
    Fault::new(id, format!("There is no drive named '{name}'."))
        .category(ErrorCategory::ObjectNotFound)
        .exception("System.Management.Automation.DriveNotFoundException")
        .target(name)
}

cmdlet! {
    /// `New-PSDrive`.
    pub(crate) struct NewPSDrive = "New-PSDrive", class "Microsoft.PowerShell.Commands.NewPSDriveCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: None, should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Makes a drive that begins at a directory.", examples: &[("(New-PSDrive Sample FileSystem /tmp).Root", "/tmp\n")],
        outputs: &["System.Management.Automation.PSDriveInfo"],
    }
    parameters {
        name: Option<Str> = ParameterSpec::new("Name").sets(&[SetMembership::of("").mandatory().position(0).by_property()]),
        provider: Option<Str> = ParameterSpec::new("PSProvider").sets(&[SetMembership::of("").mandatory().position(1).by_property()]),
        root: Option<Str> = ParameterSpec::new("Root").allow_empty().sets(&[SetMembership::of("").mandatory().position(2).by_property()]),
        description: Option<Str> = ParameterSpec::new("Description").sets(&[SetMembership::of("").by_property()]),
        scope: Option<Str> = ParameterSpec::new("Scope").sets(&[SetMembership::of("").by_property()]),
        persist: Switch = ParameterSpec::new("Persist"),
    }
    state {}
}

impl Cmdlet for NewPSDrive {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let name = self.name.clone().unwrap_or_else(|| Str::from(""));
        let provider = self.provider.as_deref().unwrap_or_default();
        let Some(provider) = Provider::by_name(provider) else {
            return Fault::new("ProviderNotFound", format!("There is no provider named '{provider}'."))
                .category(ErrorCategory::ObjectNotFound)
                .exception("System.Management.Automation.ProviderNotFoundException")
                .target(provider)
                .err();
        };
        let mut root = self.root.as_deref().unwrap_or_default().to_owned();
        if provider == Provider::FileSystem {
            root = run.session.provider_path(&root)?.path;
            if !std::path::Path::new(&root).exists() {
                let fault = Fault::new("DriveRootError", format!("The root '{root}' of the drive does not exist."))
                    .category(ErrorCategory::ReadError)
                    .exception("System.IO.IOException")
                    .target(root.as_str());
                return run.error(fault);
            }
        }
        if !run.should_process(&format!("Name: {name} Provider: {} Root: {root}", provider.name()), "New drive")? {
            return Ok(());
        }
        let drive = Drive::new(&name, provider, &root, self.description.as_deref().unwrap_or_default());
        if !run.session.drives().add(drive.clone()) {
            let fault = Fault::new("DriveAlreadyExists", format!("A drive named '{name}' exists already."))
                .category(ErrorCategory::ResourceExists)
                .exception("System.Management.Automation.SessionStateException")
                .target(name.as_str());
            return run.error(fault);
        }
        let object = objects::drive_object(run.session, &drive);
        run.write(object)
    }
}

cmdlet! {
    /// `Remove-PSDrive`.
    pub(crate) struct RemovePSDrive = "Remove-PSDrive", class "Microsoft.PowerShell.Commands.RemovePSDriveCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some("Name"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Removes a drive; what it showed stays.", examples: &[], outputs: &[],
    }
    parameters {
        name: Vec<Str> = ParameterSpec::new("Name").sets(&[SetMembership::of("Name").mandatory().position(0).by_value().by_property()]),
        literal: Vec<Str> = ParameterSpec::new("LiteralName").sets(&[SetMembership::of("LiteralName").mandatory().position(0).by_property()]),
        provider: Vec<Str> = ParameterSpec::new("PSProvider").sets(&[SetMembership::of("").by_property()]),
        scope: Option<Str> = ParameterSpec::new("Scope").sets(&[SetMembership::of("").by_property()]),
        force: Switch = ParameterSpec::new("Force"),
    }
    state {}
}

impl Cmdlet for RemovePSDrive {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let names: Vec<Str> = self.name.iter().chain(&self.literal).cloned().collect();
        for name in names {
            if run.should_process(&name, "Remove Drive")? && !run.session.drives().remove(name.trim_end_matches(':')) {
                run.error(no_drive("DriveNotFound", &name))?;
            }
        }
        Ok(())
    }
}

cmdlet! {
    /// `Get-PSProvider`.
    pub(crate) struct GetPSProvider = "Get-PSProvider", class "Microsoft.PowerShell.Commands.GetPSProviderCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Lists the providers.", examples: &[("(Get-PSProvider FileSystem).Name", "FileSystem\n")],
        outputs: &["System.Management.Automation.ProviderInfo"],
    }
    parameters {
        provider: Vec<Str> = ParameterSpec::new("PSProvider").sets(&[SetMembership::of("").position(0).by_property()]),
    }
    state {}
}

impl Cmdlet for GetPSProvider {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        for name in &self.provider {
            if Provider::by_name(name).is_none() && !name.contains(['*', '?', '[']) {
                let fault = Fault::new("ProviderNotFound", format!("There is no provider named '{name}'."))
                    .category(ErrorCategory::ObjectNotFound)
                    .exception("System.Management.Automation.ProviderNotFoundException")
                    .target(Value::Str(name.clone()));
                run.error(fault)?;
            }
        }
        for provider in Provider::all() {
            if self.provider.is_empty() || self.provider.iter().any(|p| Provider::by_name(p) == Some(provider)) {
                let object = objects::provider_with_drives(run.session, provider);
                run.write(object)?;
            }
        }
        Ok(())
    }
}
