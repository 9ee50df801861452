//! Errors of the management service: one table of ids, and the problem document (RFC 9457) that carries them.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// One row of the error catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ErrorRow {
    pub(crate) id: &'static str,
    /// PowerShell's error category.
    pub(crate) category: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What the id means, for the description of the API.
    pub(crate) meaning: &'static str,
}

const fn row(id: &'static str, category: &'static str, status: u16, meaning: &'static str) -> ErrorRow {
    ErrorRow { id, category, status, meaning }
}

/// Every error the service may answer.
pub(crate) const ERRORS: &[ErrorRow] = &[
    row("PC-E01", "ObjectNotFound", 404, "not a published Persistent Chat pool"),
    row("PC-E02", "InvalidArgument", 400, "several Persistent Chat pools: one must be named"),
    row("PC-E03", "InvalidOperation", 409, "Persistent Chat is not available on this server generation"),
    row("PC-E04", "ResourceUnavailable", 503, "the pool's content database is not installed or not online"),
    row("PC-E05", "ResourceUnavailable", 503, "no active, running server in the pool"),
    row("PC-E06", "InvalidOperation", 409, "no topology has been published or enabled"),
    row("PC-E07", "PermissionDenied", 403, "the caller's roles or groups do not allow this cmdlet"),
    row("PC-E08", "PermissionDenied", 403, "the target lies outside the role's scope"),
    row("PC-E09", "AuthenticationError", 401, "no session, or an expired one"),
    row("PC-E10", "InvalidArgument", 400, "not a fully qualified domain name"),
    row("PC-E11", "InvalidArgument", 400, "not a SIP address or distinguished name"),
    row("PC-E12", "InvalidArgument", 400, "the SIP domain is not known"),
    row("PC-E13", "InvalidArgument", 400, "malformed identity"),
    row("PC-E14", "ObjectNotFound", 404, "site or service of the identity not found"),
    row("PC-E15", "InvalidArgument", 400, "the kind has no instances at this scope"),
    row("PC-E16", "InvalidArgument", 400, "wildcards are not allowed in an identity"),
    row("PC-E17", "InvalidArgument", 409, "ambiguous name"),
    row("PC-E18", "InvalidArgument", 409, "two different pools are named"),
    row("PC-E19", "InvalidArgument", 409, "ambiguous display name"),
    row("PC-E20", "ObjectNotFound", 404, "user not found or not enabled"),
    row("PC-E21", "ObjectNotFound", 404, "object not found"),
    row("PC-E22", "ObjectNotFound", 404, "domain controller not found"),
    row("PC-E23", "ResourceExists", 409, "identity or name already exists"),
    row("PC-E24", "InvalidOperation", 400, "a Global instance cannot be created"),
    row("PC-E25", "InvalidArgument", 400, "value out of range, too long or malformed"),
    row("PC-E26", "InvalidArgument", 400, "a room and a category may not share a name"),
    row("PC-E27", "InvalidArgument", 400, "parameters exclude or require each other"),
    row("PC-E30", "ObjectNotFound", 404, "principal not provisioned"),
    row("PC-E31", "InvalidArgument", 409, "principal outside the category's scope"),
    row("PC-E32", "InvalidOperation", 409, "presenters on a room of type Normal"),
    row("PC-E33", "InvalidOperation", 409, "a presenter is not a member"),
    row("PC-E34", "ObjectNotFound", 404, "category not found"),
    row("PC-E35", "ObjectNotFound", 404, "add-in not found on the pool"),
    row("PC-E36", "InvalidOperation", 409, "the room is not an Auditorium"),
    row("PC-E40", "InvalidOperation", 409, "the category still has rooms"),
    row("PC-E41", "InvalidOperation", 409, "the add-in is in use"),
    row("PC-E42", "InvalidOperation", 409, "the policy is assigned; confirmation needed"),
    row("PC-E43", "ResourceExists", 409, "the SIP address is already held"),
    row("PC-E44", "ObjectNotFound", 404, "the policy to be granted does not exist"),
    row("PC-E50", "InvalidOperation", 409, "unknown role template"),
    row("PC-E51", "InvalidOperation", 409, "the role's security group is missing"),
    row("PC-E52", "InvalidOperation", 409, "a standard role cannot be changed or removed"),
    row("PC-E60", "InvalidData", 400, "file not found or not writable"),
    row("PC-E61", "InvalidData", 400, "not an export of this product, or damaged"),
    row("PC-E62", "InvalidOperation", 409, "chat services are running"),
    row("PC-E63", "InvalidData", 400, "the database instance holds no such database"),
    row("PC-E64", "InvalidOperation", 409, "no backup database, or it is not online"),
    row("PC-E65", "InvalidArgument", 409, "not a member of the pool, or too many active servers"),
    row("PC-E70", "InvalidOperation", 409, "no Front End or Standard Edition server"),
    row("PC-E71", "InvalidOperation", 409, "a prerequisite is missing"),
    row("PC-E72", "InvalidOperation", 409, "SQL instance unreachable or of an unsupported version"),
    row("PC-E73", "InvalidOperation", 409, "the file share is missing"),
    row("PC-E74", "InvalidOperation", 409, "AlwaysOn or Express is not allowed here"),
    row("PC-E75", "InvalidOperation", 409, "a database is not installed"),
    row("PC-E76", "InvalidOperation", 409, "certificate missing, expired, wrongly named or of another authority"),
    row("PC-E77", "InvalidOperation", 409, "the service cannot start or the database is in use"),
    row("PC-E78", "InvalidOperation", 409, "the directory is not prepared in order"),
    row("PC-E79", "InvalidOperation", 409, "the topology document's revision is not the current one"),
    row("PC-E80", "InvalidData", 400, "the document has faults"),
    row("PC-E90", "InvalidArgument", 400, "the request is malformed"),
    row("PC-E91", "NotImplemented", 404, "no such cmdlet or route"),
    row("PC-E92", "InvalidOperation", 412, "the object has changed since it was read"),
    row("PC-E93", "InvalidOperation", 409, "the idempotency key was used for another request"),
    row("PC-E94", "ResourceBusy", 503, "the store is busy; try again"),
    row("PC-E95", "ResourceUnavailable", 503, "the store cannot be opened or written"),
    row("PC-E96", "InvalidData", 500, "the store is damaged or of another version"),
    row("PC-E97", "ConnectionError", 503, "the service cannot be reached"),
    row("PC-E98", "LimitsExceeded", 429, "too many requests"),
    row("PC-E99", "InvalidResult", 500, "internal error"),
    row("PC-E89", "ObjectNotFound", 404, "no such transaction, or it has ended"),
    row("PC-E88", "LimitsExceeded", 413, "the request is too large"),
    row("PC-E87", "OperationTimeout", 503, "the request took too long"),
    row("PC-E86", "InvalidOperation", 409, "client and service are of versions that do not fit"),
    row("PC-E85", "SecurityError", 503, "the certificate of the service, or of its database, is not trusted"),
    row("PC-E84", "ResourceUnavailable", 507, "the store's disk is full"),
];

