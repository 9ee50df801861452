//! Items of the providers: whether they are there, their names, what they are as objects, and setting and removing
//! those that are not files.

use super::drive::{Location, Provider};
use super::objects;
use super::resolve::{path_not_found, sort_names};
use crate::runtime::{Command, Session, Symbol};
use crate::value::{Outcome, Str, Value, convert};
use std::fs;

/// True where something is at a place.
pub(crate) fn exists(session: &mut Session, place: &Location) -> bool {
    if place.drive.provider == Provider::FileSystem {
        return fs::symlink_metadata(&place.path).is_ok();
    }
    place.path.is_empty() || value_of(session, place).is_some()
}

/// True where the item holds others.
pub(crate) fn is_container(place: &Location) -> bool {
    match place.drive.provider {
        Provider::FileSystem => fs::metadata(&place.path).is_ok_and(|m| m.is_dir()),
        _ => place.path.is_empty(),
    }
}

/// The names of all items of a provider other than files, sorted.
pub(crate) fn names(session: &mut Session, provider: Provider) -> Vec<Str> {
    let mut names: Vec<Str> = match provider {
        Provider::FileSystem => Vec::new(),
        Provider::Environment => session.environment.keys().map(|name| Str::from(name.as_str())).collect(),
        Provider::Variable => session.variable_names(),
        Provider::Function => session.function_names(),
        Provider::Alias => session.alias_names(),
    };
    sort_names(&mut names);
    names
}

/// The names in a directory in the order of listings: directories first. Hidden ones where `force` says so.
pub(crate) fn directory_names(directory: &str, force: bool) -> Vec<String> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let (mut directories, mut others) = (Vec::new(), Vec::new());
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !force && name.starts_with('.') {
            continue;
        }
        let is_directory = fs::metadata(entry.path()).is_ok_and(|m| m.is_dir());
        if is_directory { &mut directories } else { &mut others }.push(Str::from(name));
    }
    sort_names(&mut directories);
    sort_names(&mut others);
    directories.into_iter().chain(others).map(|name| name.to_string()).collect()
}

/// What an item that is not a file holds: text, a variable's value, a function's block.
pub(crate) fn value_of(session: &mut Session, place: &Location) -> Option<Value> {
    let name = place.path.as_str();
    match place.drive.provider {
        Provider::FileSystem => None,
        Provider::Environment => session.environment.get(name).map(|text| Value::from(text.as_str())),
        Provider::Variable => session.variable(Symbol::new(name)),
        Provider::Function => session.find_function(Symbol::new(name)).map(|f| Value::ScriptBlock(f.block.clone())),
        Provider::Alias => session.find_alias(Symbol::new(name)).map(|a| Value::Str(a.definition.clone())),
    }
}

/// An item as the object that Get-Item gives.
pub(crate) fn object_of(session: &mut Session, place: &Location) -> Outcome<Value> {
    if place.drive.provider == Provider::FileSystem {
        return Ok(objects::file_object(session, place));
    }
    let Some(value) = value_of(session, place) else { return path_not_found(&place.shown()).err() };
    let name = place.path.as_str();
    let item = match place.drive.provider {
        Provider::Function => match session.find_function(Symbol::new(name)) {
            Some(function) => session.command_object(&Command::Function(function)),
            None => Value::Null,
        },
        Provider::Alias => session.alias_object(Symbol::new(name)),
        Provider::Variable => session.variable_object(Symbol::new(name)),
        Provider::Environment | Provider::FileSystem => objects::dictionary_entry(name, value),
    };
    Ok(objects::with_notes(session, item, place))
}

/// Sets what an item that is not a file holds.
pub(crate) fn set_value(session: &mut Session, place: &Location, value: Value) -> Outcome<()> {
    let name = place.path.clone();
    match place.drive.provider {
        Provider::FileSystem => Ok(()),
        Provider::Environment => session.write_drive("env", &name, value),
        Provider::Function => session.write_drive("function", &name, value),
        Provider::Alias => session.write_drive("alias", &name, value),
        Provider::Variable => {
            let frame = session.frame.clone();
            session.assign_in(&frame, Symbol::new(&name), value)
        }
    }
}

/// Removes an item that is not a file.
pub(crate) fn remove(session: &mut Session, place: &Location) -> Outcome<()> {
    let symbol = Symbol::new(&place.path);
    match place.drive.provider {
        Provider::FileSystem => {}
        Provider::Environment => session.set_environment(&place.path, None),
        Provider::Function => drop(session.remove_function(symbol)),
        Provider::Alias => session.remove_alias(symbol),
        Provider::Variable => session.remove_variable(symbol),
    }
    Ok(())
}

