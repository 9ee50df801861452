//! LDAP filters: `attr=value`, `&(…)(…)`, `|(…)(…)`, `!`, `*` inside values; outer parentheses may be left out.

use super::identity::matches;
use crate::api::Problem;
use crate::store::Principal;
use serde_json::Value;

/// A condition over directory attributes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum DirectoryFilter {
    All(Vec<DirectoryFilter>),
    Any(Vec<DirectoryFilter>),
    Not(Box<DirectoryFilter>),
    Equals { attribute: String, pattern: String },
    AtLeast { attribute: String, value: String },
    AtMost { attribute: String, value: String },
}

/// LDAP's attribute names and where the value stands with us.
const ATTRIBUTES: [(&str, &str); 17] = [
    ("cn", "name"),
    ("name", "name"),
    ("department", "department"),
    ("title", "title"),
    ("company", "company"),
    ("l", "city"),
    ("manager", "manager"),
    ("sn", "lastName"),
    ("givenname", "firstName"),
    ("mail", "mail"),
    ("displayname", "displayName"),
    ("samaccountname", "samAccountName"),
    ("userprincipalname", "userPrincipalName"),
    ("co", "country"),
    ("st", "stateOrProvince"),
    ("description", "description"),
    ("msrtcsip-primaryuseraddress", "sipAddress"),
];

/// Reads a filter.
pub(crate) fn parse(text: &str) -> Result<DirectoryFilter, Problem> {
    let malformed = |reason: String| {
        Problem::new("PC-E25", format!("The LDAP filter '{text}' cannot be read: {reason}.")).target(text)
    };
    let trimmed = text.trim();
    let mut reader = Reader { rest: trimmed, depth: 0 };
    let filter = if trimmed.starts_with('(') { reader.grouped() } else { reader.bare() }.map_err(malformed)?;
    match reader.rest.trim() {
        "" => Ok(filter),
        rest => Err(malformed(format!("'{rest}' is not expected there"))),
    }
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

const DEEPEST: usize = 64;

impl Reader<'_> {
    fn grouped(&mut self) -> Result<DirectoryFilter, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("it is nested too deeply".to_owned());
        }
        self.rest = self.rest.trim_start().strip_prefix('(').ok_or("an opening parenthesis is missing")?;
        let filter = self.bare()?;
        self.rest = self.rest.trim_start().strip_prefix(')').ok_or("a closing parenthesis is missing")?;
        self.depth -= 1;
        Ok(filter)
    }

    fn bare(&mut self) -> Result<DirectoryFilter, String> {
        let rest = self.rest.trim_start();
        match rest.chars().next() {
            Some('&') => self.several(rest, DirectoryFilter::All),
            Some('|') => self.several(rest, DirectoryFilter::Any),
            Some('!') => {
                self.rest = rest.get(1..).unwrap_or_default().trim_start();
                let inner = if self.rest.starts_with('(') { self.grouped()? } else { self.comparison()? };
                Ok(DirectoryFilter::Not(Box::new(inner)))
            }
            Some('(') => self.grouped(),
            _ => self.comparison(),
        }
    }

    fn several(
        &mut self,
        rest: &str,
        join: fn(Vec<DirectoryFilter>) -> DirectoryFilter,
    ) -> Result<DirectoryFilter, String> {
        let skipped = self.rest.len() - rest.len() + 1;
        self.rest = self.rest.get(skipped..).unwrap_or_default();
        let mut parts = Vec::new();
        while self.rest.trim_start().starts_with('(') {
            parts.push(self.grouped()?);
        }
        if parts.is_empty() { Err("'&' and '|' need conditions in parentheses".to_owned()) } else { Ok(join(parts)) }
    }

    fn comparison(&mut self) -> Result<DirectoryFilter, String> {
        let end = self.rest.find(')').unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        let (attribute, value) = text.split_once('=').ok_or_else(|| format!("'{text}' has no '='"))?;
        let value = value.trim().to_owned();
        let named = |name: &str| name.trim().to_lowercase();
        let filter = match attribute.chars().last() {
            Some('>') => DirectoryFilter::AtLeast { attribute: named(attribute.trim_end_matches('>')), value },
            Some('<') => DirectoryFilter::AtMost { attribute: named(attribute.trim_end_matches('<')), value },
            _ => DirectoryFilter::Equals { attribute: named(attribute.trim_end_matches('~')), pattern: value },
        };
        Ok(filter)
    }
}

impl DirectoryFilter {
    /// Does an entry pass?
    pub(crate) fn passes(&self, principal: &Principal) -> bool {
        match self {
            DirectoryFilter::All(parts) => parts.iter().all(|part| part.passes(principal)),
            DirectoryFilter::Any(parts) => parts.iter().any(|part| part.passes(principal)),
            DirectoryFilter::Not(part) => !part.passes(principal),
            DirectoryFilter::Equals { attribute, pattern } => {
                values(principal, attribute).iter().any(|value| matches(pattern, value))
            }
            DirectoryFilter::AtLeast { attribute, value } => {
                values(principal, attribute).iter().any(|have| have.to_lowercase() >= value.to_lowercase())
            }
            DirectoryFilter::AtMost { attribute, value } => {
                values(principal, attribute).iter().any(|have| have.to_lowercase() <= value.to_lowercase())
            }
        }
    }
}

fn values(principal: &Principal, attribute: &str) -> Vec<String> {
    match attribute {
        "objectclass" | "objectcategory" => return vec![principal.kind.clone(), "top".to_owned()],
        "distinguishedname" => return vec![principal.dn.clone()],
        _ => {}
    }
    let known = ATTRIBUTES.iter().find(|(name, _)| *name == attribute).map(|(_, field)| *field);
    let value = match known {
        Some(field) => principal.body.get(field),
        None => principal.body.iter().find(|(name, _)| name.eq_ignore_ascii_case(attribute)).map(|(_, value)| value),
    };
    match value {
        Some(Value::String(text)) if !text.is_empty() => vec![text.clone()],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(value @ (Value::Bool(_) | Value::Number(_))) => vec![value.to_string()],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn filters_select() {
        let body = json!({"department": "IT", "city": "Redmond", "name": "Ken Myer"});
        let ken = Principal::new("user", "CN=Ken Myer,DC=x", String::new(), body.as_object().unwrap().clone());
        for (text, expected) in [
            ("department=IT", true),
            ("&(department=IT)(l=Redmond)", true),
            ("(&(department=IT)(!(l=Redmond)))", false),
            ("|(department=HR)(cn=ken*)", true),
            ("!department=IT", false),
            ("title=*", false),
        ] {
            assert_eq!(parse(text).unwrap().passes(&ken), expected, "{text}");
        }
        assert!(parse("&department").is_err());
        assert!(parse("(a=b").is_err());
    }
}
