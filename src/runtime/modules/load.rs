//! Loading: script modules, manifests, what is imported into which scope.

use super::ModuleConstraint;
use super::find::{ModuleFile, not_found};
use crate::runtime::scope::{Frame, Slot};
use crate::runtime::session_state::{Exports, Module};
use crate::runtime::sink::{Collector, Discard};
use crate::runtime::symbol::Symbol;
use crate::runtime::{Command, FunctionInfo, Session};
use crate::syntax::{Source, Using, UsingKind};
use crate::value::wildcard::Wildcard;
use crate::value::{ErrorCategory, Fault, Hashtable, Outcome, ScriptBlock, Str, Unwind, Value, convert};
use std::path::Path;
use std::rc::Rc;

/// How a module is imported.
#[derive(Clone, Default)]
pub(crate) struct ImportOptions {
    /// `-Force`: loads it again.
    pub(crate) force: bool,
    /// `-Prefix`.
    pub(crate) prefix: Option<Str>,
    /// `-Function`: only these.
    pub(crate) functions: Option<Vec<Str>>,
    /// `-Alias`: only these.
    pub(crate) aliases: Option<Vec<Str>>,
    /// `-Variable`: only these.
    pub(crate) variables: Option<Vec<Str>>,
    /// `-NoClobber`: what exists already stays.
    pub(crate) no_clobber: bool,
    /// `-ArgumentList`.
    pub(crate) arguments: Vec<Value>,
    /// `-Scope Local`: into the running scope.
    pub(crate) local: bool,
    /// `-Global`: into the global scope.
    pub(crate) global: bool,
}

/// A function's name with a prefix before its noun.
pub(super) fn prefixed(name: &str, prefix: &str) -> Str {
    match name.split_once('-') {
        _ if prefix.is_empty() => Str::from(name),
        Some((verb, noun)) => Str::from(format!("{verb}-{prefix}{noun}")),
        None => Str::from(format!("{prefix}{name}")),
    }
}

fn selected(patterns: Option<&Vec<Str>>, name: &str, otherwise: bool) -> bool {
    match patterns {
        None => otherwise,
        Some(patterns) => patterns.iter().any(|p| Wildcard::new(p, false).is_ok_and(|w| w.matches(name))),
    }
}

impl Module {
    /// True for a module that a specification means, its name aside.
    pub(crate) fn fits(&self, wanted: &ModuleConstraint) -> bool {
        let guid = match self.properties.borrow().get("Guid") {
            Some(Value::Str(guid)) => guid.clone(),
            _ => Str::from(""),
        };
        wanted.admits(&self.version.borrow(), &guid)
    }
}

impl Session {
    /// Imports a module by name or path. `None` for a module that is part of the shell.
    pub(crate) fn import_module(&mut self, name: &str, options: &ImportOptions) -> Outcome<Option<Rc<Module>>> {
        self.import_wanted(&ModuleConstraint::named(name), options)
    }

    /// Imports the module that fits a specification. `None` for a module that is part of the shell.
    pub(crate) fn import_wanted(
        &mut self,
        wanted: &ModuleConstraint,
        options: &ImportOptions,
    ) -> Outcome<Option<Rc<Module>>> {
        let name = wanted.name.as_str();
        let loaded = self.modules.get(&Symbol::new(name)).filter(|module| module.fits(wanted)).cloned();
        let file = self.wanted_file(wanted)?;
        let known = match &file {
            Some(file) => self.modules.values().find(|m| Path::new(m.path.borrow().as_str()) == file.path).cloned(),
            None => loaded,
        };
        let module = match (known, file) {
            (Some(known), _) if !options.force => known,
            (known, Some(file)) => {
                if let Some(known) = known {
                    self.remove_module(&known)?;
                }
                self.load_module(&file, &options.arguments)?
            }
            (Some(known), None) => known,
            (None, None) if self.is_built_in_module(name) => return Ok(None),
            (None, None) => return wanted.not_found().err(),
        };
        self.bring_in(&module, options);
        Ok(Some(module))
    }

