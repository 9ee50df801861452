//! What a command name means: alias, function, cmdlet, program, in that order; module-qualified names; paths.

use super::code::{CommandCache, CommandCode};
use super::command::{AliasInfo, Command};
use super::function::FunctionInfo;
use super::lower;
use super::scope::Frame;
use super::session::Session;
use super::symbol::Symbol;
use crate::value::{ErrorCategory, Fault, Outcome, ScriptBlock, Str, Value};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// How many aliases may stand for one another.
const MAXIMUM_ALIASES: usize = 32;

impl Session {
    /// The command that a call site names by a word.
    pub(super) fn resolve_site(&mut self, code: &CommandCode, text: &Str, name: Symbol) -> Outcome<Command> {
        if self.watched {
            self.before_command(text)?;
        }
        let state = Rc::as_ptr(&self.frame.state) as usize;
        if let Some(cache) = &*code.cache.borrow()
            && cache.generation == self.generation
            && cache.state == state
        {
            return Ok(cache.command.clone());
        }
        let command = self.resolve_command(text, name)?;
        let cache = CommandCache { generation: self.generation, state, command: command.clone() };
        code.cache.replace(Some(cache));
        Ok(command)
    }

    /// The command of a name.
    pub(crate) fn resolve_command(&mut self, text: &str, name: Symbol) -> Outcome<Command> {
        match self.find_command(text, name)? {
            Some(command) => Ok(command),
            None => {
                let faults: Vec<String> = self.cmdlet_sources.iter().flat_map(|source| source.faults()).collect();
                not_found_among(text, &self.command_names(), &faults)
            }
        }
    }

