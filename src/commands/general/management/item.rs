//! `Get-`, `Set-`, `New-`, `Clear-` and `Rename-Item`.

use super::{LITERAL_ALIASES, LITERAL_SETS, PATH_SETS, Sieve, leaf, places};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::providers::{Expansion, Location, Provider, files, items, path};
use crate::runtime::{Cmdlet, Command, ConfirmImpact, Invocation, Options, ParameterSpec, SetMembership, Symbol};
use crate::value::{ErrorCategory, Fault, Outcome, Str, Value, convert};
use std::fs;
use std::io;

cmdlet! {
    /// `Get-Item`.
    pub(crate) struct GetItem = "Get-Item", class "Microsoft.PowerShell.Commands.GetItemCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some("Path"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Gets the item at a path.", examples: &[("(Get-Item /).FullName", "/\n")],
        outputs: &["System.IO.FileInfo", "System.IO.DirectoryInfo"],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path").sets(PATH_SETS),
        literal: Vec<Str> = ParameterSpec::new("LiteralPath").alias(LITERAL_ALIASES).sets(LITERAL_SETS),
        filter: Option<Str> = ParameterSpec::new("Filter"),
        include: Vec<Str> = ParameterSpec::new("Include"),
        exclude: Vec<Str> = ParameterSpec::new("Exclude"),
        force: Switch = ParameterSpec::new("Force"),
    }
    state {}
}

impl Cmdlet for GetItem {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let how = Expansion { force: self.force.0, ..Expansion::default() };
        let sieve = Sieve::new(&self.include, &self.exclude)?;
        let filter = Sieve::new(self.filter.as_slice(), &[])?;
        // Path by path, so that what comes before one that is missing is out already.
        let paths = self.path.chunks(1).map(|path| (path, &[][..]));
        for (path, literal) in paths.chain(self.literal.chunks(1).map(|path| (&[][..], path))) {
            for place in places(run, path, literal, how)? {
                let name = leaf(&place);
                if sieve.passes(&name) && filter.passes(&name) {
                    let item = items::object_of(run.session, &place)?;
                    run.write(item)?;
                }
            }
        }
        Ok(())
    }
}

cmdlet! {
    /// `Set-Item`.
    pub(crate) struct SetItem = "Set-Item", class "Microsoft.PowerShell.Commands.SetItemCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some("Path"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Changes what an item of the environment, variable, function or alias drive holds.",
        examples: &[("Set-Item env:SAMPLE one; $env:SAMPLE", "one\n")], outputs: &[],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path").sets(&[SetMembership::of("Path").mandatory().position(0).by_property()]),
        literal: Vec<Str> = ParameterSpec::new("LiteralPath").alias(LITERAL_ALIASES).sets(LITERAL_SETS),
        value: Value = ParameterSpec::new("Value").sets(&[SetMembership::of("").position(1).by_value().by_property()]),
        force: Switch = ParameterSpec::new("Force"),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
        filter: Option<Str> = ParameterSpec::new("Filter"),
        include: Vec<Str> = ParameterSpec::new("Include"),
        exclude: Vec<Str> = ParameterSpec::new("Exclude"),
        options: Option<Str> = ParameterSpec::new("Options"),
    }
    state {}
}

impl SetItem {
    /// Sets a function or alias with its options; without a value and options, the function goes.
    fn set(&self, run: &mut Invocation<'_>, place: &Location) -> Outcome<()> {
        let given = run.is_bound("Value");
        let options = crate::commands::general::variable::options(self.options.as_ref())?;
        if place.drive.provider == Provider::Function {
            if !given && options.is_none() {
                return items::remove(run.session, place);
            }
            if given {
                items::set_value(run.session, place, function_body(&self.value)?)?;
            }
            if let (Some(options), Some(function)) = (options, run.session.find_function(Symbol::new(&place.path))) {
                function.options.set(options);
                let shown = crate::commands::general::variable::options_value(options);
                let object = run.session.command_object(&Command::Function(function));
                crate::value::members::set(run.session, &object, "Options", shown)?;
            }
            return Ok(());
        }
        items::set_value(run.session, place, self.value.clone())
    }
}

