//! The audit trail: append-only rows, each hashed together with the one before it in its chain, and the outbox rows
//! beside them. Writers that run side by side append to different chains, so that none waits for another's commit.

use super::Transaction;
use crate::api::{Problem, hex};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// One change, as the trail keeps it.
pub(crate) struct Change<'a> {
    /// `Created`, `Changed`, `Removed`, or what happened otherwise.
    pub(crate) action: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) target: &'a str,
    pub(crate) before: Option<&'a str>,
    pub(crate) after: Option<&'a str>,
}

/// A row of the trail.
#[derive(Clone, Debug)]
pub(crate) struct AuditEntry {
    pub(crate) id: i64,
    lane: i64,
    pub(crate) at: i64,
    pub(crate) actor: String,
    pub(crate) cmdlet: String,
    pub(crate) request: String,
    pub(crate) action: String,
    pub(crate) kind: String,
    pub(crate) target: String,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
    previous: String,
    hash: String,
}

/// What checking the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Sound, with this many rows.
    Sound(i64),
    /// The first row that does not fit.
    Broken(i64),
}

/// Values that must not be kept in the trail.
const SECRETS: [&str; 4] = ["privateKey", "password", "dialbackPassphrase", "tokenHash"];

pub(super) fn record(transaction: &mut Transaction, change: &Change<'_>) -> Result<(), Problem> {
    let origin = transaction.origin()?.clone();
    let (lane, previous) = transaction.chain_end()?;
    let before = change.before.map(without_secrets).transpose()?;
    let after = change.after.map(without_secrets).transpose()?;
    let mut entry = AuditEntry {
        id: 0,
        lane,
        at: origin.now,
        actor: origin.actor,
        cmdlet: origin.cmdlet,
        request: origin.request,
        action: change.action.to_owned(),
        kind: change.kind.to_owned(),
        target: change.target.to_owned(),
        before,
        after,
        previous,
        hash: String::new(),
    };
    entry.hash = entry.digest();
    insert(transaction, &entry)?;
    transaction.chain = Some((lane, entry.hash));
    Ok(())
}

/// A trigger adds the outbox row.
fn insert(transaction: &mut Transaction, entry: &AuditEntry) -> Result<(), Problem> {
    const SQL: &str = "INSERT INTO audit \
        (lane, at, actor, cmdlet, request, action, kind, target, before, after, previous, hash) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let parameters = [
        entry.lane.into(),
        entry.at.into(),
        (&entry.actor).into(),
        (&entry.cmdlet).into(),
        (&entry.request).into(),
        (&entry.action).into(),
        (&entry.kind).into(),
        (&entry.target).into(),
        entry.before.as_deref().into(),
        entry.after.as_deref().into(),
        (&entry.previous).into(),
        (&entry.hash).into(),
    ];
    transaction.execute_later(SQL, &parameters)
}

fn without_secrets(text: &str) -> Result<String, Problem> {
    if !SECRETS.iter().any(|secret| text.contains(secret)) {
        return Ok(text.to_owned());
    }
    let mut value: Value = serde_json::from_str(text).map_err(Problem::internal)?;
    hide_secrets(&mut value);
    Ok(value.to_string())
}

fn hide_secrets(value: &mut Value) {
    match value {
        Value::Object(fields) => fields.iter_mut().for_each(|(name, field)| match SECRETS.contains(&name.as_str()) {
            true => *field = Value::from("(hidden)"),
            false => hide_secrets(field),
        }),
        Value::Array(items) => items.iter_mut().for_each(hide_secrets),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

impl AuditEntry {
    fn digest(&self) -> String {
        let mut hasher = Sha256::new();
        let at = self.at.to_string();
        let none = "\u{0}".to_owned();
        let (before, after) = (self.before.as_ref().unwrap_or(&none), self.after.as_ref().unwrap_or(&none));
        let fields: [&String; 10] = [
            &self.previous,
            &at,
            &self.actor,
            &self.cmdlet,
            &self.request,
            &self.action,
            &self.kind,
            &self.target,
            before,
            after,
        ];
        for field in fields {
            hasher.update((field.len() as u64).to_le_bytes());
            hasher.update(field.as_bytes());
        }
        hex(&hasher.finalize())
    }

    fn read(row: &super::Row<'_>) -> Result<Self, Problem> {
        Ok(AuditEntry {
            id: row.integer(0)?,
            at: row.integer(1)?,
            actor: row.text(2)?,
            cmdlet: row.text(3)?,
            request: row.text(4)?,
            action: row.text(5)?,
            kind: row.text(6)?,
            target: row.text(7)?,
            before: row.optional_text(8)?,
            after: row.optional_text(9)?,
            previous: row.text(10)?,
            hash: row.text(11)?,
            lane: row.integer(12)?,
        })
    }
}

impl Transaction {
    /// Rows of the trail after an id, oldest first.
    pub(crate) fn audit_entries(&mut self, after: i64, limit: i64) -> Result<Vec<AuditEntry>, Problem> {
        const SQL: &str = "SELECT id, at, actor, cmdlet, request, action, kind, target, before, after, previous, hash, lane \
            FROM audit WHERE id > $1 ORDER BY id LIMIT $2";
        self.all(SQL, &[after.into(), limit.into()], AuditEntry::read)
    }

    /// Checks the hash chains from their beginning.
    pub fn verify_audit(&mut self) -> Result<Verdict, Problem> {
        let (mut last, mut count) = (0, 0);
        let mut ends: BTreeMap<i64, String> = BTreeMap::new();
        loop {
            let entries = self.audit_entries(last, 1000)?;
            if entries.is_empty() {
                return Ok(Verdict::Sound(count));
            }
            for entry in entries {
                let end = ends.entry(entry.lane).or_default();
                if entry.previous != *end || entry.hash != entry.digest() {
                    return Ok(Verdict::Broken(entry.id));
                }
                *end = entry.hash;
                (last, count) = (entry.id, count + 1);
            }
        }
    }

    /// Events not yet delivered: the number of each, and the change it tells of.
    pub(crate) fn waiting_events(&mut self, limit: i64) -> Result<Vec<(i64, AuditEntry)>, Problem> {
        const SQL: &str = "SELECT a.id, a.at, a.actor, a.cmdlet, a.request, a.action, a.kind, a.target, a.before, a.after, \
            a.previous, a.hash, a.lane, o.id FROM outbox o JOIN audit a ON a.id = o.audit \
            WHERE o.delivered IS NULL ORDER BY o.id LIMIT $1";
        self.all(SQL, &[limit.into()], |row| Ok((row.integer(13)?, AuditEntry::read(row)?)))
    }

    /// Marks an event as delivered.
    pub(crate) fn event_delivered(&mut self, id: i64, now: i64) -> Result<(), Problem> {
        self.execute("UPDATE outbox SET delivered = $1 WHERE id = $2", &[now.into(), id.into()]).map(drop)
    }

    /// Forgets events that were delivered before a moment.
    pub(crate) fn forget_delivered(&mut self, before: i64) -> Result<u64, Problem> {
        self.execute("DELETE FROM outbox WHERE delivered < $1", &[before.into()])
    }
}
