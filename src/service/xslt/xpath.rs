//! XPath 1.0: expressions read into a tree, and evaluated over a document.

use roxmltree::{Attribute, Node};
use std::collections::HashMap;
use std::iter::Peekable;
use std::vec::IntoIter;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    Text(String),
    Number(f64),
    Variable(String),
    Call(String, Vec<Expression>),
    Binary(&'static str, Box<Expression>, Box<Expression>),
    Negative(Box<Expression>),
    Path(Path),
}

/// Steps from somewhere.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Path {
    pub(super) absolute: bool,
    /// What the steps start from, where it is not the context: `$x/a`, `(…)[1]`.
    start: Option<Box<Expression>>,
    pub(super) steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) axis: Axis,
    pub(super) test: Test,
    pub(super) conditions: Vec<Expression>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    Child,
    Descendant,
    DescendantOrSelf,
    Own,
    Parent,
    Ancestor,
    Attribute,
    Following,
    Preceding,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    Any,
    AnyNode,
    Text,
    Comment,
    Name(String),
}

const AXES: [(&str, Axis); 9] = [
    ("child", Axis::Child),
    ("descendant", Axis::Descendant),
    ("descendant-or-self", Axis::DescendantOrSelf),
    ("self", Axis::Own),
    ("parent", Axis::Parent),
    ("ancestor", Axis::Ancestor),
    ("attribute", Axis::Attribute),
    ("following-sibling", Axis::Following),
    ("preceding-sibling", Axis::Preceding),
];

/// Functions and how many arguments they take.
const FUNCTIONS: [(&str, usize, usize); 27] = [
    ("last", 0, 0),
    ("position", 0, 0),
    ("count", 1, 1),
    ("local-name", 0, 1),
    ("name", 0, 1),
    ("string", 0, 1),
    ("concat", 2, usize::MAX),
    ("starts-with", 2, 2),
    ("contains", 2, 2),
    ("substring-before", 2, 2),
    ("substring-after", 2, 2),
    ("substring", 2, 3),
    ("string-length", 0, 1),
    ("normalize-space", 0, 1),
    ("translate", 3, 3),
    ("boolean", 1, 1),
    ("not", 1, 1),
    ("true", 0, 0),
    ("false", 0, 0),
    ("number", 0, 1),
    ("sum", 1, 1),
    ("floor", 1, 1),
    ("ceiling", 1, 1),
    ("round", 1, 1),
    ("current", 0, 0),
    ("generate-id", 0, 1),
    ("format-number", 2, 2),
];

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Name(String),
    Text(String),
    Number(f64),
    Variable(String),
    Mark(&'static str),
}

const MARKS: [&str; 20] =
    ["::", "//", "..", "!=", "<=", ">=", "/", ".", "@", "(", ")", "[", "]", ",", "|", "+", "-", "=", "<", ">"];

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let digit = first.is_ascii_digit() || (first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit()));
        let length = if first == '\'' || first == '"' {
            let inner = &rest[1..];
            let end = inner.find(first).ok_or_else(|| format!("a text in '{text}' has no end"))?;
            found.push(Token::Text(inner[..end].to_owned()));
            end + 2
        } else if digit {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            found.push(Token::Number(rest[..end].parse().map_err(|_| format!("'{}' is no number", &rest[..end]))?));
            end
        } else if first == '$' {
            let end = name_length(&rest[1..]);
            found.push(Token::Variable(rest[1..=end].to_owned()));
            end + 1
        } else if first.is_alphabetic() || first == '_' {
            let end = name_length(rest);
            found.push(Token::Name(rest[..end].to_owned()));
            end
        } else if first == '*' {
            found.push(Token::Mark("*"));
            1
        } else {
            let mark = MARKS.iter().find(|mark| rest.starts_with(**mark));
            let mark = mark.ok_or_else(|| format!("'{first}' is not expected in '{text}'"))?;
            found.push(Token::Mark(mark));
            mark.len()
        };
        rest = rest[length..].trim_start();
    }
    Ok(found)
}

/// A name; a single colon belongs to it (a prefix), two are an axis.
fn name_length(text: &str) -> usize {
    let mut end = 0;
    for (at, letter) in text.char_indices() {
        let prefix = letter == ':' && !text[at + 1..].starts_with(':') && !text[..at].ends_with(':');
        let plain = letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.');
        if !(plain || prefix && at > 0) {
            break;
        }
        end = at + letter.len_utf8();
    }
    end
}

