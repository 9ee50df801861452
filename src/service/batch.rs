//! Several calls in one request: each for itself, or all together in one transaction.

use super::caller::CallerId;
use super::router::{Parts, read_body, read_call};
use super::{OPERATOR, Request, Service};
use crate::api::{Call, Problem, Reply};
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::{Map, Value, json};

/// Calls that one request may hold.
const MOST_CALLS: usize = 1000;

fn malformed(reason: impl Into<String>) -> Problem {
    Problem::new("PC-E90", reason)
}

/// Answers `{"atomic": …, "calls": [{"method", "path", "headers", "body"}]}` with one `{"status", "body"}` per call.
pub(super) fn answer(service: &Service, parts: Parts, caller: &CallerId, id: &str) -> Result<Reply, Problem> {
    if parts.method != Method::POST {
        return Err(super::router::method_not_known());
    }
    let key = parts.headers.get("idempotency-key").and_then(|value| value.to_str().ok()).map(str::to_owned);
    if key.as_ref().is_some_and(|key| key.len() > 128) {
        return Err(malformed("The idempotency key is longer than 128 characters."));
    }
    let body = read_body(&parts.body?)?;
    let calls = body.get("calls").and_then(Value::as_array);
    let calls = calls.ok_or_else(|| malformed("A batch needs 'calls': a list of {method, path, headers, body}."))?;
    if calls.len() > MOST_CALLS {
        return Err(Problem::new(
            "PC-E88",
            format!("A batch may hold {MOST_CALLS} calls; this one has {}.", calls.len()),
        ));
    }
    let atomic = match body.get("atomic") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(atomic)) => *atomic,
        Some(_) => return Err(malformed("'atomic' must be true or false.")),
    };
    for (place, call) in calls.iter().enumerate() {
        shape(call).map_err(|problem| problem.introduced(&format!("Call {place} of the batch: ")))?;
    }
    if !caller.local {
        let name = caller.actor.as_deref().unwrap_or(OPERATOR);
        calls.iter().skip(1).try_for_each(|_| service.guard.count_call(name))?;
    }
    let calls = calls.iter().enumerate().map(|(place, call)| {
        read(service, call).map_err(|problem| problem.introduced(&format!("Call {place} of the batch: ")))
    });
    match atomic {
        true => {
            let replies = service.execute_together(calls.collect::<Result<_, _>>()?, caller, id, key.as_deref())?;
            Ok(Reply::objects(replies.into_iter().map(|reply| shown(Ok(reply))).collect()))
        }
        false => Ok(Reply::objects(
            calls
                .enumerate()
                .map(|(place, call)| {
                    shown(call.and_then(|mut call| {
                        let own = key.as_ref().filter(|_| !call.is_read() && call.idempotency_key.is_none());
                        call.idempotency_key = own.map(|key| format!("{key}/{place}")).or(call.idempotency_key);
                        service.execute(&Request { call, caller: caller.clone(), id: format!("{id}.{place}") })
                    }))
                })
                .collect(),
        )),
    }
}

fn shown(result: Result<Reply, Problem>) -> Value {
    match result {
        Ok(reply) => json!({ "status": 200, "body": reply }),
        Err(problem) => json!({ "status": problem.status, "body": problem }),
    }
}

/// Is it a call at all? Where one is not, nothing of the batch is done.
fn shape(call: &Value) -> Result<&Map<String, Value>, Problem> {
    let fields = call.as_object().ok_or_else(|| malformed("it must be an object."))?;
    let method = fields.get("method").and_then(Value::as_str).unwrap_or_default();
    if !["GET", "POST", "PATCH", "DELETE"].contains(&method) {
        return Err(malformed("its 'method' is GET, POST, PATCH or DELETE."));
    }
    if !fields.get("path").and_then(Value::as_str).is_some_and(|path| path.starts_with("/v1/")) {
        return Err(malformed("its 'path' does not begin with /v1/."));
    }
    let odd = |part: &&str| fields.get(*part).is_some_and(|value| !value.is_object() && !value.is_null());
    if let Some(part) = ["headers", "body"].into_iter().find(odd) {
        return Err(malformed(format!("its '{part}' must be an object.")));
    }
    let headers = fields.get("headers").and_then(Value::as_object).into_iter().flatten();
    match headers.into_iter().find(|(_, value)| !value.is_string()) {
        Some((name, _)) => Err(malformed(format!("its header '{name}' must be a text."))),
        None => Ok(fields),
    }
}

/// One call of a batch, as if it had come alone.
fn read(service: &Service, call: &Value) -> Result<Call, Problem> {
    let fields = shape(call)?;
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let method = Method::from_bytes(text("method").as_bytes()).map_err(|_| malformed("its 'method' is none."))?;
    let (path, query) = text("path").split_once('?').map_or((text("path"), None), |(path, query)| (path, Some(query)));
    let path = path.strip_prefix("/v1/").unwrap_or_default();
    let (collection, item) = path.split_once('/').map_or((path, None), |(collection, item)| (collection, Some(item)));
    let mut headers = HeaderMap::new();
    for (name, value) in fields.get("headers").and_then(Value::as_object).unwrap_or(&Map::new()) {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| malformed(format!("'{name}' is no header.")))?;
        let value = HeaderValue::from_str(value.as_str().unwrap_or_default());
        headers.insert(name, value.map_err(|_| malformed("a header holds what no header may."))?);
    }
    let body = match fields.get("body") {
        None | Some(Value::Null) => Bytes::new(),
        Some(body) => Bytes::from(body.to_string()),
    };
    read_call(
        service,
        Parts {
            method,
            collection: collection.to_owned(),
            item: item.map(decoded),
            query: query.map(str::to_owned),
            headers,
            body: Ok(body),
        },
    )
}

/// A path segment without its percent-encoding.
fn decoded(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        let hex = || {
            let mut ahead = rest.clone();
            let (high, low) = (ahead.next()?, ahead.next()?);
            let digit = |byte: u8| char::from(byte).to_digit(16);
            u8::try_from(digit(high)? * 16 + digit(low)?).ok()
        };
        match (byte, if byte == b'%' { hex() } else { None }) {
            (_, Some(value)) => {
                bytes.push(value);
                rest.nth(1);
            }
            (byte, None) => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
