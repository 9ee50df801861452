//! Server-side filters in PowerShell's form: `{Name -like "IT*" -and Disabled -eq $false}`.

use super::identity::matches;
use crate::api::Problem;
use serde_json::Value;
use std::cmp::Ordering;

/// A condition over an object's properties.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Compare { property: String, operator: Operator, value: Operand },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Like,
    NotLike,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Operand {
    Null,
    Boolean(bool),
    Text(String),
}

const OPERATORS: [(&str, Operator); 8] = [
    ("-eq", Operator::Equal),
    ("-ne", Operator::NotEqual),
    ("-like", Operator::Like),
    ("-notlike", Operator::NotLike),
    ("-gt", Operator::Greater),
    ("-lt", Operator::Less),
    ("-ge", Operator::GreaterOrEqual),
    ("-le", Operator::LessOrEqual),
];

/// Does the text look like an expression rather than a bare pattern?
pub(crate) fn is_expression(text: &str) -> bool {
    let lower = text.to_lowercase();
    let has_operator = OPERATORS.iter().any(|(word, _)| lower.split_whitespace().any(|part| part == *word));
    text.trim_start().starts_with('{') || has_operator
}

/// Reads an expression, with or without its braces.
pub(crate) fn parse(text: &str) -> Result<Filter, Problem> {
    let trimmed = text.trim();
    let inner = trimmed.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(trimmed);
    let tokens = tokens(inner).map_err(|reason| malformed(text, &reason))?;
    let mut parser = Parser { tokens: &tokens, place: 0, depth: 0 };
    let filter = parser.any().map_err(|reason| malformed(text, &reason))?;
    match parser.peek() {
        None => Ok(filter),
        Some(token) => Err(malformed(text, &format!("'{}' is not expected there", token.text))),
    }
}

fn malformed(text: &str, reason: &str) -> Problem {
    Problem::new("PC-E25", format!("The filter {text} cannot be read: {reason}.")).target(text)
}

struct Token {
    text: String,
    quoted: bool,
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(&letter) = letters.peek() {
        match letter {
            _ if letter.is_whitespace() => drop(letters.next()),
            '(' | ')' => {
                letters.next();
                tokens.push(Token { text: letter.to_string(), quoted: false });
            }
            '"' | '\'' => {
                letters.next();
                tokens.push(Token { text: quoted(&mut letters, letter)?, quoted: true });
            }
            _ => {
                let mut word = String::new();
                while let Some(next) = letters.next_if(|next| !next.is_whitespace() && !"()\"'".contains(*next)) {
                    word.push(next);
                }
                tokens.push(Token { text: word, quoted: false });
            }
        }
    }
    Ok(tokens)
}

fn quoted(letters: &mut std::iter::Peekable<std::str::Chars<'_>>, quote: char) -> Result<String, String> {
    let mut text = String::new();
    while let Some(letter) = letters.next() {
        match letter {
            _ if letter == quote && letters.peek() == Some(&quote) => {
                letters.next();
                text.push(quote);
            }
            _ if letter == quote => return Ok(text),
            '`' if quote == '"' => text.extend(letters.next()),
            other => text.push(other),
        }
    }
    Err("a quoted text is not closed".to_owned())
}

struct Parser<'a> {
    tokens: &'a [Token],
    place: usize,
    depth: usize,
}

/// Deepest nesting of parentheses.
const DEEPEST: usize = 64;

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.place)
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.peek().is_some_and(|token| !token.quoted && token.text.eq_ignore_ascii_case(word));
        self.place += usize::from(found);
        found
    }

    fn next(&mut self, what: &str) -> Result<&Token, String> {
        let token = self.tokens.get(self.place).ok_or_else(|| format!("{what} is missing at its end"))?;
        self.place += 1;
        Ok(token)
    }

    fn any(&mut self) -> Result<Filter, String> {
        let mut parts = vec![self.all()?];
        while self.take("-or") {
            parts.push(self.all()?);
        }
        Ok(single_or(parts, Filter::Any))
    }

    fn all(&mut self) -> Result<Filter, String> {
        let mut parts = vec![self.one()?];
        while self.take("-and") {
            parts.push(self.one()?);
        }
        Ok(single_or(parts, Filter::All))
    }

    fn one(&mut self) -> Result<Filter, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("it is nested too deeply".to_owned());
        }
        let filter = if self.take("-not") || self.take("!") {
            Filter::Not(Box::new(self.one()?))
        } else if self.take("(") {
            let inner = self.any()?;
            if !self.take(")") {
                return Err("a parenthesis is not closed".to_owned());
            }
            inner
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(filter)
    }

    fn comparison(&mut self) -> Result<Filter, String> {
        let property = self.next("a property")?.text.trim_start_matches("$_.").to_owned();
        let word = self.next("an operator")?.text.to_lowercase();
        let operator = OPERATORS.iter().find(|(name, _)| *name == word).map(|(_, operator)| *operator);
        let operator = operator.ok_or_else(|| format!("'{word}' is not an operator"))?;
        let value = self.next("a value")?;
        let operand = match value.text.to_lowercase().as_str() {
            "$null" if !value.quoted => Operand::Null,
            "$true" if !value.quoted => Operand::Boolean(true),
            "$false" if !value.quoted => Operand::Boolean(false),
            _ => Operand::Text(value.text.clone()),
        };
        Ok(Filter::Compare { property, operator, value: operand })
    }
}

