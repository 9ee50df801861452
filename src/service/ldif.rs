//! Directory files: LDIF and CSV, read into entries. Every fault is reported with its line; nothing is guessed.

use crate::api::{Problem, camel};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

/// An entry of a file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) line: usize,
    pub(crate) dn: String,
    /// `user`, `group`, `organizationalUnit` …
    pub(crate) kind: String,
    pub(crate) body: Map<String, Value>,
    /// DNs of members, with their lines.
    pub(crate) members: Vec<(usize, String)>,
    /// SAM names or DNs of groups that take the entry in.
    pub(crate) groups: Vec<String>,
}

/// LDAP attributes and the fields they become; others keep their names.
const FIELDS: [(&str, &str); 24] = [
    ("cn", "name"),
    ("ou", "name"),
    ("dc", "name"),
    ("givenname", "firstName"),
    ("sn", "lastName"),
    ("displayname", "displayName"),
    ("samaccountname", "samAccountName"),
    ("userprincipalname", "userPrincipalName"),
    ("mail", "mail"),
    ("department", "department"),
    ("title", "title"),
    ("company", "company"),
    ("l", "city"),
    ("st", "stateOrProvince"),
    ("co", "country"),
    ("manager", "manager"),
    ("description", "description"),
    ("telephonenumber", "phone"),
    ("physicaldeliveryofficename", "office"),
    ("grouptype", "groupType"),
    ("msrtcsip-primaryuseraddress", "sipAddress"),
    ("objectguid", "objectGuid"),
    ("useraccountcontrol", "userAccountControl"),
    ("email", "mail"),
];

/// Object classes and the kinds they make, the most telling first.
const KINDS: [(&str, &str); 9] = [
    ("user", "user"),
    ("inetorgperson", "user"),
    ("person", "user"),
    ("group", "group"),
    ("organizationalunit", "organizationalUnit"),
    ("contact", "contact"),
    ("container", "container"),
    ("domaindns", "domainDNS"),
    ("domain", "domainDNS"),
];

/// Reads LDIF, or names all faults.
pub(crate) fn read_ldif(text: &str) -> Result<Vec<Entry>, Vec<String>> {
    let mut faults = Vec::new();
    let mut entries = Vec::new();
    for lines in records(text, &mut faults) {
        match entry(&lines, &mut faults) {
            Some(entry) => entries.push(entry),
            None if lines.len() == 1 && lines.first().is_some_and(|line| line.name == "version") => {}
            None => {}
        }
    }
    if faults.is_empty() { Ok(entries) } else { Err(faults) }
}

struct Line {
    number: usize,
    name: String,
    value: String,
}

/// The file's records: runs of `name: value` lines, continuation lines joined, comments dropped.
fn records(text: &str, faults: &mut Vec<String>) -> Vec<Vec<Line>> {
    let mut records = Vec::new();
    let mut current: Vec<Line> = Vec::new();
    let mut logical: Option<(usize, String)> = None;
    let text = text.trim_start_matches('\u{feff}');
    for (index, raw) in text.lines().chain([""]).enumerate() {
        let raw = raw.trim_end_matches('\r');
        if let (Some(rest), Some((_, pending))) = (raw.strip_prefix(' '), logical.as_mut()) {
            pending.push_str(rest);
            continue;
        }
        if let Some((number, pending)) = logical.take() {
            current.extend(line(number, &pending, faults));
        }
        if raw.is_empty() {
            if !current.is_empty() {
                records.push(std::mem::take(&mut current));
            }
        } else {
            logical = Some((index + 1, raw.to_owned()));
        }
    }
    records
}

fn line(number: usize, text: &str, faults: &mut Vec<String>) -> Option<Line> {
    if text.starts_with('#') {
        return None;
    }
    let Some((name, value)) = text.split_once(':') else {
        faults
            .push(format!("line {number}: '{}' is not 'attribute: value'", text.chars().take(40).collect::<String>()));
        return None;
    };
    let name = name.split(';').next().unwrap_or(name).trim().to_lowercase();
    let value = match value.strip_prefix(':') {
        None => value.trim_start().to_owned(),
        Some(encoded) => match STANDARD.decode(encoded.trim()) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(_) => {
                faults.push(format!("line {number}: the value of '{name}' is not base64"));
                return None;
            }
        },
    };
    Some(Line { number, name, value })
}

