//! `Export-Alias` and `Import-Alias`: aliases in files, as comma-separated values or as a script.

use super::alias::{alias_object, visible_aliases};
use super::object::{file_path, io_fault, matching_paths};
use super::variable::{frame_of, options};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{
    AliasInfo, Cmdlet, ConfirmImpact, Invocation, Options, ParameterSpec, SetMembership, Symbol, Validation,
};
use crate::value::wildcard::Wildcard;
use crate::value::{DateTime, ErrorCategory, Fault, Outcome, Str, Value};
use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::rc::Rc;

const BY_PATH: &str = "ByPath";
const BY_LITERAL: &str = "ByLiteralPath";

cmdlet! {
    /// `Export-Alias`.
    pub(crate) struct ExportAlias = "Export-Alias", class "Microsoft.PowerShell.Commands.ExportAliasCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: Some(BY_PATH), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Writes aliases into a file.", examples: &[], outputs: &["System.Management.Automation.AliasInfo"],
    }
    parameters {
        path: Option<Str> = ParameterSpec::new("Path").sets(&[SetMembership::of(BY_PATH).mandatory().position(0)]),
        literal_path: Option<Str> = ParameterSpec::new("LiteralPath").alias(&["PSPath", "LP"])
            .sets(&[SetMembership::of(BY_LITERAL).mandatory().by_property()]),
        name: Vec<Str> = ParameterSpec::new("Name").sets(&[SetMembership::of("").position(1).by_value().by_property()]),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
        form: Option<Str> = ParameterSpec::new("As").validate(&[Validation::Set(&["Csv", "Script"])]),
        append: Switch = ParameterSpec::new("Append"),
        force: Switch = ParameterSpec::new("Force"),
        no_clobber: Switch = ParameterSpec::new("NoClobber").alias(&["NoOverwrite"]),
        description: Option<Str> = ParameterSpec::new("Description"),
        scope: Option<Str> = ParameterSpec::new("Scope"),
    }
    state { found: Vec<Rc<AliasInfo>> }
}

impl Cmdlet for ExportAlias {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let only = match &self.scope {
            Some(scope) => Some(frame_of(run.session, Some(scope))?),
            None => None,
        };
        let patterns = if self.name.is_empty() { vec![Str::from("*")] } else { self.name.clone() };
        let all = visible_aliases(run.session, only.as_ref());
        for pattern in patterns {
            let pattern = Wildcard::new(&pattern, false)?;
            self.found.extend(all.iter().filter(|alias| pattern.matches(&alias.name)).cloned());
        }
        Ok(())
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let path = self.file(run)?;
        if !run.should_process(&path.to_string_lossy(), "Export-Alias")? {
            return Ok(());
        }
        if self.no_clobber.0 && path.exists() {
            return Fault::new("NoClobber", format!("'{}' exists already, and -NoClobber keeps it.", path.display()))
                .category(ErrorCategory::ResourceExists)
                .exception("System.UnauthorizedAccessException")
                .target(path.to_string_lossy().as_ref())
                .err();
        }
        let text = self.text(run);
        self.write(&path, &text).map_err(|error| io_fault(&error, &path))?;
        if self.pass_thru.0 {
            for alias in std::mem::take(&mut self.found) {
                let shown = alias_object(run.session, &alias);
                run.write(shown)?;
            }
        }
        Ok(())
    }
}

impl ExportAlias {
    fn file(&self, run: &mut Invocation<'_>) -> Outcome<PathBuf> {
        match (&self.path, &self.literal_path) {
            (Some(path), _) => one_path(run, path, "ReadWriteMultipleFilesNotSupported"),
            (None, literal) => Ok(file_path(run.session, literal.as_deref().unwrap_or(""))),
        }
    }

    fn write(&self, path: &Path, text: &str) -> std::io::Result<()> {
        use std::io::Write;
        if self.force.0
            && let Ok(metadata) = path.metadata()
            && metadata.permissions().readonly()
        {
            let mut permissions = metadata.permissions();
            #[allow(clippy::permissions_set_readonly_false, reason = "-Force asks for exactly this")]
            permissions.set_readonly(false);
            std::fs::set_permissions(path, permissions)?;
        }
        let mut options = std::fs::OpenOptions::new();
        options.create(true).write(true).append(self.append.0).truncate(!self.append.0);
        options.open(path)?.write_all(text.as_bytes())
    }

    fn text(&self, run: &Invocation<'_>) -> String {
        let session = &run.session;
        let known = |name: &str| session.environment.get(name).cloned().unwrap_or_default();
        let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let mut text = format!(
            "# Alias File\n# Exported by : {}\n# Date/Time : {}\n# Computer : {}\n",
            known("USER"),
            crate::value::convert::to_text(&Value::DateTime(DateTime::now())),
            machine.trim_end(),
        );
        for line in self.description.iter().flat_map(|description| description.lines()) {
            text.push_str(&format!("# {line}\n"));
        }
        let as_script = self.form.as_ref().is_some_and(|form| form.eq_ignore_ascii_case("Script"));
        for alias in &self.found {
            text.push_str(&line(alias, as_script));
        }
        text
    }
}