    /// The file that fits a specification.
    fn wanted_file(&mut self, wanted: &ModuleConstraint) -> Outcome<Option<ModuleFile>> {
        for file in self.module_files(&wanted.name) {
            if !wanted.is_narrow() {
                return Ok(Some(file));
            }
            let (version, guid) = self.file_identity(&file)?;
            if wanted.admits(&version, &guid) {
                return Ok(Some(file));
            }
        }
        Ok(None)
    }

    /// The version and GUID that a module's file declares.
    pub(crate) fn file_identity(&mut self, file: &ModuleFile) -> Outcome<(Str, Str)> {
        let is_manifest = file.path.extension().is_some_and(|e| e.eq_ignore_ascii_case("psd1"));
        if !is_manifest {
            return Ok((Str::from("0.0"), Str::from("")));
        }
        let table = self.manifest_data(&file.path)?;
        let text = |key: &str| table.get_text(key).map(|value| convert::to_text(&value));
        let version = text("ModuleVersion").unwrap_or_else(|| Str::from("0.0"));
        Ok((version, text("GUID").unwrap_or_else(|| Str::from(""))))
    }

    /// A module as its file describes it, without running any of it.
    pub(crate) fn described_module(&mut self, file: &ModuleFile) -> Outcome<Rc<Module>> {
        let module = self.make_module(&file.name, &file.path.to_string_lossy());
        if file.path.extension().is_some_and(|e| e.eq_ignore_ascii_case("psd1")) {
            let table = self.manifest_data(&file.path)?;
            if let Some(version) = table.get_text("ModuleVersion") {
                module.version.replace(convert::to_text(&version));
            }
            let root = table.get_text("RootModule").or_else(|| table.get_text("ModuleToProcess"));
            remember(&module, &table, root.is_some_and(|root| !convert::to_text(&root).is_empty()));
            let mut properties = module.properties.borrow_mut();
            for key in ["FunctionsToExport", "AliasesToExport", "CmdletsToExport", "CompatiblePSEditions", "FileList"] {
                let names = strings(table.get_text(key)).into_iter().filter(|name| !name.contains('*'));
                properties.insert(Str::from(key), Value::array(names.map(Value::Str).collect()));
            }
        } else {
            let block = self.module_block(&file.path)?;
            let names = declared_functions(&block).into_iter().map(Value::Str).collect();
            module.properties.borrow_mut().insert(Str::from("FunctionsToExport"), Value::array(names));
        }
        Ok(module)
    }

    /// Reads and runs a module's file.
    pub(crate) fn load_module(&mut self, file: &ModuleFile, arguments: &[Value]) -> Outcome<Rc<Module>> {
        let path = file.path.to_string_lossy().into_owned();
        let module = self.make_module(&file.name, &path);
        let is_manifest = file.path.extension().is_some_and(|e| e.eq_ignore_ascii_case("psd1"));
        if is_manifest {
            self.load_manifest(&module, file, arguments)?;
        } else {
            let block = self.module_block(&file.path)?;
            self.run_module_body(&module, &block, arguments)?;
        }
        Ok(module)
    }

