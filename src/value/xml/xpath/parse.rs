//! Text to expressions, by the grammar of XPath 1.0.

use super::{Dialect, Refused};

/// An expression.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the names are those of the grammar")]
pub(crate) enum Expression {
    Or(Box<Expression>, Box<Expression>),
    And(Box<Expression>, Box<Expression>),
    Compare(Comparison, Box<Expression>, Box<Expression>),
    Arithmetic(Arithmetic, Box<Expression>, Box<Expression>),
    Negate(Box<Expression>),
    Union(Box<Expression>, Box<Expression>),
    Number(f64),
    Text(String),
    Variable(String),
    Call(String, Vec<Expression>),
    /// From the document's root.
    Absolute(Vec<Step>),
    /// From the context node.
    Relative(Vec<Step>),
    /// A value, narrowed by predicates, and steps from it.
    Filter(Box<Expression>, Vec<Expression>, Vec<Step>),
}

impl Expression {
    /// Adds the names of the variables in it.
    pub(crate) fn variables(&self, found: &mut Vec<String>) {
        match self {
            Expression::Variable(name) => found.push(name.clone()),
            Expression::Or(left, right)
            | Expression::And(left, right)
            | Expression::Compare(_, left, right)
            | Expression::Arithmetic(_, left, right)
            | Expression::Union(left, right) => {
                left.variables(found);
                right.variables(found);
            }
            Expression::Negate(inner) => inner.variables(found),
            Expression::Call(_, arguments) => arguments.iter().for_each(|argument| argument.variables(found)),
            Expression::Absolute(steps) | Expression::Relative(steps) => variables_of(steps, found),
            Expression::Filter(value, predicates, steps) => {
                value.variables(found);
                predicates.iter().for_each(|predicate| predicate.variables(found));
                variables_of(steps, found);
            }
            Expression::Number(_) | Expression::Text(_) => {}
        }
    }
}

fn variables_of(steps: &[Step], found: &mut Vec<String>) {
    steps.iter().flat_map(|step| &step.predicates).for_each(|predicate| predicate.variables(found));
}

/// `=` and its kin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// `+` and its kin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// Where a step leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the grammar")]
pub(crate) enum Axis {
    Child,
    Descendant,
    Parent,
    Ancestor,
    FollowingSibling,
    PrecedingSibling,
    Following,
    Preceding,
    Attribute,
    Namespace,
    SelfNode,
    DescendantOrSelf,
    AncestorOrSelf,
}

const AXES: [(&str, Axis); 13] = [
    ("child", Axis::Child),
    ("descendant", Axis::Descendant),
    ("parent", Axis::Parent),
    ("ancestor", Axis::Ancestor),
    ("following-sibling", Axis::FollowingSibling),
    ("preceding-sibling", Axis::PrecedingSibling),
    ("following", Axis::Following),
    ("preceding", Axis::Preceding),
    ("attribute", Axis::Attribute),
    ("namespace", Axis::Namespace),
    ("self", Axis::SelfNode),
    ("descendant-or-self", Axis::DescendantOrSelf),
    ("ancestor-or-self", Axis::AncestorOrSelf),
];

/// Which nodes of an axis a step takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Test {
    /// `*`.
    Any,
    /// `prefix:*`.
    AnyIn(String),
    /// `name` or `prefix:name`.
    Name(String, String),
    /// `node()`.
    Node,
    /// `text()`.
    Text,
    /// `comment()`.
    Comment,
    /// `processing-instruction('target')`.
    Instruction(Option<String>),
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step {
    /// Where to.
    pub(crate) axis: Axis,
    /// Which of those.
    pub(crate) test: Test,
    /// And which of them.
    pub(crate) predicates: Vec<Expression>,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// Punctuation and operators that are signs.
    Sign(&'static str),
    /// A name, with a prefix where one stands before a single colon.
    Name(String),
    Number(f64),
    Text(String),
    Variable(String),
}

const SIGNS: [&str; 22] = [
    "::", "//", "..", "!=", "<=", ">=", "(", ")", "[", "]", ".", "@", ",", "/", "|", "+", "-", "=", "<", ">", "*", "$",
];

fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn is_name_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '\u{b7}')
}

