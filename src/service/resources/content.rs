//! What categories, rooms and add-ins share: names, pools, identities, instances.

use super::super::context::Context;
use super::super::values::bad;
use crate::api::Problem;
use crate::store::Record;
use serde_json::{Map, Value};

pub(crate) const CATEGORY: &str = "Category";
pub(crate) const ROOM: &str = "Room";
pub(crate) const ADDIN: &str = "Addin";

/// Longest name and description of categories and rooms.
pub(crate) const LONGEST: usize = 256;

/// Checks a name: not blank, not too long, no backslash.
pub(crate) fn check_name(name: &str, longest: usize) -> Result<(), Problem> {
    if name.trim().is_empty() {
        return Err(bad("Name", "it must not be blank"));
    }
    if name.contains('\\') {
        return Err(bad("Name", "it must not hold a backslash"));
    }
    check_length("Name", name, longest)
}

/// Checks a text's length.
pub(crate) fn check_length(property: &str, text: &str, longest: usize) -> Result<(), Problem> {
    match text.chars().count() {
        length if length > longest => Err(bad(property, &format!("it has {length} characters; {longest} are allowed"))),
        _ => Ok(()),
    }
}

/// The pool and the name of `pool\Name`.
pub(crate) fn split(identity: &str) -> (Option<&str>, &str) {
    identity.split_once('\\').map_or((None, identity), |(pool, name)| (Some(pool), name))
}

/// The pool part of a canonical name.
pub(crate) fn pool_of(record: &Record) -> String {
    split(&record.name).0.unwrap_or_default().to_owned()
}

/// The name part of a canonical name.
pub(crate) fn name_of(record: &Record) -> &str {
    split(&record.name).1
}

impl Context<'_> {
    /// The pool of a new object: the parameter, or the prefix of another parameter, or the only one.
    pub(crate) fn pool_for_new(&self, prefix: Option<&str>) -> Result<String, Problem> {
        self.require_chat_generation()?;
        let given = self.parameters().text("persistentChatPoolFqdn").filter(|text| !text.is_empty());
        if let (Some(given), Some(prefix)) = (given, prefix)
            && !given.eq_ignore_ascii_case(prefix)
        {
            let message = format!("Two pools are named: '{given}' and '{prefix}'.");
            return Err(Problem::new("PC-E18", message));
        }
        let pool = self.chat_pool_name(given.or(prefix))?;
        self.require_usable(&pool)?;
        self.require_pool_scope(&pool)?;
        Ok(pool)
    }

    /// The object of a kind that an identity names. `missing` is the id of its absence.
    pub(crate) fn content_object(&mut self, kind: &str, identity: &str, missing: &str) -> Result<Record, Problem> {
        self.require_topology()?;
        let (pool, name) = split(identity);
        let absent =
            || Problem::new(missing, format!("There is no {} '{identity}'.", kind.to_lowercase())).target(identity);
        if let Some(pool) = pool {
            let pool = self.chat_pool_name(Some(pool))?;
            self.require_usable(&pool)?;
            return self.tx.object(kind, &format!("{pool}\\{name}"))?.ok_or_else(absent);
        }
        let pools: Vec<String> = self.deployment.chat_pools().iter().map(|pool| pool.pool.fqdn.clone()).collect();
        if let [only] = pools.as_slice() {
            self.require_usable(only)?;
        }
        let mut found = Vec::new();
        for pool in pools {
            found.extend(self.tx.object(kind, &format!("{pool}\\{name}"))?);
        }
        if found.len() > 1 {
            let names: Vec<&str> = found.iter().map(|record| record.name.as_str()).collect();
            let message = format!("'{identity}' is ambiguous: {}.", names.join(", "));
            return Err(Problem::new("PC-E17", message).target(identity));
        }
        let record = found.pop().ok_or_else(absent)?;
        self.require_usable(&pool_of(&record))?;
        Ok(record)
    }

    /// The object to be changed or removed: found, of a usable pool, within the caller's scope.
    pub(crate) fn content_target(&mut self, kind: &str) -> Result<Record, Problem> {
        self.require_chat_generation()?;
        let identity = self.identity_or_instance()?;
        let record = self.content_object(kind, identity, "PC-E21")?;
        self.require_pool_scope(&pool_of(&record))?;
        Ok(record)
    }
}

/// The call's changes: what differs between `-Instance` and the object as shown, with the parameters on top.
pub(crate) fn changes(context: &Context<'_>, shown: &Value, writable: &[(&str, &str)]) -> Map<String, Value> {
    let mut changes = Map::new();
    for (property, parameter) in writable {
        let of_instance = context.instance().and_then(|instance| instance.get(*property));
        if let Some(value) = of_instance.filter(|value| !same(value, shown.get(*property))) {
            changes.insert((*parameter).to_owned(), value.clone());
        }
        if let Some(value) = context.parameters().get(parameter) {
            changes.insert((*parameter).to_owned(), value.clone());
        }
    }
    changes
}

fn same(left: &Value, right: Option<&Value>) -> bool {
    let nothing = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    };
    match right {
        None => nothing(left),
        Some(right) => left == right || (nothing(left) && nothing(right)),
    }
}