/// An error answer: a problem document with the catalogue's id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// A relative reference that names the kind of problem: `/problems/PC-E21`.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// The catalogue's meaning.
    pub(crate) title: String,
    pub status: u16,
    /// What was wrong, with which value, and what to do.
    pub detail: String,
    pub id: String,
    pub(crate) category: String,
    /// The identity as given, or the name of what was to be made.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub target: Value,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub request_id: String,
    /// Ends the whole pipeline rather than this input object.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub terminating: bool,
    /// Every fault found, where one answer has several (documents, imports).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
    /// Seconds to wait before another attempt; it travels as a header, not in the body.
    #[serde(skip)]
    pub retry_after: Option<u64>,
    #[serde(skip)]
    overtaken: bool,
}

impl Problem {
    /// A problem of the catalogue. The id must be one of [`ERRORS`]; an unknown one reads as an internal error.
    pub(crate) fn new(id: &str, detail: impl Into<String>) -> Self {
        let internal = ErrorRow { id: "PC-E99", category: "InvalidResult", status: 500, meaning: "internal error" };
        let row = ERRORS.iter().find(|row| row.id == id).copied().unwrap_or(internal);
        Problem {
            kind: format!("/problems/{}", row.id),
            title: row.meaning.to_owned(),
            status: row.status,
            detail: detail.into(),
            id: row.id.to_owned(),
            category: row.category.to_owned(),
            target: Value::Null,
            request_id: String::new(),
            terminating: false,
            faults: Vec::new(),
            retry_after: None,
            overtaken: false,
        }
    }

    /// About this object.
    pub(crate) fn target(mut self, target: impl Into<Value>) -> Self {
        self.target = target.into();
        self
    }

    /// About this object unless something closer to the fault was named already.
    pub(crate) fn default_target(mut self, target: impl Into<Value>) -> Self {
        if self.target.is_null() {
            self.target = target.into();
        }
        self
    }

    /// Ends the pipeline.
    pub(crate) fn terminating(mut self) -> Self {
        self.terminating = true;
        self
    }

    /// The same with words before its detail.
    pub(crate) fn introduced(mut self, words: &str) -> Self {
        self.detail.insert_str(0, words);
        self
    }

    /// Another attempt is welcome after some seconds.
    pub(crate) fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// With every single fault found.
    pub(crate) fn faults(mut self, faults: Vec<String>) -> Self {
        self.faults = faults;
        self
    }

    /// Something failed that should not: the message stays inside the detail.
    pub(crate) fn internal(what: impl fmt::Display) -> Self {
        Problem::new("PC-E99", format!("The service failed inside: {what}"))
    }

    /// Did another writer come between, so that the same call may begin again at once?
    pub(crate) fn is_overtaken(&self) -> bool {
        self.overtaken
    }

    /// Marks it so.
    pub(crate) fn overtaken(mut self) -> Self {
        self.overtaken = true;
        self
    }

    /// May the same call be tried again as it is?
    pub fn is_transient(&self) -> bool {
        matches!(self.id.as_str(), "PC-E94" | "PC-E97" | "PC-E98" | "PC-E87" | "PC-E95")
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.id, self.detail)?;
        self.faults.iter().try_for_each(|fault| write!(formatter, "\n  {fault}"))
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_statuses_are_errors() {
        for (index, row) in ERRORS.iter().enumerate() {
            assert!(row.status >= 400, "{}", row.id);
            assert!(ERRORS.iter().skip(index + 1).all(|other| other.id != row.id), "{}", row.id);
        }
    }

    #[test]
    fn problems_survive_the_wire() {
        let problem = Problem::new("PC-E21", "No room 'x'.").target("x");
        let text = serde_json::to_string(&problem).unwrap();
        assert_eq!(serde_json::from_str::<Problem>(&text).unwrap(), problem);
    }
}
