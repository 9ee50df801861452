//! `Compress-Archive` and `Expand-Archive`: ZIP files.

use super::object::{io_fault, matching_paths};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation};
use crate::value::members::library::io::FileSystemEntry;
use crate::value::{ErrorCategory, Fault, Native, Outcome, Str};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] = &[&CompressArchive::SPEC, &ExpandArchive::SPEC];

cmdlet! {
    /// `Compress-Archive`.
    pub(crate) struct CompressArchive = "Compress-Archive", class "Compress-Archive", module "Microsoft.PowerShell.Archive" {
        default_set: Some("Path"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Packs files and folders into a ZIP file.", examples: &[], outputs: &["System.IO.FileInfo"],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path").validate(&[Validation::NotNullOrEmpty]).sets(&[
            SetMembership::of("Path").mandatory().position(0).by_value().by_property(),
            SetMembership::of("PathWithForce").mandatory().position(0).by_value().by_property(),
            SetMembership::of("PathWithUpdate").mandatory().position(0).by_value().by_property()]),
        literal: Vec<Str> = ParameterSpec::new("LiteralPath").alias(&["PSPath"]).validate(&[Validation::NotNullOrEmpty]).sets(&[
            SetMembership::of("LiteralPath").mandatory().by_property(),
            SetMembership::of("LiteralPathWithForce").mandatory().by_property(),
            SetMembership::of("LiteralPathWithUpdate").mandatory().by_property()]),
        destination: Str = ParameterSpec::new("DestinationPath").validate(&[Validation::NotNullOrEmpty])
            .sets(&[SetMembership::of("").mandatory().position(1)]),
        level: Option<Str> = ParameterSpec::new("CompressionLevel").validate(&[Validation::Set(&["Optimal", "NoCompression", "Fastest"])]),
        update: Switch = ParameterSpec::new("Update").sets(&[
            SetMembership::of("PathWithUpdate").mandatory(), SetMembership::of("LiteralPathWithUpdate").mandatory()]),
        force: Switch = ParameterSpec::new("Force").sets(&[
            SetMembership::of("PathWithForce").mandatory(), SetMembership::of("LiteralPathWithForce").mandatory()]),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
    }
    state { chosen: Vec<PathBuf> }
}

fn refused(id: &'static str, category: ErrorCategory, text: String, target: &str) -> Fault {
    Fault::new(id, text).category(category).exception("System.ArgumentException").target(target)
}

impl Cmdlet for CompressArchive {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        for pattern in &self.path {
            let found = matching_paths(run.session, pattern)?;
            for path in &found {
                exists(path)?;
            }
            self.chosen.extend(found);
        }
        for path in &self.literal {
            let path = super::object::file_path(run.session, path);
            exists(&path)?;
            self.chosen.push(path);
        }
        Ok(())
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let mut archive = super::object::file_path(run.session, &self.destination);
        if archive.extension().is_none() {
            archive = PathBuf::from(format!("{}.zip", archive.display()));
        }
        let shown = archive.to_string_lossy().into_owned();
        if archive.exists() && !self.update.0 && !self.force.0 {
            let text = format!("The archive '{shown}' exists already; -Update adds to it, -Force replaces it.");
            return refused("ArchiveFileAlreadyExists", ErrorCategory::InvalidArgument, text, &shown).err();
        }
        if !run.should_process(&shown, "Compress-Archive")? {
            return Ok(());
        }
        let mut entries: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        if self.update.0 && archive.exists() {
            entries = read_entries(&archive)?;
        }
        for path in &self.chosen {
            collect(path, &name_of(path), &mut entries)?;
        }
        self.write(&archive, &entries)?;
        if self.pass_thru.0 { run.write(Native::value(FileSystemEntry::file(archive))) } else { Ok(()) }
    }
}

impl CompressArchive {
    fn write(&self, archive: &Path, entries: &BTreeMap<String, Vec<u8>>) -> Outcome<()> {
        let fault = |error: std::io::Error| io_fault(&error, archive);
        let method = match self.level.as_deref() {
            Some(level) if level.eq_ignore_ascii_case("NoCompression") => CompressionMethod::Stored,
            _ => CompressionMethod::Deflated,
        };
        let mut writer = ZipWriter::new(File::create(archive).map_err(fault)?);
        for (name, bytes) in entries {
            let options = SimpleFileOptions::default().compression_method(method);
            let started = match name.ends_with('/') {
                true => writer.add_directory(name.trim_end_matches('/'), options),
                false => writer.start_file(name.as_str(), options),
            };
            started.map_err(|error| fault(std::io::Error::other(error)))?;
            writer.write_all(bytes).map_err(fault)?;
        }
        writer.finish().map_err(|error| fault(std::io::Error::other(error)))?;
        Ok(())
    }
}