fn tokens(text: &str) -> Result<Vec<Token>, Refused> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, after) = match first {
            '"' | '\'' => {
                let body = rest.get(1..).unwrap_or("");
                let end = body.find(first).ok_or_else(|| Refused::Syntax("a text is not closed".to_owned()))?;
                let (text, after) = body.split_at(end);
                (Token::Text(text.to_owned()), after.get(1..).unwrap_or(""))
            }
            '0'..='9' => number(rest),
            '.' if rest.get(1..).is_some_and(|more| more.starts_with(|c: char| c.is_ascii_digit())) => number(rest),
            c if is_name_start(c) => name(rest),
            _ => {
                let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
                let sign = *sign.ok_or_else(|| Refused::Syntax(format!("'{first}' does not belong here")))?;
                let after = rest.get(sign.len()..).unwrap_or("");
                match (sign, after.starts_with(is_name_start).then(|| name(after))) {
                    ("$", Some((Token::Name(name), after))) => (Token::Variable(name), after),
                    ("$", _) => return Err(Refused::Syntax("a variable has no name".to_owned())),
                    _ => (Token::Sign(sign), after),
                }
            }
        };
        found.push(token);
        rest = after.trim_start();
    }
    Ok(found)
}

fn number(text: &str) -> (Token, &str) {
    let mut points = 0;
    let end = text.find(|c: char| {
        points += usize::from(c == '.');
        !c.is_ascii_digit() && (c != '.' || points > 1)
    });
    let (digits, rest) = text.split_at(end.unwrap_or(text.len()));
    (Token::Number(digits.parse().unwrap_or(f64::NAN)), rest)
}

/// A name with its prefix: `a`, `p:a`, `p:*`; not the `a` of `a::b`.
fn name(text: &str) -> (Token, &str) {
    let end = text.find(|c| !is_name_part(c)).unwrap_or(text.len());
    let (first, rest) = text.split_at(end);
    let Some(local) = rest.strip_prefix(':').filter(|more| !more.starts_with(':')) else {
        return (Token::Name(first.to_owned()), rest);
    };
    if let Some(after) = local.strip_prefix('*') {
        return (Token::Name(format!("{first}:*")), after);
    }
    if !local.starts_with(is_name_start) {
        return (Token::Name(first.to_owned()), rest);
    }
    let end = local.find(|c| !is_name_part(c)).unwrap_or(local.len());
    let (second, after) = local.split_at(end);
    (Token::Name(format!("{first}:{second}")), after)
}

/// Reads an expression.
pub(crate) fn parse(text: &str, dialect: Dialect) -> Result<Expression, Refused> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0, dialect };
    let expression = parser.or()?;
    match parser.peek() {
        None => Ok(expression),
        Some(token) => Err(Refused::Syntax(format!("{token:?} does not belong there"))),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    dialect: Dialect,
}

/// Expressions nested deeper than this are refused.
const DEEPEST: usize = 200;

