//! The HTTP face: one route for collections, one for their items, and what operation needs beside them.

use super::caller::CallerId;
use super::{Request, Service, openapi};
use crate::api::{Call, Problem, Reply, TEXT_HEADERS};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use serde_json::{Map, Value};
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Who may come in, and as whom.
#[derive(Clone, Debug)]
pub enum Access {
    /// In process: everybody is this caller.
    Local(CallerId),
    /// Over a socket: the token says who.
    Tokens,
}

/// The one collection that is open without a token.
const LOG_ON: &str = "sessions";

/// Largest request body.
const LARGEST_BODY: usize = 64 * 1024 * 1024;

#[derive(Clone)]
struct Shared {
    service: Arc<Service>,
    access: Arc<Access>,
}

/// Counters of the service.
#[derive(Default)]
pub(super) struct Metrics {
    requests: AtomicU64,
    problems: AtomicU64,
    microseconds: AtomicU64,
}

/// The router over a service.
pub fn router(service: Arc<Service>, access: Access) -> Router {
    let shared = Shared { service, access: Arc::new(access) };
    Router::new()
        .route("/v1/{collection}", any(on_collection))
        .route("/v1/{collection}/{item}", any(on_item))
        .route("/openapi.json", get(describe))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .fallback(|| async { refuse(Problem::new("PC-E91", "There is nothing at this address; see /openapi.json.")) })
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(shared)
}

async fn on_collection(
    State(shared): State<Shared>,
    method: Method,
    Path(collection): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Response {
    let item = None;
    serve(shared, Parts { method, collection, item, query, headers, body: body.map_err(too_large) }).await
}

async fn on_item(
    State(shared): State<Shared>,
    method: Method,
    Path((collection, item)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Response {
    let item = Some(item);
    serve(shared, Parts { method, collection, item, query, headers, body: body.map_err(too_large) }).await
}

fn too_large(rejection: axum::extract::rejection::BytesRejection) -> Problem {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new("PC-E88", format!("The body is larger than {LARGEST_BODY} bytes."))
        }
        _ => Problem::new("PC-E90", "The body could not be read."),
    }
}

struct Parts {
    method: Method,
    collection: String,
    item: Option<String>,
    query: Option<String>,
    headers: HeaderMap,
    body: Result<Bytes, Problem>,
}

async fn serve(shared: Shared, parts: Parts) -> Response {
    use tokio::runtime::{Handle, RuntimeFlavor};
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        // In process nobody else waits for this thread.
        Ok(RuntimeFlavor::CurrentThread) | Err(_) => answer(&shared, parts),
        Ok(_) => tokio::task::spawn_blocking(move || answer(&shared, parts))
            .await
            .unwrap_or_else(|error| refuse(Problem::internal(error))),
    }
}

fn answer(shared: &Shared, parts: Parts) -> Response {
    let started = std::time::Instant::now();
    let id = request_id(&parts.headers, &shared.service);
    let log_on = parts.collection == LOG_ON && parts.method == Method::POST;
    let caller = if log_on { Ok(CallerId::default()) } else { authenticate(shared, &parts.headers) };
    let result = caller.and_then(|caller| {
        let call = read_call(&shared.service, parts)?;
        if log_on {
            return shared.service.log_on(&Request { call, caller, id: id.clone() });
        }
        shared.service.execute(&Request { call, caller, id: id.clone() })
    });
    let metrics = &shared.service.metrics;
    metrics.requests.fetch_add(1, Ordering::Relaxed);
    metrics.microseconds.fetch_add(u64::try_from(started.elapsed().as_micros()).unwrap_or(0), Ordering::Relaxed);
    let mut response = match result {
        Ok(reply) => accept(&reply),
        Err(mut problem) => {
            metrics.problems.fetch_add(1, Ordering::Relaxed);
            problem.request_id.clone_from(&id);
            tracing::debug!(request = %id, problem = %problem.id, detail = %problem.detail, "refused");
            refuse(problem)
        }
    };
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

fn request_id(headers: &HeaderMap, service: &Service) -> String {
    let given = headers.get("x-request-id").and_then(|value| value.to_str().ok());
    let good = |id: &&str| id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    given.filter(good).map_or_else(|| service.new_guid(), str::to_owned)
}

fn authenticate(shared: &Shared, headers: &HeaderMap) -> Result<CallerId, Problem> {
    match shared.access.as_ref() {
        Access::Local(caller) => Ok(caller.clone()),
        Access::Tokens => {
            let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
            let token = value.and_then(|value| value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("bearer ")));
            shared.service.authenticate(token.map(str::trim))
        }
    }
}

