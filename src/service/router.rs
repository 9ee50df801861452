//! The HTTP face: one route for collections, one for their items, and what operation needs beside them.

use super::answers::{Answer, Key, Question, bearer};
use super::authentication::{Identified, Peer};
use super::caller::CallerId;
use super::{Request, Service, batch, compliance, openapi, registry};
use crate::api::{API_GENERATION, API_HEADER, Call, Problem, Reply, TEXT_HEADERS};
use axum::Router;
use axum::body::{Bytes, HttpBody};
use axum::extract::{DefaultBodyLimit, Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use serde_json::{Map, Value};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tower::ServiceExt;

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

/// The collection that holds several calls in one request.
const BATCH: &str = "batch";

/// Bodies up to this are read before it is known who sends them.
const SMALL_BODY: u64 = 256 * 1024;
/// Largest body of a log-on.
const LARGEST_LOG_ON: usize = 16 * 1024;
/// Pieces of work that block, at a time.
const HANDS: usize = 256;
/// Longest query; longer questions travel in a body.
const LONGEST_QUERY: usize = 65_536;

#[derive(Clone)]
struct Shared {
    service: Arc<Service>,
    access: Arc<Access>,
    /// One permit for each piece of work that blocks. Who goes away while waiting for one leaves nothing behind, so that
    /// requests that are sent and taken back at once do not pile up.
    hands: Arc<Semaphore>,
}

/// The router over a service.
pub fn router(service: Arc<Service>, access: Access) -> Router {
    let shared = Shared { service, access: Arc::new(access), hands: Arc::new(Semaphore::new(HANDS)) };
    let routes = routes(shared.clone());
    match shared.access.as_ref() {
        Access::Local(_) => routes,
        Access::Tokens => Router::new().fallback_service(tower::service_fn(move |request| {
            let (shared, routes) = (shared.clone(), routes.clone());
            async move { Ok(again_or_anew(&shared, routes, request).await) }
        })),
    }
}

/// Gives a kept answer, or lets one be made.
async fn again_or_anew(shared: &Shared, routes: Router, mut request: axum::extract::Request) -> Response {
    let started = Instant::now();
    let service = &shared.service;
    if let Some(key) = Key::of(&request)
        && let Ok(state) = service.store.state().await
    {
        let question = Question { key, state };
        if let Some(response) = service.answer_again(&question, &request, started) {
            return response;
        }
        request.extensions_mut().insert(question);
    }
    match routes.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

fn routes(shared: Shared) -> Router {
    Router::new()
        .route("/v1/{collection}", any(on_collection))
        .route("/v1/{collection}/{item}", any(on_item))
        .route("/openapi.json", get(describe))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .fallback(|| async { refuse(Problem::new("PC-E91", "There is nothing at this address; see /openapi.json.")) })
        .method_not_allowed_fallback(|| async { refuse(method_not_known()) })
        .layer(DefaultBodyLimit::disable())
        .with_state(shared)
}

pub(super) fn method_not_known() -> Problem {
    let mut problem = Problem::new("PC-E90", "The method is not known here; see /openapi.json.");
    problem.status = StatusCode::METHOD_NOT_ALLOWED.as_u16();
    problem
}

async fn on_collection(
    State(shared): State<Shared>,
    Path(collection): Path<String>,
    RawQuery(query): RawQuery,
    request: axum::extract::Request,
) -> Response {
    take(shared, collection, None, query, request).await
}

async fn on_item(
    State(shared): State<Shared>,
    Path((collection, item)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    request: axum::extract::Request,
) -> Response {
    take(shared, collection, Some(item), query, request).await
}

/// Reads a request whole and answers it. What is large is read only for those who have proved who they are.
async fn take(
    shared: Shared,
    collection: String,
    item: Option<String>,
    query: Option<String>,
    request: axum::extract::Request,
) -> Response {
    let (head, body) = request.into_parts();
    let peer = head.extensions.get::<Peer>().cloned();
    let question = head.extensions.get::<Question>().cloned();
    let (method, headers) = (head.method, head.headers);
    if let Some(problem) = unreadable(&headers) {
        return refuse(problem);
    }
    let largest = match collection == LOG_ON {
        true => LARGEST_LOG_ON,
        false => shared.service.limits.body,
    };
    let announced = body.size_hint().upper().unwrap_or(u64::MAX);
    let small = announced <= SMALL_BODY;
    if !small && collection != LOG_ON {
        let (asked, headers, peer) = (shared.clone(), headers.clone(), peer.clone());
        let known = apart(&shared, move || authenticate(&asked, &headers, peer.as_ref()).map(drop)).await;
        if let Err(problem) = known {
            return refuse(problem);
        }
    }
    let too_large = || Problem::new("PC-E88", format!("The body is larger than {largest} bytes."));
    let body = match usize::try_from(announced) {
        Ok(announced) if announced > largest && announced < usize::MAX => Err(too_large()),
        _ => axum::body::to_bytes(body, largest).await.map_err(|error| match is_over_limit(&error) {
            true => too_large(),
            false => Problem::new("PC-E90", "The body could not be read."),
        }),
    };
    let quick = question.is_some() && item.as_deref().is_some_and(|item| is_quick(&shared.service, item));
    let short = is_short_write(&shared.service, &method, &collection, announced);
    let parts = Parts { method, collection, item, query, headers, body };
    let asked = shared.clone();
    let work = move || Ok(answer(&asked, parts, peer.as_ref(), question));
    let answered = match (quick, short) {
        (true, _) => work(),
        (_, true) => in_place(&shared, work).await,
        _ => apart(&shared, work).await,
    };
    answered.unwrap_or_else(refuse)
}

/// Is reading one item over before another thread would have been woken for it?
fn is_quick(service: &Service, item: &str) -> bool {
    service.store.is_in_process() && !item.contains(['*', '?']) && !compliance::is_due(service, service.world.now())
}

/// A compressed body could be a thousand times what was sent, and a length beside chunks is read differently by others on
/// the way: neither is taken.
fn unreadable(headers: &HeaderMap) -> Option<Problem> {
    let encoding =
        headers.get(header::CONTENT_ENCODING).filter(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"));
    if encoding.is_some() {
        return Some(Problem::new("PC-E90", "A compressed body is not taken; send it as it is."));
    }
    let both = headers.contains_key(header::TRANSFER_ENCODING) && headers.contains_key(header::CONTENT_LENGTH);
    both.then(|| Problem::new("PC-E90", "A request has a Content-Length or a Transfer-Encoding, not both."))
}

fn is_over_limit(error: &axum::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = cause {
        if inner.is::<http_body_util::LengthLimitError>() {
            return true;
        }
        cause = inner.source();
    }
    false
}

/// Runs work that blocks, where others wait for this thread on a thread of its own.
async fn apart<T: Send + 'static>(
    shared: &Shared,
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    use tokio::runtime::{Handle, RuntimeFlavor};
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        // In process nobody else waits for this thread.
        Ok(RuntimeFlavor::CurrentThread) | Err(_) => work(),
        Ok(_) => {
            let permit = shared.hands.clone().acquire_owned().await.map_err(Problem::internal)?;
            let work = move || {
                let result = work();
                drop(permit);
                result
            };
            tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(Problem::internal(error)))
        }
    }
}

/// Is it a write that waits for its turn and for the disk, and for nothing else?
fn is_short_write(service: &Service, method: &Method, collection: &str, announced: u64) -> bool {
    let small = announced <= SMALL_BODY / 4 && ![LOG_ON, BATCH].contains(&collection);
    small && service.store.is_in_process() && method != Method::GET && method != Method::HEAD
}

/// Runs work that blocks for a moment on this thread: what waits for the thread goes on elsewhere, and the work is over
/// without two threads having been woken for it.
async fn in_place<T>(shared: &Shared, work: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
    use tokio::runtime::{Handle, RuntimeFlavor};
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => {
            let _permit = shared.hands.acquire().await.map_err(Problem::internal)?;
            tokio::task::block_in_place(work)
        }
        _ => work(),
    }
}