type Read = Result<Expression, Refused>;

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn is(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Token::Sign(found)) if *found == sign)
    }

    fn eat(&mut self, sign: &str) -> bool {
        let found = self.is(sign);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), Refused> {
        if self.eat(sign) { Ok(()) } else { Err(Refused::Syntax(format!("'{sign}' is missing"))) }
    }

    /// An operator that is written as a name.
    fn eat_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Name(found)) if found == word);
        self.at += usize::from(found);
        found
    }

    fn or(&mut self) -> Read {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Refused::Syntax("the expression is nested too deeply".to_owned()));
        }
        let mut left = self.and()?;
        while self.eat_word("or") {
            left = Expression::Or(Box::new(left), Box::new(self.and()?));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn and(&mut self) -> Read {
        let mut left = self.equality()?;
        while self.eat_word("and") {
            left = Expression::And(Box::new(left), Box::new(self.equality()?));
        }
        Ok(left)
    }

    fn comparison(&mut self, table: &[(&str, Comparison)]) -> Option<Comparison> {
        table.iter().find(|(sign, _)| self.is(sign)).map(|(_, comparison)| {
            self.at += 1;
            *comparison
        })
    }

    fn equality(&mut self) -> Read {
        const SIGNS: [(&str, Comparison); 2] = [("=", Comparison::Equal), ("!=", Comparison::NotEqual)];
        let mut left = self.relation()?;
        while let Some(comparison) = self.comparison(&SIGNS) {
            left = Expression::Compare(comparison, Box::new(left), Box::new(self.relation()?));
        }
        Ok(left)
    }

    fn relation(&mut self) -> Read {
        const SIGNS: [(&str, Comparison); 4] = [
            ("<", Comparison::Less),
            ("<=", Comparison::LessOrEqual),
            (">", Comparison::Greater),
            (">=", Comparison::GreaterOrEqual),
        ];
        let mut left = self.sum()?;
        while let Some(comparison) = self.comparison(&SIGNS) {
            left = Expression::Compare(comparison, Box::new(left), Box::new(self.sum()?));
        }
        Ok(left)
    }

    fn sum(&mut self) -> Read {
        let mut left = self.product()?;
        loop {
            let operator = match () {
                () if self.eat("+") => Arithmetic::Add,
                () if self.eat("-") => Arithmetic::Subtract,
                () => return Ok(left),
            };
            left = Expression::Arithmetic(operator, Box::new(left), Box::new(self.product()?));
        }
    }

    fn product(&mut self) -> Read {
        let mut left = self.unary()?;
        loop {
            let operator = match () {
                () if self.eat("*") => Arithmetic::Multiply,
                () if self.eat_word("div") => Arithmetic::Divide,
                () if self.eat_word("mod") => Arithmetic::Modulo,
                () => return Ok(left),
            };
            left = Expression::Arithmetic(operator, Box::new(left), Box::new(self.unary()?));
        }
    }

    fn unary(&mut self) -> Read {
        let mut negative = false;
        while self.eat("-") {
            negative = !negative;
        }
        let inner = self.union()?;
        Ok(if negative { Expression::Negate(Box::new(inner)) } else { inner })
    }

    fn union(&mut self) -> Read {
        let mut left = self.path()?;
        while self.eat("|") {
            left = Expression::Union(Box::new(left), Box::new(self.path()?));
        }
        Ok(left)
    }

    fn path(&mut self) -> Read {
        if self.eat("//") {
            let mut steps = vec![anything_below()];
            self.steps(&mut steps)?;
            return Ok(Expression::Absolute(steps));
        }
        if self.eat("/") {
            let mut steps = Vec::new();
            if self.starts_step() {
                self.steps(&mut steps)?;
            }
            return Ok(Expression::Absolute(steps));
        }
        if let Some(value) = self.value()? {
            return self.filter(value);
        }
        let mut steps = Vec::new();
        self.steps(&mut steps)?;
        Ok(Expression::Relative(steps))
    }

    fn starts_step(&self) -> bool {
        match self.peek() {
            Some(Token::Name(_)) => true,
            Some(Token::Sign(sign)) => matches!(*sign, "." | ".." | "@" | "*"),
            _ => false,
        }
    }

    /// A literal, a bracketed expression or a function call; none where a step begins.
    fn value(&mut self) -> Result<Option<Expression>, Refused> {
        const NODE_TESTS: [&str; 4] = ["node", "text", "comment", "processing-instruction"];
        let value = match self.peek().cloned() {
            Some(Token::Number(number)) => Expression::Number(number),
            Some(Token::Text(text)) => Expression::Text(text),
            Some(Token::Variable(name)) if self.dialect == Dialect::StyleSheet => Expression::Variable(name),
            Some(Token::Variable(name)) => {
                return Err(Refused::Unknown(format!("the variable '{name}' is not set here")));
            }
            Some(Token::Sign("(")) => {
                self.at += 1;
                let inner = self.or()?;
                self.expect(")")?;
                return Ok(Some(inner));
            }
            Some(Token::Name(name)) if !NODE_TESTS.contains(&name.as_str()) => {
                if !matches!(self.tokens.get(self.at + 1), Some(Token::Sign("("))) {
                    return Ok(None);
                }
                self.at += 2;
                let mut arguments = Vec::new();
                while !self.eat(")") {
                    if !arguments.is_empty() {
                        self.expect(",")?;
                    }
                    arguments.push(self.or()?);
                }
                return super::functions::checked(name, arguments, self.dialect).map(Some);
            }
            _ => return Ok(None),
        };
        self.at += 1;
        Ok(Some(value))
    }

    fn filter(&mut self, value: Expression) -> Read {
        let predicates = self.predicates()?;
        let mut steps = Vec::new();
        if self.is("/") || self.is("//") {
            self.more_steps(&mut steps)?;
        }
        if predicates.is_empty() && steps.is_empty() {
            return Ok(value);
        }
        Ok(Expression::Filter(Box::new(value), predicates, steps))
    }

    fn predicates(&mut self) -> Result<Vec<Expression>, Refused> {
        let mut found = Vec::new();
        while self.eat("[") {
            found.push(self.or()?);
            self.expect("]")?;
        }
        Ok(found)
    }

    fn steps(&mut self, steps: &mut Vec<Step>) -> Result<(), Refused> {
        steps.push(self.step()?);
        self.more_steps(steps)
    }

    fn more_steps(&mut self, steps: &mut Vec<Step>) -> Result<(), Refused> {
        loop {
            if self.eat("//") {
                steps.push(anything_below());
            } else if !self.eat("/") {
                return Ok(());
            }
            steps.push(self.step()?);
        }
    }

    fn step(&mut self) -> Result<Step, Refused> {
        let plain = |axis| Step { axis, test: Test::Node, predicates: Vec::new() };
        if self.eat(".") {
            return Ok(plain(Axis::SelfNode));
        }
        if self.eat("..") {
            return Ok(plain(Axis::Parent));
        }
        let axis = self.axis()?;
        let test = self.test()?;
        let predicates = self.predicates()?;
        Ok(Step { axis, test, predicates })
    }

    fn axis(&mut self) -> Result<Axis, Refused> {
        if self.eat("@") {
            return Ok(Axis::Attribute);
        }
        let named = matches!(self.tokens.get(self.at + 1), Some(Token::Sign("::")));
        match self.peek() {
            Some(Token::Name(name)) if named => {
                let axis = AXES.iter().find(|(known, _)| known == name).map(|(_, axis)| *axis);
                let axis = axis.ok_or_else(|| Refused::Syntax(format!("'{name}' is no axis")))?;
                self.at += 2;
                Ok(axis)
            }
            _ => Ok(Axis::Child),
        }
    }

    fn test(&mut self) -> Result<Test, Refused> {
        if self.eat("*") {
            return Ok(Test::Any);
        }
        let Some(Token::Name(name)) = self.peek().cloned() else {
            return Err(Refused::Syntax("a step of the path is missing".to_owned()));
        };
        self.at += 1;
        if self.eat("(") {
            let target = match self.peek().cloned() {
                Some(Token::Text(target)) if name == "processing-instruction" => {
                    self.at += 1;
                    Some(target)
                }
                _ => None,
            };
            self.expect(")")?;
            return match name.as_str() {
                "node" => Ok(Test::Node),
                "text" => Ok(Test::Text),
                "comment" => Ok(Test::Comment),
                "processing-instruction" => Ok(Test::Instruction(target)),
                _ => Err(Refused::Syntax(format!("'{name}()' is no node test"))),
            };
        }
        Ok(match name.split_once(':') {
            Some((prefix, "*")) => Test::AnyIn(prefix.to_owned()),
            Some((prefix, local)) => Test::Name(prefix.to_owned(), local.to_owned()),
            None => Test::Name(String::new(), name),
        })
    }
}

fn anything_below() -> Step {
    Step { axis: Axis::DescendantOrSelf, test: Test::Node, predicates: Vec::new() }
}