fn single_or(mut parts: Vec<Filter>, join: fn(Vec<Filter>) -> Filter) -> Filter {
    match parts.len() {
        1 => parts.swap_remove(0),
        _ => join(parts),
    }
}

impl Filter {
    /// Every property that is named must be one of these (any case), else PC-E25.
    pub(crate) fn require_properties(&self, known: &dyn Fn(&str) -> bool) -> Result<(), Problem> {
        match self {
            Filter::All(parts) | Filter::Any(parts) => parts.iter().try_for_each(|part| part.require_properties(known)),
            Filter::Not(part) => part.require_properties(known),
            Filter::Compare { property, .. } if known(property) => Ok(()),
            Filter::Compare { property, .. } => {
                Err(Problem::new("PC-E25", format!("'{property}' is not a property that this filter can look at.")))
            }
        }
    }

    /// Does an object pass? `property` gives the value of a property by name.
    pub(crate) fn passes(&self, property: &dyn Fn(&str) -> Value) -> bool {
        match self {
            Filter::All(parts) => parts.iter().all(|part| part.passes(property)),
            Filter::Any(parts) => parts.iter().any(|part| part.passes(property)),
            Filter::Not(part) => !part.passes(property),
            Filter::Compare { property: name, operator, value } => compare(&property(name), *operator, value),
        }
    }
}

fn compare(left: &Value, operator: Operator, right: &Operand) -> bool {
    if let Value::Array(items) = left {
        // As with -eq on a collection: some item fits.
        let negated = matches!(operator, Operator::NotEqual | Operator::NotLike);
        let empty_is_null = items.is_empty() && *right == Operand::Null;
        return match negated {
            true => !empty_is_null && !items.iter().any(|item| !compare(item, operator, right)),
            false => empty_is_null || items.iter().any(|item| compare(item, operator, right)),
        };
    }
    let is_null = left.is_null() || left.as_str() == Some("");
    match (operator, right) {
        (Operator::Equal, Operand::Null) => is_null,
        (Operator::NotEqual, Operand::Null) => !is_null,
        (_, Operand::Null) => false,
        (Operator::Equal, _) => equals(left, right),
        (Operator::NotEqual, _) => !equals(left, right),
        (Operator::Like, _) => !is_null && matches(&text_of(right), &shown(left)),
        (Operator::NotLike, _) => is_null || !matches(&text_of(right), &shown(left)),
        (Operator::Greater, _) => order(left, right) == Some(Ordering::Greater),
        (Operator::Less, _) => order(left, right) == Some(Ordering::Less),
        (Operator::GreaterOrEqual, _) => matches!(order(left, right), Some(Ordering::Greater | Ordering::Equal)),
        (Operator::LessOrEqual, _) => matches!(order(left, right), Some(Ordering::Less | Ordering::Equal)),
    }
}

fn equals(left: &Value, right: &Operand) -> bool {
    match (left, right) {
        (Value::Bool(left), Operand::Boolean(right)) => left == right,
        (Value::Null, Operand::Boolean(right)) => !right,
        _ => order(left, right) == Some(Ordering::Equal),
    }
}

fn order(left: &Value, right: &Operand) -> Option<Ordering> {
    if left.is_null() {
        return None;
    }
    let text = text_of(right);
    match (left.as_f64(), text.parse::<f64>()) {
        (Some(left), Ok(right)) => left.partial_cmp(&right),
        _ => Some(shown(left).to_lowercase().cmp(&text.to_lowercase())),
    }
}

fn text_of(operand: &Operand) -> String {
    match operand {
        Operand::Null => String::new(),
        Operand::Boolean(value) => if *value { "True" } else { "False" }.to_owned(),
        Operand::Text(text) => text.clone(),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(value) => if *value { "True" } else { "False" }.to_owned(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn filters_select() {
        let room = json!({"Name": "ITRoom", "Size": 12, "Off": false, "Note": null});
        for (text, expected) in [
            (r#"{Name -like "IT*"}"#, true),
            (r#"Name -eq "itroom""#, true),
            ("{Note -eq $null}", true),
            ("{Note -ne $null -or Size -gt 9}", true),
            ("{-not (Size -gt 9)}", false),
            ("{Off -eq $false -and Size -le 12}", true),
            ("{Name -notlike 'x*'}", true),
        ] {
            let passes = parse(text).unwrap().passes(&|name| room[name].clone());
            assert_eq!(passes, expected, "{text}");
        }
        for text in ["{Name -like}", "{Name IT}", "{(Name -eq 'a'}", "{Name -eq 'a}"] {
            assert_eq!(parse(text).unwrap_err().id, "PC-E25", "{text}");
        }
    }
}
