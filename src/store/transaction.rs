//! One transaction: statements with an origin. What is changed through it is audited by it.

use super::audit;
use super::engine::{Parameter, Session};
use crate::api::Problem;

/// Who writes, by which cmdlet, in which request, and when (milliseconds since 1970).
#[derive(Clone, Debug, Default)]
pub struct Origin {
    pub actor: String,
    pub cmdlet: String,
    pub request: String,
    pub now: i64,
}

/// A transaction on one connection. Dropping it without an end closes the connection, which undoes it.
pub struct Transaction {
    session: Box<dyn Session>,
    origin: Option<Origin>,
    pub(super) audit_head: Option<String>,
}

impl Transaction {
    pub(super) fn new(session: Box<dyn Session>, origin: Option<Origin>) -> Self {
        Transaction { session, origin, audit_head: None }
    }

    /// Who writes; a reading transaction has no origin and cannot write.
    pub fn origin(&self) -> Result<&Origin, Problem> {
        self.origin.as_ref().ok_or_else(|| Problem::internal("a reading transaction tried to write"))
    }

    /// The next call of a transaction that spans several.
    pub fn set_origin(&mut self, origin: Origin) {
        self.origin = Some(origin);
    }

    pub(super) fn execute(&mut self, sql: &'static str, parameters: &[Parameter<'_>]) -> Result<u64, Problem> {
        self.session.execute(sql, parameters)
    }

    /// The first row of a query, read by `read`.
    pub(super) fn first<T>(
        &mut self,
        sql: &'static str,
        parameters: &[Parameter<'_>],
        mut read: impl FnMut(&super::Row<'_>) -> Result<T, Problem>,
    ) -> Result<Option<T>, Problem> {
        let mut found = None;
        self.session.query(sql, parameters, &mut |row| {
            found = Some(read(row)?);
            Ok(false)
        })?;
        Ok(found)
    }

    /// All rows of a query, read by `read`.
    pub(super) fn all<T>(
        &mut self,
        sql: &'static str,
        parameters: &[Parameter<'_>],
        mut read: impl FnMut(&super::Row<'_>) -> Result<T, Problem>,
    ) -> Result<Vec<T>, Problem> {
        let mut rows = Vec::new();
        self.session.query(sql, parameters, &mut |row| {
            rows.push(read(row)?);
            Ok(true)
        })?;
        Ok(rows)
    }

    /// Marks a point to come back to when one call of several fails.
    pub fn mark(&mut self) -> Result<(), Problem> {
        self.execute("SAVEPOINT call", &[]).map(drop)
    }

    /// Undoes everything since [`Self::mark`].
    pub fn back_to_mark(&mut self) -> Result<(), Problem> {
        self.audit_head = None;
        self.execute("ROLLBACK TO SAVEPOINT call", &[])?;
        self.execute("RELEASE SAVEPOINT call", &[]).map(drop)
    }

    /// Keeps everything since [`Self::mark`].
    pub fn release_mark(&mut self) -> Result<(), Problem> {
        self.execute("RELEASE SAVEPOINT call", &[]).map(drop)
    }

    /// A named value of the store itself.
    pub fn meta(&mut self, name: &str) -> Result<Option<String>, Problem> {
        self.first("SELECT value FROM meta WHERE name = $1", &[name.into()], |row| row.text(0))
    }

    /// Sets a named value of the store itself.
    pub fn set_meta(&mut self, name: &str, value: &str) -> Result<(), Problem> {
        const SQL: &str =
            "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.execute(SQL, &[name.into(), value.into()]).map(drop)
    }

    /// A counter of the store itself, one higher than before.
    pub fn next_number(&mut self, name: &str) -> Result<i64, Problem> {
        let before = self.meta(name)?.and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
        let after = before.saturating_add(1);
        self.set_meta(name, &after.to_string())?;
        Ok(after)
    }

    /// Writes one audit record and its outbox event.
    pub fn audit(&mut self, change: &audit::Change<'_>) -> Result<(), Problem> {
        audit::record(self, change)
    }

    pub(super) fn finish(mut self) -> Result<Box<dyn Session>, Problem> {
        match self.session.commit() {
            Ok(()) => Ok(self.session),
            Err(problem) => {
                self.session.rollback()?;
                Err(problem)
            }
        }
    }

    pub(super) fn undo(mut self) -> Result<Box<dyn Session>, Problem> {
        self.session.rollback()?;
        Ok(self.session)
    }
}