/// What a function can be made of: a block, a text, another function.
fn function_body(value: &Value) -> Outcome<Value> {
    match value {
        Value::ScriptBlock(_) | Value::Str(_) | Value::Null => Ok(value.clone()),
        Value::Wrapped(wrapped) => function_body(&wrapped.base),
        Value::Object(object) => {
            let at = object.shape.borrow().names.iter().position(|name| name.as_str() == "ScriptBlock");
            let block = at.and_then(|at| object.values.borrow().get(at).cloned());
            block.map_or_else(|| no_body(value).err(), Ok)
        }
        other => no_body(other).err(),
    }
}

fn no_body(value: &Value) -> Fault {
    Fault::new("Argument", format!("'{}' cannot be a function's body.", convert::to_text(value)))
        .category(ErrorCategory::InvalidArgument)
        .exception("System.Management.Automation.PSArgumentException")
}

impl Cmdlet for SetItem {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let how = Expansion { may_miss: true, ..Expansion::default() };
        let sieve = Sieve::new(&self.include, &self.exclude)?;
        for place in places(run, &self.path, &self.literal, how)? {
            if !sieve.passes(&super::leaf(&place)) {
                continue;
            }
            if place.drive.provider == Provider::FileSystem {
                run.error(not_supported("Set-Item", &place))?;
                continue;
            }
            if run
                .should_process(&format!("Item: {} Value: {}", place.path, convert::to_text(&self.value)), "Set Item")?
            {
                self.set(run, &place)?;
                if self.pass_thru.0 {
                    let item = items::object_of(run.session, &place)?;
                    run.write(item)?;
                }
            }
        }
        Ok(())
    }
}

fn not_supported(command: &str, place: &Location) -> Fault {
    let message = format!("{command} does not work on files; '{}' is one. Use Set-Content.", place.shown());
    Fault::new("NotSupported", message)
        .category(ErrorCategory::NotImplemented)
        .exception("System.Management.Automation.PSNotSupportedException")
}

cmdlet! {
    /// `Clear-Item`.
    pub(crate) struct ClearItem = "Clear-Item", class "Microsoft.PowerShell.Commands.ClearItemCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some("Path"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Empties an item of the environment, variable, function or alias drive.", examples: &[], outputs: &[],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path").sets(PATH_SETS),
        literal: Vec<Str> = ParameterSpec::new("LiteralPath").alias(LITERAL_ALIASES).sets(LITERAL_SETS),
        force: Switch = ParameterSpec::new("Force"),
    }
    state {}
}

impl Cmdlet for ClearItem {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        for place in places(run, &self.path, &self.literal, Expansion::default())? {
            if place.drive.provider == Provider::FileSystem {
                run.error(not_supported("Clear-Item", &place))?;
            } else if run.should_process(&format!("Item: {}", place.path), "Clear Item")? {
                items::set_value(run.session, &place, Value::Null)?;
            }
        }
        Ok(())
    }
}

cmdlet! {
    /// `New-Item`.
    pub(crate) struct NewItem = "New-Item", class "Microsoft.PowerShell.Commands.NewItemCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some("pathSet"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Makes a file, directory, link, variable, function or alias.",
        examples: &[("(New-Item env:FRESH -Value 1).Value", "1\n")],
        outputs: &["System.IO.FileInfo", "System.IO.DirectoryInfo"],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path").sets(&[
            SetMembership::of("pathSet").mandatory().position(0).by_property(),
            SetMembership::of("nameSet").position(0).by_property(),
        ]),
        name: Option<Str> = ParameterSpec::new("Name").allow_null().allow_empty()
            .sets(&[SetMembership::of("nameSet").mandatory().by_property()]),
        kind: Option<Str> = ParameterSpec::new("ItemType").alias(&["Type"]).sets(&[SetMembership::of("").by_property()]),
        value: Value = ParameterSpec::new("Value").alias(&["Target"]).sets(&[SetMembership::of("").by_value().by_property()]),
        force: Switch = ParameterSpec::new("Force"),
    }
    state {}
}

