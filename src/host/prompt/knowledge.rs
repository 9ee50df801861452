//! What completion may know: the session's commands, variables and members, files, and identities of the service.
//! Nothing a user typed is executed here.

use super::completion::{Knowledge, Parameter};
use crate::commands::administration;
use crate::runtime::{Command, Session, Symbol, Validation};
use crate::value::{TypeRef, Value, members, types};
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{Duration, Instant};

/// How long a completion may wait for the service.
const DEADLINE: Duration = Duration::from_millis(300);

/// How long identities are remembered.
const FRESH: Duration = Duration::from_secs(20);

/// Variables that every session has, whether set or not.
const AUTOMATIC: &[&str] =
    &["_", "args", "Error", "false", "HOME", "Host", "input", "LASTEXITCODE", "null", "PID", "PWD", "true"];

/// Types that are worth proposing.
const TYPES: &[&str] = &[
    "array",
    "bool",
    "byte",
    "char",
    "datetime",
    "decimal",
    "double",
    "float",
    "guid",
    "hashtable",
    "int",
    "long",
    "math",
    "object",
    "ordered",
    "pscustomobject",
    "regex",
    "scriptblock",
    "string",
    "switch",
    "timespan",
    "uri",
    "version",
    "xml",
    "System.Collections.Generic.Dictionary",
    "System.Collections.Generic.HashSet",
    "System.Collections.Generic.List",
    "System.Convert",
    "System.Environment",
    "System.IO.File",
    "System.IO.Path",
    "System.Text.Encoding",
    "System.Text.StringBuilder",
];

/// Parameters whose values are identities of a noun other than the cmdlet's.
const NAMED_BY: [(&str, &str); 6] = [
    ("Category", "CsPersistentChatCategory"),
    ("Addin", "CsPersistentChatAddin"),
    ("Room", "CsPersistentChatRoom"),
    ("RegistrarPool", "CsPool"),
    ("PersistentChatPoolFqdn", "CsPool"),
    ("PoolFqdn", "CsPool"),
];

/// Identities of a noun as they were last seen.
type Cache = HashMap<(String, String), (Instant, Vec<String>)>;

/// A session seen by completion.
pub struct SessionKnowledge {
    session: Rc<RefCell<Session>>,
    identities: Cache,
}

impl SessionKnowledge {
    /// Knowledge of a session that the prompt shares.
    pub fn new(session: Rc<RefCell<Session>>) -> Self {
        Self { session, identities: Cache::new() }
    }
}

impl Knowledge for SessionKnowledge {
    fn commands(&mut self, prefix: &str) -> Vec<String> {
        let session = self.session.borrow();
        let mut names: Vec<String> = session.cmdlets.keys().map(|name| name.name().to_owned()).collect();
        names.extend(session.cmdlet_sources.iter().flat_map(|source| source.names()));
        if let Some(extra) = session.global.extra() {
            names.extend(extra.functions.borrow().keys().map(|name| name.name().to_owned()));
            names.extend(extra.aliases.borrow().keys().map(|name| name.name().to_owned()));
        }
        if prefix.len() > 1 {
            names.extend(programs(session.environment.get("PATH").map_or("", String::as_str), prefix));
        }
        names
    }

    fn parameters(&mut self, command: &str) -> Vec<Parameter> {
        let mut session = self.session.borrow_mut();
        match session.find_command(command, Symbol::new(command)) {
            Ok(Some(Command::Cmdlet(spec))) => spec
                .parameters
                .iter()
                .filter(|parameter| !parameter.hidden)
                .map(|parameter| Parameter {
                    name: parameter.name.to_owned(),
                    values: match parameter.kind {
                        Some(kind) => kind.enum_members().iter().map(|(name, _)| (*name).to_owned()).collect(),
                        None => values_of(parameter.type_name, parameter.validation),
                    },
                    is_switch: parameter.type_name.eq_ignore_ascii_case("switch"),
                })
                .collect(),
            Ok(Some(Command::Function(function))) => function_parameters(&function.block),
            _ => Vec::new(),
        }
    }

    fn variables(&mut self, prefix: &str) -> Vec<String> {
        let session = self.session.borrow();
        match prefix.split_once(':') {
            Some((drive, _)) if drive.eq_ignore_ascii_case("env") => {
                session.environment.keys().map(|name| format!("{drive}:{name}")).collect()
            }
            Some((scope, _)) => {
                names_of_variables(&session).into_iter().map(|name| format!("{scope}:{name}")).collect()
            }
            None => names_of_variables(&session),
        }
    }

