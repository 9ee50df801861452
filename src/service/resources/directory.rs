//! The directory's own operations: import, single entries, group membership. No Cs cmdlet does these; the service's
//! sub-command and the API do.

use super::super::context::Context;
use super::super::identity;
use super::super::ldif::{self, Entry, faulty};
use super::super::registry::Route;
use crate::api::Problem;
use crate::store::{Change, Principal, path_of};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};

pub(crate) const ROUTES: &[Route] = &[
    ("Import-CsDirectoryEntry", import),
    ("New-CsDirectoryEntry", new),
    ("Get-CsDirectoryEntry", get),
    ("Set-CsDirectoryEntry", set),
    ("Remove-CsDirectoryEntry", remove),
];

/// Attributes of the directory; whatever else a body holds is the service's own and survives an import.
fn directory_fields(body: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    const OWN: [&str; 5] = ["sipEnabled", "registrarPool", "lastSipAddress", "hostingProvider", "lineURI"];
    body.iter().filter(|(name, _)| !OWN.contains(&name.as_str()) && !name.ends_with("Policy"))
}

fn import(context: &mut Context<'_>) -> Result<(), Problem> {
    let text = context.parameters().required("document")?;
    let csv = context.parameters().text("format").is_some_and(|format| format.eq_ignore_ascii_case("csv"));
    let what = if csv { "CSV file" } else { "LDIF file" };
    let entries =
        if csv { ldif::read_csv(text) } else { ldif::read_ldif(text) }.map_err(|faults| faulty(what, faults))?;
    let mut work = Import::default();
    for entry in &entries {
        work.take(context, entry)?;
    }
    for entry in &entries {
        work.join(context, entry)?;
    }
    if !work.faults.is_empty() {
        return Err(faulty(what, work.faults));
    }
    let after = json!({ "created": work.created, "changed": work.changed, "memberships": work.memberships });
    if work.created + work.changed + work.memberships > 0 {
        let text = after.to_string();
        context.tx.audit(&Change {
            action: "Imported",
            kind: "Principal",
            target: "directory",
            before: None,
            after: Some(&text),
        })?;
    }
    context.target("directory");
    context.emit(json!({
        "identity": "directory",
        "entries": entries.len(),
        "created": work.created,
        "changed": work.changed,
        "unchanged": entries.len() - work.created - work.changed,
        "memberships": work.memberships,
    }));
    Ok(())
}

#[derive(Default)]
struct Import {
    faults: Vec<String>,
    created: usize,
    changed: usize,
    memberships: usize,
    /// Path → id of the file's entries.
    known: HashMap<String, i64>,
    names: HashSet<String>,
}

impl Import {
    fn take(&mut self, context: &mut Context<'_>, entry: &Entry) -> Result<(), Problem> {
        let path = path_of(&entry.dn);
        if self.known.contains_key(&path) {
            self.faults.push(format!("line {}: '{}' is there twice", entry.line, entry.dn));
            return Ok(());
        }
        let present = context.tx.principal_by_dn(&entry.dn)?;
        let own = present.as_ref().map_or(0, |found| found.id);
        if !self.is_free(context, entry, own)? {
            return Ok(());
        }
        let id = match present {
            None => {
                let guid = entry.body.get("objectGuid").and_then(Value::as_str).map(str::to_owned);
                let guid = guid.unwrap_or_else(|| context.new_guid());
                let mut principal = Principal::new(&entry.kind, &entry.dn, guid, entry.body.clone());
                context.tx.insert_principal_quietly(&mut principal)?;
                self.created += 1;
                principal.id
            }
            Some(mut principal) => {
                let differs =
                    directory_fields(&entry.body).any(|(name, value)| principal.body.get(name) != Some(value));
                if differs {
                    principal.body.extend(entry.body.clone());
                    context.tx.write_principal(&principal)?;
                    self.changed += 1;
                }
                principal.id
            }
        };
        self.known.insert(path, id);
        Ok(())
    }

