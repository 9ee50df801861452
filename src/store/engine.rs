//! What a database engine must offer: sessions that run statements. Both engines take the same statements;
//! placeholders are written `$1`, `$2` … in the order of their first appearance, which both number alike.

use super::state::Watch;
use crate::api::Problem;

/// A database that can be connected to.
pub(super) trait Engine: Send + Sync {
    fn name(&self) -> &'static str;
    /// How many connections may be open at a time.
    fn most_sessions(&self) -> usize;
    /// Does one write exclude all others? Then they stand in line and share transactions.
    fn writes_one_by_one(&self) -> bool;
    fn open(&self) -> Result<Box<dyn Session>, Problem>;
    /// What tells the store's state.
    fn watch(&self) -> Box<dyn Watch>;
}

/// One connection.
pub(super) trait Session: Send {
    /// Begins; the deployment's mark where the engine reads it on the way (empty where there is none yet).
    fn begin(&mut self, mode: Mode) -> Result<Option<String>, Problem>;
    fn commit(&mut self) -> Result<(), Problem>;
    fn rollback(&mut self) -> Result<(), Problem>;
    /// Runs one statement; the number of rows it changed.
    fn execute(&mut self, sql: &'static str, parameters: &[Parameter<'_>]) -> Result<u64, Problem>;
    /// Runs a statement whose outcome may show later, at the latest with the commit.
    fn execute_later(&mut self, sql: &'static str, parameters: &[Parameter<'_>]) -> Result<(), Problem> {
        self.execute(sql, parameters).map(drop)
    }
    /// Forgets what was put off by [`Self::execute_later`] and has not been sent.
    fn forget_later(&mut self) {}
    /// Runs a query; `each` sees every row until it answers false.
    fn query(&mut self, sql: &'static str, parameters: &[Parameter<'_>], each: &mut Each<'_>) -> Result<(), Problem>;
    /// Runs statements without parameters, as migrations hold them.
    fn script(&mut self, sql: &str) -> Result<(), Problem>;
    /// The audit trail's chain that this connection alone appends to, and its last hash where that is known. Where
    /// writers run one by one there is one chain.
    fn chain(&mut self) -> Result<(i64, Option<String>), Problem> {
        Ok((0, None))
    }
    /// The chain has been committed up to this hash.
    fn chained(&mut self, _hash: &str) {}
    /// May the connection be used again?
    fn is_sound(&self) -> bool;
}

/// How much of the store a write may touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// One object of its own; what it reads besides, only writes to `Everything` change. Such writes run side by side
    /// where the engine can.
    OneObject,
    /// Anything: no other write runs meanwhile.
    Everything,
}

/// What a transaction is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Read,
    Write(Extent),
    /// The schema itself; no other write runs meanwhile.
    Migrate,
}

/// What looks at each row of a query.
pub(super) type Each<'a> = dyn FnMut(&Row<'_>) -> Result<bool, Problem> + 'a;

/// A value given to a statement.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Parameter<'a> {
    Integer(i64),
    Text(&'a str),
    OptionalInteger(Option<i64>),
    OptionalText(Option<&'a str>),
}

impl From<i64> for Parameter<'_> {
    fn from(value: i64) -> Self {
        Parameter::Integer(value)
    }
}

impl<'a> From<&'a str> for Parameter<'a> {
    fn from(value: &'a str) -> Self {
        Parameter::Text(value)
    }
}

impl<'a> From<&'a String> for Parameter<'a> {
    fn from(value: &'a String) -> Self {
        Parameter::Text(value)
    }
}

impl From<Option<i64>> for Parameter<'_> {
    fn from(value: Option<i64>) -> Self {
        Parameter::OptionalInteger(value)
    }
}

impl<'a> From<Option<&'a str>> for Parameter<'a> {
    fn from(value: Option<&'a str>) -> Self {
        Parameter::OptionalText(value)
    }
}

/// A row of a result.
pub(crate) enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

impl Row<'_> {
    /// A whole number; null reads as 0.
    pub(crate) fn integer(&self, column: usize) -> Result<i64, Problem> {
        Ok(self.optional_integer(column)?.unwrap_or(0))
    }

    /// A whole number or null.
    pub(crate) fn optional_integer(&self, column: usize) -> Result<Option<i64>, Problem> {
        match self {
            Row::Sqlite(row) => row.get(column).map_err(unreadable),
            Row::Postgres(row) => row.try_get(column).map_err(unreadable),
        }
    }

    /// Text; null reads as empty.
    pub(crate) fn text(&self, column: usize) -> Result<String, Problem> {
        Ok(self.optional_text(column)?.unwrap_or_default())
    }

    /// Text or null.
    pub(crate) fn optional_text(&self, column: usize) -> Result<Option<String>, Problem> {
        match self {
            Row::Sqlite(row) => row.get(column).map_err(unreadable),
            Row::Postgres(row) => row.try_get(column).map_err(unreadable),
        }
    }

    /// A JSON document.
    pub(crate) fn document<T: serde::de::DeserializeOwned>(&self, column: usize) -> Result<T, Problem> {
        match self {
            Row::Sqlite(row) => {
                let value = row.get_ref(column).map_err(unreadable)?;
                serde_json::from_slice(value.as_bytes().map_err(unreadable)?).map_err(unreadable)
            }
            Row::Postgres(row) => {
                serde_json::from_str(row.try_get::<_, &str>(column).map_err(unreadable)?).map_err(unreadable)
            }
        }
    }
}

fn unreadable(error: impl std::fmt::Display) -> Problem {
    Problem::new("PC-E96", format!("A stored row cannot be read ({error}); restore the store from a backup."))
}
