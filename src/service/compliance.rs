//! Compliance: what happened in rooms goes to the adapter, pool by pool, at its interval, exactly once.
//!
//! A batch is decided first and committed: which events, under which name, by which settings. Then its files are written
//! and its events deleted. Whoever dies in between leaves the batch to be carried out again: the same names, the same bytes.

use super::caller::{Caller, CallerId};
use super::context::Context;
use super::topology_document::escape;
use super::values::{bad, iso, time_span};
use super::xslt;
use super::{Service, deployment::CHAT_POOL, fault, topology_model::CHAT};
use crate::api::{Call, Problem};
use crate::store::{ComplianceEvent, Origin};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
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

/// Is it time to look whether a run is due?
pub(crate) fn is_due(service: &Service, now: i64) -> bool {
    let next = service.compliance_check.load(Ordering::Relaxed);
    now >= next || next - now > LOOK_INTERVAL
}

/// Runs the adapters that are due. Cheap when nothing is.
pub(crate) fn run_if_due(service: &Service, now: i64) -> Result<(), Problem> {
    if !is_due(service, now) {
        return Ok(());
    }
    service.compliance_check.store(now + LOOK_INTERVAL, Ordering::Relaxed);
    let due = service.store.read(|tx| due_pools(service, tx, now))?;
    for pool in due {
        let result = within(service, now, |context| plan(context, &pool)).and_then(|planned| match planned {
            Some(batch) => carry_out(service, now, &pool, &batch),
            None => Ok(()),
        });
        if let Err(problem) = result {
            // The events stay and are tried again; whoever asks about rooms is not bothered with it.
            tracing::error!(%problem, pool, "the compliance adapter failed");
        }
    }
    Ok(())
}

/// Runs a step in a transaction of its own, which nothing else runs beside.
fn within<T>(
    service: &Service,
    now: i64,
    step: impl FnOnce(&mut Context<'_>) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let origin = Origin {
        actor: "compliance".to_owned(),
        cmdlet: "compliance-run".to_owned(),
        request: service.new_guid(),
        now,
    };
    service.store.write(origin, |tx| {
        let caller = Arc::new(Caller::load(tx, &CallerId::default())?);
        let call = Call::new("Get", "CsPersistentChatComplianceConfiguration");
        step(&mut Context::new(service, tx, &call, caller, now)?)
    })
}

/// What one run writes. Everything that names or fills its files is here or in its events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Batch {
    first: i64,
    last: i64,
    /// When it was decided, in milliseconds since 1970.
    at: i64,
    settings: Map<String, Value>,
}

/// The store's own value under which the batch of a pool is kept until it is done.
fn batch_name(pool: &str) -> String {
    format!("compliance-batch {}", pool.to_lowercase())
}

