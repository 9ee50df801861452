//! The directory: users, groups, units and contacts, and who is a member of what.
//!
//! Lower-cased columns carry the look-ups; `path` is the distinguished name from its root down, so that "below this
//! unit" is a range of paths.

use super::audit::Change;
use super::objects::overtaken;
use super::{Row, Transaction};
use crate::api::Problem;
use serde_json::{Map, Value};

/// An entry of the directory.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Principal {
    pub(crate) id: i64,
    pub(crate) guid: String,
    /// `user`, `group`, `organizationalUnit`, `container`, `domainDNS`, `contact`, `endpoint`.
    pub(crate) kind: String,
    pub(crate) dn: String,
    pub(crate) deleted: bool,
    pub(crate) revision: i64,
    /// Attributes, directory's and service's, under wire names.
    pub(crate) body: Map<String, Value>,
}

/// The distinguished name from its root down in lower case, each part closed by a comma.
pub(crate) fn path_of(dn: &str) -> String {
    let mut path = String::with_capacity(dn.len() + 1);
    for part in split_dn(dn).into_iter().rev() {
        path.push_str(&part.trim().to_lowercase());
        path.push(',');
    }
    path
}

/// The parts of a distinguished name; an escaped comma does not part.
fn split_dn(dn: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut escaped) = (0, false);
    for (place, letter) in dn.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ',' => {
                parts.extend(dn.get(start..place));
                start = place + 1;
            }
            _ => {}
        }
    }
    parts.extend(dn.get(start..));
    parts
}

const BY_ID: &str = "SELECT id, guid, kind, dn, deleted, revision, body FROM principal WHERE id = $1";
const BY_GUID: &str = "SELECT id, guid, kind, dn, deleted, revision, body FROM principal WHERE guid = $1";
const BY_PATH: &str =
    "SELECT id, guid, kind, dn, deleted, revision, body FROM principal WHERE path = $1 AND deleted = 0";
const BY_SIP: &str = "SELECT id, guid, kind, dn, deleted, revision, body FROM principal WHERE sip = $1 AND deleted = 0";
const BY_SAM: &str = "SELECT id, guid, kind, dn, deleted, revision, body FROM principal WHERE sam = $1 AND deleted = 0";
const BY_UPN: &str = "SELECT id, guid, kind, dn, deleted, revision, body FROM principal WHERE upn = $1 AND deleted = 0";
const BY_DISPLAY: &str = "SELECT id, guid, kind, dn, deleted, revision, body FROM principal WHERE display = $1 AND deleted = 0 ORDER BY path";
const RANGE: &str = "SELECT id, guid, kind, dn, deleted, revision, body FROM principal \
    WHERE deleted = 0 AND path > $1 AND path < $2 ORDER BY path LIMIT $3";
const INSERT: &str = "INSERT INTO principal (guid, kind, dn, path, sam, upn, sip, display, registrar, revision, body) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10) RETURNING id";
const UPDATE: &str = "UPDATE principal SET dn = $1, path = $2, sam = $3, upn = $4, sip = $5, display = $6, registrar = $7, \
    deleted = $8, revision = revision + 1, body = $9 WHERE id = $10 AND revision = $11";
const GROUPS_OF: &str = "WITH RECURSIVE up (id) AS (SELECT group_id FROM membership WHERE member_id = $1 \
    UNION SELECT m.group_id FROM membership m JOIN up ON m.member_id = up.id) SELECT id FROM up";
const MEMBERS_OF: &str = "WITH RECURSIVE down (id) AS (SELECT member_id FROM membership WHERE group_id = $1 \
    UNION SELECT m.member_id FROM membership m JOIN down ON m.group_id = down.id) SELECT id FROM down";

/// The columns that look-ups use.
struct Keys {
    path: String,
    sam: Option<String>,
    upn: Option<String>,
    sip: Option<String>,
    display: Option<String>,
    registrar: Option<String>,
}

impl Principal {
    /// An entry to be inserted.
    pub(crate) fn new(kind: &str, dn: &str, guid: String, body: Map<String, Value>) -> Self {
        Principal { id: 0, guid, kind: kind.to_owned(), dn: dn.to_owned(), deleted: false, revision: 0, body }
    }

    /// A text attribute; absent is empty.
    pub(crate) fn text(&self, field: &str) -> &str {
        self.body.get(field).and_then(Value::as_str).unwrap_or_default()
    }

    /// The SIP address, if it has one.
    pub(crate) fn sip(&self) -> Option<&str> {
        Some(self.text("sipAddress")).filter(|text| !text.is_empty())
    }

