//! Archiving of instant messages: what is kept, exporting it, deleting it.

use super::super::context::Context;
use super::super::registry::Route;
use super::super::values::{iso, moment_parameter};
use crate::api::Problem;
use crate::store::{Principal, Record};
use serde_json::{Value, json};

pub(crate) const ROUTES: &[Route] = &[("Export-CsArchivingData", export), ("Invoke-CsArchivingDatabasePurge", purge)];

const KIND: &str = "ArchivedMessage";
const DATABASE: &str = "ArchivingDatabase";

/// Keeps a message between two users where the settings of the sender's pool and a policy of either want it.
pub(crate) fn archive(
    context: &mut Context<'_>,
    sender: &Principal,
    receiver: &Principal,
    text: &str,
) -> Result<bool, Problem> {
    let pool = sender.text("registrarPool").to_owned();
    let settings = context.effective_setting("CsArchivingConfiguration", "Registrar", &pool)?;
    if settings.text("enableArchiving").eq_ignore_ascii_case("None") {
        return Ok(false);
    }
    let mut wanted = false;
    for user in [sender, receiver] {
        let policy = context.effective_policy_object("CsArchivingPolicy", user)?;
        wanted |= policy.body.get("archiveInternal") == Some(&json!(true));
    }
    if !wanted {
        return Ok(false);
    }
    let number = context.tx.next_number("archived-message")?;
    let body = json!({
        "at": context.now, "pool": pool, "text": text, "exported": false,
        "from": sender.sip().unwrap_or_default(), "to": receiver.sip().unwrap_or_default(),
    });
    context.tx.insert(&mut Record::of(KIND, format!("{number:012}"), &body)?)?;
    Ok(true)
}

/// The archiving database that a call names must be one of the topology's.
fn require_database(context: &Context<'_>) -> Result<String, Problem> {
    context.require_topology()?;
    let parameters = context.parameters();
    let named = context.call.identity.as_deref().or(parameters.text("dbInstance")).or(parameters.text("sqlServerFqdn"));
    let named = named.ok_or_else(|| Problem::new("PC-E27", "Name the database: Identity, or the SQL Server."))?;
    let place = named.trim_start_matches("Service:").trim_start_matches(&format!("{DATABASE}:"));
    let host = place.split('\\').next().unwrap_or(place);
    let topology = &context.deployment.topology;
    let known = topology.pools().any(|(_, pool)| {
        let holds = pool.service(DATABASE).is_some() || pool.service("ArchivingServer").is_some();
        holds && pool.fqdn.eq_ignore_ascii_case(host)
    }) || topology.sql_stores.iter().any(|store| store.fqdn.eq_ignore_ascii_case(host));
    match known {
        true => Ok(format!("{DATABASE}:{place}")),
        false => {
            Err(Problem::new("PC-E21", format!("The topology has no archiving database '{place}'.")).target(named))
        }
    }
}

fn number(record: &Record, field: &str) -> i64 {
    record.body.get(field).and_then(Value::as_i64).unwrap_or(0)
}

/// Messages of the time and of the user that a call names.
fn chosen(context: &mut Context<'_>) -> Result<Vec<Record>, Problem> {
    let parameters = context.parameters();
    let missing = || Problem::new("PC-E27", "StartDate is missing.");
    let from = moment_parameter(parameters, "startDate")?.ok_or_else(missing)?.at;
    let to = moment_parameter(parameters, "endDate")?.map_or(i64::MAX, |end| end.end());
    if from > to {
        return Err(super::super::values::bad("StartDate", "it lies after EndDate"));
    }
    let user = parameters.text("userUri").map(super::super::identity::sip_address).transpose()?;
    let mut all = context.tx.all_objects(KIND)?;
    all.retain(|message| {
        let concerns =
            |user: &String| ["from", "to"].iter().any(|field| message.text(field).eq_ignore_ascii_case(user));
        (from..=to).contains(&number(message, "at")) && user.as_ref().is_none_or(concerns)
    });
    Ok(all)
}

/// Gives the messages as mail files. With `written` they are deleted instead: the shell says so once the files lie
/// where they belong, so that nothing goes that was not written.
fn export(context: &mut Context<'_>) -> Result<(), Problem> {
    let database = require_database(context)?;
    let messages = chosen(context)?;
    let written = context.parameters().switch("written");
    context.target(database);
    context.verbose(format!("{} message(s).", messages.len()));
    for mut message in messages {
        if written {
            context.tx.delete(&message)?;
            continue;
        }
        let (from, to) = (message.text("from").to_owned(), message.text("to").to_owned());
        let mail = format!(
            "From: <{}>\r\nTo: <{}>\r\nDate: {}\r\nSubject: Conversation\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n",
            from.trim_start_matches("sip:"),
            to.trim_start_matches("sip:"),
            iso(number(&message, "at")),
            message.text("text"),
        );
        context.emit(json!({ "fileName": format!("{}.eml", message.name), "content": mail }));
        message.body.insert("exported".to_owned(), json!(true));
        context.tx.update(&mut message)?;
    }
    Ok(())
}

fn purge(context: &mut Context<'_>) -> Result<(), Problem> {
    let database = require_database(context)?;
    let parameters = context.parameters();
    let hours = parameters.integer("purgeArchivingDataOlderThanHours")?.unwrap_or(0);
    let limit = parameters.integer("maxArchivingRecordsToDelete")?.and_then(|limit| usize::try_from(limit).ok());
    let exported_only = parameters.boolean("purgeExportedArchivesOnly")?.unwrap_or(false);
    if hours < 0 {
        return Err(super::super::values::bad("PurgeArchivingDataOlderThanHours", "it is negative"));
    }
    let before = context.now.saturating_sub(hours.saturating_mul(3_600_000));
    let mut old = context.tx.all_objects(KIND)?;
    old.retain(|message| {
        let exported = message.body.get("exported") == Some(&json!(true));
        number(message, "at") < before && (exported || !exported_only)
    });
    old.truncate(limit.unwrap_or(usize::MAX));
    for message in &old {
        context.tx.delete(message)?;
    }
    context.target(database.clone());
    context.emit(json!({ "identity": database, "recordsDeleted": old.len() }));
    Ok(())
}
