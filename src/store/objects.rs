//! Administered objects: documents of a kind under a unique key, optionally inside a parent. Every change is audited.

use super::audit::Change;
use super::{Row, Transaction};
use crate::api::Problem;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// A stored object.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Record {
    pub(crate) id: i64,
    pub(crate) kind: String,
    /// Canonical identity in lower case: unique within the kind, and the order of listings.
    pub(crate) key: String,
    /// Canonical identity as displayed.
    pub(crate) name: String,
    /// The object that it lies in.
    pub(crate) parent: Option<i64>,
    /// Rises with every change; the entity tag.
    pub(crate) revision: i64,
    pub(crate) body: Map<String, Value>,
}

/// Sorts after every key.
const LAST: &str = "\u{10ffff}";

const BY_KEY: &str = "SELECT id, kind, key, name, parent, revision, body FROM object WHERE kind = $1 AND key = $2";
const BY_ID: &str = "SELECT id, kind, key, name, parent, revision, body FROM object WHERE id = $1";
const RANGE: &str = "SELECT id, kind, key, name, parent, revision, body FROM object \
    WHERE kind = $1 AND key > $2 AND key < $3 ORDER BY key LIMIT $4";
const CHILDREN: &str = "SELECT id, kind, key, name, parent, revision, body FROM object \
    WHERE parent = $1 AND kind = $2 AND key > $3 ORDER BY key LIMIT $4";
const INSERT: &str =
    "INSERT INTO object (kind, key, name, parent, revision, body) VALUES ($1, $2, $3, $4, 1, $5) RETURNING id";
const UPDATE: &str = "UPDATE object SET key = $1, name = $2, parent = $3, revision = revision + 1, body = $4 \
    WHERE id = $5 AND revision = $6";

impl Record {
    /// A record to be inserted.
    pub(crate) fn new(kind: &str, name: impl Into<String>, body: Map<String, Value>) -> Self {
        let name = name.into();
        Record { id: 0, kind: kind.to_owned(), key: name.to_lowercase(), name, parent: None, revision: 0, body }
    }

    /// A record of a typed body.
    pub(crate) fn of<T: Serialize>(kind: &str, name: impl Into<String>, body: &T) -> Result<Self, Problem> {
        Ok(Record::new(kind, name, fields_of(body)?))
    }

    /// Inside a parent.
    pub(crate) fn inside(mut self, parent: i64) -> Self {
        self.parent = Some(parent);
        self
    }

    /// The body as a type.
    pub(crate) fn typed<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        serde_json::from_value(Value::Object(self.body.clone())).map_err(|error| {
            Problem::new("PC-E96", format!("The stored {} '{}' cannot be read: {error}.", self.kind, self.name))
        })
    }

    /// Gives it another canonical identity.
    pub(crate) fn rename(&mut self, name: impl Into<String>) {
        self.name = name.into();
        self.key = self.name.to_lowercase();
    }

    /// A text of the body.
    pub(crate) fn text(&self, field: &str) -> &str {
        self.body.get(field).and_then(Value::as_str).unwrap_or_default()
    }

    fn read(row: &Row<'_>) -> Result<Self, Problem> {
        Ok(Record {
            id: row.integer(0)?,
            kind: row.text(1)?,
            key: row.text(2)?,
            name: row.text(3)?,
            parent: row.optional_integer(4)?,
            revision: row.integer(5)?,
            body: row.document(6)?,
        })
    }

    fn document(&self) -> Result<String, Problem> {
        serde_json::to_string(&self.body).map_err(Problem::internal)
    }
}

/// Another writer has changed what this one is about to change.
pub(super) fn overtaken(name: &str) -> Problem {
    Problem::new("PC-E94", format!("'{name}' was changed by another writer at the same time; try again.")).overtaken()
}

fn fields_of<T: Serialize>(body: &T) -> Result<Map<String, Value>, Problem> {
    match serde_json::to_value(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Problem::internal("a stored body must have named fields")),
        Err(error) => Err(Problem::internal(error)),
    }
}

impl Transaction {
    /// The object of a kind with this key (given in any case).
    pub(crate) fn object(&mut self, kind: &str, key: &str) -> Result<Option<Record>, Problem> {
        let key = key.to_lowercase();
        self.first(BY_KEY, &[kind.into(), (&key).into()], Record::read)
    }

    /// The object with this id.
    pub(crate) fn object_by_id(&mut self, id: i64) -> Result<Option<Record>, Problem> {
        self.first(BY_ID, &[id.into()], Record::read)
    }

