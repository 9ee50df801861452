//! The PostgreSQL engine: several services over one database. Writes to everything hold an advisory lock alone, so that
//! what such a transaction checked still holds when it commits, as it does with SQLite. Writes to one object share that
//! lock and run side by side; revisions and unique indexes guard what two of them could both change.

use super::engine::{Each, Engine, Extent, Mode, Parameter, Row, Session};
use super::postgres_address::Address;
use super::postgres_tls::Failure;
use super::postgres_watch::PostgresWatch;
use super::state::Watch;
use crate::api::{Problem, innermost};
use std::collections::HashMap;
use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tokio_postgres::config::TargetSessionAttrs;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Statement};

/// How transactions begin, together with the look at the deployment's mark that every call needs, all in one round trip.
/// The number is the key of the writers' lock: the letters of the product's name. Statements after the lock see what was
/// committed before it was given.
const READ: [&str; 2] = ["BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", MARK];
const WRITE_ALONE: [&str; 3] = ["BEGIN", "SELECT pg_advisory_xact_lock(1885565800)", MARK];
const WRITE_BESIDE_OTHERS: [&str; 3] = ["BEGIN", "SELECT pg_advisory_xact_lock_shared(1885565800)", MARK];
const MARK: &str = "SELECT value FROM meta WHERE name = 'deployment'";
/// While there is no schema yet.
const MIGRATE: &str = "BEGIN; SELECT pg_advisory_xact_lock(1885565800)";

/// A chain of the audit trail belongs to the connection that holds its lock, until that connection ends.
const TAKE_CHAIN: &str =
    "SELECT CASE WHEN pg_try_advisory_lock(1885565801, $1::bigint::integer) THEN 1::bigint ELSE 0::bigint END";
/// More chains than any server has connections.
const MOST_CHAINS: i64 = 10_000;

/// Connections of one service; several services share what the server allows in all.
const MOST_SESSIONS: usize = 32;

/// How long a connection's end may take.
const FAREWELL: Duration = Duration::from_secs(1);
/// Turns of the runtime in which a statement is on its way.
const SENDING: usize = 4;

pub(super) struct Postgres {
    address: Arc<Address>,
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
        Ok(Postgres { address: Arc::new(address) })
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
        let line = outside_runtime(|| Line::open(&self.address)).map_err(|failure| failure.explained(&self.address))?;
        let mut session = PostgresSession::over(line);
        session.script("SET lock_timeout = '10s'; SET synchronous_commit = on; SET client_min_messages = warning")?;
        Ok(Box::new(session))
    }

    fn watch(&self) -> Box<dyn Watch> {
        Box::new(PostgresWatch::over(self.address.clone()))
    }
}

/// A session drives a runtime of its own, which may not be entered from a task of another.
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
    line: Option<Line>,
    statements: HashMap<&'static str, Statement>,
    /// What was put off, in its order: it goes out together with the next statement.
    later: Vec<(Statement, Vec<Kept>)>,
    in_transaction: bool,
    /// The server can no longer be used through this connection, though it may be open.
    broken: bool,
    /// The chain that belongs to this connection, and its last hash.
    chain: Option<(i64, Option<String>)>,
}

/// A connection, and the runtime that moves its bytes whenever somebody waits for an answer.
struct Line {
    client: Arc<Client>,
    driver: JoinHandle<Result<(), tokio_postgres::Error>>,
    runtime: Runtime,
}

/// A value of a statement that was put off.
enum Kept {
    Integer(Option<i64>),
    Text(Option<String>),
}

impl From<&Parameter<'_>> for Kept {
    fn from(parameter: &Parameter<'_>) -> Self {
        match parameter {
            Parameter::Integer(number) => Kept::Integer(Some(*number)),
            Parameter::OptionalInteger(number) => Kept::Integer(*number),
            Parameter::Text(text) => Kept::Text(Some((*text).to_owned())),
            Parameter::OptionalText(text) => Kept::Text(text.map(str::to_owned)),
        }
    }
}

impl Kept {
    fn parameter(&self) -> &(dyn ToSql + Sync) {
        match self {
            Kept::Integer(number) => number,
            Kept::Text(text) => text,
        }
    }
}

/// An answer that is waited for.
type Waiting<'a, T> = Pin<Box<dyn Future<Output = Result<T, tokio_postgres::Error>> + Send + 'a>>;

/// Sends statements one behind the other and waits for all their answers. The first failure is the one that counts:
/// those after it fail because of it, but for a COMMIT, which then undoes.
async fn in_order<T>(before: Vec<Waiting<'_, u64>>, mut last: Waiting<'_, T>) -> Result<T, tokio_postgres::Error> {
    let mut before: Vec<_> = before.into_iter().map(|waiting| (waiting, None)).collect();
    let mut answer = None;
    let result = std::future::poll_fn(|context| {
        // Each is sent when it is first polled.
        for (waiting, answer) in before.iter_mut().filter(|(_, answer)| answer.is_none()) {
            if let Poll::Ready(result) = waiting.as_mut().poll(context) {
                *answer = Some(result);
            }
        }
        if answer.is_none()
            && let Poll::Ready(result) = last.as_mut().poll(context)
        {
            answer = Some(result);
        }
        match answer.take() {
            Some(result) if before.iter().all(|(_, answer)| answer.is_some()) => Poll::Ready(result),
            still => {
                answer = still;
                Poll::Pending
            }
        }
    })
    .await;
    before.into_iter().filter_map(|(_, answer)| answer).collect::<Result<Vec<_>, _>>()?;
    result
}

