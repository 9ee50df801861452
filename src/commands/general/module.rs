//! `Import-`, `Get-`, `New-` and `Remove-Module`, `Export-ModuleMember`, module manifests.

use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::modules::{ImportOptions, ModuleConstraint, ModuleFile, module_object, module_of};
use crate::runtime::{
    Cmdlet, CmdletSpec, Collector, ConfirmImpact, Discard, Exports, FromValue, Invocation, Module, ParameterSpec,
    Session, SetMembership, Symbol,
};
use crate::syntax::Source;
use crate::value::wildcard::{Wildcard, has_wildcard};
use crate::value::{
    Engine, ErrorCategory, Fault, Member, Outcome, PsObject, ScriptBlock, Shape, Str, Unwind, Value, convert,
};
use std::rc::Rc;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] = &[
    &ImportModule::SPEC,
    &GetModule::SPEC,
    &RemoveModule::SPEC,
    &NewModule::SPEC,
    &ExportModuleMember::SPEC,
    &TestModuleManifest::SPEC,
];

/// Module objects as a parameter.
#[derive(Default)]
struct ModuleObjects(Vec<Value>);

impl FromValue for ModuleObjects {
    const TYPE: &'static str = "System.Management.Automation.PSModuleInfo[]";
    fn from_value(value: Value, engine: &mut dyn Engine) -> Outcome<Self> {
        Vec::from_value(value, engine).map(ModuleObjects)
    }
}

const BY_NAME: SetMembership = SetMembership::of("Name").mandatory().position(0).by_value();
const BY_SPECIFICATION: ParameterSpec =
    ParameterSpec::new("FullyQualifiedName")
        .sets(&[SetMembership::of("FullyQualifiedName").mandatory().position(0).by_value()]);
const BY_INFO: SetMembership = SetMembership::of("ModuleInfo").mandatory().position(0).by_value();

cmdlet! {
    /// `Import-Module`.
    pub(crate) struct ImportModule = "Import-Module", class "Microsoft.PowerShell.Commands.ImportModuleCommand", module "Microsoft.PowerShell.Core" {
        default_set: Some("Name"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Loads a module and makes its commands known.",
        examples: &[], outputs: &["System.Management.Automation.PSModuleInfo"],
    }
    parameters {
        name: Vec<Str> = ParameterSpec::new("Name").sets(&[BY_NAME]),
        specification: Vec<Value> = BY_SPECIFICATION,
        assembly: Vec<Value> = ParameterSpec::new("Assembly").sets(&[SetMembership::of("Assembly").mandatory().position(0).by_value()]),
        info: ModuleObjects = ParameterSpec::new("ModuleInfo").sets(&[BY_INFO]),
        skip_edition: Switch = ParameterSpec::new("SkipEditionCheck"),
        global: Switch = ParameterSpec::new("Global"),
        prefix: Option<Str> = ParameterSpec::new("Prefix"),
        function: Option<Vec<Str>> = ParameterSpec::new("Function"),
        cmdlet: Option<Vec<Str>> = ParameterSpec::new("Cmdlet"),
        variable: Option<Vec<Str>> = ParameterSpec::new("Variable"),
        alias: Option<Vec<Str>> = ParameterSpec::new("Alias"),
        force: Switch = ParameterSpec::new("Force"),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
        as_custom_object: Switch = ParameterSpec::new("AsCustomObject"),
        minimum: Option<Str> = ParameterSpec::new("MinimumVersion").alias(&["Version"]),
        maximum: Option<Str> = ParameterSpec::new("MaximumVersion"),
        required: Option<Str> = ParameterSpec::new("RequiredVersion"),
        arguments: Vec<Value> = ParameterSpec::new("ArgumentList").alias(&["Args"]),
        no_check: Switch = ParameterSpec::new("DisableNameChecking"),
        no_clobber: Switch = ParameterSpec::new("NoClobber").alias(&["NoOverwrite"]),
        scope: Option<Str> = ParameterSpec::new("Scope"),
    }
    state {}
}

/// Errors of modules that are not there: the next one is tried.
const MISSING: [&str; 3] = ["Modules_ModuleNotFound", "Modules_ModuleWithVersionNotFound", "Modules_InvalidManifest"];

/// A module that is part of the shell, as an object to look at.
fn built_in(session: &mut Session, name: &str) -> Option<Rc<Module>> {
    const VERSION: &str = "7.0.0.0";
    let mut names: Vec<Value> = Vec::new();
    let mut module = None;
    for spec in session.cmdlets.values() {
        if spec.module.eq_ignore_ascii_case(name) {
            module = Some(spec.module);
            names.push(Value::from(spec.name));
        }
    }
    let made = session.make_module(module?, "");
    made.version.replace(Str::from(VERSION));
    let mut properties = made.properties.borrow_mut();
    names.sort_by_key(|name| convert::to_text(name).to_string());
    properties.insert(Str::from("CmdletsToExport"), Value::array(names));
    properties.insert(Str::from("ModuleType"), Value::from("Manifest"));
    drop(properties);
    Some(made)
}

/// The names of modules that are part of the shell.
fn built_in_names(session: &Session) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = session.cmdlets.values().map(|spec| spec.module).collect();
    names.sort_unstable();
    names.dedup();
    names
}