/// What a request consists of.
pub(super) struct Parts {
    pub(crate) method: Method,
    pub(crate) collection: String,
    pub(crate) item: Option<String>,
    pub(crate) query: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Result<Bytes, Problem>,
}

fn answer(shared: &Shared, parts: Parts, peer: Option<&Peer>, question: Option<Question>) -> Response {
    let started = Instant::now();
    let service = &shared.service;
    let id = request_id(&parts.headers, service);
    let (method, collection, item) = (parts.method.clone(), parts.collection.clone(), parts.item.clone());
    let mut actor = None;
    let token = question.is_some().then(|| bearer(&parts.headers).map(str::to_owned)).flatten();
    let mut keeping = false;
    let result = answer_to(shared, parts, peer, &id, &mut actor, &mut keeping).and_then(|reply| Answer::of(&reply));
    let taken = started.elapsed();
    let status = result.as_ref().map_or_else(|problem| problem.status, |_| 200);
    service.metrics.count(method == Method::GET, status, taken);
    let response = match result {
        Ok(answer) => {
            if let (true, Some(question), Some(token), Some(caller)) = (keeping, question, token, &actor) {
                service.keep_answer(question, &answer, &token, caller);
            }
            answer.into_response()
        }
        Err(mut problem) => {
            problem.request_id.clone_from(&id);
            tracing::debug!(request = %id, problem = %problem.id, detail = %problem.detail, "refused");
            let mut response = refuse(problem);
            if response.status() == StatusCode::METHOD_NOT_ALLOWED
                && let Ok(methods) = HeaderValue::from_str(&methods(service, &collection, item.as_deref()))
            {
                response.headers_mut().insert(header::ALLOW, methods);
            }
            response
        }
    };
    if !matches!(shared.access.as_ref(), Access::Local(_)) {
        tell(&id, &method, &collection, status, taken, actor.as_deref());
    }
    complete(response, &id)
}