    /// SAM names and SIP addresses are unique in the directory.
    fn is_free(&mut self, context: &mut Context<'_>, entry: &Entry, own: i64) -> Result<bool, Problem> {
        let text = |name: &str| entry.body.get(name).and_then(Value::as_str).unwrap_or_default().to_lowercase();
        let (sam, sip) = (text("samAccountName"), text("sipAddress"));
        if !sip.is_empty() && identity::sip_address(&sip).is_err() {
            self.faults.push(format!("line {}: '{sip}' is not a SIP address", entry.line));
            return Ok(false);
        }
        let mut taken = Vec::new();
        if !sam.is_empty() {
            let other = context.tx.principal_by_sam(&sam)?.filter(|other| other.id != own);
            if other.is_some() || !self.names.insert(format!("sam {sam}")) {
                taken.push(format!("account name '{sam}'"));
            }
        }
        if !sip.is_empty() {
            let other = context.tx.principal_by_sip(&sip)?.filter(|other| other.id != own);
            if other.is_some() || !self.names.insert(format!("sip {sip}")) {
                taken.push(format!("SIP address '{sip}'"));
            }
        }
        let free = taken.is_empty();
        self.faults.extend(taken.into_iter().map(|what| format!("line {}: the {what} is taken already", entry.line)));
        Ok(free)
    }

    fn join(&mut self, context: &mut Context<'_>, entry: &Entry) -> Result<(), Problem> {
        let Some(own) = self.known.get(&path_of(&entry.dn)).copied() else { return Ok(()) };
        if !entry.members.is_empty() {
            let before: HashSet<i64> = context.tx.direct_members(own)?.into_iter().collect();
            for (line, member) in &entry.members {
                match self.find(context, member)? {
                    Some(id) if before.contains(&id) => {}
                    Some(id) => {
                        context.tx.add_member(own, id)?;
                        self.memberships += 1;
                    }
                    None => self.faults.push(format!("line {line}: the member '{member}' is not in the directory")),
                }
            }
        }
        for group in &entry.groups {
            match self.find(context, group)? {
                Some(id) if context.tx.direct_members(id)?.contains(&own) => {}
                Some(id) => {
                    context.tx.add_member(id, own)?;
                    self.memberships += 1;
                }
                None => self.faults.push(format!("line {}: the group '{group}' is not in the directory", entry.line)),
            }
        }
        Ok(())
    }

    fn find(&self, context: &mut Context<'_>, name: &str) -> Result<Option<i64>, Problem> {
        if let Some(id) = self.known.get(&path_of(name)) {
            return Ok(Some(*id));
        }
        Ok(entry_named(context, name)?.map(|entry| entry.id))
    }
}

/// An entry by DN, SIP address, SAM name or user principal name.
pub(crate) fn entry_named(context: &mut Context<'_>, name: &str) -> Result<Option<Principal>, Problem> {
    if identity::looks_like_dn(name) {
        context.tx.principal_by_dn(name)
    } else if identity::looks_like_sip(name) {
        context.tx.principal_by_sip(name)
    } else if name.contains('@') {
        context.tx.principal_by_upn(name)
    } else {
        context.tx.principal_by_sam(name.rsplit('\\').next().unwrap_or(name))
    }
}

fn required_entry(context: &mut Context<'_>, name: &str) -> Result<Principal, Problem> {
    let missing = || Problem::new("PC-E20", format!("The directory has no entry '{name}'.")).target(name);
    entry_named(context, name)?.ok_or_else(missing)
}

