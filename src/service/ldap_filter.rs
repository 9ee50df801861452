//! `-LdapFilter`: RFC 4515 filters, also without the outermost parentheses, tested against directory attributes.

use super::filter::{FilterError, wildcard};

/// A parsed LDAP filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LdapFilter {
    /// `(&(…)(…))`.
    And(Vec<LdapFilter>),
    /// `(|(…)(…))`.
    Or(Vec<LdapFilter>),
    /// `(!(…))`.
    Not(Box<LdapFilter>),
    /// `(attribute=value)`, where the value may hold `*`.
    Equal(String, String),
    /// `(attribute>=value)`.
    AtLeast(String, String),
    /// `(attribute<=value)`.
    AtMost(String, String),
}

/// How deep parentheses may nest.
const DEEPEST: usize = 64;

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl LdapFilter {
    /// Reads a filter.
    ///
    /// # Errors
    /// Where the text is not a filter, with the place.
    pub fn parse(text: &str) -> Result<LdapFilter, FilterError> {
        let mut reader = Reader { text, at: 0, depth: 0 };
        reader.blanks();
        let filter = if reader.peek() == Some('(') { reader.parenthesized()? } else { reader.body()? };
        reader.blanks();
        match reader.rest() {
            "" => Ok(filter),
            rest => Err(reader.error(format!("'{rest}' was not expected."))),
        }
    }

    /// Tests an entry whose attribute values `look_up` gives; an attribute may have several.
    pub fn matches(&self, look_up: &impl Fn(&str) -> Vec<String>) -> bool {
        match self {
            LdapFilter::And(all) => all.iter().all(|f| f.matches(look_up)),
            LdapFilter::Or(any) => any.iter().any(|f| f.matches(look_up)),
            LdapFilter::Not(inner) => !inner.matches(look_up),
            LdapFilter::Equal(name, value) => look_up(name).iter().any(|actual| wildcard(value, actual)),
            LdapFilter::AtLeast(name, value) => look_up(name).iter().any(|a| order(a, value).is_ge()),
            LdapFilter::AtMost(name, value) => look_up(name).iter().any(|a| order(a, value).is_le()),
        }
    }
}

fn order(a: &str, b: &str) -> std::cmp::Ordering {
    match (a.parse::<i64>(), b.parse::<i64>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        _ => a.to_lowercase().cmp(&b.to_lowercase()),
    }
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn error(&self, message: String) -> FilterError {
        FilterError { offset: self.at, message }
    }

    fn expect(&mut self, wanted: char) -> Result<(), FilterError> {
        self.blanks();
        if self.peek() == Some(wanted) {
            self.at += wanted.len_utf8();
            return Ok(());
        }
        Err(self.error(format!("'{wanted}' was expected.")))
    }

    fn parenthesized(&mut self) -> Result<LdapFilter, FilterError> {
        if self.depth >= DEEPEST {
            return Err(self.error("The filter nests too deeply.".to_owned()));
        }
        self.depth += 1;
        self.expect('(')?;
        let filter = self.body()?;
        self.expect(')')?;
        self.depth -= 1;
        Ok(filter)
    }

    fn body(&mut self) -> Result<LdapFilter, FilterError> {
        self.blanks();
        let combined = match self.peek() {
            Some('&') => LdapFilter::And as fn(Vec<LdapFilter>) -> LdapFilter,
            Some('|') => LdapFilter::Or,
            Some('!') => {
                self.at += 1;
                self.blanks();
                let inner = if self.peek() == Some('(') { self.parenthesized()? } else { self.item()? };
                return Ok(LdapFilter::Not(Box::new(inner)));
            }
            _ => return self.item(),
        };
        self.at += 1;
        let mut parts = Vec::new();
        self.blanks();
        while self.peek() == Some('(') {
            parts.push(self.parenthesized()?);
            self.blanks();
        }
        if parts.is_empty() {
            return Err(self.error("A parenthesized condition was expected.".to_owned()));
        }
        Ok(combined(parts))
    }

    fn item(&mut self) -> Result<LdapFilter, FilterError> {
        let end = self.rest().find(')').unwrap_or(self.rest().len());
        let text = self.rest().get(..end).unwrap_or_default();
        let Some((left, value)) = text.split_once('=') else {
            return Err(self.error(format!("attribute=value was expected at '{text}'.")));
        };
        let (name, make): (&str, fn(String, String) -> LdapFilter) = match left.trim_end() {
            l if l.ends_with('>') => (l.trim_end_matches('>'), LdapFilter::AtLeast),
            l if l.ends_with('<') => (l.trim_end_matches('<'), LdapFilter::AtMost),
            l => (l.trim_end_matches('~'), LdapFilter::Equal),
        };
        let name = name.trim();
        if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | ';')) {
            return Err(self.error(format!("'{name}' is not the name of an attribute.")));
        }
        let value = self.unescape(value.trim())?;
        self.at += end;
        Ok(make(name.to_owned(), value))
    }

    /// `\28` and the like.
    fn unescape(&self, value: &str) -> Result<String, FilterError> {
        let mut bytes = Vec::with_capacity(value.len());
        let mut rest = value.bytes();
        while let Some(byte) = rest.next() {
            if byte != b'\\' {
                bytes.push(byte);
                continue;
            }
            let digit = |b: Option<u8>| b.and_then(|b| char::from(b).to_digit(16));
            match (digit(rest.next()), digit(rest.next())) {
                (Some(high), Some(low)) => bytes.push((high * 16 + low) as u8),
                _ => return Err(self.error("Two hexadecimal digits were expected after '\\'.".to_owned())),
            }
        }
        String::from_utf8(bytes).map_err(|_| self.error("The value is not UTF-8.".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_choose_entries() {
        let look_up = |name: &str| match name.to_lowercase().as_str() {
            "department" => vec!["IT".to_owned()],
            "l" => vec!["Redmond".to_owned()],
            "objectclass" => vec!["top".to_owned(), "user".to_owned()],
            "logoncount" => vec!["12".to_owned()],
            _ => vec![],
        };
        for (filter, expected) in [
            ("department=IT", true),
            ("&(department=IT)(l=Redmond)", true),
            ("(&(department=IT)(l=Dublin))", false),
            ("|(l=Dublin)(l=red*)", true),
            ("(!(department=Sales))", true),
            ("!department=Sales", true),
            ("objectClass=user", true),
            ("title=*", false),
            ("l=*", true),
            ("(logonCount>=5)", true),
            ("(logonCount<=5)", false),
            ("(& (department=IT) (!(l=Dublin)) )", true),
            ("department=\\49T", true),
        ] {
            assert_eq!(LdapFilter::parse(filter).expect(filter).matches(&look_up), expected, "{filter}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for filter in ["", "(", "department", "(&)", "(a=b", "a=\\4", "a=b)(c=d", &"(!".repeat(500)] {
            assert!(LdapFilter::parse(filter).is_err(), "{filter}");
        }
    }
}
