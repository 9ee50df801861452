//! From a call to its reply: caller, role, idempotency, one transaction, handler.

use super::caller::{Caller, CallerId};
use super::context::{Context, Handler};
use super::{Service, compliance, registry};
use crate::api::{Call, Page, Problem, Reply, hex};
use crate::store::{Extent, Origin, Transaction};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

/// A call with its caller.
pub struct Request {
    pub call: Call,
    pub caller: CallerId,
    pub id: String,
}

/// Transactions that span several calls, by id.
#[derive(Default)]
pub(super) struct OpenTransactions(Mutex<HashMap<String, Arc<Mutex<Open>>>>);

struct Open {
    transaction: Option<Transaction>,
    actor: Option<String>,
    used: i64,
}

/// An open transaction that nobody used for this long is undone.
const IDLE_LIMIT: i64 = 60_000;

/// How often old replies are forgotten, and how old they get.
const HOUSEKEEPING: i64 = 3_600_000;
const REPLIES_KEPT: i64 = 2 * 86_400_000;

/// How often a write begins again because another one came between; from the third time on it shuts the others out.
const MOST_ATTEMPTS: usize = 8;
const PATIENT_ATTEMPTS: usize = 2;

impl OpenTransactions {
    fn get(&self, id: &str) -> Option<Arc<Mutex<Open>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    fn insert(&self, id: String, open: Open) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, Arc::new(Mutex::new(open)));
    }

    fn remove(&self, id: &str) -> Option<Arc<Mutex<Open>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id)
    }

    fn idle_since(&self, moment: i64) -> Vec<String> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = |open: &Arc<Mutex<Open>>| open.try_lock().is_ok_and(|open| open.used < moment);
        all.iter().filter(|(_, open)| idle(open)).map(|(id, _)| id.clone()).collect()
    }
}

impl Service {
    /// Answers one request.
    pub fn execute(&self, request: &Request) -> Page {
        let call = &request.call;
        let target = call.identity.clone().or_else(|| call.parameters.text("name").map(str::to_owned));
        self.answer(request).map_err(|mut problem| {
            problem.request_id.clone_from(&request.id);
            target.map_or(problem.clone(), |target| problem.default_target(target))
        })
    }

    fn answer(&self, request: &Request) -> Page {
        let now = self.world.now();
        self.drop_idle(now);
        let call = &request.call;
        refuse_nul(call)?;
        if let Some(id) = &call.transaction {
            return self.in_transaction(id, request, now);
        }
        if call.noun == registry::TRANSACTION {
            return self.transaction_verb(request, now);
        }
        let handler = registry::handler(self, call)?;
        if call.is_read() {
            compliance::run_if_due(self, now)?;
            return self.store.read(|tx| run(self, tx, request, now, handler));
        }
        let extent = registry::extent(self, call);
        self.attempt(extent, |extent| {
            let mut transaction = self.store.begin_within(origin(request, now), extent)?;
            match remembered(self, &mut transaction, request, now, handler) {
                Ok(reply) if !call.what_if => match self.store.commit(transaction) {
                    Ok(()) => Ok(reply),
                    Err(problem) => self.answered_before(request)?.ok_or(problem),
                },
                Ok(reply) => {
                    self.store.rollback(transaction)?;
                    Ok(reply)
                }
                Err(problem) => {
                    self.store.rollback(transaction)?;
                    self.answered_before(request)?.ok_or(problem)
                }
            }
        })
    }

    /// The reply that a write under the same key got before. Only asked for where the write fails, as it then does.
    fn answered_before(&self, request: &Request) -> Result<Option<Reply>, Problem> {
        let Some(key) = request.call.idempotency_key.as_deref().filter(|_| !request.call.what_if) else {
            return Ok(None);
        };
        let actor = request.caller.actor.clone().unwrap_or_else(|| super::OPERATOR.to_owned());
        let kept = self.store.read(|tx| known_reply(tx, &actor, key, &fingerprint(&request.call)))?;
        kept.map(|reply| serde_json::from_str(&reply).map_err(Problem::internal)).transpose()
    }