/// Reads an expression.
pub(super) fn parse(text: &str) -> Result<Expression, String> {
    let mut parser = Parser { tokens: tokens(text)?.into_iter().peekable(), text, depth: 0 };
    let expression = parser.level(0)?;
    match parser.tokens.next() {
        None => Ok(expression),
        Some(token) => Err(format!("{token:?} is not expected at the end of '{text}'")),
    }
}

/// Binary operators from the loosest to the tightest.
const LEVELS: [&[&str]; 7] =
    [&["or"], &["and"], &["=", "!="], &["<", "<=", ">", ">="], &["+", "-"], &["*", "div", "mod"], &["|"]];

/// Deepest nesting of an expression.
const DEEPEST: usize = 100;

struct Parser<'t> {
    tokens: Peekable<IntoIter<Token>>,
    text: &'t str,
    depth: usize,
}

impl Parser<'_> {
    fn takes(&mut self, mark: &str) -> bool {
        self.tokens.next_if(|token| matches!(token, Token::Mark(found) if *found == mark)).is_some()
    }

    fn expect(&mut self, mark: &str) -> Result<(), String> {
        if self.takes(mark) { Ok(()) } else { Err(format!("'{mark}' is expected in '{}'", self.text)) }
    }

    fn level(&mut self, level: usize) -> Result<Expression, String> {
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        self.depth += 1;
        if self.depth > DEEPEST * LEVELS.len() {
            return Err(format!("'{}' is nested too deeply", self.text));
        }
        let mut left = self.level(level + 1)?;
        loop {
            let found = operators.iter().find(|operator| match self.tokens.peek() {
                Some(Token::Mark(mark)) => mark == *operator,
                Some(Token::Name(name)) => name == *operator,
                _ => false,
            });
            let Some(operator) = found else { break };
            self.tokens.next();
            left = Expression::Binary(operator, Box::new(left), Box::new(self.level(level + 1)?));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expression, String> {
        if self.takes("-") {
            return Ok(Expression::Negative(Box::new(self.level(LEVELS.len() - 1)?)));
        }
        let start = match self.tokens.peek() {
            Some(Token::Text(text)) => Expression::Text(text.clone()),
            Some(Token::Number(number)) => Expression::Number(*number),
            Some(Token::Variable(name)) => Expression::Variable(name.clone()),
            Some(Token::Mark("(")) => {
                self.tokens.next();
                let inner = self.level(0)?;
                if self.tokens.peek() != Some(&Token::Mark(")")) {
                    return Err(format!("')' is expected in '{}'", self.text));
                }
                inner
            }
            Some(Token::Name(name)) if FUNCTIONS.iter().any(|(known, ..)| known == name) => {
                let name = name.clone();
                return self.call_or_path(name);
            }
            _ => return self.path(None),
        };
        self.tokens.next();
        self.continued(start)
    }

    /// What follows a value: conditions and steps.
    fn continued(&mut self, start: Expression) -> Result<Expression, String> {
        let goes_on = matches!(self.tokens.peek(), Some(Token::Mark("[" | "/" | "//")));
        if goes_on { self.path(Some(start)) } else { Ok(start) }
    }

    /// A name that is a function's may also be an element's.
    fn call_or_path(&mut self, name: String) -> Result<Expression, String> {
        self.tokens.next();
        if !self.takes("(") {
            let step = Step { axis: Axis::Child, test: Test::Name(name), conditions: self.conditions()? };
            return self.path_after(Path { absolute: false, start: None, steps: vec![step] });
        }
        let mut arguments = Vec::new();
        while !self.takes(")") {
            if !arguments.is_empty() {
                self.expect(",")?;
            }
            arguments.push(self.level(0)?);
        }
        let fits =
            FUNCTIONS.iter().any(|(known, least, most)| *known == name && (*least..=*most).contains(&arguments.len()));
        if !fits {
            return Err(format!("{name}() does not take {} arguments", arguments.len()));
        }
        self.continued(Expression::Call(name, arguments))
    }

    fn path(&mut self, start: Option<Expression>) -> Result<Expression, String> {
        let mut path = Path { absolute: false, start: None, steps: Vec::new() };
        match start {
            Some(start) => {
                path.start = Some(Box::new(start));
                let conditions = self.conditions()?;
                if !conditions.is_empty() {
                    path.steps.push(Step { axis: Axis::Own, test: Test::AnyNode, conditions });
                }
                return self.path_after(path);
            }
            None if self.takes("//") => {
                path.absolute = true;
                path.steps.push(descendants());
            }
            None if self.takes("/") => {
                path.absolute = true;
                let ends = !matches!(self.tokens.peek(), Some(Token::Name(_) | Token::Mark("@" | "*" | "." | "..")));
                if ends {
                    return Ok(Expression::Path(path));
                }
            }
            None => {}
        }
        path.steps.push(self.step()?);
        self.path_after(path)
    }

    fn path_after(&mut self, mut path: Path) -> Result<Expression, String> {
        loop {
            if self.takes("//") {
                path.steps.push(descendants());
            } else if !self.takes("/") {
                return Ok(Expression::Path(path));
            }
            path.steps.push(self.step()?);
        }
    }

    fn step(&mut self) -> Result<Step, String> {
        if self.takes("..") {
            return Ok(Step { axis: Axis::Parent, test: Test::AnyNode, conditions: Vec::new() });
        }
        if self.takes(".") {
            return Ok(Step { axis: Axis::Own, test: Test::AnyNode, conditions: self.conditions()? });
        }
        let mut axis = if self.takes("@") { Axis::Attribute } else { Axis::Child };
        let mut name = self.test_name()?;
        if self.takes("::") {
            let known = AXES.iter().find(|(known, _)| *known == name);
            axis = known.ok_or_else(|| format!("'{name}' is no axis that is known here"))?.1;
            name = self.test_name()?;
        }
        let test = if name == "*" {
            Test::Any
        } else if self.takes("(") {
            self.expect(")")?;
            match name.as_str() {
                "node" => Test::AnyNode,
                "text" => Test::Text,
                "comment" => Test::Comment,
                other => return Err(format!("'{other}()' is no function that is known here")),
            }
        } else {
            Test::Name(name)
        };
        Ok(Step { axis, test, conditions: self.conditions()? })
    }

    fn test_name(&mut self) -> Result<String, String> {
        match self.tokens.next() {
            Some(Token::Name(name)) => Ok(name),
            Some(Token::Mark("*")) => Ok("*".to_owned()),
            other => Err(format!("a step is expected in '{}', not {other:?}", self.text)),
        }
    }

    fn conditions(&mut self) -> Result<Vec<Expression>, String> {
        let mut conditions = Vec::new();
        while self.takes("[") {
            conditions.push(self.level(0)?);
            self.expect("]")?;
        }
        Ok(conditions)
    }
}

fn descendants() -> Step {
    Step { axis: Axis::DescendantOrSelf, test: Test::AnyNode, conditions: Vec::new() }
}

/// A node of the document: an attribute with its owner, or anything else.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Item<'d> {
    Node(Node<'d, 'd>),
    Attribute(Node<'d, 'd>, Attribute<'d, 'd>),
}