    /// The name people know it by.
    pub(crate) fn display_name(&self) -> &str {
        Some(self.text("displayName")).filter(|text| !text.is_empty()).unwrap_or(self.text("name"))
    }

    /// Its place in the tree.
    pub(crate) fn path(&self) -> String {
        path_of(&self.dn)
    }

    fn keys(&self) -> Keys {
        let lower = |field: &str| Some(self.text(field).to_lowercase()).filter(|text| !text.is_empty());
        Keys {
            path: self.path(),
            sam: lower("samAccountName"),
            upn: lower("userPrincipalName"),
            sip: lower("sipAddress"),
            display: Some(self.display_name().to_lowercase()).filter(|text| !text.is_empty()),
            registrar: lower("registrarPool"),
        }
    }

    fn document(&self) -> Result<String, Problem> {
        serde_json::to_string(&self.body).map_err(Problem::internal)
    }

    fn read(row: &Row<'_>) -> Result<Self, Problem> {
        Ok(Principal {
            id: row.integer(0)?,
            guid: row.text(1)?,
            kind: row.text(2)?,
            dn: row.text(3)?,
            deleted: row.integer(4)? != 0,
            revision: row.integer(5)?,
            body: row.document(6)?,
        })
    }
}

impl Transaction {
    /// The entry with this id, also when it was deleted from the directory.
    pub(crate) fn principal(&mut self, id: i64) -> Result<Option<Principal>, Problem> {
        self.first(BY_ID, &[id.into()], Principal::read)
    }

    /// The entry with this GUID.
    pub(crate) fn principal_by_guid(&mut self, guid: &str) -> Result<Option<Principal>, Problem> {
        self.first(BY_GUID, &[guid.into()], Principal::read)
    }

    /// The entry with this distinguished name.
    pub(crate) fn principal_by_dn(&mut self, dn: &str) -> Result<Option<Principal>, Problem> {
        let path = path_of(dn);
        self.first(BY_PATH, &[(&path).into()], Principal::read)
    }

    /// The user, contact or endpoint with this SIP address.
    pub(crate) fn principal_by_sip(&mut self, sip: &str) -> Result<Option<Principal>, Problem> {
        let sip = sip.to_lowercase();
        self.first(BY_SIP, &[(&sip).into()], Principal::read)
    }

    /// The account with this SAM name.
    pub(crate) fn principal_by_sam(&mut self, sam: &str) -> Result<Option<Principal>, Problem> {
        let sam = sam.to_lowercase();
        self.first(BY_SAM, &[(&sam).into()], Principal::read)
    }

    /// The account with this user principal name.
    pub(crate) fn principal_by_upn(&mut self, upn: &str) -> Result<Option<Principal>, Problem> {
        let upn = upn.to_lowercase();
        self.first(BY_UPN, &[(&upn).into()], Principal::read)
    }

    /// All entries with this display name.
    pub(crate) fn principals_by_display(&mut self, name: &str) -> Result<Vec<Principal>, Problem> {
        let name = name.to_lowercase();
        self.all(BY_DISPLAY, &[(&name).into()], Principal::read)
    }

    /// Entries below a path (empty: all), in tree order, after a path.
    pub(crate) fn principals(&mut self, below: &str, after: &str, limit: i64) -> Result<Vec<Principal>, Problem> {
        let end = format!("{below}\u{10ffff}");
        let start = if after < below { below } else { after };
        self.all(RANGE, &[start.into(), (&end).into(), limit.into()], Principal::read)
    }

    /// Is any user homed on this pool?
    pub(crate) fn anyone_homed_on(&mut self, pool: &str) -> Result<bool, Problem> {
        const SQL: &str = "SELECT id FROM principal WHERE deleted = 0 AND registrar = $1 LIMIT 1";
        let pool = pool.to_lowercase();
        Ok(self.first(SQL, &[(&pool).into()], |row| row.integer(0))?.is_some())
    }

    /// Adds an entry and fills in its id.
    pub(crate) fn insert_principal(&mut self, principal: &mut Principal) -> Result<(), Problem> {
        self.insert_principal_quietly(principal)?;
        let body = principal.document()?;
        self.audit(&Change {
            action: "Created",
            kind: "Principal",
            target: &principal.dn,
            before: None,
            after: Some(&body),
        })
    }

    /// Adds one of many entries; the import writes one audit record for all of them.
    pub(crate) fn insert_principal_quietly(&mut self, principal: &mut Principal) -> Result<(), Problem> {
        let keys = principal.keys();
        let body = principal.document()?;
        let parameters = [
            (&principal.guid).into(),
            (&principal.kind).into(),
            (&principal.dn).into(),
            (&keys.path).into(),
            keys.sam.as_deref().into(),
            keys.upn.as_deref().into(),
            keys.sip.as_deref().into(),
            keys.display.as_deref().into(),
            keys.registrar.as_deref().into(),
            (&body).into(),
        ];
        principal.id = self.first(INSERT, &parameters, |row| row.integer(0))?.unwrap_or_default();
        Ok(())
    }