/// The line of the log.
pub(super) fn tell(id: &str, method: &Method, collection: &str, status: u16, taken: Duration, caller: Option<&str>) {
    let milliseconds = taken.as_secs_f64() * 1000.0;
    let caller = caller.unwrap_or("-");
    tracing::info!(request = %id, %method, collection, status, milliseconds, caller, "answered");
}

/// Adds what every response says.
pub(super) fn complete(mut response: Response, id: &str) -> Response {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert("x-request-id", value);
    }
    headers.insert(API_HEADER, HeaderValue::from(API_GENERATION));
    response
}

fn answer_to(
    shared: &Shared,
    parts: Parts,
    peer: Option<&Peer>,
    id: &str,
    actor: &mut Option<String>,
    keeping: &mut bool,
) -> Result<Reply, Problem> {
    let service = &shared.service;
    check_generation(&parts.headers)?;
    if parts.collection == LOG_ON && parts.method == Method::POST && parts.item.is_none() {
        let call = read_call(service, parts)?;
        return service.log_on(&Request { call, caller: CallerId::default(), id: id.to_owned() }, peer);
    }
    let identified = authenticate(shared, &parts.headers, peer)?;
    let caller = identified.caller.clone();
    let name = caller.actor.clone().unwrap_or_else(|| super::OPERATOR.to_owned());
    if matches!(shared.access.as_ref(), Access::Tokens) {
        service.guard.count_call(&name)?;
    }
    *actor = Some(name);
    if parts.collection == BATCH && parts.item.is_none() {
        return batch::answer(service, parts, &caller, id);
    }
    let call = read_call(service, parts)?;
    let is_about_the_service = call.noun == "CsServiceStatus";
    *keeping = !is_about_the_service && registry::is_made_of_the_store(service, &call);
    let mut reply = service.execute(&Request { call, caller, id: id.to_owned() })?;
    if is_about_the_service {
        identified.describe(&mut reply);
    }
    Ok(reply)
}

/// A client of a later generation may ask for what this service does not know.
pub(super) fn check_generation(headers: &HeaderMap) -> Result<(), Problem> {
    let Some(text) = headers.get(API_HEADER).and_then(|value| value.to_str().ok()) else { return Ok(()) };
    match text.parse::<u32>() {
        Ok(generation) if (1..=API_GENERATION).contains(&generation) => Ok(()),
        Ok(generation) if generation > API_GENERATION => {
            let message = format!(
                "The client speaks generation {generation} of the API, this service {API_GENERATION}: update the service, \
                 or use a client of version {}.",
                env!("CARGO_PKG_VERSION")
            );
            Err(Problem::new("PC-E86", message).terminating())
        }
        _ => Err(Problem::new("PC-E90", format!("The header {API_HEADER} must be a positive number."))),
    }
}