impl<'d> Item<'d> {
    /// The text of a node and everything below it.
    pub(super) fn text(&self) -> String {
        match self {
            Item::Attribute(_, attribute) => attribute.value().to_owned(),
            Item::Node(node) if node.is_text() || node.is_comment() => node.text().unwrap_or_default().to_owned(),
            Item::Node(node) => {
                node.descendants().filter(Node::is_text).filter_map(|text| text.text()).collect::<String>()
            }
        }
    }

    /// Its name without a namespace.
    pub(super) fn name(&self) -> &'d str {
        match self {
            Item::Attribute(_, attribute) => attribute.name(),
            Item::Node(node) => node.tag_name().name(),
        }
    }

    pub(super) fn parent(&self) -> Option<Item<'d>> {
        match self {
            Item::Attribute(owner, _) => Some(Item::Node(*owner)),
            Item::Node(node) => node.parent().map(Item::Node),
        }
    }

    /// Its place in the document.
    fn order(&self) -> (usize, usize) {
        match self {
            Item::Node(node) => (node.id().get_usize(), 0),
            Item::Attribute(owner, attribute) => (owner.id().get_usize(), attribute.range().start + 1),
        }
    }

    /// Does it pass a test?
    pub(super) fn passes(&self, test: &Test) -> bool {
        match (self, test) {
            (_, Test::AnyNode) => true,
            (Item::Attribute(..), Test::Any) => true,
            (Item::Node(node), Test::Any) => node.is_element(),
            (Item::Node(node), Test::Text) => node.is_text(),
            (Item::Node(node), Test::Comment) => node.is_comment(),
            (Item::Attribute(..), Test::Text | Test::Comment) => false,
            (Item::Attribute(_, attribute), Test::Name(name)) => attribute.name() == local(name),
            (Item::Node(node), Test::Name(name)) => node.is_element() && node.tag_name().name() == local(name),
        }
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// What an expression gives.
#[derive(Clone, Debug)]
pub(super) enum Value<'d> {
    Items(Vec<Item<'d>>),
    Text(String),
    Number(f64),
    Boolean(bool),
}

impl<'d> Value<'d> {
    pub(super) fn text(&self) -> String {
        match self {
            Value::Items(items) => items.first().map(Item::text).unwrap_or_default(),
            Value::Text(text) => text.clone(),
            Value::Number(number) => number_text(*number),
            Value::Boolean(flag) => flag.to_string(),
        }
    }

    fn number(&self) -> f64 {
        match self {
            Value::Number(number) => *number,
            Value::Boolean(flag) => f64::from(u8::from(*flag)),
            other => other.text().trim().parse().unwrap_or(f64::NAN),
        }
    }

    pub(super) fn truth(&self) -> bool {
        match self {
            Value::Items(items) => !items.is_empty(),
            Value::Text(text) => !text.is_empty(),
            Value::Number(number) => *number != 0.0 && !number.is_nan(),
            Value::Boolean(flag) => *flag,
        }
    }

    pub(super) fn items(self) -> Vec<Item<'d>> {
        match self {
            Value::Items(items) => items,
            Value::Text(_) | Value::Number(_) | Value::Boolean(_) => Vec::new(),
        }
    }
}