impl ImportModule {
    fn options(&self) -> ImportOptions {
        ImportOptions {
            force: self.force.0,
            prefix: self.prefix.clone(),
            functions: self.function.clone(),
            aliases: self.alias.clone(),
            variables: self.variable.clone(),
            no_clobber: self.no_clobber.0,
            arguments: self.arguments.clone(),
            local: self.scope.as_deref().is_some_and(|scope| scope.eq_ignore_ascii_case("local")),
            global: self.global.0 || self.scope.as_deref().is_some_and(|scope| scope.eq_ignore_ascii_case("global")),
        }
    }

    fn give(&self, run: &mut Invocation<'_>, module: &Rc<Module>) -> Outcome<()> {
        if self.as_custom_object.0 {
            let made = custom_object(run, module)?;
            return run.write(made);
        }
        if self.pass_thru.0 {
            let shown = module_object(run.session, module);
            run.write(shown)?;
        }
        Ok(())
    }
}

impl Cmdlet for ImportModule {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let options = self.options();
        for info in self.info.0.clone() {
            match module_of(&info) {
                Some(module) => {
                    run.session.bring_in(&module, &options);
                    self.give(run, &module)?;
                }
                None => self.import(run, &ModuleConstraint::named(&convert::to_text(&info)), &options)?,
            }
        }
        for name in self.name.clone() {
            let wanted = ModuleConstraint {
                name,
                minimum: self.minimum.clone(),
                maximum: self.maximum.clone(),
                required: self.required.clone(),
                guid: None,
            };
            if wanted.is_empty() {
                return Fault::new("ArgumentOutOfRange", "-MinimumVersion is above -MaximumVersion.")
                    .category(ErrorCategory::InvalidArgument)
                    .exception("System.Management.Automation.PSArgumentOutOfRangeException")
                    .err();
            }
            self.import(run, &wanted, &options)?;
        }
        for specification in self.specification.clone() {
            let wanted = ModuleConstraint::of(run.session, &specification)?;
            self.import(run, &wanted, &options)?;
        }
        Ok(())
    }
}

impl ImportModule {
    fn import(&self, run: &mut Invocation<'_>, wanted: &ModuleConstraint, options: &ImportOptions) -> Outcome<()> {
        match run.session.import_wanted(wanted, options) {
            Ok(Some(module)) => self.give(run, &module),
            Ok(None) => match built_in(run.session, &wanted.name) {
                Some(module) => self.give(run, &module),
                None => Ok(()),
            },
            // A module that is not there is an error to go on from; one whose own code fails is not.
            Err(Unwind::Fault(fault)) if MISSING.contains(&&*fault.id) => run.error(*fault),
            Err(error) => Err(super::invoke::named_after(run.spec, error)),
        }
    }
}

cmdlet! {
    /// `Get-Module`.
    pub(crate) struct GetModule = "Get-Module", class "Microsoft.PowerShell.Commands.GetModuleCommand", module "Microsoft.PowerShell.Core" {
        default_set: Some("Loaded"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Lists the modules that are loaded, or that could be.",
        examples: &[], outputs: &["System.Management.Automation.PSModuleInfo"],
    }
    parameters {
        name: Vec<Str> = ParameterSpec::new("Name").sets(&[SetMembership::of("Loaded").position(0).by_value(),
            SetMembership::of("Available").position(0).by_value()]),
        specification: Vec<Value> = ParameterSpec::new("FullyQualifiedName")
            .sets(&[SetMembership::of("Loaded").by_property(), SetMembership::of("Available").by_property()]),
        all: Switch = ParameterSpec::new("All").sets(&[SetMembership::of("Loaded"), SetMembership::of("Available")]),
        list_available: Switch = ParameterSpec::new("ListAvailable").sets(&[SetMembership::of("Available").mandatory()]),
        edition: Option<Str> = ParameterSpec::new("PSEdition").sets(&[SetMembership::of("Available")]),
        skip_edition: Switch = ParameterSpec::new("SkipEditionCheck").sets(&[SetMembership::of("Available")]),
        refresh: Switch = ParameterSpec::new("Refresh").sets(&[SetMembership::of("Available")]),
    }
    state {}
}

fn named(patterns: &[Str], name: &str) -> bool {
    let fits = |pattern: &Str| Wildcard::new(pattern, false).is_ok_and(|wildcard| wildcard.matches(name));
    patterns.is_empty() || patterns.iter().any(fits)
}

impl Cmdlet for GetModule {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let mut wanted: Vec<ModuleConstraint> = self.name.iter().map(|name| ModuleConstraint::named(name)).collect();
        for specification in &self.specification {
            wanted.push(ModuleConstraint::of(run.session, specification)?);
        }
        if wanted.is_empty() {
            wanted.push(ModuleConstraint::named("*"));
        }
        let mut seen: Vec<String> = Vec::new();
        for one in &wanted {
            if self.list_available.0 { self.available(run, one, &mut seen)? } else { self.loaded(run, one, &mut seen)? }
        }
        Ok(())
    }
}

