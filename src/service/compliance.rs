//! Compliance: what happened in rooms goes to the adapter, pool by pool, at its interval, exactly once.

use super::caller::{Caller, CallerId};
use super::context::Context;
use super::topology_document::escape;
use super::values::{bad, iso, time_span};
use super::xslt;
use super::{Service, deployment::CHAT_POOL, topology_model::CHAT};
use crate::api::{Call, Problem};
use crate::store::{ComplianceEvent, Origin, Record};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// How often, at most, one process looks whether a run is due.
const LOOK_INTERVAL: i64 = 30_000;
const BATCH: i64 = 10_000;
const XML_ADAPTER: &str = "xmladapter";

/// The style sheet must be XSLT that can be applied here.
pub(crate) fn require_style_sheet(text: &str) -> Result<(), Problem> {
    xslt::read(text).map(drop)
}

/// Runs the adapters that are due. Cheap when nothing is.
pub(crate) fn run_if_due(service: &Service, now: i64) -> Result<(), Problem> {
    let next = service.compliance_check.load(Ordering::Relaxed);
    if now < next && next - now <= LOOK_INTERVAL {
        return Ok(());
    }
    service.compliance_check.store(now + LOOK_INTERVAL, Ordering::Relaxed);
    let due = service.store.read(|tx| due_pools(service, tx, now))?;
    for pool in due {
        let origin = Origin {
            actor: "compliance".to_owned(),
            cmdlet: "compliance-run".to_owned(),
            request: service.new_guid(),
            now,
        };
        let result = service.store.write(origin, |tx| {
            let caller = Arc::new(Caller::load(tx, &CallerId::default())?);
            let call = Call::new("Get", "CsPersistentChatComplianceConfiguration");
            let mut context = Context::new(service, tx, &call, caller, now)?;
            run(&mut context, &pool)
        });
        if let Err(problem) = result {
            // The events stay and are tried again; whoever asks about rooms is not bothered with it.
            tracing::error!(%problem, pool, "the compliance adapter failed");
        }
    }
    Ok(())
}

/// Pools with compliance on, a running service, an adapter, and an interval that has passed.
fn due_pools(service: &Service, tx: &mut crate::store::Transaction, now: i64) -> Result<Vec<String>, Problem> {
    let caller = Arc::new(Caller::load(tx, &CallerId::default())?);
    let call = Call::new("Get", "CsPersistentChatComplianceConfiguration");
    let mut context = Context::new(service, tx, &call, caller, now)?;
    let deployment = context.deployment.clone();
    let mut due = Vec::new();
    for pool in deployment.chat_pools().into_iter().filter(|pool| pool.compliance()) {
        let fqdn = &pool.pool.fqdn;
        let serving = pool.pool.computers.iter().any(|computer| deployment.is_running(&computer.fqdn, "RTCCOMPLIANCE"));
        if !serving || context.tx.compliance_events(&fqdn.to_lowercase(), 1)?.is_empty() {
            continue;
        }
        let settings = context.effective_setting("CsPersistentChatComplianceConfiguration", CHAT, fqdn)?;
        let interval = time_span(settings.text("runInterval")).unwrap_or(900_000);
        let passed = now - deployment.chat_state(fqdn).last_compliance_run >= interval;
        if passed && !settings.text("adapterType").is_empty() {
            due.push(fqdn.clone());
        }
    }
    Ok(due)
}

/// One run: events into conversations, conversations into files, events deleted.
fn run(context: &mut Context<'_>, pool: &str) -> Result<(), Problem> {
    let settings = context.effective_setting("CsPersistentChatComplianceConfiguration", CHAT, pool)?;
    if !settings.text("adapterType").to_lowercase().contains(XML_ADAPTER) {
        return Err(bad("AdapterType", &format!("the adapter '{}' is not known", settings.text("adapterType"))));
    }
    let events = context.tx.compliance_events(&pool.to_lowercase(), BATCH)?;
    let Some(last) = events.last().map(|event| event.id) else { return Ok(()) };
    let directory = output_directory(&context.service.data, settings.text("adapterOutputDirectory"))?;
    write_files(&directory, pool, &settings, &events, context.now)?;
    context.tx.delete_compliance_events(&pool.to_lowercase(), last)?;
    let mut state = context.deployment.chat_state(pool);
    state.last_compliance_run = context.now;
    context.save_deployment(CHAT_POOL, pool, &state)
}

/// Where a folder of Windows stands here: shares lie under the service's data directory, server by server.
pub(crate) fn output_directory(data: &Path, folder: &str) -> Result<PathBuf, Problem> {
    if folder.is_empty() {
        return Err(bad("AdapterOutputDirectory", "no folder is set for the adapter's files"));
    }
    if folder.starts_with('/') {
        return Ok(PathBuf::from(folder));
    }
    let mut path = data.join("shares");
    for part in folder.split(['\\', '/']).filter(|part| !part.is_empty() && *part != "." && *part != "..") {
        path.push(part.trim_end_matches(':'));
    }
    Ok(path)
}