    fn members(&mut self, target: &str) -> Vec<String> {
        if let Some(name) = target.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let entries = types::resolve(name).map(members::static_members).unwrap_or_default();
            return entries.into_iter().map(|(entry, _)| entry.name.to_string()).collect();
        }
        let mut session = self.session.borrow_mut();
        let Some(value) = value_of_chain(&mut session, target) else { return Vec::new() };
        let mut names: Vec<String> =
            members::properties(&value).into_iter().map(|entry| entry.name.to_string()).collect();
        names.extend(members::methods(&value).into_iter().map(|(entry, _)| entry.name.to_string()));
        names
    }

    fn types(&mut self, _: &str) -> Vec<String> {
        TYPES.iter().map(|name| (*name).to_owned()).collect()
    }

    fn paths(&mut self, prefix: &str) -> Vec<String> {
        let location = self.session.borrow().location.clone();
        let home = self.session.borrow().environment.get("HOME").cloned();
        paths_in(&location, home.as_deref(), prefix)
    }

    fn identities(&mut self, command: &str, parameter: &str, prefix: &str) -> Vec<String> {
        let Some((_, noun)) = command.split_once('-') else { return Vec::new() };
        if !noun.to_lowercase().starts_with("cs") {
            return Vec::new();
        }
        let other = NAMED_BY.iter().find(|(name, _)| name.eq_ignore_ascii_case(parameter)).map(|(_, noun)| *noun);
        let own = parameter.eq_ignore_ascii_case("Identity").then_some(noun);
        let Some(noun) = own.or(other) else { return Vec::new() };
        let key = (noun.to_lowercase(), prefix.to_lowercase());
        if let Some((seen, names)) = self.identities.get(&key)
            && seen.elapsed() < FRESH
        {
            return names.clone();
        }
        let names = administration::identities(&mut self.session.borrow_mut(), noun, prefix, DEADLINE);
        // None may only mean that the answer was late; the next key asks again.
        if !names.is_empty() {
            self.identities.insert(key, (Instant::now(), names.clone()));
        }
        names
    }
}

/// The values that a declared parameter is limited to.
fn values_of(type_name: &str, validation: &[Validation]) -> Vec<String> {
    let listed = validation.iter().find_map(|rule| match rule {
        Validation::Set(values) => Some(values.iter().map(|value| (*value).to_owned()).collect()),
        _ => None,
    });
    listed.unwrap_or_else(|| {
        let kind: Option<TypeRef> = types::resolve(type_name.trim_end_matches("[]"));
        let members = kind.filter(|kind| kind.is_enum()).map(TypeRef::enum_members).unwrap_or_default();
        members.iter().map(|(name, _)| (*name).to_owned()).collect()
    })
}

fn function_parameters(block: &crate::value::ScriptBlock) -> Vec<Parameter> {
    let own = block.function.as_ref().and_then(|function| function.params.as_ref());
    let declared = own.or(block.ast.params.as_ref());
    declared.into_iter().flatten().map(written_parameter).collect()
}

fn written_parameter(parameter: &crate::syntax::Parameter) -> Parameter {
    use crate::syntax::{ExprKind, ParameterAttribute};
    let mut found = Parameter { name: parameter.name.to_string(), ..Parameter::default() };
    for attribute in &parameter.attributes {
        match attribute {
            ParameterAttribute::Type(name) => found.is_switch |= name.name.eq_ignore_ascii_case("switch"),
            ParameterAttribute::Attribute(attribute) if attribute.name.name.eq_ignore_ascii_case("ValidateSet") => {
                found.values = attribute
                    .positional
                    .iter()
                    .filter_map(|value| match &value.kind {
                        ExprKind::String(text, _) => Some(text.to_string()),
                        _ => None,
                    })
                    .collect();
            }
            ParameterAttribute::Attribute(_) => {}
        }
    }
    found
}

fn names_of_variables(session: &Session) -> Vec<String> {
    let own = session.global.variables().into_iter().map(|(name, _)| name.name().to_owned());
    own.chain(AUTOMATIC.iter().map(|name| (*name).to_owned())).collect()
}

/// `$x.Name.Length` followed through properties; script properties are not run.
fn value_of_chain(session: &mut Session, chain: &str) -> Option<Value> {
    let mut parts = chain.strip_prefix('$')?.split('.');
    let mut value = session.variable(Symbol::new(parts.next()?))?;
    for part in parts {
        value = members::get(session, &value, part).ok()??;
    }
    Some(value)
}

/// Programs on the search path whose names begin so.
fn programs(search_path: &str, prefix: &str) -> Vec<String> {
    std::env::split_paths(search_path)
        .filter_map(|directory| std::fs::read_dir(directory).ok())
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.starts_with(prefix))
        .collect()
}

/// Entries that a partly written path may mean, written the same way.
fn paths_in(location: &Path, home: Option<&str>, prefix: &str) -> Vec<String> {
    let (written, name) = prefix.rfind('/').map_or(("", prefix), |at| prefix.split_at(at + 1));
    let directory = match (written.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => location.join(written),
    };
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    entries
        .flatten()
        .filter_map(|entry| {
            let found = entry.file_name().into_string().ok()?;
            let is_directory = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let hidden = found.starts_with('.') && !name.starts_with('.');
            (!hidden && found.to_lowercase().starts_with(&name.to_lowercase()))
                .then(|| format!("{written}{found}{}", if is_directory { "/" } else { "" }))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_proposed_as_they_were_begun() {
        let place = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
        std::fs::create_dir(place.path().join("Sub")).unwrap_or_else(|error| panic!("{error}"));
        for name in ["alpha.txt", ".hidden", "Sub/inner"] {
            std::fs::write(place.path().join(name), "").unwrap_or_else(|error| panic!("{error}"));
        }
        let sorted = |prefix: &str| {
            let mut found = paths_in(place.path(), None, prefix);
            found.sort();
            found
        };
        assert_eq!(sorted(""), ["Sub/", "alpha.txt"]);
        assert_eq!(sorted("s"), ["Sub/"]);
        assert_eq!(sorted("./Sub/"), ["./Sub/inner"]);
        assert_eq!(sorted("."), [".hidden"]);
    }
}
