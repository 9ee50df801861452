//! The state of a SQLite store: a number that differs when another connection, of whatever process, has committed.

use super::state::{Look, State, Watch};
use crate::api::Problem;
use rusqlite::{Connection, OpenFlags};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

pub(super) struct SqliteWatch {
    file: PathBuf,
    line: Mutex<Line>,
}

/// A connection that never writes, so that every commit is another one's.
#[derive(Default)]
struct Line {
    connection: Option<Connection>,
    opened: u64,
}

impl SqliteWatch {
    pub(crate) fn over(file: PathBuf) -> Self {
        SqliteWatch { file, line: Mutex::default() }
    }

    fn state(&self) -> rusqlite::Result<State> {
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = match line.connection.take() {
            Some(connection) => connection,
            None => {
                line.opened += 1;
                let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                Connection::open_with_flags(&self.file, flags)?
            }
        };
        let number = connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        line.connection = Some(connection);
        Ok(State { connection: line.opened, number, text: String::new() })
    }
}

impl Watch for SqliteWatch {
    fn look(&self) -> Look<'_> {
        // Two microseconds; nothing to wait for.
        let state = self.state().map_err(Problem::internal);
        Box::pin(std::future::ready(state))
    }
}
