//! The PostgreSQL engine: several services over one database. Writes to everything hold an advisory lock alone, so that
//! what such a transaction checked still holds when it commits, as it does with SQLite. Writes to one object share that
//! lock and run side by side; revisions and unique indexes guard what two of them could both change.

use super::engine::{Each, Engine, Extent, Mode, Parameter, Row, Session};
use super::postgres_address::Address;
use super::postgres_tls::Failure;
use crate::api::{Problem, innermost};
use ::postgres::config::TargetSessionAttrs;
use ::postgres::error::SqlState;
use ::postgres::types::private::BytesMut;
use ::postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use ::postgres::{Client, SimpleQueryMessage, Statement};
use std::collections::HashMap;
use std::error::Error;
use std::time::Duration;

/// How transactions begin, together with the look at the deployment's mark that every call needs. The number is the key
/// of the writers' lock: the letters of the product's name. Statements after the lock see what was committed before it
/// was given.
const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT value FROM meta WHERE name = 'deployment'";
const WRITE_ALONE: &str =
    "BEGIN; SELECT pg_advisory_xact_lock(1885565800); SELECT value FROM meta WHERE name = 'deployment'";
const WRITE_BESIDE_OTHERS: &str =
    "BEGIN; SELECT pg_advisory_xact_lock_shared(1885565800); SELECT value FROM meta WHERE name = 'deployment'";
/// While there is no schema yet.
const MIGRATE: &str = "BEGIN; SELECT pg_advisory_xact_lock(1885565800)";

/// A chain of the audit trail belongs to the connection that holds its lock, until that connection ends.
const TAKE_CHAIN: &str =
    "SELECT CASE WHEN pg_try_advisory_lock(1885565801, $1::bigint::integer) THEN 1::bigint ELSE 0::bigint END";
/// More chains than any server has connections.
const MOST_CHAINS: i64 = 10_000;

/// Connections of one service; several services share what the server allows in all.
const MOST_SESSIONS: usize = 32;

pub(super) struct Postgres {
    address: Address,
}

impl Postgres {
    pub(super) fn at(address: &str) -> Result<Self, Problem> {
        let mut address = Address::read(address)?;
        let config = &mut address.config;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        config.application_name("pcsh");
        // Of several servers the one that takes writes is meant: after a fail-over, the former standby.
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        config.keepalives_idle(Duration::from_secs(15));
        config.tcp_user_timeout(Duration::from_secs(20));
        Ok(Postgres { address })
    }
}

impl Engine for Postgres {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn most_sessions(&self) -> usize {
        MOST_SESSIONS
    }

    fn writes_one_by_one(&self) -> bool {
        false
    }

    fn open(&self) -> Result<Box<dyn Session>, Problem> {
        let client = outside_runtime(|| self.address.connect()).map_err(|failure| match failure {
            Failure::Files(problem) => problem,
            Failure::Server(error) => self.address.explain(&error).unwrap_or_else(|| explain(error)),
        })?;
        let mut session = PostgresSession {
            client: Some(client),
            statements: HashMap::new(),
            in_transaction: false,
            broken: false,
            chain: None,
        };
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
    /// There until the session is dropped.
    client: Option<Client>,
    statements: HashMap<&'static str, Statement>,
    in_transaction: bool,
    /// The server can no longer be used through this connection, though it may be open.
    broken: bool,
    /// The chain that belongs to this connection, and its last hash.
    chain: Option<(i64, Option<String>)>,
}

impl PostgresSession {
    fn prepared(&mut self, sql: &'static str) -> Result<Statement, Problem> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.with(|client| client.prepare(sql))?;
        self.statements.insert(sql, statement.clone());
        Ok(statement)
    }
}

impl Drop for PostgresSession {
    fn drop(&mut self) {
        // Closing waits for the other side, which a task of a runtime may not.
        if let Some(client) = self.client.take() {
            outside_runtime(move || drop(client));
        }
    }
}

impl PostgresSession {
    fn is_closed(&self) -> bool {
        self.client.as_ref().is_none_or(Client::is_closed)
    }

    /// Runs something on the connection; what fails there is explained.
    fn with<T: Send>(
        &mut self,
        work: impl FnOnce(&mut Client) -> Result<T, ::postgres::Error> + Send,
    ) -> Result<T, Problem> {
        let client = self.client.as_mut().ok_or_else(|| Problem::internal("the connection is closed"))?;
        outside_runtime(|| work(client)).map_err(|error| self.explained(error))
    }