fn write_files(
    directory: &Path,
    pool: &str,
    settings: &Record,
    events: &[ComplianceEvent],
    now: i64,
) -> Result<(), Problem> {
    let failed = |error: std::io::Error| {
        Problem::new("PC-E60", format!("The compliance folder '{}' cannot be written: {error}.", directory.display()))
    };
    std::fs::create_dir_all(directory).map_err(failed)?;
    let mut conversations: BTreeMap<&str, Vec<&ComplianceEvent>> = BTreeMap::new();
    for event in events {
        conversations.entry(event.room.as_str()).or_default().push(event);
    }
    let stamp: String = iso(now).chars().filter(|letter| letter.is_ascii_alphanumeric()).collect();
    let stamp = format!("{}Z", stamp.trim_end_matches('Z').chars().take(15).collect::<String>());
    let on = |name: &str| settings.body.get(name) == Some(&json!(true));
    let groups: Vec<(String, Vec<(&str, &Vec<&ComplianceEvent>)>)> = match on("oneChatRoomPerOutputFile") {
        true => conversations
            .iter()
            .map(|(room, events)| (format!("_{}", room.rsplit('/').next().unwrap_or(room)), vec![(*room, events)]))
            .collect(),
        false => vec![(String::new(), conversations.iter().map(|(room, events)| (*room, events)).collect())],
    };
    let sheet =
        Some(settings.text("customConfiguration")).filter(|text| !text.is_empty()).map(xslt::read).transpose()?;
    for (suffix, rooms) in groups {
        let stem = format!("{pool}_{stamp}{suffix}");
        let text = document(&rooms, on("addChatRoomDetails"), on("addUserDetails"));
        let text = match &sheet {
            Some(sheet) => xslt::apply(sheet, &text)?,
            None => text,
        };
        write_whole(&directory.join(format!("{stem}.xml")), &text).map_err(failed)?;
        if on("createFileAttachmentsManifest") {
            write_whole(&directory.join(format!("{stem}.ATTACH")), &attachments(&rooms)).map_err(failed)?;
        }
    }
    Ok(())
}

/// A file appears whole or not at all.
fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    let partial = path.with_extension("partial");
    std::fs::write(&partial, text)?;
    std::fs::File::open(&partial)?.sync_all()?;
    std::fs::rename(partial, path)
}

type Conversation<'a> = (&'a str, &'a Vec<&'a ComplianceEvent>);

fn field<'a>(event: &'a ComplianceEvent, name: &str) -> &'a str {
    event.body.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn document(rooms: &[Conversation<'_>], room_details: bool, user_details: bool) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Conversations>\n");
    for (uri, events) in rooms {
        let name = events.first().map_or("", |event| field(event, "roomName"));
        out.push_str("  <Conversation>\n");
        let details = if room_details { format!(" events=\"{}\"", events.len()) } else { String::new() };
        let _ = writeln!(out, "    <Channel uri=\"{}\" name=\"{}\"{details} />", escape(uri), escape(name));
        if let Some(first) = events.first() {
            message(&mut out, "FirstMessage", first, user_details, "    ");
        }
        out.push_str("    <Messages>\n");
        events.iter().for_each(|event| message(&mut out, "Message", event, user_details, "      "));
        out.push_str("    </Messages>\n");
        for (tag, event) in [("StartTimeUTC", events.first()), ("EndTimeUTC", events.last())] {
            if let Some(event) = event {
                time(&mut out, tag, event.at, "    ");
            }
        }
        out.push_str("  </Conversation>\n");
    }
    out.push_str("</Conversations>\n");
    out
}

fn message(out: &mut String, tag: &str, event: &ComplianceEvent, user_details: bool, indent: &str) {
    let number = |name: &str| event.body.get(name).and_then(Value::as_i64).unwrap_or(0);
    let _ = writeln!(
        out,
        "{indent}<{tag} type=\"{}\" content=\"{}\" id=\"{}\">",
        escape(field(event, "event")),
        escape(field(event, "content")),
        number("chatId"),
    );
    let email = if user_details { field(event, "email") } else { "" };
    let _ = writeln!(
        out,
        "{indent}  <Sender UserName=\"{}\" id=\"{}\" email=\"{}\" internal=\"true\" uri=\"{}\" />",
        escape(field(event, "userName")),
        number("userId"),
        escape(email),
        escape(field(event, "userUri")),
    );
    time(out, "DateTimeUTC", event.at, &format!("{indent}  "));
    let _ = writeln!(out, "{indent}</{tag}>");
}

/// .NET's ticks at 1970.
const TICKS_1970: i64 = 621_355_968_000_000_000;

fn time(out: &mut String, tag: &str, at: i64, indent: &str) {
    let ticks = at.saturating_mul(10_000).saturating_add(TICKS_1970);
    let _ = writeln!(out, "{indent}<{tag} since1970=\"{at}\" string=\"{}\" long=\"{ticks}\" />", iso(at));
}

fn attachments(rooms: &[Conversation<'_>]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Files>\n");
    for event in
        rooms.iter().flat_map(|(_, events)| events.iter()).filter(|event| field(event, "event").starts_with("FILE"))
    {
        let _ = writeln!(
            out,
            "  <File name=\"{}\" type=\"{}\" />",
            escape(field(event, "content")),
            escape(field(event, "event"))
        );
    }
    out.push_str("</Files>\n");
    out
}
