//! The PostgreSQL engine: several services over one database. Writers queue on one advisory lock, so that what one
//! transaction checked still holds when it commits, as it does with SQLite.

use super::engine::{Each, Engine, Parameter, Row, Session};
use crate::api::Problem;
use ::postgres::types::private::BytesMut;
use ::postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use ::postgres::{Client, Config, NoTls, Statement};
use std::collections::HashMap;
use std::error::Error;
use std::str::FromStr;
use std::time::Duration;

/// The key of the advisory lock that writers hold; the letters of the product's name.
const WRITERS: &str = "SELECT pg_advisory_xact_lock(1885565800)";

pub(super) struct Postgres {
    config: Config,
}

impl Postgres {
    pub(super) fn at(address: &str) -> Result<Self, Problem> {
        let mut config = Config::from_str(address).map_err(|error| {
            Problem::new("PC-E95", format!("The address of the PostgreSQL store cannot be read: {error}."))
        })?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        config.application_name("pcsh");
        Ok(Postgres { config })
    }
}

impl Engine for Postgres {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn open(&self) -> Result<Box<dyn Session>, Problem> {
        let client = outside_runtime(|| self.config.connect(NoTls)).map_err(explain)?;
        let mut session = PostgresSession { client, statements: HashMap::new(), in_transaction: false };
        session.script("SET lock_timeout = '10s'; SET synchronous_commit = on; SET client_min_messages = warning")?;
        Ok(Box::new(session))
    }
}

/// The blocking client drives a runtime of its own, which may not be entered from a task of another.
fn outside_runtime<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    use tokio::runtime::{Handle, RuntimeFlavor};
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        Err(_) => work(),
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        Ok(_) => std::thread::scope(|scope| match scope.spawn(work).join() {
            Ok(value) => value,
            Err(panic) => std::panic::resume_unwind(panic),
        }),
    }
}

struct PostgresSession {
    client: Client,
    statements: HashMap<&'static str, Statement>,
    in_transaction: bool,
}

impl PostgresSession {
    fn prepared(&mut self, sql: &'static str) -> Result<Statement, Problem> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = outside_runtime(|| self.client.prepare(sql)).map_err(explain)?;
        self.statements.insert(sql, statement.clone());
        Ok(statement)
    }
}

impl Session for PostgresSession {
    fn begin(&mut self, write: bool) -> Result<(), Problem> {
        self.script(if write { "BEGIN" } else { "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" })?;
        self.in_transaction = true;
        if write { self.script(WRITERS) } else { Ok(()) }
    }

    fn commit(&mut self) -> Result<(), Problem> {
        self.script("COMMIT")?;
        self.in_transaction = false;
        Ok(())
    }

    fn rollback(&mut self) -> Result<(), Problem> {
        if self.in_transaction && !self.client.is_closed() {
            self.script("ROLLBACK")?;
        }
        self.in_transaction = false;
        Ok(())
    }

    fn execute(&mut self, sql: &'static str, parameters: &[Parameter<'_>]) -> Result<u64, Problem> {
        let statement = self.prepared(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> = parameters.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        outside_runtime(|| self.client.execute(&statement, &values)).map_err(explain)
    }

    fn query(&mut self, sql: &'static str, parameters: &[Parameter<'_>], each: &mut Each<'_>) -> Result<(), Problem> {
        let statement = self.prepared(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> = parameters.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        let rows = outside_runtime(|| self.client.query(&statement, &values)).map_err(explain)?;
        for row in &rows {
            if !each(&Row::Postgres(row))? {
                break;
            }
        }
        Ok(())
    }

    fn script(&mut self, sql: &str) -> Result<(), Problem> {
        outside_runtime(|| self.client.batch_execute(sql)).map_err(explain)
    }

    fn is_sound(&self) -> bool {
        !self.in_transaction && !self.client.is_closed()
    }
}

fn explain(error: ::postgres::Error) -> Problem {
    use ::postgres::error::SqlState;
    let server = error.as_db_error().map(|inner| inner.message().to_owned());
    match error.code() {
        Some(code) if [SqlState::LOCK_NOT_AVAILABLE, SqlState::T_R_DEADLOCK_DETECTED].contains(code) => {
            Problem::new("PC-E94", "The PostgreSQL store is held by another writer; try again.")
        }
        Some(code) if [SqlState::DISK_FULL, SqlState::READ_ONLY_SQL_TRANSACTION].contains(code) => {
            let reason = server.unwrap_or_default();
            Problem::new("PC-E95", format!("The PostgreSQL store cannot be written: {reason}."))
        }
        Some(_) => Problem::internal(format!("PostgreSQL refused a statement: {}", server.unwrap_or_default())),
        None => Problem::new("PC-E95", format!("The PostgreSQL store cannot be reached: {error}.")),
    }
}

impl ToSql for Parameter<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Parameter::Integer(number) | Parameter::OptionalInteger(Some(number)) => number.to_sql(kind, out),
            Parameter::Text(text) | Parameter::OptionalText(Some(text)) => text.to_sql(kind, out),
            Parameter::OptionalInteger(None) | Parameter::OptionalText(None) => Ok(IsNull::Yes),
        }
    }

    fn accepts(kind: &Type) -> bool {
        [Type::INT8, Type::TEXT, Type::VARCHAR].contains(kind)
    }

    to_sql_checked!();
}
