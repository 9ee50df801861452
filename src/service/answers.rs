//! Answers kept to be given again: to the same caller's same question, while the store is in the state in which they were
//! made. Every question asks the store for its state first, so that no answer is older than the last acknowledged write,
//! through whichever service that went.

use super::authentication::Peer;
use super::{Service, compliance, federation, router};
use crate::api::{Problem, Reply};
use crate::store::State;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderMap, HeaderValue, Method, Request, header};
use axum::response::Response;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// Bytes of the answers that are kept, and of a single one, at most.
const MOST_BYTES: usize = 64 * 1024 * 1024;
const LARGEST: usize = 4 * 1024 * 1024;

/// What is asked, and by whom.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    /// The hash of the token: the token itself is kept nowhere.
    token: [u8; 32],
    /// Path and query.
    target: String,
    computer: Option<String>,
}

/// A question that may be answered from what is kept, and the store's state after it came.
#[derive(Clone)]
pub(super) struct Question {
    pub(crate) key: Key,
    pub(crate) state: State,
}

/// What goes into a response.
#[derive(Clone)]
pub(super) struct Answer {
    pub(crate) body: Bytes,
    pub(crate) tag: Option<HeaderValue>,
}

/// An answer with whom it was for.
pub(super) struct Kept {
    pub(crate) answer: Answer,
    pub(crate) caller: String,
    /// When the caller's token expires.
    pub(crate) until: i64,
}

/// All that is kept, of one state of the store.
#[derive(Default)]
pub(super) struct Answers(Mutex<Shelf>);

#[derive(Default)]
struct Shelf {
    state: Option<State>,
    kept: FxHashMap<Key, Arc<Kept>>,
    bytes: usize,
}

impl Key {
    /// The key of a request that only reads and shows a token of ours.
    pub(crate) fn of<B: HttpBody>(request: &Request<B>) -> Option<Self> {
        let headers = request.headers();
        let target = request.uri().path_and_query()?.as_str();
        let plain = request.method() == Method::GET && target.starts_with("/v1/") && request.body().is_end_stream();
        let alone = ["transaction-id", "if-match", "idempotency-key", "content-encoding", "transfer-encoding"];
        let token = bearer(headers).filter(|token| plain && !federation::is_jwt(token))?;
        if alone.iter().any(|name| headers.contains_key(*name)) {
            return None;
        }
        let computer = headers.get("session-computer").map(|value| value.to_str().map(str::to_owned)).transpose();
        let token = Sha256::digest(token.as_bytes()).into();
        Some(Key { token, target: target.to_owned(), computer: computer.ok()? })
    }
}

/// The token that a request shows.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("bearer ")).map(str::trim)
}

impl Answers {
    fn shelf(&self) -> std::sync::MutexGuard<'_, Shelf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The kept answer to a question, unless its token has expired.
    pub(crate) fn get(&self, question: &Question, now: i64) -> Option<Arc<Kept>> {
        let shelf = self.shelf();
        let same = shelf.state.as_ref() == Some(&question.state);
        shelf.kept.get(&question.key).filter(|kept| same && now < kept.until).cloned()
    }

    /// Is the store in the state in which the question before found it? While it changes all the time, keeping
    /// answers is of no use.
    pub(crate) fn is_at_rest(&self, state: &State) -> bool {
        let mut shelf = self.shelf();
        if shelf.state.as_ref() == Some(state) {
            return true;
        }
        *shelf = Shelf { state: Some(state.clone()), ..Shelf::default() };
        false
    }

    /// Keeps an answer, if the store's state is still the one of the others.
    pub(crate) fn keep(&self, question: Question, kept: Kept) {
        let mut shelf = self.shelf();
        let size = kept.answer.body.len() + question.key.target.len() + 256;
        if shelf.state.as_ref() != Some(&question.state) || size > LARGEST {
            return;
        }
        if shelf.bytes + size > MOST_BYTES {
            shelf.kept.clear();
            shelf.bytes = 0;
        }
        if shelf.kept.insert(question.key, Arc::new(kept)).is_none() {
            shelf.bytes += size;
        }
    }
}

impl Answer {
    /// Of a reply.
    pub(crate) fn of(reply: &Reply) -> Result<Self, Problem> {
        let body = serde_json::to_vec(reply).map_err(Problem::internal)?.into();
        let tag = reply.revision.and_then(|revision| HeaderValue::from_str(&format!("\"{revision}\"")).ok());
        Ok(Answer { body, tag })
    }

    pub(crate) fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(tag) = self.tag {
            headers.insert(header::ETAG, tag);
        }
        response
    }
}

impl Service {
    /// The kept answer to a question, unless something about the request is out of the common: the long way then says what.
    pub(super) fn answer_again<B>(
        &self,
        question: &Question,
        request: &Request<B>,
        started: Instant,
    ) -> Option<Response> {
        let now = self.world.now();
        let headers = request.headers();
        let kept = self.answers.get(question, now)?;
        let may_ask = |peer: &Peer| self.guard.may_try(peer.address).is_ok() && self.admit(Some(peer)).is_ok();
        let usual = !compliance::is_due(self, now)
            && router::check_generation(headers).is_ok()
            && request.extensions().get::<Peer>().is_none_or(may_ask)
            && self.guard.count_call(&kept.caller).is_ok();
        if !usual {
            return None;
        }
        let id = router::request_id(headers, self);
        let taken = started.elapsed();
        self.metrics.count(true, 200, taken);
        let collection = request.uri().path().split('/').nth(2).unwrap_or_default();
        router::tell(&id, &Method::GET, collection, 200, taken, Some(&kept.caller));
        Some(router::complete(kept.answer.clone().into_response(), &id))
    }

    /// Keeps an answer for the next who asks the same. What was read for it was read after the question's state was seen;
    /// so must be that the token is valid.
    pub(super) fn keep_answer(&self, question: Question, answer: &Answer, token: &str, caller: &str) {
        if !self.answers.is_at_rest(&question.state) {
            return;
        }
        match self.expiry_in(&question.state, token) {
            Ok(until) => self.answers.keep(question, Kept { answer: answer.clone(), caller: caller.to_owned(), until }),
            Err(problem) => tracing::debug!(%problem, "an answer was not kept"),
        }
    }
}