fn entry(lines: &[Line], faults: &mut Vec<String>) -> Option<Entry> {
    let mut lines = lines.iter().filter(|line| line.name != "version");
    let first = lines.next()?;
    if first.name != "dn" {
        faults.push(format!("line {}: an entry begins with 'dn:', not '{}:'", first.number, first.name));
        return None;
    }
    if super::identity::distinguished_name(&first.value).is_err() {
        faults.push(format!("line {}: '{}' is not a distinguished name", first.number, first.value));
        return None;
    }
    let mut entry = Entry {
        line: first.number,
        dn: first.value.clone(),
        kind: String::new(),
        body: Map::new(),
        members: Vec::new(),
        groups: Vec::new(),
    };
    let mut classes = Vec::new();
    for line in lines {
        match line.name.as_str() {
            "objectclass" => classes.push(line.value.to_lowercase()),
            "member" => entry.members.push((line.number, line.value.clone())),
            "memberof" => entry.groups.push(line.value.clone()),
            "changetype" if line.value.eq_ignore_ascii_case("add") => {}
            "changetype" => {
                faults.push(format!(
                    "line {}: the change '{}' is not supported; only whole entries are",
                    line.number, line.value
                ));
            }
            name => put(&mut entry.body, name, &line.value),
        }
    }
    entry.kind = kind_of(&classes, &entry, faults)?;
    finish(&mut entry);
    Some(entry)
}

fn put(body: &mut Map<String, Value>, name: &str, value: &str) {
    let field =
        FIELDS.iter().find(|(known, _)| *known == name).map_or_else(|| camel(name), |(_, field)| (*field).to_owned());
    if !value.is_empty() {
        body.insert(field, json!(value));
    }
}

fn kind_of(classes: &[String], entry: &Entry, faults: &mut Vec<String>) -> Option<String> {
    let found = KINDS.iter().find(|(class, _)| classes.iter().any(|have| have == class)).map(|(_, kind)| *kind);
    if found.is_none() {
        faults.push(format!(
            "line {}: '{}' has no object class that is known (user, group, organizationalUnit …)",
            entry.line, entry.dn
        ));
    }
    found.map(str::to_owned)
}

/// What an entry has without saying so: a name, a display name, a group type in words.
fn finish(entry: &mut Entry) {
    let own = entry.dn.split(',').next().and_then(|part| part.split_once('=')).map_or("", |(_, name)| name).to_owned();
    entry.body.entry("name").or_insert_with(|| json!(own));
    if entry.kind == "user" {
        let name = entry.body.get("name").cloned().unwrap_or_default();
        entry.body.entry("displayName").or_insert(name);
    }
    if let Some(bits) = entry.body.get("groupType").and_then(Value::as_str).and_then(|text| text.parse::<i64>().ok()) {
        let kind = if bits < 0 { "Security" } else { "Distribution" };
        entry.body.insert("groupType".to_owned(), json!(kind));
    }
    if let Some(bits) =
        entry.body.shift_remove("userAccountControl").and_then(|value| value.as_str()?.parse::<i64>().ok())
    {
        entry.body.insert("adEnabled".to_owned(), json!(bits & 2 == 0));
    }
}

/// Reads CSV with a header: `Type,DistinguishedName,…` or `Type,Name,OU,…`; `Members` and `MemberOf` hold lists
/// parted by semicolons.
pub(crate) fn read_csv(text: &str) -> Result<Vec<Entry>, Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(false)
        .trim(csv::Trim::All)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header: Vec<String> = match reader.headers() {
        Ok(names) => names.iter().map(str::to_lowercase).collect(),
        Err(error) => return Err(vec![format!("line 1: {error}")]),
    };
    let mut faults = Vec::new();
    let mut entries = Vec::new();
    for record in reader.records() {
        match record {
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                faults.push(format!(
                    "line {line}: the number of fields differs from the header's, or the text is damaged"
                ));
            }
            Ok(record) => {
                let line = record.position().map_or(0, |place| usize::try_from(place.line()).unwrap_or(0));
                entries.extend(csv_entry(line, &header, &record, &mut faults));
            }
        }
    }
    if faults.is_empty() { Ok(entries) } else { Err(faults) }
}