impl Cmdlet for NewItem {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let paths = if self.path.is_empty() { vec![Str::from(".")] } else { self.path.clone() };
        for path in paths {
            let whole = match &self.name {
                Some(name) => path::join(&path, name),
                None => path.to_string(),
            };
            let place = run.session.provider_path(&whole)?;
            let (action, target) = self.describe(&place);
            if !run.should_process(&target, &action)? {
                continue;
            }
            let made = if place.drive.provider == Provider::FileSystem {
                self.make_file(&place)
            } else {
                items::set_value(run.session, &place, self.value.clone()).map(|()| None)
            };
            match made {
                Ok(None) => {
                    let item = items::object_of(run.session, &place)?;
                    run.write(item)?;
                }
                Ok(Some(fault)) => run.error(fault)?,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// What `-ItemType` names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Directory,
    SymbolicLink,
    HardLink,
}

impl NewItem {
    /// A unique beginning of a name is enough.
    fn file_kind(&self) -> Option<Kind> {
        const NAMES: [(&str, Kind); 5] = [
            ("file", Kind::File),
            ("directory", Kind::Directory),
            ("container", Kind::Directory),
            ("symboliclink", Kind::SymbolicLink),
            ("hardlink", Kind::HardLink),
        ];
        let Some(written) = self.kind.as_deref().filter(|k| !k.is_empty()) else { return Some(Kind::File) };
        let written = written.to_ascii_lowercase();
        NAMES.iter().find(|(name, _)| name.starts_with(&written)).map(|row| row.1)
    }

    fn describe(&self, place: &Location) -> (String, String) {
        let action = match self.file_kind() {
            Some(Kind::Directory) => "Create Directory",
            Some(Kind::SymbolicLink) => "Create Symbolic Link",
            Some(Kind::HardLink) => "Create Hard Link",
            Some(Kind::File) | None => "Create File",
        };
        (action.to_owned(), format!("Destination: {}", place.shown()))
    }

    /// Makes a file, directory or link; what goes wrong is a non-terminating error.
    fn make_file(&self, place: &Location) -> Outcome<Option<Fault>> {
        let Some(kind) = self.file_kind() else {
            let message = format!(
                "'{}' is no kind of item; use File, Directory, SymbolicLink or HardLink.",
                self.kind.as_deref().unwrap_or("")
            );
            return Fault::new("Argument", message)
                .category(ErrorCategory::InvalidArgument)
                .exception("System.Management.Automation.PSArgumentException")
                .err();
        };
        let target = convert::to_text(&self.value);
        let done = match kind {
            Kind::Directory => return Ok(self.make_directory(place)),
            Kind::File => self.write_file(place, &target),
            Kind::SymbolicLink => std::os::unix::fs::symlink(target.as_str(), &place.path),
            Kind::HardLink => fs::hard_link(target.as_str(), &place.path),
        };
        Ok(done.err().map(|error| files::fault("NewItemIOError", ErrorCategory::WriteError, &error, &place.shown())))
    }

    fn make_directory(&self, place: &Location) -> Option<Fault> {
        if fs::metadata(&place.path).is_ok() && !self.force.0 {
            let message = format!("'{}' exists already. Use -Force to go on with it.", place.shown());
            let fault = Fault::new("DirectoryExist", message)
                .category(ErrorCategory::ResourceExists)
                .exception("System.IO.IOException")
                .target(place.shown());
            return Some(fault);
        }
        let made = fs::create_dir_all(&place.path);
        made.err()
            .map(|error| files::fault("CreateDirectoryIOError", ErrorCategory::WriteError, &error, &place.shown()))
    }

    fn write_file(&self, place: &Location, text: &str) -> io::Result<()> {
        if self.force.0 {
            if let Some(parent) = std::path::Path::new(&place.path).parent() {
                fs::create_dir_all(parent)?;
            }
            return fs::write(&place.path, text);
        }
        let mut file = fs::File::create_new(&place.path)?;
        io::Write::write_all(&mut file, text.as_bytes())
    }
}

cmdlet! {
    /// `Rename-Item`.
    pub(crate) struct RenameItem = "Rename-Item", class "Microsoft.PowerShell.Commands.RenameItemCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some("ByPath"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Gives an item another name in the same place.", examples: &[], outputs: &[],
    }
    parameters {
        path: Option<Str> = ParameterSpec::new("Path").sets(&[SetMembership::of("ByPath").mandatory().position(0).by_value().by_property()]),
        literal: Option<Str> = ParameterSpec::new("LiteralPath").alias(LITERAL_ALIASES)
            .sets(&[SetMembership::of("ByLiteralPath").mandatory().by_property()]),
        new_name: Option<Str> = ParameterSpec::new("NewName").sets(&[SetMembership::of("").mandatory().position(1).by_property()]),
        force: Switch = ParameterSpec::new("Force"),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
    }
    state {}
}

impl Cmdlet for RenameItem {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let (paths, literal) = (self.path.as_slice().to_vec(), self.literal.as_slice().to_vec());
        let new_name = self.new_name.as_deref().unwrap_or_default().to_owned();
        for place in places(run, &paths, &literal, Expansion::default())? {
            let name = path::leaf(&new_name);
            let target = Location { path: sibling(&place, &name), drive: place.drive.clone() };
            let description = format!("Item: {} Destination: {}", place.shown(), target.shown());
            if !run.should_process(&description, "Rename Item")? {
                continue;
            }
            if place.drive.provider != Provider::FileSystem {
                if let Some(fault) = self.fixed(run, &place) {
                    run.error(fault)?;
                    continue;
                }
                let value = items::value_of(run.session, &place).unwrap_or_default();
                items::set_value(run.session, &target, value)?;
                items::remove(run.session, &place)?;
            } else if items::exists(run.session, &target) {
                let error = io::Error::from(io::ErrorKind::AlreadyExists);
                run.error(files::fault("RenameItemIOError", ErrorCategory::WriteError, &error, &place.shown()))?;
                continue;
            } else if let Err(error) = fs::rename(&place.path, &target.path) {
                run.error(files::fault("RenameItemIOError", ErrorCategory::WriteError, &error, &place.shown()))?;
                continue;
            }
            if self.pass_thru.0 {
                let item = items::object_of(run.session, &target)?;
                run.write(item)?;
            }
        }
        Ok(())
    }
}

impl RenameItem {
    /// The error of a function that keeps its name.
    fn fixed(&self, run: &Invocation<'_>, place: &Location) -> Option<Fault> {
        let function = (place.drive.provider == Provider::Function)
            .then(|| run.session.find_function(Symbol::new(&place.path)))
            .flatten()?;
        let options = function.options.get();
        let kept = options.has(Options::CONSTANT) || options.has(Options::READ_ONLY) && !self.force.0;
        kept.then(|| {
            Fault::new("CannotRenameFunction", format!("The function '{}' is read-only or constant.", place.path))
                .category(ErrorCategory::WriteError)
                .exception("System.Management.Automation.SessionStateUnauthorizedAccessException")
                .target(place.path.as_str())
        })
    }
}

/// The path of a neighbour.
fn sibling(place: &Location, name: &str) -> String {
    match place.drive.provider {
        Provider::FileSystem => path::join(&path::parent(&place.path), name),
        _ => name.to_owned(),
    }
}