fn number_text(number: f64) -> String {
    if number.is_nan() { "NaN".to_owned() } else { number.to_string() }
}

/// Where an expression is evaluated.
#[derive(Clone)]
pub(super) struct Scope<'d, 'v> {
    pub(super) item: Item<'d>,
    pub(super) position: usize,
    pub(super) size: usize,
    /// The item that the instruction works on.
    pub(super) current: Item<'d>,
    pub(super) variables: &'v HashMap<String, Value<'d>>,
}

impl<'d> Scope<'d, '_> {
    /// The value of an expression here.
    pub(super) fn evaluate(&self, expression: &Expression) -> Value<'d> {
        match expression {
            Expression::Text(text) => Value::Text(text.clone()),
            Expression::Number(number) => Value::Number(*number),
            Expression::Variable(name) => {
                self.variables.get(name).cloned().unwrap_or_else(|| Value::Text(String::new()))
            }
            Expression::Negative(inner) => Value::Number(-self.evaluate(inner).number()),
            Expression::Call(name, arguments) => self.call(name, arguments),
            Expression::Binary(operator, left, right) => self.binary(operator, left, right),
            Expression::Path(path) => Value::Items(self.path(path)),
        }
    }

    fn at(&self, item: Item<'d>, position: usize, size: usize) -> Self {
        Scope { item, position, size, ..self.clone() }
    }

    fn path(&self, path: &Path) -> Vec<Item<'d>> {
        let mut items = match (&path.start, path.absolute) {
            (Some(start), _) => self.evaluate(start).items(),
            (None, true) => vec![root(self.item)],
            (None, false) => vec![self.item],
        };
        for (number, step) in path.steps.iter().enumerate() {
            // Conditions right after a value look at the whole of it.
            let whole = number == 0 && path.start.is_some() && step.axis == Axis::Own;
            let mut found: Vec<Item<'d>> = match whole {
                true => self.kept(items, &step.conditions),
                false => items.into_iter().flat_map(|item| self.kept(along(item, step), &step.conditions)).collect(),
            };
            found.sort_by_key(Item::order);
            found.dedup();
            items = found;
        }
        items
    }

    fn kept(&self, mut items: Vec<Item<'d>>, conditions: &[Expression]) -> Vec<Item<'d>> {
        for condition in conditions {
            let size = items.len();
            let mut position = 0;
            items.retain(|item| {
                position += 1;
                match self.at(*item, position, size).evaluate(condition) {
                    Value::Number(number) => number == position as f64,
                    other => other.truth(),
                }
            });
        }
        items
    }

    fn binary(&self, operator: &str, left: &Expression, right: &Expression) -> Value<'d> {
        match operator {
            "or" => return Value::Boolean(self.evaluate(left).truth() || self.evaluate(right).truth()),
            "and" => return Value::Boolean(self.evaluate(left).truth() && self.evaluate(right).truth()),
            _ => {}
        }
        let (left, right) = (self.evaluate(left), self.evaluate(right));
        let (a, b) = (left.number(), right.number());
        match operator {
            "+" => Value::Number(a + b),
            "-" => Value::Number(a - b),
            "*" => Value::Number(a * b),
            "div" => Value::Number(a / b),
            "mod" => Value::Number(a % b),
            "|" => {
                let mut items = left.items();
                items.extend(right.items());
                items.sort_by_key(Item::order);
                items.dedup();
                Value::Items(items)
            }
            comparison => Value::Boolean(compare(comparison, &left, &right)),
        }
    }

    fn call(&self, name: &str, arguments: &[Expression]) -> Value<'d> {
        let value = |at: usize| arguments.get(at).map(|argument| self.evaluate(argument));
        let text = |at: usize| value(at).map_or_else(|| self.item.text(), |value| value.text());
        let item = || match value(0) {
            Some(value) => value.items().first().copied(),
            None => Some(self.item),
        };
        match name {
            "last" => Value::Number(self.size as f64),
            "position" => Value::Number(self.position as f64),
            "current" => Value::Items(vec![self.current]),
            "count" => Value::Number(value(0).map_or(0, |value| value.items().len()) as f64),
            "sum" => {
                let items = value(0).map(Value::items).unwrap_or_default();
                Value::Number(items.iter().map(|item| item.text().trim().parse().unwrap_or(f64::NAN)).sum())
            }
            "local-name" | "name" => Value::Text(item().map_or(String::new(), |item| item.name().to_owned())),
            "generate-id" => {
                Value::Text(item().map(|item| item.order()).map_or(String::new(), |(a, b)| format!("n{a}a{b}")))
            }
            "string" => Value::Text(text(0)),
            "concat" => Value::Text((0..arguments.len()).map(text).collect()),
            "starts-with" => Value::Boolean(text(0).starts_with(&text(1))),
            "contains" => Value::Boolean(text(0).contains(&text(1))),
            "substring-before" => Value::Text(text(0).split_once(&text(1)).map_or("", |(head, _)| head).to_owned()),
            "substring-after" => Value::Text(text(0).split_once(&text(1)).map_or("", |(_, tail)| tail).to_owned()),
            "substring" => {
                let start = value(1).map_or(1.0, |value| value.number().round());
                let end = value(2).map_or(f64::INFINITY, |length| start + length.number().round());
                let within = |(at, _): &(usize, char)| (*at as f64 + 1.0) >= start && (*at as f64 + 1.0) < end;
                Value::Text(text(0).chars().enumerate().filter(within).map(|(_, letter)| letter).collect())
            }
            "string-length" => Value::Number(text(0).chars().count() as f64),
            "normalize-space" => Value::Text(text(0).split_whitespace().collect::<Vec<_>>().join(" ")),
            "translate" => {
                let (from, to): (Vec<char>, Vec<char>) = (text(1).chars().collect(), text(2).chars().collect());
                let exchanged = |letter: char| match from.iter().position(|known| *known == letter) {
                    Some(at) => to.get(at).copied(),
                    None => Some(letter),
                };
                Value::Text(text(0).chars().filter_map(exchanged).collect())
            }
            "boolean" => Value::Boolean(value(0).is_some_and(|value| value.truth())),
            "not" => Value::Boolean(!value(0).is_some_and(|value| value.truth())),
            "true" => Value::Boolean(true),
            "false" => Value::Boolean(false),
            "number" => Value::Number(value(0).unwrap_or_else(|| Value::Text(self.item.text())).number()),
            "floor" => Value::Number(value(0).map_or(f64::NAN, |value| value.number().floor())),
            "ceiling" => Value::Number(value(0).map_or(f64::NAN, |value| value.number().ceil())),
            "round" => Value::Number(value(0).map_or(f64::NAN, |value| (value.number() + 0.5).floor())),
            "format-number" => Value::Text(formatted(value(0).map_or(f64::NAN, |value| value.number()), &text(1))),
            _ => Value::Text(String::new()),
        }
    }
}

