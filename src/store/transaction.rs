//! One transaction: statements with an origin. What is changed through it is audited by it.

use super::audit;
use super::engine::{Parameter, Session};
use super::pool::Leased;
use super::queue::Turn;
use crate::api::Problem;

/// Who writes, by which cmdlet, in which request, and when (milliseconds since 1970).
#[derive(Clone, Debug, Default)]
pub(crate) struct Origin {
    pub(crate) actor: String,
    pub(crate) cmdlet: String,
    pub(crate) request: String,
    pub(crate) now: i64,
}

/// The connection of a transaction: its own, or that of a turn to write.
pub(super) enum Seat {
    Own(Leased),
    InLine(Turn),
}

impl Seat {
    fn session(&mut self) -> Result<&mut (dyn Session + 'static), Problem> {
        match self {
            Seat::Own(session) => session.session(),
            Seat::InLine(turn) => turn.session()?.session(),
        }
    }
}

/// A transaction on one connection. Dropping it without an end closes the connection, which undoes it.
pub struct Transaction {
    seat: Seat,
    origin: Option<Origin>,
    /// The chain of the audit trail that it appends to, and that chain's last hash.
    pub(super) chain: Option<(i64, String)>,
    /// The same when [`Self::mark`] was called.
    chain_at_mark: Option<(i64, String)>,
    /// The deployment's mark as read at the beginning.
    deployment: Option<String>,
}

/// The store's own value that changes with every change of the deployment.
pub(crate) const DEPLOYMENT_MARK: &str = "deployment";

impl Transaction {
    pub(super) fn new(seat: Seat, origin: Option<Origin>, deployment: Option<String>) -> Self {
        Transaction { seat, origin, chain: None, chain_at_mark: None, deployment }
    }

    /// Who writes; a reading transaction has no origin and cannot write.
    pub(crate) fn origin(&self) -> Result<&Origin, Problem> {
        self.origin.as_ref().ok_or_else(|| Problem::internal("a reading transaction tried to write"))
    }

    /// The next call of a transaction that spans several.
    pub(crate) fn set_origin(&mut self, origin: Origin) {
        self.origin = Some(origin);
    }

    pub(super) fn execute(&mut self, sql: &'static str, parameters: &[Parameter<'_>]) -> Result<u64, Problem> {
        self.seat.session()?.execute(sql, parameters)
    }

    /// A statement whose outcome may show later, at the latest with the commit.
    pub(super) fn execute_later(&mut self, sql: &'static str, parameters: &[Parameter<'_>]) -> Result<(), Problem> {
        self.seat.session()?.execute_later(sql, parameters)
    }

    /// The first row of a query, read by `read`.
    pub(super) fn first<T>(
        &mut self,
        sql: &'static str,
        parameters: &[Parameter<'_>],
        mut read: impl FnMut(&super::Row<'_>) -> Result<T, Problem>,
    ) -> Result<Option<T>, Problem> {
        let mut found = None;
        self.seat.session()?.query(sql, parameters, &mut |row| {
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
        self.seat.session()?.query(sql, parameters, &mut |row| {
            rows.push(read(row)?);
            Ok(true)
        })?;
        Ok(rows)
    }

    /// Marks a point to come back to when one call of several fails.
    pub(crate) fn mark(&mut self) -> Result<(), Problem> {
        self.chain_at_mark.clone_from(&self.chain);
        self.execute("SAVEPOINT call", &[]).map(drop)
    }

    /// Undoes everything since [`Self::mark`].
    pub(crate) fn back_to_mark(&mut self) -> Result<(), Problem> {
        self.chain = self.chain_at_mark.take();
        // The mark itself sent what was put off before it.
        self.seat.session()?.forget_later();
        self.execute("ROLLBACK TO SAVEPOINT call", &[])?;
        self.execute("RELEASE SAVEPOINT call", &[]).map(drop)
    }

    /// Keeps everything since [`Self::mark`].
    pub(crate) fn release_mark(&mut self) -> Result<(), Problem> {
        self.execute("RELEASE SAVEPOINT call", &[]).map(drop)
    }

    /// A named value of the store itself.
    pub fn meta(&mut self, name: &str) -> Result<Option<String>, Problem> {
        if let Some(mark) = self.deployment.as_ref().filter(|_| name == DEPLOYMENT_MARK) {
            return Ok(Some(mark.clone()).filter(|mark| !mark.is_empty()));
        }
        self.first("SELECT value FROM meta WHERE name = $1", &[name.into()], |row| row.text(0))
    }

    /// Sets a named value of the store itself.
    pub(crate) fn set_meta(&mut self, name: &str, value: &str) -> Result<(), Problem> {
        const SQL: &str =
            "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        if name == DEPLOYMENT_MARK {
            self.deployment = None;
        }
        self.execute(SQL, &[name.into(), value.into()]).map(drop)
    }

    /// Takes a named value of the store itself away.
    pub(crate) fn remove_meta(&mut self, name: &str) -> Result<(), Problem> {
        self.execute("DELETE FROM meta WHERE name = $1", &[name.into()]).map(drop)
    }

    /// A counter of the store itself, one higher than before.
    pub(crate) fn next_number(&mut self, name: &str) -> Result<i64, Problem> {
        const SQL: &str = "INSERT INTO meta (name, value) VALUES ($1, '1') ON CONFLICT (name) \
            DO UPDATE SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT) RETURNING CAST(value AS BIGINT)";
        let number = self.first(SQL, &[name.into()], |row| row.integer(0))?;
        number.ok_or_else(|| Problem::internal("a counter of the store was not written"))
    }

    /// The chain of the audit trail that this transaction appends to, and its last hash.
    pub(super) fn chain_end(&mut self) -> Result<(i64, String), Problem> {
        if let Some(end) = self.chain.take() {
            return Ok(end);
        }
        let (chain, last) = self.seat.session()?.chain()?;
        if let Some(last) = last {
            return Ok((chain, last));
        }
        let sql = "SELECT hash FROM audit WHERE lane = $1 ORDER BY id DESC LIMIT 1";
        Ok((chain, self.first(sql, &[chain.into()], |row| row.text(0))?.unwrap_or_default()))
    }

    /// Writes one audit record and its outbox event.
    pub(crate) fn audit(&mut self, change: &audit::Change<'_>) -> Result<(), Problem> {
        audit::record(self, change)
    }

    pub(super) fn finish(self) -> Result<(), Problem> {
        let mut leased = match self.seat {
            Seat::InLine(turn) => return turn.end(true),
            Seat::Own(leased) => leased,
        };
        let session = leased.session()?;
        match session.commit() {
            Ok(()) => {
                if let Some((_, last)) = &self.chain {
                    session.chained(last);
                }
                Ok(())
            }
            Err(problem) => {
                // The commit's own failure is what counts; a connection that cannot roll back is not used again.
                let _ = session.rollback();
                Err(problem)
            }
        }
    }

    /// Undoes it. Fails only where others, on whose writes it may have built, could not commit theirs.
    pub(super) fn undo(self) -> Result<(), Problem> {
        match self.seat {
            Seat::InLine(turn) => turn.end(false),
            Seat::Own(mut leased) => {
                // A connection that cannot roll back is not used again, which undoes the transaction.
                let _ = leased.session()?.rollback();
                Ok(())
            }
        }
    }
}
