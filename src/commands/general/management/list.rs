//! `Get-ChildItem`.

use super::{LITERAL_ALIASES, Sieve, leaf};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::providers::{Expansion, Location, Provider, items, path};
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership};
use crate::value::{Outcome, Str, Unwind, Value};
use std::fs;

const ITEMS: &str = "Items";
const LITERAL_ITEMS: &str = "LiteralItems";

cmdlet! {
    /// `Get-ChildItem`.
    pub(crate) struct GetChildItem = "Get-ChildItem", class "Microsoft.PowerShell.Commands.GetChildItemCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some("Items"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Lists what is in a directory or on a drive.",
        examples: &[("$env:SAMPLE_A = 1; (Get-ChildItem env:SAMPLE_*).Name", "SAMPLE_A\n")],
        outputs: &["System.IO.FileInfo", "System.IO.DirectoryInfo"],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path").sets(&[SetMembership::of(ITEMS).position(0).by_value().by_property()]),
        literal: Vec<Str> = ParameterSpec::new("LiteralPath").alias(LITERAL_ALIASES)
            .sets(&[SetMembership::of(LITERAL_ITEMS).mandatory().by_property()]),
        filter: Option<Str> = ParameterSpec::new("Filter").sets(&[SetMembership::of("").position(1)]),
        include: Vec<Str> = ParameterSpec::new("Include"),
        exclude: Vec<Str> = ParameterSpec::new("Exclude"),
        recurse: Switch = ParameterSpec::new("Recurse").alias(&["s", "r"]),
        depth: Option<u32> = ParameterSpec::new("Depth"),
        force: Switch = ParameterSpec::new("Force"),
        name: Switch = ParameterSpec::new("Name"),
        attributes: Option<Str> = ParameterSpec::new("Attributes"),
        follow: Switch = ParameterSpec::new("FollowSymlink"),
        directory: Switch = ParameterSpec::new("Directory").alias(&["ad"]),
        file: Switch = ParameterSpec::new("File").alias(&["af"]),
        hidden: Switch = ParameterSpec::new("Hidden").alias(&["ah", "h"]),
        read_only: Switch = ParameterSpec::new("ReadOnly").alias(&["ar"]),
        system: Switch = ParameterSpec::new("System").alias(&["as"]),
    }
    state {}
}

/// What passes, worked out once per call.
struct Wanted {
    sieve: Sieve,
    filter: Sieve,
    deepest: u32,
    /// `-Include` without `-Recurse` looks at what a pattern names, not at what is inside.
    inside: bool,
}

impl Cmdlet for GetChildItem {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let deepest = match self.depth {
            Some(depth) => depth,
            None if self.recurse.0 => u32::MAX,
            None => 0,
        };
        let wanted = Wanted {
            sieve: Sieve::new(&self.include, &self.exclude)?,
            filter: Sieve::new(self.filter.as_slice(), &[])?,
            deepest,
            inside: self.include.is_empty() || deepest > 0,
        };
        let literal = !self.literal.is_empty();
        let mut paths = if literal { self.literal.clone() } else { self.path.clone() };
        if paths.is_empty() {
            // With nothing but -File or -Directory to choose by, -Exclude is held against the directory itself.
            if !self.exclude.is_empty() && deepest == 0 && (self.file.0 || self.directory.0) {
                return Ok(());
            }
            paths.push(Str::from(""));
        }
        for path in paths {
            self.list(run, &path, literal, &wanted)?;
        }
        Ok(())
    }
}

impl GetChildItem {
    fn list(&self, run: &mut Invocation<'_>, text: &str, literal: bool, wanted: &Wanted) -> Outcome<()> {
        let force = self.force.0 || self.hidden.0;
        let written = if text.is_empty() { "." } else { text };
        let how = Expansion { literal, force, ..Expansion::default() };
        let pattern = !literal && path::has_wildcards(written);
        if wanted.deepest > 0 && pattern && path::has_wildcards(&path::leaf(written)) {
            return self.search_below(run, written, wanted);
        }
        let found = match run.session.expand_path(written, how) {
            Ok(found) => found,
            // With -Recurse a name that is not there is looked for below.
            Err(Unwind::Fault(_)) if wanted.deepest > 0 && !literal && self.recurse.0 && has_parent(run, written) => {
                return self.search_below(run, written, wanted);
            }
            Err(Unwind::Fault(fault)) => return run.error(*fault),
            Err(other) => return Err(other),
        };
        for place in found {
            let named = pattern || !items::is_container(&place);
            let opens = items::is_container(&place) && !(pattern && !self.opens_matches(wanted)) && wanted.inside;
            match () {
                () if place.drive.provider != Provider::FileSystem && place.path.is_empty() => {
                    self.drive(run, &place, wanted)?
                }
                () if opens => self.directory(run, &place, &place, wanted, 0)?,
                () if named => self.emit(run, &place, &place.clone(), wanted)?,
                () => {}
            }
        }
        Ok(())
    }

