//! Where a module's files are: a path, or a name on `PSModulePath`.

use crate::runtime::Session;
use crate::value::{ErrorCategory, Fault, Value};
use std::path::{Path, PathBuf};

/// A module found on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleFile {
    /// Its name.
    pub name: String,
    /// `.psm1`, `.psd1` or `.ps1`.
    pub path: PathBuf,
}

/// The extensions of modules, in the order they are looked for.
const EXTENSIONS: [&str; 3] = ["psd1", "psm1", "ps1"];

/// Names of modules that are part of the shell.
const BUILT_IN: [&str; 6] = [
    "Microsoft.PowerShell.Core",
    "Microsoft.PowerShell.Management",
    "Microsoft.PowerShell.Utility",
    "Microsoft.PowerShell.Security",
    "Microsoft.PowerShell.Host",
    "PSReadLine",
];

/// `Modules_ModuleNotFound`.
pub(super) fn not_found(name: &str) -> Fault {
    let message = format!("No module '{name}' was found, neither as a path nor on PSModulePath.");
    Fault::new("Modules_ModuleNotFound", message)
        .category(ErrorCategory::ResourceUnavailable)
        .exception("System.IO.FileNotFoundException")
        .target(Value::from(name))
}

impl Session {
    /// True for a module that is part of the shell.
    pub fn is_built_in_module(&self, name: &str) -> bool {
        BUILT_IN.iter().any(|known| known.eq_ignore_ascii_case(name))
            || self.cmdlets.values().any(|spec| spec.module.eq_ignore_ascii_case(name))
    }

    /// The file of a module by path or name.
    pub fn find_module_file(&self, name: &str) -> Option<ModuleFile> {
        let is_path = name.contains(['/', '\\']) || EXTENSIONS.iter().any(|e| has_extension(name, e));
        if is_path {
            return at_path(&self.absolute(&name.replace('\\', "/")));
        }
        self.module_folders().iter().find_map(|folder| in_folder(folder, name))
    }

    /// The folders of `PSModulePath`.
    pub fn module_folders(&self) -> Vec<PathBuf> {
        let path = self.environment.get("PSModulePath").cloned().unwrap_or_default();
        path.split(':').filter(|folder| !folder.is_empty()).map(PathBuf::from).collect()
    }

    /// Every module on `PSModulePath`.
    pub fn available_modules(&self) -> Vec<ModuleFile> {
        let mut found = Vec::new();
        for folder in self.module_folders() {
            let Ok(entries) = std::fs::read_dir(&folder) else { continue };
            let mut names: Vec<String> =
                entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
            names.sort();
            found.extend(names.iter().filter_map(|name| in_folder(&folder, name)));
        }
        found
    }
}

fn has_extension(name: &str, extension: &str) -> bool {
    Path::new(name).extension().is_some_and(|found| found.eq_ignore_ascii_case(extension))
}

fn at_path(path: &Path) -> Option<ModuleFile> {
    let stem = |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    if path.is_file() {
        return Some(ModuleFile { name: stem(path)?, path: path.to_owned() });
    }
    if path.is_dir() {
        let leaf = path.file_name()?.to_string_lossy().into_owned();
        return with_extension(&path.join(&leaf)).map(|path| ModuleFile { name: leaf.clone(), path });
    }
    let found = with_extension(path)?;
    Some(ModuleFile { name: path.file_name()?.to_string_lossy().into_owned(), path: found })
}

fn with_extension(base: &Path) -> Option<PathBuf> {
    let candidates = EXTENSIONS.iter().map(|e| PathBuf::from(format!("{}.{e}", base.display())));
    candidates.into_iter().find(|path| path.is_file())
}

/// `folder/Name/Name.psd1`, or the same below the highest version folder.
fn in_folder(folder: &Path, name: &str) -> Option<ModuleFile> {
    let home = folder.join(name);
    if let Some(path) = with_extension(&home.join(name)) {
        return Some(ModuleFile { name: name.to_owned(), path });
    }
    let mut versions: Vec<(Vec<u32>, PathBuf)> = std::fs::read_dir(&home)
        .ok()?
        .flatten()
        .filter_map(|entry| {
            let text = entry.file_name().to_string_lossy().into_owned();
            let numbers: Result<Vec<u32>, _> = text.split('.').map(str::parse).collect();
            numbers.ok().map(|numbers| (numbers, entry.path()))
        })
        .collect();
    versions.sort();
    let path = versions.iter().rev().find_map(|(_, path)| with_extension(&path.join(name)))?;
    Some(ModuleFile { name: name.to_owned(), path })
}
