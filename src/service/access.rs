//! Who is covered by what (domain rules of access): lists of principals against users, groups and units.

use super::context::Context;
use super::identity;
use crate::api::{ListChange, Problem};
use crate::store::{Principal, Record};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// An entry as the tests of cover need it: who it is, where it stands, which groups hold it.
pub(crate) struct Subject {
    pub(crate) id: i64,
    pub(crate) path: String,
    pub(crate) groups: HashSet<i64>,
}

/// The two lists that make a category's scope.
#[derive(Clone, Debug, Default)]
pub(crate) struct CategoryScope {
    pub(crate) allowed: Vec<i64>,
    pub(crate) denied: Vec<i64>,
}

/// Ids in a list field of a stored body; absent and null are empty.
pub(crate) fn ids(body: &serde_json::Map<String, Value>, field: &str) -> Vec<i64> {
    body.get(field)
        .and_then(Value::as_array)
        .map(|list| list.iter().filter_map(Value::as_i64).collect())
        .unwrap_or_default()
}

impl CategoryScope {
    pub(crate) fn of(category: &Record) -> Self {
        CategoryScope { allowed: ids(&category.body, "allowedMembers"), denied: ids(&category.body, "deniedMembers") }
    }
}

/// Is the entry usable for chat: a user with an enabled SIP address, or a group or unit still in the directory?
pub(crate) fn is_provisioned(principal: &Principal) -> bool {
    match principal.kind.as_str() {
        "user" => {
            !principal.deleted && principal.sip().is_some() && principal.body.get("sipEnabled") != Some(&json!(false))
        }
        "contact" | "endpoint" => false,
        _ => !principal.deleted,
    }
}

fn is_container(kind: &str) -> bool {
    matches!(kind, "organizationalUnit" | "container" | "domainDNS")
}