    /// Names of commands that could have been meant: functions and aliases in sight, and cmdlets.
    fn command_names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.cmdlets.values().map(|spec| spec.name.to_owned()).collect();
        names.extend(self.cmdlet_sources.iter().flat_map(|source| source.names()));
        let mut at = Some(self.frame.clone());
        while let Some(frame) = at {
            if let Some(extra) = frame.extra() {
                names.extend(extra.functions.borrow().values().map(|function| function.name.to_string()));
                names.extend(extra.aliases.borrow().keys().map(|name| name.name().to_owned()));
            }
            at = frame.parent.clone();
        }
        names.sort_unstable();
        names.dedup_by(|left, right| left.eq_ignore_ascii_case(right));
        names
    }

    /// The command of a name, where there is one.
    pub(crate) fn find_command(&mut self, text: &str, name: Symbol) -> Outcome<Option<Command>> {
        let (mut text, mut name) = (Str::from(text), name);
        let mut hops = 0;
        while let Some(alias) = self.find_alias(name) {
            text = alias.definition.clone();
            name = Symbol::new(&text);
            hops += 1;
            if hops > MAXIMUM_ALIASES {
                return Fault::new("AliasCycle", format!("The alias '{text}' leads back to itself.")).err();
            }
        }
        if let Some(function) = self.find_function(name) {
            return Ok(Some(Command::Function(function)));
        }
        if let Some(spec) = self.find_cmdlet(name)? {
            return Ok(Some(Command::Cmdlet(spec)));
        }
        if let Some(command) = self.find_qualified(&text)? {
            return Ok(Some(command));
        }
        // A name with a dash is hardly a program's, and modules are slower to search than `PATH` is.
        let looks_like_cmdlet = text.contains('-');
        if looks_like_cmdlet && let Some(command) = self.autoload(&text, name)? {
            return Ok(Some(command));
        }
        match self.find_external(&text) {
            None if !looks_like_cmdlet => self.autoload(&text, name),
            found => Ok(found),
        }
    }

    /// An alias as the running code sees it.
    pub(crate) fn find_alias(&self, name: Symbol) -> Option<Rc<AliasInfo>> {
        let mut at = Some(&self.frame);
        while let Some(frame) = at {
            if let Some(extra) = frame.extra()
                && let Some(alias) = extra.aliases.borrow().get(&name)
            {
                return Some(alias.clone());
            }
            at = frame.parent.as_ref();
        }
        None
    }

    /// A function as the running code sees it.
    pub(crate) fn find_function(&self, name: Symbol) -> Option<Rc<FunctionInfo>> {
        let mut at = Some(&self.frame);
        while let Some(frame) = at {
            if let Some(extra) = frame.extra()
                && let Some(function) = extra.functions.borrow().get(&name)
            {
                return Some(function.clone());
            }
            at = frame.parent.as_ref();
        }
        None
    }

    /// `Module\Command`.
    fn find_qualified(&mut self, text: &str) -> Outcome<Option<Command>> {
        let Some((module, command)) = text.split_once('\\') else { return Ok(None) };
        if module.is_empty() || command.contains(['/', '\\']) {
            return Ok(None);
        }
        let name = Symbol::new(command);
        if let Some(loaded) = self.modules.get(&Symbol::new(module)).cloned()
            && let Some(frame) = loaded.state.get().and_then(|s| s.frame.get())
            && let Some(extra) = frame.extra()
            && let Some(function) = extra.functions.borrow().get(&name)
        {
            return Ok(Some(Command::Function(function.clone())));
        }
        Ok(match self.find_cmdlet(name)? {
            Some(spec) if spec.module.eq_ignore_ascii_case(module) => Some(Command::Cmdlet(spec)),
            _ => None,
        })
    }

    /// A program or script file: by path, or on `PATH`.
    pub(crate) fn find_external(&self, text: &str) -> Option<Command> {
        if text.is_empty() {
            return None;
        }
        if text.contains('/') {
            let path = self.absolute(text);
            return self.external_at(&path).or_else(|| this_shell(&path));
        }
        let path = self.environment.get("PATH").cloned().unwrap_or_default();
        for folder in path.split(':').filter(|f| !f.is_empty()) {
            if let Some(command) = self.external_at(&Path::new(folder).join(text)) {
                return Some(command);
            }
            let script = Path::new(folder).join(format!("{text}.ps1"));
            if script.is_file() {
                return Some(Command::Script(Rc::new(script)));
            }
        }
        this_shell(Path::new(text))
    }

    /// Programs on `PATH` whose names are wanted, each name once, in the order of the folders and by name in each.
    pub(crate) fn programs(&self, wanted: &dyn Fn(&str) -> bool) -> Vec<Command> {
        let mut seen = rustc_hash::FxHashSet::default();
        let mut found = Vec::new();
        let folders = self.environment.get("PATH").map_or("", String::as_str);
        for folder in folders.split(':').filter(|folder| !folder.is_empty()) {
            let Ok(entries) = std::fs::read_dir(folder) else { continue };
            let mut names: Vec<String> =
                entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
            names.retain(|name| wanted(name) && !seen.contains(name));
            names.sort();
            for name in names {
                let path = Path::new(folder).join(&name);
                if is_executable(&path) && seen.insert(name) {
                    found.push(Command::External(Rc::new(path)));
                }
            }
        }
        found
    }

    fn external_at(&self, path: &Path) -> Option<Command> {
        let is_script = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("ps1"));
        if is_script && path.is_file() {
            return Some(Command::Script(Rc::new(path.to_path_buf())));
        }
        if is_executable(path) {
            return Some(Command::External(Rc::new(path.to_path_buf())));
        }
        let with_extension = PathBuf::from(format!("{}.ps1", path.display()));
        with_extension.is_file().then(|| Command::Script(Rc::new(with_extension)))
    }

    /// A path made absolute by the session's location; `~` is the home directory.
    pub(crate) fn absolute(&self, text: &str) -> PathBuf {
        if text == "~" || text.starts_with("~/") {
            let home = self.environment.get("HOME").cloned().unwrap_or_default();
            return PathBuf::from(format!("{home}{}", text.get(1..).unwrap_or("")));
        }
        let path = Path::new(text);
        if path.is_absolute() { path.to_path_buf() } else { normal(&self.location.join(path)) }
    }

    /// Defines a function in the current scope, or in the scope its name asks for.
    pub(super) fn define_function(&mut self, template: &Rc<ScriptBlock>) -> Outcome<()> {
        let Some(definition) = &template.function else { return Ok(()) };
        let (frame, name) = self.scope_of_name(&definition.name);
        let block = lower::instance(template);
        block.home.replace(Some(self.frame.state.clone()));
        self.set_function(&frame, name, Rc::new(block))
    }

    /// The frame and bare name that `global:name` and the like mean.
    pub(crate) fn scope_of_name<'n>(&self, name: &'n str) -> (Rc<Frame>, &'n str) {
        match name.split_once(':') {
            Some((scope, bare)) if scope.eq_ignore_ascii_case("global") => (self.frame.global_frame(), bare),
            Some((scope, bare)) if scope.eq_ignore_ascii_case("script") => (self.frame.script_frame(), bare),
            Some((scope, bare)) if scope.eq_ignore_ascii_case("local") || scope.eq_ignore_ascii_case("private") => {
                (self.frame.clone(), bare)
            }
            _ => (self.frame.clone(), name),
        }
    }

    /// Makes a block a function of a scope.
    pub(crate) fn set_function(&mut self, frame: &Rc<Frame>, name: &str, block: Rc<ScriptBlock>) -> Outcome<()> {
        let symbol = Symbol::new(name);
        if let Some(extra) = frame.extra()
            && let Some(old) = extra.functions.borrow().get(&symbol)
            && old.options.get().has(super::Options(super::Options::READ_ONLY.0 | super::Options::CONSTANT.0))
        {
            return Fault::new("FunctionNotWritable", format!("The function '{name}' is read-only or constant."))
                .category(ErrorCategory::WriteError)
                .exception("System.Management.Automation.SessionStateUnauthorizedAccessException")
                .target(name)
                .err();
        }
        let home = self.home_of(&block);
        let aliases = alias_names(&block);
        let function = FunctionInfo::new(name, block, home);
        let extra = frame.make_extra();
        extra.functions.borrow_mut().insert(symbol, function);
        for alias in aliases {
            let info = AliasInfo {
                name: Str::from(alias.as_str()),
                definition: Str::from(name),
                options: Default::default(),
                description: Default::default(),
            };
            extra.aliases.borrow_mut().insert(Symbol::new(&alias), Rc::new(info));
        }
        self.generation += 1;
        Ok(())
    }

    /// Removes a function by name from the nearest scope that has it.
    pub(crate) fn remove_function(&mut self, name: Symbol) -> bool {
        let mut at = Some(self.frame.clone());
        while let Some(frame) = at {
            if frame.extra().is_some_and(|e| e.functions.borrow_mut().remove(&name).is_some()) {
                self.generation += 1;
                return true;
            }
            at = frame.parent.clone();
        }
        false
    }

    /// Reads a script file as a function without a scope of its own yet.
    pub(crate) fn load_script(&mut self, path: &Path) -> Outcome<Rc<FunctionInfo>> {
        let source = super::parsing::read_source(path)?;
        let block = self.parse_block(source)?;
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Rc::new(FunctionInfo {
            name: Str::from(name),
            home: self.home_of(&block),
            block,
            options: Default::default(),
            is_script: true,
            object: Default::default(),
        }))
    }
}

