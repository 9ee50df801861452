//! Lines of CSV to objects.

use crate::value::{ErrorCategory, ExtensionSlot, Fault, Outcome, PsObject, Shape, Str, TypeRef, Value};
use std::rc::Rc;

/// Reads records out of a text.
pub(super) struct Records<'a> {
    text: &'a str,
    delimiter: char,
}

impl<'a> Records<'a> {
    pub(super) fn new(text: &'a str, delimiter: char) -> Self {
        Records { text, delimiter }
    }

    /// How many bytes are left to read.
    pub(super) fn left(&self) -> usize {
        self.text.len()
    }

    fn bytes_at(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// The next record into `fields`; false at the end. Blank lines are passed over.
    pub(super) fn next(&mut self, fields: &mut Vec<Str>) -> bool {
        fields.clear();
        while let Some(byte) = self.bytes_at(0) {
            if byte != b'\n' && byte != b'\r' {
                break;
            }
            self.text = self.text.get(1..).unwrap_or("");
        }
        if self.text.is_empty() {
            return false;
        }
        loop {
            let (field, ended) = self.field();
            fields.push(field);
            // A delimiter at the very end begins no further field.
            if ended || self.text.is_empty() {
                return true;
            }
        }
    }

    /// The next line, where it begins with a prefix.
    fn line_with(&mut self, prefix: &str) -> Option<&'a str> {
        if !self.text.starts_with(prefix) {
            return None;
        }
        let end = self.text.find('\n').unwrap_or(self.text.len());
        let line = self.text.get(..end).unwrap_or("").trim_end_matches('\r');
        self.text = self.text.get(end..).unwrap_or("");
        line.get(prefix.len()..)
    }

    /// A field, and whether its record ends with it. Blanks in front do not count; behind, one stays.
    fn field(&mut self) -> (Str, bool) {
        let delimiter = self.delimiter;
        let start = self.text.trim_start_matches(|c| matches!(c, ' ' | '\t') && c != delimiter);
        if let Some(quoted) = start.strip_prefix('"') {
            return self.quoted(quoted);
        }
        let end = start.find([delimiter, '\n', '\r']).unwrap_or(start.len());
        let (field, rest) = start.split_at(end);
        let odd = field
            .find([' ', '\t', '"'])
            .filter(|at| !field.get(at + 1..).is_some_and(|more| more.contains(|c| !matches!(c, ' ' | '\t'))));
        let kept = odd.and_then(|at| field.get(..=at)).unwrap_or(field);
        (Str::from(kept), self.go_on(rest))
    }

    fn quoted(&mut self, text: &'a str) -> (Str, bool) {
        let mut field = String::new();
        let mut rest = text;
        loop {
            let Some(end) = rest.find('"') else {
                field.push_str(rest);
                rest = "";
                break;
            };
            field.push_str(rest.get(..end).unwrap_or(""));
            rest = rest.get(end + 1..).unwrap_or("");
            match rest.strip_prefix('"') {
                Some(more) => {
                    field.push('"');
                    rest = more;
                }
                None => break,
            }
        }
        let end = rest.find([self.delimiter, '\n', '\r']).unwrap_or(rest.len());
        let behind = rest.get(..end).unwrap_or("");
        if !behind.trim_matches([' ', '\t']).is_empty() {
            field.push_str(behind);
        }
        (Str::from(field), self.go_on(rest.get(end..).unwrap_or("")))
    }

    /// Steps over a delimiter; true where the record ends instead.
    fn go_on(&mut self, rest: &'a str) -> bool {
        match rest.strip_prefix(self.delimiter) {
            Some(after) => {
                self.text = after;
                false
            }
            None => {
                let after = rest.strip_prefix('\r').unwrap_or(rest);
                self.text = after.strip_prefix('\n').unwrap_or(after);
                true
            }
        }
    }
}

/// What a table of CSV is read by.
pub(super) struct Table {
    shape: Rc<Shape>,
    /// Those of a `#TYPE` line.
    type_names: Option<Rc<[Str]>>,
}

/// What came of a header.
pub(super) struct Header {
    pub(super) table: Table,
    /// Columns without a name got one made up.
    pub(super) made_up: bool,
}

impl Table {
    /// Reads type line and header, or takes the header that was given.
    pub(super) fn open(records: &mut Records<'_>, header: &[Str]) -> Outcome<Option<Header>> {
        while records.text.starts_with(['\n', '\r']) {
            records.text = records.text.get(1..).unwrap_or("");
        }
        let type_name = records.line_with("#TYPE ").map(|name| Str::from(name.trim()));
        let mut names = header.to_vec();
        if names.is_empty() {
            names = loop {
                let mut fields = Vec::new();
                if !records.next(&mut fields) {
                    return Ok(None);
                }
                if let Some(first) = fields.first_mut().filter(|first| first.starts_with("#Fields: ")) {
                    *first = Str::from(first.get(9..).unwrap_or(""));
                    break fields;
                }
                if !fields.first().is_some_and(|first| first.starts_with('#')) {
                    break fields;
                }
            };
            while names.len() > 1 && names.last().is_some_and(|name| name.is_empty()) {
                names.pop();
            }
        }
        let mut unnamed = 0;
        for name in names.iter_mut().filter(|name| name.trim().is_empty()) {
            unnamed += 1;
            *name = Str::from(format!("H{unnamed}"));
        }
        let made_up = unnamed > 0;
        for (index, name) in names.iter().enumerate() {
            if names.iter().take(index).any(|earlier| earlier.eq_ignore_ascii_case(name)) {
                let message = format!("The column '{name}' stands in the header twice; give names with -Header.");
                return Fault::new("AlreadyPresentPSMemberInfoInternalCollectionAdd", message)
                    .exception("System.Management.Automation.ExtendedTypeSystemException")
                    .category(ErrorCategory::NotSpecified)
                    .err();
            }
        }
        let type_names = type_name.map(|name| Rc::from([name.clone(), Str::from(format!("CSV:{name}"))]));
        let table = Table { shape: Rc::new(Shape { names }), type_names };
        Ok(Some(Header { table, made_up }))
    }

    /// The object of a record: missing fields are null, surplus ones are left out.
    pub(super) fn object(&self, fields: &mut Vec<Str>) -> Value {
        let count = self.shape.names.len();
        let mut values = Vec::with_capacity(count);
        values.extend(fields.drain(..).take(count).map(Value::Str));
        values.resize(count, Value::Null);
        let extension = self.type_names.clone().map(ExtensionSlot::with_type_names).unwrap_or_default();
        Value::Object(Rc::new(PsObject {
            kind: TypeRef::PSCUSTOMOBJECT,
            shape: self.shape.clone().into(),
            values: values.into(),
            extension,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records() {
        let text = "a, b ,\"c \"\"q\"\"\"\r\n\n1,\"two\nlines\",\n\" x \" ,y z,";
        let mut records = Records::new(text, ',');
        let mut fields = Vec::new();
        let mut all = Vec::new();
        while records.next(&mut fields) {
            all.push(fields.iter().map(ToString::to_string).collect::<Vec<_>>());
        }
        assert_eq!(all, [vec!["a", "b ", "c \"q\""], vec!["1", "two\nlines", ""], vec![" x ", "y z"]]);
    }
}
