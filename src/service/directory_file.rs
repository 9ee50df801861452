//! Reads directory files, LDIF (RFC 2849) and CSV, into entries. All faults are reported together, each with its
//! line; a file with a fault gives no entries.

use base64::Engine as _;
use indexmap::IndexMap;

/// One entry as a file gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    /// Its distinguished name.
    pub dn: String,
    /// Attribute values by name as written; look-ups ignore case.
    pub attributes: IndexMap<String, Vec<String>>,
    /// The line it begins on, from 1.
    pub line: usize,
}

/// Something wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// The kinds of entry that a directory holds.
pub const KINDS: &[&str] = &["user", "group", "contact", "organizationalUnit", "container", "domainDNS"];

impl FileEntry {
    /// All values of an attribute.
    pub fn values(&self, name: &str) -> &[String] {
        self.attributes.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map_or(&[], |(_, v)| v)
    }

    /// The first value of an attribute.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.values(name).first().map(String::as_str)
    }

    /// The kind, from `objectClass`; the most particular class counts.
    pub fn kind(&self) -> Option<&'static str> {
        let classes = self.values("objectClass");
        let has = |name: &str| classes.iter().any(|c| c.eq_ignore_ascii_case(name));
        if has("inetOrgPerson") {
            return Some("user");
        }
        KINDS.iter().copied().find(|kind| has(kind))
    }
}

/// Reads LDIF content records; change records are refused, for an import adds.
///
/// # Errors
/// Every fault of the file.
pub fn read_ldif(text: &str) -> Result<Vec<FileEntry>, Vec<FileFault>> {
    let mut faults = Vec::new();
    let mut entries = Vec::new();
    let mut current: Option<FileEntry> = None;
    for (line, content) in unfolded(text) {
        if content.is_empty() {
            entries.extend(current.take());
            continue;
        }
        if content.starts_with('#') {
            continue;
        }
        match attribute(&content) {
            Err(message) => faults.push(FileFault { line, message }),
            Ok((name, _)) if name.eq_ignore_ascii_case("version") && current.is_none() => {}
            Ok((name, dn)) if name.eq_ignore_ascii_case("dn") => {
                entries.extend(current.take());
                current = Some(FileEntry { dn, attributes: IndexMap::new(), line });
            }
            Ok((name, _)) if name.eq_ignore_ascii_case("changetype") => {
                faults.push(FileFault { line, message: "Change records cannot be imported, only entries.".to_owned() });
            }
            Ok((name, value)) => match &mut current {
                Some(entry) => entry.attributes.entry(name).or_default().push(value),
                None => faults.push(FileFault { line, message: format!("'{name}' stands before any dn.") }),
            },
        }
    }
    entries.extend(current);
    finish(entries, faults)
}

/// Lines with their continuations joined, numbered by where they begin.
fn unfolded(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        match (line.strip_prefix(' '), lines.last_mut()) {
            (Some(more), Some((_, last))) if !last.is_empty() => last.push_str(more),
            _ => lines.push((number + 1, line.to_owned())),
        }
    }
    lines
}

/// `name: value` or `name:: base64`.
fn attribute(line: &str) -> Result<(String, String), String> {
    let Some((name, rest)) = line.split_once(':') else {
        return Err(format!("'{line}' is neither 'attribute: value' nor a comment."));
    };
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | ';' | '.')) {
        return Err(format!("'{name}' is not the name of an attribute."));
    }
    let name = name.split(';').next().unwrap_or(name).to_owned();
    if rest.starts_with('<') {
        return Err(format!("The value of '{name}' is a URL; values must stand in the file."));
    }
    let Some(encoded) = rest.strip_prefix(':') else {
        return Ok((name, rest.trim().to_owned()));
    };
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(encoded.trim())
        .map_err(|_| format!("The value of '{name}' is not base64."))?;
    let text = String::from_utf8(bytes).map_err(|_| format!("The value of '{name}' is not UTF-8."))?;
    Ok((name, text))
}

/// Reads CSV with a header line. `DistinguishedName` (or `dn`) and `ObjectClass` are needed; a cell may hold several
/// values, separated by semicolons, in `member` and `memberOf`.
///
/// # Errors
/// Every fault of the file.
pub fn read_csv(text: &str) -> Result<Vec<FileEntry>, Vec<FileFault>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let headers = match reader.headers() {
        Ok(headers) => headers.clone(),
        Err(error) => return Err(vec![csv_fault(&error)]),
    };
    let column = |names: &[&str]| headers.iter().position(|h| names.iter().any(|n| n.eq_ignore_ascii_case(h)));
    let Some(dn_column) = column(&["DistinguishedName", "dn"]) else {
        let message = "The header line has no column DistinguishedName.".to_owned();
        return Err(vec![FileFault { line: 1, message }]);
    };
    let mut faults = Vec::new();
    let mut entries = Vec::new();
    for record in reader.records() {
        match record {
            Err(error) => faults.push(csv_fault(&error)),
            Ok(record) => {
                let line = record.position().map_or(0, |p| p.line() as usize);
                if record.len() != headers.len() {
                    let message = format!("{} cells stand under {} headers.", record.len(), headers.len());
                    faults.push(FileFault { line, message });
                    continue;
                }
                entries.push(csv_entry(&headers, &record, dn_column, line));
            }
        }
    }
    finish(entries, faults)
}

