//! Add-ins: web pages that rooms of one pool can show.

use super::super::context::Context;
use super::super::registry::Route;
use super::super::values::require_url;
use super::content::{ADDIN, ROOM, changes, check_length, check_name, name_of, pool_of};
use crate::api::{Parameters, Problem};
use crate::store::Record;
use serde_json::{Map, Value, json};

pub(crate) const ROUTES: &[Route] = &[
    ("New-CsPersistentChatAddin", new),
    ("Get-CsPersistentChatAddin", get),
    ("Set-CsPersistentChatAddin", set),
    ("Remove-CsPersistentChatAddin", remove),
];

const LONGEST_NAME: usize = 50;
const LONGEST_URL: usize = 255;

fn new(context: &mut Context<'_>) -> Result<(), Problem> {
    let pool = context.pool_for_new(None)?;
    let name = context.parameters().text("name").unwrap_or_default();
    check_name(name, LONGEST_NAME)?;
    let url = checked_url(context.parameters().text("url").unwrap_or_default())?;
    let mut body = Map::new();
    body.insert("url".to_owned(), json!(url));
    body.insert("addinId".to_owned(), json!(context.new_guid()));
    let mut record = Record::new(ADDIN, format!("{pool}\\{name}"), body);
    require_free(context, &record)?;
    context.target(record.name.clone());
    context.tx.insert(&mut record)?;
    context.emit_stored(shown(&record), record.revision);
    Ok(())
}

fn checked_url(url: &str) -> Result<&str, Problem> {
    check_length("Url", url, LONGEST_URL)?;
    require_url("Url", url)
}

fn require_free(context: &mut Context<'_>, record: &Record) -> Result<(), Problem> {
    match context.tx.object(ADDIN, &record.key)? {
        Some(other) if other.id != record.id => {
            Err(Problem::new("PC-E23", format!("There is an add-in '{}' already.", other.name)))
        }
        _ => Ok(()),
    }
}

fn shown(record: &Record) -> Value {
    json!({
        "identity": record.name,
        "name": name_of(record),
        "url": record.text("url"),
        "addinId": record.text("addinId"),
    })
}

fn get(context: &mut Context<'_>) -> Result<(), Problem> {
    if let Some(identity) = context.call.identity.as_deref() {
        let record = context.content_object(ADDIN, identity, "PC-E21")?;
        context.reply.revision = Some(record.revision);
        context.emit_stored(shown(&record), record.revision);
        return Ok(());
    }
    context.require_topology()?;
    for pool in context.usable_pools(context.parameters().text("persistentChatPoolFqdn"))? {
        for record in context.tx.objects(ADDIN, &format!("{}\\", pool.to_lowercase()), "", i64::MAX)? {
            context.emit_stored(shown(&record), record.revision);
        }
    }
    Ok(())
}

fn set(context: &mut Context<'_>) -> Result<(), Problem> {
    let mut record = context.content_target(ADDIN)?;
    super::super::settings::require_unchanged(context, &record)?;
    let changes = Parameters(changes(context, &shown(&record), &[("name", "name"), ("url", "url")]));
    if changes.given("name") {
        let name = changes.text("name").unwrap_or_default();
        check_name(name, LONGEST_NAME)?;
        record.rename(format!("{}\\{name}", pool_of(&record)));
    }
    if changes.given("url") {
        let url = checked_url(changes.text("url").unwrap_or_default())?;
        record.body.insert("url".to_owned(), json!(url));
    }
    require_free(context, &record)?;
    context.target(record.name.clone());
    context.tx.update(&mut record)?;
    context.changed_to(record.revision);
    Ok(())
}

fn remove(context: &mut Context<'_>) -> Result<(), Problem> {
    let record = context.content_target(ADDIN)?;
    let users = rooms_with(context, &record)?;
    if !users.is_empty() && !context.parameters().switch("force") {
        let names: Vec<&str> = users.iter().take(5).map(name_of).collect();
        let message = format!("The add-in is used by {} room(s): {}.", users.len(), names.join(", "));
        return Err(Problem::new("PC-E41", message));
    }
    for mut room in users {
        room.body.insert("addin".to_owned(), Value::Null);
        context.tx.update(&mut room)?;
    }
    context.target(record.name.clone());
    context.tx.delete(&record)
}

fn rooms_with(context: &mut Context<'_>, addin: &Record) -> Result<Vec<Record>, Problem> {
    let rooms = context.tx.objects(ROOM, &format!("{}\\", pool_of(addin).to_lowercase()), "", i64::MAX)?;
    Ok(rooms.into_iter().filter(|room| room.body.get("addin").and_then(Value::as_i64) == Some(addin.id)).collect())
}
