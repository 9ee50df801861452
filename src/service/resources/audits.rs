//! The audit trail as a question, and the service's own state.

use super::super::context::Context;
use super::super::identity::matches;
use super::super::paging::Pager;
use super::super::registry::Route;
use super::super::values::{Moment, iso, moment_parameter};
use crate::api::{API_GENERATION, Problem};
use crate::store::{AuditEntry, Verdict};
use serde_json::{Value, json};

pub(crate) const ROUTES: &[Route] =
    &[("Get-CsAdminAudit", get), ("Test-CsAdminAudit", verify), ("Get-CsServiceStatus", status)];

fn document(text: &Option<String>) -> Value {
    text.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

fn shown(entry: &AuditEntry) -> Value {
    json!({
        "sequence": entry.id,
        "time": iso(entry.at),
        "actor": entry.actor,
        "cmdlet": entry.cmdlet,
        "action": entry.action,
        "kind": entry.kind,
        "target": entry.target,
        "before": document(&entry.before),
        "after": document(&entry.after),
        "requestId": entry.request,
    })
}

fn get(context: &mut Context<'_>) -> Result<(), Problem> {
    let parameters = context.parameters();
    let from = moment_parameter(parameters, "startTime")?.map_or(i64::MIN, |moment| moment.at);
    let to = moment_parameter(parameters, "endTime")?.map_or(i64::MAX, Moment::end);
    let fits = |value: &str, name: &str| parameters.text(name).is_none_or(|pattern| matches(pattern, value));
    let mut pager = Pager::new(context)?;
    let mut after = pager.after.parse().unwrap_or(0);
    loop {
        let entries = context.tx.audit_entries(after, 500)?;
        let Some(last) = entries.last() else { return Ok(()) };
        after = last.id;
        for entry in entries {
            let wanted = (from..=to).contains(&entry.at)
                && fits(&entry.actor, "actor")
                && fits(&entry.target, "target")
                && fits(&entry.cmdlet, "cmdlet")
                && fits(&entry.action, "action")
                && fits(&entry.target, "filter");
            if !wanted {
                continue;
            }
            if pager.is_satisfied() {
                return Ok(());
            }
            if !pager.has_room() {
                context.reply.next_cursor = pager.next();
                return Ok(());
            }
            context.emit(shown(&entry));
            pager.sent(&entry.id.to_string());
        }
    }
}

fn verify(context: &mut Context<'_>) -> Result<(), Problem> {
    let (result, records, broken) = match context.tx.verify_audit()? {
        Verdict::Sound(count) => ("Success", count, None),
        Verdict::Broken(id) => ("Failure", 0, Some(id)),
    };
    context.emit(json!({ "identity": "audit", "result": result, "records": records, "brokenAt": broken }));
    Ok(())
}

fn status(context: &mut Context<'_>) -> Result<(), Problem> {
    let rooms = context.tx.count_objects(super::content::ROOM)?;
    let categories = context.tx.count_objects(super::content::CATEGORY)?;
    let mut shown = json!({
        "identity": "service",
        "version": env!("CARGO_PKG_VERSION"),
        "store": context.service.store().engine(),
        "topologyRevision": context.deployment.revision,
        "topologyEnabled": context.deployment.enabled_revision == Some(context.deployment.revision) && context.deployment.published,
        "categories": categories,
        "rooms": rooms,
        "apiGeneration": API_GENERATION,
        "caller": context.caller.name,
        "readOnly": context.caller.read_only,
        "roles": context.caller.role_names(),
        "time": iso(context.now),
    });
    if context.parameters().switch("cmdlets") {
        shown["cmdlets"] = runnable(context);
    }
    context.emit(shown);
    Ok(())
}

/// The cmdlets that the caller's roles hold.
fn runnable(context: &Context<'_>) -> Value {
    let catalogue = &context.service.catalogue;
    let names = catalogue.cmdlet_names().map(|(verb, noun)| format!("{verb}-{noun}"));
    let may = |name: &String| {
        let writes = !name.starts_with("Get-");
        context.caller.may_run(catalogue, name) && !(writes && context.caller.read_only)
    };
    let local = |name: &String| matches!(catalogue.cmdlet(name), Some(Ok((_, cmdlet))) if cmdlet.local);
    names.filter(|name| local(name) || may(name)).collect()
}