impl GetModule {
    fn loaded(&self, run: &mut Invocation<'_>, wanted: &ModuleConstraint, seen: &mut Vec<String>) -> Outcome<()> {
        let mut modules: Vec<Rc<Module>> = run.session.modules.values().cloned().collect();
        if wanted.name.as_str() != "*" {
            for name in built_in_names(run.session) {
                if named(std::slice::from_ref(&wanted.name), name) {
                    modules.extend(built_in(run.session, name));
                }
            }
        }
        for module in modules {
            let same = named(std::slice::from_ref(&wanted.name), &module.name.borrow())
                || is_at(run.session, &module, &wanted.name);
            let key = format!("{} {}", module.name.borrow(), module.path.borrow());
            if same && module.fits(wanted) && !seen.contains(&key) {
                seen.push(key);
                let shown = module_object(run.session, &module);
                run.write(shown)?;
            }
        }
        Ok(())
    }

    fn available(&self, run: &mut Invocation<'_>, wanted: &ModuleConstraint, seen: &mut Vec<String>) -> Outcome<()> {
        let name = wanted.name.replace('\\', "/");
        let files = if !name.contains('/') {
            let files = if self.all.0 { every_file(run.session) } else { run.session.available_modules() };
            files.into_iter().filter(|file| named(std::slice::from_ref(&wanted.name), &file.name)).collect()
        } else if has_wildcard(&name) {
            let paths = super::object::matching_paths(run.session, &name)?;
            paths.iter().flat_map(|path| run.session.module_files(&path.to_string_lossy())).collect()
        } else {
            let files = run.session.module_files(&name);
            if files.is_empty() && self.specification.is_empty() {
                run.error(wanted.not_found())?;
            }
            files
        };
        for file in files {
            let key = file.path.to_string_lossy().into_owned();
            // A manifest that cannot be read is no module to offer.
            let Ok(module) = run.session.described_module(&file) else { continue };
            if module.fits(wanted) && !seen.contains(&key) {
                seen.push(key);
                let shown = module_object(run.session, &module);
                run.write(shown)?;
            }
        }
        Ok(())
    }
}

/// True for a module whose file or folder a path names.
fn is_at(session: &Session, module: &Rc<Module>, path: &str) -> bool {
    if !path.contains(['/', '\\']) {
        return false;
    }
    let own = module.path.borrow().clone();
    session.module_files(path).iter().any(|file| file.path.to_string_lossy() == own.as_str())
}

/// Every module file below the folders of `PSModulePath`.
fn every_file(session: &Session) -> Vec<ModuleFile> {
    fn below(folder: &std::path::Path, found: &mut Vec<ModuleFile>) {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
            if path.is_dir() {
                below(&path, found);
            } else if extension == "psd1" || extension == "psm1" {
                let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                found.push(ModuleFile { name, path });
            }
        }
    }
    let mut found = Vec::new();
    session.module_folders().iter().for_each(|folder| below(folder, &mut found));
    found
}