impl Context<'_> {
    /// What the tests of cover need of an entry.
    pub(crate) fn subject(&mut self, id: i64) -> Result<Option<Subject>, Problem> {
        let Some(principal) = self.principal(id)?.filter(|found| !found.deleted) else { return Ok(None) };
        let groups = self.tx.groups_of(id)?.into_iter().collect();
        Ok(Some(Subject { id, path: principal.path(), groups }))
    }

    /// covers(P, u): itself, a group that holds it, or a unit above it.
    pub(crate) fn covers(&mut self, entry: i64, subject: &Subject) -> Result<bool, Problem> {
        if entry == subject.id || subject.groups.contains(&entry) {
            return Ok(true);
        }
        let Some(principal) = self.principal(entry)? else { return Ok(false) };
        Ok(!principal.deleted && is_container(&principal.kind) && subject.path.starts_with(&principal.path()))
    }

    /// Does any entry of a list cover the subject?
    pub(crate) fn any_covers(&mut self, entries: &[i64], subject: &Subject) -> Result<bool, Problem> {
        for entry in entries {
            if self.covers(*entry, subject)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// inScope(category, x).
    pub(crate) fn in_scope(&mut self, scope: &CategoryScope, id: i64) -> Result<bool, Problem> {
        let Some(subject) = self.subject(id)? else { return Ok(false) };
        Ok(self.any_covers(&scope.allowed, &subject)? && !self.any_covers(&scope.denied, &subject)?)
    }

    /// isMember(room, x), with the room's members (`None`: inherited) and whether the room is open.
    pub(crate) fn is_member(&mut self, scope: &CategoryScope, room: &Record, id: i64) -> Result<bool, Problem> {
        if !self.in_scope(scope, id)? {
            return Ok(false);
        }
        if room.text("privacy") == "Open" || inherits_members(room) {
            return Ok(true);
        }
        let Some(subject) = self.subject(id)? else { return Ok(false) };
        self.any_covers(&ids(&room.body, "members"), &subject)
    }

    /// The users that entries stand for: groups and units opened up, each user once, by id.
    pub(crate) fn expand(&mut self, entries: &[i64]) -> Result<BTreeMap<i64, Arc<Principal>>, Problem> {
        let mut users = BTreeMap::new();
        for entry in entries {
            let Some(principal) = self.principal(*entry)?.filter(|found| !found.deleted) else { continue };
            match principal.kind.as_str() {
                "user" => drop(users.insert(principal.id, principal)),
                "group" => self.expand_group(principal.id, &mut users)?,
                _ => self.expand_unit(&principal.path(), &mut users)?,
            }
        }
        Ok(users)
    }

    fn expand_group(&mut self, group: i64, users: &mut BTreeMap<i64, Arc<Principal>>) -> Result<(), Problem> {
        for member in self.tx.members_of(group)? {
            if let Some(found) = self.principal(member)?.filter(|found| found.kind == "user" && !found.deleted) {
                users.insert(member, found);
            }
        }
        Ok(())
    }

    fn expand_unit(&mut self, path: &str, users: &mut BTreeMap<i64, Arc<Principal>>) -> Result<(), Problem> {
        let mut after = String::new();
        loop {
            let page = self.tx.principals(path, &after, 500)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.path();
            users
                .extend(page.into_iter().filter(|found| found.kind == "user").map(|found| (found.id, Arc::new(found))));
        }
    }

    /// The users within a scope: allowed and not denied.
    pub(crate) fn users_in_scope(&mut self, scope: &CategoryScope) -> Result<Vec<Arc<Principal>>, Problem> {
        let denied = self.expand(&scope.denied)?;
        let allowed = self.expand(&scope.allowed)?;
        Ok(allowed.into_values().filter(|user| !denied.contains_key(&user.id)).collect())
    }

    /// A principal as a list parameter writes it: SIP address, DN or, with `-AsObject`, a display name.
    pub(crate) fn resolve_principal(&mut self, text: &str, as_object: bool) -> Result<Principal, Problem> {
        let missing = |text: &str| {
            let message =
                format!("'{text}' is not a provisioned principal: no such enabled user, group or unit is known.");
            Problem::new("PC-E30", message).target(text)
        };
        let found = if identity::looks_like_sip(text) {
            self.tx.principal_by_sip(&identity::sip_address(text)?)?
        } else if identity::looks_like_dn(text) {
            self.tx.principal_by_dn(identity::distinguished_name(text)?)?
        } else if as_object {
            let mut named = self.tx.principals_by_display(text)?;
            named.retain(is_provisioned);
            if named.len() > 1 {
                let message = format!("Several principals are called '{text}'; use a SIP address.");
                return Err(Problem::new("PC-E19", message).target(text));
            }
            named.pop()
        } else {
            return Err(identity::sip_address(text).err().unwrap_or_else(|| missing(text)));
        };
        found.filter(is_provisioned).ok_or_else(|| missing(text))
    }

    /// A list of ids after a change: what is added must be provisioned, what is removed may be gone already.
    pub(crate) fn change_list(
        &mut self,
        before: &[i64],
        change: &ListChange,
        as_object: bool,
    ) -> Result<Vec<i64>, Problem> {
        let mut added = Vec::new();
        for text in change.added() {
            added.push(self.resolve_principal(text, as_object)?.id);
        }
        let mut after = match change {
            ListChange::Clear | ListChange::Replace(_) => Vec::new(),
            ListChange::Modify { remove, .. } => {
                let mut kept = Vec::new();
                for id in before {
                    if !self.is_named(*id, remove, as_object)? {
                        kept.push(*id);
                    }
                }
                kept
            }
        };
        for id in added {
            if !after.contains(&id) {
                after.push(id);
            }
        }
        Ok(after)
    }

    fn is_named(&mut self, id: i64, texts: &[String], as_object: bool) -> Result<bool, Problem> {
        let Some(principal) = self.principal(id)? else { return Ok(false) };
        let path = principal.path();
        Ok(texts.iter().any(|text| {
            let sip = principal.sip().is_some_and(|sip| sip.eq_ignore_ascii_case(text));
            let name = as_object && principal.display_name().eq_ignore_ascii_case(text);
            sip || name || crate::store::path_of(text) == path
        }))
    }

    /// Ids as lists show them.
    pub(crate) fn show_list(&mut self, ids: &[i64], as_object: bool) -> Result<Value, Problem> {
        let mut shown = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(principal) = self.principal(*id)? {
                shown.push(Value::from(self.show_principal(&principal, as_object)));
            }
        }
        Ok(Value::Array(shown))
    }

    fn show_principal(&self, principal: &Principal, as_object: bool) -> String {
        let last_known = || Some(principal.text("lastSipAddress")).filter(|text| !text.is_empty());
        match principal.sip().or_else(last_known) {
            _ if as_object => principal.display_name().to_owned(),
            Some(sip) if principal.kind == "user" => sip.to_owned(),
            _ => principal.dn.clone(),
        }
    }

    /// The entries that a scope does not hold.
    pub(crate) fn outside_scope(&mut self, scope: &CategoryScope, entries: &[i64]) -> Result<Vec<i64>, Problem> {
        let mut outside = Vec::new();
        for id in entries {
            if !self.in_scope(scope, *id)? {
                outside.push(*id);
            }
        }
        Ok(outside)
    }

    /// PC-E31 where a list has an entry outside the scope.
    pub(crate) fn require_in_scope(
        &mut self,
        scope: &CategoryScope,
        entries: &[i64],
        category: &str,
    ) -> Result<(), Problem> {
        let outside = self.outside_scope(scope, entries)?;
        let Some(first) = outside.first() else { return Ok(()) };
        let name = self.principal(*first)?.map(|found| self.show_principal(&found, false)).unwrap_or_default();
        let message = format!("'{name}' is outside the allowed members of the category '{category}', or denied there.");
        Err(Problem::new("PC-E31", message))
    }
}

/// Are the room's members those of its category?
pub(crate) fn inherits_members(room: &Record) -> bool {
    room.body.get("members").is_none_or(Value::is_null)
}