/// `0.00`, `#,##0`, `000`: as many digits as there are zeros, and groups of three where a comma stands.
fn formatted(number: f64, pattern: &str) -> String {
    let (whole, fraction) = pattern.split_once('.').unwrap_or((pattern, ""));
    let text = format!("{:.*}", fraction.chars().count(), number.abs());
    let (digits, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let least = whole.chars().filter(|letter| *letter == '0').count();
    let padded = format!("{digits:0>least$}");
    let grouped: String = match whole.contains(',') {
        false => padded,
        true => {
            let length = padded.len();
            let comma = |at: usize| at > 0 && (length - at).is_multiple_of(3);
            padded
                .chars()
                .enumerate()
                .flat_map(|(at, digit)| comma(at).then_some(',').into_iter().chain([digit]))
                .collect()
        }
    };
    let needed = fraction.chars().filter(|letter| *letter == '0').count();
    let mut decimals = decimals.to_owned();
    while decimals.len() > needed && decimals.ends_with('0') {
        decimals.pop();
    }
    let sign = if number < 0.0 { "-" } else { "" };
    if decimals.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{decimals}") }
}

pub(super) fn root(item: Item<'_>) -> Item<'_> {
    match item {
        Item::Node(node) | Item::Attribute(node, _) => Item::Node(node.document().root()),
    }
}

fn along<'d>(item: Item<'d>, step: &Step) -> Vec<Item<'d>> {
    let Item::Node(node) = item else {
        let own = match step.axis {
            Axis::Own | Axis::DescendantOrSelf => Some(item),
            Axis::Parent => item.parent(),
            _ => None,
        };
        return own.into_iter().filter(|item| item.passes(&step.test)).collect();
    };
    let nodes: Vec<Item<'d>> = match step.axis {
        Axis::Child => node.children().map(Item::Node).collect(),
        Axis::Descendant => node.descendants().skip(1).map(Item::Node).collect(),
        Axis::DescendantOrSelf => node.descendants().map(Item::Node).collect(),
        Axis::Own => vec![item],
        Axis::Parent => item.parent().into_iter().collect(),
        Axis::Ancestor => node.ancestors().skip(1).map(Item::Node).collect(),
        Axis::Attribute => node.attributes().map(|attribute| Item::Attribute(node, attribute)).collect(),
        Axis::Following => node.next_siblings().skip(1).map(Item::Node).collect(),
        Axis::Preceding => node.prev_siblings().skip(1).map(Item::Node).collect(),
    };
    nodes.into_iter().filter(|item| item.passes(&step.test)).collect()
}

