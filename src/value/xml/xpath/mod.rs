//! XPath 1.0: expressions are read into a tree once and evaluated over nodes; with what XSLT adds to it where a style
//! sheet asks.

mod evaluate;
mod functions;
mod parse;

pub(crate) use evaluate::{Context, Found};
pub(crate) use parse::{Axis, Expression, Step, Test, parse};

use super::Node;
use crate::value::Str;
use std::collections::HashMap;
use std::fmt;

/// Why an expression cannot be read or evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It is not written as XPath 1.0 has it.
    Syntax(String),
    /// A prefix, function or variable is not known.
    Unknown(String),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Refused::Syntax(why) | Refused::Unknown(why)) = self;
        f.write_str(why)
    }
}

/// Whose expressions are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// XPath alone.
    Plain,
    /// With variables and the functions of XSLT 1.0 (sections 11 and 12).
    StyleSheet,
}

/// The variables that a style sheet has set.
pub(crate) type Variables = HashMap<String, Found>;

/// Prefixes with their namespaces.
pub(crate) type Namespaces = [(Str, Str)];

/// The nodes that an expression selects from a node on, in document order.
pub(crate) fn select(node: &Node, expression: &str, namespaces: &Namespaces) -> Result<Vec<Node>, Refused> {
    match evaluate(node, expression, namespaces)? {
        Found::Nodes(nodes) => Ok(nodes),
        _ => Err(Refused::Syntax("the expression gives no nodes".to_owned())),
    }
}

/// The value of an expression at a node.
pub(crate) fn evaluate(node: &Node, expression: &str, namespaces: &Namespaces) -> Result<Found, Refused> {
    let expression = parse(expression, Dialect::Plain)?;
    Context::new(node.clone(), namespaces).evaluate(&expression)
}

#[cfg(test)]
mod tests {
    use super::super::read::{self, Blanks};
    use super::*;

    fn texts(xml: &str, expression: &str) -> String {
        let Ok(tree) = read::document(xml, Blanks::Dropped) else { return "malformed".to_owned() };
        let namespaces = [(Str::from("p"), Str::from("urn:p"))];
        match evaluate(&Node::document(&tree), expression, &namespaces) {
            Ok(Found::Nodes(nodes)) => nodes.iter().map(Node::inner_text).collect::<Vec<_>>().join(","),
            Ok(other) => other.text(),
            Err(refused) => format!("{refused:?}"),
        }
    }

    #[test]
    fn expressions() {
        let xml = "<r xmlns:q='urn:p'><a n='1'>x</a><a n='2'>y<b>z</b></a><q:t>ns</q:t><c/><!--note--></r>";
        let cases = [
            ("/r/a", "x,yz"),
            ("//a[@n='2']/b", "z"),
            ("//a[2]", "yz"),
            ("//a[last()]/@n", "2"),
            ("/r/*[position()<3]", "x,yz"),
            ("count(//a)", "2"),
            ("sum(//a/@n)", "3"),
            ("//p:t", "ns"),
            ("//b/ancestor::a/@n", "2"),
            ("//a[1]/following-sibling::*[1]", "yz"),
            ("//c/preceding-sibling::*[1]", "ns"),
            ("name(//c)", "c"),
            ("string-length('abc') + 2 * 3 - 1", "8"),
            ("concat('a', 1 div 2, true())", "a0.5true"),
            ("//a[b or @n=1]", "x,yz"),
            ("//a[not(b)]", "x"),
            ("//b | //a[1]", "x,z"),
            ("//a[contains(., 'y')]/@n", "2"),
            ("translate('bar', 'abc', 'AB')", "BAr"),
            ("substring('12345', 2, 3)", "234"),
            ("normalize-space('  a  b ')", "a b"),
            ("//comment()", "note"),
            ("//*[local-name()='t']", "ns"),
            ("(//a)[1]", "x"),
            ("//a[starts-with(@n, '2')]/text()", "y"),
            ("boolean(//nope)", "false"),
            ("7 mod 3", "1"),
            ("-(2)", "-2"),
            ("//a[@n > 1]", "yz"),
            ("id('x')", ""),
        ];
        for (expression, expected) in cases {
            assert_eq!(texts(xml, expression), expected, "{expression}");
        }
        for broken in ["//[", "a[", "a b", "@", "'x", "1 +", "foo:*()", "unknown()", "//z:x", "a::b", ""] {
            assert!(evaluate(&Node::document(&super::super::Tree::empty()), broken, &[]).is_err(), "{broken}");
        }
    }
}