fn csv_entry(headers: &csv::StringRecord, record: &csv::StringRecord, dn_column: usize, line: usize) -> FileEntry {
    let mut attributes = IndexMap::new();
    for (index, (name, cell)) in headers.iter().zip(record).enumerate() {
        if index == dn_column || cell.is_empty() {
            continue;
        }
        let several = name.eq_ignore_ascii_case("member") || name.eq_ignore_ascii_case("memberOf");
        let values = match several {
            true => cell.split(';').map(|v| v.trim().to_owned()).filter(|v| !v.is_empty()).collect(),
            false => vec![cell.to_owned()],
        };
        attributes.insert(name.to_owned(), values);
    }
    FileEntry { dn: record.get(dn_column).unwrap_or_default().to_owned(), attributes, line }
}

fn csv_fault(error: &csv::Error) -> FileFault {
    let line = error.position().map_or(1, |p| p.line() as usize);
    FileFault { line, message: format!("The line cannot be read: {error}.") }
}

/// The checks that both forms share: names, kinds, and no name twice.
fn finish(entries: Vec<FileEntry>, mut faults: Vec<FileFault>) -> Result<Vec<FileEntry>, Vec<FileFault>> {
    let mut seen: IndexMap<String, usize> = IndexMap::new();
    for entry in &entries {
        let mut fault = |message: String| faults.push(FileFault { line: entry.line, message });
        if !is_distinguished_name(&entry.dn) {
            fault(format!("'{}' is not a distinguished name.", entry.dn));
        } else if let Some(first) = seen.insert(entry.dn.to_lowercase(), entry.line) {
            fault(format!("'{}' stands on line {first} already.", entry.dn));
        }
        if entry.kind().is_none() {
            fault(format!("'{}' has no objectClass out of: {}.", entry.dn, KINDS.join(", ")));
        }
        for member in entry.values("member").iter().filter(|m| !is_distinguished_name(m)) {
            fault(format!("The member '{member}' is not a distinguished name."));
        }
    }
    faults.sort_by_key(|f| f.line);
    if faults.is_empty() { Ok(entries) } else { Err(faults) }
}

/// `CN=…,OU=…,DC=…`: every part a known attribute and a value. A `.` for a `,` is the slip this catches.
pub fn is_distinguished_name(text: &str) -> bool {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => part.extend(chars.next()),
            ',' => parts.push(std::mem::take(&mut part)),
            c => part.push(c),
        }
    }
    parts.push(part);
    parts.iter().all(|part| {
        part.trim().split_once('=').is_some_and(|(name, value)| {
            let name = name.trim();
            let known = ["CN", "OU", "DC", "O", "L", "C"].iter().any(|k| k.eq_ignore_ascii_case(name));
            known && !value.trim().is_empty() && !(name.eq_ignore_ascii_case("DC") && value.contains(['.', '=']))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ldif_gives_entries() {
        let text = "version: 1\n\n# people\ndn: CN=Ken Myer,OU=IT,DC=contoso,DC=com\nobjectClass: top\nobjectClass: user\n\
                    cn:: S2VuIE15ZXI=\ndescription: folded \n over lines\n\ndn: OU=IT,DC=contoso,DC=com\nobjectClass: organizationalUnit\n";
        let entries = read_ldif(text).expect("no faults");
        assert_eq!(entries.len(), 2);
        assert_eq!(entries[0].first("CN"), Some("Ken Myer"));
        assert_eq!(entries[0].first("description"), Some("folded over lines"));
        assert_eq!((entries[0].kind(), entries[1].kind()), (Some("user"), Some("organizationalUnit")));
        assert_eq!(entries[1].line, 11);
    }

    #[test]
    fn every_fault_has_its_line() {
        let text = "cn: too early\n\ndn: CN=a,DC=x\nobjectClass: user\ncn:: %%%\nnonsense\n\ndn: CN=a.DC=x\nobjectClass: user\n\n\
                    dn: CN=b,DC=x\n\ndn: CN=A,DC=x\nobjectClass: group\nmember: nobody\n";
        let faults = read_ldif(text).expect_err("faults");
        let lines: Vec<usize> = faults.iter().map(|f| f.line).collect();
        assert_eq!(lines, [1, 5, 6, 11, 13, 13], "{faults:#?}");
    }

    #[test]
    fn csv_gives_entries_and_faults() {
        let text = "DistinguishedName,ObjectClass,mail,member\n\"CN=g,DC=x\",group,,\"CN=a,DC=x;CN=b,DC=x\"\n";
        let entries = read_csv(text).expect("no faults");
        assert_eq!(entries[0].values("member"), ["CN=a,DC=x", "CN=b,DC=x"]);
        assert!(entries[0].first("mail").is_none());
        let faults =
            read_csv("DistinguishedName,ObjectClass\n\"CN=a,DC=x\",user,extra\nnot a name,user\n").expect_err("faults");
        assert_eq!(faults.iter().map(|f| f.line).collect::<Vec<_>>(), [2, 3]);
        assert!(read_csv("a,b\n1,2\n").is_err());
    }

    #[test]
    fn distinguished_names() {
        for (text, expected) in [
            ("CN=Ken Myer,OU=IT,DC=contoso,DC=com", true),
            ("DC=contoso,DC=com", true),
            ("CN=Myer\\, Ken,DC=x", true),
            ("OU=IT,DC=contoso.DC=com", false),
            ("Ken Myer", false),
            ("", false),
            ("CN=,DC=x", false),
        ] {
            assert_eq!(is_distinguished_name(text), expected, "{text}");
        }
    }
}
