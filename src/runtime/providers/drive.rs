//! Drives: the built-in ones, those that `New-PSDrive` adds, the current location of each, and the location stacks.

use super::path;
use crate::value::Str;
use indexmap::IndexMap;
use std::cell::RefCell;
use std::rc::Rc;

/// What kind of store a drive shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Provider {
    /// Files and directories.
    FileSystem,
    /// Environment variables.
    Environment,
    /// Variables of the running scope.
    Variable,
    /// Functions and filters.
    Function,
    /// Aliases.
    Alias,
}

/// All providers with the names scripts see, and the drives that come with each.
const PROVIDERS: [(Provider, &str, &[&str]); 5] = [
    (Provider::Alias, "Alias", &["Alias"]),
    (Provider::Environment, "Environment", &["Env"]),
    (Provider::FileSystem, "FileSystem", &["/", "Temp"]),
    (Provider::Function, "Function", &["Function"]),
    (Provider::Variable, "Variable", &["Variable"]),
];

impl Provider {
    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        PROVIDERS.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// By name, perhaps with its module in front.
    pub(crate) fn by_name(name: &str) -> Option<Provider> {
        let short = name.rsplit('\\').next().unwrap_or(name);
        PROVIDERS.iter().find(|row| row.1.eq_ignore_ascii_case(short)).map(|row| row.0)
    }

    /// All of them, in the order Get-PSProvider lists them.
    pub(crate) fn all() -> impl Iterator<Item = Provider> {
        PROVIDERS.iter().map(|row| row.0)
    }
}

/// A drive.
#[derive(Debug)]
pub(crate) struct Drive {
    /// Its name without the colon.
    pub(crate) name: Str,
    /// What it shows.
    pub(crate) provider: Provider,
    /// For files: the directory it begins at.
    pub(crate) root: Str,
    /// What `New-PSDrive -Description` said.
    pub(crate) description: Str,
    /// Where it stands, below the root.
    pub(crate) current: RefCell<String>,
}

impl Drive {
    /// A drive of a provider.
    pub(crate) fn new(name: &str, provider: Provider, root: &str, description: &str) -> Rc<Drive> {
        Rc::new(Drive {
            name: Str::from(name),
            provider,
            root: Str::from(root),
            description: Str::from(description),
            current: RefCell::new(String::new()),
        })
    }

    /// True where paths on this drive are written without its name.
    pub(crate) fn is_plain(&self) -> bool {
        self.name.as_str() == "/"
    }
}

/// A place to go back to.
#[derive(Clone, Debug)]
pub(crate) struct Location {
    /// The drive.
    pub(crate) drive: Rc<Drive>,
    /// The path within the provider: absolute for files.
    pub(crate) path: String,
}

/// The drives of a session.
pub(crate) struct DriveTable {
    /// By name in lower case.
    drives: IndexMap<String, Rc<Drive>>,
    /// The location, where it is not in the file system.
    pub(crate) elsewhere: Option<Location>,
    /// Stacks of `Push-Location`, by name.
    pub(crate) stacks: IndexMap<String, Vec<Location>>,
    /// The stack in use.
    pub(crate) stack: String,
    /// Where `Set-Location -` and `+` lead.
    pub(crate) back: Vec<Location>,
    /// The same, forwards.
    pub(crate) forward: Vec<Location>,
}

impl Default for DriveTable {
    fn default() -> Self {
        let mut table = DriveTable {
            drives: IndexMap::new(),
            elsewhere: None,
            stacks: IndexMap::new(),
            stack: "default".to_owned(),
            back: Vec::new(),
            forward: Vec::new(),
        };
        for (provider, _, names) in PROVIDERS {
            for name in names {
                let root = match (provider, *name) {
                    (Provider::FileSystem, "/") => "/".to_owned(),
                    (Provider::FileSystem, _) => std::env::temp_dir().to_string_lossy().into_owned(),
                    _ => String::new(),
                };
                table.add(Drive::new(name, provider, &root, ""));
            }
        }
        table
    }
}

impl DriveTable {
    /// The drive of a name.
    pub(crate) fn get(&self, name: &str) -> Option<Rc<Drive>> {
        self.drives.get(&name.to_ascii_lowercase()).cloned()
    }

    /// Adds a drive; false where the name is taken.
    pub(crate) fn add(&mut self, drive: Rc<Drive>) -> bool {
        let key = drive.name.to_ascii_lowercase();
        if self.drives.contains_key(&key) {
            return false;
        }
        self.drives.insert(key, drive);
        true
    }

    /// Removes a drive.
    pub(crate) fn remove(&mut self, name: &str) -> bool {
        self.drives.shift_remove(&name.to_ascii_lowercase()).is_some()
    }

    /// All drives by name.
    pub(crate) fn all(&self) -> Vec<Rc<Drive>> {
        let mut all: Vec<Rc<Drive>> = self.drives.values().cloned().collect();
        all.sort_by_key(|drive| drive.name.to_ascii_lowercase());
        all
    }

    /// The drive that files are shown on: the one that is not named in paths.
    pub(crate) fn files(&self) -> Rc<Drive> {
        self.get("/").unwrap_or_else(|| Drive::new("/", Provider::FileSystem, "/", ""))
    }
}

impl Location {
    /// As scripts see it: an absolute path, or `Env:/` and the like.
    pub(crate) fn shown(&self) -> String {
        match (self.drive.provider, self.drive.is_plain()) {
            (Provider::FileSystem, true) => self.path.clone(),
            (Provider::FileSystem, false) => {
                let below = self.path.strip_prefix(self.drive.root.trim_end_matches('/')).unwrap_or(&self.path);
                format!("{}:/{}", self.drive.name, below.trim_start_matches('/'))
            }
            _ => format!("{}:{}{}", self.drive.name, path::SEPARATOR, self.path),
        }
    }
}