impl Line {
    fn open(address: &Address) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Problem::internal)?;
        let (client, driver) = runtime.block_on(address.connect())?;
        let driver = runtime.spawn(driver);
        Ok(Line { client: Arc::new(client), driver, runtime })
    }

    fn close(self) {
        drop(self.client);
        // The farewell goes out if the server still listens.
        let _ = self.runtime.block_on(async { tokio::time::timeout(FAREWELL, self.driver).await });
    }
}

impl Drop for PostgresSession {
    fn drop(&mut self) {
        if let Some(line) = self.line.take() {
            outside_runtime(move || line.close());
        }
    }
}

impl PostgresSession {
    fn over(line: Line) -> Self {
        PostgresSession {
            line: Some(line),
            statements: HashMap::new(),
            later: Vec::new(),
            in_transaction: false,
            broken: false,
            chain: None,
        }
    }

    fn line(&self) -> Result<&Line, Problem> {
        self.line.as_ref().ok_or_else(|| Problem::internal("the connection is closed"))
    }

    fn is_closed(&self) -> bool {
        self.line.as_ref().is_none_or(|line| line.client.is_closed())
    }

    fn prepared(&mut self, sql: &'static str) -> Result<Statement, Problem> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let line = self.line()?;
        let statement = outside_runtime(|| line.runtime.block_on(line.client.prepare(sql)));
        let statement = statement.map_err(|error| self.explained(error))?;
        self.statements.insert(sql, statement.clone());
        Ok(statement)
    }

    /// Sends what was put off and a last statement behind it, in one round trip.
    fn send<T: Send>(&mut self, last: Waiting<'_, T>) -> Result<T, Problem> {
        let later = std::mem::take(&mut self.later);
        let line = self.line()?;
        let result = outside_runtime(|| {
            let values: Vec<Vec<_>> =
                later.iter().map(|(_, values)| values.iter().map(Kept::parameter).collect()).collect();
            let mut before: Vec<Waiting<'_, u64>> = Vec::with_capacity(later.len());
            for ((statement, _), values) in later.iter().zip(&values) {
                before.push(Box::pin(line.client.execute(statement, values)));
            }
            line.runtime.block_on(in_order(before, last))
        });
        result.map_err(|error| self.explained(error))
    }

    fn explained(&mut self, error: tokio_postgres::Error) -> Problem {
        let problem = explain(error);
        self.broken |= problem.id == "PC-E95";
        problem
    }
}

impl Session for PostgresSession {
    fn begin(&mut self, mode: Mode) -> Result<Option<String>, Problem> {
        let statements: &[&'static str] = match mode {
            Mode::Read => &READ,
            Mode::Write(Extent::Everything) => &WRITE_ALONE,
            Mode::Write(Extent::OneObject) => &WRITE_BESIDE_OTHERS,
            Mode::Migrate => {
                self.in_transaction = true;
                return self.script(MIGRATE).map(|()| None);
            }
        };
        let (mark, before) = statements.split_last().unwrap_or((&MARK, &[]));
        self.in_transaction = true;
        for statement in before {
            self.execute_later(statement, &[])?;
        }
        let mut found = String::new();
        self.query(mark, &[], &mut |row| {
            found = row.text(0)?;
            Ok(false)
        })?;
        Ok(Some(found))
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
        self.execute("COMMIT", &[])?;
        self.in_transaction = false;
        Ok(())
    }

    fn rollback(&mut self) -> Result<(), Problem> {
        self.later.clear();
        if !self.in_transaction || self.broken || self.is_closed() {
            return Ok(());
        }
        let Some(line) = &self.line else { return Ok(()) };
        let client = line.client.clone();
        outside_runtime(|| {
            line.runtime.spawn(async move { client.batch_execute("ROLLBACK").await });
            // It goes out now. Nobody waits for the answer: what comes next stands behind it.
            line.runtime.block_on(async {
                for _ in 0..SENDING {
                    tokio::task::yield_now().await;
                }
            });
        });
        self.in_transaction = false;
        Ok(())
    }

    fn execute(&mut self, sql: &'static str, parameters: &[Parameter<'_>]) -> Result<u64, Problem> {
        let (statement, client) = (self.prepared(sql)?, self.line()?.client.clone());
        let values: Vec<&(dyn ToSql + Sync)> = parameters.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        self.send(Box::pin(client.execute(&statement, &values)))
    }

    fn execute_later(&mut self, sql: &'static str, parameters: &[Parameter<'_>]) -> Result<(), Problem> {
        let statement = self.prepared(sql)?;
        self.later.push((statement, parameters.iter().map(Kept::from).collect()));
        Ok(())
    }

    fn forget_later(&mut self) {
        self.later.clear();
    }

    fn query(&mut self, sql: &'static str, parameters: &[Parameter<'_>], each: &mut Each<'_>) -> Result<(), Problem> {
        let (statement, client) = (self.prepared(sql)?, self.line()?.client.clone());
        let values: Vec<&(dyn ToSql + Sync)> = parameters.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        for row in &self.send(Box::pin(client.query(&statement, &values)))? {
            if !each(&Row::Postgres(row))? {
                break;
            }
        }
        Ok(())
    }

    fn script(&mut self, sql: &str) -> Result<(), Problem> {
        let client = self.line()?.client.clone();
        self.send(Box::pin(client.batch_execute(sql)))
    }

    fn is_sound(&self) -> bool {
        !self.in_transaction && !self.broken && !self.is_closed()
    }
}

/// What a failure of PostgreSQL means for whoever runs the service, and what to do.
pub(super) fn explain(error: tokio_postgres::Error) -> Problem {
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