    fn module_block(&mut self, path: &Path) -> Outcome<Rc<ScriptBlock>> {
        let shown = path.to_string_lossy().into_owned();
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                return Fault::new("Modules_ModuleNotFound", format!("The file '{shown}' cannot be read: {error}."))
                    .category(ErrorCategory::ResourceUnavailable)
                    .exception("System.IO.FileNotFoundException")
                    .target(Value::from(shown))
                    .err();
            }
        };
        let text = String::from_utf8_lossy(&bytes);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let (source, position) = (self.source.clone(), self.position);
        let block = self.parse_block(Source::file(shown.as_str(), text));
        (self.source, self.position) = (source, position);
        block
    }

    fn run_module_body(&mut self, module: &Rc<Module>, block: &Rc<ScriptBlock>, arguments: &[Value]) -> Outcome<()> {
        self.apply_using(&block.ast.using)?;
        self.run_in_module(module, block, arguments, &mut Discard)
    }

    /// A manifest's table, read as data.
    pub(crate) fn manifest_data(&mut self, path: &Path) -> Outcome<Rc<Hashtable>> {
        let block = self.module_block(path)?;
        let mut collected = Collector::Empty;
        self.run_block_with(&block, &[], None, &mut collected)?;
        match collected.into_value() {
            Value::Hashtable(table) => Ok(table),
            _ => {
                let message = format!("The manifest '{}' must hold one hashtable.", path.display());
                Fault::new("Modules_InvalidManifest", message)
                    .category(ErrorCategory::ResourceUnavailable)
                    .exception("System.ArgumentException")
                    .err()
            }
        }
    }

    fn load_manifest(&mut self, module: &Rc<Module>, file: &ModuleFile, arguments: &[Value]) -> Outcome<()> {
        let table = self.manifest_data(&file.path)?;
        let text = |key: &str| table.get_text(key).filter(|v| !v.is_null()).map(|v| convert::to_text(&v));
        if let Some(version) = text("ModuleVersion") {
            module.version.replace(version);
        }
        let root = text("RootModule").or_else(|| text("ModuleToProcess")).filter(|root| !root.is_empty());
        remember(module, &table, root.is_some());
        let folder = file.path.parent().unwrap_or(Path::new("/")).to_owned();
        self.load_required(module, &folder, &table)?;
        self.process_scripts(&folder, &table)?;
        for nested in strings(table.get_text("NestedModules")) {
            self.load_nested(module, &folder, &nested)?;
        }
        if let Some(root) = root {
            let path = folder.join(root.as_str());
            let path = if path.is_file() { path } else { folder.join(format!("{root}.psm1")) };
            let block = self.module_block(&path)?;
            self.run_module_body(module, &block, arguments)?;
        }
        self.narrow_exports(module, &table);
        Ok(())
    }

    /// Runs the scripts that a manifest names in the scope that imports it.
    fn process_scripts(&mut self, folder: &Path, table: &Hashtable) -> Outcome<()> {
        for script in strings(table.get_text("ScriptsToProcess")) {
            let path = if script.starts_with('/') {
                script.to_string()
            } else {
                folder.join(script.replace('\\', "/")).to_string_lossy().into_owned()
            };
            let block = self.module_block(Path::new(&path))?;
            self.run_in_current_scope(&block, None, &[], &mut super::super::run::HostSink)?;
        }
        Ok(())
    }

    /// Loads the modules that a manifest needs first.
    fn load_required(&mut self, module: &Rc<Module>, folder: &Path, table: &Hashtable) -> Outcome<()> {
        let mut found = Vec::new();
        for item in items(table.get_text("RequiredModules")) {
            let mut wanted = ModuleConstraint::of(self, &item)?;
            if wanted.name.starts_with("..") || wanted.name.starts_with("./") {
                let path = folder.join(wanted.name.replace('\\', "/"));
                wanted.name = Str::from(crate::runtime::command_lookup::normal(&path).to_string_lossy().into_owned());
            }
            match self.import_wanted(&wanted, &ImportOptions { global: true, ..Default::default() }) {
                Ok(Some(required)) => found.push(super::object::module_object(self, &required)),
                Ok(None) => {}
                Err(Unwind::Fault(_)) => {
                    let text =
                        format!("The module '{}' that '{}' needs is not there.", wanted.name, module.name.borrow());
                    return Fault::new("Modules_InvalidManifest", text)
                        .category(ErrorCategory::ResourceUnavailable)
                        .exception("System.Management.Automation.MissingMemberException")
                        .target(Value::Str(wanted.name))
                        .err();
                }
                Err(error) => return Err(error),
            }
        }
        module.properties.borrow_mut().insert(Str::from("RequiredModules"), Value::array(found));
        Ok(())
    }

    /// A nested module's exports become the outer module's own.
    fn load_nested(&mut self, module: &Rc<Module>, folder: &Path, name: &str) -> Outcome<()> {
        let path = folder.join(name);
        let found = [path.clone(), folder.join(format!("{name}.psm1"))].into_iter().find(|path| path.is_file());
        let file = match found {
            Some(path) => {
                let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
                ModuleFile { name: stem, path }
            }
            None => match self.find_module_file(name) {
                Some(file) => file,
                None => return not_found(name).err(),
            },
        };
        let nested = self.load_module(&file, &[])?;
        if let Some(frame) = module.state.get().and_then(|state| state.frame.get().cloned()) {
            self.bring_into(&nested, &frame, &ImportOptions::default());
        }
        module.nested.borrow_mut().push(nested);
        Ok(())
    }

    /// What the manifest names is exported only where the module itself exports it.
    fn narrow_exports(&mut self, module: &Rc<Module>, table: &Hashtable) {
        let exported = self.exported(module);
        let patterns = |key: &str| table.get_text(key).map(|value| strings(Some(value)));
        let keep = |key: &str, names: Vec<Str>| match patterns(key) {
            None => names,
            Some(patterns) => names.into_iter().filter(|name| selected(Some(&patterns), name, true)).collect(),
        };
        let functions = keep("FunctionsToExport", exported.functions.into_iter().map(|(name, _)| name).collect());
        let aliases = keep("AliasesToExport", exported.aliases.into_iter().map(|(name, _)| name).collect());
        let variables: Vec<Str> = exported.variables.iter().map(|name| Str::from(name.name())).collect();
        let variables = keep("VariablesToExport", variables);
        module.exports.replace(Some(Exports { functions, aliases, variables, cmdlets: Vec::new() }));
    }

    /// Registers a module and makes its exports visible where the options say.
    pub(crate) fn bring_in(&mut self, module: &Rc<Module>, options: &ImportOptions) {
        let name = Symbol::new(&module.name.borrow());
        self.modules.shift_remove(&name);
        self.modules.insert(name, module.clone());
        let target = match (options.local, options.global) {
            (true, _) => self.frame.clone(),
            (_, true) => self.global.clone(),
            // The session's own code imports into the global scope, a module's code into the module.
            _ if self.frame.state.module.is_none() => self.global.clone(),
            _ => self.frame.state.frame.get().cloned().unwrap_or_else(|| self.global.clone()),
        };
        if let Some(prefix) = &options.prefix {
            module.properties.borrow_mut().insert(Str::from("Prefix"), Value::Str(prefix.clone()));
        }
        self.bring_into(module, &target, options);
    }

    fn bring_into(&mut self, module: &Rc<Module>, target: &Rc<Frame>, options: &ImportOptions) {
        let exported = self.exported(module);
        let prefix = options.prefix.as_ref().map_or("", Str::as_str);
        let chosen_any = options.functions.is_some() || options.aliases.is_some() || options.variables.is_some();
        let extra = target.make_extra();
        for (name, function) in exported.functions {
            let shown = prefixed(&name, prefix);
            let symbol = Symbol::new(&shown);
            let exists = options.no_clobber && self.find_function(symbol).is_some();
            if exists || !selected(options.functions.as_ref(), &name, !chosen_any) {
                continue;
            }
            let function = match prefix.is_empty() {
                true => function,
                false => FunctionInfo::new(shown, function.block.clone(), function.home.clone()),
            };
            // What a script defined itself gives way to the module, as the module's gives way to later definitions.
            extra.functions.borrow_mut().insert(symbol, function.clone());
            self.hide_same(target, symbol);
        }
        for (name, alias) in exported.aliases {
            let symbol = Symbol::new(&prefixed(&name, prefix));
            let exists = options.no_clobber && self.find_alias(symbol).is_some();
            if !exists && selected(options.aliases.as_ref(), &name, !chosen_any) {
                extra.aliases.borrow_mut().insert(symbol, alias);
            }
        }
        let own = module.state.get().and_then(|state| state.frame.get().cloned());
        for name in exported.variables {
            if selected(options.variables.as_ref(), name.name(), !chosen_any)
                && let Some(variable) = own.as_ref().and_then(|frame| frame.boxed(name))
            {
                let slot = target.layout.slot(name);
                target.put_slot(slot, Slot::Boxed(variable));
            }
        }
        self.generation += 1;
    }

    /// A function of the same name in a script's scope would hide the import from that script.
    fn hide_same(&self, target: &Rc<Frame>, name: Symbol) {
        let mut at = Some(self.frame.clone());
        while let Some(frame) = at {
            if Rc::ptr_eq(&frame, target) || frame.kind == crate::runtime::FrameKind::Module {
                return;
            }
            if let Some(extra) = frame.extra() {
                extra.functions.borrow_mut().remove(&name);
            }
            at = frame.parent.clone();
        }
    }

    /// `using namespace` and `using module` at the head of a script.
    pub(in crate::runtime) fn apply_using(&mut self, using: &[Using]) -> Outcome<()> {
        for item in using {
            match item.kind {
                UsingKind::Namespace => {
                    let name = item.name.to_string();
                    if !self.namespaces.contains(&name) {
                        self.namespaces.push(name);
                    }
                }
                UsingKind::Module => self.use_module(&item.name)?,
                UsingKind::Assembly => {}
            }
        }
        Ok(())
    }

    /// Imports a module together with its classes and enumerations.
    fn use_module(&mut self, name: &str) -> Outcome<()> {
        let Some(module) = self.import_module(name, &ImportOptions::default())? else { return Ok(()) };
        let Some(state) = module.state.get().cloned() else { return Ok(()) };
        let here = self.frame.state.clone();
        if !Rc::ptr_eq(&here, &state) {
            let theirs: Vec<_> = state.types.borrow().iter().map(|(name, kind)| (*name, *kind)).collect();
            here.types.borrow_mut().extend(theirs);
        }
        Ok(())
    }

    /// A command of a module on `PSModulePath` that is not loaded yet: loads the module that defines it.
    pub(in crate::runtime) fn autoload(&mut self, text: &str, name: Symbol) -> Outcome<Option<Command>> {
        if text.is_empty() || text.contains(['/', '\\', '*', '.', ' ']) || self.module_folders().is_empty() {
            return Ok(None);
        }
        for file in self.available_modules() {
            if self.modules.contains_key(&Symbol::new(&file.name)) || !defines(&file, text) {
                continue;
            }
            let module = self.load_module(&file, &[])?;
            self.bring_in(&module, &ImportOptions { global: true, ..Default::default() });
            if let Some(function) = self.find_function(name) {
                return Ok(Some(Command::Function(function)));
            }
        }
        Ok(None)
    }
}