pub(super) fn request_id(headers: &HeaderMap, service: &Service) -> String {
    let given = headers.get("x-request-id").and_then(|value| value.to_str().ok());
    let good = |id: &&str| id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    given.filter(good).map_or_else(|| service.new_guid(), str::to_owned)
}

fn authenticate(shared: &Shared, headers: &HeaderMap, peer: Option<&Peer>) -> Result<Identified, Problem> {
    match shared.access.as_ref() {
        Access::Local(caller) => Ok(Identified { caller: caller.clone(), kind: "Local", expires: None }),
        Access::Tokens => shared.service.identify(bearer(headers), peer),
    }
}

/// The call that a request stands for.
pub(super) fn read_call(service: &Service, parts: Parts) -> Result<Call, Problem> {
    let unknown =
        || Problem::new("PC-E91", format!("There is no collection '{}'; see /openapi.json.", parts.collection));
    let noun = service.collections.get(&parts.collection).ok_or_else(unknown)?.clone();
    let (verb, identity) = verb_and_identity(service, &noun, &parts.method, parts.item)?;
    let query = parts.query.as_deref().map(|text| url::form_urlencoded::parse(text.as_bytes()).into_owned().collect());
    let body = read_body(&parts.body?)?;
    if parts.query.as_deref().is_some_and(|query| query.len() > LONGEST_QUERY) {
        return Err(Problem::new("PC-E88", format!("The query is longer than {LONGEST_QUERY} bytes.")));
    }
    let mut call = Call::from_http(&verb, &noun, identity, query.unwrap_or_default(), body)?;
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let [idempotency, tag, transaction, computer] = TEXT_HEADERS.map(text);
    (call.idempotency_key, call.if_match, call.transaction, call.computer) = (idempotency, tag, transaction, computer);
    if call.idempotency_key.as_ref().is_some_and(|key| key.len() > 128) {
        return Err(Problem::new("PC-E90", "The idempotency key is longer than 128 characters."));
    }
    Ok(call)
}

pub(super) fn read_body(bytes: &Bytes) -> Result<Map<String, Value>, Problem> {
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(bytes) {
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
        _ => return Err(method_not_known()),
    };
    let verb = plain.to_owned();
    match super::registry::knows(service, plain, noun) {
        true => Ok((verb, item)),
        false => Err(method_not_known()),
    }
}

/// The methods that an address knows.
fn methods(service: &Service, collection: &str, item: Option<&str>) -> String {
    if collection == BATCH {
        return "POST".to_owned();
    }
    let Some(noun) = service.collections.get(collection) else { return String::new() };
    if item.is_some_and(|item| action(service, noun, item).is_ok()) {
        return "POST".to_owned();
    }
    let all = [("GET", "Get"), ("POST", "New"), ("PATCH", "Set"), ("DELETE", "Remove")];
    let here = |(method, verb): &&(&str, &str)| {
        super::registry::knows(service, verb, noun) && (item.is_none() || *method != "POST")
    };
    let known: Vec<&str> = all.iter().filter(here).map(|(method, _)| *method).collect();
    known.join(", ")
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

pub(super) fn refuse(problem: Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = json(status, "application/problem+json", serde_json::to_vec(&problem));
    if status == StatusCode::SERVICE_UNAVAILABLE || status == StatusCode::TOO_MANY_REQUESTS {
        let seconds = problem.retry_after.unwrap_or(1);
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
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
    let service = shared.service.clone();
    let result = apart(&shared, move || service.store.read(|tx| tx.meta("deployment").map(drop))).await;
    match result {
        Ok(()) => "ready\n".into_response(),
        Err(problem) => refuse(problem),
    }
}

async fn metrics(State(shared): State<Shared>) -> Response {
    let service = shared.service.clone();
    let text = apart(&shared, move || Ok(service.metrics_text())).await.unwrap_or_default();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