cmdlet! {
    /// `Remove-Module`.
    pub(crate) struct RemoveModule = "Remove-Module", class "Microsoft.PowerShell.Commands.RemoveModuleCommand", module "Microsoft.PowerShell.Core" {
        default_set: Some("Name"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Takes a module and its commands out of the session.",
        examples: &[], outputs: &[],
    }
    parameters {
        name: Vec<Str> = ParameterSpec::new("Name").sets(&[BY_NAME]),
        specification: Vec<Value> = BY_SPECIFICATION,
        info: ModuleObjects = ParameterSpec::new("ModuleInfo").sets(&[BY_INFO]),
        force: Switch = ParameterSpec::new("Force"),
    }
    state {}
}

impl Cmdlet for RemoveModule {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let mut chosen: Vec<Rc<Module>> = self.info.0.iter().filter_map(module_of).collect();
        for pattern in &self.name {
            let by_path = pattern.contains('/').then(|| run.session.find_module_file(pattern)).flatten();
            let fits = |module: &&Rc<Module>| match &by_path {
                Some(file) => file.path.to_string_lossy() == module.path.borrow().as_str(),
                None => named(std::slice::from_ref(pattern), &module.name.borrow()),
            };
            let found: Vec<Rc<Module>> = run.session.modules.values().filter(fits).cloned().collect();
            if found.is_empty() && !has_wildcard(pattern) {
                let fault = Fault::new("Modules_NoModulesRemoved", format!("No loaded module is named '{pattern}'."))
                    .category(ErrorCategory::ResourceUnavailable)
                    .exception("System.InvalidOperationException")
                    .target(Value::Str(pattern.clone()));
                run.error(fault)?;
            }
            chosen.extend(found);
        }
        for specification in &self.specification {
            let wanted = ModuleConstraint::of(run.session, specification)?;
            let loaded: Vec<Rc<Module>> = run.session.modules.values().cloned().collect();
            let fits = |module: &Rc<Module>| {
                let same = module.name.borrow().eq_ignore_ascii_case(&wanted.name);
                (same || is_at(run.session, module, &wanted.name)) && module.fits(&wanted)
            };
            let found: Vec<Rc<Module>> = loaded.into_iter().filter(fits).collect();
            if found.is_empty() {
                let fault = Fault::new("Modules_NoModulesRemoved", format!("No loaded module fits '{}'.", wanted.name))
                    .category(ErrorCategory::ResourceUnavailable)
                    .exception("System.InvalidOperationException")
                    .target(specification.clone());
                run.error(fault)?;
            }
            chosen.extend(found);
        }
        for module in chosen {
            let name = module.name.borrow().clone();
            if run.should_process(&name, "Remove module")? {
                run.session.remove_module(&module)?;
            }
        }
        Ok(())
    }
}

cmdlet! {
    /// `New-Module`.
    pub(crate) struct NewModule = "New-Module", class "Microsoft.PowerShell.Commands.NewModuleCommand", module "Microsoft.PowerShell.Core" {
        default_set: Some("ScriptBlock"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Makes a module of a script block, in memory only.",
        examples: &[("$m = New-Module { function Get-Answer { 42 } }; Get-Answer", "42\n")],
        outputs: &["System.Management.Automation.PSModuleInfo"],
    }
    parameters {
        name: Option<Str> = ParameterSpec::new("Name").sets(&[SetMembership::of("Name").mandatory().position(0)]),
        block: Option<Rc<ScriptBlock>> = ParameterSpec::new("ScriptBlock")
            .sets(&[SetMembership::of("Name").mandatory().position(1), SetMembership::of("ScriptBlock").mandatory().position(0)]),
        function: Option<Vec<Str>> = ParameterSpec::new("Function"),
        cmdlet: Option<Vec<Str>> = ParameterSpec::new("Cmdlet"),
        return_result: Switch = ParameterSpec::new("ReturnResult"),
        as_custom_object: Switch = ParameterSpec::new("AsCustomObject"),
        arguments: Vec<Value> = ParameterSpec::new("ArgumentList").alias(&["Args"]).sets(&[SetMembership::of("").remaining()]),
    }
    state {}
}

impl Cmdlet for NewModule {
    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let Some(block) = self.block.clone() else { return Ok(()) };
        let name = match &self.name {
            Some(name) => name.to_string(),
            None => format!("__DynamicModule_{}", uuid::Uuid::new_v4()),
        };
        let module = run.session.make_module(&name, "");
        let arguments = std::mem::take(&mut self.arguments);
        if self.return_result.0 {
            let mut collected = Collector::default();
            run.session.run_in_module(&module, &block, &arguments, &mut collected)?;
            for value in collected.into_items() {
                run.write(value)?;
            }
            return Ok(());
        }
        run.session.run_in_module(&module, &block, &arguments, &mut Discard)?;
        if self.as_custom_object.0 {
            let made = custom_object(run, &module)?;
            return run.write(made);
        }
        let options = ImportOptions { functions: self.function.clone(), ..Default::default() };
        run.session.bring_in(&module, &options);
        if self.name.is_none() {
            run.session.modules.shift_remove(&Symbol::new(&name));
        }
        let shown = module_object(run.session, &module);
        run.write(shown)
    }
}

