//! Categories: flat containers of rooms, owners of their scope.

use super::super::access::{CategoryScope, ids};
use super::super::context::Context;
use super::super::registry::Route;
use super::content::{CATEGORY, LONGEST, ROOM, changes, check_length, check_name, name_of, pool_of};
use super::rooms;
use crate::api::{Parameters, Problem};
use crate::store::Record;
use serde_json::{Map, Value, json};

pub(crate) const ROUTES: &[Route] = &[
    ("New-CsPersistentChatCategory", new),
    ("Get-CsPersistentChatCategory", get),
    ("Set-CsPersistentChatCategory", set),
    ("Remove-CsPersistentChatCategory", remove),
];

/// Properties that Set changes: as shown, and as the parameter is called.
const WRITABLE: [(&str, &str); 8] = [
    ("name", "name"),
    ("description", "description"),
    ("fileUpload", "fileUpload"),
    ("invites", "invitations"),
    ("chatHistory", "chatHistory"),
    ("allowedMembers", "allowedMembers"),
    ("deniedMembers", "deniedMembers"),
    ("creators", "creators"),
];

const LISTS: [&str; 3] = ["allowedMembers", "deniedMembers", "creators"];

fn new(context: &mut Context<'_>) -> Result<(), Problem> {
    let pool = context.pool_for_new(None)?;
    let parameters = context.parameters();
    let name = parameters.text("name").unwrap_or_default();
    let description = parameters.text("description").unwrap_or_default();
    check_name(name, LONGEST)?;
    check_length("Description", description, LONGEST)?;
    let uri = format!("ma-cat://{}/{}", context.deployment.topology.default_sip_domain(), context.new_guid());
    let body = json!({
        "categoryUri": uri,
        "description": description,
        "invites": parameters.switch("enableInvitations"),
        "fileUpload": parameters.switch("enableFileUpload"),
        "chatHistory": !parameters.switch("removeChatHistory"),
        "allowedMembers": [],
        "deniedMembers": [],
        "creators": [],
    });
    let mut record = Record::of(CATEGORY, format!("{pool}\\{name}"), &body)?;
    require_free(context, &record)?;
    context.target(record.name.clone());
    context.tx.insert(&mut record)?;
    let shown = shown(context, &record, false)?;
    context.emit_stored(shown, record.revision);
    Ok(())
}

fn require_free(context: &mut Context<'_>, record: &Record) -> Result<(), Problem> {
    if context.tx.object(CATEGORY, &record.key)?.is_some_and(|other| other.id != record.id) {
        return Err(Problem::new("PC-E23", format!("There is a category '{}' already.", record.name)));
    }
    if context.tx.object_exists(ROOM, &record.key)? {
        let message = format!("A room is called '{}'; a category needs another name.", name_of(record));
        return Err(Problem::new("PC-E26", message));
    }
    Ok(())
}

/// A category as callers see it.
pub(crate) fn shown(context: &mut Context<'_>, record: &Record, as_object: bool) -> Result<Value, Problem> {
    let mut object = Map::new();
    object.insert("identity".to_owned(), json!(record.name));
    object.insert("categoryUri".to_owned(), json!(record.text("categoryUri")));
    object.insert("name".to_owned(), json!(name_of(record)));
    object.insert("description".to_owned(), json!(record.text("description")));
    object.insert("numberOfChatRooms".to_owned(), json!(context.tx.count_children(record.id, ROOM)?));
    for flag in ["invites", "fileUpload", "chatHistory"] {
        object.insert(flag.to_owned(), record.body.get(flag).cloned().unwrap_or_default());
    }
    for list in LISTS {
        let value = context.show_list(&ids(&record.body, list), as_object)?;
        object.insert(list.to_owned(), value);
    }
    Ok(Value::Object(object))
}

fn get(context: &mut Context<'_>) -> Result<(), Problem> {
    let as_object = context.parameters().switch("asObject");
    if let Some(identity) = context.call.identity.as_deref() {
        let record = context.content_object(CATEGORY, identity, "PC-E21")?;
        context.reply.revision = Some(record.revision);
        let shown = shown(context, &record, as_object)?;
        context.emit_stored(shown, record.revision);
        return Ok(());
    }
    context.require_topology()?;
    for pool in context.usable_pools(context.parameters().text("persistentChatPoolFqdn"))? {
        for record in context.tx.objects(CATEGORY, &format!("{}\\", pool.to_lowercase()), "", i64::MAX)? {
            let shown = shown(context, &record, as_object)?;
            context.emit_stored(shown, record.revision);
        }
    }
    Ok(())
}

