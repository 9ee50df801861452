//! The whole store as one file, for either engine: JSON lines, table by table, closed by a checksum. Writing reads one
//! consistent view while the service runs; restoring replaces everything in one transaction.

use super::{Origin, Parameter, Store, Transaction};
use crate::api::Problem;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

/// A table with its columns: names, and whether each holds numbers. In the order in which rows can be inserted.
struct Table {
    name: &'static str,
    select: &'static str,
    insert: &'static str,
    delete: &'static str,
    /// `i` for a number, `t` for text, one letter per column.
    columns: &'static str,
}

macro_rules! table {
    ($name:literal, $columns:literal, $list:literal, $marks:literal, $order:literal) => {
        Table {
            name: $name,
            select: concat!("SELECT ", $list, " FROM ", $name, " ORDER BY ", $order),
            insert: concat!("INSERT INTO ", $name, " (", $list, ") VALUES (", $marks, ")"),
            delete: concat!("DELETE FROM ", $name),
            columns: $columns,
        }
    };
}

const TABLES: [Table; 11] = [
    table!("meta", "tt", "name, value", "$1, $2", "name"),
    table!("object", "itttiit", "id, kind, key, name, parent, revision, body", "$1, $2, $3, $4, $5, $6, $7", "id"),
    table!(
        "principal",
        "itttttttttiit",
        "id, guid, kind, dn, path, sam, upn, sip, display, registrar, deleted, revision, body",
        "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13",
        "id"
    ),
    table!("membership", "ii", "group_id, member_id", "$1, $2", "group_id, member_id"),
    table!("message", "iiitit", "room, chat_id, posted, author, size, body", "$1, $2, $3, $4, $5, $6", "room, chat_id"),
    table!("invitation", "iiii", "principal, room, invite, created", "$1, $2, $3, $4", "principal, room"),
    table!("compliance_event", "ittit", "id, pool, room, at, body", "$1, $2, $3, $4, $5", "id"),
    table!(
        "audit",
        "iitttttttttti",
        "id, at, actor, cmdlet, request, action, kind, target, before, after, previous, hash, lane",
        "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13",
        "id"
    ),
    table!("outbox", "iiti", "id, audit, topic, delivered", "$1, $2, $3, $4", "id"),
    table!("account", "ttii", "actor, password, failures, locked_until", "$1, $2, $3, $4", "actor"),
    table!(
        "token",
        "itttiiii",
        "id, hash, actor, label, read_only, created, expires, revoked",
        "$1, $2, $3, $4, $5, $6, $7, $8",
        "id"
    ),
];

const FORMAT: &str = "pcsh-backup-2";

/// The store's own value that says when it was last restored, and from a backup of when.
pub(crate) const RESTORED: &str = "restored";

fn cannot(path: &Path, what: &str, error: &dyn std::fmt::Display) -> Problem {
    Problem::new("PC-E60", format!("The backup '{}' cannot be {what}: {error}.", path.display()))
}

impl Store {
    /// Writes the whole store to a file; the number of rows.
    pub fn backup(&self, path: &Path) -> Result<u64, Problem> {
        let partial = path.with_extension("partial");
        let file = private_file(&partial).map_err(|error| cannot(path, "written", &error))?;
        let mut out = Sum { inner: BufWriter::new(file), sum: Sha256::new() };
        let rows = self.read(|transaction| write_all(transaction, &mut out, path))?;
        let closing = json!({ "end": FORMAT, "rows": rows, "sha256": out.finish() });
        let mut file = out.inner;
        writeln!(file, "{closing}").and_then(|()| file.flush()).map_err(|error| cannot(path, "written", &error))?;
        file.get_ref().sync_all().map_err(|error| cannot(path, "written", &error))?;
        std::fs::rename(&partial, path).map_err(|error| cannot(path, "written", &error))?;
        Ok(rows)
    }