/// What an item that is not a file holds, as the lines of Get-Content.
pub(crate) fn content_of(session: &mut Session, place: &Location) -> Outcome<Value> {
    match value_of(session, place) {
        Some(Value::ScriptBlock(block)) => Ok(Value::ScriptBlock(block)),
        Some(value) => Ok(value),
        None => path_not_found(&place.shown()).err(),
    }
}

impl Session {
    /// Names of variables that the running scope sees.
    fn variable_names(&self) -> Vec<Str> {
        let mut names: Vec<Symbol> = Vec::new();
        let mut at = Some(&self.frame);
        while let Some(frame) = at {
            for name in frame.layout.names() {
                let set = frame.layout.find(name).is_some_and(|slot| frame.read(slot).is_some());
                if set && !names.contains(&name) {
                    names.push(name);
                }
            }
            at = frame.parent.as_ref();
        }
        names.into_iter().map(|name| Str::from(name.name())).collect()
    }

    fn function_names(&self) -> Vec<Str> {
        let mut names: Vec<Str> = Vec::new();
        let mut at = Some(&self.frame);
        while let Some(frame) = at {
            if let Some(extra) = frame.extra() {
                for function in extra.functions.borrow().values() {
                    if !names.iter().any(|known| known.eq_ignore_ascii_case(&function.name)) {
                        names.push(function.name.clone());
                    }
                }
            }
            at = frame.parent.as_ref();
        }
        names
    }

    fn alias_names(&self) -> Vec<Str> {
        let mut names: Vec<Str> = Vec::new();
        let mut at = Some(&self.frame);
        while let Some(frame) = at {
            if let Some(extra) = frame.extra() {
                for alias in extra.aliases.borrow().values() {
                    if !names.iter().any(|known| known.eq_ignore_ascii_case(&alias.name)) {
                        names.push(alias.name.clone());
                    }
                }
            }
            at = frame.parent.as_ref();
        }
        names
    }

    fn alias_object(&self, name: Symbol) -> Value {
        let Some(alias) = self.find_alias(name) else { return Value::Null };
        crate::runtime::objects::object_with_text(
            "System.Management.Automation.AliasInfo",
            alias.name.clone(),
            vec![
                ("Name", Value::Str(alias.name.clone())),
                ("Definition", Value::Str(alias.definition.clone())),
                ("CommandType", Value::from("Alias")),
                ("DisplayName", Value::from(format!("{} -> {}", alias.name, alias.definition))),
            ],
        )
    }

    fn variable_object(&self, name: Symbol) -> Value {
        let variable = self.find_variable(name);
        let variable =
            variable.unwrap_or_else(|| super::super::Variable::new(name, self.lookup(name).unwrap_or_default()));
        crate::runtime::objects::variable_object(variable)
    }

    fn remove_alias(&mut self, name: Symbol) {
        let mut at = Some(self.frame.clone());
        while let Some(frame) = at {
            let removed = frame.extra().and_then(|extra| extra.aliases.borrow_mut().remove(&name));
            if removed.is_some() {
                self.generation += 1;
                return;
            }
            at = frame.parent.clone();
        }
    }

    fn remove_variable(&mut self, name: Symbol) {
        let mut at = Some(self.frame.clone());
        while let Some(frame) = at {
            if let Some(slot) = frame.layout.find(name)
                && frame.read(slot).is_some()
            {
                frame.put_slot(slot, crate::runtime::Slot::Unset);
                return;
            }
            at = frame.parent.clone();
        }
    }

    /// `$drive:path` of a drive that is not one of the built-in short forms.
    pub(in crate::runtime) fn provider_content(&mut self, drive: &str, path: &str) -> Outcome<Value> {
        let place = self.provider_path(&format!("{drive}:{path}"))?;
        if place.drive.provider != Provider::FileSystem {
            return Ok(value_of(self, &place).unwrap_or_default());
        }
        match fs::read(&place.path) {
            Ok(bytes) => {
                let text = crate::value::encoding::TextEncoding::Utf8.decode_file(&bytes);
                let lines = super::files::lines(&text).map(Value::from).collect::<Vec<_>>();
                Ok(match <[Value; 1]>::try_from(lines) {
                    Ok([line]) => line,
                    Err(lines) => Value::array(lines),
                })
            }
            Err(_) => Ok(Value::Null),
        }
    }

    /// `$drive:path = …`.
    pub(in crate::runtime) fn set_provider_content(&mut self, drive: &str, path: &str, value: Value) -> Outcome<()> {
        let place = self.provider_path(&format!("{drive}:{path}"))?;
        if place.drive.provider != Provider::FileSystem {
            return set_value(self, &place, value);
        }
        let mut text = String::new();
        for item in crate::value::enumerate(&value).unwrap_or_else(|| vec![value.clone()]) {
            text.push_str(&convert::to_text(&item));
            text.push('\n');
        }
        fs::write(&place.path, text).map_err(|error| super::files::write_fault(&error, &place.path).into())
    }
}