fn set(context: &mut Context<'_>) -> Result<(), Problem> {
    let mut record = context.content_target(CATEGORY)?;
    super::super::settings::require_unchanged(context, &record)?;
    let as_object = context.parameters().switch("asObject");
    let before = shown(context, &record, as_object)?;
    let changes = Parameters(changes(context, &before, &WRITABLE));
    if changes.given("name") {
        let name = changes.text("name").unwrap_or_default();
        check_name(name, LONGEST)?;
        record.rename(format!("{}\\{name}", pool_of(&record)));
    }
    if changes.given("description") {
        let description = changes.text("description").unwrap_or_default();
        check_length("Description", description, LONGEST)?;
        record.body.insert("description".to_owned(), json!(description));
    }
    for (flag, parameter) in [("fileUpload", "fileUpload"), ("invites", "invitations"), ("chatHistory", "chatHistory")]
    {
        if let Some(value) = changes.boolean(parameter)? {
            record.body.insert(flag.to_owned(), json!(value));
        }
    }
    require_free(context, &record)?;
    let old_scope = CategoryScope::of(&record);
    for list in LISTS {
        if let Some(change) = changes.list_change(list)? {
            let after = context.change_list(&ids(&record.body, list), &change, as_object)?;
            record.body.insert(list.to_owned(), json!(after));
        }
    }
    let scope = CategoryScope::of(&record);
    let narrowed = scope.allowed != old_scope.allowed || scope.denied != old_scope.denied;
    settle_creators(context, &mut record, &scope, &changes, narrowed)?;
    context.target(record.name.clone());
    context.tx.update(&mut record)?;
    context.changed_to(record.revision);
    if narrowed {
        purge_rooms(context, &record, &scope)?;
    }
    Ok(())
}

/// Creators of this command must lie in the scope; earlier ones that no longer fit leave.
fn settle_creators(
    context: &mut Context<'_>,
    record: &mut Record,
    scope: &CategoryScope,
    changes: &Parameters,
    narrowed: bool,
) -> Result<(), Problem> {
    let creators = ids(&record.body, "creators");
    if changes.given("creators") {
        return context.require_in_scope(scope, &creators, &record.name);
    }
    if narrowed {
        let outside = context.outside_scope(scope, &creators)?;
        let kept: Vec<i64> = creators.into_iter().filter(|id| !outside.contains(id)).collect();
        if !outside.is_empty() {
            context.warn(format!(
                "{} no longer fit the category's members and {}.",
                count(outside.len(), "creator"),
                left(context)
            ));
        }
        record.body.insert("creators".to_owned(), json!(kept));
    }
    Ok(())
}

fn left(context: &Context<'_>) -> &'static str {
    if context.call.what_if { "would be removed" } else { "were removed" }
}

/// `1 member`, `2 members`.
pub(crate) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn purge_rooms(context: &mut Context<'_>, category: &Record, scope: &CategoryScope) -> Result<(), Problem> {
    let mut after = String::new();
    loop {
        let rooms = context.tx.children(category.id, ROOM, &after, 500)?;
        let Some(last) = rooms.last() else { return Ok(()) };
        after.clone_from(&last.key);
        for mut room in rooms {
            if let Some(text) = rooms::purge(context, &mut room, scope)? {
                context.warn(format!("{}: {text} {}.", room.name, left(context)));
                context.tx.update(&mut room)?;
            }
        }
    }
}

fn remove(context: &mut Context<'_>) -> Result<(), Problem> {
    let record = context.content_target(CATEGORY)?;
    let rooms = context.tx.count_children(record.id, ROOM)?;
    if rooms > 0 {
        let message = format!("The category '{}' still has {rooms} room(s), disabled ones included.", record.name);
        return Err(Problem::new("PC-E40", message));
    }
    context.target(record.name.clone());
    context.tx.delete(&record)
}
