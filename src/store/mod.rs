//! Where everything is kept: one `Store` over SQLite (embedded) or PostgreSQL.
//!
//! Work happens in transactions: `read` and `write` take a closure, `begin` hands one out for a longer while.
//! A write transaction is made from its origin and writes audit, outbox and idempotency rows itself.

mod audit;
mod backup;
mod engine;
mod migrations;
mod objects;
mod postgres;
mod principals;
mod records;
mod sqlite;
mod transaction;

pub use audit::{AuditEntry, Change, Verdict};
pub use engine::{Parameter, Row};
pub use objects::Record;
pub use principals::{Principal, path_of};
pub use records::{ComplianceEvent, Invitation, Message, Token};
pub use transaction::{Origin, Transaction};

use crate::api::Problem;
use engine::{Engine, Session};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// The store. Cheap to share; connections are kept and reused.
pub struct Store {
    engine: Arc<dyn Engine>,
    idle: Mutex<Vec<Box<dyn Session>>>,
}

/// Connections kept open for reuse.
const KEPT: usize = 16;

impl Store {
    /// Opens (and on first use makes) the SQLite store in a directory, and brings its schema up to date.
    pub fn sqlite(directory: &Path) -> Result<Self, Problem> {
        Self::over(Arc::new(sqlite::Sqlite::in_directory(directory)?))
    }

    /// Opens the PostgreSQL store at a `postgres://` address, and brings its schema up to date.
    pub fn postgres(address: &str) -> Result<Self, Problem> {
        Self::over(Arc::new(postgres::Postgres::at(address)?))
    }

    /// Opens by address: a `postgres://` URL, or the directory of a SQLite store.
    pub fn open(address: &str) -> Result<Self, Problem> {
        match address.starts_with("postgres://") || address.starts_with("postgresql://") {
            true => Self::postgres(address),
            false => Self::sqlite(Path::new(address)),
        }
    }

    fn over(engine: Arc<dyn Engine>) -> Result<Self, Problem> {
        let mut session = engine.open()?;
        migrations::up(session.as_mut(), engine.name())?;
        Ok(Store { engine, idle: Mutex::new(vec![session]) })
    }

    /// The engine's name: `sqlite` or `postgres`.
    pub fn engine(&self) -> &'static str {
        self.engine.name()
    }

    /// Runs a closure over a consistent view; nothing is written.
    pub fn read<T>(&self, work: impl FnOnce(&mut Transaction) -> Result<T, Problem>) -> Result<T, Problem> {
        let mut transaction = self.start(None)?;
        let result = work(&mut transaction);
        self.keep(transaction.undo()?);
        result
    }

    /// Runs a closure and makes what it did durable, or, if it fails, undoes all of it.
    pub fn write<T>(
        &self,
        origin: Origin,
        work: impl FnOnce(&mut Transaction) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let mut transaction = self.start(Some(origin))?;
        match work(&mut transaction) {
            Ok(value) => {
                self.keep(transaction.finish()?);
                Ok(value)
            }
            Err(problem) => {
                self.keep(transaction.undo()?);
                Err(problem)
            }
        }
    }

    /// A write transaction to be finished later with [`Self::commit`] or [`Self::rollback`].
    pub fn begin(&self, origin: Origin) -> Result<Transaction, Problem> {
        self.start(Some(origin))
    }

    /// Makes a begun transaction durable.
    pub fn commit(&self, transaction: Transaction) -> Result<(), Problem> {
        self.keep(transaction.finish()?);
        Ok(())
    }

    /// Undoes a begun transaction.
    pub fn rollback(&self, transaction: Transaction) -> Result<(), Problem> {
        self.keep(transaction.undo()?);
        Ok(())
    }

    /// Steps the schema down to a version (0 = empty). For the service owner, never automatic.
    pub fn migrate_down(&self, version: i64) -> Result<(), Problem> {
        migrations::down(self.session()?.as_mut(), self.engine.name(), version)
    }

    /// The schema version of the store.
    pub fn schema_version(&self) -> Result<i64, Problem> {
        let mut session = self.session()?;
        let version = migrations::version(session.as_mut())?;
        self.keep(session);
        Ok(version)
    }

    fn start(&self, origin: Option<Origin>) -> Result<Transaction, Problem> {
        let mut session = self.session()?;
        match session.begin(origin.is_some()) {
            Ok(()) => Ok(Transaction::new(session, origin)),
            // A kept connection may have died with its server: one fresh one is tried.
            Err(problem) if problem.id == "PC-E95" => {
                let mut session = self.engine.open()?;
                session.begin(origin.is_some()).map_err(|_| problem)?;
                Ok(Transaction::new(session, origin))
            }
            Err(problem) => Err(problem),
        }
    }

    fn session(&self) -> Result<Box<dyn Session>, Problem> {
        let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        kept.map_or_else(|| self.engine.open(), Ok)
    }

    fn keep(&self, session: Box<dyn Session>) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < KEPT && session.is_sound() {
            idle.push(session);
        }
    }
}
