//! `Remove-Item`.

use super::{LITERAL_ALIASES, LITERAL_SETS, PATH_SETS, Sieve, leaf, places};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::providers::{Expansion, Location, Provider, files, items};
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec};
use crate::value::{ErrorCategory, Fault, Outcome, Str};
use std::fs;
use std::io;

cmdlet! {
    /// `Remove-Item`.
    pub(crate) struct RemoveItem = "Remove-Item", class "Microsoft.PowerShell.Commands.RemoveItemCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some("Path"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Removes items.", examples: &[("$env:GONE = 1; Remove-Item env:GONE; Test-Path env:GONE", "False\n")],
        outputs: &[],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path").sets(PATH_SETS),
        literal: Vec<Str> = ParameterSpec::new("LiteralPath").alias(LITERAL_ALIASES).sets(LITERAL_SETS),
        filter: Option<Str> = ParameterSpec::new("Filter"),
        include: Vec<Str> = ParameterSpec::new("Include"),
        exclude: Vec<Str> = ParameterSpec::new("Exclude"),
        recurse: Switch = ParameterSpec::new("Recurse"),
        force: Switch = ParameterSpec::new("Force"),
    }
    state {}
}

impl Cmdlet for RemoveItem {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let how = Expansion { force: self.force.0, ..Expansion::default() };
        let sieve = Sieve::new(&self.include, &self.exclude)?;
        let filter = Sieve::new(self.filter.as_slice(), &[])?;
        for place in places(run, &self.path, &self.literal, how)? {
            let name = leaf(&place);
            if !sieve.passes(&name) || !filter.passes(&name) {
                continue;
            }
            if place.drive.provider == Provider::FileSystem {
                self.remove_file(run, &place)?;
            } else if run.should_process(&format!("Item: {}", place.path), "Remove Item")? {
                items::remove(run.session, &place)?;
            }
        }
        Ok(())
    }
}

impl RemoveItem {
    fn remove_file(&self, run: &mut Invocation<'_>, place: &Location) -> Outcome<()> {
        let is_directory = fs::symlink_metadata(&place.path).is_ok_and(|m| m.is_dir());
        let action = if is_directory { "Remove Directory" } else { "Remove File" };
        if is_directory
            && !self.recurse.0
            && fs::read_dir(&place.path).is_ok_and(|mut entries| entries.next().is_some())
        {
            // PowerShell asks whether the children are meant too; where nobody can answer, nothing is removed.
            let question = format!("'{}' has children and -Recurse was not given. Remove all of them?", place.shown());
            if !run.session.ask(run.context, &question)? {
                return Ok(());
            }
        }
        if !run.should_process(&place.shown(), action)? {
            return Ok(());
        }
        if !is_directory && files::is_read_only(&place.path) {
            if !self.force.0 {
                return run.error(unauthorized(place));
            }
            files::make_writable(&place.path)?;
        }
        let removed = if is_directory { fs::remove_dir_all(&place.path) } else { fs::remove_file(&place.path) };
        match removed {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => run.error(unauthorized(place)),
            Err(error) => run.error(files::fault(
                "RemoveFileSystemItemIOError",
                ErrorCategory::WriteError,
                &error,
                &place.shown(),
            )),
        }
    }
}

fn unauthorized(place: &Location) -> Fault {
    let message = format!(
        "'{}' is protected or belongs to somebody else. Use -Force to remove what is read-only.",
        place.shown()
    );
    Fault::new("RemoveFileSystemItemUnAuthorizedAccess", message)
        .category(ErrorCategory::PermissionDenied)
        .exception("System.IO.IOException")
        .target(place.shown())
}