fn planned(context: &mut Context<'_>, pool: &str) -> Result<Option<Batch>, Problem> {
    let kept = context.tx.meta(&batch_name(pool))?;
    kept.map(|text| serde_json::from_str(&text).map_err(Problem::internal)).transpose()
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
        if planned(&mut context, fqdn)?.is_some() {
            due.push(fqdn.clone());
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

/// The batch that was left undone, or a new one.
fn plan(context: &mut Context<'_>, pool: &str) -> Result<Option<Batch>, Problem> {
    if let Some(batch) = planned(context, pool)? {
        return Ok(Some(batch));
    }
    let settings = context.effective_setting("CsPersistentChatComplianceConfiguration", CHAT, pool)?;
    if !settings.text("adapterType").to_lowercase().contains(XML_ADAPTER) {
        return Err(bad("AdapterType", &format!("the adapter '{}' is not known", settings.text("adapterType"))));
    }
    let events = context.tx.compliance_events(&pool.to_lowercase(), BATCH)?;
    let (Some(first), Some(last)) = (events.first(), events.last()) else { return Ok(None) };
    let batch = Batch { first: first.id, last: last.id, at: context.now, settings: settings.body };
    let text = serde_json::to_string(&batch).map_err(Problem::internal)?;
    context.tx.set_meta(&batch_name(pool), &text)?;
    Ok(Some(batch))
}

/// Events into files, then the events away. A batch that cannot be made into texts is given up: other settings may help.
fn carry_out(service: &Service, now: i64, pool: &str, batch: &Batch) -> Result<(), Problem> {
    fault::point("compliance-planned");
    let done = within(service, now, |context| {
        // Another service over the same store may have been faster.
        if planned(context, pool)?.as_ref() != Some(batch) {
            return Ok(Ok(()));
        }
        let mut events = context.tx.compliance_events(&pool.to_lowercase(), BATCH)?;
        events.retain(|event| (batch.first..=batch.last).contains(&event.id));
        let texts = match texts(pool, batch, &events) {
            Ok(texts) => texts,
            Err(problem) => {
                context.tx.remove_meta(&batch_name(pool))?;
                return Ok(Err(problem));
            }
        };
        let settings = context.effective_setting("CsPersistentChatComplianceConfiguration", CHAT, pool)?;
        let directory = output_directory(&context.service.data, settings.text("adapterOutputDirectory"))?;
        write_files(&directory, &texts)?;
        context.tx.delete_compliance_events(&pool.to_lowercase(), batch.last)?;
        context.tx.remove_meta(&batch_name(pool))?;
        let mut state = context.deployment.chat_state(pool);
        state.last_compliance_run = context.now;
        context.save_deployment(CHAT_POOL, pool, &state)?;
        fault::point("compliance-before-commit");
        Ok(Ok(()))
    })?;
    fault::point("compliance-committed");
    done
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

/// The files of a batch: names and contents.
fn texts(pool: &str, batch: &Batch, events: &[ComplianceEvent]) -> Result<Vec<(String, String)>, Problem> {
    let mut conversations: BTreeMap<&str, Vec<&ComplianceEvent>> = BTreeMap::new();
    for event in events {
        conversations.entry(event.room.as_str()).or_default().push(event);
    }
    let stamp: String = iso(batch.at).chars().filter(|letter| letter.is_ascii_alphanumeric()).collect();
    let stamp = format!("{}Z", stamp.trim_end_matches('Z').chars().take(15).collect::<String>());
    let on = |name: &str| batch.settings.get(name) == Some(&json!(true));
    let all: Vec<Conversation<'_>> = conversations.iter().map(|(room, events)| (*room, events)).collect();
    let groups: Vec<(String, &[Conversation<'_>])> = match on("oneChatRoomPerOutputFile") {
        true => all
            .chunks(1)
            .map(|one| (one.first().and_then(|(room, _)| room.rsplit('/').next()).unwrap_or_default(), one))
            .map(|(room, one)| (format!("_{room}"), one))
            .collect(),
        false => vec![(String::new(), all.as_slice())],
    };
    let sheet = batch.settings.get("customConfiguration").and_then(Value::as_str).filter(|text| !text.is_empty());
    let sheet = sheet.map(xslt::read).transpose()?;
    let mut files = Vec::new();
    for (suffix, rooms) in groups {
        let stem = format!("{pool}_{stamp}_{}-{}{suffix}", batch.first, batch.last);
        let text = document(rooms, on("addChatRoomDetails"), on("addUserDetails"));
        let text = match &sheet {
            Some(sheet) => xslt::apply(sheet, &text)?,
            None => text,
        };
        if on("createFileAttachmentsManifest") {
            files.push((format!("{stem}.ATTACH"), attachments(rooms)));
        }
        files.push((format!("{stem}.xml"), text));
    }
    Ok(files)
}

fn write_files(directory: &Path, files: &[(String, String)]) -> Result<(), Problem> {
    let failed = |error: std::io::Error| {
        Problem::new("PC-E60", format!("The compliance folder '{}' cannot be written: {error}.", directory.display()))
    };
    std::fs::create_dir_all(directory).map_err(failed)?;
    for (name, text) in files {
        write_whole(&directory.join(name), text).map_err(failed)?;
        fault::point("compliance-first-file");
    }
    // The names last, too, before the events are gone.
    std::fs::File::open(directory).and_then(|directory| directory.sync_all()).map_err(failed)
}

/// A file appears whole or not at all; one that is there already, from a run that was broken off, stays as it is.
fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    if std::fs::read(path).is_ok_and(|there| there == text.as_bytes()) {
        return Ok(());
    }
    let partial = path.with_extension("partial");
    std::fs::write(&partial, text)?;
    fault::point("compliance-partial");
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