fn line(alias: &AliasInfo, as_script: bool) -> String {
    let description = alias.description.borrow().clone().unwrap_or_else(|| Str::from(""));
    let options = crate::value::convert::to_text(&super::variable::options_value(alias.options.get()));
    let columns = [&*alias.name, &*alias.definition, &*description, &*options];
    if as_script {
        let quoted = columns.map(|text| text.replace('`', "``").replace('"', "`\"").replace('$', "`$"));
        let [name, value, description, option] = quoted;
        return format!(
            "set-alias -Name:\"{name}\" -Value:\"{value}\" -Description:\"{description}\" -Option:\"{option}\"\n"
        );
    }
    let quoted = columns.map(|text| format!("\"{}\"", text.replace('"', "\"\"")));
    format!("{}\n", quoted.join(","))
}

/// The one file that a path means.
fn one_path(run: &mut Invocation<'_>, path: &str, several: &'static str) -> Outcome<PathBuf> {
    let mut found = matching_paths(run.session, path)?;
    if found.len() > 1 {
        return Fault::new(several, format!("'{path}' means {} files; name one.", found.len()))
            .category(ErrorCategory::InvalidArgument)
            .exception("System.Management.Automation.PSInvalidOperationException")
            .target(path)
            .err();
    }
    Ok(found.pop().unwrap_or_else(|| file_path(run.session, path)))
}

cmdlet! {
    /// `Import-Alias`.
    pub(crate) struct ImportAlias = "Import-Alias", class "Microsoft.PowerShell.Commands.ImportAliasCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: Some(BY_PATH), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Defines the aliases that Export-Alias wrote.", examples: &[],
        outputs: &["System.Management.Automation.AliasInfo"],
    }
    parameters {
        path: Option<Str> = ParameterSpec::new("Path")
            .sets(&[SetMembership::of(BY_PATH).mandatory().position(0).by_value().by_property()]),
        literal_path: Option<Str> = ParameterSpec::new("LiteralPath").alias(&["PSPath", "LP"])
            .sets(&[SetMembership::of(BY_LITERAL).mandatory().by_property()]),
        scope: Option<Str> = ParameterSpec::new("Scope"),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
        force: Switch = ParameterSpec::new("Force"),
    }
    state {}
}

impl Cmdlet for ImportAlias {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let path = match (&self.path, &self.literal_path) {
            (Some(path), _) => one_path(run, path, "NotSupported")?,
            (None, literal) => file_path(run.session, literal.as_deref().unwrap_or("")),
        };
        let text = std::fs::read_to_string(&path).map_err(|error| io_fault(&error, &path))?;
        for (number, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let columns = columns(line);
            let [name, value, description, option] = columns.as_slice() else {
                return wrong(&path, number + 1, "a line holds four values").err();
            };
            let Ok(options) = options(Some(&Str::from(option.as_str()))) else {
                return wrong(&path, number + 1, &format!("'{option}' is no alias option")).err();
            };
            self.define(run, name, value, description, options.unwrap_or(Options::NONE))?;
        }
        Ok(())
    }
}

impl ImportAlias {
    fn define(
        &self,
        run: &mut Invocation<'_>,
        name: &str,
        value: &str,
        description: &str,
        options: Options,
    ) -> Outcome<()> {
        let frame = frame_of(run.session, self.scope.as_deref())?;
        let symbol = Symbol::new(name);
        let known = run.session.find_alias(symbol);
        if known.is_some() && !self.force.0 {
            let fault = Fault::new("AliasAlreadyExists", format!("The alias '{name}' exists already."))
                .category(ErrorCategory::ResourceExists)
                .exception("System.Management.Automation.SessionStateException")
                .target(name);
            return run.error(fault);
        }
        let alias = Rc::new(AliasInfo {
            name: Str::from(name),
            definition: Str::from(value),
            options: Cell::new(options),
            description: RefCell::new((!description.is_empty()).then(|| Str::from(description))),
        });
        frame.make_extra().aliases.borrow_mut().insert(symbol, alias.clone());
        run.session.generation += 1;
        if self.pass_thru.0 {
            let shown = alias_object(run.session, &alias);
            run.write(shown)?;
        }
        Ok(())
    }
}

fn wrong(path: &Path, line: usize, why: &str) -> Fault {
    Fault::new("ImportAliasFileFormatError", format!("'{}', line {line}: {why}.", path.display()))
        .category(ErrorCategory::ReadError)
        .exception("System.IO.FileFormatException")
        .target(path.to_string_lossy().as_ref())
}

/// The values of a line; a doubled quote within quotes is one.
fn columns(line: &str) -> Vec<String> {
    let (mut found, mut value, mut quoted) = (Vec::new(), String::new(), false);
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => value.extend(characters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => found.push(std::mem::take(&mut value)),
            c => value.push(c),
        }
    }
    found.push(value);
    found
}