    /// Replaces everything in the store by what a file holds; the number of rows.
    pub fn restore(&self, path: &Path) -> Result<u64, Problem> {
        let expected = verify(path)?;
        let origin = Origin { actor: "local operator".to_owned(), cmdlet: "restore".to_owned(), ..Origin::default() };
        let postgres = self.engine() == "postgres";
        self.write(origin, |transaction| {
            let revoked: Vec<(String, i64)> =
                transaction.all(REVOKED, &[], |row| Ok((row.text(0)?, row.integer(1)?)))?;
            allow_audit_changes(transaction, postgres, true)?;
            for table in TABLES.iter().rev() {
                transaction.execute(table.delete, &[])?;
            }
            transaction.execute("DELETE FROM idempotency", &[])?;
            let rows = read_all(transaction, path)?;
            if rows != expected {
                return Err(cannot(path, "restored", &"rows are missing"));
            }
            if postgres {
                for sql in SEQUENCES {
                    transaction.first(sql, &[], |_| Ok(()))?;
                }
            }
            allow_audit_changes(transaction, postgres, false)?;
            // What was revoked after the backup stays revoked.
            for (hash, at) in &revoked {
                const SQL: &str = "UPDATE token SET revoked = $1 WHERE hash = $2 AND revoked IS NULL";
                transaction.execute(SQL, &[(*at).into(), hash.into()])?;
            }
            let when = format!("on {}", jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M UTC"));
            transaction.set_meta(RESTORED, &when)?;
            transaction.set_meta("deployment", &uuid::Uuid::new_v4().to_string())?;
            Ok(rows)
        })
    }
}

const REVOKED: &str = "SELECT hash, revoked FROM token WHERE revoked IS NOT NULL";

/// A file that only its owner reads: a backup holds password hashes and private keys.
fn private_file(path: &Path) -> std::io::Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// PostgreSQL numbers new rows by sequences, which do not see rows that bring their numbers with them.
const SEQUENCES: [&str; 6] = [
    "SELECT setval(pg_get_serial_sequence('object', 'id'), COALESCE((SELECT MAX(id) FROM object), 0) + 1, false)",
    "SELECT setval(pg_get_serial_sequence('principal', 'id'), COALESCE((SELECT MAX(id) FROM principal), 0) + 1, false)",
    "SELECT setval(pg_get_serial_sequence('compliance_event', 'id'), COALESCE((SELECT MAX(id) FROM compliance_event), 0) + 1, false)",
    "SELECT setval(pg_get_serial_sequence('audit', 'id'), COALESCE((SELECT MAX(id) FROM audit), 0) + 1, false)",
    "SELECT setval(pg_get_serial_sequence('outbox', 'id'), COALESCE((SELECT MAX(id) FROM outbox), 0) + 1, false)",
    "SELECT setval(pg_get_serial_sequence('token', 'id'), COALESCE((SELECT MAX(id) FROM token), 0) + 1, false)",
];

/// The trail is append-only, and each record makes an event; replacing it as a whole is the one exception, within this
/// transaction.
fn allow_audit_changes(transaction: &mut Transaction, postgres: bool, allowed: bool) -> Result<(), Problem> {
    let statements: &[&'static str] = match (postgres, allowed) {
        (true, true) => &["ALTER TABLE audit DISABLE TRIGGER USER"],
        (true, false) => &["ALTER TABLE audit ENABLE TRIGGER USER"],
        (false, true) => &["DROP TRIGGER audit_is_not_deleted", "DROP TRIGGER audit_is_told"],
        (false, false) => &[
            "CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END",
            "CREATE TRIGGER audit_is_told AFTER INSERT ON audit \
             BEGIN INSERT INTO outbox (audit, topic) VALUES (NEW.id, NEW.kind); END",
        ],
    };
    statements.iter().try_for_each(|sql| transaction.execute(sql, &[]).map(drop))
}

/// A writer that keeps the sum of what passed.
struct Sum<W: Write> {
    inner: W,
    sum: Sha256,
}

impl<W: Write> Sum<W> {
    fn line(&mut self, text: &str) -> std::io::Result<()> {
        self.sum.update(text.as_bytes());
        self.sum.update(b"\n");
        writeln!(self.inner, "{text}")
    }

    fn finish(&mut self) -> String {
        hex(std::mem::take(&mut self.sum))
    }
}

fn hex(sum: Sha256) -> String {
    crate::api::hex(&sum.finalize())
}

fn write_all<W: Write>(transaction: &mut Transaction, out: &mut Sum<W>, path: &Path) -> Result<u64, Problem> {
    let mut rows = 0;
    for table in &TABLES {
        let lines = transaction.all(table.select, &[], |row| {
            let cell = |(place, kind): (usize, char)| match kind {
                'i' => Ok(json!(row.optional_integer(place)?)),
                _ => Ok(json!(row.optional_text(place)?)),
            };
            table.columns.chars().enumerate().map(cell).collect::<Result<Vec<Value>, Problem>>()
        })?;
        for line in lines {
            out.line(&json!({ table.name: line }).to_string()).map_err(|error| cannot(path, "written", &error))?;
            rows += 1;
        }
    }
    Ok(rows)
}

/// The file's checksum and number of rows must hold before anything is touched.
fn verify(path: &Path) -> Result<u64, Problem> {
    let damaged =
        || Problem::new("PC-E61", format!("'{}' is not a backup of this product, or it is damaged.", path.display()));
    let file = File::open(path).map_err(|error| cannot(path, "read", &error))?;
    let (mut sum, mut rows) = (Sha256::new(), 0);
    for line in BufReader::new(file).lines() {
        let line = line.map_err(|_| damaged())?;
        if line.starts_with("{\"end\"") {
            let closing: Value = serde_json::from_str(&line).map_err(|_| damaged())?;
            let whole = closing["end"] == FORMAT && closing["rows"] == rows && closing["sha256"] == hex(sum);
            return if whole { Ok(rows) } else { Err(damaged()) };
        }
        sum.update(line.as_bytes());
        sum.update(b"\n");
        rows += 1;
    }
    Err(damaged())
}

fn read_all(transaction: &mut Transaction, path: &Path) -> Result<u64, Problem> {
    let damaged = || Problem::new("PC-E61", format!("'{}' holds a row that cannot be read.", path.display()));
    let file = File::open(path).map_err(|error| cannot(path, "read", &error))?;
    let mut rows = 0;
    for line in BufReader::new(file).lines() {
        let line = line.map_err(|_| damaged())?;
        let value: Value = serde_json::from_str(&line).map_err(|_| damaged())?;
        let Some((name, cells)) = value.as_object().and_then(|object| object.iter().next()) else {
            return Err(damaged());
        };
        if name == "end" {
            break;
        }
        let table = TABLES.iter().find(|table| table.name == name).ok_or_else(damaged)?;
        let cells = cells.as_array().filter(|cells| cells.len() == table.columns.len()).ok_or_else(damaged)?;
        let parameters: Vec<Parameter<'_>> = cells
            .iter()
            .zip(table.columns.chars())
            .map(|(cell, kind)| match kind {
                'i' => Parameter::OptionalInteger(cell.as_i64()),
                _ => Parameter::OptionalText(cell.as_str()),
            })
            .collect();
        transaction.execute(table.insert, &parameters)?;
        rows += 1;
    }
    Ok(rows)
}