    /// Runs a write, again where another one came between.
    fn attempt<T>(&self, wanted: Extent, work: impl Fn(Extent) -> Result<T, Problem>) -> Result<T, Problem> {
        let mut attempt = 0;
        loop {
            let extent = if attempt < PATIENT_ATTEMPTS { wanted } else { Extent::Everything };
            match work(extent) {
                Err(problem) if problem.is_overtaken() && attempt < MOST_ATTEMPTS => attempt += 1,
                result => return result,
            }
            self.metrics.repeated.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Several calls in one transaction; the first that fails undoes all of them.
    pub(super) fn execute_together(
        &self,
        calls: Vec<Call>,
        caller: &CallerId,
        id: &str,
        key: Option<&str>,
    ) -> Result<Vec<Reply>, Problem> {
        let now = self.world.now();
        let print = calls.iter().map(fingerprint).collect::<String>();
        let mut requests = Vec::with_capacity(calls.len());
        for (place, call) in calls.into_iter().enumerate() {
            if call.noun == registry::TRANSACTION || call.transaction.is_some() {
                return Err(Problem::new("PC-E90", "A batch is a transaction itself and can hold none."));
            }
            registry::handler(self, &call)?;
            requests.push(Request { call, caller: caller.clone(), id: format!("{id}.{place}") });
        }
        let actor = caller.actor.clone().unwrap_or_else(|| super::OPERATOR.to_owned());
        let whole = Origin { actor, cmdlet: "batch".to_owned(), request: id.to_owned(), now };
        self.attempt(Extent::Everything, |extent| {
            let mut transaction = self.store.begin_within(whole.clone(), extent)?;
            match self.run_together(&mut transaction, &requests, &print, key, now) {
                Ok(replies) => {
                    transaction.set_origin(whole.clone());
                    self.store.commit(transaction)?;
                    Ok(replies)
                }
                Err(problem) => {
                    self.store.rollback(transaction)?;
                    Err(problem)
                }
            }
        })
    }

    fn run_together(
        &self,
        tx: &mut Transaction,
        requests: &[Request],
        print: &str,
        key: Option<&str>,
        now: i64,
    ) -> Result<Vec<Reply>, Problem> {
        let actor = tx.origin()?.actor.clone();
        if let Some(kept) = key.map(|key| known_reply(tx, &actor, key, print)).transpose()?.flatten() {
            return serde_json::from_str(&kept).map_err(Problem::internal);
        }
        let whole = tx.origin()?.clone();
        let mut replies = Vec::with_capacity(requests.len());
        for (place, request) in requests.iter().enumerate() {
            tx.set_origin(origin(request, now));
            let reply = registry::handler(self, &request.call).and_then(|handler| run(self, tx, request, now, handler));
            let told = format!("Nothing of the batch was done, because of its call {place}: ");
            replies.push(reply.map_err(|problem| problem.introduced(&told))?);
        }
        tx.set_origin(whole);
        if let Some(key) = key {
            let text = serde_json::to_string(&replies).map_err(Problem::internal)?;
            tx.remember_reply(key, print, &text)?;
        }
        Ok(replies)
    }

    fn in_transaction(&self, id: &str, request: &Request, now: i64) -> Page {
        let ended = || Problem::new("PC-E89", format!("There is no open transaction '{id}'.")).terminating();
        let open = self.transactions.get(id).ok_or_else(ended)?;
        let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.actor != request.caller.actor {
            return Err(ended());
        }
        open.used = now;
        let handler = registry::handler(self, &request.call)?;
        let transaction = open.transaction.as_mut().ok_or_else(ended)?;
        transaction.set_origin(origin(request, now));
        transaction.mark()?;
        let result = run(self, transaction, request, now, handler);
        match &result {
            Ok(_) if !request.call.what_if => transaction.release_mark()?,
            _ => transaction.back_to_mark()?,
        }
        result
    }

    fn transaction_verb(&self, request: &Request, now: i64) -> Page {
        let call = &request.call;
        if call.verb == "New" {
            if request.caller.read_only {
                return Err(Problem::new("PC-E07", "This token may only read.").terminating());
            }
            self.require_right_to_write(request)?;
            let id = self.new_guid();
            let transaction = Some(self.store.begin(origin(request, now))?);
            self.transactions.insert(id.clone(), Open { transaction, actor: request.caller.actor.clone(), used: now });
            return Ok(Reply::object(json!({ "identity": id })));
        }
        let id = call.identity.as_deref().unwrap_or_default();
        let ended = || Problem::new("PC-E89", format!("There is no open transaction '{id}'.")).terminating();
        let Some(open) = self.transactions.get(id) else {
            // The answer to a commit may have been lost; asked again, it is given again.
            return match call.verb == "Complete" && self.was_completed(request, id)? {
                true => Ok(Reply::done(id)),
                false => Err(ended()),
            };
        };
        let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.actor != request.caller.actor {
            return Err(ended());
        }
        self.transactions.remove(id);
        let mut transaction = open.transaction.take().ok_or_else(ended)?;
        match call.verb.as_str() {
            "Complete" => {
                transaction.remember_reply(&completed_key(id), id, "{}")?;
                self.store.commit(transaction)?;
            }
            _ => self.store.rollback(transaction)?,
        }
        Ok(Reply::done(id))
    }

    /// An open transaction keeps other writers out, so that only those who may write something get one.
    fn require_right_to_write(&self, request: &Request) -> Result<(), Problem> {
        let caller = self.store.read(|tx| Caller::load(tx, &request.caller))?;
        let writes = |verb: &str| !matches!(verb, "Get" | "Test");
        let mut names = self.catalogue.cmdlet_names().filter(|(verb, _)| writes(verb));
        match names.any(|(verb, noun)| caller.may_run(&self.catalogue, &format!("{verb}-{noun}"))) {
            true => Ok(()),
            false => {
                let message = format!("'{}' holds no role that may write, and needs no transaction.", caller.name);
                Err(Problem::new("PC-E07", message).terminating())
            }
        }
    }

    fn was_completed(&self, request: &Request, id: &str) -> Result<bool, Problem> {
        let actor = request.caller.actor.clone().unwrap_or_else(|| super::OPERATOR.to_owned());
        Ok(self.store.read(|tx| tx.remembered_reply(&actor, &completed_key(id)))?.is_some())
    }

    /// What is to be done now and then: open transactions that nobody uses are undone, old replies forgotten.
    pub(super) fn keep_house(&self) -> Result<(), Problem> {
        let now = self.world.now();
        self.drop_idle(now);
        let due = self.housekeeping.load(Ordering::Relaxed);
        if now < due && due - now <= HOUSEKEEPING {
            return Ok(());
        }
        self.housekeeping.store(now + HOUSEKEEPING, Ordering::Relaxed);
        self.store.write(self.own_origin("housekeeping"), |tx| tx.forget_replies(now - REPLIES_KEPT).map(drop))
    }

    fn drop_idle(&self, now: i64) {
        for id in self.transactions.idle_since(now - IDLE_LIMIT) {
            let Some(open) = self.transactions.remove(&id) else { continue };
            let transaction = open.lock().unwrap_or_else(PoisonError::into_inner).transaction.take();
            if let Some(transaction) = transaction {
                match self.store.rollback(transaction) {
                    Ok(()) => tracing::info!(transaction = %id, "an idle transaction was undone"),
                    Err(problem) => tracing::warn!(transaction = %id, %problem, "an idle transaction was lost"),
                }
            }
        }
    }
}

/// A NUL is no text: not every engine can keep it, and none should.
fn refuse_nul(call: &Call) -> Result<(), Problem> {
    fn holds(value: &Value) -> bool {
        match value {
            Value::String(text) => text.contains('\0'),
            Value::Array(items) => items.iter().any(holds),
            Value::Object(fields) => fields.iter().any(|(name, field)| name.contains('\0') || holds(field)),
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }
    let texts = [&call.identity, &call.idempotency_key, &call.transaction, &call.computer];
    let found = texts.into_iter().flatten().any(|text| text.contains('\0'))
        || call.parameters.0.iter().any(|(name, value)| name.contains('\0') || holds(value));
    match found {
        true => Err(Problem::new("PC-E25", "A text of the call holds the character NUL, which no text may.")),
        false => Ok(()),
    }
}

/// The key under which the commit of a transaction is remembered.
fn completed_key(id: &str) -> String {
    format!("transaction {id}")
}

fn origin(request: &Request, now: i64) -> Origin {
    let actor = request.caller.actor.clone().unwrap_or_else(|| super::OPERATOR.to_owned());
    Origin { actor, cmdlet: request.call.cmdlet(), request: request.id.clone(), now }
}

/// A write whose reply is kept under its idempotency key. A key that is kept already makes it fail, undone as a whole;
/// what was answered the first time is then looked up.
fn remembered(service: &Service, tx: &mut Transaction, request: &Request, now: i64, handler: Handler) -> Page {
    let call = &request.call;
    let Some(key) = call.idempotency_key.as_deref().filter(|_| !call.what_if) else {
        return run(service, tx, request, now, handler);
    };
    let fingerprint = fingerprint(call);
    let reply = run(service, tx, request, now, handler)?;
    let text = serde_json::to_string(&reply).map_err(Problem::internal)?;
    // Exports are long and can be asked for again; what they answered is not kept.
    let kept = if text.len() > 65_536 { "{\"value\":[]}" } else { &text };
    tx.remember_reply(key, &fingerprint, kept)?;
    Ok(reply)
}

/// What a key answered before, or PC-E93 where it was for something else.
fn known_reply(tx: &mut Transaction, actor: &str, key: &str, fingerprint: &str) -> Result<Option<String>, Problem> {
    match tx.remembered_reply(actor, key)? {
        Some((known, _)) if known != fingerprint => {
            let message = "This idempotency key was already used for another request; use a new one.";
            Err(Problem::new("PC-E93", message))
        }
        found => Ok(found.map(|(_, reply)| reply)),
    }
}

fn fingerprint(call: &Call) -> String {
    let mut hasher = Sha256::new();
    hasher.update(call.cmdlet().as_bytes());
    hasher.update(call.identity.as_deref().unwrap_or("\u{0}").as_bytes());
    hasher.update(Value::Object(call.parameters.0.clone()).to_string().as_bytes());
    hex(&hasher.finalize())
}

fn run(service: &Service, tx: &mut Transaction, request: &Request, now: i64, handler: Handler) -> Page {
    let call = &request.call;
    let caller = Arc::new(Caller::load(tx, &request.caller)?);
    authorize(service, &caller, call)?;
    super::checks::check(service, call)?;
    let mut context = Context::new(service, tx, call, caller, now)?;
    handler(&mut context)?;
    let mut reply = std::mem::take(&mut context.reply);
    if call.what_if {
        reply.value.clear();
    }
    Ok(reply)
}

fn authorize(service: &Service, caller: &Caller, call: &Call) -> Result<(), Problem> {
    let cmdlet = call.cmdlet();
    if caller.read_only && !call.is_read() && !call.what_if {
        return Err(Problem::new("PC-E07", "This token may only read.").terminating());
    }
    if caller.may_run(&service.catalogue, &cmdlet) || registry::open_to_all(call) {
        return Ok(());
    }
    let roles = match caller.role_names() {
        names if names.is_empty() => "no role".to_owned(),
        names => names.join(", "),
    };
    let message = format!("'{}' holds {roles}, which may not run {cmdlet}.", caller.name);
    Err(Problem::new("PC-E07", message).terminating())
}