fn csv_entry(line: usize, header: &[String], record: &csv::StringRecord, faults: &mut Vec<String>) -> Option<Entry> {
    let mut kind = "user".to_owned();
    let (mut dn, mut unit) = (String::new(), String::new());
    let mut entry = Entry {
        line,
        dn: String::new(),
        kind: String::new(),
        body: Map::new(),
        members: Vec::new(),
        groups: Vec::new(),
    };
    let listed = |value: &str| {
        value.split(';').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect::<Vec<_>>()
    };
    for (name, value) in header.iter().zip(record.iter()) {
        match name.as_str() {
            "type" | "objectclass" => kind = value.to_owned(),
            "distinguishedname" | "dn" => dn = value.to_owned(),
            "ou" if value.contains('=') => unit = value.to_owned(),
            "path" => unit = value.to_owned(),
            "members" | "member" => entry.members = listed(value).into_iter().map(|member| (line, member)).collect(),
            "memberof" | "groups" => entry.groups = listed(value),
            "name" => put(&mut entry.body, "cn", value),
            "firstname" => put(&mut entry.body, "givenname", value),
            "lastname" | "surname" => put(&mut entry.body, "sn", value),
            "city" => put(&mut entry.body, "l", value),
            other => put(&mut entry.body, other, value),
        }
    }
    let name =
        entry.body.get("name").or(entry.body.get("displayName")).and_then(Value::as_str).unwrap_or_default().to_owned();
    if dn.is_empty() && !name.is_empty() && !unit.is_empty() {
        let prefix = if kind.eq_ignore_ascii_case("ou") || kind.eq_ignore_ascii_case("organizationalUnit") {
            "OU"
        } else {
            "CN"
        };
        dn = format!("{prefix}={},{unit}", name.replace(',', "\\,"));
    }
    if dn.is_empty() {
        faults.push(format!("line {line}: neither DistinguishedName nor Name with OU says where the entry belongs"));
        return None;
    }
    if super::identity::distinguished_name(&dn).is_err() {
        faults.push(format!("line {line}: '{dn}' is not a distinguished name"));
        return None;
    }
    entry.dn = dn;
    let class = if kind.eq_ignore_ascii_case("ou") { "organizationalunit".to_owned() } else { kind.to_lowercase() };
    entry.kind = kind_of(&[class], &entry, faults)?;
    finish(&mut entry);
    Some(entry)
}

/// The problem that carries the faults of a file.
pub(crate) fn faulty(what: &str, faults: Vec<String>) -> Problem {
    let count = faults.len();
    let message = format!("The {what} has {count} fault(s); nothing was taken over.");
    Problem::new("PC-E80", message).faults(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ldif_reads_folded_and_encoded_values() {
        let text =
            "version: 1\n\n# people\ndn: CN=Ken Myer,\n OU=IT,DC=x\nobjectClass: user\ngivenName:: S2Vu\nl: Redmond\n";
        let entries = read_ldif(text).unwrap();
        let ken = entries.first().unwrap();
        assert_eq!((ken.dn.as_str(), ken.line, ken.kind.as_str()), ("CN=Ken Myer,OU=IT,DC=x", 4, "user"));
        assert_eq!(ken.body.get("firstName"), Some(&json!("Ken")));
        assert_eq!(ken.body.get("displayName"), Some(&json!("Ken Myer")));
    }

    #[test]
    fn all_faults_have_lines() {
        let faults =
            read_ldif("dn: nonsense\nobjectClass: user\n\nno colon here\n\ncn: x\n\ndn: CN=a,DC=x\n").unwrap_err();
        let places: Vec<&str> = faults.iter().filter_map(|fault| fault.split(':').next()).collect();
        assert_eq!(places, ["line 4", "line 1", "line 6", "line 8"], "{faults:?}");
        let faults = read_csv("Type,Name,OU\nuser,Ann,\"OU=IT,DC=x\"\nuser,Bob\nrobot,C,\"OU=IT,DC=x\"\n").unwrap_err();
        assert_eq!(faults.len(), 2, "{faults:?}");
    }
}