fn exists(path: &Path) -> Outcome<()> {
    if path.exists() {
        return Ok(());
    }
    let shown = path.to_string_lossy();
    refused("ArchiveCmdletPathNotFound", ErrorCategory::InvalidArgument, format!("'{shown}' does not exist."), &shown)
        .err()
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A file, or a folder with all below it, by the names within the archive.
fn collect(path: &Path, name: &str, entries: &mut BTreeMap<String, Vec<u8>>) -> Outcome<()> {
    let fault = |error: std::io::Error| io_fault(&error, path);
    if !path.is_dir() {
        entries.insert(name.to_owned(), fs::read(path).map_err(fault)?);
        return Ok(());
    }
    let below: Vec<PathBuf> = fs::read_dir(path).map_err(fault)?.flatten().map(|entry| entry.path()).collect();
    if below.is_empty() {
        entries.insert(format!("{name}/"), Vec::new());
    }
    below.iter().try_for_each(|path| collect(path, &format!("{name}/{}", name_of(path)), entries))
}

/// An archive that cannot be read.
fn broken(path: &Path, why: &dyn std::fmt::Display) -> Fault {
    Fault::new("InvalidArchive", format!("'{}' is no archive that can be read: {why}.", path.display()))
        .category(ErrorCategory::InvalidData)
        .exception("System.IO.InvalidDataException")
        .target(path.to_string_lossy().as_ref())
}

fn open(path: &Path) -> Outcome<ZipArchive<File>> {
    let file = File::open(path).map_err(|error| io_fault(&error, path))?;
    Ok(ZipArchive::new(file).map_err(|error| broken(path, &error))?)
}

fn read_entries(path: &Path) -> Outcome<BTreeMap<String, Vec<u8>>> {
    let mut archive = open(path)?;
    let mut entries = BTreeMap::new();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).map_err(|error| broken(path, &error))?;
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(|error| broken(path, &error))?;
        entries.insert(entry.name().to_owned(), bytes);
    }
    Ok(entries)
}

cmdlet! {
    /// `Expand-Archive`.
    pub(crate) struct ExpandArchive = "Expand-Archive", class "Expand-Archive", module "Microsoft.PowerShell.Archive" {
        default_set: Some("Path"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Unpacks a ZIP file.", examples: &[], outputs: &["System.IO.FileInfo", "System.IO.DirectoryInfo"],
    }
    parameters {
        path: Option<Str> = ParameterSpec::new("Path").validate(&[Validation::NotNullOrEmpty])
            .sets(&[SetMembership::of("Path").mandatory().position(0).by_value().by_property()]),
        literal: Option<Str> = ParameterSpec::new("LiteralPath").alias(&["PSPath"]).validate(&[Validation::NotNullOrEmpty])
            .sets(&[SetMembership::of("LiteralPath").mandatory().by_property()]),
        destination: Option<Str> = ParameterSpec::new("DestinationPath").validate(&[Validation::NotNullOrEmpty])
            .sets(&[SetMembership::of("").position(1)]),
        force: Switch = ParameterSpec::new("Force"),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
    }
    state {}
}

impl Cmdlet for ExpandArchive {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let path = match (&self.path, &self.literal) {
            (Some(pattern), _) => matching_paths(run.session, pattern)?.into_iter().next(),
            (None, literal) => literal.as_ref().map(|path| super::object::file_path(run.session, path)),
        };
        let Some(path) = path else { return Ok(()) };
        exists(&path)?;
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let folder = self.destination.as_deref().unwrap_or(&stem);
        let folder = super::object::file_path(run.session, folder);
        if !run.should_process(&path.to_string_lossy(), "Expand-Archive")? {
            return Ok(());
        }
        let mut archive = open(&path)?;
        fs::create_dir_all(&folder).map_err(|error| io_fault(&error, &folder))?;
        for at in 0..archive.len() {
            let mut entry = archive.by_index(at).map_err(|error| broken(&path, &error))?;
            // A name that would lead out of the folder is left out.
            let Some(inside) = entry.enclosed_name() else { continue };
            let target = folder.join(inside);
            if entry.is_dir() {
                fs::create_dir_all(&target).map_err(|error| io_fault(&error, &target))?;
                continue;
            }
            if target.exists() && !self.force.0 {
                let shown = target.to_string_lossy().into_owned();
                let text = format!("'{shown}' exists already; -Force replaces it.");
                run.error(refused("ExpandArchiveFileExists", ErrorCategory::InvalidOperation, text, &shown))?;
                continue;
            }
            if let Some(parent) = target.parent() {
                fs::create_dir_all(parent).map_err(|error| io_fault(&error, parent))?;
            }
            let mut file = File::create(&target).map_err(|error| io_fault(&error, &target))?;
            std::io::copy(&mut entry, &mut file).map_err(|error| broken(&path, &error))?;
            if self.pass_thru.0 {
                run.write(Native::value(FileSystemEntry::file(target)))?;
            }
        }
        Ok(())
    }
}
