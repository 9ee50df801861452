//! `XContainer`: what is inside of elements and documents, found and changed.

use super::super::super::super::table::{Call, Table, get};
use super::name::{Name, argument};
use super::{content, look, maybe, this, value};
use crate::value::xml::{Node, NodeKind};
use crate::value::{Array, Outcome, TypeRef, Value};

/// Elements as an array of their type.
pub(crate) fn array(element: TypeRef, nodes: impl IntoIterator<Item = Node>) -> Value {
    Value::Array(Array::typed(element, nodes.into_iter().map(value).collect()))
}

/// Those of the nodes whose name is the argument, where one was given.
pub(crate) fn chosen(c: &Call<'_>, nodes: Vec<Node>) -> Outcome<Value> {
    let name = if c.args.is_empty() { None } else { Some(argument(c, 0)?) };
    let fits = |node: &Node| name.as_ref().is_none_or(|name: &Name| name.is_of(node));
    Ok(array(TypeRef::XELEMENT, nodes.into_iter().filter(fits)))
}

/// Nodes below that scripts see: all but the declaration.
fn children(node: &Node) -> Vec<Node> {
    node.children().into_iter().filter(|child| child.kind() != NodeKind::Declaration).collect()
}

fn all_below(node: &Node, found: &mut Vec<Node>) {
    for child in children(node) {
        found.push(child.clone());
        all_below(&child, found);
    }
}

fn elements(c: &mut Call<'_>) -> Outcome<Value> {
    let nodes = this(c)?.elements().collect();
    chosen(c, nodes)
}

fn descendants(c: &mut Call<'_>) -> Outcome<Value> {
    let nodes = this(c)?.descendants();
    chosen(c, nodes)
}

fn add_each(c: &mut Call<'_>, first: bool) -> Outcome<Value> {
    let owner = this(c)?;
    let place = if first { children(&owner).into_iter().next() } else { None };
    for item in c.items(0) {
        content::add(&owner, &item, place.as_ref())?;
    }
    Ok(Value::Nothing)
}

fn remove_nodes(node: &Node) {
    children(node).iter().for_each(Node::detach);
}

pub(super) static CONTAINER: Table = Table {
    methods: &[
        ("void Add(params System.Object[] content)", |c| add_each(c, false)),
        ("void AddFirst(params System.Object[] content)", |c| add_each(c, true)),
        ("System.Collections.Generic.IEnumerable[System.Xml.Linq.XNode] DescendantNodes()", |c| {
            let mut found = Vec::new();
            all_below(&this(c)?, &mut found);
            Ok(array(TypeRef::XNODE, found))
        }),
        ("System.Collections.Generic.IEnumerable[System.Xml.Linq.XElement] Descendants()", descendants),
        (
            "System.Collections.Generic.IEnumerable[System.Xml.Linq.XElement] Descendants(System.Xml.Linq.XName name)",
            descendants,
        ),
        ("System.Xml.Linq.XElement Element(System.Xml.Linq.XName name)", |c| {
            let name = argument(c, 0)?;
            Ok(maybe(this(c)?.elements().find(|node| name.is_of(node))))
        }),
        ("System.Collections.Generic.IEnumerable[System.Xml.Linq.XElement] Elements()", elements),
        (
            "System.Collections.Generic.IEnumerable[System.Xml.Linq.XElement] Elements(System.Xml.Linq.XName name)",
            elements,
        ),
        ("System.Collections.Generic.IEnumerable[System.Xml.Linq.XNode] Nodes()", |c| {
            Ok(array(TypeRef::XNODE, children(&this(c)?)))
        }),
        ("void RemoveNodes()", |c| {
            remove_nodes(&this(c)?);
            Ok(Value::Nothing)
        }),
        ("void ReplaceNodes(params System.Object[] content)", |c| {
            remove_nodes(&this(c)?);
            add_each(c, false)
        }),
    ],
    properties: &[
        get("FirstNode", "System.Xml.Linq.XNode", |_, v| look(v, |node| maybe(children(node).into_iter().next()))),
        get("LastNode", "System.Xml.Linq.XNode", |_, v| look(v, |node| maybe(children(node).pop()))),
    ],
    ..Table::EMPTY
};