fn compare(operator: &str, left: &Value<'_>, right: &Value<'_>) -> bool {
    match (left, right) {
        (Value::Items(items), Value::Items(others)) => items.iter().any(|item| {
            let text = Value::Text(item.text());
            others.iter().any(|other| plain(operator, &text, &Value::Text(other.text())))
        }),
        (Value::Items(items), other) if !matches!(other, Value::Boolean(_)) => {
            items.iter().any(|item| plain(operator, &Value::Text(item.text()), other))
        }
        (other, Value::Items(items)) if !matches!(other, Value::Boolean(_)) => {
            items.iter().any(|item| plain(operator, other, &Value::Text(item.text())))
        }
        _ => plain(operator, left, right),
    }
}

fn plain(operator: &str, left: &Value<'_>, right: &Value<'_>) -> bool {
    let same = match (left, right) {
        (Value::Boolean(_), _) | (_, Value::Boolean(_)) => left.truth() == right.truth(),
        (Value::Number(_), _) | (_, Value::Number(_)) => left.number() == right.number(),
        _ => left.text() == right.text(),
    };
    let (a, b) = (left.number(), right.number());
    match operator {
        "=" => same,
        "!=" => !same,
        "<" => a < b,
        "<=" => a <= b,
        ">" => a > b,
        _ => a >= b,
    }
}
