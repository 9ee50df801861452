//! One transaction: statements with an origin. What is changed through it is audited by it.

use super::audit;
use super::engine::Parameter;
use super::pool::Leased;
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
    session: Leased,
    origin: Option<Origin>,
    /// The chain of the audit trail that it appends to, and that chain's last hash.
    pub(super) chain: Option<(i64, String)>,
}

impl Transaction {
    pub(super) fn new(session: Leased, origin: Option<Origin>) -> Self {
        Transaction { session, origin, chain: None }
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
        self.session.session()?.execute(sql, parameters)
    }

    /// The first row of a query, read by `read`.
    pub(super) fn first<T>(
        &mut self,
        sql: &'static str,
        parameters: &[Parameter<'_>],
        mut read: impl FnMut(&super::Row<'_>) -> Result<T, Problem>,
    ) -> Result<Option<T>, Problem> {
        let mut found = None;
        self.session.session()?.query(sql, parameters, &mut |row| {
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
        self.session.session()?.query(sql, parameters, &mut |row| {
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
        self.chain = None;
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
        const SQL: &str = "INSERT INTO meta (name, value) VALUES ($1, '1') ON CONFLICT (name) \
            DO UPDATE SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT) RETURNING CAST(value AS BIGINT)";
        let number = self.first(SQL, &[name.into()], |row| row.integer(0))?;
        number.ok_or_else(|| Problem::internal("a counter of the store was not written"))
    }

    /// The chain of the audit trail that this transaction may append to.
    pub(super) fn lane(&mut self) -> Result<i64, Problem> {
        self.session.session()?.lane()
    }

    /// Writes one audit record and its outbox event.
    pub fn audit(&mut self, change: &audit::Change<'_>) -> Result<(), Problem> {
        audit::record(self, change)
    }

    pub(super) fn finish(mut self) -> Result<(), Problem> {
        let session = self.session.session()?;
        session.commit().inspect_err(|_| {
            // The commit's own failure is what counts; a connection that cannot roll back is not used again.
            let _ = session.rollback();
        })
    }

    pub(super) fn undo(mut self) {
        if let Ok(session) = self.session.session() {
            // A connection that cannot roll back is not used again, which undoes the transaction.
            let _ = session.rollback();
        }
    }
}