    /// Writes an entry back.
    pub(crate) fn update_principal(&mut self, principal: &Principal) -> Result<(), Problem> {
        let before = self.principal(principal.id)?.ok_or_else(|| Problem::internal("the directory entry is gone"))?;
        if before == *principal {
            return Ok(());
        }
        self.write_principal(principal)?;
        let (old, new) = (before.document()?, principal.document()?);
        let action = if principal.deleted { "Removed" } else { "Changed" };
        self.audit(&Change {
            action,
            kind: "Principal",
            target: &principal.dn,
            before: Some(&old),
            after: Some(&new).filter(|_| !principal.deleted).map(String::as_str),
        })
    }

    /// Writes one of many entries back, without an audit record of its own.
    pub(crate) fn write_principal(&mut self, principal: &Principal) -> Result<(), Problem> {
        let keys = principal.keys();
        let body = principal.document()?;
        let parameters = [
            (&principal.dn).into(),
            (&keys.path).into(),
            keys.sam.as_deref().into(),
            keys.upn.as_deref().into(),
            keys.sip.as_deref().into(),
            keys.display.as_deref().into(),
            keys.registrar.as_deref().into(),
            i64::from(principal.deleted).into(),
            (&body).into(),
            principal.id.into(),
            principal.revision.into(),
        ];
        match self.execute(UPDATE, &parameters)? {
            0 => Err(overtaken(&principal.dn)),
            _ => Ok(()),
        }
    }

    /// Every group that holds this entry, directly or through other groups.
    pub(crate) fn groups_of(&mut self, id: i64) -> Result<Vec<i64>, Problem> {
        self.all(GROUPS_OF, &[id.into()], |row| row.integer(0))
    }

    /// The SAM names, in lower case, of every group that holds this entry, directly or through other groups.
    pub(crate) fn group_names_of(&mut self, id: i64) -> Result<Vec<String>, Problem> {
        const SQL: &str = "WITH RECURSIVE up (id) AS (SELECT group_id FROM membership WHERE member_id = $1 \
            UNION SELECT m.group_id FROM membership m JOIN up ON m.member_id = up.id) \
            SELECT p.sam FROM up JOIN principal p ON p.id = up.id WHERE p.sam IS NOT NULL";
        self.all(SQL, &[id.into()], |row| row.text(0))
    }

    /// Everything that a group holds, directly or through other groups.
    pub(crate) fn members_of(&mut self, group: i64) -> Result<Vec<i64>, Problem> {
        self.all(MEMBERS_OF, &[group.into()], |row| row.integer(0))
    }

    /// What a group holds directly.
    pub(crate) fn direct_members(&mut self, group: i64) -> Result<Vec<i64>, Problem> {
        const SQL: &str = "SELECT member_id FROM membership WHERE group_id = $1 ORDER BY member_id";
        self.all(SQL, &[group.into()], |row| row.integer(0))
    }

    /// Puts an entry into a group; it may be in it already.
    pub(crate) fn add_member(&mut self, group: i64, member: i64) -> Result<(), Problem> {
        const SQL: &str = "INSERT INTO membership (group_id, member_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        self.execute(SQL, &[group.into(), member.into()]).map(drop)
    }

    /// Takes an entry out of a group.
    pub(crate) fn remove_member(&mut self, group: i64, member: i64) -> Result<(), Problem> {
        const SQL: &str = "DELETE FROM membership WHERE group_id = $1 AND member_id = $2";
        self.execute(SQL, &[group.into(), member.into()]).map(drop)
    }

    /// Takes an entry out of every group, and empties it if it is one.
    pub(crate) fn remove_memberships(&mut self, id: i64) -> Result<(), Problem> {
        self.execute("DELETE FROM membership WHERE group_id = $1", &[id.into()])?;
        self.execute("DELETE FROM membership WHERE member_id = $1", &[id.into()]).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::path_of;

    #[test]
    fn paths_run_from_the_root() {
        let unit = path_of("OU=IT,DC=contoso,DC=com");
        assert_eq!(unit, "dc=com,dc=contoso,ou=it,");
        assert!(path_of("CN=Myer\\, Ken,ou=it,dc=contoso,dc=com").starts_with(&unit));
        assert!(!path_of("CN=A,OU=ITX,DC=contoso,DC=com").starts_with(&unit));
    }
}