/// Names that `[Alias()]` before a function's `param` gives it.
fn alias_names(block: &ScriptBlock) -> Vec<String> {
    let mut names = Vec::new();
    for attribute in &block.ast.attributes {
        if !attribute.name.name.eq_ignore_ascii_case("Alias") {
            continue;
        }
        for argument in &attribute.positional {
            if let crate::syntax::ExprKind::String(text, _) = &argument.kind {
                names.push(text.to_string());
            }
        }
    }
    names
}

/// Scripts start further shells as `pwsh`, by name or beside this one; where no such program is, this one is meant.
fn this_shell(path: &Path) -> Option<Command> {
    let own = std::env::current_exe().ok()?;
    let beside = path.parent().is_none_or(|folder| folder.as_os_str().is_empty() || Some(folder) == own.parent());
    (beside && path.file_name()? == "pwsh").then(|| Command::External(Rc::new(own)))
}

fn is_executable(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

/// A path without `.` and `..`.
pub(crate) fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// The error of a name that means nothing.
pub(super) fn not_found<T>(name: &str) -> Outcome<T> {
    not_found_among(name, &[], &[])
}

/// The same where names are known that could have been meant, and descriptions of cmdlets that could not be read.
fn not_found_among<T>(name: &str, known: &[String], faults: &[String]) -> Outcome<T> {
    if let Some((module, command)) = of_module(name) {
        return missing(
            "CouldNotAutoLoadModule",
            format!("There is no module '{module}' here to load the command '{command}' from."),
            name,
        )
        .err();
    }
    let near = super::nearest::nearest(name, known, 3);
    let offer = match near.split_last() {
        None => String::new(),
        Some((only, [])) => format!(" Did you mean '{only}'?"),
        Some((last, others)) => {
            let others: Vec<String> = others.iter().map(|other| format!("'{other}'")).collect();
            format!(" Did you mean {} or '{last}'?", others.join(", "))
        }
    };
    // A name with a dash may be of a cmdlet whose manifest is at fault.
    let broken = match faults.is_empty() || !name.contains('-') {
        true => String::new(),
        false => format!("\n  Manifests that could not be read:\n    {}", faults.join("\n    ")),
    };
    let reason = "no alias, function, cmdlet, script or program of that name was found.";
    missing("CommandNotFoundException", format!("'{name}' is no command: {reason}{offer}{broken}"), name).err()
}

/// A name that stands for a command of a module: `Module\Command`.
fn of_module(name: &str) -> Option<(&str, &str)> {
    let plain = |part: &str| !part.is_empty() && !part.contains(['/', '\\', '.', ':']);
    name.split_once('\\').filter(|(module, command)| plain(module) && plain(command))
}

fn missing(id: &'static str, message: String, name: &str) -> Fault {
    Fault::new(id, message)
        .category(ErrorCategory::ObjectNotFound)
        .exception("System.Management.Automation.CommandNotFoundException")
        .target(name)
        .property("CommandName", Value::str(name))
}
