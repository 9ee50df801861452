//! Where the session finds cmdlets that manifests describe: the built-in ones, and those a user keeps in the
//! `cmdlets` folder of the settings directory.

use super::declare::declare;
use crate::catalogue::{Catalogue, ManifestError};
use crate::runtime::{CmdletSource, CmdletSpec};
use crate::value::{ErrorCategory, Fault, Outcome};
use std::cell::{OnceCell, RefCell};
use std::path::PathBuf;
use std::rc::Rc;

/// The described cmdlets of a session.
pub(crate) struct ManifestSource {
    directory: fn() -> PathBuf,
    catalogue: OnceCell<Rc<Catalogue>>,
    faults: RefCell<Vec<ManifestError>>,
}

impl ManifestSource {
    /// The built-in cmdlets, and those of the manifests in the directory that is asked for then; nothing is read yet.
    pub(crate) fn new(directory: fn() -> PathBuf) -> Self {
        ManifestSource { directory, catalogue: OnceCell::new(), faults: RefCell::default() }
    }

    /// The catalogue, made when first asked for.
    pub(crate) fn catalogue(&self) -> Rc<Catalogue> {
        let make = || {
            let mut catalogue = Catalogue::built_in();
            *self.faults.borrow_mut() = catalogue.add_directory(&(self.directory)());
            Rc::new(catalogue)
        };
        self.catalogue.get_or_init(make).clone()
    }

    /// Faults of the user's own manifests, found when the catalogue was made.
    pub(crate) fn faults(&self) -> Vec<ManifestError> {
        self.faults.borrow().clone()
    }
}

impl CmdletSource for ManifestSource {
    fn find(&self, name: &str) -> Outcome<Option<&'static CmdletSpec>> {
        if !name.contains('-') {
            return Ok(None);
        }
        match self.catalogue().cmdlet(name) {
            None => Ok(None),
            Some(Ok((noun, cmdlet))) => Ok(Some(declare(noun, cmdlet))),
            Some(Err(fault)) => manifest_fault(name, &fault).err(),
        }
    }

    fn faults(&self) -> Vec<String> {
        ManifestSource::faults(self).iter().map(ToString::to_string).collect()
    }

    fn names(&self) -> Vec<String> {
        self.catalogue().cmdlet_names().map(|(verb, noun)| format!("{verb}-{noun}")).collect()
    }
}

fn manifest_fault(name: &str, fault: &ManifestError) -> Fault {
    Fault::new("BrokenManifest", format!("The manifest that describes {name} has a fault: {fault}"))
        .category(ErrorCategory::InvalidData)
        .target(name)
}

/// A noun of the session's catalogue.
pub(super) fn noun(
    session: &mut crate::runtime::Session,
    name: &str,
) -> Option<std::sync::Arc<crate::catalogue::Noun>> {
    catalogue(session).noun(name).and_then(Result::ok)
}

/// The session's catalogue.
pub(crate) fn catalogue(session: &mut crate::runtime::Session) -> Rc<Catalogue> {
    match session.extension::<Manifests>().0.clone() {
        Some(source) => source.catalogue(),
        None => Rc::new(Catalogue::built_in()),
    }
}

/// The source that was registered with a session.
#[derive(Default)]
pub(super) struct Manifests(pub(super) Option<Rc<ManifestSource>>);