fn new(context: &mut Context<'_>) -> Result<(), Problem> {
    let parameters = context.parameters();
    let dn = parameters.text("dn").map_or_else(|| context.identity(), Ok)?;
    let dn = identity::distinguished_name(dn)?.to_owned();
    if context.tx.principal_by_dn(&dn)?.is_some() {
        return Err(Problem::new("PC-E23", format!("The directory has an entry '{dn}' already.")));
    }
    let given = ["type", "kind", "objectClass"].into_iter().find_map(|name| parameters.text(name));
    let kind = given.unwrap_or("user");
    let kinds = ["user", "group", "organizationalUnit", "contact", "container", "domainDNS"];
    let known = kinds.iter().find(|known| known.eq_ignore_ascii_case(kind));
    let kind =
        known.ok_or_else(|| super::super::values::bad("Type", &format!("'{kind}' is none of {}", kinds.join(", "))))?;
    let mut body: Map<String, Value> = parameters
        .0
        .iter()
        .filter(|(name, _)| !["type", "kind", "objectClass", "dn", "members"].contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let own = dn.split(',').next().and_then(|part| part.split_once('=')).map_or("", |(_, name)| name).to_owned();
    body.entry("name").or_insert_with(|| json!(own));
    let guid = context.new_guid();
    let mut principal = Principal::new(kind, &dn, guid, body);
    for (field, holder) in [("samAccountName", principal.text("samAccountName").to_owned())] {
        if !holder.is_empty() && context.tx.principal_by_sam(&holder)?.is_some() {
            return Err(Problem::new("PC-E23", format!("The {field} '{holder}' is taken already.")));
        }
    }
    context.tx.insert_principal(&mut principal)?;
    change_members(context, &principal)?;
    context.target(dn.clone());
    let shown = shown(context, &principal)?;
    context.emit(shown);
    Ok(())
}

fn shown(context: &mut Context<'_>, principal: &Principal) -> Result<Value, Problem> {
    let mut object = Map::new();
    object.insert("identity".to_owned(), json!(principal.dn));
    object.insert("type".to_owned(), json!(principal.kind));
    object.insert("guid".to_owned(), json!(principal.guid));
    object.extend(principal.body.clone());
    let mut members = Vec::new();
    for id in context.tx.direct_members(principal.id)? {
        members.extend(context.principal(id)?.map(|member| json!(member.dn)));
    }
    object.insert("members".to_owned(), Value::Array(members));
    Ok(Value::Object(object))
}

fn get(context: &mut Context<'_>) -> Result<(), Problem> {
    if let Some(name) = context.call.identity.as_deref() {
        let entry = required_entry(context, name)?;
        let shown = shown(context, &entry)?;
        context.emit(shown);
        return Ok(());
    }
    let mut pager = super::super::paging::Pager::new(context)?;
    let after = pager.after.clone();
    for entry in context.tx.principals("", &after, 1001)? {
        if !pager.has_room() {
            context.reply.next_cursor = pager.next();
            break;
        }
        let shown = shown(context, &entry)?;
        context.emit(shown);
        pager.sent(&entry.path());
    }
    Ok(())
}

fn change_members(context: &mut Context<'_>, group: &Principal) -> Result<(), Problem> {
    let Some(change) = context.parameters().list_change("members")? else { return Ok(()) };
    if group.kind != "group" {
        return Err(Problem::new("PC-E27", format!("'{}' is no group and has no members.", group.dn)));
    }
    let keep = matches!(change, crate::api::ListChange::Modify { .. });
    if !keep {
        for member in context.tx.direct_members(group.id)? {
            context.tx.remove_member(group.id, member)?;
        }
    }
    if let crate::api::ListChange::Modify { remove, .. } = &change {
        for name in remove {
            if let Some(member) = entry_named(context, name)? {
                context.tx.remove_member(group.id, member.id)?;
            }
        }
    }
    for name in change.added() {
        let member = required_entry(context, name)?;
        context.tx.add_member(group.id, member.id)?;
    }
    let after = json!(context.parameters().get("members")).to_string();
    context.tx.audit(&Change {
        action: "Membership",
        kind: "Principal",
        target: &group.dn,
        before: None,
        after: Some(&after),
    })
}

fn set(context: &mut Context<'_>) -> Result<(), Problem> {
    let mut entry = required_entry(context, context.identity()?)?;
    let parameters = context.parameters();
    for (name, value) in
        parameters.0.iter().filter(|(name, _)| !["members", "type", "instance"].contains(&name.as_str()))
    {
        entry.body.insert(name.clone(), value.clone());
    }
    context.tx.update_principal(&entry)?;
    change_members(context, &entry)?;
    context.target(entry.dn);
    Ok(())
}

/// An entry that leaves keeps its id and last address, so that lists can still show who it was.
fn remove(context: &mut Context<'_>) -> Result<(), Problem> {
    let mut entry = required_entry(context, context.identity()?)?;
    let below = context.tx.principals(&entry.path(), &entry.path(), 1)?;
    if !below.is_empty() {
        return Err(Problem::new("PC-E40", format!("'{}' is not empty.", entry.dn)));
    }
    if let Some(sip) = entry.sip().map(str::to_owned) {
        entry.body.insert("lastSipAddress".to_owned(), json!(sip));
    }
    entry.body.shift_remove("sipAddress");
    entry.deleted = true;
    context.tx.remove_memberships(entry.id)?;
    context.tx.update_principal(&entry)?;
    context.target(entry.dn);
    Ok(())
}