    fn explained(&mut self, error: ::postgres::Error) -> Problem {
        let problem = explain(error);
        self.broken |= problem.id == "PC-E95";
        problem
    }
}

impl Session for PostgresSession {
    fn begin(&mut self, mode: Mode) -> Result<Option<String>, Problem> {
        self.in_transaction = true;
        let sql = match mode {
            Mode::Read => READ,
            Mode::Write(Extent::Everything) => WRITE_ALONE,
            Mode::Write(Extent::OneObject) => WRITE_BESIDE_OTHERS,
            Mode::Migrate => return self.script(MIGRATE).map(|()| None),
        };
        let messages = self.with(|client| client.simple_query(sql))?;
        // The lock's own row is empty; the mark's row, if there is one, comes last.
        let mark = messages.iter().rev().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        });
        Ok(Some(mark.unwrap_or_default()))
    }

    fn chain(&mut self) -> Result<(i64, Option<String>), Problem> {
        if let Some((chain, last)) = &self.chain {
            return Ok((*chain, last.clone()));
        }
        for chain in 0..MOST_CHAINS {
            let mut taken = false;
            self.query(TAKE_CHAIN, &[chain.into()], &mut |row| {
                taken = row.integer(0)? == 1;
                Ok(false)
            })?;
            if taken {
                self.chain = Some((chain, None));
                return Ok((chain, None));
            }
        }
        Err(Problem::internal("no chain of the audit trail is free"))
    }

    fn chained(&mut self, hash: &str) {
        if let Some((_, last)) = &mut self.chain {
            *last = Some(hash.to_owned());
        }
    }

    fn commit(&mut self) -> Result<(), Problem> {
        self.script("COMMIT")?;
        self.in_transaction = false;
        Ok(())
    }

    fn rollback(&mut self) -> Result<(), Problem> {
        if self.in_transaction && !self.broken && !self.is_closed() {
            self.script("ROLLBACK")?;
            self.in_transaction = false;
        }
        Ok(())
    }

    fn execute(&mut self, sql: &'static str, parameters: &[Parameter<'_>]) -> Result<u64, Problem> {
        let statement = self.prepared(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> = parameters.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        self.with(|client| client.execute(&statement, &values))
    }

    fn query(&mut self, sql: &'static str, parameters: &[Parameter<'_>], each: &mut Each<'_>) -> Result<(), Problem> {
        let statement = self.prepared(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> = parameters.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        let rows = self.with(|client| client.query(&statement, &values))?;
        for row in &rows {
            if !each(&Row::Postgres(row))? {
                break;
            }
        }
        Ok(())
    }

    fn script(&mut self, sql: &str) -> Result<(), Problem> {
        self.with(|client| client.batch_execute(sql))
    }

    fn is_sound(&self) -> bool {
        !self.in_transaction && !self.broken && !self.is_closed()
    }
}

/// What a failure of PostgreSQL means for whoever runs the service, and what to do.
fn explain(error: ::postgres::Error) -> Problem {
    let Some(code) = error.code().cloned() else {
        return Problem::new("PC-E95", format!("The PostgreSQL store cannot be reached: {}.", innermost(&error)));
    };
    let said = error.as_db_error().map(|inner| inner.message().to_owned()).unwrap_or_default();
    let overtaken = [
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::UNIQUE_VIOLATION,
        SqlState::FOREIGN_KEY_VIOLATION,
    ];
    match code {
        code if overtaken.contains(&code) => {
            let message = "Another writer has changed the same objects at the same time; try again.";
            Problem::new("PC-E94", message).overtaken()
        }
        SqlState::LOCK_NOT_AVAILABLE | SqlState::TOO_MANY_CONNECTIONS => {
            Problem::new("PC-E94", format!("The PostgreSQL store is busy ({said}); try again."))
        }
        SqlState::DISK_FULL => {
            let message =
                format!("The disk of the PostgreSQL store is full ({said}); nothing of this call was written.");
            Problem::new("PC-E84", message)
        }
        SqlState::READ_ONLY_SQL_TRANSACTION => {
            Problem::new("PC-E95", "The PostgreSQL server takes no writes: it is a standby, or was one just now.")
        }
        // Classes of a server that is going down or coming up, of connections, of resources that have run out.
        code if ["57P", "08", "53", "58"].iter().any(|class| code.code().starts_with(class)) => {
            Problem::new("PC-E95", format!("The PostgreSQL store cannot be used now: {said}."))
        }
        SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION | SqlState::UNDEFINED_DATABASE => {
            Problem::new("PC-E95", format!("The PostgreSQL store refuses the service: {said}."))
        }
        _ => Problem::internal(format!("PostgreSQL refused a statement: {said}")),
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