/// A module's exports as an object: functions are methods, variables properties.
fn custom_object(run: &mut Invocation<'_>, module: &Rc<Module>) -> Outcome<Value> {
    let exported = run.session.exported(module);
    let object = PsObject::custom(Rc::new(Shape { names: Vec::new() }), Vec::new());
    for name in exported.variables {
        let text = format!("${{{}}}", name.name());
        let getter = run.session.parse_block(Source::anonymous(text))?;
        let setter = format!("param($value) $script:{} = $value", name.name());
        let setter = run.session.parse_block(Source::anonymous(setter))?;
        let getter = run.session.block_in_module(&getter, module);
        let setter = run.session.block_in_module(&setter, module);
        let member = Member::Script(getter, Some(setter));
        object.extension.make().borrow_mut().members.insert(Str::from(name.name()), member);
    }
    for (name, function) in exported.functions {
        object.extension.make().borrow_mut().members.insert(name, Member::Method(function.block.clone()));
    }
    Ok(Value::Object(object))
}

cmdlet! {
    /// `Export-ModuleMember`.
    pub(crate) struct ExportModuleMember = "Export-ModuleMember", class "Microsoft.PowerShell.Commands.ExportModuleMemberCommand", module "Microsoft.PowerShell.Core" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Says what a module lets out; without it, all functions and aliases.",
        examples: &[], outputs: &[],
    }
    parameters {
        function: Vec<Str> = ParameterSpec::new("Function").allow_empty()
            .sets(&[SetMembership::of("").position(0).by_value().by_property()]),
        cmdlet: Vec<Str> = ParameterSpec::new("Cmdlet").allow_empty().sets(&[SetMembership::of("").by_property()]),
        variable: Vec<Str> = ParameterSpec::new("Variable").allow_empty().sets(&[SetMembership::of("").by_property()]),
        alias: Vec<Str> = ParameterSpec::new("Alias").allow_empty().sets(&[SetMembership::of("").by_property()]),
    }
    state {}
}

impl Cmdlet for ExportModuleMember {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let Some(module) = run.session.frame.state.module.clone() else {
            return Fault::new(
                "Modules_CanOnlyExecuteExportModuleMemberInsideAModule",
                "Export-ModuleMember has a meaning only in a module's own code.",
            )
            .category(ErrorCategory::PermissionDenied)
            .exception("System.InvalidOperationException")
            .err();
        };
        let mut exports = module.exports.borrow_mut();
        let exports: &mut Exports = exports.get_or_insert_with(Exports::default);
        exports.functions.extend(self.function.iter().cloned());
        exports.cmdlets.extend(self.cmdlet.iter().cloned());
        exports.variables.extend(self.variable.iter().cloned());
        exports.aliases.extend(self.alias.iter().cloned());
        Ok(())
    }
}

cmdlet! {
    /// `Test-ModuleManifest`.
    pub(crate) struct TestModuleManifest = "Test-ModuleManifest", class "Microsoft.PowerShell.Commands.TestModuleManifestCommand", module "Microsoft.PowerShell.Core" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Reads a module's manifest and says what it declares.",
        examples: &[], outputs: &["System.Management.Automation.PSModuleInfo"],
    }
    parameters {
        path: Str = ParameterSpec::new("Path").sets(&[SetMembership::of("").mandatory().position(0).by_value().by_property()]),
    }
    state {}
}

impl Cmdlet for TestModuleManifest {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let path = run.session.absolute(&self.path);
        if !path.is_file() {
            let fault = Fault::new("Modules_ManifestNotFound", format!("There is no manifest at '{}'.", self.path))
                .category(ErrorCategory::ResourceUnavailable)
                .exception("System.IO.FileNotFoundException")
                .target(Value::Str(self.path.clone()));
            return run.error(fault);
        }
        let table = run.session.manifest_data(&path)?;
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let module = run.session.make_module(&name, &path.to_string_lossy());
        if let Some(version) = table.get_text("ModuleVersion") {
            module.version.replace(convert::to_text(&version));
        }
        for key in ["Description", "Author", "CompanyName", "Copyright", "PrivateData", "RootModule"] {
            if let Some(value) = table.get_text(key) {
                module.properties.borrow_mut().insert(Str::from(key), value);
            }
        }
        if let Some(guid) = table.get_text("GUID") {
            module.properties.borrow_mut().insert(Str::from("Guid"), Value::Str(convert::to_text(&guid)));
        }
        let shown = module_object(run.session, &module);
        run.write(shown)
    }
}
