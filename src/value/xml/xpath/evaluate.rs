//! Expressions over nodes.

use super::parse::{Arithmetic, Axis, Comparison, Expression, Step, Test};
use super::{Namespaces, Refused, Variables};
use crate::value::xml::tree::XMLNS;
use crate::value::xml::{Node, NodeKind};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::rc::Rc;

/// The value of an expression.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    /// Nodes in document order, each once.
    Nodes(Vec<Node>),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// A truth.
    Flag(bool),
}

impl Found {
    /// As a text.
    pub(crate) fn text(&self) -> String {
        match self {
            Found::Nodes(nodes) => nodes.first().map(Node::inner_text).unwrap_or_default(),
            Found::Number(number) => number_text(*number),
            Found::Text(text) => text.clone(),
            Found::Flag(flag) => flag.to_string(),
        }
    }

    /// As a number.
    pub(crate) fn number(&self) -> f64 {
        match self {
            Found::Number(number) => *number,
            Found::Flag(flag) => f64::from(u8::from(*flag)),
            Found::Nodes(_) | Found::Text(_) => text_number(&self.text()),
        }
    }

    /// As a truth.
    pub(crate) fn flag(&self) -> bool {
        match self {
            Found::Nodes(nodes) => !nodes.is_empty(),
            Found::Number(number) => *number != 0.0 && !number.is_nan(),
            Found::Text(text) => !text.is_empty(),
            Found::Flag(flag) => *flag,
        }
    }
}

fn number_text(number: f64) -> String {
    match number {
        number if number.is_nan() => "NaN".to_owned(),
        number if number.is_infinite() => if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned(),
        0.0 => "0".to_owned(),
        number => number.to_string(),
    }
}

/// A text as a number: an optional minus, digits and a point; nothing else.
pub(super) fn text_number(text: &str) -> f64 {
    let text = text.trim();
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    if plain { text.parse().unwrap_or(f64::NAN) } else { f64::NAN }
}

/// Where an expression is evaluated.
#[derive(Clone)]
pub(crate) struct Context<'a> {
    pub(super) node: Node,
    pub(super) position: usize,
    pub(super) size: usize,
    /// The node that an instruction works on, which `current()` gives.
    pub(super) current: Node,
    namespaces: &'a Namespaces,
    variables: Option<&'a Variables>,
    /// The place of each node in document order, counted when first needed.
    order: Rc<RefCell<FxHashMap<u32, usize>>>,
}

impl<'a> Context<'a> {
    /// At a node.
    pub(crate) fn new(node: Node, namespaces: &'a Namespaces) -> Self {
        Context { current: node.clone(), node, position: 1, size: 1, namespaces, variables: None, order: Rc::default() }
    }

    /// The node.
    pub(crate) fn node(&self) -> &Node {
        &self.node
    }