/// True where a module's files seem to define a function of this name.
fn defines(file: &ModuleFile, command: &str) -> bool {
    let wanted = format!("function {}", command.to_ascii_lowercase());
    let Some(folder) = file.path.parent() else { return false };
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    let texts = entries.flatten().map(|entry| entry.path()).filter(|path| {
        path.extension().is_some_and(|e| e.eq_ignore_ascii_case("psm1") || e.eq_ignore_ascii_case("ps1"))
    });
    texts.filter_map(|path| std::fs::read_to_string(path).ok()).any(|text| text.to_ascii_lowercase().contains(&wanted))
}

fn remember(module: &Rc<Module>, table: &Hashtable, has_root: bool) {
    const KEPT: [&str; 6] = ["Description", "Author", "CompanyName", "Copyright", "PrivateData", "RootModule"];
    let mut properties = module.properties.borrow_mut();
    for key in KEPT {
        if let Some(value) = table.get_text(key) {
            properties.insert(Str::from(key), value);
        }
    }
    if let Some(guid) = table.get_text("GUID") {
        properties.insert(Str::from("Guid"), Value::Str(convert::to_text(&guid)));
    }
    let kind = if has_root { "Script" } else { "Manifest" };
    properties.insert(Str::from("ModuleType"), Value::from(kind));
}

/// The functions that a script's outermost statements define.
fn declared_functions(block: &ScriptBlock) -> Vec<Str> {
    let statements = block.ast.end.iter().flat_map(|body| body.statements.iter());
    let name = |statement: &crate::syntax::Statement| match &statement.kind {
        crate::syntax::StatementKind::Function(function) => Some(Str::from(&*function.name)),
        _ => None,
    };
    statements.filter_map(name).collect()
}

/// A manifest entry as a list.
fn items(value: Option<Value>) -> Vec<Value> {
    match value {
        Some(Value::Array(array)) => array.values(),
        None | Some(Value::Null | Value::Nothing) => Vec::new(),
        Some(other) => vec![other],
    }
}

/// A manifest entry as a list of names; a table's `ModuleName` counts.
fn strings(value: Option<Value>) -> Vec<Str> {
    let items = items(value);
    let name = |item: &Value| match item {
        Value::Hashtable(table) => table.get_text("ModuleName").map_or_else(|| Str::from(""), |v| convert::to_text(&v)),
        other => convert::to_text(other),
    };
    items.iter().map(name).filter(|name| !name.is_empty()).collect()
}