/// The call that a request stands for.
fn read_call(service: &Service, parts: Parts) -> Result<Call, Problem> {
    let unknown =
        || Problem::new("PC-E91", format!("There is no collection '{}'; see /openapi.json.", parts.collection));
    let noun = service.collections.get(&parts.collection).ok_or_else(unknown)?.clone();
    let (verb, identity) = verb_and_identity(service, &noun, &parts.method, parts.item)?;
    let query = parts.query.as_deref().map(|text| url::form_urlencoded::parse(text.as_bytes()).into_owned().collect());
    let body = read_body(parts.body?)?;
    let mut call = Call::from_http(&verb, &noun, identity, query.unwrap_or_default(), body)?;
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let [idempotency, tag, transaction, computer] = TEXT_HEADERS.map(text);
    (call.idempotency_key, call.if_match, call.transaction, call.computer) = (idempotency, tag, transaction, computer);
    if call.idempotency_key.as_ref().is_some_and(|key| key.len() > 128) {
        return Err(Problem::new("PC-E90", "The idempotency key is longer than 128 characters."));
    }
    Ok(call)
}

fn read_body(bytes: Bytes) -> Result<Map<String, Value>, Problem> {
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Problem::new("PC-E90", "The body must be a JSON object.")),
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            Err(Problem::new("PC-E90", format!("The body is not JSON: line {line}, column {column}: {error}.")))
        }
    }
}

fn verb_and_identity(
    service: &Service,
    noun: &str,
    method: &Method,
    item: Option<String>,
) -> Result<(String, Option<String>), Problem> {
    let plain = match method.as_str() {
        "GET" | "HEAD" => "Get",
        "PATCH" => "Set",
        "DELETE" => "Remove",
        "POST" => match item {
            None => "New",
            Some(item) => return action(service, noun, &item),
        },
        other => return Err(Problem::new("PC-E90", format!("The method {other} is not known here."))),
    };
    Ok((plain.to_owned(), item))
}

/// `identity:verb`; the identity `-` stands for none.
fn action(service: &Service, noun: &str, item: &str) -> Result<(String, Option<String>), Problem> {
    let unknown = || Problem::new("PC-E91", format!("'{item}' does not end in a verb of {noun}."));
    let (identity, verb) = item.rsplit_once(':').ok_or_else(unknown)?;
    let from_catalogue = service.catalogue.cmdlet_names().filter(|(_, known)| *known == noun).map(|(verb, _)| verb);
    let own = super::registry::own_verbs(noun);
    let found = from_catalogue.chain(own.iter().copied()).find(|known| known.eq_ignore_ascii_case(verb));
    let identity = Some(identity.to_owned()).filter(|identity| identity != "-");
    found.map(|verb| (verb.to_owned(), identity)).ok_or_else(unknown)
}

fn accept(reply: &Reply) -> Response {
    let mut response = json(StatusCode::OK, "application/json", serde_json::to_vec(reply));
    if let Some(tag) = reply.revision.and_then(|revision| HeaderValue::from_str(&format!("\"{revision}\"")).ok()) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

fn refuse(problem: Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = json(status, "application/problem+json", serde_json::to_vec(&problem));
    if status == StatusCode::SERVICE_UNAVAILABLE || status == StatusCode::TOO_MANY_REQUESTS {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

fn json(status: StatusCode, kind: &'static str, body: serde_json::Result<Vec<u8>>) -> Response {
    match body {
        Ok(bytes) => (status, [(header::CONTENT_TYPE, kind)], bytes).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn describe(State(shared): State<Shared>) -> Response {
    json(StatusCode::OK, "application/json", serde_json::to_vec(&openapi::document(&shared.service)))
}

async fn ready(State(shared): State<Shared>) -> Response {
    let check = move || shared.service.store.read(|tx| tx.meta("deployment").map(drop));
    let result: Result<(), Problem> = match tokio::runtime::Handle::current().runtime_flavor() {
        tokio::runtime::RuntimeFlavor::CurrentThread => check(),
        _ => tokio::task::spawn_blocking(check).await.unwrap_or_else(|error| Err(Problem::internal(error))),
    };
    match result {
        Ok(()) => "ready\n".into_response(),
        Err(problem) => refuse(problem),
    }
}

async fn metrics(State(shared): State<Shared>) -> String {
    let metrics = &shared.service.metrics;
    let rows = [
        ("pcsh_requests_total", "Calls answered", metrics.requests.load(Ordering::Relaxed)),
        ("pcsh_problems_total", "Calls refused", metrics.problems.load(Ordering::Relaxed)),
        ("pcsh_request_microseconds_total", "Time spent on calls", metrics.microseconds.load(Ordering::Relaxed)),
    ];
    let mut text = String::new();
    for (name, help, value) in rows {
        // Writing into a String cannot fail.
        let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} counter\n{name} {value}\n");
    }
    text
}
