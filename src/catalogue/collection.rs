//! All nouns at hand: the built-in ones, read when first asked for, and those a user added in files of their own.

use super::{BUILT_IN, BuiltIn, Cmdlet, ManifestError, Noun, parse};
use std::path::Path;
use std::sync::{Arc, LazyLock, OnceLock};

/// The nouns a shell or a service knows. Cheap to make: a manifest is read when its noun is first asked for.
pub struct Catalogue {
    entries: Vec<Entry>,
}

struct Entry {
    noun: String,
    verbs: Vec<String>,
    source: Source,
}

enum Source {
    BuiltIn(usize),
    Read(Arc<Noun>),
}

/// Built-in manifests once read, by their place in the index; they never change, so all catalogues share them.
static READ: LazyLock<Vec<OnceLock<Result<Arc<Noun>, ManifestError>>>> =
    LazyLock::new(|| BUILT_IN.iter().map(|_| OnceLock::new()).collect());

fn built_in(index: usize) -> Result<Arc<Noun>, ManifestError> {
    match (READ.get(index), BUILT_IN.get(index)) {
        (Some(slot), Some(row)) => slot.get_or_init(|| parse(row.file, row.text).map(Arc::new)).clone(),
        _ => Err(ManifestError::at_start("index", "no such built-in manifest")),
    }
}

impl Catalogue {
    /// The built-in nouns.
    pub fn built_in() -> Catalogue {
        let entry = |(index, row): (usize, &BuiltIn)| Entry {
            noun: row.noun.to_owned(),
            verbs: row.verbs.iter().map(|verb| (*verb).to_owned()).collect(),
            source: Source::BuiltIn(index),
        };
        Catalogue { entries: BUILT_IN.iter().enumerate().map(entry).collect() }
    }

    /// Adds every `*.toml` of a directory, in the order of their names; one of a built-in noun replaces it.
    /// Files with faults are left out and reported. A directory that does not exist adds nothing.
    pub fn add_directory(&mut self, directory: &Path) -> Vec<ManifestError> {
        let Ok(listing) = std::fs::read_dir(directory) else { return Vec::new() };
        let mut files: Vec<_> = listing.flatten().map(|entry| entry.path()).collect();
        files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
        files.sort();
        files.iter().filter_map(|path| self.add_file(path).err()).collect()
    }

    /// Adds one manifest from a file.
    pub(crate) fn add_file(&mut self, path: &Path) -> Result<(), ManifestError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| ManifestError::at_start(&name, &format!("the file cannot be read: {error}")))?;
        self.add(parse(&name, &text)?);
        Ok(())
    }

    /// Adds a noun, or replaces the one of its name.
    pub(crate) fn add(&mut self, noun: Noun) {
        let verbs = noun.cmdlets.iter().map(|cmdlet| cmdlet.verb.clone()).collect();
        let entry = Entry { noun: noun.name.clone(), verbs, source: Source::Read(Arc::new(noun)) };
        match self.entries.iter_mut().find(|known| known.noun.eq_ignore_ascii_case(&entry.noun)) {
            Some(known) => *known = entry,
            None => self.entries.push(entry),
        }
    }

    /// Names of all nouns, without reading a manifest.
    pub(crate) fn nouns(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.noun.as_str())
    }

    /// Names of all cmdlets as verb and noun, without reading a manifest.
    pub(crate) fn cmdlet_names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().flat_map(|entry| entry.verbs.iter().map(|verb| (verb.as_str(), entry.noun.as_str())))
    }

    /// The noun of this name in any case; `Err` where its manifest has a fault.
    pub(crate) fn noun(&self, name: &str) -> Option<Result<Arc<Noun>, ManifestError>> {
        self.entries.iter().find(|entry| entry.noun.eq_ignore_ascii_case(name)).map(Entry::read)
    }

    /// The cmdlet named `Verb-Noun` with its noun, when that has the verb.
    pub fn cmdlet(&self, name: &str) -> Option<Result<(Arc<Noun>, Cmdlet), ManifestError>> {
        let (verb, _) = name.split_once('-')?;
        Some(self.noun_of(name)?.and_then(|noun| {
            let cmdlet = noun.cmdlet(verb).cloned();
            cmdlet
                .map(|cmdlet| (noun.clone(), cmdlet))
                .ok_or_else(|| ManifestError::at_start(&noun.file, "the index names a verb that the manifest lacks"))
        }))
    }

    /// The noun of a cmdlet named `Verb-Noun`, when it has that verb.
    pub(crate) fn noun_of(&self, cmdlet: &str) -> Option<Result<Arc<Noun>, ManifestError>> {
        let (verb, noun) = cmdlet.split_once('-')?;
        let entry = self.entries.iter().find(|entry| entry.noun.eq_ignore_ascii_case(noun))?;
        entry.verbs.iter().find(|known| known.eq_ignore_ascii_case(verb))?;
        Some(entry.read())
    }

    /// Every noun whose manifest is sound, reading all of them.
    pub fn all(&self) -> impl Iterator<Item = Arc<Noun>> {
        self.entries.iter().filter_map(|entry| entry.read().ok())
    }
}

impl Entry {
    fn read(&self) -> Result<Arc<Noun>, ManifestError> {
        match &self.source {
            Source::BuiltIn(index) => built_in(*index),
            Source::Read(noun) => Ok(noun.clone()),
        }
    }
}
