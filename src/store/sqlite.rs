//! The SQLite engine: one file, write-ahead log, every commit synced, safe for several processes.

use super::engine::{Each, Engine, Mode, Parameter, Row, Session};
use super::sqlite_watch::SqliteWatch;
use super::state::Watch;
use crate::api::Problem;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, ToSql};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a writer waits for another one.
const BUSY_LIMIT: Duration = Duration::from_secs(10);
const STATEMENTS_KEPT: usize = 128;
const MOST_SESSIONS: usize = 64;

pub(super) struct Sqlite {
    file: PathBuf,
}

impl Sqlite {
    /// The store file in a directory, which is made (readable by its owner only) if it is missing.
    pub(super) fn in_directory(directory: &Path) -> Result<Self, Problem> {
        make_private_directory(directory).map_err(|error| {
            let place = directory.display();
            let message = format!(
                "The data directory '{place}' cannot be made: {error}. Let PCSH_HOME name a place that can be written."
            );
            Problem::new("PC-E95", message).terminating()
        })?;
        Ok(Sqlite { file: directory.join("pcsh.db") })
    }
}

#[cfg(unix)]
fn make_private_directory(directory: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)
}

#[cfg(not(unix))]
fn make_private_directory(directory: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(directory)
}

impl Engine for Sqlite {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn most_sessions(&self) -> usize {
        MOST_SESSIONS
    }

    fn writes_one_by_one(&self) -> bool {
        true
    }

    fn open(&self) -> Result<Box<dyn Session>, Problem> {
        let connection = self.connect().map_err(|error| self.explain(&error).terminating())?;
        Ok(Box::new(SqliteSession { connection, file: self.file.clone() }))
    }

    fn watch(&self) -> Box<dyn Watch> {
        Box::new(SqliteWatch::over(self.file.clone()))
    }
}

impl Sqlite {
    fn connect(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.file, flags)?;
        connection.busy_timeout(BUSY_LIMIT)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        connection.pragma_update(None, "cache_size", -16_384)?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        Ok(connection)
    }

    fn explain(&self, error: &rusqlite::Error) -> Problem {
        explain(&self.file, error)
    }
}

struct SqliteSession {
    connection: Connection,
    file: PathBuf,
}

impl SqliteSession {
    fn explained<T>(&self, result: rusqlite::Result<T>) -> Result<T, Problem> {
        result.map_err(|error| explain(&self.file, &error))
    }
}

/// What a failure of SQLite means for whoever runs the service, and what to do.
fn explain(file: &Path, error: &rusqlite::Error) -> Problem {
    let place = file.display();
    let (id, text) = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            ("PC-E94", format!("The store '{place}' is held by another process; try again."))
        }
        Some(ErrorCode::DiskFull) => (
            "PC-E84",
            format!(
                "The disk that holds the store '{place}' is full; nothing of this call was written. Free some space, then do it again."
            ),
        ),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => (
            "PC-E95",
            format!(
                "The store '{place}' may not be written; check the rights of the file and of its directory, or let PCSH_HOME name another place."
            ),
        ),
        Some(ErrorCode::CannotOpen) => {
            ("PC-E95", format!("The store '{place}' cannot be opened; check that its directory may be written."))
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => (
            "PC-E96",
            format!(
                "The store '{place}' is damaged. Nothing was changed. Move it away and restore a backup with 'pcsh service restore FILE'."
            ),
        ),
        Some(ErrorCode::SystemIoFailure) => (
            "PC-E95",
            format!(
                "The disk that holds the store '{place}' reports an error; nothing of this call was written. Check the disk, its free space and size limits, then do it again."
            ),
        ),
        Some(ErrorCode::ConstraintViolation) => {
            let text = "Another writer has changed the same objects at the same time; try again.";
            return Problem::new("PC-E94", text).overtaken();
        }
        _ => ("PC-E99", format!("The store '{place}' refused a statement: {error}.")),
    };
    Problem::new(id, text)
}

impl Session for SqliteSession {
    fn begin(&mut self, mode: Mode) -> Result<Option<String>, Problem> {
        self.execute(if mode == Mode::Read { "BEGIN" } else { "BEGIN IMMEDIATE" }, &[]).map(|_| None)
    }

    fn commit(&mut self) -> Result<(), Problem> {
        self.execute("COMMIT", &[]).map(drop)
    }

    fn rollback(&mut self) -> Result<(), Problem> {
        // A full disk or an I/O error has already rolled back.
        if self.connection.is_autocommit() { Ok(()) } else { self.execute("ROLLBACK", &[]).map(drop) }
    }

    fn execute(&mut self, sql: &'static str, parameters: &[Parameter<'_>]) -> Result<u64, Problem> {
        let changed = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(rusqlite::params_from_iter(parameters)));
        self.explained(changed).map(|rows| rows as u64)
    }

    fn query(&mut self, sql: &'static str, parameters: &[Parameter<'_>], each: &mut Each<'_>) -> Result<(), Problem> {
        let mut statement = self.explained(self.connection.prepare_cached(sql))?;
        let mut rows = self.explained(statement.query(rusqlite::params_from_iter(parameters)))?;
        while let Some(row) = rows.next().map_err(|error| explain(&self.file, &error))? {
            if !each(&Row::Sqlite(row))? {
                break;
            }
        }
        Ok(())
    }

    fn script(&mut self, sql: &str) -> Result<(), Problem> {
        self.explained(self.connection.execute_batch(sql))
    }

    fn is_sound(&self) -> bool {
        self.connection.is_autocommit()
    }
}

impl ToSql for Parameter<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self {
            Parameter::Integer(number) | Parameter::OptionalInteger(Some(number)) => ValueRef::Integer(*number),
            Parameter::Text(text) | Parameter::OptionalText(Some(text)) => ValueRef::Text(text.as_bytes()),
            Parameter::OptionalInteger(None) | Parameter::OptionalText(None) => ValueRef::Null,
        };
        Ok(ToSqlOutput::Borrowed(value))
    }
}
