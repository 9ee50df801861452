//! Where everything is kept: one `Store` over SQLite (embedded) or PostgreSQL.
//!
//! Work happens in transactions: `read` and `write` take a closure, `begin` hands one out for a longer while.
//! A write transaction is made from its origin and writes audit, outbox and idempotency rows itself.

mod audit;
mod backup;
mod engine;
mod migrations;
mod objects;
mod pool;
mod postgres;
mod postgres_address;
mod postgres_tls;
mod postgres_watch;
mod principals;
mod queue;
mod records;
mod sqlite;
mod sqlite_watch;
mod state;
mod transaction;
mod waiter;

pub use audit::Verdict;
pub(crate) use audit::{AuditEntry, Change};
pub(crate) use backup::RESTORED;
pub(crate) use engine::{Extent, Parameter, Row};
pub(crate) use objects::Record;
pub(crate) use principals::{Principal, path_of};
pub(crate) use records::{ComplianceEvent, Message, Token, TotalsByRoom};
pub(crate) use state::State;
pub(crate) use transaction::{DEPLOYMENT_MARK, Origin, Transaction};

use crate::api::Problem;
use engine::{Engine, Mode};
use pool::{Leased, Pool};
use queue::Queue;
use state::Watch;
use std::path::Path;
use std::sync::Arc;
use transaction::Seat;

/// The store. Cheap to share; connections are kept and reused.
pub struct Store {
    engine: Arc<dyn Engine>,
    pool: Arc<Pool>,
    /// Where writers wait, if the engine takes one at a time.
    queue: Option<Arc<Queue>>,
    watch: Box<dyn Watch>,
}

impl Store {
    /// Opens (and on first use makes) the SQLite store in a directory, and brings its schema up to date.
    pub(crate) fn sqlite(directory: &Path) -> Result<Self, Problem> {
        Self::over(Arc::new(sqlite::Sqlite::in_directory(directory)?))
    }

    /// Opens the PostgreSQL store at a `postgres://` address, and brings its schema up to date.
    pub(crate) fn postgres(address: &str) -> Result<Self, Problem> {
        Self::over(Arc::new(postgres::Postgres::at(address)?))
    }

    /// Opens by address: a `postgres://` URL, or the directory of a SQLite store.
    pub fn open(address: &str) -> Result<Self, Problem> {
        match address.starts_with("postgres://") || address.starts_with("postgresql://") {
            true => Self::postgres(address),
            // Not repeated: it may hold a password.
            false if address.contains("://") => {
                Err(Problem::new("PC-E25", "A store is a directory (SQLite), or a postgres:// address.").terminating())
            }
            false => Self::sqlite(Path::new(address)),
        }
    }

    fn over(engine: Arc<dyn Engine>) -> Result<Self, Problem> {
        let pool = Pool::new(engine.clone());
        migrations::up(pool.lease()?.session()?, engine.name())?;
        let queue = engine.writes_one_by_one().then(|| Queue::new(pool.clone()));
        let watch = engine.watch();
        Ok(Store { engine, pool, queue, watch })
    }

    /// The engine's name: `sqlite` or `postgres`.
    pub fn engine(&self) -> &'static str {
        self.engine.name()
    }

    /// Does the engine work within this process, so that a look into it takes microseconds?
    pub(crate) fn is_in_process(&self) -> bool {
        self.engine.writes_one_by_one()
    }

    /// Connections to the engine: open, and those among them that nobody uses.
    pub(crate) fn connections(&self) -> (usize, usize) {
        self.pool.count()
    }

    /// The state that the store is in now: never an older one than at the call. Waits for no more than a round trip.
    pub(crate) async fn state(&self) -> Result<State, Problem> {
        self.watch.look().await
    }

    /// Runs a closure over a consistent view; nothing is written.
    pub fn read<T>(&self, work: impl FnOnce(&mut Transaction) -> Result<T, Problem>) -> Result<T, Problem> {
        let mut transaction = self.start(Mode::Read, None)?;
        let result = work(&mut transaction);
        transaction.undo()?;
        result
    }

    /// Runs a closure and makes what it did durable, or, if it fails, undoes all of it.
    pub(crate) fn write<T>(
        &self,
        origin: Origin,
        work: impl FnOnce(&mut Transaction) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let mut transaction = self.begin(origin)?;
        match work(&mut transaction) {
            Ok(value) => {
                transaction.finish()?;
                Ok(value)
            }
            Err(problem) => {
                transaction.undo()?;
                Err(problem)
            }
        }
    }

    /// A write transaction to be finished later with [`Self::commit`] or [`Self::rollback`]. It may take its time.
    pub(crate) fn begin(&self, origin: Origin) -> Result<Transaction, Problem> {
        match &self.queue {
            Some(queue) => self.start_in_line(queue, false, Extent::Everything, origin),
            None => self.start(Mode::Write(Extent::Everything), Some(origin)),
        }
    }

    /// A short write transaction that keeps to an extent. It may be committed together with others.
    pub(crate) fn begin_within(&self, origin: Origin, extent: Extent) -> Result<Transaction, Problem> {
        match &self.queue {
            Some(queue) => self.start_in_line(queue, true, extent, origin),
            None => self.start(Mode::Write(extent), Some(origin)),
        }
    }

    /// Makes a begun transaction durable.
    pub(crate) fn commit(&self, transaction: Transaction) -> Result<(), Problem> {
        transaction.finish()
    }

    /// Undoes a begun transaction. Fails where others, on whose writes it may have built, could not commit theirs.
    pub(crate) fn rollback(&self, transaction: Transaction) -> Result<(), Problem> {
        transaction.undo()
    }

    /// Steps the schema down to a version (0 = empty). For the service owner, never automatic.
    pub fn migrate_down(&self, version: i64) -> Result<(), Problem> {
        migrations::down(self.pool.lease()?.session()?, self.engine.name(), version)
    }

    /// The schema version of the store.
    pub fn schema_version(&self) -> Result<i64, Problem> {
        migrations::version(self.pool.lease()?.session()?)
    }

    fn start(&self, mode: Mode, origin: Option<Origin>) -> Result<Transaction, Problem> {
        let mut session = self.pool.lease()?;
        let mark = match session.session()?.begin(mode) {
            // A kept connection may have died with its server: one fresh one is tried.
            Err(problem) if problem.id == "PC-E95" => {
                drop(session);
                session = self.pool.lease_new()?;
                session.session()?.begin(mode)?
            }
            result => result?,
        };
        Ok(Transaction::new(Seat::Own(session), origin, mark))
    }

    fn start_in_line(
        &self,
        queue: &Arc<Queue>,
        shares: bool,
        extent: Extent,
        origin: Origin,
    ) -> Result<Transaction, Problem> {
        let mut turn = queue.join(shares)?;
        if turn.is_first() {
            let begin = |session: &mut Leased| session.session()?.begin(Mode::Write(extent));
            match begin(turn.session()?) {
                Err(problem) if problem.id == "PC-E95" => {
                    turn.renew()?;
                    begin(turn.session()?)?;
                }
                result => drop(result?),
            }
        }
        Ok(Transaction::new(Seat::InLine(turn), Some(origin), None))
    }
}
