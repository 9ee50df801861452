//! From what a script writes to places in providers: drives, relative paths, `~`, wildcards.

use super::drive::{Drive, DriveTable, Location, Provider};
use super::{items, path};
use crate::runtime::Session;
use crate::value::{ErrorCategory, Fault, Outcome, Str, Value, collate, wildcard::Wildcard};
use std::rc::Rc;

/// How wildcards are expanded.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Expansion {
    /// The path is taken as it is.
    pub(crate) literal: bool,
    /// Hidden items match too.
    pub(crate) force: bool,
    /// A path without wildcards need not exist.
    pub(crate) may_miss: bool,
}

/// `DriveNotFound`.
fn drive_not_found(name: &str) -> Fault {
    Fault::new("DriveNotFound", format!("There is no drive named '{name}'. Get-PSDrive lists those there are."))
        .category(ErrorCategory::ObjectNotFound)
        .exception("System.Management.Automation.DriveNotFoundException")
        .property("ItemName", Value::from(name))
        .target(Value::from(name))
}

/// `PathNotFound`.
pub(crate) fn path_not_found(shown: &str) -> Fault {
    Fault::new("PathNotFound", format!("Nothing is found at '{shown}'."))
        .category(ErrorCategory::ObjectNotFound)
        .exception("System.Management.Automation.ItemNotFoundException")
        .property("ItemName", Value::from(shown))
        .target(Value::from(shown))
}

impl Session {
    /// The drives of this session.
    pub(crate) fn drives(&mut self) -> &mut DriveTable {
        self.extension::<DriveTable>()
    }

    /// The current location, of whatever provider.
    pub(crate) fn current_location(&mut self) -> Location {
        match self.drives().elsewhere.clone() {
            Some(location) => location,
            None => Location { drive: self.drives().files(), path: self.location.to_string_lossy().into_owned() },
        }
    }

    /// The place a path means, wildcards not looked at. It need not exist.
    pub(crate) fn provider_path(&mut self, text: &str) -> Outcome<Location> {
        let parts = path::qualified(text);
        if let (Some(name), true) = (parts.qualifier, parts.by_provider) {
            let Some(provider) = Provider::by_name(name) else {
                return Fault::new("ProviderNotFound", format!("There is no provider named '{name}'."))
                    .category(ErrorCategory::ObjectNotFound)
                    .exception("System.Management.Automation.ProviderNotFoundException")
                    .target(Value::from(name))
                    .err();
            };
            return Ok(self.at_provider(provider, parts.rest));
        }
        match parts.qualifier {
            Some(name) => match self.drives().get(name) {
                Some(drive) => Ok(on_drive(drive, parts.rest)),
                None => drive_not_found(name).err(),
            },
            None => Ok(self.unqualified(parts.rest)),
        }
    }

    fn at_provider(&mut self, provider: Provider, rest: &str) -> Location {
        if provider == Provider::FileSystem {
            let base = self.location.to_string_lossy().into_owned();
            let joined = if path::is_absolute(rest) { rest.to_owned() } else { path::join(&base, rest) };
            return Location { drive: self.drives().files(), path: absolute(&joined) };
        }
        let drive = self.drives().all().into_iter().find(|drive| drive.provider == provider);
        let drive = drive.unwrap_or_else(|| Drive::new(provider.name(), provider, "", ""));
        on_drive(drive, rest)
    }

    fn unqualified(&mut self, text: &str) -> Location {
        let text = path::with_separators(text);
        if path::is_absolute(&text) {
            return Location { drive: self.drives().files(), path: absolute(&text) };
        }
        let here = self.current_location();
        if here.drive.provider != Provider::FileSystem {
            return Location { path: text.trim_matches('/').to_owned(), ..here };
        }
        if text == "~" || text.starts_with("~/") {
            let home = std::env::var("HOME").unwrap_or_else(|_| "/".to_owned());
            return Location { path: absolute(&format!("{home}{}", text.trim_start_matches('~'))), ..here };
        }
        Location { path: absolute(&path::join(&here.path, &text)), ..here }
    }

    /// Every existing place a path means; an error where it names none. A pattern that matches nothing is no error.
    pub(crate) fn expand_path(&mut self, text: &str, how: Expansion) -> Outcome<Vec<Location>> {
        let pattern = !how.literal && path::has_wildcards(text);
        if !pattern {
            let plain = if how.literal { text.to_owned() } else { path::unescape(text) };
            let place = self.provider_path(&plain)?;
            if how.may_miss || items::exists(self, &place) {
                return Ok(vec![place]);
            }
            return path_not_found(&place.shown()).err();
        }
        let place = self.provider_path(text)?;
        if place.drive.provider == Provider::FileSystem {
            return expand_files(&place, how.force);
        }
        let wildcard = Wildcard::new(&place.path, false)?;
        let names = items::names(self, place.drive.provider);
        let matching = names.into_iter().filter(|name| wildcard.matches(name));
        Ok(matching.map(|name| Location { path: name.to_string(), ..place.clone() }).collect())
    }

    /// The one existing place a path means.
    pub(crate) fn single_path(&mut self, text: &str, how: Expansion) -> Outcome<Location> {
        let mut found = self.expand_path(text, how)?;
        match found.len() {
            1 => Ok(found.remove(0)),
            0 => {
                let place = self.provider_path(text)?;
                path_not_found(&place.shown()).err()
            }
            _ => Fault::new("AmbiguousPath", format!("'{text}' matches more than one item."))
                .category(ErrorCategory::InvalidArgument)
                .exception("System.Management.Automation.PSArgumentException")
                .target(Value::from(text))
                .err(),
        }
    }
}

fn on_drive(drive: Rc<Drive>, rest: &str) -> Location {
    let rest = path::with_separators(rest);
    if drive.provider != Provider::FileSystem {
        return Location { path: rest.trim_matches('/').to_owned(), drive };
    }
    let below = if rest.is_empty() { drive.current.borrow().clone() } else { rest };
    let whole = path::join(&drive.root, below.trim_start_matches('/'));
    Location { path: absolute(&whole), drive }
}

/// Without `.`, `..` and doubled separators.
fn absolute(text: &str) -> String {
    let normal = path::normalize(&path::with_separators(text));
    if normal.is_empty() { "/".to_owned() } else { normal }
}

/// The files that a pattern matches, component by component.
fn expand_files(place: &Location, force: bool) -> Outcome<Vec<Location>> {
    let mut found = vec![String::new()];
    for part in place.path.split('/').filter(|part| !part.is_empty()) {
        found = match path::has_wildcards(part) {
            true => {
                let wildcard = Wildcard::new(part, false)?;
                found.iter().flat_map(|base| matching(base, &wildcard, force)).collect()
            }
            false => {
                let plain = path::unescape(part);
                let next = found.into_iter().map(|base| format!("{base}/{plain}"));
                next.filter(|whole| std::fs::symlink_metadata(whole).is_ok()).collect()
            }
        };
    }
    Ok(found.into_iter().map(|path| Location { path, drive: place.drive.clone() }).collect())
}

fn matching(base: &str, wildcard: &Wildcard, force: bool) -> Vec<String> {
    let directory = if base.is_empty() { "/" } else { base };
    let mut names = items::directory_names(directory, force);
    names.retain(|name| wildcard.matches(name));
    names.into_iter().map(|name| format!("{base}/{name}")).collect()
}

/// Names in the order listings have: by the culture's collation.
pub(crate) fn sort_names(names: &mut [Str]) {
    names.sort_by(|a, b| collate::order(a, b, false).then_with(|| a.cmp(b)));
}
