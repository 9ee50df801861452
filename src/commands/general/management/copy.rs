//! `Copy-Item` and `Move-Item`.

use super::{LITERAL_ALIASES, LITERAL_SETS, PATH_SETS, Sieve, leaf, places};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::providers::{Expansion, Location, Provider, files, items, path};
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership};
use crate::value::{ErrorCategory, Outcome, Str};
use std::fs;
use std::io;
use std::path::Path;

const DESTINATION: &[SetMembership] = &[SetMembership::of("").position(1).by_property()];

cmdlet! {
    /// `Copy-Item`.
    pub(crate) struct CopyItem = "Copy-Item", class "Microsoft.PowerShell.Commands.CopyItemCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some("Path"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Copies items.", examples: &[], outputs: &[],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path").sets(PATH_SETS),
        literal: Vec<Str> = ParameterSpec::new("LiteralPath").alias(LITERAL_ALIASES).sets(LITERAL_SETS),
        destination: Option<Str> = ParameterSpec::new("Destination").sets(DESTINATION),
        container: Option<Switch> = ParameterSpec::new("Container"),
        filter: Option<Str> = ParameterSpec::new("Filter"),
        include: Vec<Str> = ParameterSpec::new("Include"),
        exclude: Vec<Str> = ParameterSpec::new("Exclude"),
        recurse: Switch = ParameterSpec::new("Recurse"),
        force: Switch = ParameterSpec::new("Force"),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
    }
    state {}
}

impl Cmdlet for CopyItem {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let destination = run.session.provider_path(self.destination.as_deref().unwrap_or("."))?;
        let how = Expansion { force: self.force.0, ..Expansion::default() };
        let sieve = Sieve::new(&self.include, &self.exclude)?;
        let filter = Sieve::new(self.filter.as_slice(), &[])?;
        for place in places(run, &self.path, &self.literal, how)? {
            let name = leaf(&place);
            if sieve.passes(&name) && filter.passes(&name) {
                self.copy_one(run, &place, &destination)?;
            }
        }
        Ok(())
    }
}

impl CopyItem {
    fn copy_one(&self, run: &mut Invocation<'_>, place: &Location, destination: &Location) -> Outcome<()> {
        if place.drive.provider != Provider::FileSystem {
            let value = items::value_of(run.session, place).unwrap_or_default();
            return items::set_value(run.session, destination, value);
        }
        let target = target_of(place, destination);
        let is_directory = items::is_container(place);
        let action = if is_directory { "Copy Directory" } else { "Copy File" };
        let description = format!("Item: {} Destination: {}", place.shown(), target.shown());
        if !run.should_process(&description, action)? {
            return Ok(());
        }
        let (from, to) = (Path::new(&place.path), Path::new(&target.path));
        let done = match () {
            () if is_directory && self.recurse.0 => files::copy_tree(from, to),
            () if is_directory => fs::create_dir_all(to),
            () if files::is_read_only(&target.path) && !self.force.0 => Err(io::ErrorKind::PermissionDenied.into()),
            () => copy_file(from, to, self.force.0),
        };
        match done {
            Ok(()) if self.pass_thru.0 => {
                let item = items::object_of(run.session, &target)?;
                run.write(item)
            }
            Ok(()) => Ok(()),
            Err(error) => {
                let (id, category) = match error.kind() {
                    io::ErrorKind::PermissionDenied => {
                        ("CopyFileInfoItemUnauthorizedAccessError", ErrorCategory::PermissionDenied)
                    }
                    _ if is_directory => ("CopyDirectoryInfoItemIOError", ErrorCategory::WriteError),
                    _ => ("CopyFileInfoItemIOError", ErrorCategory::WriteError),
                };
                run.error(files::fault(id, category, &error, &place.shown()))
            }
        }
    }
}

fn copy_file(from: &Path, to: &Path, force: bool) -> io::Result<()> {
    if from == to {
        return Err(io::Error::other("a file cannot be copied onto itself"));
    }
    if force && files::is_read_only(&to.to_string_lossy()) {
        fs::remove_file(to)?;
    }
    fs::copy(from, to).map(drop)
}

/// Into a directory that is there under the own name, else under the destination's name.
fn target_of(place: &Location, destination: &Location) -> Location {
    let into = items::is_container(destination);
    let path = if into { path::join(&destination.path, &leaf(place)) } else { destination.path.clone() };
    Location { path, drive: destination.drive.clone() }
}

cmdlet! {
    /// `Move-Item`.
    pub(crate) struct MoveItem = "Move-Item", class "Microsoft.PowerShell.Commands.MoveItemCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some("Path"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Moves items.", examples: &[], outputs: &[],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path").sets(PATH_SETS),
        literal: Vec<Str> = ParameterSpec::new("LiteralPath").alias(LITERAL_ALIASES).sets(LITERAL_SETS),
        destination: Option<Str> = ParameterSpec::new("Destination").sets(DESTINATION),
        filter: Option<Str> = ParameterSpec::new("Filter"),
        include: Vec<Str> = ParameterSpec::new("Include"),
        exclude: Vec<Str> = ParameterSpec::new("Exclude"),
        force: Switch = ParameterSpec::new("Force"),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
    }
    state {}
}

impl Cmdlet for MoveItem {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let destination = run.session.provider_path(self.destination.as_deref().unwrap_or("."))?;
        let how = Expansion { force: self.force.0, ..Expansion::default() };
        let sieve = Sieve::new(&self.include, &self.exclude)?;
        let filter = Sieve::new(self.filter.as_slice(), &[])?;
        for place in places(run, &self.path, &self.literal, how)? {
            let name = leaf(&place);
            if sieve.passes(&name) && filter.passes(&name) {
                self.move_one(run, &place, &destination)?;
            }
        }
        Ok(())
    }
}

impl MoveItem {
    fn move_one(&self, run: &mut Invocation<'_>, place: &Location, destination: &Location) -> Outcome<()> {
        let target = target_of(place, destination);
        let action = if items::is_container(place) { "Move Directory" } else { "Move File" };
        let description = format!("Item: {} Destination: {}", place.shown(), target.shown());
        if !run.should_process(&description, action)? {
            return Ok(());
        }
        let occupied = items::exists(run.session, &target) && !self.force.0;
        let done = match occupied {
            true => Err(io::ErrorKind::AlreadyExists.into()),
            false => files::relocate(Path::new(&place.path), Path::new(&target.path)),
        };
        match done {
            Ok(()) if self.pass_thru.0 => {
                let item = items::object_of(run.session, &target)?;
                run.write(item)
            }
            Ok(()) => Ok(()),
            Err(error) => {
                let id =
                    if items::is_container(place) { "MoveDirectoryItemIOError" } else { "MoveFileInfoItemIOError" };
                run.error(files::fault(id, ErrorCategory::WriteError, &error, &place.shown()))
            }
        }
    }
}