    /// At another node of the same document, the given of so many, counted from 1.
    pub(crate) fn at(&self, node: Node, position: usize, size: usize) -> Context<'a> {
        Context { node, position, size, ..self.clone() }
    }

    /// The same, as the node that an instruction works on.
    pub(crate) fn on(&self, node: Node, position: usize, size: usize) -> Context<'a> {
        Context { current: node.clone(), ..self.at(node, position, size) }
    }

    /// The variables it has been given.
    pub(crate) fn variables(&self) -> Option<&'a Variables> {
        self.variables
    }

    /// With these variables.
    pub(crate) fn with<'b>(&self, variables: &'b Variables) -> Context<'b>
    where
        'a: 'b,
    {
        Context { variables: Some(variables), ..self.clone() }
    }

    /// The value of an expression here.
    pub(crate) fn evaluate(&self, expression: &Expression) -> Result<Found, Refused> {
        Ok(match expression {
            Expression::Or(left, right) => Found::Flag(self.evaluate(left)?.flag() || self.evaluate(right)?.flag()),
            Expression::And(left, right) => Found::Flag(self.evaluate(left)?.flag() && self.evaluate(right)?.flag()),
            Expression::Compare(comparison, left, right) => {
                Found::Flag(compare(*comparison, &self.evaluate(left)?, &self.evaluate(right)?))
            }
            Expression::Arithmetic(operator, left, right) => {
                Found::Number(calculate(*operator, self.evaluate(left)?.number(), self.evaluate(right)?.number()))
            }
            Expression::Negate(inner) => Found::Number(-self.evaluate(inner)?.number()),
            Expression::Union(left, right) => {
                let mut nodes = self.nodes(left)?;
                nodes.extend(self.nodes(right)?);
                Found::Nodes(self.in_order(nodes))
            }
            Expression::Number(number) => Found::Number(*number),
            Expression::Text(text) => Found::Text(text.clone()),
            Expression::Variable(name) => match self.variables.and_then(|known| known.get(name)) {
                Some(value) => value.clone(),
                None => return Err(Refused::Unknown(format!("the variable '{name}' is not set here"))),
            },
            Expression::Call(name, arguments) => super::functions::call(self, name, arguments)?,
            Expression::Absolute(steps) => {
                let top = std::iter::successors(Some(self.node.clone()), Node::parent).last();
                Found::Nodes(self.walk(vec![top.unwrap_or_else(|| self.node.clone())], steps)?)
            }
            Expression::Relative(steps) => Found::Nodes(self.walk(vec![self.node.clone()], steps)?),
            Expression::Filter(value, predicates, steps) => {
                let mut nodes = self.nodes(value)?;
                for predicate in predicates {
                    nodes = self.narrow(nodes, predicate)?;
                }
                Found::Nodes(self.walk(nodes, steps)?)
            }
        })
    }

    fn nodes(&self, expression: &Expression) -> Result<Vec<Node>, Refused> {
        match self.evaluate(expression)? {
            Found::Nodes(nodes) => Ok(nodes),
            _ => Err(Refused::Syntax("nodes are needed there".to_owned())),
        }
    }

    fn walk(&self, mut nodes: Vec<Node>, steps: &[Step]) -> Result<Vec<Node>, Refused> {
        for step in steps {
            // A prefix that stands for nothing is a fault of the expression, even where there is no node to test.
            if let Test::AnyIn(prefix) | Test::Name(prefix, _) = &step.test
                && !prefix.is_empty()
            {
                self.namespace(prefix)?;
            }
            let mut next = Vec::new();
            let several = nodes.len() > 1;
            for node in &nodes {
                let mut reached = Vec::new();
                push_axis(node, step.axis, &mut reached);
                let mut kept = Vec::with_capacity(reached.len());
                for node in reached {
                    if self.passes(&node, step)? {
                        kept.push(node);
                    }
                }
                for predicate in &step.predicates {
                    kept = self.narrow(kept, predicate)?;
                }
                next.extend(kept);
            }
            let backward =
                matches!(step.axis, Axis::Ancestor | Axis::AncestorOrSelf | Axis::Preceding | Axis::PrecedingSibling);
            nodes = if several || backward { self.in_order(next) } else { next };
        }
        Ok(nodes)
    }

    /// The nodes for which a predicate holds; a number means a place.
    fn narrow(&self, nodes: Vec<Node>, predicate: &Expression) -> Result<Vec<Node>, Refused> {
        let size = nodes.len();
        let mut kept = Vec::new();
        for (at, node) in nodes.into_iter().enumerate() {
            let holds = match self.at(node.clone(), at + 1, size).evaluate(predicate)? {
                Found::Number(number) => number == (at + 1) as f64,
                other => other.flag(),
            };
            if holds {
                kept.push(node);
            }
        }
        Ok(kept)
    }

    /// Is it of the kind and name that a step asks for?
    pub(crate) fn passes(&self, node: &Node, step: &Step) -> Result<bool, Refused> {
        let kind = node.kind();
        let principal = if step.axis == Axis::Attribute { NodeKind::Attribute } else { NodeKind::Element };
        Ok(match &step.test {
            Test::Node => true,
            Test::Text => kind.is_text(),
            Test::Comment => kind == NodeKind::Comment,
            Test::Instruction(target) => {
                let wanted = |target: &String| node.local_name().as_str() == target.as_str();
                kind == NodeKind::ProcessingInstruction && target.as_ref().is_none_or(wanted)
            }
            Test::Any => kind == principal,
            Test::AnyIn(prefix) => kind == principal && node.name().namespace.as_str() == self.namespace(prefix)?,
            Test::Name(prefix, local) => {
                let namespace = if prefix.is_empty() { "" } else { self.namespace(prefix)? };
                let name = node.name();
                kind == principal && name.local.as_str() == local.as_str() && name.namespace.as_str() == namespace
            }
        })
    }

    fn namespace(&self, prefix: &str) -> Result<&'a str, Refused> {
        if prefix == "xml" {
            return Ok(crate::value::xml::tree::XML);
        }
        let found = self.namespaces.iter().find(|(known, _)| known.as_str() == prefix);
        found
            .map(|(_, namespace)| namespace.as_str())
            .ok_or_else(|| Refused::Unknown(format!("the prefix '{prefix}' stands for no namespace")))
    }

    /// Document order, each node once.
    fn in_order(&self, nodes: Vec<Node>) -> Vec<Node> {
        if self.order.borrow().is_empty() {
            let top = std::iter::successors(Some(self.node.clone()), Node::parent).last();
            let mut order = self.order.borrow_mut();
            if let Some(top) = top {
                number(&top, &mut order);
            }
        }
        let order = self.order.borrow();
        let mut seen = FxHashSet::default();
        let mut nodes: Vec<Node> = nodes.into_iter().filter(|node| seen.insert(node.id)).collect();
        nodes.sort_by_key(|node| order.get(&node.id).copied().unwrap_or(usize::MAX));
        nodes
    }
}

