//! From a call to its reply: caller, role, idempotency, one transaction, handler.

use super::caller::{Caller, CallerId};
use super::context::{Context, Handler};
use super::{Service, compliance, registry};
use crate::api::{Call, Page, Problem, Reply};
use crate::store::{Origin, Transaction};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
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
        let mut transaction = self.store.begin(origin(request, now))?;
        match remembered(self, &mut transaction, request, now, handler) {
            Ok(reply) if !call.what_if => {
                self.store.commit(transaction)?;
                Ok(reply)
            }
            result => {
                self.store.rollback(transaction)?;
                result
            }
        }
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
            let id = self.new_guid();
            let transaction = Some(self.store.begin(origin(request, now))?);
            self.transactions.insert(id.clone(), Open { transaction, actor: request.caller.actor.clone(), used: now });
            return Ok(Reply::object(json!({ "identity": id })));
        }
        let id = call.identity.as_deref().unwrap_or_default();
        let ended = || Problem::new("PC-E89", format!("There is no open transaction '{id}'.")).terminating();
        let open = self.transactions.get(id).ok_or_else(ended)?;
        let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.actor != request.caller.actor {
            return Err(ended());
        }
        self.transactions.remove(id);
        let transaction = open.transaction.take().ok_or_else(ended)?;
        match call.verb.as_str() {
            "Complete" => self.store.commit(transaction)?,
            _ => self.store.rollback(transaction)?,
        }
        Ok(Reply::done(id))
    }

    fn drop_idle(&self, now: i64) {
        for id in self.transactions.idle_since(now - IDLE_LIMIT) {
            let Some(open) = self.transactions.remove(&id) else { continue };
            let transaction = open.lock().unwrap_or_else(PoisonError::into_inner).transaction.take();
            if let Some(transaction) = transaction
                && let Err(problem) = self.store.rollback(transaction)
            {
                tracing::warn!(%problem, transaction = %id, "an idle transaction could not be undone");
            }
        }
    }
}

fn origin(request: &Request, now: i64) -> Origin {
    let actor = request.caller.actor.clone().unwrap_or_else(|| "local operator".to_owned());
    Origin { actor, cmdlet: request.call.cmdlet(), request: request.id.clone(), now }
}

/// A write under an idempotency key answers the second time what it answered the first.
fn remembered(service: &Service, tx: &mut Transaction, request: &Request, now: i64, handler: Handler) -> Page {
    let call = &request.call;
    let Some(key) = call.idempotency_key.as_deref().filter(|_| !call.what_if) else {
        return run(service, tx, request, now, handler);
    };
    let fingerprint = fingerprint(call);
    let actor = tx.origin()?.actor.clone();
    if let Some((known, reply)) = tx.remembered_reply(&actor, key)? {
        if known != fingerprint {
            let message = "This idempotency key was already used for another request; use a new one.";
            return Err(Problem::new("PC-E93", message));
        }
        return serde_json::from_str(&reply).map_err(Problem::internal);
    }
    let reply = run(service, tx, request, now, handler)?;
    let text = serde_json::to_string(&reply).map_err(Problem::internal)?;
    // Exports are long and can be asked for again; what they answered is not kept.
    let kept = if text.len() > 65_536 { "{\"value\":[]}" } else { &text };
    tx.remember_reply(key, &fingerprint, kept)?;
    Ok(reply)
}

fn fingerprint(call: &Call) -> String {
    let mut hasher = Sha256::new();
    hasher.update(call.cmdlet().as_bytes());
    hasher.update(call.identity.as_deref().unwrap_or("\u{0}").as_bytes());
    hasher.update(Value::Object(call.parameters.0.clone()).to_string().as_bytes());
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn run(service: &Service, tx: &mut Transaction, request: &Request, now: i64, handler: Handler) -> Page {
    let call = &request.call;
    let caller = Arc::new(Caller::load(tx, &request.caller)?);
    authorize(service, &caller, call)?;
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
