//! `pcsh service status`: what the store holds, what waits, and until when the certificate is valid.

use super::super::values::iso;
use super::settings::Settings;
use super::{Outcome, say};
use crate::api::{Call, Problem};
use serde_json::{Map, Value, json};
use std::io::Write;

/// What the API says of itself that is of the caller and not of the service.
const OF_THE_CALLER: [&str; 3] = ["identity", "caller", "roles"];

pub(super) fn show(settings: &Settings, as_json: bool, out: &mut dyn Write) -> Outcome {
    let rows = rows(settings)?;
    if as_json {
        return say(out, format_args!("{:#}", Value::Object(rows)));
    }
    let width = rows.keys().map(String::len).max().unwrap_or(0);
    rows.iter().try_for_each(|(name, value)| match value {
        Value::String(text) => say(out, format_args!("{name:<width$} : {text}")),
        Value::Null => say(out, format_args!("{name:<width$} : none")),
        other => say(out, format_args!("{name:<width$} : {other}")),
    })
}

fn rows(settings: &Settings) -> Result<Map<String, Value>, Problem> {
    let service = settings.open()?;
    let reply = service.operate(Call::new("Get", "CsServiceStatus"))?;
    let mut rows = reply.value.into_iter().next().and_then(|value| value.as_object().cloned()).unwrap_or_default();
    rows.retain(|name, _| !OF_THE_CALLER.contains(&name.as_str()));
    rows.insert("schema".to_owned(), service.store().schema_version()?.into());
    let now = service.world.now();
    let (tallies, backup) = service.store().read(|tx| Ok((tx.tallies(now)?, tx.meta(super::LAST_BACKUP)?)))?;
    let chain = settings.service.certificate.as_deref();
    let certificate = super::super::tls::served_from(&settings.data, chain);
    let more = json!({
        "validTokens": tallies.tokens,
        "auditRecords": tallies.audit,
        "eventsWaiting": tallies.events,
        "complianceWaiting": tallies.compliance,
        "lastBackup": backup,
        "certificateExpires": certificate.as_ref().map(|one| iso(one.expires.saturating_mul(1000))),
        "certificateFingerprint": certificate.map(|one| one.fingerprint),
    });
    rows.extend(more.as_object().cloned().unwrap_or_default());
    Ok(rows)
}