fn number(node: &Node, order: &mut FxHashMap<u32, usize>) {
    let place = order.len();
    order.insert(node.id, place);
    node.attributes().iter().chain(&node.children()).for_each(|below| number(below, order));
}

/// The nodes on an axis, nearest first.
fn push_axis(node: &Node, axis: Axis, found: &mut Vec<Node>) {
    let is_attribute = node.kind() == NodeKind::Attribute;
    let parent = node.parent();
    match axis {
        Axis::SelfNode => found.push(node.clone()),
        Axis::Child => found.extend(node.children().into_iter().filter(is_seen)),
        Axis::Descendant => push_below(node, found),
        Axis::DescendantOrSelf => {
            found.push(node.clone());
            push_below(node, found);
        }
        Axis::Parent => found.extend(parent),
        Axis::Ancestor => found.extend(std::iter::successors(parent, Node::parent)),
        Axis::AncestorOrSelf => found.extend(std::iter::successors(Some(node.clone()), Node::parent)),
        Axis::Attribute => {
            found.extend(node.attributes().into_iter().filter(|a| a.name().namespace.as_str() != XMLNS));
        }
        Axis::Namespace => {}
        Axis::FollowingSibling | Axis::PrecedingSibling if is_attribute => {}
        Axis::FollowingSibling => found.extend(siblings(node, true)),
        Axis::PrecedingSibling => found.extend(siblings(node, false)),
        Axis::Following | Axis::Preceding => {
            let forward = axis == Axis::Following;
            for above in std::iter::successors(Some(node.clone()), Node::parent) {
                for sibling in siblings(&above, forward) {
                    let mut whole = vec![sibling.clone()];
                    push_below(&sibling, &mut whole);
                    if !forward {
                        whole.reverse();
                    }
                    found.extend(whole);
                }
            }
        }
    }
}

/// XPath knows no declarations.
fn is_seen(node: &Node) -> bool {
    node.kind() != NodeKind::Declaration
}

fn push_below(node: &Node, found: &mut Vec<Node>) {
    for child in node.children().into_iter().filter(is_seen) {
        found.push(child.clone());
        push_below(&child, found);
    }
}

fn siblings(node: &Node, forward: bool) -> Vec<Node> {
    let Some(parent) = node.parent().filter(|_| node.kind() != NodeKind::Attribute) else { return Vec::new() };
    let all: Vec<Node> = parent.children().into_iter().filter(is_seen).collect();
    let at = all.iter().position(|other| other == node).unwrap_or(all.len());
    match forward {
        true => all.into_iter().skip(at + 1).collect(),
        false => all.into_iter().take(at).rev().collect(),
    }
}

fn calculate(operator: Arithmetic, left: f64, right: f64) -> f64 {
    match operator {
        Arithmetic::Add => left + right,
        Arithmetic::Subtract => left - right,
        Arithmetic::Multiply => left * right,
        Arithmetic::Divide => left / right,
        Arithmetic::Modulo => left % right,
    }
}

fn compare_numbers(comparison: Comparison, left: f64, right: f64) -> bool {
    match comparison {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Less => left < right,
        Comparison::LessOrEqual => left <= right,
        Comparison::Greater => left > right,
        Comparison::GreaterOrEqual => left >= right,
    }
}

/// A set of nodes compares true where one of its nodes does.
fn compare(comparison: Comparison, left: &Found, right: &Found) -> bool {
    match (left, right) {
        (Found::Nodes(nodes), Found::Flag(_)) => compare(comparison, &Found::Flag(!nodes.is_empty()), right),
        (Found::Flag(_), Found::Nodes(nodes)) => compare(comparison, left, &Found::Flag(!nodes.is_empty())),
        (Found::Nodes(nodes), other) => {
            nodes.iter().any(|node| compare(comparison, &Found::Text(node.inner_text()), other))
        }
        (other, Found::Nodes(nodes)) => {
            nodes.iter().any(|node| compare(comparison, other, &Found::Text(node.inner_text())))
        }
        _ => compare_plain(comparison, left, right),
    }
}

fn compare_plain(comparison: Comparison, left: &Found, right: &Found) -> bool {
    if !matches!(comparison, Comparison::Equal | Comparison::NotEqual) {
        return compare_numbers(comparison, left.number(), right.number());
    }
    let equal = match (left, right) {
        (Found::Flag(_), _) | (_, Found::Flag(_)) => left.flag() == right.flag(),
        (Found::Number(_), _) | (_, Found::Number(_)) => left.number() == right.number(),
        _ => left.text() == right.text(),
    };
    equal == (comparison == Comparison::Equal)
}