    /// Is there an object of the kind with this key?
    pub(crate) fn object_exists(&mut self, kind: &str, key: &str) -> Result<bool, Problem> {
        let key = key.to_lowercase();
        let found =
            self.first("SELECT id FROM object WHERE kind = $1 AND key = $2", &[kind.into(), (&key).into()], |row| {
                row.integer(0)
            })?;
        Ok(found.is_some())
    }

    /// Objects of a kind whose keys come after `after` and begin with `prefix`, in order.
    pub(crate) fn objects(
        &mut self,
        kind: &str,
        prefix: &str,
        after: &str,
        limit: i64,
    ) -> Result<Vec<Record>, Problem> {
        let end = format!("{prefix}{LAST}");
        // A bare prefix is no key of its own, so "after the prefix" loses nothing.
        let start = if after < prefix { prefix } else { after };
        self.all(RANGE, &[kind.into(), start.into(), (&end).into(), limit.into()], Record::read)
    }

    /// All objects of a kind: for kinds that are few.
    pub(crate) fn all_objects(&mut self, kind: &str) -> Result<Vec<Record>, Problem> {
        self.objects(kind, "", "", i64::MAX)
    }

    /// Objects of a kind inside a parent.
    pub(crate) fn children(
        &mut self,
        parent: i64,
        kind: &str,
        after: &str,
        limit: i64,
    ) -> Result<Vec<Record>, Problem> {
        self.all(CHILDREN, &[parent.into(), kind.into(), after.into(), limit.into()], Record::read)
    }

    /// How many objects of a kind a parent holds.
    pub(crate) fn count_children(&mut self, parent: i64, kind: &str) -> Result<i64, Problem> {
        const SQL: &str = "SELECT COUNT(*) FROM object WHERE parent = $1 AND kind = $2";
        Ok(self.first(SQL, &[parent.into(), kind.into()], |row| row.integer(0))?.unwrap_or(0))
    }

    /// How many objects of a kind there are.
    pub(crate) fn count_objects(&mut self, kind: &str) -> Result<i64, Problem> {
        Ok(self
            .first("SELECT COUNT(*) FROM object WHERE kind = $1", &[kind.into()], |row| row.integer(0))?
            .unwrap_or(0))
    }

    /// Adds an object and fills in its id.
    pub(crate) fn insert(&mut self, record: &mut Record) -> Result<(), Problem> {
        let body = record.document()?;
        let parameters =
            [(&record.kind).into(), (&record.key).into(), (&record.name).into(), record.parent.into(), (&body).into()];
        record.id = self.first(INSERT, &parameters, |row| row.integer(0))?.unwrap_or_default();
        record.revision = 1;
        let change =
            Change { action: "Created", kind: &record.kind, target: &record.name, before: None, after: Some(&body) };
        self.audit(&change)
    }

    /// Writes an object back.
    pub(crate) fn update(&mut self, record: &mut Record) -> Result<(), Problem> {
        let before =
            self.object_by_id(record.id)?.ok_or_else(|| Problem::internal("the object to be changed is gone"))?;
        if before == *record {
            return Ok(());
        }
        // What was read and worked on must still be what is there.
        if before.revision != record.revision {
            return Err(overtaken(&record.name));
        }
        let body = record.document()?;
        let old = before.document()?;
        let parameters = [
            (&record.key).into(),
            (&record.name).into(),
            record.parent.into(),
            (&body).into(),
            record.id.into(),
            record.revision.into(),
        ];
        if self.execute(UPDATE, &parameters)? == 0 {
            return Err(overtaken(&record.name));
        }
        record.revision = before.revision + 1;
        let change = Change {
            action: "Changed",
            kind: &record.kind,
            target: &record.name,
            before: Some(&old),
            after: Some(&body),
        };
        self.audit(&change)
    }

    /// Takes an object away. What refers to it must be gone already.
    pub(crate) fn delete(&mut self, record: &Record) -> Result<(), Problem> {
        self.execute("DELETE FROM object WHERE id = $1", &[record.id.into()])?;
        let old = record.document()?;
        let change =
            Change { action: "Removed", kind: &record.kind, target: &record.name, before: Some(&old), after: None };
        self.audit(&change)
    }

    /// Inserts, or writes over the object with the same key. A record that was read must still be what is there.
    pub(crate) fn put(&mut self, mut record: Record) -> Result<Record, Problem> {
        match self.object(&record.kind, &record.key)? {
            Some(before) if record.revision != 0 && record.revision != before.revision => {
                return Err(overtaken(&record.name));
            }
            Some(before) => {
                record.id = before.id;
                record.revision = before.revision;
                self.update(&mut record)?;
            }
            None => self.insert(&mut record)?,
        }
        Ok(record)
    }
}
