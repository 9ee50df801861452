//! Where a module's files are: a path, or a name on `PSModulePath`.

use crate::runtime::Session;
use crate::value::{ErrorCategory, Fault, Value};
use std::path::{Path, PathBuf};

/// A module found on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ModuleFile {
    /// Its name.
    pub(crate) name: String,
    /// `.psm1`, `.psd1` or `.ps1`.
    pub(crate) path: PathBuf,
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
    /// Modules that are part of the shell.
    pub(crate) fn built_in_modules(&self) -> &'static [&'static str] {
        &BUILT_IN
    }

    /// True for a module that is part of the shell.
    pub(crate) fn is_built_in_module(&self, name: &str) -> bool {
        BUILT_IN.iter().any(|known| known.eq_ignore_ascii_case(name))
            || self.cmdlets.values().any(|spec| spec.module.eq_ignore_ascii_case(name))
    }

    /// The file of a module by path or name.
    pub(crate) fn find_module_file(&self, name: &str) -> Option<ModuleFile> {
        self.module_files(name).into_iter().next()
    }

    /// The files that a path or name may mean, the best first: the newest version of the first folder.
    pub(crate) fn module_files(&self, name: &str) -> Vec<ModuleFile> {
        let is_path = name.contains(['/', '\\']) || EXTENSIONS.iter().any(|e| has_extension(name, e));
        if is_path {
            return at_path(&self.absolute(&name.replace('\\', "/")));
        }
        self.module_folders().iter().flat_map(|folder| in_folder(folder, name)).collect()
    }

    /// The folders of `PSModulePath`.
    pub(crate) fn module_folders(&self) -> Vec<PathBuf> {
        let path = self.environment.get("PSModulePath").cloned().unwrap_or_default();
        path.split(':').filter(|folder| !folder.is_empty()).map(PathBuf::from).collect()
    }

    /// Every module on `PSModulePath`.
    pub(crate) fn available_modules(&self) -> Vec<ModuleFile> {
        let mut found = Vec::new();
        for folder in self.module_folders() {
            let Ok(entries) = std::fs::read_dir(&folder) else { continue };
            let mut names: Vec<String> =
                entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
            names.sort();
            found.extend(names.iter().flat_map(|name| in_folder(&folder, name)));
        }
        found
    }
}

fn has_extension(name: &str, extension: &str) -> bool {
    Path::new(name).extension().is_some_and(|found| found.eq_ignore_ascii_case(extension))
}

fn at_path(path: &Path) -> Vec<ModuleFile> {
    let stem = |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    if path.is_file() {
        return stem(path).map(|name| ModuleFile { name, path: path.to_owned() }).into_iter().collect();
    }
    let Some(leaf) = path.file_name().map(|leaf| leaf.to_string_lossy().into_owned()) else { return Vec::new() };
    if path.is_dir() {
        // A folder named after a version holds the module of the folder around it.
        let outer = path.parent().and_then(stem_of_folder).filter(|_| version_of(&leaf).is_some());
        let inner = outer.and_then(|name| Some(ModuleFile { path: with_extension(&path.join(&name))?, name }));
        return inner.map_or_else(|| within(path, &leaf), |file| vec![file]);
    }
    with_extension(path).map(|path| ModuleFile { name: leaf, path }).into_iter().collect()
}

fn stem_of_folder(folder: &Path) -> Option<String> {
    folder.file_name().map(|name| name.to_string_lossy().into_owned())
}

fn with_extension(base: &Path) -> Option<PathBuf> {
    let candidates = EXTENSIONS.iter().map(|e| PathBuf::from(format!("{}.{e}", base.display())));
    candidates.into_iter().find(|path| path.is_file())
}

fn version_of(text: &str) -> Option<Vec<u32>> {
    let numbers: Result<Vec<u32>, _> = text.split('.').map(str::parse).collect();
    numbers.ok().filter(|numbers| numbers.len() > 1)
}

/// `folder/Name/Name.psd1`, and the same below version folders.
fn in_folder(folder: &Path, name: &str) -> Vec<ModuleFile> {
    let home = folder.join(name);
    if home.is_dir() {
        return within(&home, name);
    }
    // Names mean folders in any case of their letters.
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let same = |entry: &std::fs::DirEntry| entry.file_name().to_string_lossy().eq_ignore_ascii_case(name);
    match entries.into_iter().find(same) {
        Some(entry) => within(&entry.path(), &entry.file_name().to_string_lossy()),
        None => Vec::new(),
    }
}

/// The files of a module in its folder: versions below it from the newest, then its own.
fn within(home: &Path, name: &str) -> Vec<ModuleFile> {
    let entries = std::fs::read_dir(home).into_iter().flatten().flatten();
    let mut versions: Vec<(Vec<u32>, PathBuf)> =
        entries.filter_map(|entry| Some((version_of(&entry.file_name().to_string_lossy())?, entry.path()))).collect();
    versions.sort();
    let own = with_extension(&home.join(name));
    let below = versions.iter().rev().filter_map(|(_, path)| with_extension(&path.join(name)));
    below.chain(own).map(|path| ModuleFile { name: name.to_owned(), path }).collect()
}
