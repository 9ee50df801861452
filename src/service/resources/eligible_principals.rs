//! Who could be given a role in a category or a room.

use super::super::access::{CategoryScope, ids, inherits_members};
use super::super::context::Context;
use super::super::identity::matches;
use super::super::paging::Pager;
use super::super::registry::Route;
use super::content::{CATEGORY, ROOM};
use crate::api::Problem;
use crate::store::{Principal, Record};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) const ROUTES: &[Route] = &[("Get-CsPersistentChatEligiblePrincipal", get)];

fn get(context: &mut Context<'_>) -> Result<(), Problem> {
    context.require_topology()?;
    let parameters = context.parameters();
    let pool = parameters.text("persistentChatPoolFqdn");
    let within = |name: &str| match pool.filter(|_| !name.contains('\\')) {
        Some(pool) => format!("{pool}\\{name}"),
        None => name.to_owned(),
    };
    let (scope, entries) = match (parameters.text("category"), parameters.text("room")) {
        (Some(_), Some(_)) => return Err(Problem::new("PC-E27", "Category and Room exclude each other.")),
        (Some(name), None) => {
            let category = context.content_object(CATEGORY, &within(name), "PC-E34")?;
            let scope = CategoryScope::of(&category);
            let entries = scope.allowed.clone();
            (scope, entries)
        }
        (None, Some(name)) => {
            let room = context.content_object(ROOM, &within(name), "PC-E21")?;
            of_room(context, &room)?
        }
        (None, None) => return Err(Problem::new("PC-E27", "Name a category or a room.")),
    };
    let eligible = eligible(context, &scope, &entries)?;
    let filter = parameters.text("filter");
    let mut pager = Pager::new(context)?;
    for (key, principal) in eligible {
        let fits = filter.is_none_or(|pattern| principal.sip().is_some_and(|sip| matches(pattern, sip)));
        if key <= pager.after || !fits {
            continue;
        }
        if !pager.has_room() {
            context.reply.next_cursor = pager.next();
            break;
        }
        context.emit(shown(&principal));
        pager.sent(&key);
    }
    Ok(())
}

/// The room's scope, and the entries to be expanded: its members for presenters, else the category's.
fn of_room(context: &mut Context<'_>, room: &Record) -> Result<(CategoryScope, Vec<i64>), Problem> {
    let category = context.tx.object_by_id(room.parent.unwrap_or_default())?;
    let scope = CategoryScope::of(&category.ok_or_else(|| Problem::internal("the room has no category"))?);
    let presenters = context.parameters().switch("presenters");
    if presenters && room.text("type") != "Auditorium" {
        let message = format!("'{}' is not an Auditorium and has no presenters.", room.name);
        return Err(Problem::new("PC-E36", message));
    }
    let own_members = presenters && !inherits_members(room) && room.text("privacy") != "Open";
    let entries = if own_members { ids(&room.body, "members") } else { scope.allowed.clone() };
    Ok((scope, entries))
}

/// The entries themselves and the users they stand for, each once, without those that are denied.
fn eligible(
    context: &mut Context<'_>,
    scope: &CategoryScope,
    entries: &[i64],
) -> Result<BTreeMap<String, Arc<Principal>>, Problem> {
    let denied = context.expand(&scope.denied)?;
    let mut found = BTreeMap::new();
    for entry in entries {
        if let Some(principal) = context.principal(*entry)?.filter(|entry| entry.kind != "user" && !entry.deleted)
            && !scope.denied.contains(entry)
        {
            found.insert(principal.path(), principal);
        }
    }
    for (id, user) in context.expand(entries)? {
        if user.sip().is_some() && !denied.contains_key(&id) && context.in_scope(scope, id)? {
            found.insert(user.path(), user);
        }
    }
    Ok(found)
}

fn shown(principal: &Principal) -> Value {
    let kind = match principal.kind.as_str() {
        "user" => "user",
        "group" => "group",
        "domainDNS" => "domain",
        _ => "folder",
    };
    json!({
        "sipAddress": principal.sip(),
        "displayName": principal.display_name(),
        "distinguishedName": principal.dn,
        "persistentChatPrincipalType": kind,
        "principalGuid": principal.guid,
    })
}
