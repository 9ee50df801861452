//! The schema's steps: an up and a down file per engine under the same names, embedded, checksummed, one transaction
//! each. A store that is ahead of the program, or whose applied steps differ from ours, is refused.

use super::engine::{Mode, Session};
use crate::api::Problem;
use sha2::{Digest, Sha256};

struct Step {
    version: i64,
    name: &'static str,
    sqlite: (&'static str, &'static str),
    postgres: (&'static str, &'static str),
}

macro_rules! step {
    ($version:literal, $name:literal) => {
        Step {
            version: $version,
            name: $name,
            sqlite: (
                include_str!(concat!("migrations/sqlite/", $name, ".up.sql")),
                include_str!(concat!("migrations/sqlite/", $name, ".down.sql")),
            ),
            postgres: (
                include_str!(concat!("migrations/postgres/", $name, ".up.sql")),
                include_str!(concat!("migrations/postgres/", $name, ".down.sql")),
            ),
        }
    };
}

const STEPS: &[Step] = &[step!(1, "0001_foundation"), step!(2, "0002_side_by_side")];

impl Step {
    fn files(&self, engine: &str) -> (&'static str, &'static str) {
        if engine == "postgres" { self.postgres } else { self.sqlite }
    }

    fn checksum(&self, engine: &str) -> String {
        format!("{:x}", Sha256::digest(self.files(engine).0.as_bytes()))
    }
}

const LEDGER: &str = "CREATE TABLE IF NOT EXISTS migration (
    version BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL)";

/// Applies every step that is missing. Safe when several processes start at once: the first one in does the work.
pub(super) fn up(session: &mut dyn Session, engine: &'static str) -> Result<(), Problem> {
    if is_current(session, engine)? {
        return Ok(());
    }
    session.begin(Mode::Migrate)?;
    let result = apply_missing(session, engine);
    match result {
        Ok(()) => session.commit(),
        Err(problem) => {
            session.rollback()?;
            Err(problem)
        }
    }
}

/// The common case, found without taking the writers' lock.
fn is_current(session: &mut dyn Session, engine: &str) -> Result<bool, Problem> {
    match applied(session) {
        Ok(rows) => {
            check(&rows, engine)?;
            Ok(rows.len() == STEPS.len())
        }
        // No ledger yet; anything worse shows again when the steps are applied.
        Err(problem) if problem.id == "PC-E99" => Ok(false),
        Err(problem) => Err(problem),
    }
}

fn apply_missing(session: &mut dyn Session, engine: &str) -> Result<(), Problem> {
    session.script(LEDGER)?;
    let rows = applied(session)?;
    check(&rows, engine)?;
    for step in STEPS.iter().skip(rows.len()) {
        session.script(step.files(engine).0)?;
        session.execute(
            "INSERT INTO migration (version, name, checksum) VALUES ($1, $2, $3)",
            &[step.version.into(), step.name.into(), (&step.checksum(engine)).into()],
        )?;
    }
    Ok(())
}

/// Steps back down to a version.
pub(super) fn down(session: &mut dyn Session, engine: &'static str, version: i64) -> Result<(), Problem> {
    session.begin(Mode::Migrate)?;
    let result = STEPS.iter().rev().filter(|step| step.version > version).try_for_each(|step| {
        session.script(step.files(engine).1)?;
        session.execute("DELETE FROM migration WHERE version = $1", &[step.version.into()]).map(drop)
    });
    match result {
        Ok(()) => session.commit(),
        Err(problem) => {
            session.rollback()?;
            Err(problem)
        }
    }
}

/// The last applied version.
pub(super) fn version(session: &mut dyn Session) -> Result<i64, Problem> {
    Ok(applied(session)?.last().map_or(0, |row| row.0))
}

type Applied = (i64, String, String);

fn applied(session: &mut dyn Session) -> Result<Vec<Applied>, Problem> {
    let mut rows = Vec::new();
    session.query("SELECT version, name, checksum FROM migration ORDER BY version", &[], &mut |row| {
        rows.push((row.integer(0)?, row.text(1)?, row.text(2)?));
        Ok(true)
    })?;
    Ok(rows)
}

fn check(rows: &[Applied], engine: &str) -> Result<(), Problem> {
    if let Some((version, name, _)) = rows.get(STEPS.len()) {
        let text =
            format!("The store is at schema {version} ({name}), which this program does not know; use a newer pcsh.");
        return Err(Problem::new("PC-E96", text).terminating());
    }
    for ((version, name, checksum), step) in rows.iter().zip(STEPS) {
        if *version != step.version || *checksum != step.checksum(engine) {
            let text = format!(
                "The store's schema step {version} ({name}) differs from this program's; it was made by another build."
            );
            return Err(Problem::new("PC-E96", text).terminating());
        }
    }
    Ok(())
}