    /// Directories that a pattern matches are shown themselves, unless `-Recurse` goes into them.
    fn opens_matches(&self, wanted: &Wanted) -> bool {
        wanted.deepest > 0
    }

    /// `-Recurse` with a pattern at the end: the pattern is held against every name below.
    fn search_below(&self, run: &mut Invocation<'_>, written: &str, wanted: &Wanted) -> Outcome<()> {
        let pattern = path::leaf(written);
        let base = path::parent(written);
        let base = run.session.provider_path(if base.is_empty() { "." } else { &base })?;
        let narrowed = Wanted {
            sieve: Sieve::new(&[self.include.as_slice(), &[Str::from(pattern)]].concat(), &self.exclude)?,
            filter: Sieve::new(self.filter.as_slice(), &[])?,
            ..*wanted
        };
        self.directory(run, &base, &base, &narrowed, 0)
    }

    fn directory(
        &self,
        run: &mut Invocation<'_>,
        root: &Location,
        at: &Location,
        wanted: &Wanted,
        depth: u32,
    ) -> Outcome<()> {
        if let Err(error) = fs::read_dir(&at.path) {
            let id = if error.kind() == std::io::ErrorKind::PermissionDenied {
                "DirUnauthorizedAccessError"
            } else {
                "DirIOError"
            };
            let category = crate::value::ErrorCategory::PermissionDenied;
            return run.error(crate::runtime::providers::files::fault(id, category, &error, &at.shown()));
        }
        let names = items::directory_names(&at.path, self.force.0 || self.hidden.0);
        let children: Vec<Location> =
            names.iter().map(|name| Location { path: path::join(&at.path, name), drive: at.drive.clone() }).collect();
        for child in &children {
            self.emit(run, root, child, wanted)?;
        }
        if depth < wanted.deepest {
            for child in children.iter().filter(|c| items::is_container(c)) {
                if self.follow.0 || !std::path::Path::new(&child.path).is_symlink() {
                    self.directory(run, root, child, wanted, depth + 1)?;
                }
            }
        }
        Ok(())
    }

    /// All items of a drive that holds no files.
    fn drive(&self, run: &mut Invocation<'_>, place: &Location, wanted: &Wanted) -> Outcome<()> {
        for name in items::names(run.session, place.drive.provider) {
            let item = Location { path: name.to_string(), drive: place.drive.clone() };
            self.emit(run, place, &item, wanted)?;
        }
        Ok(())
    }

    fn emit(&self, run: &mut Invocation<'_>, root: &Location, place: &Location, wanted: &Wanted) -> Outcome<()> {
        let name = leaf(place);
        if !wanted.sieve.passes(&name) || !wanted.filter.passes(&name) || !self.is_chosen(place) {
            return Ok(());
        }
        if self.name.0 {
            let below = place.path.strip_prefix(&root.path).unwrap_or(&place.path).trim_start_matches('/');
            let shown = if below.is_empty() { name } else { below.to_owned() };
            return run.write(Value::from(shown));
        }
        let item = items::object_of(run.session, place)?;
        run.write(item)
    }

    /// `-File`, `-Directory`, `-Hidden`, `-ReadOnly`, `-Attributes`.
    fn is_chosen(&self, place: &Location) -> bool {
        if place.drive.provider != Provider::FileSystem {
            return true;
        }
        let is_directory = items::is_container(place);
        let hidden = leaf(place).starts_with('.');
        let read_only = crate::runtime::providers::files::is_read_only(&place.path);
        let chosen = (!self.directory.0 || is_directory)
            && (!self.file.0 || !is_directory)
            && (!self.hidden.0 || hidden)
            && (!self.read_only.0 || read_only)
            && !self.system.0;
        let has = |name: &str| match name.to_ascii_lowercase().as_str() {
            "directory" | "d" => is_directory,
            "hidden" | "h" => hidden,
            "readonly" | "r" => read_only,
            "normal" | "archive" | "a" => !is_directory,
            _ => false,
        };
        let by_attributes = |text: &str| {
            text.split(',').any(|all| {
                all.split('+').map(str::trim).all(|one| match one.strip_prefix('!') {
                    Some(name) => !has(name),
                    None => has(one),
                })
            })
        };
        chosen && self.attributes.as_deref().is_none_or(by_attributes)
    }
}

/// True where the directory that a path names something in is there.
fn has_parent(run: &mut Invocation<'_>, written: &str) -> bool {
    let parent = path::parent(written);
    run.session
        .provider_path(if parent.is_empty() { "." } else { &parent })
        .is_ok_and(|place| items::is_container(&place))
}
