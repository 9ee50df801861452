//! Answers kept to be given again: to the same caller's same question, while the store is in the state in which they were
//! made. Every question asks the store for its state first, so that no answer is older than the last acknowledged write,
//! through whichever service that went.

use super::authentication::Peer;
use super::federation;
use super::limits::Guard;
use crate::api::TEXT_HEADERS;
use crate::store::State;
use axum::body::{Bytes, HttpBody};
use axum::http::{HeaderMap, HeaderValue, Method, Request, header};
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex, PoisonError};

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
    pub key: Key,
    pub state: State,
}

/// What goes into a response.
#[derive(Clone)]
pub(super) struct Answer {
    pub body: Bytes,
    pub tag: Option<HeaderValue>,
}

/// An answer with whom it was for.
pub(super) struct Kept {
    pub answer: Answer,
    pub caller: String,
    /// When the caller's token expires.
    pub until: i64,
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
    pub fn of<B: HttpBody>(request: &Request<B>) -> Option<Self> {
        let headers = request.headers();
        let target = request.uri().path_and_query()?.as_str();
        let plain = request.method() == Method::GET && target.starts_with("/v1/") && request.body().is_end_stream();
        let alone = ["transaction-id", "if-match", "idempotency-key"];
        debug_assert!(alone.iter().all(|name| TEXT_HEADERS.contains(name)));
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
    pub fn get(&self, question: &Question, now: i64) -> Option<Arc<Kept>> {
        let shelf = self.shelf();
        let same = shelf.state.as_ref() == Some(&question.state);
        shelf.kept.get(&question.key).filter(|kept| same && now < kept.until).cloned()
    }

    /// Is the store in the state in which the question before found it? While it changes all the time, keeping
    /// answers is of no use.
    pub fn is_at_rest(&self, state: &State) -> bool {
        let mut shelf = self.shelf();
        if shelf.state.as_ref() == Some(state) {
            return true;
        }
        *shelf = Shelf { state: Some(state.clone()), ..Shelf::default() };
        false
    }

    /// Keeps an answer, if the store's state is still the one of the others.
    pub fn keep(&self, question: Question, kept: Kept) {
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

/// May this caller have an answer without a look at who it is? Where not, the long way says why.
pub(super) fn admits(guard: &Guard, kept: &Kept, peer: Option<&Peer>) -> bool {
    peer.is_none_or(|peer| guard.may_try(peer.address).is_ok()) && guard.count_call(&kept.caller).is_ok()
}
